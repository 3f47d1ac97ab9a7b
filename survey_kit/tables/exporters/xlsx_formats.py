"""How cells look: few formats, shared by every sheet (Excel loads at most 206 number formats)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format  # pyright: ignore[reportMissingTypeStubs]
from xlsxwriter.workbook import Workbook  # pyright: ignore[reportMissingTypeStubs]

BLUE = "#12436D"
GREY = "#595959"
PALE = "#EEF2F6"
RED = "#A00000"


@dataclass(frozen=True)
class Formats:
    """Every format of a book."""

    title: Format
    heading: Format
    text: Format
    notice: Format
    link: Format
    group: Format
    label: Format
    letter: Format
    stub: Format
    base_stub: Format
    base: Format
    base_marker: Format
    share: Format
    share_small: Format
    mean: Format
    mean_small: Format
    marker: Format
    interval: Format
    letters: Format
    note: Format
    count: Format
    bold: Format
    number: Format


def formats_of(workbook: Workbook) -> Formats:
    """Make the formats in a workbook."""

    def make(**properties: Any) -> Format:
        properties = {"font_name": "Arial", "font_size": 10, **properties}
        return workbook.add_format(properties)  # pyright: ignore[reportUnknownMemberType]

    wrapped = {"text_wrap": True, "valign": "top"}
    middle = {"align": "center", "valign": "vcenter", "text_wrap": True}
    right = {"align": "right", "valign": "top"}
    small = {"font_size": 8, "font_color": GREY}
    rule = {"top": 1, "top_color": "#D0D7DE"}
    base = {"bg_color": PALE, "font_color": GREY}
    return Formats(
        title=make(bold=True, font_size=14, font_color=BLUE, **wrapped),
        heading=make(bold=True, bottom=1, **wrapped),
        text=make(**wrapped),
        notice=make(bold=True, font_color=RED, **wrapped),
        link=make(font_color=BLUE, underline=1, valign="top"),
        group=make(
            bold=True,
            font_color="#FFFFFF",
            bg_color=BLUE,
            **{**middle, "border": 1, "border_color": "#FFFFFF"},
        ),
        label=make(bold=True, bg_color=PALE, **middle),
        letter=make(bg_color=PALE, font_color=BLUE, bold=True, align="center"),
        stub=make(**wrapped, **rule),
        base_stub=make(**base),
        base=make(num_format="#,##0", align="right", **base),
        base_marker=make(align="right", **{**base, "font_size": 8, "text_wrap": True}),
        share=make(num_format="0%", **right, **rule),
        share_small=make(num_format="0%", italic=True, **right, **rule),
        mean=make(num_format="0.0", **right, **rule),
        mean_small=make(num_format="0.0", italic=True, **right, **rule),
        marker=make(text_wrap=True, **right, **rule, **small),
        interval=make(**right, **small),
        letters=make(bold=True, font_size=8, font_color=BLUE, align="right", valign="top"),
        note=make(font_size=9, **wrapped),
        count=make(num_format="#,##0", valign="top"),
        bold=make(bold=True, **wrapped),
        number=make(),
    )
