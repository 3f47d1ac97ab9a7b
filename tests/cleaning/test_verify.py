"""Cleaning and verifying files: styles of exports, conflicts, merged logs, and every kind of difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from survey_kit.cleaning.clean_file import Cleaned, clean_file
from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.correction_log import verify_log
from survey_kit.cleaning.raw_file import RawFile, open_raw
from survey_kit.cleaning.raw_writing import write_cleaned
from survey_kit.cleaning.verify_clean import Found, Proof, verify_clean
from survey_kit.cleaning.weighing import Kind
from survey_kit.questionnaire.model import Place, Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.read import ReadOptions, read_responses

FORM = """
questionnaire: small
version: "1"
title: {en: Small}
languages: {en: English}
choices:
  yes_no: [{code: "yes", label: {en: "Yes, it is"}}, {code: "no", label: {en: No}}]
  sources:
    - {code: well, label: {en: A well}}
    - {code: river, label: {en: A river}}
interview:
  - {name: age, type: integer, label: {en: Age}}
  - {name: since, type: date, label: {en: Since}}
  - {name: water, type: select_one yes_no, label: {en: Water}}
  - {name: sources, type: select_multiple sources, relevant: "${water} = 'yes'", label: {en: From}}
  - {name: half, type: calculate, calculation: "${age} div 2"}
  - {name: said, type: text, label: {en: Said}}
  - {name: never, type: text, label: {en: Never answered}}
"""
HEADER = "_uuid,age,since,water,sources,sources/well,sources/river,half,said,office"
ROWS = (
    "a,40,2021-07-08,yes,well,1,0,20,one,north",
    "b,50,2021-07-09,no,,,,25,two,north",
    "007,60,2021-07-10,yes,river well,1,1,30,1e5,south",
)


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    path = tmp_path_factory.mktemp("form") / "form.yaml"
    path.write_text(FORM, encoding="utf-8")
    return read_yaml(path)


def save(path: Path, rows: Sequence[str] = ROWS, header: str = HEADER) -> Path:
    path.write_text("\r\n".join([header, *rows]) + "\r\n", encoding="utf-8", newline="")
    return path


def entry(
    interview: str, question: str = "", new: str = "", old: str = "", **more: str
) -> Correction:
    action = Action(more.get("action", "change"))
    place = Place(more.get("file", "log.csv"), row=int(more.get("line", "2")))
    when, row = more.get("when", ""), more.get("row", "")
    return Correction(interview, question, old, new, action, "", "", when, place, row)


def clean(path: Path, form: Questionnaire | None, *log: Correction) -> Cleaned:
    responses = read_responses(path, form) if form else None
    return clean_file(open_raw(path, form), responses, log, source="raw")


def written(cleaned: Cleaned, out: Path) -> list[str]:
    write_cleaned(cleaned, out)
    return out.read_text(encoding="utf-8").splitlines()


def found(proof: Proof) -> list[tuple[Found, str, str]]:
    return [(d.found, d.interview, d.column) for d in proof.differences]


def kinds(cleaned: Cleaned) -> list[Kind]:
    return [verdict.kind for verdict in cleaned.verdicts]


def held_against(cleaned: Cleaned, rows: Sequence[str], path: Path, header: str = HEADER) -> Proof:
    return verify_clean(cleaned, open_raw(save(path, rows, header), cleaned.raw.form))


def test_only_cells_that_change_differ_and_parent_and_children_follow(
    tmp_path: Path, form: Questionnaire
):
    raw = save(tmp_path / "raw.csv")

    lines = written(
        clean(raw, form, entry("a", "sources/river", "1", "0"), entry("007", "age", "61", "60")),
        tmp_path / "out.csv",
    )

    assert lines == [
        HEADER,
        "a,40,2021-07-08,yes,well river,1,1,20,one,north",
        ROWS[1],
        "007,61,2021-07-10,yes,river well,1,1,30.5,1e5,south",
    ]


def test_answers_no_longer_asked_are_blanked_in_the_files_own_style(
    tmp_path: Path, form: Questionnaire
):
    raw = save(tmp_path / "raw.csv")

    cleaned = clean(raw, form, entry("a", "water", "no", "yes"))

    assert written(cleaned, tmp_path / "out.csv")[1] == "a,40,2021-07-08,no,,,,20,one,north"
    assert [(e.column, e.entry) for e in cleaned.edits] == [
        ("water", True),
        ("sources", False),
        ("sources/well", False),
        ("sources/river", False),
    ]


@pytest.mark.parametrize(("yes", "no"), [("TRUE", "FALSE"), ("1", "0"), ("A well", ""), ("1", "")])
def test_children_are_spelt_as_the_file_spells_them(
    tmp_path: Path, form: Questionnaire, yes: str, no: str
):
    label = yes.startswith("A ")
    river = "A river" if label else yes
    names = "sources/A well,sources/A river" if label else "sources/well,sources/river"
    words = "A well,A river" if label else "well,river"
    well, other = words.split(",")
    rows = [f"a,yes,{well},{yes},{no}", f"b,yes,{other},{no},{river}", "c,no,,,"]
    raw = save(tmp_path / "raw.csv", rows, f"_uuid,water,sources,{names}")

    lines = written(clean(raw, form, entry("a", "sources", "river", "well")), tmp_path / "o.csv")

    assert lines[1] == f"a,yes,{other},{no},{river}"


def test_labels_stay_labels_and_days_stay_in_their_order(tmp_path: Path, form: Questionnaire):
    rows = ['a,40,28/07/2021,"Yes, it is"', "b,50,09/07/2021,No"]
    raw = save(tmp_path / "raw.csv", rows, "_uuid,age,since,water")

    cleaned = clean(
        raw, form, entry("b", "water", "yes", "No"), entry("b", "since", "2021-12-31", "2021-07-09")
    )

    assert written(cleaned, tmp_path / "o.csv")[2] == 'b,50,31/12/2021,"Yes, it is"'


def test_a_word_for_nothing_is_written_where_the_file_has_one(tmp_path: Path, form: Questionnaire):
    rows = ['"a",40,"yes","one"', '"b",NA,"no",NA']
    raw = save(tmp_path / "raw.csv", rows, '"_uuid","age","water","said"')

    lines = written(clean(raw, form, entry("a", "age", action="blank")), tmp_path / "o.csv")

    assert lines[1] == '"a",NA,"yes","one"'


def test_a_removed_interview_is_gone_and_a_column_the_log_needs_is_added(
    tmp_path: Path, form: Questionnaire
):
    raw = save(tmp_path / "raw.csv")

    cleaned = clean(raw, form, entry("b", action="remove"), entry("a", "never", "now"))
    lines = written(cleaned, tmp_path / "out.csv")

    assert lines == [f"{HEADER},never", f"{ROWS[0]},now", f"{ROWS[2]},"]
    assert cleaned.removed == ("b",)
    assert "the file has no column for the question 'never': one was added" in cleaned.notes
    assert verify_clean(cleaned, open_raw(tmp_path / "out.csv", form)).exact


def test_columns_that_no_form_knows_are_corrected_too(tmp_path: Path, form: Questionnaire):
    raw = save(tmp_path / "raw.csv")

    cleaned = clean(raw, form, entry("a", "office", "east", "north"))

    assert written(cleaned, tmp_path / "out.csv")[1].endswith(",one,east")
    assert verify_log(cleaned.log, source="raw") is None


def test_without_a_form_sisters_follow_and_nothing_else_does(tmp_path: Path):
    raw = save(tmp_path / "raw.csv")

    cleaned = clean(raw, None, entry("a", "sources", "river"), entry("a", "water", "no", "yes"))

    assert written(cleaned, tmp_path / "o.csv")[1] == "a,40,2021-07-08,no,river,0,1,20,one,north"
    assert any("without a form" in note for note in cleaned.notes)


def test_every_entry_has_a_class_and_a_conflict_stops_all(tmp_path: Path, form: Questionnaire):
    log = [
        entry("a", "age", "41", "40"),
        entry("a", "said", "uno", "ONE"),
        entry("b", "said", "due"),
        entry("b", "age", "", "50", action="no action"),
        entry("007", "age", "60", "59"),
        entry("a", "age", "41", "40", file="second.csv"),
        entry("b", "since", "2020-01-01", "2019-01-01"),
        entry("b", "agee", "3"),
        entry("nobody", "age", "3"),
        entry("a", "water", "maybe"),
        entry("b", "", "", "", action="no action"),
    ]

    log = [replace(e, place=Place(e.place.file, row=row)) for row, e in enumerate(log, start=2)]

    cleaned = clean(save(tmp_path / "raw.csv"), form, *log)

    assert kinds(cleaned) == [
        Kind.APPLIED,
        Kind.NORMALISED,
        Kind.NOT_STATED,
        Kind.NO_ACTION,
        Kind.ALREADY,
        Kind.DUPLICATE,
        Kind.CONFLICT,
        Kind.UNKNOWN_QUESTION,
        Kind.UNKNOWN_INTERVIEW,
        Kind.NOT_TAKEN,
        Kind.NO_ACTION,
    ]
    assert len(cleaned.stopped) == 4


def test_contradicting_entries_name_each_other_and_their_files(tmp_path: Path, form: Questionnaire):
    log = [entry("a", "age", "41", file="one.csv"), entry("a", "age", "42", file="two.csv")]

    cleaned = clean(save(tmp_path / "raw.csv"), form, *log)

    assert kinds(cleaned) == [Kind.CONTRADICTING] * 2
    assert str(cleaned.stopped[1].fault) == (
        "two.csv, line 2, interview 'a', question 'age': it contradicts one.csv, line 2. Decide "
        "which of the two is right, and take the other out."
    )


def test_a_later_entry_that_knows_the_earlier_one_does_not_contradict_it(
    tmp_path: Path, form: Questionnaire
):
    log = [entry("a", "age", "41", "40"), entry("a", "age", "42", "41")]

    cleaned = clean(save(tmp_path / "raw.csv"), form, *log)

    assert cleaned.stopped == ()
    assert [(e.column, e.new) for e in cleaned.edits] == [("age", "42"), ("half", "21")]


def test_one_reviewer_keeps_what_another_changes(tmp_path: Path, form: Questionnaire):
    log = [
        entry("a", "age", "41", "40", file="one.csv"),
        entry("a", "age", "", "40", action="no action", file="two.csv"),
    ]

    assert kinds(clean(save(tmp_path / "raw.csv"), form, *log)) == [Kind.CONTRADICTING] * 2


@pytest.mark.parametrize("column", ["age", "office"])
@pytest.mark.parametrize("with_form", [True, False])
def test_what_one_line_keeps_and_the_next_changes_stops_everything(
    tmp_path: Path, form: Questionnaire, column: str, with_form: bool
):
    old = {"age": "40", "office": "north"}[column]
    log = [
        entry("a", column, "", old, action="no action"),
        entry("a", column, "41", old, line="3"),
    ]

    cleaned = clean(save(tmp_path / "raw.csv"), form if with_form else None, *log)

    assert [str(verdict.fault) for verdict in cleaned.stopped] == [
        (
            f"log.csv, line 2, interview 'a', question '{column}': it contradicts log.csv, line 3. "
            "Decide which of the two is right, and take the other out."
        ),
        (
            f"log.csv, line 3, interview 'a', question '{column}': it contradicts log.csv, line 2. "
            "Decide which of the two is right, and take the other out."
        ),
    ]


@pytest.mark.parametrize(
    ("kept", "changed"),
    [
        ({"old": "41.0"}, {}),
        ({"old": "40", "when": "2026-11-20"}, {"when": "2026-11-21"}),
        ({"old": "40", "when": "20/11/2026"}, {"when": "21/11/2026"}),
        ({"old": "40", "when": "46346"}, {"when": "2026-11-21 08:00"}),
    ],
)
def test_a_look_at_what_the_change_leaves_or_on_a_day_before_it_contradicts_nothing(
    tmp_path: Path, form: Questionnaire, kept: dict[str, str], changed: dict[str, str]
):
    log = [
        entry("a", "age", "41", "40", **changed),
        entry("a", "age", "", action="no action", **kept),
    ]

    cleaned = clean(save(tmp_path / "raw.csv"), form, *log)

    assert cleaned.stopped == ()
    assert [(e.column, e.new) for e in cleaned.edits] == [("age", "41"), ("half", "20.5")]


@pytest.mark.parametrize(
    "whens", [("2026-11-21", "2026-11-21"), ("06/07/2026", "07/06/2026"), ("21/11/2026", "")]
)
def test_a_day_that_tells_no_order_settles_nothing(
    tmp_path: Path, form: Questionnaire, whens: tuple[str, str]
):
    log = [
        entry("a", "age", "", "40", action="no action", when=whens[0]),
        entry("a", "age", "41", "40", when=whens[1]),
    ]

    assert kinds(clean(save(tmp_path / "raw.csv"), form, *log)) == [Kind.CONTRADICTING] * 2


@pytest.mark.parametrize("column", ["age", "office"])
def test_no_action_with_another_value_beside_it_contradicts_itself(
    tmp_path: Path, form: Questionnaire, column: str
):
    cleaned = clean(save(tmp_path / "raw.csv"), form, entry("a", column, "41", action="no action"))

    assert [str(verdict.fault) for verdict in cleaned.stopped] == [
        (
            f"log.csv, line 2, interview 'a', question '{column}': it says no action, and a new "
            "value stands beside it. Write change, or take the new value out."
        )
    ]


def test_no_action_on_what_is_not_there_stops_nothing_and_says_so(
    tmp_path: Path, form: Questionnaire
):
    log = [
        entry("a", "duration", "", "7 min", action="no action"),
        entry("x", "age", "", "7", action="no action"),
        entry("a", "half", "", "20", action="no action"),
        entry("b", "age", "51", "50"),
    ]

    cleaned = clean(save(tmp_path / "raw.csv"), form, *log)

    assert kinds(cleaned) == [Kind.NO_ACTION] * 3 + [Kind.APPLIED]
    assert [verdict.what for verdict in cleaned.verdicts[:3]] == [
        "there is no question called 'duration'",
        "there is no such interview",
        "the form calculates this",
    ]
    assert cleaned.stopped == ()


def test_a_spreadsheets_number_of_a_day_is_followed_where_the_old_one_is_verified(
    tmp_path: Path, form: Questionnaire
):
    raw = save(tmp_path / "raw.csv")

    followed = clean(raw, form, entry("a", "since", "44386", "44385"))
    wrong = clean(raw, form, entry("a", "since", "44386", "44384"))
    alone = clean(
        raw, form, entry("a", "since", "44386"), entry("b", "since", "44387", "2021-07-09")
    )

    assert [(e.column, e.old, e.new) for e in followed.edits] == [
        ("since", "2021-07-08", "2021-07-09")
    ]
    assert kinds(wrong) == [Kind.CONFLICT]
    assert [verdict.what for verdict in alone.stopped] == [
        "the new value is a number, and the question takes a day"
    ] * 2


@pytest.mark.parametrize(("column", "new"), [("age", "41.0"), ("water", "No"), ("since", "44386")])
def test_a_conflict_is_told_where_the_new_value_is_spelt_in_another_way(
    tmp_path: Path, form: Questionnaire, column: str, new: str
):
    log = [entry("a", column, new, "44000")]

    assert kinds(clean(save(tmp_path / "raw.csv"), form, *log)) == [Kind.CONFLICT]


def test_a_line_about_everybody_is_followed_only_if_it_is_meant(
    tmp_path: Path, form: Questionnaire
):
    raw = save(tmp_path / "raw.csv")
    rule = entry("all_data", "office", "N", "north")

    refused = clean(raw, form, rule)
    meant = clean_file(
        open_raw(raw, form), read_responses(raw, form), [rule], source="raw", column_rules=True
    )

    assert kinds(refused) == [Kind.CONFLICT]
    assert [(e.interview, e.new) for e in meant.edits] == [("a", "N"), ("b", "N")]


def test_an_id_that_is_there_twice_has_to_be_told_apart(tmp_path: Path, form: Questionnaire):
    raw = save(tmp_path / "raw.csv", [ROWS[0], ROWS[1].replace("b,", "a,")])

    unclear = clean(raw, form, entry("a", action="remove"))
    first = clean(raw, form, entry("a#1", action="remove"))
    lines = written(first, tmp_path / "out.csv")

    assert unclear.stopped[0].what == "several interviews have this id"
    assert lines == [HEADER, ROWS[1].replace("b,", "a,")]
    assert verify_clean(first, open_raw(tmp_path / "out.csv", form)).exact


LOG = (entry("a", "age", "41", "40"), entry("b", action="remove"))
GOOD = ("a,41,2021-07-08,yes,well,1,0,20.5,one,north", ROWS[2])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (GOOD, []),
        ((GOOD[0].replace("one", "uno"), GOOD[1]), [(Found.UNDOCUMENTED, "a", "said")]),
        (
            (GOOD[0].replace("41", "40"), GOOD[1]),
            [(Found.NOT_APPLIED, "a", "age")],
        ),
        ((GOOD[0].replace("41", "39"), GOOD[1]), [(Found.OTHER_VALUE, "a", "age")]),
        ((GOOD[0].replace("20.5", "20"), GOOD[1]), [(Found.NOT_DRAWN, "a", "half")]),
        ((GOOD[0],), [(Found.REMOVED_NOT_IN_LOG, "007", "")]),
        ((*GOOD, ROWS[1]), [(Found.STILL_THERE, "b", "")]),
        ((*GOOD, ROWS[1].replace("b,", "d,")), [(Found.ADDED, "d", "")]),
        ((*GOOD, GOOD[0].replace("one", "x")), [(Found.TWICE_DIFFERENT, "a", "")]),
        ((*GOOD, GOOD[0]), [(Found.TWICE, "a", "")]),
        (
            (GOOD[0].replace(",yes,well,1,0,", ",yes,,,,"), GOOD[1]),
            [
                (Found.UNDOCUMENTED, "a", "sources"),
                (Found.UNDOCUMENTED, "a", "sources/well"),
                (Found.SPELLING, "a", "sources/river"),
            ],
        ),
        (
            (
                GOOD[0].replace("2021-07-08", "08.07.2021"),
                GOOD[1].replace("river well", "well river"),
            ),
            [(Found.SPELLING, "a", "since"), (Found.SPELLING, "007", "sources")],
        ),
    ],
)
def test_every_kind_of_difference_is_told_apart(
    tmp_path: Path,
    form: Questionnaire,
    rows: Sequence[str],
    expected: list[tuple[Found, str, str]],
):
    cleaned = clean(save(tmp_path / "raw.csv"), form, *LOG)

    proof = held_against(cleaned, rows, tmp_path / "clean.csv")

    assert found(proof) == expected
    unexplained = {Found.SPELLING, Found.NOT_DRAWN}
    assert proof.proved is all(kind in unexplained for kind, _, _ in expected)


def test_columns_may_move_be_renamed_by_r_and_come_and_go(tmp_path: Path, form: Questionnaire):
    cleaned = clean(save(tmp_path / "raw.csv"), form)
    table = pd.read_csv(tmp_path / "raw.csv", dtype="str", keep_default_na=False)
    other = table[["office", *table.columns[:-1]]].rename(
        columns={"_uuid": "X_uuid", "sources/well": "sources.well"}
    )
    other.assign(score="1").drop(columns="said").to_csv(tmp_path / "clean.csv", index=False)

    proof = verify_clean(cleaned, open_raw(tmp_path / "clean.csv", form))

    assert found(proof) == [(Found.COLUMN_GONE, "", "said"), (Found.COLUMN_ADDED, "", "score")]


def test_a_pseudonym_in_the_place_of_metadata_is_one_remark(tmp_path: Path, form: Questionnaire):
    header, rows = "_uuid,age,deviceid", ["a,1,x", "b,2,y", "c,3,x"]
    cleaned = clean(save(tmp_path / "raw.csv", rows, header), form)
    coded = ["a,1,p1", "b,2,p2", "c,3,p1"]

    proof = held_against(cleaned, coded, tmp_path / "clean.csv", header)

    assert found(proof) == [(Found.RECODED, "", "deviceid")]
    assert proof.proved


def test_blanks_that_the_form_does_not_ask_for_are_said_to_be_so(
    tmp_path: Path, form: Questionnaire
):
    rows = [ROWS[1].replace(",no,,,,", ",no,well,1,0,")]
    cleaned = clean(save(tmp_path / "raw.csv", rows), form)

    proof = held_against(cleaned, [ROWS[1]], tmp_path / "clean.csv")

    assert (Found.NOT_ASKED, "b", "sources") in found(proof)
    assert not proof.proved


def test_an_entry_that_cannot_be_applied_is_a_difference_once(tmp_path: Path, form: Questionnaire):
    cleaned = clean(save(tmp_path / "raw.csv"), form, entry("a", "said", "uno", "eins"))

    proof = held_against(cleaned, [ROWS[0].replace("one", "uno"), *ROWS[1:]], tmp_path / "c.csv")

    assert found(proof) == [(Found.CANNOT_BE_APPLIED, "a", "said")]


def test_a_workbook_keeps_numbers_numbers_and_takes_a_formula_as_text(
    tmp_path: Path, form: Questionnaire
):
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (("_uuid", "age", "said"), ("a", 40, "one"), ("b", 50, "two"), ("c", 60, "x")):
        page.append(list(row))
    page["A4"].font = openpyxl.styles.Font(bold=True)
    book.save(tmp_path / "raw.xlsx")
    log = [entry("a", "age", "41"), entry("c", "said", "=1+1"), entry("b", action="remove")]

    write_cleaned(clean(tmp_path / "raw.xlsx", form, *log), tmp_path / "out.xlsx")

    page = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["_uuid", "age", "said"],
        ["a", 41, "one"],
        ["c", 60, "=1+1"],
    ]
    assert page["C3"].data_type == "s"
    assert page["A3"].font.b


def test_rows_of_repeats_are_found_as_utility_r_names_them(tmp_path: Path):
    path = tmp_path / "form.yaml"
    path.write_text(
        "questionnaire: r\nversion: '1'\ntitle: {en: R}\nlanguages: {en: English}\ninterview:\n"
        "  - {name: town, type: text, label: {en: T}}\n"
        "  - repeat: person\n    label: {en: P}\n    questions:\n"
        "      - {name: years, type: integer, label: {en: Y}}\n"
    )
    book = openpyxl.Workbook()
    top = book.active
    assert top is not None
    top.title = "main"
    sheets: Mapping[str, Sequence[Sequence[object]]] = {
        "main": [("town", "_uuid", "_index"), ("x", "a", 1), ("y", "b", 2)],
        "person": [
            ("years", "_index", "_parent_index", "_submission__uuid"),
            (1, 1, 1, "a"),
            (2, 2, 2, "b"),
            (3, 3, 2, "b"),
        ],
    }
    for name, rows in sheets.items():
        page = top if name == "main" else book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    book.save(tmp_path / "raw.xlsx")
    log = [entry("b", "years", "30", "3", row="loop1_3"), entry("b", "town", "z", row="loop1_9")]

    cleaned = clean(tmp_path / "raw.xlsx", read_yaml(path), *log)

    assert [(e.interview, e.place, e.column, e.new) for e in cleaned.edits] == [
        ("b", "", "town", "z"),
        ("b", "2", "years", "30"),
    ]


def test_ids_may_stand_in_a_column_of_ones_own(tmp_path: Path):
    raw = save(tmp_path / "raw.csv", ["0012,40"], "hhid,age")
    opened: RawFile = open_raw(raw, None, ReadOptions(interview="hhid"))

    cleaned = clean_file(opened, None, [entry("0012", "age", "41", "40")], source="raw")

    assert written(cleaned, tmp_path / "out.csv") == ["hhid,age", "0012,41"]


WIDE = """
questionnaire: r
version: "1"
title: {en: R}
languages: {en: English}
choices:
  works: [{code: farm, label: {en: Farm}}, {code: shop, label: {en: Shop}}]
interview:
  - {name: town, type: text, label: {en: T}}
  - repeat: person
    label: {en: P}
    questions:
      - {name: years, type: integer, label: {en: Y}}
      - {name: work, type: select_multiple works, relevant: "${years} > 14", label: {en: W}}
"""
WIDE_HEADER = (
    "_uuid,town,years_1,years_2,work_1,work_farm_1,work_shop_1,work_2,work_farm_2,work_shop_2"
)


@pytest.mark.parametrize(("question", "row"), [("years", "2"), ("years_2", "")])
def test_rows_of_repeats_that_stand_side_by_side_are_changed_where_they_stand(
    tmp_path: Path, question: str, row: str
):
    (tmp_path / "form.yaml").write_text(WIDE)
    raw = save(tmp_path / "raw.csv", ["a,x,30,40,farm,1,0,shop,0,1", "b,y,9,,,,,,,"], WIDE_HEADER)
    log = [entry("a", question, "4", "40", row=row), entry("a", "work", "shop", "farm", row="1")]

    cleaned = clean(raw, read_yaml(tmp_path / "form.yaml"), *log)

    assert kinds(cleaned) == [Kind.APPLIED] * 2
    assert written(cleaned, tmp_path / "out.csv") == [
        WIDE_HEADER,
        "a,x,30,4,shop,0,1,,,",
        "b,y,9,,,,,,,",
    ]
    assert verify_clean(cleaned, open_raw(tmp_path / "out.csv", cleaned.raw.form)).exact


def test_a_row_that_the_interview_does_not_have_is_refused(tmp_path: Path):
    (tmp_path / "form.yaml").write_text(WIDE)
    raw = save(tmp_path / "raw.csv", ["a,x,30,40,farm,1,0,shop,0,1", "b,y,9,,,,,,,"], WIDE_HEADER)

    cleaned = clean(raw, read_yaml(tmp_path / "form.yaml"), entry("b", "years", "5", row="2"))

    assert [verdict.what for verdict in cleaned.stopped] == [
        "the interview has no row '2' of the repeat 'person'"
    ]


@pytest.mark.parametrize(
    ("encoding", "start", "separator"),
    [
        ("utf-16", "", ";"),
        ("utf-8-sig", "", "\t"),
        ("utf-8", "sep=;\r\n", ";"),
        ("utf-16-be", "\ufeff", ","),
        ("cp1252", "", ","),
    ],
)
def test_letters_marks_separators_and_ends_of_lines_stay(
    tmp_path: Path, form: Questionnaire, encoding: str, start: str, separator: str
):
    lines = [
        "_uuid,age,said",
        'a,40,"caf\u00e9\r\nau lait, ""noir"""',
        "",
        "b,50,d\u00e9j\u00e0 vu",
        "c,60,x",
    ]
    if separator != ",":
        lines = [
            each.replace(", ", "~").replace(",", separator).replace("~", ", ") for each in lines
        ]
    text = start + "\r\n".join(lines)
    (tmp_path / "raw.csv").write_bytes(text.encode(encoding))
    log = [entry("b", "age", "51", "50"), entry("c", action="remove")]

    write_cleaned(clean(tmp_path / "raw.csv", form, *log), tmp_path / "out.csv")

    expected = text.replace("50", "51").removesuffix(lines[-1])
    assert (tmp_path / "out.csv").read_bytes() == expected.encode(encoding)


@pytest.mark.parametrize("theirs", ["uuid", "X_uuid", "instanceID"])
def test_the_column_that_names_the_interviews_may_be_called_otherwise(
    tmp_path: Path, form: Questionnaire, theirs: str
):
    cleaned = clean(save(tmp_path / "raw.csv"), form)

    proof = held_against(cleaned, ROWS, tmp_path / "clean.csv", HEADER.replace("_uuid", theirs))

    assert found(proof) == []
