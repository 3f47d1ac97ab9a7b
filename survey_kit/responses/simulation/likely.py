"""What a calibration says of each row: the plain case, overruled by the cases that hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from survey_kit.questionnaire.model import Choice
    from survey_kit.responses.simulation.calibration import Calibration, Likely, Plan
    from survey_kit.responses.simulation.scope import Scope

    Floats = NDArray[np.float64]
    Truths = NDArray[np.bool_]

LEAST = 1e-9


def cases_that_hold(plan: Plan, scope: Scope) -> tuple[tuple[Likely, Truths], ...]:
    """Each case and the rows, (m,) bool, for which it holds."""
    return tuple((case.likely, scope.holds(case.when)) for case in plan.cases)


def figure(plan: Plan, name: str, held: tuple[tuple[Likely, Truths], ...], rows: int) -> Floats:
    """(rows,) float. A figure such as the median for each row; NaN where nothing is said."""
    said = getattr(plan.likely, name)
    found = np.full(rows, np.nan if said is None else said)
    for likely, holds in held:
        changed = getattr(likely, name)
        if changed is not None:
            found[holds] = changed
    return found


def weights_of_one(
    choices: Sequence[Choice], calibration: Calibration, key: str, scope: Scope
) -> Floats:
    """(m, choices) float >= 0. How likely each choice is, of questions with one answer."""
    plan = calibration.plan(key)
    plain = plan.likely.shares
    base = [
        0.0
        if choice.missing is not None and not plain and choice.missing.value in calibration.missing
        else plain.get(choice.code, 0.0 if plain else 1.0)
        for choice in choices
    ]
    weights = np.tile(np.array(base, dtype=np.float64), (len(scope), 1))
    said = np.tile([choice.code in plain for choice in choices], (len(scope), 1))
    for likely, holds in cases_that_hold(plan, scope):
        for position, choice in enumerate(choices):
            if choice.code in likely.shares:
                weights[holds, position] = likely.shares[choice.code]
                said[holds, position] = True
            if choice.code in likely.odds:
                weights[holds, position] *= likely.odds[choice.code]
    missing = np.array(
        [
            calibration.missing.get(choice.missing.value, 0.0) if choice.missing else 0.0
            for choice in choices
        ]
    )
    silent = np.where(said, 0.0, missing)
    rest = weights.sum(axis=1, keepdims=True)
    return weights + silent * rest / (1 - silent.sum(axis=1, keepdims=True))


def shares_of_many(
    choices: Sequence[Choice], calibration: Calibration, key: str, scope: Scope, usual: float
) -> Floats:
    """(m, choices) float in [0, 1]. The share of people who choose each code.

    `usual` is the share of a code of which nothing is said, where nothing is said of any.
    """
    plan = calibration.plan(key)
    plain = plan.likely.shares
    base = [
        calibration.missing.get(choice.missing.value, usual / 4)
        if choice.missing is not None and choice.code not in plain
        else plain.get(choice.code, 0.0 if plain else usual)
        for choice in choices
    ]
    shares = np.tile(np.array(base, dtype=np.float64), (len(scope), 1))
    for likely, holds in cases_that_hold(plan, scope):
        for position, choice in enumerate(choices):
            if choice.code in likely.shares:
                shares[holds, position] = likely.shares[choice.code]
            if choice.code in likely.odds:
                odds = shares[holds, position] * likely.odds[choice.code]
                shares[holds, position] = odds / (1 - shares[holds, position] + odds)
    return shares


def log_odds(shares: Floats) -> Floats:
    """ln(p / (1 - p)), p kept just inside 0 and 1."""
    inside = np.clip(shares, LEAST, 1 - LEAST)
    return np.log(inside) - np.log1p(-inside)
