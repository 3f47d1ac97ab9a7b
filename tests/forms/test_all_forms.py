"""survey-kit build: every form in every language, and what could not be made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from survey_kit.cli.build import command
from survey_kit.errors import DefinitionError, UsageError
from survey_kit.forms import build as building
from survey_kit.forms.build import build
from survey_kit.forms.form import forms
from survey_kit.forms.paper import pdf
from survey_kit.questionnaire.yaml_file import read_yaml

DEFINITION = """\
questionnaire: well
version: "1"
title: {en: A well, bn: একটি কূপ}
languages: {en: English, bn: বাংলা}
interview:
  - name: deep
    type: integer
    label: {en: How deep?, bn: কত গভীর?}
    media: {image: {en: well.png, bn: well.png}}
"""


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    path = tmp_path / "well.yaml"
    path.write_text(DEFINITION, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _without_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey_kit.forms.odk_validate.java_available", lambda: False)


@pytest.fixture
def without_typst(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> object:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(pdf, "import_module", gone)


def test_the_kinds_of_form_are_found_in_their_folder() -> None:
    assert list(forms()) == ["xlsform", "xform", "paper", "codebook"]


def test_every_form_in_every_language_is_written(definition: Path, tmp_path: Path) -> None:
    pytest.importorskip("typst")
    built = build(read_yaml(definition), tmp_path / "out")

    assert [each.path.name for each in built.files] == [
        "well.xlsx",
        "well.xml",
        "well_en_paper.docx",
        "well_en_paper.pdf",
        "well_bn_paper.docx",
        "well_bn_paper.pdf",
        "well_codebook.html",
        "well_codebook.xlsx",
    ]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        each.path.name for each in built.files
    )


def test_a_name_that_no_file_can_have_stays_in_the_form_and_leads_nowhere_else(
    definition: Path, tmp_path: Path
) -> None:
    text = DEFINITION.replace("questionnaire: well", 'questionnaire: "../training:well"')
    definition.write_text(text, encoding="utf-8")

    build(read_yaml(definition), tmp_path / "out", only=["xform", "codebook"])

    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "_._training_well.xml",
        "_._training_well_codebook.html",
        "_._training_well_codebook.xlsx",
    ]
    assert 'id="../training:well"' in (tmp_path / "out" / "_._training_well.xml").read_text()


@pytest.mark.usefixtures("without_typst")
def test_some_kinds_in_one_language_are_written_when_asked_for(
    definition: Path, tmp_path: Path
) -> None:
    built = build(read_yaml(definition), tmp_path / "out", only=["paper"], languages=["bn"])

    assert [each.path.name for each in built.files] == ["well_bn_paper.docx"]
    assert [each.name for each in built.not_made] == ["well_bn_paper.pdf"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"only": ["papyrus"]},
            (
                "papyrus: there is no such kind of form. The kinds are xlsform, xform, paper and "
                "codebook."
            ),
        ),
        (
            {"languages": ["th"]},
            "th: there is no such language in the questionnaire. It has en and bn.",
        ),
    ],
)
def test_what_there_is_not_is_refused(
    definition: Path, tmp_path: Path, asked: dict[str, list[str]], said: str
) -> None:
    with pytest.raises(UsageError) as caught:
        build(read_yaml(definition), tmp_path / "out", **asked)

    assert str(caught.value) == said


def test_where_one_form_cannot_be_made_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "q.yaml"
    path.write_text("questionnaire: q\ninterview:\n  - {name: a, type: text}\n")

    with pytest.raises(DefinitionError):
        build(read_yaml(path), tmp_path / "out")

    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("without_typst")
def test_the_list_says_what_was_made_what_not_and_what_to_upload(
    definition: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"

    said = CliRunner().invoke(
        command,
        [str(definition), "--out", str(out), "--only", "xform, paper", "--language", "en"],
        standalone_mode=False,
    )

    assert said.return_value == 1
    lines = said.output.splitlines()
    assert lines[:3] == [
        f"{out}/well.xml  (XForm, every language)",
        "  note: not judged by ODK Validate, for Java is not installed",
        f"{out}/well_en_paper.docx  (paper questionnaire, English)",
    ]
    assert lines[3] == (
        "not made: well_en_paper.pdf: a paper questionnaire as PDF: this needs the package typst, "
        "which is not installed. Install it with: pip install 'field-to-finding[paper]'."
    )
    assert lines[4:] == [
        (
            "missing: well.png, which well.yaml, line 6 needs. Put it beside the definition or "
            "into its folder media"
        )
    ]


def test_a_file_that_stands_beside_the_definition_is_found(
    definition: Path, tmp_path: Path
) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "well.png").write_bytes(b"")

    said = CliRunner().invoke(
        command,
        [str(definition), "--out", str(tmp_path / "out"), "--only", "xlsform", "--json"],
        standalone_mode=False,
    )

    assert said.return_value == 0
    found = json.loads(said.output)
    assert [(each["name"], each["found"]) for each in found["attachments"]] == [
        ("well.png", str(tmp_path / "media" / "well.png"))
    ]
    assert found["odk_validate"] == []


def test_a_draft_is_marked_on_every_page_and_said(definition: Path, tmp_path: Path) -> None:
    built = build(read_yaml(definition), tmp_path / "out", only=["paper"], languages=["bn"])

    assert built.files[0].notes == (
        "the toolkit's own words in বাংলা are a draft that no speaker has checked",
    )


def test_each_file_is_complete_or_not_there(tmp_path: Path) -> None:
    building.write_all({tmp_path / "a" / "x.txt": b"1"})

    assert [path.name for path in (tmp_path / "a").iterdir()] == ["x.txt"]


def test_where_one_form_cannot_be_written_none_is_and_nothing_half_done_stays(
    definition: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    (out / "well.xml" / "taken").mkdir(parents=True)

    with pytest.raises(OSError, match=r"well\.xml"):
        build(read_yaml(definition), out, only=["xform", "codebook"])

    assert [each.name for each in out.iterdir()] == ["well.xml"]


def test_the_folder_of_a_study_or_of_a_definition_will_do_for_its_questionnaire(
    tmp_path: Path,
) -> None:
    alone, study = tmp_path / "alone", tmp_path / "study"
    for folder in (alone, study / "analysis"):
        folder.mkdir(parents=True)
    (alone / "questionnaire.yaml").write_text(DEFINITION, encoding="utf-8")
    (study / "well.yaml").write_text(DEFINITION, encoding="utf-8")
    (study / "analysis" / "study.yaml").write_text(
        "study: well\nquestionnaire: ../well.yaml\n"
        "responses: {file: ../nothing.zip}\ndesign: {sampling: purposive, intervals: none}\n",
        encoding="utf-8",
    )

    for folder in (alone, study):
        outcome = CliRunner().invoke(
            command, [str(folder), "--out", str(tmp_path / "out"), "--only", "codebook"]
        )

        assert outcome.exception is None, outcome.exception
        assert "well_codebook.html" in outcome.output


def test_a_form_that_takes_java_too_long_is_written_and_said(
    definition: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*_: object) -> None:
        raise UsageError("JavaRosa", "it gave no answer within 120 seconds", "Look for a loop")

    monkeypatch.setattr(building, "judge", endless)
    (tmp_path / "well.png").write_bytes(b"")
    out = tmp_path / "out"

    result = CliRunner().invoke(
        command, [str(definition), "--out", str(out), "--only", "xform"], standalone_mode=False
    )

    assert result.return_value == 1
    assert (out / "well.xml").is_file()
    assert (
        "  note: not judged by ODK Validate: JavaRosa: it gave no answer within 120 seconds. "
        "Look for a loop."
    ) in result.stdout.splitlines()
