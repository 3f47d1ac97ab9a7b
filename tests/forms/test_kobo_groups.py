"""Kobo's ratings, rankings and matrices: read as the questions that come back from the field."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from survey_kit.errors import DefinitionError
from survey_kit.forms.build import build
from survey_kit.forms.read import read_as_far_as_understood, read_questionnaire
from survey_kit.questionnaire.model import Questionnaire

HEADERS = ("type", "name", "label", "required", "relevant", "kobo--score-choices",
           "kobo--rank-items", "kobo--rank-constraint-message", "kobo--matrix_list")  # fmt: skip
CHOICES = [
    ("list_name", "name", "label"),
    ("much", "1", "Little"),
    ("much", "2", "Much"),
    ("needs", "food", "Food"),
    ("needs", "water", "Water"),
]


def read(folder: Path, *rows: tuple[str, ...]) -> Questionnaire:
    book = Workbook()
    survey = book.worksheets[0]
    survey.title = "survey"
    for row in (HEADERS, *rows):
        survey.append(row)
    choices = book.create_sheet("choices")
    for row in CHOICES:
        choices.append(row)
    book.save(folder / "kobo.xlsx")
    return read_as_far_as_understood(folder / "kobo.xlsx")


SCORE = [
    ("text", "who", "Who"),
    ("begin_score", "trust", "How much do you trust", "true", "${who} != ''", "much"),
    ("score__row", "police", "the police"),
    ("score__row", "school", "the school"),
    ("end_score",),
]
RANK = [
    ("begin_rank", "wants", "First needs", "", "", "", "needs", "Not twice"),
    ("rank__level", "first", "First"),
    ("rank__level", "second", "Second"),
    ("end_rank",),
]
MATRIX = [
    ("begin_kobomatrix", "aid", "Aid", "", "", "", "", "", "needs"),
    ("integer", "times", "How often"),
    ("select_one much", "good", "How good", "", "${times} > 0"),
    ("end_kobomatrix",),
]


def test_a_rating_is_a_group_of_questions_with_its_list(tmp_path: Path):
    form = read(tmp_path, *SCORE)

    names = [("/".join((*i.path, i.question.name)), i.question.choices) for i in form.items]
    assert names == [
        ("who", None),
        ("trust/trust_header", "much"),
        ("trust/police", "much"),
        ("trust/school", "much"),
    ]
    assert [gate.source for gate in form.by_key["police"].gates] == ["${who} != ''"]
    required = form.by_key["police"].question.required
    assert required is not None
    assert form.by_key["trust_header"].question.required is None


def test_a_ranking_is_one_question_a_place_and_none_takes_what_another_has(tmp_path: Path):
    form = read(tmp_path, *RANK)

    assert [item.key for item in form.items] == ["wants_label", "first", "second"]
    constraint = form.by_key["second"].question.constraint
    assert constraint is not None
    assert constraint.source == "${second} != ${first}"


def test_a_matrix_is_a_group_for_each_of_its_rows(tmp_path: Path):
    form = read(tmp_path, *MATRIX)

    assert [("/".join(item.path), item.key) for item in form.items] == [
        ("aid_food", "aid_food_times"),
        ("aid_food", "aid_food_good"),
        ("aid_water", "aid_water_times"),
        ("aid_water", "aid_water_good"),
    ]
    good = form.by_key["aid_water_good"].question
    assert good.relevant is not None
    assert good.relevant.source == "${aid_water_times} > 0"
    assert form.text(good.label) == "Water – How good"


def test_no_form_is_made_of_what_kobo_alone_lays_out(tmp_path: Path):
    form = read(tmp_path, *SCORE)

    assert form.not_understood == ()
    assert [fault.what for fault in form.only_elsewhere] == [
        "only Kobo knows begin_score; it is read as the groups that Kobo makes of it"
    ]
    with pytest.raises(DefinitionError):
        build(form, tmp_path / "out")


def test_one_that_never_ends_is_refused_with_its_row(tmp_path: Path):
    with pytest.raises(DefinitionError) as caught:
        read(tmp_path, *SCORE[:-1])

    assert str(caught.value) == (
        "kobo.xlsx, sheet survey, row 3, score 'trust': it begins here and never ends. "
        "Add a row end_score after its last question."
    )


def test_what_is_read_strictly_is_read_too(tmp_path: Path):
    read(tmp_path, *RANK)

    assert read_questionnaire(tmp_path / "kobo.xlsx").by_key["first"].question.choices == "needs"
