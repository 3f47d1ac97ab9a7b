"""The review of a questionnaire: every rule asked, and what was allowed left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from survey_kit.review.allow import allows, silenced
from survey_kit.review.glossary import shipped_glossary
from survey_kit.review.reviewed import Reviewed
from survey_kit.review.rule import Remark, Severity, rules

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.questionnaire.model import Questionnaire
    from survey_kit.review.glossary import Term

PROFILES = ("collect", "kobo", "web")
"""Targets that a form can be checked against."""


def review(
    questionnaire: Questionnaire,
    *,
    profiles: Collection[str] = (),
    glossary: Iterable[Term] | None = None,
    folder: Path | None = None,
) -> tuple[Remark, ...]:
    """Everything that is worth saying about a questionnaire, in the order of its file.

    Parameters
    ----------
    profiles
        Names of `PROFILES` whose limits are to be looked at as well.
    glossary
        Terms that should not be said; the shipped ones if None.
    folder
        Where the form lies, to look for the files that it names; None looks for none.

    Raises
    ------
    ValueError
        If a profile is not one of `PROFILES`.
    """
    unknown = set(profiles) - set(PROFILES)
    if unknown:
        raise ValueError(f"no such profile: {', '.join(sorted(unknown))}")
    terms = shipped_glossary() if glossary is None else tuple(glossary)
    reviewed = Reviewed(questionnaire, glossary=terms, folder=folder, profiles=tuple(profiles))
    decided = allows(reviewed)
    reviewed = replace(reviewed, allows=decided)
    asked = [rule for rule in rules().values() if rule.profile is None or rule.profile in profiles]
    found = [remark for rule in asked for remark in rule.remarks(reviewed)]
    left, matched = silenced(dict.fromkeys(found), decided)
    about_allows = replace(reviewed, matched=matched)
    left += tuple(
        remark
        for rule in asked
        if rule.code.startswith("Q9")
        for remark in rule.remarks(about_allows)
    )
    return tuple(sorted(left, key=_in_order))


def _in_order(remark: Remark) -> tuple[int, int, str]:
    """The whole form first, then the survey, the choices and other sheets, each by row."""
    sheets = {"": 0, "survey": 1, "choices": 2}
    place = remark.place
    return (sheets.get((place.sheet or "").casefold(), 3), place.row or 0, remark.code)


def counts(remarks: Iterable[Remark]) -> dict[Severity, int]:
    """How many there are of each severity."""
    found = Counter(remark.severity for remark in remarks)
    return {severity: found[severity] for severity in Severity}
