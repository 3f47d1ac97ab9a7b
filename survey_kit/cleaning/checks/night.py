"""An interview at an hour when people are rarely interviewed."""

from __future__ import annotations

from datetime import time
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.check import Check, Reach, Settings, text, together
from survey_kit.cleaning.interview_parts import moment_column, moments
from survey_kit.cleaning.whole_interview import WholeInterview
from survey_kit.errors import StudyError
from survey_kit.responses.model import Responses

KINDS = ("start", "end")


def _columns(responses: Responses, settings: Settings) -> list[tuple[str, str]]:
    found = [
        (kind, moment_column(responses, kind, text(settings, kind), f"checks: night: {kind}"))
        for kind in KINDS
    ]
    return [(kind, column) for kind, column in found if column is not None]


def _reach(responses: Responses, settings: Settings) -> Reach:
    if not _columns(responses, settings):
        return Reach(
            runs=False,
            note="the form has no question of type start or end; "
            "name the columns in the settings start and end",
        )
    return Reach()


def _hour(settings: Settings, name: str) -> float:
    written = text(settings, name)
    try:
        moment = time.fromisoformat(written)
    except ValueError:
        raise StudyError(
            f"checks: night: {name}",
            f"{written!r} is no time of day",
            "Write hours and minutes in quotes, such as '05:00'",
        ) from None
    return moment.hour + moment.minute / 60


def _outside(times: pd.Series[Any], earliest: float, latest: float) -> NDArray[np.bool_]:
    hours = (times.dt.hour + times.dt.minute / 60).to_numpy(dtype=np.float64)
    return (hours < earliest) | (hours > latest)


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    earliest, latest = _hour(settings, "earliest"), _hour(settings, "latest")
    tables: list[pd.DataFrame] = []
    already = np.zeros(len(responses), dtype=np.bool_)
    for kind, column in _columns(responses, settings):
        times = moments(responses, column)
        mark = _outside(times, earliest, latest) & ~already
        already |= mark
        cells = WholeInterview(responses, column)
        what = [f"the {kind} of the interview is at {moment:%H:%M}" for moment in times[mark]]
        tables.append(cells.marked(mark, what, "Look at the clock of the device, or ask"))
    return together(tables)


NIGHT = Check(
    name="night",
    title="At night",
    why=(
        "An interview starts and ends between `earliest` and `latest`, in local time. The "
        "defaults, 05:00 and 22:00, are those of the Mixed Migration Centre's cleaning kit. A "
        "device with a wrong clock looks the same, and people who work by day may prefer the "
        "evening."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType({"earliest": "05:00", "latest": "22:00", "start": "", "end": ""}),
)
