"""What the explorer shows, page by page, as plain values. No widgets in here.

A page of findings is a theme of the study; the page of crosstabs is a question, a banner
and a filter of the reader's choice. Everything shown comes out of `Analysis.crosstab`, so
it has been protected before it gets here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from survey_kit.findings.claim import Claim
from survey_kit.findings.themes import Theme, load_themes, title_of
from survey_kit.protection.rules import Rules
from survey_kit.tables.analysis import Analysis


@dataclass(frozen=True)
class ThemePage:
    """A page of findings: its address, its heading, and what makes its claims."""

    key: str
    title: str
    theme: Theme


@dataclass(frozen=True, eq=False)
class Contents:
    """What stands on a page: its claims, and the limits under which they hold."""

    title: str
    claims: tuple[Claim, ...]
    footer: str


def theme_pages(folder: Path, names: Sequence[str]) -> tuple[ThemePage, ...]:
    """A page for each theme of a study, in its order.

    Raises
    ------
    StudyError
        If a theme has no file, or its file no function called claims.
    """
    themes: Mapping[str, Theme] = load_themes(folder, names)
    return tuple(ThemePage(name, title_of(name, theme), theme) for name, theme in themes.items())


def contents(page: ThemePage, analysis: Analysis) -> Contents:
    """The claims of one theme."""
    claims = tuple(page.theme(analysis))
    return Contents(page.title, claims, footer(claims))


def footer(claims: Sequence[Claim]) -> str:
    """What the sampling allows to be said of everything on the page, said once."""
    return " ".join(dict.fromkeys(claim.table.design for claim in claims if claim.table.design))


def why_hidden(rules: Rules) -> str:
    """Why a cell may be hidden, and why another with it."""
    return (
        f"{rules.in_words()} So few people could be recognised by someone who knows them. Where "
        "a hidden number could be worked out from the others of its row or column, one more is "
        "hidden with it. A hidden number is in no chart, no sentence and no workbook."
    )
