"""A CSV file or a workbook as plain tables of text: nothing is taken for a number or a date.

The encoding and the separator are found out by looking; what was found out is noted.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd

from survey_kit.errors import FileProblem
from survey_kit.responses.archive import open_archive

SEPARATORS = (",", ";", "\t")
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
CHUNK = 2**22
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
    """

    name: str
    header: tuple[str, ...]
    cells: pd.DataFrame
    notes: tuple[str, ...] = ()


def read_csv(path: Path) -> TextTable:
    """A CSV file as text.

    Raises
    ------
    FileProblem
        If it is empty, is really a workbook, has rows of unequal length, or no data.
    """
    encoding, notes = _encoding(path)
    header, separator = _header(path, encoding)
    if separator != ",":
        named = "a tab" if separator == "\t" else repr(separator)
        notes.append(f"the columns are separated by {named}")
    cells = _cells(path, encoding, separator, len(header))
    if cells.empty:
        raise FileProblem(path.name, "it has a header but no rows", "Export it again")
    return TextTable("", header, cells, tuple(notes))


def read_workbook(path: Path) -> tuple[TextTable, ...]:
    """Every sheet of a workbook that holds something, as text.

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
    if not found:
        raise FileProblem(path.name, "no sheet of it has a header and rows", "Export it again")
    return found


def _encoding(path: Path) -> tuple[str, list[str]]:
    with path.open("rb") as file:
        start = file.read(8)
        for mark, encoding in BOMS:
            if start.startswith(mark):
                return encoding, []
        decoder = _Utf8()
        file.seek(0)
        while chunk := file.read(CHUNK):
            if not decoder.takes(chunk):
                return "cp1252", ["it is not UTF-8; it was read as Windows Latin (cp1252)"]
    return "utf-8", []


class _Utf8:
    """Whether bytes, handed over piece by piece, are UTF-8."""

    def __init__(self) -> None:
        from codecs import getincrementaldecoder

        self._decoder = getincrementaldecoder("utf-8")()

    def takes(self, chunk: bytes) -> bool:
        try:
            self._decoder.decode(chunk)
        except UnicodeDecodeError:
            return False
        return True


def _header(path: Path, encoding: str) -> tuple[tuple[str, ...], str]:
    """The first row, and the separator that cuts it into the most columns."""
    found: dict[str, list[str]] = {}
    for separator in SEPARATORS:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            try:
                found[separator] = next(csv.reader(file, delimiter=separator), list[str]())
            except csv.Error as error:
                raise FileProblem(
                    path.name, "its first row cannot be read as CSV", "Export it again as CSV"
                ) from error
    best = max(SEPARATORS, key=lambda separator: len(found[separator]))
    if not any(name.strip() for name in found[best]):
        raise FileProblem(path.name, "its first row is empty", "Put the column names there")
    return tuple(found[best]), best


def _cells(path: Path, encoding: str, separator: str, columns: int) -> pd.DataFrame:
    pa: Any = import_module("pyarrow")
    arrow: Any = import_module("pyarrow.csv")
    unequal: list[Any] = []

    def remember(row: Any) -> str:
        unequal.append(row)
        return "skip"

    names = [str(position) for position in range(columns)]
    try:
        table = arrow.read_csv(
            path,
            read_options=arrow.ReadOptions(
                use_threads=False,
                column_names=names,
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
            path.name, "it cannot be read as CSV", "Export it again as CSV in UTF-8"
        ) from error
    if unequal:
        first = unequal[0]
        place = f", row {first.number}" if first.number else ""
        raise FileProblem(
            f"{path.name}{place}",
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
    if not kept:
        return None
    columns = {
        position: pd.Series(values, dtype="str")
        for position, values in enumerate(zip(*kept, strict=True))
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
