"""A clever outsider: whoever has every table of a book, and knows the questionnaire.

All tables are read together. Each question by each question of the banner is a grid of
unknown numbers of people, one for every pair of answers ("no answer" is one of them).
Every shown number is an equation on such a grid, every "fewer than" a bound. The grids of
different tables meet where they speak of the same people:

    transposed    country by gender, and gender by country, are one grid
    margins       how many people there are of each group, and of each answer
    derived       an answer of a derived variable is one or several of its source
    filters       who was asked a question are those who gave certain answers to another

This is an audit, not a protection: `protected.protect` sees one table, and what several say
together is measured here (docs/protection.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_kit.tables.analysis import Analysis
from survey_kit.tables.narrowing import Range, System, Terms
from survey_kit.tables.table import Status, Table, Unit
from survey_kit.tables.variables import Kind, Variable

NONE = "\0none"
"""The answer of who was not asked, or did not answer."""
_HIDDEN = (Status.TOO_FEW, Status.COMPLEMENT)


@dataclass(frozen=True)
class Shown:
    """A table, and the questions in its rows and its banner. All of it without a filter."""

    table: Table
    row: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """Who gave some answers are those who gave some others, but for at most `left` people."""

    row: str
    answers: tuple[str, ...]
    source: str
    source_answers: tuple[str, ...]
    left: int = 0


def _grids(variable: Variable) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(name of the grid, possible answers): one for a choice, one an option of several."""
    match variable.kind:
        case Kind.ONE:
            return ((variable.name, (*variable.codes, NONE)),)
        case Kind.MANY:
            return tuple((f"{variable.name}/{code}", ("1", "0", NONE)) for code in variable.codes)
        case Kind.NUMBER:
            return ((variable.name, ("1", NONE)),)


class Outsider:
    """Everything that can be concluded from some tables and links between questions."""

    def __init__(
        self, analysis: Analysis, tables: Sequence[Shown], links: Iterable[Link] = ()
    ) -> None:
        self.analysis, self.system = analysis, System()
        self.banners = tuple(dict.fromkeys(name for each in tables for name in each.by))
        self.grids: set[tuple[str, str]] = set()
        names = dict.fromkeys([*(each.row for each in tables), *self.banners])
        self.possible = {
            grid: possible for name in names for grid, possible in _grids(analysis.variables[name])
        }
        for each in tables:
            self._read(each)
        for link in links:
            self._link(link)
        self._add_margins()

    def narrowed(self, fewest: int) -> Mapping[str, Range]:
        """Hidden numbers that could be fewer than so many different ones, and which."""
        return self.system.narrowed(fewest)

    def _sum(
        self, row: str, of: Iterable[str], by: str | None = None, columns: Iterable[str] = ()
    ) -> Terms:
        """People who gave one of some answers, and one of some to the question of the banner."""
        if by is None:
            return {self.system.unknown(row, a): 1.0 for a in of}
        turned = (by, row) in self.grids
        self.grids.add((by, row) if turned else (row, by))
        pairs = [(a, b) for a in of for b in columns]
        return {
            self.system.unknown(*((by, b, row, a) if turned else (row, a, by, b))): 1.0
            for a, b in pairs
        }

    def _read(self, shown: Shown) -> None:
        table, variable = shown.table, self.analysis.variables[shown.row]
        grids = _grids(variable)
        for j, column in enumerate(table.columns):
            by = self._behind(column.group, shown.by) if j else None
            if by == shown.row:
                continue
            codes = [code or NONE for code in column.code.split(" ")] if j else []
            bases = [self._sum(grid, _given(possible), by, codes) for grid, possible in grids]
            for other in bases[1:]:
                self.system.equal.append((_less(bases[0], other), 0.0))
            where = f"{table.name} ({shown.row}), {column.group}: {column.label}"
            self._know(bases[0], column.base.unweighted, column.status, where, table.smallest_base)
            hidden = column.status in _HIDDEN
            smallest = table.smallest_base if hidden else table.smallest_cell
            for i, row in enumerate(table.rows):
                if row.unit is Unit.MEAN:
                    continue
                cell = table.cells[i][j]
                one = variable.kind is Kind.ONE
                grid = shown.row if one else f"{shown.row}/{row.code}"
                counted = self._sum(grid, row.code.split(" ") if one else ["1"], by, codes)
                self._know(counted, cell.n, cell.status, f"{where}, {row.label}", smallest)

    def _behind(self, group: str, by: Sequence[str]) -> str:
        """The question of a group of columns; two of one label carry their names."""
        labels = {name: self.analysis.variables[name].label for name in by}
        return next(name for name, label in labels.items() if group in {label, f"{label} ({name})"})

    def _know(self, terms: Terms, n: int | None, status: Status, where: str, smallest: int) -> None:
        if status not in _HIDDEN:
            self.system.equal.append((terms, float(n or 0)))
            return
        if status is Status.TOO_FEW:
            self.system.between.append((terms, 0.0, smallest - 1.0))
        self.system.wanted[where] = terms

    def _link(self, link: Link) -> None:
        for by in (None, *self.banners):
            if by in {link.row, link.source}:
                continue
            for column in ("",) if by is None else self.possible[by]:
                outer = self._sum(link.source, link.source_answers, by, [column])
                gap = _less(outer, self._sum(link.row, link.answers, by, [column]))
                self.system.between.append((gap, 0.0, float(link.left)))

    def _add_margins(self) -> None:
        """Every grid adds up to the same people of each answer, and all to everybody."""
        for first, second in list(self.grids):
            for name, other in ((first, second), (second, first)):
                for answer in self.possible[name]:
                    across = self._sum(name, [answer], other, self.possible[other])
                    self.system.equal.append((_less(across, self._sum(name, [answer])), 0.0))
        for name, possible in self.possible.items():
            self.system.equal.append((self._sum(name, possible), float(len(self.analysis))))


def _given(possible: Sequence[str]) -> list[str]:
    return [answer for answer in possible if answer != NONE]


def _less(one: Terms, other: Terms) -> Terms:
    """One sum less another."""
    found = dict(one)
    for place, sign in other.items():
        found[place] = found.get(place, 0.0) - sign
    return found


def links(analysis: Analysis) -> Iterator[Link]:
    """What the questionnaire says of derived variables and of filters.

    Of questions that an expression of the questionnaire joins, the answers of all
    interviews show which imply which; whoever has the form can read it there.
    """
    for variable in analysis.variables.values():
        yield from _derivations(analysis, variable)
        yield from _filters(analysis, variable)


def _gave(analysis: Analysis, grid: str, answers: Sequence[str]) -> NDArray[np.bool_]:
    """(n,) bool. Who gave one of some answers."""
    name, _, code = grid.partition("/")
    variable = analysis.variables[name]
    found = analysis.sample.data[variable.columns[variable.codes.index(code) if code else 0]]
    if variable.kind is Kind.ONE:
        return found.isin(answers).to_numpy()
    return ((found == 1) if code else found.notna()).to_numpy()


def _derivations(analysis: Analysis, variable: Variable) -> Iterator[Link]:
    """Answers of a derived variable that are answers of one source."""
    known = {each.name: each for each in analysis.questionnaire.derived}
    if variable.name not in known or variable.kind is not Kind.ONE:
        return
    sources = {source for case in known[variable.name].cases for source in case.when.answers}
    for name in sorted(sources & set(analysis.variables)):
        source = analysis.variables[name]
        for code in variable.codes:
            here = _gave(analysis, variable.name, [code])
            for grid, given in _equal_to(analysis, source, here):
                yield Link(variable.name, (code,), grid, given)


def _equal_to(
    analysis: Analysis, source: Variable, here: NDArray[np.bool_]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Answers to a question that just these people gave."""
    match source.kind:
        case Kind.ONE:
            gave = {code: _gave(analysis, source.name, [code]) for code in source.codes}
            inside = tuple(code for code, who in gave.items() if who.any() and here[who].all())
            if inside and (_gave(analysis, source.name, inside) == here).all():
                yield source.name, inside
        case Kind.MANY:
            for grid, _ in _grids(source):
                if (_gave(analysis, grid, ["1"]) == here).all():
                    yield grid, ("1",)
        case Kind.NUMBER:
            return


def _filters(analysis: Analysis, variable: Variable) -> Iterator[Link]:
    """Answers to another question that everybody gave who was asked this one."""
    item = analysis.questionnaire.by_key.get(variable.name)
    answered = analysis.sample.data[variable.columns[0]].notna().to_numpy()
    if item is None or answered.all():
        return
    gates = [gate for gate in (*item.gates, item.question.relevant) if gate is not None]
    sources = {source for gate in gates for source in gate.answers}
    row, possible = _grids(variable)[0]
    left = sum(variable.left.values())
    # so few who gave no answer are in no note: an outsider knows only that they are few
    untold = max(left, analysis.rules.smallest_cell - 1)
    for name in sorted(sources & set(analysis.variables)):
        source = analysis.variables[name]
        for grid, _ in _grids(source):
            given = ("1",)
            if source.kind is Kind.ONE:
                given = tuple(
                    code
                    for code in source.codes
                    if (answered & _gave(analysis, grid, [code])).any()
                )
            asked = _gave(analysis, grid, given)
            if given and asked[answered].all() and int((asked & ~answered).sum()) <= left:
                yield Link(row, tuple(_given(possible)), grid, given, untold)
