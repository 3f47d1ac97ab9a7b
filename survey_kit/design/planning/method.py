"""A method of selection: chances of inclusion in, units out.

    π_i = the chance of unit i to be drawn; they add to n
    draw: (π, n, chance) -> n units

A method is a row of facts and one function. Which chances there are (all the same, or by
size), strata, units too large for their chance, weights and the record are the same for every
method, and not its business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.planning.chance import Chance

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True)
class SelectionMethod:
    """A method of selection.

    name
        By which it is asked for, and found in a record.
    words
        What it is called in the section on methods.
    by_size
        Whether chances are in proportion to a measure of size; otherwise all are the same.
    replacement
        Whether a unit can be drawn more than once; then π is the expected number of times.
    draw
        (N,) chances, each above 0 and below 1 (any number with replacement), adding to the
        (1,) number to draw; random numbers -> (n,) places of the drawn units, ascending.
    source
        Author and year.
    """

    name: str
    words: str
    by_size: bool
    replacement: bool
    draw: Callable[[Floats, int, Chance], Integers]
    source: str
