"""Which columns of an interview are not answers but its circumstances: start, end, enumerator.

A setting may name the column; otherwise the form says it (questions of the types start
and end), or, for enumerators, one of the names that forms of this field use.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import StudyError
from survey_kit.responses.model import Responses

ENUMERATOR_NAMES = (
    "enumerator",
    "enum_code",
    "enumerator_code",
    "enumerator_id",
    "enumerator_num",
    "enum_id",
    "interviewer",
    "interviewer_id",
)


def moment_column(responses: Responses, kind: str, named: str, where: str) -> str | None:
    """The column that holds the start or the end of an interview.

    Parameters
    ----------
    kind
        "start" or "end": the type of the question that the form fills in.
    named
        The column that a setting names, "" where none does.
    where
        The setting, for the message.

    Raises
    ------
    StudyError
        If the setting names a column that the responses do not have.
    """
    if named:
        return known_column(responses, named, where)
    for item in responses.questionnaire.items:
        if item.question.type.name == kind and item.key in responses.frame.columns:
            return item.key
    return None


def moments(responses: Responses, column: str) -> pd.Series[Any]:
    """(n,) datetime64. A column of moments; NaT where there is none."""
    source = responses.frame if column in responses.frame.columns else responses.meta
    return pd.to_datetime(source[column], errors="coerce")


def enumerator_column(responses: Responses, named: str, where: str) -> str | None:
    """The column that holds the code of the enumerator, None where the form asks for none.

    Raises
    ------
    StudyError
        If the setting names a column that the responses do not have.
    """
    if named:
        return known_column(responses, named, where)
    frame_then_meta = (*responses.frame.columns, *responses.meta.columns)
    return next((name for name in ENUMERATOR_NAMES if name in frame_then_meta), None)


def enumerators(responses: Responses, column: str) -> pd.Series[Any]:
    """(n,) text. The code of the enumerator of each interview; NaN where it is missing."""
    source = responses.frame if column in responses.frame.columns else responses.meta
    return source[column].astype("str")


def known_column(responses: Responses, name: str, where: str) -> str:
    """The name, if there is such a column outside repeats.

    Raises
    ------
    StudyError
        If there is none.
    """
    known = (*responses.frame.columns, *responses.meta.columns)
    if name in known:
        return name
    raise StudyError(
        where,
        f"the responses have no column {name!r}",
        did_you_mean(name, map(str, known), "Name a question that stands outside repeats"),
    )
