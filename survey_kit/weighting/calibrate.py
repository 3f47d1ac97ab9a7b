r"""Calibration: weights that reproduce known totals of categories and of numbers.

:math:`w_i = d_i F(x_i' \lambda)` with :math:`\lambda` such that :math:`\sum w_i x_i` are
the totals, found by Newton's method (Deville and Särndal 1992, JASA 87:376-382). How
weights may move, F, is a `Distance`. With "linear" it is the generalised regression
estimator.

Rows that are alike in every margin move alike, so without numbers the search runs on the
combinations of categories, not on rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from survey_kit.design.calibration import Calibration
from survey_kit.design.faults import rows
from survey_kit.design.sample import Sample
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.errors import WeightingError
from survey_kit.weighting.distance import Distance
from survey_kit.weighting.rake import Raked
from survey_kit.weighting.report import report
from survey_kit.weighting.search import Search
from survey_kit.weighting.step import Change, Ready, alone
from survey_kit.weighting.targets import Margins, Target, cells, check_held, listed, targets

__all__ = ["Calibrate", "Distance", "PostStratify", "calibrate", "poststratify"]

BoundsOn: TypeAlias = Literal["factor", "weight"]


def calibrate(
    sample: Sample,
    margins: Margins,
    totals: Mapping[str, float] | None = None,
    *,
    distance: Distance = "linear",
    bounds: tuple[float, float] | None = None,
    bounds_on: BoundsOn = "factor",
    together: str | None = None,
    tolerance: float = 1e-10,
    iterations: int = 200,
    weight: str = "calibrated weight",
) -> Raked:
    """Weights that fit every margin and every total.

    Parameters
    ----------
    margins
        variable -> category -> its total; or shares, if all are at most 1. May be empty if
        there are totals.
    totals
        column of numbers -> its total in the population.
    distance
        How weights may move: see `weighting.distance`.
    bounds
        The smallest and the largest factor by which a weight may change; or, with
        `bounds_on="weight"`, the smallest and the largest weight.
    together
        A column of households, or of clusters: weights in one of them change by the same
        factor (Lemaître and Dufour 1987, Survey Methodology 13:199-207).
    tolerance
        The largest difference from a total, relative to 1 + the total.

    Returns
    -------
    Raked
        The sample remembers what it was calibrated to; if it has replicates each of them is
        calibrated.

    Raises
    ------
    WeightingError
        If the figures do not fit the sample or each other, a weight would be 0 or
        negative, or no weights within the bounds fit: it names the nearest that do.
    """
    for word, known in ((distance, get_args(Distance)), (bounds_on, get_args(BoundsOn))):
        if word not in known:
            raise WeightingError(
                "calibration", f"there is no {word!r}", f"Choose one of: {', '.join(known)}."
            )
    step = Calibrate(
        margins,
        totals or {},
        distance=distance,
        bounds=bounds,
        bounds_on=bounds_on,
        together=together,
        tolerance=tolerance,
        iterations=iterations,
    )
    return _alone(sample, step, weight)


def poststratify(sample: Sample, margins: Margins, *, weight: str = "weight after") -> Raked:
    """Weights that fit one margin exactly: each category times its target over its weight.

    Raises
    ------
    WeightingError
        If there is more than one margin, or it does not fit the sample.
    """
    return _alone(sample, PostStratify(margins), weight)


def _alone(sample: Sample, step: Calibrate | PostStratify, weight: str) -> Raked:
    made, ready, change = alone(sample, step, weight)
    told = report(
        sample.weights, made.weights, ready.targets, iterations=change.iterations, gap=change.gap
    )
    return Raked(made, told)


@dataclass(frozen=True)
class PostStratify:
    """Poststratification as a step; see `poststratify`."""

    margins: Margins

    @property
    def title(self) -> str:
        """What it does, in a line."""
        return f"Poststratification to {listed(list(self.margins))}"

    def ready(self, sample: Sample) -> Ready:
        """The step for the rows of this sample."""
        wanted = targets(sample, self.margins, percent=None)
        if len(wanted) != 1:
            raise WeightingError(
                "poststratification",
                f"it takes one margin, and {len(wanted)} were given",
                "Cross them into one variable, or rake.",
            )
        (target,) = wanted

        def change(weights: Floats, _copies: Floats) -> Change:
            check_held(wanted, [(target.codes, weights)])
            achieved = sums_by(target.codes, weights, len(target.categories))
            factor = target.totals / np.where(achieved > 0, achieved, 1)
            return Change(weights * factor[target.codes])

        return Ready(change, targets=wanted, calibration=lambda before: _margins(wanted, before))


@dataclass(frozen=True)
class Calibrate:
    """Calibration as a step; see `calibrate` for what its figures mean."""

    margins: Margins
    totals: Mapping[str, float] = field(default_factory=dict[str, float])
    distance: Distance = "linear"
    bounds: tuple[float, float] | None = None
    bounds_on: BoundsOn = "factor"
    together: str | None = None
    tolerance: float = 1e-10
    iterations: int = 200

    @property
    def title(self) -> str:
        """What it does, in a line."""
        within = ""
        if self.bounds is not None:
            low, high = self.bounds
            within = f", {self.bounds_on} from {low:g} to {high:g}"
        named = listed([*self.margins, *self.totals])
        return f"Calibration ({self.distance}{within}) to {named}"

    def ready(self, sample: Sample) -> Ready:
        """The step for the rows of this sample."""
        low, high = self.bounds or (-np.inf, np.inf)
        if self.bounds_on == "factor" and not low < 1 < high:
            raise WeightingError(
                "calibration",
                f"the bounds {low:g} and {high:g} leave out 1",
                "Give one on either side.",
            )
        if not low < high:
            raise WeightingError(
                "calibration",
                f"the lower bound {low:g} is not below the upper one {high:g}",
                "Give the lower one first.",
            )
        only_totals = self.totals and not self.margins
        wanted = () if only_totals else targets(sample, self.margins, percent=None)
        numbers, goals = _numbers(sample, self.totals)
        goal = np.concatenate([*(target.totals for target in wanted), goals])
        names = [f"'{c}' of '{t.variable}'" for t in wanted for c in t.categories]
        names += [f"the total of '{name}'" for name in self.totals]

        group = None if self.together is None else _groups(sample, self.together)
        by_row = group is not None or numbers is not None or self.bounds_on == "weight"
        plain = _margins(wanted, sample.weights, numbers)
        row_of = np.arange(len(sample)) if by_row else cells(wanted)
        first = np.unique(row_of, return_index=True)[1]
        alike = plain.auxiliary[first]

        def remembered(before: Floats) -> Calibration:
            found = replace(plain, projection=before)
            return found if group is None else _averaged(found, before, group)

        def change(weights: Floats, copies: Floats) -> Change:
            check_held(wanted, [(target.codes, weights) for target in wanted])
            held = sums_by(row_of, weights, len(first))
            there = held > 0
            x = alike if group is None else remembered(weights).auxiliary
            unit = copies / np.where(held > 0, held, 1) if self.bounds_on == "weight" else there
            search = Search(
                x[there],
                held[there],
                goal,
                tuple(names),
                self.bounds,
                unit[there].astype(np.float64),
                self.distance,
            )
            factor = np.zeros(len(first))
            factor[there], rounds, gap = search.found(self.tolerance, self.iterations)
            after = weights * factor[row_of]
            _check_positive(after, weights > 0)
            return Change(after, iterations=rounds, gap=gap)

        return Ready(
            change, targets=wanted, totals=tuple(self.totals.items()), calibration=remembered
        )


def _check_positive(weights: Floats, there: NDArray[np.bool_]) -> None:
    wrong = int((weights[there] <= 0).sum())
    if wrong:
        raise WeightingError(
            "calibration",
            f"{wrong} weights would be 0 or negative",
            "Ask for distance='raking', or for bounds=(0.3, 3).",
        )


def _margins(
    wanted: Sequence[Target], before: Floats, numbers: Floats | None = None
) -> Calibration:
    return Calibration(
        margins=tuple((target.codes, len(target.categories)) for target in wanted),
        projection=before,
        numbers=numbers,
    )


def _groups(sample: Sample, column: str) -> Integers:
    levels = sample.levels(column)
    missing = levels.codes < 0
    if missing.any():
        raise WeightingError(
            f"column '{column}'",
            f"it is missing in {rows(sample.data, missing)}",
            "Every row needs to belong to one.",
        )
    return levels.codes


def _averaged(plain: Calibration, weights: Floats, group: Integers) -> Calibration:
    """Every auxiliary variable replaced by its weighted mean in the group."""
    n, size = len(group), int(group.max()) + 1
    whole = np.asarray(sums_by(group, weights, size))
    mean = sparse.csr_array(
        (weights / np.where(whole > 0, whole, 1)[group], (group, np.arange(n))), shape=(size, n)
    )
    averages = np.asarray((mean @ plain.auxiliary).todense(), dtype=np.float64)
    return Calibration(margins=(), projection=plain.projection, numbers=averages[group])


def _numbers(sample: Sample, totals: Mapping[str, float]) -> tuple[Floats | None, Floats]:
    if not totals:
        return None, np.empty(0)
    numbers = sample.numbers(list(totals))
    for name, column in zip(totals, numbers.T, strict=True):
        missing = np.isnan(column)
        if missing.any():
            raise WeightingError(
                f"total of '{name}'",
                f"the column is missing in {rows(sample.data, missing)}",
                "Fill it in, or leave the total out.",
            )
    return numbers, np.array(list(totals.values()), dtype=np.float64)
