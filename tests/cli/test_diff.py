"""survey-kit diff: exit codes, text, JSON, markdown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_kit.cli import group
from survey_kit.errors import FileProblem
from survey_kit.forms.read import read_questionnaire
from survey_kit.forms.xlsform_writer import write_xlsform

OLD = """\
questionnaire: water
version: "1"
languages: {en: English}
choices:
  source:
    - {code: tap, label: {en: Tap}}
    - {code: well, label: {en: "Well | <b>deep</b>"}}
interview:
  - {name: source, type: select_one source, label: {en: Where from?}, privacy: plain}
  - {name: minutes, type: integer, label: {en: How far?}, constraint: . < 90, privacy: plain}
"""
COMPATIBLE = OLD.replace('"1"', '"2"').replace(". < 90", ". < 60")
BREAKING = COMPATIBLE.replace("code: well", "code: hole")


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    for name, text in (("old", OLD), ("new", COMPATIBLE), ("worse", BREAKING)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def diff(folder: Path, *arguments: str) -> Result:
    paths = [str(folder / each) if "." in each else each for each in arguments]
    return CliRunner().invoke(group, ["diff", *paths], standalone_mode=False)


def test_a_form_against_itself_is_fine(forms: Path):
    result = diff(forms, "old.yaml", "old.yaml")

    assert (result.return_value, result.output) == (0, "water, version 1 to 1: nothing changed\n")


def test_what_is_compatible_is_told_with_its_place_and_leaves_with_0(forms: Path):
    result = diff(forms, "old.yaml", "new.yaml")

    assert result.return_value == 0
    assert result.output.splitlines() == [
        "water, version 1 to 2: 1 compatible",
        "",
        "COMPATIBLE: old data are read and pooled; know of it when you compare (1)",
        "  ! minutes: what is accepted: . < 90 -> . < 60",
        (
            "      Answers that were accepted before are refused now; old ones stay as they are, "
            "and the check of constraints would find them."
        ),
        "      new.yaml, line 10",
    ]


def test_what_breaks_leaves_with_1_and_stands_first(forms: Path):
    result = diff(forms, "old.yaml", "worse.yaml")

    assert result.return_value == 1
    assert result.output.index("BREAKING") < result.output.index("COMPATIBLE")
    assert "source: {well: hole}" in result.output


def test_only_breaking_shows_nothing_else(forms: Path):
    result = diff(forms, "old.yaml", "worse.yaml", "--only", "breaking")

    assert result.return_value == 1
    assert "COMPATIBLE:" not in result.output


def test_json_holds_every_change_whole(forms: Path):
    found = json.loads(diff(forms, "old.yaml", "worse.yaml", "--json").output)

    assert found["counts"] == {"breaking": 1, "compatible": 1, "cosmetic": 0}
    assert [(each["kind"], each["severity"]) for each in found["changes"]] == [
        ("constraint", "compatible"),
        ("choice_recoded", "breaking"),
    ]


def test_a_report_in_markdown_lets_no_text_break_its_tables(forms: Path):
    report = diff(forms, "old.yaml", "worse.yaml", "--markdown", "-").output

    rows = [line for line in report.splitlines() if line.startswith("|")]
    assert "<b>" not in report
    assert any("well (Well \\| &lt;b&gt;deep&lt;/b&gt;)" in row for row in rows)
    plain = [row.replace("\\|", "") for row in rows]
    assert {row.count("|") for row in plain} == {4, 8}


def test_a_report_can_be_a_file(forms: Path):
    result = diff(forms, "old.yaml", "worse.yaml", "--markdown", "report.md")

    assert result.return_value == 1
    assert (forms / "report.md").read_text(encoding="utf-8").startswith("# water: 1 → 2\n")
    assert "BREAKING" in result.output


def test_a_workbook_and_a_yaml_file_of_one_form_do_not_differ(forms: Path):
    write_xlsform(read_questionnaire(forms / "old.yaml"), forms / "old.xlsx")

    assert diff(forms, "old.yaml", "old.xlsx").return_value == 0
    assert "nothing changed" in diff(forms, "old.xlsx", "old.yaml").output


def test_a_file_that_is_not_there_is_bad_input(forms: Path):
    result = diff(forms, "old.yaml", "gone.yaml")

    assert isinstance(result.exception, FileProblem)
    assert result.exception.exit_code == 3


def test_what_is_not_understood_is_compared_as_it_is_written_and_said(forms: Path):
    text = OLD.replace(". < 90", "lasted() < 90")
    (forms / "cto.yaml").write_text(text, encoding="utf-8")
    (forms / "newer.yaml").write_text(text.replace("< 90", "< 60").replace('"1"', '"2"'))

    result = diff(forms, "cto.yaml", "newer.yaml")

    assert result.return_value == 0
    assert "! minutes: what is accepted: lasted() < 90 -> lasted() < 60" in result.stdout
    assert result.stderr.startswith(
        "compared as it is written: cto.yaml, line 10, question 'minutes', constraint: there is no "
        "function 'lasted' (character 1: lasted() < 90). "
    )
