"""No answer to a question that was asked and needs one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from survey_kit.cleaning.cells import Cells
from survey_kit.cleaning.check import Check, Settings
from survey_kit.cleaning.own_version import by_own_version
from survey_kit.cleaning.replayed import findings_where, replay_reach
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.model import Absence, Responses
from survey_kit.responses.replay import required_blank, required_blank_in_repeat

FEW = 10
"""With more blanks than this, and more blanks than answers, it is the form and not the interview."""
EXPLAINED = (Absence.NOT_IN_VERSION, Absence.UNREADABLE)


@by_own_version
def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    del settings
    marks = _unexplained(required_blank(responses), responses.absence)
    return findings_where(responses, marks, _in_repeat, _say)


def _in_repeat(responses: Responses, name: str) -> pd.DataFrame:
    marks = required_blank_in_repeat(responses, name)
    return _unexplained(marks, responses.repeats[name].absence)


def _unexplained(marks: pd.DataFrame, absence: pd.DataFrame) -> pd.DataFrame:
    """Without cells that the version did not have, or in which something unreadable stands."""
    explained = absence[list(marks.columns)].isin(EXPLAINED).to_numpy(dtype=np.bool_)
    return marks & ~explained


def _say(cells: Cells, questionnaire: Questionnaire) -> tuple[str, str]:
    del questionnaire
    blank = int((cells.absence == Absence.BLANK).sum())
    answered = int(cells.given.sum())
    if blank > max(answered, FEW):
        suggestion = (
            f"Blank in {blank} of {blank + answered}: look whether the form always required it, "
            "or whether a 0 was left out"
        )
    else:
        suggestion = "Ask, or correct what decides that it is asked"
    return "asked and required, but blank", suggestion


REQUIRED_BLANK = Check(
    name="required_blank",
    title="Required, but blank",
    why=(
        "Every question that the form asks and requires is answered. The form does not let an "
        "interview pass without, so a blank comes from another version of the form, from an "
        "answer that was changed later, or from an edit."
    ),
    find=_find,
    reach=replay_reach,
)
