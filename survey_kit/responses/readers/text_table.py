"""A CSV file or a workbook as plain tables of text: nothing is taken for a number or a date.

The encoding and the separator are found out by looking; what was found out is noted.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from contextlib import suppress
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
from survey_kit.responses.readers.encoding import Opened, encoding_of

SEPARATORS = (",", ";", "\t", "|")
NAMED = {"\t": "a tab", "|": "an upright stroke '|'"}
TOLD = re.compile(r'^\s*"?sep=([,;|\t])"?\s*$', re.IGNORECASE)
"""The line by which Excel is told the separator."""
LOOKED_AT = 20
"""Rows below the header that a separator must cut into as many cells."""
MOST_CELL_BYTES = 2**24
MOST_ENTRIES_OF_A_WORKBOOK = 10_000
MOST_EMPTY_ROWS = 1_000
"""A workbook may claim a million rows below its data; reading stops after so many empty ones."""


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
            found = tuple(
                table
                for sheet in book.worksheets
                if (table := _sheet(sheet.title, sheet.iter_rows(values_only=True))) is not None
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
    with io.TextIOWrapper(opened(), encoding=encoding, errors="replace", newline="") as file:
        told = TOLD.match(file.readline(80))
    if told:
        first = _first_rows(opened, encoding, told[1], name)[1:2]
        separator = told[1]
    else:
        rows = {each: _first_rows(opened, encoding, each, name) for each in SEPARATORS}
        longest = sorted(SEPARATORS, key=lambda each: -len(rows[each][0]) if rows[each] else 0)
        even = [each for each in longest if len({len(row) for row in rows[each] if row}) == 1]
        separator = next((each for each in even if len(rows[each][0]) > 1), longest[0])
        first = rows[separator][:1]
    if not first or not any(cell.strip() for cell in first[0]):
        raise FileProblem(name, "its first row is empty", "Put the column names there")
    return int(told is not None), tuple(first[0]), separator


def _first_rows(opened: Opened, encoding: str, separator: str, name: str) -> list[list[str]]:
    with io.TextIOWrapper(opened(), encoding=encoding, errors="replace", newline="") as file:
        rows = csv.reader(file, delimiter=separator)
        found: list[list[str]] = []
        try:
            found += islice(rows, 1)
        except csv.Error as error:
            raise FileProblem(
                name, "its first row cannot be read as CSV", "Export it again as CSV"
            ) from error
        with suppress(csv.Error):  # what is wrong further down is said when all rows are read
            found += islice(rows, LOOKED_AT)
        return found


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
        raise FileProblem(
            name, "it cannot be read as CSV", "Export it again as CSV in UTF-8"
        ) from error
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


def _sheet(name: str, rows: Iterator[tuple[Any, ...]]) -> TextTable | None:
    header = [_text(cell).strip() for cell in next(rows, ())]
    while header and not header[-1]:
        header.pop()
    if not header:
        return None
    kept: list[list[str]] = []
    empty = 0
    for row in rows:
        cells = [_text(cell) for cell in islice(row, len(header))]
        if not any(cells):
            empty += 1
            if empty > MOST_EMPTY_ROWS:
                break
            continue
        kept.append(cells + [""] * (len(header) - len(cells)))
    by_column = zip(*kept, strict=True) if kept else [() for _ in header]
    columns = {
        position: pd.Series(values, dtype="str") for position, values in enumerate(by_column)
    }
    return TextTable(name, tuple(header), pd.DataFrame(columns))


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
            return str(cell)
