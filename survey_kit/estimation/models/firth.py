r"""Logistic regression where a predictor decides the outcome: Firth's penalised likelihood.

.. math:: \ell^*(\beta) = \ell(\beta) + \tfrac12 \log |I(\beta)|, \qquad
          I = \sum_i w_i p_i (1 - p_i)\, x_i x_i'

has its maximum at finite effects, whatever the data (Firth 1993, Biometrika 80:27-38;
Heinze and Schemper 2002, Statistics in Medicine 21:2409-2419). It solves

.. math:: U^*(\beta) = \sum_i \{ w_i (y_i - p_i) + h_i (\tfrac12 - p_i) \}\, x_i = 0,
          \qquad h_i = w_i p_i (1 - p_i)\, x_i' I^{-1} x_i.

Weights average 1 over the rows used, so that the penalty counts as half a person more in
each direction among as many as answered, whatever the weights stand for.

A coefficient is a smooth function of the weights here too: its influence is
:math:`-(\partial U^*/\partial\beta)^{-1}\, \partial U^*/\partial w_i`, in which the weights of
the penalty move as well, and the design does the rest; replicates fit again. But in the category
that separates nobody differs from the others, so the design sees next to nothing of what is not
known there. Therefore no standard error is smaller than that of the likelihood alone: where the
design's is, its row and column of the covariance are raised to it. And the interval is that of
the penalised likelihood itself, as Heinze and Schemper advise: all values at which

.. math:: 2\{\ell^*(\hat\beta) - \max_{\beta_j = \theta} \ell^*(\beta)\} \le \lambda_j t_{df}^2,
          \qquad \lambda_j = \max(1, v_j / [I^{-1}]_{jj}),

with :math:`\lambda_j` the design effect of the coefficient (Rao and Scott 1984, Annals of Statistics
12:46-60), never below 1. It reaches far in the direction in which there is nothing to stop it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import special

from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.asked import Where, asked_rows, sample_first
from survey_kit.estimation.intervals import t_quantile
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.family import BINOMIAL
from survey_kit.estimation.models.fitted import coefficients, covariance
from survey_kit.estimation.models.outcome import check_outcome
from survey_kit.estimation.models.penalised_likelihood import PenalisedLikelihood
from survey_kit.estimation.models.regression import (
    Regression,
    dispersion_of,
    offset_of,
    relative_weights,
)
from survey_kit.estimation.models.reweighted import Task
from survey_kit.estimation.shown import Table, of_model
from survey_kit.estimation.statistic import Floats


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Penalised(Regression):
    """A logistic regression fitted by Firth's penalised likelihood.

    `coefficients` have the larger of the standard errors of the design and of the likelihood.

    task, weights
        What was fitted, and (m,) the weights, which average 1 over the rows used.
    of_design
        (k, k) The covariance as the design alone sees it: far too small where a predictor
        decides the outcome.
    """

    task: PenalisedLikelihood
    weights: Floats
    of_design: Floats

    @property
    def inflation(self) -> Floats:
        """(k,) The design effect of each coefficient, at least 1."""
        return np.maximum(self.coefficients.variance / np.diag(self.naive), 1.0)

    def interval(self, level: float = 0.95, *, df: float | None = None) -> tuple[Floats, Floats]:
        """Lower and upper bounds of the coefficients, (k,) each, from the penalised likelihood."""
        freedom = np.full(len(self.naive), self.df if df is None else df)
        wanted = self.inflation * t_quantile(level, freedom) ** 2
        best = self.coefficients.value
        ends = np.full((2, len(best)), np.nan)
        for column in np.flatnonzero(np.isfinite(wanted)):
            step = float(np.sqrt(wanted[column] * self.naive[column, column]))
            for row, sign in enumerate((-1, 1)):
                ends[row, column] = self.task.bound(
                    self.weights,
                    best,
                    int(column),
                    wanted=float(wanted[column]),
                    step=sign * step,
                )
        return ends[0], ends[1]

    @cached_property
    def t(self) -> Floats:
        """(k,) The root of what the penalised likelihood loses at 0, over its design effect."""
        best = self.coefficients.value
        lost = [self.task.fall(self.weights, best, at, 0.0) for at in range(len(best))]
        return np.sign(best) * np.sqrt(np.array(lost) / self.inflation)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each coefficient: value, interval and p of the penalised likelihood."""
        low, high = self.interval()
        return pd.DataFrame(
            {
                "name": [name[-1] for name in self.coefficients.names],
                "value": self.coefficients.value,
                "standard_error": self.coefficients.standard_error,
                "low": low,
                "high": high,
                "t": self.t,
                "df": self.df,
                "p": self.p,
            }
        )

    def shown(self) -> Table:
        """The coefficients, without a standard error: the interval is not even about them."""
        table = of_model(
            f"{self.formula}, {self.family.name} ({self.link}), Firth's penalised likelihood",
            self.frame.drop(columns=["standard_error"]),
            self.coefficients,
        )
        first, *others = table.under
        said = "low, high, p: penalised likelihood, widened by the design effect"
        return replace(table, under=[f"{said}; {first.removeprefix('low, high: ')}", *others])


@sample_first
def firth(
    sample: Sample,
    formula: str,
    *,
    offset: str | None = None,
    where: Where = None,
) -> Penalised:
    """Fit a logistic regression by Firth's penalised likelihood.

    Returns
    -------
    Penalised
        With `method` "Firth". Its deviance is that of the likelihood without the penalty.

    Raises
    ------
    EstimationError
        As `regression`; if everybody has the same outcome.
    LonelyUnit
        See `linearised_variance`.
    """
    where = asked_rows(sample, where)
    left, right = formulas.sides(formula)
    offset = formulas.arithmetic(offset) if offset else None
    used = formulas.rows_used(sample, [left, right, *([offset] if offset else [])], where)
    x = formulas.predictors(right, sample, used)
    y = formulas.outcome(left, sample, used, shares=True)
    check_outcome(y, BINOMIAL, left)
    if (y == y[0]).all():
        raise EstimationError(
            f"model {formula}",
            "everybody has the same outcome, so nothing can explain it",
            "Look at its table first; check `where` and what is missing.",
        )
    shift = offset_of(offset, sample.data.loc[used])
    task = PenalisedLikelihood(formula, x.matrix, y, shift)
    raw = sample.weights[used]
    w = raw / raw.mean()
    beta = task.fit(w, np.zeros(len(x.names), dtype=np.float64))
    influences = task.influences(beta, w) / raw.mean()
    joint = covariance(sample, used, beta, influences, lambda v: task.fit(v / v.mean(), beta))
    kind = BINOMIAL.with_link(None)
    linear = x.matrix @ beta + shift
    mu = special.expit(linear)
    asked = relative_weights(sample, used, where)
    constant = Task(formula, np.ones((len(y), 1)), y, shift, BINOMIAL, kind)
    null = constant.fit(asked).mu if "1" in x.terms else special.expit(shift)
    naive = np.asarray(np.linalg.inv(task.information(mu, asked)), dtype=np.float64)
    return Penalised(
        formula=formula,
        family=BINOMIAL,
        link="logit",
        sample=sample,
        predictors=x,
        coefficients=coefficients(
            sample,
            x.names,
            beta,
            joint=_no_less(joint, np.diag(naive)),
            used=used,
            influences=influences,
        ),
        naive=naive,
        deviance=float(kind.deviance(y, mu, var_weights=asked)),
        null_deviance=float(kind.deviance(y, null, var_weights=asked)),
        dispersion=dispersion_of(
            (y - mu) / np.sqrt(np.maximum(mu * (1 - mu), TINY)), asked, len(y)
        ),
        fitted=mu,
        linear=linear,
        offset=offset,
        where=where,
        method="Firth",
        task=task,
        weights=w,
        of_design=joint,
    )


TINY = 1e-300
"""No variance of a share is smaller: a fitted share may round to 0 or 1."""


def _no_less(joint: Floats, least: Floats) -> Floats:
    """(k, k) The covariance, with rows and columns raised until no variance is below the least."""
    own = np.diag(joint)
    known = own > TINY
    raised = np.sqrt(np.maximum(least / np.where(known, own, 1.0), 1.0))
    times = np.where(known, raised, 0.0)
    found = joint * np.outer(times, times)
    return found + np.diag(np.where(known, 0.0, least))
