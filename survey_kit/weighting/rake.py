r"""Raking: weights that reproduce several margins at once, as near as can be to those before.

Iterative proportional fitting (Deming and Stephan 1940, Annals of Mathematical Statistics
11:427-444): multiply the weights of each category by target / achieved, margin after
margin, until all fit. It runs on the cells of the margins, not on rows, so its cost hardly
depends on the number of interviews.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey_kit.design.calibration import Calibration
from survey_kit.design.described import design_line
from survey_kit.design.sample import Sample
from survey_kit.design.shown import Shown, Table, of_frame
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.errors import WeightingError
from survey_kit.weighting.feasible import remedy
from survey_kit.weighting.report import WeightReport, report
from survey_kit.weighting.step import Change, Ready, alone
from survey_kit.weighting.targets import Margins, Target, cells, check_held, listed, targets

__all__ = ["Rake", "Raked", "WeightReport", "rake"]

SWEEPS = 10
"""How often R sweeps the margins out of the influences of a raked sample."""


@dataclass(frozen=True, eq=False, repr=False)
class Raked(Shown):
    """A sample with new weights, and what that did."""

    sample: Sample
    report: WeightReport

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each category of each margin: n, and its share before, after and wanted."""
        return self.report.margins

    def shown(self) -> Table:
        """The margins, and what the weights cost."""
        under = [self.report.sentence, design_line(self.sample)]
        return of_frame(self.frame, under=under)


def rake(
    sample: Sample,
    margins: Margins,
    *,
    tolerance: float = 1e-10,
    iterations: int = 1000,
    weight: str = "raked weight",
) -> Raked:
    """Weights that fit every margin.

    Parameters
    ----------
    margins
        variable -> category -> its share, percentage or total. Figures of at most 1 are
        shares and must add to 1; figures that add to 100 are percentages; others are
        totals, which must agree between margins. If all are shares the weights add to the
        number of rows, otherwise to the total.
    tolerance
        The largest relative difference from a margin that counts as fitting.
    iterations
        Rounds after which to give up.
    weight
        The column that the new weights are put in.

    Returns
    -------
    Raked
        The sample remembers its margins, so that variances are those of residuals
        (docs/decisions/0003); if it has replicates each of them is raked.

    Raises
    ------
    WeightingError
        If margins and sample do not fit together, or the rounds do not converge: a
        half-raked weight is never returned.
    """
    step = Rake(margins, tolerance=tolerance, iterations=iterations)
    made, ready, change = alone(sample, step, weight)
    return Raked(
        made,
        report(
            sample.weights,
            made.weights,
            ready.targets,
            iterations=change.iterations,
            gap=change.gap,
        ),
    )


@dataclass(frozen=True)
class Rake:
    """Raking as a step; see `rake` for what its figures mean."""

    margins: Margins
    tolerance: float = 1e-10
    iterations: int = 1000

    @property
    def title(self) -> str:
        """What it does, in a line."""
        return f"Raking to {listed(list(self.margins))}"

    def ready(self, sample: Sample) -> Ready:
        """The step for the rows of this sample."""
        wanted = targets(sample, self.margins)
        cell = cells(wanted)
        first = np.unique(cell, return_index=True)[1]
        codes = [target.codes[first] for target in wanted]

        def change(weights: Floats, _copies: Floats) -> Change:
            held = sums_by(cell, weights, len(first))
            check_held(wanted, [(code, held) for code in codes])
            factors, rounds, gap = fit_cells(held, wanted, codes, self.tolerance, self.iterations)
            raked = weights * factors[cell]
            raked = raked * (wanted[0].totals.sum() / raked.sum())
            return Change(raked, iterations=rounds, gap=gap)

        def calibration(before: Floats) -> Calibration:
            return Calibration(
                margins=tuple((target.codes, len(target.categories)) for target in wanted),
                projection=np.ones(len(before)),
                sweeps=SWEEPS,
            )

        return Ready(change, targets=wanted, calibration=calibration)


def fit_cells(
    held: Floats,
    wanted: Sequence[Target],
    codes: Sequence[Integers],
    tolerance: float,
    iterations: int,
) -> tuple[Floats, int, float]:
    """(cells,) factors, the rounds it took, and the gap that is left.

    Parameters
    ----------
    held
        (cells,) What the people of each combination of categories weigh.
    codes
        For each margin the (cells,) category of each.
    """
    base = held * (wanted[0].totals.sum() / held.sum())
    current = base.copy()
    every = _Every.of(wanted, codes)
    gap, worst = np.inf, wanted[0]
    for number in range(1, iterations + 1):
        for target, code in zip(wanted, codes, strict=True):
            achieved = sums_by(code, current, len(target.totals))
            wished = np.ones_like(achieved)
            np.divide(target.totals, achieved, out=wished, where=achieved > 0)
            current *= wished[code]
        gap, at = every.gap(current)
        if gap <= tolerance:
            factors = np.divide(current, base, out=np.ones_like(base), where=base > 0)
            return factors, number, gap
        worst = wanted[at]
    there = held > 0
    seen = [code[there] for code in codes]
    what = (
        f"after {iterations} rounds the margin '{worst.variable}' is still {gap:.2g} of a category "
        "away from its target"
    )
    raise WeightingError("raking", what, remedy(wanted, seen, held[there]))


@dataclass(frozen=True, eq=False)
class _Every:
    """The categories of all margins, numbered one after the other.

    codes
        (margins * cells,) The category of each cell in the first margin, the second, ...
    totals, wished, margin
        (categories,) What each should weigh, the same or 1 where that is 0, and whose it is.
    """

    codes: Integers
    totals: Floats
    wished: Floats
    margin: Integers

    @classmethod
    def of(cls, wanted: Sequence[Target], codes: Sequence[Integers]) -> _Every:
        sizes = np.array([len(target.totals) for target in wanted])
        begins = np.cumsum(sizes) - sizes
        totals = np.concatenate([target.totals for target in wanted])
        return cls(
            np.concatenate([code + at for code, at in zip(codes, begins, strict=True)]),
            totals,
            np.where(totals > 0, totals, 1),
            np.repeat(np.arange(len(sizes)), sizes),
        )

    def gap(self, cells: Floats) -> tuple[float, int]:
        """The largest relative difference of (cells,) weights from a target, and whose it is."""
        weights = np.tile(cells, int(self.margin[-1]) + 1)
        achieved = sums_by(self.codes, weights, len(self.totals))
        gaps = np.abs(achieved - self.totals) / self.wished
        worst = int(np.argmax(gaps))
        return float(gaps[worst]), int(self.margin[worst])
