r"""Intervals of coefficients from the likelihood itself, made to know the design.

Holding one coefficient at :math:`\theta` and fitting the others again raises the deviance by
:math:`D(\theta)`. Of people drawn at random that is chi-squared at the true value; under a design
it is :math:`\lambda\chi^2_1` with :math:`\lambda` the variance under the design over that of
the likelihood (Rao and Scott 1984, Annals of Statistics 12:46-60), so the interval is where

.. math:: D(\theta) \le \lambda\, t_{1-\alpha/2}^2.

It need not lie evenly about the coefficient, which serves shares near 0 or 1.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize

from survey_kit.design.wording import check_interval
from survey_kit.errors import EstimationError
from survey_kit.estimation.intervals import t_quantile
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.firth import Penalised
from survey_kit.estimation.models.regression import Regression, offset_of, relative_weights
from survey_kit.estimation.models.reweighted import Task
from survey_kit.estimation.statistic import Floats

DOUBLINGS = 12
"""How far a bound is looked for: 4,096 standard errors away."""


def likelihood_interval(
    model: Regression, level: float = 0.95, *, df: float | None = None
) -> tuple[Floats, Floats]:
    """Lower and upper bounds of the coefficients, (k,) each (R's `confint(method="likelihood")`).

    Parameters
    ----------
    level
        The confidence, between 0 and 1.
    df
        Degrees of freedom; infinite for the normal distribution. None: those of the model.

    Raises
    ------
    EstimationError
        If the level is not between 0 and 1, the sampling
        gives no interval and none was asked for, or a fit does not settle.
    """
    check_interval(model.sample.design.sampling, asked=model.coefficients.asked)
    if not 0 < level < 1:
        raise EstimationError(
            "interval", f"its level is {level}", "Give one between 0 and 1, such as 0.95."
        )
    if isinstance(model, Penalised):
        return model.interval(level, df=df)
    freedom = np.full(len(model.naive), model.df if df is None else df)
    reach = t_quantile(level, freedom)
    inflation = model.coefficients.variance / np.diag(model.naive)
    return where_deviance_rises(model, inflation * reach**2)


def where_deviance_rises(model: Regression, rises: Floats) -> tuple[Floats, Floats]:
    """How low and how high each of k coefficients may be until the deviance has risen by (k,).

    Infinite where it never rises so far; NaN where the rise is.
    """
    if model.method == "Firth":
        raise EstimationError(
            f"model {model.formula}",
            "a penalised likelihood has no deviance to compare",
            "Use the intervals of its coefficients.",
        )
    k = len(rises)
    low, high = np.full(k, np.nan), np.full(k, np.nan)
    for column in np.flatnonzero(np.isfinite(rises)):
        held = _Held(model, int(column))
        low[column], high[column] = (held.bound(sign, float(rises[column])) for sign in (-1, 1))
    return low, high


class _Held:
    """A model in which one coefficient is held at a value."""

    def __init__(self, model: Regression, column: int) -> None:
        used = model.used
        left, _ = formulas.sides(model.formula)
        self.model, self.column = model, column
        self.y = formulas.outcome(left, model.sample, used, shares=model.family.shares)
        self.weights = relative_weights(model.sample, used, model.where)
        self.shift = offset_of(model.offset, model.sample.data.loc[used])
        self.kind = model.family.with_link(model.link)
        self.own = model.predictors.matrix[:, column]
        self.others = np.delete(model.predictors.matrix, column, axis=1)
        self.start = np.delete(model.coefficients.value, column)

    def rise(self, value: float) -> float:
        """How much larger the deviance is with the coefficient held there."""
        shift = self.shift + self.own * value
        if self.others.shape[1]:
            task = Task(
                self.model.formula, self.others, self.y, shift, self.model.family, self.kind
            )
            mu = task.fit(self.weights, self.start).mu
        else:
            with np.errstate(over="ignore"):
                mu = np.asarray(self.kind.link.inverse(shift), dtype=np.float64)
        deviance = float(self.kind.deviance(self.y, mu, var_weights=self.weights))
        return deviance - self.model.deviance

    def bound(self, sign: int, wanted: float) -> float:
        """Where the rise is as wanted, below (-1) or above (1) the coefficient."""
        at = float(self.model.coefficients.value[self.column])
        step = sign * float(np.sqrt(wanted * self.model.naive[self.column, self.column]))
        if step == 0:
            return at
        for _ in range(DOUBLINGS):
            if self.rise(at + step) >= wanted:
                found = optimize.brentq(
                    lambda value: self.rise(value) - wanted, at, at + step, rtol=1e-9
                )
                return float(found)
            step *= 2
        return sign * np.inf
