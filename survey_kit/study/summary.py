"""What a run prints at its end: a few lines that a researcher reads first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

import pandas as pd

from survey_kit.cleaning.correction_log import Effect, Match
from survey_kit.cleaning.corrections import BREAKS
from survey_kit.findings.claim import Claim
from survey_kit.responses.withdrawn import is_withdrawn
from survey_kit.study.prepare import Prepared, effective_size
from survey_kit.study.settings import StudySettings
from survey_kit.study.versions import counted_by_version, told

WIDTH = 100
"""Columns of a terminal that most people have."""


def summary_of(
    settings: StudySettings, prepared: Prepared, claims: Sequence[Claim], out: Path
) -> str:
    """Counts, weights and headline findings, each line true by itself."""
    analysis, log = prepared.analysis, prepared.corrected.log
    weights = analysis.sample.weights
    lines = [settings.title]
    if settings.notice:
        lines.append(settings.notice)
    lines += [
        "",
        (
            f"  interviews   {len(prepared.raw):,} read, {len(prepared.corrected.removed):,} removed, "
            f"{_not_counted(prepared)}, {len(analysis):,} analysed"
        ),
        *_versions(prepared),
        *_form(prepared),
        f"  checks       {_findings(prepared)} (quality.xlsx)",
        f"  corrections  {_corrections(log)}",
        (
            f"  weights      worth {effective_size(weights):,.0f} equally weighted interviews; "
            f"from {weights.min():.2f} to {weights.max():.2f}"
        ),
    ]
    headlines = [claim for claim in claims if claim.headline]
    if headlines:
        lines.append("")
        for claim in headlines:
            lines += _wrapped(claim.statement)
    lines += ["", f"Everything is in {out}"]
    return "\n".join(lines)


def _not_counted(prepared: Prepared) -> str:
    gone = int(is_withdrawn(prepared.corrected.responses).sum())
    incomplete = f"{int((~prepared.complete).sum()) - gone:,} not complete"
    return f"{incomplete}, {gone:,} withdrawn" if gone else incomplete


def _findings(prepared: Prepared) -> str:
    """How many findings there are; where rounds are kept, how many of them in each state."""
    found = f"{len(prepared.checked.findings):,} findings to review"
    if prepared.round is None:
        return found
    counts = prepared.round.counts
    return f"{found}: {', '.join(f'{count:,} {state}' for state, count in counts.items())}"


def _versions(prepared: Prepared) -> list[str]:
    """A line about interviews that were made with another version of the form, if there are any."""
    newest = prepared.questionnaire.version
    counts = counted_by_version(prepared.raw.meta)
    said = told(counts, newest, prepared.raw.editions)
    return [f"  versions     {said}"] if said else []


def _form(prepared: Prepared) -> list[str]:
    """A line about a form that is read, though no phone with ODK or Kobo would take it."""
    asked = prepared.questionnaire
    count = len(asked.not_understood) + len(asked.only_elsewhere)
    if not count:
        return []
    parts = "1 part" if count == 1 else f"{count:,} parts"
    return [f"  form         {parts} not for ODK or Kobo, so no form is made (survey-kit check)"]


def _corrections(log: pd.DataFrame) -> str:
    """How many answers the log of corrections changed, and on what grounds."""
    by_hand = log[log["action"].isin(["change", "blank"])]
    if by_hand.empty:
        return "none"
    changed = int((by_hand["effect"] == Effect.CHANGED.value).sum())
    stated = int((by_hand["match"] != Match.NOT_STATED.value).sum())
    verified = "every old value" if stated == len(by_hand) else f"the {stated:,} old values stated"
    notes = by_hand["note"] if "note" in by_hand.columns else pd.Series(dtype="str")
    broken = int(notes.str.contains(BREAKS, regex=False).sum())
    against = f"; {broken:,} against the form's own constraint (quality.xlsx)" if broken else ""
    return f"{changed:,} answers corrected, {verified} verified{against}"


def _wrapped(statement: str) -> list[str]:
    """A statement as an item of a list; a number and its % stay on one line."""
    together = statement.replace(" %", "\N{NO-BREAK SPACE}%")
    lines = wrap(together, WIDTH, initial_indent="  * ", subsequent_indent="    ")
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
