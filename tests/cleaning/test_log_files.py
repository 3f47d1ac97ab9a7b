"""Logs as files: workbooks of which not all is to be seen, letters in any encoding, bytes that are none."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from survey_kit.cleaning.log_reading import LogOptions, Logs, read_logs
from survey_kit.errors import CorrectionError, FileProblem
from survey_kit.questionnaire.model import Questionnaire

HEADER = ("uuid", "question", "old_value", "new_value", "change_type")
ROWS = (
    ("a", "age", "40", "41", "change_response"),
    ("b", "age", "50", "51", "change_response"),
    ("c", "age", "60", "", "no_action"),
)


def book(
    path: Path, change: Callable[[Worksheet], object] = lambda _: None, **more: object
) -> Path:
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.title = "Log"
    for row in (HEADER, *ROWS):
        page.append(row)
    change(page)
    for name, rows in more.items():
        other = made.create_sheet(name)
        assert isinstance(rows, Sequence)
        for row in rows:
            other.append(row)
        other.sheet_state = "hidden"
    made.save(path)
    return path


def read(path: Path, **said: object) -> Logs:
    return read_logs([path], options=LogOptions(**said))  # type: ignore[arg-type]


def refused(path: Path, error: type[Exception] = CorrectionError, **said: object) -> str:
    with pytest.raises(error) as caught:
        read(path, **said)
    return str(caught.value)


def with_part(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one of its parts changed, as a text editor would."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, change(content) if name == part else content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


def test_a_hidden_sheet_with_a_log_is_refused_until_it_is_named(tmp_path: Path):
    path = book(tmp_path / "log.xlsx", Old=(HEADER, ("z", "age", "1", "2", "change_response")))

    assert refused(path) == (
        "log.xlsx, sheet Old: this sheet is hidden, and holds a log. Show or delete it; or name the "
        "sheets that are meant: --log-sheet 'Old'."
    )
    assert [e.interview for e in read(path, sheets=("Log",)).entries] == ["a", "b", "c"]
    assert [e.interview for e in read(path, sheets=("Log", "Old")).entries] == ["a", "b", "c", "z"]


def test_a_hidden_sheet_of_lists_or_without_entries_is_in_nobodys_way(tmp_path: Path):
    path = book(tmp_path / "log.xlsx", Lists=(("action",), ("change",)), Template=(HEADER,))

    assert len(read(path).entries) == 3


def test_a_sheet_that_is_named_and_not_there_is_refused(tmp_path: Path):
    assert refused(book(tmp_path / "log.xlsx"), FileProblem, sheets=("Lag",)) == (
        "log.xlsx: it has none of the sheets that are named. Correct --log-sheet: there are 'Log'."
    )


def test_rows_that_a_filter_hides_are_read_and_said(tmp_path: Path):
    def hide(page: Worksheet) -> None:
        page.auto_filter.ref = "A1:E4"
        for row in (3, 4, 90):
            page.row_dimensions[row].hidden = True

    logs = read(book(tmp_path / "log.xlsx", hide))

    assert len(logs.entries) == 3
    assert logs.notes == (
        (
            "log.xlsx, sheet Log: rows that are hidden, by hand or by a filter (2), were read with the "
            "others"
        ),
    )


def test_a_formula_is_read_as_what_it_came_to_and_that_is_said(tmp_path: Path):
    path = book(tmp_path / "log.xlsx", lambda page: page.cell(2, 4, "=40+1"))
    with_part(path, SHEET, lambda xml: re.sub(rb"</f><v[^>]*/?>(</v>)?", b"</f><v>41</v>", xml))

    logs = read(path)

    assert logs.entries[0].new == "41"
    assert logs.notes == (
        (
            "log.xlsx, sheet Log: formulas (1) were read as what they came to when the file was saved"
        ),
    )


def test_a_formula_that_came_to_an_empty_text_is_worked_out(tmp_path: Path):
    path = book(tmp_path / "log.xlsx", lambda page: page.cell(4, 4, '=""'))
    with_part(
        path,
        SHEET,
        lambda xml: xml.replace(b'<c r="D4"', b'<c r="D4" t="str"'),
    )

    assert read(path).entries[2].new == ""


def test_a_formula_that_was_never_worked_out_is_refused_with_its_cell(tmp_path: Path):
    path = book(tmp_path / "log.xlsx", lambda page: page.cell(2, 4, "=40+1"))

    assert refused(path, FileProblem) == (
        "log.xlsx, sheet Log, cell D2: a formula stands here, but not what it comes to. Open the "
        "workbook in a spreadsheet program and save it, or write the value."
    )


def test_a_formula_that_cannot_be_worked_out_is_no_new_value(tmp_path: Path):
    assert refused(book(tmp_path / "log.xlsx", lambda page: page.cell(2, 4, "#REF!"))) == (
        "log.xlsx, sheet Log, row 2: a formula stands here that cannot be worked out. Mend it, or "
        "write the value itself."
    )


def test_cells_that_are_merged_over_rows_are_said_first(tmp_path: Path):
    def merge(page: Worksheet) -> None:
        page.merge_cells("A2:A4")
        page.merge_cells("G2:G4")

    assert refused(book(tmp_path / "log.xlsx", merge)).splitlines()[0] == (
        "log.xlsx, sheet Log, row 2: cells of the rows 2 to 4 are merged. Only the first row of them "
        "holds the text: unmerge them, and fill in every row."
    )


def test_a_title_that_is_merged_above_the_header_is_left_alone(tmp_path: Path):
    def title(page: Worksheet) -> None:
        page.insert_rows(1, 2)
        page.cell(1, 1, "Our log")
        page.merge_cells("A1:E2")

    assert len(read(book(tmp_path / "log.xlsx", title)).entries) == 3


def test_an_id_that_a_spreadsheet_rounded_is_refused(tmp_path: Path):
    assert refused(book(tmp_path / "log.xlsx", lambda page: page.cell(2, 1, "1.23457E+11"))) == (
        "log.xlsx, sheet Log, row 2: the spreadsheet has shortened the id of the interview to a "
        "rounded number. Make the column text, and copy the ids again from the data."
    )


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(("part", "root"), [(SHEET, b"<worksheet"), ("xl/styles.xml", b"<styleS")])
def test_a_workbook_with_a_doctype_is_refused(tmp_path: Path, part: str, root: bytes):
    path = book(tmp_path / "log.xlsx")
    with_part(path, part, lambda xml: xml.replace(root, BOMB + root, 1))

    assert refused(path, FileProblem) == (
        "log.xlsx: a part of the workbook has a DOCTYPE, which no spreadsheet writes. Ask for the "
        "file again: this one was tampered with."
    )


def test_a_workbook_that_was_cut_short_is_refused(tmp_path: Path):
    path = book(tmp_path / "log.xlsx")
    path.write_bytes(path.read_bytes()[:3000])

    assert refused(path, FileProblem) == (
        "log.xlsx: this is not a workbook, whatever its name says. Save it as .xlsx again."
    )


def text(path: Path, letters: str, encoding: str, ends: str = "\r\n") -> Path:
    lines = (";".join(HEADER), f"a;said;;{letters};change_response")
    path.write_bytes(ends.join(lines).encode(encoding))
    return path


def test_a_quote_that_is_never_closed_is_refused_with_its_line(tmp_path: Path):
    path = tmp_path / "log.csv"
    lines = (",".join(HEADER), 'a,age,40,41,"change_response', *(",".join(row) for row in ROWS))
    path.write_text("\n".join(lines))

    assert refused(path, FileProblem) == (
        "log.csv, line 2: a quote is opened here and never closed, so that the rest of the file is one "
        'text. Close it; a quote within a text is written twice: "".'
    )


def test_a_table_of_a_million_columns_is_no_log(tmp_path: Path):
    path = tmp_path / "log.csv"
    path.write_text(",".join((*HEADER, *(f"c{number}" for number in range(20_000)))) + "\n")

    assert refused(path, FileProblem).startswith("log.csv: this is no cleaning log that is known: ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_log_in_any_unicode_is_read(tmp_path: Path, encoding: str):
    (entry,) = read(text(tmp_path / "log.csv", "حرب", encoding)).entries

    assert entry.new == "حرب"


def test_a_log_in_windows_latin_is_read_and_that_is_said(tmp_path: Path):
    logs = read(text(tmp_path / "log.csv", "déjà vu", "cp1252"))

    assert logs.entries[0].new == "déjà vu"
    assert logs.notes == (
        (
            "log.csv: it is not UTF-8; it was read as Windows Latin (cp1252), since its letters beyond "
            "ASCII stand among plain ones. If they look wrong, name its encoding: --log-encoding"
        ),
    )


def test_letters_that_could_be_several_are_never_guessed(tmp_path: Path):
    path = text(tmp_path / "log.csv", "الحرب في البلد", "cp1256")

    message = refused(path, FileProblem)

    assert message.startswith("log.csv, line 2: it is not UTF-8, and could be ")
    assert "cp1256 (Windows Arabic)" in message
    assert message.endswith("Save it as 'CSV UTF-8', or name its encoding: --log-encoding cp1256.")
    assert read(path, encoding="cp1256").entries[0].new == "الحرب في البلد"
    assert read(path, encoding="cp1256").notes == ("log.csv: it was read as cp1256, as you say",)


def test_the_words_of_the_form_tell_the_encoding_of_a_log(tmp_path: Path):
    form = Questionnaire("f", "1", {"ar": "الحرب في البلد"}, {"ar": "العربية"}, ())

    logs = read_logs([text(tmp_path / "log.csv", "الحرب", "cp1256")], form=form)

    assert logs.entries[0].new == "الحرب"


def test_the_findings_of_a_quality_workbook_without_decisions_are_told_in_one_sentence(
    tmp_path: Path,
):
    made = openpyxl.Workbook()
    page = made.active
    assert page is not None
    page.title = "Findings"
    page.append(
        ("check", "interview", "question", "answer", "what", "new value", "comment", "reviewer")
    )
    for number in range(30):
        page.append(("outlier", f"i{number}", "age", 200, "far", 20, "", ""))
    made.save(tmp_path / "quality.xlsx")

    assert refused(tmp_path / "quality.xlsx", FileProblem) == (
        "quality.xlsx, sheet Findings, row 1: these are the findings of a quality workbook without "
        "the column 'decision'. Put the column back, or review the workbook as it was written."
    )
