"""Frames in memory, summed by numpy: pandas', and through narwhals those of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey_kit.design.design import Design
from survey_kit.design.sample import floats_of, levels_of
from survey_kit.design.source import Source
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.design.wanted import CellSums, Classes, Wanted, raked_weights
from survey_kit.errors import DesignError

HEAD = 1000


@dataclass(frozen=True, eq=False)
class Frame:
    """A frame: of pandas, or of any library that narwhals knows.

    Columns of others are taken over one by one, when they are first asked for.

    head
        The first rows, with all columns.
    """

    native: Any
    head: pd.DataFrame
    _taken: dict[str, pd.Series] = field(init=False, default_factory=dict[str, pd.Series])

    def rows(self, columns: Sequence[str]) -> pd.DataFrame:
        """All rows, of a few columns."""
        if isinstance(self.native, pd.DataFrame):
            return self.native[list(columns)]
        new = [name for name in columns if name not in self._taken]
        if new:
            found = _pandas(self.native.select(new))
            self._taken.update({name: found[name] for name in new})
        return pd.DataFrame({name: self._taken[name] for name in columns})

    def sums(self, wanted: Wanted) -> CellSums:
        """Sums over the cells."""
        margins = [name for name, _ in wanted.factors]
        patterns = wanted.patterns
        own = [name for name in wanted.numbers if patterns is None or name not in patterns.numbers]
        classes = dict(wanted.classes)
        cells = [classes[name].column if name in classes else name for name in wanted.cells]
        names = [*cells, *own, *wanted.complete, *margins]
        names += [] if patterns is None else patterns.columns
        if wanted.weight is not None:
            names.append(wanted.weight)
        data = self.rows(tuple(dict.fromkeys(names)) or tuple(self.head.columns[:1]))
        if patterns is not None:
            data = data.merge(patterns.table, on=list(patterns.columns), how="left")
            data = data.fillna(dict.fromkeys(patterns.numbers, 0.0))
        if classes:
            data = data.assign(**{name: _class_of(data, each) for name, each in wanted.classes})
        n, q = len(data), len(wanted.numbers)
        raw = np.ones(n) if wanted.weight is None else floats_of(data[wanted.weight])
        w = raked_weights(data, wanted.weight, wanted.factors)
        y = np.empty((n, q))
        for place, name in enumerate(wanted.numbers):
            y[:, place] = floats_of(data[name]) - wanted.shift[place]
        answered = np.asarray(~np.isnan(y).any(axis=1), dtype=bool)
        y[~answered] = 0
        cell, first = _cells(data, wanted.cells, answered.astype(np.intp))
        m = len(first)

        def total(values: Sequence[Floats]) -> Floats:
            """(m, values) Sums over the rows of each cell."""
            found = np.empty((m, len(values)))
            for place, each in enumerate(values):
                found[:, place] = sums_by(cell, each, m)
            return found

        lowest, highest = np.full(m, np.inf), np.full(m, -np.inf)
        given = np.nan_to_num(raw, nan=0.0, posinf=np.inf)
        np.minimum.at(lowest, cell, given)
        np.maximum.at(highest, cell, given)
        numbers = list(y.T)
        products = [y[:, i] * y[:, j] for i, j in wanted.pairs]
        held = total([np.ones(n), w, w * w]).T
        return CellSums(
            data=data[list(wanted.cells)].iloc[first].reset_index(drop=True),
            people=held[0],
            weighed=held[1],
            squares=held[2],
            lowest=lowest,
            highest=highest,
            incomplete=int(data[list(wanted.complete)].isna().any(axis=1).sum()),
            answered=answered[first],
            plain=total(numbers),
            first=total([w * each for each in numbers]),
            squared=total([w * w * each for each in numbers]),
            second=total([w * each for each in products]),
            spread=total([w * w * each for each in products]),
        )

    def crossed(self, wanted: Wanted, outer: Sequence[str]) -> None:
        """Nothing: it would be no quicker than two readings."""

    def write(self, wanted: Wanted, weight: str, path: Path) -> None:
        """The columns of all rows in their order, and their weight, as Parquet."""
        factors = [name for name, _ in wanted.factors]
        needed = [*wanted.cells, *factors, *([wanted.weight] if wanted.weight else [])]
        data = self.rows(tuple(dict.fromkeys(needed)))
        columns = {name: data[name] for name in wanted.cells}
        pd.DataFrame(
            {**columns, weight: raked_weights(data, wanted.weight, wanted.factors)}
        ).to_parquet(path, index=False)


def frame_source(
    frame: object, design: Design, *, categories: Mapping[str, Sequence[str]] | None = None
) -> Source:
    """Rows in a frame of pandas, polars, pyarrow, DuckDB or any other that narwhals knows.

    Raises
    ------
    DesignError
        If it is no frame; otherwise see `Source`.
    """
    if isinstance(frame, pd.DataFrame):
        return Source(Frame(frame, frame.head(HEAD)), design, categories or {})
    narwhals: Any = import_module("narwhals.stable.v2")
    try:
        native = narwhals.from_native(frame)
    except TypeError as error:
        raise DesignError(
            "data", "this is no frame", "Give one of pandas, polars, pyarrow or DuckDB."
        ) from error
    return Source(Frame(native, _pandas(native.head(HEAD))), design, categories or {})


def _pandas(frame: Any) -> pd.DataFrame:
    narwhals: Any = import_module("narwhals.stable.v2")
    collected = frame.collect() if isinstance(frame, narwhals.LazyFrame) else frame
    return collected.to_pandas()


def _class_of(data: pd.DataFrame, classes: Classes) -> Floats:
    """(n,) How many cuts lie below each number, NaN where there is none."""
    values = floats_of(data[classes.column])
    place = np.searchsorted(np.array(classes.cuts, dtype=np.float64), values, side="left")
    return np.where(np.isnan(values), np.nan, place)


def _cells(
    data: pd.DataFrame, names: Sequence[str], answered: Integers
) -> tuple[Integers, Integers]:
    """(n,) the cell of each row, numbered from 0, and (m,) a row of each."""
    cell, size = answered, 2
    for name in names:
        levels = levels_of(data[name])
        span = len(levels.names) + 1
        cell, size = cell * span + levels.codes + 1, size * span
        if size > np.iinfo(np.int32).max:
            found, cell = np.unique(cell, return_inverse=True)
            cell, size = cell.astype(np.intp), len(found)
    _, first, cell = np.unique(cell, return_index=True, return_inverse=True)
    return cell.astype(np.intp), first.astype(np.intp)
