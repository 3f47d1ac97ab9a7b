"""p-values of several tests at once, adjusted so that chance alone seldom raises one.

holm
    Step down: bounds the chance of any false alarm, always at least as powerful as
    bonferroni (Holm 1979, Scandinavian Journal of Statistics 6:65-70). The default.
bonferroni
    p times the number of tests.
hommel
    As holm, a little more powerful, for tests that are not negatively dependent (Hommel
    1988, Biometrika 75:383-386).
hochberg
    Step up: as holm, a little more powerful, for the same tests as hommel (Hochberg 1988,
    Biometrika 75:800-802).
benjamini-hochberg
    Bounds the share of false alarms among alarms, the "false discovery rate", for tests that
    are not negatively dependent (Benjamini and Hochberg 1995, JRSS B 57:289-300).
benjamini-yekutieli
    The same for any tests (Benjamini and Yekutieli 2001, Annals of Statistics 29:1165-1188).
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from survey_kit.errors import EstimationError
from survey_kit.estimation.statistic import Floats

Adjustment: TypeAlias = Literal[
    "holm",
    "bonferroni",
    "hommel",
    "hochberg",
    "benjamini-hochberg",
    "benjamini-yekutieli",
    "none",
]


def adjusted(p: Floats, how: Adjustment = "holm") -> Floats:
    """(families, tests) p-values, each row adjusted on its own; NaN is no test.

    Raises
    ------
    EstimationError
        If there is no such adjustment.
    """
    if how not in get_args(Adjustment):
        raise EstimationError(
            f"adjustment {how!r}",
            "there is none",
            f"Choose one of: {', '.join(get_args(Adjustment))}.",
        )
    known = ~np.isnan(p)
    m = known.sum(axis=1, keepdims=True)
    order = np.argsort(np.where(known, p, np.inf), axis=1, kind="stable")
    ranked = np.take_along_axis(np.where(known, p, 1.0), order, axis=1)
    rank = np.arange(1, p.shape[1] + 1, dtype=np.float64)
    match how:
        case "none":
            return p
        case "bonferroni":
            found = ranked * m
        case "holm":
            found = np.maximum.accumulate(ranked * np.maximum(m - rank + 1, 1), axis=1)
        case "hochberg":
            found = _step_up(ranked * (m - rank + 1), rank <= m)
        case "benjamini-hochberg":
            found = _step_up(ranked * m / rank, rank <= m)
        case "benjamini-yekutieli":
            harmonic = np.concatenate([[0.0], np.cumsum(1 / rank)])[m]
            found = _step_up(harmonic * ranked * m / rank, rank <= m)
        case "hommel":
            rows = zip(ranked, m[:, 0], strict=True)
            found = np.vstack([_hommel(row, int(tests)) for row, tests in rows])
    back = np.empty_like(found)
    np.put_along_axis(back, order, np.minimum(found, 1), axis=1)
    return np.where(known, back, np.nan)


def _step_up(each: Floats, tests: NDArray[np.bool_]) -> Floats:
    """(families, tests) The smallest of those from each on, of ascending p-values."""
    held = np.where(tests, each, np.inf)
    return np.minimum.accumulate(held[:, ::-1], axis=1)[:, ::-1]


def _hommel(p: Floats, m: int) -> Floats:
    """One ascending row of p-values, of which the first m are tests."""
    found = p.copy()
    if m == 0:
        return found
    p = p[:m]
    i = np.arange(1, m + 1)
    q = np.full(m, np.min(m * p / i))
    best = q.copy()
    for size in range(m - 1, 1, -1):
        first = np.arange(m - size + 1)
        rest = np.arange(m - size + 1, m)
        smallest = np.min(size * p[rest] / np.arange(2, size + 1))
        q[first] = np.minimum(size * p[first], smallest)
        q[rest] = q[m - size]
        best = np.maximum(best, q)
    found[:m] = np.maximum(best, p)
    return found
