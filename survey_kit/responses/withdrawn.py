"""Answers that people took back: emptied as they are read, and kept nowhere but in the raw file.

An interview in which the study's rule `withdrawn` holds loses every answer, its rows of repeats and
whatever of it could not be read. Its line stays, so that the count of interviews adds up, and
every cell says WITHDRAWN. Everything that looks at answers (checks, tables, weights) goes
on with `standing`.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.empty import empty_answers
from survey_kit.responses.evaluate import truth
from survey_kit.responses.model import Absence, Responses, Rows


def without_withdrawn_answers(responses: Responses, rule: Expression) -> Responses:
    """The same interviews, those in which the rule holds without their answers.

    A question that the version of an interview did not have counts as blank in the rule.

    Raises
    ------
    CannotEvaluate
        If the rule needs what only the device knew, or an answer that was given several times.
    """
    gone = truth(rule, responses)
    if not gone.any():
        return responses
    names = responses.frame.index[gone]
    questionnaire = responses.questionnaire
    report = responses.report
    return replace(
        responses,
        frame=_emptied(responses.frame, gone, questionnaire),
        absence=_all_withdrawn(responses.absence, gone),
        repeats=MappingProxyType(
            {name: _without(rows, names) for name, rows in responses.repeats.items()}
        ),
        unreadable=_others(responses.unreadable, names),
        report=replace(
            report,
            notes=(*report.notes, f"interviews whose consent was withdrawn, emptied: {len(names)}"),
            disagreements=None
            if report.disagreements is None
            else _others(report.disagreements, names),
        ),
    )


def is_withdrawn(responses: Responses) -> NDArray[np.bool_]:
    """(n,) bool. Interviews whose answers were taken back."""
    if not len(responses.absence.columns):
        return np.zeros(len(responses), dtype=np.bool_)
    return (responses.absence.to_numpy() == Absence.WITHDRAWN).all(axis=1)


def standing(responses: Responses) -> Responses:
    """The responses without the interviews whose answers were taken back."""
    gone = is_withdrawn(responses)
    return responses.only(~gone) if gone.any() else responses


def _emptied(
    frame: pd.DataFrame, gone: NDArray[np.bool_], questionnaire: Questionnaire
) -> pd.DataFrame:
    kept: dict[str, pd.Series] = {}
    for key in map(str, frame.columns):
        nothing = empty_answers(questionnaire.by_key[key], frame.index)
        kept[key] = frame[key].where(~gone, nothing)
    return pd.DataFrame(kept, index=frame.index)


def _all_withdrawn(absence: pd.DataFrame, gone: NDArray[np.bool_]) -> pd.DataFrame:
    why = np.where(gone[:, None], np.int8(Absence.WITHDRAWN), absence.to_numpy(dtype=np.int8))
    return pd.DataFrame(why, index=absence.index, columns=absence.columns)


def _without(rows: Rows, names: pd.Index) -> Rows:
    stays = ~rows.frame.index.get_level_values(0).isin(names)
    return Rows(rows.frame[stays], rows.absence[stays])


def _others(table: pd.DataFrame, names: pd.Index) -> pd.DataFrame:
    return table[~table["interview"].isin(names)].reset_index(drop=True)
