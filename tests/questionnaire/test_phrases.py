"""The tables of phrases: every row of every language fills the holes of the English one."""

from __future__ import annotations

from string import Formatter

import pytest

from survey_kit.questionnaire.phrases import ENGLISH, all_phrases, phrases_in

ALL = all_phrases()
ENGLISH_ROWS = ALL[ENGLISH].rows


def holes(row: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(row) if name is not None}


@pytest.mark.parametrize("code", ALL)
def test_a_table_has_only_rows_that_are_known(code: str) -> None:
    assert set(ALL[code].rows) <= set(ENGLISH_ROWS)


@pytest.mark.parametrize("code", ALL)
def test_a_row_has_the_holes_of_the_english_row(code: str) -> None:
    counted = {"one_answer", "one_letter", "one_entry"}
    wrong = {
        key: row
        for key, row in ALL[code].rows.items()
        if holes(row) != holes(ENGLISH_ROWS[key])
        and not (key in counted and holes(row) == set[str]())
    }

    assert wrong == {}


def test_every_table_but_the_english_one_is_marked_as_a_draft() -> None:
    assert [code for code, table in ALL.items() if not table.draft] == [ENGLISH]


def test_a_row_that_a_table_lacks_is_said_in_english() -> None:
    assert "question" not in ALL["bn"].rows
    assert ALL["bn"]("question", number=3) == "Q3"


@pytest.mark.parametrize(
    ("code", "name", "found"),
    [
        ("bn", "বাংলা", "bn"),
        ("ar-IQ", "", "ar"),
        ("arabic", "Arabic", "ar"),
        ("x", "Bengali", "bn"),
        ("french", "french", "fr"),
        ("default", "default", "en"),
        ("rhg", "Ruáingga", "en"),
    ],
)
def test_a_language_is_known_by_its_code_or_its_name(code: str, name: str, found: str) -> None:
    assert phrases_in(code, name).name == found
