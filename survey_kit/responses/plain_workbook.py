"""A workbook of plain text, written row by row: no styles, no formulas, every cell as it is.

Platforms export every cell as text. Such a workbook is a zip of a few short XML files and one
long one for each sheet, so it is written as a stream: 100,000 interviews with several hundred
columns take seconds and little memory, where a library that knows styles takes minutes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from survey_kit.errors import FileProblem
from survey_kit.responses.exported import ExportTable, lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL, LONGEST_NAME = 1_048_576, 16_384, 32_767, 31
"""What a sheet of Excel can hold."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")


def write_plain_workbook(
    path: Path, sheets: Sequence[tuple[str, ExportTable]], *, about: str
) -> tuple[str, ...]:
    """Write tables as the sheets of a workbook; what had to be shortened, one sentence each.

    Parameters
    ----------
    about
        Stands among the properties of the workbook.

    Raises
    ------
    FileProblem
        If a table has more rows or columns than a sheet can hold.
    """
    names = sheet_names([name for name, _ in sheets])
    shortened: dict[str, int] = {}
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for number, (_, table) in enumerate(sheets, start=1):
            _check(path, names[number - 1], table)
            with archive.open(_entry(f"xl/worksheets/sheet{number}.xml"), "w") as file:
                _write_sheet(table, file, shortened)
        for name, text in _frame_of(names, about).items():
            archive.writestr(_entry(name), text.encode())
    return tuple(
        f"{name}: texts longer than a cell of a workbook, cut: {count}"
        for name, count in shortened.items()
    )


def sheet_names(names: Sequence[str]) -> list[str]:
    """Names that a workbook takes, each its own: at most 31 signs, some signs replaced.

    >>> sheet_names(["Household [2026]", "member", "MEMBER"])
    ['Household _2026_', 'member', 'MEMBER_2']
    """
    found: list[str] = []
    for name in names:
        clean = _NOT_IN_A_NAME.sub("_", name).strip("'")[:LONGEST_NAME] or "data"
        number, unique = 1, clean
        while unique.casefold() in {each.casefold() for each in found}:
            number += 1
            unique = f"{clean[: LONGEST_NAME - 1 - len(str(number))]}_{number}"
        found.append(unique)
    return found


def _write_sheet(table: ExportTable, file: object, shortened: dict[str, int]) -> None:
    write = file.write  # type: ignore[attr-defined]
    write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>\n'.encode())
    header = "".join(_cell(column.name) for column in table.columns)
    write(f"<row>{header}</row>\n".encode())
    for column in table.columns:
        long = sum(len(word) > LONGEST_CELL for word in column.words)
        if long:
            shortened[column.name] = long
    for block in lines(table, _cell, "<c/>", ""):
        write("".join(f"<row>{row}</row>\n" for row in block).encode())
    write(b"</sheetData></worksheet>")


def _cell(text: str) -> str:
    clean = escape(_NOT_IN_XML.sub("\ufffd", text[:LONGEST_CELL]))
    if not clean:
        return "<c/>"
    space = ' xml:space="preserve"' if clean != clean.strip() or "\n" in clean else ""
    return f'<c t="inlineStr"><is><t{space}>{clean}</t></is></c>'


def _frame_of(names: list[str], about: str) -> dict[str, str]:
    """The short files of a workbook."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
        f'ContentType="{_TYPES}.worksheet+xml"/>'
        for number in numbers
    )
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/worksheet" '
        f'Target="worksheets/sheet{number}.xml"/>'
        for number in numbers
    )
    core = "http://purl.org/dc/elements/1.1/"
    properties = f"{_PACKAGE}/metadata/core-properties"
    return {
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{links}</Relationships>",
        "docProps/core.xml": f'{_HEAD}<cp:coreProperties xmlns:cp="{properties}" '
        f'xmlns:dc="{core}"><dc:description>{escape(about)}</dc:description></cp:coreProperties>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
        f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
        'Target="docProps/core.xml"/></Relationships>',
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{overrides}</Types>",
    }


def _check(path: Path, name: str, table: ExportTable) -> None:
    for what, number, most in (
        ("rows", table.rows + 1, MOST_ROWS),
        ("columns", len(table.columns), MOST_COLUMNS),
    ):
        if number > most:
            raise FileProblem(
                path.name,
                f"the sheet '{name}' would have {number} {what}, and a sheet holds {most}",
                "Write .csv, .parquet or XML, or fewer interviews",
            )


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, FIXED_TIME)
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry
