r"""A sample of many rows, summed for one table: n, Σw and Σw² of every (cluster, cell).

A table asks the same rows several things: bases, shares, their covariance, a test. Summed
once, in the memory the rows are in, all of it is had from as many entries as clusters have
cells. It is a `Cube` that needs no second look at strata and clusters: the sample was checked.
Of a calibrated sample X'Vz is wanted besides, which is had from sums over (margin, cell), as z is
the same for all of a cell; of replicates of clusters, sums over (row of their factors, cell).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.calibration import Calibration
from survey_kit.design.cube import Cube, Elements
from survey_kit.design.design import LonelyDomain
from survey_kit.design.drawn import Drawn
from survey_kit.design.replicates import Replicates
from survey_kit.design.sample import Levels, Sample
from survey_kit.design.stage import Floats, Integers, Stage, sums_by

FEWEST_ROWS = 5_000
"""Of fewer rows the sums take as long as what is done with them."""
FEWER = 4
"""How many times as many rows as entries there must be."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Collapsed(Cube):
    """The sums, with the strata and clusters of the sample; `data` are its rows.

    given
        The one stage of the sample, for entries.
    named
        The categories of each entry, by column.
    asked
        (m,) bool. Which entries are asked about, where only some rows are.
    known, crossed
        Of a calibrated sample: what it knows of all rows, and its margins by the cells.
    """

    given: tuple[Stage, ...] = ()
    known: _Calibrated | None = None
    crossed: tuple[Margin, ...] = ()
    asked: Flags = field(default_factory=lambda: np.zeros(0, dtype=bool))
    named: Mapping[str, Levels] = field(default_factory=dict[str, Levels])

    def __post_init__(self) -> None:
        """The sample was checked."""

    def __len__(self) -> int:
        return len(self.people)

    @property
    def of_elements(self) -> bool:
        """Whether every row was drawn by itself."""
        return self.given[0].summed

    @cached_property
    def stages(self) -> tuple[Stage, ...]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The one stage."""
        return self.given

    @cached_property
    def calibration(self) -> Calibration | None:  # pyright: ignore[reportIncompatibleVariableOverride]
        """That of the rows; what it asks of influences is had from `crossed`."""
        return None if self.known is None else self.known.calibration

    @cached_property
    def calibrated_clusters(self) -> tuple[Floats, ...]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """As of the rows."""
        return super().calibrated_clusters if self.known is None else self.known.clusters

    @cached_property
    def calibrated_elements(self) -> tuple[Floats, Floats]:  # pyright: ignore[reportIncompatibleVariableOverride]
        """As of the rows."""
        if self.known is None or self.known.elements is None:
            return super().calibrated_elements
        return self.known.elements

    def degrees_of_freedom(self, where: Flags | None = None) -> float:
        """Clusters less strata, counting those that hold any of the entries asked about."""
        if self.of_elements or self.replicates is not None:
            return super().degrees_of_freedom(where)
        first = self.given[0]
        if where is None:
            return float(first.clusters - len(first.population))
        present = np.zeros(first.clusters, dtype=bool)
        present[first.cluster[where]] = True
        return float(present.sum() - len(np.unique(first.stratum[present])))

    def levels(self, column: str) -> Levels:
        """The categories of a column that it was made by."""
        return self.named[column]


@dataclass(frozen=True, eq=False, kw_only=True)
class _OfClusters(Replicates):
    """Replicates of entries.

    of_all
        Degrees of freedom where every row of the factors is met: found once for all tables.
    """

    of_all: float

    def degrees_of_freedom(self, where: Flags | None = None) -> float:
        """The rank of the replicate weights of the entries asked about, less 1."""
        held = self.base > 0 if where is None else where & (self.base > 0)
        if len(np.unique(self.row[held])) == len(self.factors):
            return self.of_all
        return super().degrees_of_freedom(held)


@dataclass(frozen=True, eq=False)
class Margin:
    """A margin that weights were calibrated to, by the cells of a table: one entry for each pair.

    like
        (e,) An entry of the table that is in the same cell, and in the same stratum.
    category, size
        (e,) The category of the margin, and how many it has.
    projection, spread
        (e,) V, and where every row is a cluster D, summed over rows: see `Calibration`, and
        `element_spread` of a sample.
    """

    like: Integers
    category: Integers
    size: int
    projection: Floats
    spread: Floats


@dataclass(frozen=True, eq=False)
class _Calibrated:
    """What a calibrated sample knows of all its rows: the same for every table.

    even
        Whether V is 1 for every row, as after raking.
    """

    calibration: Calibration
    clusters: tuple[Floats, ...]
    elements: tuple[Floats, Floats] | None
    even: bool


@dataclass(frozen=True, eq=False)
class _Kept:
    """The last table of a sample, and the cluster and first column of each row as one number."""

    columns: tuple[str, ...]
    where: Flags | None
    made: Collapsed
    first: Integers


_KEPT: WeakKeyDictionary[Sample, _Kept] = WeakKeyDictionary()


def collapsed(
    sample: Drawn, columns: Sequence[str], where: Flags | None
) -> tuple[Drawn, Flags | None]:
    """The sample or, where that is less work, its sums over the cells of these columns.

    Parameters
    ----------
    columns
        The columns of the table. The sums are kept until another table is asked for; of
        tables that follow each other the first column is counted once.
    where
        (n,) bool. The rows asked about; None for all.

    Returns
    -------
    What to compute from, and which of its entries are asked about.
    """
    if type(sample) is not Sample or not _can_be(sample, where):
        return sample, where
    part, size = _parts(sample)
    levels = [sample.levels(name) for name in columns]
    spans = [len(each.names) + 1 for each in levels]
    halves = 1 if where is None else 2
    if size * halves * int(np.prod(spans)) * FEWER > len(sample):
        return sample, where
    kept = _KEPT.get(sample)
    if kept is not None and kept.where is where and set(kept.columns) == set(columns):
        return kept.made, _asked(kept.made, where)
    if kept is not None and kept.where is where and kept.columns[:1] == tuple(columns[:1]):
        first, known = kept.first, kept.made.known
    else:
        first = levels[0].codes + 1
        first = first if where is None else first + where * np.intp(spans[0])
        known = _calibrated(sample) if kept is None else kept.made.known
    cell = first
    for each, span in zip(levels[1:], spans[1:], strict=True):
        cell = cell * span
        cell += each.codes
        cell += 1
    shape = (size, halves, *spans)
    made = _summed(sample, part, cell, shape, dict(zip(columns, levels, strict=True)))
    if known is not None:
        made = replace(made, known=known, crossed=_crossed(sample, made, known, cell, shape))
    _KEPT[sample] = _Kept(tuple(columns), where, made, first)
    return made, _asked(made, where)


def _can_be(sample: Sample, where: Flags | None) -> bool:
    """Whether nothing is needed but sums over one stage, and there are rows enough."""
    each = sample.replicates
    if each is not None:
        of_clusters = type(each) is Replicates and len(each.factors) * FEWER < len(sample)
        plain = of_clusters and sample.calibration is None
    elif sample.calibration is not None:
        # X'DX of some strata only would need the rows
        plain = not sample.of_elements or not _lonely(sample)
    else:
        plain = True
    fits = where is None or (where.shape == (len(sample),) and where.dtype == np.bool_)
    return plain and fits and len(sample) >= FEWEST_ROWS and len(sample.stages) == 1


def _lonely(sample: Sample) -> bool:
    """Whether strata are counted one by one."""
    as_lonely = sample.design.lonely_domain is LonelyDomain.AS_LONELY
    return as_lonely or bool(sample.stages[0].lonely.any())


def _parts(sample: Sample) -> tuple[Integers, int]:
    """(n,) what the cells of each row are summed within, and how many of them there are."""
    stage = sample.stages[0]
    if sample.replicates is not None:
        return sample.replicates.row, len(sample.replicates.factors)
    if sample.of_elements:
        return sample.strata, len(stage.population)
    return stage.cluster, stage.clusters


def _calibrated(sample: Sample) -> _Calibrated | None:
    """What a calibrated sample knows of all its rows."""
    if sample.calibration is None:
        return None
    elements = sample.calibrated_elements if sample.of_elements else None
    even = bool((sample.calibration.projection == 1).all())
    return _Calibrated(sample.calibration, sample.calibrated_clusters, elements, even)


def _summed(
    sample: Sample,
    part: Integers,
    cell: Integers,
    shape: tuple[int, ...],
    levels: Mapping[str, Levels],
) -> Collapsed:
    """Sums over the cells of each part, of those that anybody is in."""
    size = int(np.prod(shape))
    key = part * (size // shape[0]) + cell
    people = np.bincount(key, minlength=size)
    found = np.flatnonzero(people)
    where, asked, *codes = np.unravel_index(found, shape)
    each = sample.replicates
    if each is not None:
        each = _replicates(each, where, sums_by(key, each.base, size)[found])
    return Collapsed(
        data=sample.data,
        design=sample.design,
        people=people[found].astype(np.float64),
        weighed=sums_by(key, sample.weights, size)[found],
        squares=sums_by(key, sample.squared_weights, size)[found],
        given=(_stage(sample, where),),
        asked=asked == 1,
        named={
            name: replace(each, codes=code - 1)
            for (name, each), code in zip(levels.items(), codes, strict=True)
        },
        replicates=each,
    )


def _replicates(of_rows: Replicates, row: Integers, base: Floats) -> _OfClusters:
    """Replicates for entries."""
    return _OfClusters(
        kind=of_rows.kind,
        factors=of_rows.factors,
        row=row,
        base=base,
        scale=of_rows.scale,
        rscales=of_rows.rscales,
        centre=of_rows.centre,
        calibrated=of_rows.calibrated,
        of_all=of_rows.degrees_of_freedom(),
    )


def _stage(sample: Sample, part: Integers) -> Stage:
    """The one stage, for entries of these parts; of replicates nobody asks for it."""
    stage = sample.stages[0]
    if sample.replicates is not None:
        return stage
    if not sample.of_elements:
        return replace(stage, cluster=part)
    alone = np.arange(len(stage.population), dtype=np.intp)
    return Elements(
        1,
        part,
        alone,
        stage.population,
        stage.inflation,
        stage.labels,
        tally=stage.drawn,
    )


def _crossed(
    sample: Sample, made: Collapsed, known: _Calibrated, cell: Integers, shape: tuple[int, ...]
) -> tuple[Margin, ...]:
    """The margins of a calibrated sample by the cells of a table, and its numbers."""
    elements, calibration = sample.of_elements, known.calibration
    cells, parts = int(np.prod(shape[1:])), shape[0] if elements else 1
    codes = (made.asked.astype(np.intp), *(levels.codes + 1 for levels in made.named.values()))
    own = np.ravel_multi_index(codes, shape[1:])
    within, spread = cell, None
    if elements:
        own = made.strata * cells + own
        within, spread = sample.strata * cells + cell, sample.element_spread
    entry = np.zeros(parts * cells, dtype=np.intp)
    entry[own] = np.arange(len(made))

    def margin(key: Integers, size: int, times: Floats | None = None) -> Margin:
        count = size * parts * cells
        people = np.bincount(key, minlength=count)
        held = np.flatnonzero(people)
        projection, squares = people, np.zeros(count)
        if times is not None or not known.even:
            each = calibration.projection if times is None else calibration.projection * times
            projection = sums_by(key, each, count)
        if spread is not None:
            squares = sums_by(key, spread if times is None else spread * times, count)
        category, place = np.divmod(held, parts * cells)
        of_entries = projection[held].astype(np.float64)
        return Margin(entry[place], category, size, of_entries, squares[held])

    found = [margin(codes * (parts * cells) + within, size) for codes, size in calibration.margins]
    numbers = () if calibration.numbers is None else calibration.numbers.T
    return (*found, *(margin(within, 1, column) for column in numbers))


def _asked(made: Collapsed, where: Flags | None) -> Flags | None:
    """(m,) bool. The entries that are asked about."""
    return None if where is None else made.asked
