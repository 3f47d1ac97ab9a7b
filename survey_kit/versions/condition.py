"""Whether two conditions hold for the same people, for fewer, or for more.

Expressions are brought into one shape in which order, brackets, quotes and the side of a
comparison no longer matter. Where the shapes are equal the conditions are; where one has all
parts of the other and more, joined by ``and``, it holds for fewer; joined by ``or``, for more.
Bounds of a number are compared as intervals. Nothing is guessed: what cannot be proved
cheaply is OTHER.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias, cast

from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Expression,
    Negative,
    Node,
    Number,
    Operation,
    Path,
    Text,
    This,
)

Shape: TypeAlias = tuple[Any, ...]
"""A node as a value that can be compared: its kind first, then its parts."""

TRUE: Shape = ("call", "true")
FALSE: Shape = ("call", "false")
_TURNED = {">": "<", ">=": "<="}
_SYMMETRIC = ("=", "!=")
_OPPOSITE = {"=": "!=", "!=": "="}
_TWO = 2


class Relation(Enum):
    """How a new condition stands to the old one."""

    SAME = "holds in the same cases"
    NARROWER = "holds in fewer cases"
    WIDER = "holds in more cases"
    OTHER = "holds in other cases"


@dataclass(frozen=True)
class Names:
    """What has to be known of a form to compare its expressions with another's.

    `renamed` leads from an old name to the new one. `one_code` are the questions that take
    one choice, of which ``selected(${q}, 'a')`` and ``${q} = 'a'`` say the same.
    """

    renamed: Mapping[str, str] = field(default_factory=dict[str, str])
    one_code: frozenset[str] = frozenset()


def relation(
    old: Iterable[Expression | None],
    new: Iterable[Expression | None],
    names_old: Names,
    names_new: Names,
) -> Relation:
    """How a new condition stands to the old one; each is several expressions that must all hold.

    None, and no expression at all, always holds.
    """
    before = conjuncts(shape(each, names_old) for each in old if each is not None)
    after = conjuncts(shape(each, names_new) for each in new if each is not None)
    if before == after:
        return Relation.SAME
    narrower, wider = implies(after, before), implies(before, after)
    if narrower and wider:
        return Relation.SAME
    if narrower:
        return Relation.NARROWER
    return Relation.WIDER if wider else Relation.OTHER


def same(
    old: Expression | None, new: Expression | None, names_old: Names, names_new: Names
) -> bool:
    """Whether two expressions, which need not be conditions, are worth the same."""
    if old is None or new is None:
        return old is new
    return shape(old, names_old) == shape(new, names_new)


def shape(expression: Expression, names: Names) -> Shape:
    """The shape of an expression."""
    return _shape(expression.tree, names)


def conjuncts(shapes: Iterable[Shape]) -> frozenset[Shape]:
    """The parts that must all hold, each once."""
    found: set[Shape] = set()
    for each in shapes:
        found |= set(each[1]) if each[0] == "and" else {each}
    return frozenset(found - {TRUE})


def implies(stricter: frozenset[Shape], looser: frozenset[Shape]) -> bool:
    """Whether it is plain that the looser parts hold wherever the stricter ones all do."""
    if FALSE in stricter:
        return True
    bounds = _bounds(stricter)
    return all(_follows(part, stricter, bounds) for part in looser)


def _follows(part: Shape, known: frozenset[Shape], bounds: Mapping[Shape, Interval]) -> bool:
    if part in known:
        return True
    parts: frozenset[Shape] = part[1] if part[0] == "or" else frozenset({part})
    for each in parts:
        bound = _bound(each)
        if bound is not None and bound[0] in bounds and bounds[bound[0]].within(bound[1]):
            return True
    if part[0] != "or":
        return False
    if parts & known:
        return True
    return any(each[0] == "or" and each[1] <= parts for each in known)


@dataclass(frozen=True)
class Interval:
    """Numbers between two ends, of which either may itself be outside."""

    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False

    def within(self, other: Interval) -> bool:
        """Whether every number of this one is in the other."""
        low = self.low > other.low or (
            self.low == other.low and (self.low_open or not other.low_open)
        )
        high = self.high < other.high or (
            self.high == other.high and (self.high_open or not other.high_open)
        )
        return low and high

    def both(self, other: Interval) -> Interval:
        """The numbers that are in this one and in the other."""
        low = max((self.low, self.low_open), (other.low, other.low_open))
        high = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Interval(low[0], high[0], low[1], not high[1])


def _bounds(parts: frozenset[Shape]) -> Mapping[Shape, Interval]:
    found: dict[Shape, Interval] = {}
    for part in parts:
        bound = _bound(part)
        if bound is not None:
            operand, interval = bound
            found[operand] = found.get(operand, Interval()).both(interval)
    return found


def _bound(part: Shape) -> tuple[Shape, Interval] | None:
    """What a comparison with a number says of its other side."""
    if part[0] not in ("<", "<="):
        return None
    _, left, right = part
    number_left, number_right = _number(left), _number(right)
    open_ = part[0] == "<"
    if number_right is not None and number_left is None:
        return left, Interval(high=number_right, high_open=open_)
    if number_left is not None and number_right is None:
        return right, Interval(low=number_left, low_open=open_)
    return None


def _number(part: Shape) -> float | None:
    if part[0] == "number":
        return cast("float", part[1])
    if part[0] == "negative" and part[1][0] == "number":
        return -cast("float", part[1][1])
    return None


def _shape(node: Node, names: Names) -> Shape:  # noqa: PLR0911 - one return for each kind of node
    match node:
        case Text(value):
            return ("text", value)
        case Number(value):
            return ("number", float(value))
        case Answer(name):
            return ("answer", names.renamed.get(name, name))
        case This():
            return ("this",)
        case Path(text, inside):
            return ("path", _with_new_names(text, inside, names))
        case Negative(operand):
            return ("negative", _shape(operand, names))
        case Call(function, arguments):
            return _call(function, tuple(_shape(each, names) for each in arguments), names)
        case Operation():
            return _operation(node, names)


def _call(function: str, arguments: tuple[Shape, ...], names: Names) -> Shape:
    if function == "not" and len(arguments) == 1 and arguments[0][0] in _OPPOSITE:
        inner = arguments[0]
        return (_OPPOSITE[inner[0]], *inner[1:])
    if function == "selected" and len(arguments) == _TWO:
        question, code = arguments
        one = question[0] == "answer" and question[1] in names.one_code
        if one and code[0] == "text" and code[1] and not set(" \t\n") & set(code[1]):
            return _compared("=", question, code)
    return ("call", function, *arguments)


def _operation(node: Operation, names: Names) -> Shape:
    """A chain of one operator, however long, without recursion along it."""
    operator = node.operator
    rights: list[Node] = []
    current: Node = node
    while isinstance(current, Operation) and current.operator == operator:
        rights.append(current.right)
        current = current.left
    operands = [_shape(each, names) for each in (current, *reversed(rights))]
    if operator in ("and", "or"):
        return _joined(operator, operands)
    made = operands[0]
    for each in operands[1:]:
        made = _compared(operator, made, each)
    return made


def _joined(operator: str, operands: Iterable[Shape]) -> Shape:
    parts: set[Shape] = set()
    for each in operands:
        parts |= set(each[1]) if each[0] == operator else {each}
    idle, decides = (TRUE, FALSE) if operator == "and" else (FALSE, TRUE)
    parts.discard(idle)
    if decides in parts:
        return decides
    # One part alone keeps its joint, which makes a truth of what may be none.
    return (operator, frozenset(parts)) if parts else idle


def _compared(operator: str, left: Shape, right: Shape) -> Shape:
    if operator in _TURNED:
        return (_TURNED[operator], right, left)
    if operator in _SYMMETRIC and _order(right) < _order(left):
        return (operator, right, left)
    return (operator, left, right)


def _order(part: object) -> str:
    """A text by which shapes can be put in an order that does not depend on how they came about."""
    if isinstance(part, frozenset):
        return f"{{{','.join(sorted(map(_order, cast('frozenset[object]', part))))}}}"
    if isinstance(part, tuple):
        return f"({','.join(map(_order, cast('tuple[object, ...]', part)))})"
    return repr(part)


def _with_new_names(text: str, inside: tuple[Node, ...], names: Names) -> str:
    """A location with its references renamed and its spaces evened."""
    for each in inside:
        if isinstance(each, Answer) and each.name in names.renamed:
            text = text.replace(f"${{{each.name}}}", f"${{{names.renamed[each.name]}}}")
    return " ".join(text.split())
