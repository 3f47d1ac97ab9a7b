"""Exports as tables: a CSV file, or a workbook with a sheet for each repeat.

Beside ``responses.csv`` the rows of repeats may lie as survey_kit writes them, in
``responses.person.csv``.

Everything is read as text; the questionnaire says what a column is. Rows with the same id
are all kept, the second as ``id#2``, and left for the check of duplicates to judge.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.assemble import listed
from survey_kit.responses.model import Responses
from survey_kit.responses.read import Reader, ReadOptions
from survey_kit.responses.readers.encoding import BOMS, without_mark
from survey_kit.responses.readers.names_below import with_names_below
from survey_kit.responses.readers.related import Export, OfRepeat, read_export
from survey_kit.responses.readers.table import uses_of
from survey_kit.responses.readers.text_table import read_csv, read_workbook
from survey_kit.responses.readers.which_table import Sorted, sorted_out
from survey_kit.responses.readers.wide import unfolded
from survey_kit.responses.writer import path_of_repeat

WORKBOOK = b"PK\x03\x04"
A_FEW = 0.05
"""Text with more bytes of nothing than this is no text."""
SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".psv", ".txt"})


def is_csv(path: Path) -> bool | str:
    """Whether a file is CSV, or what it is instead."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(WORKBOOK):
        return "its suffix says CSV, but it is a workbook or a zip file"
    if start.lstrip()[:1] == b"<":
        return "its suffix says CSV, but it is a page of HTML or XML"
    marked = any(start.startswith(mark) for mark, _ in BOMS)
    if start.count(0) > A_FEW * len(start) and not marked and not without_mark(start):
        return "its suffix says CSV, but it is not text"
    return True


def _is_workbook(path: Path) -> bool | str:
    if path.suffix.lower() not in {".xlsx", ".xlsm"} or not path.is_file():
        return False
    with path.open("rb") as file:
        if file.read(4) != WORKBOOK:
            return "its suffix says Excel workbook, but it is none"
    return True


def _read_csv(path: Path, questionnaire: Questionnaire, options: ReadOptions) -> Responses:
    said = options.encoding or ""
    table = with_names_below(read_csv(path, encoding=said, form=questionnaire), questionnaire)
    if table.cells.empty:
        raise FileProblem(path.name, "it has a header but no rows", "Export it again")
    rows_of: dict[str, OfRepeat] = {}
    for name in questionnaire.repeats:
        beside = path_of_repeat(path, name)
        if beside.is_file():
            rows = read_csv(beside, encoding=said, form=questionnaire)
            rows = replace(rows, name=beside.name)
            rows_of[name] = OfRepeat(rows, uses_of(rows, questionnaire, options, name))
    uses = uses_of(table, questionnaire, options, None)
    export = Export(path.name, "csv", table, uses, rows_of)
    return read_export(with_rows_beside(export, questionnaire, options), questionnaire, options)


def _read_workbook(path: Path, questionnaire: Questionnaire, options: ReadOptions) -> Responses:
    tables = [with_names_below(table, questionnaire) for table in read_workbook(path)]
    found = sorted_out(tables, questionnaire, options, path.name, first_is_meant=True)
    export = export_of(found, path.name, "xlsx", "sheets", questionnaire)
    return read_export(with_rows_beside(export, questionnaire, options), questionnaire, options)


def with_rows_beside(export: Export, questionnaire: Questionnaire, options: ReadOptions) -> Export:
    """An export with the rows of repeats that stand side by side in the table of interviews."""
    wide = unfolded(export.table, questionnaire, options)
    rows_of = {**wide.rows_of, **export.rows_of}
    if not wide.rows_of:
        return export
    return replace(
        export,
        table=wide.table,
        uses=uses_of(wide.table, questionnaire, options, None),
        rows_of={name: rows_of[name] for name in questionnaire.repeats if name in rows_of},
        notes=(*export.notes, *wide.notes),
    )


def export_of(
    found: Sorted, file: str, kind: str, called: str, questionnaire: Questionnaire
) -> Export:
    """Tables that were told apart, as one export; `called` is what they are: sheets, files."""
    top, uses = found.interviews
    notes = [f"other {called}, not read: {listed(plain)}"] if (plain := _plain(found)) else []
    notes += [f"'{name}' was not read: {why}" for name, why in found.left.items() if why]
    rows_of = {
        name: OfRepeat(*found.repeats[name])
        for name in questionnaire.repeats
        if name in found.repeats
    }
    return Export(file, kind, replace(top, name=""), uses, rows_of, tuple(notes))


def _plain(found: Sorted) -> list[str]:
    return [name for name, why in found.left.items() if not why]


CSV = Reader(
    name="csv",
    title="a .csv file with one row for each interview",
    recognises=is_csv,
    read=_read_csv,
)

WORKBOOK_READER = Reader(
    name="xlsx",
    title="an .xlsx workbook with one row for each interview, and a sheet for each repeat",
    recognises=_is_workbook,
    read=_read_workbook,
)
