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
