"""Interviews of one enumerator that become shorter, or ask less, more than those of the others."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from survey_kit.cleaning.about_enumerators import about_enumerator
from survey_kit.cleaning.check import Check, Finding, Reach, Settings, as_findings, number, text
from survey_kit.cleaning.fieldwork import NO_ENUMERATOR, NO_MOMENTS, Parts, parts_of, timeline
from survey_kit.cleaning.fieldwork_trends import MEASURES, trend_table
from survey_kit.cleaning.interview_parts import Part, site_part, sites
from survey_kit.responses.model import Responses


def _parts(responses: Responses, settings: Settings) -> tuple[Parts, Part | None]:
    parts = parts_of(
        responses,
        "checks: trend",
        enumerator=text(settings, "enumerator"),
        start=text(settings, "start"),
        end=text(settings, "end"),
    )
    return parts, site_part(responses, text(settings, "site"), "checks: trend: site")


def _reach(responses: Responses, settings: Settings) -> Reach:
    parts, site = _parts(responses, settings)
    if parts.enumerator is None:
        return Reach(runs=False, note=NO_ENUMERATOR)
    if parts.start is None:
        return Reach(runs=False, note=NO_MOMENTS)
    least = number(settings, "least")
    counts = timeline(responses, parts)["enumerator"].value_counts()
    if not (counts >= least).any():
        return Reach(runs=False, note=f"no enumerator has {least:g} interviews")
    place = f"; places by {site.note}" if site else ""
    return Reach(note=f"{int((counts >= least).sum())} enumerators; {parts.note}{place}")


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    parts, site = _parts(responses, settings)
    if not len(responses):
        return as_findings(())
    table = trend_table(
        timeline(responses, parts), sites(responses, site), least=int(number(settings, "least"))
    )
    left = 1 - number(settings, "drop")
    kept = table["last"].to_numpy(dtype=np.float64) / table["first"].to_numpy(dtype=np.float64)
    fell = kept <= left * table["others"].to_numpy(dtype=np.float64)
    unlikely = table["adjusted"].to_numpy(dtype=np.float64) <= number(settings, "level")
    rows: list[dict[Any, Any]] = table.to_dict("records")
    marks = fell & unlikely
    return as_findings(_say(row) for row, marked in zip(rows, marks, strict=True) if marked)


def _say(row: dict[Any, Any]) -> Finding:
    change = row["others"] - 1
    others = f"{abs(change):.0%} {'fewer' if change < 0 else 'more'} with the others meanwhile"
    return about_enumerator(
        str(row["enumerator"]),
        f"{MEASURES[row['measure']]} fell by {1 - row['last'] / row['first']:.0%}, from about "
        f"{row['first']:.0f} to {row['last']:.0f} over "
        f"{row['interviews']} interviews ({others}; Kendall's tau {row['tau']:.2f})",
        suggestion="Listen in on an interview: questions may be shortened, or answered so that "
        "others fall away",
    )


TREND = Check(
    name="trend",
    title="Interviews that become shorter",
    why=(
        "The minutes and the questions of an enumerator's finished interviews do not fall over time by "
        "the share `drop` more than practice makes those of the others fall, within "
        "places (`site`). Kendall's tau at `level` after Benjamini and Hochberg 1995; enumerators with "
        "fewer than `least` interviews are not judged."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {
            "least": 12,
            "drop": 0.2,
            "level": 0.05,
            "enumerator": "",
            "start": "",
            "end": "",
            "site": "",
        }
    ),
)
