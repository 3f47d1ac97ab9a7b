"""All checks together: settings, masking, and what did not run."""

from __future__ import annotations

import pytest

from survey_kit.cleaning.check import COLUMNS
from survey_kit.cleaning.run_checks import checks, run_checks
from survey_kit.errors import StudyError
from survey_kit.questionnaire.model import Privacy


def test_every_check_is_found_by_being_there_and_says_its_rule():
    for name, check in checks().items():
        assert check.name == name
        assert check.title
        assert check.why.endswith(".")
        assert all(
            f"`{setting}`" in check.why
            for setting in check.settings
            if setting not in {"start", "end", "enumerator"}
        )


def test_a_check_says_what_it_did_whether_it_ran_or_not(survey, question):
    responses = survey([question("q", "integer")], {"q": [1]})

    checked = run_checks(responses, {"stand_in": False})

    summary = checked.summary.set_index("check")
    assert not summary.loc["night", "ran"]
    assert summary.loc["stand_in", "note"] == "turned off in the study"
    assert list(summary.index) == sorted(checks())
    assert list(checked.findings.columns) == list(COLUMNS)


def test_all_faults_of_the_settings_come_at_once_with_the_nearest_name(survey, question):
    responses = survey([question("q")], {"q": ["x"]})

    with pytest.raises(StudyError) as caught:
        run_checks(
            responses,
            {
                "nihgt": False,
                "duration": {"shortst": 10, "longest": "long"},
                "outlier": {"ignore": {}},
            },
        )

    assert str(caught.value).splitlines() == [
        "checks: nihgt: there is no check called 'nihgt'. Did you mean 'night'?",
        "checks: duration: shortst: this check has no setting 'shortst'. Did you mean 'shortest'?",
        "checks: duration: longest: a number is needed here. Write a number, such as 240.",
        "checks: outlier: ignore: a list is needed here. Write [first, second].",
    ]


def _unreadable(survey, question, **facts):
    return survey(
        [question("n", "text", **facts)],
        {"n": [None]},
        unreadable=[("i1", "", "n", "Aye Aye")],
    )


def test_answers_that_may_identify_somebody_are_masked_unless_the_question_says_otherwise(
    survey, question
):
    hidden = run_checks(_unreadable(survey, question), {}).findings
    plain = run_checks(_unreadable(survey, question, privacy="plain"), {}).findings
    stated = run_checks(
        _unreadable(survey, question, privacy="plain"), {}, classes={"n": Privacy.IDENTIFIER}
    ).findings

    assert list(hidden["answer"]) == ["(text, 7 characters)"]
    assert list(plain["answer"]) == ["Aye Aye"]
    assert list(stated["answer"]) == ["(text, 7 characters)"]


def test_a_telephone_number_in_the_wrong_box_is_masked(survey, question):
    responses = survey(
        [question("q", "select_one yn")], {"q": ["01711234567"]}, lists={"yn": ["yes", "no"]}
    )

    found = run_checks(responses, {}).findings

    assert list(found["answer"]) == ["(text, 11 characters)"]


def test_no_interviews_is_no_finding(survey, question):
    responses = survey([question("start", "start"), question("q", "integer")], {"q": []})

    assert run_checks(responses, {}).findings.empty


def test_a_suggestion_does_not_tell_a_number_that_identifies(survey, question):
    numbers = [*range(1000, 1060), 10500]
    responses = survey([question("card", "integer", privacy="identifier")], {"card": numbers})

    found = run_checks(responses, {}).findings

    assert list(found["check"]) == ["outlier"]
    assert list(found["answer"]) == ["(text, 5 characters)"]
    assert list(found["suggestion"]) == ["Look it up by the id of the interview"]


def test_a_finding_about_no_interview_counts_for_none(survey, question):
    responses = survey([question("age", "integer")], {"age": [30, 35] * 30})

    checked = run_checks(responses, {"heaping": {"even": ["age"]}})

    summary = checked.summary.set_index("check")
    assert summary.loc["heaping", "findings"] == 1
    assert summary.loc["heaping", "interviews"] == 0
