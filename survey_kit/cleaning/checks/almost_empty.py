"""A question that hardly anybody answered, or to which everybody gave the same answer."""

from __future__ import annotations

from types import MappingProxyType

import pandas as pd

from survey_kit.cleaning.cells import Cells, every_question
from survey_kit.cleaning.check import Check, Finding, Reach, Settings, as_findings, number
from survey_kit.cleaning.consent import is_consent
from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Absence, Responses

ASKED = (Absence.PRESENT, Absence.BLANK, Absence.REFUSED, Absence.DONT_KNOW)


def _wanted(item: Item) -> bool:
    return item.question.type.asked and item.question.type.storage is not Storage.FILE


def _reach(responses: Responses, settings: Settings) -> Reach:
    least = number(settings, "least")
    enough = sum(_asked(cells) >= least for cells in every_question(responses, _wanted))
    if not enough:
        return Reach(runs=False, note=f"no question was asked {least:g} times")
    return Reach(note=f"{enough} questions that were asked {least:g} times or more")


def _asked(cells: Cells) -> int:
    return int(cells.absence.isin(ASKED).sum())


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    least, share = number(settings, "least"), number(settings, "share")
    deciding = _deciding(responses.questionnaire)
    found: list[Finding] = []
    for cells in every_question(responses, _wanted):
        asked = _asked(cells)
        if asked < least:
            continue
        answers = cells.answers[(cells.absence == Absence.PRESENT).to_numpy()]
        alike = len(answers) >= least and _varies(cells) and not (answers != answers.iloc[0]).any()
        if len(answers) <= share * asked and cells.item.question.required is not None:
            what = f"{len(answers)} of {asked} who were asked answered this question"
            found.append(_finding(cells, what, "Look whether it is still asked, and understood"))
        elif alike and cells.item.question.name not in deciding:
            what = f"all {len(answers)} answers to this question are the same"
            found.append(_finding(cells, what, "Look whether its choices and defaults are right"))
    return as_findings(found)


def _finding(cells: Cells, what: str, suggestion: str) -> Finding:
    return Finding("", cells.key, "", what, suggestion)


def _varies(cells: Cells) -> bool:
    """Whether people could give different answers: a text that nobody had to write may be alike."""
    return cells.storage is not Storage.TEXT and cells.item.question.type.name != "acknowledge"


def _deciding(questionnaire: Questionnaire) -> set[str]:
    """Questions that decide whether others are asked: all who went on gave the same answer."""
    rules: list[Expression] = []
    consents = {item.question.name for item in questionnaire.items if is_consent(item)}
    for item in questionnaire.items:
        rules.extend((*item.gates, *filter(None, [item.question.relevant])))
    return consents | {name for rule in rules for name in rule.answers}


ALMOST_EMPTY = Check(
    name="almost_empty",
    title="Hardly answered, or always the same",
    why=(
        "A question that was asked at least `least` times is answered by more than the share `share` "
        "of those who were asked, if it is required at all, and gets different answers, unless it "
        "decides what else is asked, as consent does. It may be broken in the form, or cost time and "
        "tell nothing. The finding is about the question and names no interview."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType({"least": 50, "share": 0.02}),
)
