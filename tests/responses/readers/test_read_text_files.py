"""CSV comes in every encoding and with every separator, and is read the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.read import read_responses
from survey_kit.responses.readers.text_table import read_csv

ROWS = [
    ["_uuid", "consent", "name_of", "litres"],
    ["a", "yes", "Amélie", "1.5"],
    ["b", "no", "", ""],
]


def text(separator: str, rows: list[list[str]] | None = None) -> str:
    return "".join(separator.join(row) + "\r\n" for row in rows or ROWS)


LATIN = (
    "it is not UTF-8; it was read as Windows Latin (cp1252), since its letters beyond ASCII "
    "stand among plain ones. If they look wrong, name its encoding under  responses: encoding"
)


@pytest.mark.parametrize(
    ("encoding", "mark", "note"),
    [
        ("utf-8", b"", ""),
        ("utf-8", b"\xef\xbb\xbf", ""),
        ("utf-16", b"", ""),
        ("utf-16-le", b"", "it has no byte order mark; it was read as UTF-16-LE"),
        ("utf-16-be", b"", "it has no byte order mark; it was read as UTF-16-BE"),
        ("utf-16-be", b"\xfe\xff", ""),
        ("utf-32", b"", ""),
        ("cp1252", b"", LATIN),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_encoding_and_separator_gives_the_same_table(
    encoding: str, mark: bytes, note: str, separator: str, tmp_path: Path
):
    path = tmp_path / "a.csv"
    path.write_bytes(mark + text(separator).encode(encoding))

    table = read_csv(path)

    assert [list(table.header), *table.cells.to_numpy().tolist()] == ROWS
    named = {",": "", ";": "';'", "\t": "a tab", "|": "an upright stroke '|'"}[separator]
    said = f"the columns are separated by {named}" if named else ""
    assert list(table.notes) == [each for each in (note, said) if each]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_first_line_that_names_the_separator_is_obeyed(first: str, encoding: str, tmp_path: Path):
    path = tmp_path / "a.csv"
    rows = [["a,b,c,d", "e"], ["1,2,3,4", "5"]]
    path.write_bytes((f"{first}\r\n" + text(";", rows)).encode(encoding))

    table = read_csv(path)

    assert table.header == ("a,b,c,d", "e")
    assert table.cells.to_numpy().tolist() == [["1,2,3,4", "5"]]


def test_commas_in_the_names_do_not_make_a_comma_the_separator(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("id;Yes, no, or other;Age\r\n1;yes;30\r\n")

    assert read_csv(path).header == ("id", "Yes, no, or other", "Age")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    cells=st.lists(
        st.lists(
            st.text(
                st.characters(
                    codec="utf-8", exclude_characters="\0\r\ufeff", exclude_categories=["Cs", "Cc"]
                )
            ),
            min_size=3,
            max_size=3,
        ),
        min_size=1,
        max_size=4,
    ),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    separator=st.sampled_from([",", ";", "\t", "|"]),
)
def test_what_is_quoted_comes_back_letter_by_letter(
    cells: list[list[str]], encoding: str, separator: str, tmp_path: Path
):
    rows = [["one", "two", "three"], *cells]
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in rows]
    (tmp_path / "a.csv").write_bytes(text(separator, quoted).encode(encoding))

    table = read_csv(tmp_path / "a.csv")

    assert [list(table.header), *table.cells.to_numpy().tolist()] == rows


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".tab", ".psv", ".txt"])
def test_the_suffix_does_not_matter_much(suffix: str, camp: Questionnaire, tmp_path: Path):
    (tmp_path / f"a{suffix}").write_text("_uuid|consent\na|yes\n")

    assert read_responses(tmp_path / f"a{suffix}", camp).frame["consent"].tolist() == ["yes"]


def test_bytes_are_no_text(camp: Questionnaire, tmp_path: Path):
    (tmp_path / "a.csv").write_bytes(b"\x89PNG\0\0\0\x01" * 40)

    with pytest.raises(FileProblem) as caught:
        read_responses(tmp_path / "a.csv", camp)

    assert str(caught.value) == (
        "a.csv: its suffix says CSV, but it is not text. Export it again, or give it its right "
        "suffix."
    )
