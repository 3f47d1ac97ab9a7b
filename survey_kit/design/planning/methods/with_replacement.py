"""With replacement: n draws, each from the whole list. A unit can be drawn more than once."""

import numpy as np

from survey_kit.design.planning.chance import Chance
from survey_kit.design.planning.method import Floats, Integers, SelectionMethod


def _draw(chances: Floats, n: int, chance: Chance) -> Integers:
    reached: Floats = np.cumsum(chances)
    points = np.sort(chance.numbers(n)) * float(reached[-1])
    places: Integers = np.searchsorted(reached, points, side="right").astype(np.intp)
    return np.minimum(places, len(chances) - 1)


WITH_REPLACEMENT = SelectionMethod(
    name="with replacement",
    words="simple random sampling with replacement",
    by_size=False,
    replacement=True,
    draw=_draw,
    source="Cochran 1977, chapter 2",
)

PPS_WITH_REPLACEMENT = SelectionMethod(
    name="pps with replacement",
    words="sampling with probability proportional to size, with replacement",
    by_size=True,
    replacement=True,
    draw=_draw,
    source="Hansen and Hurwitz 1943, Annals of Mathematical Statistics 14:333-362",
)
