"""Cleaning logs in every known format: what each is taken for, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.corrections_file import read_corrections
from survey_kit.cleaning.log_format import log_formats, plain_header
from survey_kit.cleaning.log_reading import LogOptions, Logs, read_logs
from survey_kit.errors import CorrectionError, FileProblem

Rows = Sequence[Sequence[object]]

CLEANINGTOOLS: Rows = [
    (
        "uuid",
        "old_value",
        "question",
        "issue",
        "check_id",
        "check_binding",
        "change_type",
        "new_value",
    ),
    ("a", "24", "coolers", "outlier", "o1", "o1 ~/~ a", "change_response", "4"),
    ("a", "3", "pumps", "outlier", "o2", "o2 ~/~ a", "blank_response", "NA"),
    ("b", "", "NA", "too short", "", "", "remove_survey", ""),
    ("c", "5", "pumps", "outlier", "", "", "no_action", ""),
]
CLEANINGKIT: Rows = [
    (
        "Date",
        "Survey UUID",
        "Survey Registration Date",
        "Enumerator",
        "Section",
        "Question number",
        "Question text",
        "Issue",
        "Old value",
        "Action taken",
        "New value",
        "Identified by",
        "Comments",
        "PO feedback",
        "check_binding",
    ),
    (
        "2026-07-01",
        "a",
        "",
        "e1",
        "1",
        "Q78",
        "Why?",
        "typo",
        "War",
        "recoded",
        "Conflict",
        "PO",
        "",
        "ok",
        "",
    ),
    (
        "2026-07-01",
        "b",
        "",
        "e1",
        "1",
        "Q31",
        "",
        "",
        "x",
        "delete_data_point",
        "",
        "PO",
        "",
        "",
        "",
    ),
    ("2026-07-01", "c", "", "e1", "", "", "", "short", "", "discard", "", "PO", "", "", ""),
    ("2026-07-01", "d", "", "e1", "", "Q14", "", "", "", "addition", "Dhaka", "PO", "", "", ""),
    ("2026-07-01", "d", "", "e1", "", "Q15", "", "", "1", "no_action", "", "PO", "", "", ""),
]
IPA: Rows = [
    ("date", "hhid", "enum", "variable", "label", "value", "newvalue", "action", "comments"),
    ("1 July", "0012", "4", "age", "Age", "302", "32", "replace", "typed twice"),
    ("1 July", "0013", "4", "", "", "", "", "drop", "test"),
    ("1 July", "0014", "4", "age", "Age", "99", "", "okay", ""),
]
UTILITY_R: Rows = [
    ("uuid", "loop_index", "variable", "old.value", "new.value", "issue"),
    ("a", "NA", "age", "200", "20", "typo"),
    ("a", "loop1_12", "member_age", "-1", "NA", "impossible"),
]
OWN: Rows = [
    ("interview", "question", "old", "new", "action", "row"),
    ("uuid:a", "age", "200", "20", "change", ""),
]
DELETIONS: Rows = [("uuid", "enumerator", "reason"), ("a", "4", "pilot"), ("b", "4", "")]


def save_csv(path: Path, rows: Rows, separator: str = ",") -> Path:
    lines = (separator.join(f'"{cell}"' for cell in row) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def save_book(path: Path, **sheets: Rows) -> Path:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    book.save(path)
    return path


def read(path: Path, **said: Mapping[str, str]) -> Logs:
    return read_logs([path], options=LogOptions(**said))  # type: ignore[arg-type]


def short(entries: Sequence[Correction]) -> list[tuple[str, str, str, str, Action]]:
    return [(e.interview, e.question, e.old, e.new, e.action) for e in entries]


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        (CLEANINGTOOLS, "cleaningtools"),
        (CLEANINGKIT, "cleaningkit"),
        (IPA, "ipa"),
        (UTILITY_R, "utilityR"),
        (OWN, "survey-kit"),
    ],
)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_log_is_known_by_its_header(tmp_path: Path, rows: Rows, name: str, suffix: str):
    path = tmp_path / f"log{suffix}"
    if suffix == ".csv":
        save_csv(path, rows, separator=";")
    else:
        save_book(path, readme=[("about",), ("a log",)], log=rows)

    logs = read(path)

    assert [each.format for each in logs.read] == [name]
    assert len(logs.entries) == len(rows) - 1


def test_every_format_has_an_interview_and_says_what_it_is():
    for known in log_formats().values():
        assert "interview" in known.columns
        assert known.title
        assert all(plain_header(each) == each for names in known.columns.values() for each in names)


def test_cleaningtools_as_r_writes_it(tmp_path: Path):
    rows = [("X_uuid", *CLEANINGTOOLS[0][1:]), *CLEANINGTOOLS[1:]]

    entries = read(save_csv(tmp_path / "log.csv", rows)).entries

    assert short(entries) == [
        ("a", "coolers", "24", "4", Action.CHANGE),
        ("a", "pumps", "3", "", Action.BLANK),
        ("b", "", "", "", Action.REMOVE),
        ("c", "pumps", "5", "", Action.KEEP),
    ]


def test_cleaningkit_with_its_own_words_for_actions(tmp_path: Path):
    entries = read(save_csv(tmp_path / "log.csv", CLEANINGKIT)).entries

    assert [e.action for e in entries] == [
        Action.CHANGE,
        Action.BLANK,
        Action.REMOVE,
        Action.CHANGE,
        Action.KEEP,
    ]
    assert (entries[0].who, entries[0].when) == ("PO", "2026-07-01")
    assert entries[0].why == "typo; ok"


def test_the_action_other_of_cleaningkit_has_to_be_translated(tmp_path: Path):
    rows = [CLEANINGKIT[0], (*CLEANINGKIT[1][:9], "other", *CLEANINGKIT[1][10:])]
    path = save_csv(tmp_path / "log.csv", rows)

    with pytest.raises(CorrectionError) as caught:
        read(path)
    entries = read(path, actions={"other": "no action"}).entries

    assert "log.csv, line 2, action: there is no action 'other'." in str(caught.value)
    assert [e.action for e in entries] == [Action.KEEP]


def test_ids_of_ipa_keep_their_noughts_and_drop_removes_an_interview(tmp_path: Path):
    entries = read(save_csv(tmp_path / "log.csv", IPA)).entries

    assert short(entries) == [
        ("0012", "age", "302", "32", Action.CHANGE),
        ("0013", "", "", "", Action.REMOVE),
        ("0014", "age", "99", "", Action.KEEP),
    ]


def test_without_actions_an_empty_new_value_of_utility_r_blanks(tmp_path: Path):
    entries = read(save_csv(tmp_path / "log.csv", UTILITY_R)).entries

    assert [(e.row, e.new, e.action) for e in entries] == [
        ("", "20", Action.CHANGE),
        ("loop1_12", "", Action.BLANK),
    ]


def test_without_actions_an_empty_new_value_elsewhere_has_to_be_explained(tmp_path: Path):
    rows = [
        ("uuid", "question", "old_value", "new_value"),
        ("a", "age", "3", "4"),
        ("b", "age", "3", ""),
    ]
    path = save_csv(tmp_path / "log.csv", rows)

    with pytest.raises(CorrectionError) as caught:
        read(path)
    entries = read(path, actions={"": "blank"}).entries

    assert str(caught.value) == (
        "log.csv, line 3: the log has no column of actions, and here no new value. Say what an "
        "empty one means: --action =blank, or --action '=no action' (in a study under corrections: "
        "actions)."
    )
    assert [e.action for e in entries] == [Action.CHANGE, Action.BLANK]


def test_what_is_wrong_with_many_rows_alike_is_said_once(tmp_path: Path):
    rows = [("uuid", "question", "new_value"), *[(f"u{n}", "age", "") for n in range(9)]]

    with pytest.raises(CorrectionError) as caught:
        read(save_csv(tmp_path / "log.csv", rows))

    assert str(caught.value).startswith(
        "log.csv, line 2: the log has no column of actions, and here no new value; the same in 8 "
        "more rows. Say what"
    )
    assert len(caught.value.faults) == 1


def test_a_list_of_ids_removes_nobody_unless_it_is_called_a_deletion_log(tmp_path: Path):
    named = save_csv(tmp_path / "deletion_log.csv", DELETIONS)
    plain = save_csv(tmp_path / "visited.csv", DELETIONS)

    assert [e.action for e in read(named).entries] == [Action.REMOVE] * 2
    assert len(read_logs([], deletions=[plain]).entries) == 2
    with pytest.raises(FileProblem) as caught:
        read(plain)
    assert str(caught.value).startswith(
        "visited.csv: this is no cleaning log that is known: its columns are 'uuid', 'enumerator', "
    )


def test_several_sheets_and_a_folder_with_a_lock_file_are_read_together(tmp_path: Path):
    save_book(
        tmp_path / "a.xlsx",
        readme=[("this is a log",)],
        cleaning_log=CLEANINGTOOLS,
        deletion_log=DELETIONS,
    )
    save_csv(tmp_path / "b.csv", OWN)
    (tmp_path / "~$a.xlsx").write_bytes(b"locked")

    logs = read(tmp_path)

    assert [(r.format, r.entries) for r in logs.read] == [
        ("cleaningtools", 4),
        ("deletions", 2),
        ("survey-kit", 1),
    ]
    assert logs.notes == (
        "~$a.xlsx: somebody has this file open in Excel; not read",
        "a.xlsx, sheet readme: no log, not read",
    )
    assert logs.entries[-1].interview == "a"


def test_a_column_that_may_be_misspelt_is_refused_until_somebody_says_what_it_is(tmp_path: Path):
    rows = [
        ("uuid", "question", "old_vlaue", "new_value", "change_type"),
        ("a", "q", "1", "2", "change"),
    ]
    path = save_csv(tmp_path / "log.csv", rows)

    with pytest.raises(CorrectionError) as caught:
        read(path)
    entries = read(path, columns={"old_vlaue": "old"}).entries

    assert str(caught.value) == (
        "log.csv, line 1: the column 'old_vlaue' is not known. If it is the column 'old', say so "
        "under columns; if not, say ignore."
    )
    assert entries[0].old == "1"


def test_what_was_not_read_is_said(tmp_path: Path):
    rows = [(*OWN[0], "colour of the cell"), (*OWN[1], "red")]

    (log,) = read(save_csv(tmp_path / "log.csv", rows)).read

    assert log.left == ("colour of the cell",)
    assert "not read: colour of the cell" in str(log)


def test_an_empty_log_is_one_with_a_header(tmp_path: Path):
    nothing = tmp_path / "nothing.csv"
    nothing.write_text("\n")

    assert read(save_csv(tmp_path / "log.csv", OWN[:1])).entries == ()
    with pytest.raises(FileProblem) as caught:
        read(nothing)
    assert str(caught.value) == (
        "nothing.csv: the file is empty. Keep the row that names the columns: it may stand alone."
    )


def test_a_truncated_workbook_and_a_formula_without_value_are_refused(tmp_path: Path):
    whole = save_book(tmp_path / "whole.xlsx", log=[*OWN, ("b", "age", "1", "=1+1", "change", "")])
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(whole.read_bytes()[:900])

    for path in (whole, cut, tmp_path / "none.csv", save_csv(tmp_path / "log.pdf", OWN)):
        with pytest.raises(FileProblem):
            read(path)


def test_every_fault_of_a_log_is_told_at_once(tmp_path: Path):
    rows = [*OWN, ("", "age", "1", "2", "change", ""), ("b", "age", "1", "2", "chnage", "")]

    with pytest.raises(CorrectionError) as caught:
        read(save_csv(tmp_path / "log.csv", rows))

    assert [str(fault) for fault in caught.value.faults] == [
        "log.csv, line 3: no interview is named. Write the id of the interview.",
        (
            "log.csv, line 4, action: there is no action 'chnage'. Did you mean 'change'? Or say "
            "under actions what it means."
        ),
    ]


def test_a_workbook_called_csv_is_told(tmp_path: Path):
    path = tmp_path / "log.csv"
    save_book(tmp_path / "log.xlsx", Log=CLEANINGTOOLS).rename(path)

    with pytest.raises(FileProblem) as caught:
        read(path)

    assert str(caught.value) == (
        "log.csv: this is a workbook, not text. Give it the suffix .xlsx, or save it as CSV."
    )


def test_two_columns_of_one_name_are_refused(tmp_path: Path):
    rows = [(*CLEANINGTOOLS[0], "new_value"), *((*row, "9") for row in CLEANINGTOOLS[1:])]

    with pytest.raises(CorrectionError) as caught:
        read(save_csv(tmp_path / "log.csv", rows))

    assert str(caught.value) == (
        "log.csv, line 1: two columns are called 'new_value'. Rename the one that is not meant."
    )


def test_of_a_row_whose_cells_have_shifted_none_is_shown(tmp_path: Path):
    rows = [
        *CLEANINGTOOLS,
        ("d", "x", "pumps", "typo", "", "", "Mr Somebody", "change_response", "7"),
    ]

    with pytest.raises(CorrectionError) as caught:
        read(save_csv(tmp_path / "log.csv", rows))

    assert str(caught.value) == (
        "log.csv, line 6: the row has more cells than the header. "
        "Put a text that holds the separator in quotes."
    )


@pytest.mark.parametrize("word", ["Change Response", "change-response", "CHANGE_RESPONSE"])
def test_an_action_may_be_written_with_spaces(tmp_path: Path, word: str):
    rows = [CLEANINGTOOLS[0], (*CLEANINGTOOLS[1][:6], word, "4")]

    assert [e.action for e in read(save_csv(tmp_path / "log.csv", rows)).entries] == [Action.CHANGE]


@pytest.mark.parametrize("nothing", ["NA", "nan", "NaN", "NULL", "#N/A"])
def test_what_programs_write_for_nothing_is_nothing(tmp_path: Path, nothing: str):
    rows = [CLEANINGTOOLS[0], ("a", nothing, "pumps", "", "", "", "blank_response", nothing)]

    assert short(read(save_csv(tmp_path / "log.csv", rows)).entries) == [
        ("a", "pumps", "", "", Action.BLANK)
    ]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("one_x000D_\ntwo", "one\r\ntwo"),
        ("_x005F_x000D_", "_x000D_"),
        ("q_x0041_", "q_x0041_"),
        ("_x005F_ alone", "_x005F_ alone"),
    ],
)
def test_line_ends_come_out_of_a_workbook_as_they_went_in(tmp_path: Path, cell: str, text: str):
    rows = [CLEANINGTOOLS[0], ("a", cell, "said", "", "", "", "blank_response", "")]

    (entry,) = read(save_book(tmp_path / "log.xlsx", Log=rows)).entries

    assert entry.old == text


@pytest.mark.parametrize("reader", [read, read_corrections])
def test_a_mask_is_never_written_as_an_answer(tmp_path: Path, reader: Callable[[Path], object]):
    header = ("interview", "question", "old", "new", "action")
    rows = [header, ("a", "said", "", "(text, 23 characters)", "change")]

    with pytest.raises(CorrectionError) as caught:
        reader(save_csv(tmp_path / "log.csv", rows))

    assert str(caught.value) == (
        "log.csv, line 2: the new value stands masked here. "
        "Give the log that was applied, or the new value."
    )
