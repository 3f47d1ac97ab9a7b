"""A form says which files it needs beside itself, and they are found where the field puts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from survey_kit.forms.attachments import AttachmentKind, attachments, find_attachment
from survey_kit.questionnaire.model import Choice, ChoiceList, Question, Questionnaire
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import question_types

if TYPE_CHECKING:
    from pathlib import Path

TYPES = question_types()


def of(*nodes: Question, lists: dict[str, ChoiceList] | None = None) -> list[tuple[str, str]]:
    whole = Questionnaire(
        name="form",
        version="1",
        title={},
        languages={"default": "default"},
        nodes=nodes,
        lists=lists or {},
    )
    return [(each.name, each.kind.value) for each in attachments(whole)]


def test_choices_from_a_file_and_external_instances_are_tables_maps_and_xml():
    found = of(
        Question("city", TYPES["select_one"], file="cities.csv"),
        Question("well", TYPES["select_one"], file="wells.geojson"),
        Question("farm", TYPES["select_one"], file="farms.xml"),
        Question("ward", TYPES["select_one"], external_list="wards"),
        Question("prices", TYPES["csv-external"]),
        Question("old", TYPES["xml-external"]),
    )

    assert found == [
        ("cities.csv", "table"),
        ("wells.geojson", "map"),
        ("farms.xml", "xml"),
        ("itemsets.csv", "table"),
        ("prices.csv", "table"),
        ("old.xml", "xml"),
    ]


def test_pulldata_names_its_table_with_or_without_the_suffix():
    first = parse("pulldata('fruits', 'price', 'name', ${a})", "here")
    second = parse("concat(pulldata('roots.csv', 'price', 'name', 'x'), '')", "here")

    found = of(
        Question("p", TYPES["calculate"], calculation=first),
        Question("q", TYPES["calculate"], calculation=second),
    )

    assert found == [("fruits.csv", "table"), ("roots.csv", "table")]


def test_pictures_and_sounds_of_questions_and_choices_are_each_named_once():
    choice = Choice("a", media={"image": {"en": "a.png"}, "audio": {"en": "q.mp3"}})

    found = of(
        Question("q", TYPES["text"], media={"audio": {"en": "q.mp3", "fr": "q_fr.mp3"}}),
        Question("drawn", TYPES["image"], default="map.png"),
        Question("changing", TYPES["note"], media={"image": {"en": "${q}.png"}}),
        lists={"l": ChoiceList("l", (choice,))},
    )

    assert found == [
        ("q.mp3", "audio"),
        ("q_fr.mp3", "audio"),
        ("map.png", "image"),
        ("a.png", "image"),
    ]


@pytest.mark.parametrize("folder", [".", "media", "form-media"])
def test_a_file_is_found_beside_the_definition_and_in_its_two_folders(tmp_path: Path, folder: str):
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "cities.csv").write_text("name,label\n")

    found = find_attachment("cities.csv", tmp_path / "form.yaml")

    assert found is not None
    assert found.read_text() == "name,label\n"


@pytest.mark.parametrize("name", ["", "..", "../secret.csv", "a/b.csv", "missing.csv"])
def test_a_file_is_not_looked_for_elsewhere(tmp_path: Path, name: str):
    (tmp_path / "secret.csv").write_text("x")
    (tmp_path / "inner").mkdir()

    assert find_attachment(name, tmp_path / "inner" / "form.xlsx") is None


def test_every_kind_of_attachment_has_a_word():
    assert {kind.value for kind in AttachmentKind} == {
        "table",
        "map",
        "xml",
        "image",
        "audio",
        "video",
    }
