"""The functions of an expression that work on numbers and truths."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from survey_kit.responses.logic.value import (
    MILLISECONDS_A_DAY,
    Floats,
    Kind,
    Truths,
    Value,
    as_numbers,
    as_truths,
    choose,
    is_blank,
    of_number,
    of_numbers,
    of_truths,
)

Arguments: TypeAlias = Sequence[Value]
Body: TypeAlias = Callable[[Arguments], Value]

_MOST_PLACES = 30
_LARGEST_LONG = 2.0**63
SMALLEST_POSITIVE = 5e-324
"""Java's Double.MIN_VALUE, with which max() begins: max(-1, -2) is this, not -1."""


def whole(numbers: Floats) -> Floats:
    """Without decimals, towards zero (XPathFuncExpr.toInt)."""
    return np.where(np.abs(numbers) < _LARGEST_LONG, np.trunc(numbers), numbers)


def _round(arguments: Arguments) -> Value:
    numbers = as_numbers(arguments[0])
    places = as_numbers(arguments[1]) if len(arguments) > 1 else np.zeros(1)
    pairs = np.stack(np.broadcast_arrays(numbers, places))
    different, codes = np.unique(pairs, axis=1, return_inverse=True)
    rounded = np.array([_rounded(float(number), float(to)) for number, to in different.T])
    return of_numbers(rounded[codes.reshape(-1)])


def _rounded(number: float, to: float) -> float:
    """Half away from zero if positive, towards zero if negative; -1 rounds to tens.

    Nought comes out without a minus, since BigDecimal has none: hence + 0.0.
    """
    if math.isnan(number) or math.isinf(number):
        return number
    places = 0 if math.isnan(to) else math.trunc(max(-100.0, min(100.0, to)))
    if abs(places) > _MOST_PLACES:
        return math.nan
    exact = Decimal(repr(number))
    if places >= 0:
        way = ROUND_HALF_DOWN if number < 0 else ROUND_HALF_UP
        step = Decimal(1).scaleb(-places)
        digits = max(1, exact.adjusted() + places + 2)
        if digits > 28:  # noqa: PLR2004 - the precision of decimal; a float has no such digits
            return number
        return float(exact.quantize(step, rounding=way)) + 0.0
    scaled = Decimal(math.trunc(float(exact.scaleb(places)) + 0.5))
    return float(scaled.scaleb(-places)) + 0.0


def double(value: Value) -> Floats:
    """As a number, a moment with its part of a day (XPathFuncExpr.toDouble)."""
    numbers = as_numbers(value)
    if Kind.MOMENT in value.present:
        days = value.moments / MILLISECONDS_A_DAY
        return np.where(value.kinds == Kind.MOMENT, days, numbers)
    return numbers


def largest(values: Sequence[Floats]) -> Floats:
    """The largest of several numbers, leaving out what is no number."""
    return _extreme(values, np.fmax, np.array([SMALLEST_POSITIVE]))


def smallest(values: Sequence[Floats]) -> Floats:
    """The smallest of several numbers, leaving out what is no number."""
    return _extreme(values, np.fmin, np.array([np.finfo(np.float64).max]))


def _extreme(
    values: Sequence[Floats], pick: Callable[[Floats, Floats], Floats], begin: Floats
) -> Floats:
    found, none = begin, np.ones(1, dtype=np.bool_)
    for numbers in values:
        found, none = pick(found, numbers), none & np.isnan(numbers)
    return np.where(none, np.nan, found)


def _coalesce(arguments: Arguments) -> Value:
    first, second = arguments
    return choose(_nothing(first), second, first)


def _nothing(value: Value) -> Truths:
    return is_blank(value) | ((value.kinds == Kind.NUMBER) & np.isnan(value.numbers))


def _if(arguments: Arguments) -> Value:
    return choose(as_truths(arguments[0]), arguments[1], arguments[2])


def _checklist(arguments: Arguments) -> Value:
    fewest, most = (np.trunc(np.nan_to_num(as_numbers(each))) for each in arguments[:2])
    count = sum((as_truths(each).astype(np.float64) for each in arguments[2:]), np.zeros(1))
    return of_truths(((fewest < 0) | (count >= fewest)) & ((most < 0) | (count <= most)))


def _weighted_checklist(arguments: Arguments) -> Value:
    fewest, most = (as_numbers(each) for each in arguments[:2])
    total = np.zeros(1)
    for flag, weight in zip(arguments[2::2], arguments[3::2], strict=True):
        total = total + np.where(as_truths(flag), as_numbers(weight), 0.0)
    return of_truths((total >= fewest) & (total <= most))


def _computed(compute: Callable[..., Floats]) -> Body:
    def body(arguments: Arguments) -> Value:
        with np.errstate(all="ignore"):
            return of_numbers(compute(*(double(each) for each in arguments)))

    return body


def _ten_to(numbers: Floats) -> Floats:
    return np.power(10.0, numbers)


def _as_numbers(compute: Callable[[Floats], Floats]) -> Body:
    return lambda arguments: of_numbers(compute(as_numbers(arguments[0])))


NUMBER_FUNCTIONS: Mapping[str, Body] = MappingProxyType(
    {
        "true": lambda _: of_truths(np.ones(1, dtype=np.bool_)),
        "false": lambda _: of_truths(np.zeros(1, dtype=np.bool_)),
        "not": lambda arguments: of_truths(~as_truths(arguments[0])),
        "boolean": lambda arguments: of_truths(as_truths(arguments[0])),
        "if": _if,
        "coalesce": _coalesce,
        "checklist": _checklist,
        "weighted-checklist": _weighted_checklist,
        "depend": lambda arguments: arguments[0],
        "number": _as_numbers(lambda numbers: numbers),
        "int": _as_numbers(whole),
        "round": _round,
        "abs": _computed(np.abs),
        "pow": _computed(np.power),
        "sqrt": _computed(np.sqrt),
        "exp": _computed(np.exp),
        "exp10": _computed(_ten_to),
        "log": _computed(np.log),
        "log10": _computed(np.log10),
        "sin": _computed(np.sin),
        "cos": _computed(np.cos),
        "tan": _computed(np.tan),
        "asin": _computed(np.arcsin),
        "acos": _computed(np.arccos),
        "atan": _computed(np.arctan),
        "atan2": _computed(np.arctan2),
        "pi": lambda _: of_number(math.pi),
        "max": lambda arguments: of_numbers(largest([as_numbers(each) for each in arguments])),
        "min": lambda arguments: of_numbers(smallest([as_numbers(each) for each in arguments])),
    }
)
