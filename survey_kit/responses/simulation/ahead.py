"""What a form looks at that is only settled later: the clock, the size of a repeat, a later answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import Answer, Call, Path, walk
from survey_kit.questionnaire.model import Group, Question, Repeat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.model import Node, Questionnaire

_MOMENTS = ("start", "end")


def reads_the_clock(questionnaire: Questionnaire) -> bool:
    """Whether an expression depends on the moment of the interview, not only on its noted day."""
    types = {item.question.name: item.question.type.name for item in questionnaire.items}
    noted_day = "today" in types.values()
    for _, expression in expressions_of(questionnaire.nodes):
        for node in walk(expression.tree):
            match node:
                case Call("now", ()):
                    return True
                case Call("today", ()) if not noted_day:
                    return True
                case Answer(name) if types.get(name) in _MOMENTS:
                    return True
                case _:
                    pass
    return False


def sizes_of_repeats(questionnaire: Questionnaire) -> frozenset[str]:
    """Names of the questions that decide, directly or by calculations, how many rows there are."""
    calculations = {
        item.question.name: item.question.calculation
        for item in questionnaire.items
        if item.question.calculation is not None
    }
    waiting = [
        name
        for repeat, *_ in questionnaire.repeats.values()
        if repeat.count is not None
        for name in _names(repeat.count)
    ]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        if name in calculations:
            waiting.extend(_names(calculations[name]))
    return frozenset(found)


def looks_ahead(questionnaire: Questionnaire) -> bool:
    """Whether a rule of the form may depend on an answer that comes later in the interview."""
    order = {node.name: place for place, node in enumerate(_all(questionnaire.nodes))}
    for node, expression in expressions_of(questionnaire.nodes):
        if isinstance(node, Question) and expression is node.calculation:
            continue
        here = order[node.name]
        for each in walk(expression.tree):
            match each:
                case Answer(name) if order.get(name, -1) > here:
                    return True
                case Path(text) if "/" in text or ".." in text:
                    return True
                case _:
                    pass
    return bool(_calculated_late(questionnaire, order))


def _calculated_late(questionnaire: Questionnaire, order: dict[str, int]) -> list[str]:
    """Calculations that refer to a later answer: whatever looks at them looks ahead."""
    return [
        item.key
        for item in questionnaire.items
        if item.question.calculation is not None
        and any(
            order.get(name, -1) > order[item.question.name]
            for name in item.question.calculation.answers
        )
    ]


def _names(expression: Expression) -> list[str]:
    paths = (node.text for node in walk(expression.tree) if isinstance(node, Path))
    return [*expression.answers, *(path.rstrip("/").rpartition("/")[2] for path in paths)]


def _all(nodes: tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        if isinstance(node, (Group, Repeat)):
            yield from _all(node.nodes)


def expressions_of(nodes: tuple[Node, ...]) -> Iterator[tuple[Node, Expression]]:
    """Every expression that decides what is asked, offered, taken or worked out, with its node."""
    for node in _all(nodes):
        match node:
            case Question():
                own = (
                    node.relevant,
                    node.constraint,
                    node.required,
                    node.calculation,
                    node.choice_filter,
                )
            case Repeat():
                own = (node.relevant, node.count)
            case Group():
                own = (node.relevant,)
        yield from ((node, each) for each in own if each is not None)
