"""No command writes over the file that it reads, by whatever name that is called."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from survey_kit.cli import group
from survey_kit.errors import FileProblem, UsageError
from survey_kit.forms.read import read_questionnaire
from survey_kit.forms.xlsform_writer import write_xlsform

DEFINITION = """\
questionnaire: well
version: "1"
languages: {en: English, bn: Bangla}
interview:
  - {name: deep, type: integer, label: {en: How deep?}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "well.yaml").write_text(DEFINITION, encoding="utf-8")
    write_xlsform(read_questionnaire(tmp_path / "well.yaml"), tmp_path / "well.xlsx")
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "well.xlsx")
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [
        "convert well.xlsx well.xlsx",
        "convert well.xlsx link.xlsx",
        "diff well.yaml well.yaml --markdown ./well.yaml",
        "test well.yaml --junit well.yaml --engine ours",
        "simulate well.xlsx -n 3 --out link.xlsx",
        "translate well.xlsx --out well.xlsx",
        "build well.xlsx --out . --only xlsform",
    ],
)
def test_what_is_read_is_not_written_over(folder: Path, command: str):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    with pytest.raises(UsageError, match=r"over|same file"):
        CliRunner().invoke(group, command.split(), standalone_mode=False, catch_exceptions=False)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "q.yaml")

    with pytest.raises(FileProblem, match=r"q\.yaml: this is no file that can be read twice\."):
        read_questionnaire(tmp_path / "q.yaml")
