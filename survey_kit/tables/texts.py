"""Sentences that stand under a table, the same in every kind of file."""

from __future__ import annotations

from math import floor

from survey_kit.tables.pairs import FEWEST_EXPECTED, FEWEST_UNDER_A_MEAN
from survey_kit.tables.table import Comparison, Pair, Status, Table, Unit

_SMALLEST_P = 0.001
_NAMED = 3
"""Rows that are named in a note; of the others it says how many they are."""


def whole_percent(share: float) -> int:
    """A share in whole per cent, halves upwards, as spreadsheets round.

    >>> whole_percent(0.125), whole_percent(0.124)
    (13, 12)
    """
    return floor(round(100 * share, 9) + 0.5)


def comparison_text(test: Comparison) -> str:
    """ "Gender: the columns differ (Rao-Scott F(1.9, 1120) = 4.31, p = 0.015)." """
    p = f"p < {_SMALLEST_P}" if test.p < _SMALLEST_P else f"p = {test.p:.3f}"
    freedom = f"{test.numerator_df:.1f}, {test.denominator_df:,.0f}"
    return f"{test.group}: {test.name}({freedom}) = {test.statistic:.2f}, {p}."


def base_line(table: Table) -> str:
    """The base, and the filter where there is one."""
    base = f"Base: {table.base}"
    return f"{base} Only those of whom this holds: {table.where}." if table.where else base


def interval_text(low: float, high: float) -> str:
    """An interval of shares in whole per cent: "12-19 %", with an en dash."""
    return f"{whole_percent(low)}–{whole_percent(high)} %"


def mean_interval_text(low: float, high: float) -> str:
    """An interval of means with one decimal."""
    return f"{low:.1f}–{high:.1f}"


def notes_of(table: Table) -> tuple[str, ...]:
    """Everything that stands under a table but its markers: interval, tests, notes, limits."""
    lines: list[str] = []
    if table.interval:
        lines.append(f"Small figures: {table.interval}, at {100 * table.level:g} %.")
    if any(column.letter for column in table.columns):
        lines.append(
            "Letters: higher than the column of that letter in the same group "
            f"(t test, p < {1 - table.level:.2g}, adjusted by Holm for all pairs of the row). "
            f"{table.columns[0].label} is not compared: everybody of each column is in it."
        )
    lines += _not_compared(table)
    lines += [comparison_text(test) for test in table.comparisons]
    if table.overlapping:
        lines.append(f"{', '.join(table.overlapping)}: {_overlap_text(table)}")
    return (*lines, *table.notes, table.design) if table.design else (*lines, *table.notes)


def _overlap_text(table: Table) -> str:
    """That people may be in several columns, and what that means for their letters."""
    said = "people may be in several of these columns"
    if not any(column.letter and column.group in table.overlapping for column in table.columns):
        return f"{said}."
    return (
        f"{said}, which their letters allow for. Two columns that share nearly everybody are not "
        "compared."
    )


def _not_compared(table: Table) -> list[str]:
    """Of each group of columns, how many pairs are too few people to be compared, and where."""
    lines: list[str] = []
    for group in dict.fromkeys(column.group for column in table.columns if column.letter):
        few = [pair for pair in table.too_few if table.columns[pair.first].group == group]
        if few:
            lines.append(f"{group}: {_too_few_text(table, few, _pairs_of(table, group))}")
    return lines


def _pairs_of(table: Table, group: str) -> int:
    """How many pairs of shown numbers a group of columns has, in all rows."""
    lettered = [j for j, col in enumerate(table.columns) if col.letter and col.group == group]
    hidden = (Status.TOO_FEW, Status.COMPLEMENT)
    shown = [sum(row[j].status not in hidden for j in lettered) for row in table.cells]
    return sum(k * (k - 1) // 2 for k in shown)


def _too_few_text(table: Table, few: list[Pair], of: int) -> str:
    pairs = f"{len(few)} of {of} pairs of columns {'is' if len(few) == 1 else 'are'} not compared"
    if table.rows[few[0].row].unit is Unit.MEAN:
        return f"{pairs}: one is worth fewer than {FEWEST_UNDER_A_MEAN} people."
    rows = list(dict.fromkeys(f"“{table.rows[pair.row].label}”" for pair in few))
    if len(rows) > _NAMED + 1:
        rows[_NAMED:] = [f"{len(rows) - _NAMED} more"]
    where = " and ".join(filter(None, (", ".join(rows[:-1]), rows[-1])))
    return (
        f"{pairs} (in {where}): fewer than {FEWEST_EXPECTED} people of one would be expected to "
        "give the answer, or not to, were both alike."
    )
