"""A table that may be shown: every number that could lead to a person is taken out of it.

What to hide is decided on counts (`protection/disclosure.py`); here it is carried out, so
that a hidden cell holds a marker and no number: no value, interval, count or letters. Bases
of hidden columns go too, and letters and tests that rest on a hidden cell.

Where weights differ between people, shares are shown in coarse steps (whole per cent where
at least 100 people were asked), and weighted and effective bases as whole numbers. Weighted
totals add up as counts do, and a reader who knows the weights could solve exact ones for a
hidden count even where the unweighted counts leave room: there are few different weights,
so an exact weighted number says how many people of each weight are in it. That holds for a
table that hides nothing, too: its exact numbers would tell what others hide.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from survey_kit.protection.disclosure import Counts, Group, Hidden, Mark, Rules, hide
from survey_kit.tables.table import Base, Cell, Column, Pair, Status, Table, Unit

_STATUS = {Mark.FEW: Status.TOO_FEW, Mark.COMPLEMENT: Status.COMPLEMENT}
_STEPS = (0.01, 0.02, 0.05, 0.1)
_HIDDEN = (Status.TOO_FEW, Status.COMPLEMENT)


def protect(table: Table, rules: Rules) -> Table:
    """The table without what may not be shown.

    Protecting twice changes nothing.
    """
    if table.protected:
        return table
    counts = counts_of(table)
    hidden = hide(counts, rules)
    step = _step(table)
    steps = [step if row.unit is Unit.SHARE else None for row in table.rows]
    cells = tuple(
        tuple(
            _cell(cell, Mark(hidden.cells[i, j]), int(counts.bases[j]), rules, step=steps[i])
            for j, cell in enumerate(row)
        )
        for i, row in enumerate(table.cells)
    )
    columns = tuple(
        _column(_whole(column, step), Mark(hidden.bases[j]), int(counts.bases[j]), rules)
        for j, column in enumerate(table.columns)
    )
    notes = list(table.notes)
    if step is not None and any(steps):
        notes.append(
            f"Shares are shown in steps of {100 * step:g} %, because weighted totals could "
            "otherwise give hidden numbers away."
        )
    protected = replace(
        table,
        columns=columns,
        cells=cells,
        comparisons=tuple(
            test for test in table.comparisons if not _rests_on_hidden(table, hidden, test.group)
        ),
        notes=(*notes, *_class_disclosures(table, hidden)),
        protected=True,
        smallest_base=rules.smallest_base,
        smallest_cell=rules.smallest_cell,
    )
    return _without_letters_of_hidden(protected)


def show_nothing(table: Table, rules: Rules, why: str) -> Table:
    """The table with everything in it hidden, and a note that says why."""
    hidden = Cell(None, status=Status.COMPLEMENT)
    return replace(
        table,
        columns=tuple(_column(column, Mark.COMPLEMENT, 0, rules) for column in table.columns),
        cells=tuple(tuple(hidden for _ in row) for row in table.cells),
        comparisons=(),
        too_few=(),
        notes=(why,),
        protected=True,
        smallest_base=rules.smallest_base,
        smallest_cell=rules.smallest_cell,
    )


def counts_of(table: Table) -> Counts:
    """The unweighted counts of a table that is not protected."""
    groups: dict[str, list[int]] = {}
    for j, column in enumerate(table.columns[1:], start=1):
        groups.setdefault(column.group, []).append(j)
    return Counts(
        cells=np.array(
            [[cell.n or 0 for cell in row] for row in table.cells], dtype=np.int64
        ).reshape(len(table.rows), len(table.columns)),
        bases=np.array([column.base.unweighted or 0 for column in table.columns], dtype=np.int64),
        groups=tuple(
            Group(tuple(columns), partition=name not in table.overlapping)
            for name, columns in groups.items()
        ),
        adds_up=table.adds_up,
        counted=np.array([row.unit is Unit.SHARE for row in table.rows], dtype=np.bool_),
    )


def is_hidden(cell: Cell) -> bool:
    """Whether a cell's number was taken out."""
    return cell.status in _HIDDEN


def _column(column: Column, mark: Mark, base: int, rules: Rules) -> Column:
    if mark is not Mark.SHOWN:
        return replace(column, base=Base(None, None, None), letter="", status=_STATUS[mark])
    return replace(column, status=_status(base, rules))


def _whole(column: Column, step: float | None) -> Column:
    """The column with bases in whole people, where weights differ between people."""
    base = column.base
    if step is None or base.weighted is None or base.effective is None:
        return column
    whole = Base(base.unweighted, float(round(base.weighted)), float(round(base.effective)))
    return replace(column, base=whole)


def _status(base: int, rules: Rules) -> Status:
    if base == 0:
        return Status.EMPTY_BASE
    return Status.SMALL_BASE if base < rules.warn_base else Status.SHOWN


def _cell(cell: Cell, mark: Mark, base: int, rules: Rules, *, step: float | None) -> Cell:
    if mark is not Mark.SHOWN:
        return Cell(None, status=_STATUS[mark])
    status = _status(base, rules)
    if status is Status.EMPTY_BASE:
        return Cell(None, status=status)
    if step is None:
        return replace(cell, status=status)
    return replace(
        cell,
        value=_rounded(cell.value, step),
        low=_rounded(cell.low, step),
        high=_rounded(cell.high, step),
        status=status,
    )


def _rounded(value: float | None, step: float) -> float | None:
    return None if value is None else round(round(value / step) * step, 10)


def _step(table: Table) -> float | None:
    """The step of shares: None where everybody's weight is the same.

    One person's worth of doubt remains in the total: step x base >= 1.
    """
    base = table.columns[0].base
    if not base.unweighted or base.effective is None:
        return None
    if abs(base.effective - base.unweighted) <= 1e-9 * base.unweighted:
        return None
    return next((step for step in _STEPS if step * base.unweighted >= 1), _STEPS[-1])


def _rests_on_hidden(table: Table, hidden: Hidden, group: str) -> bool:
    """Whether a test does. Of columns that overlap it rests on those that are compared only."""
    columns = [j for j, column in enumerate(table.columns) if column.group == group]
    if group in table.overlapping:
        columns = [j for j in columns if table.columns[j].letter] or columns
    return bool(hidden.cells[:, columns].any() or hidden.bases[columns].any())


def _without_letters_of_hidden(table: Table) -> Table:
    """Letters, and pairs said to be too few, only of cells that are shown."""
    cells: list[tuple[Cell, ...]] = []
    for row in table.cells:
        shown = {
            (column.group, column.letter)
            for column, cell in zip(table.columns, row, strict=True)
            if not is_hidden(cell)
        }
        cells.append(
            tuple(
                replace(
                    cell,
                    letters="".join(x for x in cell.letters if (column.group, x) in shown),
                )
                for column, cell in zip(table.columns, row, strict=True)
            )
        )
    kept = tuple(pair for pair in table.too_few if is_shown(table, pair))
    return replace(table, cells=tuple(cells), too_few=kept)


def is_shown(table: Table, pair: Pair) -> bool:
    """Whether the numbers of both columns are in the table."""
    cells = table.cells[pair.row]
    return not (is_hidden(cells[pair.first]) or is_hidden(cells[pair.second]))


def _class_disclosures(table: Table, hidden: Hidden) -> tuple[str, ...]:
    """A note for an answer that everybody of a group gave: it is true of each of them."""
    notes: list[str] = []
    for i, row in enumerate(table.rows):
        cells = table.cells[i]
        if row.unit is Unit.MEAN or cells[0].n == table.columns[0].base.unweighted:
            continue
        groups = [
            f"'{column.label}'"
            for j, column in enumerate(table.columns)
            if cells[j].n
            and cells[j].n == column.base.unweighted
            and not hidden.cells[i, j]
            and column.group != table.title
        ]
        if groups:
            notes.append(
                f"Everyone in {', '.join(groups)} gave the answer '{row.label}': it is true of "
                "each of them. Think before sharing this table further."
            )
    return tuple(notes)
