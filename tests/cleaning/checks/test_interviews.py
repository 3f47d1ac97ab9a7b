"""Interviews as wholes: consent and age, versions of the form, little answered, speed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey_kit.cleaning.checks.not_eligible import NOT_ELIGIBLE
from survey_kit.cleaning.checks.old_version import OLD_VERSION
from survey_kit.cleaning.checks.speeding import SPEEDING
from survey_kit.cleaning.checks.unanswered import UNANSWERED
from survey_kit.errors import StudyError
from survey_kit.questionnaire.model import Missing
from survey_kit.responses.model import Absence

LATER = [f"q{n}" for n in range(8)]


def _with_consent(survey, question, consent, **more):
    n = len(consent)
    nodes = [
        question("consent", "select_one yn"),
        question("age", "integer"),
        *(question(name) for name in LATER),
        question("photo_consent", "select_one yn"),
    ]
    answers = {"consent": consent, "age": [30] * n, **{name: ["x"] * n for name in LATER}, **more}
    return survey(nodes, answers, lists={"yn": ["Yes", "No"]})


def test_answers_after_a_no_to_consent_are_found(survey, question):
    responses = _with_consent(survey, question, ["Yes", "No", None])

    found = NOT_ELIGIBLE.find(responses, NOT_ELIGIBLE.settings)

    assert list(found["interview"]) == ["i2", "i3"]
    assert set(found["question"]) == {"consent"}
    assert found["what"].iloc[0] == (
        "the interview goes on without the answer that agrees to take part: 9 answers follow"
    )


def test_an_interview_that_ended_there_is_as_it_should_be(survey, question):
    blank = {name: ["x", None] for name in LATER}
    responses = _with_consent(survey, question, ["Yes", "No"], age=[30, None], **blank)

    assert NOT_ELIGIBLE.find(responses, NOT_ELIGIBLE.settings).empty


def test_somebody_too_young_is_found_at_the_age(survey, question):
    responses = _with_consent(survey, question, ["Yes", "Yes"], age=[17, 18])

    found = NOT_ELIGIBLE.find(responses, NOT_ELIGIBLE.settings)

    assert list(zip(found["interview"], found["question"], found["answer"], strict=True)) == [
        ("i1", "age", "17")
    ]
    assert found["suggestion"].tolist() == [
        "Ask the age again; answers of somebody too young are removed"
    ]


def test_a_later_consent_to_something_else_is_not_taken_for_the_consent(survey, question):
    nodes = [
        question("tank", "select_one yn"),
        question("tank_consent", "select_one yn"),
        *(question(name) for name in LATER),
    ]
    answers = {"tank": ["yes", "no"], "tank_consent": ["no", None]}
    responses = survey(
        nodes, answers | {name: ["x", "x"] for name in LATER}, lists={"yn": ["yes", "no"]}
    )
    absence = responses.absence.copy()
    absence.loc["i2", "tank_consent"] = Absence.NOT_ASKED

    reach = NOT_ELIGIBLE.reach(
        responses.with_frame(responses.frame, absence), NOT_ELIGIBLE.settings
    )

    assert (reach.runs, reach.note) == (
        False,
        "no question asks for consent or age; name them in the settings consent and age",
    )


def test_settings_name_other_columns_and_refuse_what_is_not_there(survey, question):
    responses = _with_consent(survey, question, ["Yes", "No"])
    named = {**NOT_ELIGIBLE.settings, "consent": "consnt"}

    with pytest.raises(StudyError) as caught:
        NOT_ELIGIBLE.reach(responses, named)

    assert str(caught.value) == (
        "checks: not_eligible: consent: the responses have no column 'consnt'. "
        "Did you mean 'consent'?"
    )
    assert NOT_ELIGIBLE.reach(responses, NOT_ELIGIBLE.settings).note == (
        "consent by consent; age by age"
    )


def _versions(survey, question, days, versions):
    start = [pd.Timestamp("2026-03-01 10:00") + pd.Timedelta(days=day) for day in days]
    responses = survey([question("start", "start")], {"start": start})
    responses.meta["version"] = pd.array(versions, dtype="str")
    return responses


def test_a_device_that_was_not_updated_is_found_after_two_days_of_grace(survey, question):
    days = [*range(10), *range(10, 20), 11, 15]
    responses = _versions(survey, question, days, ["9"] * 10 + ["10"] * 10 + ["9"] * 2)

    found = OLD_VERSION.find(responses, OLD_VERSION.settings)

    assert list(found["interview"]) == ["i22"]
    assert list(found["what"]) == ["made with version 9; 10 had come into use"]
    assert OLD_VERSION.reach(responses, OLD_VERSION.settings).note == (
        "2 versions of the form: 9 from 2026-03-02, 10 from 2026-03-12"
    )


def test_one_trial_with_a_new_version_replaces_nothing(survey, question):
    responses = _versions(survey, question, range(10), ["1"] * 4 + ["2"] + ["1"] * 5)

    assert OLD_VERSION.find(responses, OLD_VERSION.settings).empty


def test_without_moments_it_says_so(survey, question):
    reach = OLD_VERSION.reach(survey([question("q")], {"q": ["x"]}), OLD_VERSION.settings)

    assert (reach.runs, reach.note) == (
        False,
        "the file does not say which versions of the form were used when",
    )


def _asked(survey, question, choice, rows):
    lists = {"l": [choice("a"), choice("rf", missing=Missing.REFUSED)]}
    names = [f"q{n}" for n in range(30)]
    nodes = [question(name, "select_one l") for name in names]
    return survey(
        nodes,
        {name: [row[place] for row in rows] for place, name in enumerate(names)},
        lists=lists,
    )


def test_little_answered_is_a_share_of_what_was_asked(survey, question, choice):
    full, half = ["a"] * 30, ["a"] * 15 + [None] * 15
    responses = _asked(survey, question, choice, [full, full, half, half, full])
    absence = responses.absence.copy()
    absence.loc["i4", absence.columns[20:]] = Absence.NOT_ASKED
    absence.loc["i4", absence.columns[15:20]] = Absence.BLANK
    responses = responses.with_frame(responses.frame, absence)

    found = UNANSWERED.find(responses, UNANSWERED.settings)

    assert dict(zip(found["interview"], found["what"], strict=True)) == {
        "i3": "15 of 30 questions asked have no answer (15 blank, 0 refused, 0 not known); "
        "0% is usual"
    }


def test_more_than_six_refusals_are_found(survey, question, choice):
    rows = [["a"] * 30, ["rf"] * 6 + ["a"] * 24, ["rf"] * 7 + ["a"] * 23]

    found = UNANSWERED.find(_asked(survey, question, choice, rows), UNANSWERED.settings)

    assert list(found["what"]) == ["7 of 30 questions asked were refused"]
    assert list(found["interview"]) == ["i3"]


def test_with_a_least_number_of_answers_shorter_interviews_are_listed(survey, question, choice):
    rows = [["a"] * 30, ["a"] * 29 + [None]]
    responses = _asked(survey, question, choice, rows)

    found = UNANSWERED.find(responses, {**UNANSWERED.settings, "answered": 30})

    assert list(zip(found["interview"], found["what"], strict=True)) == [
        ("i2", "29 questions have an answer")
    ]


def test_speed_is_seconds_for_each_answer(survey, question):
    names = [f"q{n}" for n in range(20)]
    nodes = [question("start", "start"), question("end", "end"), *map(question, names)]
    minutes = np.array([40, 38, 42, 12, 20])
    begun = pd.Timestamp("2026-03-01 10:00")
    answers: dict[str, list[object]] = {
        "start": [begun] * 5,
        "end": [begun + pd.Timedelta(minutes=int(m)) for m in minutes],
    }
    for place, name in enumerate(names):
        answers[name] = ["x"] * 4 + ["x" if place < 10 else None]

    found = SPEEDING.find(survey(nodes, answers), SPEEDING.settings)

    assert list(zip(found["interview"], found["what"], strict=True)) == [
        ("i4", "36.0 seconds an answer; 120.0 is usual")
    ]
