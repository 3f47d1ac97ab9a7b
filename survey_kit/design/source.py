"""A source: a sample that stays where it is, in files or another's engine, until it is summed.

Its rows may be more than fit into memory. `cube` has them summed over cells where they lie;
what comes back has as many entries as clusters have cells, and everything is computed from
that (`cube`). Made by `engines`: frames by numpy, Parquet and CSV by DuckDB, tables by Spark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design import faults
from survey_kit.design.calibration import Calibration
from survey_kit.design.cube import Cube, Moments
from survey_kit.design.design import Design, Unequal
from survey_kit.design.sample import Sample, levels_of
from survey_kit.design.stage import Floats, Integers
from survey_kit.design.wanted import CellSums, Classes, Crossed, Factors, Wanted, raked_weights
from survey_kit.errors import DesignError

MOST_NUMBERS = 200_000_000
"""How many numbers of rows are read into memory unless more are asked for: 1.6 GB."""

Where = Mapping[str, Sequence[str]]
"""Columns, and the names of their categories that are asked about."""


class Engine(Protocol):
    """Where rows are, and what sums them."""

    @property
    def head(self) -> pd.DataFrame:
        """The first few rows, with all columns."""
        ...

    def sums(self, wanted: Wanted) -> CellSums:
        """Sums over the cells."""
        ...

    def crossed(self, wanted: Wanted, outer: Sequence[str]) -> Crossed | None:
        """Sums over the cells, and tables of cells by further columns, from one reading.

        None where that would not be the quicker way, or the table too large.
        """
        ...

    def rows(self, columns: Sequence[str]) -> pd.DataFrame:
        """All rows, of a few columns: only to say which of them are at fault."""
        ...

    def write(self, wanted: Wanted, weight: str, path: Path) -> None:
        """The columns `cells` of all rows, and their weight under a name, as Parquet."""
        ...


@dataclass(frozen=True, eq=False)
class Source:
    """Rows somewhere, and the design that drew them.

    categories
        The categories of a column in their order, also those nobody has. The others come
        sorted, as those of a frame do.
    factors, margins, sweeps
        Of raked weights: what the weight is multiplied by for each category of each
        margin, and what is needed to take the raking into account.

    Raises
    ------
    DesignError
        If a column of the design is not there, or there are no rows. What is wrong with
        the rows is found when they are first read.
    """

    engine: Engine
    design: Design
    categories: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    factors: Factors = ()
    margins: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sweeps: int | None = None

    def __post_init__(self) -> None:
        faults.check_columns(self.engine.head, self.design)
        for name in self.categories:
            faults.check_column(self.engine.head, name)
        if self.design.weight is not None:
            faults.check_number(self.engine.head, self.design.weight)

    @property
    def counted(self) -> Design:
        """The design, of the stages of which the variance is counted."""
        clusters = self.design.clusters[: max(1, len(self.design.populations))]
        return replace(self.design, cluster=clusters or None)

    @property
    def drawn_by(self) -> tuple[str, ...]:
        """The columns that say how rows were drawn: strata, clusters, populations and chances."""
        design = self.counted
        found = (design.stratum, *design.clusters, *design.populations, design.squared_chances)
        return tuple(dict.fromkeys(name for name in found if name is not None))

    @property
    def margin_columns(self) -> tuple[str, ...]:
        """The columns that its weights were raked to."""
        return tuple(column for column, _ in self.margins)

    def cube(
        self,
        cells: Sequence[str],
        *,
        numbers: Sequence[str] = (),
        together: int | None = None,
        classes: Mapping[str, Classes] | None = None,
    ) -> Cube:
        """Sums over the cells of every cluster.

        Parameters
        ----------
        cells
            Columns of categories, of which every combination is a cell.
        classes
            Columns of numbers that are cut into classes, which are cells too, by the names
            that the classes go under. No column may have such a name.
        numbers
            Columns of numbers to be summed. A row in which any is missing has none of them.
        together
            Of how many numbers in a row the products are needed, for variances; None for
            all.

        Raises
        ------
        DesignError
            As `Sample` does: the rows and weights at fault are named.
        """
        wanted = self.wanted(cells, numbers=numbers, together=together, classes=classes)
        return self.cube_of(self.engine.sums(wanted), wanted)

    def wanted(
        self,
        cells: Sequence[str],
        *,
        numbers: Sequence[str] = (),
        together: int | None = None,
        classes: Mapping[str, Classes] | None = None,
    ) -> Wanted:
        """What a cube is made of: see `cube`."""
        if self.design.unequal is Unequal.JOINT:
            raise DesignError(
                "joint chances",
                "they go by the order in which rows name the clusters, and sums have none",
                "Read the columns into memory: source.sample(['...'], joint=...).",
            )
        for column in cells:
            faults.check_column(self.engine.head, column)
        for column in numbers:
            faults.check_number(self.engine.head, column)
        cut = tuple((classes or {}).items())
        for _, each in cut:
            faults.check_number(self.engine.head, each.column)
        names = (*self.drawn_by, *self.margin_columns, *cells, *(name for name, _ in cut))
        names = tuple(dict.fromkeys(names))
        return Wanted(
            cells=names,
            classes=cut,
            weight=self.design.weight,
            factors=self.factors,
            numbers=tuple(numbers),
            shift=self.shifts(numbers),
            pairs=_pairs(len(numbers), together if self.design.clusters else None),
            plain=bool(self.margins),
            squared=not self.design.clusters,
            complete=tuple(name for name in self.design.clusters if name not in names),
        )

    def cube_of(self, found: CellSums, wanted: Wanted) -> Cube:
        """The cube of the sums that came back: see `cube`."""
        self.check_rows(found)
        weighed = self.design.weight is not None
        try:
            return Cube(
                data=self.in_order(found.data),
                design=self.counted,
                people=found.people,
                weighed=found.weighed if weighed else None,
                squares=found.squares if weighed else None,
                margins=self.margins,
                sweeps=self.sweeps,
                moments=self._moments(found, wanted) if wanted.numbers else None,
            )
        except DesignError as error:
            self.refuse(error)
            raise

    def sample(
        self, columns: Sequence[str], *, joint: Floats | None = None, most: int = MOST_NUMBERS
    ) -> Sample:
        """The rows themselves, in memory, with these columns and those of the design.

        For what does not follow from sums over cells: rank tests, hazards and ordinal models,
        replicate weights that came with the data, trimming. What is computed from it has the
        digits of rows, as it is of rows.

        Parameters
        ----------
        columns
            The columns that are needed.
        joint
            See `Sample`; of rows in the order in which they are read.
        most
            How many numbers, rows times columns, may be read.

        Raises
        ------
        DesignError
            If there are more; as `Sample` does.
        """
        for column in columns:
            faults.check_column(self.engine.head, column)
        design = self.design
        drawn = (design.weight, design.stratum, *design.clusters, *design.populations)
        named = (*drawn, design.squared_chances, *self.margin_columns, *columns)
        names = tuple(dict.fromkeys(name for name in named if name is not None))
        rows = self._rows_there()
        if rows * len(names) > most:
            raise DesignError(
                "data",
                f"{rows:,} rows of {len(names)} columns are more than the {most:,} numbers that "
                "are read into memory",
                "Ask for what is computed from sums, for fewer columns, or give a larger most=.",
            )
        found = self.engine.rows(names or tuple(self.engine.head.columns[:1]))
        data = self.in_order(found.reset_index(drop=True))
        if not self.margins:
            return Sample(data, design, joint=joint)
        weight = "raked weight"
        while weight in data.columns:
            weight += "'"
        data = data.assign(**{weight: raked_weights(found, design.weight, self.factors)})
        return Sample(data, replace(design, weight=weight), self._calibration(data), joint=joint)

    def _rows_there(self) -> int:
        """How many rows there are."""
        return int(self.engine.sums(Wanted(cells=())).people.sum())

    def _calibration(self, data: pd.DataFrame) -> Calibration:
        """What the weights of rows were raked to."""
        found: list[tuple[Integers, int]] = []
        for column, categories in self.margins:
            levels = levels_of(data[column])
            order = np.array([categories.index(name) for name in levels.names], dtype=np.intp)
            found.append((order[levels.codes], len(categories)))
        return Calibration(tuple(found), projection=np.ones(len(data)), sweeps=self.sweeps)

    def shifts(self, numbers: Sequence[str]) -> tuple[float, ...]:
        """About where the numbers are: what is taken off them, so that squares keep digits."""
        found: list[float] = []
        for column in numbers:
            some = self.engine.head[column].astype("Float64").to_numpy(np.float64, na_value=np.nan)
            some = some[np.isfinite(some)]
            found.append(float(some.mean()) if len(some) else 0.0)
        return tuple(found)

    def check_rows(self, found: CellSums) -> None:
        """Refuse weights and designs that cannot be, naming rows as `Sample` does."""
        weighed = self.design.weight is not None
        wrong = weighed and ((found.lowest <= 0).any() or not np.isfinite(found.weighed).all())
        drawn = found.data[list(self.drawn_by)]
        if wrong or found.incomplete or bool(drawn.isna().to_numpy().any()):
            self.refuse(None)

    def refuse(self, error: DesignError | None) -> None:
        """Say what is wrong, after a look at the rows."""
        design = self.design
        names = (design.weight, design.stratum, *design.clusters, *design.populations)
        names = (*names, design.squared_chances)
        columns = tuple(dict.fromkeys(name for name in names if name is not None))
        if columns:
            _ = Sample(self.engine.rows(columns), design)
        if error is None:
            raise DesignError(
                "data",
                "they changed between two readings",
                "Wait until nothing writes to them any more.",
            )

    def in_order(self, data: pd.DataFrame) -> pd.DataFrame:
        """The cells, with the categories of each column in their order.

        Raises
        ------
        DesignError
            If a column has a category that its list lacks.
        """
        made: dict[str, Any] = {}
        for column, categories in self.categories.items():
            if column not in data.columns:
                continue
            levels = levels_of(data[column])
            order = {str(name): number for number, name in enumerate(categories)}
            lacks = [name for name in levels.names if name not in order]
            if lacks:
                raise DesignError(
                    f"categories of '{column}'",
                    f"the data have {len(lacks)} that the list lacks",
                    "Give all of them, in their order.",
                )
            place = np.array([order[name] for name in levels.names] or [-1], dtype=np.intp)
            codes = np.where(levels.codes < 0, -1, place[levels.codes])
            made[column] = pd.Categorical.from_codes(codes, categories=pd.Index(list(order)))
        return data.assign(**made) if made else data

    def _moments(self, found: CellSums, wanted: Wanted) -> Moments:
        m, q = found.first.shape
        held = found.answered
        second, spread = np.zeros((m, q, q)), np.zeros((m, q, q))
        for number, (i, j) in enumerate(wanted.pairs):
            second[:, i, j] = second[:, j, i] = np.where(held, found.second[:, number], 0)
            spread[:, i, j] = spread[:, j, i] = np.where(held, found.spread[:, number], 0)
        return Moments(
            columns=wanted.numbers,
            shift=np.array(wanted.shift, dtype=np.float64),
            answered=held,
            plain=np.where(held[:, None], found.plain, 0),
            first=np.where(held[:, None], found.first, 0),
            squared=np.where(held[:, None], found.squared, 0),
            second=second,
            spread=spread,
        )


def asked(cube: Cube, where: Where | None) -> NDArray[np.bool_] | None:
    """(m,) bool. The entries that are asked about; None for all.

    Raises
    ------
    DesignError
        If a column has no such category.
    """
    if not where:
        return None
    found = np.ones(len(cube), dtype=bool)
    for column, names in where.items():
        levels = cube.levels(column)
        for name in names:
            if name not in levels.names:
                close = get_close_matches(name, levels.names, n=1)
                raise DesignError(
                    f"where '{column}'",
                    f"it has no category '{name}'",
                    f"Did you mean '{close[0]}'?" if close else "Check how it is spelt.",
                )
        chosen = np.isin(levels.names, list(names))
        found &= (levels.codes >= 0) & chosen[levels.codes]
    return found


def _pairs(numbers: int, together: int | None) -> tuple[tuple[int, int], ...]:
    """Places of which the products are needed."""
    every = combinations_with_replacement(range(numbers), 2)
    return tuple((i, j) for i, j in every if together is None or i // together == j // together)
