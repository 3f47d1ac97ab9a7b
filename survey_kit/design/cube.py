r"""A cube: a sample of which only sums over (stratum, cluster, cell) are kept.

The influence of a row on anything smooth is linear in its numbers once its categories are
given. So the sum of the contributions of a cluster follows from n, Σw and Σwy of its cells,
and the spread of those sums between clusters is all that a variance is made of. Where every
row is a cluster of its own, Σw², Σw²y and Σw²yy' of the cells of a stratum do the same.

It is made by numpy, by DuckDB or by Spark (`source`); what is done with it afterwards is the
same for all three.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from survey_kit.design import faults
from survey_kit.design.calibration import Calibration
from survey_kit.design.design import Design
from survey_kit.design.replicates import Replicates
from survey_kit.design.sample import Levels, floats_of, levels_of, stages_of
from survey_kit.design.stage import Floats, Integers, Stage
from survey_kit.errors import DesignError


@dataclass(frozen=True, eq=False)
class Elements(Stage):
    """A stage at which every row was drawn by itself, and only their number is known.

    `cluster` holds the stratum of each entry: a sum over "clusters" is one over strata.

    tally
        (strata,) How many rows were drawn in each.
    """

    tally: Integers | None = None

    @property
    def drawn(self) -> Integers:  # pyright: ignore[reportIncompatibleVariableOverride]
        """(strata,) How many rows were drawn in each."""
        assert self.tally is not None  # noqa: S101 - only its maker sees it without
        return self.tally

    @property
    def by_row(self) -> bool:  # pyright: ignore[reportIncompatibleVariableOverride]
        """Every row is a cluster of its own."""
        return True

    @property
    def summed(self) -> bool:
        """They were counted and summed."""
        return True


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums of columns of numbers over the rows of each of m entries.

    The numbers y have had `shift` taken off, so that squares keep their digits.

    columns, shift
        (q,) The names, and what was taken off each.
    answered
        (m,) bool. Whether the rows of the entry have all of them; the others' sums are 0.
    plain, first, squared
        (m, q). Σy, Σwy and Σw²y.
    second, spread
        (m, q, q). Σwyy' and Σw²yy'; of the pairs that were not asked for, 0.
    """

    columns: tuple[str, ...]
    shift: Floats
    answered: NDArray[np.bool_]
    plain: Floats
    first: Floats
    squared: Floats
    second: Floats
    spread: Floats


@dataclass(frozen=True, eq=False)
class Cube:
    """Sums over cells: one entry for each that anybody is in.

    data
        (m, columns). The strata, clusters and populations, and the categories.
    people
        (m,) The rows of each entry.
    weighed, squares
        (m,) Σw and Σw²; None where the design has no column of weights.
    margins
        The columns that the weights were raked to, with their categories.
    moments
        Sums of numbers, where any were asked for.
    replicates
        Factors of clusters: see `cluster_replicates`.

    Raises
    ------
    DesignError
        As `Sample` does, of strata, clusters and populations. Weights are checked by who
        reads them.
    """

    data: pd.DataFrame
    design: Design
    people: Floats
    weighed: Floats | None = None
    squares: Floats | None = None
    margins: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sweeps: int | None = None
    moments: Moments | None = None
    replicates: Replicates | None = None
    _levels: dict[str, Levels] = field(init=False, default_factory=dict[str, Levels], repr=False)

    def __post_init__(self) -> None:
        faults.check_complete(self.data, self.design)
        faults.check_nesting(self.data, self.design)
        if self.of_elements and self.design.unequal is not None:
            raise DesignError(
                "unequal chances",
                "of rows that were drawn one by one each has its own, so they cannot be summed",
                "Read the rows into memory: source.sample(['...']).",
            )
        _ = self.stages

    def __len__(self) -> int:
        return len(self.data)

    @property
    def of_elements(self) -> bool:
        """Whether every row was drawn by itself."""
        return not self.design.clusters

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """As those of a `Sample`."""
        return (self._elements(),) if self.of_elements else stages_of(self.data, self.design)

    @cached_property
    def strata(self) -> Integers:
        """(m,) int. The stratum of each entry, numbered from 0."""
        first = self.stages[0]
        return first.cluster if self.of_elements else first.stratum[first.cluster]

    @cached_property
    def implied(self) -> Floats:
        """(m,) The weight of each row of an entry, where the design has no column of it."""
        weight = np.ones(len(self))
        if self.design.population is not None:
            for stage in self.stages:
                if stage.chance is not None:
                    weight /= stage.chance[stage.cluster]
                    continue
                share = stage.population / stage.drawn
                weight *= share[stage.stratum[stage.cluster]]
        return weight

    @cached_property
    def weights(self) -> Floats:
        """(m,) The sum of the weights of the rows of each entry."""
        return self.people * self.implied if self.weighed is None else self.weighed

    @cached_property
    def squared_weights(self) -> Floats:
        """(m,) The sum of the squares of their weights."""
        return self.people * self.implied**2 if self.squares is None else self.squares

    @cached_property
    def element_spread(self) -> Floats:
        """(m,) Where every row is a cluster: what their squared residuals count for."""
        return self.stages[0].scale[self.strata] * self.squared_weights

    @cached_property
    def calibration(self) -> Calibration | None:
        """What the weights were raked to, its projection summed over the rows of an entry."""
        if not self.margins:
            return None
        found: list[tuple[Integers, int]] = []
        for column, categories in self.margins:
            place = {category: number for number, category in enumerate(categories)}
            levels = self.levels(column)
            order = np.array([place[name] for name in levels.names], dtype=np.intp)
            found.append((order[levels.codes], len(categories)))
        return Calibration(margins=tuple(found), projection=self.people, sweeps=self.sweeps)

    @cached_property
    def calibrated_clusters(self) -> tuple[Floats, ...]:
        """For each stage (clusters, q): weighted sums of the auxiliary variables."""
        return tuple(self._auxiliary_sums(stage.cluster, stage.clusters) for stage in self.stages)

    @cached_property
    def calibrated_elements(self) -> tuple[Floats, Floats]:
        """Where every row is a cluster: (strata, q) weighted sums, and (q, q) squares."""
        sums = self._auxiliary_sums(self.strata, len(self.stages[0].population))
        return sums, self.auxiliary_squares(self.element_spread)

    def auxiliary_squares(self, spread: Floats) -> Floats:
        """(q, q) X'DX, with (m,) the diagonal of D summed over the rows of each entry."""
        if self.calibration is None:
            return np.zeros((0, 0))
        x = self.calibration.auxiliary
        return np.asarray((x.T @ (x * spread[:, None])).todense(), dtype=np.float64)

    def degrees_of_freedom(self, where: NDArray[np.bool_] | None = None) -> float:
        """Clusters less strata, counting those that hold any of the entries asked about.

        With replicates, their rank less 1.
        """
        if self.replicates is not None:
            return self.replicates.degrees_of_freedom(where)
        first = self.stages[0]
        asked = np.ones(len(self), dtype=bool) if where is None else where
        strata = len(np.unique(self.strata[asked]))
        if self.of_elements:
            return float(self.people[asked].sum() - strata)
        return float(len(np.unique(first.cluster[asked])) - strata)

    def levels(self, column: str) -> Levels:
        """The categories of a column that the cube was made by."""
        if column not in self._levels:
            faults.check_column(self.data, column)
            self._levels[column] = levels_of(self.data[column])
        return self._levels[column]

    def numbers(self, columns: Sequence[str]) -> Floats:
        """(m, columns). Columns that the cube was made by as floats, NaN where there is none."""
        for column in columns:
            faults.check_number(self.data, column)
        if not columns:
            return np.empty((len(self), 0))
        return np.column_stack([floats_of(self.data[column]) for column in columns])

    def _elements(self) -> Elements:
        """The stage of rows that were drawn by themselves."""
        design = self.design
        stratum, labels = np.zeros(len(self), dtype=np.intp), ("the whole sample",)
        if design.stratum is not None:
            levels = levels_of(self.data[design.stratum])
            stratum = levels.codes
            labels = tuple(f"{design.stratum} {name}" for name in levels.names)
        strata = len(labels)
        tally = np.bincount(stratum, weights=self.people, minlength=strata).astype(np.intp)
        sizes = faults.populations(self.data, design)
        alone = np.arange(strata, dtype=np.intp)
        population = faults.population_of_strata(
            self.data,
            design,
            0,
            size=sizes[:, 0] if design.populations else None,
            cluster=stratum,
            stratum=alone,
            drawn=tally,
        )
        one = np.ones(strata)
        return Elements(1, stratum, alone, population, one, labels, tally=tally)

    def _auxiliary_sums(self, part: Integers, size: int) -> Floats:
        """(size, q) Weighted sums of the auxiliary variables over parts of the sample."""
        if self.calibration is None:
            return np.zeros((size, 0))
        place = (part, np.arange(len(part)))
        chosen = sparse.csr_array((self.weights, place), shape=(size, len(part)))
        return np.asarray((chosen @ self.calibration.auxiliary).todense(), dtype=np.float64)
