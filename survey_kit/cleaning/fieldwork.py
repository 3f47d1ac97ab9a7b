"""Fieldwork as a timeline: who interviewed when, for how long, and whether the interview was finished.

One row an interview; progress, productivity and trends are counted from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.interview_parts import (
    Part,
    enumerator_part,
    enumerators,
    moment_column,
    moments,
)
from survey_kit.responses.model import Absence, Responses

TIMELINE = ("enumerator", "start", "end", "day", "minutes", "asked", "answered", "finished")
"""Columns of a timeline."""
HALF = 0.5
"""An interview with fewer answers than this share of the median's ended early."""
NO_ENUMERATOR = "no question holds the enumerator's code; name it in the setting enumerator"
NO_MOMENTS = (
    "the form has no question of type start and none of type end; "
    "name the columns in the settings start and end"
)


@dataclass(frozen=True)
class Parts:
    """Which columns say who interviewed, and when; None where none does."""

    enumerator: Part | None
    start: str | None
    end: str | None

    @property
    def note(self) -> str:
        """What was taken, in words."""
        who = f"enumerators by {self.enumerator.note}" if self.enumerator else ""
        times = [column for column in (self.start, self.end) if column]
        when = f"times from {' and '.join(times)}" if times else ""
        return "; ".join(filter(None, (who, when)))


def parts_of(
    responses: Responses, where: str, *, enumerator: str = "", start: str = "", end: str = ""
) -> Parts:
    """The columns, as settings name them or as the form has them.

    `where` is the check, for messages: "checks: overlapping".
    """
    return Parts(
        enumerator_part(responses, enumerator, f"{where}: enumerator"),
        moment_column(responses, "start", start, f"{where}: start"),
        moment_column(responses, "end", end, f"{where}: end"),
    )


def timeline(responses: Responses, parts: Parts) -> pd.DataFrame:
    """When and by whom each interview was made.

    Returns
    -------
    (n, 8)
        The index of the interviews and the columns `TIMELINE`: enumerator (text, NaN where
        unknown), start and end (datetime64), day (of the start, or of the end, or of sending),
        minutes (NaN where not known or negative), how many questions were asked and answered
        (int), and finished: whether it has at least half as many answers as the median
        interview. Who did not agree to take part is not finished.
    """
    index = responses.frame.index
    nothing = pd.Series(pd.NaT, index=index, dtype="datetime64[us]")
    start = moments(responses, parts.start) if parts.start else nothing
    end = moments(responses, parts.end) if parts.end else nothing
    minutes: pd.Series[Any] = (end - start).dt.total_seconds() / 60
    asked, answered = _counts(responses)
    sent = responses.meta.get("submitted", nothing)
    day = start.fillna(end).fillna(pd.to_datetime(sent)).dt.normalize()
    who = enumerators(responses, parts.enumerator.column) if parts.enumerator else None
    return pd.DataFrame(
        {
            "enumerator": pd.Series(np.nan, index=index, dtype="str") if who is None else who,
            "start": start,
            "end": end,
            "day": day,
            "minutes": minutes.where(minutes >= 0),
            "asked": asked,
            "answered": answered,
            "finished": answered >= HALF * (np.median(answered) if len(answered) else 0),
        },
        index=index,
    )


def _counts(responses: Responses) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(n,) questions asked, and answered, outside repeats."""
    keys = asked_questions(responses)
    absence = responses.absence[keys].to_numpy()
    never = (Absence.NOT_ASKED, Absence.NOT_IN_VERSION, Absence.NOT_KNOWN)
    asked = ~np.isin(absence, never)
    given = responses.frame[keys].notna().to_numpy(dtype=np.bool_)
    return asked.sum(axis=1), given.sum(axis=1)


def asked_questions(responses: Responses) -> list[str]:
    """Keys of the questions outside repeats that are put to people."""
    return [
        item.key
        for item in responses.questionnaire.items
        if item.question.type.asked and item.key in responses.frame.columns
    ]


def by_day(times: pd.DataFrame) -> pd.DataFrame:
    """(days, 3) interviews of each day with any, those finished, and how many enumerators worked."""
    known = times[times["day"].notna()]
    days = known.groupby("day")
    return pd.DataFrame(
        {
            "interviews": days.size(),
            "finished": days["finished"].sum().astype("int64"),
            "enumerators": days["enumerator"].nunique(),
        }
    )


def by_enumerator_and_day(times: pd.DataFrame) -> pd.DataFrame:
    """(pairs, 4) enumerator, day, interviews, and hours: the sum of the minutes of its interviews."""
    known = times[times["day"].notna() & times["enumerator"].notna()]
    pairs = known.groupby(["enumerator", "day"])
    table = pd.DataFrame({"interviews": pairs.size(), "hours": pairs["minutes"].sum() / 60})
    return table.reset_index()
