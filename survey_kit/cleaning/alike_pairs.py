"""Which interviews are alike, without comparing each with every other.

A hundred thousand interviews make five thousand million pairs. Small surveys are compared pair by
pair; in larger ones interviews are sorted again and again by a few questions drawn at random, and
only neighbours that agree in all of them are compared. Memory grows with the number of
interviews, and what is missed is known (`candidates`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from survey_kit.cleaning.likeness import Codes, Pairs, Positions, compared, usual_agreement

EXACT = 2_000_000_000
"""Up to so many comparisons of two answers, every pair of interviews is looked at."""
FEW = 50
"""So few interviews are always compared pair by pair."""
VARIOUS = 0.95
"""Questions to which two people more often give the same answer tell nobody apart."""
MISSED = 0.001
DRAWS = 150
NEIGHBOURS = 4
NOBODY = -1
NONE: Positions = np.zeros(0, dtype=np.int64)


def alike(
    codes: Codes,
    groups: Positions,
    *,
    share: float,
    least: int,
    random: np.random.Generator,
) -> Pairs:
    """Pairs inside groups that agree in at least `share` of at least `least` questions.

    Parameters
    ----------
    codes
        (k, n) of `coded`.
    groups
        (n,) which interviews are compared with one another; -1 with none.
    """
    usual = usual_agreement(codes)
    people = np.ascontiguousarray(codes.T)
    able = np.flatnonzero(((people != 0).sum(axis=1) >= least) & (groups >= 0))
    able = able[np.argsort(groups[able], kind="stable")]
    members = np.split(able, np.flatnonzero(np.diff(groups[able])) + 1)
    comparisons = sum(len(group) ** 2 for group in members) * len(codes)
    found: list[Pairs] = []
    for group in members:
        exact = comparisons <= EXACT or len(group) <= FEW
        proposed = (
            every_pair(codes, group, share, least)
            if exact
            else candidates(codes, group, share, random)
        )
        for first, second in proposed:
            pairs = compared(people, usual, first, second)
            found.append(pairs.only((pairs.both >= least) & (pairs.share >= share)))
    return _each_once(found, len(people))


def _each_once(found: list[Pairs], n: int) -> Pairs:
    """One pair for each two interviews, whoever was named first."""
    first = np.concatenate([p.first for p in found] or [NONE])
    second = np.concatenate([p.second for p in found] or [NONE])
    low, high = np.minimum(first, second), np.maximum(first, second)
    _, once = np.unique(low * n + high, return_index=True)
    return Pairs(
        first=low[once],
        second=high[once],
        same=np.concatenate([p.same for p in found] or [NONE])[once],
        both=np.concatenate([p.both for p in found] or [NONE])[once],
        usual=np.concatenate([p.usual for p in found] or [NONE.astype(np.float64)])[once],
        z=np.concatenate([p.z for p in found] or [NONE.astype(np.float64)])[once],
    )


def every_pair(
    codes: Codes, able: Positions, share: float, least: int
) -> Iterator[tuple[Positions, Positions]]:
    """All pairs of the able that agree in `share` of `least` questions, a block at a time."""
    table = codes[:, able]
    n, size = len(able), 256
    for start in range(0, n, size):
        here = slice(start, min(start + size, n))
        same = np.zeros((here.stop - here.start, n - start), dtype=np.uint16)
        for row in table:
            mine = np.where(row[here] == 0, np.iinfo(row.dtype).max, row[here])
            same += mine[:, None] == row[None, start:]
        given = (table != 0).astype(np.float32)
        both = given[:, here].T @ given[:, start:]
        one, other = np.nonzero((both >= least) & (same >= share * both - 1e-6))
        later = other > one
        yield able[start + one[later]], able[start + other[later]]


def candidates(
    codes: Codes, able: Positions, share: float, random: np.random.Generator
) -> Iterator[tuple[Positions, Positions]]:
    """Pairs of interviews that agree in all of some questions, for many draws of questions.

    Locality-sensitive hashing by sampling of questions (after Indyk and Motwani 1998): a draw
    takes questions at random, those with more various answers sooner, until two random
    interviews would agree in all of them with a chance of one in n; a skipped question counts
    as an answer. Interviews that agree stand side by side when sorted, and each is proposed
    with the `NEIGHBOURS` after it. Two interviews that agree in the share t of all questions are
    proposed by a draw of r with the chance t^r; there are as many draws as find 99.9 % at a
    third of the way from `share` to 1, but at most `DRAWS`.
    """
    n = len(able)
    chance = usual_agreement(codes[:, able] + np.ones((), dtype=codes.dtype))
    various = np.flatnonzero(chance < VARIOUS)
    if not len(various):
        return
    weights = -np.log(np.maximum(chance[various], 1e-6))
    likely, missed = share + (1 - share) / 3, 1.0
    for _ in range(DRAWS):
        if missed < MISSED:
            return
        drawn = _drawn(various, weights, n, random)
        missed *= 1 - likely ** len(drawn)
        shuffled = able[random.permutation(n)]
        marks = np.zeros(n, dtype=np.uint64)
        for question in drawn:
            marks *= np.uint64(0x9E3779B97F4A7C15)
            marks += codes[question, shuffled].astype(np.uint64) + np.uint64(1)
            marks ^= marks >> np.uint64(29)
        order = np.argsort(marks, kind="stable")
        marks = marks[order]
        for lag in range(1, min(NEIGHBOURS, n - 1) + 1):
            side = np.flatnonzero(marks[lag:] == marks[:-lag])
            if len(side):
                yield shuffled[order[side]], shuffled[order[side + lag]]


def _drawn(
    various: Positions, weights: NDArray[np.float64], n: int, random: np.random.Generator
) -> Positions:
    """Questions without replacement, likelier by weight, until the weights make log n."""
    order = np.argsort(random.exponential(size=len(various)) / weights)
    reached = np.cumsum(weights[order])
    enough = int((reached < np.log(n)).sum()) + 1
    return various[order[:enough]]


def nearest_of(pairs: Pairs, n: int) -> Positions:
    """(n,) of each interview the pair in which it is most alike, `NOBODY` where it is in none."""
    found = np.full(n, NOBODY, dtype=np.int64)
    for place in np.lexsort((pairs.both, pairs.share)):
        found[pairs.first[place]] = place
        found[pairs.second[place]] = place
    return found
