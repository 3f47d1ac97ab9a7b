"""Texts that a language lacks, cell by cell, and translations that say something else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.build import NO_LANGUAGE
from survey_kit.questionnaire.spoken import FILES
from survey_kit.questionnaire.words import REFERENCE, listed
from survey_kit.review.coverage import coverage
from survey_kit.review.rule import Notice, Rule, Severity

if TYPE_CHECKING:
    from survey_kit.review.reviewed import Reviewed

_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")


def _missing_text(reviewed: Reviewed) -> Iterator[Notice]:
    whole = reviewed.whole
    empty = {(each.language, each.kind) for each in coverage(reviewed) if not each.present}
    for each in reviewed.spoken:
        if each.media:
            continue
        for language, name in whole.languages.items():
            if language == NO_LANGUAGE or each.texts.get(language):
                continue
            if (language, each.kind) not in empty:
                yield Notice(each.spot, f"it is not in {name}")


def _missing_language(reviewed: Reviewed) -> Iterator[Notice]:
    nameless = {
        each.kind for each in coverage(reviewed) if each.language == NO_LANGUAGE and each.present
    }
    for each in coverage(reviewed):
        if each.present or each.kind in FILES or each.language == NO_LANGUAGE:
            continue
        if each.kind not in nameless:
            yield Notice(
                reviewed.top.part(f"language '{each.language}'").named(each.language),
                f"none of {each.whole} texts of the kind {each.kind} is in "
                f"{reviewed.whole.languages[each.language]}",
            )


def _no_language(reviewed: Reviewed) -> Iterator[Notice]:
    if len(reviewed.whole.languages) == 1:
        return
    kinds = [
        each.kind for each in coverage(reviewed) if each.language == NO_LANGUAGE and each.present
    ]
    if kinds:
        others = [name for code, name in reviewed.whole.languages.items() if code != NO_LANGUAGE]
        yield Notice(
            reviewed.top.part("languages"),
            f"{listed(kinds)} {'is' if len(kinds) == 1 else 'are'} written without a language, "
            "where other texts name one, so that phones make a language 'default' of them",
            f"Name the language in each header, such as {kinds[0]}::{others[0]}",
        )


def _placeholders(reviewed: Reviewed) -> Iterator[Notice]:
    first = reviewed.whole.language
    for each in reviewed.spoken:
        source = each.texts.get(first)
        if each.media or not source:
            continue
        wanted = set(REFERENCE.findall(source))
        for language, text in each.texts.items():
            found = set(REFERENCE.findall(text))
            if language == first or not text or found == wanted:
                continue
            differs = [
                f"it {how} {_references(names)}"
                for how, names in (("lacks", wanted - found), ("adds", found - wanted))
                if names
            ]
            yield Notice(each.spot.part(language), " and ".join(differs))


def _references(names: set[str]) -> str:
    return listed(f"${{{name}}}" for name in sorted(names))


def _markup(reviewed: Reviewed) -> Iterator[Notice]:
    first = reviewed.whole.language
    for each in reviewed.spoken:
        source = each.texts.get(first)
        if each.media or not source:
            continue
        wanted = _tags(source)
        for language, text in each.texts.items():
            if language != first and text and _tags(text) != wanted:
                yield Notice(
                    each.spot.part(language),
                    f"it has {_named(_tags(text))}, where the text in {first} has {_named(wanted)}",
                )


def _tags(text: str) -> Counter[str]:
    return Counter(tag.casefold() for tag in _TAG.findall(text))


def _named(tags: Counter[str]) -> str:
    if not tags:
        return "no tags"
    return listed(f"{number} of <{tag}>" for tag, number in sorted(tags.items()))


MISSING_TEXT = Rule(
    code="Q501",
    name="missing-text",
    severity=Severity.WARNING,
    summary="A text that is in some languages and not in this one",
    why="The phone shows a hyphen or another language, and the enumerator translates by heart.",
    remedy="Translate it",
    check=_missing_text,
)

MISSING_LANGUAGE = Rule(
    code="Q502",
    name="missing-language",
    severity=Severity.WARNING,
    summary="A language that has none of the labels, or none of the hints, that others have",
    why="The language can be chosen on the phone, and shows nothing.",
    remedy="Translate them, or take the language out",
    check=_missing_language,
)

PLACEHOLDERS = Rule(
    code="Q503",
    name="placeholders-differ",
    severity=Severity.WARNING,
    summary="A translation with other ${answers} in it than the text in the default language",
    why="People are asked of somebody or something else, or of nobody.",
    remedy="Put the same ${names} into every language",
    check=_placeholders,
)

NO_LANGUAGE_NAMED = Rule(
    code="Q511",
    name="nameless-language",
    severity=Severity.WARNING,
    summary="Some texts name their language and others do not",
    why="Phones then offer a language called default, in which everything else is missing.",
    remedy="Name the language in each header",
    check=_no_language,
)

MARKUP = Rule(
    code="Q504",
    name="markup-differs",
    severity=Severity.NOTE,
    summary="A translation with other tags in it than the text in the default language",
    why="What is bold for some is plain for others, and a broken tag shows as signs.",
    remedy="Mark the same words in every language",
    check=_markup,
)
