"""quality.xlsx, read back: every finding, nothing that identifies, and the way back as corrections."""

from __future__ import annotations

import pandas as pd
import pytest
from openpyxl import load_workbook

from survey_kit.cleaning import quality_workbook
from survey_kit.cleaning.check import COLUMNS
from survey_kit.cleaning.corrections import Action, apply_corrections, read_corrections
from survey_kit.cleaning.log_reading import read_logs
from survey_kit.cleaning.quality_workbook import write_quality
from survey_kit.cleaning.run_checks import SUMMARY, checks, run_checks
from survey_kit.errors import CorrectionError

NOTICE = "SIMULATED DATA"


@pytest.fixture
def responses(survey, question, choice):
    lists = {"yn": [choice("yes", "Yes"), choice("no", "No")]}
    nodes = [
        question("enum_code"),
        question("works", "select_one yn", label="Do you work?"),
        question("name"),
        question("story", privacy="plain"),
        question("age", "integer", label="=HOW OLD"),
    ]
    answers = {
        "enum_code": ["E1", "E2", "E1"],
        "works": ["yes", "yess", "no"],
        "name": ["Aye Aye", "Noor", None],
        "story": ["call 01711234567", "=1+1", "-"],
        "age": [20, None, 30],
    }
    unreadable = [("i2", "", "age", "=cmd()"), ("i3", "", "name", "Somchai")]
    return survey(nodes, answers, lists=lists, unreadable=unreadable)


@pytest.fixture
def checked(responses):
    wanted = {"duration", "free_text_personal", "not_in_list", "unreadable"}
    return run_checks(responses, {name: False for name in checks() if name not in wanted})


@pytest.fixture
def corrected(responses, tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(
        "interview,question,old,new,action\ni1,name,Aye Aye,,blank\ni3,age,30,31,change\n"
    )
    return apply_corrections(responses, read_corrections(path), source="raw")


@pytest.fixture
def book(responses, checked, corrected, tmp_path):
    path = tmp_path / "quality.xlsx"
    write_quality(checked.findings, checked.summary, responses, corrected.log, path, notice=NOTICE)
    return load_workbook(path)


def _table(sheet) -> pd.DataFrame:
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    return pd.DataFrame(rows[1:], columns=rows[0])


def test_every_finding_is_one_row_with_labels_and_the_enumerators_code(book, checked):
    table = _table(book["Findings"])

    same = ["check", "interview", "question", "what", "suggestion"]
    read = table[same].fillna("").astype("str").reset_index(drop=True)
    pd.testing.assert_frame_equal(
        read.sort_values(same, ignore_index=True),
        checked.findings[same].sort_values(same, ignore_index=True),
        check_dtype=False,
    )
    assert len(set(zip(table["check"], table["question"], strict=True))) == int(
        (table[["check", "question"]] != table[["check", "question"]].shift()).any(axis=1).sum()
    )
    listed = table[table["check"] == "not_in_list"].iloc[0]
    assert (listed["enumerator"], listed["question label"]) == ("E2", "Do you work?")
    assert listed["suggestion"] == "yes"


def test_the_notice_stands_at_the_top_of_every_sheet(book):
    assert book.sheetnames == [
        "Read me",
        "Findings",
        "By check",
        "By question",
        "Codes",
        "Corrections",
    ]
    assert {sheet["A1"].value for sheet in book} == {NOTICE}


def test_nothing_that_identifies_somebody_is_in_any_sheet(book):
    everything = " ".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )

    for secret in ("Aye Aye", "Noor", "Somchai", "01711"):
        assert secret not in everything
    log = _table(book["Corrections"])
    assert log["old_found"].iloc[0] == "(text, 7 characters)"
    assert list(log["new"].fillna("")) == ["", "31"]


def test_no_cell_is_a_formula_or_a_link(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]

    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert "=cmd()" in [cell.value for cell in cells]


def test_decisions_are_chosen_from_a_list_and_rows_can_be_filtered(book):
    sheet = book["Findings"]

    (rule,) = (
        each
        for each in sheet.data_validations.dataValidation
        if each.showErrorMessage and each.errorTitle == "Decision"
    )
    assert rule.formula1 == '"' + ",".join(action.value for action in Action) + '"'
    assert str(rule.sqref).startswith("L3:L")
    assert sheet.auto_filter.ref.startswith("A2:O")
    assert sheet.freeze_panes == "C3"


def test_a_new_value_is_chosen_from_the_codes_of_its_question(book):
    sheet, codes = book["Findings"], book["Codes"]
    header = [cell.value for cell in sheet[2]]
    (at,) = (
        row
        for row in range(3, sheet.max_row + 1)
        if sheet.cell(row, header.index("question") + 1).value == "works"
    )

    (rule,) = (each for each in sheet.data_validations.dataValidation if f"{'M'}{at}" in each.sqref)
    assert rule.formula1 == "Codes!$B$3:$B$4"
    assert rule.errorStyle == "warning"
    assert [codes[f"B{row}"].value for row in (3, 4)] == ["yes", "no"]
    assert [codes[f"C{row}"].value for row in (3, 4)] == ["Yes", "No"]


def test_beside_a_finding_stands_what_was_answered_around_it(book):
    table = _table(book["Findings"]).set_index(["interview", "question"])["beside it"]

    assert table[("i2", "works")].split("\n") == [
        "enum_code: (text, 2 characters)",
        "name: (text, 4 characters)",
        "story: =1+1",
    ]


def test_beside_an_interview_as_a_whole_stand_its_times_and_first_answers(survey, question):
    from survey_kit.cleaning.beside import beside

    nodes = [question("start", "start"), question("q", privacy="plain"), question("n", "integer")]
    responses = survey(nodes, {"start": ["2026-11-21 10:00"], "q": ["fine"], "n": [3]})
    findings = pd.DataFrame({"interview": ["i1", ""], "row": "", "question": ""}, dtype="str")

    assert list(beside(findings, responses)) == ["start: 2026-11-21T10:00:00\nq: fine\nn: 3", ""]


def test_two_interviews_that_are_to_be_compared_stand_together(responses, checked, tmp_path):
    row = checked.findings.iloc[0].to_dict() | {"check": "near_copy", "question": "", "answer": ""}
    pairs = [("i1", "i9; look"), ("i2", "i8"), ("i3", ""), ("i8", "i2"), ("i9", "i1; look")]
    rows = [
        row | {"interview": own, "suggestion": f"Compare with {other}" if other else "Ask"}
        for own, other in pairs
    ]
    log = apply_corrections(responses, [], source="raw").log

    write_quality(
        pd.DataFrame(rows, dtype="str"), checked.summary, responses, log, tmp_path / "two.xlsx"
    )

    table = _table(load_workbook(tmp_path / "two.xlsx")["Findings"])
    assert list(table["interview"]) == ["i3", "i1", "i9", "i2", "i8"]


def test_what_is_typed_over_or_half_decided_is_seen_in_the_workbook(book):
    sheet = book["Findings"]

    (fixed,) = (
        each
        for each in sheet.data_validations.dataValidation
        if each.errorTitle == "Filled in by the machine"
    )
    rules = [rule.formula[0] for each in sheet.conditional_formatting for rule in each.rules]
    assert (fixed.type, fixed.formula1) == ("custom", "FALSE")
    assert str(fixed.sqref).startswith("A3:K")
    assert rules[0] == ('OR(AND(OR($L3="change",$L3="recode other"),$M3=""),AND($L3="",$M3<>""))')
    assert not sheet.protection.sheet


def test_the_rows_behind_a_line_have_a_sheet_where_they_are_decided_and_read_back(
    responses, checked, tmp_path
):
    log = apply_corrections(responses, [], source="raw").log
    cells = checked.findings["interview"] != ""
    line = (
        checked.findings[cells]
        .iloc[[0]]
        .assign(interview="", what="2 of 3 interviews (67%): asked and required, but blank")
    )
    path = tmp_path / "lines.xlsx"
    write_quality(
        line, checked.summary, responses, log, path, summed=checked.findings[cells], notice=NOTICE
    )

    book = load_workbook(path)
    sheet = book["Findings summed up"]
    assert len(_table(sheet)) == cells.sum()
    about = {row[0].value: row[1].value for row in book["Read me"]}
    assert about["Summed up"].startswith(f"{cells.sum()} findings stand behind lines of the sheet")
    at = list(_table(sheet)["check"]).index("not_in_list") + 3
    sheet[f"L{at}"], sheet[f"M{at}"] = "change", "yes"
    book.save(path)
    assert [(c.interview, c.question, c.new) for c in read_corrections(path)] == [
        ("i2", "works", "yes")
    ]


def test_of_very_many_rows_behind_lines_it_is_said_how_many_are_there(
    responses, checked, tmp_path, monkeypatch
):
    monkeypatch.setattr(quality_workbook, "BEHIND", 2)
    log = apply_corrections(responses, [], source="raw").log
    path = tmp_path / "cut.xlsx"

    write_quality(checked.findings, checked.summary, responses, log, path, summed=checked.findings)

    book = load_workbook(path)
    about = {row[0].value: row[1].value for row in book["Read me"]}
    assert len(_table(book["Findings summed up"])) == 2
    assert about["Summed up"].endswith("; of these the first 2 are there.")


def test_what_decides_about_a_question_stands_first_and_repeats_show_their_own_row(
    survey, question
):
    from survey_kit.cleaning.beside import beside
    from survey_kit.questionnaire.model import Repeat

    nodes = [
        question("age", "integer"),
        question("far", "integer"),
        question("of_age", "select_one yn", label="Of age", relevant="${age} > 17"),
        Repeat(
            "member",
            (question("sex", "select_one yn"), question("years", "integer")),
        ),
    ]
    responses = survey(
        nodes,
        {"age": [20], "far": [1], "of_age": ["yes"]},
        lists={"yn": ["yes", "no"]},
        repeats={"member": {("i1", 1): {"sex": "no", "years": 3}, ("i1", 2): {"years": 40}}},
    )
    findings = pd.DataFrame(
        {
            "interview": ["i1", "i1", "i1", "i9", "i1"],
            "row": ["", "1", "2", "", ""],
            "question": ["of_age", "years", "years", "age", ""],
        }
    )

    assert list(beside(findings, responses)) == [
        "age: 20\nfar: 1",
        "sex: no",
        "",
        "",
        "age: 20\nfar: 1\nof_age: yes",
    ]


def test_counts_by_check_and_by_question_add_up_to_the_findings(book, checked):
    by_check, by_question = _table(book["By check"]), _table(book["By question"])

    assert by_check["findings"].sum() == by_question["all"].sum() == len(checked.findings)
    assert set(by_check.loc[by_check["check"] == "duration", "ran"]) == {"no"}


def test_the_same_findings_make_the_same_bytes(responses, checked, corrected, tmp_path):
    made = []
    for name in ("one.xlsx", "two.xlsx"):
        write_quality(checked.findings, checked.summary, responses, corrected.log, tmp_path / name)
        made.append((tmp_path / name).read_bytes())

    assert made[0] == made[1]


def test_a_reviewed_workbook_is_a_file_of_corrections(book, responses, tmp_path):
    sheet = book["Findings"]
    header = [cell.value for cell in sheet[2]]
    for row in range(3, sheet.max_row + 1):
        values = dict(zip(header, (cell.value for cell in sheet[row]), strict=True))
        if values["check"] == "not_in_list":
            for name, value in (
                ("decision", "change"),
                ("new value", "yes"),
                ("comment", "typing mistake"),
                ("reviewer", "AN"),
            ):
                sheet.cell(row, header.index(name) + 1, value)
        if values["check"] == "free_text_personal":
            sheet.cell(row, header.index("decision") + 1, "blank")
    book.save(tmp_path / "reviewed.xlsx")

    log = read_corrections(tmp_path / "reviewed.xlsx")
    done = apply_corrections(responses, log, source="raw")

    assert {(c.interview, c.question, c.action) for c in log} == {
        ("i1", "story", Action.BLANK),
        ("i2", "works", Action.CHANGE),
    }
    assert done.responses.frame.loc["i2", "works"] == "yes"
    assert pd.isna(done.responses.frame.loc["i1", "story"])
    assert set(done.log["match"]) == {"equal", "not stated"}


def test_more_findings_than_a_sheet_holds_go_on_to_the_next(
    responses, checked, corrected, tmp_path, monkeypatch
):
    monkeypatch.setattr(quality_workbook, "ROWS", 2)

    write_quality(
        checked.findings, checked.summary, responses, corrected.log, tmp_path / "many.xlsx"
    )

    book = load_workbook(tmp_path / "many.xlsx")
    parts = [name for name in book.sheetnames if name.startswith("Findings")]
    assert parts == ["Findings", "Findings 2"]
    assert sum(len(_table(book[name])) for name in parts) == len(checked.findings)
    for name in parts:
        book[name]["L3"] = "no action"
    book.save(tmp_path / "many.xlsx")
    assert len(read_corrections(tmp_path / "many.xlsx")) == 2


def test_no_finding_at_all_makes_a_workbook_too(survey, question, tmp_path):
    responses = survey([question("q")], {"q": ["x"]})
    checked = run_checks(responses, {})
    log = apply_corrections(responses, [], source="raw").log

    write_quality(checked.findings, checked.summary, responses, log, tmp_path / "none.xlsx")

    assert _table(load_workbook(tmp_path / "none.xlsx")["Findings"]).empty


def _reviewed(path, where, sheet: str = "Findings", **cells: str):
    book = load_workbook(where)
    for place, value in cells.items():
        book["Findings"][place] = value
    book["Findings"].title = sheet
    book.save(path)
    return read_logs([path])


@pytest.fixture
def fresh(responses, checked, corrected, tmp_path):
    path = tmp_path / "fresh.xlsx"
    log = corrected.log.iloc[:0]
    first = checked.findings[checked.findings["interview"] == "i1"].iloc[[0]]
    findings = pd.concat([first, first.assign(interview="", question="works")], ignore_index=True)
    write_quality(findings, checked.summary, responses, log, path)
    return path


def test_findings_about_no_interview_are_not_counted_as_one(fresh):
    about = {row[0].value: row[1].value for row in load_workbook(fresh)["Read me"]}

    assert about["Findings"].startswith("2, in 1 interviews")


def test_a_workbook_in_which_nobody_decided_anything_corrects_nothing_and_says_so(fresh):
    logs = read_logs([fresh])

    assert logs.entries == ()
    assert logs.notes[0] == "fresh.xlsx, sheet Findings: nobody has decided anything in it yet"


def test_what_was_applied_is_not_read_again_from_a_workbook_and_another_sheet_is_named(
    responses, checked, corrected, tmp_path
):
    path = tmp_path / "later.xlsx"
    write_quality(checked.findings, checked.summary, responses, corrected.log, path)
    assert len(corrected.log)
    before = read_logs([path])
    later = load_workbook(path)
    later.create_sheet("mine").append(["uuid", "question", "old_value", "new_value"])
    later["Findings"]["L3"] = "no action"
    later.save(path)
    after = read_logs([path])

    assert before.entries == ()
    assert before.notes == ("later.xlsx, sheet Findings: nobody has decided anything in it yet",)
    assert len(after.entries) == 1
    assert after.notes == ("later.xlsx, sheet mine: not read beside reviewed findings",)


def test_a_new_value_without_a_decision_is_named(fresh, tmp_path):
    with pytest.raises(CorrectionError) as refused:
        _reviewed(tmp_path / "half.xlsx", fresh, M3="no")

    assert str(refused.value) == (
        "half.xlsx, sheet Findings, row 3, action: the action is missing. "
        "Write change, blank, remove or no action."
    )


def test_what_was_looked_at_and_names_no_interview_may_say_no_action(fresh, tmp_path):
    logs = _reviewed(tmp_path / "seen.xlsx", fresh, L4="No action", N4="talked", L3="no action")

    assert [entry.place.row for entry in logs.entries] == [3]


def test_a_renamed_sheet_of_findings_is_known_by_its_columns(fresh, tmp_path):
    logs = _reviewed(tmp_path / "renamed.xlsx", fresh, sheet="Sheet1", L3="blank")

    assert [entry.action for entry in logs.entries] == [Action.BLANK]


@pytest.mark.parametrize(
    ("label", "points"),
    [("Which one?", 14), ("ਕਿਹੜਾ?", 17), ("أيّها؟", 17), ("ဘယ်ဟာလဲ။", 17), ("哪个？", 17)],
)
def test_rows_are_high_enough_for_scripts_with_tall_signs(
    survey, question, tmp_path, label, points
):
    responses = survey([question("age", "integer", label=label)], {"age": [1]})
    one = {
        **dict.fromkeys(COLUMNS, ""),
        "check": "unreadable",
        "interview": "i1",
        "question": "age",
    }
    nothing = pd.DataFrame(columns=["entry"])

    write_quality(
        pd.DataFrame([one]),
        pd.DataFrame(columns=list(SUMMARY)),
        responses,
        nothing,
        tmp_path / "q.xlsx",
    )

    sheet = load_workbook(tmp_path / "q.xlsx")["Findings"]
    rows = [cell.row for cell in sheet["A"] if cell.value == "unreadable"]
    heights = [sheet.row_dimensions[row].height for row in rows]
    assert heights == pytest.approx([points], abs=0.5)
