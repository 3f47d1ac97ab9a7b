"""What the quality page shows, as numbers: fieldwork, problems, enumerators, trends. No answers.

Small counts are left as they are, because the page is for whoever manages the data; enumerators
appear by code only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.about_enumerators import enumerator_told
from survey_kit.cleaning.check import Check, Setting, Settings, text
from survey_kit.cleaning.checks.back_check import BACK_CHECK, BackChecked, back_checked
from survey_kit.cleaning.checks.enumerator_effect import ENUMERATOR_EFFECT, effects_of
from survey_kit.cleaning.checks.quota import QUOTA, targets_of
from survey_kit.cleaning.enumerator_rates import exact_limits, rate_table
from survey_kit.cleaning.fieldwork import Parts, by_day, parts_of, timeline
from survey_kit.cleaning.priority import scores
from survey_kit.cleaning.quota import counted, progress
from survey_kit.cleaning.run_checks import Checked
from survey_kit.responses.model import Responses

SHARE_TO_REVIEW = "to_review"
"""The measure of the share of interviews with something to review, beside those of `rate_table`."""
DAYS = 45
"""More days than this are told week by week."""
MOSTLY = 0.5
SEVERAL = 10
"""What a check finds in more than half of the interviews, and in so many, lies in the form or the file."""
PLAIN: Mapping[str, Mapping[str, object] | bool] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class Figures:
    """Everything on the page.

    times
        (n, 8) the timeline of the interviews.
    parts
        Which columns were taken for enumerator, start and end.
    days
        Interviews of each day (`by_day`).
    quota
        Progress by cell; None without targets.
    by_check, by_question
        Findings and interviews with any, the most first.
    enumerators
        Scores, with the interviews of each.
    rates
        `rate_table`, and the share of interviews with something to review.
    effects
        `enumerator_effects`, the largest lower limit first.
    trend
        By day, or by week: interviews, median and quartiles of minutes, share to review, share of
        don't know and refused.
    back_check
        None without back-checks.
    first
        Scores of interviews, with enumerator, day and the names of their checks.
    weekly
        Whether time is told by week.
    everywhere
        Questions at which a check finds something in most interviews. These findings say nothing of an
        interview or an enumerator, and are not counted as something to review there.
    """

    times: pd.DataFrame
    parts: Parts
    days: pd.DataFrame
    quota: pd.DataFrame | None
    by_check: pd.DataFrame
    by_question: pd.DataFrame
    enumerators: pd.DataFrame
    rates: pd.DataFrame
    effects: pd.DataFrame
    trend: pd.DataFrame
    back_check: BackChecked | None
    first: pd.DataFrame
    weekly: bool
    everywhere: tuple[str, ...]


def figures(
    checked: Checked,
    responses: Responses,
    *,
    settings: Mapping[str, Mapping[str, object] | bool] = PLAIN,
    folder: Path = Path(),
) -> Figures:
    """Count everything that the page shows.

    Parameters
    ----------
    settings, folder
        Those that `run_checks` was given.
    """
    effect = settings_of(ENUMERATOR_EFFECT, settings, folder)
    timed = {key: str(value) for key, value in _stated(settings).items()}
    parts = parts_of(responses, "quality page", **timed)
    times = timeline(responses, parts)
    findings = checked.findings
    everywhere = of_the_form(findings, len(times))
    noted = findings[(findings["interview"] != "") & ~everywhere]
    reviewed = times.index.isin(noted["interview"])
    known = parts.enumerator is not None
    weekly = len(by_day(times)) > DAYS
    named = text(effect, "enumerator") or timed.get("enumerator", "")
    effects = effects_of(responses, {**effect, "enumerator": named})
    return Figures(
        times=times,
        parts=parts,
        days=by_day(times),
        quota=_quota(responses, settings_of(QUOTA, settings, folder))
        if _on(settings, "quota")
        else None,
        by_check=_counts(findings, "check"),
        by_question=_counts(findings[findings["question"] != ""], "question"),
        enumerators=_enumerators(findings[~everywhere], times) if known else pd.DataFrame(),
        rates=_rates(responses, times, reviewed, parts) if known else pd.DataFrame(),
        effects=effects.sort_values("low", ascending=False, kind="stable"),
        trend=_trend(responses, times, reviewed, weekly=weekly),
        back_check=back_checked(responses, settings_of(BACK_CHECK, settings, folder))
        if _on(settings, "back_check")
        else None,
        first=_first(noted, times),
        weekly=weekly,
        everywhere=tuple(findings.loc[everywhere, "question"].unique()),
    )


def of_the_form(findings: pd.DataFrame, interviews: int) -> NDArray[np.bool_]:
    """(f,) bool. Findings of one check at one question in most interviews: the form, or the file, is to blame."""
    told = findings[findings["interview"] != ""]
    counts = told.groupby(["check", "question"])["interview"].nunique()
    common = counts[(counts > MOSTLY * interviews) & (counts >= SEVERAL)].index
    pairs = pd.MultiIndex.from_frame(findings[["check", "question"]])
    return pairs.isin(common) & (findings["interview"] != "").to_numpy(dtype=np.bool_)


def settings_of(
    check: Check, settings: Mapping[str, Mapping[str, object] | bool], folder: Path
) -> Settings:
    """The settings of a check, as `run_checks` has accepted them."""
    given = settings.get(check.name, True)
    chosen: dict[str, Setting] = dict(check.settings)
    if isinstance(given, bool):
        return chosen
    for key, value in given.items():
        match check.settings[key], value:
            case Path(), str():
                chosen[key] = folder / value
            case tuple(), list() | tuple():
                chosen[key] = tuple(str(item) for item in cast("list[object]", value))
            case tuple(), _:
                chosen[key] = (str(value),)
            case _, bool() | int() | float() | str():
                chosen[key] = value
            case _:
                pass
    return chosen


def _on(settings: Mapping[str, Mapping[str, object] | bool], name: str) -> bool:
    return settings.get(name, True) is not False


def _stated(settings: Mapping[str, Mapping[str, object] | bool]) -> dict[str, object]:
    """Where checks name the enumerator, start and end: the first that does."""
    found: dict[str, object] = {}
    for name in ("overlapping", "enumerator_rates", "productivity", "duration", "near_copy"):
        given = settings.get(name)
        if given is None or isinstance(given, bool):
            continue
        for key in ("enumerator", "start", "end"):
            if given.get(key):
                found.setdefault(key, given[key])
    return found


def _quota(responses: Responses, settings: Settings) -> pd.DataFrame | None:
    targets = targets_of(responses, settings)
    if targets is None:
        return None
    counts = counted(responses, text(settings, "complete"), "checks: quota: complete")
    return progress(responses, targets, counts)


def _counts(findings: pd.DataFrame, by: str) -> pd.DataFrame:
    groups = findings.groupby(by)
    noted = findings[findings["interview"] != ""]
    table = pd.DataFrame({"findings": groups.size()})
    interviews = noted.groupby(by)["interview"].nunique().reindex(table.index)
    table = table.assign(interviews=interviews.fillna(0).astype("int64"))
    return table.sort_values(["interviews", "findings"], ascending=False, kind="stable")


def _enumerators(findings: pd.DataFrame, times: pd.DataFrame) -> pd.DataFrame:
    """Scores of every enumerator, also of those without a finding, and their numbers of interviews."""
    counts = times["enumerator"].value_counts()
    told = enumerator_told(findings["what"], map(str, counts.index))
    own = findings["interview"].map(times["enumerator"]).astype("str")
    whose = told.where(findings["interview"] == "", own)
    found = scores(findings, whose).reindex(counts.index).fillna(0.0)
    names = findings.assign(whose=whose).groupby("whose")["check"].agg(_names)
    return found.assign(interviews=counts, names=names.reindex(found.index).fillna("")).sort_values(
        ["score", "interviews"], ascending=False, kind="stable"
    )


def _names(checks: pd.Series[Any]) -> str:
    """The checks of some findings, the most frequent first, joined by spaces."""
    return " ".join(str(name) for name in checks.value_counts().index)


def _rates(
    responses: Responses, times: pd.DataFrame, reviewed: NDArray[np.bool_], parts: Parts
) -> pd.DataFrame:
    own = (parts.enumerator.column,) if parts.enumerator else ()
    who = times["enumerator"]
    groups = pd.DataFrame({"who": who, "reviewed": reviewed}).dropna().groupby("who")["reviewed"]
    events = groups.sum().to_numpy(dtype=np.float64)
    chances = np.asarray(groups.size(), dtype=np.float64)
    low, high = exact_limits(events, chances, 0.95)
    rest = np.maximum(chances.sum() - chances, 1)
    share = pd.DataFrame(
        {
            "measure": SHARE_TO_REVIEW,
            "enumerator": groups.size().index,
            "interviews": chances.astype(np.int64),
            "value": events / chances,
            "low": low,
            "high": high,
            "expected": (events.sum() - events) / rest,
        }
    )
    return pd.concat([share, rate_table(responses, times, leave_out=own)], ignore_index=True)


def _trend(
    responses: Responses,
    times: pd.DataFrame,
    reviewed: NDArray[np.bool_],
    *,
    weekly: bool,
) -> pd.DataFrame:
    from survey_kit.cleaning.enumerator_rates import shares

    counted = shares(responses)
    silent = sum(
        (counted[name].events for name in ("dont_know", "refused") if name in counted),
        start=np.zeros(len(responses)),
    )
    day = times["day"]
    when: pd.Series[Any] = day.dt.to_period("W").dt.start_time if weekly else day
    table = times.assign(
        when=when,
        reviewed=reviewed,
        silent=silent,
        minutes=times["minutes"].where(times["finished"]),
    )
    groups = table[table["when"].notna()].groupby("when")
    return pd.DataFrame(
        {
            "interviews": groups.size(),
            "middle": groups["minutes"].median(),
            "low": groups["minutes"].quantile(0.25),
            "high": groups["minutes"].quantile(0.75),
            "reviewed": groups["reviewed"].mean(),
            "silent": groups["silent"].sum() / groups["asked"].sum().clip(lower=1),
        }
    )


def _first(noted: pd.DataFrame, times: pd.DataFrame) -> pd.DataFrame:
    found = scores(noted, noted["interview"])
    names = noted.groupby("interview")["check"].agg(_names)
    return found.assign(
        enumerator=times["enumerator"].reindex(found.index).fillna(""),
        day=times["day"].reindex(found.index),
        names=names.reindex(found.index),
    )
