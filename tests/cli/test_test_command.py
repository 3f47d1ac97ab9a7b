"""survey-kit test: exit codes, files that it writes, and what it says where it cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey_kit.cli.test import command
from survey_kit.errors import UsageError
from survey_kit.forms.javarosa import process

FORM = """
questionnaire: stall
version: "1"
title: {en: Stall}
languages: {en: English}
choices:
  fruits: [{code: fig, label: {en: Fig}}, {code: pear, label: {en: Pear}}]
interview:
  - {name: fruit, type: select_one fruits, label: {en: Fruit}, required: true}
  - {name: price, type: integer, label: {en: Price}, relevant: "${fruit} = 'fig'", constraint: . > 0}
tests:
  - name: a fig has a price
    answers: {fruit: fig}
    asked: [price]
  - name: a pear has a price
    answers: {fruit: pear}
    asked: [price]
"""


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "stall.yaml"
    path.write_text(FORM, encoding="utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(each) for each in arguments], standalone_mode=False)


def test_a_failing_test_is_found_and_says_why(form: Path):
    result = run(form, "--engine", "ours")

    assert result.return_value == 1
    lines = result.stdout.splitlines()
    assert lines[:2] == ["pass  a fig has a price", "FAIL  a pear has a price"]
    assert lines[2].startswith(
        "        'price' was to be asked, and it was not. It is asked only where this holds: "
    )
    assert lines[2].endswith("Here fruit is 'pear'. (stall.yaml, line 10)")
    assert lines[3:] == ["2 tests: 1 passed, 1 failed"]


def test_only_tests_with_that_name_are_tried(form: Path):
    assert run(form, "--engine", "ours", "-k", "FIG").return_value == 0


def test_a_name_that_no_test_has_is_refused(form: Path):
    result = run(form, "--engine", "ours", "-k", "plum")

    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == (
        "-k: no test has 'plum' in its name. The names are under tests: in the definition."
    )


def test_random_respondents_are_told_to_readers_and_programs(form: Path, tmp_path: Path):
    page, suite = tmp_path / "report.md", tmp_path / "junit.xml"

    result = run(
        form,
        "--engine",
        "ours",
        "-k",
        "fig",
        "--random",
        40,
        "--json",
        "--out",
        page,
        "--junit",
        suite,
    )

    data = json.loads(result.stdout)
    assert result.return_value == 0
    assert data["passed"] is True
    assert data["random"]["interviews"] == 40
    assert data["random"]["unreached"] == []
    assert page.read_text(encoding="utf-8").startswith("# Rehearsal of stall 1\n")
    assert 'tests="1"' in suite.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("out", "message"),
    [
        (
            ["--out", "a.md"],
            "--out: there is a report on random respondents only. Add --random 500.",
        ),
        (
            ["--random", "5", "--out", "a.pdf"],
            "--out: the report is not written as .pdf. Give it the suffix .md or .html.",
        ),
        (
            ["--random", "5", "--language", "xx"],
            "--language: the form has no language 'xx'. Its languages are en.",
        ),
    ],
)
def test_what_cannot_be_done_is_said(
    form: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: list[str], message: str
):
    monkeypatch.chdir(tmp_path)

    result = run(form, "--engine", "ours", "-k", "fig", *out)

    assert str(result.exception) == message


def test_without_java_it_says_so_and_goes_on(form: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(process.shutil, "which", lambda _: None)

    both = run(form, "-k", "fig")
    alone = run(form, "-k", "fig", "--engine", "javarosa")

    assert both.stdout.splitlines()[0] == ("on our engine alone: Java 8 or newer is not installed")
    assert both.return_value == 0
    assert str(alone.exception) == (
        "--engine javarosa: Java 8 or newer is not installed. Install a Java runtime."
    )


@pytest.mark.client
def test_both_engines_are_asked_where_java_is(form: Path):
    if process.java() is None:
        pytest.skip("Java is not here")

    result = run(form, "-k", "fig", "--random", 30)

    assert result.return_value == 0
    assert result.stdout.splitlines()[-1].startswith(
        "30 random interviews on JavaRosa, gone through again by ours: "
    )
    assert result.stdout.splitlines()[-1].endswith("0 different")


@pytest.mark.client
def test_what_is_too_much_for_javarosa_does_not_take_our_report_away(
    form: Path, monkeypatch: pytest.MonkeyPatch
):
    if process.java() is None:
        pytest.skip("Java is not here")

    def endless(*_: object, **__: object) -> None:
        raise UsageError("JavaRosa", "it gave no answer within 120 seconds", "Look for a loop")

    monkeypatch.setattr("survey_kit.rehearsal.rehearse.rehearse_both", endless)

    result = run(form, "-k", "fig", "--random", 20)

    lines = result.stdout.splitlines()
    assert result.return_value == 1
    assert lines[1] == "1 test: 1 passed, 0 failed"
    assert lines[2].startswith("20 random interviews on our engine, 2 questions")
    assert lines[-1] == (
        "random interviews on JavaRosa came to no end: JavaRosa: it gave no answer within 120 "
        "seconds. Look for a loop."
    )
