r"""How stable the answers to a question are between the survey and the back-check.

With :math:`d_i` the survey's answer minus the back-check's: the paired t-test, Wilcoxon's signed
ranks (zeros ranked and taken away again, as Stata's signrank), the two-sample test of
proportions (as prtest), and

.. math:: SRV = \tfrac12 \, \mathrm{var}(d), \quad reliability = 1 - SRV / \mathrm{var}(back)

the simple response variance and the reliability ratio, against the variance of the back-check,
as Innovations for Poverty Action's `bcstats` has it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.backcheck import pairs_of

STABILITY = (
    "question",
    "pairs",
    "survey_mean",
    "back_check_mean",
    "difference",
    "t",
    "t_p",
    "signed_rank_z",
    "signed_rank_p",
    "proportion_z",
    "proportion_p",
    "response_variance",
    "reliability",
)
"""Columns of a table of stability."""
BOTH = 2

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Test:
    """A test statistic and its two-sided p-value; NaN where it is not defined."""

    statistic: float
    p: float


NONE = Test(np.nan, np.nan)


def stability(comparisons: pd.DataFrame, questions: Iterable[str]) -> pd.DataFrame:
    """The tests for each question that is answered in numbers, or in two numbers such as 0 and 1.

    Returns
    -------
    (q, 13)
        With the columns `STABILITY`; questions without a pair of numbers are left out.
        The test of proportions is of questions answered in 0 and 1 only.
    """
    rows: list[tuple[object, ...]] = []
    for question in questions:
        first, second = pairs_of(comparisons, question)
        if not len(first):
            continue
        t, ranks, shares = (
            paired_t(first, second),
            signed_rank(first, second),
            proportions(first, second),
        )
        rows.append(
            (
                question,
                len(first),
                float(first.mean()),
                float(second.mean()),
                float((first - second).mean()),
                t.statistic,
                t.p,
                ranks.statistic,
                ranks.p,
                shares.statistic,
                shares.p,
                response_variance(first, second),
                reliability(first, second),
            )
        )
    return pd.DataFrame(rows, columns=list(STABILITY))


def paired_t(first: Floats, second: Floats) -> Test:
    """The paired t-test."""
    from scipy.stats import t as student

    apart = first - second
    n = len(apart)
    if n < BOTH or np.ptp(apart) == 0:
        return NONE
    t = float(apart.mean() / (apart.std(ddof=1) / np.sqrt(n)))
    return Test(t, float(2 * student.sf(abs(t), n - 1)))


def signed_rank(first: Floats, second: Floats) -> Test:
    """Wilcoxon's signed ranks, by the normal approximation with Pratt's treatment of zeros."""
    from scipy.stats import norm, rankdata

    apart = first - second
    n, zeros = len(apart), int((apart == 0).sum())
    ranks = rankdata(np.abs(apart))
    _, ties = np.unique(ranks[apart != 0], return_counts=True)
    variance = (n * (n + 1) * (2 * n + 1) - zeros * (zeros + 1) * (2 * zeros + 1)) / 24 - float(
        (ties**3 - ties).sum()
    ) / 48
    if variance <= 0:
        return NONE
    expected = (n * (n + 1) - zeros * (zeros + 1)) / 4
    z = (float(ranks[apart > 0].sum()) - expected) / np.sqrt(variance)
    return Test(float(z), float(2 * norm.sf(abs(z))))


def proportions(first: Floats, second: Floats) -> Test:
    """The test that two samples of 0 and 1 have one share, with the pooled variance."""
    from scipy.stats import norm

    both = np.concatenate([first, second])
    share = float(both.mean())
    if not np.isin(both, (0.0, 1.0)).all() or share in (0.0, 1.0):
        return NONE
    z = float((first.mean() - second.mean()) / np.sqrt(share * (1 - share) * 2 / len(first)))
    return Test(z, float(2 * norm.sf(abs(z))))


def response_variance(first: Floats, second: Floats) -> float:
    """Half the variance of the differences, in the square of the answers' unit."""
    return float((first - second).var(ddof=1) / 2) if len(first) >= BOTH else np.nan


def reliability(first: Floats, second: Floats) -> float:
    """1 where both visits always agree; below 0 where they differ more than people do."""
    spread = float(second.var(ddof=1)) if len(second) >= BOTH else 0.0
    return 1 - response_variance(first, second) / spread if spread > 0 else np.nan
