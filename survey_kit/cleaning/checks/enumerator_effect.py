"""Answers that depend on who asked, more than chance allows."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from survey_kit.cleaning.check import (
    Check,
    Finding,
    Reach,
    Settings,
    as_findings,
    number,
    text,
    texts,
)
from survey_kit.cleaning.enumerator_effects import enumerator_effects
from survey_kit.cleaning.interview_parts import (
    Part,
    enumerator_part,
    enumerators,
    site_part,
    sites,
)
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import StudyError
from survey_kit.responses.model import Responses

OF_ALL = 1 / 3
"""Where answers to more of the questions depend on who asked, it is about the survey."""
SAID = 3
NO_ENUMERATOR = "no question holds the enumerator's code; name it in the setting enumerator"


def _parts(responses: Responses, settings: Settings) -> tuple[Part | None, Part | None]:
    where = "checks: enumerator_effect"
    who = enumerator_part(responses, text(settings, "enumerator"), f"{where}: enumerator")
    return who, site_part(responses, text(settings, "site"), f"{where}: site")


def _reach(responses: Responses, settings: Settings) -> Reach:
    who, site = _parts(responses, settings)
    for key in texts(settings, "ignore"):
        if key not in responses.questionnaire.by_key:
            raise StudyError(
                "checks: enumerator_effect: ignore",
                f"there is no question called {key!r}",
                did_you_mean(key, responses.questionnaire.by_key),
            )
    if who is None:
        return Reach(runs=False, note=NO_ENUMERATOR)
    if len(enumerators(responses, who.column).dropna().unique()) <= 1:
        return Reach(runs=False, note=f"one enumerator at most in {who.note}")
    return Reach(note=f"enumerators by {who.note}, {_within(site)}")


def _within(site: Part | None) -> str:
    if site is None:
        return "places not taken into account: name the question in the setting site"
    return f"compared within {site.note}"


_Asked: TypeAlias = tuple[int, str, tuple[str, ...]]
_KEPT: WeakKeyDictionary[Responses, dict[_Asked, pd.DataFrame]] = WeakKeyDictionary()
"""Effects that were worked out, as long as their responses are in use."""


def effects_of(responses: Responses, settings: Settings) -> pd.DataFrame:
    """`enumerator_effects` with the settings of the check; without an enumerator, no rows.

    The check and the quality page ask for the same: of the same responses, which nobody changes in
    place, it is worked out once.
    """
    who, site = _parts(responses, settings)
    columns = [part.column for part in (who, site) if part]
    leave_out = (*columns, *texts(settings, "ignore"))
    least = int(number(settings, "least"))
    kept = _KEPT.setdefault(responses, {})
    key = (least, site.column if site else "", leave_out)
    if key not in kept:
        nobody = pd.Series(np.nan, index=responses.frame.index, dtype="str")
        kept[key] = enumerator_effects(
            responses,
            enumerators(responses, who.column) if who else nobody,
            sites(responses, site),
            least=least,
            leave_out=leave_out,
        )
    return kept[key]


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    who, site = _parts(responses, settings)
    if who is None:
        return as_findings(())
    table = effects_of(responses, settings)
    chance = table["adjusted"] <= number(settings, "level")
    large = table["low"] >= number(settings, "usual")
    named = table[chance & large]
    listed = named
    told: list[Finding] = []
    if len(named) > max(OF_ALL * len(table), number(settings, "most")):
        strongest = named["icc"].nlargest(int(number(settings, "most")), keep="first").index
        listed = named[named.index.isin(strongest)]
        told = [_of_survey(named, listed, len(table))]
    found = (
        Finding("", str(row["question"]), "", _what(row, site), _suggestion(row, site))
        for row in listed.to_dict("records")
    )
    return as_findings([*told, *found])


def _of_survey(named: pd.DataFrame, listed: pd.DataFrame, looked_at: int) -> Finding:
    """That most questions depend on who asked, and who is furthest from the others most often."""
    furthest = (
        named["furthest"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    )
    often = ", ".join(f"{code} ({times})" for code, times in furthest.head(SAID).items())
    return Finding(
        interview="",
        question="",
        answer="",
        what=(
            f"answers to {len(named)} of {looked_at} questions depend on who asked (intraclass correlation "
            f"{named['icc'].median():.2f} in the median); listed are the {len(listed)} where it is largest; "
            f"most often furthest from the others are the enumerators {often}"
        ),
        suggestion=(
            "So many are a matter of training, translation or of who worked where, more than of single "
            "questions: go through interviews of these enumerators with them. A larger `most` lists more"
        ),
    )


def _what(row: dict[Any, Any], site: Part | None) -> str:
    choice = f", most of all the choice '{row['code']}'" if row["code"] else ""
    within = f", within {site.column}" if site else ""
    return (
        f"answers depend on who asked{choice}: intraclass correlation {row['icc']:.2f} "
        f"(95 % interval {max(row['low'], 0):.2f} to {row['high']:.2f}; 0 if it does not matter "
        f"who asks), {row['enumerators']} enumerators, {row['n']} answers{within}; adjusted "
        f"p = {row['adjusted']:.2g}; furthest from the others is enumerator {row['furthest']}: "
        f"{_told(row, 'theirs')} of {row['their_n']} answers, the others {_told(row, 'others')}"
    )


def _told(row: dict[Any, Any], key: str) -> str:
    return f"{row[key]:.0%}" if row["code"] else f"median {row[key]:.4g}"


def _suggestion(row: dict[Any, Any], site: Part | None) -> str:
    worth = row["n"] / (1 + (row["per_enumerator"] - 1) * max(row["icc"], 0.0))
    place = "" if site else " Look first whether enumerators worked in different places."
    return (
        f"Go through how the question is read out and explained.{place} As long as it is so, "
        f"{row['n']} answers say about as much as {worth:.0f}"
    )


ENUMERATOR_EFFECT = Check(
    name="enumerator_effect",
    title="Answers that depend on who asked",
    why=(
        "Answers to a question are no more alike within enumerators than between them. Looked at "
        "are choices with at least `least` people for and against, and numbers (by their ranks), "
        "within the places of `site`, since places differ too; questions in `ignore` are left "
        "out. Listed is a question whose intraclass correlation (analysis of variance, Donner 1986) has "
        "a lower limit of `usual` or more, and a p-value of at most `level` after "
        "Benjamini and Hochberg 1995 over all questions. In well-run surveys it is about 0.01 on "
        "average (Groves, Survey Errors and Survey Costs, 1989). Where more than a third of the questions are "
        "concerned, the `most` (10) with the largest are listed, and one line tells of all. It speaks of the "
        "question and its explanation before it speaks of anybody."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {
            "least": 20,
            "level": 0.05,
            "usual": 0.02,
            "most": 10,
            "enumerator": "",
            "site": "",
            "ignore": (),
        }
    ),
)
