"""A sample: data, the design that drew it, and what its weights were calibrated to.

Rows are never dropped, because a cluster that holds nobody of a domain is knowledge about
that domain: a domain weighs the other rows 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from survey_kit.design import faults
from survey_kit.design.calibration import Calibration
from survey_kit.design.columns import with_column
from survey_kit.design.design import Design
from survey_kit.design.joint import pair_weights
from survey_kit.design.replicates import Replicates
from survey_kit.design.stage import Floats, Integers, Stage
from survey_kit.design.two_phase_design import check_one_phase


@dataclass(frozen=True)
class Levels:
    """A column of categories: the category of each row, numbered from 0, and their names.

    `codes` is -1 where there is no category. Categories come in the order of a
    categorical column (also those nobody has), otherwise sorted.
    """

    codes: Integers
    names: tuple[str, ...]
    values: tuple[object, ...]


@dataclass(frozen=True, eq=False)
class Sample:
    """Data and design, checked against each other.

    Parameters
    ----------
    joint
        (clusters, clusters) Where the design says `Unequal.JOINT`: the chance of every two
        first-stage clusters to be drawn together, in the order in which the data name them
        first; on the diagonal the chance of each.

    Raises
    ------
    DesignError
        If a column is not there; a weight is missing, infinite, zero or negative; a
        stratum or cluster is missing; a cluster lies in two strata; a population is
        smaller than what was drawn from it, varies within its stratum, or mixes numbers
        with shares.
    """

    data: pd.DataFrame
    design: Design
    calibration: Calibration | None = None
    replicates: Replicates | None = None
    joint: Floats | None = None
    _levels: dict[str, Levels] = field(init=False, default_factory=dict[str, Levels], repr=False)

    def __post_init__(self) -> None:
        check_one_phase(self.design)
        faults.check_columns(self.data, self.design)
        faults.check_weights(self.data, self.design)
        faults.check_complete(self.data, self.design)
        faults.check_nesting(self.data, self.design)
        faults.check_replicates(self.data, self.replicates)
        _ = self.stages

    def __len__(self) -> int:
        return len(self.data)

    def reweighted(
        self,
        weights: Floats,
        name: str,
        calibration: Calibration | None = None,
        replicates: Replicates | None = None,
    ) -> Sample:
        """The same rows with (n,) other weights in a column of that name.

        Strata, clusters and categories are those of this sample: only what is new is checked.
        """
        check_one_phase(self.design)
        data = with_column(self.data, name, weights)
        design = replace(self.design, weight=name)
        if name in {design.stratum, design.squared_chances, *design.clusters, *design.populations}:
            return Sample(data, design, calibration, replicates, self.joint)
        faults.check_weights(data, design)
        faults.check_replicates(data, replicates)
        made = copy(self)
        for kept in set(vars(made)) - {"joint", "stages", "strata", "people"}:
            del vars(made)[kept]
        levels = {column: found for column, found in self._levels.items() if column != name}
        vars(made).update(
            data=data,
            design=design,
            calibration=calibration,
            replicates=replicates,
            _levels=levels,
        )
        return made

    @cached_property
    def weights(self) -> Floats:
        """(n,) How many each row stands for: given, implied by the population, or 1."""
        if self.design.weight is not None:
            return self.data[self.design.weight].to_numpy(dtype=np.float64)
        weights = np.ones(len(self.data))
        if self.design.population is not None:
            for stage in self.stages:
                if stage.chance is not None:
                    weights /= stage.chance[stage.cluster]
                    continue
                share = stage.population / stage.drawn
                weights *= share[stage.stratum[stage.cluster]]
        return weights

    @cached_property
    def people(self) -> Floats:
        """(n,) How many rows each entry is: 1. See `Drawn`."""
        return np.ones(len(self.data))

    @cached_property
    def squared_weights(self) -> Floats:
        """(n,) The square of each weight."""
        return self.weights**2

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """Stages of which the variance is counted: all that have a population, or the first.

        Without a population for the later stages the first alone decides: the ultimate
        cluster method, exact where the first stage was drawn with replacement.
        """
        return stages_of(self.data, self.design, self.joint)

    @property
    def clusters_(self) -> Integers:
        """(n,) int. The first-stage cluster of each row, numbered from 0."""
        return self.stages[0].cluster

    @cached_property
    def strata(self) -> Integers:
        """(n,) int. The stratum of each row, numbered from 0."""
        return self.stages[0].stratum[self.stages[0].cluster]

    def degrees_of_freedom(self, where: NDArray[np.bool_] | None = None) -> float:
        """Clusters less strata, counting those that hold any of the rows asked about.

        With replicates, their rank less 1.
        """
        if self.replicates is not None:
            return self.replicates.degrees_of_freedom(where)
        first = self.stages[0]
        if where is None:
            return float(first.clusters - len(first.population))
        present = np.zeros(first.clusters, dtype=bool)
        present[first.cluster[where]] = True
        return float(present.sum() - len(np.unique(first.stratum[present])))

    def levels(self, column: str) -> Levels:
        """The categories of a column; kept, as tables ask for the same columns often."""
        if column not in self._levels:
            faults.check_column(self.data, column)
            faults.check_once(self.data, column)
            self._levels[column] = levels_of(self.data[column])
        return self._levels[column]

    def numbers(self, columns: Sequence[str]) -> Floats:
        """(n, columns). Columns as floats, NaN where there is no value."""
        for column in columns:
            faults.check_number(self.data, column)
        if not columns:
            return np.empty((len(self.data), 0))
        found = np.column_stack([floats_of(self.data[column]) for column in columns])
        faults.check_finite(self.data, columns, found)
        return found

    def __repr__(self) -> str:
        from survey_kit.design.described import design_line

        return f"Sample: {design_line(self)}"

    @property
    def of_elements(self) -> bool:
        """Whether every row was drawn by itself, with the chance of its stratum."""
        first = self.stages[0]
        return len(self.stages) == 1 and first.by_row and first.chance is None

    @cached_property
    def calibrated_clusters(self) -> tuple[Floats, ...]:
        """For each stage (clusters, q): weighted sums of the auxiliary variables."""
        return tuple(self._auxiliary_sums(stage.cluster, stage.clusters) for stage in self.stages)

    @cached_property
    def element_spread(self) -> Floats:
        """(n,) Where every row is a cluster: what its squared residual counts for."""
        return self.stages[0].scale[self.strata] * self.weights**2

    @cached_property
    def calibrated_elements(self) -> tuple[Floats, Floats]:
        """Where every row is a cluster: (strata, q) weighted sums, and (q, q) squares."""
        sums = self._auxiliary_sums(self.strata, len(self.stages[0].population))
        return sums, self.auxiliary_squares(self.element_spread)

    def auxiliary_squares(self, spread: Floats) -> Floats:
        """(q, q) X'DX, with (n,) the diagonal of D."""
        if self.calibration is None:
            return np.zeros((0, 0))
        x = self.calibration.auxiliary
        return np.asarray((x.T @ (x * spread[:, None])).todense(), dtype=np.float64)

    def _auxiliary_sums(self, part: Integers, size: int) -> Floats:
        """(size, q) Weighted sums of the auxiliary variables over parts of the sample."""
        if self.calibration is None:
            return np.zeros((size, 0))
        place = (part, np.arange(len(part)))
        chosen = sparse.csr_array((self.weights, place), shape=(size, len(part)))
        return np.asarray((chosen @ self.calibration.auxiliary).todense(), dtype=np.float64)


def floats_of(series: pd.Series) -> Floats:
    """A column of numbers, NaN where there is none."""
    if isinstance(series.dtype, np.dtype):
        return np.asarray(series, dtype=np.float64)
    numbers = series.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(numbers, dtype=np.float64)


def levels_of(series: pd.Series) -> Levels:
    """The categories of a column."""
    if isinstance(series.dtype, pd.CategoricalDtype):
        values = tuple(series.cat.categories)
        codes = np.asarray(series.cat.codes, dtype=np.intp)
    elif isinstance(series.dtype, np.dtype) and series.dtype.kind in "iu":
        whole: Integers = series.to_numpy()
        factors, numbers = pd.factorize(whole, sort=True)
        codes = np.asarray(factors, dtype=np.intp)
        values = tuple(int(number) for number in numbers)
    else:
        factors, found = pd.factorize(series, sort=True)
        codes = np.asarray(factors, dtype=np.intp)
        values = tuple(found)
    return Levels(codes, tuple(_name(value) for value in values), values)


def _name(value: object) -> str:
    """A category in words: 1.0 is "1"."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def stages_of(data: pd.DataFrame, design: Design, joint: Floats | None = None) -> tuple[Stage, ...]:
    """Number strata and clusters, stage by stage."""
    n = len(data)
    if design.stratum is None:
        stratum, labels = np.zeros(n, dtype=np.intp), ("the whole sample",)
    else:
        codes, found = pd.factorize(data[design.stratum], sort=True)
        stratum = np.asarray(codes, dtype=np.intp)
        labels = tuple(f"{design.stratum} {_name(value)}" for value in found)
    names = design.clusters
    keys = [pd.factorize(data[name])[0].astype(np.intp) for name in names] or [
        np.arange(n, dtype=np.intp)
    ]
    populations = design.populations
    counted = max(1, len(populations))
    sizes = faults.populations(data, design)
    inflation = np.ones(len(labels))
    stages: list[Stage] = []
    for number in range(counted):
        if number:
            labels = _labels(data, names[number - 1], stratum)
        cluster, stratum_of = _clusters(stratum, keys[number])
        size = sizes[:, number] if populations else None
        chance = None
        if design.unequal is not None:
            chance = faults.chances(data, design, number, size=size, cluster=cluster)
            size = None
        population = faults.population_of_strata(
            data, design, number, size=size, cluster=cluster, stratum=stratum_of
        )
        pairs = _pairs(data, design, cluster, stratum=stratum_of, chance=chance, joint=joint)
        stage = Stage(number + 1, cluster, stratum_of, population, inflation, labels, chance, pairs)
        stages.append(stage)
        stratum = cluster
        drawn = stage.drawn / stage.population
        inflation = stage.inflation[stratum_of] * (drawn[stratum_of] if chance is None else chance)
    return tuple(stages)


def _pairs(
    data: pd.DataFrame,
    design: Design,
    cluster: Integers,
    *,
    stratum: Integers,
    chance: Floats | None,
    joint: Floats | None,
) -> Floats | None:
    """(clusters, clusters) What every two clusters count for; None if they are not paired."""
    if design.unequal is None or chance is None:
        return None
    rows = np.unique(cluster, return_index=True)[1]
    squared = None
    if design.squared_chances is not None:
        faults.check_number(data, design.squared_chances)
        squared = floats_of(data[design.squared_chances])[rows]
        faults.check_squared_chances(data, design, squared, cluster)
    if joint is not None:
        # the matrix follows the data, and clusters are numbered by stratum
        order = np.argsort(np.argsort(rows))
        joint = joint[np.ix_(order, order)] if joint.shape == (len(rows), len(rows)) else joint
    return pair_weights(design.unequal, design.pairs, chance, stratum, squared=squared, joint=joint)


def _clusters(stratum: Integers, key: Integers) -> tuple[Integers, Integers]:
    """(n,) clusters numbered stratum by stratum, and (clusters,) their strata."""
    span = int(key.max()) + 1
    found, cluster = np.unique(stratum * span + key, return_inverse=True)
    return cluster.astype(np.intp), (found // span).astype(np.intp)


def _labels(data: pd.DataFrame, name: str, cluster: Integers) -> tuple[str, ...]:
    rows = np.unique(cluster, return_index=True)[1]
    return tuple(f"{name} {_name(value)}" for value in data[name].iloc[rows])
