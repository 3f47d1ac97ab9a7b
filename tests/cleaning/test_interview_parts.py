"""Which column is the enumerator, and which the place: settings first, and never in silence."""

from __future__ import annotations

import pytest

from survey_kit.cleaning.interview_parts import (
    enumerator_part,
    enumerators,
    site_part,
)
from survey_kit.errors import StudyError


@pytest.mark.parametrize(
    ("nodes", "taken"),
    [
        (["enumerator text", "enum_code text"], "enumerator (by its name)"),
        (["q3_enumerator_id integer", "username username"], "q3_enumerator_id (by its name)"),
        (["enum_comment text", "username username"], "username (the user of the phone)"),
        (
            ["gender_enumerator text", "deviceid deviceid"],
            "deviceid (the phone, which several people may share)",
        ),
    ],
)
def test_what_says_who_interviewed_is_found_and_says_by_what_sign(survey, question, nodes, taken):
    questions = [question(*node.split(" ", 1)) for node in nodes]
    answers = {each.name: ["7", "7", "8"] for each in questions}
    answers = {
        n: [float(v) for v in a] if "integer" in str(nodes) and "id" in n else a
        for n, a in answers.items()
    }

    part = enumerator_part(survey(questions, answers), "", "checks: x: enumerator")

    assert part.note == taken


def test_a_setting_comes_first_and_must_name_something(survey, question):
    responses = survey(
        [question("enumerator"), question("team")], {"enumerator": ["a"], "team": ["b"]}
    )

    assert enumerator_part(responses, "team", "").note == "team (by the setting)"
    with pytest.raises(StudyError) as caught:
        enumerator_part(responses, "tean", "checks: overlapping: enumerator")
    assert str(caught.value) == (
        "checks: overlapping: enumerator: the responses have no column 'tean'. Did you mean 'team'?"
    )


def test_an_empty_column_is_passed_over(survey, question):
    responses = survey(
        [question("enumerator"), question("username", "username")],
        {"enumerator": [None, None], "username": ["a", "a"]},
    )

    assert enumerator_part(responses, "", "").column == "username"


def test_a_phone_that_made_one_interview_only_says_nothing(survey, question):
    responses = survey([question("deviceid", "deviceid")], {"deviceid": ["a", "b"]})

    assert enumerator_part(responses, "", "") is None


def test_numbers_of_enumerators_have_no_decimal_point(survey, question):
    responses = survey([question("enumerator_num", "integer")], {"enumerator_num": [3, None, 12]})

    assert enumerators(responses, "enumerator_num").fillna("-").tolist() == ["3", "-", "12"]


def test_names_of_people_become_numbers_in_the_order_of_their_first_interviews(survey, question):
    responses = survey(
        [question("start", "start"), question("enumerator")],
        {
            "start": ["2026-01-03 10:00", "2026-01-01 10:00", "2026-01-02 10:00"],
            "enumerator": ["Noor Begum", "Ali Khan", "Noor Begum"],
        },
    )

    assert enumerators(responses, "enumerator").tolist() == ["no. 2", "no. 1", "no. 2"]


def test_the_place_is_a_question_that_nearly_everybody_has_and_several_share(survey, question):
    places = ["north", "south"] * 6
    responses = survey(
        [question("city"), question("village_name"), question("place_int")],
        {"city": [str(n) for n in range(12)], "village_name": [None] * 12, "place_int": places},
    )

    assert site_part(responses, "", "").note == "place_int (by its name)"
    assert site_part(responses, "city", "").note == "city (by the setting)"
