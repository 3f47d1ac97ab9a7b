"""From what was written to a `Questionnaire` that can be trusted.

Every contradiction is noted on the way and all are raised together, each with its place
and its remedy; whoever holds a `Questionnaire` need not check anything again.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.errors import DefinitionError
from survey_kit.questionnaire.build_analysis import build_derived, build_margins, build_tests
from survey_kit.questionnaire.build_lists import build_lists
from survey_kit.questionnaire.build_nodes import NodeBuilder
from survey_kit.questionnaire.faults import Faults
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.references import check_references
from survey_kit.questionnaire.texts import TextBuilder
from survey_kit.questionnaire.translations import with_translations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from survey_kit.questionnaire.model import Place
    from survey_kit.questionnaire.raw import RawNode, RawQuestionnaire

DEEPEST = 50
"""How many groups and repeats may stand inside one another."""

DEEPEST_KEPT = 200
"""How many of them may, where they are only carried from one file to another."""

LAID_OUT = ("survey", "choices", "settings")
"""Sheets that are made of the definition; of them only the layout is kept."""

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
    return understood(build_as_written(raw))


def understood(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire itself, if all of it is understood.

    Raises
    ------
    DefinitionError
        If parts of it are only kept as they are written; `faults` holds each of them, and
        behind them what only another platform knows.
    """
    return fit_for_phones(questionnaire) if questionnaire.not_understood else questionnaire


def fit_for_phones(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire itself, if phones with ODK or Kobo know all that is in it.

    Raises
    ------
    DefinitionError
        If parts of it are not understood, or only another platform knows them.
    """
    faults = (*questionnaire.not_understood, *questionnaire.only_elsewhere)
    if faults:
        raise DefinitionError.from_faults(faults)
    return questionnaire


def build_as_written(raw: RawQuestionnaire) -> Questionnaire:
    """As `build`, but what can be kept without being understood is kept.

    `Questionnaire.not_understood` names each such part: an expression that cannot be
    read, a type of question that is not known, a reference that leads nowhere. It is
    there to be written again, in another format; evaluate it only after `understood`.

    Raises
    ------
    DefinitionError
        If the definition says something that no format can keep.
    """
    faults = Faults(raw.faults)
    faults.doubts(raw.doubts)
    faults.known(raw.only_elsewhere)
    languages = dict(raw.languages) or {NO_LANGUAGE: NO_LANGUAGE}
    _check_head(raw, languages, faults)
    _check_depth(raw, faults)
    texts = TextBuilder(languages, faults)
    lists = build_lists(raw, texts, faults)
    nodes = NodeBuilder(lists, texts, faults)
    built = nodes.build(raw.nodes)
    if not raw.nodes:
        faults.doubt(raw.place, "", "the interview asks nothing", "Add at least one question")
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
        tests=build_tests(raw, faults),
        settings=MappingProxyType(dict(raw.settings)),
        sheets=MappingProxyType(
            {
                name: rows if name in LAID_OUT else _trimmed(rows)
                for name, rows in raw.sheets.items()
            }
        ),
        language_files=MappingProxyType(
            {code: file for code, (file, _) in raw.language_files.items()}
        ),
        source=raw.place,
    )
    questionnaire = with_translations(questionnaire, raw.translations, faults)
    check_references(questionnaire, raw.weight_margins, faults)
    faults.raise_any()
    if not (faults.all or faults.known_elsewhere):
        return questionnaire
    return replace(questionnaire, not_understood=faults.all, only_elsewhere=faults.known_elsewhere)


def _check_head(raw: RawQuestionnaire, languages: Mapping[str, str], faults: Faults) -> None:
    if not raw.name:
        faults.add(raw.place, "", "the questionnaire has no name", "Give it one")
    for code, name in languages.items():
        if not code or not name:
            faults.add(
                raw.place, "languages", "a language has no name", "Write for instance {en: English}"
            )


def _check_depth(raw: RawQuestionnaire, faults: Faults) -> None:
    """Refuse at once what is nested so deeply that whoever walks it would lose the way."""
    waiting = [(node, 1) for node in raw.nodes]
    deep: list[RawNode] = []
    while waiting:
        node, level = waiting.pop()
        if not node.nodes or level <= DEEPEST:
            pass
        elif level > DEEPEST_KEPT:
            faults.add(*_too_deep(node, DEEPEST_KEPT))
            faults.raise_any()
        elif level == DEEPEST + 1:
            deep.append(node)
        waiting.extend((each, level + 1) for each in node.nodes)
    for node in deep:
        faults.doubt(*_too_deep(node, DEEPEST))


def _too_deep(node: RawNode, deepest: int) -> tuple[Place, str, str, str]:
    return (
        node.place,
        f"{node.kind.value} '{node.name}'",
        f"more than {deepest} groups and repeats stand inside one another",
        "Take some of them out",
    )


def _trimmed(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Rows of a sheet without empty cells and rows at their ends."""
    found = [row[: max((at for at, text in enumerate(row, 1) if text), default=0)] for row in rows]
    return tuple(found[: max((at for at, row in enumerate(found, 1) if row), default=0)])
