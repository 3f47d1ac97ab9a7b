"""What is damaged, hostile or not a table is refused or reported: clearly, and with nothing lost."""

import io
import re
import tracemalloc
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Responses
from survey_kit.responses.read import read_responses

HEADER = ("consent", "water_other", "KEY")
ANSWER = "Amina"


@pytest.fixture(scope="module")
def household() -> Questionnaire:
    return read_yaml(Path(__file__).parents[1] / "household.yaml")


def refused(path: Path, form: Questionnaire) -> str:
    with pytest.raises(FileProblem) as caught:
        read_responses(path, form)
    assert ANSWER not in str(caught.value)
    return str(caught.value)


def words(read: Responses) -> list[tuple[str, str]]:
    return [
        (str(interview), str(word))
        for interview, word in read.frame["water_other"].fillna("").items()
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            b'consent,water_other,KEY\nyes,Amina,a\nyes,ok,"Amina',
            (
                "it ends within a quoted text, so it was cut short or a quotation mark is missing. "
                "Export it again."
            ),
        ),
        (
            b"consent,water_other,KEY\nyes,Amina,a\nyes,Ami\0na,b\n" + b"no,,c\n" * 50,
            (
                "line 3: a byte of nothing (NUL) stands in it, which no text holds. Export it again, or "
                "take the byte out with an editor."
            ),
        ),
        (
            b"consent,water_other,KEY\nyes,Amina,a,more\nno,Amina\n",
            (
                "row 2: it has 4 cells where the header has 3, and so have 1 rows more. Export it again: "
                "it may be cut short, or a text in it holds the separator unquoted."
            ),
        ),
        (b"\n\nyes,Amina,a\n", "its first row is empty. Put the column names there."),
    ],
)
def test_a_damaged_csv_is_refused(text: bytes, said: str, household: Questionnaire, tmp_path: Path):
    (tmp_path / "e.csv").write_bytes(text)

    assert refused(tmp_path / "e.csv", household) in {f"e.csv: {said}", f"e.csv, {said}"}


def test_a_million_columns_are_refused_before_they_are_read(
    household: Questionnaire, tmp_path: Path
):
    names = ",".join(f"c{number}" for number in range(1_000_000))
    (tmp_path / "e.csv").write_text(f"{names}\n{names}\n")

    assert refused(tmp_path / "e.csv", household) == (
        "e.csv: it has 1,000,000 columns, and at most 50,000 are read. Export the rows of repeats as "
        "rows, or the columns in several files."
    )


def test_many_columns_are_read(household: Questionnaire, tmp_path: Path):
    names = ",".join(f"{'long_name_' * 20}{number}" for number in range(700))
    (tmp_path / "e.csv").write_text(f"consent,KEY,{names}\nyes,a{',1' * 700}\n")

    read = read_responses(tmp_path / "e.csv", household)

    assert read.frame["consent"].tolist() == ["yes"]
    assert read.report.columns_read == 702
    assert read.report.counts["unmatched"] == 700


def test_a_line_without_end_is_refused_in_bounded_memory(household: Questionnaire, tmp_path: Path):
    with (tmp_path / "e.csv").open("wb") as file:
        file.write(b"consent,water_other,KEY\nyes,")
        file.write(b"x" * 2**25)
        file.write(b",a\n")
    tracemalloc.start()

    said = refused(tmp_path / "e.csv", household)

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert said == ("e.csv: a row of it is longer than 16 MB. Export it again as CSV in UTF-8.")
    assert most < 2**27


def test_a_first_line_without_end_is_refused(household: Questionnaire, tmp_path: Path):
    with (tmp_path / "e.csv").open("wb") as file:
        file.write(b"x" * (2**23 + 10))

    assert refused(tmp_path / "e.csv", household) == (
        "e.csv: its first row is longer than 8 MB. "
        "Check that it is a table with a row of column names."
    )


def test_line_ends_may_be_mixed(household: Questionnaire, tmp_path: Path):
    text = b'consent,water_other,KEY\r\nyes,x,a\nno,"two\r\nlines",b\rno,z,c\r\n'
    (tmp_path / "e.csv").write_bytes(text)

    read = read_responses(tmp_path / "e.csv", household)

    assert words(read) == [("a", "x"), ("b", "two\r\nlines"), ("c", "z")]


def test_columns_of_one_name_are_not_chosen_between(household: Questionnaire, tmp_path: Path):
    (tmp_path / "e.csv").write_text("consent,consent,water_other,KEY\nyes,no,x,a\n")

    read = read_responses(tmp_path / "e.csv", household)

    assert dict(read.report.unmatched) == {
        "consent": "not carried on: the file has two columns of this name"
    }
    assert "consent" in read.report.unseen
    assert sum(read.report.counts.values()) == read.report.columns_read == 4


def workbook(rows: list[tuple[str, ...]], name: str = "data") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in (HEADER, *rows):
        sheet.append(row)
    return book


def test_a_hidden_sheet_does_not_go_before_one_that_is_shown(
    household: Questionnaire, tmp_path: Path
):
    book = workbook([("no", "old", "z")], "old")
    book["old"].sheet_state = "hidden"
    shown = book.create_sheet("new")
    shown.append(HEADER)
    shown.append(("yes", "x", "a"))
    book.active = 1
    book.save(tmp_path / "e.xlsx")

    read = read_responses(tmp_path / "e.xlsx", household)

    assert words(read) == [("a", "x")]
    assert "other sheets, not read: 'old'" in read.report.notes


def test_cells_beyond_the_last_name_and_below_a_gap_are_not_lost(
    household: Questionnaire, tmp_path: Path
):
    book = workbook([("yes", "x", "a"), ("no", "y", "b")])
    sheet = book["data"]
    sheet["F3"] = ANSWER
    for place, cell in enumerate(("no", "late", "c"), start=1):
        sheet.cell(4_000, place).value = cell
    book.save(tmp_path / "e.xlsx")

    read = read_responses(tmp_path / "e.xlsx", household)

    assert words(read) == [("a", "x"), ("b", "y"), ("c", "late")]
    assert read.report.notes[0] == (
        "rows with cells to the right of the last column name, not read: 1"
    )


@pytest.mark.parametrize("size", [b"A1", b"A1:B2", b"A1:XFD1048576"])
def test_a_workbook_that_lies_about_its_size_is_read_whole(
    size: bytes, household: Questionnaire, tmp_path: Path
):
    book = workbook([("yes", f"w{number}", f"k{number}") for number in range(5)])
    saved = io.BytesIO()
    book.save(saved)
    with ZipFile(saved) as old, ZipFile(tmp_path / "e.xlsx", "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = re.sub(b'<dimension ref="[^"]*"', b'<dimension ref="%b"' % size, old.read(name))
            new.writestr(name, part)

    read = read_responses(tmp_path / "e.xlsx", household)

    assert words(read) == [(f"k{number}", f"w{number}") for number in range(5)]


def test_a_formula_is_never_worked_out(household: Questionnaire, tmp_path: Path):
    workbook([("yes", "=1+1", "a")]).save(tmp_path / "e.xlsx")

    assert refused(tmp_path / "e.xlsx", household) == (
        "e.xlsx: a formula stands in it, but not what it comes to. "
        "Open the workbook in a spreadsheet program and save it, or write the value."
    )


def test_macros_are_left_alone(household: Questionnaire, tmp_path: Path):
    workbook([("yes", "x", "a")]).save(tmp_path / "e.xlsx")
    with ZipFile(tmp_path / "e.xlsx", "a") as book:
        book.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open()")
    (tmp_path / "e.xlsx").rename(tmp_path / "e.xlsm")

    read = read_responses(tmp_path / "e.xlsm", household)

    assert words(read) == [("a", "x")]


@pytest.mark.parametrize("suffix", ["xlsx", "zip"])
def test_an_archive_cut_short_is_refused(suffix: str, household: Questionnaire, tmp_path: Path):
    workbook([("yes", ANSWER, "a")]).save(tmp_path / "whole.xlsx")
    part = (tmp_path / "whole.xlsx").read_bytes()[:2_000]
    (tmp_path / f"e.{suffix}").write_bytes(part)

    assert refused(tmp_path / f"e.{suffix}", household) == (
        f"e.{suffix}: this is not a zip file, or it is cut short. Copy or export it again."
    )


def test_a_zip_that_unfolds_beyond_measure_is_refused(household: Questionnaire, tmp_path: Path):
    with ZipFile(tmp_path / "e.zip", "w", ZIP_DEFLATED) as archive:
        archive.writestr("household.csv", b"0" * 2**24)

    assert refused(tmp_path / "e.zip", household) == (
        "e.zip: an entry unfolds to more than 400 times its size. "
        "Make the archive again from files that you trust."
    )


@pytest.mark.parametrize(
    "document",
    [
        '<!DOCTYPE data [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><data id="household">&b;</data>',
        '<!DOCTYPE data SYSTEM "file:///etc/passwd"><data id="household"/>',
    ],
)
def test_a_submission_that_declares_entities_is_refused(
    document: str, household: Questionnaire, tmp_path: Path
):
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "a.xml").write_text(document)

    assert "s, a.xml" in refused(tmp_path / "s", household)


def test_two_rows_of_one_interview_that_differ_are_both_kept(
    household: Questionnaire, tmp_path: Path
):
    (tmp_path / "e.csv").write_text("consent,water_other,KEY\nyes,x,a\nno,y,a\n")

    read = read_responses(tmp_path / "e.csv", household)

    assert words(read) == [("a", "x"), ("a#2", "y")]
    assert read.report.notes[0] == (
        "interviews with the id of another, kept and told apart as id#2: 1"
    )
