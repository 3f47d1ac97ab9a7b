"""Results as people read them: a table, the lines under it, and never arrays or the data.

In a notebook a table, on a terminal the same in text. What shows itself is a `Shown`, and says its
own table.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

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


def _cell(name: str, value: object) -> str:
    if name == "p" or name.endswith("adjusted"):
        return _p(float(str(value)))
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return f"{value:,}"
    return figure(float(str(value))) if isinstance(value, float) else str(value)


def _p(value: float) -> str:
    smallest = 0.0001
    if not np.isfinite(value):
        return "–"
    return f"{value:.4f}" if value >= smallest else f"< {smallest}"


def figure(value: float) -> str:
    """A number to four digits, or to a whole one where it is large; a dash where there is none."""
    large, largest = 1e4, 1e15
    if large <= abs(value) < largest:
        return f"{value:,.0f}"
    return f"{value:,.4g}" if np.isfinite(value) else "–"
