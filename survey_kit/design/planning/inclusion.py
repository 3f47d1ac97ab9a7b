"""Chances of inclusion by size, and the units that are too large for one.

With n to be drawn, unit i has the chance π_i = n x_i/Σx. Where that reaches 1, because its size
x_i reaches the interval Σx/n, the unit is certain: it is taken, and the rest of the sample
is drawn from the rest of the list, again until none is left that is too large.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.planning import demands
from survey_kit.errors import DesignError

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Inclusion:
    """The chance of each unit.

    chances
        (N,) Above 0 and at most 1; they add to n.
    certain
        (N,) bool. Which are taken whatever chance says.
    """

    chances: Floats
    certain: NDArray[np.bool_]


def inclusion_chances(sizes: Floats, n: int) -> Inclusion:
    """The chances with which n units are drawn without replacement by size.

    Parameters
    ----------
    sizes
        (N,) each above 0.

    Raises
    ------
    DesignError
        If n is below 1 or above N, or a size is not above 0.

    >>> found = inclusion_chances(np.array([90.0, 4, 3, 2, 1]), 2)
    >>> found.chances.round(9).tolist(), found.certain.tolist()
    ([1.0, 0.4, 0.3, 0.2, 0.1], [True, False, False, False, False])
    """
    demands.a_count("n", n, 1)
    if n > len(sizes):
        raise DesignError(
            "n", f"it is {n:,}, and there are {len(sizes):,} units", "Ask for at most as many"
        )
    if not (np.isfinite(sizes) & (sizes > 0)).all():
        raise DesignError("sizes", "not all of them are above 0", "Give every unit a size")
    certain = np.zeros(len(sizes), dtype=bool)
    while True:
        left = n - int(certain.sum())
        total = float(sizes[~certain].sum())
        large = ~certain & (sizes * left >= total * (1 - ROUNDING))
        if left == 0 or not large.any():
            break
        certain |= large
    chances = np.where(certain, 1.0, sizes * (left / total) if left else 0.0)
    return Inclusion(chances, certain)


ROUNDING = 1e-9
"""How near a chance may come to 1 before it counts as certain."""
