"""Sums over cells of small whole numbers: every row is added to the place of its cell.

Where it is known beforehand which numbers a column can hold, as the statistics of a Parquet file
tell, a combination of them is a place in a table, and rows are added to it as they are read:
nothing is hashed, nothing is kept but the sums, and they are the same to the last digit at
every run, as the rows come in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from survey_kit.design.engines.whole_numbers import LARGEST_KEY
from survey_kit.design.stage import Floats, Integers
from survey_kit.design.wanted import Wanted

Sums: TypeAlias = dict[str, Floats]
"""Sums by the name they have in a query (`sql`): n, w1, f0 and so on."""

FEW = 1 << 17
"""Tables of so many places cost nothing, however few rows there are."""


@dataclass(frozen=True)
class Axis:
    """A column of whole numbers from the lowest on, `span` of them; one place more for gaps."""

    column: str
    lowest: int
    span: int
    gaps: bool = False

    @property
    def size(self) -> int:
        """How many places it has."""
        return self.span + self.gaps

    def values(self, place: Integers) -> pd.Series:
        """What stands at places: numbers as narrow as they can be, and NaN for gaps."""
        ends = [np.min_scalar_type(min(end, -1 - end)) for end in (self.lowest, self.last)]
        numbers = (place.astype(np.int64) + self.lowest).astype(np.result_type(*ends))
        missing = place == self.span
        return pd.Series(np.where(missing, np.nan, numbers) if missing.any() else numbers)

    @property
    def last(self) -> int:
        """The number after the highest."""
        return self.lowest + self.span


def places(axes: Sequence[Axis]) -> int:
    """How many combinations there are."""
    return prod(axis.size for axis in axes)


def fitting(
    cells: Iterable[str], known: Mapping[str, Axis], *, rows: int, tables: int, most: int
) -> tuple[Axis, ...] | None:
    """The axes of the cells; None where one is not known, or there would be too many places.

    Parameters
    ----------
    rows
        How many there are: of more places than rows most are empty.
    tables, most
        How many numbers are summed in every place, and how many such sums are held at most.
    """
    names = tuple(cells)
    if not all(name in known for name in names):
        return None
    axes = tuple(known[name] for name in names)
    size = places(axes)
    fits = size * tables <= most and size < LARGEST_KEY and size <= max(FEW, rows)
    return axes if fits else None


def apart(place: Integers, axes: Sequence[Axis]) -> dict[str, pd.Series]:
    """The columns of which combinations are the places."""
    rest = place.astype(np.int32)
    found: dict[str, pd.Series] = {}
    for axis in reversed(axes):
        rest, own = np.divmod(rest, np.int32(axis.size))
        found[axis.column] = axis.values(own)
    return {axis.column: found[axis.column] for axis in axes}


@dataclass(frozen=True, eq=False)
class Table:
    """Sums that rows are added to: see `Wanted` for which.

    axes
        What the places are combinations of. Where rows may lack numbers there are as many
        places again, for those who have them all.
    """

    wanted: Wanted
    axes: tuple[Axis, ...]

    @cached_property
    def sums(self) -> Sums:
        """(places,) each."""
        size = places(self.axes) * (1 + self.halved)
        found = {letter: np.zeros(size) for letter in letters(self.wanted)}
        for letter, end in (("lowest", np.inf), ("highest", -np.inf)):
            if letter in found:
                found[letter] += end
        return found

    @property
    def halved(self) -> bool:
        """Whether those who lack a number are summed apart."""
        return bool(self.wanted.numbers) and not self.wanted.lean

    def add(self, place: Integers, w: Floats | None, numbers: Sequence[Floats]) -> None:
        """Rows: their places, their weights, and their numbers, missing ones NaN."""
        if self.halved:
            held = ~np.isnan(np.sum(numbers, axis=0))
            numbers = [np.where(held, y, 0) for y in numbers]
            place = place + held * np.intp(places(self.axes))
        w = np.ones(1) if w is None else w
        if np.isnan(w.sum()):
            w = np.where(np.isnan(w), 0, w)
        for letter, total in self.sums.items():
            if letter == "lowest":
                np.minimum.at(total, place, w)
            elif letter == "highest":
                np.maximum.at(total, place, w)
            else:
                np.add.at(total, place, self._of_rows(letter, w, numbers))

    @cached_property
    def held(self) -> Integers:
        """(m,) The places that anybody is in; those twice of whom some lack numbers."""
        return np.flatnonzero(self.sums["n"] if "n" in self.sums else self.sums["w1"])

    @property
    def column(self) -> Integers:
        """(m,) The places without regard to what rows lack."""
        return self.held % places(self.axes)

    def cells(self) -> dict[str, pd.Series]:
        """(m,) each. What the places that anybody is in are combinations of."""
        return apart(self.column, self.axes)

    def frame(self) -> pd.DataFrame:
        """The sums in the places that anybody is in, as a query would name them."""
        found = pd.DataFrame({letter: total[self.held] for letter, total in self.sums.items()})
        if self.halved:
            found["answered"] = (self.held >= places(self.axes)).astype(np.int8)
        return found

    def _of_rows(self, letter: str, w: Floats, y: Sequence[Floats]) -> Floats | float:
        """What each row adds to a sum."""
        kind, number = letter[0], letter[1:]
        if kind == "n":
            return 1.0
        if kind == "w":
            return w if number == "1" else w * w
        if kind in "sd":
            i, j = self.wanted.pairs[int(number)]
            product = y[i] * y[j]
        else:
            product = y[int(number)]
        power = {"p": 0, "f": 1, "s": 1, "q": 2, "d": 2}[kind]
        return product * w**power if power else product


@dataclass(eq=False)
class CrossTables:
    """Sums of weights, and of weighted numbers, over two combinations at once.

    weighed, answered
        (places across, places) Σw, and Σw of those who have all the numbers: one table as
        long as everybody has.
    first
        For each number (places across, places): Σwy.
    """

    axes: tuple[Axis, ...]
    across: tuple[Axis, ...]
    numbers: int
    weighed: Floats = field(init=False)
    answered: Floats = field(init=False)
    first: tuple[Floats, ...] = field(init=False)

    def __post_init__(self) -> None:
        shape = (places(self.across), places(self.axes))
        self.weighed = self.answered = np.zeros(shape)
        self.first = tuple(np.zeros(shape) for _ in range(self.numbers))

    def add(self, outer: Integers, place: Integers, w: Floats, numbers: Sequence[Floats]) -> None:
        """Rows: their places in both, their weights and their numbers, missing ones NaN."""
        both, weight = outer * np.intp(places(self.axes)) + place, w
        lacking = np.isnan(np.sum(numbers, axis=0)) if numbers else np.zeros(1, dtype=bool)
        if lacking.any():
            numbers = [np.where(lacking, 0, y) for y in numbers]
            weight = np.where(lacking, 0, w)
            if self.answered is self.weighed:
                self.answered = self.weighed.copy()
        np.add.at(self.weighed.reshape(-1), both, w)
        if self.answered is not self.weighed:
            np.add.at(self.answered.reshape(-1), both, weight)
        for table, y in zip(self.first, numbers, strict=True):
            np.add.at(table.reshape(-1), both, weight * y)

    def rows(self) -> pd.DataFrame:
        """(places across,) What they are combinations of."""
        return pd.DataFrame(apart(np.arange(places(self.across)), self.across))


def letters(wanted: Wanted) -> tuple[str, ...]:
    """The sums that are wanted, by their names in a query."""
    q, pairs = range(len(wanted.numbers)), range(len(wanted.pairs))
    weighed = wanted.weight is not None
    found = [] if wanted.lean and weighed else ["n"]
    if weighed:
        found += ["w1"] if wanted.lean else ["w1", "w2", "lowest"]
        found += ["highest"] if wanted.highest else []
    found += [f"f{place}" for place in q] + [f"s{place}" for place in pairs]
    if wanted.plain:
        found += [f"p{place}" for place in q]
    if wanted.squared:
        found += [f"q{place}" for place in q] + [f"d{place}" for place in pairs]
    return tuple(found)


def floats(column: Any) -> Floats:
    """A column of Arrow as floats, its missing values NaN."""
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)
