"""Letters: which columns of a group are higher than which, row by row, beyond chance.

Columns that share nobody are compared by the joint covariance of one estimate. Columns that
share people (the options of a question with several answers, a part and the whole) are
domains of their own with the joint covariance of `overlapping_means`. The test is the same:
t, adjusted by Holm over the pairs of a row; columns that happen to share nobody get the same
letters either way.

What two columns share cancels in their difference, which so rests on those whom they do not
share. Where these are few, t is no test: a rare answer that none of four people gave would
pass for lower. So as a column needs a base to be compared, a pair needs as many people in the
larger column who are not in the other; of columns that share nobody that is the larger base.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.sample import Sample
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.overlapping import overlapping_means
from survey_kit.estimation.pairwise import pairwise

Mask: TypeAlias = NDArray[np.bool_]
Higher: TypeAlias = dict[str, NDArray[np.bool_]]
"""Name of the row -> (g, g) bool: whether the first group is higher than the second."""

AT_ONCE = 128
"""Numbers whose covariance is found together: of 100,000 people they take 100 MB."""


def of_groups(found: Estimate, groups: Sequence[str], level: float) -> Higher:
    """Which groups are higher than which, of an estimate by groups that share nobody.

    Parameters
    ----------
    groups
        The names of those that are compared.
    level
        1 less the chance of a letter in a row whose groups are all alike.
    """
    test = pairwise(found, groups)
    return dict(zip(test.codes, test.higher(level), strict=True))


def of_overlapping(
    sample: Sample,
    rows: Mapping[str, str],
    groups: Mapping[str, Mask],
    *,
    where: Mask,
    level: float,
    fewest: int,
) -> Higher:
    """Which groups are higher than which, where a person may be in several of them.

    Parameters
    ----------
    rows
        For each row, a column of numbers: 1 who gave the answer and 0 who gave another.
    groups
        For each group, (n,) bool: who is in it.
    where
        (n,) bool. The rows asked about.
    level
        As for `of_groups`.
    fewest
        How many people must be in the larger group of a pair and not in the other.
    """
    compared = distinct([flags & where for flags in groups.values()], fewest)
    names, higher = list(rows), Higher()
    step = max(AT_ONCE // len(groups), 1)
    for first in range(0, len(names), step):
        some = names[first : first + step]
        found = overlapping_means(sample, [rows[name] for name in some], groups, where=where)
        test = pairwise(found, compared=compared)
        higher |= dict(zip(some, test.higher(level), strict=True))
    return higher


def distinct(groups: Sequence[Mask], fewest: int) -> NDArray[np.bool_]:
    """(g, g) bool. Whether enough people are in the larger of two groups and not in the other."""
    members = np.vstack(groups).astype(np.float64)
    both = members @ members.T
    size = np.diag(both)
    return np.maximum(size[:, None], size[None, :]) - both >= fewest
