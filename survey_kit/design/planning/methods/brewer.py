"""Brewer's method: one unit after another, chances exactly by size.

With n - r + 1 still to be drawn, r = 1 ... n, and a the sum of π over those drawn already, the
next is unit k with a chance in proportion to

    π_k (n - a - π_k) / (n - a - π_k (n - r + 1))

Brewer 1975, "A simple procedure for πpswor", Australian Journal of Statistics 17:166-172.
"""

import numpy as np

from survey_kit.design.planning.chance import Chance
from survey_kit.design.planning.method import Floats, Integers, SelectionMethod


def _draw(chances: Floats, n: int, chance: Chance) -> Integers:
    left = np.ones(len(chances), dtype=bool)
    for number in range(1, n + 1):
        rest = n - float(chances[~left].sum())
        scores = chances * (rest - chances) / (rest - chances * (n - number + 1))
        left[chance.choice(np.where(left, scores, 0.0))] = False
    return np.flatnonzero(~left).astype(np.intp)


PPS_BREWER = SelectionMethod(
    name="pps brewer",
    words="Brewer's method with probability proportional to size, without replacement",
    by_size=True,
    replacement=False,
    draw=_draw,
    source="Brewer 1975, Australian Journal of Statistics 17:166-172",
)
