"""Reading a protected table: what may be said of it, and nothing else.

Sentences and charts never touch answers. They see a table that has been protected
already, through these few functions, so that what the table hides cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from survey_kit.errors import ProtectionError
from survey_kit.tables.table import Cell, Column, Status, Table, Unit

FEW = 50
"""Below this unweighted base a mark in a chart is hollow."""

_TELLABLE = (Status.SHOWN, Status.SMALL_BASE)


def refuse_unprotected(table: Table) -> None:
    """Raise ProtectionError unless the table has been protected."""
    if not table.protected:
        raise ProtectionError(
            f"table {table.name}",
            "it has not been protected, so nothing may be told of it",
            "Make it with Analysis.crosstab, or hand it to survey_kit.protection first",
        )


def is_shown(cell: Cell) -> bool:
    """Whether a cell's number may be seen."""
    return cell.value is not None and cell.status in _TELLABLE


def row_of(table: Table, code: str) -> int | None:
    """The position of the row that counts a code alone, None where there is none."""
    return next((i for i, row in enumerate(table.rows) if row.code == code), None)


def together_with(table: Table, code: str) -> int | None:
    """The row that counts a code together with others, as protection put them."""
    return next(
        (i for i, row in enumerate(table.rows) if row.code != code and code in row.code.split(" ")),
        None,
    )


def cell_of(table: Table, code: str, column: int = 0) -> Cell | None:
    """The cell of a code, None where it does not exist or may not be shown."""
    row = row_of(table, code)
    if row is None:
        return None
    cell = table.cells[row][column]
    return cell if is_shown(cell) else None


def columns_of(table: Table, group: str | None = None) -> tuple[int, ...]:
    """The columns of one group of the banner; of the first group where none is named.

    The column of everyone is in no group.
    """
    wanted = group if group is not None else first_group(table)
    return tuple(
        j for j, column in enumerate(table.columns) if wanted and column.group == wanted and j > 0
    )


def first_group(table: Table) -> str:
    """The name of the first group of the banner, "" where there is only everyone."""
    return next((column.group for column in table.columns[1:] if column.group), "")


def ranked(table: Table, column: int = 0, *, leave_out: Iterable[str] = ()) -> tuple[int, ...]:
    """Rows of shares that may be shown, the largest first; equal ones in the table's order.

    Answers that nobody gave are no part of it, nor those all of whose codes are left out.
    """
    out = set(leave_out)
    rows = [
        (i, value)
        for i, row in enumerate(table.rows)
        for cell in [table.cells[i][column]]
        for value in [cell.value]
        if value
        and is_shown(cell)
        and row.unit is Unit.SHARE
        and not set(row.code.split(" ")) <= out
    ]
    return tuple(i for i, _ in sorted(rows, key=lambda each: -each[1]))


def hides_more_than_small(table: Table, column: int = 0) -> bool:
    """Whether a cell of a column is hidden for another's sake, so might be a large one."""
    return any(cells[column].status is Status.COMPLEMENT for cells in table.cells)


def is_small(cell: Cell, column: Column) -> bool:
    """Whether a mark rests on few people: drawn hollow, and said in words."""
    count = column.base.unweighted
    return cell.status is Status.SMALL_BASE or (count is not None and count < FEW)


def is_weighted(table: Table) -> bool:
    """Whether respondents count unequally: an effective base below the number of people."""
    return any(
        column.base.effective is not None
        and column.base.unweighted is not None
        and column.base.effective < column.base.unweighted - 1e-6
        for column in table.columns
    )


def compared(table: Table, columns: Sequence[int], row: int) -> tuple[int, ...]:
    """Those of some columns that were tested against each other in a row.

    None where only one was. A column that is of too few people for every test of the row was not.
    """
    lettered = [j for j in columns if table.columns[j].letter]
    few = {(pair.first, pair.second) for pair in table.too_few if pair.row == row}
    tested = tuple(
        j for j in lettered if any(k != j and (min(j, k), max(j, k)) not in few for k in lettered)
    )
    return tested if len(tested) > 1 else ()


def higher_than(table: Table, row: int, columns: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Which columns of a row are higher than which, as far as the tests allow.

    A pair counts where the pairwise letters say so and, where the whole table was tested
    by this group, that test too finds a difference at the table's level.

    Returns
    -------
    dict
        Column -> the columns that it exceeds; the highest value first.
    """
    tested = compared(table, columns, row)
    if not tested or not _differs_at_all(table, tested):
        return {}
    by_letter = {table.columns[j].letter: j for j in tested}
    found: dict[int, tuple[int, ...]] = {}
    for j in tested:
        cell = table.cells[row][j]
        exceeded = [by_letter[letter] for letter in cell.letters if letter in by_letter]
        told = tuple(k for k in exceeded if is_shown(table.cells[row][k]))
        if told and is_shown(cell):
            found[j] = told
    return dict(sorted(found.items(), key=lambda each: -(table.cells[row][each[0]].value or 0.0)))


def _differs_at_all(table: Table, columns: Sequence[int]) -> bool:
    group = table.columns[columns[0]].group
    tests = [test for test in table.comparisons if test.group == group]
    return not tests or any(test.p < 1 - table.level for test in tests)
