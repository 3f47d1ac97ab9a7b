"""Days with very many interviews, and interviews that become shorter."""

from __future__ import annotations

import numpy as np

from survey_kit.cleaning.checks.productivity import PRODUCTIVITY
from survey_kit.cleaning.checks.trend import TREND


def _worked(survey, question, who, start, minutes):
    end = start + (np.asarray(minutes) * 60).astype("timedelta64[s]")
    return survey(
        [question("start", "start"), question("end", "end"), question("enumerator")],
        {"start": list(start.astype(str)), "end": list(end.astype(str)), "enumerator": who},
    )


def _days(number, a_day):
    """`number` interviews, so many a day from 8 o'clock, one an hour."""
    at = np.arange(number)
    return (
        np.datetime64("2026-03-02T08:00:00")
        + at // a_day * np.timedelta64(1, "D")
        + at % a_day * np.timedelta64(1, "h")
    )


def test_a_day_with_far_more_interviews_than_usual_is_told_with_what_is_usual(survey, question):
    start = np.concatenate([_days(48, 4), _days(60, 5), _days(14, 14)])
    who = ["a"] * 48 + ["b"] * 60 + ["c"] * 14

    found = PRODUCTIVITY.find(
        _worked(survey, question, who, start, [30] * 122), PRODUCTIVITY.settings
    )

    assert found["what"].tolist() == [
        "enumerator c: 14 interviews on 2026-03-02; 5 in the median day of an enumerator"
    ]


def test_a_limit_that_is_stated_and_hours_that_no_day_has_are_told_too(survey, question):
    start = np.concatenate([_days(4, 4), _days(6, 6)])
    responses = _worked(survey, question, ["a"] * 4 + ["b"] * 6, start, [30] * 4 + [150] * 6)

    found = PRODUCTIVITY.find(responses, {**PRODUCTIVITY.settings, "most": 5})

    assert found["what"].tolist() == [
        "enumerator b: 6 interviews on 2026-03-02; more than 5",
        "enumerator b: 15.0 hours of interviews on 2026-03-02; more than 12",
    ]


def test_forms_left_open_are_no_hours_of_work(survey, question):
    responses = _worked(survey, question, ["a"] * 3, _days(3, 3), [30, 30, 3000])

    assert PRODUCTIVITY.find(responses, PRODUCTIVITY.settings).empty


def test_an_enumerator_whose_interviews_shrink_is_told_and_practice_is_not_held_against_anybody(
    survey, question
):
    random = np.random.default_rng(3)
    who, start, minutes = [], [], []
    for code in "abcdef":
        at = np.arange(40)
        own = 50 * (1 + at) ** -0.08 * np.exp(random.normal(0, 0.12, 40))
        minutes.append(own * (np.linspace(1, 0.5, 40) if code == "d" else 1))
        start.append(_days(40, 4))
        who += [code] * 40

    found = TREND.find(
        _worked(survey, question, who, np.concatenate(start), np.concatenate(minutes)),
        TREND.settings,
    )

    (what,) = found["what"]
    assert what.startswith("enumerator d: minutes an interview fell by ")
    assert "over 40 interviews (32% fewer with the others meanwhile" in what
    assert "; Kendall's tau -0." in what


def test_few_interviews_or_no_times_are_not_judged(survey, question):
    few = _worked(survey, question, ["a"] * 5, _days(5, 5), [30] * 5)
    untimed = survey([question("enumerator")], {"enumerator": ["a"]})

    assert TREND.reach(few, TREND.settings).note == "no enumerator has 12 interviews"
    assert not TREND.reach(untimed, TREND.settings).runs
    assert not PRODUCTIVITY.reach(untimed, PRODUCTIVITY.settings).runs


def test_an_enumerator_with_several_full_days_is_told_in_one_line(survey, question):
    start = np.concatenate([_days(60, 5), _days(70, 14)])
    responses = _worked(survey, question, ["a"] * 60 + ["b"] * 70, start, [55] * 130)

    settings = {**PRODUCTIVITY.settings, "most": 12}
    found = PRODUCTIVITY.find(responses, settings)
    each = PRODUCTIVITY.find(responses, {**settings, "several": 6})

    assert found["what"].tolist() == [
        "enumerator b: 5 days with more than 12 interviews; the fullest 14 interviews on 2026-03-02",
        "enumerator b: 5 days with more than 12 hours of interviews; the fullest 12.8 hours of interviews on 2026-03-02",
    ]
    assert len(each) == 10


def test_where_most_enumerators_have_full_days_one_line_tells_of_the_survey(survey, question):
    start = np.concatenate([_days(70, 14)] * 8 + [_days(14, 14)])
    who = [*np.repeat(list("abcdefgh"), 70), *["i"] * 14]
    responses = _worked(survey, question, who, start, [30] * len(who))

    found = PRODUCTIVITY.find(responses, {**PRODUCTIVITY.settings, "most": 12})

    assert found["what"].tolist() == [
        "8 of 9 enumerators have 5 days or more with more than 12 interviews",
        "enumerator i: 14 interviews on 2026-03-02; more than 12",
    ]
