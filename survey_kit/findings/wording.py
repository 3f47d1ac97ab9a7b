"""Sentences from a protected table: every number with its base, no claim beyond the test.

A percentage is whole, names whose it is ("of respondents"; what the sampling allows) and
carries its count, its base and its interval. Groups are said to differ only where the
test says so; a number that the table hides is not spoken of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from survey_kit.findings import reading
from survey_kit.tables.table import Cell, Column, Table
from survey_kit.tables.texts import whole_percent

BOUNDS = ("less than 1 %", "more than 99 %")
BEFORE_WEIGHTING = " Counts are before weighting."

_HALF_A_PERCENT = 0.005
_FIXED = 1e-6
"""An interval no wider than this is no interval: the weights were made to give the share."""
_PAIR = 2


def percent(share: float) -> str:
    """A share in words: never 0 % of somebody, never 100 % of not quite everybody.

    >>> percent(0.152), percent(0.004), percent(0.997), percent(0.0), percent(1.0)
    ('15 %', 'less than 1 %', 'more than 99 %', '0 %', '100 %')
    """
    if 0 < share < _HALF_A_PERCENT:
        return BOUNDS[0]
    if 1 - _HALF_A_PERCENT <= share < 1:
        return BOUNDS[1]
    return f"{whole_percent(share)} %"


def quoted(label: str) -> str:
    """A label of the questionnaire, marked as its own words."""
    return f"“{label}”"


def listed(parts: Sequence[str]) -> str:
    """Parts as one phrase.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def count(number: int) -> str:
    """A count with a comma between thousands: 1,204."""
    return f"{number:,}"


def support(table: Table, cell: Cell, column: Column) -> str:
    """What a share rests on: "92 of 604; modelled interval 12–18 %"."""
    before = " before weighting" if _weights_move(cell, column) else ""
    parts = [
        f"{counted}{before}" if (counted := _counted(cell, column)) else "",
        _interval(table, cell, table.interval),
        _few(cell, column),
    ]
    return "; ".join(part for part in parts if part)


def _counted(cell: Cell, column: Column) -> str:
    if column.base.unweighted is None:
        return ""
    base = count(column.base.unweighted)
    return f"of {base} asked" if cell.n is None else f"{count(cell.n)} of {base}"


def _interval(table: Table, cell: Cell, name: str) -> str:
    if not table.interval or cell.low is None or cell.high is None:
        return ""
    if cell.high - cell.low < _FIXED:
        return "fixed by weighting"
    return f"{name} {whole_percent(cell.low)}–{whole_percent(cell.high)} %".strip()


def _few(cell: Cell, column: Column) -> str:
    return "a small base" if reading.is_small(cell, column) else ""


def share(table: Table, cell: Cell, column: Column, people: str) -> str:
    """A share in full: "15 % of respondents (92 of 604; modelled interval 12–18 %)"."""
    if cell.value is None:
        raise ValueError(f"table {table.name}: a hidden cell cannot be worded")
    of = f" of {people}" if people else ""
    rests_on = support(table, cell, column)
    return f"{percent(cell.value)}{of}" + (f" ({rests_on})" if rests_on else "")


def share_in_brief(cell: Cell, column: Column) -> str:
    """A share among others of one sentence: "15 %, 92 of 604"."""
    if cell.value is None:
        raise ValueError("a hidden cell cannot be worded")
    parts = [percent(cell.value), _counted(cell, column), _few(cell, column)]
    return ", ".join(part for part in parts if part)


def weighting_note(cells: Iterable[tuple[Cell, Column]]) -> str:
    """A sentence for those who would divide the counts, where weights change the result."""
    moved = any(_weights_move(cell, column) for cell, column in cells)
    return BEFORE_WEIGHTING if moved else ""


def ranking(
    table: Table,
    people: str,
    *,
    verb: str,
    top: int = 3,
    column: int = 0,
    leave_out: Iterable[str] = (),
) -> str | None:
    """The answers given most often, and whether their order is settled.

    "The reasons named most often are “A” (62 % of respondents; ...), “B” (...) and “C”
    (...)." `people` are those of the base, `verb` is what opens the sentence: "The reasons
    named most often are". None where nothing may be shown.
    """
    rows = reading.ranked(table, column, leave_out=leave_out)
    if not rows:
        return None
    told = rows[:top]
    head = table.columns[column]
    parts: list[str] = []
    for position, i in enumerate(told):
        cell = table.cells[i][column]
        of, name = (f" of {people}", table.interval) if position == 0 else ("", "")
        within = [
            f"{percent(cell.value or 0.0)}{of}",
            _counted(cell, head),
            _interval(table, cell, name),
            _few(cell, head),
        ]
        words = "; ".join(part for part in within if part)
        parts.append(f"{quoted(table.rows[i].label)} ({words})")
    opening = verb
    if reading.hides_more_than_small(table, column):
        opening = f"Among the answers that may be shown: {verb[:1].lower()}{verb[1:]}"
    note = weighting_note((table.cells[i][column], head) for i in told)
    return f"{opening} {listed(parts)}.{_order(table, told, column)}{note}"


def _order(table: Table, rows: Sequence[int], column: int) -> str:
    if len(rows) < _PAIR:
        return ""
    first, second = (table.cells[i][column] for i in rows[:2])
    if first.low is None or second.high is None:
        return ""
    if first.low > second.high:
        return ""
    return " The intervals of the first two overlap: their order is not settled."


def answer(table: Table, code: str, people: str, *, did: str) -> str | None:
    """Who gave one answer: "32 % of respondents (...) looked for nothing."

    Where protection has put the answer together with others, all of them are named
    instead. None where it may not be shown.
    """
    row = reading.row_of(table, code)
    if row is None:
        row = reading.together_with(table, code)
        if row is None:
            return None
        did = f"gave one of the answers {quoted(table.rows[row].label)}"
    cell = table.cells[row][0]
    if not reading.is_shown(cell):
        return None
    told = share(table, cell, table.columns[0], people)
    return f"{told[:1].upper()}{told[1:]} {did}."


def composition(table: Table, *, lead: str) -> str | None:
    """How many were interviewed of each kind, and what weighting makes of it.

    "Interviews by country: “A” (158 of 580; 31 % after weighting), “B” (148; 26 %) and ..."
    Counts come first, and no interval: a sample is described, nothing is estimated. None
    where nothing may be shown.
    """
    base = table.columns[0].base.unweighted
    kinds = [
        (cell.n, table.rows[i].label, cell.value)
        for i in reading.ranked(table)
        for cell in [table.cells[i][0]]
        if cell.n is not None and cell.value is not None
    ]
    if not kinds or base is None:
        return None
    after = " after weighting" if reading.is_weighted(table) else ""
    parts = [
        f"{quoted(label)} ({count(n)}{'' if position else f' of {count(base)}'}; "
        f"{percent(value)}{'' if position else after})"
        for position, (n, label, value) in enumerate(sorted(kinds, key=lambda kind: -kind[0]))
    ]
    return f"{lead} {listed(parts)}."


def difference(
    table: Table,
    code: str,
    *,
    subject: str,
    among: Callable[[Column], str],
    group: str | None = None,
    most: int = 2,
) -> str | None:
    """How one answer differs between the columns of a group, as far as the tests allow.

    Parameters
    ----------
    subject
        A noun phrase for the answer: "Violence or insecurity as a reason".
    among
        Names the people of a column: "women", "respondents interviewed in Thailand".
    most
        How many higher columns are spelt out.

    Returns
    -------
    str or None
        None where fewer than two columns may be shown.
    """
    row = reading.row_of(table, code)
    if row is None:
        return None
    columns = [j for j in reading.columns_of(table, group) if reading.is_shown(table.cells[row][j])]
    if len(columns) < _PAIR:
        return None

    tested = reading.compared(table, columns, row)
    ordered = _by_value(table, row, tested or columns)
    note = weighting_note((table.cells[row][j], table.columns[j]) for j in ordered)
    told = {
        j: f"{among(table.columns[j])} ({share_in_brief(table.cells[row][j], table.columns[j])})"
        for j in ordered
    }
    if not tested:
        return f"{subject}, by group: {listed(list(told.values()))}; not tested.{note}"
    higher = reading.higher_than(table, row, tested)
    if not higher:
        first, *_, last = (told[j] for j in ordered)
        if len(told) == _PAIR:
            return f"{subject}: no clear difference between {first} and {last}.{note}"
        return f"{subject}: from {last} to {first}; the groups do not differ clearly.{note}"
    sentences = [
        f"{'It' if position else subject} is more frequent among {told[j]} than among "
        f"{listed([told[k] for k in ordered if k in lower])}."
        for position, (j, lower) in enumerate(list(higher.items())[:most])
    ]
    if len(higher) <= most and len(tested) > _PAIR:
        sentences.append("No other pair of the groups compared differs clearly.")
    return f"{' '.join(sentences)}{note}"


def _by_value(table: Table, row: int, columns: Iterable[int]) -> list[int]:
    return sorted(columns, key=lambda j: -(table.cells[row][j].value or 0.0))


def _weights_move(cell: Cell, column: Column) -> bool:
    """Whether the count over the base, in whole per cent, is not the weighted share."""
    if cell.n is None or not column.base.unweighted or cell.value is None:
        return False
    return whole_percent(cell.n / column.base.unweighted) != whole_percent(cell.value)


def among(form: str, **codes: str) -> Callable[[Column], str]:
    """How the people of a column are named: by its code where one is given, else by form.

    >>> from survey_kit.tables.table import Base, Column
    >>> women = Column("Gender", "Woman", "A", Base(1, 1.0, 1.0), code="woman")
    >>> among("those of the answer “{}”", woman="women")(women)
    'women'
    >>> among("respondents interviewed in {}")(women)
    'respondents interviewed in Woman'
    """
    return lambda column: codes.get(column.code) or form.format(column.label)


def not_shown(subject: str) -> str:
    """What is said in place of a number that may not be shown."""
    return f"{subject} may not be shown: too few people were asked, or gave one of the answers."
