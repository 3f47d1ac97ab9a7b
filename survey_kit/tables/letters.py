"""Letters: which columns of a group are higher than which, row by row, beyond chance.

Columns that share nobody are compared by the joint covariance of one estimate. Columns that
share people (the options of a question with several answers, a part and the whole) are
domains of their own with the joint covariance of `overlapping_means`. The test is the same:
t, adjusted by Holm over the pairs of a row; columns that happen to share nobody get the same
letters either way. Its degrees of freedom are those of the column that has fewer: a column
that lives in four places knows no more of how places differ than those four tell.

A pair is compared only where t is a test (`pairs.py`): of a rare answer in a small column it is
none, as what nobody gave has no variance and passes for lower. What two columns share cancels
in their difference, which so rests on those whom they do not share: as a column needs a base
to be compared, a pair needs as many people in the larger column who are not in the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.sample import Sample
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.overlapping import overlapping_means
from survey_kit.estimation.pairwise import pairwise
from survey_kit.tables.pairs import (
    Mask,
    Numbers,
    distinct,
    enough_expected,
    enough_people,
    fewer_of_two,
    worth,
)
from survey_kit.tables.table import Unit

AT_ONCE = 128
"""Numbers whose covariance is found together: of 100,000 people they take 100 MB."""


@dataclass(frozen=True, eq=False)
class Compared:
    """The columns of a group against each other, in one row.

    higher
        (g, g) bool. Whether the first column is higher than the second.
    too_few
        (g, g) bool. Pairs that rest on too few to be compared, as bases and counts show.
    """

    higher: NDArray[np.bool_]
    too_few: NDArray[np.bool_]


def of_groups(
    found: Estimate, groups: Sequence[str], level: float, unit: Unit
) -> dict[str, Compared]:
    """Which groups are higher than which, of an estimate by groups that share nobody.

    Parameters
    ----------
    groups
        The names of those that are compared.
    level
        1 less the chance of a letter in a row whose groups are all alike.
    unit
        Whether the rows are shares or means.
    """
    known = list(dict.fromkeys(name[0] for name in found.names))
    place = [known.index(group) for group in groups]
    shape = (len(known), len(found.names) // len(known))
    bases, counts = found.n.reshape(shape)[place, 0], found.count.reshape(shape)[place].T
    effective, df = found.effective.reshape(shape)[place, 0], found.own_df.reshape(shape)[place, 0]
    enough = _enough(unit, counts, bases, fewer_of_two(np.rint(effective)))
    test = pairwise(found, groups, compared=enough, df=fewer_of_two(df))
    told = zip(test.codes, test.higher(level), ~enough, strict=True)
    return {code: Compared(*each) for code, *each in told}


def of_overlapping(
    sample: Sample,
    rows: Mapping[str, str],
    groups: Mapping[str, Mask],
    *,
    where: Mask,
    level: float,
    fewest: int,
    unit: Unit = Unit.SHARE,
) -> dict[str, Compared]:
    """Which groups are higher than which, where a person may be in several of them.

    Parameters
    ----------
    rows
        For each row, a column of numbers: 1 who gave the answer and 0 who gave another.
    groups
        For each group, (n,) bool: who is in it.
    where
        (n,) bool. The rows asked about.
    level, unit
        As for `of_groups`.
    fewest
        How many people must be in the larger group of a pair and not in the other.
    """
    held = [flags & where for flags in groups.values()]
    apart = distinct(held, fewest)
    rests_on = np.rint(worth(held, sample.weights))
    names, compared = list(rows), dict[str, Compared]()
    step = max(AT_ONCE // len(groups), 1)
    for first in range(0, len(names), step):
        some = names[first : first + step]
        columns = [rows[name] for name in some]
        found = overlapping_means(sample, columns, groups, where=where)
        shape = (len(groups), len(some))
        bases, effective = found.n.reshape(shape)[:, 0], found.effective.reshape(shape)[:, 0]
        answers = np.nan_to_num(sample.numbers(columns))
        counts = np.column_stack([answers[flags].sum(axis=0) for flags in held])
        shown = fewer_of_two(np.rint(effective))
        by_bases = _enough(unit, counts, bases, shown)
        enough = by_bases & apart & _enough(unit, counts, bases, np.minimum(shown, rests_on))
        df = fewer_of_two(found.own_df.reshape(shape)[:, 0])
        test = pairwise(found, compared=enough, df=df)
        told = zip(some, test.higher(level), ~by_bases, strict=True)
        compared |= {code: Compared(*each) for code, *each in told}
    return compared


def _enough(unit: Unit, counts: Numbers, bases: Numbers, worth: Numbers) -> NDArray[np.bool_]:
    """(c, g, g) bool. Whether the pairs of each row rest on enough people."""
    match unit:
        case Unit.SHARE:
            return enough_expected(counts, bases, worth)
        case Unit.MEAN:
            return np.broadcast_to(enough_people(worth), (len(counts), *worth.shape))
