"""Interviews of one enumerator that overlap, or follow each other without a pause."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from survey_kit.cleaning.about_enumerators import about_enumerator
from survey_kit.cleaning.check import (
    Check,
    Finding,
    Reach,
    Settings,
    as_findings,
    number,
    text,
    together,
)
from survey_kit.cleaning.fieldwork import NO_ENUMERATOR, NO_MOMENTS, Parts, parts_of, timeline
from survey_kit.cleaning.whole_interview import WholeInterview
from survey_kit.responses.model import Responses

OF_ALL = 1 / 3
"""Where more of all interviews overlap, it is about the survey."""
LONG = 2
"""An interview that took so many times the median was probably left open."""


def _parts(responses: Responses, settings: Settings) -> Parts:
    return parts_of(
        responses,
        "checks: overlapping",
        enumerator=text(settings, "enumerator"),
        start=text(settings, "start"),
        end=text(settings, "end"),
    )


def _reach(responses: Responses, settings: Settings) -> Reach:
    parts = _parts(responses, settings)
    if parts.enumerator is None:
        return Reach(runs=False, note=NO_ENUMERATOR)
    if parts.start is None or parts.end is None:
        return Reach(runs=False, note=NO_MOMENTS)
    times = timeline(responses, parts)
    open_ = int((times["minutes"] > number(settings, "left_open")).sum())
    rest = f"; {open_} were left open and are compared by their start only" if open_ else ""
    return Reach(note=parts.note + rest)


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    parts = _parts(responses, settings)
    if parts.enumerator is None or not len(responses):
        return as_findings(())
    times = timeline(responses, parts)
    gaps = _before(times, number(settings, "left_open"))
    before: pd.DataFrame = gaps.assign(enumerator=times["enumerator"])
    pause = before["gap"].to_numpy(dtype=np.float64)
    over = pause < -number(settings, "overlap")
    close = ~over & (pause < number(settings, "pause"))
    close &= before["other_finished"].to_numpy(dtype=np.bool_)
    timed = int((times["enumerator"].notna() & times["start"].notna()).sum())
    several = number(settings, "several")
    interviews = WholeInterview(responses, parts.start or "")
    made = _Made(times["enumerator"].value_counts(), float(times["minutes"].median()))
    if over.sum() > max(OF_ALL * timed, several):
        overlaps = as_findings([_of_survey(int(over.sum()), timed, parts)])
    else:
        overlaps = _listed(interviews, before.iloc[np.flatnonzero(over)], made, several, _overlap)
    wanted = number(settings, "pause")
    pauses = _listed(
        interviews,
        before.iloc[np.flatnonzero(close)],
        made,
        several,
        partial(_short, wanted=wanted),
    )
    return together([overlaps, pauses])


@dataclass(frozen=True, eq=False)
class _Made:
    """How many interviews each enumerator made, and the minutes that one usually took."""

    by: pd.Series[int]
    usual: float


def _listed(
    interviews: WholeInterview,
    rows: pd.DataFrame,
    made: _Made,
    several: float,
    words: Callable[..., _Words],
) -> pd.DataFrame:
    """A finding for each row, but one for all those of an enumerator with `several`."""
    often = rows["enumerator"].map(rows["enumerator"].value_counts()) >= several
    told = words(rows[~often], usual=made.usual)
    single = interviews.responses.frame.index.isin(rows.index[~often])
    many = as_findings(
        about_enumerator(
            str(code),
            f"{len(theirs)} of {made.by[code]} interviews {told.of_many(theirs['gap'])}",
            suggestion=told.ask,
        )
        for code, theirs in rows[often].groupby("enumerator")
    )
    return together([interviews.marked(single, told.what, told.suggestion), many])


@dataclass(frozen=True)
class _Words:
    """What is said of each interview, and of many of one enumerator together."""

    what: list[str]
    suggestion: list[str]
    of_many: Callable[[pd.Series[Any]], str]
    ask: str


def _overlap(rows: pd.DataFrame, *, usual: float) -> _Words:
    return _Words(
        what=[
            f"begun {np.ceil(-gap):.0f} minutes before the end of another interview of the same "
            "enumerator"
            for gap in rows["gap"]
        ],
        suggestion=[
            f"Compare with {other}, which took {minutes:.0f} minutes ({usual:.0f} is usual): was its "
            "form left open?"
            if minutes > LONG * usual
            else f"Compare with {other}: look at the clock, whether a form was left open, "
            "or whether two people used one code"
            for other, minutes in zip(rows["other"], rows["other_minutes"], strict=True)
        ],
        of_many=lambda gaps: (
            "begun before the end of another of the same enumerator "
            f"({-gaps.median():.0f} minutes before it in the median)"
        ),
        ask="Ask whether forms are left open, or whether two people use one code",
    )


def _short(rows: pd.DataFrame, *, usual: float, wanted: float) -> _Words:
    del usual
    return _Words(
        what=[
            f"begun {max(int(gap), 0)} minutes after the end of another interview of the same "
            f"enumerator, fewer than {wanted:g}"
            for gap in rows["gap"]
        ],
        suggestion=[
            f"Compare with {other}; neighbours are near in a camp" for other in rows["other"]
        ],
        of_many=lambda gaps: (
            f"begun fewer than {wanted:g} minutes after the end of another of the same "
            f"enumerator ({max(gaps.median(), 0):.0f} minutes after it in the median)"
        ),
        ask="Ask how the next person is found; neighbours are near in a camp",
    )


def _of_survey(number_: int, timed: int, parts: Parts) -> Finding:
    column = parts.enumerator.column if parts.enumerator else ""
    return Finding(
        interview="",
        question=parts.start or "",
        answer="",
        what=(
            f"{number_} of {timed} interviews ({number_ / timed:.0%}) were begun before the end of "
            f"another with the same {column}"
        ),
        suggestion=(
            f"Look whether {column} has one code for each person who interviewed (setting "
            "`enumerator`), and whether start and end are those of the interview"
        ),
    )


def _before(times: pd.DataFrame, left_open: float) -> pd.DataFrame:
    """Of each interview, what was going on before it: the gap in minutes, and to which interview.

    The gap is to the latest end of the same enumerator's interviews that began earlier, those
    left open not counted. NaN where there is none.
    """
    usable = times["enumerator"].notna() & times["start"].notna()
    ordered = times[usable].sort_values(["enumerator", "start"], kind="stable")
    counted = ordered["minutes"].le(left_open)
    ends = ordered["end"].where(counted).to_numpy(dtype="datetime64[us]")
    starts = ordered["start"].to_numpy(dtype="datetime64[us]")
    who = pd.factorize(ordered["enumerator"])[0]
    latest = np.full(len(ordered), -1)
    for row in range(1, len(ordered)):
        if who[row] != who[row - 1]:
            continue
        before, last = row - 1, latest[row - 1]
        later = last < 0 or (not np.isnat(ends[before]) and ends[before] >= ends[last])
        latest[row] = before if later and not np.isnat(ends[before]) else last
    known = latest >= 0
    gap = np.full(len(ordered), np.nan)
    passed = starts[known] - ends[latest[known]]
    gap[known] = passed / np.timedelta64(1, "s") / 60
    table = pd.DataFrame(
        {
            "gap": gap,
            "other": np.where(known, ordered.index.to_numpy(dtype=object)[latest], ""),
            "other_minutes": ordered["minutes"].to_numpy(dtype=np.float64)[latest],
            "other_finished": known & ordered["finished"].to_numpy(dtype=np.bool_)[latest],
        },
        index=ordered.index,
    ).reindex(times.index)
    finished = table["other_finished"].eq(other=True)
    return table.assign(other=table["other"].fillna(""), other_finished=finished)


OVERLAPPING = Check(
    name="overlapping",
    title="Overlapping, or without a pause",
    why=(
        "Between two interviews of one enumerator lie at least `pause` minutes (10: the house "
        "rule of the Mixed Migration Centre's cleaning kit); begun more than `overlap` minutes before the "
        "end of another is an overlap. Where an enumerator has `several` of one or the other, one line "
        "tells of them all; where more than a third of all interviews overlap, one line tells of the "
        "survey, since the column is then hardly that of one person for each code. After an "
        "interview that ended early, because somebody did not agree, no pause is expected. "
        "Interviews longer than `left_open` minutes are taken for forms left open, and their end "
        "says nothing. On simulated interviews, which never overlap and are 8 minutes apart at "
        "least, it lists none as overlapping."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {
            "pause": 10,
            "overlap": 2,
            "several": 5,
            "left_open": 240,
            "enumerator": "",
            "start": "",
            "end": "",
        }
    ),
)
