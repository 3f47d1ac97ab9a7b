"""The codes of an open question as a question of several choices, beside the answers themselves.

It stands where the open question stands, asked of whom that was asked, so tables and files
treat it like any other, with the same base. The answers stay as they were said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from survey_kit.cleaning.coding.frame import CodeFrame
from survey_kit.cleaning.coding.read_back import Coding
from survey_kit.cleaning.coding.units import Unit, place_of
from survey_kit.collect import collect
from survey_kit.errors import CodingError
from survey_kit.questionnaire.model import (
    Choice,
    ChoiceList,
    Group,
    Missing,
    Node,
    Privacy,
    Question,
    Questionnaire,
    Repeat,
)
from survey_kit.questionnaire.question_type import QuestionType
from survey_kit.responses.model import Absence, Responses, Rows

SUFFIX, TRANSLATED = "_codes", "_translation"

_MEANS = {Missing.REFUSED: Absence.REFUSED, Missing.DONT_KNOW: Absence.DONT_KNOW}


@dataclass(frozen=True, eq=False)
class Settled:
    """The codes that each answer ends up with.

    codes
        Unit -> codes, in the order of the frame.
    open
        Units without a code: nobody chose one yet, or coders differ and nobody decided.
    undecided
        Of those, the ones on which coders differ.
    decided
        How many were decided by the adjudicator.
    translations
        Unit -> the adjudicator's translation of the answer, or that of the first coder who has one.
    """

    codes: Mapping[str, tuple[str, ...]]
    open: tuple[str, ...]
    undecided: tuple[str, ...]
    decided: int
    translations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def settled(
    units: Sequence[Unit], codings: Sequence[Coding], adjudicated: Coding | None = None
) -> Settled:
    """What coders agree on or coded alone, and what the adjudicator decided where they differ."""
    none: Mapping[str, tuple[str, ...]] = {}
    decisions = adjudicated.chosen if adjudicated is not None else none
    codes: dict[str, tuple[str, ...]] = {}
    waiting: list[str] = []
    undecided: list[str] = []
    decided = 0
    for unit in units:
        given = {each.chosen[unit.unit] for each in codings if unit.unit in each.chosen}
        if unit.unit in decisions:
            codes[unit.unit] = decisions[unit.unit]
            decided += 1
        elif len(given) == 1:
            codes[unit.unit] = next(iter(given))
        else:
            waiting.append(unit.unit)
            undecided += [unit.unit] if given else []
    everybody = (*([adjudicated] if adjudicated is not None else []), *codings)
    there = {each.unit for each in units}
    translations = {
        unit: words
        for each in reversed(everybody)
        for unit, words in each.translations.items()
        if unit in there
    }
    return Settled(codes, tuple(waiting), tuple(undecided), decided, translations)


def with_codes(
    responses: Responses,
    question: str,
    frame: CodeFrame,
    units: Sequence[Unit],
    final: Settled,
    *,
    privacy: Privacy = Privacy.SENSITIVE,
    privacy_of_answers: Privacy | None = None,
) -> Responses:
    """The responses with the question `<question>_codes` beside the open one.

    An answer that has no code yet is UNREADABLE there: it is no answer to this question,
    and is counted as such. Where coders translated answers, the question `<question>_translation`
    holds what they wrote, of the same class of privacy as the answers: beside them, never instead.

    Parameters
    ----------
    privacy
        The class of the question of codes.
    privacy_of_answers
        That of the open question, and so of translations, where the study states another.

    Raises
    ------
    CodingError
        If the questionnaire has a question of that name already.
    """
    questionnaire = responses.questionnaire
    keys = [f"{question}{SUFFIX}"]
    keys += [f"{question}{TRANSLATED}"] if final.translations else []
    for key in keys:
        if key in questionnaire.by_key or key in questionnaire.lists:
            raise CodingError(
                f"coding, question {question!r}",
                f"there is a question or a list {key!r} already",
                "Give that one another name",
            )
    key = keys[0]
    item = questionnaire.by_key[question]
    name = f"{item.question.name}{SUFFIX}"
    asked = _with_question(questionnaire, item.question, name, frame, privacy)
    if final.translations:
        asked = _with_translation(asked, item.question, privacy_of_answers)
    rows = responses.repeats[item.repeats[-1]] if item.repeats else responses
    said = {(each.interview, each.row): final.codes.get(each.unit, ()) for each in units}
    found = [" ".join(said.get(place_of(place), ())) or None for place in rows.frame.index]
    answers = pd.Series(found, index=rows.frame.index, dtype="str")
    absence = _absence(rows.absence[question], answers, frame)
    wide = rows.frame.assign(**{key: answers})
    why = rows.absence.assign(**{key: absence})
    if final.translations:
        words = {(u.interview, u.row): final.translations.get(u.unit) for u in units}
        texts = [words.get(place_of(place)) for place in rows.frame.index]
        beside = pd.Series(texts, index=rows.frame.index, dtype="str")
        given = rows.absence[question]
        none = given.where((given != Absence.PRESENT) | beside.notna(), np.int8(Absence.BLANK))
        wide = wide.assign(**{keys[1]: beside})
        why = why.assign(**{keys[1]: none.astype(np.int8)})
    if not item.repeats:
        return replace(responses, questionnaire=asked, frame=wide, absence=why)
    repeats = {**responses.repeats, item.repeats[-1]: Rows(wide, why)}
    return replace(responses, questionnaire=asked, repeats=MappingProxyType(repeats))


def _absence(open_question: pd.Series, answers: pd.Series, frame: CodeFrame) -> pd.Series:
    means = {each.code: _MEANS[each.missing] for each in frame.codes if each.missing is not None}
    given = open_question.to_numpy(dtype=np.int8)
    coded = answers.notna().to_numpy()
    found = np.where((given == Absence.PRESENT) & ~coded, Absence.UNREADABLE, given)
    for code, meaning in means.items():
        found = np.where(coded & (answers == code).to_numpy(dtype=bool), meaning, found)
    return pd.Series(found.astype(np.int8), index=open_question.index)


def _with_question(
    questionnaire: Questionnaire, source: Question, name: str, frame: CodeFrame, privacy: Privacy
) -> Questionnaire:
    types = collect("survey_kit.questionnaire.types", QuestionType)
    coded = Question(
        name=name,
        type=types["select_multiple"],
        label=source.label,
        choices=name,
        relevant=source.relevant,
        privacy=privacy,
    )
    choices = tuple(
        Choice(each.code, _label(each.label, questionnaire), missing=each.missing)
        for each in frame.current
    )
    return replace(
        questionnaire,
        nodes=_beside(questionnaire.nodes, source, coded),
        lists=MappingProxyType({**questionnaire.lists, name: ChoiceList(name, choices)}),
    )


def _with_translation(
    questionnaire: Questionnaire, source: Question, privacy: Privacy | None
) -> Questionnaire:
    """The questionnaire with a question for the translations right after the open one."""
    types = collect("survey_kit.questionnaire.types", QuestionType)
    translated = Question(
        name=f"{source.name}{TRANSLATED}",
        type=types["text"],
        label=source.label,
        relevant=source.relevant,
        privacy=privacy or source.privacy,
    )
    return replace(questionnaire, nodes=_beside(questionnaire.nodes, source, translated))


def _label(label: Mapping[str, str], questionnaire: Questionnaire) -> Mapping[str, str]:
    """Labels in the questionnaire's languages; one without a language is in its default."""
    found = {questionnaire.language if code == "default" else code: t for code, t in label.items()}
    return MappingProxyType(
        {code: t for code, t in found.items() if code in questionnaire.languages}
    )


def _beside(nodes: tuple[Node, ...], source: Question, coded: Question) -> tuple[Node, ...]:
    """The nodes with a question put right after another."""
    found: list[Node] = []
    for node in nodes:
        match node:
            case Question():
                found += [node, coded] if node is source else [node]
            case Group() | Repeat():
                found.append(replace(node, nodes=_beside(node.nodes, source, coded)))
    return tuple(found)
