"""An audit of a protected table: how closely could a reader work out what is hidden?

The reader is given the table and nothing else: what is shown, what the markers say, that
rows and columns add up, and how the rules hide. For every hidden number the least and the
greatest value that agree with all this are found by linear programming. The sums of a
crosstab form a network, so these bounds are whole numbers and are reached. This is
independent of how the numbers were hidden, which works on the true counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from survey_kit.tables.table import Cell, Status, Table, Unit

_HIDDEN = (Status.TOO_FEW, Status.COMPLEMENT)
_NEARLY = 1e-6


@dataclass
class _Knowledge:
    """What a reader knows: bounds of each hidden number, and the sums they stand in."""

    names: list[str] = field(default_factory=list[str])
    bounds: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    equal: list[tuple[dict[int, float], float]] = field(
        default_factory=list[tuple[dict[int, float], float]]
    )
    at_most: list[tuple[dict[int, float], float]] = field(
        default_factory=list[tuple[dict[int, float], float]]
    )

    def unknown(self, name: str, least: float, most: float) -> int:
        self.names.append(name)
        self.bounds.append((least, most))
        return len(self.names) - 1


@dataclass(frozen=True)
class _Count:
    """A number of people: shown, or the place of a hidden one among the unknowns."""

    shown: float = 0.0
    place: int | None = None

    def put(self, terms: dict[int, float], sign: float) -> float:
        """Add it to a sum; return what it contributes as a known number."""
        if self.place is None:
            return sign * self.shown
        terms[self.place] = terms.get(self.place, 0.0) + sign
        return 0.0


def audit(table: Table) -> tuple[str, ...]:
    """What could be worked out of a protected table; nothing, if it is well protected.

    Returns
    -------
    tuple of str
        One sentence for each hidden number that could be fewer than smallest_cell - 1
        different numbers.
    """
    total = table.columns[0].base.unweighted
    if total is None:
        return ()
    known = _Knowledge()
    bases = [_base(known, table, j, total) for j in range(len(table.columns))]
    rows = [i for i, row in enumerate(table.rows) if row.unit is Unit.SHARE]
    cells = {
        (i, j): _cell(known, table, i, j, total) for i in rows for j in range(len(table.columns))
    }
    _sums(known, table, rows, cells, bases)
    enough = table.smallest_cell - 2
    found: list[str] = []
    for place, (least, most) in enumerate(_bounds(known, enough)):
        if most - least < enough - _NEARLY:
            found.append(
                f"table {table.name}, {known.names[place]}: it can be worked out to lie between "
                f"{round(least)} and {round(most)}."
            )
    return tuple(found)


def _base(known: _Knowledge, table: Table, j: int, total: int) -> _Count:
    column = table.columns[j]
    if column.base.unweighted is not None:
        return _Count(column.base.unweighted)
    group = [other for other in table.columns if other.group == column.group]
    name = f"base of column '{column.label}'"
    if not any(other.status is Status.TOO_FEW for other in group):
        return _Count(place=known.unknown(name, 0, total))
    if column.status is Status.TOO_FEW:
        return _Count(place=known.unknown(name, 1, table.smallest_base - 1))
    return _Count(place=known.unknown(name, table.smallest_base, total))


def _cell(known: _Knowledge, table: Table, i: int, j: int, total: int) -> _Count:
    cell, column = table.cells[i][j], table.columns[j]
    if cell.status not in _HIDDEN:
        return _Count(float(cell.n or 0))
    everyone = table.cells[i][0]
    if everyone.status not in _HIDDEN and everyone.n in (0, total):
        return _certain(known, table, i, j)
    base = column.base.unweighted
    most = float(total if base is None else base)
    least = 0.0
    if everyone.status is Status.TOO_FEW:
        most = min(most, table.smallest_cell - 1)
    elif everyone.status is Status.COMPLEMENT:
        least = 0.0
    elif not _one_mark(table, i, j):
        if base is None:
            most = table.smallest_base - 1.0 if cell.status is Status.TOO_FEW else most
        elif cell.status is Status.TOO_FEW:
            most = min(most, table.smallest_cell - 1)
        else:
            least = min(table.smallest_cell, most)
    return _Count(
        place=known.unknown(f"row '{table.rows[i].label}', column '{column.label}'", least, most)
    )


def _certain(known: _Knowledge, table: Table, i: int, j: int) -> _Count:
    """What nobody, or everybody, said: known of every column, as much as its base is."""
    if table.cells[i][0].n == 0 or table.columns[j].base.unweighted is not None:
        return _Count(float(table.columns[j].base.unweighted or 0) if table.cells[i][0].n else 0.0)
    return _base(known, table, j, table.columns[0].base.unweighted or 0)


def _one_mark(table: Table, i: int, j: int) -> bool:
    """Whether the row, or all rows, of the group are hidden under the marker of complements."""
    group = table.columns[j].group
    columns = (
        [j]
        if group in table.overlapping
        else [k for k, column in enumerate(table.columns) if column.group == group]
    )
    total = table.columns[0].base.unweighted
    rows = [i]
    if table.adds_up:
        rows = [
            k
            for k, row in enumerate(table.cells)
            if row[0].status not in _HIDDEN and row[0].n not in (0, total)
        ]
    return all(table.cells[k][each].status is Status.COMPLEMENT for k in rows for each in columns)


def _sums(
    known: _Knowledge,
    table: Table,
    rows: list[int],
    cells: Mapping[tuple[int, int], _Count],
    bases: list[_Count],
) -> None:
    groups: dict[str, list[int]] = {}
    for j, column in enumerate(table.columns[1:], start=1):
        groups.setdefault(column.group, []).append(j)
    for group, columns in groups.items():
        if group in table.overlapping:
            for i in rows:
                for j in columns:
                    _not_in_column(known, cells[i, 0], cells[i, j], bases[0], bases[j])
            continue
        _equal(known, [bases[j] for j in columns], bases[0])
        for i in rows:
            _equal(known, [cells[i, j] for j in columns], cells[i, 0])
    for j in range(len(table.columns)):
        if table.adds_up:
            _equal(known, [cells[i, j] for i in rows], bases[j])
        for i in rows:
            _at_most(known, cells[i, j], bases[j])


def _equal(known: _Knowledge, parts: list[_Count], whole: _Count) -> None:
    terms: dict[int, float] = {}
    constant = sum(part.put(terms, 1.0) for part in parts) + whole.put(terms, -1.0)
    if any(terms.values()):
        known.equal.append((terms, -constant))


def _at_most(known: _Knowledge, part: _Count, whole: _Count) -> None:
    terms: dict[int, float] = {}
    constant = part.put(terms, 1.0) + whole.put(terms, -1.0)
    if any(terms.values()):
        known.at_most.append((terms, -constant))


def _not_in_column(
    known: _Knowledge, everyone: _Count, inside: _Count, total: _Count, base: _Count
) -> None:
    """Those outside the column who gave the answer are at least 0, at most all outside it."""
    _at_most(known, inside, everyone)
    terms: dict[int, float] = {}
    constant = sum(
        count.put(terms, sign)
        for count, sign in ((everyone, 1.0), (inside, -1.0), (total, -1.0), (base, 1.0))
    )
    if any(terms.values()):
        known.at_most.append((terms, -constant))


def _bounds(known: _Knowledge, enough: float) -> list[tuple[float, float]]:
    """The least and greatest value of each unknown, as far apart as is enough to know.

    Every solution is a whole table that agrees with what is known, so it widens what is
    possible for all unknowns at once; few have to be asked about themselves.
    """
    from scipy.optimize import linprog

    k = len(known.names)
    if not k:
        return []
    equal, equal_to = _matrix(known.equal, k)
    below, below_than = _matrix(known.at_most, k)
    least, most = np.full(k, np.inf), np.full(k, -np.inf)
    for place in range(k):
        for sign in (1.0, -1.0):
            if most[place] - least[place] >= enough:
                break
            goal = np.zeros(k)
            goal[place] = sign
            solved = linprog(
                goal,
                A_ub=below,
                b_ub=below_than,
                A_eq=equal,
                b_eq=equal_to,
                bounds=known.bounds,
                method="highs",
            )
            if solved.x is None:
                raise ValueError("the numbers of the table contradict each other")
            least, most = np.minimum(least, solved.x), np.maximum(most, solved.x)
    return list(zip(least.tolist(), most.tolist(), strict=True))


def _matrix(
    sums: list[tuple[dict[int, float], float]], k: int
) -> tuple[np.ndarray, np.ndarray] | tuple[None, None]:
    if not sums:
        return None, None
    matrix = np.zeros((len(sums), k))
    for number, (terms, _) in enumerate(sums):
        for place, sign in terms.items():
            matrix[number, place] = sign
    return matrix, np.array([value for _, value in sums])


def hidden_cells(table: Table) -> tuple[Cell, ...]:
    """Every cell of a table whose number was taken out."""
    return tuple(cell for row in table.cells for cell in row if cell.status in _HIDDEN)
