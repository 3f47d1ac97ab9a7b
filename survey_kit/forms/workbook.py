"""A workbook as nothing but sheets of texts, opened without trusting it.

The file is looked at as a zip before anything unpacks it, only values are read, and what
a formula once came to counts as a value: nothing in a workbook is ever run.
"""

from __future__ import annotations

import re
import struct
import warnings
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from survey_kit.errors import FileProblem
from survey_kit.forms.old_workbook import old_sheets

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_MOST_PARTS = 2_000
_LARGEST = 300 * 1024 * 1024
_LARGEST_RATIO = 400
_MOST_ROWS = 200_000
_MOST_CELLS = 5_000_000
"""Empty ones too, up to the last text of a row: a few letters can unpack to gigabytes of them."""
_MOST_EMPTY_ROWS = 1_000
"""After so many rows in a row without a text a sheet is at its end: the others are formats."""
_FORMULA = re.compile(rb"<f[ >/]")
_UNWORKED = re.compile(rb"(?:</f>|<f[^>]*/>)(?:<v */>|<v></v>)?</c>")
_DAMAGE = (
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What zip and XML readers raise at bytes that are not what they should be (found by trying)."""
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class SheetOfTexts:
    """The rows of a sheet from row 1 on; a row ends with its last text.

    `numbers_in_first_row` are the positions of cells there that are not texts.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    numbers_in_first_row: tuple[int, ...] = ()


def read_workbook(path: Path) -> tuple[SheetOfTexts, ...]:
    """All sheets of an .xlsx, .xlsm or .xls file, in order.

    Every value becomes the text that pyxform makes of it: a number what a person would
    write (1, not 1.0), true and false TRUE and FALSE, a day ``2026-11-21 00:00:00``. Every
    text loses the spaces around it.

    Raises
    ------
    FileProblem
        If the file is missing, empty, no workbook, or one that would unpack to more than
        any questionnaire needs; or if a formula in it was never worked out.
    """
    with guarded(path):
        if _look(path) == _OLD_OR_LOCKED:
            return tuple(_of_texts(name, rows) for name, rows in old_sheets(path))
        return _read(path)


@contextmanager
def guarded(path: Path) -> Generator[None]:
    """Read a workbook inside: bytes that are not what they should be become a sentence.

    Raises
    ------
    FileProblem
        If the workbook turns out to be damaged while it is read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # they are about colours and menus, which nobody reads
            yield
    except _DAMAGE as error:
        raise FileProblem(
            path.name,
            "the workbook is damaged",
            "Open it in a spreadsheet program and save it again as .xlsx",
        ) from error


def refuse_formulas_without_values(path: Path) -> None:
    """Refuse a workbook with a formula that was never worked out: it would read as empty.

    Raises
    ------
    FileProblem
        If there is one.
    """
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
                continue
            if _UNWORKED.search(archive.read(name)) is not None:
                raise FileProblem(
                    path.name,
                    "a formula stands in it, but not what it comes to",
                    "Open the workbook in a spreadsheet program and save it, or write the value",
                )


def _of_texts(name: str, rows: list[list[tuple[str, bool]]]) -> SheetOfTexts:
    """A sheet of an old workbook."""
    texts = [tuple(text for text, _ in row) for row in rows]
    ends = [max((at for at, text in enumerate(row, 1) if text), default=0) for row in texts]
    while ends and not ends[-1]:
        ends.pop()
    return SheetOfTexts(
        name,
        tuple(row[:end] for row, end in zip(texts, ends, strict=False)),
        tuple(at for at, (_, is_text) in enumerate(rows[0] if rows else ()) if not is_text),
    )


def _look(path: Path) -> bytes:
    """Refuse what is not a workbook, before it is unpacked; the first bytes of what is one."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise FileProblem(
            path.name, "the file cannot be read", "Check its name and folder"
        ) from error
    if not head:
        raise FileProblem(path.name, "the file is empty", "Save the workbook again")
    if head == _OLD_OR_LOCKED:
        return head
    if not zipfile.is_zipfile(path):
        raise FileProblem(path.name, "this is not an .xlsx workbook", "Save it as .xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise FileProblem(
            path.name, "this is a zip file, but no workbook", "Check the name of the file"
        )
    unpacked = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    if len(parts) > _MOST_PARTS or unpacked > _LARGEST or unpacked / packed > _LARGEST_RATIO:
        raise FileProblem(
            path.name,
            f"the workbook would unpack to {unpacked // 1024**2} MB in {len(parts)} parts",
            "No questionnaire needs that: copy its sheets into a new workbook",
        )
    return head


@contextmanager
def _opened(path: Path, *, values: bool) -> Generator[Any]:
    """The book as openpyxl sees it: the values of its cells, or their formulas."""
    with path.open("rb") as file:
        book: Any = load_workbook(file, read_only=True, data_only=values)
        try:
            yield book
        finally:
            book.close()


def _read(path: Path) -> tuple[SheetOfTexts, ...]:
    with _opened(path, values=True) as book:
        sheets = tuple(_sheet(sheet, path.name) for sheet in book.worksheets)
    if _has_formulas(path):
        _refuse_unworked(path, sheets)
    return sheets


def _sheet(sheet: Any, file: str) -> SheetOfTexts:
    sheet.reset_dimensions()
    rows: list[tuple[str, ...]] = []
    numbers: tuple[int, ...] = ()
    empty = cells = 0
    for row in sheet.iter_rows(values_only=True):
        if not rows:
            numbers = tuple(at for at, value in enumerate(row) if not isinstance(value, str | None))
        texts = [_text(value) for value in row]
        while texts and not texts[-1]:
            texts.pop()
        rows.append(tuple(texts))
        empty = 0 if texts else empty + 1
        if empty > _MOST_EMPTY_ROWS:
            break
        if len(rows) > _MOST_ROWS:
            raise FileProblem(
                f"{file}, sheet {sheet.title}",
                f"it has more than {_MOST_ROWS} rows",
                "Delete the empty rows below the last one",
            )
        cells += len(texts)
        if cells > _MOST_CELLS:
            raise FileProblem(
                f"{file}, sheet {sheet.title}",
                f"its rows and columns make more than {_MOST_CELLS:,} cells",
                "Delete what stands far to the right of the last column",
            )
    while rows and not rows[-1]:
        rows.pop()
    return SheetOfTexts(sheet.title, tuple(rows), numbers)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value.strip()
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(
            _FORMULA.search(archive.read(name)) is not None
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") and name.endswith(".xml")
        )


def _refuse_unworked(path: Path, sheets: tuple[SheetOfTexts, ...]) -> None:
    """Refuse a workbook whose formulas were never worked out: they would read as empty cells.

    A formula may well come to nothing; that none at all comes to anything says that a
    program wrote the workbook and no spreadsheet has opened it since.
    """
    first = ""
    with _opened(path, values=False) as book:
        for sheet, texts in zip(book.worksheets, sheets, strict=True):
            sheet.reset_dimensions()
            for row, read in zip(sheet.iter_rows(), texts.rows, strict=False):
                for position, cell in enumerate(row):
                    if cell.data_type != "f":
                        continue
                    if position < len(read) and read[position]:
                        return
                    first = first or f"sheet {texts.name}, cell {cell.coordinate}"
    if first:
        raise FileProblem(
            f"{path.name}, {first}",
            "a formula stands here, but not what it comes to",
            "Open the workbook in a spreadsheet program and save it, or write the value itself",
        )
