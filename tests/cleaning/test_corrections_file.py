"""Reading a file of corrections: ours, another kit's, a reviewed workbook, and what is refused."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from survey_kit.cleaning.corrections import Action, read_corrections
from survey_kit.errors import CorrectionError, FileProblem

HEADER = "interview,question,old,new,action,why,who,when\n"
IRAQ = {
    "X.U.FEFF.reported_date": "when",
    "X_uuid": "interview",
    "enumerator_num": "ignore",
    "questions": "question",
    "issue": "why",
    "old_value": "old",
    "Comments.for.Field.Officer": "why",
    "Field.Officer.s.response": "why",
    "change_type": "action",
    "new_value": "new",
    "reason": "why",
}


def _write(tmp_path, text, name="corrections.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def test_our_own_columns_are_read_with_the_place_of_each_row(tmp_path):
    path = _write(
        tmp_path, HEADER + 'uuid:a,age,12,21,change,"two\nlines",AN,2026-11-21\nb,,,,remove,,,\n'
    )

    first, second = read_corrections(path)

    assert (first.interview, first.question, first.old, first.new) == ("a", "age", "12", "21")
    assert (first.action, first.why, first.who) == (Action.CHANGE, "two\nlines", "AN")
    assert second.action is Action.REMOVE
    assert second.where == "corrections.csv, line 4, interview 'b'"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_spreadsheets_write_separators_and_byte_order_marks_as_they_like(
    tmp_path, encoding, separator
):
    text = (HEADER + "a,age,১২,21,change,,,\n").replace(",", separator)

    (correction,) = read_corrections(_write(tmp_path, text, encoding=encoding))

    assert (correction.interview, correction.old) == ("a", "১২")


@pytest.mark.shared
def test_the_real_log_from_iraq_is_read_by_a_mapping(shared):
    path = shared / "data" / "iraq_households" / "cleaning_log_sample.csv"

    log = read_corrections(path, columns=IRAQ)

    assert len(log) == 25
    counted = {action: sum(c.action is action for c in log) for action in Action}
    assert counted == {
        Action.CHANGE: 9,
        Action.BLANK: 2,
        Action.REMOVE: 6,
        Action.KEEP: 8,
        Action.RECODE: 0,
    }
    assert (
        log[1].why
        == "outlier; A household water tank of 70 K liters??!!; 7000; mistake during data entering"
    )
    assert log[7].question == "water_sources.borehole"


def test_every_fault_of_the_header_is_said_at_once(tmp_path):
    path = _write(tmp_path, "interview,quesiton,old,new,colour\na,age,1,2,red\n")

    with pytest.raises(CorrectionError) as caught:
        read_corrections(path)

    assert str(caught.value).splitlines() == [
        "corrections.csv, line 1: nobody knows the column 'quesiton'. Did you mean 'question'?",
        (
            "corrections.csv, line 1: nobody knows the column 'colour'. Map it to a known column, "
            "or to 'ignore', under corrections: columns."
        ),
        (
            "corrections.csv, line 1: the column 'question' is missing. Its first row names the "
            "columns interview, question, old, new, action, row, why, who, when."
        ),
        (
            "corrections.csv, line 1: the column 'action' is missing. Its first row names the "
            "columns interview, question, old, new, action, row, why, who, when."
        ),
    ]


def test_a_mapping_that_fits_neither_side_is_refused(tmp_path):
    path = _write(tmp_path, HEADER)

    with pytest.raises(CorrectionError) as caught:
        read_corrections(path, columns={"why": "reason", "whoo": "who"})

    assert "there is no column 'reason'" in str(caught.value)
    assert "the file has no column 'whoo'. Did you mean 'who'?" in str(caught.value)


def test_rows_without_action_or_interview_are_named_with_the_words_there_are(tmp_path):
    path = _write(tmp_path, HEADER + "a,age,12,21,chnage,,,\n,age,12,21,blank,,,\nb,age,1,2,,,,\n")

    with pytest.raises(CorrectionError) as caught:
        read_corrections(path)

    assert str(caught.value).splitlines() == [
        (
            "corrections.csv, line 2, action: there is no action 'chnage'. Did you mean 'change'? "
            "Write change, blank, remove or no action."
        ),
        "corrections.csv, line 3: no interview is named. Write the id of the interview.",
        (
            "corrections.csv, line 4, action: the action is missing. "
            "Write change, blank, remove or no action."
        ),
    ]


def test_words_for_actions_may_be_mapped(tmp_path):
    path = _write(tmp_path, HEADER + "a,age,12,21,Recoded,,,\n")

    (correction,) = read_corrections(path, actions={"recoded": "change"})

    assert correction.action is Action.CHANGE


def test_a_mapped_action_that_does_not_exist_is_refused(tmp_path):
    path = _write(tmp_path, HEADER)

    with pytest.raises(CorrectionError) as caught:
        read_corrections(path, actions={"recoded": "changed"})

    assert (
        str(caught.value)
        == "corrections.csv, actions: there is no action 'changed'. Did you mean 'change'?"
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("corrections.csv", b"", "the file is empty"),
        ("corrections.xlsx", b"no zip", "this is not a workbook, whatever its name says"),
        ("corrections.pdf", b"%PDF", "corrections are not read from .pdf"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(FileProblem) as caught:
        read_corrections(path)

    assert str(caught.value).startswith(f"{name}: {message}.")


def test_a_missing_file_is_named_without_its_folder(tmp_path):
    with pytest.raises(FileProblem) as caught:
        read_corrections(tmp_path / "log.csv")

    assert (
        str(caught.value) == "log.csv: there is no such file. Correct the path of the corrections."
    )


def test_numbers_and_days_of_a_workbook_are_read_as_the_form_writes_them(tmp_path):
    import datetime as dt

    book = Workbook()
    sheet = book.active
    sheet.append(["interview", "question", "old", "new", "action", "when"])
    sheet.append(["a", "age", 12.0, 21, "change", dt.datetime(2026, 11, 21)])  # noqa: DTZ001
    sheet.append(["a", "paid", 0.5, True, "change", None])
    path = tmp_path / "log.xlsx"
    book.save(path)

    first, second = read_corrections(path)

    assert (first.old, first.new, first.when) == ("12", "21", "2026-11-21")
    assert (second.old, second.new) == ("0.5", "TRUE")
    assert str(first.place) == "log.xlsx, sheet Sheet, row 2"


def test_the_logs_of_other_kits_are_read_by_a_mapping(tmp_path):
    """IPA's corrections (high-frequency checks) and the Mixed Migration Centre's cleaningkit."""
    ipa = tmp_path / "ipa.csv"
    ipa.write_text(
        "date,key,enum,variable,label,value,newvalue,action,comments\n"
        "1/2/26,a,7,members,Members,120,12,replace,typed twice\n"
        "1/2/26,b,7,,,,,drop,a test\n"
        "1/2/26,c,7,members,Members,14,,okay,a big house\n",
        encoding="utf-8",
    )
    kit = tmp_path / "kit.csv"
    kit.write_text(
        "Date,Survey UUID,Enumerator,Section,Question number,Question text,Issue,Old value,"
        "Action taken,New value,Identified by,Comments,PO feedback,check_binding\n"
        "1,a,E,S,members,How many?,too many,120,recoded,12,AN,seen,,x\n"
        "1,b,E,S,,,test,,discard,,AN,,,x\n"
        "1,c,E,S,members,How many?,odd,14,delete_data_point,,AN,,agreed,x\n",
        encoding="utf-8",
    )

    of_ipa = read_corrections(
        ipa,
        columns={
            "date": "when",
            "key": "interview",
            "enum": "ignore",
            "variable": "question",
            "label": "ignore",
            "value": "old",
            "newvalue": "new",
            "comments": "why",
        },
        actions={"replace": "change", "drop": "remove", "okay": "no action"},
    )
    of_kit = read_corrections(
        kit,
        columns={
            "Date": "when",
            "Survey UUID": "interview",
            "Enumerator": "ignore",
            "Section": "ignore",
            "Question number": "question",
            "Question text": "ignore",
            "Issue": "why",
            "Old value": "old",
            "Action taken": "action",
            "New value": "new",
            "Identified by": "who",
            "Comments": "why",
            "PO feedback": "why",
            "check_binding": "ignore",
        },
        actions={"recoded": "change", "discard": "remove", "delete_data_point": "blank"},
    )

    assert [(c.interview, c.question, c.old, c.new, c.action.value) for c in of_ipa] == [
        ("a", "members", "120", "12", "change"),
        ("b", "", "", "", "remove"),
        ("c", "members", "14", "", "no action"),
    ]
    assert [(c.interview, c.question, c.action.value, c.why) for c in of_kit] == [
        ("a", "members", "change", "too many; seen"),
        ("b", "", "remove", "test"),
        ("c", "members", "blank", "odd; agreed"),
    ]
