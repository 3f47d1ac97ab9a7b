"""What stands in place of a number that is not there."""

from __future__ import annotations

from survey_kit.tables.table import Status, Table

NOBODY = "nobody"
HIDDEN = "hidden"


def cell_marker(table: Table, row: int, column: int) -> str:
    """The words in place of a cell's number; "" where the number is shown."""
    status = table.cells[row][column].status
    if status is Status.TOO_FEW and table.columns[column].status is Status.TOO_FEW:
        return "too few people"
    return _marker(status, table.smallest_cell)


def base_marker(table: Table, column: int) -> str:
    """The words in place of a column's base; "" where it is shown."""
    return _marker(table.columns[column].status, table.smallest_base)


def _marker(status: Status, threshold: int) -> str:
    match status:
        case Status.SHOWN | Status.SMALL_BASE:
            return ""
        case Status.TOO_FEW:
            return f"fewer than {threshold}"
        case Status.COMPLEMENT:
            return HIDDEN
        case Status.EMPTY_BASE:
            return NOBODY


def legend(table: Table) -> tuple[str, ...]:
    """What the markers of this table mean, those that occur in it."""
    cells = {
        cell_marker(table, i, j) for i in range(len(table.rows)) for j in range(len(table.columns))
    }
    markers = cells | {base_marker(table, j) for j in range(len(table.columns))}
    statuses = {cell.status for row in table.cells for cell in row}
    lines: list[str] = []
    small = [marker for marker in markers if marker.startswith("fewer than")]
    if small:
        lines.append(f"{' or '.join(sorted(small))}: too few people to be shown.")
    if "too few people" in markers:
        lines.append(f"too few people: fewer than {table.smallest_base} people are in this column.")
    if HIDDEN in markers:
        lines.append("hidden: this number would give away one of too few people.")
    if NOBODY in markers:
        lines.append("nobody: nobody in this column was asked and answered.")
    if Status.SMALL_BASE in statuses:
        lines.append("In italics: rests on few people; read with caution.")
    return tuple(lines)
