"""A formula such as ``debt ~ sex + age * country``, and the numbers that it makes of a sample.

Formulas are read by formulaic. A column whose name is no plain word stands in backticks:
``debt ~ `drivers/economic```. A category becomes one column for each of its codes but
the first, which the others are compared with. A row in which anything that the formula
needs is missing leaves the model, not the sample.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.drawn import Drawn
from survey_kit.design.faults import check_once
from survey_kit.errors import EstimationError
from survey_kit.estimation.models.categories import check_categories, only_met
from survey_kit.estimation.models.least_squares import independent
from survey_kit.estimation.models.model_matrix import KEPT, again, model_matrix, read
from survey_kit.estimation.statistic import Floats

TWO = 2
WHOLE, NUMBERS = "biu", "biuf"
"""Kinds of columns in which nothing can be missing, and of those that are numbers."""
QUOTED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, eq=False)
class Predictors:
    """What a formula makes of a sample.

    matrix
        (m, k). The predictors of the rows that are used.
    names
        (k,) One for each column.
    terms
        The terms of the formula in order, each with the columns that belong to it; the
        intercept is called "1".
    used
        (n,) bool. The rows that are used.
    """

    matrix: Floats
    names: tuple[str, ...]
    terms: dict[str, tuple[int, ...]]
    used: NDArray[np.bool_]
    right: str
    spec: Any

    def of(self, data: pd.DataFrame) -> Floats:
        """(rows, k) The same predictors of other data, coded as these were."""
        plain = _Plain.of(self.right)
        return again(self.spec, plain.renamed(only_met(data, fewest=1)))


def without_intercept(predictors: Predictors) -> dict[str, tuple[int, ...]]:
    """The columns of each term where those of the intercept are taken out."""
    held = [at for at, name in enumerate(predictors.names) if name != "(Intercept)"]
    place = {column: at for at, column in enumerate(held)}
    return {
        name: tuple(place[column] for column in columns)
        for name, columns in predictors.terms.items()
        if name != "1"
    }


@dataclass(frozen=True)
class _Plain:
    """A formula in which every name is a plain word, and which column each of those is."""

    text: str
    columns: dict[str, str]

    @classmethod
    def of(cls, expression: str) -> _Plain:
        columns: dict[str, str] = {}
        words: dict[str, str] = {}

        def word(found: re.Match[str]) -> str:
            stands_for = words.setdefault(found[1], f"column_{len(words)}_")
            columns[stands_for] = found[1]
            return stands_for

        return cls(QUOTED.sub(word, expression), columns)

    def renamed(self, data: pd.DataFrame) -> pd.DataFrame:
        added = {word: data[column] for word, column in self.columns.items() if column in data}
        return data.assign(**added) if added else data

    def named(self, text: str) -> str:
        """With the names as they were."""
        for word, column in self.columns.items():
            text = text.replace(word, column)
        return text


def sides(formula: str) -> tuple[str, str]:
    """What a formula explains, and by what."""
    left, tilde, right = formula.partition("~")
    if not tilde or not left.strip() or not right.strip() or "~" in right:
        raise EstimationError(
            f"formula '{formula}'",
            "it does not say what is explained by what",
            "Write for instance: debt ~ sex + age",
        )
    if left.lstrip().startswith("cbind("):
        raise EstimationError(
            f"formula '{formula}'",
            "it explains two columns at once, and a row is one answer here",
            "Explain one column of 0 and 1, with a row for each answer.",
        )
    return arithmetic(left.strip()), right.strip()


def arithmetic(expression: str) -> str:
    """One number for each row, as a formula puts it: ``a - b`` is I(a - b), ``a > 1`` is 0 or 1."""
    try:
        node = ast.parse(QUOTED.sub("column", expression), mode="eval").body
    except SyntaxError:
        return expression
    match node:
        case ast.Name() | ast.Call():
            return expression
        case ast.Compare():
            return f"I(1.0 * ({expression}))"
        case _:
            return f"I({expression})"


def columns_of(expression: str, sample: Drawn) -> tuple[str, ...]:
    """The columns of the data that an expression needs.

    Raises
    ------
    EstimationError
        If it cannot be read, or names a column that is not there.
    """
    failed: Any = import_module("formulaic.errors").FormulaicError
    try:
        needed = _needed(expression)
    except (failed, SyntaxError) as error:
        raise EstimationError(
            f"formula '{expression}'",
            "it cannot be read",
            "Write terms with + : and *, and whatever is computed in I(...).",
        ) from error
    unknown = sorted(needed - set(sample.data.columns))
    if unknown:
        raise EstimationError(
            f"formula '{expression}'",
            f"there is no column '{unknown[0]}'",
            "Check how it is spelt.",
        )
    if not sample.data.columns.is_unique:
        for name in needed:
            check_once(sample.data, name)
    return tuple(sorted(needed))


@lru_cache(KEPT)
def _needed(expression: str) -> frozenset[str]:
    """The columns that an expression names, whether or not there are such."""
    plain = _Plain.of(expression)
    factors = {str(factor.expr) for term in read(plain.text) for factor in term.factors}
    words = {word for factor in factors for word in _words(factor, expression)}
    return frozenset(plain.columns.get(word, word) for word in words)


def _words(factor: str, expression: str) -> set[str]:
    """The columns that a factor computes with; nothing but arithmetic and known functions.

    formulaic runs a factor as Python, so what could do anything else is not let through.
    """
    known: Any = import_module("formulaic.transforms").TRANSFORMS
    words: set[str] = set()
    called: set[int] = set()
    for node in ast.walk(ast.parse(factor.strip(), mode="eval")):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in {*known, "ns"} - {"Q"}:
                called.add(id(node.func))
            case ast.Attribute(value=ast.Name(id="np" | "contr")):
                called.add(id(node.value))
            case ast.Name(id=name):
                words |= set() if id(node) in called else {name}
            case ast.Call(func=ast.Attribute(value=ast.Name(id="np" | "contr"))):
                pass
            case ast.Call() | ast.Attribute() | ast.Lambda() | ast.Subscript():
                raise EstimationError(
                    f"formula '{expression}'",
                    f"'{ast.unparse(node)}' is no function that a formula knows",
                    "Use arithmetic, log, exp, np.sqrt, C, poly, bs and ns, or make a column.",
                )
            case _:
                pass
    return words


def complete(sample: Drawn, needed: Sequence[str]) -> NDArray[np.bool_]:
    """(n,) bool. The rows in which none of the columns is missing."""
    held = np.ones(len(sample), dtype=bool)
    for column in needed:
        found = sample.data[column]
        if not (isinstance(found.dtype, np.dtype) and found.dtype.kind in WHOLE):
            held &= found.notna().to_numpy(dtype=bool)
    return held


def rows_used(
    sample: Drawn, expressions: list[str], where: NDArray[np.bool_] | None
) -> NDArray[np.bool_]:
    """(n,) bool. Rows asked about in which nothing that the expressions need is missing.

    Raises
    ------
    EstimationError
        If there are none, or `where` does not fit the sample.
    """
    needed = {column for each in expressions for column in columns_of(each, sample)}
    used = complete(sample, sorted(needed))
    if where is not None:
        if where.shape != (len(sample),) or where.dtype != np.bool_:
            raise EstimationError(
                "where",
                f"it must say yes or no of each of the {len(sample)} rows",
                "Give an array of that many True and False.",
            )
        used &= where
    if not used.any():
        raise EstimationError(
            "model",
            "nobody asked about has an answer to everything that the formula needs",
            "Look at which of its columns are empty, and at `where`.",
        )
    return used


def predictors(right: str, sample: Drawn, used: NDArray[np.bool_]) -> Predictors:
    """The predictors of the rows that are used.

    Raises
    ------
    EstimationError
        If a number is infinite, or a column follows from the others.
    """
    plain = _Plain.of(right)
    data = sample.data.loc[used, list(columns_of(right, sample))]
    check_categories(data, right)
    data = plain.renamed(only_met(data))
    matrix, spec = model_matrix(plain.text, data, right)
    names = tuple(
        "(Intercept)" if name == "Intercept" else plain.named(str(name))
        for name in spec.column_names
    )
    if not np.isfinite(matrix).all():
        worst = names[int(np.flatnonzero(~np.isfinite(matrix).all(axis=0))[0])]
        raise EstimationError(
            f"formula '{right}'",
            f"'{worst}' is not a finite number for everybody",
            "Leave out the rows for which it is not defined, with `where`.",
        )
    _check_rank(matrix, names, right)
    terms = {
        plain.named(str(term)): tuple(int(at) for at in indices)
        for term, indices in spec.term_indices.items()
    }
    return Predictors(matrix, names, terms, used, right, spec)


def matrix(right: str, data: pd.DataFrame) -> Floats:
    """(rows, k) What the right side of a formula makes of data, whether or not columns follow.

    Raises
    ------
    EstimationError
        If it cannot be computed.
    """
    plain = _Plain.of(right)
    return model_matrix(plain.text, plain.renamed(data), right)[0]


def _check_rank(matrix: Floats, names: tuple[str, ...], right: str) -> None:
    """Refuse columns of which one is a sum of the others: they have no effects of their own."""
    if independent(matrix):
        return
    size = np.linalg.norm(matrix, axis=0)
    scaled = matrix / np.where(size > 0, size, 1.0)
    if len(matrix) and np.linalg.matrix_rank(scaled) == len(names):
        return
    for last in range(1, len(names) + 1):
        if not len(matrix) or np.linalg.matrix_rank(scaled[:, :last]) < last:
            raise EstimationError(
                f"formula '{right}'",
                f"'{names[last - 1]}' follows from what stands before it among those who answered",
                "Leave it out, or merge categories that nobody is in.",
            )


def outcome(left: str, sample: Drawn, used: NDArray[np.bool_], *, shares: bool) -> Floats:
    """(m,) The outcome of the rows that are used; of two categories, the second is 1.

    Raises
    ------
    EstimationError
        If it is no number, or not two categories where a share is modelled.
    """
    alone = QUOTED.fullmatch(left)
    column = alone[1] if alone else left
    if column in sample.data.columns and not pd.api.types.is_numeric_dtype(sample.data[column]):
        if pd.api.types.is_datetime64_any_dtype(sample.data[column]):
            raise EstimationError(
                f"outcome '{left}'",
                "it holds dates, and this needs numbers",
                "Make it days since a date first.",
            )
        levels = sample.levels(column)
        if not shares or len(levels.names) != TWO:
            raise EstimationError(
                f"outcome '{left}'",
                f"it has {len(levels.names)} categories and is no number",
                "Use family='binomial' for two categories, `ordinal` for categories in order.",
            )
        return levels.codes[used].astype(np.float64)
    columns_of(left, sample)
    alone = _column(left, sample.data)
    if alone is not None:
        return _finite(alone[used], f"outcome '{left}'")
    return number(left, sample.data.loc[used], f"outcome '{left}'")


def number(expression: str, data: pd.DataFrame, where: str) -> Floats:
    """(rows,) What an expression comes to for every row of data that hold its columns.

    Raises
    ------
    EstimationError
        If it is not one finite number for everybody.
    """
    alone = _column(expression, data)
    if alone is not None:
        return _finite(alone, where)
    plain = _Plain.of(expression)
    values, _ = model_matrix(f"{plain.text} - 1", plain.renamed(data), expression)
    return _finite(values[:, 0] if values.shape[1] == 1 else np.full(1, np.nan), where)


def _column(expression: str, data: pd.DataFrame) -> Floats | None:
    """(rows,) The numbers of a column, if that is all that an expression is."""
    quoted = QUOTED.fullmatch(expression)
    name = quoted[1] if quoted else expression
    if (not quoted and not name.isidentifier()) or name not in data:
        return None
    found = data[name]
    if not isinstance(found.dtype, np.dtype) or found.dtype.kind not in NUMBERS:
        return None
    return found.to_numpy(dtype=np.float64)


def _finite(values: Floats, where: str) -> Floats:
    """Refuse numbers of which one is none, or infinite."""
    if not np.isfinite(values).all():
        raise EstimationError(
            where,
            "it is not one finite number for everybody",
            "Leave out the rows for which it is not defined, with `where`.",
        )
    return values
