"""What stands in a table beside the answers: rows of labels, empty rows, words for "nothing".

Rows that stay keep the number that they had in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.matching import ColumnUse, Role

NEVER_NA = frozenset({Storage.INTEGER, Storage.DECIMAL, Storage.DATE, Storage.DATETIME})
FOR_NOTHING = ("NA", "n/a")
A_LABEL_ROW = 0.5
"""The first row holds labels where so many of its cells are the label of their question."""


def without_empty_rows(cells: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Spreadsheets leave rows of nothing but separators below the data."""
    empty = _rows_of(cells, [""] * cells.shape[1])
    if not len(empty):
        return cells, []
    return _without(cells, empty), [f"rows with nothing in them, no interviews: {len(empty)}"]


def without_repeated_headers(
    cells: pd.DataFrame, header: Sequence[str]
) -> tuple[pd.DataFrame, list[str]]:
    """Exports pasted below one another bring their headers along."""
    again = _rows_of(cells, header)
    if not len(again):
        return cells, []
    return _without(cells, again), [f"rows that repeat the header, no interviews: {len(again)}"]


def _rows_of(cells: pd.DataFrame, words: Sequence[str]) -> NDArray[np.int64]:
    """The positions of rows whose every cell is empty or the word for its column."""
    rows = np.arange(len(cells))
    for place, word in enumerate(words):
        stripped = cells[place].take(rows).str.strip()
        rows = rows[stripped.isin(["", word.strip()]).to_numpy(dtype=bool)]
        if not len(rows):
            break
    return rows


def _without(cells: pd.DataFrame, rows: NDArray[np.int64]) -> pd.DataFrame:
    kept: pd.DataFrame = cells.take(np.setdiff1d(np.arange(len(cells)), rows))
    return kept


def without_label_row(
    cells: pd.DataFrame, uses: Sequence[ColumnUse], questionnaire: Questionnaire
) -> tuple[pd.DataFrame, list[str]]:
    """ONA and others put the labels of the questions into the row below the names."""
    labels = same = 0
    for use in uses:
        if use.role is Role.QUESTION:
            first = " ".join(str(cells[use.position].iloc[0]).split())
            texts = questionnaire.by_key[use.key].question.label.values()
            said = {" ".join(text.split()) for text in texts if text.strip()}
            labels += bool(said)
            same += first in said
    if not labels or same < A_LABEL_ROW * labels:
        return cells, []
    return cells.iloc[1:], ["the first row held labels and is no interview"]


def words_for_nothing(
    tables: Iterable[tuple[pd.DataFrame, Sequence[ColumnUse]]], questionnaire: Questionnaire
) -> frozenset[str]:
    """The words that stand for an empty cell in the tables of one export: NA of R, n/a of ONA.

    One does where it stands in a column of numbers or days, which cannot hold it as an answer.
    """
    found: set[str] = set()
    for cells, uses in tables:
        for use in uses:
            if use.role is Role.QUESTION:
                storage = questionnaire.by_key[use.key].question.type.storage
                if storage in NEVER_NA:
                    found |= {
                        word for word in FOR_NOTHING if bool(cells[use.position].eq(word).any())
                    }
    return frozenset(found)


def without_words_for_nothing(
    cells: pd.DataFrame,
    uses: Sequence[ColumnUse],
    questionnaire: Questionnaire,
    words: frozenset[str],
) -> tuple[pd.DataFrame, list[str]]:
    """Cells without `words`. A question whose list has the code NA keeps it."""
    notes: list[str] = []
    for word in FOR_NOTHING:
        holding = [use for use in uses if bool(cells[use.position].eq(word).any())]
        if not holding:
            continue
        if word not in words:
            notes.append(f"'{word}' stands in cells of text only, and was kept as an answer")
            continue
        count = 0
        columns = {position: cells[position] for position in range(len(uses))}
        for use in holding:
            question = questionnaire.by_key[use.key].question if use.role is Role.QUESTION else None
            own = questionnaire.choices(question) if question else ()
            if not any(choice.code == word for choice in own):
                written = cells[use.position].eq(word)
                count += int(written.sum())
                columns[use.position] = cells[use.position].mask(written, "")
        cells = pd.DataFrame(columns)
        notes.append(
            f"'{word}' means an empty cell, as it stands among numbers and days too: {count} cells"
        )
    return cells, notes
