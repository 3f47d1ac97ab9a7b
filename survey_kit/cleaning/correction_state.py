"""The cells that a log of corrections speaks of, as text, while it is being applied.

Old and new values of a log are text, so cells are compared and changed as text, spelt as
the form spells them, and read back as answers once, at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeAlias

import pandas as pd

from survey_kit.cleaning.cells import row_names
from survey_kit.cleaning.correction_log import Match
from survey_kit.cleaning.correction_targets import Column, Target
from survey_kit.cleaning.log_dates import day_of_serial
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.types.choices import SELECT_MULTIPLE
from survey_kit.responses.as_text import as_text
from survey_kit.responses.from_text import from_text
from survey_kit.responses.labels import as_codes, codes_by_label
from survey_kit.responses.model import Responses
from survey_kit.responses.select_multiple import CHOSEN, NOT_CHOSEN

Cell: TypeAlias = tuple[str, int]
"""The key of a question, and the row in the frame in which it stands."""


@dataclass(frozen=True, eq=False)
class State:
    """What stands in the cells.

    first
        Cell -> text before any correction, "" where empty; what could not be read stands
        here as it was written in the file.
    now
        Cell -> text after the corrections so far. Changed by `write`.
    readings
        (key, text) -> the same answer as the form spells it, None where it is not one
        that the question takes.
    codes
        Key -> codes of the question's list.
    """

    first: Mapping[Cell, str]
    now: dict[Cell, str]
    readings: Mapping[tuple[str, str], str | None]
    codes: Mapping[str, frozenset[str]]

    def present(self, target: Target) -> str:
        """What stands in the target's cell; of a single choice, "1" or "0"."""
        column = _column(target)
        text = self.now[column.key, target.position]
        if not column.choice:
            return text
        return "1" if column.choice in text.split() else "0"

    def write(self, target: Target, text: str) -> bool:
        """Put a text, or a choice as "1" or "0", into the cell; whether that changes it."""
        column = _column(target)
        cell = (column.key, target.position)
        before = self.now[cell]
        if column.choice:
            text = _with_choice(before, column.choice, text)
        elif column.item.question.type is SELECT_MULTIPLE:
            text = in_order_of_choosing(before, text)
        self.now[cell] = text
        return text != before

    def reading(self, target: Target, text: str) -> str | None:
        """A text as the form spells that answer; None where the question does not take it."""
        column = _column(target)
        if not column.choice:
            return self.readings[column.key, text]
        return _yes_or_no(text)

    def compare(self, target: Target, stated: str) -> Match:
        """How a stated value compares with what stands there now."""
        column = _column(target)
        present = self.present(target)
        if column.choice:
            return _compare_choice(present, self.now[column.key, target.position], stated)
        if not stated:
            return Match.NOT_STATED if present else Match.EQUAL
        if stated == present:
            return Match.EQUAL
        reading = self.readings.get((column.key, stated), stated)
        same = reading == present or stated.casefold() == present.casefold()
        if column.item.question.type.storage is Storage.CODES:
            same = same or set((reading or stated).split()) == set(present.split())
        return Match.EQUIVALENT if same else Match.CONFLICT


def state_of(responses: Responses, targets: Sequence[Target]) -> State:
    """The state before the first correction."""
    of_cells = [target for target in targets if target.column is not None]
    by_key: dict[str, list[Target]] = {}
    for target in of_cells:
        by_key.setdefault(_column(target).key, []).append(target)
    first: dict[Cell, str] = {}
    readings: dict[tuple[str, str], str | None] = {}
    codes: dict[str, frozenset[str]] = {}
    for key, aimed in by_key.items():
        item = responses.questionnaire.by_key[key]
        codes[key] = frozenset(c.code for c in responses.questionnaire.choices(item.question))
        first |= _first(responses, item, sorted({target.position for target in aimed}))
        spoken = {text for t in aimed for text in (t.correction.old, t.correction.new)}
        languages = codes_by_label(responses.questionnaire.choices(item.question))
        readings |= _readings(item, sorted(spoken), codes[key], languages)
    return State(first, dict(first), readings, MappingProxyType(codes))


def written(responses: Responses, state: State, cells: Iterable[Cell]) -> Responses:
    """The responses with cells as they stand now; absence is left to whoever replays the form."""
    by_key: dict[str, list[int]] = {}
    for key, position in cells:
        by_key.setdefault(key, []).append(position)
    frame, repeats = responses.frame, dict(responses.repeats)
    for key, positions in by_key.items():
        item = responses.questionnaire.by_key[key]
        texts = pd.Series([state.now[key, at] for at in positions], dtype="str")
        answers = from_text(texts, item.question.type.storage, codes=state.codes[key]).answers
        if item.repeats:
            rows = repeats[item.repeats[-1]]
            changed = _with_cells(rows.frame, key, positions, answers)
            repeats[item.repeats[-1]] = replace(rows, frame=changed)
        else:
            frame = _with_cells(frame, key, positions, answers)
    return replace(responses, frame=frame, repeats=MappingProxyType(repeats))


def _with_cells(
    frame: pd.DataFrame, key: str, positions: list[int], answers: pd.Series[Any]
) -> pd.DataFrame:
    column = frame[key].copy()
    column.iloc[positions] = answers.to_numpy()
    return frame.assign(**{key: column})


def _column(target: Target) -> Column:
    if target.column is None:
        raise TypeError(target.correction.where)
    return target.column


def _first(responses: Responses, item: Item, positions: list[int]) -> dict[Cell, str]:
    frame = responses.repeats[item.repeats[-1]].frame if item.repeats else responses.frame
    cells = frame[item.key].iloc[positions]
    texts = list(as_text(cells, item.question.type.storage).fillna(""))
    unread = responses.unreadable[responses.unreadable["question"] == item.key]
    aside = {
        (str(interview), str(row)): str(answer)
        for interview, row, answer in zip(
            unread["interview"], unread["row"], unread["answer"], strict=True
        )
    }
    places = zip(cells.index.get_level_values(0), row_names(cells.index), strict=True)
    return {
        (item.key, position): text or aside.get((str(interview), row), "")
        for position, text, (interview, row) in zip(positions, texts, places, strict=True)
    }


def _readings(
    item: Item,
    texts: list[str],
    codes: frozenset[str],
    languages: Sequence[Mapping[str, str]],
) -> dict[tuple[str, str], str | None]:
    """(key, text) -> the answer. A log may call a choice by its label, as its reviewer saw it.

    A question that takes a day knows a spreadsheet's number of it.
    """
    storage = item.question.type.storage
    several = storage is Storage.CODES
    words = [
        as_codes(text, codes, languages, several=several) if codes and text else text
        for text in texts
    ]
    if storage in {Storage.DATE, Storage.DATETIME}:
        words = [day_of_serial(word) for word in words]
    read = from_text(pd.Series(words, dtype="str"), storage, codes=codes)
    spelt = as_text(read.answers, storage).fillna("")
    return {
        (item.key, text): None if unreadable else str(answer)
        for text, answer, unreadable in zip(texts, spelt, read.unreadable, strict=True)
    }


def _with_choice(joined: str, code: str, chosen: str) -> str:
    others = [word for word in joined.split() if word != code]
    if chosen == "1":
        return joined if code in joined.split() else " ".join((*others, code))
    return " ".join(others)


def in_order_of_choosing(before: str, after: str) -> str:
    """The codes of `after`, those that stay being where they were.

    Which came first is no part of the answer, but the rows of a repeat may count on it:
    the third row asks about the third choice. So what stays keeps its order, and what is
    new takes the places of what went, then the end. The same codes in another order are
    left as they were stated.

    >>> in_order_of_choosing("friends other radio", "friends radio internet")
    'friends internet radio'
    """
    old, new = before.split(), after.split()
    if set(old) == set(new):
        return after
    added = [code for code in new if code not in old]
    kept: list[str] = []
    for code in old:
        if code in new:
            kept.append(code)
        elif added:
            kept.append(added.pop(0))
    return " ".join((*kept, *added))


def _yes_or_no(text: str) -> str | None:
    said = text.casefold()
    if said in CHOSEN:
        return "1"
    return "0" if said in NOT_CHOSEN else None


def _compare_choice(present: str, joined: str, stated: str) -> Match:
    if not stated:
        return Match.NOT_STATED if joined else Match.EQUAL
    if stated == present:
        return Match.EQUAL
    return Match.EQUIVALENT if _yes_or_no(stated) == present else Match.CONFLICT
