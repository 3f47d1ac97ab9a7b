"""Answers that wait for each other: no relevant or calculation may lead back to itself.

A question waits for every question in its own relevant and calculation, and in the
relevants of the groups and repeats around it. (A constraint may look at its own
question: it is tried after the answer.) What stands inside ``indexed-repeat()`` is left
out, since it reaches for another row of the repeat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import Answer, Call, Negative, Operation, This
from survey_kit.questionnaire.model import Place
from survey_kit.questionnaire.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from survey_kit.questionnaire.expression import Node
    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.model import Item, Questionnaire

_NOWHERE = Place("questionnaire")


def check_cycles(questionnaire: Questionnaire, faults: Faults) -> None:
    """Note every question that waits for itself, alone or in a ring, each ring once."""
    known = {item.question.name: item for item in questionnaire.items}
    waits = {name: tuple(n for n in _waits_for(item) if n in known) for name, item in known.items()}
    for item in questionnaire.items:
        _check_alone(item, faults)
    for ring in _rings(waits):
        if len(ring) == 1:
            continue
        first = known[ring[0]].question
        others = listed(f"'{name}'" for name in ring[1:])
        faults.doubt(
            first.source or _NOWHERE,
            f"question '{first.name}'",
            f"it waits for itself through {others}",
            "Take one of these references out of a relevant or calculation",
        )


def _check_alone(item: Item, faults: Faults) -> None:
    question = item.question
    for what, expression in (
        ("relevant", question.relevant),
        ("calculation", question.calculation),
    ):
        if expression is None:
            continue
        reached = set(_reaches(expression.tree))
        if question.name in reached or (what == "relevant" and "." in reached):
            faults.doubt(
                question.source or _NOWHERE,
                f"question '{question.name}', {what}",
                f"the {what} refers to the question itself",
                "Refer to a question that comes before it",
            )
    for gate in item.gates:
        if question.name in set(_reaches(gate.tree)):
            faults.doubt(
                question.source or _NOWHERE,
                f"question '{question.name}'",
                "the group around it is relevant only after the question is answered",
                "Move the question out of the group, or change the relevant of the group",
            )


def _waits_for(item: Item) -> Iterator[str]:
    question = item.question
    for expression in (question.relevant, question.calculation, *item.gates):
        if expression is not None:
            yield from _reaches(expression.tree)


def _reaches(tree: Node) -> Iterator[str]:
    stack = [tree]
    while stack:
        match stack.pop():
            case Answer(name):
                yield name
            case This():
                yield "."
            case Call(function, arguments) if function != "indexed-repeat":
                stack.extend(arguments)
            case Operation(_, left, right):
                stack.extend((left, right))
            case Negative(operand):
                stack.append(operand)
            case _:
                pass


def _rings(waits: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """One ring for each way back that a walk in order meets (depth first, without recursion)."""
    done: set[str] = set()
    for start in waits:
        if start in done:
            continue
        path: list[str] = [start]
        places: dict[str, int] = {start: 0}
        todo = [iter(waits[start])]
        while todo:
            name = next(todo[-1], None)
            if name is None:
                todo.pop()
                done.add(path[-1])
                del places[path.pop()]
            elif name in places:
                yield tuple(path[places[name] :])
            elif name not in done:
                places[name] = len(path)
                path.append(name)
                todo.append(iter(waits[name]))
