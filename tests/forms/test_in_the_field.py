"""A form in the hands of an enumerator: each language can be chosen, and says everything."""

from __future__ import annotations

import wave
from io import BytesIO
from pathlib import Path

import pytest

from survey_kit.forms.build import build, build_forms
from survey_kit.forms.javarosa.client import JavaRosa
from survey_kit.forms.odk_validate import java_available
from survey_kit.forms.xform import xform
from survey_kit.questionnaire.fielded import NO_RECORDING, fielded
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml

DEFINITION = """\
questionnaire: well
version: "1"
title: {en: A well, ar: بئر}
languages: {en: English, ar: العربية}
choices:
  yes_no:
    - {code: "yes", label: {ar: نعم}}
    - {code: "no", label: {en: "No"}}
interview:
  - name: deep
    type: integer
    label: {en: How deep?, ar: كم العمق؟}
    media: {audio: {ar: deep.ar.m4a}, image: {ar: deep.png}}
  - {name: open, type: select_one yes_no, label: {ar: هل هو مفتوح؟}, hint: {ar: تلميح}}
"""


@pytest.fixture
def well(tmp_path: Path) -> Questionnaire:
    path = tmp_path / "well.yaml"
    path.write_text(DEFINITION, encoding="utf-8")
    return read_yaml(path)


def test_a_text_that_the_first_language_lacks_is_that_of_another_marked_as_such(
    well: Questionnaire,
) -> None:
    question = fielded(well).by_key["open"].question

    assert dict(question.label) == {"en": "[ar] هل هو مفتوح؟", "ar": "هل هو مفتوح؟"}
    assert dict(question.hint) == {"en": "[ar] تلميح", "ar": "تلميح"}
    labels = [dict(each.label) for each in fielded(well).lists["yes_no"].choices]
    assert labels == [{"en": "[ar] نعم", "ar": "نعم"}, {"en": "No", "ar": "[en] No"}]


def test_where_only_another_language_has_a_recording_or_picture_the_first_gets_one_too(
    well: Questionnaire,
) -> None:
    media = fielded(well).by_key["deep"].question.media

    assert dict(media["audio"]) == {"en": NO_RECORDING, "ar": "deep.ar.m4a"}
    assert dict(media["image"]) == {"en": "deep.png", "ar": "deep.png"}


def test_the_recording_of_nothing_comes_with_the_form_and_says_why(
    well: Questionnaire, tmp_path: Path
) -> None:
    built = build(well, tmp_path / "out", only=["xform"])

    why = (
        "it stands in where another language has a recording and English has none: without it, "
        "no phone can change to that language"
    )
    assert [(each.path.name, each.notes) for each in built.files[1:]] == [(NO_RECORDING, (why,))]
    with wave.open(BytesIO(built.files[1].path.read_bytes())) as sound:
        assert 0 < sound.getnframes() < sound.getframerate()
    assert [each.name for each in build_forms(well, tmp_path / "more")][2:] == [NO_RECORDING]
    alone = build(well, tmp_path / "codebook", only=["codebook"])
    assert {each.path.suffix for each in alone.files} == {".html", ".xlsx"}


@pytest.mark.client
def test_every_language_can_be_chosen_on_a_phone(well: Questionnaire) -> None:
    if not java_available():
        pytest.skip("Java is not installed")

    with JavaRosa() as javarosa:
        form = javarosa.load(xform(fielded(well)).xml)
        labels: dict[str, list[str | None]] = {}
        for language in form.languages:
            form.begin(language=language)
            labels[language] = [
                node.label for node in form.report(labels=True) if node.kind == "question"
            ]

    assert labels == {
        "English (en)": ["How deep?", "[ar] هل هو مفتوح؟"],
        "العربية (ar)": ["كم العمق؟", "هل هو مفتوح؟"],
    }
