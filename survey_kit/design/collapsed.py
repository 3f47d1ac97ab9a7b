r"""A sample of many rows, summed for one table: n, Σw and Σw² of every (cluster, cell).

A table asks the same rows several things: bases, shares, their covariance, a test. Summed
once, in the memory the rows are in, all of it is had from as many entries as clusters have
cells. It is a `Cube` that needs no second look at strata and clusters: the sample was checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.cube import Cube, Elements
from survey_kit.design.drawn import Drawn
from survey_kit.design.sample import Levels, Sample
from survey_kit.design.stage import Integers, Stage, sums_by

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
    """

    given: tuple[Stage, ...] = ()
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

    def degrees_of_freedom(self, where: Flags | None = None) -> float:
        """Clusters less strata, counting those that hold any of the entries asked about."""
        if self.of_elements:
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
    stage = sample.stages[0]
    elements = sample.of_elements
    part = sample.strata if elements else stage.cluster
    size = len(stage.population) if elements else stage.clusters
    levels = [sample.levels(name) for name in columns]
    spans = [len(each.names) + 1 for each in levels]
    halves = 1 if where is None else 2
    if size * halves * int(np.prod(spans)) * FEWER > len(sample):
        return sample, where
    kept = _KEPT.get(sample)
    if kept is not None and kept.where is where and set(kept.columns) == set(columns):
        return kept.made, _asked(kept.made, where)
    if kept is not None and kept.where is where and kept.columns[:1] == tuple(columns[:1]):
        first = kept.first
    else:
        first = part if where is None else part * 2 + where
        first = first * spans[0] + (levels[0].codes + 1)
    key = first
    for each, span in zip(levels[1:], spans[1:], strict=True):
        key = key * span
        key += each.codes
        key += 1
    made = _summed(sample, key, (size, halves, *spans), dict(zip(columns, levels, strict=True)))
    _KEPT[sample] = _Kept(tuple(columns), where, made, first)
    return made, _asked(made, where)


def _can_be(sample: Sample, where: Flags | None) -> bool:
    """Whether nothing is needed but sums over one stage, and there are rows enough."""
    plain = sample.calibration is None and sample.replicates is None
    fits = where is None or (where.shape == (len(sample),) and where.dtype == np.bool_)
    return plain and fits and len(sample) >= FEWEST_ROWS and len(sample.stages) == 1


def _summed(
    sample: Sample, key: Integers, shape: tuple[int, ...], levels: Mapping[str, Levels]
) -> Collapsed:
    """Sums over each key, of those that anybody has."""
    size = int(np.prod(shape))
    people = np.bincount(key, minlength=size)
    found = np.flatnonzero(people)
    part, asked, *codes = np.unravel_index(found, shape)
    stage = sample.stages[0]
    if sample.of_elements:
        alone = np.arange(len(stage.population), dtype=np.intp)
        given: Stage = Elements(
            1,
            part,
            alone,
            stage.population,
            stage.inflation,
            stage.labels,
            tally=stage.drawn,
        )
    else:
        given = replace(stage, cluster=part)
    return Collapsed(
        data=sample.data,
        design=sample.design,
        people=people[found].astype(np.float64),
        weighed=sums_by(key, sample.weights, size)[found],
        squares=sums_by(key, sample.squared_weights, size)[found],
        given=(given,),
        asked=asked == 1,
        named={
            name: replace(each, codes=code - 1)
            for (name, each), code in zip(levels.items(), codes, strict=True)
        },
    )


def _asked(made: Collapsed, where: Flags | None) -> Flags | None:
    """(m,) bool. The entries that are asked about."""
    return None if where is None else made.asked
