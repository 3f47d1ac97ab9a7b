r"""Log-linear models of a table: which of its variables go together.

The shares of the cells are estimated with their joint covariance; a model is fitted to
them by the weighted likelihood, and two models are compared by deviance and by Pearson's
X², whose distribution under the design is that of :math:`\sum \delta_i Z_i^2` (Rao and
Scott 1984, Annals of Statistics 12:46-60), here F with the second-order correction.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from survey_kit.design.columns import with_column
from survey_kit.design.design import Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.asked import Where, asked_rows, sample_first
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.family import POISSON
from survey_kit.estimation.models.regression import coefficient_table
from survey_kit.estimation.models.reweighted import Task
from survey_kit.estimation.proportions import shares
from survey_kit.estimation.shown import Shown, Table, of_frame, of_model, of_result, said_of_tests
from survey_kit.estimation.statistic import Floats

ROUNDING = 1e-9
EMPTY = 1e-8
"""A cell with a smaller share in the model has nobody in it."""
SEVERAL = 2
MOST_CELLS = 3_000
"""Beyond, the covariance of the cells would take minutes and gigabytes."""


@dataclass(frozen=True, eq=False, repr=False)
class LogLinear(Shown):
    """A log-linear model of a table.

    cells
        The observed shares of the cells, with their joint covariance.
    expected
        (cells,) The shares under the model.
    matrix
        (cells, terms) The model, without its intercept, centred.
    n
        Rows in the base.
    columns, fitted
        What the columns of the model are called, and (terms + 1,) their effects, the
        intercept first.
    """

    formula: str
    cells: Estimate
    expected: Floats
    matrix: Floats
    deviance: float
    n: int
    columns: tuple[str, ...]
    fitted: Floats

    @cached_property
    def coefficients(self) -> Estimate:
        r"""The effects on the logarithm of a cell, categories coded so that they add to nothing.

        A variable's last category is less the sum of the others: ``sex[female]`` of two is half
        the difference. Their covariance is :math:`A X'VX A`, with V that of the cells' shares,
        X the centred model and A the inverse of :math:`X'(\mathrm{diag}(p) - pp')X`.
        """
        if not self.bounded:
            raise EstimationError(
                f"model {self.formula}",
                "a cell is empty in it, so effects have no bounds",
                "Leave out the term that crosses its variables, or put categories together.",
            )
        inner = np.linalg.inv(self.matrix.T @ _spread(self.expected) @ self.matrix)
        pull = inner @ self.matrix.T
        made = self.cells.contrast(pull, self.columns)
        return replace(made, value=self.fitted[1:])

    @property
    def sampling(self) -> Sampling:
        """How people were chosen, which decides what may be said."""
        return self.cells.sampling

    @property
    def bounded(self) -> bool:
        """Whether every effect has bounds: none does where the model has an empty cell."""
        return bool(self.expected.min() > EMPTY)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each effect: value, standard error, interval, t and p.

        Where a cell of the model is empty, and effects have no bounds, the cells: `table`.
        """
        return coefficient_table(self.coefficients) if self.bounded else self.table

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row for each cell: its share among people, and under the model."""
        return pd.DataFrame(
            {
                "cell": [name[-1] for name in self.cells.names],
                "observed": self.cells.value,
                "expected": self.expected,
                "n": self.cells.count,
            }
        )

    def shown(self) -> Table:
        """The effects; the cells are in `.table`."""
        saturated = len(self.columns) == len(self.expected) - 1
        fit = (
            "as many effects as there can be"
            if saturated
            else f"deviance {self.deviance:.4g} (`sk.compare` it with a larger model)"
        )
        title = f"Log-linear model {self.formula}, {len(self.expected):,} cells; {fit}"
        if not self.bounded:
            said = "A cell is empty in the model, so effects have no bounds; these are its cells."
            return of_result(title, self.table, self.cells.modelled, said)
        return of_model(title, self.frame, self.coefficients)


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Shown):
    """What a smaller model loses against a larger one, by deviance and by Pearson's X².

    delta
        (terms, terms) What the design does to each of the further terms.
    numerator_df, denominator_df
        Of F, to which both are referred, over the trace of delta.
    smaller, larger
        The models, and `n`, `sampling` and `design`: on whom both rest.
    """

    deviance: float
    deviance_p: float
    score: float
    score_p: float
    delta: Floats
    numerator_df: float = np.nan
    denominator_df: float = np.nan
    smaller: str = ""
    larger: str = ""
    n: int = 0
    sampling: Sampling | None = None
    design: str = ""

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each of the two tests."""
        return pd.DataFrame(
            {
                "name": ["deviance", "Pearson's X²"],
                "statistic": [self.deviance, self.score],
                "df": self.numerator_df,
                "denominator_df": self.denominator_df,
                "p": [self.deviance_p, self.score_p],
            }
        )

    def shown(self) -> Table:
        """Both tests."""
        under = [f"n = {self.n:,}; Rao and Scott, second order", self.design]
        return of_frame(
            self.frame,
            title=f"{self.larger} against {self.smaller}",
            under=[*under, *said_of_tests(self.sampling)],
        )


@sample_first
def log_linear(sample: Sample, terms: str, *, where: Where = None) -> LogLinear:
    """Fit a log-linear model.

    Parameters
    ----------
    terms
        The right side of a formula of categories: ``a + b`` says that they have nothing to
        do with each other, ``a * b`` that they may. A row that lacks any leaves the base.

    Raises
    ------
    EstimationError
        If a variable is no category, or the fit does not settle.
    """
    where = asked_rows(sample, where)
    columns = formulas.columns_of(terms, sample)
    levels = [sample.levels(column) for column in columns]
    _check_cells(terms, columns, [len(each.names) for each in levels])
    code = np.zeros(len(sample), dtype=np.intp)
    for each in levels:
        code = np.where((code < 0) | (each.codes < 0), -1, code * len(each.names) + each.codes)
    grid = pd.MultiIndex.from_product([each.names for each in levels], names=list(columns))
    names = ["\x1f".join(map(str, key)) for key in grid]
    kind = pd.CategoricalDtype(names)
    cell = pd.Series(pd.Categorical.from_codes(code, dtype=kind), index=sample.data.index)
    made = replace(sample, data=with_column(sample.data, "cell of the table", cell))
    cells = shares(made, "cell of the table", where=where)
    cells = replace(
        cells, names=tuple(("", name[-1].replace("\x1f", " × ")) for name in cells.names)
    )
    if not cells.n[0]:
        raise EstimationError(
            f"model {terms}",
            "nobody asked about has an answer to all of its variables",
            "Look at which of the columns are empty, and at `where`.",
        )
    # R counts the rows asked about, also those that lack a variable
    n = int(len(sample) if where is None else where.sum())
    table = grid.to_frame(index=False).astype(
        {
            column: pd.CategoricalDtype(list(each.names))
            for column, each in zip(columns, levels, strict=True)
        }
    )
    full, names_of = _coded(terms, table)
    counts = cells.value * n
    fit = Task(terms, full, counts, np.zeros(len(counts)), POISSON, POISSON.with_link(None)).fit(
        np.ones(len(counts))
    )
    centred = full[:, 1:] - full[:, 1:].mean(axis=0)
    deviance = float(POISSON.with_link(None).deviance(counts, fit.mu))
    return LogLinear(terms, cells, fit.mu / n, centred, deviance, n, names_of[1:], fit.beta)


def _check_cells(terms: str, columns: Sequence[str], sizes: Sequence[int]) -> None:
    """Refuse a table of no cells, of one category only, or of too many."""
    for column, size in zip(columns, sizes, strict=True):
        if size < SEVERAL:
            held = "no categories" if size == 0 else "one category only"
            raise EstimationError(
                f"model {terms}", f"'{column}' has {held}", "Leave it out, or check the column."
            )
    if math.prod(sizes) > MOST_CELLS:
        named = " by ".join(f"{size:,}" for size in sizes)
        raise EstimationError(
            f"model {terms}",
            f"{named} categories make too many cells for their covariance",
            f"Put categories together: at most {MOST_CELLS:,} cells can be modelled.",
        )


def _coded(terms: str, table: pd.DataFrame) -> tuple[Floats, tuple[str, ...]]:
    """(cells, terms) The model with categories coded so that they add to nothing; its names."""
    formulaic: Any = import_module("formulaic")
    coded = terms
    words = {f"category_{number}_": str(column) for number, column in enumerate(table.columns)}
    for word, column in words.items():
        named = rf"`{re.escape(column)}`|(?<![\w`]){re.escape(column)}(?![\w`])"
        coded = re.sub(named, f"C({word}, contr.sum)", coded)
    renamed = table.rename(columns={column: word for word, column in words.items()})
    made: Any = formulaic.Formula(coded).get_model_matrix(renamed)
    names = [re.sub(r"C\((\w+), contr\.sum\)\[S\.", r"\1[", name) for name in made.columns]
    for word, column in words.items():
        names = [name.replace(word, column) for name in names]
    return np.asarray(made, dtype=np.float64), tuple(names)


def compare(smaller: LogLinear, larger: LogLinear) -> Comparison:
    """Whether the terms that the larger model has beyond the smaller explain anything.

    Raises
    ------
    EstimationError
        If they are not of the same table, or the larger has no further terms.
    """
    if smaller.cells.names != larger.cells.names:
        raise EstimationError(
            f"models {smaller.formula} and {larger.formula}",
            "they are not of the same table",
            "Name the same variables in both.",
        )
    n = smaller.n
    inner = _spread(larger.expected) / n
    x1 = smaller.matrix
    own = np.linalg.solve(x1.T @ inner @ x1, x1.T @ inner @ larger.matrix)
    beyond = _independent(larger.matrix - x1 @ own)
    if beyond.shape[1] == 0:
        raise EstimationError(
            f"models {smaller.formula} and {larger.formula}",
            "the second has no terms beyond the first",
            "Give the smaller model first.",
        )
    saturated = _spread(smaller.cells.value) / n
    delta = np.linalg.solve(
        beyond.T @ saturated @ beyond, beyond.T @ smaller.cells.covariance @ beyond
    )
    trace, squares = float(np.trace(delta)), float(np.trace(delta @ delta))
    first = trace**2 / squares
    second = smaller.cells.df * first
    lost = smaller.deviance - larger.deviance
    score = n * float(((larger.expected - smaller.expected) ** 2 / smaller.expected).sum())
    tails = [float(special.fdtrc(first, second, each / trace)) for each in (lost, score)]
    return Comparison(
        deviance=lost,
        deviance_p=tails[0],
        score=score,
        score_p=tails[1],
        delta=np.asarray(delta, dtype=np.float64),
        numerator_df=first,
        denominator_df=second,
        smaller=smaller.formula,
        larger=larger.formula,
        n=int(smaller.cells.n[0]),
        sampling=smaller.cells.sampling,
        design=smaller.cells.design,
    )


def _spread(share: Floats) -> Floats:
    return np.diag(share) - np.outer(share, share)


def _independent(matrix: Floats) -> Floats:
    """The columns that do not follow from those before them."""
    kept: list[int] = []
    for column in range(matrix.shape[1]):
        tried = matrix[:, [*kept, column]]
        if np.linalg.matrix_rank(tried, tol=ROUNDING) > len(kept):
            kept.append(column)
    return matrix[:, kept]
