"""Is a mean, or a difference between two means, beyond chance?

t = difference / standard error, with the joint covariance of both groups. Its degrees of
freedom are those of the design less one, as for a regression on the group (R's
`svyttest`; Korn and Graubard 1990, The American Statistician 44:270-276).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey_kit.design.described import design_line
from survey_kit.design.design import Sampling
from survey_kit.design.sample import Sample
from survey_kit.design.wording import wording
from survey_kit.errors import EstimationError
from survey_kit.estimation.asked import Where, asked_rows
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.group_means import group_means
from survey_kit.estimation.intervals import t_tail
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.testable import check_freedom, check_nobody, check_spread
from survey_kit.estimation.tested import Tested

PAIR = 2


@dataclass(frozen=True, repr=False)
class TTest(Tested):
    """A test of one number.

    difference
        The mean less what it was tested against, or the second group's mean less the
        first's, in the units of the column.
    low, high
        Its interval at `level`.
    """

    difference: float
    standard_error: float
    statistic: float
    df: float
    p: float
    low: float
    high: float
    level: float = 0.95

    @property
    def title(self) -> str:
        return "t test"

    @property
    def lines(self) -> tuple[str, ...]:
        at = f"{100 * self.level:g}%"
        if self.sampling is Sampling.PROBABILITY:
            return (f"low, high: {wording(self.sampling, self.n, '').interval.replace('95%', at)}",)
        return (f"low, high: modelled interval, at {at}",)

    @property
    def numbers(self) -> dict[str, float]:
        return {
            "difference": self.difference,
            "low": self.low,
            "high": self.high,
            "t": self.statistic,
            "df": self.df,
            "p": self.p,
        }


def t_test(
    sample: Sample,
    column: str,
    *,
    by: str | None = None,
    against: float = 0.0,
    level: float = 0.95,
    where: Where = None,
) -> TTest:
    """Test a mean against a number, or the means of two groups against each other.

    Parameters
    ----------
    column
        Numbers.
    by
        A column of two groups; the second less the first is tested. None: one sample.
    against
        What the mean of one sample is tested against.
    level
        The confidence of the interval, between 0 and 1.
    where
        Of whom: (n,) bool, the name of a column of true and false, or categories by column.

    Raises
    ------
    EstimationError
        If `by` does not make exactly two groups of the rows asked about; if nobody answered,
        the answers do not vary, or the clusters leave no degrees of freedom.
    """
    where = asked_rows(sample, where)
    compared = f"'{column}' against {against:g}"
    if by is None:
        found = estimate(MEAN, sample, [column], where=where)
        n = int(found.n.sum())
        difference, df = float(found.value[0]) - against, found.df - 1
        scale = float(np.abs(found.value[0]))
    else:
        # the groups share one regression, so rows without an answer are no part of it
        asked = np.asarray(~np.isnan(sample.numbers([column])[:, 0]))
        asked &= sample.levels(by).codes >= 0
        if where is not None:
            asked &= where
        groups = len(np.unique(sample.levels(by).codes[asked]))
        check_nobody(f"t test of '{column}' by '{by}'", asked)
        if groups != PAIR:
            raise EstimationError(
                f"t test of '{column}' by '{by}'",
                f"it compares two groups, and there {'is' if groups == 1 else 'are'} {groups:,}",
                "Keep two of them with `where`, or compare every pair with `pairwise`.",
            )
        means = group_means(sample, sample.numbers([column])[:, 0], by, where=asked)
        found = means.contrast(np.array([-1.0, 1.0]))
        n = int(means.n.sum())
        compared = f"'{column}' by '{by}', {means.names[1][0]} less {means.names[0][0]}"
        difference, df = float(found.value[0]), means.df - 1
        scale = float(np.abs(means.value).max())
    error = float(found.standard_error[0])
    at = f"t test of '{column}'" + ("" if by is None else f" by '{by}'")
    if not np.isfinite(difference):
        raise EstimationError(at, "nobody asked about has an answer", "Check the column.")
    check_freedom(at, df)
    check_spread(at, found.standard_error, scale)
    low, high = found.modelled.interval(level, df=df)
    t = difference / error
    return TTest(
        difference=difference,
        standard_error=error,
        statistic=t,
        df=df,
        p=float(t_tail(np.array([t]), df)[0]),
        low=float(low[0]) - (against if by is None else 0),
        high=float(high[0]) - (against if by is None else 0),
        level=level,
        compared=compared,
        n=n,
        design=design_line(sample),
        sampling=sample.design.sampling,
    )
