"""Every column of a file is matched to its question, or said to be nothing that is known."""

from pathlib import Path

import pytest

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.matching import ColumnUse, Role, match_columns


@pytest.fixture(scope="module")
def household() -> Questionnaire:
    return read_yaml(Path(__file__).with_name("household.yaml"))


def one(column: str, questionnaire: Questionnaire) -> ColumnUse:
    return match_columns([column], questionnaire)[0]


@pytest.mark.parametrize(
    ("column", "key", "stage"),
    [
        ("water", "water", "exact"),
        ("home/water", "water", "exact"),
        ("home-water", "water", "exact but for separators and marks"),
        ("home.water", "water", "exact but for separators and marks"),
        ("\ufeffconsent", "consent", "exact but for separators and marks"),
        ("X.U.FEFF.start", "start", "exact but for separators and marks"),
        ("ï..start", "start", "exact but for separators and marks"),
        ("Home.Water", "water", "but for capital letters"),
        ("START", "start", "but for capital letters"),
        ("old_group/members", "members", "without group path"),
        ("home_members", "members", "mangled"),
        ("X.water_other", "water_other", "without group path"),
    ],
)
def test_a_question_is_found_however_its_platform_spells_it(
    column: str, key: str, stage: str, household: Questionnaire
):
    use = one(column, household)

    assert (use.role, use.key, use.stage) == (Role.QUESTION, key, stage)


@pytest.mark.parametrize(
    ("column", "code"),
    [
        ("water/piped", "piped"),
        ("home/water/0.75", "0.75"),
        ("home.water.0.75", "0.75"),
        ("water.0.75", "0.75"),
        ("home-water/-99", "-99"),
        ("water..99", "-99"),
        ("water_well", "well"),
        ("somewhere.water.well", "well"),
    ],
)
def test_a_choice_is_found_by_its_question_and_its_whole_code(
    column: str, code: str, household: Questionnaire
):
    use = one(column, household)

    assert (use.role, use.key, use.code) == (Role.CHOICE, "water", code)


def test_a_text_question_is_not_taken_for_a_choice_of_its_neighbour(household: Questionnaire):
    uses = match_columns(["water", "water_other", "water/other"], household)

    assert [(use.role, use.key, use.code) for use in uses] == [
        (Role.QUESTION, "water", ""),
        (Role.QUESTION, "water_other", ""),
        (Role.CHOICE, "water", "other"),
    ]
    assert uses[2].stage == "a choice that the list does not have"


@pytest.mark.parametrize(
    ("column", "part"),
    [
        ("home/_spot_latitude", "latitude"),
        ("_spot_precision", "accuracy"),
        ("home-spot-Longitude", "longitude"),
    ],
)
def test_a_part_of_a_location_belongs_to_its_question(
    column: str, part: str, household: Questionnaire
):
    use = one(column, household)

    assert (use.role, use.key, use.code) == (Role.PART, "spot", part)


@pytest.mark.parametrize(
    "column",
    ["_uuid", "X_uuid", "KEY", "meta/instanceID", "meta-instanceID", "_submission_time"],
)
def test_metadata_is_known_by_name(column: str, household: Questionnaire):
    assert one(column, household).role is Role.METADATA


def test_a_column_that_is_nothing_known_is_not_carried_on(household: Questionnaire):
    use = one("interviewer_phone", household)

    assert use.role is Role.UNMATCHED
    assert use.what == "not carried on: no such question"


def test_a_question_of_a_repeat_is_not_a_column_of_the_interviews(household: Questionnaire):
    use = one("person/age", household)

    assert use.role is Role.UNMATCHED
    assert use.what == "not carried on: a question of the repeat 'person'"


def test_two_columns_that_could_be_one_question_are_reported_and_neither_is_taken(
    household: Questionnaire,
):
    uses = match_columns(["a/members", "b/members"], household)

    assert {use.role for use in uses} == {Role.UNMATCHED}
    assert uses[0].what == "not carried on: ambiguous, several columns could be 'members'"


def test_the_stricter_match_wins(household: Questionnaire):
    uses = match_columns(["old/members", "home/members"], household)

    assert [use.role for use in uses] == [Role.UNMATCHED, Role.QUESTION]
    assert uses[0].what == "not carried on: another column is 'members' already"


def test_a_name_that_stands_twice_in_the_file_is_not_guessed_at(household: Questionnaire):
    uses = match_columns(["members", "members", "consent"], household)

    assert [use.role for use in uses] == [Role.UNMATCHED, Role.UNMATCHED, Role.QUESTION]
    assert uses[0].what == "not carried on: the file has two columns of this name"


def test_what_a_person_says_goes_before_what_names_suggest(household: Questionnaire):
    uses = match_columns(
        ["n", "members", "secret"], household, declared={"n": "members"}, ignore=["secret"]
    )

    assert [(use.role, use.key, use.stage) for use in uses] == [
        (Role.QUESTION, "members", "declared"),
        (Role.UNMATCHED, "", ""),
        (Role.IGNORED, "", ""),
    ]


def test_a_choice_of_a_question_of_a_repeat_is_said_to_be_one(household: Questionnaire):
    uses = match_columns(["why/piped", "why/members", "members"], household)

    assert [use.what for use in uses] == [
        "not carried on: a question of the repeat 'journey'",
        "not carried on: a question of the repeat 'journey'",
        "",
    ]
