r"""How far a calibrated weight is from the one before: the curves that calibration moves along.

A weight becomes :math:`w = d\,F(x'\lambda)`, and F belongs to a distance G(w, d) whose sum is
made as small as the totals allow (Deville and Särndal 1992, JASA 87:376-382, table 1):

linear   (w - d)²/2d             F(u) = 1 + u
raking   w log(w/d) - w + d      F(u) = exp u; also called entropy balancing
entropy  d log(d/w) + w - d      F(u) = 1/(1 - u); the minimum entropy distance, which is that
                                 of empirical likelihood
logit    between two bounds      a logistic curve

Bounds cut the first three off.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

from survey_kit.design.stage import Floats
from survey_kit.errors import WeightingError

Distance: TypeAlias = Literal["linear", "raking", "logit", "entropy"]
Curve: TypeAlias = Callable[[Floats], tuple[Floats, Floats]]

STEEPEST = 200.0
"""The exponential and the logistic curve are taken no further than this."""


def curve(distance: Distance, low: Floats, high: Floats) -> Curve:
    """u -> F(u) and its derivative, for rows with (n,) bounds of their factor.

    Raises
    ------
    WeightingError
        If a logistic curve lacks bounds, or they leave out 1.
    """
    match distance:
        case "linear":
            return _cut(lambda u: (1 + u, np.ones_like(u)), low, high)
        case "raking":
            return _cut(_exponential, low, high)
        case "entropy":
            return _cut(_reciprocal, low, high)
        case "logit":
            if not (np.isfinite(low).all() and np.isfinite(high).all()):
                raise WeightingError(
                    "calibration", "distance 'logit' needs bounds", "Give bounds=(0.3, 3)."
                )
            if not ((low < 1) & (high > 1)).all():
                raise WeightingError(
                    "calibration",
                    "a logistic curve needs every weight to lie between the bounds beforehand",
                    "Trim first, or ask for distance='raking'.",
                )
            return _logistic(low, high)


def _cut(free: Curve, low: Floats, high: Floats) -> Curve:
    def cut(u: Floats) -> tuple[Floats, Floats]:
        value, slope = free(u)
        inside = (value > low) & (value < high)
        return np.clip(value, low, high), np.where(inside, slope, 0.0)

    return cut


def _exponential(u: Floats) -> tuple[Floats, Floats]:
    value = np.exp(np.clip(u, -STEEPEST, STEEPEST))
    return value, value


def _reciprocal(u: Floats) -> tuple[Floats, Floats]:
    """1/(1 - u); infinite from 1 on, which sends the search back."""
    left = np.where(u < 1, 1 - u, np.nan)
    value = np.where(u < 1, 1 / left, np.inf)
    return value, value**2


def _logistic(low: Floats, high: Floats) -> Curve:
    steep = (high - low) / ((1 - low) * (high - 1))

    def logistic(u: Floats) -> tuple[Floats, Floats]:
        e = np.exp(np.clip(steep * u, -STEEPEST, STEEPEST))
        below = (high - 1) + (1 - low) * e
        value = (low * (high - 1) + high * (1 - low) * e) / below
        slope = e * (steep * (high - low) * (high - 1) * (1 - low)) / below**2
        return np.asarray(value, dtype=np.float64), np.asarray(slope, dtype=np.float64)

    return logistic
