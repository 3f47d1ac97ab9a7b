"""Workbooks as Excel wrote them before 2007 (.xls), as nothing but sheets of texts.

xlrd reads them, which comes with pyxform; each value becomes the text that pyxform makes of
it. The format is twenty years old and its reader was written for files that are whole, so
whatever it stumbles over means one thing: save the workbook again as .xlsx.
"""

from __future__ import annotations

import datetime as dt
import os
import struct
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey_kit.errors import FileProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST = 32 * 1024 * 1024
_STUMBLES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)
"""What xlrd raises at bytes that are not what they should be, beside its own error."""
_TEXT, _NUMBER, _DAY, _TRUTH = 1, 2, 3, 4
"""The kinds of a cell, as xlrd numbers them; 0 is an empty one."""


def old_sheets(path: Path) -> Iterator[tuple[str, list[list[tuple[str, bool]]]]]:
    """The sheets of an .xls workbook: name and rows; of each cell its text, and if it was one.

    Raises
    ------
    FileProblem
        If it cannot be read: it is damaged, locked with a password, or xlrd is not installed.
    """
    refusal = FileProblem(
        path.name,
        "this is an old .xls workbook, or one locked with a password",
        "Save it as .xlsx without a password",
    )
    try:
        xlrd: Any = import_module("xlrd")
        days: Any = import_module("xlrd.xldate")
    except ModuleNotFoundError:
        raise refusal from None
    if path.stat().st_size > _LARGEST:
        raise refusal
    try:
        with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
            book: Any = xlrd.open_workbook(file_contents=path.read_bytes(), on_demand=False)
        found = [
            (
                str(sheet.name),
                [
                    [(_text(cell, book.datemode, days), cell.ctype <= _TEXT) for cell in row]
                    for row in sheet.get_rows()
                ],
            )
            for sheet in book.sheets()
        ]
    except (xlrd.XLRDError, *_STUMBLES) as error:
        raise refusal from error
    yield from found


def _text(cell: Any, epoch: int, days: Any) -> str:
    value = cell.value
    if cell.ctype == _TRUTH:
        return "TRUE" if value else "FALSE"
    if cell.ctype == _NUMBER:
        return str(int(value)) if int(value) == value else str(value)
    if cell.ctype == _DAY:
        moment = days.xldate_as_tuple(value, epoch)
        if moment[:3] == (0, 0, 0):
            return str(dt.time(*moment[3:]))
        return str(dt.datetime(*moment, tzinfo=dt.UTC).replace(tzinfo=None))
    return str(value).strip()
