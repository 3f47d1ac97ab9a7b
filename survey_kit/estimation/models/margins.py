r"""What a model says in people's terms: predicted means, and average effects.

The predicted mean of a group is what the outcome would be on average if everybody were in
that group and otherwise stayed as they are; an average effect is the difference between
two such means, or the average slope along a number (Graubard and Korn 1999, Biometrics
55:652-659). Two things vary, and both follow the design: the coefficients, and the people
over whom it is averaged,

.. math:: V = G\,V_\beta\,G' + V(\bar e), \qquad
          G = \frac{\sum_j w_j\,\partial e_j / \partial\beta}{\sum_j w_j},

for the effects :math:`e_j` of each person. The two are taken to be uncorrelated, as they
are when the model holds, and as in R's `svypredmeans`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.regression import Regression
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.statistics.mean import MEAN

STEP = 1e-5
"""A number moves by this share of its standard deviation when its slope is taken."""


@dataclass(frozen=True, eq=False)
class _Effects:
    """(n, k) what each person contributes, and (k, coefficients) how the averages follow."""

    each: Floats
    gradient: Floats


def predicted_means(model: Regression, column: str) -> Estimate:
    """The mean outcome if everybody were in each category of a column.

    Averaged over all rows in which the outcome and the other predictors are known.

    Raises
    ------
    EstimationError
        If the model does not have the column, or it is no category.
    """
    rows = _rows(model, column)
    codes = _codes(model, column)
    every = [_predicted(model, _set(model, column, code, rows), rows) for code in codes]
    return _averaged(model, rows, every, [(column, str(code)) for code in codes])


def average_effects(model: Regression, column: str) -> Estimate:
    """What a predictor does on average, in the units of the outcome.

    Of a category: the mean outcome in each of its codes less that in the first. Of a number
    that is only ever 0 or 1: the same. Of any other number: the average slope.
    """
    values = model.sample.data.loc[model.used, column] if column in model.sample.data else None
    if values is None or not pd.api.types.is_numeric_dtype(values):
        return _against_the_first(predicted_means(model, column), column)
    if set(values.unique()) <= {0, 1}:
        rows = _rows(model, column)
        both = [_predicted(model, _set(model, column, code, rows), rows) for code in (0, 1)]
        means = _averaged(model, rows, both, [(column, "0"), (column, "1")])
        return _against_the_first(means, column)
    rows = _rows(model, column)
    return _averaged(model, rows, [_slopes(model, column, rows)], [(column, "slope")])


def _against_the_first(means: Estimate, column: str) -> Estimate:
    k = len(means.value)
    weights = np.hstack([-np.ones((k - 1, 1)), np.eye(k - 1)])
    first = means.names[0][-1]
    made = means.contrast(weights)
    names = tuple((column, f"{name[-1]} - {first}") for name in means.names[1:])
    return replace(made, names=names)


def _rows(model: Regression, column: str) -> NDArray[np.bool_]:
    """(n,) bool. Rows with everything the model needs, but for the column that is set."""
    if column not in formulas.columns_of(formulas.sides(model.formula)[1], model.sample):
        raise EstimationError(
            f"effect of '{column}'",
            f"the model {model.formula} does not have it",
            "Add it to the formula.",
        )
    left, right = formulas.sides(model.formula)
    expressions = [left, right, *([model.offset] if model.offset else [])]
    needed = {each for part in expressions for each in formulas.columns_of(part, model.sample)}
    rows = formulas.complete(model.sample, sorted(needed - {column}))
    return rows if model.where is None else rows & model.where


def _codes(model: Regression, column: str) -> list[object]:
    if pd.api.types.is_numeric_dtype(model.sample.data[column]):
        raise EstimationError(
            f"predicted means by '{column}'",
            "it is a number and has no categories",
            "Use `average_effects` for its slope, or make it a category.",
        )
    levels = model.sample.levels(column)
    held = set(levels.codes[model.used].tolist())
    return [value for code, value in enumerate(levels.values) if code in held]


def _set(model: Regression, column: str, value: object, rows: NDArray[np.bool_]) -> pd.DataFrame:
    """The rows with one value for everybody in the column, coded as it was."""
    data = model.sample.data.loc[rows].copy()
    data[column] = pd.Series([value] * len(data), index=data.index, dtype=data[column].dtype)
    return data


def _shift(model: Regression, data: pd.DataFrame) -> Floats:
    if model.offset is None:
        return np.zeros(len(data))
    sample = replace(model.sample, data=data, replicates=None, calibration=None)
    return formulas.outcome(model.offset, sample, np.ones(len(data), dtype=bool), shares=False)


def _predicted(model: Regression, data: pd.DataFrame, rows: NDArray[np.bool_]) -> _Effects:
    link: Any = model.family.with_link(model.link).link
    x = model.predictors.of(data)
    linear = x @ model.coefficients.value + _shift(model, data)
    w = model.sample.weights[rows]
    slope = np.asarray(link.inverse_deriv(linear), dtype=np.float64)
    each = np.full((len(model.sample), 1), np.nan)
    each[rows, 0] = link.inverse(linear)
    return _Effects(each, ((w * slope) @ x / w.sum())[None, :])


def _slopes(model: Regression, column: str, rows: NDArray[np.bool_]) -> _Effects:
    """The slope of each person's mean along a number, and how the average follows."""
    link: Any = model.family.with_link(model.link).link
    data = model.sample.data.loc[rows].copy()
    numbers = data[column].to_numpy(dtype=np.float64)
    step = STEP * float(np.nanstd(numbers))
    x = model.predictors.of(data)
    above = model.predictors.of(data.assign(**{column: numbers + step}))
    below = model.predictors.of(data.assign(**{column: numbers - step}))
    change = (above - below) / (2 * step)
    beta = model.coefficients.value
    linear, along = x @ beta + _shift(model, data), change @ beta
    slope = np.asarray(link.inverse_deriv(linear), dtype=np.float64)
    bend = np.asarray(link.inverse_deriv2(linear), dtype=np.float64)
    w = model.sample.weights[rows]
    each = np.full((len(model.sample), 1), np.nan)
    each[rows, 0] = slope * along
    gradient = ((w * bend * along) @ x + (w * slope) @ change) / w.sum()
    return _Effects(each, gradient[None, :])


def _averaged(
    model: Regression,
    rows: NDArray[np.bool_],
    effects: Sequence[_Effects],
    names: Sequence[tuple[str, str]],
) -> Estimate:
    """The averages over people, with what the coefficients add to their covariance."""
    columns = [f"effect {number}" for number in range(len(effects))]
    each = np.hstack([effect.each for effect in effects])
    data = pd.DataFrame(each, columns=columns, index=model.sample.data.index)
    sample = replace(model.sample, data=pd.concat([model.sample.data, data], axis=1))
    means = estimate(MEAN, sample, columns, where=rows)
    gradient = np.vstack([effect.gradient for effect in effects])
    added = gradient @ model.coefficients.covariance @ gradient.T
    return replace(means, names=tuple(names), covariance=means.covariance + added)
