"""Interviews with a form of another team: what cannot be worked out is noted, and stops nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.errors import CannotEvaluate
from survey_kit.forms.read import read_as_far_as_understood
from survey_kit.responses.simulate import simulate

FORM = """
questionnaire: others
languages: {en: English}
choices:
  yn: [{code: "1", label: {en: "Yes"}}, {code: "0", label: {en: "No"}}]
interview:
  - {name: agrees, type: select_one yn, label: {en: Agrees}, required: "true", choice_filter: "frobnicate(name)"}
  - {name: age, type: integer, label: {en: Age}, constraint: "plausible(.)", required: "true"}
  - {name: called, type: text, label: {en: Called}, relevant: phone-call-duration() > 5}
  - group: inputs
    relevant: ./source = 'user'
    questions:
      - {name: origin, type: text, label: {en: Origin}}
"""


@pytest.fixture
def written(tmp_path: Path):
    def _written(text: str):
        (tmp_path / "others.yaml").write_text(text, encoding="utf-8")
        return read_as_far_as_understood(tmp_path / "others.yaml")

    return _written


def test_a_relevant_that_cannot_be_worked_out_asks_nobody_and_a_note_says_so(written):
    made = simulate(written(FORM), 20, seed=1)

    notes = "\n".join(made.report.notes)
    assert made.frame["called"].isna().all()
    assert "'called' is never asked: " in notes
    assert "'age' takes every answer: " in notes
    assert made.frame["age"].notna().all()
    assert set(made.frame["agrees"]) == {"0", "1"}


def test_a_path_that_leads_nowhere_is_blank_as_on_the_phone(written):
    made = simulate(written(FORM), 20, seed=1)

    assert made.frame["origin"].isna().all()
    assert "'inputs' is never asked" not in "\n".join(made.report.notes)


def test_ones_own_form_is_refused_with_the_place_of_what_cannot_be_worked_out(written):
    own = written(
        "questionnaire: own\nlanguages: {en: English}\ninterview:\n"
        "  - {name: q, type: text, label: {en: Q}, "
        "relevant: \"instance('gone')/root/item[name = 'a']/x = '1'\"}\n"
    )

    with pytest.raises(CannotEvaluate) as caught:
        simulate(own, 5, seed=1)

    assert "line 4, 'q', relevant" in str(caught.value)
