"""Conditions that can never hold, or always do: nobody is asked, or everybody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import Answer, Operation, Path, This, walk
from survey_kit.review.rule import Notice, Rule, Severity
from survey_kit.review.trees import flat
from survey_kit.review.worlds import ANYTHING

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Node as Part
    from survey_kit.review.reviewed import Located, Reviewed, Written


def _never_asked(reviewed: Reviewed) -> Iterator[Notice]:
    reasoner = reviewed.reasoner
    for located in reviewed.nodes:
        if located.parents and not reasoner.reach(located.parents[-1]):
            continue
        if not reasoner.reach(located) and not _switched_off(located):
            yield Notice(located.spot, _why(reviewed, located))


def _why(reviewed: Reviewed, located: Located) -> str:
    nobody = "nobody is asked it" if located.question else "nobody gets into it"
    relevant = located.node.relevant
    if relevant is None:
        return nobody
    reasoner = reviewed.reasoner
    if not reasoner.narrowed(ANYTHING, relevant.tree, located):
        return f"{nobody}: its relevant can never hold"
    name = reasoner.blocked_by(located)
    if name is None:
        around = located.parents[-1].node.name
        return f"{nobody}: its relevant contradicts that of the group '{around}'"
    found = reviewed.by_name[name]
    if not reasoner.reach(found):
        return f"{nobody}: it waits for '{name}', which nobody is asked"
    return f"{nobody}: who gives this answer to '{name}' is not asked '{name}'"


def _switched_off(located: Located) -> bool:
    relevant = located.node.relevant
    return relevant is not None and not depends(relevant.tree)


def depends(tree: Part) -> bool:
    """Whether an expression looks at anything that an interview holds."""
    return any(isinstance(part, Answer | This | Path) for part in walk(tree))


def _is_off(reviewed: Reviewed) -> Iterator[Notice]:
    for located in reviewed.nodes:
        around = reviewed.reasoner.reach(located.parents[-1]) if located.parents else ANYTHING
        if around and _switched_off(located) and not reviewed.reasoner.reach(located):
            yield Notice(located.spot, "it is switched off: its relevant is never true")


def _always(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        if written.key not in ("relevant", "constraint", "base", "case"):
            continue
        tree = written.expression.tree
        if not depends(tree):
            continue
        if not _can_fail(reviewed, written, tree):
            yield Notice(written.spot, "it holds whatever is answered, so it does nothing")
            continue
        for part in flat(tree, "and"):
            is_or = isinstance(part, Operation) and part.operator == "or" and depends(part)
            if is_or and not _can_fail(reviewed, written, part):
                yield Notice(
                    written.spot,
                    "one part of it, an 'or', holds whatever is answered",
                )


def _can_fail(reviewed: Reviewed, written: Written, tree: Part) -> bool:
    reasoner = reviewed.reasoner
    if written.key == "constraint" and written.owner is not None:
        return bool(reasoner.refused(written.owner, tree))
    return bool(reasoner.narrowed(ANYTHING, tree, written.owner, holding=False))


def _part_never(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        if written.key not in ("relevant", "constraint", "base", "case"):
            continue
        parts = list(_alternatives(written.expression.tree))
        if len(parts) == 1 or not _can_hold(reviewed, written, written.expression.tree):
            continue
        for number, part in enumerate(parts, start=1):
            if depends(part) and not _can_hold(reviewed, written, part):
                yield Notice(
                    written.spot,
                    f"of the {len(parts)} parts between its 'or', the {_nth(number)} can never hold",
                )


def _can_hold(reviewed: Reviewed, written: Written, tree: Part) -> bool:
    reasoner = reviewed.reasoner
    if written.key == "constraint" and written.owner is not None:
        return bool(reasoner.passing(written.owner, tree)) or not reasoner.reach(written.owner)
    return bool(reasoner.narrowed(ANYTHING, tree, written.owner))


def _alternatives(tree: Part) -> Iterator[Part]:
    yield from flat(tree, "or")


def _nth(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


def _nobody_passes(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        if question.constraint is None or not reviewed.reasoner.reach(located):
            continue
        if not reviewed.reasoner.passing(located, question.constraint.tree):
            what = "no answer passes it"
            if not depends(question.constraint.tree):
                what = "no answer passes it, whatever it is"
            yield Notice(located.spot.part("constraint"), what)


NEVER_ASKED = Rule(
    code="Q101",
    name="never-asked",
    severity=Severity.ERROR,
    summary="A question, group or repeat that no interview can reach",
    why=(
        "Its relevant, with those of the groups around it and of the questions it waits for, was"
        " proven impossible. Phones say nothing; the column comes back empty."
    ),
    remedy="Compare the codes and numbers in its relevant with the questions they come from",
    check=_never_asked,
)

SWITCHED_OFF = Rule(
    code="Q102",
    name="switched-off",
    severity=Severity.NOTE,
    summary="A question or group whose relevant is never true, written so on purpose",
    why="Somebody put it away with false(). That is allowed; only make sure that it is still meant.",
    remedy="Remove it if it is no longer needed",
    check=_is_off,
)

NOBODY_PASSES = Rule(
    code="Q103",
    name="impossible-constraint",
    severity=Severity.ERROR,
    summary="A constraint that no answer can satisfy",
    why="Whoever reaches the question is stuck there: no answer is accepted.",
    remedy="Check its 'and' and 'or', its numbers, and the codes in it",
    check=_nobody_passes,
)

ALWAYS = Rule(
    code="Q104",
    name="always-true",
    severity=Severity.WARNING,
    summary="A condition, or one part of it, that holds whatever is answered",
    why="Often an 'or' between two '!=' where an 'and' was meant: then it excludes nobody.",
    remedy="Write 'and' where both must hold, or remove the condition",
    check=_always,
)

PART_NEVER = Rule(
    code="Q105",
    name="part-never-true",
    severity=Severity.WARNING,
    summary="One part of an 'or' that can never hold",
    why="The people meant by that part are left out, and nobody notices.",
    remedy="Check the codes and numbers of that part",
    check=_part_never,
)
