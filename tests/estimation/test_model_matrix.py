"""The columns of a formula are those that formulaic makes of it on its own."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey_kit.estimation.models.formula import number
from survey_kit.estimation.models.model_matrix import again, model_matrix, read
from survey_kit.estimation.models.spline import spline_functions

DRAW = np.random.default_rng(4)
N = 60
DATA = pd.DataFrame(
    {
        "code": DRAW.integers(1, 4, N),
        "text": DRAW.choice(["north", "south"], N),
        "level": pd.Categorical(DRAW.choice(["low", "high", "mid"], N), ["low", "mid", "high"]),
        "yes": DRAW.random(N) < 0.5,
        "rated": DRAW.integers(1, 3, N).astype(float),
        "x": DRAW.normal(size=N) + 5,
        "bs": DRAW.normal(size=N),
    }
)
FORMULAS = [
    "C(code) + C(text)",
    "text * x",
    "text:level - 1",
    "C(code):level",
    "C(yes) + yes",
    "level + I(text == 'north')",
    "C(level, contr.sum) + C(level):x",
    "ns(x, df=3) * C(rated)",
    "bs + text",
    "1",
]


def terms_of(spec: Any) -> dict[str, tuple[int, ...]]:
    return {str(term): tuple(at) for term, at in spec.term_indices.items()}


@pytest.mark.parametrize("text", FORMULAS)
def test_columns_names_and_terms_are_those_of_formulaic(text: str) -> None:
    formula: Any = import_module("formulaic").Formula(text)
    plain: Any = formula.get_model_matrix(DATA, context=spline_functions())
    columns = np.asarray(plain, dtype=np.float64)
    made, spec = model_matrix(text, DATA, text)
    assert (made == columns).all()
    assert list(spec.column_names) == list(plain.model_spec.column_names)
    assert terms_of(spec) == terms_of(plain.model_spec)
    few = DATA.iloc[:3]
    assert (again(spec, few) == columns[:3]).all()


def test_a_formula_is_read_once() -> None:
    assert read("text + C(code)") is read("text + C(code)")


def test_a_category_that_was_not_there_at_first_is_told_by_formulaic() -> None:
    _, spec = model_matrix("C(code)", DATA, "C(code)")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        made = again(spec, pd.DataFrame({"code": [1, 9]}))
    assert "categories outside of the nominated levels" in str(told[0].message)
    assert made.tolist() == [[1, 0, 0], [1, 0, 0]]


@pytest.mark.parametrize("column", ["rated", "yes", "code"])
def test_a_column_alone_is_its_numbers_as_formulaic_has_them(column: str) -> None:
    computed = number(f"I(1.0 * {column})", DATA, "outcome")
    assert number(column, DATA, "outcome").tolist() == computed.tolist()
    assert number(f"`{column}`", DATA, "outcome").tolist() == computed.tolist()
