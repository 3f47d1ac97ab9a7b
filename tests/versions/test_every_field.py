"""No part of a definition can change without `compare` saying so."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from survey_kit.questionnaire.model import (
    Case,
    Choice,
    ChoiceList,
    Derived,
    FormTest,
    Group,
    Missing,
    Node,
    Privacy,
    Question,
    Questionnaire,
    Repeat,
)
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import question_types
from survey_kit.questionnaire.translation import Status, Translation
from survey_kit.versions.compare import compare

TYPES = question_types()
RULE = parse("${a} = 'x'", "here")
OTHER = {"en": "Something else"}
DERIVED = Derived("d", {"en": "D"}, (Case("1", {"en": "One"}, RULE),))
CHOICES = (Choice("x", {"en": "X"}), Choice("y", {"en": "Y"}))

QUESTION: dict[str, Any] = {
    "name": "z", "type": TYPES["select_multiple"], "label": OTHER, "hint": OTHER, "choices": "n",
    "file": "towns.csv", "external_list": "towns", "choices_from": "b", "or_other": True,
    "spelling": "select one", "relevant": RULE, "constraint": RULE, "constraint_message": OTHER,
    "required": RULE, "required_message": OTHER, "calculation": RULE, "choice_filter": RULE,
    "default": "x", "read_only": True, "appearance": "minimal", "parameters": "randomize=true",
    "media": {"image": OTHER}, "privacy": Privacy.QUASI, "extra": {"trigger": "${b}"},
}  # fmt: skip
GROUP: dict[str, Any] = {
    "name": "z", "nodes": (), "label": OTHER, "relevant": RULE, "loop": "l",
    "appearance": "field-list", "extra": {"x": "y"},
}  # fmt: skip
REPEAT: dict[str, Any] = {**GROUP, "count": parse("2", "here")}
del REPEAT["loop"]
CHOICE: dict[str, Any] = {
    "code": "z", "label": OTHER, "missing": Missing.REFUSED, "media": {"image": OTHER},
    "columns": {"district": "north"},
}  # fmt: skip
TESTED = FormTest("t", {"a": "x"})
MADE: dict[str, Any] = {
    "name": "z", "label": OTHER, "cases": (Case("2", {}, RULE),), "base": RULE,
    "privacy": Privacy.SENSITIVE,
}  # fmt: skip
FORM: dict[str, Any] = {
    "name": "other", "title": OTHER, "languages": {"en": "English", "fr": "Français"},
    "nodes": (), "lists": {"l": ChoiceList("l", CHOICES[:1])}, "weight_margins": ("a",),
    "derived": (), "tests": (TESTED,), "settings": {"style": "pages"}, "sheets": {"notes": ()},
    "translations": {"en": {"question a, label": Translation(Status.DRAFT)}},
}  # fmt: skip


def form(*nodes: Node, **others: Any) -> Questionnaire:
    made: dict[str, Any] = {
        "name": "f", "version": "1", "title": {"en": "F"}, "languages": {"en": "English"},
        "nodes": nodes, "lists": {"l": ChoiceList("l", CHOICES), "n": ChoiceList("n", CHOICES[:1])},
        "derived": (DERIVED,),
    }  # fmt: skip
    return Questionnaire(**(made | others))


A = Question("a", TYPES["select_one"], {"en": "Which one?"}, choices="l")
IN = Question("b", TYPES["text"], {"en": "What?"})


def names(cls: type, *without: str) -> set[str]:
    return {each.name for each in fields(cls) if each.compare} - set(without)


def test_every_field_is_in_the_tables_of_this_file():
    assert names(Question) == set(QUESTION)
    assert names(Group) == set(GROUP)
    assert names(Repeat) == set(REPEAT)
    assert names(Choice) == set(CHOICE)
    assert names(Derived) == set(MADE)
    assert names(Questionnaire, "version") == set(FORM)


@pytest.mark.parametrize("field", QUESTION)
def test_a_field_of_a_question_is_compared(field: str):
    elsewhere = {"choices": None} if field in ("file", "external_list", "choices_from") else {}
    changed = form(replace(A, **elsewhere, **{field: QUESTION[field]}))

    assert compare(form(A), changed).changes


@pytest.mark.parametrize("field", GROUP)
def test_a_field_of_a_group_is_compared(field: str):
    group = Group("g", (IN,), {"en": "Heading"})

    assert compare(form(A, group), form(A, replace(group, **{field: GROUP[field]}))).changes


@pytest.mark.parametrize("field", REPEAT)
def test_a_field_of_a_repeat_is_compared(field: str):
    repeat = Repeat("r", (IN,), {"en": "Heading"})

    assert compare(form(A, repeat), form(A, replace(repeat, **{field: REPEAT[field]}))).changes


@pytest.mark.parametrize("field", CHOICE)
def test_a_field_of_a_choice_is_compared(field: str):
    changed = ChoiceList("l", (replace(CHOICES[0], **{field: CHOICE[field]}), CHOICES[1]))

    assert compare(form(A), form(A, lists={"l": changed})).changes


@pytest.mark.parametrize("field", MADE)
def test_a_field_of_a_derived_variable_is_compared(field: str):
    changed = form(A, derived=(replace(DERIVED, **{field: MADE[field]}),))

    assert compare(form(A), changed).changes


@pytest.mark.parametrize("field", FORM)
def test_a_field_of_a_form_is_compared(field: str):
    assert compare(form(A), replace(form(A), **{field: FORM[field]})).changes


def test_a_code_that_stands_twice_in_a_list_is_compared_row_by_row():
    twice = (*CHOICES, Choice("x", {"en": "X of the south"}, columns={"district": "south"}))
    lists = {"l": ChoiceList("l", twice)}

    assert not compare(form(A, lists=lists), form(A, lists=lists)).changes
    (gone,) = compare(form(A, lists=lists), form(A, lists={"l": ChoiceList("l", CHOICES)})).changes[
        1:
    ]
    assert gone.severity.value == "compatible"
