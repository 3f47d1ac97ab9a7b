"""What only another platform knows: answers are read, and no form for ODK or Kobo is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.errors import DefinitionError
from survey_kit.forms.build import build
from survey_kit.forms.read import read_questionnaire
from survey_kit.questionnaire.functions import FUNCTIONS
from survey_kit.questionnaire.functions_elsewhere import FUNCTIONS_ELSEWHERE
from survey_kit.questionnaire.question_type import Storage, question_types, types_elsewhere
from survey_kit.questionnaire.type_names import TypeName, type_named
from survey_kit.responses.logic.surveycto_functions import SURVEYCTO_FUNCTIONS

FORM = """
questionnaire: other
languages: {en: English}
interview:
  - {name: age, type: integer, label: {en: Age}}
  - {name: log, type: text audit}
  - {name: took, type: calculate, calculation: duration()}
  - {name: adult, type: note, label: {en: Adult}, relevant: "empty(${age}) or selected(${age}, 18)"}
"""


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "other.yaml"
    path.write_text(FORM, encoding="utf-8")
    return path


def test_a_form_of_surveycto_is_read_and_says_what_odk_does_not_know(form: Path):
    read = read_questionnaire(form)

    assert [item.question.type.name for item in read.items][1] == "text audit"
    assert [(fault.what, fault.remedy) for fault in read.only_elsewhere] == [
        (
            "only SurveyCTO knows the type 'text audit'",
            "Leave the row out of forms for ODK and Kobo",
        ),
        ("only SurveyCTO knows duration()", "For ODK and Kobo, ask or calculate it in another way"),
        ("only SurveyCTO knows empty()", "For ODK and Kobo, ask or calculate it in another way"),
        (
            "the second part of selected() is a number, and Collect stops at it",
            "Put it in quotes: '1'",
        ),
    ]


def test_no_phone_gets_a_form_with_it_and_everything_is_said_at_once(form: Path, tmp_path: Path):
    with pytest.raises(DefinitionError) as caught:
        build(read_questionnaire(form), tmp_path / "out")

    assert len(caught.value.faults) == 4
    assert str(caught.value).splitlines()[0] == (
        "other.yaml, line 6, question 'log': only SurveyCTO knows the type 'text audit'. "
        "Leave the row out of forms for ODK and Kobo."
    )
    assert not (tmp_path / "out").exists()


def test_a_codebook_of_it_is_made_all_the_same(form: Path, tmp_path: Path):
    assert build(read_questionnaire(form), tmp_path / "out", only=("codebook",)).files


def test_a_misspelt_function_is_refused_as_ever(tmp_path: Path):
    path = tmp_path / "other.yaml"
    path.write_text(FORM.replace("empty(", "emty("), encoding="utf-8")

    with pytest.raises(DefinitionError) as caught:
        read_questionnaire(path)

    assert "there is no function 'emty'" in str(caught.value)


@pytest.mark.parametrize("kind", types_elsewhere().values(), ids=lambda kind: kind.name)
def test_a_type_of_another_platform_is_filled_in_by_itself_and_is_none_of_odk(kind):
    assert kind.name not in question_types()
    assert kind.platform
    assert not kind.asked


@pytest.mark.parametrize(
    ("written", "name", "storage"),
    [
        ("text audit", "text audit", Storage.FILE),
        ("Text Audit", "text audit", Storage.FILE),
        ("audio audit", "audio audit", Storage.FILE),
        ("speed violations list", "speed violations list", Storage.TEXT),
        ("sensor_stream light_level", "sensor_stream", Storage.FILE),
        ("sensor_statistic mean_sound_level", "sensor_statistic", Storage.DECIMAL),
        ("calculate_here", "calculate_here", Storage.TEXT),
        ("caseid", "caseid", Storage.TEXT),
        ("text", "text", Storage.TEXT),
        ("audio", "audio", Storage.FILE),
    ],
)
def test_a_type_is_known_as_its_platform_writes_it(written, name, storage):
    named = type_named(written)

    assert isinstance(named, TypeName)
    assert (named.type.name, named.type.storage) == (name, storage)
    assert named.text == written


def test_a_function_is_replayed_or_says_why_not():
    for name, function in FUNCTIONS_ELSEWHERE.items():
        assert bool(function.elsewhere) != (name in SURVEYCTO_FUNCTIONS), name


def test_a_function_of_two_engines_differs_in_how_many_arguments_it_takes():
    for name in FUNCTIONS_ELSEWHERE.keys() & FUNCTIONS.keys():
        ours, theirs = FUNCTIONS[name], FUNCTIONS_ELSEWHERE[name]
        assert not any(ours.allows(count) and theirs.allows(count) for count in range(20))
