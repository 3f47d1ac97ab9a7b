"""Tests of a form: what passes, and of what fails, what was expected, what happened and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest

from survey_kit.forms.javarosa import JavaRosa, java
from survey_kit.forms.xform import xform
from survey_kit.questionnaire.model import FormTest, Questionnaire
from survey_kit.rehearsal.junit import junit
from survey_kit.rehearsal.on_javarosa import Loaded
from survey_kit.rehearsal.telling import as_data, summary, told_in_lines
from survey_kit.rehearsal.trial import try_out

NOW = datetime(2026, 11, 21, 12)  # noqa: DTZ001 - the local time of the interview


def failures(household: Questionnaire, **expected: object) -> list[str]:
    """What one test with these expectations says when it fails."""
    answers = {"consent": "yes", "region": "north", "size": "1", "age[1]": "30"}
    test = FormTest("one", **{"answers": answers, **expected})  # pyright: ignore[reportArgumentType]
    (trial,) = try_out(household, [test], now=NOW)
    return [str(failure) for failure in trial.failures]


def test_the_forms_own_tests_pass_on_our_engine(household: Questionnaire):
    trials = try_out(household, household.tests, now=NOW)

    assert [(trial.passed, trial.failures) for trial in trials] == [(True, ())] * 3
    assert summary(trials) == "3 tests: 3 passed, 0 failed"


def test_a_question_that_was_not_asked_says_what_it_waits_for(household: Questionnaire):
    (said,) = failures(household, asked=("old",))

    assert said.startswith(
        "'old' was to be asked, and it was not. It is asked only where this holds: "
    )
    assert "is more than 90. Here oldest is '30'. (" in said
    assert said.endswith("form.yaml, line 37)")


def test_a_question_that_was_asked_says_why(household: Questionnaire):
    everybody, gated = failures(household, not_asked=("consent", "work[1]"))

    assert everybody.startswith(
        "'consent' was not to be asked, and it was. It is asked of everybody."
    )
    assert gated.startswith(
        "'work[1]' was not to be asked, and it was. It is asked where this holds: "
    )
    assert "Here age is '30'." in gated


def test_a_value_that_is_another_says_what_it_is_worked_out_from(household: Questionnaire):
    one, other = failures(household, values={"oldest": "31", "household_type": "several"})

    assert one.startswith("'oldest' was to be '31', and it is '30'. It is worked out as ")
    assert other.startswith("'household_type' was to be 'several', and it is 'single'.")


def test_an_answer_that_was_taken_or_refused_says_what_is_allowed(household: Questionnaire):
    answers = {"consent": "yes", "size": "9"}
    taken, refused = failures(household, answers=answers, refused=("consent",))

    assert taken.startswith(
        "'consent' was to be refused, and it was taken. It has no constraint and no choice filter."
    )
    assert refused.startswith(
        "'size' was to be taken, and it was refused: its constraint does not allow it. What is "
        "allowed: "
    )


def test_an_interview_that_does_not_end_says_what_is_open(household: Questionnaire):
    (said,) = failures(household, ends=True)
    (other,) = failures(household, answers={"consent": "no"}, ends=False)

    assert said == "the interview was to end, and town must be answered."
    assert other == (
        "the interview was not to end, and nothing that must be answered is blank, and no answer "
        "is refused."
    )


def test_an_answer_that_nobody_asked_for_is_remarked(household: Questionnaire):
    test = FormTest("one", {"consent": "no", "town": "a"})

    (trial,) = try_out(household, [test], now=NOW)

    assert trial.passed
    assert trial.remarks[0].startswith("'town' is answered and not asked: It is asked only where")


def test_a_counted_repeat_has_as_many_rows_as_its_count_says(household: Questionnaire):
    answers = {"consent": "yes", "size": "3"}

    assert failures(household, answers=answers, asked=("age[3]",)) == []
    (said,) = failures(household, answers=answers, asked=("age[4]",))
    assert said.startswith("'age[4]' was to be asked, and it was not.")


def test_the_outcome_is_told_in_lines_for_a_program_and_for_a_build_server(
    household: Questionnaire,
):
    tests = [household.tests[0], replace(household.tests[0], name="wrong", ends=False)]
    trials = try_out(household, tests, now=NOW)

    lines = list(told_in_lines(trials))
    data = as_data(trials)
    suite = ET.fromstring(junit("household", trials))  # noqa: S314 - our own

    assert lines[:2] == ["pass  a refusal ends the interview", "FAIL  wrong"]
    assert lines[2].strip().startswith("the interview was not to end, and nothing")
    assert [each["passed"] for each in data] == [True, False]
    assert data[1]["failures"][0]["kind"] == "ends"
    assert suite.attrib == {"name": "household", "tests": "2", "failures": "1", "errors": "0"}
    assert suite[1][0].attrib["type"] == "ends"


@pytest.mark.client
def test_the_forms_own_tests_pass_on_both_engines(household: Questionnaire):
    if java() is None:
        pytest.skip("Java is not here")
    with JavaRosa() as javarosa:
        loaded = Loaded(javarosa, household, xform(household).xml, ())

        trials = try_out(household, household.tests, loaded=loaded, now=NOW)

    assert [(trial.engines, trial.failures) for trial in trials] == [(("ours", "JavaRosa"), ())] * 3


@pytest.mark.client
def test_what_fails_fails_on_both_engines_in_the_same_words(household: Questionnaire):
    if java() is None:
        pytest.skip("Java is not here")
    wrong = [
        FormTest(
            "wrong",
            {"consent": "yes", "size": "9", "age[1]": "30"},
            asked=("old", "age[2]"),
            not_asked=("region",),
            values={"oldest": "31"},
            refused=("region",),
            ends=True,
        )
    ]
    with JavaRosa() as javarosa:
        loaded = Loaded(javarosa, household, xform(household).xml, ())

        (trial,) = try_out(household, wrong, loaded=loaded, now=NOW)

    ours = [str(each) for each in trial.failures if each.engine == "ours"]
    theirs = [str(each) for each in trial.failures if each.engine == "JavaRosa"]
    assert len(ours) == 6
    assert ours == theirs
