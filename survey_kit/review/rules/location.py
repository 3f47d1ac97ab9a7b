"""Places more exact than a survey needs, and recordings that go on by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.model import Privacy
from survey_kit.questionnaire.question_type import Storage
from survey_kit.review.rule import Notice, Rule, Severity

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Question
    from survey_kit.review.reviewed import Reviewed

_SMALL_AREA = re.compile(r"(?:^|_)adm(?:in)?_?[456](?:_|$)|(?:^|_)(?:pcode|p_code)_?[456](?:_|$)")
_WHAT = {
    "geopoint": "a point on the ground, to a few metres",
    "geotrace": "a line on the ground, to a few metres",
    "geoshape": "an area on the ground, to a few metres",
    "start-geopoint": "where the interview was opened, to a few metres, by itself",
    "background-geopoint": "where the phone is, to a few metres, by itself",
}


def _exact(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        if question.privacy is Privacy.IDENTIFIER or question.privacy is Privacy.PLAIN:
            continue
        if question.type.storage is Storage.LOCATION:
            what = _WHAT.get(question.type.name, "a position, to a few metres")
            yield Notice(located.spot, f"it records {what}")


def _small_area(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        if question.privacy is not None or not question.type.asked:
            continue
        if _SMALL_AREA.search(question.name.casefold()):
            yield Notice(
                located.spot,
                "it asks for an area of the fourth level or smaller, and has no privacy class",
            )


def _recording(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        if question.privacy is not None:
            continue
        if question.type.name == "background-audio":
            yield Notice(located.spot, "it records the whole interview, and has no privacy class")
        elif question.type.name == "audit" and _follows(question):
            yield Notice(
                located.spot,
                "it follows the position of the phone through the interview, and has no privacy "
                "class",
            )


def _follows(question: Question) -> bool:
    return "location-" in (question.parameters or "")


EXACT = Rule(
    code="Q610",
    name="exact-position",
    severity=Severity.WARNING,
    summary="A position that is exact to a few metres, and not classed as an identifier",
    why="It leads to a door or a tent. Few analyses need more than an area.",
    remedy="Ask for an area from a list, or class it as identifier so that it never leaves",
    check=_exact,
)

SMALL_AREA = Rule(
    code="Q611",
    name="small-area",
    severity=Severity.NOTE,
    summary="An area of the fourth administrative level or smaller, without a privacy class",
    why="A small area, an age and a sex often single out one person.",
    remedy="Class it as quasi",
    check=_small_area,
)

RECORDING = Rule(
    code="Q612",
    name="unseen-recording",
    severity=Severity.WARNING,
    summary="A recording of voices or positions in the background, without a privacy class",
    why="People must agree to be recorded, and a voice identifies them.",
    remedy="Ask for consent to it, and class it as identifier",
    check=_recording,
)
