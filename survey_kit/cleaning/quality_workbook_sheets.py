"""How the sheets of quality.xlsx look: a notice, a fixed header with filters, and colour with a meaning only.

Yellow is to be filled in, green is decided, orange is decided in part, grey did not run. What the machine
wrote can be sorted, filtered and copied, and is not typed over by mistake: a sheet that was protected could
not be sorted. Whatever is changed in spite of that shows when the workbook is read back, since the old
value is held against the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, TypeAlias

import pandas as pd

from survey_kit.cleaning.correction import Action
from survey_kit.cleaning.masking import mask

LONGEST = 32_000
"""Excel cuts a longer text off; here its length is written instead."""
REVIEW = (("decision", 11), ("new value", 15), ("comment", 26), ("reviewer", 10))
HASHES = ("previous", "hash")
"""Columns that nobody reads: one line, cut off by the next cell."""
LINE, TALLER, TALLEST = 14, 17, 12
"""Height of a line in points, that of a line in a script with tall signs (Arabic, Bangla, Burmese), and how
many lines a row may have; a longer text is still there."""
TALL_SIGNS = re.compile("[\u0590-\u1fff\u2e80-\uffdc]")
HEAD = 1
"""The row of the header, counted from 0; above it stands the notice."""
A4, MARGIN = 9, 0.3
"""The paper, as Excel numbers it, and its margins in inches."""
CHANGES = (Action.CHANGE.value, Action.RECODE.value)
"""Decisions that need a new value."""

Format: TypeAlias = Any
Worksheet: TypeAlias = Any


@dataclass(frozen=True)
class Looks:
    """The few formats. Colour means: fill this in, decided, decided in part, or did not run."""

    title: Format
    notice: Format
    header: Format
    to_fill: Format
    text: Format
    wrapped: Format
    whole: Format
    decided: Format
    in_part: Format
    group: Format
    not_run: Format


def looks_of(book: Any) -> Looks:
    """The formats of a workbook."""
    plain = {"valign": "top", "font_size": 10}
    bold = plain | {"bold": True, "bottom": 1, "bg_color": "#E7ECF2", "text_wrap": True}
    return Looks(
        title=book.add_format({"bold": True, "font_size": 16}),
        notice=book.add_format({"bold": True, "font_color": "#9C2A00"}),
        header=book.add_format(bold),
        to_fill=book.add_format(bold | {"bg_color": "#FFF2CC"}),
        text=book.add_format(plain),
        wrapped=book.add_format(plain | {"text_wrap": True, "indent": 1}),
        whole=book.add_format(plain | {"num_format": "#,##0;-#,##0;–"}),
        decided=book.add_format({"bg_color": "#E2F0D9"}),
        in_part=book.add_format({"bg_color": "#F8CBAD"}),
        group=book.add_format({"top": 1, "top_color": "#5B6B7F"}),
        not_run=book.add_format(plain | {"text_wrap": True, "indent": 1, "font_color": "#7F7F7F"}),
    )


def read_me(sheet: Worksheet, looks: Looks, notice: str, about: list[tuple[str, str]]) -> None:
    """The first sheet: headings and paragraphs."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 96)
    sheet.write_string(0, 0, notice, looks.notice)
    sheet.write_string(1, 0, "Data quality", looks.title)
    for row, (heading, words) in enumerate(about, start=3):
        sheet.set_row(row, 4 + _height((words,), (96,)))
        sheet.write_string(row, 0, heading, looks.header)
        sheet.write_string(row, 1, words, looks.wrapped)
    sheet.set_row(1, 26)
    _on_paper(sheet)


def findings_sheet(
    sheet: Worksheet,
    looks: Looks,
    notice: str,
    found: pd.DataFrame,
    columns: Sequence[tuple[str, int]],
    *,
    fixed: int,
) -> None:
    """Findings with columns to decide in; the first `fixed` columns stay where they are."""
    table(sheet, looks, notice, found, [width for _, width in columns], fixed=fixed)
    first = len(columns)
    for at, (name, width) in enumerate(REVIEW, start=first):
        sheet.set_column(at, at, width)
        sheet.write_string(HEAD, at, name, looks.to_fill)
    top, last = HEAD + 1, HEAD + max(len(found), 1)
    right = first + len(REVIEW) - 1
    sheet.autofilter(HEAD, 0, last, right)
    sheet.data_validation(
        top,
        first,
        last,
        first,
        {
            "validate": "list",
            "source": [action.value for action in Action],
            "error_title": "Decision",
            "error_message": "Choose one of the words in the list.",
        },
    )
    sheet.data_validation(
        top,
        0,
        last,
        first - 1,
        {
            "validate": "custom",
            "value": "=FALSE",
            "ignore_blank": False,
            "error_title": "Filled in by the machine",
            "error_message": "Decide in the yellow columns. Sorting and filtering are fine.",
        },
    )
    decision, value = (_letter(first + at) for at in (0, 1))
    this, above = top + 1, top
    needed = ",".join(f'${decision}{this}="{word}"' for word in CHANGES)
    in_part = (
        f'=OR(AND(OR({needed}),${value}{this}=""),AND(${decision}{this}="",${value}{this}<>""))'
    )
    names = [name for name, _ in columns]
    check, question = (_letter(names.index(name)) for name in ("check", "question"))
    new_group = f"=OR(${check}{this}<>${check}{above},${question}{this}<>${question}{above})"
    for criteria, looks_like in (
        (in_part, looks.in_part),
        (f'=${decision}{this}<>""', looks.decided),
        (new_group, looks.group),
    ):
        rule = {"type": "formula", "criteria": criteria, "format": looks_like}
        sheet.conditional_format(top, 0, last, right, rule)


def table(
    sheet: Worksheet,
    looks: Looks,
    notice: str,
    rows: pd.DataFrame,
    widths: Sequence[int],
    *,
    fixed: int = 0,
) -> None:
    """A table with its notice above, its header fixed and a filter on every column."""
    sheet.write_string(0, 0, notice, looks.notice)
    for at, (name, width) in enumerate(zip(rows.columns, widths, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(HEAD, at, str(name), looks.header)
    wraps = [name not in HASHES for name in rows.columns]
    for row, line in enumerate(rows.itertuples(index=False), start=HEAD + 1):
        sheet.set_row(row, _height(compress(line, wraps), compress(widths, wraps)))
        for at, value in enumerate(line):
            if isinstance(value, str):
                text = value if len(value) <= LONGEST else mask(value)
                looks_like = looks.text if rows.columns[at] in HASHES else looks.wrapped
                sheet.write_string(row, at, text, looks_like)
            elif isinstance(value, bool):
                sheet.write_string(row, at, "yes" if value else "no", looks.text)
            else:
                sheet.write_number(row, at, value, looks.whole)
    sheet.freeze_panes(HEAD + 1, fixed)
    sheet.autofilter(HEAD, 0, HEAD + max(len(rows), 1), len(rows.columns) - 1)
    sheet.repeat_rows(0, HEAD)
    _on_paper(sheet)


def by_check(sheet: Worksheet, looks: Looks, notice: str, summary: pd.DataFrame) -> None:
    """What each check found, in grey where it did not run, with the reason."""
    rows = summary.rename(columns={"why": "rule"})
    table(sheet, looks, notice, rows, [22, 34, 6, 10, 11, 52, 90])
    for row, ran in enumerate(rows["ran"], start=HEAD + 1):
        if not ran:
            sheet.write_string(row, 2, "no", looks.not_run)
            sheet.write_string(row, 5, str(rows["note"].iloc[row - HEAD - 1]), looks.not_run)


def _on_paper(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=MARGIN, right=MARGIN, top=MARGIN * 1.5, bottom=MARGIN * 2)
    sheet.set_footer("&L&A&R&P / &N")
    sheet.fit_to_pages(1, 0)


def _letter(column: int) -> str:
    """The letter of one of the first 26 columns, counted from 0."""
    return chr(ord("A") + column)


def _height(line: Iterable[object], widths: Iterable[int]) -> float:
    """The height in points that shows every text of a row whole, up to `TALLEST` lines."""
    heights = (
        (TALLER if TALL_SIGNS.search(value) else LINE)
        * min(sum(-(-len(part) // max(width - 2, 1)) or 1 for part in value.split("\n")), TALLEST)
        for value, width in zip(line, widths, strict=True)
        if isinstance(value, str) and value
    )
    return max(heights, default=LINE)
