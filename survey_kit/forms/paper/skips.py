"""Where to go on after an answer, worked out from the conditions of what follows.

One answer is known and every other is not. A condition then holds, does not hold, or cannot
be told (True, False, None: Kleene's logic). What certainly is not asked is passed over, and
counts as blank for what comes after it; the first question that may be asked is where to go
on. So an arrow never skips a question that somebody should have been asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Expression,
    Node,
    Number,
    Operation,
    Text,
)
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.sentence import written_number


def goes_on(items: Sequence[Item], start: int, code: str, repeat: tuple[str, ...]) -> int | None:
    """Where the interview goes on when the question at `start` is answered with a code.

    Parameters
    ----------
    items
        Every item in the order of the interview.
    repeat
        The repeats that the question stands in: an arrow does not leave them.

    Returns
    -------
    int or None
        The position of the first item that may be asked; None where none of what follows is.
    """
    known: dict[str, str] = {items[start].question.name: code}
    for position in range(start + 1, len(items)):
        item = items[position]
        if item.repeats[: len(repeat)] != repeat:
            return position
        if _asked(item, known) is not False:
            if item.question.type.asked:
                return position
            known.pop(item.question.name, None)
        else:
            known[item.question.name] = ""
    return None


def _asked(item: Item, known: Mapping[str, str]) -> bool | None:
    conditions: list[Expression] = list(item.gates)
    if item.question.relevant is not None:
        conditions.append(item.question.relevant)
    verdicts = [holds(condition.tree, known) for condition in conditions]
    if False in verdicts:
        return False
    return None if None in verdicts else True


def holds(  # noqa: PLR0911 - one return for each kind of condition
    node: Node, known: Mapping[str, str]
) -> bool | None:
    """Whether a condition holds where only some answers are known; None where that is open."""
    match node:
        case Operation("and" | "or"):
            return _joined(node, known)
        case Operation("=" | "!=", left, right):
            one, other = _value(left, known), _value(right, known)
            if one is None or other is None:
                return None
            return _equal(one, other) == (node.operator == "=")
        case Call("not", (inner,)):
            verdict = holds(inner, known)
            return None if verdict is None else not verdict
        case Call("selected", (left, Text(code))):
            answer = _value(left, known)
            return None if answer is None else code in answer.split()
        case Call("selected", (Text(codes), right)):
            answer = _value(right, known)
            return None if answer is None else answer in codes.split()
        case Call("true" | "false", ()):
            return node.function == "true"
        case _:
            return None


def _joined(node: Operation, known: Mapping[str, str]) -> bool | None:
    deciding = node.operator == "or"
    waiting: list[Node] = [node]
    open_ = False
    while waiting:
        current = waiting.pop()
        if isinstance(current, Operation) and current.operator == node.operator:
            waiting += (current.left, current.right)
            continue
        verdict = holds(current, known)
        if verdict is deciding:
            return deciding
        open_ = open_ or verdict is None
    return None if open_ else not deciding


def _value(node: Node, known: Mapping[str, str]) -> str | None:
    match node:
        case Answer(name):
            return known.get(name)
        case Text(text):
            return text
        case Number(number):
            return written_number(number)
        case _:
            return None


def _equal(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        return False
