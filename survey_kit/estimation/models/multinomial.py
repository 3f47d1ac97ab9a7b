r"""Models of categories without an order: owes nobody, owes family, owes a smuggler.

.. math:: P(y = j) = \frac{e^{\eta_j}}{\sum_l e^{\eta_l}}, \qquad
          \eta_j = o_j + x'\beta_j, \quad \eta_{ref} = o_{ref}

Each category but the reference has coefficients of its own, and :math:`e^{\beta}` is a
ratio of chances against the reference (Agresti 2013, "Categorical Data Analysis", section
8.1). The coefficients solve :math:`\sum_i w_i x_i ([y_i = j] - p_{ij}) = 0`, and their
influences are :math:`H^{-1} s_i` with the score of a row and the information of all, as for
every model here (Binder 1983). With two categories it is the logistic regression.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.design import Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.asked import Where, asked_rows, sample_first
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.intervals import t_tail
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.fitted import coefficients, covariance
from survey_kit.estimation.models.formula import Predictors
from survey_kit.estimation.models.outcome import categories_of
from survey_kit.estimation.models.regression import offset_of, relative_weights, t_values
from survey_kit.estimation.models.separation import check_separation
from survey_kit.estimation.shown import Shown, Table, of_model
from survey_kit.estimation.statistic import Floats

MOST_STEPS = 60
CLOSE = 1e-12
"""The fit has settled when the likelihood gains less than this share of itself."""
HALVINGS = 30
FEWEST = 2


@dataclass(frozen=True, eq=False, repr=False)
class Multinomial(Shown):
    """A fitted model of categories without an order.

    coefficients
        Category by category without the reference, in each the predictors; names are
        (category, predictor). `df`: that of the design of the rows used, less the
        predictors of one category, plus 1, as in a logistic regression.
    naive
        The inverse of the information, with weights that average 1.
    deviance, null_deviance
        Of the model, and of one with nothing but intercepts and offsets, with weights that
        average 1.
    fitted
        (m, categories) The chance of every category, for each row used.
    offsets
        What is added to a category with a coefficient of 1, as expressions.
    """

    formula: str
    sample: Sample
    predictors: Predictors
    coefficients: Estimate
    categories: tuple[str, ...]
    reference: str
    naive: Floats
    deviance: float
    null_deviance: float
    fitted: Floats
    offsets: Mapping[str, str]
    where: NDArray[np.bool_] | None

    @property
    def used(self) -> NDArray[np.bool_]:
        """(n,) bool. The rows that the model rests on."""
        return self.predictors.used

    @property
    def df(self) -> float:
        """Degrees of freedom for tests of its coefficients."""
        return self.coefficients.df

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What its predictions are of: its categories."""
        return self.categories

    @property
    def expressions(self) -> tuple[str, ...]:
        """Everything that a row must have an answer to."""
        return (*formulas.sides(self.formula), *self.offsets.values())

    @cached_property
    def terms(self) -> dict[str, tuple[int, ...]]:
        """The coefficients of each term, in every category."""
        k = len(self.predictors.names)
        blocks = range(len(self.categories) - 1)
        return {
            name: tuple(block * k + at for block in blocks for at in columns)
            for name, columns in self.predictors.terms.items()
        }

    def expected(self, data: pd.DataFrame) -> Floats:
        """(rows, categories) The chance of every category, for other data."""
        return _chances(self._linear(data))

    def expected_slopes(self, data: pd.DataFrame, weights: Floats) -> Floats:
        """(categories, coefficients) How the weighted sum of the chances follows them."""
        x = self.predictors.of(data)
        p = _chances(self._linear(data))
        free = self._free
        found = np.empty((p.shape[1], len(free), x.shape[1]))
        for j in range(p.shape[1]):
            for place, other in enumerate(free):
                follows = p[:, j] * ((j == other) - p[:, other])
                found[j, place] = (weights * follows) @ x
        return found.reshape(p.shape[1], -1)

    @property
    def _free(self) -> list[int]:
        return [at for at, name in enumerate(self.categories) if name != self.reference]

    def _linear(self, data: pd.DataFrame) -> Floats:
        x = self.predictors.of(data)
        linear = _shifts(self.offsets, self.categories, data)
        beta = self.coefficients.value.reshape(len(self._free), -1)
        linear[:, self._free] += x @ beta.T
        return linear

    @cached_property
    def t(self) -> Floats:
        """(k,) Each coefficient over its standard error."""
        return t_values(self.coefficients)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each coefficient, with its ratio of chances and that one's interval."""
        low, high = self.coefficients.modelled.interval()
        return pd.DataFrame(
            {
                "category": [name[0] for name in self.coefficients.names],
                "name": [name[-1] for name in self.coefficients.names],
                "value": self.coefficients.value,
                "standard_error": self.coefficients.standard_error,
                "ratio": np.exp(self.coefficients.value),
                "low": np.exp(low),
                "high": np.exp(high),
                "t": self.t,
                "df": self.df,
                "p": t_tail(self.t, self.df),
            }
        )

    @property
    def sampling(self) -> Sampling:
        """How people were chosen, which decides what may be said."""
        return self.coefficients.sampling

    def shown(self) -> Table:
        """The coefficients."""
        return of_model(
            f"{self.formula}, against '{self.reference}'", self.frame, self.coefficients
        )


@sample_first
def multinomial(
    sample: Sample,
    formula: str,
    *,
    reference: str | None = None,
    offsets: Mapping[str, str] | None = None,
    where: Where = None,
) -> Multinomial:
    """Fit a model of categories without an order.

    Parameters
    ----------
    formula
        ``outcome ~ predictors``, as formulaic reads it.
    reference
        The category that the others are compared with; None for the first.
    offsets
        For any of the categories an expression that is added with a coefficient of 1.
    where
        Of whom: the name of a column of true and false, a condition such as ``"age > 17"``, (n,)
        bool, or categories by column: see `asked_rows`. The others stay in the sample and weigh 0.

    Raises
    ------
    EstimationError
        If the outcome has one category, nobody gave one of them, a predictor decides
        between two, or the fit does not settle.
    LonelyUnit
        See `linearised_variance`.
    """
    where = asked_rows(sample, where)
    left, right = formulas.sides(formula)
    added = {name: formulas.arithmetic(of) for name, of in (offsets or {}).items()}
    used = formulas.rows_used(sample, [left, right, *added.values()], where)
    x = formulas.predictors(right, sample, used)
    codes, categories = categories_of(
        left,
        sample,
        used,
        fewest=FEWEST,
        instead="A model needs two or more.",
        merge="Merge it with another, or take it out of the column's categories.",
    )
    chosen = _reference(reference, categories, left, added)
    shift = _shifts(added, categories, sample.data.loc[used])
    task = _Task(formula, x, codes, shift, categories.index(chosen))
    w = relative_weights(sample, used, where)
    start = np.zeros((len(categories) - 1) * x.matrix.shape[1], dtype=np.float64)
    value = task.fit(w, start)
    p = task.chances(value)
    naive = np.asarray(np.linalg.inv(task.information(p, w)), dtype=np.float64)
    influences = task.scores(p) @ naive * (w / sample.weights[used])[:, None]
    joint = covariance(sample, used, value, influences, lambda v: task.fit(v / v.mean(), value))
    free = [name for name in categories if name != chosen]
    names = [(category, name) for category in free for name in x.names]
    made = coefficients(
        sample,
        [name for _, name in names],
        value,
        joint=joint,
        used=used,
        influences=influences,
        taken=len(x.names) - 1,
    )
    return Multinomial(
        formula=formula,
        sample=sample,
        predictors=x,
        coefficients=replace(made, names=tuple(names)),
        categories=categories,
        reference=chosen,
        naive=naive,
        deviance=-2 * task.log_likelihood(p, w),
        null_deviance=-2 * _empty(task, w),
        fitted=p,
        offsets=added,
        where=where,
    )


def _reference(
    reference: str | None, categories: tuple[str, ...], left: str, offsets: Mapping[str, str]
) -> str:
    """The reference category; refuses it, or an offset, where there is no such category."""
    for name in ([] if reference is None else [reference]) + list(offsets):
        if name not in categories:
            raise EstimationError(
                f"outcome '{left}'",
                f"it has no category '{name}'",
                f"Its categories are: {', '.join(categories)}.",
            )
    return categories[0] if reference is None else reference


def _shifts(offsets: Mapping[str, str], categories: tuple[str, ...], data: pd.DataFrame) -> Floats:
    """(rows, categories) What is added to each category."""
    found = np.zeros((len(data), len(categories)))
    for name, expression in offsets.items():
        found[:, categories.index(name)] = offset_of(expression, data)
    return found


def _empty(task: _Task, weights: Floats) -> float:
    """The log likelihood with nothing but intercepts, if there are any, and offsets."""
    if "1" not in task.predictors.terms:
        return task.log_likelihood(_chances(task.shift), weights)
    names = ("(Intercept)",)
    ones = replace(
        task.predictors, matrix=np.ones((len(task.y), 1)), names=names, terms={"1": (0,)}
    )
    alone = replace(task, predictors=ones)
    value = alone.fit(weights, np.zeros(len(task.free), dtype=np.float64))
    return alone.log_likelihood(alone.chances(value), weights)


def _chances(linear: Floats) -> Floats:
    raised = np.exp(linear - linear.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Task:
    """What is fitted, to be fitted again with the weights of every replicate.

    y, shift
        (m,) categories from 0, and (m, categories) offsets.
    """

    formula: str
    predictors: Predictors
    y: NDArray[np.intp]
    shift: Floats
    reference: int

    @cached_property
    def free(self) -> list[int]:
        """The categories that have coefficients."""
        return [at for at in range(self.shift.shape[1]) if at != self.reference]

    def chances(self, value: Floats) -> Floats:
        """(m, categories)."""
        linear = self.shift.copy()
        linear[:, self.free] += self.predictors.matrix @ value.reshape(len(self.free), -1).T
        return _chances(linear)

    def log_likelihood(self, p: Floats, weights: Floats) -> float:
        own = p[np.arange(len(self.y)), self.y]
        held = weights > 0
        return float(weights[held] @ np.log(own[held])) if (own[held] > 0).all() else -np.inf

    def scores(self, p: Floats) -> Floats:
        """(m, coefficients) of the rows, for a weight of 1."""
        met = (self.y[:, None] == np.array(self.free)[None, :]) - p[:, self.free]
        return (met[:, :, None] * self.predictors.matrix[:, None, :]).reshape(len(self.y), -1)

    def information(self, p: Floats, weights: Floats) -> Floats:
        """(coefficients, coefficients)."""
        x, k = self.predictors.matrix, self.predictors.matrix.shape[1]
        found = np.empty((len(self.free) * k,) * 2)
        for a, j in enumerate(self.free):
            for b, other in enumerate(self.free[: a + 1]):
                follows = weights * p[:, j] * ((j == other) - p[:, other])
                block = x.T @ (x * follows[:, None])
                found[a * k : (a + 1) * k, b * k : (b + 1) * k] = block
                found[b * k : (b + 1) * k, a * k : (a + 1) * k] = block
        return found

    def fit(self, weights: Floats, start: Floats) -> Floats:
        """(coefficients,) By Newton's method.

        Raises
        ------
        EstimationError
            If a predictor decides between categories, or the fit does not settle.
        """
        value: Floats = start
        p = self.chances(start)
        before = self.log_likelihood(p, weights)
        for _ in range(MOST_STEPS):
            gradient = weights @ self.scores(p)
            try:
                solved = np.linalg.solve(self.information(p, weights), gradient)
            except np.linalg.LinAlgError:
                break
            step = np.asarray(solved, dtype=np.float64)
            for halving in range(HALVINGS):
                tried = value + step / 2**halving
                p = self.chances(tried)
                now = self.log_likelihood(p, weights)
                if now >= before - CLOSE * abs(before):
                    break
            else:
                break
            value = np.asarray(tried, dtype=np.float64)
            if abs(now - before) <= CLOSE * (abs(now) + 1):
                self._check_bounds(p, weights)
                return value
            before = now
        self._check_bounds(p, weights)
        raise EstimationError(
            f"model {self.formula}",
            f"the fit did not settle in {MOST_STEPS} steps",
            "Use fewer predictors, or merge categories in which everybody answered alike.",
        )

    def _check_bounds(self, p: Floats, weights: Floats) -> None:
        """Refuse an effect without bounds: between any category and the reference."""
        for other in self.free:
            pair = np.isin(self.y, [self.reference, other]) & (weights > 0)
            two = p[pair][:, [self.reference, other]]
            check_separation(
                self.formula,
                self.predictors.matrix,
                self.predictors.terms,
                y=(self.y == other).astype(np.float64),
                held=pair,
                mu=two[:, 1] / two.sum(axis=1),
                instead="leave the predictor out",
            )
