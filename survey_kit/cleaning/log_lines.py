"""The tables of a log as rows of text, each with its place: of a CSV file, or of a workbook's sheets."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import TextIO
from zipfile import is_zipfile

from openpyxl import load_workbook

from survey_kit.cleaning.log_workbook import Facts, facts_of_sheets
from survey_kit.errors import FileProblem
from survey_kit.forms.workbook import guarded
from survey_kit.questionnaire.model import Place, Questionnaire
from survey_kit.responses.readers.encoding import READ_AS_LATIN, encoding_of
from survey_kit.responses.readers.text_table import unescaped

ZIPPED = b"PK\x03\x04"
"""The first bytes of a workbook."""
BLANKS = 2**16
MOST_CELLS = 5_000_000
"""A few letters can unpack to gigabytes of empty ones."""
LATIN_LOG = (
    "it is not UTF-8; it was read as Windows Latin (cp1252), since its letters beyond ASCII stand among "
    "plain ones. If they look wrong, name its encoding: --log-encoding"
)


@dataclass(frozen=True)
class Line:
    """One row of a file as text, and where it stands."""

    cells: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class LogTable:
    """One table of a log, and what is not to be seen of it.

    name
        Of the sheet; "" of a file that is one table.
    lines
        The rows that hold anything.
    hidden
        Whether the sheet is hidden.
    facts
        What a workbook says of it beside its values.
    notes
        How the file was read.
    """

    name: str
    lines: tuple[Line, ...]
    hidden: bool = False
    facts: Facts = field(default_factory=Facts)
    notes: tuple[str, ...] = ()


def csv_lines(
    path: Path,
    *,
    encoding: str = "",
    form: Questionnaire | None = None,
    notes: list[str] | None = None,
) -> Iterator[Line]:
    """The rows of a CSV file with comma, semicolon or tab.

    Parameters
    ----------
    encoding
        That a person says it is in; found out where it is "", as `responses.readers.encoding` does.
    form
        The questionnaire, whose words help to find it out.
    notes
        How it was read is added here.

    Raises
    ------
    FileProblem
        If its encoding cannot be told, or a line of it is longer than any correction.
    """
    with path.open("rb") as file:
        start = file.read(len(ZIPPED))
        nothing = not start.strip() and not file.read(BLANKS).strip()
    if start == ZIPPED:
        raise FileProblem(
            path.name, "this is a workbook, not text", "Give it the suffix .xlsx, or save it as CSV"
        )
    if nothing:
        return
    found, said = _encoding(path, encoding, form)
    _refuse_an_open_quote(path, found)
    if notes is not None:
        notes += [f"{path.name}: {each}" for each in said]
    with path.open(encoding=found, newline="") as file:
        rows = csv.reader(file, delimiter=_separator(file))
        line = 1
        try:
            for row in rows:
                if row or line > 1:
                    yield Line(_without_mark(row, line), Place(path.name, row=line))
                line = rows.line_num + 1
        except csv.Error as error:
            raise FileProblem(
                f"{path.name}, line {line}",
                "this line is longer than any correction",
                "Check its quotes: one that is opened has to be closed",
            ) from error


def _refuse_an_open_quote(path: Path, encoding: str) -> None:
    """Refuse a log that ends within a quoted text: the lines below the quote would be part of it."""
    with path.open(encoding=encoding, newline="") as file:
        if sum(line.count('"') for line in file) % 2 == 0:
            return
        file.seek(0)
        rows = csv.reader(file, strict=True, delimiter=_separator(file))
        line = 1
        try:
            for _ in rows:
                line = rows.line_num + 1
        except csv.Error as error:
            if "end of data" in str(error):
                raise FileProblem(
                    f"{path.name}, line {line}",
                    "a quote is opened here and never closed, so that the rest of the file is one text",
                    'Close it; a quote within a text is written twice: ""',
                ) from error


def _separator(file: TextIO) -> str:
    """The separator of a table, by its first line; the file is at its beginning before and after."""
    first = next((line for line in file if line.strip()), "")
    file.seek(0)
    return max(",;\t", key=first.count)


def _without_mark(row: list[str], line: int) -> tuple[str, ...]:
    """The cells, without the mark that some programs put before a text in UTF-16."""
    return (row[0].removeprefix("\ufeff"), *row[1:]) if row and line == 1 else tuple(row)


def _encoding(path: Path, named: str, form: Questionnaire | None) -> tuple[str, list[str]]:
    """The encoding of a log; of one that a person named, and of any other, what is to be said."""
    try:
        found, notes = encoding_of(lambda: path.open("rb"), path.name, named=named, form=form)
    except FileProblem as error:
        fault = error.faults[0]
        remedy = "Save it as 'CSV UTF-8', or name its encoding: --log-encoding cp1256"
        raise FileProblem(fault.where, fault.what, remedy) from error
    if named:
        return found, [f"it was read as {found}, as you say"]
    ways = {READ_AS_LATIN: LATIN_LOG}
    return found, [ways.get(note, note) for note in notes]


def log_tables(
    path: Path, *, encoding: str = "", form: Questionnaire | None = None
) -> tuple[LogTable, ...]:
    """The tables of a file: of a CSV file one, of a workbook its sheets in their order.

    Raises
    ------
    FileProblem
        If it is missing, damaged, larger than any log, of another format, or has formulas that
        were never worked out.
    """
    if not path.is_file():
        raise FileProblem(path.name, "there is no such file", "Correct the path of the log")
    match path.suffix.lower():
        case ".csv" | ".tsv" | ".txt":
            notes: list[str] = []
            lines = tuple(csv_lines(path, encoding=encoding, form=form, notes=notes))
            return (LogTable("", lines, notes=tuple(notes)),)
        case ".xlsx" | ".xlsm":
            return _sheets(path)
        case suffix:
            raise FileProblem(
                path.name, f"logs are not read from {suffix or 'this'}", "Save it as .csv or .xlsx"
            )


def workbook_tables(path: Path) -> dict[str, list[Line]]:
    """Name of a sheet -> its rows that hold anything, in the order of the file.

    Raises
    ------
    FileProblem
        If it is no workbook, or has formulas that were never worked out.
    """
    return {sheet.name: list(sheet.lines) for sheet in _sheets(path)}


def _sheets(path: Path) -> tuple[LogTable, ...]:
    if not is_zipfile(path):
        raise FileProblem(
            path.name, "this is not a workbook, whatever its name says", "Save it as .xlsx again"
        )
    with guarded(path):
        facts = facts_of_sheets(path)
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            return tuple(
                LogTable(
                    sheet.title,
                    tuple(_sheet_lines(sheet.iter_rows(values_only=True), path.name, sheet.title)),
                    hidden=sheet.sheet_state != "visible",
                    facts=facts.get(sheet.title, Facts()),
                )
                for sheet in book.worksheets
            )
        finally:
            book.close()


def _sheet_lines(rows: Iterator[tuple[object, ...]], file: str, sheet: str) -> Iterator[Line]:
    cells = 0
    for number, row in enumerate(rows, start=1):
        texts = [_cell(value) for value in row]
        while texts and not texts[-1]:
            texts.pop()
        cells += len(texts)
        if cells > MOST_CELLS:
            raise FileProblem(
                f"{file}, sheet {sheet}",
                f"its rows and columns make more than {MOST_CELLS:,} cells",
                "Delete what stands far to the right of the last column",
            )
        if texts:
            yield Line(tuple(texts), Place(file, sheet, number))


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
