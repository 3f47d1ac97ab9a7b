r"""Estimates of rows that stay where they are, from replicates of their clusters.

Three readings: one sums over cells, for the estimate itself; one lists the clusters, of which
the replicates are made; one sums over the cells of every cluster. Each replicate may be raked
to margins, as the sample is. Nothing is as long as the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from survey_kit.design.cluster_replicates import (
    CellReplicates,
    cells_of_replicates,
    clusters_of,
    with_cluster_replicates,
)
from survey_kit.design.cube import Cube
from survey_kit.design.design import Design
from survey_kit.design.engines.whole_numbers import range_of, whole_numbers
from survey_kit.design.sample import Sample, levels_of
from survey_kit.design.source import Source, Where, asked
from survey_kit.design.stage import Floats, Integers
from survey_kit.design.wanted import Wanted
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.moments import estimate_of_sums, linear
from survey_kit.estimation.statistic import Statistic
from survey_kit.weighting.rake_cube import cells_of, fit_replicates, held_by_cell, rake_cube
from survey_kit.weighting.rake_source import check_can_be_raked
from survey_kit.weighting.targets import Margins, Target, targets


def replicated_of(
    statistic: Statistic,
    source: Source,
    columns: Sequence[str],
    make: Callable[[Sample], Sample],
    *,
    margins: Margins | None = None,
    by: Sequence[str] = (),
    where: Where | None = None,
    tolerance: float = 1e-10,
    iterations: int = 1000,
) -> Estimate:
    """A mean, total or ratio, its covariance from replicates of the clusters.

    >>> replicated_of(MEAN, source, ["income"], lambda s: bootstrap(s, 500, seed=1), margins=m)
    ... # doctest: +SKIP

    Parameters
    ----------
    make
        What makes replicates of a sample: see `with_cluster_replicates`.
    margins
        What the sample and each replicate are raked to, as for `rake`; None for nothing.
    by, where
        As for `means_of`.
    tolerance, iterations
        As for `rake`.

    Raises
    ------
    EstimationError
        If the statistic is no sum over a sum.
    DesignError
        As `with_cluster_replicates`, and as `Source.cube`.
    WeightingError
        As `rake`; if the source was raked before.
    """
    if statistic.over is None:
        raise EstimationError(
            statistic.name,
            "it is no sum over a sum, and needs the rows under every replicate",
            "Make a Sample of the rows, with replicates.",
        )
    numbers = tuple(dict.fromkeys(columns))
    together = 1 if statistic.columns == 1 else None
    if margins is None:
        cube = source.cube([*by, *(where or ())], numbers=numbers, together=together)
        made = with_cluster_replicates(cube, make)
        return estimate_of_sums(statistic, made, columns, by=by, where=asked(made, where))
    check_can_be_raked(source, margins)
    cells = tuple(dict.fromkeys((*margins, *by, *(where or ()))))
    alone = replace(source, design=Design(source.design.sampling, weight=source.design.weight))
    cube = alone.cube(cells, numbers=numbers, together=together)
    raked = rake_cube(cube, margins, tolerance=tolerance, iterations=iterations).cube
    plain = replace(raked, margins=(), sweeps=None)
    found = estimate_of_sums(statistic, plain, columns, by=by, where=asked(plain, where))
    clusters = with_cluster_replicates(source.cube(()), make)
    several = clusters.replicates
    assert several is not None  # noqa: S101 - just made
    wanted = targets(cube, margins)
    place, codes = cells_of(wanted)
    entries = _entries(source, cube, clusters_of(clusters)[0], wanted=wanted, by=by, where=where)
    cell = _numbered(cube, wanted, place)[entries.cell]
    own = replace(several, row=entries.row, base=entries.weight)
    held = held_by_cell(own, cell)
    each = CellReplicates(
        kind=own.kind,
        factors=own.factors,
        row=own.row,
        base=own.base,
        scale=own.scale,
        rscales=own.rscales,
        centre=own.centre,
        calibrated=True,
        cell=cell,
        adjustments=fit_replicates(held, wanted, codes, tolerance, iterations),
    )
    places = np.array([numbers.index(name) for name in columns], dtype=np.intp)
    places = places.reshape(-1, statistic.columns)
    totals = _totals(each, entries, len(found.value) // len(places))
    shift = np.array(source.shifts(numbers))
    values, _ = linear(statistic.over, totals.reshape(-1, totals.shape[2]), shift, places)
    values = np.where(np.isfinite(values), values, np.nan).reshape(len(totals), -1)
    covariance = each.covariance(values, found.value)
    empty = np.isnan(found.value)
    covariance[empty] = np.nan
    covariance[:, empty] = np.nan
    df = each.degrees_of_freedom(entries.inside)
    own = np.array([df])
    if by:
        groups = range(totals.shape[1])
        own = np.array([each.degrees_of_freedom(entries.group == group) for group in groups])
    return replace(found, covariance=covariance, df=df, own_df=np.repeat(own, len(places)))


@dataclass(frozen=True, eq=False)
class _Entries:
    """Sums over the cells of every cluster, (m,) each.

    row, cell, group
        The cluster, the cell of the margins, the group (-1: none).
    inside
        bool. Which are asked about.
    weight
        Σw.
    sums
        Σw and Σwy of those who answered.
    """

    row: Integers
    cell: Integers
    group: Integers
    inside: NDArray[np.bool_]
    weight: Floats
    sums: tuple[Floats, ...]


def _entries(
    source: Source,
    cube: Cube,
    clusters: Sample,
    *,
    wanted: Sequence[Target],
    by: Sequence[str],
    where: Where | None,
) -> _Entries:
    """Read them. Codes are kept as small as they can be: there may be as many as rows."""
    assert cube.moments is not None  # noqa: S101 - it was made with numbers
    numbers, lean = cube.moments.columns, bool(cube.moments.answered.all())
    drawn = _named(clusters)
    others = tuple(dict.fromkeys((*(t.variable for t in wanted), *by, *(where or ()))))
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
    cell = _crossed(data, [(t.variable, t.categories) for t in wanted])
    group = _crossed(data, [(name, cube.levels(name).names) for name in by])
    inside = np.ones(len(data), dtype=bool)
    for name, categories in (where or {}).items():
        inside &= _codes(data[name], tuple(categories)) >= 0
    held = found.answered
    columns = [found.weighed, *found.first.T]
    row = _rows(data[drawn], clusters.data)
    if (row < 0).any() or (cell < 0).any():
        source.refuse(None)
    return _Entries(
        row=row,
        cell=cell,
        group=np.where(inside, group, -1),
        inside=inside,
        weight=found.weighed,
        sums=tuple(columns if lean else [np.where(held, each, 0) for each in columns]),
    )


def _crossed(data: pd.DataFrame, columns: Sequence[tuple[str, tuple[str, ...]]]) -> Integers:
    """(m,) The combination of categories of each entry; -1 where one is missing."""
    found = np.zeros(len(data), dtype=np.intp)
    for name, categories in columns:
        codes = _codes(data[name], categories)
        found = np.where((found < 0) | (codes < 0), -1, found * len(categories) + codes)
    return found


def _codes(column: pd.Series, names: tuple[str, ...]) -> Integers:
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


def _named(clusters: Sample) -> list[str]:
    """The columns by which clusters are told apart."""
    design = clusters.design
    named = (design.stratum if design.nested else None, design.clusters[0])
    return [name for name in named if name is not None]


def _rows(drawn: pd.DataFrame, clusters: pd.DataFrame) -> Integers:
    """(m,) The row of the cluster of each entry."""
    names = list(drawn.columns)
    if len(names) > 1:
        known = pd.MultiIndex.from_frame(clusters[names])
        return known.get_indexer(pd.MultiIndex.from_frame(drawn)).astype(np.intp)
    codes, values = pd.factorize(drawn[names[0]])
    return pd.Index(clusters[names[0]]).get_indexer(pd.Index(values)).astype(np.intp)[codes]


def _numbered(cube: Cube, wanted: Sequence[Target], place: Integers) -> Integers:
    """(combinations,) The number of each combination that anybody is in."""
    crossed = _crossed(cube.data, [(t.variable, t.categories) for t in wanted])
    found = np.zeros(int(crossed.max()) + 1, dtype=np.intp)
    found[crossed] = place
    return found


def _totals(replicates: CellReplicates, entries: _Entries, groups: int) -> Floats:
    """(R, groups, 1 + q) Σw and Σwy of those who answered, in every replicate."""
    span = groups + 1
    if groups == 1 and (entries.group == 0).all():
        place, cell = replicates.cell, np.arange(len(replicates.adjustments))
        group = np.zeros_like(cell)
    else:
        pair = replicates.cell * span + entries.group + 1
        counts = np.bincount(pair)
        place = (np.cumsum(counts > 0) - 1)[pair]
        cell, group = np.divmod(np.flatnonzero(counts), span)
        group = group - 1
    totals = np.zeros((len(entries.sums), groups, len(replicates)))
    for number, values in enumerate(entries.sums):
        parts = (replicates.factors, entries.row, place, len(cell), values)
        for some, sums in cells_of_replicates(*parts):
            raked = sums * replicates.adjustments[cell[some]]
            held = np.flatnonzero(group[some] >= 0)
            at = (group[some][held], held)
            chosen = sparse.csr_array((np.ones(len(held)), at), shape=(groups, len(raked)))
            totals[number] += chosen @ raked
    return totals.transpose(2, 1, 0)
