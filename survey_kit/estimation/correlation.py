r"""How closely columns of numbers go together: Pearson's correlation in the population.

:math:`r = s_{xy} / \sqrt{s_{xx} s_{yy}}`, a smooth function of variances and covariances, so its
error follows from theirs under the design (the delta method; Wolter 2007, chapter 6; R's
`svycontrast` of `svyvar`). The interval is that of :math:`z = \operatorname{artanh} r`, which
stays between -1 and 1 (Fisher 1921, Metron 1:3-32), on the degrees of freedom of the design.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from survey_kit.design.design import Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.asked import Where, asked_rows
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.intervals import t_quantile, t_tail
from survey_kit.estimation.nonlinear import function_of
from survey_kit.estimation.shown import Shown, Table, of_result, said_of_tests
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.testable import ROUNDING, check_freedom
from survey_kit.estimation.variances import variances

PAIR = 2


@dataclass(frozen=True, eq=False, repr=False)
class Correlations(Shown):
    """Correlations of every two columns.

    pairs
        (m,) The two columns of each.
    estimate
        (m,) The correlations and their joint covariance.
    low, high
        (m,) Their intervals.
    p
        (m,) Of a test that there is no correlation: z over its error, on Student's t.
    df
        Degrees of freedom: clusters less strata.
    """

    pairs: tuple[tuple[str, str], ...]
    estimate: Estimate
    low: Floats
    high: Floats
    p: Floats
    df: float

    @property
    def sampling(self) -> Sampling:
        """How people were chosen, which decides what may be said."""
        return self.estimate.sampling

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each pair of columns: correlation, interval, p and base."""
        return pd.DataFrame(
            {
                "first": [first for first, _ in self.pairs],
                "second": [second for _, second in self.pairs],
                "value": self.estimate.value,
                "low": self.low,
                "high": self.high,
                "p": self.p,
                "n": self.estimate.n,
            }
        )

    def shown(self) -> Table:
        """Every pair of columns."""
        return of_result("", self.frame, self.estimate.modelled, *said_of_tests(self.sampling))


def correlations(
    sample: Sample,
    columns: Sequence[str],
    *,
    level: float = 0.95,
    where: Where = None,
) -> Correlations:
    """Correlations of every two of the columns. A row that lacks any of them leaves the base.

    Parameters
    ----------
    columns
        Two columns of numbers or more.
    level
        The confidence of the intervals, between 0 and 1.

    Raises
    ------
    EstimationError
        If there are fewer than two columns, a column does not vary, or the clusters leave no
        degrees of freedom.
    """
    where = asked_rows(sample, where)
    if len(columns) < PAIR:
        raise EstimationError(
            "correlation",
            f"it takes two columns or more, and {len(columns)} came",
            "Name the columns.",
        )
    if not 0 < level < 1:
        raise EstimationError(
            "interval", f"its level is {level}", "Give one between 0 and 1, such as 0.95."
        )
    every = variances(sample, columns, where=where)
    k = len(columns)
    own = np.diag(every.value.reshape(k, k))
    if not (own > 0).all():
        still = columns[int(np.flatnonzero(~(own > 0))[0])]
        raise EstimationError(
            f"correlation with '{still}'",
            "it does not vary, or fewer than two rows have an answer to all columns",
            "Leave the column out.",
        )
    check_freedom("correlation", every.df)
    places = list(combinations(range(k), PAIR))

    def of(values: Floats) -> Floats:
        table = values.reshape(k, k)
        return np.array([table[i, j] / np.sqrt(table[i, i] * table[j, j]) for i, j in places])

    pairs = tuple((columns[i], columns[j]) for i, j in places)
    found = function_of(every, of, [f"{one} and {other}" for one, other in pairs])
    r = np.clip(found.value, -1, 1)
    inside = 1 - np.abs(r) > ROUNDING
    z = np.arctanh(np.where(inside, r, np.nan))
    error = found.standard_error / np.where(inside, 1 - r**2, np.nan)
    reach = t_quantile(level, np.full(len(r), found.df)) * error
    low = np.where(inside, np.tanh(z - reach), r)
    high = np.where(inside, np.tanh(z + reach), r)
    p = np.where(inside, t_tail(z / np.where(error > 0, error, np.nan), found.df), 0.0)
    return Correlations(pairs, found, low, high, p, found.df)
