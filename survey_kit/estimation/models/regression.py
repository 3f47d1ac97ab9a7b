r"""Generalised linear models of a weighted sample.

The coefficients solve :math:`\sum_i w_i x_i (y_i - \mu_i)\,\mu'_i / V(\mu_i) = 0`, as if the
whole population had been fitted (Binder 1983, International Statistical Review
51:279-292). Their influences are

.. math:: z_i = A^{-1} x_i (y_i - \mu_i)\,\mu'_i / V(\mu_i),
          \qquad A = \sum_i w_i x_i x_i' \mu_i'^2 / V(\mu_i),

and from there on a coefficient is a statistic like any other: the spread of
:math:`w_i z_i` between clusters is its covariance. Replicates fit the model again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.design import Sampling
from survey_kit.design.sample import Sample
from survey_kit.estimation.asked import Where, asked_rows, sample_first
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.intervals import t_tail
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.family import GAUSSIAN, Family, Link, family_of
from survey_kit.estimation.models.fitted import coefficients, covariance
from survey_kit.estimation.models.formula import Predictors
from survey_kit.estimation.models.outcome import check_outcome
from survey_kit.estimation.models.reweighted import Task
from survey_kit.estimation.shown import Shown, Table, of_model
from survey_kit.estimation.statistic import Floats

Method: TypeAlias = Literal["likelihood", "Firth"]


@dataclass(frozen=True, eq=False, repr=False)
class Regression(Shown):
    """A fitted model.

    coefficients
        Of k predictors: value, joint covariance, bases. Its `df` is that of the design of
        the rows used, less the number of coefficients, plus 1; its intervals use it.
    naive
        (k, k) The inverse of A with weights that average 1: what the covariance would be
        of as many people drawn at random, with a dispersion of 1.
    deviance, null_deviance
        Of the model, and of one with nothing but its intercept, if it has one, and the
        offset, with weights that average 1.
    dispersion
        The variance of the Pearson residuals, as R's `summary.svyglm` has it.
    fitted
        (m,) The mean of each row used, and `linear` the same on the scale of the link.
    method
        By the likelihood as it is, or with Firth's penalty (`firth`).
    """

    formula: str
    family: Family
    link: Link
    sample: Sample
    predictors: Predictors
    coefficients: Estimate
    naive: Floats
    deviance: float
    null_deviance: float
    dispersion: float
    fitted: Floats
    linear: Floats
    offset: str | None
    where: NDArray[np.bool_] | None
    method: Method = "likelihood"

    @property
    def used(self) -> NDArray[np.bool_]:
        """(n,) bool. The rows that the model rests on."""
        return self.predictors.used

    @property
    def df(self) -> float:
        """Degrees of freedom for tests of its coefficients."""
        return self.coefficients.df

    @property
    def terms(self) -> dict[str, tuple[int, ...]]:
        """The coefficients of each term."""
        return self.predictors.terms

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What its predictions are of: the mean of one outcome, which needs no name."""
        return ("",)

    @property
    def expressions(self) -> tuple[str, ...]:
        """Everything that a row must have an answer to."""
        return (*formulas.sides(self.formula), *([self.offset] if self.offset else []))

    def expected(self, data: pd.DataFrame) -> Floats:
        """(rows, 1) The mean of other data."""
        link: Any = self.family.with_link(self.link).link
        return np.asarray(link.inverse(self._linear(data)), dtype=np.float64)[:, None]

    def expected_slopes(self, data: pd.DataFrame, weights: Floats) -> Floats:
        """(1, k) How the weighted sum of the means follows the coefficients."""
        link: Any = self.family.with_link(self.link).link
        slope = np.asarray(link.inverse_deriv(self._linear(data)), dtype=np.float64)
        return ((weights * slope) @ self.predictors.of(data))[None, :]

    def _linear(self, data: pd.DataFrame) -> Floats:
        shift = offset_of(self.offset, data)
        return self.predictors.of(data) @ self.coefficients.value + shift

    @cached_property
    def t(self) -> Floats:
        """(k,) Each coefficient over its standard error."""
        return t_values(self.coefficients)

    @cached_property
    def p(self) -> Floats:
        """(k,) How often a coefficient of 0 would come out as far from it, two-sided."""
        return np.asarray(t_tail(self.t, self.df), dtype=np.float64)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each coefficient: value, standard error, interval, t and p."""
        return coefficient_table(self.coefficients)

    @property
    def sampling(self) -> Sampling:
        """How people were chosen, which decides what may be said."""
        return self.coefficients.sampling

    def shown(self) -> Table:
        """The coefficients."""
        title = f"{self.formula}, {self.family.name} ({self.link})"
        return of_model(title, self.frame, self.coefficients)


def t_values(coefficients: Estimate) -> Floats:
    """(k,) Each coefficient over its standard error."""
    error = coefficients.standard_error
    return coefficients.value / np.where(error > 0, error, np.nan)


def coefficient_table(coefficients: Estimate) -> pd.DataFrame:
    """One row for each coefficient: value, standard error, interval, t and p."""
    low, high = coefficients.modelled.interval()
    t = t_values(coefficients)
    return pd.DataFrame(
        {
            "name": [name[-1] for name in coefficients.names],
            "value": coefficients.value,
            "standard_error": coefficients.standard_error,
            "low": low,
            "high": high,
            "t": t,
            "df": coefficients.df,
            "p": t_tail(t, coefficients.df),
        }
    )


@sample_first
def regression(
    sample: Sample,
    formula: str,
    *,
    family: Family | str = GAUSSIAN,
    link: Link | None = None,
    offset: str | None = None,
    where: Where = None,
) -> Regression:
    """Fit a generalised linear model.

    Parameters
    ----------
    formula
        ``outcome ~ predictors``, as formulaic reads it.
    family
        What kind of outcome: "gaussian", "binomial", "poisson", "gamma" or "inverse gaussian".
    link
        The scale on which effects add up; None for the usual one of the family.
    offset
        An expression that is added with a coefficient of 1, such as ``log(days)``.
    where
        Of whom: the name of a column of true and false, a condition such as ``"age > 17"``, (n,)
        bool, or categories by column: see `asked_rows`. The others stay in the sample and weigh 0.

    Raises
    ------
    EstimationError
        If the formula cannot be read or names what is not there, an outcome does not fit
        its family, a predictor follows from others, or the fit does not settle.
    LonelyUnit
        See `linearised_variance`.
    """
    family, where = family_of(family), asked_rows(sample, where)
    left, right = formulas.sides(formula)
    offset = formulas.arithmetic(offset) if offset else None
    used = formulas.rows_used(sample, [left, right, *([offset] if offset else [])], where)
    x = formulas.predictors(right, sample, used)
    y = formulas.outcome(left, sample, used, shares=family.shares)
    check_outcome(y, family, left)
    shift = offset_of(offset, sample.data.loc[used])
    kind = family.with_link(link)
    task = Task(formula, x.matrix, y, shift, family, kind, x.terms)
    w = relative_weights(sample, used, where)
    found = task.fit(w)
    mu = found.mu
    information = x.matrix.T @ (x.matrix * found.working[:, None])
    naive = np.asarray(np.linalg.inv(information), dtype=np.float64)
    rest = found.working * (y - mu) / found.slope / sample.weights[used]
    influences = (x.matrix * rest[:, None]) @ naive
    joint = covariance(
        sample,
        used,
        found.beta,
        influences,
        lambda weights: task.fit(weights / weights.sum(), found.beta).beta,
    )
    null = _empty(task, w)
    return Regression(
        formula=formula,
        family=family,
        link=link or family.link,
        sample=sample,
        predictors=x,
        coefficients=coefficients(
            sample, x.names, found.beta, joint=joint, used=used, influences=influences
        ),
        naive=naive,
        deviance=float(kind.deviance(y, mu, var_weights=w)),
        null_deviance=float(kind.deviance(y, null, var_weights=w)),
        dispersion=dispersion_of((y - mu) / np.sqrt(kind.variance(mu)), w, len(y)),
        fitted=mu,
        linear=found.linear,
        offset=offset,
        where=where,
    )


def _empty(task: Task, weights: Floats) -> Floats:
    """(m,) The means with nothing but an intercept, if there is one, and the offset."""
    if "1" in (task.terms or {}) and not task.shift.any():
        return np.full(len(task.y), float(weights @ task.y) / float(weights.sum()))
    if "1" in (task.terms or {}):
        return replace(task, x=np.ones((len(task.y), 1)), terms=None).fit(weights).mu
    return np.asarray(task.kind.link.inverse(task.shift), dtype=np.float64)


def deviance_of(model: Regression, columns: Sequence[int]) -> float:
    """The deviance of the same rows with some of the columns of the predictors only."""
    left, _ = formulas.sides(model.formula)
    used = model.used
    y = formulas.outcome(left, model.sample, used, shares=model.family.shares)
    shift = offset_of(model.offset, model.sample.data.loc[used])
    kind = model.family.with_link(model.link)
    w = relative_weights(model.sample, used, model.where)
    if columns:
        x = model.predictors.matrix[:, list(columns)]
        mu = Task(model.formula, x, y, shift, model.family, kind).fit(w).mu
    else:
        mu = np.asarray(kind.link.inverse(shift))
    return float(kind.deviance(y, mu, var_weights=w))


def offset_of(offset: str | None, data: pd.DataFrame) -> Floats:
    """(rows,) What is added with a coefficient of 1: nothing, or an expression."""
    return (
        np.zeros(len(data))
        if offset is None
        else formulas.number(offset, data, f"offset '{offset}'")
    )


def relative_weights(
    sample: Sample, used: NDArray[np.bool_], where: NDArray[np.bool_] | None
) -> Floats:
    """(m,) Weights of the rows used, which average 1 over all who were asked."""
    asked = sample.weights if where is None else sample.weights[where]
    return sample.weights[used] / float(asked.mean())


def dispersion_of(residuals: Floats, weights: Floats, n: float) -> float:
    """The variance of the population of Pearson residuals.

    Parameters
    ----------
    weights
        They average 1 over all who were asked.
    n
        How many rows the residuals are of.
    """
    away = residuals - float(weights @ residuals) / float(weights.sum())
    return float(weights @ away**2) / (n - 1) if n > 1 else np.nan
