"""The coding of a study, from study.yaml to the coders' files, their agreement and a variable."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import openpyxl
import pytest
from click.testing import CliRunner

from survey_kit.cli.code import command
from survey_kit.errors import StudyError
from survey_kit.study.manifest import Record
from survey_kit.study.prepare import prepare
from survey_kit.study.settings import read_study
from survey_kit.tables.variable import Kind

QUESTIONNAIRE = """\
questionnaire: water
version: "1"
languages: {en: English}
choices:
  yes_no: [{code: 'yes', label: {en: 'Yes'}}, {code: 'no', label: {en: 'No'}}]
interview:
  - {name: consent, type: select_one yes_no, label: {en: Consent}, privacy: plain}
  - {name: why, type: text, label: {en: Why?}, relevant: "${consent} = 'yes'", privacy: sensitive}
"""

STUDY = """\
study: water
title: Water
questionnaire: water.yaml
responses: {file: answers.csv, interview: id}
complete: ${consent} = 'yes'
design: {sampling: purposive}
protection: {smallest_base: 1, smallest_cell: 1, reason: a test}
coding:
  - question: why
    frame: codes.csv
    folder: coding
    coders: [anna, ben]
    double: 0.5
    seed: 2
"""

CODES = "code,label\ncost,Cost\nsea,Sea\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        f"i{n},{'no' if n % 5 == 0 else 'yes'},{'' if n % 5 == 0 else f'because {n}'}"
        for n in range(20)
    ]
    (tmp_path / "water.yaml").write_text(QUESTIONNAIRE, encoding="utf-8")
    (tmp_path / "answers.csv").write_text("\n".join(["id,consent,why", *rows]), encoding="utf-8")
    (tmp_path / "codes.csv").write_text(CODES, encoding="utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def _run(folder: Path, *arguments: str):
    """The command as `main` runs it: its result is the exit code."""
    result = CliRunner().invoke(
        command, [*arguments, str(folder)], standalone_mode=False, catch_exceptions=False
    )
    return result.return_value, result.output


def _choose(path: Path, code: str, but: int = 0) -> None:
    """Give every answer a code, and the first few of them another."""
    book = openpyxl.load_workbook(path)
    sheet = book["answers"]
    at = [cell.value for cell in sheet[1]].index("code 1") + 1
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, at).value = "sea" if row < 2 + but else code
    book.save(path)


def test_a_study_is_coded_from_start_to_variable(folder: Path):
    code, said = _run(folder, "start")
    assert code is None
    assert said == "why: 16 answers\n  wrote anna.xlsx\n  wrote ben.xlsx\n"
    assert _run(folder, "start")[1] == (
        "why: 16 answers\n  nothing new: every answer stands in somebody's file\n"
    )
    before = prepare(read_study(folder), Record(), lambda _: None)
    assert "why_codes" not in before.analysis.variables

    _choose(folder / "coding" / "anna.xlsx", "cost")
    _choose(folder / "coding" / "ben.xlsx", "cost", but=8)
    code, said = _run(folder, "compare")
    assert code == 1
    assert "8 answers were coded twice, by anna, ben" in said
    assert said.endswith("wrote adjudication.xlsx: decide in it what coders differ on\n")
    _choose(folder / "coding" / "adjudication.xlsx", "cost")
    code, said = _run(folder, "compare", "--json")
    told = json.loads(said)[0]
    assert code == 0
    assert (told["answers"], told["coded"], told["written"], told["faults"]) == (16, 16, [], [])
    assert told["agreement"]["units"] == 8

    record = Record()
    prepared = prepare(read_study(folder), record, lambda _: None)
    variable = prepared.analysis.variables["why_codes"]
    assert variable.kind is Kind.MANY
    assert variable.label == "Why?"
    chosen = prepared.analysis.sample.data["why_codes/cost"]
    assert int(chosen.notna().sum()) == 16
    assert prepared.questionnaire.by_key.keys() == {"consent", "why"}


def test_answers_without_a_code_are_counted_under_their_own_reason(folder: Path):
    _run(folder, "start")
    _choose(folder / "coding" / "anna.xlsx", "cost")
    variable = prepare(read_study(folder), Record(), lambda _: None).analysis.variables["why_codes"]
    sheet = openpyxl.load_workbook(folder / "coding" / "anna.xlsx")["answers"]

    assert variable.left == {
        "answer not usable: unreadable, or not coded yet": 16 - (sheet.max_row - 1)
    }


def test_a_later_round_gets_files_of_its_own(folder: Path):
    _run(folder, "start")
    with (folder / "answers.csv").open("a", encoding="utf-8") as file:
        file.write("\nj1,yes,because it rained\nj2,yes,because it did not")
    said = _run(folder, "start")[1]

    assert "wrote anna-2.xlsx" in said or "wrote ben-2.xlsx" in said
    names = [path.name for path in sorted((folder / "coding").iterdir())]
    units = [
        str(row[0])
        for name in names
        for row in openpyxl.load_workbook(folder / "coding" / name)["answers"].iter_rows(
            min_row=2, values_only=True
        )
    ]
    assert len(set(units)) == 18


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("coding: why", "coding: a list is needed here. Begin each question with a dash."),
        ("coding: [why]", "coding: its entry 1 has no keys. Add  question: NAME."),
        (
            "coding: [{question: why, frame: codes.csv}]",
            "coding.1.coders: nobody is named who codes. Write  coders: [anna, ben].",
        ),
        (
            "coding: [{question: why, frame: codes.csv, coders: [a], double: 0.5}]",
            "coding.1.double: answers cannot be coded twice by one coder. Name a second coder.",
        ),
        (
            "coding: [{question: why, frame: codes.csv, coders: [a, adjudication]}]",
            "coding.1.coders: no file can be called 'adjudication'. Use letters, digits, _ and -.",
        ),
        (
            "coding: [{question: why, frame: c.csv, coders: [a]}]",
            (
                "coding.1.frame: there is nothing at c.csv. Correct the path; it starts at the folder "
                "of study.yaml."
            ),
        ),
    ],
)
def test_a_fault_of_the_section_says_what_to_write(folder: Path, entry: str, said: str):
    kept = dedent(STUDY).split("coding:")[0]
    (folder / "study.yaml").write_text(kept + entry + "\n", encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        read_study(folder)

    assert str(caught.value.faults[0]).split(": ", 1)[1] == said


def test_a_study_that_codes_nothing_says_so(folder: Path):
    kept = dedent(STUDY).split("coding:")[0]
    (folder / "study.yaml").write_text(kept, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        _run(folder, "start")

    assert str(caught.value) == (
        "study.yaml, coding: no open question is to be coded. Add  coding:  with question, frame "
        "and coders; see docs/coding.md."
    )
