r"""Do the shares of categories differ from shares that were given?

Pearson's :math:`X^2 = \sum_i (N_i - p_i N)^2 / (p_i N)` of the weighted totals. Under the design
it is a sum of squares with weights :math:`\lambda_i`, the eigenvalues of the covariance of
:math:`(N_i - p_i N) / \sqrt{p_i N}`, referred to a scaled chi-squared of the same mean and
variance (Rao and Scott 1981, "The analysis of categorical data from complex sample
surveys", JASA 76:221-230). As R's `svygofchisq`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from survey_kit.design.described import design_line
from survey_kit.design.drawn import Drawn
from survey_kit.errors import EstimationError
from survey_kit.estimation import domains
from survey_kit.estimation.asked import Where, asked_rows
from survey_kit.estimation.cells import OneChoice, covariance
from survey_kit.estimation.chi_squared_sum import satterthwaite
from survey_kit.estimation.testable import check_spread
from survey_kit.estimation.tested import Tested

SEVERAL = 2

MOST_CATEGORIES = 2_000
"""Beyond, the eigenvalues of their covariance would take minutes."""


@dataclass(frozen=True, repr=False)
class GoodnessOfFit(Tested):
    """A test of shares.

    statistic
        Pearson's, of the weighted totals: it grows with the weights, and so does `scale`.
    scale, df
        Of the chi-squared distribution it is referred to.
    """

    statistic: float
    scale: float
    df: float
    p: float

    @property
    def title(self) -> str:
        return "Goodness of fit, Rao-Scott, second order"

    @property
    def numbers(self) -> dict[str, float]:
        return {
            "X²_over_scale": self.statistic / self.scale,
            "df": self.df,
            "p": self.p,
        }


def goodness_of_fit(
    sample: Drawn,
    column: str,
    shares: Mapping[str, float],
    *,
    where: Where = None,
) -> GoodnessOfFit:
    """Test the shares of a column of categories against given ones.

    Parameters
    ----------
    shares
        For every category of the column, its share, or a number in proportion to it.
    where
        Of whom: (n,) bool, the name of a column of true and false, or categories by column. Rows without a category leave the base.

    Raises
    ------
    EstimationError
        If the categories are not those of the column, or a share is 0 or negative; if there
        are fewer than two, or more than `MOST_CATEGORIES`; if nobody answered, or the answers
        have no sampling error.
    """
    where = asked_rows(sample, where)
    levels = sample.levels(column)
    if set(shares) != set(levels.names):
        wrong = min(set(shares) ^ set(levels.names))
        raise EstimationError(
            f"goodness of fit of '{column}'",
            f"'{wrong}' is not in both the column and the shares",
            "Give one share for every category of the column.",
        )
    if len(levels.names) < SEVERAL:
        raise EstimationError(
            f"goodness of fit of '{column}'",
            f"it has {len(levels.names) or 'no'} categor{'y' if len(levels.names) == 1 else 'ies'}"
            ", and nothing to compare",
            "Give a column of two categories or more.",
        )
    if len(levels.names) > MOST_CATEGORIES:
        raise EstimationError(
            f"goodness of fit of '{column}'",
            f"{len(levels.names):,} categories are too many for their covariance",
            f"Put categories together: at most {MOST_CATEGORIES:,} can be tested.",
        )
    given = np.array([shares[name] for name in levels.names], dtype=np.float64)
    if not (given > 0).all():
        raise EstimationError(
            f"goodness of fit of '{column}'",
            "a share is 0 or negative, or missing",
            "Leave out the category, with `where`, or give it a share above 0.",
        )
    given = given / given.sum()
    grid = domains.grid(sample, (), where)
    cells = OneChoice(np.where(grid.code >= 0, levels.codes, -1), 1, len(given))
    chosen, base = cells.sums(np.zeros(len(sample), dtype=np.intp), 1, sample.weights)
    if base[0, 0] <= 0:
        raise EstimationError(
            f"goodness of fit of '{column}'",
            "nobody asked about has an answer",
            "Check the column.",
        )
    totals = chosen[0, 0]
    of_totals = covariance(sample, cells, np.zeros((1, len(given))), base[0]) * base[0, 0] ** 2
    expected = given * totals.sum()
    gap = totals - expected
    slope = (np.eye(len(given)) - given[:, None]) / np.sqrt(expected)[:, None]
    slope -= (gap * given / (2 * expected**1.5))[:, None]
    spread = np.linalg.eigvalsh(slope @ of_totals @ slope.T)
    weights = np.asarray(spread, dtype=np.float64)
    error = np.sqrt(np.maximum(weights[-1:], 0))
    check_spread(f"goodness of fit of '{column}'", error, float(np.sqrt(expected.max())))
    statistic = float((gap**2 / expected).sum())
    p, scale, df = satterthwaite(statistic, weights)
    return GoodnessOfFit(
        statistic,
        scale,
        df,
        p,
        compared=f"shares of '{column}' against those given",
        n=int(sample.people[cells.cell >= 0].sum()),
        design=design_line(sample),
        sampling=sample.design.sampling,
    )
