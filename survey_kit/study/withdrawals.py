"""Consent that was withdrawn, in a study: its rule, applied before anything looks at an answer.

The rule is about answers as they came. A withdrawal that reaches the team later is an entry of
the log, which takes the whole interview away.
"""

from __future__ import annotations

from collections.abc import Sequence

from survey_kit.cleaning.correction import Correction
from survey_kit.errors import CannotEvaluate, StudyError
from survey_kit.questionnaire.parser import parse
from survey_kit.responses.model import Responses
from survey_kit.responses.withdrawn import is_withdrawn, without_withdrawn_answers
from survey_kit.study.settings import StudySettings

WHERE = "study.yaml, withdrawn"


def taken_back(settings: StudySettings, responses: Responses) -> Responses:
    """The responses without the answers of interviews in which the rule of the study holds.

    Raises
    ------
    StudyError
        If the rule cannot be worked out on answers that came back.
    """
    if settings.withdrawn is None:
        return responses
    try:
        return without_withdrawn_answers(responses, parse(settings.withdrawn, WHERE))
    except CannotEvaluate as error:
        fault = error.faults[0]
        raise StudyError(WHERE, fault.what, fault.remedy) from error


def entries_of_others(raw: Responses, corrections: Sequence[Correction]) -> tuple[Correction, ...]:
    """The entries of the log without those of withdrawn interviews, which have nothing to correct."""
    gone = set(map(str, raw.frame.index[is_withdrawn(raw)]))
    return tuple(each for each in corrections if each.interview not in gone)


def refuse_later_ones(settings: StudySettings, corrected: Responses) -> None:
    """Refuse corrections by which the rule begins to hold: what was found before is written down already.

    Raises
    ------
    StudyError
        With the number of these interviews.
    """
    before = int(is_withdrawn(corrected).sum())
    later = int(is_withdrawn(taken_back(settings, corrected)).sum()) - before
    if later > 0:
        interviews = "1 interview" if later == 1 else f"{later} interviews"
        raise StudyError(
            WHERE,
            f"it holds for {interviews} only after the corrections",
            "In the log, take these interviews away with the action remove instead",
        )
