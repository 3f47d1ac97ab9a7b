"""A questionnaire as it may go to the field: no text missing, no draft passed off as checked.

A phone shows a hyphen where a text is missing, and says nothing of drafts. So before a form
is made for people, each missing text is replaced by that of the first language with its
code in front, and a language that nobody has checked yet says so in its name.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.questionnaire.spoken import rewritten
from survey_kit.questionnaire.translation import Status

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Questionnaire, Texts
    from survey_kit.questionnaire.spoken import Spot

DRAFT = "draft"


def fielded(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire with every text in every language, and drafts named as such."""
    first = questionnaire.language

    def change(spot: Spot, texts: Texts) -> Texts:
        if spot.is_file or not texts.get(first):
            return texts
        missing = [code for code in questionnaire.languages if not texts.get(code)]
        marked = borrowed(texts[first], first)
        return {**texts, **dict.fromkeys(missing, marked)} if missing else texts

    languages = {
        code: f"{name} – {DRAFT}" if waits_for_a_speaker(questionnaire, code) else name
        for code, name in questionnaire.languages.items()
    }
    return replace(
        rewritten(questionnaire, change) if len(languages) > 1 else questionnaire,
        languages=MappingProxyType(languages),
    )


def borrowed(text: str, language: str) -> str:
    """A text that stands in for a missing one, with the code of the language it is in.

    >>> borrowed("How old are you?", "en")
    '[en] How old are you?'
    """
    return f"[{language}] {text}"


def waits_for_a_speaker(questionnaire: Questionnaire, code: str) -> bool:
    """Whether any text of a language is a draft or stale."""
    return any(
        each.status is not Status.REVIEWED
        for each in questionnaire.translations.get(code, {}).values()
    )
