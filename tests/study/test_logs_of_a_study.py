"""The logs of corrections that a study takes: of other teams, and of several reviewers."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.errors import CorrectionError
from survey_kit.study.manifest import Record
from survey_kit.study.prepare import prepare, read_and_correct
from survey_kit.study.settings import read_study

QUESTIONNAIRE = """\
questionnaire: water
version: "1"
languages: {en: English}
choices:
  yes_no: [{code: 'yes', label: {en: 'Yes'}}, {code: 'no', label: {en: 'No'}}]
interview:
  - {name: works, type: select_one yes_no, label: {en: Work}, privacy: plain}
  - {name: age, type: integer, label: {en: Age}, privacy: plain}
"""

STUDY = """\
study: water
title: Water
questionnaire: water.yaml
responses: {file: answers.csv, interview: id}
corrections: {file: logs}
design: {sampling: purposive}
protection: {smallest_base: 1, smallest_cell: 1, reason: a test}
"""

OWN = "interview,question,old,new,action\nb,age,200,20,change\n"

TOOLS = """\
uuid,old_value,question,issue,change_type,new_value
a,yess,works,not in the list,change_response,yes
c,,,a test interview,remove_survey,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "water.yaml").write_text(QUESTIONNAIRE, encoding="utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    (tmp_path / "answers.csv").write_text(
        "id,works,age\na,yess,30\nb,no,200\nc,no,1\n", encoding="utf-8"
    )
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "anna.csv").write_text(OWN, encoding="utf-8")
    (tmp_path / "logs" / "ben.csv").write_text(TOOLS, encoding="utf-8")
    return tmp_path


def test_the_logs_of_several_reviewers_are_taken_together_whatever_their_format(folder: Path):
    responses = read_and_correct(read_study(folder), Record(), lambda _: None)

    assert list(responses.frame.index) == ["a", "b"]
    assert responses.frame.loc["a", "works"] == "yes"
    assert responses.frame.loc["b", "age"] == 20


def test_two_reviewers_who_contradict_each_other_stop_the_run(folder: Path):
    (folder / "logs" / "cho.csv").write_text(OWN.replace("20,change", "21,change"))
    with pytest.raises(CorrectionError) as caught:
        read_and_correct(read_study(folder), Record(), lambda _: None)

    assert str(caught.value) == (
        "cho.csv, line 2, interview 'b', question 'age': the old value stated is not the one that "
        "anna.csv, line 2 leaves there. Let the reviewers agree, and keep one of the two entries."
    )


def test_the_same_correction_of_two_reviewers_counts_once(folder: Path):
    (folder / "logs" / "cho.csv").write_text(OWN)
    prepared = prepare(read_study(folder), Record(), lambda _: None)

    assert prepared.corrected.responses.frame.loc["b", "age"] == 20
    assert list(prepared.corrected.log["match"]).count("already as corrected") == 1
