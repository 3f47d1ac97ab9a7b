"""A day on which an enumerator made more interviews, or more hours of them, than a day usually holds."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from survey_kit.cleaning.about_enumerators import about_enumerator
from survey_kit.cleaning.check import Check, Finding, Reach, Settings, as_findings, number, text
from survey_kit.cleaning.fieldwork import (
    NO_ENUMERATOR,
    NO_MOMENTS,
    Parts,
    by_enumerator_and_day,
    parts_of,
    timeline,
)
from survey_kit.cleaning.robust import far_from_the_rest
from survey_kit.responses.model import Responses

LEAST_DAYS = 10
"""With fewer days of enumerators there is nothing usual to hold them against."""


def _parts(responses: Responses, settings: Settings) -> Parts:
    return parts_of(
        responses,
        "checks: productivity",
        enumerator=text(settings, "enumerator"),
        start=text(settings, "start"),
        end=text(settings, "end"),
    )


def _reach(responses: Responses, settings: Settings) -> Reach:
    parts = _parts(responses, settings)
    if parts.enumerator is None:
        return Reach(runs=False, note=NO_ENUMERATOR)
    days = by_enumerator_and_day(timeline(responses, parts))
    if not len(days):
        return Reach(runs=False, note=NO_MOMENTS)
    return Reach(
        note=f"{days['enumerator'].nunique()} enumerators on {days['day'].nunique()} days; the median "
        f"day of one has {days['interviews'].median():g} interviews; {parts.note}"
    )


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    times = timeline(responses, _parts(responses, settings))
    usable = times["minutes"].where(times["minutes"] <= number(settings, "left_open"))
    days = by_enumerator_and_day(times.assign(minutes=usable))
    counts = days["interviews"].to_numpy(dtype=np.float64)
    most = number(settings, "most")
    if most:
        many, words = counts > most, f"more than {most:g}"
    else:
        spread = far_from_the_rest(counts, threshold=3.5, least=LEAST_DAYS)
        many = spread.far & (counts > 2 * spread.median)
        words = f"{spread.median:g} in the median day of an enumerator"
    long = days["hours"].to_numpy(dtype=np.float64) > number(settings, "hours")
    rows: list[dict[Any, Any]] = days.to_dict("records")
    return as_findings(
        [
            *(
                _say(row, f"{row['interviews']} interviews", words)
                for row, m in zip(rows, many, strict=True)
                if m
            ),
            *(
                _say(
                    row,
                    f"{row['hours']:.1f} hours of interviews",
                    f"more than {number(settings, 'hours'):g}",
                )
                for row, m in zip(rows, long, strict=True)
                if m
            ),
        ]
    )


def _say(row: dict[Any, Any], much: str, against: str) -> Finding:
    return about_enumerator(
        str(row["enumerator"]),
        f"{much} on {row['day']:%Y-%m-%d}; {against}",
        suggestion="Ask how the day went: two people may have used one code, or interviews of several "
        "days been finished on one",
    )


PRODUCTIVITY = Check(
    name="productivity",
    title="A day with very many interviews",
    why=(
        "A day of one enumerator holds at most `most` interviews; where that is 0, at most twice the "
        "median, and 3.5 robust standard deviations (as in outlier), are usual. The interviews of a "
        "day together last at most `hours` hours; those longer than `left_open` minutes, "
        "left open, do not count for that."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {"most": 0, "hours": 12, "left_open": 240, "enumerator": "", "start": "", "end": ""}
    ),
)
