r"""Sampford's method: a fixed number, chances exactly by size, every pair possible.

The chance of a set s is in proportion to (Rao 1965, Sampford 1967)

.. math:: \prod_{k \in s} \omega_k \sum_{k \in s} (1 - \pi_k), \quad \omega = \pi/(1 - \pi)

which is usually drawn by trying until a sample with replacement holds nobody twice: hopeless
with many units. Here the sums of that product over all sets are built up from the end of the
list, once for sets from which no factor 1 - π was taken and once for those from which one was;
walking from its beginning, each unit is then drawn or not with its chance given what went
before.
"""

import numpy as np

from survey_kit.design.planning.chance import Chance
from survey_kit.design.planning.method import Floats, Integers, SelectionMethod
from survey_kit.errors import DesignError

LARGEST = 20_000_000
"""Units times number to draw that are held in memory."""


def _draw(chances: Floats, n: int, chance: Chance) -> Integers:
    if len(chances) * n > LARGEST:
        raise DesignError(
            "pps sampford",
            f"{n:,} of {len(chances):,} units are too many for it",
            "Draw in strata, or with 'pps random systematic'",
        )
    plain, marked = _sums(chances, n)
    odds = chances / (1 - chances)
    drawn: list[int] = []
    is_marked, left = True, n
    for unit, ahead in enumerate(odds):
        rest = unit + 1
        sums = marked if is_marked else plain
        without = sums[rest, left]
        if left and is_marked:
            with_mark = chances[unit] * plain[rest, left - 1]
            scores = np.array([without, ahead * marked[rest, left - 1], with_mark])
        elif left:
            scores = np.array([without, ahead * plain[rest, left - 1], 0.0])
        else:
            break
        taken = chance.choice(scores)
        if taken:
            drawn.append(unit)
            left -= 1
            is_marked = is_marked and taken == 1
    return np.array(drawn, dtype=np.intp)


def _sums(chances: Floats, n: int) -> tuple[Floats, Floats]:
    """(N + 1, n + 1) twice: over the sets of j of the units from k on, the sum of Π ω, and
    that of Σ (1 - π) Π ω. Scaled, so that row k of both has the same, harmless scale.

    Only ratios within one row are used, so the scale of a row is free.
    """
    size = len(chances)
    plain, marked = np.zeros((size + 1, n + 1)), np.zeros((size + 1, n + 1))
    plain[size, 0] = 1.0
    for unit in range(size - 1, -1, -1):
        share = chances[unit]
        odds = share / (1 - share)
        plain[unit] = plain[unit + 1]
        plain[unit, 1:] += odds * plain[unit + 1, :-1]
        marked[unit] = marked[unit + 1]
        marked[unit, 1:] += odds * marked[unit + 1, :-1] + share * plain[unit + 1, :-1]
        scale = max(plain[unit].max(), marked[unit].max())
        plain[unit] /= scale
        marked[unit] /= scale
    return plain, marked


PPS_SAMPFORD = SelectionMethod(
    name="pps sampford",
    words="Sampford's method with probability proportional to size, without replacement",
    by_size=True,
    replacement=False,
    draw=_draw,
    source="Sampford 1967, Biometrika 54:499-513",
)
