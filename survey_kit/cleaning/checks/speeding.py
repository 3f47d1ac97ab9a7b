"""An interview that took much less time for each answer than others did."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.asked_and_answered import asked_and_answered
from survey_kit.cleaning.check import Check, Reach, Settings, number, text
from survey_kit.cleaning.interview_parts import moment_column, moments
from survey_kit.cleaning.whole_interview import WholeInterview
from survey_kit.responses.model import Responses


def _columns(responses: Responses, settings: Settings) -> tuple[str | None, str | None]:
    return (
        moment_column(responses, "start", text(settings, "start"), "checks: speeding: start"),
        moment_column(responses, "end", text(settings, "end"), "checks: speeding: end"),
    )


def _seconds(responses: Responses, settings: Settings) -> NDArray[np.float64]:
    """(n,) seconds for each answer; NaN where there are too few, or no time."""
    start, end = _columns(responses, settings)
    if start is None or end is None:
        return np.full(len(responses), np.nan)
    taken = (moments(responses, end) - moments(responses, start)).dt.total_seconds().to_numpy()
    answered = asked_and_answered(responses)["answered"].to_numpy(dtype=np.float64)
    able = (answered >= number(settings, "least")) & (taken >= 0)
    return np.where(able, taken / np.maximum(answered, 1), np.nan)


def _reach(responses: Responses, settings: Settings) -> Reach:
    if None in _columns(responses, settings):
        return Reach(
            runs=False,
            note="the form has no questions of type start and end; name the columns in the settings",
        )
    seconds = _seconds(responses, settings)
    if np.isnan(seconds).all():
        least = number(settings, "least")
        return Reach(runs=False, note=f"no interview with a start and an end has {least:g} answers")
    return Reach(note=f"the median interview took {np.nanmedian(seconds):.1f} seconds an answer")


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    seconds = _seconds(responses, settings)
    usual = float(np.nanmedian(seconds)) if not np.isnan(seconds).all() else 0.0
    mark = seconds < number(settings, "share") * usual
    what = [f"{each:.1f} seconds an answer; {usual:.1f} is usual" for each in seconds[mark]]
    return WholeInterview(responses, _columns(responses, settings)[1] or "").marked(
        mark, what, "Ask how it was held; look at its answers"
    )


SPEEDING = Check(
    name="speeding",
    title="Faster than others for each answer",
    why=(
        "From start to end an interview takes at least the share `share` of the seconds that the "
        "median interview takes for an answer. Interviews with fewer than `least` answers are not "
        "judged. An interview that was short because little was asked is not fast; one of which "
        "most was entered afterwards is."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType({"share": 0.4, "least": 10, "start": "", "end": ""}),
)
