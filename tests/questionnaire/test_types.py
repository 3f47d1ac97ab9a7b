"""The types of question: honest about what they hold and whom it could lead to."""

import pytest

from survey_kit.questionnaire.question_type import Storage, Summary, question_types
from survey_kit.questionnaire.type_names import NoSuchType, TypeName, type_named

TYPES = question_types()
every_type = pytest.mark.parametrize("kind", TYPES.values(), ids=lambda kind: kind.name)

NEEDED = [
    "text",
    "integer",
    "decimal",
    "select_one",
    "select_multiple",
    "rank",
    "date",
    "time",
    "dateTime",
    "note",
    "calculate",
    "geopoint",
    "geotrace",
    "geoshape",
    "image",
    "audio",
    "video",
    "file",
    "barcode",
    "range",
    "acknowledge",
    "hidden",
    "start",
    "end",
    "today",
    "deviceid",
    "subscriberid",
    "simserial",
    "phonenumber",
    "username",
    "email",
    "audit",
    "start-geopoint",
]


def test_every_type_of_the_first_study_and_of_kobo_is_there():
    assert set(NEEDED) <= set(TYPES)


@every_type
def test_a_type_takes_choices_exactly_if_it_stores_codes(kind):
    assert kind.takes_choices == (kind.storage in (Storage.CODE, Storage.CODES))


@every_type
def test_shares_are_of_codes_and_means_of_numbers(kind):
    if kind.summary in (Summary.SHARES, Summary.SHARES_OF_CASES):
        assert kind.takes_choices
    if kind.summary is Summary.MEAN:
        assert kind.storage in (Storage.INTEGER, Storage.DECIMAL)


@every_type
def test_free_text_places_and_files_are_held_to_identify(kind):
    if kind.storage in (Storage.LOCATION, Storage.FILE):
        assert kind.identifying
    if kind.storage is Storage.TEXT and kind.name != "acknowledge":
        assert kind.identifying


def test_what_the_phone_notes_by_itself_is_not_asked():
    filled_in = {name for name, kind in TYPES.items() if not kind.asked}

    assert {"start", "end", "today", "deviceid", "username", "audit", "calculate"} <= filled_in
    assert not filled_in & {"text", "integer", "select_one", "note", "geopoint"}
    assert not any(TYPES[name].identifying for name in ("start", "end", "today"))


@pytest.mark.parametrize(
    ("spelt", "name", "choices"),
    [
        ("select_one yes_no", "select_one", "yes_no"),
        ("select one yes_no", "select_one", "yes_no"),
        ("select1 yes_no", "select_one", "yes_no"),
        ("select_multiple reasons", "select_multiple", "reasons"),
        ("rank reasons", "rank", "reasons"),
        ("int", "integer", None),
        ("photo", "image", None),
        ("imei", "deviceid", None),
    ],
)
def test_every_spelling_leads_to_one_type(spelt, name, choices):
    assert type_named(spelt) == TypeName(TYPES[name], choices)


@pytest.mark.parametrize(
    ("spelt", "name", "choices"),
    [
        ("Select_One  yes_no", "select_one", "yes_no"),
        ("select_one from yes_no", "select_one", "yes_no"),
        ("select all that apply from reasons", "select_multiple", "reasons"),
        ("string", "text", None),
        ("gps", "geopoint", None),
        ("datetime", "dateTime", None),
        ("device id", "deviceid", None),
        ("phone number", "text", None),
        ("percentage", "integer", None),
        ("trigger", "acknowledge", None),
        ("osm building", "osm", None),
    ],
)
def test_a_spelling_that_phones_would_notice_is_kept(spelt, name, choices):
    found = type_named(spelt)

    assert found == TypeName(TYPES[name], choices, spelling=spelt)
    assert found.text == spelt


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("select_one_from_file cities.csv", {"file": "cities.csv"}),
        ("select_multiple_from_file wells.geojson", {"file": "wells.geojson"}),
        ("select_one_external wards", {"external_list": "wards"}),
        ("select_one ${name}", {"choices_from": "name"}),
        ("select_one yes_no or_other", {"choices": "yes_no", "or_other": True}),
    ],
)
def test_choices_may_come_from_elsewhere(text, where):
    found = type_named(text)

    assert found == TypeName(found.type, **where)
    assert found.text == text


@every_type
def test_every_type_is_known_by_its_own_name(kind):
    spelt = f"{kind.name} yes_no" if kind.takes_choices else kind.name

    found = type_named(spelt)

    assert not isinstance(found, NoSuchType)
    assert found.type is kind
