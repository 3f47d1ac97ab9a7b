"""Too short, too long, at night."""

from __future__ import annotations

import pytest

from survey_kit.cleaning.checks.duration import DURATION
from survey_kit.cleaning.checks.night import NIGHT
from survey_kit.errors import StudyError


def _timed(survey, question, times, **more):
    questions = [question("start", "start"), question("end", "end"), question("q")]
    return survey(
        questions,
        {
            "start": [start for start, _ in times],
            "end": [end for _, end in times],
            "q": ["x"] * len(times),
        }
        | more,
    )


DAY = "2026-11-21 "
TIMES = [
    (DAY + "10:00", DAY + "10:40"),
    (DAY + "10:00", DAY + "10:14"),
    (DAY + "10:00", DAY + "14:01"),
    (DAY + "10:00", DAY + "09:00"),
    (DAY + "10:00", None),
]


def test_minutes_from_start_to_end_are_held_against_both_limits(survey, question):
    responses = _timed(survey, question, TIMES)

    found = DURATION.find(responses, DURATION.settings).set_index("interview")["what"]

    assert dict(found) == {
        "i2": "14 minutes from start to end, fewer than 15",
        "i3": "241 minutes from start to end, more than 240",
        "i4": "the end is before the start",
    }


def test_an_interview_that_ended_early_is_not_called_short(survey, question):
    responses = _timed(survey, question, TIMES[:2] * 2, q=["x", "x", "x", None])

    found = DURATION.find(responses, DURATION.settings)

    assert list(found["interview"]) == ["i2"]


def test_a_form_without_times_says_what_to_set(survey, question):
    responses = survey([question("q")], {"q": ["x"]})

    reach = DURATION.reach(responses, DURATION.settings)

    assert not reach.runs
    assert reach.note == (
        "the form has no question of type start and none of type end; "
        "name the columns in the settings start and end"
    )


def test_settings_may_name_other_columns(survey, question):
    questions = [question("began", "dateTime"), question("ended", "dateTime")]
    responses = survey(questions, {"began": [DAY + "10:00"], "ended": [DAY + "10:03"]})

    found = DURATION.find(responses, {**DURATION.settings, "start": "began", "end": "ended"})

    assert list(found["question"]) == ["ended"]


def test_a_setting_that_names_no_column_is_refused(survey, question):
    responses = _timed(survey, question, TIMES)

    with pytest.raises(StudyError) as caught:
        DURATION.reach(responses, {**DURATION.settings, "start": "strat"})

    assert (
        str(caught.value)
        == "checks: duration: start: the responses have no column 'strat'. Did you mean 'start'?"
    )


def test_night_looks_at_start_and_end_and_lists_an_interview_once(survey, question):
    times = [
        (DAY + "05:00", DAY + "22:00"),
        (DAY + "04:59", DAY + "05:30"),
        (DAY + "21:30", DAY + "22:01"),
        (DAY + "23:00", DAY + "23:50"),
    ]

    found = NIGHT.find(_timed(survey, question, times), NIGHT.settings)

    assert dict(zip(found["interview"], found["what"], strict=True)) == {
        "i2": "the start of the interview is at 04:59",
        "i4": "the start of the interview is at 23:00",
        "i3": "the end of the interview is at 22:01",
    }


def test_an_hour_that_is_none_is_refused(survey, question):
    responses = _timed(survey, question, TIMES)

    with pytest.raises(StudyError) as caught:
        NIGHT.find(responses, {**NIGHT.settings, "earliest": "five"})

    assert str(caught.value) == (
        "checks: night: earliest: 'five' is no time of day. "
        "Write hours and minutes in quotes, such as '05:00'."
    )
