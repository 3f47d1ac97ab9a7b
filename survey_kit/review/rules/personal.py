"""Personal data that nobody has classed, or classed too mildly."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.model import Privacy
from survey_kit.questionnaire.question_type import Storage
from survey_kit.review.personal_data import personal_data
from survey_kit.review.rule import Notice, Rule, Severity

if TYPE_CHECKING:
    from survey_kit.review.reviewed import Reviewed


def _unclassed(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        if question.privacy is None and question.type.storage is not Storage.LOCATION:
            what = personal_data(question)
            if what:
                yield Notice(located.spot, f"it asks for {what}, and has no privacy class")


def _too_mild(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        what = personal_data(question)
        if question.type.storage is Storage.LOCATION:
            what = "a position"
        if what and question.privacy is Privacy.PLAIN:
            yield Notice(located.spot, f"it asks for {what}, and is classed as plain")


def _left_out(reviewed: Reviewed) -> Iterator[Notice]:
    answered = [
        (located, question)
        for located, question in reviewed.questions
        if question.type.asked
        and question.type.storage is not Storage.NOTHING
        and question.type.name != "acknowledge"
    ]
    if not any(question.privacy is not None for _, question in answered):
        return
    for located, question in answered:
        if question.privacy is None and not personal_data(question):
            yield Notice(located.spot, "it has no privacy class, where others have one")


UNCLASSED = Rule(
    code="Q601",
    name="personal-data-unclassed",
    severity=Severity.WARNING,
    summary="Personal data without a privacy class",
    why=(
        "Names, telephone and document numbers, pictures and device numbers lead to a person."
        " Without a class nobody has decided who may see them."
    ),
    remedy="Do not ask for it, or give it the privacy class identifier",
    check=_unclassed,
)

TOO_MILD = Rule(
    code="Q602",
    name="personal-data-plain",
    severity=Severity.ERROR,
    summary="Personal data that is classed as plain",
    why="What is plain may leave in every table and file.",
    remedy="Class it as identifier, or as quasi if it names nobody by itself",
    check=_too_mild,
)

LEFT_OUT = Rule(
    code="Q603",
    name="unclassed",
    severity=Severity.NOTE,
    summary="A question without a privacy class in a form that classes others",
    why="It was forgotten, or added later; nobody has decided who may see it.",
    remedy="Give it a class: identifier, quasi, sensitive or plain",
    check=_left_out,
)
