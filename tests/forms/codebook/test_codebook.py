"""The codebook: who is asked in words, codes and their meaning, and where answers are stored."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from survey_kit.forms.codebook.book import Book, Column, codebook, legal
from survey_kit.forms.codebook.page import html_text
from survey_kit.forms.codebook.workbook import workbook_bytes
from survey_kit.questionnaire.yaml_file import read_yaml

DEFINITION = """\
questionnaire: water
version: "2"
title: {en: "Water <script>alert(1)</script>", ar: الماء}
languages: {en: English, ar: العربية}
choices:
  sources:
    - {code: tap, label: {en: "=Tap", ar: صنبور}}
    - {code: well, label: {en: Well}}
    - {code: refused, label: {en: Prefers not to say}, missing: refused}
  yes_no:
    - {code: "1", label: {en: "Yes"}}
    - {code: "0", label: {en: "No"}}
interview:
  - {name: start, type: start}
  - name: sources
    type: select_multiple sources
    label: {en: "Where from, ${start}?", ar: من أين؟}
    constraint: not(selected(., 'refused') and count-selected(.) > 1)
    required: true
    privacy: plain
  - {name: note, type: note, label: {en: Thank you}}
  - group: paying
    label: {en: Paying}
    relevant: selected(${sources}, 'tap')
    questions:
      - {name: pays, type: select_one yes_no, label: {en: Pay?}}
      - {name: price, type: decimal, label: {en: Price}, relevant: "${pays} = '1'", constraint: ". > 0 and . < 9"}
  - repeat: jug
    label: {en: Jugs}
    questions:
      - {name: litres_of_water_in_this_jug_today, type: integer, label: {en: Litres}}
analysis:
  derived:
    - name: safe
      label: {en: Safe water}
      base: count-selected(${sources}) > 0
      cases:
        - {code: "yes", label: {en: Safe}, when: "selected(${sources}, 'tap')"}
"""


@pytest.fixture
def book(tmp_path: Path) -> Book:
    path = tmp_path / "water.yaml"
    path.write_text(DEFINITION, encoding="utf-8")
    return codebook(read_yaml(path))


def test_who_is_asked_is_said_in_words_with_the_gates_around_a_question(book: Book) -> None:
    asked = {entry.key: entry.asked for entry in book.entries}

    assert asked == {
        "start": "Filled in by the form.",
        "sources": "Everyone.",
        "pays": "If “Where from, ${start}?” (sources) includes “=Tap”.",
        "price": "If “Where from, ${start}?” (sources) includes “=Tap”, and “Pay?” (pays) is “Yes”.",
        "litres_of_water_in_this_jug_today": "Everyone; for each entry of “Jugs”.",
    }


def test_rules_and_whether_an_answer_is_required_are_said(book: Book) -> None:
    said = {entry.key: (entry.rule, entry.required) for entry in book.entries}

    assert said["sources"] == ("No other answer together with “Prefers not to say”", "yes")
    assert said["price"] == ("More than 0 and less than 9", "no")


def test_a_code_says_what_it_means_and_which_number_it_is_in_statistical_packages(
    book: Book,
) -> None:
    sources = [(code.code, code.number, code.meaning) for code in book.lists["sources"]]

    assert sources == [
        ("tap", 1, ""),
        ("well", 2, ""),
        ("refused", 3, "refused: no answer to the question"),
    ]
    assert [code.number for code in book.lists["yes_no"]] == [1, 0]


def test_a_question_of_several_choices_has_a_column_for_each_in_statistical_packages(
    book: Book,
) -> None:
    columns = {entry.key: entry.columns for entry in book.entries}

    assert columns["sources"] == (
        Column(
            "csv, parquet", "sources", "the codes, with spaces between, in the order of choosing"
        ),
        Column("sav, dta", "sources_tap", "1 chosen, 0 not chosen: tap"),
        Column("sav, dta", "sources_well", "1 chosen, 0 not chosen: well"),
        Column("sav, dta", "sources_refused", "1 chosen, 0 not chosen: refused"),
    )
    assert [(column.files, column.name) for column in columns["litres_of_water_in_this_jug_today"]][
        1:
    ] == [("sav", "litres_of_water_in_this_jug_today"), ("dta", "litres_of_water_in_this_jug_")]


def test_names_are_those_that_the_writers_of_sav_and_dta_use() -> None:
    labelled = pytest.importorskip("survey_kit.responses.writers.labelled")
    pandas = pytest.importorskip("pandas")
    names = ["age", "group/age", "2nd", "a_very_long_name_that_no_package_takes_" + "x" * 40]
    limits = {longest: labelled.Limits(longest, 80, 80, True, frozenset()) for longest in (64, 28)}
    nothing = pandas.Series(dtype="float64")
    columns = [labelled.Column(n, n, labelled.Kind.NUMBER, nothing, nothing) for n in names]

    for longest, limit in limits.items():
        given, _ = labelled.names_within(columns, limit)
        assert list(given.values()) == [legal(name, longest) for name in names]


def test_a_derived_variable_has_its_base_and_its_cases_in_words(book: Book) -> None:
    (derived,) = book.derived

    assert derived.base == "“Where from, ${start}?” (sources) was answered"
    assert [case[2] for case in derived.cases] == [
        "“Where from, ${start}?” (sources) includes “=Tap”"
    ]


def test_the_content_hash_changes_with_the_definition_and_with_nothing_else(
    tmp_path: Path, book: Book
) -> None:
    path = tmp_path / "water.yaml"
    again = codebook(read_yaml(path))
    path.write_text(DEFINITION.replace("Thank you", "Thanks"), encoding="utf-8")

    changed = codebook(read_yaml(path))

    assert again.content == book.content
    assert changed.content != book.content


def test_a_language_with_texts_that_nobody_has_checked_is_called_a_draft(book: Book) -> None:
    draft = replace(book, drafts=("ar",))

    assert "العربية (draft)" in html_text(draft)
    sheets = openpyxl.load_workbook(BytesIO(workbook_bytes(draft)))
    assert ("language ar", "العربية (draft)") in [
        (row[0].value, row[1].value) for row in sheets["about"].iter_rows()
    ]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in ("meta", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_the_page_is_sound_fetches_nothing_and_runs_nothing_of_the_questionnaire(
    book: Book,
) -> None:
    text = html_text(book)
    tags = _Tags()
    tags.feed(text)

    assert tags.open == []
    assert tags.wrong == []
    assert not [each for each in tags.attributes if each[1] in ("src", "href")]
    assert "<script>alert" not in text
    assert text.count("<script>") == 1


def test_each_text_of_the_page_says_its_language_and_direction(book: Book) -> None:
    text = html_text(book)

    assert '<p class="label" lang="ar" dir="rtl" data-in="ar">من أين؟</p>' in text
    assert 'lang="en" dir="ltr"' in text


def test_the_workbook_holds_texts_only_and_can_be_filtered(book: Book) -> None:
    made = workbook_bytes(book)
    sheets = openpyxl.load_workbook(BytesIO(made))

    assert sheets.sheetnames == ["about", "questions", "choices", "columns", "derived", "lists"]
    assert [cell.value for cell in sheets["choices"][2]] == [
        "sources",
        "tap",
        1,
        "=Tap",
        "صنبور",
        None,
    ]
    assert sheets["choices"]["D2"].data_type == "s"
    assert all(sheet.auto_filter.ref for sheet in sheets.worksheets)
    assert made == workbook_bytes(book)
