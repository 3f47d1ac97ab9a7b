"""A crosstab: one question in the rows, everyone and groups of people in the columns.

    rows      choices (shares of people), or one row for the mean of a number
    columns   everyone, then one group of columns for each variable of the banner
    letters   A, B, C ... within a group: this column is higher than that one

Cells are those of `estimation`, not a digit changed. Nothing is protected here:
`Analysis.crosstab` hands every table on to `protected.protect`. What is prepared here is
that little has to be hidden (`slots.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from survey_kit.design.sample import Sample
from survey_kit.design.wording import wording
from survey_kit.errors import StudyError
from survey_kit.protection.rules import Rules
from survey_kit.tables.columns import Maker, Parts, Uncertainty
from survey_kit.tables.pairs import Mask
from survey_kit.tables.rows import Rows
from survey_kit.tables.slots import (
    NO_ANSWER,
    Slot,
    column_slots,
    count_codes,
    put_together_note,
    recoded,
    row_slots,
)
from survey_kit.tables.table import Row, Table, Unit
from survey_kit.tables.variable import Kind, Variable

_ROW = "crosstab:row"


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
        1 - level, of pairs that rest on enough people (`pairs`); a Rao-Scott test for each group.
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
    parts = Parts()
    if where is None and (note := _left_note(row, rules)):
        parts.notes.append(note)
    answered, new_columns = _rows(sample, row, inside, rules, parts, banner=bool(by))
    banner = [_slots_of(sample, variable, inside, rules, parts) for variable in by]
    for variable, slots in zip(by, banner, strict=True):
        if slots and _needs_recoding(sample, variable, inside, slots):
            new_columns[f"crosstab:{variable.name}"] = (variable.columns[0], slots)
    used = recoded(sample, new_columns)
    maker = Maker(used, answered, inside, level, uncertainty, rules, parts)
    maker.everyone()
    for title, variable, slots in zip(_titles(by), by, banner, strict=True):
        if variable.kind is Kind.MANY:
            maker.overlapping(title, variable, compare=variable.name != row.name)
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
    sample: Sample, row: Variable, inside: Mask, rules: Rules, parts: Parts, *, banner: bool
) -> tuple[Rows, dict[str, tuple[str, Sequence[Slot]]]]:
    if row.kind is Kind.NUMBER:
        return Rows(row, row.columns[0], (Row("Mean", Unit.MEAN),)), {}
    if row.kind is Kind.MANY:
        rows = tuple(Row(row.labels.get(code, code), Unit.SHARE, code) for code in row.codes)
        return Rows(row, row.columns[0], rows), {}
    slots = row_slots(row, count_codes(sample, row, inside), rules, banner=banner)
    rows = tuple(Row(slot.label, Unit.SHARE, slot.code) for slot in slots)
    note = put_together_note(row, slots)
    if not note:
        return Rows(row, row.columns[0], rows), {}
    parts.notes.append(note)
    return Rows(row, _ROW, rows), {_ROW: (row.columns[0], slots)}


def _slots_of(
    sample: Sample, variable: Variable, inside: Mask, rules: Rules, parts: Parts
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


def _table(maker: Maker, row: Variable, name: str) -> Table:
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
        too_few=tuple(parts.too_few),
    )


def _interval_words(interval: str, level: float) -> str:
    """What the intervals are, at the level of this table."""
    return interval.replace("95%", f"{100 * level:g}%")
