"""Weighted least squares have the digits of `lstsq`, whatever they are computed by."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.estimation.models.least_squares import independent, least_squares
from survey_kit.estimation.statistic import Floats


def by_svd(x: Floats, y: Floats, weights: Floats) -> Floats:
    root = np.sqrt(weights)
    return np.linalg.lstsq(x * root[:, None], y * root)[0]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    columns=st.integers(1, 8),
    spread=st.integers(0, 6),
    moved=st.floats(-50, 50),
)
def test_cross_products_give_the_digits_of_the_singular_values(
    seed: int, columns: int, spread: int, moved: float
) -> None:
    draw = np.random.default_rng(seed)
    units = 10.0 ** draw.uniform(-spread, spread, columns)
    x = np.column_stack([np.ones(40), (draw.normal(size=(40, columns)) + moved) * units])
    y, weights = draw.normal(size=40), draw.exponential(size=40) * (draw.random(40) < 0.9)
    size = np.linalg.norm(x, axis=0)  # in their own units the singular values lose digits
    found, wanted = least_squares(x, y, weights), by_svd(x / size, y, weights) / size
    assert np.abs((found - wanted) * size).max() < 1e-9 * (1 + abs(moved)) ** 2


def test_predictors_nearly_alike_are_left_to_the_singular_values() -> None:
    draw = np.random.default_rng(3)
    first = draw.normal(size=60)
    x = np.column_stack([np.ones(60), first, first + 1e-6 * draw.normal(size=60)])
    y, weights = draw.normal(size=60), np.ones(60)
    assert (least_squares(x, y, weights) == by_svd(x, y, weights)).all()
    assert not independent(x)


@pytest.mark.parametrize("column", [0.0, 1.0, 1e300])
def test_columns_that_follow_or_overflow_are_never_called_independent(column: float) -> None:
    x = np.column_stack([np.ones(20), np.full(20, column)])
    assert not independent(x)
    assert np.isfinite(least_squares(x, np.arange(20.0), np.ones(20))).all()


def test_columns_of_any_scale_are_independent() -> None:
    x = np.column_stack([np.ones(50), np.arange(50) % 2 * 1e9, np.arange(50) % 3 * 1e-9])
    assert independent(x)
    assert not independent(x[:2])
    assert not independent(np.empty((0, 3)))
