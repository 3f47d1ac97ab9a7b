"""The form replayed on the data: skips, required, constraints, choices that were not shown."""

from __future__ import annotations

import pytest

from survey_kit.cleaning.checks.constraint_violated import CONSTRAINT_VIOLATED
from survey_kit.cleaning.checks.not_offered import NOT_OFFERED
from survey_kit.cleaning.checks.required_blank import REQUIRED_BLANK
from survey_kit.cleaning.checks.skip_violated import SKIP_VIOLATED
from survey_kit.questionnaire.model import Choice, Group, Repeat
from survey_kit.questionnaire.parser import parse
from survey_kit.responses.model import Absence


@pytest.fixture
def chain(survey, question, choice):
    """`pay` hangs on `job`, which hangs on `works`; a roster that hangs on `works` too."""
    nodes = [
        question("works", "select_one yn", label="Do you work?"),
        Group(
            "work",
            (
                question("job", "select_one yn", label="Is it paid?", required="true()"),
                question(
                    "pay",
                    "integer",
                    relevant="${job} = 'yes'",
                    constraint=". > 0",
                    constraint_message={"en": "More than nothing"},
                ),
            ),
            relevant=parse("${works} = 'yes'", "work"),
        ),
        Repeat(
            "roster", (question("age", "integer"),), relevant=parse("${works} = 'yes'", "roster")
        ),
    ]
    answers = {
        "works": ["yes", "no", "no", "yes"],
        "job": ["yes", None, "yes", None],
        "pay": [0, 10, 20, None],
    }
    rows = {("i1", 1): {"age": 4}, ("i2", 1): {"age": 5}}
    lists = {"yn": [choice("yes", "Yes"), choice("no", "No")]}
    return survey(nodes, answers, lists=lists, repeats={"roster": rows})


def test_answers_below_a_closed_gate_are_found_all_the_way_down(chain):
    found = SKIP_VIOLATED.find(chain, {})

    assert list(zip(found["interview"], found["row"], found["question"], strict=True)) == [
        ("i3", "", "job"),
        ("i2", "", "pay"),
        ("i3", "", "pay"),
        ("i2", "1", "age"),
    ]
    assert found["suggestion"].iloc[1] == "Blank it, or correct what decides: works, job"
    assert found["what"].iloc[0].startswith("answered, though the form asks it only if: ")


def test_what_was_asked_required_and_blank_is_found(chain):
    found = REQUIRED_BLANK.find(chain, {})

    assert list(zip(found["interview"], found["question"], strict=True)) == [("i4", "job")]


def test_a_question_that_most_left_blank_points_at_the_form(survey, question):
    spent = [question("spent", "integer", required="true()")]

    found = REQUIRED_BLANK.find(survey(spent, {"spent": [None] * 20 + [5] * 10}), {})

    assert len(found) == 20
    assert set(found["suggestion"]) == {
        "Blank in 20 of 30: look whether the form always required it, or whether a 0 was left out"
    }


@pytest.mark.parametrize("known", [Absence.NOT_IN_VERSION, Absence.UNREADABLE])
def test_a_blank_that_is_explained_is_not_found_again(chain, known):
    absence = chain.absence.copy()
    absence.loc["i4", "job"] = known

    assert REQUIRED_BLANK.find(chain.with_frame(chain.frame, absence), {}).empty


def test_a_constraint_that_does_not_hold_is_told_with_the_forms_own_message(chain):
    found = CONSTRAINT_VIOLATED.find(chain, {})

    assert list(zip(found["interview"], found["question"], strict=True)) == [("i1", "pay")]
    assert found["what"].iloc[0] == "the constraint . > 0 does not hold: More than nothing"


def test_the_checks_say_how_much_of_the_form_was_replayed(chain):
    assert SKIP_VIOLATED.reach(chain, {}).note == "the whole form was replayed"


def test_a_choice_that_the_form_does_not_show_is_found(survey, question):
    lists = {
        "regions": ["north", "south"],
        "towns": [
            Choice("a", {"en": "A"}, columns={"region": "north"}),
            Choice("b", {"en": "B"}, columns={"region": "south"}),
        ],
    }
    nodes = [
        question("region", "select_one regions"),
        question("town", "select_one towns", choice_filter="region = ${region}"),
    ]
    responses = survey(
        nodes, {"region": ["north", "north", None], "town": ["a", "b", None]}, lists=lists
    )

    found = NOT_OFFERED.find(responses, {})

    assert list(found["interview"]) == ["i2"]
    assert found["what"].iloc[0] == (
        "a chosen code is in the list, but the form does not show it with this region"
    )


def test_choices_in_rows_of_a_repeat_are_held_against_the_interview_around_them(survey, question):
    lists = {
        "regions": ["north", "south"],
        "towns": [
            Choice("a", {"en": "A"}, columns={"region": "north"}),
            Choice("b", {"en": "B"}, columns={"region": "south"}),
        ],
    }
    stop = (
        question("town", "select_one towns", choice_filter="region = ${region}"),
        question("days", "integer", constraint=". <= ${stayed}"),
    )
    nodes = [
        question("region", "select_one regions"),
        question("stayed", "integer"),
        Repeat("stop", stop),
    ]
    rows = {
        ("i1", 1): {"town": "a", "days": 3},
        ("i1", 2): {"town": "b", "days": 5},
        ("i2", 1): {"town": "b", "days": 9},
    }
    answers = {"region": ["north", "south"], "stayed": [4, 9]}
    responses = survey(nodes, answers, lists=lists, repeats={"stop": rows})

    shown = NOT_OFFERED.find(responses, {})
    held = CONSTRAINT_VIOLATED.find(responses, {})

    assert list(zip(shown["interview"], shown["row"], strict=True)) == [("i1", "2")]
    assert list(zip(held["interview"], held["row"], strict=True)) == [("i1", "2")]
