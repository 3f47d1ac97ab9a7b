"""A Frictionless data package: what the columns of the CSV files are, for programs that check them.

One table schema for each file: type, label and universe of each column, the codes that a choice
may have with their labels (`categories`), the codes that mean there is no answer (`missingValues`),
which columns name a row (primary key), and to which row of which other file it belongs (foreign
keys of repeats). Codes that people gave beyond a list are added to it, so that the package holds
for its own files; the notes say where.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pandas as pd

from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.words import as_file_name
from survey_kit.responses.absence_in_words import COLUMN, in_words
from survey_kit.responses.catalogue.universe import universe
from survey_kit.responses.simulation import SIMULATED
from survey_kit.responses.writer import path_of_repeat
from survey_kit.responses.writers.comma_separated import in_a_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from survey_kit.questionnaire.model import Choice, Item, Questionnaire
    from survey_kit.responses.model import Responses

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TYPES = {
    Storage.INTEGER: "integer",
    Storage.DECIMAL: "number",
    Storage.DATE: "date",
    Storage.DATETIME: "datetime",
}
GUARD = "'?"
"""The apostrophe that the CSV files put before what a spreadsheet would run."""


def write_data_package(
    responses: Responses, path: Path, *, data: Path, language: str
) -> tuple[str, ...]:
    """A `datapackage.json` for the files that the CSV writer makes of the responses.

    Parameters
    ----------
    path
        Of the package, which lies in the folder of the files that it describes.
    data
        The .csv file of the interviews; those of repeats lie beside it.
    language
        Of titles and labels.

    Returns
    -------
    One sentence for each question with answers beyond its list.
    """
    questionnaire = responses.questionnaire
    notes: list[str] = []
    resources = [_interviews(responses, data, language, notes)]
    resources += [_rows(responses, name, data, language, notes) for name in responses.repeats]
    about: dict[str, object] = {
        "$schema": PROFILE,
        "name": _plain(questionnaire.name),
        "title": questionnaire.text(questionnaire.title, language, fallback=questionnaire.name),
        **({"version": questionnaire.version} if questionnaire.version else {}),
        **(
            {"description": " ".join(responses.report.notes)}
            if responses.report.format == SIMULATED
            else {}
        ),
        "resources": resources,
    }
    text = json.dumps(about, ensure_ascii=False, indent=2)
    path.write_text(f"{text}\n", encoding="utf-8")
    return tuple(notes)


def _interviews(
    responses: Responses, data: Path, language: str, notes: list[str]
) -> dict[str, object]:
    fields: list[dict[str, object]] = [_of_index("interview", unique=True)]
    fields += _of_frame(responses.frame, responses.questionnaire, language, notes)
    fields += [_of_meta(responses.meta[name], str(name)) for name in responses.meta.columns]
    fields += _of_absence(responses.absence)
    return _resource(data, fields, ["interview"], [])


def _rows(
    responses: Responses, name: str, data: Path, language: str, notes: list[str]
) -> dict[str, object]:
    frame = responses.repeats[name].frame
    levels = list(map(str, frame.index.names))
    fields: list[dict[str, object]] = [
        _of_index(level, unique=False) if place == 0 else _of_place(level)
        for place, level in enumerate(levels)
    ]
    fields += _of_frame(frame, responses.questionnaire, language, notes)
    fields += _of_absence(responses.repeats[name].absence)
    above = levels[:-1]
    outer = data if len(above) == 1 else path_of_repeat(data, above[-1])
    reference = {"resource": _plain(outer.stem), "fields": above}
    keys = [{"fields": above, "reference": reference}]
    return _resource(path_of_repeat(data, name), fields, levels, keys)


def _resource(
    data: Path,
    fields: list[dict[str, object]],
    key: list[str],
    foreign: Sequence[Mapping[str, object]],
) -> dict[str, object]:
    return {
        "name": _plain(data.stem),
        "path": data.name,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": fields,
            "missingValues": [""],
            "primaryKey": key,
            **({"foreignKeys": foreign} if foreign else {}),
        },
    }


def _of_index(name: str, *, unique: bool) -> dict[str, object]:
    constraints = {"required": True, **({"unique": True} if unique else {})}
    return {
        "name": name,
        "title": "The interview",
        "type": "string",
        "constraints": constraints,
    }


def _of_place(name: str) -> dict[str, object]:
    return {
        "name": name,
        "title": f"The place of the row among the rows of '{name}', from 1",
        "type": "integer",
        "constraints": {"required": True, "minimum": 1},
    }


def _of_meta(series: pd.Series, name: str) -> dict[str, object]:
    kind = "string"
    if pd.api.types.is_datetime64_any_dtype(series):
        kind = "datetime"
    elif pd.api.types.is_numeric_dtype(series):
        kind = "number"
    return {"name": f"_{name}", "title": name.capitalize(), "type": kind}


def _of_absence(absence: pd.DataFrame) -> list[dict[str, object]]:
    if in_words(absence) is None:
        return []
    title = "Why answers are absent, where the form does not tell"
    return [{"name": COLUMN, "title": title, "type": "string"}]


def _of_frame(
    frame: pd.DataFrame, questionnaire: Questionnaire, language: str, notes: list[str]
) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for key in map(str, frame.columns):
        item = questionnaire.by_key[key]
        question = item.question
        described: dict[str, object] = {
            "name": key,
            "title": questionnaire.text(question.label, language, fallback=key),
            "description": universe(item, questionnaire, language),
            "type": TYPES.get(question.type.storage, "string"),
        }
        choices = questionnaire.choices(question)
        if choices:
            described |= _of_choices(frame[key], item, choices, (questionnaire, language), notes)
        found.append(described)
    return found


def _of_choices(
    answers: pd.Series,
    item: Item,
    choices: Sequence[Choice],
    said_in: tuple[Questionnaire, str],
    notes: list[str],
) -> dict[str, object]:
    questionnaire, language = said_in
    several = item.question.type.storage is Storage.CODES
    held = [str(each) for each in answers.dropna().unique()]
    if several:
        held = [code for each in held for code in each.split()]
    codes = [choice.code for choice in choices]
    foreign = sorted(set(held) - set(codes))
    if foreign:
        notes.append(
            f"{item.key}: answers that are not in its list are among the codes of datapackage.json: "
            f"{len(foreign)}"
        )
    refusing = [choice.code for choice in choices if choice.missing is not None]
    labels = [
        {
            "value": in_a_cell(choice.code),
            "label": questionnaire.text(choice.label, language, fallback=choice.code),
        }
        for choice in choices
        if choice.missing is None
    ]
    found: dict[str, object] = {}
    if several:
        one = "|".join(re.escape(code) for code in [*codes, *foreign])
        found["constraints"] = {"pattern": f"{GUARD}({one})( ({one}))*"}
        found["choices"] = [
            {
                "value": choice.code,
                "label": questionnaire.text(choice.label, language, fallback=choice.code),
            }
            for choice in choices
        ]
        return found
    found["constraints"] = {
        "enum": [in_a_cell(code) for code in [*codes, *foreign] if code not in refusing]
    }
    if not foreign:
        found["categories"] = labels
    if refusing:
        found["missingValues"] = ["", *map(in_a_cell, refusing)]
        found["missingLabels"] = {
            in_a_cell(choice.code): choice.missing.value
            for choice in choices
            if choice.missing is not None
        }
    return found


def _plain(name: str) -> str:
    """A name as data packages take it: small letters, digits, dots, dashes and underscores."""
    return re.sub(r"[^a-z0-9._-]", "_", as_file_name(name).lower())
