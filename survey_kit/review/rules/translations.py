"""Translations that wait for a speaker's eye, and languages without a code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.build import NO_LANGUAGE
from survey_kit.questionnaire.coverage import State, coverage
from survey_kit.review.rule import Notice, Rule, Severity

if TYPE_CHECKING:
    from survey_kit.review.reviewed import Reviewed

_LONGEST_CODE = 3


def _drafts(reviewed: Reviewed) -> Iterator[Notice]:
    yield from _in_state(reviewed, State.DRAFT, "a draft", "drafts")


def _stale(reviewed: Reviewed) -> Iterator[Notice]:
    yield from _in_state(
        reviewed, State.STALE, "older than what it translates", "older than what they translate"
    )


def _in_state(reviewed: Reviewed, state: State, one: str, many: str) -> Iterator[Notice]:
    if not reviewed.whole.translations:
        return
    for code, each in coverage(reviewed.whole).languages.items():
        places = each.places(state)
        if places:
            said = f"1 text is {one}" if len(places) == 1 else f"{len(places)} texts are {many}"
            yield Notice(
                reviewed.top.part(f"language '{code}'").named(code),
                f"{said}, the first at {places[0]}",
            )


def _no_code(reviewed: Reviewed) -> Iterator[Notice]:
    for code, name in reviewed.whole.languages.items():
        head = code.split("-")[0].split("_")[0]
        if code != NO_LANGUAGE and len(head) > _LONGEST_CODE:
            yield Notice(
                reviewed.top.part(f"language '{code}'").named(code),
                f"'{name}' has no code, so phones cannot tell in which letters it is written",
                f"Write it with its code, such as {name.capitalize()} (xx)",
            )


DRAFT = Rule(
    code="Q507",
    name="draft-translation",
    severity=Severity.NOTE,
    summary="Translations that nobody has reviewed yet",
    why="A draft may be read out as if it were final.",
    remedy="Let somebody who speaks the language review them, and mark them reviewed",
    check=_drafts,
)

STALE = Rule(
    code="Q508",
    name="stale-translation",
    severity=Severity.WARNING,
    summary="Translations of a text that has been changed since",
    why="Two languages ask two different questions.",
    remedy="Let somebody who speaks the language compare them with the new text",
    check=_stale,
)

NO_CODE = Rule(
    code="Q509",
    name="language-without-code",
    severity=Severity.NOTE,
    summary="A language that is called by its name alone, without a code",
    why="Phones choose the language, and the direction of the letters, by the code.",
    remedy="Write it as English (en)",
    check=_no_code,
)
