"""What a step of weighting did: margins before and after, and what the weights cost then.

Everything is worked out from the weights before and after each step, so a step that forgets
to tell cannot hide what it did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from survey_kit.design.sample import Sample
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.weighting.kish import design_effect_of_weights, effective_size, variation
from survey_kit.weighting.step import Change, Ready, Step

MUCH = 3.0
"""A cell that makes up for non-response by more than this factor is pointed out."""

FEW = 20
"""A cell in which fewer people than this answered is pointed out."""

WIDE = 10.0
"""A largest weight of more than this many times the mean is pointed out."""

LEFT = 1e-6
"""A margin that is further than this from its target, in shares of 1, no longer fits."""


@dataclass(frozen=True)
class Spread:
    """How unequal weights are.

    n, total
        Rows, and the sum of their weights.
    effective_size, design_effect, variation
        After Kish: what the rows are worth, what the weights cost, and the standard
        deviation of the weights over their mean.
    smallest, largest
        Of the weights, relative to their mean.
    """

    n: int
    total: float
    effective_size: float
    design_effect: float
    variation: float
    smallest: float
    largest: float

    @classmethod
    def of(cls, weights: Floats) -> Spread:
        """Of (n,) weights, each above 0."""
        mean = float(weights.mean())
        return cls(
            n=len(weights),
            total=float(weights.sum()),
            effective_size=effective_size(weights),
            design_effect=design_effect_of_weights(weights),
            variation=variation(weights) if len(weights) > 1 else 0.0,
            smallest=float(weights.min()) / mean,
            largest=float(weights.max()) / mean,
        )


@dataclass(frozen=True, eq=False)
class StepReport:
    """What one step did.

    number, title
        From 1, and the step in a line.
    before, after
        The weights of the rows there were, and of those that are left.
    margins
        One row for each category of every margin of the chain: variable, category, n (rows
        left), before, after and target (shares of weight; the target is NaN if the step
        does not fit that variable).
    totals
        The same of columns of numbers: column, before, after, target (weighted sums).
    cells
        Of a non-response adjustment: cell, n, responded, rate, factor. Otherwise empty.
    smallest_factor, largest_factor
        By which the step changed the weight of rows that are left.
    cut, moved
        Weights beyond a bound, and the share of all weight that was trimmed.
    iterations, gap
        Rounds it took, and the largest relative difference from a target that is left.
    notes
        What a reader should know, a sentence each.
    """

    number: int
    title: str
    before: Spread
    after: Spread
    margins: pd.DataFrame
    totals: pd.DataFrame
    cells: pd.DataFrame
    smallest_factor: float
    largest_factor: float
    cut: int
    moved: float
    iterations: int
    gap: float
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Taken:
    """A step, matched with the sample, and what it did to the weights."""

    step: Step
    ready: Ready
    change: Change


@dataclass(frozen=True, eq=False)
class History:
    """All that reports are made of.

    sample
        As it came.
    weights
        (n, steps + 1) At first and after each step; 0 for rows that have left.
    taken
        Each step, matched with the sample, and what it did.
    """

    sample: Sample
    weights: Floats
    taken: Sequence[Taken]

    def report(self, number: int) -> StepReport:
        """Of one step, numbered from 1."""
        taken = self.taken[number - 1]
        ready, change = taken.ready, taken.change
        before, after = self.weights[:, number - 1], self.weights[:, number]
        left = after > 0
        factor = after[left] / before[left]
        margins = self._margins(number, ready)
        cells = pd.DataFrame(columns=["cell", "n", "responded", "rate", "factor"])
        found = StepReport(
            number=number,
            title=taken.step.title,
            before=Spread.of(before[before > 0]),
            after=Spread.of(after[left]),
            margins=margins,
            totals=self._totals(number, ready),
            cells=cells if change.cells is None else change.cells,
            smallest_factor=float(factor.min()),
            largest_factor=float(factor.max()),
            cut=change.cut,
            moved=change.moved,
            iterations=change.iterations,
            gap=change.gap,
            notes=(),
        )
        return _noted(found, self._undone(number))

    def _margins(self, number: int, ready: Ready) -> pd.DataFrame:
        own = {target.variable: target for target in ready.targets}
        before, after = self.weights[:, number - 1], self.weights[:, number]
        parts: list[pd.DataFrame] = []
        for variable, categories in self._variables().items():
            codes, size = self._codes(variable, categories), len(categories)
            shares = np.full(size, np.nan)
            if variable in own:
                target = own[variable]
                wished = dict(zip(target.categories, target.totals, strict=True))
                shares = np.array([wished[c] for c in categories]) / target.totals.sum()
            parts.append(
                pd.DataFrame(
                    {
                        "variable": variable,
                        "category": list(categories),
                        "n": sums_by(codes, (after > 0).astype(np.float64), size + 1)[:size].astype(
                            int
                        ),
                        "before": _share(codes, before, size),
                        "after": _share(codes, after, size),
                        "target": shares,
                    }
                )
            )
        columns = ["variable", "category", "n", "before", "after", "target"]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)

    def _totals(self, number: int, ready: Ready) -> pd.DataFrame:
        goals = dict(ready.totals)
        names = list(dict.fromkeys(name for each in self.taken for name, _ in each.ready.totals))
        values = np.nan_to_num(self.sample.numbers(names))
        return pd.DataFrame(
            {
                "column": names,
                "before": self.weights[:, number - 1] @ values,
                "after": self.weights[:, number] @ values,
                "target": [goals.get(name, np.nan) for name in names],
            }
        )

    def _undone(self, number: int) -> list[str]:
        """Variables that an earlier step fitted, and that no longer fit after this one."""
        undone: list[str] = []
        now = self.weights[:, number]
        for variable, categories in self._variables().items():
            before = [t for each in self.taken[:number] for t in each.ready.targets]
            fitted = [target for target in before if target.variable == variable]
            if not fitted:
                continue
            wished = dict(zip(fitted[-1].categories, fitted[-1].totals, strict=True))
            shares = np.array([wished[c] for c in categories]) / fitted[-1].totals.sum()
            achieved = _share(self._codes(variable, categories), now, len(categories))
            if np.abs(achieved - shares).max() > LEFT:
                undone.append(variable)
        return undone

    def _variables(self) -> Mapping[str, tuple[str, ...]]:
        """Every margin of the chain, with its categories."""
        return {t.variable: t.categories for each in self.taken for t in each.ready.targets}

    def _codes(self, variable: str, categories: Sequence[str]) -> Integers:
        """(n,) The category of each row of the sample as it came; the last of all for none."""
        levels = self.sample.levels(variable)
        place = {category: number for number, category in enumerate(categories)}
        order = [place.get(name, len(categories)) for name in levels.names]
        return np.array([*order, len(categories)], dtype=np.intp)[levels.codes]


def _share(codes: Integers, weights: Floats, size: int) -> Floats:
    """(size,) Shares of the weight of those who are in one of the categories."""
    held = sums_by(codes, weights, size + 1)[:size]
    whole = float(held.sum())
    return held / whole if whole > 0 else np.full(size, np.nan)


def _noted(found: StepReport, undone: Sequence[str]) -> StepReport:
    """The report with what a reader should know."""
    notes: list[str] = []
    gone = found.before.n - found.after.n
    if gone:
        notes.append(f"{gone:,} of {found.before.n:,} rows left the sample.")
    notes.extend(
        f"Cell '{cell['cell']}': {cell['responded']} of {cell['n']} answered, and weigh "
        f"{cell['factor']:.2f} times as much. Consider merging it."
        for cell in found.cells.to_dict("records")
        if cell["factor"] > MUCH or cell["responded"] < FEW
    )
    if found.after.largest > WIDE:
        notes.append(
            f"The largest weight is {found.after.largest:.1f} times the mean: a single person may "
            "decide an estimate. Consider trimming, or coarser margins."
        )
    notes.extend(f"'{variable}' no longer fits its margin after this step." for variable in undone)
    return replace(found, notes=tuple(notes))
