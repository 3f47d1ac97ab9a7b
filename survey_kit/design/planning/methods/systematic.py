"""Systematic selection: from a random start, one unit for every step along the list.

Chances are laid end to end; whoever holds one of the points u, u + 1, u + 2 ... is drawn. With
equal chances that is every N/n-th unit (the step need not be whole), with chances by size it
is Madow's method. A list sorted first is spread over evenly.
"""

import numpy as np

from survey_kit.design.planning.chance import Chance
from survey_kit.design.planning.method import Floats, Integers, SelectionMethod


def _draw(chances: Floats, n: int, chance: Chance) -> Integers:
    return _on_points(chances, n, float(chance.numbers(1)[0]))


def _draw_shuffled(chances: Floats, n: int, chance: Chance) -> Integers:
    order = np.argsort(chance.numbers(len(chances)), kind="stable")
    return np.sort(order[_on_points(chances[order], n, float(chance.numbers(1)[0]))])


def _on_points(chances: Floats, n: int, start: float) -> Integers:
    reached = np.cumsum(chances)
    reached[-1] = n
    return np.searchsorted(reached, start + np.arange(n), side="right").astype(np.intp)


SYSTEMATIC = SelectionMethod(
    name="systematic",
    words="systematic sampling from a random start",
    by_size=False,
    replacement=False,
    draw=_draw,
    source="Cochran 1977, chapter 8",
)

PPS_SYSTEMATIC = SelectionMethod(
    name="pps systematic",
    words="systematic sampling with probability proportional to size",
    by_size=True,
    replacement=False,
    draw=_draw,
    source="Madow 1949, Annals of Mathematical Statistics 20:333-354",
)

PPS_RANDOM_SYSTEMATIC = SelectionMethod(
    name="pps random systematic",
    words="systematic sampling with probability proportional to size from a list in random order",
    by_size=True,
    replacement=False,
    draw=_draw_shuffled,
    source="Hartley and Rao 1962, Annals of Mathematical Statistics 33:350-374",
)
