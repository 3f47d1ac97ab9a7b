"""What people read out: texts that are missing, twins, codes that stand in for words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.words import REFERENCE
from survey_kit.review.glossary import terms_in
from survey_kit.review.reviewed import is_hidden
from survey_kit.review.rule import Notice, Rule, Severity

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Question
    from survey_kit.review.reviewed import Located, Reviewed


def _no_text(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        shown = question.type.asked and not is_hidden(question)
        if not shown or question.type.storage is Storage.FILE:
            continue
        if not (question.label or question.hint or any(question.media.values())):
            yield Notice(located.spot, "it has no text")
    for name, choice in reviewed.choices:
        if not choice.label and not any(choice.media.values()):
            yield Notice(reviewed.choice_spot(name, choice), "it has no text")


def _same_label(reviewed: Reviewed) -> Iterator[Notice]:
    before: tuple[Located, Question] | None = None
    language = reviewed.whole.language
    for located, question in reviewed.questions:
        label = " ".join(question.label.get(language, "").split()).casefold()
        if not label or not question.type.asked:
            continue
        if before is not None and _follows(before[0], located):
            other = " ".join(before[1].label.get(language, "").split()).casefold()
            same_gate = question.relevant == before[1].relevant
            if other == label and same_gate and question.type is before[1].type:
                yield Notice(located.spot, f"it is asked in the same words as '{before[1].name}'")
        before = (located, question)


def _follows(one: Located, other: Located) -> bool:
    return one.parents == other.parents


def _loaded_terms(reviewed: Reviewed) -> Iterator[Notice]:
    titles = [
        (reviewed.top.part(f"title ({language})"), language, text)
        for language, text in reviewed.whole.title.items()
    ]
    spoken = [
        (each.spot.part(language) if len(each.texts) > 1 else each.spot, language, text)
        for each in reviewed.spoken
        if not each.media
        for language, text in each.texts.items()
    ]
    names = reviewed.whole.languages
    for spot, language, text in (*titles, *spoken):
        code = language if language != "default" else names.get(language, "default")
        for term, words in terms_in(text, code, reviewed.glossary):
            yield Notice(
                spot,
                f"it says '{words}'" + (f": {term.why}" if term.why else ""),
                f"Say '{term.instead}'",
            )


def _code_shown(reviewed: Reviewed) -> Iterator[Notice]:
    language = reviewed.whole.language
    for each in reviewed.spoken:
        if each.media or "${" not in (each.texts.get(language) or ""):
            continue
        for name in dict.fromkeys(REFERENCE.findall(each.texts[language])):
            found = reviewed.by_name.get(name)
            question = found.question if found else None
            if question is not None and question.type.takes_choices:
                yield Notice(
                    each.spot,
                    f"${{{name}}} shows the code that was chosen, and not its label",
                    f"Show a calculation of jr:choice-name(${{{name}}}, '${{{name}}}') instead",
                )


NO_TEXT = Rule(
    code="Q401",
    name="no-text",
    severity=Severity.WARNING,
    summary="A question or choice without a text in any language",
    why="Phones show an empty line or the bare name; everybody reads out something else.",
    remedy="Give it a label",
    check=_no_text,
)

SAME_WORDS = Rule(
    code="Q402",
    name="same-question-twice",
    severity=Severity.NOTE,
    summary="Two questions in a row, asked of the same people, in the same words",
    why="People think that it is a mistake, or that the first answer was wrong.",
    remedy="Say what is asked the second time, or remove one",
    check=_same_label,
)

LOADED = Rule(
    code="Q403",
    name="loaded-term",
    severity=Severity.WARNING,
    summary="A word of the glossary: one that harms, misleads or takes a side",
    why="The words of a question change its answers, and can hurt or endanger who hears them.",
    remedy="Say it in the words that the glossary gives",
    check=_loaded_terms,
)

CODE_SHOWN = Rule(
    code="Q404",
    name="code-in-text",
    severity=Severity.NOTE,
    summary="A text that shows the code of a choice to people",
    why="They read 'hh_f_18' where the author saw 'Women over 18'.",
    remedy="Show jr:choice-name() of the answer",
    check=_code_shown,
)
