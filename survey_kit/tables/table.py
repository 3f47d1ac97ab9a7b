"""A table is content, not looks: rows, columns, cells, bases, and what to know of them.

Exporters decide how it looks. A protected table holds no hidden number anywhere: a cell
that may not be shown has a status, a marker in words, and None for every number.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Status(Enum):
    """What may be seen of a cell, and the marker that stands for it."""

    SHOWN = ""
    SMALL_BASE = "shown, but rests on few people"
    TOO_FEW = "fewer than the threshold"
    COMPLEMENT = "hidden to protect another cell"
    EMPTY_BASE = "nobody was asked"


class Unit(Enum):
    """What the value of a row is."""

    SHARE = "share"
    MEAN = "mean"


@dataclass(frozen=True)
class Base:
    """The people under a column: how many, what they stand for, and what they are worth.

    `effective` is the weighted count squared over the sum of squared weights (Kish 1965).
    None in a protected table where the count itself may not be shown.
    """

    unweighted: int | None
    weighted: float | None
    effective: float | None


@dataclass(frozen=True)
class Column:
    """One column: the group of the banner it belongs to, its label, its letter, its base.

    Letters compare columns of one group; a column that is compared with none has "".
    `status` says what may be seen of the base.
    """

    group: str
    label: str
    letter: str
    base: Base
    code: str = ""
    status: Status = Status.SHOWN


@dataclass(frozen=True)
class Row:
    """One row: its label, its unit, and the code it counts."""

    label: str
    unit: Unit
    code: str = ""


@dataclass(frozen=True)
class Cell:
    """One number and how sure it is.

    value
        A share between 0 and 1, or a mean in the units of the question.
    low, high
        The interval at the table's level; None where no interval may be stated.
    n
        Unweighted number of people counted in it (for a mean: of people asked).
    letters
        Letters of the columns than which it is higher, beyond chance.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    letters: str = ""
    status: Status = Status.SHOWN


@dataclass(frozen=True)
class Comparison:
    """A test of a whole table: do the columns of one group differ at all?"""

    group: str
    name: str
    statistic: float
    numerator_df: float
    denominator_df: float
    p: float


@dataclass(frozen=True)
class Pair:
    """Two columns in a row: their numbers from 0."""

    row: int
    first: int
    second: int


@dataclass(frozen=True)
class Table:
    """A crosstab.

    `cells[i][j]` belongs to row i and column j. `base` says in words who was asked;
    `design` is the wording that the sampling allows; `interval` says what low and high
    are, "" where there are none. `notes` are footnotes.

    `adds_up` says that every person of a column stands in exactly one row, `overlapping`
    names the groups in which a person may stand in several columns, or in none; the
    columns of any other group add up to the column of everyone. `too_few` are pairs of columns
    with letters that are not compared in a row, as their bases and counts are too small for it
    (`pairs`); in a protected table only where all of these are shown. `smallest_base` and
    `smallest_cell` are those of the rules it was protected by. `asked` and `crossed` name the
    variables of its rows and of its banner, "" and () where it is of no single question.
    """

    name: str
    title: str
    question: str
    base: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    cells: tuple[tuple[Cell, ...], ...]
    comparisons: tuple[Comparison, ...] = ()
    design: str = ""
    interval: str = ""
    level: float = 0.95
    where: str = ""
    notes: tuple[str, ...] = ()
    protected: bool = False
    simulated: str = ""
    adds_up: bool = False
    overlapping: tuple[str, ...] = ()
    too_few: tuple[Pair, ...] = ()
    smallest_base: int = 0
    smallest_cell: int = 0
    asked: str = ""
    crossed: tuple[str, ...] = ()
