"""Before anything else: how a file fits its questionnaire, and what has to be decided."""

from pathlib import Path

import pytest

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.match_report import match_report
from survey_kit.responses.read import ReadOptions, read_responses

EXPORT = """\
consent,water,far,level,home/members,phone,remark,deviceid,__version__,_uuid
yes,wel piped,0.75,Hihg,3,1,x,d,3,a
YES,piped wel,1.50,1,4,2,y,d,2,b
no,,,,,,,d,2,c
"""


@pytest.fixture(scope="module")
def household() -> Questionnaire:
    return read_yaml(Path(__file__).with_name("household.yaml"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "e.csv").write_text(EXPORT)
    return tmp_path / "e.csv"


def test_values_outside_their_list_stand_with_the_code_they_resemble(
    file: Path, household: Questionnaire
):
    values = match_report(read_responses(file, household)).values

    assert values.to_numpy().tolist() == [
        ["consent", "YES", 1, "yes", "Yes"],
        ["water", "wel", 2, "well", "A well"],
        ["far", "1.50", 1, "1.5", "About a kilometre and a half"],
        ["level", "Hihg", 1, "5", "High"],
    ]


def test_an_unknown_column_waits_until_the_study_says_what_it_is(
    file: Path, household: Questionnaire
):
    first = match_report(read_responses(file, household))
    options = ReadOptions(ignore=("phone",), columns={"remark": "water_other"})
    second = match_report(read_responses(file, household, options=options))

    undecided = first.columns[first.columns["to_decide"]]
    assert undecided["column"].tolist() == ["phone", "remark"]
    assert not second.columns["to_decide"].any()
    assert ["remark", "read as water_other", False] in second.columns.to_numpy().tolist()


def test_versions_and_questions_without_a_column_are_counted(file: Path, household: Questionnaire):
    report = match_report(read_responses(file, household))

    assert report.versions.to_numpy().tolist() == [["3", 1, True], ["2", 2, False]]
    assert ["moved", "Since when?"] in report.questions.to_numpy().tolist()
    assert report.sentences() == (
        "columns that are not carried on until study.yaml classifies them: 2",
        f"questions without a column: {len(report.questions)}",
        "different values outside their lists: 4",
        "cells with values outside their lists: 5",
        "interviews with another version of the form: 2",
    )
