"""Questions that must be answered and cannot be, and calculations and messages nobody sees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.words import REFERENCE
from survey_kit.review.reviewed import trigger_of
from survey_kit.review.rule import Notice, Rule, Severity
from survey_kit.review.trees import truth_in

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Question
    from survey_kit.review.reviewed import Reviewed


def _may_be_required(question: Question) -> bool:
    return question.required is not None and truth_in(question.required.tree) is not False


def _required_note(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        if question.type.name == "note" and _may_be_required(question):
            yield Notice(
                located.spot,
                "a note is required: while it is shown, the interview cannot be finished",
            )


def _required_read_only(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        filled_in = question.calculation or question.default or trigger_of(question)
        if (
            question.read_only
            and not filled_in
            and _may_be_required(question)
            and question.type.name != "note"
        ):
            yield Notice(located.spot, "it is required and read-only, and nothing fills it in")


def _no_message(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        if (
            question.constraint is not None
            and not question.constraint_message
            and question.type.asked
        ):
            yield Notice(located.spot, "its constraint has no message of its own")


def _unused_calculation(reviewed: Reviewed) -> Iterator[Notice]:
    whole = reviewed.whole
    used = set(reviewed.referred_to) | set(whole.weight_margins)
    sources = [text for each in reviewed.spoken for text in each.texts.values()]
    sources += [
        text for each in reviewed.nodes for text in (*each.node.extra.values(), "") if "${" in text
    ]
    sources += [question.default or "" for _, question in reviewed.questions]
    sources += [question.parameters or "" for _, question in reviewed.questions]
    sources += [*whole.settings.values()]
    sources += [each.expression.source for each in reviewed.written]
    for text in sources:
        if "${" in text:
            used.update(REFERENCE.findall(text))
    for located, question in reviewed.questions:
        if question.type.name != "calculate" or question.name in used:
            continue
        if "save_to" in question.extra or any("entities" in key for key in question.extra):
            continue
        yield Notice(located.spot, "nothing in the form uses it")


REQUIRED_NOTE = Rule(
    code="Q230",
    name="required-note",
    severity=Severity.WARNING,
    summary="A note that is required",
    why=(
        "Nobody can answer a note. Some use it as a barrier; then the enumerator is stuck, or"
        " changes an earlier answer until the note goes away."
    ),
    remedy="Put a constraint on the question that is wrong, or allow it if the barrier is meant",
    check=_required_note,
)

REQUIRED_READ_ONLY = Rule(
    code="Q231",
    name="required-read-only",
    severity=Severity.ERROR,
    summary="A read-only question that is required, and that nothing fills in",
    why="Nobody can answer it, so the interview cannot be finished.",
    remedy="Give it a calculation or a default, or do not require it",
    check=_required_read_only,
)

NO_MESSAGE = Rule(
    code="Q232",
    name="no-constraint-message",
    severity=Severity.NOTE,
    summary="A constraint without a message",
    why="The enumerator reads only that the value is not allowed, and not what would be.",
    remedy="Say in a constraint_message what is accepted",
    check=_no_message,
)

UNUSED_CALCULATION = Rule(
    code="Q233",
    name="unused-calculation",
    severity=Severity.NOTE,
    summary="A calculation that nothing in the form uses",
    why="It may be meant for the analysis; if not, it is the rest of something that was removed.",
    remedy="Remove it if the analysis does not need it",
    check=_unused_calculation,
)
