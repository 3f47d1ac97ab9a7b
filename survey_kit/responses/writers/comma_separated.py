"""CSV: the answers as the form spells them, for people who open them in a spreadsheet.

A spreadsheet runs a text that begins with ``=``, ``+``, ``-`` or ``@``. Such a text, which
somebody may have typed into a form to do just that, gets an apostrophe before it. A number
is left alone, and so is a code that is one.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Responses
from survey_kit.responses.writer import Writer, path_of_repeat

FORMULA = r"^\s*[=+\-@\t\r]"
NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?"
ABSENCE_IS_NOT_IN_CSV = "a CSV file does not say why a cell is empty; the parquet file does"


def _write(responses: Responses, path: Path, language: str) -> tuple[str, ...]:
    del language
    notes = [ABSENCE_IS_NOT_IN_CSV]
    meta = responses.meta.add_prefix("_")
    guarded = _write_frame(responses.frame, meta, path, responses.questionnaire)
    for name, rows in responses.repeats.items():
        beside = path_of_repeat(path, name)
        nothing = pd.DataFrame(index=rows.frame.index)
        guarded += _write_frame(rows.frame, nothing, beside, responses.questionnaire)
    if guarded:
        notes.append(f"texts that a spreadsheet would run, given an apostrophe: {guarded}")
    return tuple(notes)


def _write_frame(
    frame: pd.DataFrame, meta: pd.DataFrame, path: Path, questionnaire: Questionnaire
) -> int:
    """Write one file; how many texts were guarded."""
    columns: dict[str, pd.Series] = {}
    guarded = 0
    for name in frame.columns:
        storage = questionnaire.by_key[str(name)].question.type.storage
        columns[str(name)] = as_text(frame[name], storage)
    for name in meta.columns:
        columns[str(name)] = as_text(meta[name], _storage_of(meta[name]))
    for name, text in columns.items():
        runs = text.str.contains(FORMULA, regex=True).fillna(value=False).astype(bool)
        runs &= ~text.str.fullmatch(NUMBER).fillna(value=False).astype(bool)
        if runs.any():
            guarded += int(runs.sum())
            columns[name] = text.mask(runs, "'" + text)
    whole = pd.DataFrame(columns, index=frame.index)
    whole.to_csv(path, encoding="utf-8-sig", lineterminator="\r\n")
    return guarded


def _storage_of(series: pd.Series) -> Storage:
    if pd.api.types.is_datetime64_any_dtype(series):
        return Storage.DATETIME
    return Storage.DECIMAL if pd.api.types.is_numeric_dtype(series) else Storage.TEXT


COMMA_SEPARATED = Writer(name="csv", suffix=".csv", write=_write)
