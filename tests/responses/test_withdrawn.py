"""Answers that people took back are nowhere but in the raw file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from survey_kit.cleaning.run_checks import run_checks
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Absence, Responses
from survey_kit.responses.read import read_responses
from survey_kit.responses.submissions import write_submissions
from survey_kit.responses.withdrawn import is_withdrawn, standing, without_withdrawn_answers
from survey_kit.responses.writer import writers

FORM = """\
questionnaire: camp
version: "1"
languages: {en: English}
choices:
  yes_no: [{code: 'yes', label: {en: 'Yes'}}, {code: 'no', label: {en: 'No'}}]
interview:
  - {name: consent, type: select_one yes_no, label: {en: Consent}, required: true}
  - {name: ill, type: select_one yes_no, label: {en: Ill}, relevant: "${consent} = 'yes'"}
  - {name: litres, type: integer, label: {en: Litres}, relevant: "${consent} = 'yes'"}
  - {name: day, type: date, label: {en: Day}}
  - repeat: person
    relevant: "${consent} = 'yes'"
    questions:
      - {name: age, type: integer, label: {en: Age}, constraint: ". < 120"}
  - {name: still, type: select_one yes_no, label: {en: Still agrees}}
"""
SUBMISSION = """<data id="camp" version="1"><consent>yes</consent><ill>{ill}</ill><litres>{litres}</litres>
<day>2026-01-0{n}</day><person><age>{age}</age></person><still>{still}</still>
<meta><instanceID>uuid:i{n}</instanceID></meta></data>"""
RULE = parse("${still} = 'no'", "study.yaml, withdrawn")


@pytest.fixture
def form(tmp_path: Path) -> Questionnaire:
    (tmp_path / "camp.yaml").write_text(FORM, encoding="utf-8")
    return read_yaml(tmp_path / "camp.yaml")


@pytest.fixture
def raw(tmp_path: Path, form: Questionnaire) -> Responses:
    folder = tmp_path / "came"
    folder.mkdir()
    people = [("no", "12", 30, "yes"), ("secret", "many", 700, "no"), ("yes", "", 8, "")]
    for n, (ill, litres, age, still) in enumerate(people, start=1):
        text = SUBMISSION.format(ill=ill, litres=litres, age=age, still=still, n=n)
        (folder / f"{n}.xml").write_text(text, encoding="utf-8")
    return read_responses(folder, form)


@pytest.fixture
def kept(raw: Responses) -> Responses:
    return without_withdrawn_answers(raw, RULE)


def test_every_answer_is_emptied_and_says_why(kept: Responses):
    assert is_withdrawn(kept).tolist() == [False, True, False]
    assert kept.frame.loc["i2"].isna().all()
    assert set(kept.absence.loc["i2"]) == {Absence.WITHDRAWN}
    assert kept.repeats["person"].frame.index.get_level_values(0).tolist() == ["i1", "i3"]
    assert len(kept.unreadable) == 0
    assert kept.report.notes[-1] == "interviews whose consent was withdrawn, emptied: 1"


def test_the_other_interviews_stay_as_they_were(raw: Responses, kept: Responses):
    others = ["i1", "i3"]

    pd.testing.assert_frame_equal(kept.frame.loc[others], raw.frame.loc[others])
    pd.testing.assert_frame_equal(kept.absence.loc[others], raw.absence.loc[others])
    pd.testing.assert_frame_equal(
        kept.repeats["person"].frame, raw.repeats["person"].frame.loc[others]
    )
    assert kept.frame.dtypes.tolist() == raw.frame.dtypes.tolist()


def test_where_nobody_withdrew_nothing_changes(raw: Responses):
    assert without_withdrawn_answers(raw, parse("${still} = 'never'", "x")) is raw
    assert standing(raw) is raw


def test_no_check_finds_anything_in_them(raw: Responses, kept: Responses):
    before = run_checks(raw, {}).findings
    after = run_checks(kept, {}).findings

    assert "i2" in set(before["interview"])
    assert "i2" not in set(after["interview"])


def test_the_reason_is_user_missing_in_spss_and_g_in_stata(tmp_path: Path, kept: Responses):
    for name in ("sav", "dta"):
        writers()[name].write(kept, tmp_path / f"r.{name}", "en")

    spss, about = pyreadstat.read_sav(tmp_path / "r.sav", user_missing=True)
    stata, _ = pyreadstat.read_dta(tmp_path / "r.dta", user_missing=True)
    assert spss["litres"].tolist() == [12, -1007, -1002]
    assert about.variable_value_labels["litres"][-1007] == "Consent withdrawn"
    assert about.missing_ranges["litres"] == [{"lo": -1008, "hi": -1001}]
    assert stata["litres"].tolist() == [12, "g", "d"]


def test_parquet_keeps_the_reason(tmp_path: Path, kept: Responses, form: Questionnaire):
    writers()["parquet"].write(kept, tmp_path / "r.parquet", "en")

    again = read_responses(tmp_path / "r.parquet", form)

    assert is_withdrawn(again).tolist() == [False, True, False]


def test_submissions_written_of_them_hold_nothing(
    tmp_path: Path, kept: Responses, form: Questionnaire
):
    write_submissions(kept, tmp_path / "again.zip")

    again = read_responses(tmp_path / "again.zip", form)

    assert again.frame.loc["i2"].isna().all()
    assert np.array_equal(again.frame.index, kept.frame.index)
