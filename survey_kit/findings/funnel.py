"""A path with steps, as one protected table: each step a column with its own base.

Of those asked at a step, how many took it? Steps are asked of fewer and fewer people, so
a share without its base misleads; here every column carries its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey_kit.findings.reading import cell_of, refuse_unprotected, row_of
from survey_kit.tables.table import Cell, Column, Row, Status, Table, Unit

HIDDEN = Cell(value=None, status=Status.EMPTY_BASE)


@dataclass(frozen=True)
class Step:
    """One step: what it is called, and the cell of a protected table that counts it.

    `code` is the answer of those who took it, in the column of everyone asked; with
    `others`, of those who did not, and all others took it.
    """

    label: str
    table: Table
    code: str
    others: bool = False


def steps_table(steps: Sequence[Step], *, name: str, title: str, question: str = "") -> Table:
    """The steps side by side.

    Every cell and every base is taken from a protected table as it stands, so a cell that
    is hidden there is hidden here. Only `others` is computed: one less the share shown, as
    any reader could, and hidden where it counts fewer people than a cell may.

    Raises
    ------
    ProtectionError
        If one of the tables has not been protected.
    """
    for step in steps:
        refuse_unprotected(step.table)
    first = steps[0].table
    columns = tuple(
        Column("", step.label, "", step.table.columns[0].base, code=step.code) for step in steps
    )
    cells = tuple(_cell(step) for step in steps)
    notes = tuple(f"{step.label}: {step.table.base}" for step in steps if step.table.base)
    return replace(
        first,
        name=name,
        title=title,
        question=question or title,
        base="those asked at each step; see the notes",
        rows=(Row("Yes", Unit.SHARE, "yes"),),
        columns=columns,
        cells=(cells,),
        comparisons=(),
        where="",
        adds_up=False,
        overlapping=(),
        notes=notes,
        asked="",
        crossed=(),
    )


def _cell(step: Step) -> Cell:
    cell = cell_of(step.table, step.code)
    if cell is None:
        found = row_of(step.table, step.code)
        return HIDDEN if found is None else replace(step.table.cells[found][0], letters="")
    if not step.others:
        return replace(cell, letters="")
    base = step.table.columns[0].base.unweighted
    n = None if cell.n is None or base is None else base - cell.n
    if n is None or n < step.table.smallest_cell:
        return replace(HIDDEN, status=Status.TOO_FEW)
    return replace(
        cell,
        value=_rest(cell.value),
        low=_rest(cell.high),
        high=_rest(cell.low),
        n=n,
        letters="",
    )


def _rest(share: float | None) -> float | None:
    return None if share is None else 1 - share
