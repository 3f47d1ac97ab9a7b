r"""How alike two interviews are, beside how alike two interviews of this survey usually are.

Compared are the questions that both were asked and answered, so that nobody is alike for
having skipped the same module. On question q two interviews picked at random agree with
probability

.. math:: s_q = \sum_v \frac{c_{qv} (c_{qv} - 1)}{m_q (m_q - 1)}

where :math:`c_{qv}` of :math:`m_q` answers are v. If questions were independent, the number of
equal answers of a pair would have the mean :math:`\sum_q s_q` and the variance
:math:`\sum_q s_q (1 - s_q)`, over the questions of both; z is its distance from that mean in
such standard deviations. Questions are not independent, so z itself is held against the z of
pairs picked at random (`Reference`): the 85 % of a form where everybody says the same is
ordinary, and that of a form of open numbers is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Codes = NDArray[np.unsignedinteger[Any]]
Positions = NDArray[np.int64]

SAMPLED = 20_000
"""How many random pairs make the reference."""
FEWEST_PAIRS = 100
"""With fewer pairs there is no reference, and likeness alone decides."""
AT_ONCE = 20_000
"""So many pairs are compared at a time, to hold little in memory."""


def coded(answers: pd.DataFrame) -> Codes:
    """(k, n) each question's answers as numbers from 1, 0 where there is none."""
    numbers = [pd.factorize(column)[0] + 1 for _, column in answers.items()]
    largest = max((int(column.max(initial=0)) for column in numbers), default=0)
    kind = np.uint8 if largest <= np.iinfo(np.uint8).max else np.uint16
    if largest > np.iinfo(np.uint16).max:
        kind = np.uint32
    table = np.empty((len(numbers), len(answers)), dtype=kind)
    for row, column in zip(table, numbers, strict=True):
        row[:] = column
    return table


def usual_agreement(codes: Codes) -> NDArray[np.float64]:
    """(k,) the chance that two people who answered a question gave the same answer."""
    found = np.ones(len(codes))
    for place, row in enumerate(codes):
        counts = np.bincount(row)[1:].astype(np.float64)
        answered = counts.sum()
        if answered > 1:
            found[place] = (counts * (counts - 1)).sum() / (answered * (answered - 1))
    return found


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of interviews and how alike they are.

    first, second
        (p,) positions of the interviews.
    same, both
        (p,) how many questions both answered alike, and how many both answered.
    usual
        (p,) how many of them two people picked at random would answer alike.
    z
        (p,) the distance between the two in standard deviations of independent questions.
    """

    first: Positions
    second: Positions
    same: NDArray[np.int64]
    both: NDArray[np.int64]
    usual: NDArray[np.float64]
    z: NDArray[np.float64]

    @property
    def share(self) -> NDArray[np.float64]:
        """(p,) the share of equal answers among those to questions of both."""
        return self.same / np.maximum(self.both, 1)

    def only(self, keep: NDArray[np.bool_]) -> Pairs:
        """The pairs where `keep` is true."""
        return Pairs(
            *(each[keep] for each in (self.first, self.second, self.same, self.both)),
            usual=self.usual[keep],
            z=self.z[keep],
        )


def compared(
    people: Codes, usual: NDArray[np.float64], first: Positions, second: Positions
) -> Pairs:
    """How alike the interviews of each pair are.

    Parameters
    ----------
    people
        (n, k) the transpose of `coded`, an interview a row.
    usual
        (k,) of `usual_agreement`.
    """
    same = np.zeros(len(first), dtype=np.int64)
    both = np.zeros(len(first), dtype=np.int64)
    moments = np.zeros((len(first), 2))
    weights = np.column_stack([usual, usual * (1 - usual)]).astype(np.float32)
    for start in range(0, len(first), AT_ONCE):
        here = slice(start, start + AT_ONCE)
        one, other = people[first[here]], people[second[here]]
        answered = (one != 0) & (other != 0)
        both[here] = answered.sum(axis=1)
        same[here] = ((one == other) & answered).sum(axis=1)
        moments[here] = answered.astype(np.float32) @ weights
    spread = np.sqrt(np.maximum(moments[:, 1], 1e-9))
    return Pairs(first, second, same, both, moments[:, 0], (same - moments[:, 0]) / spread)


@dataclass(frozen=True)
class Reference:
    """The z of pairs picked at random: where its middle is, and how wide its upper half."""

    centre: float
    spread: float
    pairs: int

    def beyond(self, chance: float, comparisons: float) -> float:
        """The z that so many comparisons of ordinary pairs exceed with a chance of `chance`."""
        each = min(chance / max(comparisons, 1.0), 0.5)
        return self.centre + self.spread * -NormalDist().inv_cdf(each)


def reference(pairs: Pairs, least: int) -> Reference | None:
    """What is usual between pairs picked at random that share `least` questions.

    The spread is the larger of that of independent questions (1), that of the middle (from
    the median absolute deviation) and that of the upper half (from the 99th percentile).
    """
    z = pairs.z[pairs.both >= least]
    if len(z) < FEWEST_PAIRS:
        return None
    centre = float(np.median(z))
    middle = 1.4826 * float(np.median(np.abs(z - centre)))
    upper = (float(np.quantile(z, 0.99)) - centre) / 2.3263
    return Reference(centre, max(1.0, middle, upper), len(z))


def unusual(
    codes: Codes,
    pairs: Pairs,
    sampled: tuple[Positions, Positions],
    *,
    least: int,
    chance: float,
    comparisons: float,
) -> tuple[Pairs, Reference | None]:
    """The pairs that are more alike than so many ordinary pairs would be, and the reference.

    Parameters
    ----------
    sampled
        Pairs picked at random, of `random_pairs`.
    least
        How many questions both have to have answered.
    chance
        The chance that any one of `comparisons` ordinary pairs is among those found.
    """
    people = np.ascontiguousarray(codes.T)
    held = reference(compared(people, usual_agreement(codes), *sampled), least)
    if held is None:
        return pairs, None
    return pairs.only(pairs.z > held.beyond(chance, comparisons)), held


def random_pairs(
    groups: NDArray[np.int64], random: np.random.Generator
) -> tuple[Positions, Positions]:
    """Positions of `SAMPLED` random pairs inside groups; -1 is no group. Never one with itself."""
    order = np.argsort(groups, kind="stable")
    order = order[groups[order] >= 0]
    _, starts, sizes = np.unique(groups[order], return_index=True, return_counts=True)
    able = sizes > 1
    starts, sizes = starts[able], sizes[able]
    if not len(sizes):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    many = sizes * (sizes - 1.0)
    group = random.choice(len(sizes), SAMPLED, p=many / many.sum())
    one = random.integers(0, sizes[group])
    other = (one + random.integers(1, sizes[group])) % sizes[group]
    return order[starts[group] + one], order[starts[group] + other]
