"""The weighting of a study as a workbook: the sheets of `weighting.sheets`, made readable.

It counts people in small cells, so it is for those who may see the data, and says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from xlsxwriter.workbook import Workbook  # pyright: ignore[reportMissingTypeStubs]

from survey_kit.weighting.report_html import FOR_WHOM
from survey_kit.weighting.sheets import sheets

if TYPE_CHECKING:
    from survey_kit.weighting.chain import Weighted

CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""Written into every workbook, so that the same weights make the same bytes."""

WIDEST = 110
"""Characters."""

SHARES = frozenset({"moved", "rate"})
"""Columns of shares of 1, besides those of the sheet of margins."""

MARGINS = frozenset({"before", "after", "target"})

HEAD = 3
"""The row of the headings, from 0."""


def write_weighting(weighted: Weighted, path: Path, *, title: str, notice: str = "") -> None:
    """One sheet for each table; headings in words, shares as per cent."""
    with Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as opened:
        book = cast("Any", opened)
        book.set_properties({"title": title, "comments": notice, "created": CREATED})
        formats = {
            "title": book.add_format({"bold": True, "font_size": 13}),
            "note": book.add_format({"italic": True, "font_color": "#555555"}),
            "head": book.add_format(
                {"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"}
            ),
            "number head": book.add_format(
                {
                    "bold": True,
                    "bottom": 2,
                    "text_wrap": True,
                    "valign": "bottom",
                    "align": "right",
                }
            ),
            "share": book.add_format({"num_format": "0.00%", "valign": "top"}),
            "number": book.add_format({"num_format": "#,##0.####", "valign": "top"}),
            "small": book.add_format({"num_format": "0.0E+00", "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        for name, table in sheets(weighted).items():
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, f"{title}: {name.lower()}", formats["title"])
            sheet.write_string(1, 0, f"{notice} {FOR_WHOM}".strip(), formats["note"])
            columns = [str(each) for each in table.columns]
            for column, heading in enumerate(columns):
                values = cast("list[object]", table[heading].tolist())
                words = any(isinstance(each, str) for each in values)
                head = formats["head" if words else "number head"]
                sheet.write_string(HEAD, column, _words(heading), head)
                sheet.set_column(column, column, _width(heading, values))
                kind = _kind(name, heading)
                for row, value in enumerate(values, start=HEAD + 1):
                    _write(sheet, (row, column), value, formats, kind)
            sheet.freeze_panes(HEAD + 1, 1)
            sheet.autofilter(HEAD, 0, HEAD + len(table), max(0, len(columns) - 1))
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0, HEAD)


def _kind(sheet: str, heading: str) -> str:
    if heading in SHARES or (sheet == "Margins" and heading in MARGINS):
        return "share"
    return "small" if heading == "gap" else "number"


def _write(
    sheet: Any, place: tuple[int, int], value: object, formats: dict[str, Any], kind: str
) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        sheet.write_string(*place, str(value), formats["text"])
    elif math.isfinite(value):
        sheet.write_number(*place, value, formats[kind])


def _words(heading: str) -> str:
    """Words begin with a capital; a symbol, such as n or p25, stays as it is."""
    symbol = len(heading) == 1 or (heading[0] == "p" and heading[1].isdigit())
    return heading if symbol else heading.replace("_", " ").capitalize()


def _width(heading: str, values: Sequence[object]) -> float:
    texts = [len(each) for each in values if isinstance(each, str)]
    return min(WIDEST, max([len(heading) + 2, 10, *texts]))
