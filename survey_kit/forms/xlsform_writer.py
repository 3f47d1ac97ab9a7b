"""The writer of XLSForms. The same questionnaire always becomes the same bytes."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]
from xlsxwriter.exceptions import XlsxWriterException  # pyright: ignore[reportMissingTypeStubs]

from survey_kit.errors import DefinitionError
from survey_kit.forms.sheets import Sheet, sheets

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.questionnaire.model import Questionnaire

_LONGEST = 32_767
_STAND_IN = "\U0010fffd"
"""For a carriage return, while the file is made: a sign that no alphabet has."""
_MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def write_xlsform(questionnaire: Questionnaire, path: Path) -> None:
    """Write an XLSForm. The file is complete or not there at all.

    Raises
    ------
    DefinitionError
        If the questionnaire says something that an XLSForm cannot.
    """
    made = xlsform_bytes(questionnaire)
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(made)
    unfinished.replace(path)


def xlsform_bytes(questionnaire: Questionnaire) -> bytes:
    """The XLSForm as the bytes of its file."""
    stream = BytesIO()
    book: Any = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": _MADE.replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    made = sheets(questionnaire)
    for sheet in made:
        _write(book, sheet, bold)
    book.close()
    returns = any("\r" in text for sheet in made for row in sheet.grid for text in row)
    return _with_returns(stream) if returns else stream.getvalue()


def _with_returns(stream: BytesIO) -> bytes:
    """The same file, with every stand-in of a carriage return as XML writes one.

    xlsxwriter writes ``_x000D_`` instead, which spreadsheets understand and pyxform does not.
    """
    again = BytesIO()
    with (
        zipfile.ZipFile(stream) as before,
        zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in before.infolist():
            content = before.read(part)
            if part.filename == "xl/sharedStrings.xml":
                content = content.replace(_STAND_IN.encode(), b"&#13;")
            new.writestr(part, content)
    return again.getvalue()


def _write(book: Any, sheet: Sheet, bold: Any) -> None:
    try:
        page = book.add_worksheet(sheet.name)
    except XlsxWriterException as error:
        raise DefinitionError(
            f"sheet {sheet.name}",
            "a workbook cannot have a sheet of this name",
            "Use at most 31 signs, none of them [ ] : * ? / or \\, and no name twice",
        ) from error
    for number, row in enumerate(sheet.grid):
        for position, text in enumerate(row):
            if len(text) > _LONGEST:
                raise DefinitionError(
                    f"sheet {sheet.name}, row {number + 1}",
                    f"a text of {len(text)} signs stands there, and a cell holds {_LONGEST}",
                    "Shorten the text",
                )
            if text:
                style = bold if number == 0 and sheet.headers else None
                page.write_string(number, position, text.replace("\r", _STAND_IN), style)
    if sheet.headers:
        page.freeze_panes(1, 0)
