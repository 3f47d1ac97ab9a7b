r"""Which pairs of columns rest on enough people for t to be a test.

With x of n people saying so, :math:`x(n - x)/n^3` is no measure of how much x varies where x, or
n - x, is near nothing: what nobody of thirty said has a variance of 0, and any answer that a
larger column gives is "higher". So a pair is compared in a row only where, if both columns were
alike, five people or more of either would be expected to give the answer, and five or more not
to: the rule for the cells of a table with two rows (Cochran 1954, "Some methods for strengthening
the common chi-squared tests", Biometrics 10:417-451).

Alike means that both have the share of the two together, or, where that is kinder, the mean of
their two shares: 12 of 30 against 20 of 400 is a difference, and no rare answer, though the
share of both together is one of the larger column. Shares are unweighted counts; the people of a
column are its effective base, as thirty of very different weights are not thirty. Both stand
in the table, so that the rule says nothing of a number that does not. How often chance gives
a letter with and without it: docs/methods.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Mask: TypeAlias = NDArray[np.bool_]
Numbers: TypeAlias = NDArray[np.floating] | NDArray[np.integer]

FEWEST_EXPECTED = 5
"""People of a column who would give the answer, and who would not, were both columns alike."""

FEWEST_UNDER_A_MEAN = 10
"""People of a column, in effect, for its mean to be compared: both fives together."""

_NEARLY = 1e-9
"""What rounding may take from a whole number of people."""


def enough_expected(counts: Numbers, bases: Numbers, worth: Numbers) -> Mask:
    """(c, g, g) bool. Whether so many are expected of both columns, in each row.

    Parameters
    ----------
    counts
        (c, g) People of each column who gave each answer, unweighted.
    bases
        (g,) People of each column, unweighted.
    worth
        (g, g) The people on whom a difference of two columns rests, the fewer of either side.
    """
    each = counts / bases
    pooled = (counts[:, :, None] + counts[:, None, :]) / (bases[:, None] + bases[None, :])
    mean = (each[:, :, None] + each[:, None, :]) / 2
    least = FEWEST_EXPECTED - _NEARLY
    return np.logical_or(
        *((worth * share >= least) & (worth * (1 - share) >= least) for share in (pooled, mean))
    )


def enough_people(worth: Numbers) -> Mask:
    """(g, g) bool. Whether the difference of two means rests on enough people."""
    return np.asarray(worth >= FEWEST_UNDER_A_MEAN - _NEARLY)


def fewer_of_two(numbers: Numbers) -> NDArray[np.float64]:
    """(g, g) The smaller number of any two of g columns."""
    return np.minimum(numbers[:, None], numbers[None, :]).astype(np.float64)


def distinct(groups: Sequence[Mask], fewest: int) -> Mask:
    """(g, g) bool. Whether enough people are in the larger of two groups and not in the other."""
    members = np.vstack(groups).astype(np.float64)
    both = members @ members.T
    size = np.diag(both)
    return np.maximum(size[:, None], size[None, :]) - both >= fewest


def worth(groups: Sequence[Mask], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""(g, g) How many people the difference of two groups' means rests on.

    The difference is :math:`\sum a_i y_i` with :math:`a_i = w_i (I_{ia}/W_a - I_{ib}/W_b)`. Who is in
    both counts for the smaller group, and little where both are alike in size. Either side, of
    the :math:`a_i` above 0 and of those below, is worth :math:`(\sum a_i)^2 / \sum a_i^2` people,
    and the fewer count. For groups that share nobody that is the effective base of either.
    """
    members = np.vstack(groups).astype(np.float64)
    both, squares = (members * weights) @ members.T, (members * weights**2) @ members.T
    whole, square = np.diag(both)[:, None], np.diag(squares)[:, None]
    shared = np.maximum(1 / whole - 1 / whole.T, 0)
    pull = (whole - both) / whole + both * shared
    of_squares = (square - squares) / whole**2 + squares * shared**2
    # of a group and itself, or groups of the same people, nothing but rounding is left
    some = of_squares > _NEARLY * square / whole**2
    side = np.where(some, pull**2 / np.where(some, of_squares, 1), 0.0)
    return np.minimum(side, side.T)
