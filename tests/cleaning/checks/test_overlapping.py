"""Interviews of one enumerator that overlap or follow each other at once."""

from __future__ import annotations

from survey_kit.cleaning.checks.overlapping import OVERLAPPING

DAY = "2026-11-21 "


def _timed(survey, question, rows, **more):
    questions = [question("start", "start"), question("end", "end"), question("enumerator")]
    questions += [question(f"q{n}") for n in range(4)]
    answers = {
        "start": [DAY + start if start else None for _, start, _ in rows],
        "end": [DAY + end if end else None for _, _, end in rows],
        "enumerator": [who for who, _, _ in rows],
        **{f"q{n}": more.get("q", ["x"] * len(rows)) for n in range(4)},
    }
    return survey(questions, answers)


def _found(responses, **settings):
    found = OVERLAPPING.find(responses, {**OVERLAPPING.settings, **settings})
    return dict(zip(found["interview"], found["what"], strict=True))


def test_overlaps_and_short_pauses_are_told_apart_with_the_other_interview(survey, question):
    rows = [
        ("a", "10:00", "10:40"),
        ("a", "10:30", "11:00"),
        ("a", "11:04", "11:30"),
        ("a", "11:40", "12:00"),
    ]
    responses = _timed(survey, question, rows)

    found = OVERLAPPING.find(responses, OVERLAPPING.settings)

    assert _found(responses) == {
        "i2": "begun 10 minutes before the end of another interview of the same enumerator",
        "i3": "begun 4 minutes after the end of another interview of the same enumerator, fewer than 10",
    }
    assert found["suggestion"].tolist() == [
        "Compare with i1: look at the clock, whether a form was left open, or whether two people used one code",
        "Compare with i2; neighbours are near in a camp",
    ]


def test_the_gap_is_to_the_latest_end_not_to_the_last_begun(survey, question):
    rows = [("a", "10:00", "12:00"), ("a", "10:30", "10:50"), ("a", "11:30", "12:30")]

    found = _found(_timed(survey, question, rows))

    assert found["i3"].startswith("begun 30 minutes before")


def test_a_minute_or_two_of_clocks_is_a_short_pause_and_no_overlap(survey, question):
    rows = [("a", "10:00", "10:40"), ("a", "10:38", "11:00"), ("a", "10:57", "11:30")]

    found = _found(_timed(survey, question, rows))

    assert found["i2"].startswith("begun 0 minutes after")
    assert found["i3"].startswith("begun 3 minutes before")


def test_an_interview_that_took_far_longer_than_others_is_said_to_have_been_left_open(
    survey, question
):
    rows = [("a", "10:00", "12:00"), ("a", "11:30", "12:10"), ("b", "10:00", "10:40")]

    found = OVERLAPPING.find(_timed(survey, question, rows), OVERLAPPING.settings)

    assert list(found["suggestion"]) == [
        "Compare with i1, which took 120 minutes (40 is usual): was its form left open?"
    ]


def _hourly(who, count, minutes):
    return [
        (who, f"{7 + n:02}:00", f"{7 + n + minutes // 60:02}:{minutes % 60:02}")
        for n in range(count)
    ]


def test_several_of_one_enumerator_are_one_line_about_the_enumerator(survey, question):
    rows = [*_hourly("a", 7, 70), *_hourly("b", 12, 40), *_hourly("c", 6, 55)]

    responses = _timed(survey, question, rows)
    found = OVERLAPPING.find(responses, OVERLAPPING.settings)

    assert list(found["interview"]) == ["", ""]
    assert list(found["what"]) == [
        (
            "enumerator a: 6 of 7 interviews begun before the end of another of the same enumerator "
            "(10 minutes before it in the median)"
        ),
        (
            "enumerator c: 5 of 6 interviews begun fewer than 10 minutes after the end of another of "
            "the same enumerator (5 minutes after it in the median)"
        ),
    ]
    assert len(_found(responses, several=100)) == 11


def test_where_most_interviews_overlap_one_line_asks_whose_column_it_is(survey, question):
    rows = [*_hourly("a", 7, 70), *_hourly("b", 6, 70)]

    found = OVERLAPPING.find(_timed(survey, question, rows), OVERLAPPING.settings)

    assert list(found["what"]) == [
        "11 of 13 interviews (85%) were begun before the end of another with the same enumerator"
    ]


def test_other_enumerators_and_unknown_ones_do_not_matter(survey, question):
    rows = [
        ("a", "10:00", "11:00"),
        ("b", "10:30", "11:30"),
        (None, "10:30", "11:30"),
        (None, "10:40", "11:40"),
    ]

    assert _found(_timed(survey, question, rows)) == {}


def test_a_form_left_open_does_not_make_the_rest_of_the_day_overlap(survey, question):
    rows = [
        ("a", "08:00", "20:00"),
        ("a", "10:00", "10:40"),
        ("a", "11:00", "11:40"),
        ("a", "12:00", None),
    ]

    responses = _timed(survey, question, rows)

    assert _found(responses) == {}
    assert OVERLAPPING.reach(responses, OVERLAPPING.settings).note == (
        "enumerators by enumerator (by its name); times from start and end; "
        "1 were left open and are compared by their start only"
    )
    assert set(_found(responses, left_open=1000)) == {"i2", "i3", "i4"}


def test_after_somebody_who_did_not_agree_no_pause_is_expected(survey, question):
    rows = [("a", "10:00", "10:02"), ("a", "10:03", "10:40"), ("a", "10:41", "11:20")]

    found = _found(_timed(survey, question, rows, q=[None, "x", "x"]))

    assert set(found) == {"i3"}


def test_without_times_or_enumerator_it_says_what_is_missing(survey, question):
    nobody = survey([question("start", "start"), question("q")], {"start": [None], "q": ["x"]})
    untimed = survey([question("enumerator")], {"enumerator": ["a"]})

    assert OVERLAPPING.reach(nobody, OVERLAPPING.settings).note == (
        "no question holds the enumerator's code; name it in the setting enumerator"
    )
    assert OVERLAPPING.reach(untimed, OVERLAPPING.settings).note == (
        "the form has no question of type start and none of type end; "
        "name the columns in the settings start and end"
    )
