"""What nobody has classed is protected as the worst it could be."""

from __future__ import annotations

import pytest

from survey_kit.errors import StudyError
from survey_kit.protection.classes import derived_privacy, privacy_of, read_classes
from survey_kit.questionnaire.model import Case, Derived, Item, Privacy, Question, Questionnaire
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import question_types


def item(name, kind, privacy=None):
    question = Question(name, question_types()[kind], privacy=privacy)
    return Item(question, name, (), (), ())


@pytest.mark.parametrize("kind", ["text", "geopoint", "image", "deviceid", "calculate"])
def test_an_unclassed_answer_that_may_name_or_locate_is_an_identifier(kind):
    assert privacy_of(item("x", kind)) is Privacy.IDENTIFIER


@pytest.mark.parametrize("kind", ["select_one", "integer", "date", "start"])
def test_any_other_unclassed_answer_is_sensitive(kind):
    assert privacy_of(item("x", kind)) is Privacy.SENSITIVE


def test_the_questionnaire_and_above_it_the_study_may_say_otherwise():
    note = item("x", "text", Privacy.PLAIN)

    assert privacy_of(note) is Privacy.PLAIN
    assert privacy_of(note, {"x": Privacy.QUASI}) is Privacy.QUASI


def test_what_is_made_from_an_identifier_is_one_until_it_is_classed():
    questionnaire = Questionnaire(
        "q", "1", {}, {"en": "English"}, (Question("name", question_types()["text"]),)
    )
    derived = Derived("initial", {}, (Case("a", {}, parse("starts-with(${name}, 'A')", "x")),))

    assert derived_privacy(derived, questionnaire) is Privacy.IDENTIFIER
    assert derived_privacy(derived, questionnaire, {"initial": Privacy.PLAIN}) is Privacy.PLAIN


def test_every_word_that_is_no_class_is_named():
    with pytest.raises(StudyError) as caught:
        read_classes({"age": "quazi", "sex": "plain", "phone": "secret"}, "study.yaml, classes")

    assert str(caught.value) == (
        "study.yaml, classes, age: there is no class of questions called 'quazi'. "
        "Did you mean 'quasi'?\n"
        "study.yaml, classes, phone: there is no class of questions called 'secret'. "
        "Write one of: identifier, quasi, sensitive, plain."
    )
