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
the penalty move as well, and the design does the rest; replicates fit again. In the category
that separates nobody differs from the others, so what the design sees there is less than what
is not known: the interval of such an effect is too narrow, and `frame` sets beside it the
standard error that follows from the likelihood alone. Its direction can be trusted; its size
comes from the penalty.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.asked import Where, asked_rows, sample_first
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.family import BINOMIAL
from survey_kit.estimation.models.fitted import coefficients, covariance
from survey_kit.estimation.models.outcome import check_outcome
from survey_kit.estimation.models.regression import (
    Regression,
    dispersion_of,
    offset_of,
    relative_weights,
)
from survey_kit.estimation.models.reweighted import Task
from survey_kit.estimation.nonlinear import jacobian
from survey_kit.estimation.statistic import Floats

MOST_STEPS = 200
CLOSE = 1e-10
LONGEST = 5.0
"""No step moves a linear predictor's coefficient by more, in standard deviations of its column."""
HALVINGS = 25


@sample_first
def firth(
    sample: Sample,
    formula: str,
    *,
    offset: str | None = None,
    where: Where = None,
) -> Regression:
    """Fit a logistic regression by Firth's penalised likelihood.

    Returns
    -------
    Regression
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
    task = Penalised(formula, x.matrix, y, shift)
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
    return Regression(
        formula=formula,
        family=BINOMIAL,
        link="logit",
        sample=sample,
        predictors=x,
        coefficients=coefficients(
            sample, x.names, beta, joint=joint, used=used, influences=influences
        ),
        naive=np.asarray(np.linalg.inv(task.information(mu, asked)), dtype=np.float64),
        deviance=float(kind.deviance(y, mu, var_weights=asked)),
        null_deviance=float(kind.deviance(y, null, var_weights=asked)),
        dispersion=dispersion_of((y - mu) / np.sqrt(mu * (1 - mu)), asked, len(y)),
        fitted=mu,
        linear=linear,
        offset=offset,
        where=where,
        method="Firth",
    )


@dataclass(frozen=True, eq=False)
class Penalised:
    """What is fitted, to be fitted again with the weights of every replicate."""

    formula: str
    x: Floats
    y: Floats
    shift: Floats

    def information(self, p: Floats, weights: Floats) -> Floats:
        """(k, k)."""
        return self.x.T @ (self.x * (weights * p * (1 - p))[:, None])

    def score(self, beta: Floats, weights: Floats) -> Floats:
        """(k,) U* above."""
        p = special.expit(self.x @ beta + self.shift)
        inverse = np.linalg.inv(self.information(p, weights))
        leverage = weights * p * (1 - p) * ((self.x @ inverse) * self.x).sum(axis=1)
        return (weights * (self.y - p) + leverage * (0.5 - p)) @ self.x

    def likelihood(self, beta: Floats, weights: Floats) -> float:
        """The penalised likelihood's logarithm."""
        linear = self.x @ beta + self.shift
        p = special.expit(linear)
        sign, size = np.linalg.slogdet(self.information(p, weights))
        own = self.y * special.log_expit(linear) + (1 - self.y) * special.log_expit(-linear)
        return float(weights @ own + size / 2) if sign > 0 else -np.inf

    def fit(self, weights: Floats, start: Floats) -> Floats:
        """(k,) The coefficients under (m,) weights that average 1.

        Raises
        ------
        EstimationError
            If the fit does not settle, as where a column follows from others in the rows
            that have a weight.
        """
        beta, before = start, self.likelihood(start, weights)
        spread = np.maximum(np.abs(self.x).max(axis=0), CLOSE)
        for _ in range(MOST_STEPS):
            p = special.expit(self.x @ beta + self.shift)
            try:
                solved = np.linalg.solve(self.information(p, weights), self.score(beta, weights))
            except np.linalg.LinAlgError:
                break
            step = np.asarray(solved, dtype=np.float64)
            step /= max(1.0, float(np.abs(step * spread).max()) / LONGEST)
            for halving in range(HALVINGS):
                tried = beta + step / 2**halving
                now = self.likelihood(tried, weights)
                if now >= before - CLOSE * abs(before):
                    break
            else:
                break
            beta, before = tried, now
            if float(np.abs(step * spread).max()) < CLOSE:
                return beta
        raise EstimationError(
            f"model {self.formula}",
            f"the fit did not settle in {MOST_STEPS} steps",
            "Use fewer predictors, or merge categories in which everybody answered alike.",
        )

    def influences(self, beta: Floats, weights: Floats) -> Floats:
        """(m, k) How the coefficients follow each weight, while all average 1."""
        x = self.x
        p = special.expit(x @ beta + self.shift)
        v = p * (1 - p)
        inverse = np.linalg.inv(self.information(p, weights))
        along = x @ inverse
        third = np.einsum("i,ia,ib,ic->abc", weights * v * (0.5 - p), x, x, x, optimize=True)
        moved = np.einsum("abc,ib,ic->ia", third, along, along, optimize=True)
        own = self.y - p + v * (along * x).sum(axis=1) * (0.5 - p)
        by_weight = own[:, None] * x - v[:, None] * moved
        slope = -jacobian(lambda at: self.score(at, weights), beta)
        found = np.asarray(by_weight @ np.linalg.inv(slope).T, dtype=np.float64)
        return found - (weights @ found) / weights.sum()
