"""Simple random sampling: every set of n units has the same chance.

Each unit is given a random number; the n smallest are drawn (Sunter 1977, "List sequential
sampling with equal or unequal probabilities without replacement", Applied Statistics
26:261-268, gives other ways to the same design).
"""

import numpy as np

from survey_kit.design.planning.chance import Chance
from survey_kit.design.planning.method import Floats, Integers, SelectionMethod


def _draw(chances: Floats, n: int, chance: Chance) -> Integers:
    order = np.argsort(chance.numbers(len(chances)), kind="stable")
    return np.sort(order[:n])


SIMPLE = SelectionMethod(
    name="simple",
    words="simple random sampling without replacement",
    by_size=False,
    replacement=False,
    draw=_draw,
    source="Cochran 1977, chapter 2",
)
