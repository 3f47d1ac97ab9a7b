"""What a constraint, a pattern or a parameter lets an answer be: how much room it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite

from survey_kit.questionnaire.expression import (
    Call,
    Expression,
    Negative,
    Node,
    Number,
    Operation,
    Text,
    This,
    walk,
)
from survey_kit.questionnaire.model import Question

WIDEST_SCALE = 21
"""Values of a range that fit into a row."""
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "="}
_PARAMETER = re.compile(r"([\w-]+)\s*=\s*([^\s;,]+)")
_PATTERN_DIGITS = re.compile(r"\^?(?:\[0-9\]|\\d)\{(?:\d+,)?(\d+)\}\$?")


def parameters(question: Question) -> dict[str, str]:
    """The parameters of a question: ``start=0 end=10``."""
    return dict(_PARAMETER.findall(question.parameters or ""))


def range_values(given: Mapping[str, str]) -> tuple[str, ...] | None:
    """The values of a range; None where they are too many for a row, or not numbers."""
    try:
        start, end = float(given.get("start", "1")), float(given.get("end", "10"))
        step = abs(float(given.get("step", "1")))
    except ValueError:
        return None
    if not all(map(isfinite, (start, end, step))) or step == 0:
        return None
    if abs(end - start) / step > WIDEST_SCALE - 1:
        return None
    sign = 1 if end >= start else -1
    number = int(abs(end - start) / step + 1e-9)
    return tuple(f"{round(start + sign * step * place, 6):g}" for place in range(number + 1))


def bounds(constraint: Expression | None) -> tuple[float | None, float | None]:
    """The smallest and largest number that a constraint speaks of; None where it sets none.

    In ``(. >= 0 and . <= 120) or . = 999`` the largest is 999: the box must hold it.
    """
    if constraint is None:
        return None, None
    low: list[float] = []
    high: list[float] = []
    specials: list[float] = []
    for node in walk(constraint.tree):
        if not isinstance(node, Operation) or node.operator not in _TURNED:
            continue
        operator, value = node.operator, _constant(node.right)
        if not isinstance(node.left, This):
            operator, value = _TURNED[operator], _constant(node.left)
        if value is None or not (isinstance(node.left, This) or isinstance(node.right, This)):
            continue
        {"<": high, "<=": high, ">": low, ">=": low, "=": specials}[operator].append(value)
    if high or not low:
        high += specials
    return min([*low, *specials], default=None), max(high, default=None)


def _constant(node: Node) -> float | None:
    match node:
        case Number(value):
            return value
        case Negative(Number(value)):
            return -value
        case _:
            return None


def digits_of(value: float) -> int:
    """How many digits a number has before its point."""
    return len(str(int(min(abs(value), 1e15))))


def pattern_digits(constraint: Expression | None) -> int | None:
    """How many digits a pattern admits at most, where it admits nothing else."""
    if constraint is None:
        return None
    match constraint.tree:
        case Call("regex", (This(), Text(pattern))):
            found = _PATTERN_DIGITS.fullmatch(pattern)
            return min(int(found[1]), 20) if found else None
        case _:
            return None
