"""The file of margins: read, or refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.errors import FileProblem, SurveyKitError, WeightingError
from survey_kit.weighting.margins import read_margins


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "margins.csv"
    path.write_text(text, encoding=encoding)
    return path


def refusal(path: Path, kind: type[SurveyKitError] = WeightingError) -> str:
    with pytest.raises(kind) as caught:
        read_margins(path)
    return str(caught.value)


def test_shares_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "variable,category,share\nsex,m,0.6\nsex,f,0.4\nplace,camp,1\n")

    assert read_margins(path) == {"sex": {"m": 0.6, "f": 0.4}, "place": {"camp": 1.0}}
    assert list(read_margins(path)["sex"]) == ["m", "f"]


def test_a_byte_order_mark_blank_lines_and_other_columns_do_no_harm(tmp_path: Path) -> None:
    text = "Variable,Category,Share,Source\n\nsex,m,0.6,census\nsex,f,0.4,\n"

    path = written(tmp_path, text, encoding="utf-8-sig")

    assert read_margins(path) == {"sex": {"m": 0.6, "f": 0.4}}


def test_percentages_become_shares(tmp_path: Path) -> None:
    path = written(tmp_path, "variable,category,percent\nsex,m,60%\nsex,f,40\n")

    assert read_margins(path) == {"sex": {"m": 0.6, "f": 0.4}}


def test_totals_are_left_as_they_are(tmp_path: Path) -> None:
    path = written(tmp_path, "variable,category,total\nsex,m,1200\nsex,f,800\n")

    assert read_margins(path) == {"sex": {"m": 1200, "f": 800}}


def test_shares_that_do_not_add_to_one_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "variable,category,share\nsex,m,0.6\nsex,f,0.3\n")

    assert refusal(path) == (
        "margins.csv, margin 'sex': its shares add to 0.9, not to 1. "
        "Correct the figures, or call the column total if they are numbers of people."
    )


def test_percentages_that_do_not_add_to_100_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "variable,category,percent\nsex,m,60\nsex,f,30\n")

    assert refusal(path).startswith(
        "margins.csv, margin 'sex': its percents add to 90, not to 100."
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("sex,m,much", "line 3: its figure is not a number. Write it with a decimal point."),
        ("sex,m,-1", "line 3: its figure is negative or infinite. Correct it."),
        ("sex,m", "line 3: it has 2 cells, and needs 3. Complete it."),
        ("sex,f,1", "line 3: category 'f' of 'sex' is there twice. Leave one of them out."),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = written(tmp_path, f"variable,category,total\nsex,f,1\n{line}\n")

    assert refusal(path) == f"margins.csv, {message}"


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, "a,b\n1,2\n")) == (
        "margins.csv: its first line does not name the columns variable, category and one of "
        "share, percent or total. Write them there, separated by commas."
    )


def test_a_file_of_headings_alone_is_refused(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, "variable,category,share\n")) == (
        "margins.csv: it holds no margin. Add a line for each category."
    )


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, ""), FileProblem) == (
        "margins.csv: it is empty. Give a line for each category."
    )


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no.csv", FileProblem) == (
        "no.csv: there is no such file. Check the path."
    )


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "margins.csv"
    path.write_bytes(b"PK\x03\x04\xff\xfe\x00")

    assert refusal(path, FileProblem) == (
        "margins.csv: it is not a text file in UTF-8. Save it as CSV UTF-8."
    )
