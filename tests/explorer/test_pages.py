"""Pages are the study's themes, in its order, with the limits under which they hold."""

from __future__ import annotations

from pathlib import Path

from survey_kit.explorer import pages
from survey_kit.protection.rules import Rules
from survey_kit.tables.analysis import Analysis

THEME = """
from survey_kit.findings.telling import teller

THEME = "Why people left"

def claims(analysis):
    tell = teller(analysis, "why", THEME)
    table = analysis.crosstab("why", name="why")
    return [tell.ranking("all", table, verb="Named most often are", title="Why people left")]
"""


def test_a_page_is_called_by_its_theme_and_computed_only_when_opened(
    small: Analysis, tmp_path: Path
):
    (tmp_path / "why.py").write_text(THEME)

    (page,) = pages.theme_pages(tmp_path, ["why"])
    shown = pages.contents(page, small)

    assert (page.key, page.title) == ("why", "Why people left")
    assert shown.claims[0].statement.startswith("Named most often are “Work” (63 % of respondents")
    assert shown.claims[0].table.simulated == "SIMULATED DATA: made by hand."
    assert "cannot be generalised" in shown.footer


def test_the_footer_says_each_limit_once(small: Analysis, tmp_path: Path):
    (tmp_path / "why.py").write_text(THEME)
    (page,) = pages.theme_pages(tmp_path, ["why"])
    (claim,) = pages.contents(page, small).claims

    assert pages.footer([claim, claim]) == claim.table.design


def test_why_a_cell_is_hidden_names_the_thresholds():
    told = pages.why_hidden(Rules(smallest_base=20, smallest_cell=7, warn_base=40))

    assert "groups of fewer than 20 people" in told
    assert "no count below 7" in told
    assert "fewer than 40 people are marked" in told
