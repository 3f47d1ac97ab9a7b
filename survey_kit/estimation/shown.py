"""An estimate as people read it: a number with its interval and its base, and how it came about.

In a notebook a table, on a terminal the same in text. Where the sampling gives no interval
there is none, and the line under the table says of whom the numbers are.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from survey_kit.design.wording import wording

if TYPE_CHECKING:
    from survey_kit.estimation.estimate import Estimate

MOST = 200
"""Rows of a table on the screen; the others are in `.frame`."""


def as_html(estimate: Estimate) -> str:
    """The estimate as an HTML table, with no script and no style but its own."""
    heads, rows = _table(estimate)
    words = len(heads) - _numbers(heads)
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td style="text-align:{"left" if at < words else "right"}">{escape(cell)}</td>'
            for at, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    under = "<br>".join(escape(line) for line in _under(estimate))
    return (
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f'<p style="font-size:smaller">{under}</p>'
    )


def as_text(estimate: Estimate) -> str:
    """The estimate as a table of text."""
    heads, rows = _table(estimate)
    words = len(heads) - _numbers(heads)
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if at < words else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (heads, *rows)
    ]
    return "\n".join([*lines, "", *_under(estimate)])


def _numbers(heads: list[str]) -> int:
    """How many columns from the right hold numbers."""
    return len(heads) - heads.index("value")


def _table(estimate: Estimate) -> tuple[list[str], list[list[str]]]:
    names = estimate.names
    groups = max(len(names[0]) - 1, 0) if names else 0
    grouped = any(part for name in names for part in name[:-1])
    kept = range(0 if grouped else groups, groups + 1)
    heads = ["group" if at < groups else "" for at in kept]
    low = high = None
    if estimate.interval_label:
        low, high = estimate.interval()
        heads += ["value", "low", "high", "n", "weighted n"]
    else:
        heads += ["value", "n", "weighted n"]
    rows: list[list[str]] = []
    for at in range(min(len(names), MOST)):
        cells = [names[at][part] for part in kept]
        cells.append(_figure(estimate.value[at]))
        if low is not None and high is not None:
            cells += [_figure(low[at]), _figure(high[at])]
        cells += [f"{estimate.n[at]:,}", f"{estimate.weighted[at]:,.1f}"]
        rows.append(cells)
    return heads, rows


def _figure(value: float) -> str:
    return f"{value:,.4g}" if np.isfinite(value) else "–"


def _under(estimate: Estimate) -> list[str]:
    """What stands under the table."""
    lines: list[str] = []
    if len(estimate.names) > MOST:
        lines.append(f"The first {MOST} of {len(estimate.names):,} numbers; all are in .frame")
    label = estimate.interval_label
    if label:
        lines.append(f"low, high: {label}")
    freedom = f"{estimate.df:g} degrees of freedom" if np.isfinite(estimate.df) else ""
    if estimate.design:
        lines.append("; ".join(part for part in (estimate.design, freedom) if part))
    said = wording(estimate.sampling, int(estimate.n.max(initial=0)), "")
    if not said.may_generalise:
        lines.append(f"Shares and means are {said.share}, and cannot be generalised.")
    return lines
