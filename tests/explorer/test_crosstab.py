"""A reader's crosstab: what can be chosen, what follows, and the workbook of it."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from survey_kit.errors import StudyError, UsageError
from survey_kit.explorer import crosstab
from survey_kit.explorer.crosstab import Request
from survey_kit.tables.analysis import Analysis


def test_numbers_can_stand_in_rows_but_not_across_nor_filter(small: Analysis):
    assert list(crosstab.row_questions(small)) == ["region", "why", "sought", "age"]
    assert list(crosstab.banner_questions(small)) == ["region", "sought"]
    assert list(crosstab.filter_questions(small)) == ["region", "why", "sought"]


def test_a_question_is_offered_by_its_label_and_its_name(small: Analysis):
    assert crosstab.row_questions(small)["why"] == "Why left (why)"


def test_the_table_is_the_one_that_was_asked_for(small: Analysis):
    table = crosstab.crosstab(small, Request("why", ("region",)))

    north = next(j for j, column in enumerate(table.columns) if column.code == "north")
    assert table.protected
    assert table.cells[0][north].value == pytest.approx(90 / 120)
    assert table.cells[0][north].n == 90


def test_a_filter_counts_only_those_who_gave_the_answer(small: Analysis):
    table = crosstab.crosstab(small, Request("sought", filters={"why": "work"}))

    assert table.columns[0].base.unweighted == 150
    assert "Work" in table.where


def test_several_filters_all_hold(small: Analysis):
    found = crosstab.where(small, {"region": "north", "why": "war"})

    assert found == "${region} = 'north' and selected(${why}, 'war')"


def test_a_filter_on_an_answer_that_does_not_exist_is_refused(small: Analysis):
    with pytest.raises(UsageError) as caught:
        crosstab.where(small, {"region": "north' or '1"})

    assert str(caught.value) == (
        "filter region: there is no such answer. Choose one from the list."
    )


def test_a_question_that_does_not_exist_is_refused(small: Analysis):
    with pytest.raises(StudyError) as caught:
        crosstab.crosstab(small, Request("regoin"))

    assert str(caught.value) == (
        "variable 'regoin': there is no variable of this name. Did you mean 'region'?"
    )


def test_the_chart_compares_the_groups_of_the_banner(small: Analysis):
    picture = crosstab.chart(crosstab.crosstab(small, Request("why", ("region",))))

    assert picture is not None
    assert "North 75 %" in picture.alternative
    assert "South 50 %" in picture.alternative


def test_without_a_banner_the_chart_shows_everyone(small: Analysis):
    picture = crosstab.chart(crosstab.crosstab(small, Request("why")))

    assert picture is not None
    assert picture.alternative.startswith("Dot chart of shares with modelled interval")


def test_a_mean_has_no_chart_of_shares(small: Analysis):
    assert crosstab.chart(crosstab.crosstab(small, Request("age"))) is None


def test_the_workbook_holds_the_table_and_says_that_it_is_simulated(small: Analysis):
    data = crosstab.crosstab_book(small, Request("why", ("region",)))

    book = openpyxl.load_workbook(BytesIO(data))
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value]
    assert any("SIMULATED DATA" in text for text in cells)
    assert any(text == "Work" for text in cells)
    assert any(
        isinstance(cell.value, float) and cell.value == pytest.approx(0.75)
        for sheet in book
        for row in sheet
        for cell in row
    )
