"""All answers that a location means for each row: the nodes of XPath, for every row at once.

The levels of a location that are the row's own are followed by index. From the first repeat
that is not, each row sees several; without brackets all rows of one household see the same, so
these are found once for the household. With brackets each row has its own candidates, and the
brackets are worked out for all pairs of a row and a candidate together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from survey_kit.questionnaire.expression import Node
from survey_kit.responses.logic.nodes import Nodes
from survey_kit.responses.logic.references import Level, Names
from survey_kit.responses.logic.standing import Standing
from survey_kit.responses.logic.value import BLANK, Codes, Floats, Kind, Truths, Value, as_truths

if TYPE_CHECKING:
    from survey_kit.responses.logic.places import Target
    from survey_kit.responses.logic.scope import Scope


@dataclass(frozen=True)
class _Way:
    """The levels of a location with the repeat that each is, or None."""

    levels: Sequence[Level]
    repeats: Sequence[str | None]

    @property
    def inner(self) -> str | None:
        """The innermost repeat on the way."""
        return next((each for each in reversed(self.repeats) if each is not None), None)

    @property
    def outer(self) -> str | None:
        """The innermost repeat on the way whose row is given before any that is open."""
        found = None
        for level, repeat in zip(self.levels, self.repeats, strict=True):
            if repeat is not None:
                if not level.own:
                    break
                found = repeat
        return found

    @property
    def simple(self) -> bool:
        """Whether no brackets choose, and no row is given behind one that is open."""
        pairs = zip(self.levels, self.repeats, strict=True)
        own = [level.own for level, repeat in pairs if repeat is not None]
        return not any(level.brackets for level in self.levels) and own == sorted(own, reverse=True)


def gather(
    scope: Scope,
    levels: Sequence[Level],
    target: Target,
    positions: Mapping[str, Floats] | None = None,
) -> Nodes:
    """The answers at a place of the form that each row of a scope sees, those not asked among them.

    Parameters
    ----------
    positions
        Repeat -> (rows,) the number of its row, where indexed-repeat() gives one.
    """
    columns = scope.columns
    way = _Way(levels, _repeats(scope, levels))
    value = columns.value(target.item) if target.item is not None else BLANK
    filled = target.item is None
    if way.simple and not positions:
        share = columns.owners(way.inner, way.outer)
        present = columns.present(target, len(share))
        order = columns.order(way.inner)
        rows = np.arange(len(share), dtype=np.int64)
        if order is not None and way.inner != way.outer:
            share, present, value, rows = share[order], present[order], value.take(order), order
        groups = columns.number_of_rows(way.outer)
        return Nodes(value, share, groups, scope.rows_in(way.outer), present, filled, rows)
    walk = _walked(scope, way, positions or {})
    rows = walk.rows[way.inner]
    present = columns.present(target, columns.number_of_rows(way.inner))[rows]
    everyone = np.arange(scope.rows, dtype=np.int64)
    return Nodes(value.take(rows), walk.origin, scope.rows, everyone, present, filled, rows)


def own_row(scope: Scope, levels: Sequence[Level]) -> tuple[str | None] | None:
    """The repeat whose row every row of a scope stands in, if the location means just that."""
    way = _Way(levels, _repeats(scope, levels))
    return (way.inner,) if way.simple and way.inner == way.outer else None


def _repeats(scope: Scope, levels: Sequence[Level]) -> list[str | None]:
    places = scope.columns.places
    path: Names = ()
    found: list[str | None] = []
    for level in levels:
        path = (*path, level.name)
        found.append(level.name if places.is_repeat(path) else None)
    return found


@dataclass(frozen=True, eq=False)
class _Walk:
    """Pairs of a row of the scope (`origin`) and where it has come to (`rows`, by repeat)."""

    origin: Codes
    rows: Mapping[str | None, Codes]

    def only(self, kept: Truths | Codes) -> _Walk:
        return _Walk(self.origin[kept], {name: rows[kept] for name, rows in self.rows.items()})


def _walked(scope: Scope, way: _Way, positions: Mapping[str, Floats]) -> _Walk:
    everyone = np.arange(scope.rows, dtype=np.int64)
    walk = _Walk(everyone, {None: scope.rows_in(None)}).only(scope.rows_in(None) >= 0)
    outer: str | None = None
    path: Names = ()
    own = True
    for level, repeat in zip(way.levels, way.repeats, strict=True):
        path = (*path, level.name)
        siblings = np.arange(len(walk.origin), dtype=np.int64)
        if repeat is not None:
            descent = scope.columns.descent(repeat, outer)
            owners = walk.rows[outer]
            if repeat in positions:
                rows = descent.at(owners, positions[repeat][walk.origin])
                own = False
            elif level.own and own:
                rows = scope.rows_in(repeat)[walk.origin]
            elif level.own:
                here = scope.columns.positions(repeat)[scope.rows_in(repeat)[walk.origin]]
                rows = descent.at(owners, here.astype(np.float64))
            else:
                siblings, rows = descent.within(owners)
                walk, own = walk.only(siblings), False
            walk = _Walk(walk.origin, {**walk.rows, repeat: rows})
            there = rows >= 0
            walk, siblings = walk.only(there), siblings[there]
            outer = repeat
        for bracket in level.brackets:
            kept = _holds(scope, path, walk, siblings, bracket)
            walk, siblings = walk.only(kept), siblings[kept]
    return walk


def _holds(scope: Scope, path: Names, walk: _Walk, siblings: Codes, bracket: Node) -> Truths:
    """(pairs,) Where brackets hold; what is no truth, as a number, holds nowhere."""
    standing = Standing(walk.rows, walk.origin, counted(siblings))
    return truths_only(scope.among(path, standing).value(bracket), len(walk.origin))


def counted(groups: Codes) -> Floats:
    """(m,) The place of each within its group, from 1; groups stand together."""
    begins = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]])[: len(groups)])
    lengths = np.diff(np.concatenate([begins, [len(groups)]]))
    return np.arange(1, len(groups) + 1) - np.repeat(begins, lengths).astype(np.float64)


def truths_only(value: Value, rows: int) -> Truths:
    """(rows,) Where a value is true; a number or text within brackets chooses nothing."""
    return np.broadcast_to(as_truths(value) & (value.kinds == Kind.TRUTH), (rows,))
