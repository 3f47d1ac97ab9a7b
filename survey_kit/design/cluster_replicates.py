r"""Replicates of a cube: a factor for every cluster, and never a weight for every row.

A jackknife, balanced halves and the bootstrap give all rows of a cluster the same factor. So
with S the sums of the clusters (P, k), the sums of all replicates are F'S, of F (P, R): what it
costs does not depend on how many rows there are. Where every replicate is raked, a row has a
factor for its cell besides, and the sums are :math:`\sum_c a_{cr} (F' S_c)_r`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.cube import Cube
from survey_kit.design.replicates import Replicates
from survey_kit.design.sample import Sample
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.errors import DesignError

Summed: TypeAlias = Callable[[Integers, int, NDArray[np.bool_] | None], Floats]
"""(m,) part, number of parts, (m,) which entries (None: all) -> (parts, k) weighted sums."""

AT_ONCE = 8_000_000
"""How many sums of (cluster, cell) are held at once."""
TRIED = 2
"""How many times as many entries as replicates are looked at first for their rank."""
CLEARLY = 1e-6
"""A direction that holds this share of all squares is no rounding."""
MOST_COMPARED = 10_000_000
"""How many factors are looked at for their rank."""


@dataclass(frozen=True, eq=False, kw_only=True)
class CellReplicates(Replicates):
    """Replicates of which each was fitted to margins: factors for cells besides.

    cell
        (m,) The cell of each entry.
    adjustments
        (cells, R).
    """

    cell: Integers
    adjustments: Floats

    def weights(self, number: int) -> Floats:
        """(m,) The weights of one replicate."""
        return super().weights(number) * self.adjustments[self.cell, number]

    def degrees_of_freedom(self, where: NDArray[np.bool_] | None = None) -> float:
        """The rank of the replicate weights of the entries asked about, less 1."""
        held = self.base > 0 if where is None else where & (self.base > 0)
        entries, found = np.flatnonzero(held), 0.0
        for some in (TRIED * len(self), MOST_COMPARED // len(self)):
            # the rank is no more than R, so a few that reach R settle it
            few = min(len(entries), some)
            chosen = np.linspace(0, len(entries) - 1, few).astype(np.intp)
            found = self._rank_less_1(entries[chosen])
            if found == len(self) - 1 or few == len(entries):
                break
        return found

    def _rank_less_1(self, entries: Integers) -> float:
        cells = len(self.adjustments)
        pairs = np.unique(self.row[entries] * cells + self.cell[entries])
        cluster, cell = np.divmod(pairs, cells)
        factors = self.factors[cluster] * self.adjustments[cell]
        size = np.linalg.norm(factors, axis=1)
        even = factors[size > 0] / size[size > 0][:, None]
        if _clearly_of_full_rank(even):
            return len(self) - 1.0
        rows = np.arange(len(pairs), dtype=np.intp)
        plain = Replicates(
            self.kind, factors, rows, np.ones(len(pairs)), self.scale, self.rscales, self.centre
        )
        return plain.degrees_of_freedom()


def _clearly_of_full_rank(x: Floats) -> bool:
    """Whether columns are independent, as far as Cholesky's triangle of their products tells."""
    products = x.T @ x
    less = products - CLEARLY * np.trace(products) * np.eye(len(products))
    try:
        found = np.asarray(np.linalg.cholesky(less), dtype=np.float64)
    except np.linalg.LinAlgError:
        return False
    return bool(np.isfinite(found).all())


def with_cluster_replicates(cube: Cube, make: Callable[[Sample], Sample]) -> Cube:
    """The cube with replicates: a factor for every first-stage cluster.

    >>> with_cluster_replicates(cube, lambda clusters: bootstrap(clusters, 500, seed=1))
    ... # doctest: +SKIP

    Parameters
    ----------
    make
        What makes them of a sample: `jackknife`, `balanced_halves`, `bootstrap`. It is given
        one with a row for each cluster, sorted by stratum and name, so that the same seed gives
        the same replicates whoever summed the rows, and as of rows so sorted.

    Raises
    ------
    DesignError
        If every row was drawn by itself, so that replicates would be of rows; if the cube has
        replicates, or was raked (rake it afterwards). As `make` raises besides.
    """
    if cube.of_elements:
        raise DesignError(
            "replicates",
            "every row was drawn by itself, so that each would need a factor of its own",
            "Make a Sample of the rows, or use the linearised variance.",
        )
    if cube.replicates is not None or cube.margins:
        raise DesignError(
            "replicates",
            "this cube already has them, or was raked",
            "Make the replicates of the cube as it was drawn, and rake it afterwards.",
        )
    clusters, place = clusters_of(cube)
    made = make(clusters).replicates
    if made is None:
        raise DesignError(
            "replicates", "none were made", "Give a function such as bootstrap, in a lambda."
        )
    factors = made.factors[made.row] * (made.base / clusters.weights)[:, None]
    each = replace(made, factors=factors, row=place, base=cube.weights)
    return replace(cube, replicates=each)


def replicate_sums(replicates: Replicates, sums: Summed) -> Floats:
    """(R, k) Sums under every replicate."""
    factors, row = replicates.factors, replicates.row
    clusters = len(factors)
    if not isinstance(replicates, CellReplicates):
        return factors.T @ sums(row, clusters, None)
    cell, adjustments = replicates.cell, replicates.adjustments
    cells, k = len(adjustments), sums(np.zeros_like(row), 1, None).shape[1]
    together = max(1, AT_ONCE // (clusters * k))
    found = np.zeros((factors.shape[1], k))
    for start in range(0, cells, together):
        size = min(together, cells - start)
        inside = None if size == cells else (cell >= start) & (cell < start + size)
        part = row * size + np.clip(cell - start, 0, size - 1)
        of_cells = sums(part, clusters * size, inside).reshape(clusters, size * k)
        each = (factors.T @ of_cells).reshape(-1, size, k)
        found += np.einsum("rck,cr->rk", each, adjustments[start : start + size])
    return found


def cells_of_replicates(
    factors: Floats, row: Integers, cell: Integers, size: int, values: Floats
) -> Generator[tuple[slice, Floats]]:
    """Sums over (cell, replicate), some cells at a time.

    Parameters
    ----------
    factors
        (P, R).
    row, cell, values
        (m,) The cluster, the cell and the weighted sum of each entry.
    size
        How many cells there are.

    Yields
    ------
    Which cells, and their (cells, R) sums.
    """
    clusters = len(factors)
    together = max(1, AT_ONCE // clusters)
    for start in range(0, size, together):
        few = min(together, size - start)
        chosen: slice | NDArray[np.bool_] = slice(None)
        if few < size:
            chosen = (cell >= start) & (cell < start + few)
        part = (cell[chosen] - start) * clusters + row[chosen]
        sums = sums_by(part, values[chosen], few * clusters).reshape(few, clusters)
        yield slice(start, start + few), sums @ factors


def clusters_of(cube: Cube) -> tuple[Sample, Integers]:
    """A sample with a row for each first-stage cluster, and (m,) the row of each entry."""
    design, stage = cube.design, cube.stages[0]
    own = replace(
        design,
        weight=None,
        cluster=design.clusters[0],
        population=design.populations[0] if design.populations else None,
    )
    named = (own.stratum, *own.clusters, *own.populations, own.squared_chances)
    columns = list(dict.fromkeys(name for name in named if name is not None))
    first = np.unique(stage.cluster, return_index=True)[1]
    data = cube.data[columns].iloc[first].reset_index(drop=True)
    by = [name for name in (own.stratum, own.clusters[0]) if name is not None]
    data = data.sort_values(by, kind="stable")
    place = np.empty(len(data), dtype=np.intp)
    place[data.index.to_numpy()] = np.arange(len(data))
    return Sample(data.reset_index(drop=True), own), place[stage.cluster]
