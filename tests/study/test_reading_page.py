"""reading.html: what became of every column, before anything else is looked at."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from survey_kit.questionnaire.model import Privacy
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.match_report import match_report
from survey_kit.responses.model import Responses
from survey_kit.responses.read import read_responses
from survey_kit.study.life import live
from survey_kit.study.reading_page import fit_to_travel, reading_page
from survey_kit.study.settings import read_study

FORM = """\
questionnaire: water
version: "2"
languages: {en: English}
choices:
  sources: [{code: well, label: {en: A well}}, {code: river, label: {en: The river}}]
interview:
  - {name: source, type: select_one sources, label: {en: "Where from?"}, privacy: plain}
  - {name: litres, type: integer, label: {en: "How much?"}, privacy: plain}
"""
EXPORT = (
    "id,source,from_whom,__version__\n"
    "1,wel,Amina,2\n2,well,Omar,2\n3,Fatima <b>Hassan</b>,x,1\n4,wel,y,2\n"
)
STUDY = """\
study: water
title: Water
notice: Simulated interviews.
questionnaire: water.yaml
responses: {file: answers.csv, interview: id}
design: {sampling: purposive}
protection: {smallest_base: 1, smallest_cell: 1, reason: a test}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "water.yaml").write_text(FORM, encoding="utf-8")
    (tmp_path / "answers.csv").write_text(EXPORT, encoding="utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    return tmp_path


@pytest.fixture
def responses(folder: Path) -> Responses:
    return read_responses(folder / "answers.csv", read_yaml(folder / "water.yaml"))


def _cells(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", page)
    return [
        [unescape(re.sub("<.*?>", "", cell)) for cell in re.findall(r"<t[dh].*?</t[dh]>", row)]
        for row in rows
    ]


def test_a_run_says_which_columns_nobody_has_classified(folder: Path):
    life = live(read_study(folder), folder / "out")

    page = (folder / "out" / "reading.html").read_text(encoding="utf-8")
    assert ["from_whom", "not carried on: no such question"] in _cells(page)
    assert ["litres", "How much?"] in _cells(page)
    assert "Simulated interviews." in page
    steps = {step["step"]: step for step in life.manifest["steps"]}  # type: ignore[attr-defined]
    assert steps["responses"]["fit"] == [
        "columns that are not carried on until study.yaml classifies them: 1",
        "questions without a column: 1",
        "different values outside their lists: 2",
        "cells with values outside their lists: 3",
        "interviews with another version of the form: 1",
    ]
    assert steps["reading.html"]["rows_in"] == 4


def test_a_value_that_resembles_no_code_is_a_length_only(responses: Responses):
    rows = _cells(reading_page(responses, title="Water"))

    assert ["source", "wel", "2", "well", "A well"] in rows
    assert ["source", "(text, 20 characters)", "1", "", ""] in rows


def test_no_other_answer_is_on_the_page(responses: Responses):
    page = reading_page(responses, title="Water <script>")

    assert not re.search("Amina|Omar|Fatima|<script|http:|https:", page)


def test_of_a_question_that_identifies_not_even_the_nearest_code_is_shown(responses: Responses):
    found = match_report(responses)

    shown = fit_to_travel(found, responses.questionnaire, {"source": Privacy.IDENTIFIER})

    assert shown[["value", "nearest", "label"]].to_numpy().tolist() == [
        ["(text, 3 characters)", "", ""],
        ["(text, 20 characters)", "", ""],
    ]


def test_where_everything_fits_there_is_nothing_to_decide(folder: Path):
    (folder / "answers.csv").write_text("_uuid,source,litres\n1,well,3\n", encoding="utf-8")
    form = read_yaml(folder / "water.yaml")

    page = reading_page(read_responses(folder / "answers.csv", form), title="Water")

    assert 'class="decide"' not in page
    assert "columns that are not carried on until study.yaml classifies them: 0" in page


def test_a_list_that_differs_wholly_is_one_row_with_codes_and_no_answer(folder: Path):
    answers = "".join(f"i{n},answer{n},3\n" for n in range(9))
    (folder / "answers.csv").write_text(f"_uuid,source,litres\n{answers}", encoding="utf-8")
    responses = read_responses(folder / "answers.csv", read_yaml(folder / "water.yaml"))

    rows = _cells(reading_page(responses, title="Water"))

    assert [row for row in rows if row[0] == "source"] == [
        [
            "source",
            "9 different values that resemble no code",
            "9",
            "the list has well, river",
            "no answer is in the list: the form may be another version, or the answers recoded",
        ]
    ]
    assert not any("answer1" in cell for row in rows for cell in row)


def test_where_some_answers_are_in_the_list_that_is_said(folder: Path):
    answers = "".join(f"i{n},{'answer' if n else 'well'}{n or ''},3\n" for n in range(9))
    (folder / "answers.csv").write_text(f"_uuid,source,litres\n{answers}", encoding="utf-8")
    responses = read_responses(folder / "answers.csv", read_yaml(folder / "water.yaml"))

    rows = _cells(reading_page(responses, title="Water"))

    assert [row[2:] for row in rows if row[0] == "source"] == [
        ["8", "the list has well, river", "1 other values are in the list"]
    ]


def test_a_file_that_does_not_say_its_version_has_a_sentence_and_no_empty_row(folder: Path):
    (folder / "answers.csv").write_text("_uuid,source,litres\n1,well,3\n", encoding="utf-8")
    responses = read_responses(folder / "answers.csv", read_yaml(folder / "water.yaml"))

    page = reading_page(responses, title="Water")

    assert (
        "1 interviews do not say with which version they were made, and are read with this form ('2')."
        in unescape(page)
    )
    assert ["Version", "Interviews", "This form"] not in _cells(page)


def test_columns_of_single_choices_are_one_row_for_their_question(folder: Path):
    form = FORM.replace("select_one", "select_multiple")
    (folder / "water.yaml").write_text(form, encoding="utf-8")
    header = "_uuid,source,source.well,source.river,LITRES"
    (folder / "answers.csv").write_text(f"{header}\n1,well,1,0,3\n", encoding="utf-8")
    responses = read_responses(folder / "answers.csv", read_yaml(folder / "water.yaml"))

    rows = _cells(reading_page(responses, title="Water"))

    assert ["source.well and 1 more", "read as choices of source"] in rows
    assert ["LITRES", "read as litres"] in rows
