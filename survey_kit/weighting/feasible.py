"""Why weights cannot fit their targets: what is nearest to them that weights can fit.

Both questions are linear programmes: the narrowest bounds within which weights fit all
totals, and the totals nearest to those wished that weights of at least 0 can reach. They
are asked only when a fit has failed, so that the refusal can name a remedy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from scipy import sparse

from survey_kit.design.stage import Floats, Integers
from survey_kit.weighting.targets import Target

NEAR = 1e-6
"""A total that is nearer than this share of itself is reached."""

ROOM = 1.02
"""How much wider than the narrowest the bounds are that are named, so that they can be kept."""

DIGITS = 1000.0
"""Bounds are named in thousandths."""

SMALLEST = 1e-3
"""No bound below this is named: weights stay above 0."""


@dataclass(frozen=True)
class Farthest:
    """The total that weights of at least 0 miss by most, and what they can make of it."""

    name: str
    wanted: float
    reached: float


def remedy(wanted: Sequence[Target], codes: Sequence[Integers], held: Floats) -> str:
    """What to do about margins that raking does not reach, naming the category in the way.

    Parameters
    ----------
    codes
        For each margin the (cells,) category of each combination that people are in.
    held
        (cells,) What they weigh.
    """
    size = len(held)
    parts = [
        sparse.csr_array((np.ones(size), (np.arange(size), code)), shape=(size, len(t.totals)))
        for code, t in zip(codes, wanted, strict=True)
    ]
    names = [f"'{c}' of '{t.variable}'" for t in wanted for c in t.categories]
    goal = np.concatenate([t.totals for t in wanted])
    found = farthest(sparse.csr_array(sparse.hstack(parts, format="csr")), held, goal, names)
    if found is None:
        return (
            "The margins can be met, if only by weights of nearly 0 for some people: allow more "
            "iterations, merge small categories, or leave a margin out."
        )
    total = float(wanted[0].totals.sum())
    return (
        "The margins may contradict each other where cells are empty: with these people, "
        f"{found.name} can come to {100 * found.reached / total:.3g} % of all weight, and "
        f"should to {100 * found.wanted / total:.3g} %. Merge it with another category, or leave "
        "a margin out."
    )


def farthest(
    x: sparse.csr_array, weights: Floats, goal: Floats, names: Sequence[str]
) -> Farthest | None:
    """The total that cannot be reached, if there is one, by weights of at least 0.

    Parameters
    ----------
    x, weights
        (m, q) auxiliary variables, and (m,) weights before.
    goal, names
        (q,) The totals, and what they are called.
    """
    unit = 1 / (1 + np.abs(goal))
    size, q = x.shape
    sums = sparse.csr_array((x * weights[:, None]).T * unit[:, None])
    away = sparse.identity(q, format="csr")
    result = _least(
        cost=np.concatenate([np.zeros(size), np.ones(2 * q)]),
        equal=sparse.csr_array(sparse.hstack([sums, away, -away], format="csr")),
        to=goal * unit,
    )
    if result is None:
        return None
    missing = (result[size : size + q] - result[size + q :]) / unit
    worst = int(np.argmax(np.abs(missing) * unit))
    if abs(missing[worst]) * unit[worst] <= NEAR:
        return None
    return Farthest(names[worst], float(goal[worst]), float(goal[worst] - missing[worst]))


def nearest_bounds(
    x: sparse.csr_array,
    weights: Floats,
    goal: Floats,
    bounds: tuple[float, float],
    *,
    unit: Floats,
    middle: float,
) -> tuple[float, float] | None:
    """The bounds nearest to these, both moved away from the middle in proportion, that can be kept.

    Parameters
    ----------
    unit
        (m,) A row's factor is between the bounds times this: 1 where they are bounds of the
        factor, 1 over the weight where they are bounds of the weight.
    middle
        A number between the bounds.

    Returns
    -------
    tuple of float, or None
        None if no weights above 0 reach the totals.
    """
    low, high = bounds
    scale = 1 / (1 + np.abs(goal))
    size = x.shape[0]
    sums = (x * weights[:, None]).T * scale[:, None]
    column = sparse.csr_array(np.zeros((len(goal), 1)))
    same = sparse.identity(size, format="csr")
    limits: list[Any] = []
    most: list[Floats] = []
    if np.isfinite(low):
        limits.append(sparse.hstack([-same, sparse.csr_array(-(unit * (middle - low))[:, None])]))
        most.append(-unit * middle)
    if np.isfinite(high):
        limits.append(sparse.hstack([same, sparse.csr_array(-(unit * (high - middle))[:, None])]))
        most.append(unit * middle)
    result = _least(
        cost=np.append(np.zeros(size), 1.0),
        equal=sparse.csr_array(sparse.hstack([sums, column], format="csr")),
        to=goal * scale,
        below=sparse.csr_array(sparse.vstack(limits, format="csr")),
        at_most=np.concatenate(most),
        lowest=np.append(SMALLEST * unit, 0.0),
    )
    if result is None:
        return None
    wider = float(result[-1]) * ROOM
    return (
        max(np.floor((middle - (middle - low) * wider) * DIGITS) / DIGITS, SMALLEST),
        np.ceil((middle + (high - middle) * wider) * DIGITS) / DIGITS,
    )


def _least(
    *,
    cost: Floats,
    equal: sparse.csr_array,
    to: Floats,
    below: sparse.csr_array | None = None,
    at_most: Floats | None = None,
    lowest: Floats | None = None,
) -> Floats | None:
    """The cheapest numbers of at least `lowest` that keep the equations; None if there are none."""
    optimize: Any = import_module("scipy.optimize")
    floor = np.zeros(len(cost)) if lowest is None else lowest
    result = optimize.linprog(
        cost,
        A_ub=below,
        b_ub=at_most,
        A_eq=equal,
        b_eq=to,
        bounds=np.column_stack([floor, np.full(len(cost), np.inf)]),
        method="highs",
    )
    return np.asarray(result.x, dtype=np.float64) if result.status == 0 else None
