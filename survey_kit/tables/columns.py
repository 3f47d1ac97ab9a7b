"""The columns of a crosstab, made one group after the other from one estimate each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation import intervals
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.pairwise import pairwise
from survey_kit.estimation.proportions import shares, shares_of_cases
from survey_kit.estimation.rao_scott import rao_scott, rao_scott_multiple
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.protection.rules import Rules
from survey_kit.tables.slots import NO_ANSWER, Slot
from survey_kit.tables.table import Base, Cell, Column, Comparison, Row, Status
from survey_kit.tables.variable import Kind, Variable

Mask: TypeAlias = NDArray[np.bool_]
Limits: TypeAlias = tuple[NDArray[np.float64], NDArray[np.float64]]
Uncertainty: TypeAlias = Literal["none", "modelled", "design"]

EVERYONE = "Total"
_SEVERAL = 2
"""The fewest columns that can be compared."""

_FIXED = 1e-9
"""A standard error below this is that of a share which the weights were adjusted to."""
_FIXED_NOTE = "Shares without an interval are fixed: the weights were adjusted to them."


@dataclass(frozen=True)
class Rows:
    """The rows: what is estimated of which column, and what was put together."""

    variable: Variable
    column: str
    rows: tuple[Row, ...]

    def estimate(self, sample: Sample, by: str | None, where: Mask) -> Estimate:
        match self.variable.kind:
            case Kind.ONE:
                return shares(sample, self.column, by=by, where=where)
            case Kind.MANY:
                return shares_of_cases(sample, self.variable.columns, by=by, where=where)
            case Kind.NUMBER:
                groups = None if by is None else [by]
                return estimate(MEAN, sample, [self.column], by=groups, where=where)

    @property
    def names(self) -> tuple[str, ...]:
        """What an estimate calls each row."""
        match self.variable.kind:
            case Kind.ONE:
                return tuple(row.code for row in self.rows)
            case Kind.MANY:
                return self.variable.columns
            case Kind.NUMBER:
                return (self.column,)


@dataclass
class Parts:
    """The table as it grows, group by group."""

    columns: list[Column] = field(default_factory=list[Column])
    cells: list[list[Cell]] = field(default_factory=list[list[Cell]])
    """By column."""
    comparisons: list[Comparison] = field(default_factory=list[Comparison])
    notes: list[str] = field(default_factory=list[str])
    overlapping: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Maker:
    """Makes the columns of one table."""

    sample: Sample
    rows: Rows
    inside: Mask
    level: float
    uncertainty: Uncertainty
    rules: Rules
    parts: Parts

    @property
    def uncertain(self) -> bool:
        return self.uncertainty != "none"

    def everyone(self) -> None:
        """The column of everyone, which is in no group."""
        found = self.rows.estimate(self.sample, None, self.inside)
        self._add(
            Column("", EVERYONE, "", self._base(found, 0)),
            self._cells(found, 0, {}, self._intervals(found)),
        )

    def group(self, title: str, column: str, slots: Sequence[Slot], *, compare: bool) -> None:
        """One column for each slot of a one-choice question.

        `compare`: with each other. A question is not compared by its own answers.
        """
        if not slots:
            return
        found = self.rows.estimate(self.sample, column, self.inside)
        names = list(dict.fromkeys(name[0] for name in found.names))
        width = len(found.names) // len(names)
        bases = [int(found.n[names.index(slot.code) * width]) for slot in slots]
        free = [float(found.own_df[names.index(slot.code) * width]) for slot in slots]
        large = [
            (slot, df)
            for slot, base, df in zip(slots, bases, free, strict=True)
            if compare and base >= self.rules.warn_base and NO_ANSWER not in slot.codes
        ]
        compared = [slot.code for slot, df in large if df > 0]
        self._say_alone(title, [slot.label for slot, df in large if df <= 0])
        letters = self._letters(title, compared)
        higher = self._higher(found, list(letters), letters)
        limits = self._intervals(found)
        for slot in slots:
            place = names.index(slot.code) * width
            self._add(
                Column(
                    title,
                    slot.label,
                    letters.get(slot.code, ""),
                    self._base(found, place),
                    slot.code,
                ),
                self._cells(found, place, higher.get(slot.code, {}), limits),
            )
        self._test(title, column, compared)

    def _say_alone(self, title: str, labels: Sequence[str]) -> None:
        """People of one cluster in each stratum do not show how much clusters differ."""
        if self.uncertain and labels:
            self.parts.notes.append(
                f"{title}: {', '.join(labels)} is not compared, and has no intervals: too few "
                "of the places where interviews were held have anybody of it."
            )

    def overlapping(self, title: str, variable: Variable) -> None:
        """One column for each option that people may choose beside others; not compared."""
        self.parts.overlapping.append(title)
        for code, name in zip(variable.codes, variable.columns, strict=True):
            chose = self.inside & (self.sample.data[name] == 1).to_numpy()
            if not chose.any():
                continue
            found = self.rows.estimate(self.sample, None, chose)
            label = variable.labels.get(code, code)
            self._add(
                Column(title, label, "", self._base(found, 0), code),
                self._cells(found, 0, {}, self._intervals(found)),
            )

    def _add(self, column: Column, cells: list[Cell]) -> None:
        self.parts.columns.append(column)
        self.parts.cells.append(cells)

    def _base(self, found: Estimate, place: int) -> Base:
        if not len(found.n):
            return Base(0, 0.0, 0.0)
        return Base(
            int(found.n[place]), float(found.weighted[place]), float(found.effective[place])
        )

    def _cells(
        self, found: Estimate, place: int, letters: Mapping[int, str], limits: Limits
    ) -> list[Cell]:
        """The cells of the column whose numbers begin at a place of the estimate."""
        base = self._base(found, place)
        if not base.unweighted:
            return [Cell(None, status=Status.EMPTY_BASE) for _ in self.rows.rows]
        group = found.names[place][:-1]
        places = {name[-1]: p for p, name in enumerate(found.names) if name[:-1] == group}
        low, high = limits
        cells: list[Cell] = []
        for i, name in enumerate(self.rows.names):
            p = places.get(name)
            if p is None:
                cells.append(self._nobody(found, place))
                continue
            cells.append(
                Cell(
                    value=float(found.value[p]),
                    low=_number(low[p]) if self.uncertain else None,
                    high=_number(high[p]) if self.uncertain else None,
                    n=int(found.count[p]),
                    letters=letters.get(i, ""),
                )
            )
        return cells

    def _intervals(self, found: Estimate) -> Limits:
        if not self.uncertain:
            return np.empty(0), np.empty(0)
        mean = self.rows.variable.kind is Kind.NUMBER
        low, high = found.modelled.interval(self.level, "wald" if mean else "beta")
        inside = (found.value > 0) & (found.value < 1)
        alone = found.own_df <= 0
        fixed = inside & (found.standard_error < _FIXED) & (not mean) & ~alone
        if fixed.any() and _FIXED_NOTE not in self.parts.notes:
            self.parts.notes.append(_FIXED_NOTE)
        return np.where(fixed | alone, np.nan, low), np.where(fixed | alone, np.nan, high)

    def _nobody(self, found: Estimate, place: int) -> Cell:
        """A code that nobody of the whole survey gave."""
        if not self.uncertain:
            return Cell(0.0, n=0)
        zero = np.zeros(1)
        low, high = intervals.beta(
            zero,
            zero,
            n=found.n[place : place + 1].astype(np.float64),
            effective=found.effective[place : place + 1],
            df=found.own_df[place : place + 1],
            level=self.level,
        )
        return Cell(0.0, low=_number(low[0]), high=_number(high[0]), n=0)

    def _letters(self, title: str, compared: Sequence[str]) -> dict[str, str]:
        if not self.uncertain or len(compared) < _SEVERAL:
            return {}
        if len(compared) > len(ascii_uppercase):
            self.parts.notes.append(
                f"{title}: its {len(compared)} columns are not compared with each "
                f"other, being more than {len(ascii_uppercase)}."
            )
            return {}
        return dict(zip(compared, ascii_uppercase, strict=False))

    def _higher(
        self, found: Estimate, compared: Sequence[str], letters: Mapping[str, str]
    ) -> dict[str, dict[int, str]]:
        """Column -> row -> the letters of the columns it is higher than."""
        if not compared:
            return {}
        test = pairwise(found, compared)
        higher = test.higher(self.level)
        places = {code: place for place, code in enumerate(test.codes)}
        told: dict[str, dict[int, str]] = {code: {} for code in compared}
        for i, name in enumerate(self.rows.names):
            if name not in places:
                continue
            for a, code in enumerate(compared):
                beaten = [other for b, other in enumerate(compared) if higher[places[name], a, b]]
                told[code][i] = "".join(letters[other] for other in beaten)
        return told

    def _test(self, title: str, column: str, compared: Sequence[str]) -> None:
        """Do the compared columns of a group differ at all?"""
        if not self.uncertain or len(compared) < _SEVERAL or self.rows.variable.kind is Kind.NUMBER:
            return
        levels = self.sample.levels(column)
        wanted = [place for place, name in enumerate(levels.names) if name in compared]
        where = self.inside & np.isin(levels.codes, wanted)
        try:
            if self.rows.variable.kind is Kind.ONE:
                found = rao_scott(self.sample, self.rows.column, column, where=where)
            else:
                found = rao_scott_multiple(
                    self.sample, self.rows.variable.columns, column, where=where
                )
        except EstimationError:
            self.parts.notes.append(
                f"{title}: not tested as a whole, because some answers do not occur in some columns."
            )
            return
        if np.isfinite(found.p):
            self.parts.comparisons.append(
                Comparison(
                    title,
                    found.name,
                    found.statistic,
                    found.numerator_df,
                    found.denominator_df,
                    found.p,
                )
            )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
