"""How complete each language is: counted text by text, recording by recording."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.errors import DefinitionError
from survey_kit.forms.read import read_questionnaire
from survey_kit.questionnaire.coverage import State, coverage, coverage_rows
from survey_kit.questionnaire.direction import right_to_left
from survey_kit.questionnaire.fielded import fielded
from survey_kit.questionnaire.markup import not_kept
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.recordings import slots
from survey_kit.questionnaire.spoken import spoken

DEFINITION = """\
questionnaire: water
languages: {en: English, bn: বাংলা, ar: العربية}
translations:
  bn: {question/label:well: reviewed, question/hint:well: draft}
  ar: {question/label:well: {status: stale, source: A well?}}
settings: {recordings: "{question}.{language}.m4a"}
choices:
  yes_no:
    - {code: "yes", label: {en: "Yes", bn: হ্যাঁ}}
    - {code: "no", label: {en: "No"}}
interview:
  - name: well
    type: select_one yes_no
    label: {en: Is there a well?, bn: কুয়া আছে?, ar: هل توجد بئر؟}
    hint: {en: Look., bn: দেখুন।}
  - group: after
    extra: {read_aloud: "no"}
    questions:
      - {name: doubt, type: text, label: {en: Any doubts?}}
  - {name: far, type: integer, label: {bn: কত দূর?}}
  - {name: score, type: calculate, calculation: 1}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "water.yaml").write_text(DEFINITION, encoding="utf-8")
    return tmp_path


@pytest.fixture
def water(folder: Path) -> Questionnaire:
    return read_questionnaire(folder / "water.yaml")


def test_each_text_is_needed_in_every_language(water: Questionnaire):
    found = coverage(water)

    assert {code: each.needed for code, each in found.languages.items()} == {
        "en": 6,
        "bn": 6,
        "ar": 6,
    }
    assert found["bn"].places(State.MISSING) == ("choice/label:yes_no/no", "question/label:doubt")
    assert found["bn"].places(State.REVIEWED) == ("question/label:well",)
    assert found["bn"].places(State.DRAFT) == ("question/hint:well",)
    assert found["bn"].places(State.UNMARKED) == ("choice/label:yes_no/yes", "question/label:far")
    assert found["ar"].places(State.STALE) == ("question/label:well",)


def test_the_first_language_can_lack_a_text_too(water: Questionnaire):
    assert coverage(water)["en"].places(State.MISSING) == ("question/label:far",)


def test_a_language_is_a_draft_while_a_text_waits_for_a_speaker(water: Questionnaire):
    found = coverage(water)

    assert {code: each.is_draft for code, each in found.languages.items()} == {
        "en": False,
        "bn": True,
        "ar": True,
    }


def test_coverage_of_a_language_is_one_row(water: Questionnaire):
    assert coverage_rows(coverage(water))[1] == {
        "language": "bn",
        "name": "বাংলা",
        "texts": 6,
        "missing": 2,
        "draft": 1,
        "stale": 0,
        "reviewed": 1,
        "unmarked": 2,
        "recordings": 2,
        "recorded": 0,
    }


def test_a_recording_is_wanted_of_each_question_that_is_read_aloud(water: Questionnaire):
    assert [(slot.file, slot.recorded) for slot in slots(water) if slot.language == "bn"] == [
        ("well.bn.m4a", False),
        ("far.bn.m4a", False),
    ]


@pytest.mark.parametrize("beside", [".", "media", "water-media"])
def test_a_recording_that_lies_beside_the_definition_is_played(folder: Path, beside: str):
    (folder / beside).mkdir(exist_ok=True)
    (folder / beside / "well.bn.m4a").write_bytes(b"sound")

    read = read_questionnaire(folder / "water.yaml")

    assert read.by_key["well"].question.media == {"audio": {"bn": "well.bn.m4a"}}
    assert (coverage(read)["bn"].audio_needed, coverage(read)["bn"].audio_present) == (2, 1)


def test_a_slot_without_a_recording_leaves_no_trace_in_the_form(water: Questionnaire):
    assert all(not item.question.media for item in water.items)


@pytest.mark.parametrize("pattern", ["../{question}.m4a", "all.m4a", "{question}.exe", "a/b.m4a"])
def test_recordings_have_names_that_can_be_files_of_a_form(folder: Path, pattern: str):
    path = folder / "water.yaml"
    path.write_text(DEFINITION.replace("{question}.{language}.m4a", pattern), encoding="utf-8")

    with pytest.raises(DefinitionError) as caught:
        read_questionnaire(path)

    assert str(caught.value) == (
        f"water.yaml, line 1: recordings cannot be called '{pattern}'. "
        "Write for instance {question}.{language}.m4a."
    )


def test_a_setting_of_the_same_name_that_means_something_else_is_left_alone(folder: Path):
    path = folder / "water.yaml"
    path.write_text(DEFINITION.replace("{question}.{language}.m4a", "yes"), encoding="utf-8")

    assert slots(read_questionnaire(path)) == ()


def test_for_the_field_every_missing_text_is_borrowed_and_says_so(water: Questionnaire):
    ready = fielded(water)

    assert ready.by_key["doubt"].question.label["bn"] == "[en] Any doubts?"
    assert ready.by_key["well"].question.label["bn"] == "কুয়া আছে?"
    assert ready.languages == {"en": "English", "bn": "বাংলা – draft", "ar": "العربية – draft"}
    assert coverage(ready)["ar"].count(State.MISSING) == 0
    assert coverage(ready)["en"].count(State.MISSING) == 0  # far is borrowed from Bangla


def test_a_questionnaire_in_one_language_goes_to_the_field_as_it_is(folder: Path):
    path = folder / "one.yaml"
    path.write_text(
        "questionnaire: one\ninterview:\n  - {name: a, type: text, label: A?}\n", encoding="utf-8"
    )
    one = read_questionnaire(path)

    assert fielded(one) == one


def test_places_are_in_the_order_of_the_interview_with_choices_behind_their_question(
    water: Questionnaire,
):
    assert [each.place for each in spoken(water) if each.texts] == [
        "question/label:well",
        "question/hint:well",
        "choice/label:yes_no/yes",
        "choice/label:yes_no/no",
        "question/label:doubt",
        "question/label:far",
    ]


def test_questions_of_one_name_have_places_of_their_own(folder: Path):
    path = folder / "two.yaml"
    path.write_text(
        "questionnaire: two\ninterview:\n"
        "  - {group: a, questions: [{name: age, type: integer, label: His?}]}\n"
        "  - {group: b, questions: [{name: age, type: integer, label: Hers?}]}\n",
        encoding="utf-8",
    )

    places = [each.place for each in spoken(read_questionnaire(path)) if each.texts]

    assert places == ["question/label:a/age", "question/label:b/age"]


@pytest.mark.parametrize(
    ("source", "translation", "lost"),
    [
        ("Hello ${name}", "হ্যালো ${name}", ()),
        ("Hello ${name}", "হ্যালো", ("${name} is missing",)),
        ("Hello", "হ্যালো ${name}", ("${name} is too many",)),
        ("${a} and ${b}", "${b}, ${a}", ()),
        ("**Stop**", "থামুন", ("** is missing",)),
        ("<b>Stop</b>", "<B>থামুন</B>", ()),
        ("# Part", "অংশ", ("# is missing",)),
        ("[here](http://a.org)", "এখানে", ("[...](...) is missing",)),
        ("5 < 6 and 7 > 2", "৫ < ৬ এবং ৭ > ২", ()),
    ],
)
def test_names_and_markup_that_a_translation_loses_are_told(
    source: str, translation: str, lost: tuple[str, ...]
):
    assert not_kept(source, translation) == lost


@pytest.mark.parametrize(
    ("code", "text", "right"),
    [
        ("ar", "", True),
        ("prs", "", True),
        ("fa_AF", "", True),
        ("rhg-Rohg", "", True),
        ("rhg", "", False),
        ("bn", "", False),
        ("default", "", False),
        ("rhg", "𐴀𐴝𐴏", True),
        ("french", "Bonjour", False),
        ("", "123 مرحبا", True),
    ],
)
def test_the_direction_is_that_of_the_text_or_else_of_the_language(
    code: str, text: str, right: bool
):
    assert right_to_left(code, text) is right
