"""One table as one sheet: what was asked of whom, the banner, the bases, the numbers, the notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from xlsxwriter.format import Format  # pyright: ignore[reportMissingTypeStubs]
from xlsxwriter.worksheet import Worksheet  # pyright: ignore[reportMissingTypeStubs]

from survey_kit.tables.exporters.xlsx_formats import Formats
from survey_kit.tables.markers import base_marker, cell_marker, legend
from survey_kit.tables.table import Status, Table, Unit
from survey_kit.tables.texts import base_line, interval_text, mean_interval_text, notes_of

STUB_WIDTH = 38
COLUMN_WIDTH = 12
_FEWEST = 7
"""Columns that long texts may run across at least."""
_LINE = 13.5
_SMALL_LINE = 11.5
"""Heights in points."""


@dataclass(frozen=True)
class Sheet:
    """A worksheet, and the formats of its book."""

    worksheet: Worksheet
    formats: Formats
    last: int

    def text(self, row: int, text: str, style: Format, *, size: float = 10) -> None:
        """A text across the whole width, in a row high enough to show all of it."""
        width = (STUB_WIDTH + self.last * COLUMN_WIDTH) * 10 / size
        lines = sum(max(1, ceil(len(line) / (1.05 * width))) for line in text.splitlines() or [""])
        self.worksheet.merge_range(row, 0, row, self.last, "", style)
        self.worksheet.write_string(row, 0, text, style)
        self.worksheet.set_row(row, lines * _LINE * size / 10 + 3)


def write_table(
    worksheet: Worksheet, formats: Formats, table: Table, *, number: int, notice: str, source: str
) -> None:
    """Write a protected table on an empty sheet."""
    sheet = Sheet(worksheet, formats, max(len(table.columns), _FEWEST))
    worksheet.set_column(0, 0, STUB_WIDTH)
    worksheet.set_column(1, sheet.last, COLUMN_WIDTH)
    row = _heading(sheet, table, number, notice)
    first, row = row, _banner(sheet, table, row)
    worksheet.freeze_panes(row, 1)
    worksheet.repeat_rows(first, row - 1)
    worksheet.repeat_columns("A:A")
    row = _bases(sheet, table, row)
    for i in range(len(table.rows)):
        row = _numbers(sheet, table, i, row)
    row += 1
    for line in (*legend(table), *notes_of(table), source):
        sheet.text(row, line, formats.note, size=9)
        row += 1
    worksheet.write_url(row, 0, "internal:'Contents'!A1", formats.link, "Back to contents")
    worksheet.print_area(0, 0, row, sheet.last)


def _heading(sheet: Sheet, table: Table, number: int, notice: str) -> int:
    sheet.text(0, f"{number}. {table.title}", sheet.formats.title, size=14)
    row = 1
    for line in dict.fromkeys((notice, table.simulated)):
        if line:
            sheet.text(row, line, sheet.formats.notice)
            row += 1
    if table.question and table.question != table.title:
        sheet.text(row, table.question, sheet.formats.text)
        row += 1
    sheet.text(row, base_line(table), sheet.formats.text)
    return row + 2


def _banner(sheet: Sheet, table: Table, row: int) -> int:
    """Groups, labels and letters; returns the row below."""
    worksheet, formats = sheet.worksheet, sheet.formats
    start = 0
    lines = 1
    for j, column in enumerate(table.columns):
        following = table.columns[j + 1].group if j + 1 < len(table.columns) else None
        if following == column.group:
            continue
        width = j + 1 - start
        if column.group and width > 1:
            worksheet.merge_range(row, start + 1, row, j + 1, "", formats.group)
        if column.group:
            worksheet.write_string(row, start + 1, column.group, formats.group)
            lines = max(lines, ceil(len(column.group) / (width * COLUMN_WIDTH - 2)))
        start = j + 1
    worksheet.set_row(row, min(lines, 6) * _LINE + 4)
    labels = [column.label for column in table.columns]
    worksheet.set_row(row + 1, _height(labels, COLUMN_WIDTH, least=2))
    for j, column in enumerate(table.columns, start=1):
        worksheet.write_string(row + 1, j, column.label, formats.label)
        if column.letter:
            worksheet.write_string(row + 2, j, column.letter, formats.letter)
        else:
            worksheet.write_blank(row + 2, j, None, formats.letter)
    return row + 3


def _height(texts: Sequence[str], width: int, *, least: int) -> float:
    lines = max((ceil(len(text) / (width - 2)) for text in texts), default=1)
    return min(max(lines, least), 6) * _LINE


def _bases(sheet: Sheet, table: Table, row: int) -> int:
    worksheet, formats = sheet.worksheet, sheet.formats
    lines = (
        ("n (people asked who answered)", [c.base.unweighted for c in table.columns]),
        ("Weighted base", [c.base.weighted for c in table.columns]),
        ("Effective base", [c.base.effective for c in table.columns]),
    )
    for offset, (name, values) in enumerate(lines):
        worksheet.write_string(row + offset, 0, name, formats.base_stub)
        for j, value in enumerate(values):
            if value is None:
                worksheet.write_string(
                    row + offset, j + 1, base_marker(table, j), formats.base_marker
                )
            else:
                worksheet.write_number(row + offset, j + 1, value, formats.base)
    return row + len(lines)


def _numbers(sheet: Sheet, table: Table, i: int, row: int) -> int:
    """One row of the table: its numbers, and below them intervals and letters if it has any."""
    worksheet, formats = sheet.worksheet, sheet.formats
    mean = table.rows[i].unit is Unit.MEAN
    label = table.rows[i].label
    below = row + 1
    limits = any(cell.low is not None for cell in table.cells[i])
    letters = any(cell.letters for cell in table.cells[i])
    if limits or letters:
        worksheet.merge_range(row, 0, row + limits + letters, 0, "", formats.stub)
    worksheet.write_string(row, 0, label, formats.stub)
    for further in range(limits + letters):
        worksheet.set_row(below + further, _SMALL_LINE)
    needed = ceil(len(label) / (1.15 * STUB_WIDTH)) * _LINE + 2
    worksheet.set_row(row, max(_LINE + 2, needed - (limits + letters) * _SMALL_LINE))
    for j, cell in enumerate(table.cells[i]):
        if cell.value is None:
            worksheet.write_string(row, j + 1, cell_marker(table, i, j), formats.marker)
            continue
        small = cell.status is Status.SMALL_BASE
        plain, italic = (
            (formats.mean, formats.mean_small) if mean else (formats.share, formats.share_small)
        )
        worksheet.write_number(row, j + 1, cell.value, italic if small else plain)
        if cell.low is not None and cell.high is not None:
            words = mean_interval_text if mean else interval_text
            worksheet.write_string(below, j + 1, words(cell.low, cell.high), formats.interval)
        if cell.letters:
            worksheet.write_string(below + limits, j + 1, cell.letters, formats.letters)
    return below + limits + letters
