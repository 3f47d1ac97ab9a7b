"""Real exports, which nobody in this project made, are read whole."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from survey_kit.errors import ResponsesError
from survey_kit.forms.xlsform import read_xlsform
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Absence, Responses
from survey_kit.responses.read import read_responses
from survey_kit.responses.submissions import write_submissions

pytestmark = [pytest.mark.shared, pytest.mark.client]


@pytest.fixture(scope="module")
def iraq(shared: Path) -> tuple[Questionnaire, Responses, pd.DataFrame]:
    """The form, the responses, and the same file as nothing but text."""
    folder = shared / "data" / "iraq_households"
    questionnaire = read_xlsform(folder / "form.xlsx")
    text = pd.read_csv(folder / "raw_data.csv", dtype=str, keep_default_na=False)
    return questionnaire, read_responses(folder / "raw_data.csv", questionnaire), text


def test_every_interview_and_every_column_of_iraq_is_accounted_for(
    iraq: tuple[Questionnaire, Responses, pd.DataFrame],
):
    questionnaire, responses, text = iraq
    report = responses.report

    assert (report.rows_read, report.columns_read) == text.shape == (632, 347)
    assert dict(report.counts) == {
        "question": 153,
        "choice": 188,
        "part of a location": 0,
        "shown only": 0,
        "metadata": 6,
        "ignored": 0,
        "unmatched": 0,
    }
    assert sum(report.counts.values()) == report.columns_read
    holding = [i for i in questionnaire.items if i.question.type.storage is not Storage.NOTHING]
    seen = len(holding) - len(report.unseen)
    assert seen == report.counts["question"]
    assert set(responses.frame.index) == set(text["X_uuid"])


def test_every_answer_of_iraq_is_the_text_of_the_file(
    iraq: tuple[Questionnaire, Responses, pd.DataFrame],
):
    questionnaire, responses, text = iraq

    checked = 0
    for key in responses.frame:
        if key in text.columns and responses.frame[key].dtype == "str":
            ours = responses.frame[key].fillna("").str.strip()
            assert ours.tolist() == text[key].str.strip().tolist(), key
            checked += 1
        elif key in text.columns and responses.frame[key].dtype == "float64":
            theirs = pd.to_numeric(text[key].replace("", None)).astype("float64")
            assert responses.frame[key].tolist() == pytest.approx(theirs.tolist(), nan_ok=True)
            checked += 1
    assert checked > 140
    assert len(responses.unreadable) == 0
    assert questionnaire.by_key["start"].question.type.storage is Storage.DATETIME
    assert str(responses.frame["start"].iloc[0]) == "2021-07-05 10:58:34.147000"


def test_joined_codes_and_single_choices_of_iraq_agree_cell_by_cell(
    iraq: tuple[Questionnaire, Responses, pd.DataFrame],
):
    _, responses, text = iraq

    assert responses.report.disagreements is not None
    assert responses.report.disagreements.empty
    chosen = responses.frame["water_sources"].fillna("").str.split().map(set)
    for column in text.columns[text.columns.str.startswith("water_sources.")]:
        code = column.removeprefix("water_sources.")
        ours = [code in codes for codes in chosen]
        assert ours == text[column].eq("TRUE").tolist()


def test_codes_with_dots_stay_whole(iraq: tuple[Questionnaire, Responses, pd.DataFrame]):
    _, responses, text = iraq

    assert "0.75" in set(text["pump_horsepower"])
    assert responses.frame["pump_horsepower"].fillna("").tolist() == (
        text["pump_horsepower"].tolist()
    )


def test_every_empty_cell_of_iraq_says_why(iraq: tuple[Questionnaire, Responses, pd.DataFrame]):
    _, responses, _ = iraq

    empty = responses.frame.isna().to_numpy()
    why = responses.absence.to_numpy()
    assert not (why[empty] == Absence.PRESENT).any()
    assert (why[~empty] == Absence.PRESENT).all()
    unseen = [key for key in responses.report.unseen if key in responses.frame]
    assert (responses.absence[unseen] == Absence.NOT_IN_VERSION).all(axis=None)


def test_iraq_written_as_submissions_reads_back(
    iraq: tuple[Questionnaire, Responses, pd.DataFrame], tmp_path: Path
):
    questionnaire, responses, _ = iraq

    write_submissions(responses, tmp_path / "s.zip")
    again = read_responses(tmp_path / "s.zip", questionnaire)

    order = sorted(responses.frame.index)
    pd.testing.assert_frame_equal(again.frame.loc[order], responses.frame.loc[order])


def test_an_export_of_another_real_form_is_refused(
    iraq: tuple[Questionnaire, Responses, pd.DataFrame], shared: Path
):
    questionnaire, _, _ = iraq

    with pytest.raises(ResponsesError) as caught:
        read_responses(shared / "data" / "msna_2024" / "main.csv", questionnaire)

    assert str(caught.value).startswith("main.csv: 0 of its 367 columns and 0 of the ")


def test_a_kobo_export_of_2024_with_repeats_in_other_files_is_read(shared: Path):
    folder = shared / "data" / "msna_2024"
    questionnaire = read_xlsform(folder / "REACH_2024_MSNA-kobo-tool_draft_v11.xlsx")

    responses = read_responses(folder / "main.csv", questionnaire)

    with (folder / "main.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    report = responses.report
    assert (report.rows_read, report.columns_read) == (len(rows) - 1, len(rows[0])) == (241, 367)
    assert sum(report.counts.values()) == 367
    assert sorted(report.unmatched) == ["index", "person_id", "row_id", "stratum", "weight"]
    assert report.notes[-1] == (
        "the rows of the repeats are not in this file: 'roster', 'edu_ind', 'health_ind', 'nut_ind'"
    )
