"""Variables: what can be tabulated, and of whom each is true.

A question becomes a variable when its answers can be summed up and do not identify. The
base of a variable is everyone who was asked and gave an answer to the question: who
refused, did not know or left it blank is not in it, and the base says so in words.

    ONE     one text column of codes; NaN outside the base
    MANY    one column of 0, 1 or NaN for each choice, named "question/code"
    NUMBER  one column of numbers

"Prefer not to say" and "don't know" are no codes of a variable: they are reasons for not
being in its base.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.protection.classes import (
    NO_OVERRIDES,
    check_overrides,
    derived_privacy,
    privacy_of,
)
from survey_kit.questionnaire.model import Choice, Derived, Item, Privacy, Questionnaire
from survey_kit.questionnaire.question_type import Storage, Summary
from survey_kit.responses.editions import not_in_version
from survey_kit.responses.evaluate import truth
from survey_kit.responses.model import Absence, Responses
from survey_kit.tables.base_text import (
    base_in_words,
    conditions_in_words,
    derivation_in_words,
)
from survey_kit.tables.variable import Kind, Variable

__all__ = ["Kind", "Variable", "analysis_frame", "chosen_codes", "left_out"]


_KINDS = {
    Summary.SHARES: Kind.ONE,
    Summary.SHARES_OF_CASES: Kind.MANY,
    Summary.MEAN: Kind.NUMBER,
}
_LEFT = (
    (Absence.REFUSED, "refused"),
    (Absence.DONT_KNOW, "did not know"),
    (Absence.BLANK, "gave no answer"),
    (Absence.NOT_IN_VERSION, "not in this version of the form"),
    (Absence.UNREADABLE, "answer not usable: unreadable, or not coded yet"),
    (Absence.WITHDRAWN, "consent withdrawn"),
    (Absence.NOT_KNOWN, "not known whether asked"),
)
_UNLISTED = "answer not in the list"


def analysis_frame(
    responses: Responses,
    *,
    overrides: Mapping[str, Privacy] = NO_OVERRIDES,
    language: str | None = None,
) -> tuple[pd.DataFrame, Mapping[str, Variable]]:
    """Everything that may be tabulated, and a description of each column.

    Parameters
    ----------
    overrides
        Classes that the study states beyond the questionnaire's.
    language
        Of labels and texts; the questionnaire's first where None.

    Returns
    -------
    frame
        (n, columns), indexed by interview. No identifier is in it.
    variables
        name -> variable, in the order of the interview, derived ones last.

    Raises
    ------
    StudyError
        If `overrides` classes a question that does not exist.
    """
    questionnaire = responses.questionnaire
    check_overrides(questionnaire, overrides)
    reasons = left_out(responses, overrides=overrides)
    columns: dict[str, pd.Series | NDArray[np.float64]] = {}
    variables: dict[str, Variable] = {}
    for item in questionnaire.items:
        if item.key in reasons or item.key not in responses.frame.columns:
            continue
        privacy = privacy_of(item, overrides)
        variable, found = _of_question(responses, item, privacy, language)
        columns.update(found)
        variables[variable.name] = variable
    for derived in questionnaire.derived:
        if derived.name in reasons:
            continue
        privacy = derived_privacy(derived, questionnaire, overrides)
        variable, found = _of_derived(responses, derived, privacy, language)
        columns[variable.columns[0]] = found
        variables[variable.name] = variable
    frame = pd.DataFrame(columns, index=responses.frame.index)
    return frame, MappingProxyType(variables)


def left_out(
    responses: Responses, *, overrides: Mapping[str, Privacy] = NO_OVERRIDES
) -> Mapping[str, str]:
    """Questions and derived variables that are no variable, and why: nothing vanishes silently."""
    questionnaire = responses.questionnaire
    reasons: dict[str, str] = {}
    for item in questionnaire.items:
        kind = item.question.type
        if kind.storage is Storage.NOTHING:
            continue
        if item.repeats:
            reasons[item.key] = "asked in a repeat, which tables do not cover yet"
        elif privacy_of(item, overrides) is Privacy.IDENTIFIER:
            reasons[item.key] = "an identifier, which never leaves"
        elif kind.summary not in _KINDS:
            reasons[item.key] = f"answers of the type {kind.name} are not summed up"
        elif item.key not in responses.frame.columns:
            reasons[item.key] = "the answers have no column for it"
    for derived in questionnaire.derived:
        if derived_privacy(derived, questionnaire, overrides) is Privacy.IDENTIFIER:
            reasons[derived.name] = "made from an identifier, and not classed otherwise"
    return MappingProxyType(reasons)


def _of_question(
    responses: Responses, item: Item, privacy: Privacy, language: str | None
) -> tuple[Variable, Mapping[str, pd.Series | NDArray[np.float64]]]:
    questionnaire = responses.questionnaire
    kind = _KINDS[item.question.type.summary]
    offered = questionnaire.choices(item.question)
    choices = tuple(choice for choice in offered if choice.missing is None)
    absence = responses.absence[item.key].to_numpy()
    present = absence == Absence.PRESENT
    left = {words: int((absence == why).sum()) for why, words in _LEFT}
    answers = responses.frame[item.key]
    columns: dict[str, pd.Series | NDArray[np.float64]]
    match kind:
        case Kind.ONE:
            listed = present & answers.isin([choice.code for choice in choices]).to_numpy()
            left[_UNLISTED] = int((present & ~listed).sum())
            columns = {item.key: answers.where(listed).astype("str")}
        case Kind.MANY:
            chosen = chosen_codes(answers, [choice.code for choice in choices])
            listed = present & chosen.any(axis=1)
            left[_UNLISTED] = int((present & ~listed).sum())
            columns = {
                f"{item.key}/{choice.code}": np.where(listed, chosen[:, j], np.nan)
                for j, choice in enumerate(choices)
            }
        case Kind.NUMBER:
            columns = {item.key: answers.where(present).astype(np.float64)}
    text = questionnaire.text(item.question.label, language, fallback=item.key)
    variable = Variable(
        name=item.key,
        kind=kind,
        label=text,
        question_text=text,
        base_text=base_in_words(responses, item, language),
        codes=tuple(choice.code for choice in choices) if kind is not Kind.NUMBER else (),
        labels=_labels(questionnaire, choices, language),
        columns=tuple(columns),
        privacy=privacy,
        left=MappingProxyType({words: count for words, count in left.items() if count}),
    )
    return variable, columns


def _of_derived(
    responses: Responses, derived: Derived, privacy: Privacy, language: str | None
) -> tuple[Variable, pd.Series]:
    """The first case that holds; nobody outside the base, and nobody of whom no case holds.

    Nobody either whose version of the form lacked what decides: it would count as blank.
    """
    questionnaire = responses.questionnaire
    base = np.ones(len(responses), dtype=np.bool_)
    lacking = np.zeros(len(responses), dtype=np.bool_)
    if derived.base is not None:
        lacking = not_in_version(derived.base, responses)
        base = truth(derived.base, responses) | lacking
    found = np.full(len(responses), -1)
    for number, case in enumerate(derived.cases):
        open_ = base & (found < 0)
        lacking |= open_ & not_in_version(case.when, responses)
        found[truth(case.when, responses) & open_ & ~lacking] = number
    codes = tuple(dict.fromkeys(case.code for case in derived.cases))
    values = np.array([*(case.code for case in derived.cases), None], dtype=object)[found]
    left = {
        "no case holds": int((base & (found < 0) & ~lacking).sum()),
        dict(_LEFT)[Absence.NOT_IN_VERSION]: int(lacking.sum()),
    }
    label = questionnaire.text(derived.label, language, fallback=derived.name)
    variable = Variable(
        name=derived.name,
        kind=Kind.ONE,
        label=label,
        question_text=derivation_in_words(questionnaire, derived, language),
        base_text=conditions_in_words(
            responses, () if derived.base is None else (derived.base,), language
        ),
        codes=codes,
        labels=MappingProxyType(
            {
                case.code: questionnaire.text(case.label, language, fallback=case.code)
                for case in reversed(derived.cases)
            }
        ),
        columns=(derived.name,),
        privacy=privacy,
        left=MappingProxyType({words: count for words, count in left.items() if count}),
    )
    return variable, pd.Series(values, index=responses.frame.index).astype("str")


def chosen_codes(answers: pd.Series, codes: Sequence[str]) -> NDArray[np.bool_]:
    """(n, codes) bool: which codes stand in answers of several codes joined by spaces."""
    numbers, distinct = pd.factorize(answers)
    padded = [f" {answer} " for answer in distinct]
    table = np.zeros((len(padded) + 1, len(codes)), dtype=np.bool_)
    for j, code in enumerate(codes):
        table[: len(padded), j] = [f" {code} " in answer for answer in padded]
    return table[numbers]


def _labels(
    questionnaire: Questionnaire, choices: Sequence[Choice], language: str | None
) -> Mapping[str, str]:
    return MappingProxyType(
        {
            choice.code: questionnaire.text(choice.label, language, fallback=choice.code)
            for choice in choices
        }
    )
