"""An interview shorter or longer than an interview of this kind takes."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.check import Check, Reach, Settings, as_findings, number, text, together
from survey_kit.cleaning.interview_parts import moment_column, moments
from survey_kit.cleaning.whole_interview import WholeInterview
from survey_kit.responses.model import Responses


def _columns(responses: Responses, settings: Settings) -> tuple[str | None, str | None]:
    return (
        moment_column(responses, "start", text(settings, "start"), "checks: duration: start"),
        moment_column(responses, "end", text(settings, "end"), "checks: duration: end"),
    )


def _reach(responses: Responses, settings: Settings) -> Reach:
    start, end = _columns(responses, settings)
    missing = [kind for kind, column in (("start", start), ("end", end)) if column is None]
    if missing:
        return Reach(
            runs=False,
            note=f"the form has no question of type {' and none of type '.join(missing)}; "
            "name the columns in the settings start and end",
        )
    minutes = _minutes(responses, settings)
    untimed = int(minutes.isna().sum())
    usual = minutes.median()
    middle = "" if np.isnan(usual) else f"the median interview took {usual:.0f} minutes"
    return Reach(note="; ".join(filter(None, (middle, _without(untimed)))))


def _without(untimed: int) -> str:
    return f"{untimed} interviews have no start or no end" if untimed else ""


def _minutes(responses: Responses, settings: Settings) -> pd.Series[Any]:
    start, end = _columns(responses, settings)
    if start is None or end is None:
        raise TypeError("duration")
    taken: pd.Series[Any] = moments(responses, end) - moments(responses, start)
    return taken.dt.total_seconds() / 60


def finished(responses: Responses, share: float) -> NDArray[np.bool_]:
    """Whether an interview has answers to a fair share of what the median interview has.

    One that ended early, because somebody did not agree or was too young, is short for
    a good reason.
    """
    asked = [
        item.key
        for item in responses.questionnaire.items
        if item.question.type.asked and item.key in responses.frame.columns
    ]
    answered = responses.frame[asked].notna().sum(axis=1).to_numpy()
    return answered >= share * np.median(answered)


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    if not len(responses):
        return as_findings(())
    shortest, longest = number(settings, "shortest"), number(settings, "longest")
    minutes = _minutes(responses, settings).to_numpy(dtype=np.float64)
    backwards = minutes < 0
    short = (minutes < shortest) & ~backwards & finished(responses, number(settings, "complete"))
    long = minutes > longest
    cells = WholeInterview(responses, _columns(responses, settings)[1] or "")

    def say(mark: NDArray[np.bool_], words: str, suggestion: str) -> pd.DataFrame:
        what = [words.format(minutes=value) for value in minutes[mark]]
        return cells.marked(mark, what, suggestion)

    return together(
        [
            say(
                short,
                f"{{minutes:.0f}} minutes from start to end, fewer than {shortest:g}",
                "Ask the enumerator; look at how many questions were answered",
            ),
            say(
                long,
                f"{{minutes:.0f}} minutes from start to end, more than {longest:g}",
                "Usually the form was left open or the interview interrupted",
            ),
            say(
                backwards,
                "the end is before the start",
                "Look at the clock of the device",
            ),
        ]
    )


DURATION = Check(
    name="duration",
    title="Too short or too long",
    why=(
        "From start to end an interview takes between `shortest` and `longest` minutes. "
        "The lower limit is the house rule of the Mixed Migration Centre's cleaning kit (15); the "
        "upper one, 240, only finds forms that were left open, since long interviews are usually "
        "valid. "
        "Interviews with fewer than the share `complete` of the median number of answers ended "
        "early and are not called short."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {"shortest": 15, "longest": 240, "complete": 0.5, "start": "", "end": ""}
    ),
)
