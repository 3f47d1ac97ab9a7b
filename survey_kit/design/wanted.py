"""What is asked of an engine, and what comes back: sums over cells, whoever adds them up.

Both are plain values. An engine (`engines`) needs to know nothing of designs or estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.sample import floats_of, levels_of
from survey_kit.design.stage import Floats, Integers

Factors: TypeAlias = tuple[tuple[str, tuple[tuple[object, float], ...]], ...]
"""What weights are multiplied by: column, category, factor."""


@dataclass(frozen=True, eq=False)
class Patterns:
    """Numbers that belong to combinations of categories, to be summed as if rows had them.

    columns
        The columns whose combinations they are; a row that matches none has no numbers.
    table
        (combinations, columns and numbers). The columns stand under their own names.
    numbers
        The names of the numbers in the table, which no column of the data has.
    """

    columns: tuple[str, ...]
    table: pd.DataFrame
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Classes:
    """A column of numbers cut into classes, to be a cell under a name of its own.

    cuts
        In ascending order. Class i holds the numbers above i of them: a number that equals a
        cut is in the class that ends there.
    """

    column: str
    cuts: tuple[float, ...]


@dataclass(frozen=True)
class Wanted:
    """What is to be summed, and over what.

    cells
        Columns of which every combination is a cell.
    classes
        The cells that are classes of numbers, by their names.
    weight
        The column of weights; None for rows of weight 1. `factors` multiply it: column ->
        category -> factor.
    numbers, shift
        Columns of numbers that are summed, and what is taken off each before.
    patterns
        Where the numbers come from, if not from the rows: then their weighted sums are
        wanted, and nothing else but how many rows.
    pairs
        Which products of two of them are summed too, by their places.
    highest
        Whether the highest weight is wanted too.
    plain, squared
        Whether sums without weights are wanted, and sums with their squares.
    lean
        Whether Σw and Σwy are enough, and every row is known to have a weight and all numbers:
        then rows are not counted, nor Σw² and the lowest weight worked out.
    complete
        Further columns in which nothing may be missing.
    whole
        Cells known to hold whole numbers: column, the lowest, and how many there are up to the
        highest. They may be summed over as one number, which is quicker; where any of them
        turns out to be missing or another number, all come back missing.
    """

    cells: tuple[str, ...]
    classes: tuple[tuple[str, Classes], ...] = ()
    weight: str | None = None
    factors: Factors = ()
    numbers: tuple[str, ...] = ()
    shift: tuple[float, ...] = ()
    patterns: Patterns | None = None
    pairs: tuple[tuple[int, int], ...] = ()
    highest: bool = False
    plain: bool = False
    squared: bool = False
    lean: bool = False
    complete: tuple[str, ...] = ()
    whole: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, eq=False)
class CellSums:
    """What came back: one entry for each cell that anybody is in.

    data
        (m, cells).
    people, weighed, squares, lowest, highest
        (m,) Rows, Σw, Σw², and the lowest weight (0 if one is missing) and the highest.
    incomplete
        Rows in which one of the columns that must be complete is missing.
    answered
        (m,) bool. Whether the rows of the entry have all the numbers.
    plain, first, squared
        (m, q) Σy, Σwy and Σw²y; 0 where they are not wanted.
    second, spread
        (m, pairs) Σw yy' and Σw² yy'; 0 where they are not wanted.
    """

    data: pd.DataFrame
    people: Floats
    weighed: Floats
    squares: Floats
    lowest: Floats
    highest: Floats
    incomplete: int
    answered: NDArray[np.bool_]
    plain: Floats
    first: Floats
    squared: Floats
    second: Floats
    spread: Floats


@dataclass(frozen=True, eq=False)
class Crossed:
    """Sums over cells, and tables of sums over cells and combinations of further columns.

    sums
        Over the m cells.
    column
        (m,) Which column of the tables belongs to each.
    rows
        (rows, further columns) What the rows of the tables are combinations of.
    weighed, answered
        (rows, columns) Σw, and Σw of those who have all the numbers.
    first
        For each number (rows, columns): Σwy of those who have them all.
    """

    sums: CellSums
    column: Integers
    rows: pd.DataFrame
    weighed: Floats
    answered: Floats
    first: tuple[Floats, ...]


def raked_weights(data: pd.DataFrame, weight: str | None, factors: Factors) -> Floats:
    """(n,) The weight of each row, as it was or raked."""
    found = np.ones(len(data)) if weight is None else floats_of(data[weight])
    for name, each in factors:
        levels, given = levels_of(data[name]), dict(each)
        known = [given.get(value, np.nan) for value in levels.values]  # noqa: PD011 - no frame
        factor = np.array(known or [np.nan])[levels.codes]
        found = found * np.where(levels.codes < 0, np.nan, factor)
    return found
