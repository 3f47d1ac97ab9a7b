"""Sounds and pictures: a language that has some and not others, files that are not there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.forms.attachments import attachments, find_attachment
from survey_kit.review.rule import Notice, Rule, Severity, Spot

if TYPE_CHECKING:
    from survey_kit.review.reviewed import Reviewed

_HEARD = {"audio": "recording", "video": "video", "image": "picture", "big-image": "large picture"}

_REFUSED = "Phones refuse to change to a language that has a file which the first one lacks"
_FOR_THE_FIRST = "Add one there; survey-kit build puts one that says nothing"


def _missing_file(reviewed: Reviewed) -> Iterator[Notice]:
    """Cells where other languages have a file, in a language that has some, or in the first."""
    first = reviewed.whole.language
    present = Counter(
        (language, each.kind)
        for each in reviewed.spoken
        if each.media
        for language, file in each.texts.items()
        if file
    )
    for each in reviewed.spoken:
        if not each.media:
            continue
        for language, name in reviewed.whole.languages.items():
            if each.texts.get(language) or not any(each.texts.values()):
                continue
            what = f"there is no {_HEARD.get(each.kind, each.kind)} in {name}"
            if language == first:
                yield Notice(each.spot, f"{what}, the first language. {_REFUSED}", _FOR_THE_FIRST)
            elif present[language, each.kind]:
                yield Notice(each.spot, what)


def _some_questions(reviewed: Reviewed) -> Iterator[Notice]:
    asked = [
        question
        for _, question in reviewed.questions
        if question.type.asked and question.label and question.calculation is None
    ]
    for language, name in reviewed.whole.languages.items():
        heard = sum(bool(question.media.get("audio", {}).get(language)) for question in asked)
        if 0 < heard < len(asked):
            yield Notice(
                reviewed.top.part(f"language '{language}'").named(language),
                f"{heard} of {len(asked)} questions have a recording in {name}",
            )


def _not_there(reviewed: Reviewed) -> Iterator[Notice]:
    if reviewed.folder is None or reviewed.whole.source is None:
        return
    definition = reviewed.folder / reviewed.whole.source.file
    needed = attachments(reviewed.whole)
    lost = [each for each in needed if find_attachment(each.name, definition) is None]
    if lost and len(lost) == len(needed):
        names = ", ".join(each.name for each in lost[:3]) + (", ..." if lost[3:] else "")
        what = (
            f"the file {names} is not beside the form"
            if len(lost) == 1
            else f"none of the {len(lost)} files that it names is beside the form: {names}"
        )
        yield Notice(Spot(lost[0].needed_by), what)
        return
    for each in lost:
        yield Notice(Spot(each.needed_by), f"the file {each.name} is not beside the form")


MISSING_FILE = Rule(
    code="Q505",
    name="missing-media",
    severity=Severity.WARNING,
    summary="A sound or picture that other languages have and this one lacks",
    why="Who listens in that language hears nothing here; if it is the first, phones refuse the "
    "others.",
    remedy="Add the file, or take it out of the other languages",
    check=_missing_file,
)

SOME_QUESTIONS = Rule(
    code="Q506",
    name="some-questions-recorded",
    severity=Severity.NOTE,
    summary="A language in which some questions have a recording and others have none",
    why="Who cannot read follows the interview only in part.",
    remedy="Record the others too",
    check=_some_questions,
)

NOT_THERE = Rule(
    code="Q510",
    name="missing-file",
    severity=Severity.WARNING,
    summary="A file that the form names and that is not beside it",
    why="The form cannot be filled in, or shows nothing there, until it is uploaded.",
    remedy="Put the file beside the form, or into the folder media",
    check=_not_there,
)
