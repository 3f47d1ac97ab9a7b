"""What of a form is not replayed is a row to review, and never an exception."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from survey_kit.cleaning.run_checks import run_checks
from survey_kit.forms.read import read_as_far_as_understood
from survey_kit.responses.read import read_responses

FORM = """
questionnaire: unclear
languages: {en: English}
interview:
  - {name: age, type: integer, label: {en: Age}, constraint: frobnicate(.)}
  - {name: talked, type: text, label: {en: Talked}, relevant: phone-call-duration() > 5}
  - {name: log, type: text audit}
  - group: gated
    relevant: pulldata('nowhere', 'a', 'b', ${age}) = 'x'
    questions:
      - {name: one, type: text, label: {en: One}}
"""
CLEAN = """
questionnaire: clear
languages: {en: English}
interview:
  - {name: age, type: integer, label: {en: Age}}
"""


@pytest.fixture
def checked(tmp_path: Path):
    """The findings of this check on a form and on answers that would show an answer, if it did."""

    def _checked(form: str) -> pd.DataFrame:
        (tmp_path / "form.yaml").write_text(form, encoding="utf-8")
        (tmp_path / "answers.csv").write_text("age,talked,log,one\n41,,,\n", encoding="utf-8")
        read = read_as_far_as_understood(tmp_path / "form.yaml")
        responses = read_responses(tmp_path / "answers.csv", read)
        findings = run_checks(responses, {}).findings
        return findings[findings["check"] == "form_not_replayed"]

    return _checked


def test_each_part_is_a_row_with_its_question_its_effect_and_a_remedy(checked):
    found = checked(FORM)

    rows = found[["question", "what", "suggestion"]].to_numpy().tolist()
    assert [row[0] for row in rows] == ["talked", "", "age", "age", "talked", "log"]
    assert rows[0][1] == (
        "question 'talked': where it is empty it is not known whether it was asked, for its relevant cannot be "
        "replayed: phone-call-duration() cannot be worked out after the interview: SurveyCTO "
        "noted it on the device"
    )
    assert rows[1][1].startswith(
        "group 'gated': where nothing in the group is answered it is not known whether it was "
        "asked, for its relevant cannot be replayed: the file 'nowhere.csv' does not stand"
    )
    assert rows[2][1].startswith(
        "question 'age': its constraint is not checked, for it cannot be replayed"
    )
    assert "this is not understood, and no form for phones can be made of it" in rows[3][1]
    assert rows[5][1].endswith("only SurveyCTO knows the type 'text audit'")
    assert all(row[2] for row in rows)


def test_one_reason_is_one_row_however_many_questions_it_keeps(checked):
    many = "\n".join(
        f"  - {{name: q{i}, type: text, label: {{en: Q}}, relevant: phone-call-duration() > 5}}"
        for i in range(7)
    )

    found = checked(CLEAN + many)

    replayed = found[found["question"] == ""]
    assert len(replayed) == 1
    assert (
        replayed["what"]
        .iloc[0]
        .startswith(
            "question 'q0', question 'q1', question 'q2', question 'q3', question 'q4' and 2 more: "
        )
    )


def test_no_answer_is_quoted(checked):
    found = checked(FORM)

    assert not found.map(lambda cell: "41" in str(cell)).any(axis=None)


def test_a_form_that_is_understood_gives_no_row(checked):
    assert checked(CLEAN).empty
