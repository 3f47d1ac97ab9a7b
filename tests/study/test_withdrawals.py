"""Consent that was withdrawn, through a whole run."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from survey_kit.errors import StudyError
from survey_kit.study.life import live
from survey_kit.study.settings import read_study

FORM = """\
questionnaire: camp
version: "1"
languages: {en: English}
choices:
  yes_no: [{code: 'yes', label: {en: 'Yes'}}, {code: 'no', label: {en: 'No'}}]
  places: [{code: hill, label: {en: Hill}}, {code: lake, label: {en: Lake}}]
interview:
  - {name: place, type: select_one places, label: {en: Place}, privacy: plain}
  - {name: ill, type: select_one yes_no, label: {en: Ill}, privacy: plain}
  - {name: still, type: select_one yes_no, label: {en: Still agrees}, privacy: plain}
"""
STUDY = """\
study: camp
title: Camp
questionnaire: camp.yaml
responses: {file: answers.csv}
corrections: {file: corrections.csv}
complete: "not(${ill} = 'unheard of')"
withdrawn: "${still} = 'no'"
design: {sampling: purposive}
protection: {smallest_base: 1, smallest_cell: 1, reason: a test}
"""
ANSWERS = "_uuid,place,ill,still\na,hill,yes,yes\nb,lakeside,yess,no\nc,lake,no,yes\n"
LOG = "interview,question,old,new,action,why,who,when\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "camp.yaml").write_text(FORM, encoding="utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    (tmp_path / "corrections.csv").write_text(
        LOG + "b,place,lakeside,lake,change,typed,me,2026-01-02\n", encoding="utf-8"
    )
    return tmp_path


def _text_of(path: Path) -> str:
    if path.suffix not in {".xlsx", ".docx"}:
        return path.read_bytes().decode("utf-8", "replace")
    with ZipFile(path) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_an_interview_that_was_withdrawn_is_a_number_only(folder: Path):
    life = live(read_study(folder), folder / "out")

    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    steps = {step["step"]: step for step in manifest["steps"]}
    assert "3 read, 0 removed, 0 not complete, 1 withdrawn, 2 analysed" in life.summary
    assert steps["responses"]["withdrawn"] == 1
    assert (steps["checks"]["rows_in"], steps["checks"]["findings"]) == (2, 0)
    assert steps["corrections"]["entries_of_withdrawn_interviews"] == 1
    assert steps["who counts"]["taken_away"] == {"not complete": 0, "withdrawn": 1}
    assert steps["release"]["taken_away"] == {"not complete": 0, "withdrawn": 1}
    written = [path for path in (folder / "out").rglob("*") if path.is_file()]
    assert [path.name for path in written if "lakeside" in _text_of(path)] == []


def test_corrections_that_only_make_the_rule_hold_are_refused(folder: Path):
    (folder / "corrections.csv").write_text(
        LOG + "a,still,yes,no,change,called,me,2026-01-02\n", encoding="utf-8"
    )

    with pytest.raises(StudyError) as caught:
        live(read_study(folder), folder / "out")

    assert str(caught.value) == (
        "study.yaml, withdrawn: it holds for 1 interview only after the corrections. "
        "In the log, take these interviews away with the action remove instead."
    )


def test_a_rule_about_a_question_that_is_not_there_is_refused(folder: Path):
    (folder / "study.yaml").write_text(STUDY.replace("${still} =", "${stil} ="), encoding="utf-8")

    with pytest.raises(StudyError) as caught:
        live(read_study(folder), folder / "out")

    assert (
        "study.yaml, withdrawn: there is no question called 'stil'; did you mean 'still'?"
        in str(caught.value)
    )


def test_a_file_without_the_column_of_the_rule_is_refused(folder: Path):
    (folder / "answers.csv").write_text("_uuid,place,ill\na,hill,yes\n", encoding="utf-8")

    with pytest.raises(StudyError) as caught:
        live(read_study(folder), folder / "out")

    assert "answers.csv: there is no column for 'still', which withdrawn needs" in str(caught.value)
