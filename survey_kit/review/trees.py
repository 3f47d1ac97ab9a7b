"""What stands in the tree of an expression: its parts, its constants, its conditions."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import Call, Negative, Number, Operation, Text
from survey_kit.review.possible_values import MIRRORED, number_in

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Node as Part
    from survey_kit.review.possible_values import Constant

COMPARISONS = frozenset(MIRRORED)
ARITHMETIC = frozenset({"+", "-", "*", "div", "mod"})
_EPOCH = date(1970, 1, 1).toordinal()


def flat(part: Part, operator: str) -> list[Part]:
    """The parts of a chain of one operator, in order, however long it is.

    >>> from survey_kit.questionnaire.parser import parse
    >>> len(flat(parse("1 or (2 or 3) or 4", "here").tree, "or"))
    4
    """
    found: list[Part] = []
    waiting = [part]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Operation) and each.operator == operator:
            waiting += [each.right, each.left]
        else:
            found.append(each)
    return found


def constant(part: Part) -> Constant | None:
    """The value of what never changes: a text, a number, a written day (in days since 1970)."""
    match part:
        case Text(value):
            return value
        case Number(value):
            return value
        case Negative(Number(value)):
            return -value
        case Call("date", (Text(value),)):
            return day_number(value)
        case Call("number" | "int", (Text(value),)):
            number = number_in(value)
            return None if math.isnan(number) or number != int(number) else number
        case _:
            return None


def day_number(text: str) -> float | None:
    """Days since 1970 of a day written as 2024-01-31; None for anything else."""
    try:
        return float(date.fromisoformat(text).toordinal() - _EPOCH)
    except ValueError:
        return None


def truth_in(part: Part) -> bool | None:
    """Whether something is true, where it is so always: true(), 0, ''; None if it depends."""
    match part:
        case Call("true" | "false" as word, ()):
            return word == "true"
        case Number(value):
            return value != 0
        case Text(value):
            return bool(value)
        case _:
            return None


def is_condition(part: Part) -> bool:
    """Whether something is true or false, and not a text or a number."""
    match part:
        case Operation(operator):
            return operator in COMPARISONS or operator in ("and", "or")
        case Call(function):
            return function in ("selected", "is-selected", "not", "boolean", "true", "false")
        case _:
            return False
