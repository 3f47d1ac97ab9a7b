r"""Models of how long until something happens: Cox's proportional hazards.

The coefficients maximise the weighted partial likelihood (Binder 1992, Biometrika
79:139-147; ties after Efron 1977, JASA 72:557-565). With d deaths at time t, their mean
weight :math:`\bar w`, and sums over those at risk from which the share k/d of the deaths
is taken away,

.. math:: U = \sum_t \Big(\sum_{deaths} w_i x_i - \bar w \sum_{k=0}^{d-1}
          \frac{S^1_k}{S^0_k}\Big), \qquad S^0_k = \sum_{risk} w e^\eta
          - \tfrac{k}{d}\sum_{deaths} w e^\eta,

and the influence of a row is the derivative of U by its weight, times the inverse of the
information.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.intervals import t_tail
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.fitted import coefficients, covariance
from survey_kit.estimation.models.formula import Predictors, without_intercept
from survey_kit.estimation.statistic import Floats

Ties: TypeAlias = Literal["efron", "breslow"]
MOST_STEPS = 50
CLOSE = 1e-10


@dataclass(frozen=True, eq=False)
class Survival:
    """A fitted model of hazards.

    coefficients
        Logarithms of hazard ratios, with joint covariance. `df`: that of the design of the
        rows used, less the number of coefficients, plus 1.
    naive
        The inverse of the information, with weights that average 1.
    """

    sample: Sample
    predictors: Predictors
    coefficients: Estimate
    naive: Floats
    log_likelihood: float

    @property
    def formula(self) -> str:
        """The right side: hazards have no outcome but their time."""
        return self.predictors.right

    @property
    def terms(self) -> dict[str, tuple[int, ...]]:
        """The coefficients of each term."""
        return without_intercept(self.predictors)

    @property
    def df(self) -> float:
        """Degrees of freedom for tests of its coefficients."""
        return self.coefficients.df

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each coefficient, with its hazard ratio and that one's interval."""
        low, high = self.coefficients.modelled.interval()
        error = self.coefficients.standard_error
        t = self.coefficients.value / np.where(error > 0, error, np.nan)
        return pd.DataFrame(
            {
                "name": [name[-1] for name in self.coefficients.names],
                "value": self.coefficients.value,
                "standard_error": error,
                "hazard_ratio": np.exp(self.coefficients.value),
                "low": np.exp(low),
                "high": np.exp(high),
                "t": t,
                "df": self.df,
                "p": t_tail(t, self.df),
            }
        )

    def _repr_html_(self) -> str:
        return str(self.frame.to_html(index=False, float_format="{:.4g}".format))


def survival(
    predictors: str,
    sample: Sample,
    *,
    time: str,
    event: str,
    entry: str | None = None,
    ties: Ties = "efron",
    where: NDArray[np.bool_] | None = None,
) -> Survival:
    """Fit Cox's model (R's `svycoxph`).

    Parameters
    ----------
    predictors
        The right side of a formula. It has no intercept: that is the baseline hazard.
    time, event
        When each row was last seen, in any unit, and 1 if it happened then, else 0.
    entry
        From when each row was at risk. None: from the beginning.

    Raises
    ------
    EstimationError
        If nothing ever happened, an event is neither 0 nor 1, somebody leaves before they
        enter, or the fit does not settle.
    """
    named = [time, event, *([entry] if entry else [])]
    used = formulas.rows_used(sample, [predictors, *(f"`{each}`" for each in named)], where)
    x = formulas.predictors(predictors, sample, used)
    held = [at for at, name in enumerate(x.names) if name != "(Intercept)"]
    numbers = sample.numbers(named)[used]
    task = _Task(
        predictors,
        x.matrix[:, held] - x.matrix[:, held].mean(axis=0),
        numbers[:, 0],
        _happened(numbers[:, 1], event),
        numbers[:, 2] if entry else np.full(int(used.sum()), -np.inf),
        ties,
    )
    if (task.entry >= task.time).any():
        raise EstimationError(
            f"time '{time}'", "somebody leaves when they enter, or before", "Check both columns."
        )
    w = sample.weights[used] / sample.weights[used].mean()
    beta = task.fit(w, np.zeros(len(held)))
    log_likelihood, _, information = task.pieces(beta, w)
    naive = np.asarray(np.linalg.inv(information), dtype=np.float64)
    influences = task.influences(beta, w) @ naive / sample.weights[used].mean()
    joint = covariance(sample, used, beta, influences, lambda v: task.fit(v / v.mean(), beta))
    names = [x.names[at] for at in held]
    made = coefficients(sample, names, beta, joint=joint, used=used, influences=influences)
    return Survival(sample, x, made, naive, log_likelihood)


def _happened(values: Floats, event: str) -> NDArray[np.bool_]:
    if not np.isin(values, [0.0, 1.0]).all():
        raise EstimationError(
            f"event '{event}'", "it is neither 0 nor 1 for somebody", "Write 1 where it happened."
        )
    if not values.any():
        raise EstimationError(
            f"event '{event}'", "it never happened", "A hazard needs events: check the column."
        )
    return values == 1


@dataclass(frozen=True, eq=False)
class _Moment:
    """A time at which it happened: who was at risk, and who it happened to."""

    risk: NDArray[np.intp]
    deaths: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class _Task:
    predictors: str
    x: Floats
    time: Floats
    event: NDArray[np.bool_]
    entry: Floats
    ties: Ties

    @cached_property
    def moments(self) -> tuple[_Moment, ...]:
        return tuple(
            _Moment(
                np.flatnonzero((self.time >= at) & (self.entry < at)),
                np.flatnonzero(self.event & (self.time == at)),
            )
            for at in np.unique(self.time[self.event])
        )

    def shares(self, deaths: int) -> Floats:
        """(d,) What share of the deaths is taken away for each of them."""
        return np.arange(deaths) / deaths if self.ties == "efron" else np.zeros(deaths)

    def pieces(self, beta: Floats, weights: Floats) -> tuple[float, Floats, Floats]:
        """The partial likelihood's logarithm, its (k,) gradient and (k, k) information."""
        linear = self.x @ beta
        hazard = weights * np.exp(linear)
        value, gradient = 0.0, np.zeros(len(beta))
        information = np.zeros((len(beta), len(beta)))
        for moment in self.moments:
            dead, w = moment.deaths, weights[moment.deaths]
            whole, part = (_sums(self.x[at], hazard[at]) for at in (moment.risk, dead))
            mean = float(w.sum()) / len(dead)
            value += float(w @ linear[dead])
            gradient += w @ self.x[dead]
            for share in self.shares(len(dead)):
                s0, s1, s2 = (a - share * b for a, b in zip(whole, part, strict=True))
                value -= mean * float(np.log(s0))
                gradient -= mean * s1 / s0
                information += mean * (s2 / s0 - np.outer(s1, s1) / s0**2)
        return value, gradient, information

    def influences(self, beta: Floats, weights: Floats) -> Floats:
        """(m, k) The derivative of the gradient by the weight of each row."""
        linear = self.x @ beta
        ratio = np.exp(linear)
        hazard = weights * ratio
        found = np.zeros_like(self.x)
        for moment in self.moments:
            risk, dead = moment.risk, moment.deaths
            whole, part = (_sums(self.x[at], hazard[at]) for at in (risk, dead))
            mean = float(weights[dead].sum()) / len(dead)
            found[dead] += self.x[dead]
            for share in self.shares(len(dead)):
                s0, s1, _ = (a - share * b for a, b in zip(whole, part, strict=True))
                centre = s1 / s0
                found[dead] -= centre / len(dead)
                found[risk] -= mean * ratio[risk, None] * (self.x[risk] - centre) / s0
                found[dead] += share * mean * ratio[dead, None] * (self.x[dead] - centre) / s0
        return found

    def fit(self, weights: Floats, start: Floats) -> Floats:
        beta = start
        before, gradient, information = self.pieces(beta, weights)
        for _ in range(MOST_STEPS):
            try:
                step = np.linalg.solve(information, gradient)
            except np.linalg.LinAlgError:
                break
            now, tried = -np.inf, beta
            while not now >= before - CLOSE * abs(before) and np.abs(step).max() > CLOSE**2:
                tried = beta + step
                now, gradient, information = self.pieces(tried, weights)
                step = step / 2
            settled = abs(now - before) <= CLOSE * (abs(now) + 1)
            beta, before = tried, now
            if settled:
                return beta
        raise EstimationError(
            f"hazards by {self.predictors}",
            f"the fit did not settle in {MOST_STEPS} steps",
            "Use fewer predictors, or merge categories in which it never happened.",
        )


def _sums(x: Floats, hazard: Floats) -> tuple[float, Floats, Floats]:
    weighted = x * hazard[:, None]
    return float(hazard.sum()), weighted.sum(axis=0), weighted.T @ x
