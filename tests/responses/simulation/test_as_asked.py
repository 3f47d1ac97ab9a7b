"""What a form adds by itself, or takes from elsewhere, is asked like anything else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from survey_kit.errors import DefinitionError
from survey_kit.forms.read import read_questionnaire
from survey_kit.responses.read import read_responses
from survey_kit.responses.simulate import Calibration, simulate
from survey_kit.responses.simulation.calibration import Likely, Plan
from survey_kit.responses.simulation.text_like import text_like
from survey_kit.responses.submissions import write_submissions

HEAD = """
questionnaire: small
version: "1"
title: {en: Small}
languages: {en: English}
choices:
  fruits: [{code: fig, label: {en: Fig}}, {code: pear, label: {en: Pear}}]
interview:
"""


def form_of(body: str, folder: Path) -> Path:
    path = folder / "small.yaml"
    path.write_text(HEAD + body, encoding="utf-8")
    return path


def test_or_other_adds_a_choice_and_a_text_for_those_who_choose_it(tmp_path: Path):
    form = form_of(
        "  - {name: eats, type: select_multiple fruits or_other, label: {en: E}, required: true}\n",
        tmp_path,
    )

    responses = simulate(read_questionnaire(form), 200, seed=1)

    chose = responses.frame["eats"].str.split().map(lambda codes: "other" in codes)
    assert 0 < chose.sum() < 200
    assert not responses.frame["eats_other"][~chose].notna().any()
    assert responses.frame["eats_other"][chose].notna().any()
    write_submissions(responses, tmp_path / "s.zip")
    assert len(read_responses(tmp_path / "s.zip", read_questionnaire(form))) == 200


def test_choices_in_a_file_beside_the_form_are_offered_through_its_filter(tmp_path: Path):
    (tmp_path / "towns.csv").write_text(
        "name,label,fruit\nbo,Bo,fig\nka,Ka,fig\nli,Li,pear\n", encoding="utf-8"
    )
    form = form_of(
        """
  - {name: fruit, type: select_one fruits, label: {en: F}, required: true}
  - name: town
    type: select_one_from_file towns.csv
    label: {en: T}
    required: true
    choice_filter: fruit = ${fruit}
""",
        tmp_path,
    )

    frame = simulate(read_questionnaire(form), 200, seed=1).frame

    of = {"bo": "fig", "ka": "fig", "li": "pear"}
    assert set(frame["town"]) == set(of)
    assert (frame["town"].map(of) == frame["fruit"]).all()


def test_a_file_that_is_missing_is_named_where_an_answer_is_required(tmp_path: Path):
    form = form_of(
        "  - {name: town, type: select_one_from_file towns.csv, label: {en: T}, required: true}\n",
        tmp_path,
    )

    with pytest.raises(DefinitionError) as caught:
        simulate(read_questionnaire(form), 3, seed=1)

    assert str(caught.value) == (
        "small.yaml, line 9, question 'town': its choices stand in towns.csv, which is not beside "
        "the form. Put the file into the folder of the form, or into its folder media."
    )


def test_choices_from_a_roster_are_its_answers(tmp_path: Path):
    form = form_of(
        """
  - repeat: person
    label: {en: P}
    questions:
      - {name: called, type: text, label: {en: N}, required: true, constraint: "regex(., '^[a-z]{6}$')"}
  - {name: head, type: "select_one ${called}", label: {en: H}}
""",
        tmp_path,
    )

    responses = simulate(read_questionnaire(form), 100, seed=1)

    names = responses.repeats["person"].frame["called"].groupby(level=0).agg(set)
    heads = responses.frame["head"].dropna()
    assert len(heads) > 50
    assert all(head in names[interview] for interview, head in heads.items())


def test_chance_is_the_same_for_the_same_seed(tmp_path: Path):
    form = form_of(
        """
  - {name: id, type: calculate, calculation: "once(uuid())"}
  - {name: coin, type: calculate, calculation: "if(random() > 0.5, 'a', 'b')"}
  - {name: heads, type: select_one fruits, label: {en: H}, relevant: "${coin} = 'a'", required: true}
""",
        tmp_path,
    )
    questionnaire = read_questionnaire(form)

    one, same, other = (simulate(questionnaire, 300, seed=seed).frame for seed in (1, 1, 2))

    assert one.equals(same)
    assert one["id"].nunique() == 300
    assert set(one["id"]).isdisjoint(other["id"])
    assert (one["heads"].notna() == (one["coin"] == "a")).all()
    assert 100 < (one["coin"] == "a").sum() < 200


def test_margins_lie_within_the_error_of_sampling(tmp_path: Path):
    form = form_of(
        "  - {name: fruit, type: select_one fruits, label: {en: F}, required: true}\n"
        "  - {name: other, type: integer, label: {en: F}, required: true}\n",
        tmp_path,
    )
    shares = {"fig": 0.3, "pear": 0.7}
    sizes = {"1": 0.2, "2": 0.5, "3": 0.3}
    calibration = Calibration(
        questions={"fruit": Plan(Likely(shares=shares)), "other": Plan(Likely(shares=sizes))}
    )

    frame = simulate(read_questionnaire(form), 4000, seed=11, calibration=calibration).frame

    counts = frame["fruit"].value_counts()
    found = stats.chisquare([counts[code] for code in shares], [4000 * s for s in shares.values()])
    assert found.pvalue > 0.001
    counts = frame["other"].value_counts()
    found = stats.chisquare(
        [counts[float(code)] for code in sizes], [4000 * s for s in sizes.values()]
    )
    assert found.pvalue > 0.001


@settings(max_examples=60, deadline=None)
@given(
    pattern=st.from_regex(r"(\(ab\|cd\)|\[0-9\]|[a-f]|\\d)(\{[1-3]\}|\?)?", fullmatch=True),
    seed=st.integers(0, 1000),
)
def test_a_text_like_a_pattern_matches_it(pattern: str, seed: int):
    import re

    text = text_like(f"^{pattern}$", np.random.default_rng(seed))

    assert re.fullmatch(pattern, text), (pattern, text)
