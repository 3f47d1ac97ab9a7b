"""Who may look at whom: later questions, rows of a repeat from outside, a constraint at itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Negative,
    Operation,
    This,
    walk,
)
from survey_kit.questionnaire.model import Group
from survey_kit.review.rule import Notice, Rule, Severity
from survey_kit.review.trees import truth_in

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Node as Part
    from survey_kit.review.reviewed import Located, Reviewed, Written

_OF_ROWS = frozenset(
    [
        "area",
        "boolean",
        "concat",
        "count",
        "count-non-empty",
        "distance",
        "enclosed-area",
        "geofence",
        "indexed-repeat",
        "intersects",
        "join",
        "max",
        "min",
        "position",
        "randomize",
        "sum",
        "jr:itext",
        "once",
        "last",
    ]
)


def _later(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        here = written.owner
        if written.key not in ("relevant", "count", "choice_filter") or here is None:
            continue
        for name in written.expression.answers:
            found = reviewed.by_name.get(name)
            question = found.question if found else None
            if found is None or question is None or not question.type.asked:
                continue
            if question.calculation is not None or question.read_only:
                continue
            if found.order > here.order and not _on_one_screen(here, found):
                yield Notice(
                    written.spot,
                    f"it looks at '{name}', which is asked later",
                    f"Ask '{name}' first, or move this behind it",
                )


def _on_one_screen(one: Located, other: Located) -> bool:
    shared = [each for each in one.parents if each in other.parents]
    return any(
        isinstance(each.node, Group) and "field-list" in (each.node.appearance or "").split()
        for each in shared
    )


def _from_outside(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        if written.owner is None:
            continue
        around = _rows_around(reviewed, written)
        for name in dict.fromkeys(_bare(written.expression.tree)):
            found = reviewed.by_name.get(name)
            if found is None or not found.repeats or found.question is None:
                continue
            if not any(found.repeats == each[: len(found.repeats)] for each in around):
                repeat = found.repeats[-1]
                yield Notice(
                    written.spot,
                    f"'{name}' is answered in each row of the repeat '{repeat}', and no row is "
                    "meant here",
                    f"Say which: indexed-repeat(${{{name}}}, ${{{repeat}}}, 1), or sum(), max(), "
                    "join() of all",
                )


def _rows_around(reviewed: Reviewed, written: Written) -> list[tuple[str, ...]]:
    """The repeats in one row of which an expression is worked out, outermost first.

    A filter of choices that are taken from a repeat is tried in each of its rows.
    """
    owner = written.owner
    if owner is None:
        return []
    around, question = [owner.repeats], owner.question
    if written.key == "choice_filter" and question is not None and question.choices_from:
        source = reviewed.by_name.get(question.choices_from)
        around += [source.repeats] if source is not None else []
    return around


def _bare(tree: Part) -> Iterator[str]:
    """Names that stand for one answer: not within a function of many rows, nor in a location."""
    waiting = [tree]
    while waiting:
        match waiting.pop():
            case Answer(name):
                yield name
            case Operation(_, left, right):
                waiting += [right, left]
            case Negative(operand):
                waiting.append(operand)
            case Call(function, arguments) if function not in _OF_ROWS:
                waiting += reversed(arguments)
            case _:
                pass


def _not_itself(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        here = written.owner
        if written.key != "constraint" or here is None or here.question is None:
            continue
        tree = written.expression.tree
        if truth_in(tree) is not None or not here.question.type.asked:
            continue
        if here.question.type.name in ("note", "acknowledge"):
            continue
        looks = any(
            isinstance(part, This) or (isinstance(part, Answer) and part.name == here.node.name)
            for part in walk(tree)
        )
        if not looks and ".." not in written.expression.source:
            yield Notice(written.spot, "it does not look at the answer that it is to judge")


def _by_its_name(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        if written.key == "constraint" and written.owner is not None:
            name = written.owner.node.name
            if name in written.expression.answers:
                yield Notice(written.spot, f"it calls its own answer ${{{name}}}")


def _clock(reviewed: Reviewed) -> Iterator[Notice]:
    kinds = {question.type.name for _, question in reviewed.questions}
    if kinds & {"today", "start", "end"}:
        return
    for written in reviewed.written:
        if written.key not in ("relevant", "constraint", "required", "choice_filter"):
            continue
        for function in _clocks_in(written):
            yield Notice(
                written.spot,
                f"it depends on {function}(), and the form records no moment of the interview",
            )
            break


def _clocks_in(written: Written) -> Iterator[str]:
    for part in walk(written.expression.tree):
        if isinstance(part, Call) and part.function in ("today", "now"):
            yield part.function


LATER = Rule(
    code="Q310",
    name="asked-later",
    severity=Severity.WARNING,
    summary="A condition that looks at a question which is asked later",
    why="When it is tried, there is no answer yet; the question appears behind one's back.",
    remedy="Change the order",
    check=_later,
)

NOT_ITSELF = Rule(
    code="Q311",
    name="constraint-without-answer",
    severity=Severity.WARNING,
    summary="A constraint that does not look at its own answer",
    why="Whatever is answered, the message comes or does not come: no answer mends it.",
    remedy="Say what is accepted with a full stop, such as . > 0",
    check=_not_itself,
)

BY_NAME = Rule(
    code="Q312",
    name="constraint-by-name",
    severity=Severity.NOTE,
    summary="A constraint that calls its own answer by name",
    why="It works in Collect; the full stop is what the standard says, and is never another row.",
    remedy="Write a full stop",
    check=_by_its_name,
)

FROM_OUTSIDE = Rule(
    code="Q313",
    name="row-from-outside",
    severity=Severity.ERROR,
    summary="An answer in a repeat that is looked at from outside, without saying which row",
    why="With one row it works; with two, Collect stops with an error, and others take the first.",
    remedy="Say which row, or sum up all of them",
    check=_from_outside,
)

CLOCK = Rule(
    code="Q314",
    name="unrecorded-clock",
    severity=Severity.NOTE,
    summary="A condition on today() or now() in a form that records no moment",
    why="Afterwards nobody can say what the condition was, so the answers cannot be checked.",
    remedy="Add a question of type start or today",
    check=_clock,
)
