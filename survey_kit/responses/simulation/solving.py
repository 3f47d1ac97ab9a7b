"""What a constraint allows, read off its tree: ends of a number, a day or a length, patterns, codes.

``. >= 18 and . <= ${limit}`` says more than yes or no. A constraint is taken apart into
alternatives (what stands between its ``or``), each of them demands that hold together. A demand
on the answer becomes an end, whose value the form's own engine works out for each row
(``${limit}``); one on other answers says in which rows an alternative is open at all. What is
read here only guides the drawing: the constraint itself judges every answer, so a demand that
is not understood costs tries and never makes an interview that the form would refuse.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from survey_kit.errors import CannotEvaluate
from survey_kit.questionnaire.expression import (
    Call,
    Expression,
    Number,
    Operation,
    Text,
    This,
    walk,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey_kit.questionnaire.expression import Node
    from survey_kit.responses.simulation.scope import Scope

    Floats: TypeAlias = NDArray[np.float64]
    Truths: TypeAlias = NDArray[np.bool_]
    Literal: TypeAlias = tuple[Node, bool]

MOST_ALTERNATIVES = 24
"""A constraint with more of them is guided by the first ones."""
DEEPEST = 40
_SAME = frozenset(
    {
        "number",
        "int",
        "round",
        "string",
        "date",
        "date-time",
        "decimal-date-time",
        "boolean-from-string",
    }
)
"""Functions of an answer whose ends are, nearly enough, the ends of the answer."""
_MEASURES = {"string-length": "length", "count-selected": "count"}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_DENIED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
_DAY = 86_400.0


@dataclass(frozen=True, eq=False)
class Ends:
    """(m,) the lowest and highest that are allowed, NaN where there is no end; open: not itself."""

    lowest: Floats
    highest: Floats
    lowest_open: Truths
    highest_open: Truths

    @classmethod
    def none(cls, rows: int) -> Ends:
        """No ends in any row."""
        nothing, closed = np.full(rows, np.nan), np.zeros(rows, dtype=np.bool_)
        return cls(nothing, nothing, closed, closed)

    def above(self, end: Floats, *, itself: bool) -> Ends:
        """The same, and above an end."""
        nearer = np.isnan(self.lowest) | (end > self.lowest)
        stricter = nearer | ((end == self.lowest) & (not itself))
        stricter &= ~np.isnan(end)
        return Ends(
            np.where(stricter, end, self.lowest),
            self.highest,
            np.where(stricter, not itself, self.lowest_open),
            self.highest_open,
        )

    def below(self, end: Floats, *, itself: bool) -> Ends:
        """The same, and below an end."""
        turned = Ends(-self.highest, -self.lowest, self.highest_open, self.lowest_open)
        back = turned.above(-end, itself=itself)
        return Ends(-back.highest, -back.lowest, back.highest_open, back.lowest_open)


@dataclass(eq=False)
class Alternative:
    """Demands that hold together.

    possible
        (m,) bool: where the demands on other answers hold.
    ends
        "value", "length" or "count" -> ends.
    patterns, texts
        Regular expressions that the answer matches, and what it is, begins or ends with.
    with_codes, without_codes
        Codes that are chosen, or are not.
    """

    possible: Truths
    ends: dict[str, Ends] = field(default_factory=dict[str, Ends])
    patterns: list[str] = field(default_factory=list[str])
    texts: list[str] = field(default_factory=list[str])
    with_codes: list[str] = field(default_factory=list[str])
    without_codes: list[str] = field(default_factory=list[str])

    def of(self, measure: str) -> Ends:
        """The ends of a measure."""
        return self.ends.get(measure) or Ends.none(len(self.possible))


def alternatives(constraint: Expression | None, scope: Scope, this: str) -> tuple[Alternative, ...]:
    """What a constraint leaves open, an alternative for each side of an ``or``.

    Without a constraint, one alternative without demands.
    """
    rows = len(scope)
    if constraint is None or not rows:
        return (Alternative(np.ones(rows, dtype=np.bool_)),)
    reading = _Reading(scope, this)
    return tuple(reading.alternative(each) for each in _taken_apart(constraint.tree))


def choose(
    among: tuple[Alternative, ...], rows: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """(len(rows),) int. An alternative that is possible in each row; any where none is."""
    if len(among) == 1:
        return np.zeros(len(rows), dtype=np.int64)
    keys = rng.random((len(rows), len(among)))
    open_ = np.column_stack([each.possible[rows] for each in among])
    return np.argmax(keys + open_, axis=1)


def _taken_apart(tree: Node) -> list[list[Literal]]:
    return _apart(tree, holds=True, depth=0)[:MOST_ALTERNATIVES]


def _apart(node: Node, *, holds: bool, depth: int) -> list[list[Literal]]:
    if depth > DEEPEST:
        return [[(node, holds)]]
    match node:
        case Operation("and" | "or" as operator, left, right):
            one = _apart(left, holds=holds, depth=depth + 1)
            other = _apart(right, holds=holds, depth=depth + 1)
            return one + other if (operator == "or") == holds else _both(one, other)
        case Call("not", (inner,)):
            return _apart(inner, holds=not holds, depth=depth + 1)
        case Call("if", (condition, then, otherwise)):
            first = _both(
                _apart(condition, holds=True, depth=depth + 1),
                _apart(then, holds=holds, depth=depth + 1),
            )
            second = _both(
                _apart(condition, holds=False, depth=depth + 1),
                _apart(otherwise, holds=holds, depth=depth + 1),
            )
            return first + second
        case _:
            return [[(node, holds)]]


def _both(one: list[list[Literal]], other: list[list[Literal]]) -> list[list[Literal]]:
    return [[*left, *right] for left in one for right in other][: 4 * MOST_ALTERNATIVES]


class _Reading:
    """Reads demands; what is worked out for a node is kept."""

    def __init__(self, scope: Scope, this: str) -> None:
        self._scope = scope
        self._this = this
        self._known: dict[Node, Floats | None] = {}

    def alternative(self, literals: list[Literal]) -> Alternative:
        found = Alternative(np.ones(len(self._scope), dtype=np.bool_))
        for node, holds in literals:
            if not _about_itself(node):
                found.possible &= self._truths(node, holds=holds)
            else:
                self._demand(node, found, holds=holds)
        return found

    def _demand(self, node: Node, found: Alternative, *, holds: bool) -> None:
        match node:
            case Operation("<" | "<=" | ">" | ">=" | "=" | "!=" as operator, left, right):
                said = operator if holds else _DENIED[operator]
                if _about_itself(left) and not _about_itself(right):
                    self._compared(left, said, right, found)
                elif _about_itself(right) and not _about_itself(left):
                    self._compared(right, _FLIPPED[said], left, found)
            case Call("regex", (This(), Text(pattern))) if holds:
                found.patterns.append(pattern)
            case Call("selected", (This(), Text(code))):
                (found.with_codes if holds else found.without_codes).append(code)
            case Call("starts-with" | "contains" | "ends-with", (This(), Text(text))) if holds:
                found.texts.append(text)
            case _:
                pass

    def _compared(self, own: Node, operator: str, other: Node, found: Alternative) -> None:
        """One comparison of what is made from the answer with what is not."""
        own, operator, other = _alone(own, operator, other)
        match own:
            case This():
                measure = "value"
                if operator == "=" and isinstance(other, Text):
                    found.texts.append(other.value)
            case Call(function, (This(),)) if function in _SAME:
                measure = "value"
            case Call(function, (This(),)) if function in _MEASURES:
                measure = _MEASURES[function]
            case _:
                return
        end = self._numbers(other)
        if end is None:
            return
        ends = found.of(measure)
        if operator in (">", ">=", "="):
            ends = ends.above(end, itself=operator != ">")
        if operator in ("<", "<=", "="):
            ends = ends.below(end, itself=operator != "<")
        found.ends[measure] = ends

    def _truths(self, node: Node, *, holds: bool) -> Truths:
        try:
            truths = self._scope.holds(_written(node), this=self._this)
        except CannotEvaluate:
            return np.ones(len(self._scope), dtype=np.bool_)
        return truths if holds else ~truths

    def _numbers(self, node: Node) -> Floats | None:
        """(m,) numbers; days are seconds since 1970 divided by a day's. None: not known."""
        if node not in self._known:
            try:
                self._known[node] = _as_numbers(
                    self._scope.works_out(_written(node), this=self._this)
                )
            except CannotEvaluate:
                self._known[node] = None
        return self._known[node]


def _alone(own: Node, operator: str, other: Node) -> tuple[Node, str, Node]:
    """A comparison whose sums are brought to the other side: ``. + 2 <= x`` is ``. <= x - 2``."""
    while isinstance(own, Operation):
        match own:
            case Operation("+", left, right):
                own, rest = (left, right) if _about_itself(left) else (right, left)
                other = Operation("-", other, rest)
            case Operation("-", left, right) if _about_itself(left):
                own, other = left, Operation("+", other, right)
            case Operation("-", left, right):
                own, operator, other = right, _FLIPPED[operator], Operation("-", left, other)
            case Operation("*", inner, Number(factor)) if factor > 0:
                own, other = inner, Operation("div", other, Number(factor))
            case Operation("div", inner, Number(factor)) if factor > 0:
                own, other = inner, Operation("*", other, Number(factor))
            case _:
                break
    return own, operator, other


def _about_itself(node: Node) -> bool:
    return any(isinstance(each, This) for each in walk(node))


def _written(node: Node) -> Expression:
    """A part of a constraint as an expression of its own."""
    return Expression(repr(node), node)


def _as_numbers(values: pd.Series) -> Floats:
    if values.dtype.kind == "f":
        return values.to_numpy(dtype=np.float64)
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64)
    if np.isnan(numbers).all() and values.notna().any():
        moments = pd.to_datetime(values, errors="coerce", format="ISO8601", utc=False)
        if moments.dtype.kind == "M":
            seconds = moments.to_numpy().astype("datetime64[s]")
            days = seconds.astype(np.int64) / _DAY
            return np.where(np.isnat(seconds), np.nan, days)
    return numbers
