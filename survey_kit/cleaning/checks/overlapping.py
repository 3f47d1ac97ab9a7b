"""Interviews of one enumerator that overlap, or follow each other without a pause."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd

from survey_kit.cleaning.check import Check, Reach, Settings, as_findings, number, text, together
from survey_kit.cleaning.fieldwork import NO_ENUMERATOR, NO_MOMENTS, Parts, parts_of, timeline
from survey_kit.cleaning.whole_interview import WholeInterview
from survey_kit.responses.model import Responses


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
    before = _before(timeline(responses, parts), number(settings, "left_open"))
    pause = before["gap"].to_numpy(dtype=np.float64)
    overlap = pause < 0
    tight = (pause >= 0) & (pause < number(settings, "pause"))
    close = tight & before["other_finished"].to_numpy(dtype=np.bool_)
    interviews = WholeInterview(responses, parts.start or "")
    others = before["other"].to_numpy(dtype=object)
    return together(
        [
            interviews.marked(
                overlap,
                [
                    f"begun {np.ceil(-gap):.0f} minutes before the end of another interview of the same "
                    "enumerator"
                    for gap in pause[overlap]
                ],
                [
                    f"Compare with {other}: look at the clock, whether a form was left open, "
                    "or whether two people used one code"
                    for other in others[overlap]
                ],
            ),
            interviews.marked(
                close,
                [
                    f"begun {int(gap)} minutes after the end of another interview of the same "
                    f"enumerator, fewer than {number(settings, 'pause'):g}"
                    for gap in pause[close]
                ],
                [f"Compare with {other}; neighbours are near in a camp" for other in others[close]],
            ),
        ]
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
        "rule of the Mixed Migration Centre's cleaning kit); fewer than none is an overlap. After an "
        "interview that ended early, because somebody did not agree, no pause is expected. "
        "Interviews longer than `left_open` minutes are taken for forms left open, and their end "
        "says nothing. On simulated interviews, which never overlap and are 8 minutes apart at "
        "least, it lists none as overlapping."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {"pause": 10, "left_open": 240, "enumerator": "", "start": "", "end": ""}
    ),
)
