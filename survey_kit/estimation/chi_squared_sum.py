r"""The chance that a weighted sum of squares of normal variables exceeds a number.

:math:`P(\sum_i \lambda_i Z_i^2 > x)`: what a chi-squared statistic comes to when the data are
no simple random sample.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from survey_kit.estimation.statistic import Floats

NEAR_THE_MEAN = 1e-4
"""The saddlepoint formula divides by a number this small where x is near its mean."""


def satterthwaite(x: float, weights: Floats) -> tuple[float, float, float]:
    """The tail of a scaled chi-squared of the same mean and variance, its scale, and its df."""
    scale = float((weights**2).sum() / weights.sum())
    df = float(weights.sum() ** 2 / (weights**2).sum())
    return float(special.chdtrc(df, x / scale)), scale, df


def saddlepoint(x: float, weights: Floats, df: float = np.inf) -> float:
    r"""The tail by saddlepoint approximation (Kuonen 1999, Biometrika 86:929-935).

    Its relative error stays small far out in the tail. At the mean of the sum, where it is
    not defined, Satterthwaite's approximation serves.

    Parameters
    ----------
    df
        Degrees of freedom of the :math:`\lambda_i`, as far as the design knows them: the tail
        is then that of :math:`\sum_i \lambda_i Z_i^2 > x \chi^2_{df} / df`. As in R, the last
        takes whole degrees of freedom: a fraction is cut off.
    """
    known, scale, freedom = satterthwaite(x, weights)
    terms, beyond = weights, x
    if np.isfinite(df):
        known = float(special.fdtrc(freedom, df, x / (freedom * scale)))
        terms, beyond = np.append(weights, np.full(int(df), -x / df)), 0.0
    largest = float(terms.max())
    if largest <= 0:
        return np.nan
    found = _kuonen(beyond / largest, terms / largest)
    return known if np.isnan(found) else found


def _kuonen(x: float, weights: Floats) -> float:
    """The formula for weights of which the largest is 1; NaN where it is not defined."""
    from scipy import optimize

    def slope(zeta: float) -> float:
        return float((weights / (1 - 2 * zeta * weights)).sum()) - x

    upper = 0.5 * (1 - 1e-5)
    negative = weights[weights < 0]
    if len(negative):
        lower = float((1 / (2 * negative)).max()) * (1 - 1e-5)
    elif x > weights.sum():
        lower = -0.01
    else:
        lower = -len(weights) / (2 * max(x, float(np.finfo(np.float64).tiny)))
    if slope(lower) >= 0 or slope(upper) <= 0:
        return np.nan
    at: float = optimize.brentq(slope, lower, upper, xtol=1e-14)
    if abs(at) < NEAR_THE_MEAN:
        return np.nan
    cumulant = -float(np.log1p(-2 * at * weights).sum()) / 2
    bend = 2 * float((weights**2 / (1 - 2 * at * weights) ** 2).sum())
    w = math.copysign(math.sqrt(2 * (at * x - cumulant)), at)
    v = at * math.sqrt(bend)
    return float(special.ndtr(-(w + math.log(v / w) / w)))
