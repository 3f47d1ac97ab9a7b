"""Answers at the edge of what a format holds come back as they were, or it is said what was cut."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.read import read_responses
from survey_kit.responses.writer import writers

FORM = """
questionnaire: hard
version: "1"
title: {en: "Hard\\nform"}
languages: {en: English, ar: العربية}
choices:
  l:
    - {code: a, label: {en: "V200", ar: "S150"}}
    - {code: "c.c", label: {en: "Line\\nbreak", ar: "\\u200fعربي\\u200f"}}
interview:
  - {name: with, type: select_one l, label: {en: "Q300"}}
  - {name: if, type: integer, label: {en: "Line\\nbreak \\"quoted\\""}}
  - {name: ALL, type: text, label: {en: Text}}
  - {name: All_, type: select_multiple l, label: {en: "M300"}}
  - {name: strL, type: date, label: {en: Day}}
  - {name: _n, type: decimal, label: {en: N}}
  - {name: when, type: dateTime, label: {en: When}}
  - {name: N70, type: select_multiple l, label: {en: Long name}}
"""
LONG = {"V200": "v" * 200, "S150": "ش" * 150, "Q300": "q" * 300, "M300": "m" * 300, "N70": "n" * 70}
INTERVIEWS = [
    {
        "_uuid": "a",
        "with": "a",
        "if": 2**53,
        "ALL": "é" * 1500 + "\u200b\u202e\U0001f600",
        "All_": "a c.c",
        "strL": "1500-01-02",
        "_n": 1e300,
        "when": "1500-01-01T00:00:00",
        "n" * 70: "a",
    },
    {
        "_uuid": "b",
        "with": "zz",
        "if": -1001,
        "ALL": "tab\tand\nline",
        "All_": "a q",
        "strL": "9999-12-31",
        "_n": -1005,
        "when": "2026-01-01T23:59:59.999",
    },
    {"_uuid": "c", "_n": 5e-324},
]


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    path = tmp_path_factory.mktemp("hard") / "hard.yaml"
    text = FORM
    for name, long in LONG.items():
        text = text.replace(name, long)
    path.write_text(text, encoding="utf-8")
    return read_yaml(path)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("shape", ["sav", "dta", "csv", "parquet"])
def test_reserved_names_long_labels_and_far_numbers_come_back(
    shape: str, language: str, hard: Questionnaire, tmp_path: Path
):
    (tmp_path / "in.json").write_text(json.dumps(INTERVIEWS), encoding="utf-8")
    read = read_responses(tmp_path / "in.json", hard)
    assert len(read.unreadable) == 0

    writers()[shape].write(read, tmp_path / f"o.{shape}", language)

    again = read_responses(tmp_path / f"o.{shape}", hard)
    pd.testing.assert_frame_equal(again.frame, read.frame)
    pd.testing.assert_frame_equal(again.absence, read.absence)
    assert not again.report.unmatched


def test_halves_of_letters_in_json_are_put_as_a_sign_and_counted(
    hard: Questionnaire, tmp_path: Path
):
    (tmp_path / "in.json").write_text(
        '[{"_uuid": "a", "ALL": "x\\ud83dy"}, {"_uuid": "b", "ALL": "\\ud83d\\ude00\\u0000"}]'
    )

    read = read_responses(tmp_path / "in.json", hard)

    assert read.frame["ALL"].tolist() == ["x\ufffdy", "\U0001f600\ufffd"]
    assert (
        "cells with halves of letters, or bytes of nothing, put as \ufffd: 2" in read.report.notes
    )
