"""The search for calibrated weights: Newton's method on a convex problem.

The factors F(x' lambda) whose weighted sums of x are the totals make something convex in
lambda as small as it can be, so a step that leads uphill again was too long. If there are
no such factors the refusal says what is in the way, and what is nearest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from survey_kit.design.stage import Floats
from survey_kit.errors import WeightingError
from survey_kit.weighting.distance import Curve, Distance, curve
from survey_kit.weighting.feasible import farthest, nearest_bounds

HALVINGS = 30
"""How often a step of the search that leads too far is halved."""

UPHILL = 0.5
"""A step has led too far where it is uphill by more than this share of the slope it began on."""


@dataclass(frozen=True, eq=False)
class Search:
    """The factors that fit all totals.

    x, weights
        (m, q) auxiliary variables of m rows or cells, and (m,) what these weigh.
    goal, names
        (q,) The totals, and what they are called.
    bounds, unit
        A factor is between the bounds times (m,) unit.
    """

    x: sparse.csr_array
    weights: Floats
    goal: Floats
    names: tuple[str, ...]
    bounds: tuple[float, float] | None
    unit: Floats
    distance: Distance

    @cached_property
    def curve(self) -> Curve:
        """F and its derivative."""
        low, high = self.bounds or (-np.inf, np.inf)
        return curve(self.distance, low * self.unit, high * self.unit)

    def found(self, tolerance: float, iterations: int) -> tuple[Floats, int, float]:
        """(m,) factors, the rounds it took, and the gap that is left.

        Raises
        ------
        WeightingError
            If there are none, saying why.
        """
        multiplier = np.zeros(len(self.goal))
        left, factor, slope = self._left(multiplier)
        gap = self._gap(left)
        number = 0
        for number in range(1, iterations + 1):
            if gap <= tolerance:
                return factor, number, gap
            second = self.x.T @ (self.x * (self.weights * slope)[:, None])
            step = _shortest(np.asarray(second.todense(), dtype=np.float64), left)
            slope_there = float(left @ step)
            for halving in range(HALVINGS):
                tried = multiplier + step / 2**halving
                after, factor, slope = self._left(tried)
                # what is minimised is convex: a step is too long where it leads uphill again
                if float(after @ step) >= -UPHILL * slope_there:
                    break
            else:
                break
            multiplier, left = tried, after
            gap = self._gap(left)
        raise self._refusal(number, gap)

    def _left(self, multiplier: Floats) -> tuple[Floats, Floats, Floats]:
        """(q,) what is missing to the totals; (m,) factors and slopes."""
        factor, slope = self.curve(np.asarray(self.x @ multiplier, dtype=np.float64))
        with np.errstate(invalid="ignore"):
            left = self.goal - np.asarray(self.x.T @ (self.weights * factor), dtype=np.float64)
        return left, factor, slope

    def _gap(self, left: Floats) -> float:
        return float(np.max(np.abs(left) / (1 + np.abs(self.goal))))

    def _refusal(self, iterations: int, gap: float) -> WeightingError:
        away = f"after {iterations} rounds a total is still {gap:.2g} of itself away"
        far = farthest(self.x, self.weights, self.goal, self.names)
        if far is not None:
            return WeightingError(
                "calibration",
                f"no weights above 0 fit all totals: {far.name} should be {far.wanted:,.6g}, and "
                f"with these people the nearest it can come to is {far.reached:,.6g}",
                "The totals contradict each other, or the sample: correct them, merge "
                "categories, or leave one out.",
            )
        if self.bounds is None:
            return WeightingError(
                "calibration",
                f"{away}, though there are weights that fit",
                "Ask for distance='raking', or for more iterations.",
            )
        return self._too_tight(away, self.bounds)

    def _too_tight(self, away: str, bounds: tuple[float, float]) -> WeightingError:
        low, high = bounds
        middle = 1.0
        if not (self.unit == 1).all():
            mean = float(self.weights.sum() / (self.weights @ self.unit))
            middle = mean if low < mean < high else (low + high) / 2
        near = nearest_bounds(
            self.x, self.weights, self.goal, bounds, unit=self.unit, middle=middle
        )
        if near is None:
            return WeightingError(
                "calibration",
                f"{away}; the totals can be met only by weights of 0 for some people",
                "Merge categories, or leave a total out.",
            )
        if near[0] >= low and near[1] <= high:
            return WeightingError(
                "calibration",
                f"{away}, though there are weights that fit",
                "Allow more iterations, or give wider bounds.",
            )
        return WeightingError(
            "calibration",
            f"no weights within the bounds {low:g} and {high:g} fit all totals",
            f"The nearest bounds that can be kept are about {near[0]:g} and {near[1]:g}: "
            f"give bounds=({near[0]:g}, {near[1]:g}), merge categories, or leave a total out.",
        )


def _shortest(second: Floats, left: Floats) -> Floats:
    """(q,) Newton's step; margins add to the same whole, so the matrix is singular."""
    scale = np.sqrt(np.where(np.diag(second) > 0, np.diag(second), 1))
    step, *_ = np.linalg.lstsq(second / np.outer(scale, scale), left / scale, rcond=1e-12)
    return np.asarray(step / scale, dtype=np.float64)
