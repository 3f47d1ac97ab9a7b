"""Labels in the place of codes are read as the codes of their choices, or left as they are."""

from itertools import permutations
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.forms.xlsform import read_xlsform
from survey_kit.questionnaire.model import Choice
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.labels import readings, with_codes
from survey_kit.responses.read import read_responses

AID = (
    Choice("c", {"en": "Cash", "fr": "Argent"}),
    Choice("h", {"en": "Cash to pay for health services", "fr": "Argent pour la santé"}),
    Choice("1", {"en": "2", "fr": "deux"}),
    Choice("2", {"en": "3", "fr": "trois"}),
    Choice("n", {"en": "None / nothing", "fr": "Rien"}),
)


def text(*cells: str | None) -> pd.Series:
    return pd.Series(cells, dtype="str")


def test_a_label_that_begins_another_is_not_taken_for_it():
    coded = with_codes(
        text("Cash to pay for health services Cash", "None /  nothing"), AID, several=True
    )

    assert coded.answers.tolist() == ["h c", "n"]
    assert coded.translated.all()


def test_codes_are_left_alone():
    coded = with_codes(text("c h", None, "1"), AID, several=True)

    assert coded.answers.tolist()[::2] == ["c h", "1"]
    assert not coded.translated.any()


def test_a_text_that_is_a_label_and_a_code_counts_as_what_the_column_is():
    as_codes = with_codes(text("1", "2", "c"), AID, several=False)
    as_labels = with_codes(text("2", "3", "Cash"), AID, several=False)

    assert as_codes.answers.tolist() == ["1", "2", "c"]
    assert as_labels.answers.tolist() == ["1", "2", "c"]


def test_the_language_of_a_column_is_the_one_of_most_of_its_cells():
    coded = with_codes(text("Argent", "Rien", "Other"), AID, several=False)

    assert coded.answers.tolist() == ["c", "n", "Other"]


def test_a_label_of_two_choices_stays_as_it_is():
    twins = (Choice("a", {"en": "Same"}), Choice("b", {"en": "Same"}), Choice("c", {"en": "Else"}))

    assert with_codes(text("Same", "Else"), twins, several=False).answers.tolist() == ["Same", "c"]


def test_what_can_be_read_in_two_ways_is_unclear_and_stays_as_it_is():
    colours = (
        Choice("r", {"en": "Red"}),
        Choice("g", {"en": "Green"}),
        Choice("rg", {"en": "Red Green"}),
    )

    coded = with_codes(text("Red Green", "Green"), colours, several=True)

    assert coded.answers.tolist() == ["Red Green", "g"]
    assert coded.unclear.tolist() == [True, False]


@given(st.sampled_from([each for k in range(1, 4) for each in permutations(AID, k)]))
def test_labels_joined_by_spaces_are_read_back(chosen: tuple[Choice, ...]):
    joined = " ".join(choice.label["en"] for choice in chosen)

    labels = {choice.label["en"]: choice.code for choice in AID}
    assert readings(joined, labels) == (" ".join(choice.code for choice in chosen),)


def test_a_column_named_by_a_label_belongs_to_its_choice(tmp_path: Path):
    household = read_yaml(Path(__file__).with_name("household.yaml"))
    path = tmp_path / "ona.csv"
    path.write_text(
        "consent,home/water,home/water/Piped into the house,home/water/A well,_uuid\n"
        "Do you agree?,Where does your water come from?,Piped into the house,A well,\n"
        "Yes,A well Piped into the house,Piped into the house,A well,a\n"
        "Oui,,,,b\n",
        encoding="utf-8",
    )

    responses = read_responses(path, household)

    assert responses.frame["consent"].tolist() == ["yes", "Oui"]
    assert responses.frame["water"].fillna("").tolist() == ["well piped", ""]
    assert responses.report.stages["by the label of the choice"] == 2
    assert responses.report.disagreements is not None
    assert responses.report.disagreements.empty
    assert responses.report.notes[:2] == (
        "the first row held labels and is no interview",
        (
            "labels stood in the place of codes and were read as the codes of their choices: "
            "2 cells of 2 questions"
        ),
    )


def test_single_choices_settle_what_joined_labels_leave_open(tmp_path: Path):
    form = tmp_path / "form.yaml"
    form.write_text(
        "questionnaire: f\nversion: '1'\ntitle: {en: F}\nlanguages: {en: English}\nchoices:\n"
        "  colours:\n    - {code: r, label: {en: Red}}\n    - {code: g, label: {en: Green}}\n"
        "    - {code: rg, label: {en: Red Green}}\ninterview:\n"
        "  - {name: q, type: select_multiple colours, label: {en: Which?}}\n",
        encoding="utf-8",
    )
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["q", "q/Red", "q/Green", "q/Red Green", "_uuid"])
    sheet.append(["Red Green", None, None, "Red Green", "a"])
    sheet.append(["Red Green", "Red", "Green", None, "b"])
    book.save(tmp_path / "export.xlsx")

    responses = read_responses(tmp_path / "export.xlsx", read_yaml(form))

    assert responses.frame["q"].tolist() == ["rg", "r g"]
    assert responses.report.notes == (
        "q: rows whose joined labels can be read in two ways, the single choices being taken: 2",
    )


@pytest.mark.client
@pytest.mark.shared
def test_the_labels_of_a_real_survey_become_the_codes_of_its_other_export(shared: Path):
    folder = shared / "data" / "iraq_households"
    questionnaire = read_xlsform(folder / "form.xlsx")

    by_code = read_responses(folder / "raw_data.csv", questionnaire)
    by_label = read_responses(folder / "raw_data_ona_label_style.xlsx", questionnaire)

    assert sorted(by_label.frame.index) == sorted(by_code.frame.index)
    pd.testing.assert_frame_equal(by_label.frame.loc[by_code.frame.index], by_code.frame)
    pd.testing.assert_frame_equal(by_label.absence.loc[by_code.frame.index], by_code.absence)
    assert by_label.report.counts == by_code.report.counts
