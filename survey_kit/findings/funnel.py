"""A path with steps, as one protected table: each step a column with its own base.

Of those asked at a step, how many took it? Steps are asked of fewer and fewer people, so
a share without its base misleads; here every column carries its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey_kit.findings.reading import refuse_unprotected
from survey_kit.tables.table import Cell, Column, Row, Status, Table, Unit

HIDDEN = Cell(value=None, status=Status.EMPTY_BASE)


@dataclass(frozen=True)
class Step:
    """One step: what it is called, and the cell of a protected table that counts it.

    `code` is the answer of those who took it, in the column of everyone asked.
    """

    label: str
    table: Table
    code: str


def steps_table(steps: Sequence[Step], *, name: str, title: str, question: str = "") -> Table:
    """The steps side by side.

    Nothing is computed: every cell and every base is taken from a protected table as it
    stands, so a cell that is hidden there is hidden here.

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
    )


def _cell(step: Step) -> Cell:
    for row, cells in zip(step.table.rows, step.table.cells, strict=True):
        if row.code == step.code:
            return replace(cells[0], letters="")
    return HIDDEN
