"""Which number is a quantile: the twelve rules of R's `svyquantile`.

The weighted share of people at or below a value climbs in steps. Where it passes p between
two steps, a rule says which value, or what between two values, is the quantile. hf1 to hf9
are those of Hyndman and Fan 1996, "Sample quantiles in statistical packages", The American
Statistician 50:361-365, with weights in place of counts.

math (hf1)
    The smallest value that a share p or more are at or below. The default.
school (hf2)
    The same; where a step ends at p exactly, the middle of the two values.
hf3
    The same; where a step ends at p exactly, the value of even rank among distinct values.
hf4
    Linear between the steps.
hf5, hf6, hf7, hf8, hf9
    Linear between points of which each rule places the i-th value elsewhere.
shahvaish
    A step function through points as R places them. It depends on the unit of the weights,
    so it is here to repeat what R gives, not to be chosen.

A step that ends within `ROUNDING` of p ends at p.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from survey_kit.estimation.statistic import Floats

Rule: TypeAlias = Literal[
    "math", "school", "shahvaish", "hf1", "hf2", "hf3", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9"
]

ROUNDING = 1e-12
"""Shares this close are the same share."""


def weighted_quantiles(values: Floats, weights: Floats, at: Floats, rule: Rule) -> Floats:
    """The quantiles of values in ascending order.

    Parameters
    ----------
    values
        (n,) In ascending order.
    weights
        (n,) 0 or more; who weighs 0 is not there.
    at
        (k,) Shares from 0 to 1; NaN where there is none to look up.

    Returns
    -------
    (k,)
        NaN where nobody is there, or the share is NaN.
    """
    present = weights > 0
    if not present.all():
        values, weights = values[present], weights[present]
    if len(values) == 0:
        return np.full(at.shape, np.nan)
    known = ~np.isnan(at)
    found = np.full(at.shape, np.nan)
    found[known] = _known(values, weights, at[known], rule)
    return found


def _known(values: Floats, weights: Floats, at: Floats, rule: Rule) -> Floats:
    if len(values) == 1:
        return np.full(at.shape, values[0])
    upto = np.cumsum(weights)
    whole, last = upto[-1], weights[-1]
    before = np.concatenate(([0.0], upto[:-1]))
    match rule:
        case "math" | "hf1" | "school" | "hf2" | "hf3" | "hf4":
            return _stepwise(values, upto / whole, at, rule)
        case "hf5":
            points = (upto - weights / 2) / whole
        case "hf6":
            points = upto / (whole + last)
        case "hf7":
            points = before / before[-1]
        case "hf8":
            points = (before / 3 + upto * 2 / 3) / (whole + last / 3)
        case "hf9":
            points = (before * 3 / 8 + upto * 5 / 8) / (whole + last / 4)
        case "shahvaish":
            ranks = upto / weights.mean()
            points = (ranks + 0.5 - weights / 2) / (len(values) + 1)
            return _through(points, values, at)
    return np.asarray(np.interp(at, points, values), dtype=np.float64)


def _stepwise(values: Floats, share: Floats, at: Floats, rule: Rule) -> Floats:
    """The rules that look at the two steps around p."""
    if rule == "hf3":
        final = np.append(values[1:] != values[:-1], True)
        values, share = values[final], share[final]
    reached = np.searchsorted(share, at + ROUNDING, side="right") - 1
    low = np.maximum(reached, 0)
    high = np.minimum(reached + 1, len(values) - 1)
    tied: NDArray[np.bool_] = (reached >= 0) & (np.abs(at - share[low]) <= ROUNDING)
    if rule in {"school", "hf2"}:
        return np.where(tied, (values[low] + values[high]) / 2, values[high])
    if rule == "hf3":
        even = (low + 1) % 2 == 0
        return np.where(tied & even, values[low], values[high])
    if rule == "hf4":
        step = np.where(high > low, share[high] - share[low], 1.0)
        along = np.clip((at - share[low]) / step, 0, 1)
        return np.minimum(values[low] + (values[high] - values[low]) * along, values[high])
    return np.where(tied, values[low], values[high])


def _through(points: Floats, values: Floats, at: Floats) -> Floats:
    """A step function: the value of the last point at or below p; points may be out of order."""
    places, which = np.unique(points, return_inverse=True)
    mean = np.bincount(which, weights=values) / np.bincount(which)
    reached = np.searchsorted(places, at, side="right") - 1
    return np.asarray(mean[np.maximum(reached, 0)], dtype=np.float64)
