r"""Calibration: weights that reproduce known totals of categories and of numbers.

:math:`w_i = d_i F(x_i' \lambda)` with :math:`\lambda` such that :math:`\sum w_i x_i` are
the totals, found by Newton's method (Deville and Särndal 1992, JASA 87:376-382).
F(u) is 1 + u for "linear" (the generalised regression estimator), exp u for "raking", and
a logistic curve between two bounds for "logit". With bounds "linear" is cut off at them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

import numpy as np

from survey_kit.design.calibration import Calibration
from survey_kit.design.faults import rows
from survey_kit.design.sample import Sample
from survey_kit.design.stage import Floats
from survey_kit.errors import WeightingError
from survey_kit.weighting.rake import Raked, refuse_second_calibration, with_weights
from survey_kit.weighting.report import report
from survey_kit.weighting.targets import Target, targets

Distance: TypeAlias = Literal["linear", "raking", "logit"]
Curve: TypeAlias = Callable[[Floats], tuple[Floats, Floats]]


STEEPEST = 200.0
"""The logistic curve is flat beyond this."""


def calibrate(
    sample: Sample,
    margins: Mapping[str, Mapping[str, float]],
    totals: Mapping[str, float] | None = None,
    *,
    distance: Distance = "linear",
    bounds: tuple[float, float] | None = None,
    tolerance: float = 1e-10,
    iterations: int = 200,
    weight: str = "calibrated weight",
) -> Raked:
    """Weights that fit every margin and every total.

    Parameters
    ----------
    margins
        variable -> category -> its total; or shares, if all are at most 1.
    totals
        column of numbers -> its total in the population.
    distance
        How weights may move: see the module.
    bounds
        The smallest and the largest factor by which a weight may change.
    tolerance
        The largest difference from a total, relative to 1 + the total.

    Raises
    ------
    WeightingError
        If the figures do not fit the sample or each other, a weight would be 0 or
        negative, or the rounds do not converge.
    """
    refuse_second_calibration(sample)
    wanted = targets(sample, margins, percent=None)
    numbers, goals = _numbers(sample, totals or {})
    calibration = Calibration(
        margins=tuple((target.codes, len(target.categories)) for target in wanted),
        projection=sample.weights,
        numbers=numbers,
    )
    goal = np.concatenate([*(target.totals for target in wanted), goals])
    factor, rounds, gap = _newton(
        calibration,
        sample.weights,
        goal,
        _curve(distance, bounds),
        tolerance=tolerance,
        iterations=iterations,
    )
    weights = sample.weights * factor
    if (weights <= 0).any():
        raise WeightingError(
            "calibration",
            f"{int((weights <= 0).sum())} weights would be 0 or negative",
            "Ask for distance='raking', or for bounds=(0.3, 3).",
        )
    return Raked(
        with_weights(sample, weights, weight, calibration),
        report(sample.weights, weights, wanted, iterations=rounds, gap=gap),
    )


def poststratify(
    sample: Sample, margins: Mapping[str, Mapping[str, float]], *, weight: str = "weight after"
) -> Raked:
    """Weights that fit one margin exactly: each category times its target over its weight.

    Raises
    ------
    WeightingError
        If there is more than one margin, or it does not fit the sample.
    """
    refuse_second_calibration(sample)
    wanted = targets(sample, margins, percent=None)
    if len(wanted) != 1:
        raise WeightingError(
            "poststratification",
            f"it takes one margin, and {len(wanted)} were given",
            "Cross them into one variable, or rake.",
        )
    (target,) = wanted
    calibration = Calibration(
        margins=((target.codes, len(target.categories)),), projection=sample.weights
    )
    factor = _factors(target, sample.weights)
    weights = sample.weights * factor[target.codes]
    return Raked(
        with_weights(sample, weights, weight, calibration),
        report(sample.weights, weights, wanted, iterations=1, gap=0.0),
    )


def _factors(target: Target, weights: Floats) -> Floats:
    achieved = np.bincount(target.codes, weights, minlength=len(target.categories))
    return np.asarray(target.totals / np.where(achieved > 0, achieved, 1), dtype=np.float64)


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


def _curve(distance: Distance, bounds: tuple[float, float] | None) -> Curve:
    """u -> F(u) and its derivative."""
    low, high = bounds or (-np.inf, np.inf)
    if not low < 1 < high:
        raise WeightingError(
            "calibration",
            f"the bounds {low:g} and {high:g} leave out 1",
            "Give one on either side.",
        )
    match distance:
        case "linear":

            def straight(u: Floats) -> tuple[Floats, Floats]:
                free = (1 + u > low) & (1 + u < high)
                return np.clip(1 + u, low, high), free.astype(np.float64)

            return straight
        case "raking":
            if bounds is not None:
                raise WeightingError(
                    "calibration", "distance 'raking' takes no bounds", "Ask for 'logit'."
                )
            return lambda u: (np.exp(u), np.exp(u))
        case "logit":
            if bounds is None:
                raise WeightingError(
                    "calibration", "distance 'logit' needs bounds", "Give bounds=(0.3, 3)."
                )
            steep = (high - low) / ((1 - low) * (high - 1))

            def logistic(u: Floats) -> tuple[Floats, Floats]:
                e = np.exp(np.clip(steep * u, -STEEPEST, STEEPEST))
                below = (high - 1) + (1 - low) * e
                value = (low * (high - 1) + high * (1 - low) * e) / below
                slope = e * (steep * (high - low) * (high - 1) * (1 - low)) / below**2
                return np.asarray(value, dtype=np.float64), np.asarray(slope, dtype=np.float64)

            return logistic


def _newton(
    calibration: Calibration,
    weights: Floats,
    goal: Floats,
    curve: Curve,
    *,
    tolerance: float,
    iterations: int,
) -> tuple[Floats, int, float]:
    """(n,) factors, the rounds it took, and the gap that is left."""
    x = calibration.auxiliary
    multiplier = np.zeros(len(goal))
    gap = np.inf
    for number in range(1, iterations + 1):
        u = np.asarray(x @ multiplier, dtype=np.float64)
        factor, slope = curve(u)
        left = goal - np.asarray(x.T @ (weights * factor), dtype=np.float64)
        gap = float(np.max(np.abs(left) / (1 + np.abs(goal))))
        if gap <= tolerance:
            return factor, number, gap
        second = np.asarray((x.T @ (x * (weights * slope)[:, None])).todense(), dtype=np.float64)
        # margins add to the same whole, so the matrix is singular: the shortest step is taken
        scale = np.sqrt(np.where(np.diag(second) > 0, np.diag(second), 1))
        step, *_ = np.linalg.lstsq(second / np.outer(scale, scale), left / scale, rcond=1e-12)
        multiplier = multiplier + step / scale
    raise WeightingError(
        "calibration",
        f"after {iterations} rounds a total is still {gap:.2g} of itself away",
        "The totals may contradict each other, or the bounds be too tight: widen them.",
    )
