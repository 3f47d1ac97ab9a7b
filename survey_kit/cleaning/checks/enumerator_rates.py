"""An enumerator with more blanks, refusals or "don't know", or shorter interviews, than the others."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from survey_kit.cleaning.about_enumerators import about_enumerator
from survey_kit.cleaning.check import Check, Finding, Reach, Settings, as_findings, number, text
from survey_kit.cleaning.enumerator_rates import AMOUNTS, SHARES, rate_table
from survey_kit.cleaning.fieldwork import NO_ENUMERATOR, Parts, parts_of, timeline
from survey_kit.responses.model import Responses


def _parts(responses: Responses, settings: Settings) -> Parts:
    return parts_of(
        responses,
        "checks: enumerator_rates",
        enumerator=text(settings, "enumerator"),
        start=text(settings, "start"),
        end=text(settings, "end"),
    )


def _reach(responses: Responses, settings: Settings) -> Reach:
    parts = _parts(responses, settings)
    if parts.enumerator is None:
        return Reach(runs=False, note=NO_ENUMERATOR)
    counts = timeline(responses, parts)["enumerator"].value_counts()
    least = number(settings, "least")
    few = int((counts < least).sum())
    if len(counts) - few < 1 or len(counts) <= 1:
        return Reach(runs=False, note=f"no enumerator with {least:g} interviews and others beside")
    rest = f"; {few} with fewer than {least:g} interviews are not named" if few else ""
    return Reach(note=f"{len(counts)} enumerators; {parts.note}{rest}")


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    parts = _parts(responses, settings)
    if parts.enumerator is None or not len(responses):
        return as_findings(())
    table = rate_table(responses, timeline(responses, parts), leave_out=(parts.enumerator.column,))
    times = number(settings, "times")
    value, expected = (table[key].to_numpy(dtype=np.float64) for key in ("value", "expected"))
    share = table["measure"].isin(list(SHARES)).to_numpy(dtype=np.bool_)
    far = (share & (value >= times * expected)) | (~share & (value <= expected / times))
    named = table["interviews"].to_numpy() >= number(settings, "least")
    unlikely = table["adjusted"].to_numpy() <= number(settings, "level")
    rows: list[dict[Any, Any]] = table.to_dict("records")
    marks = far & named & unlikely
    return as_findings(_say(row) for row, marked in zip(rows, marks, strict=True) if marked)


def _say(row: dict[Any, Any]) -> Finding:
    measure = str(row["measure"])
    if measure in SHARES:
        words = (
            f"{row['events']} of {row['chances']} {SHARES[measure]} ({row['value']:.1%}, 95 % interval "
            f"{row['low']:.1%} to {row['high']:.1%}; {row['expected']:.1%} by the others' rates), "
            f"in {row['interviews']} interviews"
        )
    else:
        words = (
            f"{row['value']:.3g} {AMOUNTS[measure]} (geometric mean, 95 % interval {row['low']:.3g} to "
            f"{row['high']:.3g}; the others {row['expected']:.3g}), in {row['interviews']} interviews"
        )
    return about_enumerator(str(row["enumerator"]), words)


ENUMERATOR_RATES = Check(
    name="enumerator_rates",
    title="Rates by enumerator",
    why=(
        "No enumerator has a share of don't know, refused, blank or 'other' answers, of those asked, `times` "
        "as high as the others' rates let one expect, nor interviews or lists of choices as much shorter. "
        "Limits are exact binomial, widened because the answers of one person hang together "
        "(funnel plots: Spiegelhalter 2005); p-values at `level` after Benjamini and "
        "Hochberg 1995 over all enumerators and rates. With fewer than `least` interviews nobody is named."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {"least": 10, "level": 0.05, "times": 1.5, "enumerator": "", "start": "", "end": ""}
    ),
)
