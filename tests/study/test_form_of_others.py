"""A study whose form another team made: its answers are read, and no phone gets a form of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from survey_kit.errors import DefinitionError
from survey_kit.forms.read import read_for_answers, read_questionnaire
from survey_kit.study.life import live
from survey_kit.study.settings import read_study

SURVEY = [
    ("type", "name", "label", "relevance", "calculation", "privacy", "disabled"),
    ("caseid", "caseid", "", "", "", "", ""),
    ("text audit", "timing", "", "", "", "", ""),
    ("calculate", "took", "", "", "duration()", "", ""),
    ("select_one yn", "ill", "Ill", "", "", "plain", ""),
    ("select_one yn", "seen", "Seen a doctor", "frobnicate(${ill})", "", "plain", ""),
    ("text", "old", "Old", "", "", "", "yes"),
]
CHOICES = [("list_name", "value", "label"), ("yn", "1", "Yes"), ("yn", "0", "No")]
STUDY = """\
study: clinic
title: Clinic
questionnaire: clinic.xlsx
responses: {file: answers.csv}
corrections: {file: corrections.csv}
complete: "true()"
design: {sampling: purposive}
protection: {smallest_base: 1, smallest_cell: 1, reason: a test}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    book = Workbook()
    survey = book.worksheets[0]
    survey.title = "survey"
    for row in SURVEY:
        survey.append(row)
    choices = book.create_sheet("choices")
    for row in CHOICES:
        choices.append(row)
    book.save(tmp_path / "clinic.xlsx")
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "answers.csv").write_text(
        "KEY,caseid,timing,took,ill,seen\na,c1,t.csv,60,1,1\nb,c2,u.csv,50,0,\n", encoding="utf-8"
    )
    (tmp_path / "corrections.csv").write_text(
        "interview,question,old,new,action,why,who,when\n", encoding="utf-8"
    )
    return tmp_path


def test_a_workbook_is_read_for_its_answers_though_it_would_make_no_form(folder: Path):
    read = read_for_answers(folder / "clinic.xlsx")

    assert [fault.what for fault in read.only_elsewhere] == [
        "only SurveyCTO knows the type 'caseid'",
        "only SurveyCTO knows the type 'text audit'",
        "only SurveyCTO knows duration()",
    ]
    assert len(read.not_understood) == 1
    assert "there is no function 'frobnicate'" in str(read.not_understood[0])
    with pytest.raises(DefinitionError):
        read_questionnaire(folder / "clinic.xlsx")


def test_ones_own_definition_is_not_read_with_a_fault_that_can_be_mended(tmp_path: Path):
    path = tmp_path / "own.yaml"
    path.write_text(
        "questionnaire: own\nlanguages: {en: English}\ninterview:\n"
        "  - {name: q, type: text, label: {en: Q}, relevant: frobnicate(1)}\n",
        encoding="utf-8",
    )

    with pytest.raises(DefinitionError):
        read_for_answers(path)


@pytest.mark.client
def test_a_run_makes_everything_but_the_form(folder: Path):
    life = live(read_study(folder), folder / "out")

    steps = {
        step["step"]: step
        for step in json.loads((folder / "out" / "manifest.json").read_text("utf-8"))["steps"]
    }
    assert steps["forms"]["for_phones"].startswith("not made: phones with ODK or Kobo")
    assert not [name for name in steps["forms"]["forms"] if name.endswith((".xlsx", ".xml"))] or (
        all("codebook" in name for name in steps["forms"]["forms"])
    )
    assert "form         4 parts not for ODK or Kobo, so no form is made" in life.summary
    assert len(steps["questionnaire"]["only_elsewhere"]) == 3
