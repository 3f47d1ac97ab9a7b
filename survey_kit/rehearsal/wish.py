"""A wish for an answer, several at once, and whether they contradict each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from survey_kit.questionnaire.expression import Call, Negative, Node, Number, Text

MOST_ALTERNATIVES = 16
"""How many ways of making something true are followed up."""
_STEP = 1.0


class Wish(NamedTuple):
    """What an answer should be.

    `how` is is, not, least, most, has or lacks (a code), blank, some, many (codes), or anything:
    a number, day or time out of a wider range than people usually give.
    """

    how: str
    text: str = ""


Wishes: TypeAlias = Mapping[str, tuple[Wish, ...]]
"""Question -> wishes that are to come true together."""

ANYTHING: Wishes = {}


def first(found: list[Wishes]) -> list[Wishes]:
    """The first alternatives; where there are more, chance stands for the rest of them."""
    if len(found) <= MOST_ALTERNATIVES:
        return found
    return [*found[: MOST_ALTERNATIVES - 1], ANYTHING]


def merged(one: Wishes, other: Wishes) -> Wishes | None:
    """Both together; None where they contradict each other."""
    merged = dict(one)
    for key, wishes in other.items():
        together = tuple(dict.fromkeys((*merged.get(key, ()), *wishes)))
        if _contradict(together):
            return None
        merged[key] = together
    return merged


def _contradict(wishes: Sequence[Wish]) -> bool:
    exact = {each.text for each in wishes if each.how == "is"}
    denied = {each.text for each in wishes if each.how == "not"}
    has = {each.text for each in wishes if each.how == "has"}
    lacks = {each.text for each in wishes if each.how == "lacks"}
    blank = any(each.how == "blank" for each in wishes)
    return bool(
        _out_of_bounds(wishes)
        or len(exact) > 1
        or exact & denied
        or has & lacks
        or (blank and (exact or has or any(each.how == "some" for each in wishes)))
    )


def _out_of_bounds(wishes: Sequence[Wish]) -> bool:
    """Whether no number lies between the ends; one more or less is let pass."""
    numbers = [(each.how, _number(each.text)) for each in wishes]
    least = [number for how, number in numbers if how in ("least", "is") and number is not None]
    most = [number for how, number in numbers if how in ("most", "is") and number is not None]
    return bool(least and most and max(least) - min(most) > 1)


def constant(node: Node) -> str | None:
    """A text, number or truth that is written in an expression, as text; None where there is none."""
    match node:
        case Text(value):
            return value
        case Number(value):
            return _written(value)
        case Negative(Number(value)):
            return _written(-value)
        case Call("true" | "false" as word, ()):
            return word
        case Call("date" | "number" | "string", (inner,)):
            return constant(inner)
        case _:
            return None


def _written(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def holds(operator: str, left: str, right: str) -> bool:
    """Whether two constants compare as the operator says."""
    one, other = _number(left), _number(right)
    if operator in ("=", "!="):
        same = left == right if one is None or other is None else one == other
        return same == (operator == "=")
    if one is None or other is None:
        return False
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[operator]


def number_for(operator: str, wanted: str) -> str:
    """A number, or the day itself, that stands on the right side of a bound."""
    number = _number(wanted)
    if number is None:
        return wanted
    step = {"<": -_STEP, ">": _STEP, "!=": _STEP}.get(operator, 0.0)
    return _written(number + step)
