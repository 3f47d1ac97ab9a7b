"""A protected table as a table of a Word document.

Wide banners do not fit a page, so the groups of a banner stand below one another: each
block repeats the answers and the column of everyone.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from survey_kit.findings.reading import is_shown
from survey_kit.findings.wording import count, percent
from survey_kit.tables.table import Cell, Column, Row, Table, Unit
from survey_kit.tables.texts import whole_percent

if TYPE_CHECKING:
    from docx.document import Document

WIDEST = 6
"""Columns of numbers that fit beside the answers."""


def add_table(document: Document, table: Table, width: float) -> None:
    """Put a table, block by block, at the end of a document.

    Parameters
    ----------
    width
        Inches between the margins.
    """
    for columns in blocks(table):
        _block(document, table, columns, width)
    for note in (
        _legend(table),
        f"Question: {table.question}" if table.question else "",
        *table.notes,
    ):
        if note:
            _small(document.add_paragraph(note))


def blocks(table: Table) -> list[tuple[int, ...]]:
    """Columns that stand side by side: one group beside everyone, and not more than fit."""
    grouped = [
        tuple(members)
        for _, members in groupby(range(len(table.columns)), key=lambda j: table.columns[j].group)
    ]
    first, *groups = grouped
    if not groups:
        return [first[start : start + WIDEST] for start in range(0, len(first), WIDEST)]
    room = WIDEST - len(first)
    return [
        (*first, *group[start : start + room])
        for group in groups
        for start in range(0, len(group), room)
    ]


def cell_text(cell: Cell, row: Row, table: Table) -> str:
    """A cell in words: its number with interval and letters, or its marker."""
    if not is_shown(cell) or cell.value is None:
        return f"[{cell.status.value}]"
    words = _mean if row.unit is Unit.MEAN else percent
    number = words(cell.value)
    if table.interval and cell.low is not None and cell.high is not None:
        end = _mean if row.unit is Unit.MEAN else _bare
        number = f"{number} ({end(cell.low)}–{end(cell.high)})"
    letters = f" {cell.letters}" if cell.letters else ""
    few = " †" if cell.status.name == "SMALL_BASE" else ""
    return f"{number}{letters}{few}"


def _mean(value: float) -> str:
    return f"{value:,.1f}"


def _bare(share: float) -> str:
    return str(whole_percent(share))


def base_text(column: Column) -> str:
    """The number of people under a column, or that it may not be shown."""
    return "hidden" if column.base.unweighted is None else count(column.base.unweighted)


def _block(document: Document, table: Table, columns: tuple[int, ...], width: float) -> None:
    from docx.shared import Inches

    head: Any = document.add_table(rows=1, cols=1 + len(columns))
    head.style = "Light List"
    head.autofit = False
    _plain_first_column(head)
    heading = [
        table.columns[columns[-1]].group or table.title,
        *(_column_label(table.columns[j]) for j in columns),
    ]
    _fill(head.rows[0], heading)
    _repeat_header(head.rows[0])
    _fill(
        head.add_row(),
        ["People asked (unweighted)", *(base_text(table.columns[j]) for j in columns)],
    )
    for row, cells in zip(table.rows, table.cells, strict=True):
        _fill(head.add_row(), [row.label, *(cell_text(cells[j], row, table) for j in columns)])
    first = max(width - 1.35 * len(columns), width * 0.3)
    other = (width - first) / len(columns)
    for row in head.rows:
        for position, cell in enumerate(row.cells):
            cell.width = Inches(first if position == 0 else other)
    _small(document.add_paragraph())


def _column_label(column: Column) -> str:
    return f"{column.label} [{column.letter}]" if column.letter else column.label or "Everyone"


def _legend(table: Table) -> str:
    parts = [f"In brackets: {table.interval}." if table.interval else ""]
    if any(column.letter for column in table.columns):
        parts.append("A letter: higher than the column of that letter, beyond chance.")
    if any(cell.status.name == "SMALL_BASE" for cells in table.cells for cell in cells):
        parts.append("†: rests on few people.")
    return " ".join(part for part in parts if part)


def _fill(row: Any, texts: list[str]) -> None:
    for position, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph.add_run(text)
        _small(paragraph)
        if position:
            paragraph.alignment = 2


def _small(paragraph: Any) -> None:
    from docx.shared import Pt

    for run in paragraph.runs:
        run.font.size = Pt(8.5)
    paragraph.paragraph_format.space_after = Pt(2)


def _plain_first_column(table: Any) -> None:
    """Answers in plain letters: only the header stands out."""
    from docx.oxml.ns import qn

    look = table._tbl.tblPr.find(qn("w:tblLook"))  # noqa: SLF001 - python-docx has no other way
    if look is not None:
        look.set(qn("w:firstColumn"), "0")
        look.set(qn("w:val"), "0020")


def _repeat_header(row: Any) -> None:
    """Mark a row as the header that a screen reader announces and each page repeats."""
    from docx.oxml.ns import qn

    properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no other way
    mark = properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"})
    properties.append(mark)
