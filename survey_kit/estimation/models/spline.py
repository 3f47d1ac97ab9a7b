"""Smooth curves in formulas: `bs(x, df=5)` and `ns(x, df=3)`, as R's package splines has them.

A curve is a sum of pieces that join smoothly at knots, which lie at quantiles of the rows
used. A natural spline (`ns`) goes on in straight lines beyond the outermost values (Hastie
1992, in Chambers and Hastie, "Statistical Models in S", chapter 7); its columns are the
B-splines turned so that no second derivative is left at the ends, which is what R does, so
that coefficients can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from survey_kit.estimation.statistic import Floats

CUBIC = 3


@cache
def spline_functions() -> dict[str, Callable[..., Any]]:
    """`bs` and `ns` for formulas, which remember their knots when they meet other data."""
    stateful: Any = import_module("formulaic.utils.stateful_transforms").stateful_transform
    values: Any = import_module("formulaic.materializers.types").FactorValues
    of_formulaic: Any = import_module("formulaic.transforms").TRANSFORMS["bs"]

    def ns(
        x: Any,
        df: int | None = None,
        *,
        knots: Sequence[float] | None = None,
        _state: dict[str, Any] | None = None,
    ) -> Any:
        state: dict[str, Any] = {} if _state is None else _state
        numbers = np.asarray(x, dtype=np.float64)
        if "knots" not in state:
            state["knots"] = _knots(numbers, df, knots)
        columns = natural_spline(numbers, state["knots"])
        return values(columns, column_names=tuple(str(at + 1) for at in range(columns.shape[1])))

    def bs(x: Any, df: int | None = None, *, _state: Any = None, **more: Any) -> Any:
        # beyond the outermost values as in R, instead of refusing them
        return of_formulaic(x, df=df, _state=_state, **({"extrapolation": "extend"} | more))

    return {"ns": stateful(ns), "bs": stateful(bs)}


def _knots(x: Floats, df: int | None, knots: Sequence[float] | None) -> Floats:
    """(knots + 2,) The ends, and between them knots at quantiles."""
    inner = (
        np.quantile(x, np.linspace(0, 1, max(df or 1, 1) + 1)[1:-1])
        if knots is None
        else np.asarray(knots, dtype=np.float64)
    )
    return np.concatenate([[x.min()], inner, [x.max()]])


def natural_spline(x: Floats, knots: Floats) -> Floats:
    """(n, knots - 1) The columns of a natural cubic spline without its constant.

    Parameters
    ----------
    knots
        In order; the first and the last are where straight lines begin.
    """
    from scipy.interpolate import BSpline

    low, high = knots[0], knots[-1]
    every = np.concatenate([[low] * CUBIC, knots, [high] * CUBIC])
    curve = BSpline(every, np.eye(len(every) - CUBIC - 1), CUBIC)
    inside = np.clip(x, low, high)
    columns = curve(inside)
    for end, beyond in ((low, x < low), (high, x > high)):
        columns[beyond] += (x[beyond] - end)[:, None] * curve.derivative()(end)
    bent = curve.derivative(2)(np.array([low, high]))
    turned = np.linalg.qr(bent[:, 1:].T, mode="complete").Q
    return np.asarray(columns[:, 1:] @ turned[:, 2:], dtype=np.float64)
