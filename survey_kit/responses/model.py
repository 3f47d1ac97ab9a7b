"""What came back: answers, and of every cell why it holds no usable answer.

A frame alone forgets the difference between *was not asked*, *was asked and said
nothing* and *would not say*; wrong bases follow. So `Responses` carries beside each
frame of answers a frame of the same shape that says, of every cell, what it is.

How answers are held, by the storage of their question:

    CODE              text, the code itself
    CODES             text, the codes joined by single spaces in the order of choosing
    INTEGER, DECIMAL  float64
    DATE, DATETIME    datetime64, in the local time of the interview, without a zone
    all others        text

An empty cell is NaN or NaT. Text columns have the dtype ``str`` of pandas 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.model import Questionnaire


class Absence(IntEnum):
    """What a cell is. Anything but PRESENT is no answer to the question.

    REFUSED and DONT_KNOW cells still hold the code that was chosen; all others but
    PRESENT are empty.
    """

    PRESENT = 0
    NOT_ASKED = 1
    BLANK = 2
    REFUSED = 3
    DONT_KNOW = 4
    NOT_IN_VERSION = 5
    UNREADABLE = 6
    """There was something, but not what the question takes; kept in `Responses.unreadable`."""
    WITHDRAWN = 7
    """The person took the answers of the interview back (`responses/withdrawn.py`)."""
    NOT_KNOWN = 8
    """Empty, and nothing tells whether it was asked: that part of the form cannot be replayed."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of one repeat.

    `frame` and `absence` have the same shape, columns and index: a MultiIndex of the
    interview and, for the repeat and each repeat around it, the position from 1.
    """

    frame: pd.DataFrame
    absence: pd.DataFrame


ORPHANS = ("repeat", "parent", "row", "question", "answer")
"""Columns of `ReadingReport.orphans`."""


@dataclass(frozen=True)
class ReadingReport:
    """What a reader did with a file, so that nothing is dropped in silence.

    `unmatched` are columns of the file that belong to no question (column -> what was
    done with it); `unseen` are questions for which the file has no column; `matched` maps
    a column of the file to the key of its question where the two are spelt differently.

    `counts` says how many columns of the file turned out to be what ("question", "choice",
    "part of a location", "shown only", "metadata", "ignored", "unmatched"); they add up to
    `columns_read`. `stages` says how those that are a question were found. `disagreements`
    has one line for every cell of several choices whose joined codes and single columns
    contradict each other: interview, row, question, parent, children. It is None where the
    file has no such columns. `rows_elsewhere` names the repeats whose rows another file holds.
    `orphans` has one line for every answer of a row of a repeat whose interview is not there, or
    cannot be told: repeat, parent (what the row says of it), row (its number in the file),
    question, answer. It is None where the file has no rows of repeats.
    """

    file: str
    format: str
    rows_read: int
    columns_read: int
    matched: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unmatched: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unseen: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    stages: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    disagreements: pd.DataFrame | None = field(default=None, compare=False)
    rows_elsewhere: tuple[str, ...] = ()
    orphans: pd.DataFrame | None = field(default=None, compare=False)


@dataclass(frozen=True, eq=False)
class Edition:
    """An older version of the form, whose interviews are pooled with those of the new one.

    questionnaire
        The old form.
    keys
        Key in the new form -> key in the old one, of the questions whose answers are pooled.
    codes
        Key in the new form -> old code -> new code, where codes differ.
    """

    questionnaire: Questionnaire
    keys: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, eq=False)
class Responses:
    """The answers of one survey.

    frame
        (n, k), indexed by interview (unique text, named "interview"): one column for each
        question outside repeats that holds an answer, named by `Item.key`.
    absence
        (n, k) int8 of `Absence`, same index and columns.
    repeats
        Rows of each repeat by its name.
    meta
        (n, m), same index: "version" (of the form, text), "submitted" (datetime64),
        and what else the source knew of an interview that is not an answer.
    unreadable
        Columns: interview, row (text, "" outside repeats), question, answer. One line for
        every cell that could not be read as its question's type.
    editions
        Version -> older version of the form with which some of the interviews were made, as
        `meta["version"]` says; their logic is their own (`responses/editions.py`).
    """

    questionnaire: Questionnaire
    frame: pd.DataFrame
    absence: pd.DataFrame
    repeats: Mapping[str, Rows]
    meta: pd.DataFrame
    unreadable: pd.DataFrame
    report: ReadingReport
    editions: Mapping[str, Edition] = field(default_factory=lambda: MappingProxyType({}))

    def __len__(self) -> int:
        return len(self.frame)

    def with_frame(self, frame: pd.DataFrame, absence: pd.DataFrame) -> Responses:
        """The same responses with other answers."""
        return replace(self, frame=frame, absence=absence)

    def only(self, keep: NDArray[np.bool_]) -> Responses:
        """The interviews where `keep`, (n,) bool, is true, with their repeats."""
        index = self.frame.index[keep]
        repeats = {
            name: Rows(rows.frame[kept], rows.absence[kept])
            for name, rows in self.repeats.items()
            for kept in [rows.frame.index.get_level_values(0).isin(index)]
        }
        unreadable = self.unreadable[self.unreadable["interview"].isin(index)]
        return replace(
            self,
            frame=self.frame[keep],
            absence=self.absence[keep],
            repeats=MappingProxyType(repeats),
            meta=self.meta[keep],
            unreadable=unreadable,
        )
