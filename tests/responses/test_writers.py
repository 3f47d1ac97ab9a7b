"""What is written for other programs is read back value by value, by other programs' readers."""

import csv
import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pyreadstat
import pytest

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Absence, Responses
from survey_kit.responses.read import read_responses
from survey_kit.responses.submissions import write_submissions
from survey_kit.responses.writer import writers
from survey_kit.responses.writers.comma_separated import ABSENCE_IS_NOT_IN_CSV
from survey_kit.responses.writers.labelled import cut, numbers_of

EXPORT = (
    """\
<data id="household" version="3"><start>2026-11-21T10:11:12.250</start><consent>yes</consent>\
<home><water>well 0.75 rain</water><water_other>=cmd()</water_other><far>1.5</far>\
<members>12</members><litres>0.75</litres><moved>1959-01-31</moved><level>5</level></home>\
<person><age>40</age><work><job>Fisher</job></work></person><person><age/></person>\
<meta><instanceID>a</instanceID></meta></data>""",
    """\
<data id="household" version="3"><consent>refused</consent>\
<meta><instanceID>b</instanceID></meta></data>""",
    """\
<data id="household" version="3"><consent>yes</consent>\
<home><water>-99</water><far/><members>many</members><litres>-1002</litres><level>4</level></home>\
<meta><instanceID>c</instanceID></meta></data>""",
)


@pytest.fixture(scope="module")
def household() -> Questionnaire:
    return read_yaml(Path(__file__).with_name("household.yaml"))


@pytest.fixture
def responses(household: Questionnaire, tmp_path: Path) -> Responses:
    folder = tmp_path / "store"
    folder.mkdir()
    for number, document in enumerate(EXPORT):
        (folder / f"{number}.xml").write_text(document)
    return read_responses(folder, household)


def test_parquet_gives_back_answers_and_absence(responses: Responses, tmp_path: Path):
    notes = writers()["parquet"].write(responses, tmp_path / "r.parquet", "en")

    again = pd.read_parquet(tmp_path / "r.parquet").set_index("interview")
    absence = again[[f"{key}__absence" for key in responses.frame]]
    absence = absence.set_axis(responses.absence.columns, axis=1)
    assert notes == ()
    pd.testing.assert_frame_equal(
        again[responses.frame.columns], responses.frame, check_index_type=False
    )
    pd.testing.assert_frame_equal(absence, responses.absence, check_index_type=False)
    assert again["meta__version"].tolist() == ["3", "3", "3"]


def test_parquet_explains_itself(responses: Responses, tmp_path: Path):
    writers()["parquet"].write(responses, tmp_path / "r.parquet", "fr")

    about = json.loads(pq.read_schema(tmp_path / "r.parquet").metadata[b"survey_kit"])
    assert about["absence"]["3"] == "refused"
    assert about["questions"]["consent"]["choices"] == {
        "yes": "Oui",
        "no": "Non",
        "refused": "Prefers not to say",
    }


def test_parquet_writes_each_repeat_beside(responses: Responses, tmp_path: Path):
    writers()["parquet"].write(responses, tmp_path / "r.parquet", "en")

    people = pd.read_parquet(tmp_path / "r.person.parquet")
    assert people[["interview", "person", "job"]].fillna("").to_numpy().tolist() == [
        ["a", 1, "Fisher"],
        ["a", 2, ""],
    ]
    assert (tmp_path / "r.journey.parquet").is_file()


def test_csv_guards_what_a_spreadsheet_would_run(responses: Responses, tmp_path: Path):
    notes = writers()["csv"].write(responses, tmp_path / "r.csv", "en")

    with (tmp_path / "r.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["interview"]: row for row in csv.DictReader(file)}
    assert rows["a"]["water_other"] == "'=cmd()"
    assert (rows["a"]["members"], rows["a"]["moved"]) == ("12", "1959-01-31")
    assert (rows["c"]["water"], rows["c"]["litres"]) == ("-99", "-1002")
    assert notes == (
        ABSENCE_IS_NOT_IN_CSV,
        "texts that a spreadsheet would run, given an apostrophe: 1",
    )


def test_csv_is_read_back_by_our_own_reader(
    responses: Responses, household: Questionnaire, tmp_path: Path
):
    writers()["csv"].write(responses, tmp_path / "r.csv", "en")

    again = read_responses(tmp_path / "r.csv", household)

    same = [key for key in responses.frame if key != "water_other"]
    pd.testing.assert_frame_equal(again.frame[same], responses.frame[same])
    pd.testing.assert_frame_equal(again.meta, responses.meta)


def sav(responses: Responses, path: Path) -> tuple[pd.DataFrame, pyreadstat.metadata_container]:
    writers()["sav"].write(responses, path, "en")
    frame, meta = pyreadstat.read_sav(path, user_missing=True)
    return frame.set_index("interview"), meta


def test_spss_holds_numbers_with_labels(responses: Responses, tmp_path: Path):
    frame, meta = sav(responses, tmp_path / "r.sav")

    assert frame["consent"].tolist() == [1, -1003, 1]
    assert meta.variable_value_labels["consent"] == {1: "Yes", 2: "No", -1003: "Refused"}
    assert meta.column_names_to_labels["consent"] == "Do you agree?"
    assert frame["far"].tolist() == [2, -1001, -1002]
    assert frame["level"].tolist() == [5, -1001, 4]
    assert meta.variable_value_labels["level"] == {
        1: "Low",
        5: "High",
        4: "4",
        -1001: "Not asked",
    }


def test_spss_knows_why_a_number_is_missing(responses: Responses, tmp_path: Path):
    frame, meta = sav(responses, tmp_path / "r.sav")

    assert meta.missing_ranges["consent"] == [{"lo": -1008, "hi": -1001}]
    assert frame["members"].tolist() == [12, -1001, -1006]
    assert meta.variable_value_labels["members"] == {
        -1001: "Not asked",
        -1006: "Could not be read",
    }
    hidden, _ = pyreadstat.read_sav(tmp_path / "r.sav")
    assert hidden["members"].isna().tolist() == [False, True, True]


def test_spss_moves_missing_values_out_of_the_way_of_a_number(responses: Responses, tmp_path: Path):
    frame, meta = sav(responses, tmp_path / "r.sav")

    assert frame["litres"].tolist() == [0.75, -10001, -1002]
    assert meta.missing_ranges["litres"] == [{"lo": -10008, "hi": -10001}]


def test_spss_has_one_column_for_each_choice(responses: Responses, tmp_path: Path):
    frame, meta = sav(responses, tmp_path / "r.sav")

    choices = [name for name in frame if name.startswith("water_")]
    assert choices == [
        "water_piped",
        "water_well",
        "water_0_75",
        "water__99",
        "water_not_in_list",
        "water_other",
    ]
    assert frame.loc["a", choices[:4]].tolist() == [0, 1, 1, 0]
    assert frame.loc["b", choices[:4]].tolist() == [-1001] * 4
    assert frame.loc["c", choices[:4]].tolist() == [-1004, -1004, -1004, 1]
    assert frame["water_not_in_list"].tolist() == ["rain", "", ""]
    assert meta.column_names_to_labels["water_well"] == ("Where does your water come from?: A well")


def test_spss_keeps_days_and_moments(responses: Responses, tmp_path: Path):
    frame, meta = sav(responses, tmp_path / "r.sav")

    assert frame.loc["a", "moved"] == dt.date(1959, 1, 31)
    assert pd.Timestamp(frame.loc["a", "start"]) == pd.Timestamp("2026-11-21T10:11:12.25")
    assert frame["moved"].isna().tolist() == [False, True, True]
    assert meta.original_variable_types["moved"].startswith("DATE")


def test_spss_writes_which_number_is_which_code_into_the_file(responses: Responses, tmp_path: Path):
    notes = writers()["sav"].write(responses, tmp_path / "r.sav", "en")

    _, meta = pyreadstat.read_sav(tmp_path / "r.sav")
    assert "far: 1 = 0.75, 2 = 1.5, 3 = 001" in notes
    assert "far: 1 = 0.75, 2 = 1.5, 3 = 001" in meta.notes
    assert "level: answers that are not in its list, labelled with their code: 1" in notes


def test_stata_holds_the_same_with_lettered_missing_values(responses: Responses, tmp_path: Path):
    writers()["dta"].write(responses, tmp_path / "r.dta", "en")

    frame, meta = pyreadstat.read_dta(tmp_path / "r.dta", user_missing=True)
    frame = frame.set_index("interview")
    assert frame["consent"].tolist() == [1, "a", 1]
    assert frame["members"].tolist() == [12, "c", "f"]
    assert frame["far"].tolist() == [2, "c", "d"]
    assert frame["water_well"].tolist() == [1, "c", "b"]
    assert meta.variable_value_labels["consent"] == {1: "Yes", 2: "No", "a": "Refused"}
    assert frame.loc["a", "moved"] == dt.date(1959, 1, 31)
    assert frame.loc["a", "litres"] == 0.75


@pytest.mark.parametrize("suffix", ["sav", "dta"])
def test_packages_get_each_repeat_in_a_file_of_its_own(
    suffix: str, responses: Responses, tmp_path: Path
):
    writers()[suffix].write(responses, tmp_path / f"r.{suffix}", "en")

    read = pyreadstat.read_sav if suffix == "sav" else pyreadstat.read_dta
    people, _ = read(tmp_path / f"r.person.{suffix}")
    assert people[["interview", "person_position", "job"]].to_numpy().tolist() == [
        ["a", 1, "Fisher"],
        ["a", 2, ""],
    ]
    assert people["age"].isna().tolist() == [False, True]


def test_names_and_labels_that_do_not_fit_are_cut_and_said(tmp_path: Path):
    long = "q" * 70
    text = f"""\
questionnaire: wide
version: "1"
title: {{en: Wide}}
languages: {{en: English}}
choices:
  one:
    - {{code: a, label: {{en: {"é" * 80}}}}}
interview:
  - {{name: {long}1, type: select_one one, label: {{en: {"é" * 200}}}}}
  - {{name: {long}2, type: integer, label: {{en: Short}}}}
"""
    (tmp_path / "wide.yaml").write_text(text)
    (tmp_path / "e.csv").write_text(f"{long}1,{long}2,KEY\na,1,x\n")
    wide = read_responses(tmp_path / "e.csv", read_yaml(tmp_path / "wide.yaml"))

    of_spss = writers()["sav"].write(wide, tmp_path / "r.sav", "en")
    of_stata = writers()["dta"].write(wide, tmp_path / "r.dta", "en")

    frame, meta = pyreadstat.read_sav(tmp_path / "r.sav")
    names = ["q" * 64, "q" * 62 + "_2"]
    assert frame.columns.tolist()[1:3] == names
    assert meta.column_names_to_labels[names[0]] == "é" * 126 + "…"
    assert meta.variable_value_labels[names[0]] == {1: "é" * 58 + "…"}
    assert f"columns renamed to fit: {long}1 -> {names[0]}; {long}2 -> {names[1]}" in of_spss
    assert f"labels of columns cut at 256 bytes: 1 ('{names[0]}')" in of_spss
    assert f"labels of values cut at 120 bytes: 1 ('{names[0]}')" in of_spss
    assert f"labels of columns cut at 80 signs: 1 ('{names[0][:28]}')" in of_stata
    stata, meta = pyreadstat.read_dta(tmp_path / "r.dta")
    assert [len(name) for name in stata.columns[1:3]] == [28, 28]
    assert meta.column_labels[1] == "é" * 79 + "…"


def test_a_label_is_cut_between_letters_and_never_within_one():
    assert cut("é" * 5, 9, in_bytes=True) == "ééé…"
    assert cut("fits", 4, in_bytes=True) == "fits"


def test_a_list_of_whole_numbers_keeps_them():
    assert numbers_of(["1", "5", "-99"]) == {"1": 1, "5": 5, "-99": -99}
    assert numbers_of(["1", "05"]) == {"1": 1, "05": 2}


def test_what_is_written_from_submissions_is_what_was_read(
    responses: Responses, household: Questionnaire, tmp_path: Path
):
    write_submissions(responses, tmp_path / "s.zip")
    again = read_responses(tmp_path / "s.zip", household)

    pd.testing.assert_frame_equal(again.frame, responses.frame)
    assert Absence(again.absence.loc["c", "members"]) is Absence.UNREADABLE


def test_stata_holds_a_number_that_only_the_last_of_many_were_asked_for(
    household: Questionnaire, tmp_path: Path
):
    folder = tmp_path / "store"
    folder.mkdir()
    for number in range(150):
        litres = "<litres>4.5</litres>" if number == 149 else ""
        (folder / f"{number:03d}.xml").write_text(
            f'<data id="household" version="3"><consent>yes</consent><home>{litres}</home>'
            f"<meta><instanceID>i{number:03d}</instanceID></meta></data>"
        )
    responses = read_responses(folder, household)

    writers()["dta"].write(responses, tmp_path / "r.dta", "en")

    frame, _ = pyreadstat.read_dta(str(tmp_path / "r.dta"))
    assert frame["litres"].dropna().tolist() == [4.5]
    assert len(frame) == 150


def test_stata_takes_columns_that_begin_with_or_hold_nothing_but_missing_values(
    household: Questionnaire, tmp_path: Path
):
    rows = ["no,,,"] * 150 + ["yes,3,0.75,"]
    text = "consent,members,litres,level\n" + "\n".join(rows) + "\n"
    (tmp_path / "e.csv").write_text(text)
    late = read_responses(tmp_path / "e.csv", household)

    writers()["dta"].write(late, tmp_path / "r.dta", "en")

    frame, _ = pyreadstat.read_dta(tmp_path / "r.dta", user_missing=True)
    assert frame["members"].tolist() == ["c"] * 150 + [3]
    assert frame["litres"].tolist() == ["c"] * 150 + [0.75]
    assert frame["level"].tolist() == ["c"] * 150 + ["d"]
    assert set(frame["far"]) == {"e"}
