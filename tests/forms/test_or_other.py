"""Answers to a form with ``or_other`` are read with the choice and the text that phones have."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from survey_kit.forms.or_other import with_others
from survey_kit.forms.read import read_as_far_as_understood, read_for_answers


@pytest.fixture
def form(tmp_path: Path) -> Path:
    book = Workbook()
    survey = book.active
    assert survey is not None
    survey.title = "survey"
    for row in (
        ("type", "name", "label"),
        ("begin_group", "home", "Home"),
        ("select_one fruit or_other", "best", "Best"),
        ("select_multiple fruit or_other", "all", "All"),
        ("end_group", "", ""),
        ("select_one fruit", "worst", "Worst"),
        ("text", "all_other", "And which?"),
    ):
        survey.append(row)
    choices = book.create_sheet("choices")
    for row in (("list_name", "name", "label"), ("fruit", "fig", "Fig")):
        choices.append(row)
    book.save(tmp_path / "form.xlsx")
    return tmp_path / "form.xlsx"


def test_the_choice_and_the_text_are_there_for_those_questions_alone(form: Path):
    read = read_for_answers(form)

    assert [item.key for item in read.items] == ["best", "best_other", "all", "worst", "all_other"]
    codes = {
        key: [c.code for c in read.choices(read.by_key[key].question)] for key in ("all", "worst")
    }
    assert codes == {"all": ["fig", "other"], "worst": ["fig"]}
    assert not any(item.question.or_other for item in read.items)
    relevant = read.by_key["best_other"].question.relevant
    assert relevant is not None
    assert relevant.source == "${best} = 'other'"


def test_a_form_that_is_only_looked_at_keeps_its_two_words(form: Path):
    read = read_as_far_as_understood(form)

    assert [item.question.or_other for item in read.items] == [True, True, False, False]
    assert with_others(with_others(read)) == with_others(read)
