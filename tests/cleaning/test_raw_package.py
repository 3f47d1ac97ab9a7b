"""Cleaned files of SPSS and Stata: names, labels, missing values and formats stay as they were."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from survey_kit.cleaning.clean_file import Cleaned, clean_file
from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.raw_file import open_raw
from survey_kit.cleaning.raw_writing import write_cleaned
from survey_kit.cleaning.verify_clean import verify_clean
from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Place, Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.read import read_responses

pyreadstat: Any = pytest.importorskip("pyreadstat")

FORM = """
questionnaire: small
version: "1"
title: {en: Small}
languages: {en: English}
choices:
  yes_no:
    - {code: "yes", label: {en: "Yes"}}
    - {code: "no", label: {en: "No"}}
    - {code: dk, label: {en: "Don't know"}}
    - {code: never, label: {en: Never said}}
interview:
  - {name: age, type: integer, label: {en: Age}}
  - {name: water, type: select_one yes_no, label: {en: Water}}
  - {name: since, type: date, label: {en: Since}}
  - {name: grown, type: text, relevant: "${age} >= 18", label: {en: Grown}}
"""
LABELS = {"water": {1.0: "Yes", 2.0: "No", 9.0: "Don't know"}}


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    path = tmp_path_factory.mktemp("form") / "form.yaml"
    path.write_text(FORM, encoding="utf-8")
    return read_yaml(path)


@pytest.fixture(params=[".sav", ".dta"])
def raw(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Three interviews with a column that the form does not know."""
    path = tmp_path / f"raw{request.param}"
    frame = pd.DataFrame(
        {
            "interview": ["a", "b", "c"],
            "age": [17.0, 40.0, 99.0],
            "water": [1.0, 2.0, 1.0],
            "since": [dt.date(2020, 1, 1), dt.date(2021, 2, 3), None],
            "grown": ["", "yes", "x"],
            "extra": [1.5, None, 2.0],
        }
    )
    told = {"column_labels": {"age": "Age of head"}, "variable_value_labels": LABELS}
    if path.suffix == ".sav":
        pyreadstat.write_sav(
            frame, str(path), missing_ranges={"age": [99]}, variable_format={"age": "F3.0"}, **told
        )
    else:
        pyreadstat.write_dta(frame, str(path), **told)
    return path


def entry(interview: str, question: str = "", old: str = "", new: str = "") -> Correction:
    action = Action.CHANGE if question else Action.REMOVE
    return Correction(interview, question, old, new, action, "", "", "", Place("log.csv", row=2))


def clean(path: Path, form: Questionnaire, *log: Correction) -> Cleaned:
    return clean_file(open_raw(path, form), read_responses(path, form), log, source="raw")


def read(path: Path) -> tuple[pd.DataFrame, Any]:
    reader = pyreadstat.read_sav if path.suffix == ".sav" else pyreadstat.read_dta
    return reader(str(path), user_missing=True)


def test_values_change_and_labels_formats_and_missing_values_stay(
    raw: Path, form: Questionnaire, tmp_path: Path
):
    out = tmp_path / f"clean{raw.suffix}"
    cleaned = clean(
        raw,
        form,
        entry("b", "age", "40", "4"),
        entry("a", "water", "yes", "dk"),
        entry("b", "since", "2021-02-03", "2021-02-04"),
        entry("c"),
    )

    assert write_cleaned(cleaned, out) == ()
    proof = verify_clean(cleaned, open_raw(out, form))

    before, was = read(raw)
    after, now = read(out)
    assert proof.exact
    assert after["interview"].tolist() == ["a", "b"]
    assert after["age"].tolist() == [17, 4]
    assert after["water"].tolist() == [9, 2]
    assert after["since"].tolist() == [dt.date(2020, 1, 1), dt.date(2021, 2, 4)]
    assert after["grown"].tolist() == ["", ""]
    assert after["extra"].tolist()[0] == before["extra"].tolist()[0]
    assert list(after.columns) == list(before.columns)
    for fact in (
        "column_names_to_labels",
        "variable_value_labels",
        "missing_ranges",
        "variable_measure",
        "readstat_variable_types",
    ):
        assert getattr(now, fact) == getattr(was, fact)
    formats = [
        {name: about.original_variable_types[name] for name in ("age", "water", "since", "extra")}
        for about in (was, now)
    ]
    assert formats[0] == formats[1]


def test_a_file_in_which_nothing_changes_is_the_same_byte_for_byte(
    raw: Path, form: Questionnaire, tmp_path: Path
):
    write_cleaned(clean(raw, form), tmp_path / "out")

    assert (tmp_path / "out").read_bytes() == raw.read_bytes()


def test_an_answer_that_no_value_of_the_file_says_is_refused(
    raw: Path, form: Questionnaire, tmp_path: Path
):
    cleaned = clean(raw, form, entry("a", "water", "yes", "never"))

    with pytest.raises(FileProblem) as caught:
        write_cleaned(cleaned, tmp_path / f"out{raw.suffix}")

    assert str(caught.value) == (
        f"{raw.name}: the column 'water' has no value for the answer that the log gives it: none "
        "bears its label. Add the value label to the file, or write the answers anew, as .xlsx or "
        ".csv."
    )


def test_what_a_workbook_loses_by_being_saved_is_said(form: Questionnaire, tmp_path: Path):
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (("_uuid", "age"), ("a", 40), ("b", 50)):
        page.append(row)
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(page, min_col=2, min_row=1, max_row=3))
    page.add_chart(chart, "D2")
    book.save(tmp_path / "raw.xlsx")

    notes = write_cleaned(
        clean(tmp_path / "raw.xlsx", form, entry("a", "age", "40", "41")), tmp_path / "out.xlsx"
    )

    assert notes == ("raw.xlsx: not kept in the cleaned workbook: charts, drawings",)
