"""The operators of an expression, on values. Follows XPathEqExpr, XPathCmpExpr, XPathArithExpr.

A blank answer is the empty text. So ``${age} != 18`` is true of a blank, ``${age} < 18`` is
false of it, and ``${age} + 1`` is not a number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from survey_kit.responses.logic.value import (
    TINY,
    Floats,
    Kind,
    Texts,
    Truths,
    Value,
    as_numbers,
    as_texts,
    as_truths,
    of_numbers,
    of_truths,
)

Operator: TypeAlias = Callable[[Value, Value], Value]


def equal(one: Value, other: Value) -> Truths:
    """(n,) or (1,) bool: compared as truths if one is a truth, as numbers if one is a number.

    Otherwise as texts, a moment being the text of its day.
    """
    truth = (one.kinds == Kind.TRUTH) | (other.kinds == Kind.TRUTH)
    number = ((one.kinds == Kind.NUMBER) | (other.kinds == Kind.NUMBER)) & ~truth
    result = np.zeros(1, dtype=np.bool_)
    for rows, compare in (
        (truth, _same_truths),
        (number, _same_numbers),
        (~(truth | number), _same_texts),
    ):
        if rows.all():
            return compare(one, other)
        if rows.any():
            result = np.where(rows, compare(one, other), result)
    return result


def _same_truths(one: Value, other: Value) -> Truths:
    return as_truths(one) == as_truths(other)


def _same_numbers(one: Value, other: Value) -> Truths:
    with np.errstate(invalid="ignore"):
        return np.abs(as_numbers(one) - as_numbers(other)) < TINY


def _same_texts(one: Value, other: Value) -> Truths:
    left, right = _textual(one), _textual(other)
    for constant, column in ((left, right), (right, left)):
        if len(constant.words) == 1:
            return column.where(column.words == constant.words[0])
    number = {word: position for position, word in enumerate((*left.words, *right.words))}
    left_numbers = np.array([number[word] for word in left.words], dtype=np.int64)
    right_numbers = np.array([number[word] for word in right.words], dtype=np.int64)
    return left_numbers[left.codes] == right_numbers[right.codes]


def _textual(value: Value) -> Texts:
    """Its texts and days; rows that are numbers or truths are not looked at."""
    return as_texts(value) if Kind.MOMENT in value.present else value.texts


def _compared(compare: Callable[[Floats, Floats], Truths]) -> Operator:
    return lambda one, other: of_truths(compare(as_numbers(one), as_numbers(other)))


def _computed(compute: Callable[[Floats, Floats], Floats]) -> Operator:
    def operator(one: Value, other: Value) -> Value:
        with np.errstate(all="ignore"):
            return of_numbers(compute(as_numbers(one), as_numbers(other)))

    return operator


OPERATORS: Mapping[str, Operator] = MappingProxyType(
    {
        "or": lambda one, other: of_truths(as_truths(one) | as_truths(other)),
        "and": lambda one, other: of_truths(as_truths(one) & as_truths(other)),
        "=": lambda one, other: of_truths(equal(one, other)),
        "!=": lambda one, other: of_truths(~equal(one, other)),
        "<": _compared(np.less),
        "<=": _compared(np.less_equal),
        ">": _compared(np.greater),
        ">=": _compared(np.greater_equal),
        "+": _computed(np.add),
        "-": _computed(np.subtract),
        "*": _computed(np.multiply),
        "div": _computed(np.divide),
        "mod": _computed(np.fmod),
    }
)
"""What stands between two operands -> what it does. JavaRosa does not know ``|`` either."""
