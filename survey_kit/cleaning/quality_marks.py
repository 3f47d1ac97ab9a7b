"""The marks of the quality page: bars, dots with their intervals, columns by day, lines.

Each is a few elements placed in per cent, so that a page is as sharp on paper as on a telephone, and
runs from right to left where its language does. Every mark says its numbers in words too, for
whoever cannot see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Scale:
    """From a number to a place between 0 and 100."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """The place in per cent, within the ends."""
        width = self.high - self.low
        share = (value - self.low) / width if width > 0 else 0.0
        return round(100 * min(max(share, 0.0), 1.0), 2)


@dataclass(frozen=True)
class Dot:
    """An estimate with its limits, and what is expected."""

    value: float
    low: float
    high: float
    expected: float
    words: str
    few: bool = False


def bar(share: float, words: str, kind: str = "") -> str:
    """A bar as long as a share of its room; beyond the whole it is cut, and marked."""
    over = " beyond" if share > 1 else ""
    width = round(100 * min(max(share, 0.0), 1.0), 2)
    return (
        f'<span class="bar {kind}{over}" role="img" aria-label="{escape(words, quote=True)}">'
        f'<i style="inline-size:{width}%"></i></span>'
    )


def strip(dot: Dot, scale: Scale) -> str:
    """A dot, the line of its interval, and a tick where it is expected."""
    low, high = scale.at(dot.low), scale.at(dot.high)
    words = escape(dot.words, quote=True)
    return (
        f'<span class="strip{" few" if dot.few else ""}" role="img" aria-label="{words}" title="{words}">'
        f'<i class="due" style="inset-inline-start:{scale.at(dot.expected)}%"></i>'
        f'<i class="reach" style="inset-inline-start:{low}%;inline-size:{max(high - low, 0):.2f}%"></i>'
        f'<i class="dot" style="inset-inline-start:{scale.at(dot.value)}%"></i></span>'
    )


@dataclass(frozen=True)
class Column:
    """One day: how much of it is full, how much light."""

    label: str
    full: float
    light: float
    words: str


def columns(days: Sequence[Column], labels: Sequence[str], top: str) -> str:
    """Columns side by side, the light part on the full one."""
    most = max((day.full + day.light for day in days), default=0) or 1
    drawn = "".join(
        f'<li title="{escape(day.words, quote=True)}"><span class="hidden">{escape(day.words)}</span>'
        f'<i class="light" style="block-size:{100 * day.light / most:.2f}%"></i>'
        f'<i class="full" style="block-size:{100 * day.full / most:.2f}%"></i></li>'
        for day in days
    )
    ends = "".join(f"<span>{escape(label)}</span>" for label in labels)
    return (
        f'<div class="plot"><div class="top">{escape(top)}</div><ol class="columns">{drawn}</ol>'
        f'<div class="ends">{ends}</div></div>'
    )


@dataclass(frozen=True)
class Line:
    """A series with a band; None where there is nothing to show."""

    middle: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]


def lines(line: Line, scale: Scale, labels: Sequence[str], words: str) -> str:
    """A line with its band over days at equal distances."""
    number = max(len(line.middle) - 1, 1)

    def place(at: int, value: float) -> str:
        return f"{100 * at / number:.2f},{100 - scale.at(value):.2f}"

    known = [at for at, value in enumerate(line.middle) if value is not None]
    middle = " ".join(place(at, value) for at in known if (value := line.middle[at]) is not None)
    above = [place(at, value) for at in known if (value := line.high[at]) is not None]
    below = [place(at, value) for at in known if (value := line.low[at]) is not None]
    band = " ".join([*above, *reversed(below)])
    ends = "".join(f"<span>{escape(label)}</span>" for label in labels)
    return (
        f'<div class="plot" role="img" aria-label="{escape(words, quote=True)}">'
        '<svg class="lines" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">'
        f'<polygon class="band" points="{band}"/><polyline class="line" points="{middle}"/></svg>'
        f'<div class="ends">{ends}</div></div>'
    )
