"""A table as a long frame: one line for every base and for every cell."""

from __future__ import annotations

import pandas as pd

from survey_kit.tables.table import Table

COLUMNS = (
    "table",
    "row",
    "column",
    "group",
    "statistic",
    "value",
    "low",
    "high",
    "n",
    "weighted",
    "effective",
    "letters",
    "status",
)


def tidy(table: Table) -> pd.DataFrame:
    """One line a base (statistic "base"), and one line a cell ("share" or "mean").

    `n` of a cell is the number of people counted in it; `weighted` and `effective` are
    those of its base. A number that is hidden is missing, and `status` says why.
    """
    lines: list[tuple[object, ...]] = []
    for column in table.columns:
        base = column.base
        bases = (base.unweighted, base.weighted, base.effective)
        lines.append(
            (
                table.name,
                "",
                column.label,
                column.group,
                "base",
                None,
                None,
                None,
                *bases,
                column.letter,
                column.status.value or "shown",
            )
        )
    for row, cells in zip(table.rows, table.cells, strict=True):
        for column, cell in zip(table.columns, cells, strict=True):
            lines.append(
                (
                    table.name,
                    row.label,
                    column.label,
                    column.group,
                    row.unit.value,
                    cell.value,
                    cell.low,
                    cell.high,
                    cell.n,
                    column.base.weighted,
                    column.base.effective,
                    cell.letters,
                    cell.status.value or "shown",
                )
            )
    frame = pd.DataFrame(lines, columns=list(COLUMNS))
    return frame.astype(
        {
            **dict.fromkeys(("value", "low", "high", "weighted", "effective"), "float64"),
            "n": "Int64",
        }
    )
