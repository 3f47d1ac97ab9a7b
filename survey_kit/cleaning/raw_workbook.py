"""A workbook with other values in some of its cells, and without the rows of some interviews.

A number stays a number and a day a day; whatever else is written as text, were it ``=cmd``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from survey_kit.forms.workbook import guarded

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from survey_kit.cleaning.raw_file import Sheet
    from survey_kit.cleaning.raw_writing import TableChange

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,10})?")
LOOKED_AT = 200
"""Rows in which the kind of a column is looked for, where the cell itself is empty."""


LOST: Mapping[str, str] = {
    "xl/charts/": "charts",
    "xl/drawings/": "drawings",
    "xl/media/": "pictures",
    "xl/slicers/": "slicers",
    "xl/threadedComments/": "threads of comments",
}
"""What of a workbook is not kept where it is saved with other values."""


def write_workbook(raw: Path, out: Path, changes: Sequence[tuple[Sheet, TableChange]]) -> list[str]:
    """Save a workbook with what changes in some of its sheets.

    Returns
    -------
    list
        What the workbook loses by it.
    """
    with guarded(raw):
        formulas = _has_formulas(raw)
        book = load_workbook(raw, data_only=formulas, keep_vba=raw.suffix.lower() == ".xlsm")
    for sheet, change in changes:
        page = cast("Worksheet", book[sheet.name])
        rows = list(_rows(page, len(sheet.header)))
        for (row, column), text in change.cells.items():
            _set(page, rows[row], column + 1, text)
        for name, texts in change.columns.items():
            _add_column(page, name, {rows[row]: text for row, text in texts.items()})
        _remove(page, sorted(rows[row] for row in change.rows))
    book.save(out)
    book.close()
    with ZipFile(raw) as archive:
        parts = archive.namelist()
    lost = [what for start, what in LOST.items() if any(name.startswith(start) for name in parts)]
    notes = [f"{raw.name}: not kept in the cleaned workbook: {', '.join(lost)}"] if lost else []
    if formulas:
        notes.append(f"{raw.name}: in the place of its formulas stands what they came to")
    return notes


def _has_formulas(path: Path) -> bool:
    book = load_workbook(path, read_only=True)
    try:
        return any(
            getattr(cell, "data_type", "") == "f"
            for sheet in book.worksheets
            for row in sheet.iter_rows()
            for cell in row
        )
    finally:
        book.close()


def _rows(page: Worksheet, columns: int) -> Iterator[int]:
    """The number in the sheet of every row of answers: those that are empty were not read."""
    for number, cells in enumerate(page.iter_rows(min_row=2, values_only=True), start=2):
        if any(cell is not None and str(cell) for cell in cells[:columns]):
            yield number


def _set(page: Worksheet, row: int, column: int, text: str) -> None:
    cell = page.cell(row, column)
    kind = _kind(page, row, column)
    value = _typed(text, kind)
    cell.value = cast("Any", value)
    if isinstance(value, str):
        cell.data_type = "s"


def _kind(page: Worksheet, row: int, column: int) -> type | None:
    """What a cell holds, or, where it is empty, the cells around it."""
    value: object = page.cell(row, column).value
    if value is not None:
        return type(value)
    last = min(page.max_row, LOOKED_AT)
    for (other,) in page.iter_rows(2, last, column, column, values_only=True):
        if other is not None:
            return type(other)
    return None


def _typed(text: str, kind: type | None) -> str | float | bool | datetime | None:
    if not text:
        return None
    if kind is bool and text in {"TRUE", "FALSE"}:
        return text == "TRUE"
    if kind in {int, float} and NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if kind in {datetime, date}:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return text
    return text


def _add_column(page: Worksheet, name: str, texts: Mapping[int, str]) -> None:
    column = page.max_column + 1
    for row, text in {1: name, **texts}.items():
        cell = page.cell(row, column, text)
        cell.data_type = "s"


def _remove(page: Worksheet, rows: Sequence[int]) -> None:
    """Take rows out, block by block, so that each cell below them moves once."""
    if not rows:
        return
    last = page.max_row
    width = get_column_letter(page.max_column)
    for gone, row in enumerate(rows, start=1):
        end = rows[gone] - 1 if gone < len(rows) else last
        if row < end:
            page.move_range(f"A{row + 1}:{width}{end}", rows=-gone)
    page.delete_rows(last - len(rows) + 1, len(rows))
