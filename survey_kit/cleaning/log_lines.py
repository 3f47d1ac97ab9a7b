"""The tables of a log as rows of text, each with its place: of a CSV file, or of a workbook's sheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zipfile import is_zipfile

from openpyxl import load_workbook

from survey_kit.errors import FileProblem
from survey_kit.forms.workbook import guarded, refuse_formulas_without_values
from survey_kit.questionnaire.model import Place
from survey_kit.responses.readers.text_table import unescaped

ZIPPED = b"PK\x03\x04"
"""The first bytes of a workbook."""


@dataclass(frozen=True)
class Line:
    """One row of a file as text, and where it stands."""

    cells: tuple[str, ...]
    place: Place


def csv_lines(path: Path) -> Iterator[Line]:
    """The rows of a CSV file with comma, semicolon or tab, in UTF-8 or UTF-16.

    Raises
    ------
    FileProblem
        If its letters are in neither, or a line of it is longer than any correction.
    """
    content = path.read_bytes()
    if not content.strip():
        return
    if content.startswith(ZIPPED):
        raise FileProblem(
            path.name, "this is a workbook, not text", "Give it the suffix .xlsx, or save it as CSV"
        )
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise FileProblem(
            path.name, "the letters of this file are not UTF-8", "Save it as 'CSV UTF-8'"
        ) from None
    if "\0" in text:
        raise FileProblem(path.name, "this is not text", "Save the corrections as 'CSV UTF-8'")
    first = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = 1
    try:
        for row in rows:
            if row or line > 1:
                yield Line(tuple(row), Place(path.name, row=line))
            line = rows.line_num + 1
    except csv.Error as error:
        raise FileProblem(
            f"{path.name}, line {line}",
            "this line is longer than any correction",
            "Check its quotes: one that is opened has to be closed",
        ) from error


def workbook_tables(path: Path) -> dict[str, list[Line]]:
    """Name of a sheet -> its rows without the empty ones around them, in the order of the file.

    Raises
    ------
    FileProblem
        If it is no workbook, or has formulas that were never worked out.
    """
    if not is_zipfile(path):
        raise FileProblem(
            path.name, "this is not a workbook, whatever its name says", "Save it as .xlsx again"
        )
    with guarded(path):
        refuse_formulas_without_values(path)
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            return {
                sheet.title: _sheet_lines(sheet.iter_rows(values_only=True), path.name, sheet.title)
                for sheet in book.worksheets
            }
        finally:
            book.close()


def _sheet_lines(rows: Iterator[tuple[object, ...]], file: str, sheet: str) -> list[Line]:
    lines = [
        Line(tuple(_cell(value) for value in row), Place(file, sheet, number))
        for number, row in enumerate(rows, start=1)
    ]
    filled = [at for at, line in enumerate(lines) if any(line.cells)]
    return lines[filled[0] : filled[-1] + 1] if filled else []


def _cell(value: object) -> str:
    """A cell of a workbook as the text that a form would hold."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat()
        case date() | time():
            return value.isoformat()
        case _:
            return unescaped(str(value))
