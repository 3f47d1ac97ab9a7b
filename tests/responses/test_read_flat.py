"""Flat exports of every platform become the same responses, and bad ones one clear sentence."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from survey_kit.errors import FileProblem, ResponsesError
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Absence
from survey_kit.responses.read import ReadOptions, read_responses

KOBO = """\
start;consent;home/water;home/water/piped;home/water/well;home/water/0.75;home/far;home/members;\
home/_spot_latitude;home/_spot_longitude;phone;__version__;_uuid;_submission_time
2026-11-01T09:00:00.000+06:00;yes;0.75 piped;1;0;1;001;12;21.4;92.0;0123;v1;a;2026-11-01T04:00:00
2026-11-01T10:00:00.000+06:00;no;;;;;;;;;;v1;b;2026-11-01T05:00:00
"""
CENTRAL = """\
SubmissionDate,start,consent,home-water,home-water/piped,home-water/well,home-water/0.75,home-far,\
home-members,home-spot-Latitude,home-spot-Longitude,phone,KEY,FormVersion
2026-11-01T04:00:00.000Z,2026-11-01T09:00:00.000+06:00,yes,0.75 piped,1,0,1,001,12,21.4,92.0,0123,uuid:a,v1
2026-11-01T05:00:00.000Z,2026-11-01T10:00:00.000+06:00,no,,0,0,0,,,,,,uuid:b,v1
"""
R = """\
X.U.FEFF.start,consent,home.water,home.water.piped,home.water.well,home.water.0.75,home.far,\
home.members,home._spot_latitude,home._spot_longitude,phone,X__version__,X_uuid,X_submission_time
2026-11-01T09:00:00.000+06:00,yes,0.75 piped,TRUE,FALSE,TRUE,001,12,21.4,92.0,0123,v1,a,2026-11-01T04:00:00
2026-11-01T10:00:00.000+06:00,no,NA,NA,NA,NA,NA,NA,NA,NA,NA,v1,b,2026-11-01T05:00:00
"""


@pytest.fixture(scope="module")
def household() -> Questionnaire:
    return read_yaml(Path(__file__).with_name("household.yaml"))


def written(folder: Path, text: str, name: str = "export.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("export", [KOBO, CENTRAL, R], ids=["Kobo", "Central", "R"])
def test_an_export_is_read_alike_whoever_made_it(
    export: str, household: Questionnaire, tmp_path: Path
):
    responses = read_responses(written(tmp_path, export), household)

    first, second = responses.frame.loc["a"], responses.frame.loc["b"]
    assert first["water"] == "0.75 piped"
    assert (first["far"], first["members"], first["spot"]) == ("001", 12.0, "21.4 92.0")
    assert str(first["start"]) == "2026-11-01 09:00:00"
    assert second.drop(["start", "consent"]).isna().all()
    assert responses.meta["version"].tolist() == ["v1", "v1"]
    assert str(responses.meta["submitted"]["b"]) == "2026-11-01 05:00:00"
    assert responses.report.disagreements is not None
    assert responses.report.disagreements.empty


@pytest.mark.parametrize("export", [KOBO, CENTRAL, R], ids=["Kobo", "Central", "R"])
def test_every_column_is_accounted_for(export: str, household: Questionnaire, tmp_path: Path):
    report = read_responses(written(tmp_path, export), household).report

    assert sum(report.counts.values()) == report.columns_read == 14
    assert report.counts["question"] == 5
    assert report.counts["choice"] == 3
    assert report.counts["part of a location"] == 2
    assert report.counts["metadata"] == 3
    assert dict(report.unmatched) == {"phone": "not carried on: no such question"}
    assert {"water_other", "litres", "age", "place"} <= set(report.unseen)


def test_every_empty_cell_says_why_it_is_empty(household: Questionnaire, tmp_path: Path):
    responses = read_responses(written(tmp_path, KOBO), household)

    assert Absence(responses.absence.loc["a", "far"]) is Absence.PRESENT
    assert Absence(responses.absence.loc["b", "far"]) is Absence.NOT_ASKED
    assert Absence(responses.absence.loc["a", "litres"]) is Absence.NOT_IN_VERSION


def test_what_could_not_be_read_is_kept_aside_and_named(household: Questionnaire, tmp_path: Path):
    path = written(tmp_path, "consent,home/members,_uuid\nyes,a dozen,a\nyes,12,b\n")

    responses = read_responses(path, household)

    assert responses.unreadable.to_dict("records") == [
        {"interview": "a", "row": "", "question": "members", "answer": "a dozen"}
    ]
    assert Absence(responses.absence.loc["a", "members"]) is Absence.UNREADABLE
    assert responses.report.notes == (
        "the rows of the repeats are not in this file: 'person', 'journey'",
        "members: cells that are not a whole number, left unread: 1",
    )


def test_a_disagreement_of_joined_and_single_choices_is_a_row(
    household: Questionnaire, tmp_path: Path
):
    path = written(tmp_path, "consent,water,water/piped,water/well,KEY\nyes,piped,0,1,a\n")

    report = read_responses(path, household).report

    assert report.disagreements is not None
    assert report.disagreements.to_dict("records") == [
        {
            "interview": "a",
            "row": "",
            "question": "water",
            "parent": "piped",
            "children": "well",
        }
    ]


def test_interviews_with_one_id_are_both_kept(household: Questionnaire, tmp_path: Path):
    path = written(tmp_path, "consent,KEY\nyes,uuid:a\nno,uuid:a\nno,\n")

    responses = read_responses(path, household)

    assert responses.frame.index.tolist() == ["a", "a#2", "row-3"]
    assert responses.frame["consent"].tolist() == ["yes", "no", "no"]
    assert responses.report.notes[:2] == (
        "interviews without an id, named by their number: 1",
        "interviews with the id of another, kept and told apart as id#2: 1",
    )


def test_the_number_of_the_server_names_an_interview_that_has_no_other_id(
    household: Questionnaire, tmp_path: Path
):
    alone = read_responses(written(tmp_path, "consent,_id\nyes,77\n"), household)
    beside = read_responses(written(tmp_path, "consent,_id,_uuid\nyes,77,a\n"), household)

    assert alone.frame.index.tolist() == ["77"]
    assert alone.report.unmatched == {}
    assert beside.frame.index.tolist() == ["a"]
    assert beside.report.unmatched == {"_id": "metadata, not carried on"}


def test_na_is_an_answer_unless_it_stands_among_numbers(household: Questionnaire, tmp_path: Path):
    kept = written(tmp_path, "consent,water_other,members\nyes,NA,3\n", "kept.csv")
    empty = written(tmp_path, "consent,water_other,members\nyes,NA,NA\n", "empty.csv")

    as_answer, as_nothing = read_responses(kept, household), read_responses(empty, household)

    assert as_answer.frame["water_other"].tolist() == ["NA"]
    assert as_nothing.frame["water_other"].isna().all()
    assert "'NA' means an empty cell, as it stands among numbers and days too: 2 cells" in (
        as_nothing.report.notes
    )


def test_a_row_of_labels_is_no_interview(household: Questionnaire, tmp_path: Path):
    path = written(tmp_path, "consent,members,_uuid\nDo you agree?,How many live here?,\nyes,3,a\n")

    responses = read_responses(path, household)

    assert responses.frame.index.tolist() == ["a"]
    assert responses.report.rows_read == 1
    assert "the first row held labels and is no interview" in responses.report.notes


def test_a_header_that_comes_again_is_no_interview(household: Questionnaire, tmp_path: Path):
    path = written(tmp_path, "consent,members,KEY\nyes,3,a\nconsent,members,KEY\nno,,b\n")

    responses = read_responses(path, household)

    assert responses.frame.index.tolist() == ["a", "b"]
    assert responses.report.notes[0] == "rows that repeat the header, no interviews: 1"


def test_a_file_of_windows_is_read_and_said_to_be_one(household: Questionnaire, tmp_path: Path):
    path = written(tmp_path, "consent,water_other,KEY\nyes,café,a\n", encoding="cp1252")

    responses = read_responses(path, household)

    assert responses.frame.loc["a", "water_other"] == "café"
    assert responses.report.notes[0] == (
        "it is not UTF-8; it was read as Windows Latin (cp1252), since its letters beyond ASCII "
        "stand among plain ones. If they look wrong, name its encoding under  responses: encoding"
    )


def test_a_workbook_is_read_as_its_text(household: Questionnaire, tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["consent", "home/far", "home/members", "home/moved", "level", "_uuid"])
    sheet.append(["yes", 0.75, 12, pd.Timestamp("2026-01-31").to_pydatetime(), 5.0, "a"])
    sheet.append(["yes", "001", 12.0, "2026-02-01", 1, "b"])
    book.create_sheet("person").append(["age"])
    book.save(tmp_path / "export.xlsx")

    responses = read_responses(tmp_path / "export.xlsx", household)

    assert responses.frame["far"].tolist() == ["0.75", "001"]
    assert responses.frame["members"].tolist() == [12, 12]
    assert responses.frame["level"].tolist() == ["5", "1"]
    assert [str(day.date()) for day in responses.frame["moved"]] == ["2026-01-31", "2026-02-01"]


def test_a_person_may_say_what_a_column_is(household: Questionnaire, tmp_path: Path):
    path = written(tmp_path, "ID,agreed,consent_old,junk\n7,yes,no,x\n")
    options = ReadOptions(
        interview="ID", columns={"agreed": "consent"}, ignore=("junk",), version="2"
    )

    responses = read_responses(path, household, options=options)

    assert responses.frame.loc["7", "consent"] == "yes"
    assert responses.meta["version"].tolist() == ["2"]
    assert responses.report.counts["ignored"] == 1
    assert responses.report.unmatched["junk"] == "left out, as the study says"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ReadOptions(columns={"agred": "consent"}),
            (
                "export.csv: the study names the column 'agred', which the file does not have. "
                "Did you mean 'agreed'?"
            ),
        ),
        (
            ReadOptions(columns={"agreed": "consnt"}),
            (
                "export.csv: the study gives a column to the question 'consnt', which does not exist. "
                "Did you mean 'consent'?"
            ),
        ),
        (
            ReadOptions(columns={"agreed": "consent", "ID": "consent"}),
            (
                "export.csv: the study gives two columns to the question 'consent'. "
                "Take one of them out of  responses: columns."
            ),
        ),
        (
            ReadOptions(columns={"agreed": "age"}),
            (
                "export.csv: the study gives the column 'agreed' to the question 'age', which "
                "stands in the repeat 'person'. Name it under  responses: ignore  instead."
            ),
        ),
    ],
)
def test_a_slip_in_the_study_is_named(
    options: ReadOptions, message: str, household: Questionnaire, tmp_path: Path
):
    path = written(tmp_path, "agreed,ID\nyes,7\n")

    with pytest.raises(ResponsesError) as caught:
        read_responses(path, household, options=options)

    assert str(caught.value) == message


def test_an_export_of_another_form_is_one_clear_sentence(household: Questionnaire, tmp_path: Path):
    path = written(tmp_path, "start,crop,_uuid\n2026-01-01,maize,a\n")

    with pytest.raises(ResponsesError) as caught:
        read_responses(path, household)

    assert str(caught.value) == (
        "export.csv: 0 of its 3 columns and 0 of the 9 questions of 'household' match, so this "
        "is an export of another form. Check which form it was exported from, or name its "
        "columns in the study."
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "a.csv: the file is empty. Copy or export it again."),
        (
            "a.csv",
            b"PK\x03\x04....",
            (
                "a.csv: its suffix says CSV, but it is a workbook or a zip file. "
                "Export it again, or give it its right suffix."
            ),
        ),
        (
            "a.csv",
            b"<html></html>",
            (
                "a.csv: its suffix says CSV, but it is a page of HTML or XML. "
                "Export it again, or give it its right suffix."
            ),
        ),
        (
            "a.xlsx",
            b"consent,KEY\nyes,a\n",
            (
                "a.xlsx: its suffix says Excel workbook, but it is none. "
                "Export it again, or give it its right suffix."
            ),
        ),
        ("a.csv", b"consent,KEY\n", "a.csv: it has a header but no rows. Export it again."),
        (
            "a.csv",
            b"consent,KEY\n,\n , \n",
            "a.csv: it has a header but no interviews. Export it again.",
        ),
        (
            "a.csv",
            b"consent,members,KEY\nDo you agree?,How many live here?,\n",
            "a.csv: it has a header but no interviews. Export it again.",
        ),
        (
            "a.csv",
            b"consent,KEY\nyes,a\nno\n",
            (
                "a.csv, row 3: it has 1 cells where the header has 2. Export it again: it may be cut "
                "short, or a text in it holds the separator unquoted."
            ),
        ),
        (
            "a.zip",
            b"nothing like it",
            "a.zip: this is not a zip file, or it is cut short. Copy or export it again.",
        ),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    name: str, content: bytes, message: str, household: Questionnaire, tmp_path: Path
):
    (tmp_path / name).write_bytes(content)

    with pytest.raises(FileProblem) as caught:
        read_responses(tmp_path / name, household)

    assert str(caught.value) == message


def test_no_answer_stands_in_a_message_or_a_note(household: Questionnaire, tmp_path: Path):
    private = "Karim of house 12"
    rows = f"consent,members,moved,water,water/piped,KEY\nyes,{private},{private},{private},0,a\n"

    report = read_responses(written(tmp_path, rows), household).report

    assert private not in " ".join((*report.notes, *report.unmatched.values()))
