"""From answers to coders' workbooks and back, to a question of codes with the right base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.cleaning.coding.coded import settled, with_codes
from survey_kit.cleaning.coding.frame import Code, CodeFrame
from survey_kit.cleaning.coding.read_back import Coding, read_coding, units_in
from survey_kit.cleaning.coding.redaction import redacted
from survey_kit.cleaning.coding.units import Unit, shared_out, units_of
from survey_kit.cleaning.coding.workbook import write_coding
from survey_kit.errors import CodingError
from survey_kit.questionnaire.model import Missing, Privacy
from survey_kit.responses.model import Absence, Responses

FRAME = CodeFrame(
    "why",
    (
        Code("cost", {"en": "Cost"}, definition="What it costs"),
        Code("danger", {"en": "Dangers"}, until=2, replaced_by=("sea", "police")),
        Code("sea", {"en": "Sea"}, since=2),
        Code("police", {"en": "Police"}, since=2),
        Code("fees", {"en": "Fees"}, until=2, replaced_by=("cost",)),
        Code("no_say", {"en": "Would not say"}, missing=Missing.REFUSED),
    ),
    ("en",),
)


@pytest.fixture
def people(survey, question) -> Responses:
    made = survey(
        [question("asked", "select_one yn"), question("why", "text", relevant="${asked} = 'yes'")],
        {
            "asked": ["yes", "yes", "no", "yes", "yes"],
            "why": ["too dear", "the sea", None, None, "call 01711 234567 about fees"],
        },
        lists={"yn": ["yes", "no"]},
    )
    absence = made.absence.copy()
    absence.loc["i3", "why"] = Absence.NOT_ASKED
    return replace(made, absence=absence)


def _fill(path: Path, codes: Mapping[str, Sequence[str]], notes: Mapping[str, str] | None = None):
    book = openpyxl.load_workbook(path)
    sheet = book["answers"]
    heads = [cell.value for cell in sheet[1]]
    for row in range(2, sheet.max_row + 1):
        unit = str(sheet.cell(row, 1).value)
        for at, code in enumerate(codes.get(unit, ())):
            sheet.cell(row, heads.index("code 1") + 1 + at).value = code
        sheet.cell(row, heads.index("note") + 1).value = (notes or {}).get(unit)
    book.save(path)


def _coding(
    folder: Path, units: Sequence[Unit], codes: Mapping[str, Sequence[str]], coder: str = "anna"
) -> Coding:
    path = folder / f"{coder}.xlsx"
    write_coding(units, FRAME, path, coder=coder, question="why")
    _fill(path, codes)
    return read_coding([path], FRAME, units, "why")


def test_only_what_was_said_is_coded_and_telephone_numbers_are_taken_out(people: Responses):
    units = units_of(people, "why")

    assert [(u.interview, u.answer) for u in units] == [
        ("i1", "too dear"),
        ("i2", "the sea"),
        ("i5", "call [NUMBER] about fees"),
    ]
    assert len({u.unit for u in units}) == 3
    assert not any(u.interview in u.unit for u in units)


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("ফোন ০১৭১১২৩৪৫৬৭ করুন", "ফোন [NUMBER] করুন"),
        ("write to a.b@c.org", "write to [ADDRESS]"),
        ("it cost 5,000,000 in 2024-05-06", "it cost 5,000,000 in 2024-05-06"),
        ("passport AB1234567", "passport [DOCUMENT]"),
        ("at 21.4272, 92.0058 we hid", "at [PLACE] we hid"),
        ("", ""),
    ],
)
def test_what_could_reach_somebody_is_taken_out_in_any_script(text: str, without: str):
    assert redacted(text).text == without


UNITS = st.lists(
    st.builds(
        Unit,
        st.uuids().map(str),
        st.just("i"),
        st.just(""),
        st.just("said"),
        st.sampled_from(["bn", "en", ""]),
    ),
    unique_by=lambda each: each.unit,
    max_size=60,
)


@given(UNITS, st.integers(2, 4), st.sampled_from([0.0, 0.1, 0.5, 1.0]), st.integers(0, 5))
def test_every_answer_has_a_coder_and_a_share_of_each_language_has_two(units, many, double, seed):
    files = shared_out(units, [f"c{n}" for n in range(many)], double=double, seed=seed)
    count = {u.unit: sum(u in mine for mine in files.values()) for u in units}

    assert all(len(set(mine)) == len(mine) for mine in files.values())
    assert set(count.values()) <= {1, 2}
    for language in {u.language for u in units}:
        mine = [count[u.unit] for u in units if u.language == language]
        twice = sum(each == 2 for each in mine)
        assert double * len(mine) <= twice < double * len(mine) + 1
    sizes = [len(mine) for mine in files.values()]
    assert max(sizes) - min(sizes) <= len(units) * double + 5


@given(UNITS, st.integers(0, 60))
def test_a_later_round_holds_the_new_answers_and_nothing_else(units, at):
    first = shared_out(units[:at], ["a", "b"], double=0.3, seed=1)
    taken = {u.unit for mine in first.values() for u in mine}
    second = shared_out(units, ["a", "b"], double=0.3, seed=1, taken=taken)

    assert {u.unit for mine in second.values() for u in mine} == {
        u.unit for u in units if u.unit not in taken
    }


@pytest.mark.parametrize(
    ("coders", "double", "said"),
    [
        ([], 0.1, "coding, coders: each needs a name of their own. List them once each."),
        (["a", "a"], 0.1, "coding, coders: each needs a name of their own. List them once each."),
        (["a", "b"], 1.1, "coding, double: it is 1.1. Give a share from 0 to 1."),
        (
            ["a"],
            0.1,
            (
                "coding, double: answers are to be coded twice, and there is one coder. Name a second "
                "coder, or write double: 0."
            ),
        ),
    ],
)
def test_a_draw_that_cannot_be_made_is_refused(coders, double, said):
    with pytest.raises(CodingError) as caught:
        shared_out([], coders, double=double, seed=1)

    assert str(caught.value) == said


def test_what_a_coder_chose_comes_back(people: Responses, tmp_path: Path):
    units = units_of(people, "why")
    a, b, c = (u.unit for u in units)
    found = _coding(tmp_path, units, {a: ["fees"], b: ["police", "sea"], c: ["cost"]})

    assert found.coder == "anna"
    assert found.chosen == {a: ("cost",), b: ("sea", "police"), c: ("cost",)}
    assert found.faults.empty
    assert units_in(tmp_path / "anna.xlsx") == (a, b, c)


def test_no_cell_of_a_coders_workbook_is_a_formula(people: Responses, tmp_path: Path):
    (first, *rest) = units_of(people, "why")
    write_coding(
        [replace(first, answer="=1+1"), *rest],
        FRAME,
        tmp_path / "a.xlsx",
        coder="=cmd",
        question="why",
    )
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")

    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n"}
    assert book["answers"]["C2"].value == "=1+1"


def test_what_is_wrong_in_a_coders_file_is_a_row_without_the_answer(
    people: Responses, tmp_path: Path
):
    units = units_of(people, "why")
    a, b, c = (u.unit for u in units)
    path = tmp_path / "anna.xlsx"
    write_coding(units, FRAME, path, coder="anna", question="why")
    _fill(path, {a: ["cots"], b: ["danger"], c: ["no_say", "cost"]})
    book = openpyxl.load_workbook(path)
    book["answers"]["C3"] = "something else"
    book["answers"].append(["nobody", "", "x", "", "cost"])
    book["answers"].append([c, "", units[2].answer, "", "sea"])
    book.save(path)
    found = read_coding([path], FRAME, units, "why")

    assert found.chosen == {c: ("cost",)}
    assert [tuple(row) for row in found.faults[["unit", "what", "suggestion"]].to_numpy()] == [
        (a, "code 1: a code that the frame does not have", "Did you mean 'cost'?"),
        (b, "the answer is not what the data hold", "It was changed here, or corrected since"),
        (b, "its code 'danger' was given up", "Look again; it was split into sea, police"),
        (
            c,
            "'no_say' says that there is no answer, and stands beside others",
            "Leave one of them out",
        ),
        ("nobody", "no answer has this unit", "It was removed, or its unit was changed"),
        (c, "it is coded twice, differently", "Keep one; the first was taken"),
    ]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"question": "how"}, "a.xlsx: it is made for another question (how, not why). Put it "),
        ({"frame": "x"}, "a.xlsx: it is made for another frame (x, not why). Put it into the "),
        ({"coder": ""}, "a.xlsx: it does not say whose it is. Write the coder beside 'coder'."),
        (
            {"version": "9"},
            "a.xlsx: it was made with version 9 of the frame, and the frame is at 2",
        ),
    ],
)
def test_a_file_of_something_else_is_refused(
    people: Responses, tmp_path: Path, facts: Mapping[str, str], said: str
):
    units = units_of(people, "why")
    path = tmp_path / "a.xlsx"
    write_coding(units, FRAME, path, coder="anna", question="why")
    book = openpyxl.load_workbook(path)
    for row in book["about"].iter_rows(max_row=6):
        if row[0].value in facts:
            row[1].value = facts[row[0].value]
    book.save(path)
    with pytest.raises(CodingError) as caught:
        read_coding([path], FRAME, units, "why")

    assert str(caught.value).startswith(said)


def test_the_answers_become_a_question_of_codes_with_the_base_of_the_open_one(
    people: Responses, tmp_path: Path
):
    units = units_of(people, "why")
    a, b, c = (u.unit for u in units)
    coding = _coding(tmp_path, units, {a: ["cost"], b: ["no_say"]})
    coded = with_codes(people, "why", FRAME, units, settled(units, [coding]))

    assert list(coded.frame["why_codes"].fillna("")) == ["cost", "no_say", "", "", ""]
    assert list(coded.absence["why_codes"]) == [
        Absence.PRESENT,
        Absence.REFUSED,
        Absence.NOT_ASKED,
        Absence.BLANK,
        Absence.UNREADABLE,
    ]
    pd.testing.assert_series_equal(coded.frame["why"], people.frame["why"])
    item = coded.questionnaire.by_key["why_codes"]
    assert item.question.relevant == people.questionnaire.by_key["why"].question.relevant
    assert [each.code for each in coded.questionnaire.choices(item.question)] == [
        "cost",
        "sea",
        "police",
        "no_say",
    ]
    assert list(coded.questionnaire.by_key) == ["asked", "why", "why_codes"]
    with pytest.raises(CodingError) as caught:
        with_codes(coded, "why", FRAME, units, settled(units, [coding]))
    assert str(caught.value) == (
        "coding, question 'why': there is a question or a list 'why_codes' already. Give that one "
        "another name."
    )
    assert c not in coding.chosen


def test_what_coders_differ_on_waits_for_a_decision(people: Responses, tmp_path: Path):
    units = units_of(people, "why")
    a, b, c = (u.unit for u in units)
    anna = _coding(tmp_path, units, {a: ["cost"], b: ["sea"]})
    ben = _coding(tmp_path, units, {a: ["cost"], b: ["police"]}, coder="ben")
    first = settled(units, [anna, ben])
    judge = _coding(tmp_path, units, {b: ["sea", "police"]}, coder="adjudication")
    last = settled(units, [anna, ben], judge)

    assert first.codes == {a: ("cost",)}
    assert (first.open, first.undecided) == ((b, c), (b,))
    assert last.codes == {a: ("cost",), b: ("sea", "police")}
    assert (last.open, last.undecided, last.decided) == ((c,), (), 1)


def test_an_adjudicator_sees_what_each_coder_chose(people: Responses, tmp_path: Path):
    units = units_of(people, "why")
    before = {units[0].unit: {"anna": ("cost",), "ben": ("sea", "police")}}
    write_coding(units[:1], FRAME, tmp_path / "a.xlsx", coder="x", question="why", before=before)
    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx")["answers"].iter_rows(values_only=True))

    assert rows[0][4:6] == ("by anna", "by ben")
    assert rows[1][4:6] == ("cost", "sea police")


def test_only_questions_that_take_text_can_be_coded(people: Responses):
    with pytest.raises(CodingError) as caught:
        units_of(people, "asked")

    assert str(caught.value) == (
        "coding, question 'asked': there is no question of that name that takes text. Write the "
        "name of an open question, as the questionnaire has it."
    )


def _rows(path: Path):
    book = openpyxl.load_workbook(path)
    return book, book["answers"]


def test_answers_taken_out_moved_or_sorted_by_themselves_are_noticed(
    people: Responses, tmp_path: Path
):
    units = units_of(people, "why")
    a, b, c = (u.unit for u in units)
    path = tmp_path / "anna.xlsx"
    write_coding(units, FRAME, path, coder="anna", question="why")
    _fill(path, {a: ["cost"], b: ["sea"], c: ["cost"]})
    book, sheet = _rows(path)
    sheet["C2"], sheet["C3"] = sheet["C3"].value, sheet["C2"].value
    sheet.delete_rows(4)
    sheet.append([None, "", "", "", "sea"])
    book.save(path)

    found = read_coding([path], FRAME, units, "why")

    moved = "the answer of another unit stands here, so its codes were not taken"
    assert found.chosen == {}
    assert found.faults[["unit", "what"]].to_numpy().tolist() == [
        [a, moved],
        [b, moved],
        ["", "a row without a unit"],
        ["", "1 of the 3 answers that it was made with are gone"],
    ]


def test_rows_that_are_sorted_or_doubled_as_a_whole_change_nothing(
    people: Responses, tmp_path: Path
):
    units = units_of(people, "why")
    path = tmp_path / "anna.xlsx"
    write_coding(units, FRAME, path, coder="anna", question="why")
    _fill(path, {u.unit: ["cost"] for u in units})
    book, sheet = _rows(path)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    sheet.delete_rows(2, len(rows))
    for row in [*reversed(rows), rows[0]]:
        sheet.append(row)
    book.save(path)

    found = read_coding([path], FRAME, units, "why")

    assert found.chosen == {u.unit: ("cost",) for u in units}
    assert found.faults.empty


def test_merged_cells_count_for_their_first_row_and_are_named(people: Responses, tmp_path: Path):
    units = units_of(people, "why")
    path = tmp_path / "anna.xlsx"
    write_coding(units, FRAME, path, coder="anna", question="why")
    _fill(path, {u.unit: ["cost"] for u in units})
    book, sheet = _rows(path)
    sheet.merge_cells("E2:E3")
    book.save(path)

    found = read_coding([path], FRAME, units, "why")

    assert list(found.chosen) == [units[0].unit, units[2].unit]
    assert found.faults["what"].tolist() == [
        "no code yet",
        "the cells of 'code 1' in rows 2 to 3 are merged",
    ]


def test_a_translation_stands_beside_the_answer_and_before_an_adjudicator(
    people: Responses, tmp_path: Path
):
    units = units_of(people, "why")
    a, b, _ = (u.unit for u in units)
    paths = {name: tmp_path / f"{name}.xlsx" for name in ("anna", "ben")}
    for name, path in paths.items():
        write_coding(units, FRAME, path, coder=name, question="why")
        _fill(path, {a: ["cost"]})
        book, sheet = _rows(path)
        for row in sheet.iter_rows(min_row=2):
            row[3].value = f"{name} {row[2].value}" if row[0].value != b or name == "ben" else None
        book.save(path)
    codings = [read_coding([path], FRAME, units, "why") for path in paths.values()]
    final = settled(units, codings)

    coded = with_codes(people, "why", FRAME, units, final)

    assert coded.frame["why_translation"].fillna("").tolist()[:4] == [
        "anna too dear",
        "ben the sea",
        "",
        "",
    ]
    assert coded.absence["why_translation"].tolist() == people.absence["why"].tolist()
    pd.testing.assert_series_equal(coded.frame["why"], people.frame["why"])
    by_key = coded.questionnaire.by_key
    assert list(by_key) == ["asked", "why", "why_translation", "why_codes"]
    assert by_key["why_translation"].question.privacy == by_key["why"].question.privacy
    strict = with_codes(people, "why", FRAME, units, final, privacy_of_answers=Privacy.IDENTIFIER)
    assert strict.questionnaire.by_key["why_translation"].question.privacy is Privacy.IDENTIFIER
    write_coding(
        units,
        FRAME,
        tmp_path / "judge.xlsx",
        coder="x",
        question="why",
        before={},
        translations=final.translations,
    )
    assert _rows(tmp_path / "judge.xlsx")[1]["D2"].value == "anna too dear"
