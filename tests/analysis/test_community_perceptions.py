"""The shipped study: what its themes say is what its protected tables show, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from survey_kit.findings.audit import foreign_numbers
from survey_kit.findings.claim import Claim
from survey_kit.findings.reading import is_shown
from survey_kit.findings.themes import load_themes
from survey_kit.study import analysis_of
from survey_kit.study.settings import read_study
from survey_kit.tables.analysis import Analysis

STUDY = Path(__file__).parents[2] / "analysis" / "community_perceptions"


@pytest.fixture(scope="session")
def analysis() -> Analysis:
    return analysis_of(STUDY)


@pytest.fixture(scope="session")
def claims(analysis: Analysis) -> list[Claim]:
    themes = load_themes(STUDY, read_study(STUDY).themes)
    return [claim for theme in themes.values() for claim in theme(analysis)]


def named(claims: list[Claim], name: str) -> Claim:
    return next(claim for claim in claims if claim.name == name)


def numbers_in(specification: Any) -> Iterator[float]:
    """Every number among the data of a chart."""
    if isinstance(specification, Mapping):
        for row in specification.get("data", {}).get("values", []):
            yield from (value for value in row.values() if isinstance(value, int | float))
        for part in specification.get("vconcat", []):
            yield from numbers_in(part)


def test_every_number_of_every_statement_is_in_the_table_behind_it(claims: list[Claim]):
    for claim in claims:
        assert foreign_numbers(claim.statement, claim.table) == (), claim.name
        assert re.search(r"\d", claim.statement), claim.name


def test_every_number_of_every_chart_is_in_the_table_behind_it(claims: list[Claim]):
    for claim in claims:
        shown = {
            number
            for cells in claim.table.cells
            for cell in cells
            if is_shown(cell)
            for number in (cell.value, cell.low, cell.high, cell.n)
            if number is not None
        }

        assert set(numbers_in(claim.chart)) <= shown, claim.name


def test_every_table_behind_a_claim_is_protected_and_says_that_it_is_simulated(
    claims: list[Claim],
):
    for claim in claims:
        assert claim.table.protected, claim.name
        assert claim.table.simulated.startswith("SIMULATED DATA"), claim.name


def test_no_statement_speaks_of_more_people_than_were_interviewed(claims: list[Claim]):
    for claim in claims:
        words = claim.statement.lower()
        assert "migrants" not in words, claim.name
        assert "people in " not in words, claim.name


def test_every_claim_states_its_base_and_the_limits_of_the_sample(claims: list[Claim]):
    for claim in claims:
        assert claim.caveat.startswith("Base: "), claim.name
        assert "cannot be generalised" in claim.caveat, claim.name


def test_every_chart_is_told_in_words(claims: list[Claim]):
    for claim in claims:
        assert bool(claim.chart) == bool(claim.alternative), claim.name


def test_names_of_claims_are_unique_and_carry_the_hash_of_the_data(
    claims: list[Claim], analysis: Analysis
):
    names = [claim.name for claim in claims]

    assert len(names) == len(set(names))
    assert {claim.evidence.data_hash for claim in claims} == {analysis.data_hash}


def test_each_theme_tells_a_few_claims_and_each_but_the_first_has_a_headline(
    claims: list[Claim],
):
    themes: dict[str, list[Claim]] = {}
    for claim in claims:
        themes.setdefault(claim.theme, []).append(claim)

    assert list(themes) == [
        "Who was interviewed",
        "Drivers",
        "Information needs",
        "Regular pathways",
    ]
    for theme, told in list(themes.items())[1:]:
        assert any(claim.headline for claim in told), theme


def test_both_shares_of_the_pathways_headline_are_of_the_same_people(claims: list[Claim]):
    """Published: 15 % tried and were unable, 85 % had not considered; together 100 %."""
    claim = named(claims, "regular_pathways.status")

    shares = [int(number) for number in re.findall(r"(\d+) % of respondents", claim.statement)]
    bases = set(re.findall(r"of (\d+)(?: before weighting)?;", claim.statement))
    assert shares[0] == pytest.approx(85, abs=6)
    assert shares[1] == pytest.approx(15, abs=6)
    assert len(bases) == 1


def test_the_funnel_states_a_smaller_base_at_each_step(claims: list[Claim]):
    table = named(claims, "regular_pathways.funnel").table

    bases = [column.base.unweighted or 0 for column in table.columns]
    assert bases == sorted(bases, reverse=True)
    assert [column.label for column in table.columns][1:] == [
        "Thought of using one",
        "Tried one",
        "Was granted one",
    ]


def test_about_a_third_looked_for_no_information(claims: list[Claim]):
    """Published: one third sought no information before the journey."""
    claim = named(claims, "information_needs.not_sought")

    assert int(re.findall(r"^(\d+) %", claim.statement)[0]) == pytest.approx(33, abs=6)
