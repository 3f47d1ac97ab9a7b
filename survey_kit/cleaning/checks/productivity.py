"""A day on which an enumerator made more interviews, or more hours of them, than a day usually holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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

ASK = (
    "Ask how the day went: two people may have used one code, or interviews of several days been "
    "finished on one"
)
OF_ALL = 1 / 3
"""Above this share of enumerators with several full days it is no matter of one of them."""
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
        often = f"more than {most:g} interviews"
    else:
        spread = far_from_the_rest(counts, threshold=3.5, least=LEAST_DAYS)
        many = spread.far & (counts > 2 * spread.median)
        words = f"{spread.median:g} in the median day of an enumerator"
        often = (
            f"far more interviews than the median day of an enumerator, which has {spread.median:g}"
        )
    long = days["hours"].to_numpy(dtype=np.float64) > number(settings, "hours")
    several = int(number(settings, "several"))
    hours = f"more than {number(settings, 'hours'):g}"
    counted = _Words("interviews", "{} interviews", words, often)
    lasted = _Words("hours", "{:.1f} hours of interviews", hours, f"{hours} hours of interviews")
    everybody = int(days["enumerator"].nunique())
    return as_findings(
        [
            *_told(days.iloc[np.flatnonzero(many)], counted, several, everybody),
            *_told(days.iloc[np.flatnonzero(long)], lasted, several, everybody),
        ]
    )


@dataclass(frozen=True)
class _Words:
    """What is said of a day, and of several of one enumerator."""

    measure: str
    much: str
    against: str
    of_many: str


def _told(days: pd.DataFrame, words: _Words, several: int, everybody: int) -> Iterator[Finding]:
    """A finding for each day, but one for all those of an enumerator with `several`.

    Where very many enumerators have several, one line says so: that is how this survey works.
    """
    often = days["enumerator"].value_counts()
    busy = int((often >= several).sum())
    if busy > max(OF_ALL * everybody, several):
        yield Finding(
            "",
            "",
            "",
            f"{busy} of {everybody} enumerators have {several} days or more with {words.of_many}",
            f"So many are a matter of the code (setting `enumerator`), or of start and end. {ASK}",
        )
        days = days[days["enumerator"].map(often) < several]
    for code, theirs in days.groupby("enumerator", sort=False):
        rows: list[dict[Any, Any]] = theirs.to_dict("records")
        much = [f"{words.much.format(row[words.measure])} on {row['day']:%Y-%m-%d}" for row in rows]
        said = [f"{each}; {words.against}" for each in much]
        if len(rows) >= several:
            most = max(range(len(rows)), key=lambda at: rows[at][words.measure])
            said = [f"{len(rows)} days with {words.of_many}; the fullest {much[most]}"]
        for each in said:
            yield about_enumerator(str(code), each, suggestion=ASK)


PRODUCTIVITY = Check(
    name="productivity",
    title="A day with very many interviews",
    why=(
        "A day of one enumerator holds at most `most` interviews; where that is 0, at most twice the "
        "median, and 3.5 robust standard deviations (as in outlier), are usual. The interviews of a "
        "day together last at most `hours` hours; those longer than `left_open` minutes, "
        "left open, do not count for that. Where an enumerator has `several` such days, one line tells "
        "of them all, with the fullest; where more than a third of the enumerators have, one line tells of "
        "the survey."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {
            "most": 0,
            "hours": 12,
            "several": 5,
            "left_open": 240,
            "enumerator": "",
            "start": "",
            "end": "",
        }
    ),
)
