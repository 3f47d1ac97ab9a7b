"""Results as people read them: numbers with their interval and base, and how they came about.

In a notebook a table, on a terminal the same in text. Where the sampling gives no interval
there is none, and the line under the table says of whom the numbers are. What is not an
`Estimate` is a `Shown`: see `survey_kit.design.shown`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey_kit.design.design import Sampling
from survey_kit.design.shown import MOST, Shown, Table, figure, of_frame
from survey_kit.design.wording import ASSUMING, wording

if TYPE_CHECKING:
    from survey_kit.estimation.estimate import Estimate

__all__ = [
    "MOST",
    "Shown",
    "Table",
    "as_html",
    "as_text",
    "lines_under",
    "of_frame",
    "of_model",
    "of_result",
    "of_test",
    "said_of_tests",
]


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
    return of_result(title, frame.drop(columns="df", errors="ignore"), coefficients.modelled)


def of_result(title: str, frame: pd.DataFrame, numbers: Estimate, *more: str) -> Table:
    """A frame made of estimates: what their intervals are called, base, design, and further lines."""
    least, most = (int(each) for each in (min(numbers.n, default=0), max(numbers.n, default=0)))
    base = f"n = {most:,}" if least == most else f"n = {least:,} to {most:,}"
    first, *others = design_lines(numbers) or [""]
    lines = [f"{first}; {base}", *others] if first.startswith("low") else [base, first, *others]
    return of_frame(frame, title=title, under=[*lines, *more])


def as_html(estimate: Estimate) -> str:
    """The estimate as an HTML table, with no script and no style but its own."""
    return _of_estimate(estimate).html()


def as_text(estimate: Estimate) -> str:
    """The estimate as a table of text."""
    return _of_estimate(estimate).text()


def _of_estimate(estimate: Estimate) -> Table:
    heads, rows, words = _table(estimate)
    return Table(heads, rows, words, lines_under(estimate))


def _table(estimate: Estimate) -> tuple[list[str], list[list[str]], int]:
    """Heads, rows, and how many columns from the left hold words."""
    names = estimate.names
    groups = max(len(names[0]) - 1, 0) if names else 0
    grouped = any(part for name in names for part in name[:-1])
    kept = range(0 if grouped else groups, groups + 1)
    called = estimate.grouped_by if len(estimate.grouped_by) == groups else ("group",) * groups
    heads = [called[at] if at < groups else "" for at in kept]
    low = high = None
    if estimate.interval_label:
        low, high = estimate.interval()
        heads += ["value", "low", "high", "n", "weighted n"]
    else:
        heads += ["value", "n", "weighted n"]
    rows: list[list[str]] = []
    for at in range(min(len(names), MOST)):
        cells = [names[at][part] for part in kept]
        cells.append(figure(estimate.value[at]))
        if low is not None and high is not None:
            cells += [figure(low[at]), figure(high[at])]
        cells += [f"{estimate.n[at]:,}", f"{estimate.weighted[at]:,.1f}"]
        rows.append(cells)
    return heads, rows, len(kept)


def lines_under(estimate: Estimate) -> list[str]:
    """What stands under the table."""
    many = len(estimate.names)
    cut = [f"The first {MOST} of {many:,} numbers; all are in .frame"] if many > MOST else []
    return [*cut, *design_lines(estimate)]


def design_lines(estimate: Estimate) -> list[str]:
    """What its intervals are called, how the numbers came about, and of whom they are."""
    lines: list[str] = []
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
