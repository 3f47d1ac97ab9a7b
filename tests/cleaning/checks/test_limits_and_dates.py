"""Soft limits, dates that are the day of the interview, questions that tell nothing, codes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey_kit.cleaning.checks.almost_empty import ALMOST_EMPTY
from survey_kit.cleaning.checks.duplicate_interview import DUPLICATE_INTERVIEW
from survey_kit.cleaning.checks.interview_day import INTERVIEW_DAY
from survey_kit.cleaning.checks.soft_limit import SOFT_LIMIT
from survey_kit.cleaning.checks.stand_in import STAND_IN
from survey_kit.errors import StudyError


def test_a_soft_limit_comes_from_the_study_or_from_a_column_of_the_form(survey, question):
    nodes = [
        question("age", "integer", extra={"soft_constraint": ". <= 90"}),
        question("rent", "integer"),
        question("income", "integer"),
    ]
    answers = {"age": [91, 90], "rent": [500, 80], "income": [400, 100]}

    found = SOFT_LIMIT.find(survey(nodes, answers), {"limits": ("rent: . <= ${income}",)})

    assert found[["interview", "question", "answer", "what"]].to_numpy().tolist() == [
        ["i1", "age", "91", "beyond the soft limit . <= 90"],
        ["i1", "rent", "500", "beyond the soft limit . <= ${income}"],
    ]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("agee: . < 90", "there is no question called 'agee'. Did you mean 'age'?"),
        ("age < 90", "'age < 90' names no question and limit. Write: age: . <= 90."),
    ],
)
def test_a_soft_limit_that_cannot_be_read_is_refused(survey, question, written, message):
    responses = survey([question("age", "integer")], {"age": [1]})

    with pytest.raises(StudyError) as caught:
        SOFT_LIMIT.reach(responses, {"limits": (written,)})

    assert str(caught.value) == f"checks: soft_limit: limits: {message}"


def _dated(survey, question, left):
    n = len(left)
    start = pd.date_range("2026-03-01 09:00", periods=n, freq="D")
    nodes = [question("start", "start"), question("left", "date"), question("visited", "date")]
    return survey(nodes, {"start": list(start), "left": left, "visited": list(start.normalize())})


def test_a_date_that_is_the_day_of_the_interview_is_found_unless_it_usually_is(survey, question):
    left = ["2025-05-05", "2026-03-02", None, "2026-03-01", "2020-01-01", "2019-02-02"]
    responses = _dated(survey, question, left)

    found = INTERVIEW_DAY.find(responses, INTERVIEW_DAY.settings)

    assert list(zip(found["interview"], found["question"], strict=True)) == [("i2", "left")]
    assert INTERVIEW_DAY.reach(responses, INTERVIEW_DAY.settings).note == (
        "2 dates; left out, since it is often that day: visited"
    )


def test_without_a_day_of_the_interview_it_says_what_to_name(survey, question):
    responses = survey([question("left", "date")], {"left": ["2026-03-02"]})

    reach = INTERVIEW_DAY.reach(responses, INTERVIEW_DAY.settings)

    assert (reach.runs, reach.note) == (
        False,
        "the form has no question of type start or today; name the column in the setting day",
    )


def test_a_question_with_one_answer_or_hardly_any_is_told_once(survey, question):
    nodes = [
        question("works", "select_one yn"),
        question("paid", "select_one yn", relevant="${works} = 'yes'"),
        question("same", "select_one yn"),
        question("owed", "integer", required="true()"),
    ]
    answers = {
        "works": ["yes"] * 60,
        "paid": ["yes", "no"] * 30,
        "same": ["no"] * 60,
        "owed": [3] + [None] * 59,
    }

    found = ALMOST_EMPTY.find(
        survey(nodes, answers, lists={"yn": ["yes", "no"]}), ALMOST_EMPTY.settings
    )

    assert found[["interview", "question", "what"]].to_numpy().tolist() == [
        ["", "same", "all 60 answers to this question are the same"],
        ["", "owed", "1 of 60 who were asked answered this question"],
    ]


def test_minus_one_is_a_code_and_one_is_not(survey, question):
    values = [1, *np.random.default_rng(1).integers(1, 9, 100), -1, -99]
    responses = survey([question("days", "integer")], {"days": values})

    found = STAND_IN.find(responses, STAND_IN.settings)

    assert list(found["answer"]) == ["-1", "-99"]


def test_99_at_the_end_of_a_range_that_goes_there_is_a_number(survey, question):
    responses = survey([question("share", "integer")], {"share": [*range(98)] * 3 + [99]})

    assert STAND_IN.find(responses, STAND_IN.settings).empty


def test_any_set_of_columns_may_be_held_to_be_unique(survey, question):
    names = ["village", "household", "card"]
    answers = {
        "village": ["a", "a", "a", "b"],
        "household": ["1", "1", "2", "1"],
        "card": ["x", None, None, "x"],
    }
    responses = survey([question(name) for name in names], answers)
    settings = {**DUPLICATE_INTERVIEW.settings, "unique": ("village + household", "card")}

    found = DUPLICATE_INTERVIEW.find(responses, settings)

    assert found[["interview", "what", "suggestion"]].to_numpy().tolist() == [
        ["i1", "another interview has the same village and household", "Compare with i2"],
        ["i2", "another interview has the same village and household", "Compare with i1"],
        ["i1", "another interview has the same card", "Compare with i4"],
        ["i4", "another interview has the same card", "Compare with i1"],
    ]


def test_a_column_to_be_unique_that_is_not_there_is_refused(survey, question):
    responses = survey([question("card")], {"card": ["x"]})

    with pytest.raises(StudyError) as caught:
        DUPLICATE_INTERVIEW.find(responses, {**DUPLICATE_INTERVIEW.settings, "unique": ("crd",)})

    assert str(caught.value) == (
        "checks: duplicate_interview: unique: the responses have no column 'crd'. "
        "Did you mean 'card'?"
    )
