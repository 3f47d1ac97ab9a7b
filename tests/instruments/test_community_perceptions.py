"""The study's questionnaire: complete, careful with words and people, and sound in its logic."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from survey_kit.forms.odk_validate import validate
from survey_kit.forms.xform import xform
from survey_kit.questionnaire.coverage import State, coverage
from survey_kit.questionnaire.fielded import fielded
from survey_kit.questionnaire.in_row import in_row
from survey_kit.questionnaire.markup import not_kept
from survey_kit.questionnaire.model import Privacy
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.recordings import slots
from survey_kit.questionnaire.spoken import spoken
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.rehearsal.rehearse import Rehearsed, Wanted, rehearse
from survey_kit.review.review import review

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from survey_kit.questionnaire.model import Questionnaire

STUDY = "community_perceptions"
NUMBER_OF_TESTS = 65
NOON = datetime(2026, 8, 20, 12)  # noqa: DTZ001 - a form knows local time alone


@pytest.fixture(scope="module")
def study(root: Path) -> Questionnaire:
    return read_yaml(root / "instruments" / STUDY / "questionnaire.yaml")


def words(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    """Every text that somebody reads, and where it stands."""
    for item in questionnaire.items:
        question = item.question
        for texts in (question.label, question.hint, question.constraint_message):
            yield from ((item.key, text) for text in texts.values())
    for each in questionnaire.lists.values():
        for choice in each.choices:
            yield from ((f"{each.name}/{choice.code}", text) for text in choice.label.values())


def test_all_modules_are_there(study: Questionnaire):
    asked_of_people = [
        item for item in study.items if item.question.type.asked and item.question.label
    ]

    assert len(asked_of_people) > 110
    assert [node.name for node in study.nodes if node.name not in ("start", "end", "today")] == [
        "setting",
        "agreement",
        "eligibility",
        "person",
        "origin",
        "journey",
        "reasons",
        "information",
        "being_reached",
        "regular",
        "smuggling",
        "ahead",
        "observations",
    ]


def test_every_question_says_what_its_answer_could_do(study: Questionnaire):
    assert [item.key for item in study.items if item.question.privacy is None] == []
    assert study.by_key["coupon"].question.privacy is Privacy.IDENTIFIER
    assert study.by_key["enum_code"].question.privacy is Privacy.IDENTIFIER


def test_nothing_is_asked_that_would_find_a_person(study: Questionnaire):
    storages = {item.question.type.storage for item in study.items}
    metadata = {item.key for item in study.items if not item.question.type.asked}
    calculations = {item.key for item in study.items if item.question.calculation is not None}

    assert storages.isdisjoint({Storage.LOCATION, Storage.FILE})
    assert metadata - calculations == {"start", "end", "today"}


def test_no_text_calls_a_person_or_a_way_illegal(study: Questionnaire):
    careless = re.compile(r"\billegal|\balien|\bqueue|\bwave\b|\bflood of\b", re.IGNORECASE)

    assert [(where, text) for where, text in words(study) if careless.search(text)] == []


def test_english_is_complete(study: Questionnaire):
    lacking = [
        item.key
        for item in study.items
        if item.question.type.asked and not item.question.label.get("en")
    ]
    choices = [
        f"{each.name}/{choice.code}"
        for each in study.lists.values()
        for choice in each.choices
        if not choice.label.get("en")
    ]

    assert lacking + choices == []


def test_whoever_is_asked_something_sensitive_may_refuse(study: Questionnaire):
    by_the_enumerator = {"obs_distress"}
    without = [
        item.key
        for item in study.items
        if item.question.privacy is Privacy.SENSITIVE
        and item.question.choices is not None
        and item.key not in by_the_enumerator
        and not any(choice.missing for choice in study.choices(item.question))
    ]

    assert without == []


def test_answers_that_stand_alone_are_held_apart_by_a_constraint(study: Questionnaire):
    alone = {"none", "nobody", "nothing", "alone", "not_paid", "refused", "dont_know"}
    for item in study.items:
        if item.question.type.storage is not Storage.CODES:
            continue
        codes = [choice.code for choice in study.choices(item.question)]
        offered = [c for c in codes if not (item.key == "info_topics_b" and c == "nothing")]
        offered = [c for c in offered if not (item.key == "reg_which" and c == "none")]

        held_apart = re.findall(r"selected\(\., '(\w+)'\)", str(item.question.constraint))

        assert set(held_apart) == alone & set(offered), item.key


def test_the_variables_of_the_analysis_are_there(study: Questionnaire):
    derived = {each.name for each in study.derived}

    assert study.weight_margins == ("country_int", "gender")
    assert {"reg_status", "info_unmet", "drivers_n", "age_group", "stage"} <= derived
    assert all(each.base is not None and each.privacy is not None for each in study.derived)


@pytest.fixture(scope="module")
def rehearsed(study: Questionnaire) -> Rehearsed:
    """Its own tests and random respondents, on our engine."""
    return rehearse(study, Wanted(engines="ours", interviews=200), now=NOON)


def test_the_questionnaires_own_tests_pass(rehearsed: Rehearsed):
    failures = {trial.test.name: trial.failures for trial in rehearsed.trials if not trial.passed}

    assert failures == {}
    assert len({trial.test.name for trial in rehearsed.trials}) == NUMBER_OF_TESTS


def test_each_skip_has_a_test_that_asks_and_one_that_does_not(study: Questionnaire):
    asked = {in_row(name).key for test in study.tests for name in test.asked}
    not_asked = {in_row(name).key for test in study.tests for name in test.not_asked}
    skipped = {item.key for item in study.items if item.question.relevant is not None}

    assert skipped - asked == set()
    assert skipped - not_asked == set()


def test_some_interviews_are_told_to_their_end(study: Questionnaire):
    assert sum(test.ends is True for test in study.tests) == 7


def test_everybody_who_can_be_interviewed_is_asked_for_30_to_45_minutes(rehearsed: Rehearsed):
    assert rehearsed.coverage is not None
    whole = next(way for way in rehearsed.coverage.ways if way.ends_in == "observations")

    assert 30 <= whole.minutes.median <= 45
    assert whole.minutes.most <= 45


def test_random_respondents_are_asked_everything_and_come_to_the_end(rehearsed: Rehearsed):
    assert rehearsed.coverage is not None
    assert rehearsed.coverage.fine


def test_the_check_finds_nothing_that_is_not_explained_in_the_file(study: Questionnaire):
    assert review(study) == ()


def test_every_text_is_there_in_each_language_but_rohingya_and_none_is_said_to_be_checked(
    study: Questionnaire,
):
    found = coverage(study).languages

    assert list(found) == ["en", "bn", "rhg", "my", "id", "ms", "th"]
    assert {code for code, each in found.items() if each.translated < each.needed} == {"rhg"}
    assert found["rhg"].translated == 0
    for code in ("bn", "my", "id", "ms", "th"):
        assert found[code].count(State.DRAFT) == found[code].needed, code


def test_translations_keep_every_placeholder(study: Questionnaire):
    for each in spoken(study):
        for code, text in each.texts.items():
            assert not_kept(each.texts["en"], text) == (), (each.place, code)


@pytest.mark.parametrize(
    ("code", "script"),
    [("bn", "BENGALI"), ("my", "MYANMAR"), ("th", "THAI"), ("id", "LATIN"), ("ms", "LATIN")],
)
def test_translations_are_in_the_script_of_their_language(
    study: Questionnaire, code: str, script: str
):
    for each in spoken(study):
        if each.place.startswith("choice/label:platforms/"):
            continue  # names of apps
        letters = {unicodedata.name(sign, "").split()[0] for sign in bare(each.texts.get(code, ""))}
        assert not letters or script in letters, each.place
        assert letters <= {script, "LATIN"}, each.place


def bare(text: str) -> list[str]:
    """The letters of a text, without what stands for an answer."""
    return [sign for sign in re.sub(r"\$\{.*?\}", "", text) if sign.isalpha()]


def test_translations_are_as_careful_with_words_as_the_english_text(study: Questionnaire):
    unwanted = {
        "bn": ["অবৈধ", "পাচারকারী"],
        "my": ["တရားမဝင်", "ခိုးဝင်"],
        "id": ["ilegal", "gelap", "pendatang haram", "liar"],
        "ms": ["haram", "gelap", "liar"],
        "th": ["ผิดกฎหมาย", "เถื่อน", "ลักลอบ", "ต่างด้าว"],
    }
    for each in spoken(study):
        for code, words_of in unwanted.items():
            text = each.texts.get(code, "").casefold()
            assert not [word for word in words_of if word in text], (each.place, code)


def test_every_question_that_is_read_aloud_has_a_slot_for_a_recording(study: Questionnaire):
    wanted = {slot.key: slot.file for slot in slots(study) if slot.language == "rhg"}

    assert len(wanted) == 107
    assert wanted["drivers"] == "drivers.rhg.m4a"
    assert {"enum_code", "obs_distress", "recruited", "smug_cost_usd"} & set(wanted) == set()
    assert not any(slot.recorded for slot in slots(study))


def test_in_the_field_no_text_is_missing_and_drafts_are_named(study: Questionnaire):
    ready = fielded(study)

    assert ready.languages["my"] == "မြန်မာ – draft"
    assert ready.by_key["drivers"].question.label["rhg"] == (
        "[en] Why did you leave, or why do you want to leave?"
    )
    assert all(each.count(State.MISSING) == 0 for each in coverage(ready).languages.values())


def test_phones_take_the_form_without_a_warning(study: Questionnaire):
    assert xform(fielded(study)).warnings == ()


@pytest.mark.client
def test_odk_validate_takes_the_form(study: Questionnaire, tmp_path: Path):
    path = tmp_path / "community_perceptions.xml"
    path.write_text(xform(fielded(study)).xml, encoding="utf-8")

    assert validate([path]) == ()
