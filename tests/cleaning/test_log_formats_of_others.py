"""The logs of kobold, clog, iecorrect and ieduplicates: what their own words mean is what is done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from survey_kit.cleaning.clean_file import clean_file
from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.log_reading import LogOptions, Logs, read_logs
from survey_kit.cleaning.raw_file import open_raw
from survey_kit.cleaning.raw_writing import write_cleaned
from survey_kit.errors import CorrectionError, FileProblem
from survey_kit.responses.read import ReadOptions

Rows = Sequence[Sequence[object]]


def save(path: Path, **sheets: Rows) -> Path:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    book.save(path)
    return path


def read(path: Path, **said: object) -> Logs:
    return read_logs([path], options=LogOptions(**said))  # type: ignore[arg-type]


def short(entries: Sequence[Correction]) -> list[tuple[str, str, str, str, Action]]:
    return [(e.interview, e.question, e.old, e.new, e.action) for e in entries]


KOBOLD: Rows = [
    ("uuid", "type", "name", "current_value", "value", "issue_id", "sheet", "index", "adjust_log"),
    ("a", "change_response", "age", 200, 20, "logic_c_age", None, None, None),
    ("a", "add_option", "sources", "well", "river", "other_checks", None, None, None),
    ("a", "remove_option", "sources", "well other", "other", "other_checks", None, None, None),
    ("b", "remove_survey", "point_number", None, "blank", "less_time", None, None, None),
    ("c", "change_response", "years", 90, 9, "logic", "hh_roster", 12, None),
    ("c", "change_response", "age", 30, 31, "logic", None, None, "delete_log"),
]


def test_an_option_that_kobold_adds_or_removes_is_one_choice(tmp_path: Path):
    logs = read(save(tmp_path / "log.xlsx", checks=KOBOLD))

    assert [each.format for each in logs.read] == ["kobold"]
    assert short(logs.entries) == [
        ("a", "age", "200", "20", Action.CHANGE),
        ("a", "sources/river", "", "1", Action.CHANGE),
        ("a", "sources/other", "", "0", Action.CHANGE),
        ("b", "point_number", "", "blank", Action.REMOVE),
        ("c", "years", "90", "9", Action.CHANGE),
        ("c", "age", "30", "", Action.KEEP),
    ]
    assert logs.entries[4].row == "_index_12"


MARKS = ("reviewed", 1, None, 1, 0, 1, None)


def test_lines_that_nobody_reviewed_are_refused_together(tmp_path: Path):
    rows = [(*row, mark) for row, mark in zip(KOBOLD, MARKS, strict=True)]

    with pytest.raises(CorrectionError) as caught:
        read(save(tmp_path / "log.xlsx", checks=rows))

    assert str(caught.value) == (
        "log.xlsx, sheet checks, row 3: nobody has reviewed this line; the same in 1 more row. "
        "Write 1 under reviewed, or take the line out."
    )


def test_the_letters_of_clog_are_actions_and_a_flag_is_none(tmp_path: Path):
    header = ("uuid", "question.name", "issue", "feedback", "action", "old.value", "new.value")
    rows = [header, ("a", "age", "", "", "c", 1, 2), ("b", None, "", "", "d", None, None)]
    flagged = [*rows, ("c", "age", "", "", "flag", 1, 2), ("d", "age", "", "", "flag", 1, 2)]

    entries = read(save(tmp_path / "log.xlsx", Log=rows)).entries
    with pytest.raises(CorrectionError) as caught:
        read(save(tmp_path / "flagged.xlsx", Log=flagged))

    assert [e.action for e in entries] == [Action.CHANGE, Action.REMOVE]
    assert str(caught.value) == (
        "flagged.xlsx, sheet Log, row 4, action: there is no action 'flag'; the same in 1 more row. "
        "Write change, blank, remove or no action. Or say under actions what it means."
    )


STRING: Rows = [
    ("varname", "id", "valuecurrent", "value", "initials", "notes", "n_changes"),
    ("make", "*", "Olds 98", "News 98", "AN", "renamed", 1),
    ("make", 29, "*", "Dodge Platinum", None, None, 1),
]


def test_the_template_of_iecorrect_is_read_sheet_by_sheet(tmp_path: Path):
    drop = [("id", "n_obs", "initials", "notes"), (7, 1, "AN", "test")]
    raw = tmp_path / "raw.csv"
    raw.write_text("id,make\n7,A\n28,Olds 98\n29,Dodge\n30,Olds 98\n")
    logs = read(save(tmp_path / "log.xlsx", string=STRING, drop=drop), interview="id")

    opened = open_raw(raw, None, ReadOptions(interview="id"))
    cleaned = clean_file(opened, None, logs.entries, source="raw", column_rules=True)
    write_cleaned(cleaned, tmp_path / "out.csv")

    assert [each.format for each in logs.read] == ["iecorrect", "deletions"]
    assert short(logs.entries) == [
        ("all_data", "make", "Olds 98", "News 98", Action.CHANGE),
        ("29", "make", "", "Dodge Platinum", Action.CHANGE),
        ("7", "", "", "", Action.REMOVE),
    ]
    assert (tmp_path / "out.csv").read_text() == (
        "id,make\n28,News 98\n29,Dodge Platinum\n30,News 98\n"
    )


def test_a_second_id_and_rules_by_text_of_iecorrect_are_refused(tmp_path: Path):
    two = [("make", *STRING[0]), *(("Olds", *row) for row in STRING[1:])]
    other = [
        ("strvar", "strvaluecurrent", "strvalue", "catvar", "catvalue"),
        ("origin", "Local", "Here", "foreign", 2),
        ("origin", "Alien", "Alien", "foreign", 3),
    ]

    with pytest.raises(CorrectionError) as caught:
        read(save(tmp_path / "log.xlsx", string=two, other=other))

    assert str(caught.value).splitlines() == [
        (
            "log.xlsx, sheet string, row 1: the column 'make' is not known, and could be a second id. "
            "Say --column 'make=ignore' if it is none; interviews need one id."
        ),
        (
            "log.xlsx, sheet other, row 2: rules that recode a text for everybody are not applied; "
            "the same in 1 more row. Write a line for each interview, with the action recode other."
        ),
    ]


DUPLICATES: Rows = [
    (
        "hhid",
        "duplistid",
        "datelisted",
        "datefixed",
        "correct",
        "drop",
        "newid",
        "initials",
        "notes",
        "KEY",
        "listofdiffs",
    ),
    (4321, 1, "27Dec2015", "", "correct", "", "", "KB", "sent twice", "uuid:a", "end"),
    (4321, 2, "27Dec2015", "", "", "drop", "", "KB", "sent twice", "uuid:b", "end"),
    (1145, 5, "03Jan2016", "", "", "", 1245, "IB", "wrong id", "uuid:c", "age"),
    (1145, 6, "03Jan2016", "", "correct", "", "", "IB", "", "uuid:d", "age"),
]


def test_the_report_of_ieduplicates_keeps_drops_and_gives_new_ids(tmp_path: Path):
    raw = tmp_path / "raw.csv"
    raw.write_text("KEY,hhid,age\nuuid:a,4321,1\nuuid:b,4321,1\nuuid:c,1145,2\nuuid:d,1145,3\n")
    logs = read(save(tmp_path / "iedup.xlsx", Sheet1=DUPLICATES))

    cleaned = clean_file(open_raw(raw), None, logs.entries, source="raw")
    write_cleaned(cleaned, tmp_path / "out.csv")

    assert [(each.format, each.entries) for each in logs.read] == [("ieduplicates", 4)]
    assert [(e.why, e.who) for e in logs.entries][:2] == [("sent twice", "KB")] * 2
    assert cleaned.stopped == ()
    assert (tmp_path / "out.csv").read_text() == (
        "KEY,hhid,age\nuuid:a,4321,1\nuuid:c,1245,2\nuuid:d,1145,3\n"
    )


def test_duplicates_about_which_nobody_or_two_have_decided_are_refused(tmp_path: Path):
    rows = [list(row) for row in DUPLICATES]
    rows[1][4] = rows[4][4] = ""
    rows[2][6] = 77

    with pytest.raises(CorrectionError) as caught:
        read(save(tmp_path / "iedup.xlsx", Sheet1=rows))

    assert str(caught.value).splitlines() == [
        (
            "iedup.xlsx, sheet Sheet1, row 2: nobody has decided here; the same in 1 more row. Write "
            "one of correct, drop, or a new id under newid."
        ),
        (
            "iedup.xlsx, sheet Sheet1, row 3: two decisions stand here. Write one of correct, drop, "
            "or a new id under newid."
        ),
    ]


def test_a_report_of_duplicates_needs_a_column_that_tells_them_apart(tmp_path: Path):
    rows = [row[:9] for row in DUPLICATES]

    with pytest.raises(FileProblem) as caught:
        read(save(tmp_path / "iedup.xlsx", Sheet1=rows))

    assert str(caught.value) == (
        "iedup.xlsx, sheet Sheet1, row 1: no column tells the duplicates apart. Name the unique one, "
        "which the raw file has too: --interview KEY."
    )
