"""An answer that the form's own constraint refuses."""

from __future__ import annotations

import pandas as pd

from survey_kit.cleaning.cells import Cells
from survey_kit.cleaning.check import Check, Settings
from survey_kit.cleaning.own_version import by_own_version
from survey_kit.cleaning.replayed import findings_where, replay_reach
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.model import Responses
from survey_kit.responses.replay import constraint_violations, constraint_violations_in_repeat


@by_own_version
def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    del settings
    marks = constraint_violations(responses)
    return findings_where(responses, marks, constraint_violations_in_repeat, _say)


def _say(cells: Cells, questionnaire: Questionnaire) -> tuple[str, str]:
    question = cells.item.question
    rule = question.constraint.source if question.constraint else ""
    told = questionnaire.text(question.constraint_message).strip()
    message = f": {told}" if told else ""
    return f"the constraint {rule} does not hold{message}", "Ask the enumerator"


CONSTRAINT_VIOLATED = Check(
    name="constraint_violated",
    title="Constraint does not hold",
    why=(
        "Every answer satisfies the constraint of its question. The form refuses others, so "
        "such an answer comes from another version of the form or from an edit, or another "
        "answer on which the constraint rests was changed."
    ),
    find=_find,
    reach=replay_reach,
)
