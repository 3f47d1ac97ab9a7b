"""The counts of a crosstab, and what is hidden of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class Mark(IntEnum):
    """What is done with one count."""

    SHOWN = 0
    FEW = 1
    COMPLEMENT = 2


@dataclass(frozen=True)
class Group:
    """The columns of one group of the banner, by their position.

    `partition`: the columns add up to the column of everyone. Otherwise each column
    stands against those who are not in it, who have no column.
    """

    columns: tuple[int, ...]
    partition: bool = True


@dataclass(frozen=True, eq=False)
class Counts:
    """Unweighted numbers of people.

    cells
        (rows, columns) int. Column 0 is everyone.
    bases
        (columns,) int.
    adds_up
        Whether the rows of a column add up to its base.
    counted
        (rows,) bool. False for a row that is no count, such as a mean: it is hidden with
        its column only.
    """

    cells: NDArray[np.int64]
    bases: NDArray[np.int64]
    groups: tuple[Group, ...]
    adds_up: bool
    counted: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Hidden:
    """(rows, columns) and (columns,) int of `Mark`."""

    cells: NDArray[np.int64]
    bases: NDArray[np.int64]
