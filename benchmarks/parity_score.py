"""R's score interval of a quantile, read as R reads it.

R looks for the ends with a search that stops near a step, and then looks the *unweighted*
share at or below them up among weighted values. Ours looks the weighted share up. To compare
digits, our scores are searched as R's `uniroot` does, and looked up as R does.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from parity_design import Asked
from parity_expression import Unsupported
from scipy import stats

from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.quantile import quantile
from survey_kit.estimation.quantile_rules import Rule
from survey_kit.estimation.statistics.mean import MEAN

Numbers = NDArray[np.float64]
MOST_STEPS = 1000


def score_ends(
    asked: Asked, column: str, p: float, *, rule: Rule, alpha: float, df: float
) -> tuple[float, float]:
    """The ends of the interval of one quantile, as R has them."""
    sample = asked.sample
    inside = sample.data[column].notna().to_numpy()
    if asked.where is not None:
        inside = inside & asked.where
    x = sample.data.loc[inside, column].to_numpy(dtype=float)
    t = float(stats.t.isf(alpha / 2, df)) if np.isfinite(df) else float(stats.norm.isf(alpha / 2))
    known: dict[float, float] = {}

    def score(theta: float) -> float:
        """(p - F) / s at theta."""
        step = float((x <= theta).sum())
        if step not in known:
            below = (sample.data[column] <= theta).astype(float)
            made = replace(sample, data=sample.data.assign(below=below))
            found = estimate(MEAN, made, ["below"], where=inside)
            known[step] = float((p - found.value[0]) / found.standard_error[0])
        return known[step]

    iqr = float(np.subtract(*np.quantile(x, [0.75, 0.25])))
    low, high = float(x.min()) + iqr / 100, float(x.max()) - iqr / 100
    tolerance = 1 / (100 * math.sqrt(len(x)))
    ends: list[float] = []
    for limit in (t, -t):
        root = uniroot(lambda theta, limit=limit: score(theta) - limit, low, high, tolerance)
        share = float((x <= root).mean())
        found = quantile(sample, [column], [share], where=asked.where, rule=rule)
        ends.append(float(found.value[0]))
    return ends[0], ends[1]


def uniroot(f: Callable[[float], float], a: float, b: float, tolerance: float) -> float:
    """R's search for a root (Brent 1973), step by step."""
    fa, fb = f(a), f(b)
    if not (np.isfinite(fa) and np.isfinite(fb)) or fa * fb > 0:
        raise Unsupported("R finds no root")
    c, fc = a, fa
    if fa == 0:
        return a
    for _ in range(MOST_STEPS):
        before = b - a
        if abs(fc) < abs(fb):
            a, b, c = b, c, b
            fa, fb, fc = fb, fc, fb
        enough = 2 * sys.float_info.epsilon * abs(b) + tolerance / 2
        step = (c - b) / 2
        if abs(step) <= enough or fb == 0:
            return b
        if abs(before) >= enough and abs(fa) > abs(fb):
            step = _interpolated((a, b, c), (fa, fb, fc), before=before, enough=enough)
        if abs(step) < enough:
            step = enough if step > 0 else -enough
        a, fa = b, fb
        b += step
        fb = f(b)
        if (fb > 0) == (fc > 0) and fb != 0:
            c, fc = a, fa
    raise Unsupported("R's search does not end")


def _interpolated(
    at: tuple[float, float, float],
    of: tuple[float, float, float],
    *,
    before: float,
    enough: float,
) -> float:
    """A step by a line or a parabola, or else half the way."""
    (a, b, c), (fa, fb, fc) = at, of
    far = c - b
    if a == c:
        t1 = fb / fa
        p, q = far * t1, 1 - t1
    else:
        q, t1, t2 = fa / fc, fb / fc, fb / fa
        p = t2 * (far * q * (q - t1) - (b - a) * (t1 - 1))
        q = (q - 1) * (t1 - 1) * (t2 - 1)
    p, q = (p, -q) if p > 0 else (-p, q)
    if p < 0.75 * far * q - abs(enough * q) / 2 and p < abs(before * q / 2):
        return p / q
    return far / 2
