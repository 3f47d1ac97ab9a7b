"""The same three interviews, in every shape in which platforms and people hand them on."""

from pathlib import Path
from typing import NamedTuple

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.matching import Role, match_columns
from survey_kit.responses.model import Responses
from survey_kit.responses.read import ReadOptions, read_responses

FORM = """
questionnaire: edge
version: "1"
title: {en: Edge}
languages: {en: English}
choices:
  yes_no: [{code: "yes", label: {en: Yes}}, {code: "no", label: {en: No}}]
  areas: [{code: "001", label: {en: First}}, {code: "1e5", label: {en: Second}}]
  aid:
    - {code: cash, label: {en: Cash}}
    - {code: cash_health, label: {en: Cash to pay for health services}}
    - {code: "0.75", label: {en: Three quarters}}
interview:
  - {name: consent, type: select_one yes_no, label: {en: Consent}}
  - group: aid
    label: {en: Aid}
    questions:
      - {name: aid, type: select_multiple aid, label: {en: Which aid}}
      - {name: aid_cash, type: integer, label: {en: How much}}
      - {name: cash, type: decimal, label: {en: Cash at home}}
      - {name: area, type: select_one areas, label: {en: Where}}
      - {name: since, type: date, label: {en: Since when}}
      - {name: a.b, type: text, label: {en: A dot}}
      - {name: a-b, type: text, label: {en: A dash}}
      - {name: Age, type: integer, label: {en: Age}}
"""
HEADER = ["consent", "aid", "aid_cash", "cash", "area", "since", "a.b", "a-b", "Age"]
CODES = ["cash", "cash_health", "0.75"]
ROWS = [
    ["yes", "0.75 cash_health", "12", "0.5", "001", "2026-11-21", "dot", "dash", "30"],
    ["yes", "cash", "7", "100000", "1e5", "2026-01-02", "", "-", ""],
    ["no", "", "", "", "", "", "", "", ""],
]
IDS = ["a", "b", "c"]


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    path = tmp_path_factory.mktemp("form") / "form.yaml"
    path.write_text(FORM, encoding="utf-8")
    return read_yaml(path)


@pytest.fixture(scope="module")
def plain(form: Questionnaire, tmp_path_factory: pytest.TempPathFactory) -> Responses:
    """The interviews from the plainest file there is."""
    table = pd.DataFrame(ROWS, columns=HEADER, dtype="str").assign(_uuid=IDS)
    return saved(table, tmp_path_factory.mktemp("plain"), form)


def saved(
    table: pd.DataFrame, folder: Path, form: Questionnaire, separator: str = ","
) -> Responses:
    table.to_csv(folder / "export.csv", index=False, sep=separator)
    return read_responses(folder / "export.csv", form)


def with_children(group: str, choice: str, yes: str, no: str, *, parent: bool) -> pd.DataFrame:
    """The interviews with paths, and the single choices of `aid` beside it or in its place."""
    columns: dict[str, list[str]] = {}
    for place, name in enumerate(HEADER):
        path = name if name == "consent" else f"aid{group}{name}"
        cells = [row[place] for row in ROWS]
        if name != "aid" or parent:
            columns[path] = cells
        if name == "aid":
            for code in CODES:
                columns[f"{path}{choice}{code}"] = [
                    "" if not cell else yes if code in cell.split() else no for cell in cells
                ]
    return pd.DataFrame(columns, dtype="str")


def assert_the_same(found: Responses, plain: Responses, *, order_of_choosing: bool = True) -> None:
    expected = plain.frame
    if not order_of_choosing:
        in_order = pd.Series(["cash_health 0.75", "cash", None], expected.index, dtype="str")
        expected = expected.assign(aid=in_order)
    pd.testing.assert_frame_equal(found.frame, expected)
    pd.testing.assert_frame_equal(found.absence, plain.absence)
    assert len(found.unreadable) == 0
    if found.report.disagreements is not None:
        assert found.report.disagreements.empty


class Platform(NamedTuple):
    """How a platform writes a table."""

    group: str
    choice: str
    yes: str
    no: str
    separator: str
    uuid: str


PLATFORMS = {
    "Kobo": Platform("/", "/", "1", "0", ";", "_uuid"),
    "Central": Platform("-", "/", "1", "0", ",", "KEY"),
    "R": Platform(".", ".", "TRUE", "FALSE", ",", "X_uuid"),
    "pandas": Platform("/", "/", "1.0", "0.0", "\t", "meta/instanceID"),
    "colons": Platform(":", ":", "True", "False", ",", "_uuid"),
}


@pytest.mark.parametrize("parent", [True, False], ids=["parent", "children only"])
@pytest.mark.parametrize("name", PLATFORMS)
def test_every_platform_gives_the_same_responses(
    name: str, form: Questionnaire, plain: Responses, tmp_path: Path, *, parent: bool
):
    platform = PLATFORMS[name]
    table = with_children(*platform[:4], parent=parent)
    table[platform.uuid] = [f"uuid:{each}" for each in IDS]

    responses = saved(table, tmp_path, form, platform.separator)

    assert_the_same(responses, plain, order_of_choosing=parent)
    assert responses.report.counts["unmatched"] == 0


def test_a_workbook_gives_the_same_responses(form: Questionnaire, plain: Responses, tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append([*HEADER, "_uuid"])
    for row, name in zip(ROWS, IDS, strict=True):
        numbers = {2, 3, 8}
        cells = [
            float(cell) if place in numbers and cell else cell or None
            for place, cell in enumerate(row)
        ]
        sheet.append([*cells, name])
    sheet.append([None] * 3)
    book.save(tmp_path / "export.xlsx")

    assert_the_same(read_responses(tmp_path / "export.xlsx", form), plain)


def test_other_spellings_of_values_give_the_same_responses(
    form: Questionnaire, plain: Responses, tmp_path: Path
):
    table = pd.DataFrame(ROWS, columns=HEADER, dtype="str").assign(_uuid=IDS)
    table["aid_cash"] = ["12.0", "7.0", ""]
    table["cash"] = [".5", "1e5", ""]
    table["since"] = ["21/11/2026", "02/01/2026", ""]
    table["aid"] = [" 0.75  cash_health ", "cash", " "]

    assert_the_same(saved(table, tmp_path, form), plain)


def test_columns_and_rows_that_hold_nothing_change_nothing(
    form: Questionnaire, plain: Responses, tmp_path: Path
):
    table = pd.DataFrame([*ROWS, [" "] * len(HEADER), [""] * len(HEADER)], columns=HEADER)
    table = table.assign(unknown="", _uuid=[*IDS, "", ""])

    responses = saved(table, tmp_path, form)

    assert_the_same(responses, plain)
    assert responses.report.rows_read == 3
    assert responses.report.notes == ("rows with nothing in them, no interviews: 2",)
    assert responses.report.unmatched == {"unknown": "not carried on: no such question"}


def test_a_row_of_labels_below_the_header_changes_nothing(
    form: Questionnaire, plain: Responses, tmp_path: Path
):
    labels = [form.by_key[name].question.label["en"] for name in HEADER]
    table = pd.DataFrame([labels, *ROWS], columns=HEADER).assign(_uuid=["", *IDS])

    assert_the_same(saved(table, tmp_path, form), plain)


@settings(max_examples=12, deadline=None)
@given(st.permutations([*HEADER, "extra", "_submission_time"]))
def test_the_order_of_the_columns_makes_no_difference(
    form: Questionnaire,
    plain: Responses,
    tmp_path_factory: pytest.TempPathFactory,
    order: list[str],
):
    table = pd.DataFrame(ROWS, columns=HEADER, dtype="str")
    table = table.assign(extra="x", _submission_time="2026-11-21T10:00:00")[order]

    assert_the_same(saved(table.assign(_uuid=IDS), tmp_path_factory.mktemp("order"), form), plain)


def test_an_id_may_stand_in_any_column(form: Questionnaire, plain: Responses, tmp_path: Path):
    table = pd.DataFrame(ROWS, columns=HEADER, dtype="str").assign(number=IDS)
    table.to_csv(tmp_path / "export.csv", index=False)

    responses = read_responses(
        tmp_path / "export.csv", form, options=ReadOptions(interview="number")
    )

    assert_the_same(responses, plain)


def uses(columns: list[str], form: Questionnaire) -> list[tuple[Role, str, str]]:
    return [(use.role, use.key, use.code) for use in match_columns(columns, form)]


def test_a_column_that_could_be_two_things_is_the_one_that_no_other_column_is(
    form: Questionnaire,
):
    """The group and the question `aid` share a name, and `cash` is a question and a code."""
    assert uses(["aid/aid/cash", "aid/cash"], form) == [
        (Role.CHOICE, "aid", "cash"),
        (Role.QUESTION, "cash", ""),
    ]
    assert uses(["cash", "aid/cash"], form) == [
        (Role.QUESTION, "cash", ""),
        (Role.CHOICE, "aid", "cash"),
    ]
    assert uses(["aid/cash"], form) == [(Role.UNMATCHED, "", "")]


def test_names_that_collide_when_mangled_are_reported_and_not_guessed(form: Questionnaire):
    found = match_columns(["a.b", "a-b"], form)
    assert [use.key for use in found] == ["a.b", "a-b"]

    mangled = match_columns(["a_b"], form)
    assert mangled[0].what == "not carried on: ambiguous, it could be 'a-b' or 'a.b'"

    twice = match_columns(["age", "AGE"], form)
    assert {use.what for use in twice} == {
        "not carried on: ambiguous, several columns could be 'Age'"
    }


def test_a_name_that_was_cut_short_is_not_guessed(form: Questionnaire):
    assert uses(["consen", "aid_ca"], form) == [(Role.UNMATCHED, "", "")] * 2


def test_a_question_with_a_dash_is_no_choice_of_its_neighbour(form: Questionnaire):
    assert uses(["aid.aid", "aid.a.b", "aid.aid.food"], form) == [
        (Role.QUESTION, "aid", ""),
        (Role.QUESTION, "a.b", ""),
        (Role.CHOICE, "aid", "food"),
    ]


def test_a_choice_beyond_the_list_is_known_by_its_neighbours(form: Questionnaire, tmp_path: Path):
    table = with_children("/", "/", "1", "0", parent=False).assign(_uuid=IDS)
    table["aid/aid/food"] = ["1", "0", ""]

    responses = saved(table, tmp_path, form)

    assert responses.frame["aid"].tolist()[:2] == ["cash_health 0.75 food", "cash"]
