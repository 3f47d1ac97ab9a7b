r"""Do groups differ, when only the order of the answers counts?

Each answer is replaced by a score of its rank in the population, as the weights estimate it,
and the means of the scores are compared under the design (Lumley and Scott 2013,
"Two-sample rank tests under complex sampling", Biometrika 100:831-842). As R's
`svyranktest`.

wilcoxon
    The rank itself, as a share: Wilcoxon's and Kruskal and Wallis's test. The default.
van der waerden
    The normal quantile of that share.
median
    Whether the rank is in the upper half.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias, get_args

import numpy as np
from scipy import special

from survey_kit.design.described import design_line
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.asked import Where, asked_rows
from survey_kit.estimation.group_means import check_groups, group_means
from survey_kit.estimation.intervals import t_tail
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.testable import check_freedom, check_nobody, check_spread, check_word
from survey_kit.estimation.tested import Tested

RankScores: TypeAlias = Literal["wilcoxon", "van der waerden", "median"]
PAIR = 2


@dataclass(frozen=True, repr=False)
class RankTest(Tested):
    """A test that all groups answer alike.

    statistic
        For two groups Student's t, of the second less the first; for more, Wald's
        chi-squared, referred to F.
    numerator_df, denominator_df
        The groups less 1, and the degrees of freedom of t or F.
    difference
        For two groups, that of the mean scores; otherwise NaN.
    scores
        What took the place of the answers.
    """

    statistic: float
    numerator_df: float
    denominator_df: float
    p: float
    difference: float
    scores: RankScores = "wilcoxon"

    @property
    def title(self) -> str:
        called = {
            "wilcoxon": "Kruskal and Wallis" if self.numerator_df > 1 else "Wilcoxon",
            "van der waerden": "van der Waerden",
            "median": "median",
        }
        return f"Rank test ({called[self.scores]})"

    @property
    def numbers(self) -> dict[str, float]:
        if self.numerator_df == 1:
            return {"t": self.statistic, "df": self.denominator_df, "p": self.p}
        return {
            "chi-squared": self.statistic,
            "df": self.numerator_df,
            "denominator_df": self.denominator_df,
            "p": self.p,
        }


def rank_test(
    sample: Sample,
    column: str,
    by: str,
    *,
    scores: RankScores = "wilcoxon",
    where: Where = None,
) -> RankTest:
    """Test whether a column of numbers, or of ordered codes, differs between groups.

    Parameters
    ----------
    by
        A column of two groups or more.
    where
        Of whom: (n,) bool, the name of a column of true and false, or categories by column. Rows that lack the answer or the group leave the base.

    Raises
    ------
    EstimationError
        If there are fewer than two groups, more than the clusters can tell apart, or more than
        `MOST_GROUPS`; if nobody asked about has an answer, everybody answered the same, or the
        clusters leave no degrees of freedom; if there are no such scores.
    """
    at = f"rank test of '{column}' by '{by}'"
    check_word(f"{at}, scores", scores, get_args(RankScores))
    where = asked_rows(sample, where)
    values = sample.numbers([column])[:, 0]
    asked = ~np.isnan(values) & (sample.levels(by).codes >= 0)
    if where is not None:
        asked = asked & where
    scored = np.full(len(sample), np.nan)
    scored[asked] = _scores(values[asked], sample.weights[asked], scores)
    groups = len(np.unique(sample.levels(by).codes[asked]))
    check_nobody(at, asked)
    check_groups(at, groups, PAIR)
    if groups > PAIR and groups > sample.degrees_of_freedom(asked):
        raise _too_many(at)
    means = group_means(sample, scored, by, where=asked)
    freedom = float(groups - 1)
    told = partial(
        RankTest,
        scores=scores,
        compared=f"'{column}' by '{by}'",
        n=int(asked.sum()),
        design=design_line(sample),
        sampling=sample.design.sampling,
    )
    denominator = means.df - freedom
    apart = means.contrast(np.column_stack([-np.ones(groups - 1), np.eye(groups - 1)]))
    check_freedom(at, denominator if groups == PAIR else means.df)
    check_spread(at, np.array([np.ptp(scored[asked])]), 1.0)
    if groups == PAIR:
        check_spread(at, apart.standard_error, 1.0)
        difference, error = float(apart.value[0]), float(apart.standard_error[0])
        t = difference / error
        p = float(t_tail(np.array([t]), denominator)[0])
        return told(t, freedom, denominator, p, difference)
    if denominator <= 0 or np.linalg.matrix_rank(apart.covariance) < freedom:
        raise _too_many(at)
    chi_squared = float(apart.value @ np.linalg.solve(apart.covariance, apart.value))
    p = float(special.fdtrc(freedom, denominator, chi_squared / freedom))
    return told(chi_squared, freedom, denominator, p, np.nan)


def _too_many(at: str) -> EstimationError:
    return EstimationError(
        at,
        "there are more groups than the clusters can tell apart",
        "Put groups together, or leave some out with `where`.",
    )


def _scores(values: Floats, weights: Floats, scores: RankScores) -> Floats:
    """(n,) Scores of weighted mid-ranks; who answered the same has the same."""
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.cumsum(weights[order]) - weights[order] / 2
    _, tied = np.unique(values, return_inverse=True)
    shared = np.bincount(tied, weights=ranks) / np.maximum(np.bincount(tied), 1)
    share = shared[tied] / weights.sum()
    match scores:
        case "wilcoxon":
            return share
        case "van der waerden":
            return np.asarray(special.ndtri(share), dtype=np.float64)
        case "median":
            return (share > 0.5).astype(np.float64)  # noqa: PLR2004
