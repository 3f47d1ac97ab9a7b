r"""Sums over clusters by columns, which are combinations of margins and groups.

With S the sums of a column over the clusters (P,) and F their factors (P, R), the column has the
sums F'S in the replicates. Two ways to the same: tables of clusters by columns, where an
engine makes them as it reads, or an entry for each cell of each cluster that anybody is in.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from survey_kit.design.cluster_replicates import (
    MOST_COMPARED,
    CellReplicates,
    cells_of_replicates,
)
from survey_kit.design.cube import Cube
from survey_kit.design.engines.whole_numbers import range_of, whole_numbers
from survey_kit.design.replicates import Replicates
from survey_kit.design.sample import Sample, levels_of
from survey_kit.design.source import Source, Where, asked
from survey_kit.design.stage import Floats, Integers
from survey_kit.design.wanted import Crossed, Wanted
from survey_kit.weighting.targets import Target

Flags: TypeAlias = NDArray[np.bool_]
Parts: TypeAlias = Generator[tuple[slice, Floats]]
"""Some columns at a time, and their (columns, R) sums in the replicates."""


class Columns(Protocol):
    """Columns: the cell of the margins and the group of each, and their sums."""

    @property
    def cell(self) -> Integers:
        """(columns,) The cell of the margins."""
        ...

    @property
    def group(self) -> Integers:
        """(columns,) The group; -1 for none, and -2 where nobody is asked about."""
        ...

    @property
    def sums(self) -> int:
        """How many sums there are of those who answered: Σw and one for each number."""
        ...

    def weighed(self, factors: Floats) -> Parts:
        """Σw of everybody."""
        ...

    def answered(self, number: int, factors: Floats) -> Parts:
        """Σw, or Σwy of a number, of those who answered."""
        ...

    def held(self, group: int | None, most: int) -> tuple[Integers, Integers]:
        """Clusters and cells of the margins that hold any of a group, or any who are asked about.

        Not more than so many, evenly over all.
        """
        ...


@dataclass(frozen=True, eq=False)
class Asking:
    """What the columns are combinations of.

    cube, place
        Of everybody, by margins and groups, and (m,) the cell of the margins of each entry.
    clusters
        A row for each cluster.
    """

    source: Source
    cube: Cube
    place: Integers
    clusters: Sample
    wanted: Sequence[Target]
    by: Sequence[str]
    where: Where | None


def named(source: Source) -> list[str]:
    """The columns by which clusters are told apart."""
    design = source.design
    outer = (design.stratum if design.nested else None, design.clusters[0])
    return [name for name in outer if name is not None]


@dataclass(frozen=True, eq=False)
class Tables:
    """Columns as tables of clusters by columns: see `Columns`."""

    cell: Integers
    group: Integers
    of_row: Integers
    tables: tuple[Floats, ...]
    everybody: Floats

    @property
    def sums(self) -> int:
        """See `Columns`."""
        return len(self.tables)

    def weighed(self, factors: Floats) -> Parts:
        """See `Columns`."""
        yield slice(0, len(self.cell)), self.everybody.T @ factors[self.of_row]

    def answered(self, number: int, factors: Floats) -> Parts:
        """See `Columns`."""
        yield slice(0, len(self.cell)), self.tables[number].T @ factors[self.of_row]

    def held(self, group: int | None, most: int) -> tuple[Integers, Integers]:
        """See `Columns`."""
        inside = np.flatnonzero(self.group >= -1 if group is None else self.group == group)
        row, column = np.divmod(
            _some(np.flatnonzero(self.everybody[:, inside]), most), len(inside) or 1
        )
        return self.of_row[row], self.cell[inside[column]]


def tables_of(asking: Asking, crossed: Crossed) -> Tables:
    """From the tables that an engine made."""
    cube, where = asking.cube, asking.where
    held, first = np.unique(crossed.column, return_index=True)
    group = crossed_codes(cube.data, [(name, cube.levels(name).names) for name in asking.by])
    inside = asked(cube, where)
    if inside is not None:
        group = np.where(inside, group, -2)
    known = rows_of(crossed.rows[named(asking.source)], asking.clusters.data)
    rows = np.flatnonzero(known >= 0)
    if crossed.weighed[known < 0].any():
        asking.source.refuse(None)

    def kept(table: Floats) -> Floats:
        every = len(rows) == len(table) and len(held) == table.shape[1]
        return table if every else table[np.ix_(rows, held)]

    weighed = kept(crossed.weighed)
    same = crossed.answered is crossed.weighed
    answered = weighed if same else kept(crossed.answered)
    return Tables(
        cell=asking.place[first],
        group=group[first],
        of_row=known[rows],
        tables=(answered, *(kept(table) for table in crossed.first)),
        everybody=weighed,
    )


@dataclass(frozen=True, eq=False)
class Entries:
    """Columns as an entry for each cell of each cluster that anybody is in: see `Columns`.

    row, column, weight, values
        (m,) of each entry the cluster, the column, Σw, and Σw and Σwy of those who answered.
    """

    cell: Integers
    group: Integers
    row: Integers
    column: Integers
    weight: Floats
    values: tuple[Floats, ...]

    @property
    def sums(self) -> int:
        """See `Columns`."""
        return len(self.values)

    def weighed(self, factors: Floats) -> Parts:
        """See `Columns`."""
        return cells_of_replicates(factors, self.row, self.column, len(self.cell), self.weight)

    def answered(self, number: int, factors: Floats) -> Parts:
        """See `Columns`."""
        values = self.values[number]
        return cells_of_replicates(factors, self.row, self.column, len(self.cell), values)

    def held(self, group: int | None, most: int) -> tuple[Integers, Integers]:
        """See `Columns`."""
        own = self.group[self.column]
        some = _some(np.flatnonzero(own >= -1 if group is None else own == group), most)
        return self.row[some], self.cell[self.column[some]]


def entries_of(asking: Asking) -> Entries:
    """From a reading. Codes are kept as small as they can be: there may be as many as rows."""
    source, cube, clusters = asking.source, asking.cube, asking.clusters
    assert cube.moments is not None  # noqa: S101 - it was made with numbers
    numbers, lean = cube.moments.columns, bool(cube.moments.answered.all())
    drawn, margins = named(source), [(t.variable, t.categories) for t in asking.wanted]
    where = asking.where or {}
    others = tuple(dict.fromkeys((*(name for name, _ in margins), *asking.by, *where)))
    known = [clusters.data[name] for name in drawn]
    found = source.engine.sums(
        Wanted(
            cells=tuple(dict.fromkeys((*drawn, *others))),
            weight=source.design.weight,
            numbers=numbers,
            shift=source.shifts(numbers),
            lean=lean,
            whole=whole_numbers([*known, *(cube.data[name] for name in set(others) - set(drawn))]),
        )
    )
    data = source.in_order(found.data)
    crossed, of_cube = crossed_codes(data, margins), crossed_codes(cube.data, margins)
    group = crossed_codes(data, [(name, cube.levels(name).names) for name in asking.by])
    for name, categories in where.items():
        group = np.where(codes_of(data[name], tuple(categories)) < 0, -2, group)
    row = rows_of(data[drawn], clusters.data)
    if (row < 0).any() or (crossed < 0).any():
        source.refuse(None)
    numbered = np.zeros(int(of_cube.max()) + 1, dtype=np.intp)
    numbered[of_cube] = asking.place
    span = int(group.max(initial=-1)) + 3
    pair = numbered[crossed] * span + group + 2
    counts = np.bincount(pair)
    cell, own = np.divmod(np.flatnonzero(counts), span)
    every = (found.weighed, *found.first.T)
    return Entries(
        cell=cell,
        group=own - 2,
        row=row,
        column=(np.cumsum(counts > 0) - 1)[pair],
        weight=found.weighed,
        values=tuple(x if lean else np.where(found.answered, x, 0) for x in every),
    )


def held_by_cell(columns: Columns, cells: int, factors: Floats) -> Floats:
    """(cells, R) What the people of each cell of the margins weigh in each replicate."""
    found = np.zeros((cells, factors.shape[1]))
    for some, sums in columns.weighed(factors):
        found += _added_by(columns.cell[some], cells) @ sums
    return found


def totals(columns: Columns, replicates: CellReplicates, groups: int) -> Floats:
    """(R, groups, 1 + q) Σw and Σwy of those who answered, in every replicate."""
    found = np.zeros((columns.sums, groups, len(replicates)))
    for number in range(columns.sums):
        for some, sums in columns.answered(number, replicates.factors):
            raked = sums * replicates.adjustments[columns.cell[some]]
            found[number] += _added_by(columns.group[some], groups) @ raked
    return found.transpose(2, 1, 0)


def degrees_of_freedom(columns: Columns, replicates: CellReplicates, group: int | None) -> float:
    """The rank of the replicate weights of a group, or of all who are asked about, less 1."""
    row, cell = columns.held(group, MOST_COMPARED // len(replicates))
    return replace(replicates, row=row, cell=cell, base=np.ones(len(row))).degrees_of_freedom()


def raked_replicates(several: Replicates, adjustments: Floats) -> CellReplicates:
    """Replicates of which each was fitted to margins, without any entries."""
    none = np.zeros(0, dtype=np.intp)
    return CellReplicates(
        kind=several.kind,
        factors=several.factors,
        row=none,
        base=np.zeros(0),
        scale=several.scale,
        rscales=several.rscales,
        centre=several.centre,
        calibrated=True,
        cell=none,
        adjustments=adjustments,
    )


def crossed_codes(data: pd.DataFrame, columns: Sequence[tuple[str, tuple[str, ...]]]) -> Integers:
    """(m,) The combination of categories of each entry; -1 where one is missing."""
    found = np.zeros(len(data), dtype=np.intp)
    for name, categories in columns:
        codes = codes_of(data[name], categories)
        found = np.where((found < 0) | (codes < 0), -1, found * len(categories) + codes)
    return found


def codes_of(column: pd.Series, names: tuple[str, ...]) -> Integers:
    """(m,) The place of each category among names; -1 where it is missing, or not one of them."""
    place = {name: number for number, name in enumerate(names)}
    if len(column) and pd.api.types.is_signed_integer_dtype(column.dtype):
        _, lowest, span = range_of(column)
        if span <= len(column):
            every = range(lowest, lowest + span)
            of = np.array([place.get(str(value), -1) for value in every], dtype=np.intp)
            return of[column.to_numpy(dtype=np.intp) - lowest]
    levels = levels_of(column)
    found = np.array([*(place.get(name, -1) for name in levels.names), -1], dtype=np.intp)
    return found[levels.codes]


def rows_of(drawn: pd.DataFrame, clusters: pd.DataFrame) -> Integers:
    """(m,) The row of the cluster of each entry; -1 if there is none."""
    names = list(drawn.columns)
    if len(names) > 1:
        known = pd.MultiIndex.from_frame(clusters[names])
        return known.get_indexer(pd.MultiIndex.from_frame(drawn)).astype(np.intp)
    codes, values = pd.factorize(drawn[names[0]])
    return pd.Index(clusters[names[0]]).get_indexer(pd.Index(values)).astype(np.intp)[codes]


def _some(places: Integers, most: int) -> Integers:
    """So many places, evenly over all."""
    if len(places) <= most:
        return places
    return places[np.linspace(0, len(places) - 1, most).astype(np.intp)]


def _added_by(part: Integers, size: int) -> sparse.csr_array:
    """(size, m) 1 where an entry is in a part; those below 0 are in none."""
    held = np.flatnonzero(part >= 0)
    return sparse.csr_array((np.ones(len(held)), (part[held], held)), shape=(size, len(part)))
