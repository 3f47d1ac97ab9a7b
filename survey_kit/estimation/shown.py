"""Results as people read them: numbers with their interval and base, and how they came about.

In a notebook a table, on a terminal the same in text. Where the sampling gives no interval
there is none, and the line under the table says of whom the numbers are. What is not an
`Estimate` is a `Shown`: it says its own table, and never prints arrays or the data.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey_kit.design.design import Sampling
from survey_kit.design.wording import ASSUMING, wording

if TYPE_CHECKING:
    from survey_kit.estimation.estimate import Estimate

MOST = 200
"""Rows of a table on the screen; the others are in `.frame`."""


@dataclass(frozen=True)
class Table:
    """What is shown: a line above, heads and rows of text, and lines under them.

    words
        How many columns from the left hold words; the others hold numbers.
    """

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    words: int
    under: Sequence[str] = ()
    title: str = ""

    def html(self) -> str:
        """As HTML, with no script and no style but its own."""
        head = "".join(f"<th>{escape(each)}</th>" for each in self.heads)
        body = "".join(
            "<tr>"
            + "".join(
                f'<td style="text-align:{"left" if at < self.words else "right"}">'
                f"{escape(cell)}</td>"
                for at, cell in enumerate(row)
            )
            + "</tr>"
            for row in self.rows
        )
        above = f"<p>{escape(self.title)}</p>" if self.title else ""
        under = "<br>".join(escape(line) for line in self.under)
        return (
            f"{above}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f'<p style="font-size:smaller">{under}</p>'
        )

    def text(self) -> str:
        """As text."""
        widths = [max(map(len, column)) for column in zip(self.heads, *self.rows, strict=True)]
        lines = [
            "  ".join(
                cell.ljust(width) if at < self.words else cell.rjust(width)
                for at, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in (self.heads, *self.rows)
        ]
        above = [self.title, ""] if self.title else []
        return "\n".join([*above, *lines, "", *self.under]).rstrip()


class Shown(ABC):
    """A result that shows itself as a table, in a notebook and on a terminal."""

    @abstractmethod
    def shown(self) -> Table:
        """What is shown."""

    def __repr__(self) -> str:
        return self.shown().text()

    def _repr_html_(self) -> str:
        return self.shown().html()


def of_frame(frame: pd.DataFrame, *, title: str = "", under: Sequence[str] = ()) -> Table:
    """A frame as people read it: names from the left, then numbers to four digits."""
    numbers = [bool(pd.api.types.is_numeric_dtype(kind)) for kind in frame.dtypes]
    words = numbers.index(True) if True in numbers else len(numbers)
    head = frame.iloc[:MOST]
    columns = [[_cell(name, value) for value in head[name]] for name in map(str, head.columns)]
    more = [f"The first {MOST} of {len(frame):,} rows; all are in .frame"]
    return Table(
        heads=[name.replace("_", " ") for name in map(str, frame.columns)],
        rows=list(zip(*columns, strict=True)),
        words=words,
        under=[*(more if len(frame) > MOST else []), *under],
        title=title,
    )


def of_test(name: str, numbers: dict[str, float], sampling: Sampling | None) -> Table:
    """A test: its numbers in one row, and, where nobody was drawn by chance, what p assumes."""
    return of_frame(pd.DataFrame([numbers]), title=name, under=said_of_tests(sampling))


def said_of_tests(sampling: Sampling | None) -> list[str]:
    """The lines under p: nothing of people who were drawn by chance."""
    if sampling is None or sampling is Sampling.PROBABILITY:
        return []
    said = wording(sampling, 0, "")
    if said.intervals == "none":
        return ["A census has no sampling error: p says nothing of it."]
    return [f"{said.comparison.capitalize()}: {said.share}, and p is modelled, {ASSUMING}."]


def of_model(title: str, frame: pd.DataFrame, coefficients: Estimate) -> Table:
    """The coefficients of a model, what their intervals are called, base and design."""
    lines = lines_under(coefficients.modelled)
    lines[0] = f"{lines[0]}; n = {int(coefficients.n.max(initial=0)):,}"
    return of_frame(frame.drop(columns="df", errors="ignore"), title=title, under=lines)


def _cell(name: str, value: object) -> str:
    if name == "p" or name.endswith("adjusted"):
        return _p(float(str(value)))
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return f"{value:,}"
    return _figure(float(str(value))) if isinstance(value, float) else str(value)


def _p(value: float) -> str:
    smallest = 0.0001
    if not np.isfinite(value):
        return "–"
    return f"{value:.4f}" if value >= smallest else f"< {smallest}"


def as_html(estimate: Estimate) -> str:
    """The estimate as an HTML table, with no script and no style but its own."""
    return _of_estimate(estimate).html()


def as_text(estimate: Estimate) -> str:
    """The estimate as a table of text."""
    return _of_estimate(estimate).text()


def _of_estimate(estimate: Estimate) -> Table:
    heads, rows = _table(estimate)
    return Table(heads, rows, len(heads) - _numbers(heads), lines_under(estimate))


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


def lines_under(estimate: Estimate) -> list[str]:
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
