r"""Models of categories in order: none, some, much (McCullagh 1980, JRSS B 42:109-142).

.. math:: P(y \le c) = F(\zeta_c - x'\beta)

with one threshold between each category and the next. The covariance is that of the
influences :math:`H^{-1} s_i`, with :math:`s_i` the score of a row and H the information,
as for every model here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from survey_kit.design.design import Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.asked import Where, asked_rows, sample_first
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.intervals import t_tail
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.fitted import coefficients, covariance
from survey_kit.estimation.models.formula import Predictors, without_intercept
from survey_kit.estimation.models.outcome import categories_of
from survey_kit.estimation.models.regression import offset_of
from survey_kit.estimation.models.separation import check_separation
from survey_kit.estimation.shown import Shown, Table, of_model
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.testable import check_word

Curve: TypeAlias = Literal["logit", "probit", "cloglog", "cauchit"]
MOST_STEPS = 100
CLOSE = 1e-10
FEWEST = 3
HALVINGS = 40


@dataclass(frozen=True)
class _Distribution:
    """F, its density, and the slope of that."""

    below: Callable[[Floats], Floats]
    density: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


def _logistic(u: Floats) -> Floats:
    return np.asarray(special.expit(u) * special.expit(-u), dtype=np.float64)


def _normal(u: Floats) -> Floats:
    return np.asarray(np.exp(-(u**2) / 2) / np.sqrt(2 * np.pi), dtype=np.float64)


def _gumbel(u: Floats) -> Floats:
    return np.asarray(np.exp(-u - np.exp(-u)), dtype=np.float64)


_CURVES: dict[Curve, _Distribution] = {
    "logit": _Distribution(
        special.expit, _logistic, lambda u: _logistic(u) * (1 - 2 * special.expit(u))
    ),
    "probit": _Distribution(special.ndtr, _normal, lambda u: -u * _normal(u)),
    "cloglog": _Distribution(
        lambda u: np.exp(-np.exp(-u)), _gumbel, lambda u: _gumbel(u) * (np.exp(-u) - 1)
    ),
    "cauchit": _Distribution(
        lambda u: np.arctan(u) / np.pi + 0.5,
        lambda u: 1 / (np.pi * (1 + u**2)),
        lambda u: -2 * u / (np.pi * (1 + u**2) ** 2),
    ),
}


@dataclass(frozen=True, eq=False, repr=False)
class Ordinal(Shown):
    """A fitted model of categories in order.

    coefficients
        Effects, then thresholds ("low|mid"), with their joint covariance. An effect above 0
        makes higher categories likelier. `df`: that of the design less the effects.
    effects
        How many of them are effects.
    naive
        The inverse of the information, with weights that average 1.
    """

    formula: str
    curve: Curve
    sample: Sample
    predictors: Predictors
    coefficients: Estimate
    effects: int
    categories: tuple[str, ...]
    deviance: float
    naive: Floats
    where: NDArray[np.bool_] | None
    offset: str | None = None

    @property
    def used(self) -> NDArray[np.bool_]:
        """(n,) bool. The rows that the model rests on."""
        return self.predictors.used

    @property
    def terms(self) -> dict[str, tuple[int, ...]]:
        """The effects of each term."""
        return without_intercept(self.predictors)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What its predictions are of: its categories."""
        return self.categories

    @property
    def expressions(self) -> tuple[str, ...]:
        """Everything that a row must have an answer to."""
        return (*formulas.sides(self.formula), *([self.offset] if self.offset else []))

    def expected(self, data: pd.DataFrame) -> Floats:
        """(rows, categories) The chance of every category, for other data."""
        _, below, _ = self._thresholds(data)
        return np.diff(below, axis=1)

    def expected_slopes(self, data: pd.DataFrame, weights: Floats) -> Floats:
        """(categories, k) How the weighted sum of the chances follows the coefficients."""
        x, _, density = self._thresholds(data)
        pull = weights[:, None] * density
        effects = -np.diff(pull, axis=1).T @ x
        steps = np.diag(pull.sum(axis=0))[:, 1:-1]
        return np.hstack([effects, np.diff(steps, axis=0)])

    def _thresholds(self, data: pd.DataFrame) -> tuple[Floats, Floats, Floats]:
        """(rows, effects) x, and (rows, categories + 1) the curve and its density."""
        names = self.predictors.names
        held = [at for at, name in enumerate(names) if name != "(Intercept)"]
        x = self.predictors.of(data)[:, held]
        value, curve = self.coefficients.value, _CURVES[self.curve]
        linear = x @ value[: self.effects] + offset_of(self.offset, data)
        u = value[None, self.effects :] - linear[:, None]
        ends = np.zeros((len(x), 1))
        below = np.hstack([ends, curve.below(u), ends + 1])
        return x, below, np.hstack([ends, curve.density(u), ends])

    @property
    def df(self) -> float:
        """Degrees of freedom for tests of its effects."""
        return self.coefficients.df

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each effect and threshold."""
        low, high = self.coefficients.modelled.interval()
        error = self.coefficients.standard_error
        t = self.coefficients.value / np.where(error > 0, error, np.nan)
        kinds = ["effect"] * self.effects
        return pd.DataFrame(
            {
                "kind": kinds + ["threshold"] * (len(t) - self.effects),
                "name": [name[-1] for name in self.coefficients.names],
                "value": self.coefficients.value,
                "standard_error": error,
                "low": low,
                "high": high,
                "t": t,
                "df": self.df,
                "p": t_tail(t, self.df),
            }
        )

    @property
    def sampling(self) -> Sampling:
        """How people were chosen, which decides what may be said."""
        return self.coefficients.sampling

    def shown(self) -> Table:
        """The coefficients."""
        return of_model(
            f"{self.formula}, categories in order ({self.curve})", self.frame, self.coefficients
        )


@sample_first
def ordinal(
    sample: Sample,
    formula: str,
    *,
    curve: Curve = "logit",
    offset: str | None = None,
    where: Where = None,
) -> Ordinal:
    """Fit a model of categories in order (R's `svyolr`).

    Parameters
    ----------
    formula
        ``outcome ~ predictors``; the categories of the outcome come in the order of its
        column. Thresholds stand in for an intercept.
    offset
        An expression that is added to the effects with a coefficient of 1 (R's `offset()`).
    where
        Of whom: see `asked_rows`.

    Raises
    ------
    EstimationError
        If the outcome has fewer than three categories, one of which nobody gave, or the
        fit does not settle.
    """
    where = asked_rows(sample, where)
    check_word(f"model {formula}, curve", curve, get_args(Curve))
    left, right = formulas.sides(formula)
    offset = formulas.arithmetic(offset) if offset else None
    used = formulas.rows_used(sample, [left, right, *([offset] if offset else [])], where)
    x = formulas.predictors(right, sample, used)
    held = [at for at, name in enumerate(x.names) if name != "(Intercept)"]
    matrix = x.matrix[:, held]
    codes, categories = categories_of(
        left,
        sample,
        used,
        fewest=FEWEST,
        instead="Use `regression` with family BINOMIAL for two.",
        merge="Merge it with the category beside it.",
    )
    shift = offset_of(offset, sample.data.loc[used])
    task = _Task(formula, matrix, codes, len(categories), _CURVES[curve], shift, x)
    w = sample.weights[used]
    value = task.fit(w / w.mean(), task.start(w))
    scores, information = task.pieces(value, w)
    naive = np.asarray(np.linalg.inv(information), dtype=np.float64)
    influences = scores @ naive
    joint = covariance(sample, used, value, influences, lambda v: task.fit(v / v.mean(), value))
    names = [x.names[at] for at in held]
    names += [f"{a}|{b}" for a, b in pairwise(categories)]
    made = coefficients(
        sample, names, value, joint=joint, used=used, influences=influences, taken=len(held)
    )
    return Ordinal(
        formula=formula,
        curve=curve,
        sample=sample,
        predictors=x,
        coefficients=made,
        effects=len(held),
        categories=categories,
        deviance=-2 * task.log_likelihood(value, w) / float(w.mean()),
        naive=naive * float(w.mean()),
        where=where,
        offset=offset,
    )


@dataclass(frozen=True, eq=False)
class _Task:
    """(m, p) predictors and (m,) categories from 0, and what is fitted to them."""

    formula: str
    x: Floats
    y: NDArray[np.intp]
    categories: int
    curve: _Distribution
    shift: Floats
    predictors: Predictors

    def start(self, weights: Floats) -> Floats:
        """No effects, and thresholds at the shares of the categories."""
        shares = np.bincount(self.y, weights, minlength=self.categories).cumsum()[:-1]
        share = shares / weights.sum()
        at = np.log(share / (1 - share))
        return np.concatenate([np.zeros(self.x.shape[1]), at])

    def log_likelihood(self, value: Floats, weights: Floats) -> float:
        p, _, _ = self._chances(value)
        return float(weights @ np.log(p)) if (p > 0).all() else -np.inf

    def _chances(self, value: Floats) -> tuple[Floats, Floats, Floats]:
        """(m,) the chance of each answer, and its upper and lower threshold."""
        effects = self.x.shape[1]
        thresholds = np.concatenate([[-np.inf], value[effects:], [np.inf]])
        linear = self.x @ value[:effects] + self.shift
        upper, lower = thresholds[self.y + 1] - linear, thresholds[self.y] - linear
        return self.curve.below(upper) - self.curve.below(lower), upper, lower

    def pieces(self, value: Floats, weights: Floats) -> tuple[Floats, Floats]:
        """(m, k) scores of the rows for a weight of 1, and the (k, k) information."""
        p, upper, lower = self._chances(value)
        a, b = self._at(self.curve.density, upper) / p, -self._at(self.curve.density, lower) / p
        up, low = self._moves(1), self._moves(0)
        scores = a[:, None] * up + b[:, None] * low
        aa = self._at(self.curve.slope, upper) / p - a**2
        bb = -self._at(self.curve.slope, lower) / p - b**2
        mixed = (up * (weights * -a * b)[:, None]).T @ low
        second = (up * (weights * aa)[:, None]).T @ up + (low * (weights * bb)[:, None]).T @ low
        return scores, -(second + mixed + mixed.T)

    def _moves(self, above: int) -> Floats:
        """(m, k) How a row's upper or lower threshold follows the parameters."""
        rows = np.arange(len(self.y))
        thresholds = np.zeros((len(self.y), self.categories + 1))
        thresholds[rows, self.y + above] = 1
        return np.hstack([-self.x, thresholds[:, 1:-1]])

    @staticmethod
    def _at(of: Callable[[Floats], Floats], u: Floats) -> Floats:
        """A density or its slope: nothing at a threshold without end."""
        inside = np.isfinite(u)
        return np.where(inside, of(np.where(inside, u, 0.0)), 0.0)

    def fit(self, weights: Floats, start: Floats) -> Floats:
        """(k,) Effects and thresholds, by Newton's method."""
        value, before = start, self.log_likelihood(start, weights)
        for _ in range(MOST_STEPS):
            scores, information = self.pieces(value, weights)
            gradient = weights @ scores
            try:
                step = np.linalg.solve(information, gradient)
            except np.linalg.LinAlgError:
                break
            for halving in range(HALVINGS):
                tried = value + step / 2**halving
                now = self.log_likelihood(tried, weights)
                if now >= before - CLOSE * abs(before):
                    break
            else:
                break
            value = tried
            if abs(now - before) <= CLOSE * (abs(now) + 1) and np.abs(step).max() < np.sqrt(CLOSE):
                return value
            before = now
        self._check_bounds(weights)
        raise EstimationError(
            f"model {self.formula}",
            f"the fit did not settle in {MOST_STEPS} steps",
            "Use fewer predictors, or merge categories in which everybody answered alike.",
        )

    def _check_bounds(self, weights: Floats) -> None:
        """Refuse an effect without bounds: where predictors decide who is above a threshold."""
        for split in range(1, self.categories):
            check_separation(
                self.formula,
                self.predictors.matrix,
                self.predictors.terms,
                y=(self.y >= split).astype(np.float64),
                held=weights > 0,
                mu=np.zeros(1),
                instead="leave the predictor out",
            )
