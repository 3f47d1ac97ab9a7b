"""R's likelihood interval is read off a spline through a few points of the profile.

Ours is where the profile meets its bound, which is what R's stands for; they are apart by
some thousandths. To compare digits, the points that R computes are taken from our profile
and read as R reads them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from survey_kit.estimation.models.regression import Regression

Floats = NDArray[np.float64]
MOST_STEPS = 10
POINTS = 3


def read_as_r(model: Regression, df: float, level: float) -> tuple[float, float]:
    """The interval of a share, given as a model with nothing but an intercept, as R reads it."""
    centre = float(model.coefficients.value[0])
    error = float(model.coefficients.standard_error[0])
    p, n = float(special.expit(centre)), int(model.used.sum())
    tail = (1 - level) / 2
    t = float(stats.t.isf(tail, df)) if np.isfinite(df) else float(stats.norm.isf(tail))
    cutoff = t * error / float(np.sqrt(model.naive[0, 0]))
    # the root of F's quantile, taken of t, which has one of the furthest tails too
    zmax = float(stats.t.isf(stats.norm.cdf(-cutoff) / 4, n - 1))
    step = zmax / 5 * error
    points = [(centre, 0.0)]
    for sign in (-1, 1):
        z, number = 0.0, 1
        while number < MOST_STEPS and abs(z) < zmax:
            at = centre + sign * number * step
            z = sign * profile(p, at, n)
            points.append((at, z))
            number += 1
    x, y = (np.array(each) for each in zip(*sorted(points), strict=True))
    grid = np.linspace(x[0], x[-1], POINTS * len(x))
    curve = spline(x, y, grid)
    low, high = np.interp([-cutoff, cutoff], curve, grid)
    return float(special.expit(low)), float(special.expit(high))


def profile(p: float, odds: float, n: int) -> float:
    """The root of the deviance of log odds, over the dispersion n/(n - 1)."""
    yes, no = special.log_expit(odds), special.log_expit(-odds)
    own = p * np.log(p) + (1 - p) * np.log1p(-p)
    return float(np.sqrt(max(2 * (n - 1) * (own - p * yes - (1 - p) * no), 0.0)))


def spline(x: Floats, y: Floats, at: Floats) -> Floats:
    """The cubic spline of Forsythe, Malcolm and Moler (1977), R's default.

    Its ends follow the cubics through the first and the last four points.
    """
    n = len(x)
    d, rise = np.diff(x), np.diff(y) / np.diff(x)
    b, c = np.zeros(n), np.zeros(n)
    b[1:-1] = 2 * (d[:-1] + d[1:])
    c[1:-1] = np.diff(rise)
    b[0], b[-1] = -d[0], -d[-1]
    c[0] = (c[2] / (x[3] - x[1]) - c[1] / (x[2] - x[0])) * d[0] ** 2 / (x[3] - x[0])
    c[-1] = -(c[-2] / (x[-1] - x[-3]) - c[-3] / (x[-2] - x[-4])) * d[-1] ** 2 / (x[-1] - x[-4])
    for i in range(1, n):
        share = d[i - 1] / b[i - 1]
        b[i] -= share * d[i - 1]
        c[i] -= share * c[i - 1]
    c[-1] /= b[-1]
    for i in range(n - 2, -1, -1):
        c[i] = (c[i] - d[i] * c[i + 1]) / b[i]
    slope = rise - d * (c[1:] + 2 * c[:-1])
    third = np.diff(c) / d
    place = np.clip(np.searchsorted(x, at, side="right") - 1, 0, n - 2)
    u = at - x[place]
    return y[place] + u * (slope[place] + u * (3 * c[place] + u * third[place]))
