"""Calculations replayed: what the form worked out is what it works out again."""

from __future__ import annotations

import pytest

from survey_kit.cleaning.checks.calculation_differs import CALCULATION_DIFFERS
from survey_kit.questionnaire.model import Repeat

DEFAULTS = CALCULATION_DIFFERS.settings


@pytest.fixture
def sums(survey, question):
    nodes = [
        question("a", "integer"),
        question("b", "integer"),
        question("total", "calculate", calculation="${a} + ${b}"),
        question("when", "calculate", calculation="now()"),
        Repeat(
            "row",
            (
                question("n", "integer"),
                question("twice", "calculate", calculation="${n} * 2"),
            ),
        ),
    ]
    answers = {
        "a": [1, 1, 2, None],
        "b": [2, 2, 2, 1],
        "total": ["3", "4", "4.0", None],
        "when": ["2026-01-01T10:00:00.000"] * 4,
    }
    rows = {("i1", 1): {"n": 2, "twice": "4"}, ("i1", 2): {"n": 3, "twice": "4"}}
    return survey(nodes, answers, repeats={"row": rows})


def test_what_the_calculation_no_longer_gives_is_found_at_every_level(sums):
    found = CALCULATION_DIFFERS.find(sums, DEFAULTS)

    places = zip(found["interview"], found["row"], found["question"], found["answer"], strict=True)
    assert list(places) == [("i2", "", "total", "4"), ("i1", "2", "twice", "4")]
    suggestion = "Correct the answers it rests on, or take the new result"
    assert set(found["suggestion"]) == {suggestion}


def test_it_says_how_many_results_came_back(sums, survey, question):
    none = survey([question("q")], {"q": ["x"]})

    assert (
        CALCULATION_DIFFERS.reach(sums, DEFAULTS).note == "3 calculations whose results came back"
    )
    assert CALCULATION_DIFFERS.reach(none, DEFAULTS).note == "no result of a calculation came back"


def test_a_calculated_number_that_nobody_may_write_over_is_judged_too(survey, question):
    nodes = [
        question("a", "integer"),
        question("shown", "integer", calculation="${a} * 2", read_only=True),
        question("proposed", "integer", calculation="${a} * 3"),
    ]
    responses = survey(nodes, {"a": [1], "shown": [3], "proposed": [4]})

    found = CALCULATION_DIFFERS.find(responses, DEFAULTS)

    assert list(found["question"]) == ["shown"]
    assert found["suggestion"].iloc[0].endswith("; it gives 2 now")


def test_a_text_that_is_put_together_stands_in_no_finding(survey, question):
    nodes = [
        question("name", "text", privacy="identifier"),
        question("greeting", "calculate", calculation="concat('Dear ', ${name})"),
    ]
    responses = survey(nodes, {"name": ["Aye Aye"], "greeting": ["Dear Somebody"]})

    found = CALCULATION_DIFFERS.find(responses, DEFAULTS)

    assert list(found["answer"]) == ["(text, 13 characters)"]
    assert "Aye" not in " ".join(found.to_numpy().ravel())
