"""The scores of clusters in a model of patterns: Σ w x r, with r the residual of the pattern.

Two ways to the same sums. Where a table of what each pattern weighs in each cluster fits into
memory, it times the score of each pattern. Otherwise rows are read again, each with its r, and
summed over the clusters by those few categories that a column of x depends on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.cube import Cube
from survey_kit.design.source import Source
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.design.wanted import CellSums, Crossed, Patterns, Wanted
from survey_kit.estimation.models.family import Family, Link
from survey_kit.estimation.models.formula import Predictors

Flags: TypeAlias = NDArray[np.bool_]

CELLS = 160
"""How many cells of a cluster are summed at once."""
TOGETHER = 3
"""Of how many categories at most a predictor is looked for to depend on."""
RESIDUAL, USED = "pattern residual", "pattern used"


@dataclass(frozen=True, eq=False)
class Model:
    """What is fitted, and to which patterns."""

    formula: str
    left: str
    right: str
    offset: str | None
    family: Family
    link: Link | None
    columns: tuple[str, ...]
    sums: CellSums
    cube: Cube
    x: Predictors
    crossed: Crossed | None


def scores_of_crossed(
    source: Source, model: Model, crossed: Crossed, rest: Floats, cube: Cube
) -> tuple[Flags, list[Floats]]:
    """Which clusters are met, and for each stage (clusters, k) scores, from sums by pattern."""
    used, weighed = model.x.used, crossed.weighed
    scores = np.zeros((weighed.shape[1], model.x.matrix.shape[1]))
    scores[crossed.column[used]] = model.x.matrix * rest[:, None]
    asked_about = np.zeros(len(scores))
    asked_about[crossed.column[used]] = 1
    there = weighed @ asked_about > 0
    entry = _entry_of(crossed.rows, cube.data, keys(source))
    if (entry[there] < 0).any():
        source.refuse(None)
    met = np.zeros(len(cube), dtype=bool)
    met[entry[there]] = True
    of_rows = (weighed @ scores)[there]
    sums = [np.zeros((stage.clusters, of_rows.shape[1])) for stage in cube.stages]
    for stage, total in zip(cube.stages, sums, strict=True):
        np.add.at(total, stage.cluster[entry[there]], of_rows)
    return met, sums


def scores_of_readings(
    source: Source, model: Model, rest: Floats, cube: Cube
) -> tuple[Flags, list[Floats]]:
    """The same, from a second reading: each row with the residual of its pattern."""
    used = model.x.used
    numbers = (RESIDUAL,) if used.all() else (RESIDUAL, USED)
    data = model.sums.data.loc[used, list(model.columns)]
    table = data.assign(**dict(zip(numbers, (rest, 1.0), strict=False)))
    names = keys(source)
    wanted = Wanted(
        cells=names,
        weight=source.design.weight,
        numbers=numbers,
        shift=(0.0,) * len(numbers),
        patterns=Patterns(model.columns, table, numbers),
        lean=True,
    )
    met = np.full(len(cube), used.all())
    sums = [np.zeros((stage.clusters, model.x.matrix.shape[1])) for stage in cube.stages]
    for columns, chosen in _bins(data, model.x.matrix):
        cells = tuple(dict.fromkeys((*names, *columns)))
        part = source.engine.sums(replace(wanted, cells=cells))
        entry = _entry_of(part.data, cube.data, names)
        if (entry < 0).any():
            source.refuse(None)
        met[entry[part.first[:, -1] > 0]] = True
        rows = np.flatnonzero(part.first[:, -1] != 0)
        value = _looked_up(part.data.iloc[rows], data, columns, model.x.matrix[:, chosen])
        value = value * part.first[rows, :1]
        for stage, total in zip(cube.stages, sums, strict=True):
            cluster = stage.cluster[entry[rows]]
            for place, column in zip(chosen, value.T, strict=True):
                total[:, place] = sums_by(cluster, column, stage.clusters)
    return met, sums


def keys(source: Source) -> tuple[str, ...]:
    """The fewest columns that tell clusters apart: fewer are quicker to sum over."""
    design = source.counted
    outer = [design.stratum] if design.nested and design.stratum is not None else []
    return tuple(dict.fromkeys((*outer, *design.clusters)))


def _entry_of(cells: pd.DataFrame, drawn: pd.DataFrame, keys: Sequence[str]) -> Integers:
    """(cells,) Which of the clusters drawn each is of; -1 for none of them."""
    once = drawn[list(keys)].drop_duplicates()
    if len(keys) == 1:
        codes, values = pd.factorize(cells[keys[0]])
        found = pd.Index(once[keys[0]]).get_indexer(pd.Index(values))
        found = np.append(found, -1)[codes]
    else:
        found = pd.MultiIndex.from_frame(once).get_indexer(
            pd.MultiIndex.from_frame(cells[list(keys)])
        )
    return np.where(found < 0, -1, once.index.to_numpy()[found]).astype(np.intp)


def _bins(data: pd.DataFrame, x: Floats) -> list[tuple[tuple[str, ...], list[int]]]:
    """Columns of the data, and the columns of x that depend on no others: few, small parts."""
    codes = {name: pd.factorize(data[name])[0] for name in data.columns}
    span = {name: int(codes[name].max()) + 1 for name in codes}
    groups: dict[tuple[str, ...], tuple[Integers, Integers]] = {}
    wanted = [(_depends_on(column, codes, groups), place) for place, column in enumerate(x.T)]

    def cells(names: Sequence[str]) -> int:
        return int(np.prod([span[name] for name in names]))

    found: list[tuple[tuple[str, ...], list[int]]] = []
    for columns, place in sorted(wanted, key=lambda each: (-len(each[0]), -cells(each[0]))):
        for number, (held, chosen) in enumerate(found):
            both = tuple(dict.fromkeys((*held, *columns)))
            if both == held or cells(both) <= CELLS:
                found[number] = (both, [*chosen, place])
                break
        else:
            found.append((columns, [place]))
    return found


def _depends_on(
    column: Floats,
    codes: dict[str, Integers],
    groups: dict[tuple[str, ...], tuple[Integers, Integers]],
) -> tuple[str, ...]:
    """The fewest columns of the data that decide a column of x; groups are kept for the next."""
    for size in range(TOGETHER + 1):
        for names in combinations(codes, size):
            if names not in groups:
                groups[names] = _groups(len(column), [codes[name] for name in names])
            group, first = groups[names]
            if np.array_equal(column[first][group], column):
                return names
    return tuple(codes)


def _groups(m: int, codes: Sequence[Integers]) -> tuple[Integers, Integers]:
    """(m,) the combination of codes of each row, and a row of each combination."""
    group = np.zeros(m, dtype=np.intp)
    for each in codes:
        joined = group * (int(each.max()) + 1) + each
        group = np.unique(joined, return_inverse=True)[1].astype(np.intp)
    return group, np.unique(group, return_index=True)[1].astype(np.intp)


def _looked_up(
    cells: pd.DataFrame, data: pd.DataFrame, columns: Sequence[str], x: Floats
) -> Floats:
    """(cells, chosen) The columns of x that each cell has."""
    if not columns:
        return np.repeat(x[:1], len(cells), axis=0)
    names = list(columns)
    known = data[names].reset_index(drop=True).drop_duplicates()
    numbered = known.assign(**{RESIDUAL: known.index})
    place = cells[names].merge(numbered, on=names, how="left")[RESIDUAL]
    return x[place.to_numpy(dtype=np.intp)]
