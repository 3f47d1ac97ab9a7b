"""A questionnaire as it may go to the field: no text missing, no draft passed off as checked.

A phone shows a hyphen where a text is missing, and says nothing of drafts. So before a form
is made for people, each missing text is replaced by that of the first language that has
one, with its code in front, and a language that nobody has checked yet says so in its name.

A phone cannot change to a language that has a recording or a picture where the first
language has none: JavaRosa refuses the whole language. So the first language gets
`NO_RECORDING` there, a sound of nothing, or the picture of the other language.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.questionnaire.model import Question
from survey_kit.questionnaire.spoken import rewritten, spoken
from survey_kit.questionnaire.translation import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from survey_kit.questionnaire.model import Node, Questionnaire, Texts
    from survey_kit.questionnaire.spoken import Spot

DRAFT = "draft"
NO_RECORDING = "no_recording.wav"
"""The file that stands in for a recording that the first language lacks."""
_FORM = frozenset({"survey", "choices", "settings"})


def fielded(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire with every text in every language, and drafts named as such."""
    first = questionnaire.language

    def change(spot: Spot, texts: Texts) -> Texts:
        if spot.is_file:
            return _with_a_file(spot, texts, first)
        source = next((code for code in (first, *texts) if texts.get(code)), "")
        missing = [code for code in questionnaire.languages if not texts.get(code)]
        if not source or not missing:
            return texts
        return {**texts, **dict.fromkeys(missing, borrowed(texts[source], source))}

    languages = {
        code: f"{name} – {DRAFT}" if waits_for_a_speaker(questionnaire, code) else name
        for code, name in questionnaire.languages.items()
    }
    complete = rewritten(questionnaire, change) if len(languages) > 1 else questionnaire
    renamed = {
        _suffix(code, name): _suffix(code, languages[code])
        for code, name in questionnaire.languages.items()
        if languages[code] != name
    }
    named = replace(complete, languages=MappingProxyType(languages))
    return _with_headers(named, renamed) if renamed else named


def needs_no_recording(questionnaire: Questionnaire) -> bool:
    """Whether the form for the field names `NO_RECORDING`, which then has to go with it."""
    return len(questionnaire.languages) > 1 and any(
        _with_a_file(each.spot, each.texts, questionnaire.language) is not each.texts
        for each in spoken(questionnaire)
        if each.spot.part == "audio"
    )


def _with_a_file(spot: Spot, texts: Texts, first: str) -> Texts:
    """Files by language, with one in the first where any other has one."""
    others = [file for file in texts.values() if file]
    if texts.get(first) or not others:
        return texts
    return {**texts, first: NO_RECORDING if spot.part == "audio" else others[0]}


def _suffix(code: str, name: str) -> str:
    """How an XLSForm writes a language into the header of a column."""
    return name if name == code else f"{name} ({code})"


def _with_headers(questionnaire: Questionnaire, renamed: Mapping[str, str]) -> Questionnaire:
    """The new names also in columns that are kept as they were written."""

    def header(text: str) -> str:
        before, colon, language = text.rpartition(":")
        new = renamed.get(language.strip())
        return f"{before}{colon}{new}" if colon and new else text

    def keys(columns: Mapping[str, str]) -> Mapping[str, str]:
        return MappingProxyType({header(key): text for key, text in columns.items()})

    def node(each: Node) -> Node:
        if isinstance(each, Question):
            return replace(each, extra=keys(each.extra))
        return replace(each, extra=keys(each.extra), nodes=tuple(map(node, each.nodes)))

    said = questionnaire.settings.get("default_language", "")
    return replace(
        questionnaire,
        nodes=tuple(map(node, questionnaire.nodes)),
        settings=MappingProxyType(
            {**questionnaire.settings, "default_language": renamed[said]}
            if said in renamed
            else questionnaire.settings
        ),
        sheets=MappingProxyType(
            {
                name: (tuple(map(header, rows[0])), *rows[1:]) if name in _FORM and rows else rows
                for name, rows in questionnaire.sheets.items()
            }
        ),
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
