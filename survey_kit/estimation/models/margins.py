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

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.statistics.mean import MEAN

STEP = 1e-5
"""A number moves by this share of its standard deviation when its slope is taken."""


class Predicting(Protocol):
    """Any model that expects something of each row: a mean, or a chance of every category."""

    @property
    def formula(self) -> str: ...

    @property
    def sample(self) -> Sample: ...

    @property
    def coefficients(self) -> Estimate: ...

    @property
    def where(self) -> NDArray[np.bool_] | None: ...

    @property
    def used(self) -> NDArray[np.bool_]: ...

    @property
    def outcomes(self) -> tuple[str, ...]:
        """(j,) What is expected; "" for the one mean of a regression."""
        ...

    @property
    def expressions(self) -> tuple[str, ...]:
        """Everything that a row must have an answer to."""
        ...

    def expected(self, data: pd.DataFrame) -> Floats:
        """(rows, j)."""
        ...

    def expected_slopes(self, data: pd.DataFrame, weights: Floats) -> Floats:
        """(j, coefficients) How the weighted sum over rows follows the coefficients."""
        ...


@dataclass(frozen=True, eq=False)
class _Effects:
    """(rows, j) what each person contributes, (j, coefficients) how the averages follow."""

    each: Floats
    gradient: Floats
    names: tuple[tuple[str, ...], ...]

    def less(self, other: _Effects, names: tuple[tuple[str, ...], ...]) -> _Effects:
        return _Effects(self.each - other.each, self.gradient - other.gradient, names)


def predicted_means(model: Predicting, column: str) -> Estimate:
    """The mean outcome if everybody were in each category of a column.

    Averaged over all rows in which the outcome and the other predictors are known.

    Returns
    -------
    Estimate
        Of (column, code), or of (column, code, category) where the outcome is one of
        several categories.

    Raises
    ------
    EstimationError
        If the model does not have the column, or it is no category.
    """
    rows = _rows(model, [column])
    if not _categorical(model, column):
        raise EstimationError(
            f"predicted means by '{column}'",
            "it is a number and has no categories",
            "Use `average_effects` for its slope, or make it a category.",
        )
    return _averaged(model, rows, _of_codes(model, column, rows))


def average_effects(model: Predicting, column: str | Sequence[str]) -> Estimate:
    """What a predictor does on average, in the units of the outcome.

    Of a category: the mean outcome in each of its codes less that in the first. Of a number
    that is only ever 0 or 1: the same. Of any other number: the average slope.

    Parameters
    ----------
    column
        One, or several: their effects then have a joint covariance, and are averaged over
        the rows in which all of them are known.

    Returns
    -------
    Estimate
        Of (column, "woman - man") or (column, "slope"), with the category of the outcome
        behind where it is one of several.

    Raises
    ------
    EstimationError
        If the model does not have the column.
    """
    columns = [column] if isinstance(column, str) else list(column)
    alone = len(columns) == 1 and _categorical(model, columns[0])
    rows = _rows(model, columns) if alone else _rows(model, columns) & model.used
    effects: list[_Effects] = []
    for name in columns:
        values = model.sample.data.loc[model.used, name]
        if _categorical(model, name) or set(values.unique()) <= {0, 1}:
            first, *others = _of_codes(model, name, rows)
            against = first.names[0][1]
            for other in others:
                said = f"{other.names[0][1]} - {against}"
                names = tuple((name, said, *label[2:]) for label in other.names)
                effects.append(other.less(first, names))
        else:
            effects.append(_slopes(model, name, rows))
    return _averaged(model, rows, effects)


def _categorical(model: Predicting, column: str) -> bool:
    """Whether a column has codes: it holds no numbers, or the formula takes them as codes."""
    if not pd.api.types.is_numeric_dtype(model.sample.data[column]):
        return True
    word = re.escape(column)
    return bool(re.search(rf"(?<![\w.])C\(\s*`?{word}`?\s*[,)]", formulas.sides(model.formula)[1]))


def _rows(model: Predicting, columns: Sequence[str]) -> NDArray[np.bool_]:
    """(n,) bool. Rows with everything the model needs, but for the columns that are set."""
    has = formulas.columns_of(formulas.sides(model.formula)[1], model.sample)
    for column in columns:
        if column not in has:
            raise EstimationError(
                f"effect of '{column}'",
                f"the model {model.formula} does not have it",
                "Add it to the formula.",
            )
    needed = {
        each for part in model.expressions for each in formulas.columns_of(part, model.sample)
    }
    rows = formulas.complete(model.sample, sorted(needed - set(columns)))
    return rows if model.where is None else rows & model.where


def _of_codes(model: Predicting, column: str, rows: NDArray[np.bool_]) -> list[_Effects]:
    """What is expected with everybody in each code of a column, as far as anybody is."""
    levels = model.sample.levels(column)
    held = set(levels.codes[model.used].tolist())
    w = model.sample.weights[rows]
    found: list[_Effects] = []
    for code, (value, name) in enumerate(zip(levels.values, levels.names, strict=True)):
        if code not in held:
            continue
        data = model.sample.data.loc[rows].copy()
        kind = data[column].dtype
        data[column] = pd.Series([value] * len(data), index=data.index, dtype=kind)
        names = tuple((column, name, *([each] if each else [])) for each in model.outcomes)
        gradient = model.expected_slopes(data, w) / w.sum()
        found.append(_Effects(model.expected(data), gradient, names))
    return found


def _slopes(model: Predicting, column: str, rows: NDArray[np.bool_]) -> _Effects:
    """The slope of what is expected of each person along a number, by a small step."""
    data = model.sample.data.loc[rows]
    numbers = data[column].to_numpy(dtype=np.float64)
    step = STEP * (float(np.std(numbers)) or 1.0)
    w = model.sample.weights[rows]
    above, below = (data.assign(**{column: numbers + by}) for by in (step, -step))
    each = (model.expected(above) - model.expected(below)) / (2 * step)
    change = model.expected_slopes(above, w) - model.expected_slopes(below, w)
    names = tuple((column, "slope", *([name] if name else [])) for name in model.outcomes)
    return _Effects(each, change / (2 * step) / w.sum(), names)


def _averaged(model: Predicting, rows: NDArray[np.bool_], effects: Sequence[_Effects]) -> Estimate:
    """The averages over people, with what the coefficients add to their covariance."""
    each = np.hstack([effect.each for effect in effects])
    columns = [f"effect {number}" for number in range(each.shape[1])]
    whole = np.full((len(model.sample), each.shape[1]), np.nan)
    whole[rows] = each
    data = pd.DataFrame(whole, columns=columns, index=model.sample.data.index)
    sample = replace(model.sample, data=pd.concat([model.sample.data, data], axis=1))
    means = estimate(MEAN, sample, columns, where=rows)
    gradient = np.vstack([effect.gradient for effect in effects])
    added = gradient @ model.coefficients.covariance @ gradient.T
    names = tuple(name for effect in effects for name in effect.names)
    called = ("predictor", "effect")[: len(names[0]) - 1] if names else ()
    return replace(means, names=names, covariance=means.covariance + added, grouped_by=called)
