r"""One estimate from several imputed data sets, with what the guessing adds.

With M data sets, :math:`\bar Q` the mean of the estimates, W the mean of their covariances
and B the covariance between them,

.. math:: T = W + (1 + 1/M) B, \qquad r = (1 + 1/M) B / W, \qquad
          \nu = (M - 1)(1 + 1/r)^2

(Rubin 1987, "Multiple Imputation for Nonresponse in Surveys", chapter 3). Where a design
leaves :math:`\nu_0` degrees of freedom to complete data, Barnard and Rubin's combination
keeps :math:`\nu` below them (1999, Biometrika 86:948-955); a number that no imputation moves
keeps those of the design.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from survey_kit.design.design import Sampling
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate, precision
from survey_kit.estimation.intervals import Method
from survey_kit.estimation.shown import Shown, Table, of_result
from survey_kit.estimation.statistic import Floats

TWO = 2
ROUNDING = 1e-14
"""Imputations that differ by less, in shares of the variance, do not differ."""


@dataclass(frozen=True, eq=False, repr=False)
class Combined(Shown):
    """What several imputations say together.

    estimate
        With the covariance T; each number has its own degrees of freedom, `own_df`, and
        `df` is the smallest of them.
    missing
        (k,) The share of the information that the missing answers took away.
    """

    estimate: Estimate
    missing: Floats
    imputations: int

    @property
    def sampling(self) -> Sampling:
        """How people were chosen, which decides what may be said."""
        return self.estimate.sampling

    @property
    def modelled(self) -> Combined:
        """With intervals that rest on a model: see `Estimate.modelled`."""
        return replace(self, estimate=self.estimate.modelled)

    def interval(self, level: float = 0.95, method: Method | None = None) -> tuple[Floats, Floats]:
        """Lower and upper bounds, each number on its own degrees of freedom."""
        return self.estimate.interval(level, method, df=self.estimate.own_df)

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each number: value, interval, base, and what the missing answers took away."""
        made = self.estimate.frame
        spread = precision(
            self.sampling,
            asked=self.estimate.asked,
            error=self.estimate.standard_error,
            interval=self.interval,
        )
        return made.assign(**spread, df=self.estimate.own_df, missing_information=self.missing)

    def shown(self) -> Table:
        """Every number, with the share of information that is missing."""
        table = self.frame.drop(columns=["effective"])
        if not any(part for name in self.estimate.names for part in name[:-1]):
            table = table.drop(columns=[each for each in table if str(each).startswith("group")])
        return of_result(
            "",
            table,
            replace(self.estimate, df=np.inf),
            f"{self.imputations} imputations, combined by Rubin's rules; each number has its own df",
        )


def combine(estimates: Sequence[Estimate], *, complete_df: float | None = None) -> Combined:
    """Rubin's rules.

    Parameters
    ----------
    estimates
        The same numbers from every imputed data set.
    complete_df
        Degrees of freedom if nothing had been missing; infinite for Rubin's of 1987, as R's
        `MIcombine` has it. None: those of the estimates.

    Raises
    ------
    EstimationError
        If there are fewer than two, or they are not of the same numbers.
    """
    if len(estimates) < TWO:
        raise EstimationError(
            "imputations",
            f"{len(estimates)} came, and what guessing adds is seen between two or more",
            "Impute at least five times.",
        )
    first = estimates[0]
    if any(each.names != first.names for each in estimates):
        raise EstimationError(
            "imputations",
            "the estimates are not all of the same numbers",
            "Compute the same thing from every imputed data set.",
        )
    m = len(estimates)
    values = np.array([each.value for each in estimates])
    within = np.mean([each.covariance for each in estimates], axis=0)
    away = values - values.mean(axis=0)
    between = (1 + 1 / m) * (away.T @ away) / (m - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.diag(between) / np.diag(within)
        ratio = np.where(ratio > ROUNDING, ratio, 0.0)
        df = (m - 1) * (1 + 1 / ratio) ** 2
        df = np.where(ratio > 0, df, np.inf)
        complete = min(each.df for each in estimates) if complete_df is None else complete_df
        if np.isfinite(complete):
            observed = (complete + 1) / (complete + 3) * complete / (1 + ratio)
            df = np.where(ratio > 0, 1 / (1 / df + 1 / observed), complete)
        missing = np.where(ratio > 0, (ratio + 2 / (df + 3)) / (ratio + 1), 0.0)
    return Combined(
        replace(
            first,
            value=values.mean(axis=0),
            covariance=within + between,
            df=float(np.min(df)),
            own_df=df,
            n=np.min([each.n for each in estimates], axis=0),
            weighted=np.mean([each.weighted for each in estimates], axis=0),
            effective=np.mean([each.effective for each in estimates], axis=0),
            simple=np.mean([each.simple for each in estimates], axis=0),
        ),
        missing,
        m,
    )
