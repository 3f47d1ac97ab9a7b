"""One stage of a sample: clusters drawn in strata.

In the second stage the strata are the clusters of the first. Clusters are numbered so
that those of one stratum stand together: a sum over a stratum is then one `reduceat`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Stage:
    """Clusters, the strata they were drawn in, and how many there were to draw from.

    number
        1 for the first stage.
    cluster
        (n,) The cluster of each row, numbered from 0.
    stratum
        (clusters,) The stratum of each cluster, numbered from 0, in ascending order.
    population
        (strata,) Clusters in the population of each stratum; infinite if drawn with
        replacement.
    inflation
        (strata,) What a variance found here counts for in the whole: the product over
        the earlier stages of the share that was drawn there.
    labels
        (strata,) Each stratum in words, for messages.
    chance
        (clusters,) The chance of each cluster, where they were drawn with unequal ones;
        `population` is infinite then.
    pairs
        (clusters, clusters) Q of `joint`, where the variance is u'Qu.
    """

    number: int
    cluster: Integers
    stratum: Integers
    population: Floats
    inflation: Floats
    labels: tuple[str, ...]
    chance: Floats | None = None
    pairs: Floats | None = None

    @property
    def clusters(self) -> int:
        """How many clusters were drawn."""
        return len(self.stratum)

    @cached_property
    def drawn(self) -> Integers:
        """(strata,) How many clusters were drawn in each."""
        return np.bincount(self.stratum, minlength=len(self.population)).astype(np.intp)

    @cached_property
    def starts(self) -> Integers:
        """(strata,) The first cluster of each."""
        return np.concatenate(([0], np.cumsum(self.drawn)[:-1])).astype(np.intp)

    @cached_property
    def undrawn(self) -> Floats:
        """(strata,) The share of the clusters of each that were not drawn: 1 - n/N."""
        return 1 - self.drawn / self.population

    @cached_property
    def scale(self) -> Floats:
        """(strata,) What squares of centred sums count for: (1 - n/N) n/(n - 1)."""
        drawn = self.drawn.astype(np.float64)
        spread = drawn / np.where(drawn > 1, drawn - 1, 1)
        return np.maximum(self.undrawn * spread, 0) * self.inflation

    @cached_property
    def counts(self) -> Floats:
        """(clusters,) What the square of each centred sum counts for."""
        even = self.scale[self.stratum]
        return even if self.chance is None else even * (1 - self.chance)

    @cached_property
    def lonely(self) -> NDArray[np.bool_]:
        """(strata,) bool. One cluster drawn of several: its variance is unknown.

        One that was certain to be drawn has none.
        """
        single = (self.drawn == 1) & (self.undrawn >= WHOLE)
        return single if self.chance is None else single & (self.chance[self.starts] < 1 - WHOLE)

    @cached_property
    def by_row(self) -> bool:
        """Whether every row is a cluster of its own."""
        return self.clusters == len(self.cluster)

    @property
    def summed(self) -> bool:
        """Whether its clusters were counted and summed, and not kept one by one."""
        return False

    def total(self, values: Floats) -> Floats:
        """(n, k) -> (clusters, k). Sums over the rows of each cluster."""
        if self.by_row:
            return values[self.row_of]
        sums = np.empty((self.clusters, values.shape[1]))
        for number, column in enumerate(values.T):
            sums[:, number] = sums_by(self.cluster, column, self.clusters)
        return sums

    @cached_property
    def row_of(self) -> Integers:
        """(clusters,) A row of each cluster."""
        rows = np.empty(self.clusters, dtype=np.intp)
        rows[self.cluster] = np.arange(len(self.cluster))
        return rows

    def over_strata(self, sums: Floats) -> Floats:
        """(clusters, k) -> (strata, k). Sums over the clusters of each stratum."""
        return np.add.reduceat(sums, self.starts, axis=0)


def sums_by(codes: Integers, values: Floats, size: int) -> Floats:
    """(size,) The sum of the values of each code."""
    return np.asarray(np.bincount(codes, weights=values, minlength=size), dtype=np.float64)


WHOLE = 1e-7
"""A stratum of which less than this share was left undrawn counts as wholly drawn."""
