"""Where to go on after an answer, worked out from the conditions of what follows.

Some answers are known and every other is not. A condition then holds, does not hold, or cannot
be told (True, False, None: Kleene's logic). What certainly is not asked is passed over, and
counts as blank for what comes after it; the first thing that may be asked, read aloud or
worked out is where to go on. So nobody is led past a question that should have been asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Expression,
    Node,
    Number,
    Operation,
    Path,
    Text,
)
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.sentence import written_number

COLUMN = "./"
"""Before the name of a column, where the columns of a choice are known too."""


def goes_on(
    items: Sequence[Item],
    start: int,
    known: Mapping[str, str],
    shown: Callable[[Item], bool],
    *,
    around: tuple[str, ...] = (),
    passed: Callable[[Item], bool] | None = None,
) -> int | None:
    """Where the interview goes on behind a position, where some answers are known.

    Parameters
    ----------
    items
        Every item in the order of the paper.
    known
        Key -> answer; empty where nothing was answered.
    shown
        Whether something of an item is on the paper.
    around
        The repeats that the answers belong to, outermost first.
    passed
        What is known in another way not to be asked.

    Returns
    -------
    int or None
        The position of the first shown item that may be asked, ``len(items)`` where none of what
        follows is; None where it would lead out of the roster, which has other entries.
    """
    told = dict(known)
    for position in range(start + 1, len(items)):
        item = items[position]
        if around and item.repeats != around:
            return None
        if (passed is not None and passed(item)) or _asked(item, told) is False:
            told[item.key] = ""
        elif shown(item):
            return position
        else:
            told.pop(item.key, None)
    return None if around else len(items)


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
            as_numbers = isinstance(left, Number) or isinstance(right, Number)
            same = _equal(one, other) if as_numbers else one == other
            return same == (node.operator == "=")
        case Call("not", (inner,)):
            verdict = holds(inner, known)
            return None if verdict is None else not verdict
        case Call("selected", (left, right)):
            codes, code = _value(left, known), _value(right, known)
            return None if codes is None or code is None else _selected(codes, code)
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
        case Path(column, ()):
            return known.get(f"{COLUMN}{column}")
        case Text(text):
            return text
        case Number(number):
            return written_number(number)
        case _:
            return None


def _selected(codes: str, code: str) -> bool:
    """Whether a code is among others, as JavaRosa looks: between spaces."""
    return f" {code.strip()} " in f" {codes.strip()} "


def _equal(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        return False
