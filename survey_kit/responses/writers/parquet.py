"""Parquet: the answers as they are, and beside each column why its empty cells are empty.

The column ``q`` holds the answers to a question, ``q__absence`` the number of `Absence` of
each cell. Labels, choices and the meanings of the numbers are in the metadata of the schema
under the key ``survey_kit``, as JSON, so that the file explains itself.
"""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.model import Absence, Responses
from survey_kit.responses.simulation import SIMULATED
from survey_kit.responses.writer import Writer, path_of_repeat

ABSENCE = "__absence"
META = "meta__"


def _write(responses: Responses, path: Path, language: str) -> tuple[str, ...]:
    top = pd.concat([responses.frame, responses.meta.add_prefix(META)], axis=1)
    notes = responses.report.notes if responses.report.format == SIMULATED else ()
    about = _about(responses.questionnaire, top, language, notes)
    _write_frame(top, responses.absence, path, about)
    for name, rows in responses.repeats.items():
        beside = path_of_repeat(path, name)
        about = _about(responses.questionnaire, rows.frame, language, notes)
        _write_frame(rows.frame, rows.absence, beside, about)
    return ()


def _write_frame(
    frame: pd.DataFrame,
    absence: pd.DataFrame,
    path: Path,
    said: dict[str, object],
) -> None:
    # pyarrow has no type stubs.
    pa: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")
    whole = pd.concat([frame, absence.add_suffix(ABSENCE)], axis=1).reset_index()
    table = pa.Table.from_pandas(whole, preserve_index=False)
    about = json.dumps(said, ensure_ascii=False)
    metadata: dict[bytes, bytes] = {**(table.schema.metadata or {}), b"survey_kit": about.encode()}
    parquet.write_table(table.replace_schema_metadata(metadata), path, compression="zstd")


def _about(
    questionnaire: Questionnaire, frame: pd.DataFrame, language: str, notes: tuple[str, ...]
) -> dict[str, object]:
    return {
        **({"notes": list(notes)} if notes else {}),
        "questionnaire": questionnaire.name,
        "version": questionnaire.version,
        "language": language,
        "absence": {str(each.value): each.name.lower() for each in Absence},
        "absence_suffix": ABSENCE,
        "questions": {
            str(key): _question(questionnaire, str(key), language)
            for key in frame.columns
            if key in questionnaire.by_key
        },
    }


def _question(questionnaire: Questionnaire, key: str, language: str) -> dict[str, object]:
    question = questionnaire.by_key[key].question
    return {
        "type": question.type.name,
        "label": questionnaire.text(question.label, language),
        "choices": {
            choice.code: questionnaire.text(choice.label, language, fallback=choice.code)
            for choice in questionnaire.choices(question)
        },
    }


PARQUET = Writer(name="parquet", suffix=".parquet", write=_write)
