"""A CSV file or a workbook as plain tables of text: nothing is taken for a number or a date.

The encoding and the separator are found out by looking; what was found out is noted.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.archive import open_archive
from survey_kit.responses.readers.encoding import CHUNK, MOST_CELL_BYTES, Opened, encoding_of

SEPARATORS = (",", ";", "\t", "|")
NAMED = {"\t": "a tab", "|": "an upright stroke '|'"}
TOLD = re.compile(r'^\s*"?sep=([,;|\t])"?\s*$', re.IGNORECASE)
"""The line by which Excel is told the separator."""
LOOKED_AT = 20
"""Rows below the header that a separator must cut into as many cells."""
STRADDLES = "straddl"
"""What pyarrow says of a row that is longer than it may be."""
MOST_HEAD_BYTES = 2**23
"""So much of a file is looked at for its first rows."""
MOST_COLUMNS = 50_000
MOST_ENTRIES_OF_A_WORKBOOK = 10_000


@dataclass(frozen=True, eq=False)
class TextTable:
    """A table of text.

    name
        Of the sheet; "" for a CSV file.
    header
        (k,) the first row.
    cells
        (n, k) text, "" where a cell is empty; columns and rows are numbered from 0.
    spelt
        (k,) the header as the form would spell it, where the file's own names are not to be
        matched but are known otherwise; empty elsewhere.
    """

    name: str
    header: tuple[str, ...]
    cells: pd.DataFrame
    notes: tuple[str, ...] = ()
    spelt: tuple[str, ...] = ()


def read_csv(path: Path, *, encoding: str = "", form: Questionnaire | None = None) -> TextTable:
    """A CSV file as text, which may have a header and no rows.

    Parameters
    ----------
    encoding
        That a person says it is in; found out where it is "".
    form
        The questionnaire, whose words help to find it out.

    Raises
    ------
    FileProblem
        If it is empty, has rows of unequal length, or its encoding cannot be told.
    """
    return read_csv_from(lambda: path.open("rb"), path.name, encoding=encoding, form=form)


def read_csv_from(
    opened: Opened, name: str, *, encoding: str = "", form: Questionnaire | None = None
) -> TextTable:
    """As `read_csv`, from wherever it stands; `name` is that of messages."""
    encoding, notes = encoding_of(opened, name, named=encoding, form=form)
    told, header, separator = _header(opened, encoding, name)
    if separator != ",":
        notes.append(f"the columns are separated by {NAMED.get(separator, repr(separator))}")
    cells = _cells(opened, encoding, separator, (len(header), told), name)
    _refuse_an_open_quote(opened, encoding, separator, name)
    return TextTable("", header, cells, tuple(notes))


def read_workbook(path: Path) -> tuple[TextTable, ...]:
    """Every sheet of a workbook that has a header, as text; one at least has rows.

    Raises
    ------
    FileProblem
        If it is no workbook, is empty, or unfolds to more than a survey can need.
    """
    from openpyxl import load_workbook

    from survey_kit.forms.workbook import guarded, refuse_formulas_without_values

    open_archive(path, most_entries=MOST_ENTRIES_OF_A_WORKBOOK).close()
    with guarded(path):
        refuse_formulas_without_values(path)
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            shown = [each for each in book.worksheets if each.sheet_state == "visible"]
            hidden = [each for each in book.worksheets if each.sheet_state != "visible"]
            found = tuple(
                table
                for sheet in (*shown, *hidden)
                if (table := _sheet(sheet, hidden=sheet in hidden)) is not None
            )
        finally:
            book.close()
    if all(table.cells.empty for table in found):
        raise FileProblem(path.name, "no sheet of it has a header and rows", "Export it again")
    return found


def _header(opened: Opened, encoding: str, name: str) -> tuple[int, tuple[str, ...], str]:
    """How many lines stand before the first row, that row, and its separator.

    It is the one that the file names, or the one that cuts the first row into the most cells and
    the rows below into as many.
    """
    with opened() as file:
        head = file.read(MOST_HEAD_BYTES)
        whole = not file.read(1)
    text = head.decode(encoding, errors="replace").removeprefix("\ufeff")
    told = TOLD.match(text.split("\n", 1)[0][:80])
    if told:
        first = _first_rows(text, told[1], whole=whole)[1:2]
        separator = told[1]
    else:
        rows = {each: _first_rows(text, each, whole=whole) for each in SEPARATORS}
        longest = sorted(SEPARATORS, key=lambda each: -len(rows[each][0]) if rows[each] else 0)
        even = [each for each in longest if len({len(row) for row in rows[each] if row}) == 1]
        separator = next((each for each in even if len(rows[each][0]) > 1), longest[0])
        first = rows[separator][:1]
    if not first and not whole:
        raise FileProblem(
            name,
            f"its first row is longer than {MOST_HEAD_BYTES // 2**20} MB",
            "Check that it is a table with a row of column names",
        )
    if not first or not any(cell.strip() for cell in first[0]):
        raise FileProblem(name, "its first row is empty", "Put the column names there")
    if len(first[0]) > MOST_COLUMNS:
        raise FileProblem(
            name,
            f"it has {len(first[0]):,} columns, and at most {MOST_COLUMNS:,} are read",
            "Export the rows of repeats as rows, or the columns in several files",
        )
    return int(told is not None), tuple(first[0]), separator


def _first_rows(text: str, separator: str, *, whole: bool) -> list[list[str]]:
    """The first rows of a text, of which the last may be cut off unless it is `whole`."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found: list[list[str]] = []
    # What is wrong further down is said when all rows are read.
    with _long_cells(), suppress(csv.Error):
        found.extend(islice(rows, LOOKED_AT + 1))
    complete = whole or len(found) > LOOKED_AT
    return found if complete else found[:-1]


@contextmanager
def _long_cells() -> Generator[None]:
    """Python's reader of CSV takes cells as long as those of the tables that are read here."""
    before = csv.field_size_limit(MOST_HEAD_BYTES)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _refuse_an_open_quote(opened: Opened, encoding: str, separator: str, name: str) -> None:
    """Refuse a file that ends within a quoted text: it was cut short, and the rest is gone."""
    quotes = 0
    with opened() as file:
        while chunk := file.read(CHUNK):
            quotes += chunk.count(b'"')
    if quotes % 2 == 0:
        return
    with _long_cells(), io.TextIOWrapper(opened(), encoding=encoding, newline="") as file:
        rows = csv.reader(file, delimiter=separator, strict=True)
        try:
            for _ in rows:
                pass
        except csv.Error as error:
            if "end of data" in str(error):
                raise FileProblem(
                    name,
                    "it ends within a quoted text, so it was cut short or a quotation mark is missing",
                    "Export it again",
                ) from error


def _cells(
    opened: Opened, encoding: str, separator: str, shape: tuple[int, int], name: str
) -> pd.DataFrame:
    """The rows below the header; `shape` is how many columns, and lines before the header."""
    columns, before = shape
    pa: Any = import_module("pyarrow")
    arrow: Any = import_module("pyarrow.csv")
    unequal: list[Any] = []

    def remember(row: Any) -> str:
        unequal.append(row)
        return "skip"

    names = [str(position) for position in range(columns)]
    try:
        with opened() as file:
            table = arrow.read_csv(
                pa.PythonFile(file, mode="r"),
                read_options=arrow.ReadOptions(
                    use_threads=False,
                    column_names=names,
                    skip_rows=before,
                    skip_rows_after_names=1,
                    encoding="utf-8" if encoding == "utf-8-sig" else encoding,
                    block_size=MOST_CELL_BYTES,
                ),
                parse_options=arrow.ParseOptions(
                    delimiter=separator, newlines_in_values=True, invalid_row_handler=remember
                ),
                convert_options=arrow.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
                ),
            )
    except (ValueError, UnicodeDecodeError) as error:
        what = "it cannot be read as CSV"
        if STRADDLES in str(error):
            what = f"a row of it is longer than {MOST_CELL_BYTES // 2**20} MB"
        raise FileProblem(name, what, "Export it again as CSV in UTF-8") from error
    if unequal:
        first = unequal[0]
        place = f", row {first.number}" if first.number else ""
        raise FileProblem(
            f"{name}{place}",
            f"it has {first.actual_columns} cells where the header has {first.expected_columns}"
            + (f", and so have {len(unequal) - 1} rows more" if len(unequal) > 1 else ""),
            "Export it again: it may be cut short, or a text in it holds the separator unquoted",
        )
    frame = cast("pd.DataFrame", table.to_pandas(types_mapper={pa.large_string(): _TEXT}.get))
    return frame.set_axis(range(columns), axis=1)


_TEXT = pd.StringDtype(na_value=np.nan)
ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f]|005F(?=_x[0-9A-Fa-f]{4}_))_")
"""Control characters, and the underscore of what only looks like one, as workbooks escape them."""


def _sheet(sheet: Any, *, hidden: bool) -> TextTable | None:
    """A sheet as text, however far it says that it reaches; None where it has no header."""
    sheet.reset_dimensions()
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
    header = [_text(cell).strip() for cell in next(rows, ())]
    while header and not header[-1]:
        header.pop()
    if not header:
        return None
    kept: list[list[str]] = []
    beyond = 0
    for row in rows:
        cells = [_text(cell) for cell in row]
        beyond += any(cells[len(header) :])
        cells = cells[: len(header)]
        if any(cells):
            kept.append(cells + [""] * (len(header) - len(cells)))
    by_column = zip(*kept, strict=True) if kept else [() for _ in header]
    columns = {
        position: pd.Series(values, dtype="str") for position, values in enumerate(by_column)
    }
    notes: list[str] = ["the sheet is hidden, and was read all the same"] if hidden else []
    if beyond:
        notes.append(f"rows with cells to the right of the last column name, not read: {beyond}")
    return TextTable(sheet.title, tuple(header), pd.DataFrame(columns), tuple(notes))


def _text(cell: object) -> str:
    """A cell as the text a form would hold: 12 and not 12.0, days in ISO."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return np.format_float_positional(cell, trim="-")
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat()
        case dt.date() | dt.time():
            return cell.isoformat()
        case _:
            return unescaped(str(cell))


def unescaped(text: str) -> str:
    """A text of a workbook with its line ends: XML cannot hold them, so Excel writes ``_x000D_``.

    ``_x005F_`` before what looks like an escape says that it is none (ECMA-376, ST_Xstring).
    """
    if "_x00" not in text:
        return text
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
