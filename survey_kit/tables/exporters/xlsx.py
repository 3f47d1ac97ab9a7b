"""A book of tables as an Excel workbook.

    Contents   every table with its question, base and a link
    Method     how to read the numbers
    1 name     a sheet for each table
    Data       every number once more, in one long table for further work

There are no formulas and no hidden sheets; numbers are numbers, a hidden cell is a text.
The same book always makes the same bytes.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from math import ceil
from pathlib import Path

import pandas as pd
from xlsxwriter.workbook import Workbook  # pyright: ignore[reportMissingTypeStubs]
from xlsxwriter.worksheet import Worksheet  # pyright: ignore[reportMissingTypeStubs]

from survey_kit.tables.exporter import Book, Exporter
from survey_kit.tables.exporters.xlsx_formats import Formats, formats_of
from survey_kit.tables.exporters.xlsx_table import write_table
from survey_kit.tables.markers import base_marker
from survey_kit.tables.table import Table
from survey_kit.tables.texts import base_line
from survey_kit.tables.tidy import COLUMNS, tidy

CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""The date in the file: a fixed one, so that the same tables make the same bytes."""
LONGEST_NAME = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def write_xlsx(book: Book, path: Path) -> None:
    """Write a book as an Excel workbook."""
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with Workbook(str(path), options) as workbook:
        workbook.set_properties({"title": book.title, "author": "", "created": CREATED})  # pyright: ignore[reportUnknownMemberType]
        formats = formats_of(workbook)
        names = sheet_names(book.tables)
        contents = _sheet(workbook, "Contents", book)
        method = _sheet(workbook, "Method", book)
        _write_contents(contents, formats, book, names)
        _write_method(method, formats, book)
        for number, (table, name) in enumerate(zip(book.tables, names, strict=True), start=1):
            write_table(
                _sheet(workbook, name, book),
                formats,
                table,
                number=number,
                notice=book.notice,
                source=f"Source: {book.title}. How to read the numbers: sheet Method.",
            )
        if book.tables:
            _write_data(_sheet(workbook, "Data", book), formats, book)


def sheet_names(tables: tuple[Table, ...]) -> tuple[str, ...]:
    """A name for each sheet, as Excel takes them: short, unique, without []:*?/ and \\."""
    return tuple(
        _FORBIDDEN.sub("_", f"{number} {table.name}")[:LONGEST_NAME].strip().rstrip("'")
        for number, table in enumerate(tables, start=1)
    )


def _sheet(workbook: Workbook, name: str, book: Book) -> Worksheet:
    worksheet = workbook.add_worksheet(name)  # pyright: ignore[reportUnknownMemberType]
    worksheet.hide_gridlines(2)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    worksheet.fit_to_pages(1, 0)
    notice = book.notice.replace("&", "&&")
    if notice:
        worksheet.set_header(f'&C&"Arial,Bold"&8{notice[:200]}')  # pyright: ignore[reportUnknownMemberType]
    worksheet.set_footer("&L&8&F&C&8&A&R&8Page &P of &N")  # pyright: ignore[reportUnknownMemberType]
    return worksheet


def _write_contents(
    worksheet: Worksheet, formats: Formats, book: Book, names: tuple[str, ...]
) -> None:
    worksheet.set_column(0, 0, 5)
    worksheet.set_column(1, 1, 60)
    worksheet.set_column(2, 2, 30)
    worksheet.set_column(3, 3, 60)
    worksheet.set_column(4, 4, 11)
    row = _title(worksheet, formats, book.title, book.notice, 4)
    for column, heading in enumerate(("No.", "Question", "By", "Base", "n")):
        worksheet.write_string(row, column, heading, formats.heading)
    worksheet.freeze_panes(row + 1, 0)
    worksheet.repeat_rows(row)
    for number, (table, name) in enumerate(zip(book.tables, names, strict=True), start=1):
        row += 1
        groups = dict.fromkeys(column.group for column in table.columns if column.group)
        texts = (table.title, "; ".join(groups), base_line(table).removeprefix("Base: "))
        lines = max(
            ceil(len(text) / (1.05 * width))
            for text, width in zip(texts, (60, 30, 60), strict=True)
        )
        worksheet.set_row(row, max(lines, 1) * 13.5)
        link = f"internal:'{name.replace(chr(39), chr(39) * 2)}'!A1"
        worksheet.write_url(row, 0, link, formats.link, str(number))
        for column, text in enumerate(texts, start=1):
            worksheet.write_string(row, column, text, formats.text)
        n = table.columns[0].base.unweighted
        if n is None:
            worksheet.write_string(row, 4, base_marker(table, 0), formats.text)
        else:
            worksheet.write_number(row, 4, n, formats.count)


def _write_method(worksheet: Worksheet, formats: Formats, book: Book) -> None:
    worksheet.set_column(0, 0, 28)
    worksheet.set_column(1, 1, 100)
    row = _title(worksheet, formats, "How to read the numbers", book.notice, 1)
    for line in book.method:
        worksheet.set_row(row, max(1, ceil(len(line.text) / 105)) * 13.5 + 4)
        worksheet.write_string(row, 0, line.heading, formats.bold)
        worksheet.write_string(row, 1, line.text, formats.text)
        row += 1


def _title(worksheet: Worksheet, formats: Formats, title: str, notice: str, last: int) -> int:
    worksheet.write_string(0, 0, title, formats.title)
    formats.title.set_text_wrap(False)
    if not notice:
        return 2
    worksheet.merge_range(1, 0, 1, last, "", formats.notice)
    worksheet.write_string(1, 0, notice, formats.notice)
    worksheet.set_row(1, max(1, ceil(len(notice) / 110)) * 13.5 + 2)
    return 3


def _write_data(worksheet: Worksheet, formats: Formats, book: Book) -> None:
    """Every number in one long table, as Excel knows tables."""
    data = pd.concat([tidy(table) for table in book.tables], ignore_index=True)
    row = _title(worksheet, formats, "Data", book.notice, len(COLUMNS) - 1)
    worksheet.set_column(0, 3, 22)
    worksheet.set_column(4, len(COLUMNS) - 2, 10)
    worksheet.set_column(len(COLUMNS) - 1, len(COLUMNS) - 1, 30)
    worksheet.add_table(
        row,
        0,
        row + len(data),
        len(COLUMNS) - 1,
        {
            "name": "Data",
            "columns": [{"header": name} for name in COLUMNS],
            "style": "Table Style Light 1",
        },
    )
    worksheet.freeze_panes(row + 1, 0)
    worksheet.repeat_rows(row)
    for column, name in enumerate(COLUMNS):
        number = pd.api.types.is_numeric_dtype(data[name])
        for offset, value in enumerate(data[name].tolist(), start=1):
            if number and not pd.isna(value):
                worksheet.write_number(row + offset, column, value, formats.number)
            elif not number and value:
                worksheet.write_string(row + offset, column, value, formats.number)


XLSX = Exporter(name="xlsx", suffix=".xlsx", write=write_xlsx)
