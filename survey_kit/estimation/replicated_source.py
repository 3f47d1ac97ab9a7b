r"""Estimates of rows that stay where they are, from replicates of their clusters.

One reading sums over cells, for the estimate itself, and over the cells of every cluster; another
lists the clusters, of which the replicates are made. Each replicate may be raked to margins, as
the sample is. Nothing is as long as the rows: see `cluster_columns`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from survey_kit.design.cluster_replicates import (
    CellReplicates,
    clusters_of,
    with_cluster_replicates,
)
from survey_kit.design.cube import Cube
from survey_kit.design.design import Design
from survey_kit.design.sample import Sample
from survey_kit.design.source import Source, Where, asked
from survey_kit.design.stage import Floats
from survey_kit.design.wanted import Crossed
from survey_kit.errors import EstimationError
from survey_kit.estimation.cluster_columns import (
    Asking,
    Columns,
    degrees_of_freedom,
    entries_of,
    held_by_cell,
    named,
    raked_replicates,
    tables_of,
    totals,
)
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.moments import estimate_of_sums, linear
from survey_kit.estimation.statistic import Statistic
from survey_kit.weighting.rake_cube import cells_of, fit_replicates, rake_cube
from survey_kit.weighting.rake_source import check_can_be_raked
from survey_kit.weighting.targets import Margins, targets


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
    cube, crossed = _read(source, cells, numbers, together)
    clusters = with_cluster_replicates(source.cube(()), make)
    raked = rake_cube(cube, margins, tolerance=tolerance, iterations=iterations).cube
    plain = replace(raked, margins=(), sweeps=None)
    found = estimate_of_sums(statistic, plain, columns, by=by, where=asked(plain, where))
    wanted = targets(cube, margins)
    place, codes = cells_of(wanted)
    asking = Asking(source, cube, place, clusters_of(clusters)[0], wanted, by, where)
    summed = entries_of(asking) if crossed is None else tables_of(asking, crossed)
    several = clusters.replicates
    assert several is not None  # noqa: S101 - just made
    held = held_by_cell(summed, len(codes[0]), several.factors)
    each = raked_replicates(several, fit_replicates(held, wanted, codes, tolerance, iterations))
    places = np.array([numbers.index(name) for name in columns], dtype=np.intp)
    places = places.reshape(-1, statistic.columns)
    sums = totals(summed, each, len(found.value) // len(places))
    shift = np.array(source.shifts(numbers))
    values, _ = linear(statistic.over, sums.reshape(-1, sums.shape[2]), shift, places)
    return _with_replicates(found, each, summed, values, groups=sums.shape[1] if by else 0)


def _with_replicates(
    found: Estimate, each: CellReplicates, summed: Columns, values: Floats, *, groups: int
) -> Estimate:
    """The estimate, its covariance and degrees of freedom those of the values of replicates."""
    df = degrees_of_freedom(summed, each, None)
    own = [degrees_of_freedom(summed, each, group) for group in range(groups)] or [df]
    own_df = np.repeat(np.array(own), len(found.value) // len(own))
    values = np.where(np.isfinite(values), values, np.nan).reshape(len(each), -1)
    covariance = each.covariance(values, found.value)
    empty = np.isnan(found.value)
    covariance[empty] = np.nan
    covariance[:, empty] = np.nan
    return replace(found, covariance=covariance, df=df, own_df=own_df)


def _read(
    source: Source, cells: tuple[str, ...], numbers: tuple[str, ...], together: int | None
) -> tuple[Cube, Crossed | None]:
    """A cube of everybody, and if they come with it tables of its cells by cluster."""
    alone = replace(source, design=Design(source.design.sampling, weight=source.design.weight))
    if not source.design.clusters:
        return alone.cube(cells, numbers=numbers, together=together), None
    wanted = alone.wanted(cells, numbers=numbers, together=together)
    crossed = source.engine.crossed(wanted, named(source))
    sums = source.engine.sums(wanted) if crossed is None else crossed.sums
    return alone.cube_of(sums, wanted), crossed
