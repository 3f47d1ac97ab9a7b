"""The study's questionnaire: complete, careful with words and people, and sound in its logic."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from survey_kit.forms.odk_validate import validate
from survey_kit.forms.xform import xform
from survey_kit.questionnaire.fielded import fielded
from survey_kit.questionnaire.model import Privacy
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.as_text import as_text
from survey_kit.responses.evaluate import offered
from survey_kit.responses.from_text import from_text
from survey_kit.responses.replay import asked, calculated, constraint_violations
from survey_kit.responses.simulation.scope import Unfinished, empty_frame

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from survey_kit.questionnaire.model import FormTest, Questionnaire

STUDY = "community_perceptions"
NUMBER_OF_TESTS = 17


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


def answered(study: Questionnaire, test: FormTest) -> Unfinished:
    """One interview with the answers of a test, its calculations worked out."""
    items = tuple(item for item in study.items if not item.repeats)
    frame = empty_frame(items, pd.Index(["one"], name="interview"))
    for key, answer in test.answers.items():
        column = pd.Series([answer], index=frame.index, dtype="str")
        frame[key] = from_text(column, study.by_key[key].question.type.storage).answers
    now = Unfinished(study, frame, {})
    for item in items:
        if item.question.calculation is not None:
            frame[item.key] = calculated(now, item.key)
    return now


def refused(now: Unfinished) -> set[str]:
    """Questions whose answer breaks their constraint or was not offered."""
    broken = constraint_violations(now)
    found = {str(key) for key in broken if broken[key].iloc[0]}
    for item in now.questionnaire.items:
        question = item.question
        if item.key in now.frame and question.choice_filter and question.choices:
            answer = now.frame[item.key].iloc[0]
            codes = [choice.code for choice in now.questionnaire.choices(question)]
            if not pd.isna(answer):
                among = offered(question.choice_filter, now, item.key)[0]
                if any(not among[codes.index(code)] for code in str(answer).split()):
                    found.add(item.key)
    return found


@pytest.mark.parametrize("number", range(NUMBER_OF_TESTS))
def test_the_questionnaires_own_tests_pass(study: Questionnaire, number: int):
    test = study.tests[number]
    now = answered(study, test)

    shown = asked(now.__class__(study, with_notes(study, now.frame), {})).iloc[0]

    assert [key for key in test.asked if not shown[key]] == [], test.name
    assert [key for key in test.not_asked if shown[key]] == [], test.name
    wanted = dict(test.values)
    spelt = {key: as_text(now.frame[key], kind_of(study, key)).iloc[0] for key in wanted}
    assert spelt == wanted, test.name
    assert refused(now) == set(test.refused), test.name


def kind_of(study: Questionnaire, key: str) -> Storage:
    return study.by_key[key].question.type.storage


def with_notes(study: Questionnaire, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with a column for each note too, so that it is known whether it is shown."""
    notes = [
        item.key
        for item in study.items
        if item.question.type.storage is Storage.NOTHING and not item.repeats
    ]
    return frame.assign(**{key: pd.Series(dtype="str") for key in notes})


def test_none_of_its_tests_is_forgotten(study: Questionnaire):
    assert len(study.tests) == NUMBER_OF_TESTS


def test_phones_take_the_form_without_a_warning(study: Questionnaire):
    assert xform(fielded(study)).warnings == ()


@pytest.mark.client
def test_odk_validate_takes_the_form(study: Questionnaire, tmp_path: Path):
    path = tmp_path / "community_perceptions.xml"
    path.write_text(xform(fielded(study)).xml, encoding="utf-8")

    assert validate([path]) == ()
