"""Drawing from one part of a list: a stratum, or a cluster of an earlier stage.

Here a method meets the list. Who is certain is taken out, the method draws the rest, and what
was drawn of each part is put together, with its chances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.design import Design, Sampling, Unequal
from survey_kit.design.planning import demands
from survey_kit.design.planning.chance import Chance
from survey_kit.design.planning.inclusion import inclusion_chances
from survey_kit.design.planning.method import SelectionMethod
from survey_kit.design.planning.record import Part
from survey_kit.errors import DesignError

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.intp]
Texts: TypeAlias = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Drawn:
    """Units that were drawn.

    rows
        (n,) Their rows in the list.
    chances
        (n,) Their chances of inclusion; with replacement the expected number of times.
    certain
        (n,) bool. Whether their size reached the interval.
    """

    rows: Integers
    chances: Floats
    certain: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.rows)

    def in_order(self) -> Drawn:
        """The same, in the order of the list."""
        order = np.argsort(self.rows, kind="stable")
        return Drawn(self.rows[order], self.chances[order], self.certain[order])


def draw(
    rows: Integers, sizes: Floats, n: int, method: SelectionMethod, chance: Chance, *, where: str
) -> Drawn:
    """n of some rows of a list.

    Parameters
    ----------
    rows
        (N,) The part of the list, in the order in which it is drawn from.
    sizes
        (N,) Their sizes; 1 where size plays no part.
    where
        The part in words, for messages.

    Raises
    ------
    DesignError
        If n is below 1, or above N without replacement.
    """
    if n == 0:
        raise DesignError(
            where,
            "nothing is to be drawn from it, so nobody would speak for it",
            "Draw at least one, or leave it out of the frame and say so",
        )
    demands.a_count(where, n, 1)
    if method.replacement:
        chances = n * sizes / sizes.sum()
        places = method.draw(chances, n, chance)
        return Drawn(rows[places], chances[places], np.zeros(n, dtype=bool))
    if n > len(rows):
        raise DesignError(
            where,
            f"{n:,} are to be drawn, and the frame holds {len(rows):,}",
            f"Draw at most {len(rows):,}, merge it with another part, or complete the frame",
        )
    inclusion = inclusion_chances(sizes, n)
    taken = inclusion.certain.copy()
    open_ = np.flatnonzero(~taken)
    left = n - int(taken.sum())
    if left:
        taken[open_[method.draw(inclusion.chances[open_], left, chance)]] = True
    places = np.flatnonzero(taken)
    certain = inclusion.certain[places] & method.by_size
    return Drawn(rows[places], inclusion.chances[places], certain)


def part_of(name: str, sizes: Floats, asked: int, drawn: Drawn) -> Part:
    """What the record says of a stratum or cluster."""
    return Part(
        name, len(sizes), int(asked), len(drawn), int(drawn.certain.sum()), float(sizes.sum())
    )


def together(found: Sequence[Drawn]) -> Drawn:
    """What was drawn of several parts, one after the other."""
    return Drawn(
        np.concatenate([each.rows for each in found]),
        np.concatenate([each.chances for each in found]),
        np.concatenate([each.certain for each in found]),
    )


def grouped(labels: Sequence[str], rows: Integers) -> dict[str, Integers]:
    """Label -> the rows that have it, in the order given; labels in order of the alphabet."""
    codes, names = pd.factorize(np.array(labels, dtype=object)[rows], sort=True)
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(names)))[:-1]
    return dict(zip(map(str, names), np.split(rows[order], ends), strict=True))


def names_of_draws(names: Sequence[str]) -> Texts:
    """(n,) The name of each unit; "a (2)" the second time that a unit was drawn."""
    series = pd.Series(list(names), dtype=object)
    times = series.groupby(series, sort=False).cumcount().tolist()
    said = [
        f"{name} ({time + 1})" if time else name for name, time in zip(names, times, strict=True)
    ]
    return np.array(said, dtype=object)


def design_of(methods: Sequence[SelectionMethod], frame: pd.DataFrame) -> Design:
    """How the variance of a selection is had.

    Chances of every stage are given while they are without replacement; from the first stage
    with replacement on, and from a stage that took one unit of several in a cluster, there is
    no variance to be added, and the clusters before count as drawn with replacement, which errs
    towards too wide.
    """
    numbers = range(1, len(methods) + 1)
    without = not any(method.replacement for method in methods)
    single = any(_lonely(frame, number) for number in numbers[1:])
    counted = without and not single
    by_size = any(method.by_size for method in methods)
    return Design(
        Sampling.PROBABILITY,
        weight="weight",
        stratum="stratum_1",
        cluster=tuple(f"cluster_{number}" for number in numbers),
        population=tuple(f"chance_{number}" for number in numbers) if counted else None,
        unequal=Unequal.BREWER if by_size and counted else None,
    )


def _lonely(frame: pd.DataFrame, number: int) -> bool:
    """Whether in some cluster a stage took a single unit of several."""
    drawn = frame.drop_duplicates(f"cluster_{number}")
    clusters = drawn.groupby(f"cluster_{number - 1}", sort=False)[f"chance_{number}"]
    return bool(((clusters.size() == 1) & (clusters.min() < 1)).any())


def strata_for_variance(labels: Sequence[str], certain: NDArray[np.bool_]) -> Texts:
    """(n,) Strata; units that are certain stand in one of their own."""
    said = [
        f"{label} (certain)".strip() if sure else label
        for label, sure in zip(labels, certain.tolist(), strict=True)
    ]
    return np.array(said, dtype=object)
