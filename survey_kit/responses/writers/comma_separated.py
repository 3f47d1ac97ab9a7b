"""CSV: the answers as the form spells them, for people who open them in a spreadsheet.

A spreadsheet runs a text that begins with ``=``, ``+``, ``-`` or ``@``. Such a text, which
somebody may have typed into a form to do just that, gets an apostrophe before it. A number
is left alone, and so is a code that is one.

Why a cell is empty the form tells again; what it cannot tell stands in the column ``_absence``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.absence_in_words import COLUMN, in_words
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Responses, Rows
from survey_kit.responses.writer import Writer, path_of_repeat

FORMULA = r"^\s*[=+\-@\t\r]"
NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?"
ABSENCE_IS_NOT_IN_CSV = (
    "a CSV file says why a cell is empty only where the form does not tell it, in the column _absence; "
    "the parquet file says it of every cell"
)


def _write(responses: Responses, path: Path, language: str) -> tuple[str, ...]:
    del language
    notes = [ABSENCE_IS_NOT_IN_CSV]
    meta = responses.meta.add_prefix("_")
    top = Rows(responses.frame, responses.absence)
    guarded = _write_frame(top, meta, path, responses.questionnaire)
    for name, rows in responses.repeats.items():
        beside = path_of_repeat(path, name)
        nothing = pd.DataFrame(index=rows.frame.index)
        guarded += _write_frame(rows, nothing, beside, responses.questionnaire)
    if guarded:
        notes.append(f"texts that a spreadsheet would run, given an apostrophe: {guarded}")
    return tuple(notes)


def _write_frame(rows: Rows, meta: pd.DataFrame, path: Path, questionnaire: Questionnaire) -> int:
    """Write one file; how many texts were guarded."""
    frame = rows.frame
    columns: dict[str, pd.Series] = {}
    guarded = 0
    for name in frame.columns:
        storage = questionnaire.by_key[str(name)].question.type.storage
        columns[str(name)] = as_text(frame[name], storage)
    for name in meta.columns:
        columns[str(name)] = as_text(meta[name], _storage_of(meta[name]))
    absent = in_words(rows.absence)
    if absent is not None:
        columns[COLUMN] = absent
    for name, text in columns.items():
        runs = text.str.contains(FORMULA, regex=True).fillna(value=False).astype(bool)
        runs &= ~text.str.fullmatch(NUMBER).fillna(value=False).astype(bool)
        if runs.any():
            guarded += int(runs.sum())
            columns[name] = text.mask(runs, "'" + text)
    whole = pd.DataFrame(columns, index=frame.index)
    whole.to_csv(path, encoding="utf-8-sig", lineterminator="\r\n")
    return guarded


def in_a_cell(text: str) -> str:
    """A text as a cell holds it: with an apostrophe where a spreadsheet would run it."""
    runs = re.match(FORMULA, text) and not re.fullmatch(NUMBER, text)
    return f"'{text}" if runs else text


def _storage_of(series: pd.Series) -> Storage:
    if pd.api.types.is_datetime64_any_dtype(series):
        return Storage.DATETIME
    return Storage.DECIMAL if pd.api.types.is_numeric_dtype(series) else Storage.TEXT


COMMA_SEPARATED = Writer(name="csv", suffix=".csv", write=_write)
