"""CSV and workbooks as KoboToolbox exports them, with XML names and both kinds of columns.

Facts from formpack (reporting/export.py, schema/fields.py): a semicolon between cells, every
cell of a CSV in quotes, ``group/question`` as a name, joined codes and then 0 or 1 for each choice
(empty where the question is), a position whole and in four parts, a sheet for each repeat that
says by `_parent_index` which row it belongs to. A CSV of Kobo holds no repeats, and so does this.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.exported import (
    ExportColumn,
    ExportTable,
    lines,
    question_columns,
    rows_above,
    same_column,
    text_column,
)
from survey_kit.responses.plain_workbook import write_plain_workbook
from survey_kit.responses.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from survey_kit.questionnaire.model import Item
    from survey_kit.responses.model import Responses

REPEATS_ARE_NOT_IN_CSV = "a CSV file of Kobo does not hold the rows of repeats; kobo-xlsx does"
COPIED = (
    "_id",
    "_uuid",
    "_submission_time",
    "_validation_status",
    "_notes",
    "_status",
    "_submitted_by",
    "__version__",
    "_tags",
)
STATUS = "submitted_via_web"


class Headers(Enum):
    """What stands at the head of a column."""

    PATH = "group/question"
    NAME = "question"


class Kobo:
    """How Kobo spells columns."""

    between = "/"
    joined_position = True

    def part(self, groups: Sequence[str], name: str, part: str) -> str:
        """``group/_place_latitude``, and ``_place_precision`` for the accuracy."""
        spelt = "precision" if part == "accuracy" else part
        return "/".join((*groups, f"_{name}_{spelt}"))

    def chosen(self, made: NDArray[np.bool_], answered: NDArray[np.bool_]) -> NDArray[np.int32]:
        """Empty where the question is."""
        return np.where(answered, made, -1).astype(np.int32)


def kobo_tables(responses: Responses, headers: Headers = Headers.PATH) -> tuple[ExportTable, ...]:
    """The interviews, and each repeat in the order of the form."""
    about = _about(responses)
    top = (*_questions(responses, None, headers), *about.values())
    number = text_column("_index", [str(row + 1) for row in range(len(responses))])
    whole = ExportTable("", len(responses), (*top, number))
    return (whole, *(_of_repeat(responses, name, about, headers) for name in responses.repeats))


def write_kobo_csv(
    responses: Responses, path: Path, *, headers: Headers = Headers.PATH
) -> tuple[str, ...]:
    """The interviews as Kobo's CSV; what it cannot hold, one sentence each."""
    table = kobo_tables(responses, headers)[0]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(";".join(_quoted(column.name) for column in table.columns) + "\r\n")
        for block in lines(table, _quoted, '""', ";"):
            file.writelines(f"{line}\r\n" for line in block)
    return (REPEATS_ARE_NOT_IN_CSV,) if responses.repeats else ()


def write_kobo_workbook(
    responses: Responses, path: Path, *, headers: Headers = Headers.PATH
) -> tuple[str, ...]:
    """The interviews and each repeat as the sheets of a workbook."""
    questionnaire = responses.questionnaire
    title = questionnaire.text(questionnaire.title, fallback=questionnaire.name)
    sheets = [(table.repeat or title, table) for table in kobo_tables(responses, headers)]
    return write_plain_workbook(path, sheets, about=" ".join(responses.report.notes))


def _questions(responses: Responses, repeat: str | None, headers: Headers) -> list[ExportColumn]:
    def path_of(item: Item) -> Sequence[str]:
        if headers is Headers.PATH or item.key != item.question.name:
            return item.path
        return ()

    return list(question_columns(responses, repeat, Kobo(), path_of))


def _about(responses: Responses) -> dict[str, ExportColumn]:
    """What the server adds to each interview."""
    rows, meta = len(responses), responses.meta
    submitted = meta.get("submitted", pd.Series(pd.NaT, index=responses.frame.index))
    version = meta.get("version", pd.Series("", index=responses.frame.index, dtype="str"))
    return {
        "_id": text_column("_id", [str(row + 1) for row in range(rows)]),
        "_uuid": text_column("_uuid", list(map(str, responses.frame.index))),
        "_submission_time": text_column("_submission_time", as_text(submitted, Storage.DATETIME)),
        **{name: same_column(name, "", rows) for name in ("_validation_status", "_notes")},
        "_status": same_column("_status", STATUS, rows),
        "_submitted_by": same_column("_submitted_by", "", rows),
        "__version__": text_column("__version__", version.fillna("")),
        "_tags": same_column("_tags", "", rows),
    }


def _of_repeat(
    responses: Responses, name: str, about: dict[str, ExportColumn], headers: Headers
) -> ExportTable:
    questionnaire = responses.questionnaire
    index = responses.repeats[name].frame.index
    rows = len(index)
    outer, above = rows_above(responses, name)
    title = questionnaire.text(questionnaire.title, fallback=questionnaire.name)
    interviews = responses.frame.index.get_indexer(index.get_level_values(0))
    copied = [
        ExportColumn(f"_submission_{key}", about[key].numbers[interviews], about[key].words)
        for key in COPIED
    ]
    columns = (
        *_questions(responses, name, headers),
        text_column("_index", [str(row + 1) for row in range(rows)]),
        same_column("_parent_table_name", outer or title, rows),
        text_column("_parent_index", [str(row + 1) for row in above]),
        *copied,
    )
    return ExportTable(name, rows, columns)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _write_csv(responses: Responses, path: Path, language: str) -> tuple[str, ...]:
    del language
    return write_kobo_csv(responses, path)


def _write_workbook(responses: Responses, path: Path, language: str) -> tuple[str, ...]:
    del language
    return write_kobo_workbook(responses, path)


KOBO_CSV = Writer(name="kobo-csv", suffix=".csv", write=_write_csv)

KOBO_WORKBOOK = Writer(name="kobo-xlsx", suffix=".xlsx", write=_write_workbook)
