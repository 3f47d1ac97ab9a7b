"""An answer to a question that the form would not have asked."""

from __future__ import annotations

import pandas as pd

from survey_kit.cleaning.cells import Cells
from survey_kit.cleaning.check import Check, Settings
from survey_kit.cleaning.own_version import by_own_version
from survey_kit.cleaning.replayed import condition, findings_where, replay_reach
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.model import Responses
from survey_kit.responses.replay import asked, asked_in_repeat


@by_own_version
def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    del settings
    marks = responses.frame.notna() & ~asked(responses)
    return findings_where(responses, marks, _in_repeat, _say)


def _in_repeat(responses: Responses, name: str) -> pd.DataFrame:
    return responses.repeats[name].frame.notna() & ~asked_in_repeat(responses, name)


def _say(cells: Cells, questionnaire: Questionnaire) -> tuple[str, str]:
    rules = (*cells.item.gates, *filter(None, [cells.item.question.relevant]))
    decides = dict.fromkeys(name for rule in rules for name in rule.answers)
    return (
        f"answered, though the form asks it only if: {condition(cells.item, questionnaire)}",
        f"Blank it, or correct what decides: {', '.join(decides)}",
    )


SKIP_VIOLATED = Check(
    name="skip_violated",
    title="Answered, though not asked",
    why=(
        "No question is answered that the form would not ask, given the other answers: the "
        "relevants of the whole form, groups and repeats included, are replayed on the data, "
        "and an answer that should not be there counts as blank for what depends on it, as on "
        "the phone. Such answers come from another version of the form, or from an answer that "
        "was changed later."
    ),
    find=_find,
    reach=replay_reach,
)
