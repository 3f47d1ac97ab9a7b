"""The columns of a crosstab, made one group after the other from one estimate each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation import intervals
from survey_kit.estimation.elements import MOST_NUMBERS
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.rao_scott import RaoScott, rao_scott, rao_scott_multiple
from survey_kit.protection.rules import Rules
from survey_kit.tables.letters import Compared, of_groups, of_overlapping
from survey_kit.tables.pairs import Mask
from survey_kit.tables.rows import Rows
from survey_kit.tables.slots import NO_ANSWER, Slot
from survey_kit.tables.table import Base, Cell, Column, Comparison, Pair, Status, Unit
from survey_kit.tables.variable import Kind, Variable

Limits: TypeAlias = tuple[NDArray[np.float64], NDArray[np.float64]]
Uncertainty: TypeAlias = Literal["none", "modelled", "design"]

EVERYONE = "Total"
_SEVERAL = 2
"""The fewest columns that can be compared."""

_TOO_MUCH = "the covariance of so many numbers would not fit into memory"
"""Why columns of thousands of answers are neither compared nor tested."""

_FIXED = 1e-9
"""A standard error below this is that of a share which the weights were adjusted to."""
_FIXED_NOTE = "Shares without an interval are fixed: the weights were adjusted to them."


@dataclass
class Parts:
    """The table as it grows, group by group."""

    columns: list[Column] = field(default_factory=list[Column])
    cells: list[list[Cell]] = field(default_factory=list[list[Cell]])
    """By column."""
    comparisons: list[Comparison] = field(default_factory=list[Comparison])
    notes: list[str] = field(default_factory=list[str])
    overlapping: list[str] = field(default_factory=list[str])
    too_few: list[Pair] = field(default_factory=list[Pair])


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
        groups = len(self.sample.levels(column).names)
        if groups * self.rows.count(self.sample) > MOST_NUMBERS:
            self._one_by_one(title, column, slots)
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
        places = {slot.code: len(self.parts.columns) + k for k, slot in enumerate(slots)}
        higher = self._higher(found, letters, places)
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

    def _one_by_one(self, title: str, column: str, slots: Sequence[Slot]) -> None:
        """Columns of so many answers that they have no joint covariance."""
        levels = self.sample.levels(column)
        for slot in slots:
            inside = self.inside & (levels.codes == levels.names.index(slot.code))
            found = self.rows.estimate(self.sample, None, inside)
            self._add(
                Column(title, slot.label, "", self._base(found, 0), slot.code),
                self._cells(found, 0, {}, self._intervals(found)),
            )
        if self.uncertain:
            self.parts.notes.append(f"{title}: not compared, because {_TOO_MUCH}.")

    def _say_alone(self, title: str, labels: Sequence[str]) -> None:
        """People of one cluster in each stratum do not show how much clusters differ."""
        if self.uncertain and labels:
            self.parts.notes.append(
                f"{title}: {', '.join(labels)} is not compared, and has no intervals: too few "
                "of the places where interviews were held have anybody of it."
            )

    def overlapping(self, title: str, variable: Variable, *, compare: bool) -> None:
        """One column for each option that people may choose beside others.

        `compare`: as for `group`.
        """
        self.parts.overlapping.append(title)
        chosen = {
            code: self.inside & (self.sample.data[name] == 1).to_numpy()
            for code, name in zip(variable.codes, variable.columns, strict=True)
        }
        found = {
            code: self.rows.estimate(self.sample, None, people)
            for code, people in chosen.items()
            if people.any()
        }
        large = [
            code for code, each in found.items() if compare and each.n[0] >= self.rules.warn_base
        ]
        compared = [code for code in large if found[code].own_df[0] > 0]
        labels = {code: variable.labels.get(code, code) for code in found}
        self._say_alone(title, [labels[code] for code in large if code not in compared])
        letters = self._letters(title, compared)
        places = {code: len(self.parts.columns) + k for k, code in enumerate(found)}
        groups = {code: chosen[code] for code in letters}
        higher = self._higher_of_several(groups, letters, places)
        for code, each in found.items():
            self._add(
                Column(title, labels[code], letters.get(code, ""), self._base(each, 0), code),
                self._cells(each, 0, higher.get(code, {}), self._intervals(each)),
            )
        self._test_several(
            title, [variable.columns[variable.codes.index(code)] for code in compared]
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

    @property
    def _unit(self) -> Unit:
        return Unit.MEAN if self.rows.variable.kind is Kind.NUMBER else Unit.SHARE

    def _higher(
        self, found: Estimate, letters: Mapping[str, str], places: Mapping[str, int]
    ) -> dict[str, dict[int, str]]:
        """Column -> row -> the letters of the columns it is higher than."""
        if not letters:
            return {}
        return self._told(of_groups(found, list(letters), self.level, self._unit), letters, places)

    def _higher_of_several(
        self, groups: Mapping[str, Mask], letters: Mapping[str, str], places: Mapping[str, int]
    ) -> dict[str, dict[int, str]]:
        """The same, of columns that people may be in several of."""
        if not groups:
            return {}
        sample, columns = self.rows.as_numbers(self.sample)
        compared = of_overlapping(
            sample,
            columns,
            groups,
            where=self.inside,
            level=self.level,
            fewest=self.rules.warn_base,
            unit=self._unit,
        )
        return self._told(compared, letters, places)

    def _told(
        self,
        compared: Mapping[str, Compared],
        letters: Mapping[str, str],
        places: Mapping[str, int],
    ) -> dict[str, dict[int, str]]:
        told: dict[str, dict[int, str]] = {code: {} for code in letters}
        at = [places[code] for code in letters]
        none = np.zeros((len(at), len(at)), dtype=np.bool_)
        nothing = Compared(none, ~none)
        for i, name in enumerate(self.rows.names):
            # an answer that nobody gave is in no estimate
            row = compared.get(name, nothing)
            for a, code in enumerate(letters):
                beaten = [other for b, other in enumerate(letters) if row.higher[a, b]]
                told[code][i] = "".join(letters[other] for other in beaten)
            few: list[list[int]] = np.argwhere(np.triu(row.too_few, 1)).tolist()
            self.parts.too_few.extend(Pair(i, at[a], at[b]) for a, b in few)
        return told

    def _test(self, title: str, column: str, compared: Sequence[str]) -> None:
        """Do the compared columns of a group differ at all?"""
        if not self.uncertain or len(compared) < _SEVERAL:
            return
        levels = self.sample.levels(column)
        wanted = [place for place, name in enumerate(levels.names) if name in compared]
        where = self.inside & np.isin(levels.codes, wanted)
        sample, rows = self.sample, self.rows
        match rows.variable.kind:
            case Kind.ONE:
                self._say_test(title, lambda: rao_scott(sample, rows.column, column, where=where))
            case Kind.MANY:
                options = rows.variable.columns
                self._say_test(
                    title, lambda: rao_scott_multiple(sample, options, column, where=where)
                )
            case Kind.NUMBER:
                return

    def _test_several(self, title: str, options: Sequence[str]) -> None:
        """Does who chose which of the compared options depend on the answer in the rows?

        Not of rows that are several answers themselves: that takes every pair of two options.
        """
        if not self.uncertain or len(options) < _SEVERAL or self.rows.variable.kind is not Kind.ONE:
            return
        self._say_test(
            title,
            lambda: rao_scott_multiple(self.sample, options, self.rows.column, where=self.inside),
        )

    def _say_test(self, title: str, test: Callable[[], RaoScott]) -> None:
        try:
            found = test()
        except EstimationError as error:
            fault = error.faults[0]
            why = _TOO_MUCH if fault.where == "covariance" else fault.what
            self.parts.notes.append(f"{title}: not tested as a whole, because {why}.")
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
