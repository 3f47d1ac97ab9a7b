"""Duplicate interviews: all copies, exactly, and nothing else."""

from __future__ import annotations

from survey_kit.cleaning.checks.duplicate_interview import DUPLICATE_INTERVIEW

DEFAULTS = DUPLICATE_INTERVIEW.settings


def test_all_copies_are_listed_and_each_names_another(survey, question):
    questions = [question(f"q{n}", "integer") for n in range(12)] + [question("start", "start")]
    answers = {f"q{n}": [n, n + 1, n, n] for n in range(12)}
    responses = survey(questions, answers, interviews=["a", "b", "c", "d"])

    found = DUPLICATE_INTERVIEW.find(responses, DEFAULTS)

    assert list(found["interview"]) == ["a", "c", "d"]
    assert list(found["suggestion"].str.split(";").str[0]) == [
        "Compare with c and 1 more",
        "Compare with a and 1 more",
        "Compare with a and 1 more",
    ]


def test_answers_that_look_alike_when_pasted_together_are_not_duplicates(survey, question):
    questions = [question("left"), question("right"), question("one"), question("two")]
    answers = {"left": ["a_b", "a"], "right": ["c", "b_c"], "one": ["x", "x"], "two": ["y", "y"]}
    responses = survey(questions, answers)

    found = DUPLICATE_INTERVIEW.find(responses, {**DEFAULTS, "least": 2})

    assert found.empty


def test_a_shared_card_is_told_of_copies_once_and_of_others_always(survey, question):
    answers = {f"q{n}": [n, n, n + 1, n + 2] for n in range(12)}
    answers["card"] = [7, 7, 8, 8]
    responses = survey([question(key, "integer") for key in answers], answers)

    found = DUPLICATE_INTERVIEW.find(responses, {**DEFAULTS, "unique": ("card",)})

    assert list(zip(found["interview"], found["question"], strict=True)) == [
        ("i3", "card"),
        ("i4", "card"),
        ("i1", ""),
        ("i2", ""),
    ]


def test_a_card_of_copies_is_told_where_a_third_has_it_too(survey, question):
    answers = {f"q{n}": [n, n, n + 1] for n in range(12)}
    answers["card"] = [7, 7, 7]
    responses = survey([question(key, "integer") for key in answers], answers)

    found = DUPLICATE_INTERVIEW.find(responses, {**DEFAULTS, "unique": ("card",)})

    assert list(found.loc[found["question"] == "card", "interview"]) == ["i1", "i2", "i3"]


def test_people_who_did_not_agree_are_alike_for_a_good_reason(survey, question):
    questions = [question("consent"), *(question(f"q{n}") for n in range(20))]
    responses = survey(questions, {"consent": ["no", "no"]})

    found = DUPLICATE_INTERVIEW.find(responses, DEFAULTS)
    reach = DUPLICATE_INTERVIEW.reach(responses, DEFAULTS)

    assert found.empty
    assert reach.note == "2 interviews with fewer than 10 answers were compared by id only"


def test_an_id_that_came_twice_is_listed_under_both_names(survey, question):
    responses = survey([question("q")], {"q": ["x", "y", "z"]}, interviews=["a", "b", "a#2"])

    found = DUPLICATE_INTERVIEW.find(responses, DEFAULTS)

    assert list(found["interview"]) == ["a", "a#2"]
    assert set(found["what"]) == {"several interviews have this id"}


def test_a_roster_that_differs_makes_two_interviews_different(survey, question):
    from survey_kit.questionnaire.model import Repeat

    nodes = [question("q"), Repeat("members", (question("age", "integer"),))]
    ages = {("i1", 1): 30, ("i1", 2): 4, ("i2", 1): 30, ("i2", 2): 4, ("i3", 1): 30, ("i3", 2): 5}
    responses = survey(
        nodes,
        {"q": ["x", "x", "x"]},
        repeats={"members": {place: {"age": age} for place, age in ages.items()}},
    )

    found = DUPLICATE_INTERVIEW.find(responses, {**DEFAULTS, "least": 1})

    assert list(found["interview"]) == ["i1", "i2"]


def test_a_short_interview_is_the_same_where_it_began_and_ended_in_the_same_second(
    survey, question
):
    nodes = [question("start", "start"), question("end", "end"), question("consent")]
    moments = ["2026-03-01 10:00:07", "2026-03-01 10:00:07", "2026-03-02 10:00:00"]
    responses = survey(nodes, {"start": moments, "end": moments, "consent": ["no"] * 3})

    found = DUPLICATE_INTERVIEW.find(responses, DUPLICATE_INTERVIEW.settings)

    assert list(found["interview"]) == ["i1", "i2"]


def test_a_form_that_asks_nothing_has_interviews_of_the_same_second_as_duplicates(survey, question):
    times = {"start": ["2026-11-21 10:00:01"] * 2, "end": ["2026-11-21 10:40:02"] * 2}
    responses = survey([question("start", "start"), question("end", "end")], times)

    found = DUPLICATE_INTERVIEW.find(responses, DUPLICATE_INTERVIEW.settings)

    assert list(found["interview"]) == ["i1", "i2"]
