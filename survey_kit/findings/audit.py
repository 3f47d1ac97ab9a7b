"""Does a sentence say a number that its table does not show? Then it is not told.

A theme is free in its words but not in its numbers: every number of a statement must be
a share, an interval, a count or a base that the protected table shows. Words in “quotes”
and labels of the table are the questionnaire's own, and may hold numbers of theirs.
"""

from __future__ import annotations

import re

from survey_kit.findings.reading import is_shown
from survey_kit.findings.wording import BOUNDS
from survey_kit.tables.table import Table
from survey_kit.tables.texts import whole_percent

_QUOTED = re.compile(r"“[^”]*”")
_RANGE = re.compile(r"(\d+)–(\d+) %")
_BOUND = re.compile("|".join(map(re.escape, BOUNDS)))
_PERCENT = re.compile(r"(\d+) %")
_COUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d+")


def foreign_numbers(statement: str, table: Table) -> tuple[str, ...]:
    """The numbers of a statement that its table does not show, as they are written.

    "less than 1 %" and "more than 99 %" are words for shares that are rounded to none or
    to all, and count as those.
    """
    text = _without_labels(statement, table)
    shares, counts = shown_percentages(table), shown_counts(table)
    foreign: list[str] = []
    for pattern, allowed in ((_RANGE, shares), (_BOUND, None), (_PERCENT, shares)):
        for found in pattern.finditer(text):
            if allowed is None:
                if not shares & {0, 100}:
                    foreign.append(found.group())
            elif not {int(number) for number in found.groups()} <= allowed:
                foreign.append(found.group())
        text = pattern.sub(" ", text)
    foreign += [
        found.group()
        for found in _COUNT.finditer(text)
        if int(found.group().replace(",", "")) not in counts
    ]
    return tuple(foreign)


def shown_percentages(table: Table) -> set[int]:
    """Every whole percentage that a table shows: shares and the ends of intervals."""
    return {
        whole_percent(share)
        for cells in table.cells
        for cell in cells
        if is_shown(cell)
        for share in (cell.value, cell.low, cell.high)
        if share is not None
    }


def shown_counts(table: Table) -> set[int]:
    """Every number of people that a table shows: in cells and under columns."""
    bases = {column.base.unweighted for column in table.columns}
    cells = {cell.n for cells in table.cells for cell in cells if is_shown(cell)}
    return {number for number in bases | cells if number is not None}


def _without_labels(statement: str, table: Table) -> str:
    labels = {row.label for row in table.rows} | {column.label for column in table.columns}
    labels |= {label[:1].lower() + label[1:] for label in labels} | {table.interval}
    text = _QUOTED.sub(" ", statement)
    for label in sorted(labels, key=len, reverse=True):
        text = text.replace(label, " ") if any(each.isdigit() for each in label) else text
    return text
