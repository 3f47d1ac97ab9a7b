"""What stands with the evidence: only where it was asked for, only from what may be shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.design.wording import MODELLED, wording
from survey_kit.estimation.leave_one_out import leave_one_out_of_shares
from survey_kit.findings.claim import Claim
from survey_kit.findings.docx import write_docx
from survey_kit.findings.html import SENSITIVITY, findings_page, limits
from survey_kit.findings.sensitivity import clearest
from survey_kit.findings.telling import teller
from survey_kit.findings.wording import among
from survey_kit.protection.rules import Rules
from survey_kit.questionnaire.model import Choice, ChoiceList, Privacy, Question, Questionnaire
from survey_kit.questionnaire.question_type import question_types
from survey_kit.tables.analysis import Analysis
from survey_kit.tables.method import method_lines
from survey_kit.tables.table import Table
from survey_kit.tables.variable import Kind, Variable

PEOPLE = 720
SITES = 36


def choice(name: str, label: str, **labels: str) -> Variable:
    return Variable(
        name, Kind.ONE, label, f"{label}?", "Everyone interviewed.", tuple(labels), labels, (name,),
        Privacy.QUASI,
    )  # fmt: skip


@pytest.fixture(scope="module")
def asked() -> pd.DataFrame:
    draw = np.random.default_rng(5)
    site = np.arange(PEOPLE) % SITES
    return pd.DataFrame(
        {
            "debt": np.where(draw.random(PEOPLE) < 0.3 + 0.2 * (site % 3 == 0), "yes", "no"),
            "country": np.array(["a", "b", "c"])[site % 3],
            "site": [f"s{each:02}" for each in site],
            "place (design)": [f"s{each:02}" for each in site],
            "weight after steps": 1.0 + 0.25 * (site % 3),
        }
    )


@pytest.fixture(scope="module")
def study(asked: pd.DataFrame) -> Analysis:
    variables = (
        choice("debt", "In debt", yes="Yes, in debt", no="No"),
        choice("country", "Country", a="Aland", b="Bland", c="Cland"),
        choice(
            "place",
            "Place of interview",
            **{f"s{each:02}": f"Town {each}" for each in range(SITES)},
        ),
    )
    types = question_types()
    return Analysis(
        title="Debts",
        questionnaire=Questionnaire(
            name="debts",
            version="1",
            title={"en": "Debts"},
            languages={"en": "English"},
            nodes=tuple(
                Question(each.name, types["select_one"], label={"en": each.label}, choices="some")
                for each in variables
            ),
            lists={"some": ChoiceList("some", (Choice("yes", {"en": "Yes"}),))},
        ),
        sample=Sample(
            asked.assign(place=asked["site"]),
            Design(
                Sampling.PURPOSIVE,
                weight="weight after steps",
                stratum="country",
                cluster="place (design)",
            ),
        ),
        variables={each.name: each for each in variables},
        rules=Rules(),
        data_hash="0" * 64,
        uncertainty="modelled",
        banner=("country",),
    )


def headline(analysis: Analysis, *, headline: bool = True, where: str | None = None) -> Claim:
    table = analysis.crosstab("debt", where=where)
    return teller(analysis, "debts", "Debts").answer(
        "debt", table, "yes", did="were in debt", title="Debt", headline=headline
    )


def comparison(analysis: Analysis) -> Claim:
    return teller(analysis, "debts", "Debts").difference(
        "by_country",
        analysis.crosstab("debt", by=["country"]),
        ["yes"],
        subject=lambda _: "Being in debt",
        among=among("respondents in {}"),
        title="Debt by country",
    )


def test_a_headline_says_how_far_it_moves_without_one_site(study: Analysis):
    told = headline(study)

    [line] = told.evidence.sensitivity
    assert line == (
        "“Yes, in debt”: leaving out one “Place of interview” at a time: from 38 to 42 % "
        "(rounded outwards to multiples of 2 %)."
    )
    low, high = leave_one_out_of_shares(study.sample, "debt").range
    assert 0.38 <= low[1] <= high[1] <= 0.42
    assert "leaving out" not in told.statement


def test_no_site_is_named_and_no_range_stands_with_other_claims(study: Analysis):
    assert "Town" not in headline(study).evidence.sensitivity[0]
    assert headline(study, headline=False).evidence.sensitivity == ()
    assert headline(study, where="${country} != 'c'").evidence.sensitivity == ()


def test_where_sites_have_columns_of_their_own_no_range_is_told(study: Analysis):
    assert headline(replace(study, banner=("country", "place"))).evidence.sensitivity == ()


def test_without_clusters_there_is_nothing_to_leave_out(study: Analysis):
    loose = replace(study, sample=Sample(study.sample.data, Design(Sampling.PURPOSIVE)))

    assert headline(loose).evidence.sensitivity == ()
    assert "give the column" in headline(loose).evidence.assumed[1]


def test_a_difference_says_what_selection_would_undo_it_and_that_it_is_exploratory(study: Analysis):
    told = comparison(study)

    [line] = told.evidence.sensitivity
    assert line == (
        "Being in debt, respondents in Aland less respondents in Bland: +17 points (exploratory); "
        "it would be nothing if in one group saying so changed the chance of being in the sample "
        "2.0-fold (within its interval 1.3-fold); such a sample, drawn by chance, finds 15 points "
        "or more 80 times of 100."
    )
    assert "exploratory" not in told.statement


def test_the_points_of_a_difference_are_those_that_the_table_shows(study: Analysis):
    table = study.crosstab("debt", by=["country"])
    row = next(i for i, each in enumerate(table.rows) if each.code == "yes")

    pair = clearest(table, row)

    assert pair is not None
    high, low = (table.cells[row][place].value or 0.0 for place in pair)
    assert (
        comparison(study)
        .evidence.sensitivity[0]
        .split(": ")[1]
        .startswith(f"{100 * (high - low):+.0f} points")
    )


def test_a_hidden_column_is_no_part_of_a_pair(by_country: Table):
    assert clearest(by_country, 0) == (1, 3)
    assert clearest(by_country, 1) == (2, 3)


def test_a_difference_whose_interval_holds_none_says_so(study: Analysis):
    mixed = study.sample.data["debt"].sample(frac=1, random_state=8).to_numpy()
    even = replace(study, sample=Sample(study.sample.data.assign(debt=mixed), study.sample.design))

    [line] = comparison(even).evidence.sensitivity

    assert line.endswith("The modelled interval of the difference holds 0.")
    assert "within its interval" not in line


@pytest.mark.parametrize("seed", range(3))
def test_a_line_never_denies_what_its_sentence_says(study: Analysis, seed: int):
    """Shares and errors of a line are coarse, so near the edge it could see another interval."""
    draw = np.random.default_rng(seed)
    country = study.sample.data["country"].to_numpy()
    debt = np.where(draw.random(PEOPLE) < 0.4 + 0.09 * (country == "a"), "yes", "no")
    near = replace(study, sample=Sample(study.sample.data.assign(debt=debt), study.sample.design))

    told = comparison(near)

    found = "more frequent" in told.statement
    [line] = told.evidence.sensitivity
    assert ("holds 0" not in line) if found else ("within its interval" not in line)


@pytest.mark.parametrize("sampling", [Sampling.PROBABILITY, Sampling.CENSUS])
def test_who_was_drawn_or_asked_as_a_whole_needs_no_such_lines(study: Analysis, sampling: Sampling):
    design = replace(study.sample.design, sampling=sampling)
    drawn = replace(
        study,
        sample=Sample(study.sample.data, design),
        uncertainty="design" if sampling is Sampling.PROBABILITY else "none",
    )

    for claim in (headline(drawn), comparison(drawn)):
        assert claim.evidence.sensitivity == claim.evidence.assumed == ()


def test_a_study_without_intervals_shows_none_of_this(study: Analysis):
    bare = replace(study, uncertainty="none")
    claims = [headline(bare), comparison(bare)]

    page = findings_page(claims, "Debts", "", [])

    assert all(each.evidence.sensitivity == each.evidence.assumed == () for each in claims)
    assert all(
        word not in page for word in (SENSITIVITY, "exploratory", "leaving out", "odelled interval")
    )
    assert not [line for line in method_lines(bare) if line.heading == "Intervals assume"]


def test_the_method_says_line_by_line_what_modelled_intervals_assume(study: Analysis):
    lines = [line.text for line in method_lines(study) if line.heading == "Intervals assume"]

    assert lines[0] == MODELLED
    assert lines[1:] == [
        (
            "Interviews that have the same “Place of interview” are taken to be alike, others to "
            "be independent."
        ),
        (
            "Weights (see Weighting) are taken to make up for who was reached: within what they "
            "were made from, those who took part are taken to be like those who did not."
        ),
    ]


def test_the_limits_say_each_line_once(study: Analysis):
    claims = [headline(study), comparison(study)]
    method = [f"{line.heading}: {line.text}" for line in method_lines(study)]

    page = findings_page(claims, "Debts", "", method)

    footer = wording(Sampling.PURPOSIVE, PEOPLE, "").footer
    assumed = [line.text for line in method_lines(study) if line.heading == "Intervals assume"]
    assert limits(claims) == (footer, *assumed)
    told = page[page.index("Method and limits") :]
    assert [told.count(line) for line in limits(claims)] == [1, 1, 1, 1]
    assert "Protection: " in told


def test_page_and_document_carry_the_lines_under_one_heading(study: Analysis, tmp_path: Path):
    import docx

    claims = [headline(study), comparison(study)]
    write_docx(claims, tmp_path / "f.docx", title="Debts", notice="", method=[])

    page = findings_page(claims, "Debts", "", [])
    document = [each.text for each in docx.Document(str(tmp_path / "f.docx")).paragraphs]

    assert page.count(f"<p>{SENSITIVITY}</p>") == document.count(f"{SENSITIVITY}:") == 2
    for line in (*claims[0].evidence.sensitivity, *claims[1].evidence.sensitivity, *limits(claims)):
        assert page.count(f"<li>{line}</li>") == document.count(line) == 1
