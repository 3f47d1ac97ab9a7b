"""A crosstab: one question in the rows, everyone and groups of people in the columns.

    rows      choices (shares of people), or one row for the mean of a number
    columns   everyone, then one group of columns for each variable of the banner
    letters   A, B, C ... within a group: this column is higher than that one

Cells are those of `estimation`, not a digit changed. Nothing is protected here:
`Analysis.crosstab` hands every table on to `protected.protect`. What is prepared here is
that little has to be hidden (`slots.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.sample import Sample
from survey_kit.design.wording import wording
from survey_kit.errors import StudyError
from survey_kit.estimation import intervals
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.pairwise import pairwise
from survey_kit.estimation.proportions import shares, shares_of_cases
from survey_kit.estimation.rao_scott import rao_scott, rao_scott_multiple
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.protection.rules import Rules
from survey_kit.tables.slots import (
    NO_ANSWER,
    Slot,
    column_slots,
    count_codes,
    put_together_note,
    recoded,
    row_slots,
)
from survey_kit.tables.table import Base, Cell, Column, Comparison, Row, Status, Table, Unit
from survey_kit.tables.variable import Kind, Variable

Mask: TypeAlias = NDArray[np.bool_]
Limits: TypeAlias = tuple[NDArray[np.float64], NDArray[np.float64]]
Uncertainty: TypeAlias = Literal["none", "modelled", "design"]

EVERYONE = "Total"
_ROW = "crosstab:row"
_SEVERAL = 2
"""The fewest columns that can be compared."""


@dataclass(frozen=True)
class _Rows:
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
class _Parts:
    """The table as it grows, group by group."""

    columns: list[Column] = field(default_factory=list[Column])
    cells: list[list[Cell]] = field(default_factory=list[list[Cell]])
    """By column."""
    comparisons: list[Comparison] = field(default_factory=list[Comparison])
    notes: list[str] = field(default_factory=list[str])
    overlapping: list[str] = field(default_factory=list[str])


def crosstab(
    sample: Sample,
    row: Variable,
    by: Sequence[Variable] = (),
    *,
    name: str,
    where: Mask | None = None,
    level: float = 0.95,
    uncertainty: Uncertainty = "none",
    rules: Rules | None = None,
) -> Table:
    """A question by others, side by side. Not protected.

    Parameters
    ----------
    sample
        Its data hold the columns of the variables.
    where
        (n,) bool. Who counts; None for everyone.
    uncertainty
        "none": no intervals, letters or tests. "design" or "modelled": intervals by
        Korn and Graubard for shares and by t for means; letters by pairwise t tests with
        the joint covariance, Holm-adjusted over the pairs of a row within a group, at
        1 - level; a Rao-Scott test for each group.
    rules
        Which answers are too rare to stand alone, and from how many people on a column
        is compared (`warn_base`).

    Raises
    ------
    StudyError
        If a number is to head columns.
    """
    rules = rules or Rules()
    inside = np.ones(len(sample), dtype=np.bool_) if where is None else where
    inside = inside & sample.data[row.columns[0]].notna().to_numpy()
    parts = _Parts()
    if where is None and (note := _left_note(row, rules)):
        parts.notes.append(note)
    answered, new_columns = _rows(sample, row, inside, rules, parts, banner=bool(by))
    banner = [_slots_of(sample, variable, inside, rules, parts) for variable in by]
    for variable, slots in zip(by, banner, strict=True):
        if slots and _needs_recoding(sample, variable, inside, slots):
            new_columns[f"crosstab:{variable.name}"] = (variable.columns[0], slots)
    used = recoded(sample, new_columns)
    maker = _Maker(used, answered, inside, level, uncertainty, rules, parts)
    maker.everyone()
    for title, variable, slots in zip(_titles(by), by, banner, strict=True):
        if variable.kind is Kind.MANY:
            maker.overlapping(title, variable)
        else:
            known = f"crosstab:{variable.name}"
            column = known if known in new_columns else variable.columns[0]
            maker.group(title, column, slots, compare=variable.name != row.name)
    return _table(maker, row, name)


def _left_note(row: Variable, rules: Rules) -> str:
    """Who was asked and is not in the base; by reason only where none is of too few."""
    together = sum(row.left.values())
    if together < rules.smallest_cell:
        return ""
    if min(row.left.values()) >= rules.smallest_cell:
        words = ", ".join(f"{count:,} {why}" for why, count in row.left.items())
    else:
        words = f"{together:,} ({', '.join(row.left)})"
    return f"Asked, but not in the base: {words}."


def _titles(by: Sequence[Variable]) -> list[str]:
    """The labels of the groups of a banner; with their names where two are labelled alike."""
    labels = [variable.label for variable in by]
    return [
        f"{variable.label} ({variable.name})"
        if labels.count(variable.label) > 1
        else variable.label
        for variable in by
    ]


def _rows(
    sample: Sample, row: Variable, inside: Mask, rules: Rules, parts: _Parts, *, banner: bool
) -> tuple[_Rows, dict[str, tuple[str, Sequence[Slot]]]]:
    if row.kind is Kind.NUMBER:
        return _Rows(row, row.columns[0], (Row("Mean", Unit.MEAN),)), {}
    if row.kind is Kind.MANY:
        rows = tuple(Row(row.labels.get(code, code), Unit.SHARE, code) for code in row.codes)
        return _Rows(row, row.columns[0], rows), {}
    slots = row_slots(row, count_codes(sample, row, inside), rules, banner=banner)
    rows = tuple(Row(slot.label, Unit.SHARE, slot.code) for slot in slots)
    note = put_together_note(row, slots)
    if not note:
        return _Rows(row, row.columns[0], rows), {}
    parts.notes.append(note)
    return _Rows(row, _ROW, rows), {_ROW: (row.columns[0], slots)}


def _slots_of(
    sample: Sample, variable: Variable, inside: Mask, rules: Rules, parts: _Parts
) -> tuple[Slot, ...]:
    match variable.kind:
        case Kind.NUMBER:
            raise StudyError(
                f"variable '{variable.name}'",
                "a number cannot head the columns of a table",
                "Derive groups from it in the questionnaire, under analysis, derived",
            )
        case Kind.MANY:
            return ()
        case Kind.ONE:
            counts = count_codes(sample, variable, inside)
            counts[NO_ANSWER] = int(inside.sum()) - sum(counts.values())
            slots = column_slots(variable, counts, rules)
            note = put_together_note(variable, slots)
            if note and note not in parts.notes:
                parts.notes.append(note)
            return slots


def _needs_recoding(
    sample: Sample, variable: Variable, inside: Mask, slots: Sequence[Slot]
) -> bool:
    """Whether the columns are not simply the codes of the question."""
    missing = sample.data[variable.columns[0]].isna().to_numpy()
    return any(len(slot.codes) > 1 for slot in slots) or bool((missing & inside).any())


@dataclass(frozen=True)
class _Maker:
    """Makes the columns of one table."""

    sample: Sample
    rows: _Rows
    inside: Mask
    level: float
    uncertainty: Uncertainty
    rules: Rules
    parts: _Parts

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
        compared = [
            slot.code
            for slot, base in zip(slots, bases, strict=True)
            if compare and base >= self.rules.warn_base and NO_ANSWER not in slot.codes
        ]
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
        return found.interval(self.level, "wald" if mean else "beta")

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
        except np.linalg.LinAlgError:
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


def _table(maker: _Maker, row: Variable, name: str) -> Table:
    parts, sample = maker.parts, maker.sample
    said = wording(sample.design.sampling, len(sample), "")
    design = said.footer
    if maker.uncertain and said.assumption:
        design = f"{design} {said.assumption}"
    count = len(maker.rows.rows)
    return Table(
        name=name,
        title=row.label,
        question=row.question_text,
        base=row.base_text,
        rows=maker.rows.rows,
        columns=tuple(parts.columns),
        cells=tuple(tuple(column[i] for column in parts.cells) for i in range(count)),
        comparisons=tuple(parts.comparisons),
        design=design,
        interval=_interval_words(said.interval, maker.level) if maker.uncertain else "",
        level=maker.level,
        notes=tuple(parts.notes),
        adds_up=row.kind is Kind.ONE,
        overlapping=tuple(dict.fromkeys(parts.overlapping)),
    )


def _interval_words(interval: str, level: float) -> str:
    """What the intervals are, at the level of this table."""
    return interval.replace("95%", f"{100 * level:g}%")
