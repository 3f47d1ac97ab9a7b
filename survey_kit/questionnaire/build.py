"""From what was written to a `Questionnaire` that can be trusted.

Every contradiction is noted on the way and all are raised together, each with its place
and its remedy; whoever holds a `Questionnaire` need not check anything again.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.questionnaire.build_analysis import build_derived, build_margins, build_tests
from survey_kit.questionnaire.build_lists import build_lists
from survey_kit.questionnaire.build_nodes import NodeBuilder
from survey_kit.questionnaire.faults import Faults
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.references import check_references
from survey_kit.questionnaire.texts import TextBuilder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from survey_kit.questionnaire.raw import RawQuestionnaire

NO_LANGUAGE = "default"
"""The language code of a form that names no language."""


def build(raw: RawQuestionnaire) -> Questionnaire:
    """The questionnaire that a definition means.

    Parameters
    ----------
    raw
        What a reader found; its own faults are raised together with the others.

    Raises
    ------
    DefinitionError
        If the definition contradicts itself. `faults` holds every contradiction, each
        with its place and what to do about it.
    """
    faults = Faults(raw.faults)
    languages = dict(raw.languages) or {NO_LANGUAGE: NO_LANGUAGE}
    _check_head(raw, languages, faults)
    texts = TextBuilder(languages, faults)
    lists = build_lists(raw, texts, faults)
    nodes = NodeBuilder(lists, texts, faults)
    built = nodes.build(raw.nodes)
    if not raw.nodes:
        faults.add(raw.place, "", "the interview asks nothing", "Add at least one question")
    derived = build_derived(raw, nodes.expressions, texts, faults)
    questionnaire = Questionnaire(
        name=raw.name,
        version=raw.version,
        title=texts.build(raw.title, raw.place, "the title"),
        languages=MappingProxyType(languages),
        nodes=built,
        lists=MappingProxyType(lists),
        weight_margins=build_margins(raw, faults),
        derived=derived,
        tests=build_tests(raw),
        settings=MappingProxyType(dict(raw.settings)),
        sheets=MappingProxyType(dict(raw.sheets)),
        source=raw.place,
    )
    check_references(questionnaire, faults)
    faults.raise_any()
    return questionnaire


def _check_head(raw: RawQuestionnaire, languages: Mapping[str, str], faults: Faults) -> None:
    if not raw.name:
        faults.add(raw.place, "", "the questionnaire has no name", "Give it one")
    elif any(sign.isspace() for sign in raw.name):
        faults.add(
            raw.place,
            "",
            f"the name of the questionnaire, '{raw.name}', has a space in it",
            f"Call it '{'_'.join(raw.name.split())}'",
        )
    for code, name in languages.items():
        if not code or not name:
            faults.add(
                raw.place, "languages", "a language has no name", "Write for instance {en: English}"
            )
        elif any(sign in f"{code}{name}" for sign in ":()"):
            faults.add(
                raw.place,
                f"language '{code}'",
                "a colon or a bracket stands in its code or name",
                "Leave it out: XLSForm uses these signs to tell the two apart",
            )
