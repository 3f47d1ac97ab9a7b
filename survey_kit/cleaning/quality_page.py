"""The quality page: how fieldwork goes, as one HTML file that needs nothing else.

For whoever manages the data, so small counts are shown; but no answer and no text of anybody is on it, and
enumerators stand there by code. There is no script and no address to fetch from, and the page
forbids both to whoever opens it: it can be read where there is no network, and printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from survey_kit.cleaning.quality_enumerators import (
    back_check_section,
    effects_section,
    enumerators_section,
)
from survey_kit.cleaning.quality_figures import PLAIN, Figures, figures
from survey_kit.cleaning.quality_parts import Words
from survey_kit.cleaning.quality_sections import (
    checks_section,
    first_section,
    of_many_section,
    problems_section,
    progress_section,
    quota_section,
    trend_section,
)
from survey_kit.cleaning.quality_style import STYLE, printed_notice
from survey_kit.cleaning.rounds import Round, State
from survey_kit.cleaning.run_checks import Checked
from survey_kit.responses.model import Responses

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
NO_VERDICT = (
    "Everything here is a reason to look, not a verdict: interviews are odd for good reasons too. "
    "For the management of the data: counts are small and not meant for publication. No answer of anybody is shown."
)


def quality_page(
    checked: Checked,
    responses: Responses,
    *,
    title: str = "Data quality",
    notice: str = "",
    language: str | None = None,
    settings: Mapping[str, Mapping[str, object] | bool] = PLAIN,
    folder: Path = Path(),
    rounds: Round | None = None,
) -> str:
    """The page as text.

    Parameters
    ----------
    checked
        What the checks found.
    responses
        Those that were checked.
    notice
        Stands on top of the page wherever it is scrolled: that interviews are simulated.
    language
        Of the labels of questions and choices.
    settings, folder
        Those that `run_checks` was given: they name targets, back-checks and columns.
    rounds
        This round, where rounds are kept: findings that are settled are left out then.

    Raises
    ------
    StudyError
        If a setting names a column or a file that does not fit.
    """
    if rounds is not None:
        checked = replace(checked, findings=_open(rounds))
    found = figures(checked, responses, settings=settings, folder=folder)
    summary = checked.summary
    titles: dict[str, str] = dict(
        zip(summary["check"].astype("str"), summary["title"].astype("str"), strict=True)
    )
    words = Words(responses.questionnaire, titles, language)
    body = "\n".join(
        part
        for part in (
            f'<p class="notice" role="note">{escape(notice)}</p>' if notice else "",
            _header(title, found, responses),
            "<main>",
            _tiles(found, checked, rounds),
            progress_section(found),
            quota_section(found.quota, words),
            of_many_section(checked.findings, words),
            problems_section(found, words, len(responses)),
            first_section(found, words),
            enumerators_section(found, words),
            effects_section(found.effects, words),
            back_check_section(found.back_check, words),
            trend_section(found),
            checks_section(summary),
            "</main>",
            f"<footer><p>{escape(_taken(found))}</p></footer>",
        )
        if part
    )
    return (
        '<!DOCTYPE html>\n<html lang="en" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}: data quality</title>\n<style>{STYLE}{printed_notice(notice)}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _open(rounds: Round) -> pd.DataFrame:
    """The findings of a round that nobody has settled, in their order."""
    settled = rounds.findings["state"] == State.SETTLED.value
    return rounds.findings[~settled].reset_index(drop=True)


def _header(title: str, found: Figures, responses: Responses) -> str:
    days = found.days.index
    when = ""
    if len(days):
        first, last = f"{days[0]:%d %B %Y}", f"{days[-1]:%d %B %Y}"
        when = f" on {first}" if first == last else f" from {first} to {last}"
    version = responses.questionnaire.version
    form = f", version {version} of the form" if version else ""
    return (
        f"<header><h1><bdi>{escape(title)}</bdi></h1>"
        f'<p class="lead">Data quality of {len(responses):,} interviews{when}{escape(form)}. {NO_VERDICT}</p></header>'
    )


def _tiles(found: Figures, checked: Checked, rounds: Round | None) -> str:
    times = found.times
    n = len(times)
    noted = found.first.index.isin(times.index).sum()
    finished = int(times["finished"].sum())
    minutes = times["minutes"].where(times["finished"]).median()
    people = times["enumerator"].nunique()
    tiles = [
        (f"{n:,}", f"interviews, {finished:,} of them finished"),
        (f"{people}", "enumerators") if people else None,
        (f"{minutes:.0f}", "minutes in the median finished interview")
        if pd.notna(minutes)
        else None,
        (f"{noted / max(n, 1):.0%}", f"of interviews have something to review ({noted:,})"),
        _quota_tile(found.quota),
        (
            f"{len(checked.findings):,}",
            "findings in all" if rounds is None else "findings not settled",
        ),
        _round_tile(rounds),
        (f"{int(checked.summary['ran'].sum())}", f"of {len(checked.summary)} checks could run"),
    ]
    drawn = "".join(
        f"<li><b>{escape(b)}</b><span>{escape(s)}</span></li>" for b, s in filter(None, tiles)
    )
    return f'<ul class="tiles">{drawn}</ul>'


def _quota_tile(quota: pd.DataFrame | None) -> tuple[str, str] | None:
    if quota is None:
        return None
    cells = quota.drop(columns=["target", "done", "remaining", "over"])
    whole: pd.DataFrame = quota[(cells != "").all(axis=1)]
    target = int(whole["target"].sum())
    if not target:
        return None
    due = target - int(whole["remaining"].sum())
    return f"{due / target:.0%}", f"of the quota is filled ({due:,} of {target:,})"


def _round_tile(rounds: Round | None) -> tuple[str, str] | None:
    if rounds is None:
        return None
    counts: dict[str, Any] = rounds.counts
    return (
        f"{counts['new'] + counts['changed']:,}",
        f"findings new or changed since the last round; {counts['settled']:,} are settled",
    )


def _taken(found: Figures) -> str:
    note = found.parts.note
    return f"Taken for circumstances of the interview: {note}." if note else ""
