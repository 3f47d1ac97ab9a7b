"""Answers written as Kobo and Central export them come back, as far as these formats can say."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Responses
from survey_kit.responses.read import read_responses
from survey_kit.responses.simulate import simulate
from survey_kit.responses.writers.central import write_central
from survey_kit.responses.writers.kobo import Headers, write_kobo_csv, write_kobo_workbook

FORM = """
questionnaire: camp
version: "7"
title: {en: "Camp: round 1"}
languages: {en: English}
choices:
  yes_no: [{code: "yes", label: {en: "Yes"}}, {code: "no", label: {en: "No"}}]
  water: [{code: well, label: {en: Well}}, {code: rain, label: {en: Rain}}, {code: tap, label: {en: Tap}}]
interview:
  - {name: start, type: start}
  - {name: end, type: end}
  - {name: today, type: today}
  - group: home
    questions:
      - {name: tent, type: geopoint, label: {en: Where}}
      - {name: water, type: select_multiple water, label: {en: Water}}
      - {name: best, type: select_one water, label: {en: Best}, relevant: "selected(${water}, 'well')"}
      - {name: litres, type: decimal, label: {en: Litres}, constraint: . >= 0 and . < 50}
      - {name: words, type: text, label: {en: Words}}
  - group: people
    questions:
      - repeat: person
        label: {en: Person}
        questions:
          - {name: age, type: integer, label: {en: Age}, required: true, constraint: . >= 0 and . < 100}
          - group: work
            questions:
              - repeat: job
                label: {en: Job}
                questions:
                  - {name: pays, type: select_multiple yes_no, label: {en: Pays}, required: true}
"""


@pytest.fixture(scope="module")
def camp(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    path = tmp_path_factory.mktemp("camp") / "camp.yaml"
    path.write_text(FORM, encoding="utf-8")
    return read_yaml(path)


@pytest.fixture(scope="module")
def responses(camp: Questionnaire) -> Responses:
    made = simulate(camp, 80, seed=3)
    frame = made.frame.copy()
    frame.loc[frame.index[0], "words"] = 'semi;colon, "quote"\nnew line'
    return made.with_frame(
        frame,
        made.absence.assign(words=made.absence["words"].where(frame.index != frame.index[0], 0)),
    )


def same(again: Responses, made: Responses) -> None:
    """Frames and absences of the interviews are alike; submitted moments and versions too."""
    order = made.frame.index
    pd.testing.assert_frame_equal(again.frame.loc[order], made.frame, check_index_type=False)
    pd.testing.assert_frame_equal(again.absence.loc[order], made.absence, check_index_type=False)
    pd.testing.assert_series_equal(
        again.meta.loc[order, "submitted"], made.meta["submitted"], check_index_type=False
    )
    assert set(again.meta["version"]) == {"7"}


@pytest.mark.parametrize("headers", list(Headers))
def test_what_kobo_writes_to_csv_is_read_again(
    headers: Headers, responses: Responses, tmp_path: Path
):
    notes = write_kobo_csv(responses, tmp_path / "kobo.csv", headers=headers)

    same(read_responses(tmp_path / "kobo.csv", responses.questionnaire), responses)
    assert notes == ("a CSV file of Kobo does not hold the rows of repeats; kobo-xlsx does",)


def test_kobo_csv_looks_as_kobo_writes_it(responses: Responses, tmp_path: Path):
    write_kobo_csv(responses, tmp_path / "kobo.csv")

    text = (tmp_path / "kobo.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert text.startswith('"start";"end";"today";"home/tent";"home/_tent_latitude";')
    assert rows[0][3:12] == [
        "home/tent",
        "home/_tent_latitude",
        "home/_tent_longitude",
        "home/_tent_altitude",
        "home/_tent_precision",
        "home/water",
        "home/water/well",
        "home/water/rain",
        "home/water/tap",
    ]
    assert rows[0][-3:] == ["__version__", "_tags", "_index"]
    by_water = {row[8]: row[9:12] for row in rows[1:]}
    assert by_water["well tap"] == ["1", "0", "1"]
    assert by_water[""] == ["", "", ""]


def test_a_workbook_of_kobo_has_a_sheet_for_each_repeat_that_names_its_parents(
    responses: Responses, tmp_path: Path
):
    write_kobo_workbook(responses, tmp_path / "kobo.xlsx")

    book = openpyxl.load_workbook(tmp_path / "kobo.xlsx", read_only=True)
    assert book.sheetnames == ["Camp_ round 1", "person", "job"]
    assert "simulated" in (book.properties.description or "")
    top, person, job = (
        [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        for rows in (list(sheet.iter_rows(values_only=True)) for sheet in book)
    )
    book.close()
    frame = responses.repeats["job"].frame
    assert len(job) == len(frame)
    for row, place in zip(job, frame.index, strict=True):
        parent = person[int(row["_parent_index"]) - 1]
        assert row["_parent_table_name"] == "person"
        assert parent["_parent_table_name"] == "Camp: round 1"
        assert (
            top[int(parent["_parent_index"]) - 1]["_uuid"] == place[0] == row["_submission__uuid"]
        )
        assert row["people/person/work/job/pays"] == frame.loc[place, "pays"]


def test_central_writes_a_file_for_each_repeat_whose_keys_are_places(
    responses: Responses, tmp_path: Path
):
    write_central(responses, tmp_path / "central.zip", about="SIMULATED DATA")

    with ZipFile(tmp_path / "central.zip") as archive:
        assert archive.namelist() == [
            "README.txt",
            "camp.csv",
            "camp-person.csv",
            "camp-job.csv",
        ]
        top, person, job = (
            list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))
            for name in archive.namelist()[1:]
        )
    assert list(top[0])[:9] == [
        "SubmissionDate",
        "start",
        "end",
        "today",
        "home-tent-Latitude",
        "home-tent-Longitude",
        "home-tent-Altitude",
        "home-tent-Accuracy",
        "home-water",
    ]
    assert {row["home-water/well"] for row in top if not row["home-water"]} == {"0"}
    places = responses.repeats["job"].frame.index
    assert [row["KEY"] for row in job] == [
        f"uuid:{interview}/people/person[{person}]/work/job[{job}]"
        for interview, person, job in places
    ]
    assert {row["PARENT_KEY"] for row in job} <= {row["KEY"] for row in person}
    assert list(person[0]) == ["age", "PARENT_KEY", "KEY"]
    assert list(job[0]) == ["pays", "pays/yes", "pays/no", "PARENT_KEY", "KEY"]


def test_the_interviews_of_central_are_read_again(responses: Responses, tmp_path: Path):
    write_central(responses, tmp_path / "central.zip")
    with ZipFile(tmp_path / "central.zip") as archive:
        (tmp_path / "camp.csv").write_bytes(archive.read("camp.csv"))

    same(read_responses(tmp_path / "camp.csv", responses.questionnaire), responses)
