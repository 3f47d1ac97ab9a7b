"""A crosstab holds the estimates themselves, bases, letters and tests; nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import StudyError
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.proportions import shares, shares_of_cases
from survey_kit.estimation.rao_scott import rao_scott
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.tables.crosstab import crosstab
from survey_kit.tables.table import Status, Unit


def table_of(analysis, row, by=(), **more):
    more.setdefault("uncertainty", "design")
    variables = analysis.variables
    return crosstab(
        analysis.sample, variables[row], [variables[each] for each in by], name="t", **more
    )


def test_shares_are_those_of_the_estimate_to_the_last_digit(analysis):
    table = table_of(analysis, "region", ["adult"])
    found = shares(analysis.sample, "region", by="adult")
    low, high = found.interval(0.95, "beta")

    for k, (group, code) in enumerate(found.names):
        i = next(i for i, row in enumerate(table.rows) if row.code == code)
        j = next(j for j, column in enumerate(table.columns) if column.code == group)
        cell = table.cells[i][j]
        assert (cell.value, cell.low, cell.high) == (found.value[k], low[k], high[k])
        assert cell.n == found.count[k]
        assert table.columns[j].base.unweighted == found.n[k]
        assert table.columns[j].base.weighted == found.weighted[k]
        assert table.columns[j].base.effective == found.effective[k]


def test_shares_of_several_choices_rest_on_the_people_who_answered(analysis):
    table = table_of(analysis, "why", ["region"])
    variable = analysis.variables["why"]
    found = shares_of_cases(analysis.sample, variable.columns)

    assert [row.code for row in table.rows] == ["work", "war", "love", "rare"]
    assert [row[0].value for row in table.cells] == found.value.tolist()
    assert table.columns[0].base.unweighted == 395
    assert not table.adds_up


def test_a_number_has_one_row_its_mean(analysis):
    table = table_of(analysis, "age", ["region"])
    found = estimate(MEAN, analysis.sample, ["age"], by=["region"])
    low, _ = found.interval(0.95)

    assert [(row.label, row.unit) for row in table.rows] == [("Mean", Unit.MEAN)]
    by_code = dict(zip((name[0] for name in found.names), found.value, strict=True))
    assert [cell.value for cell in table.cells[0][1:]] == [by_code[c] for c in ("n", "s", "e")]
    assert table.cells[0][1].low == low[[name[0] for name in found.names].index("n")]


def test_the_column_of_everyone_comes_first_and_is_compared_with_none(analysis):
    table = table_of(analysis, "why", ["region", "adult"])

    assert [column.group for column in table.columns] == [
        "",
        *["Region"] * 3,
        *["Age group"] * 2,
    ]
    assert [column.letter for column in table.columns] == ["", "A", "B", "C", "A", "B"]
    assert all(row[0].letters == "" for row in table.cells)


def test_a_letter_stands_where_a_group_is_higher_beyond_chance(analysis):
    data = analysis.sample.data.copy()
    north = data["region"] == "n"
    data.loc[north & (np.arange(len(data)) % 10 != 0), "adult"] = "old"
    data.loc[~north & (np.arange(len(data)) % 10 != 0), "adult"] = "young"
    sample = Sample(data, analysis.sample.design)
    variables = analysis.variables

    table = crosstab(
        sample, variables["adult"], [variables["region"]], name="t", uncertainty="design"
    )

    letters = {
        row.code: [c.letters for c in cells]
        for row, cells in zip(table.rows, table.cells, strict=True)
    }
    assert letters["old"] == ["", "BC", "", ""]
    assert letters["young"] == ["", "", "A", "A"]


def test_the_test_of_a_group_is_that_of_rao_and_scott(analysis):
    table = table_of(analysis, "adult", ["region"])
    found = rao_scott(analysis.sample, "adult", "region")

    (test,) = table.comparisons
    assert (test.group, test.statistic, test.p) == ("Region", found.statistic, found.p)


def test_without_uncertainty_there_are_no_intervals_letters_or_tests(analysis):
    table = table_of(analysis, "why", ["region"], uncertainty="none")

    cells = [cell for row in table.cells for cell in row]
    assert all(cell.low is None and cell.high is None and not cell.letters for cell in cells)
    assert not any(column.letter for column in table.columns)
    assert (table.comparisons, table.interval) == ((), "")


def test_a_modelled_interval_says_what_it_assumes(analysis):
    sample = Sample(analysis.sample.data, Design(Sampling.PURPOSIVE, weight="weight"))

    table = crosstab(sample, analysis.variables["why"], name="t", uncertainty="modelled")

    assert table.interval == "modelled interval"
    assert "not a margin of sampling error" in table.design


def test_a_column_of_few_people_is_not_compared(analysis):
    rare = np.zeros(len(analysis), dtype=bool)
    east = (analysis.sample.data["region"] == "e").to_numpy()
    rare[np.flatnonzero(east)[:20]] = True

    table = table_of(analysis, "adult", ["region"], where=rare | ~east)

    assert [(c.label, c.letter) for c in table.columns[1:]] == [
        ("North", "A"),
        ("South", "B"),
        ("East", ""),
    ]


def test_groups_of_too_few_join_the_next_smallest_and_a_note_says_so(analysis):
    everyone = np.ones(len(analysis), dtype=bool)

    table = table_of(analysis, "why", ["gender"], where=everyone)

    assert [column.label for column in table.columns] == ["Total", "Woman", "Man; Other"]
    assert sum(c.base.unweighted for c in table.columns[1:]) == 395
    assert table.notes == (
        "Gender: put together because too few people gave some of these answers: Man; Other.",
    )


def test_people_without_an_answer_to_the_banner_have_a_column_of_their_own(analysis):
    table = table_of(analysis, "adult", ["war"])

    assert table.columns[-1].label == "Not asked or no answer"
    assert table.columns[-1].letter == ""
    assert sum(c.base.unweighted for c in table.columns[1:]) == len(analysis)


def test_columns_of_several_choices_overlap_and_are_compared_where_enough_are_in_them(analysis):
    table = table_of(analysis, "adult", ["why"])

    assert table.overlapping == ("Why did you leave?",)
    assert [c.label for c in table.columns] == ["Total", "Work", "War", "Love", "A rare reason"]
    assert [c.letter for c in table.columns] == ["", "A", "B", "", ""]


def test_an_answer_that_nobody_gave_is_a_row_of_zeros(analysis):
    nobody_over_40 = (analysis.sample.data["age"] < 40).to_numpy()

    table = table_of(analysis, "adult", where=nobody_over_40)

    assert [(row.code, cells[0].n) for row, cells in zip(table.rows, table.cells, strict=True)] == [
        ("young", int(nobody_over_40.sum())),
        ("old", 0),
    ]
    assert table.cells[1][0].value == 0.0


def test_a_filter_that_leaves_nobody_is_an_empty_base_not_a_division_by_zero(analysis):
    table = table_of(analysis, "why", ["region"], where=np.zeros(len(analysis), dtype=bool))

    assert table.columns[0].base.unweighted == 0
    assert {cell.status for row in table.cells for cell in row} == {Status.EMPTY_BASE}


def test_a_number_cannot_head_columns(analysis):
    with pytest.raises(StudyError) as caught:
        table_of(analysis, "why", ["age"])

    assert str(caught.value) == (
        "variable 'age': a number cannot head the columns of a table. Derive groups from it in "
        "the questionnaire, under analysis, derived."
    )


def in_one_place(analysis):
    """The study as if every region were one place, but for the east: it is ten."""
    data = analysis.sample.data
    place = data["region"].astype(object) + (np.arange(len(data)) % 10).astype(str).astype(object)
    place = place.mask(data["region"] == "s", "s")
    return Sample(data.assign(place=place), Design(Sampling.PROBABILITY, cluster="place"))


def test_people_of_one_place_have_no_interval_and_are_compared_with_nobody(analysis):
    sample = in_one_place(analysis)

    table = crosstab(
        sample,
        analysis.variable("gender"),
        [analysis.variable("region")],
        name="t",
        uncertainty="design",
    )

    south = next(j for j, column in enumerate(table.columns) if column.code == "s")
    assert table.columns[south].letter == ""
    assert sorted(column.letter for column in table.columns) == ["", "", "A", "B"]
    assert {(cells[south].low, cells[south].high) for cells in table.cells} == {(None, None)}
    assert table.cells[0][south].value is not None
    assert (
        "Region: South is not compared, and has no intervals: too few of the places where "
        "interviews were held have anybody of it."
    ) in table.notes
    assert not any("fixed" in note for note in table.notes)


def test_a_mean_of_people_of_one_place_has_no_interval(analysis):
    sample = in_one_place(analysis)

    table = crosstab(
        sample,
        analysis.variable("age"),
        [analysis.variable("region")],
        name="t",
        uncertainty="design",
    )

    limits = {
        column.code: cell.low for column, cell in zip(table.columns, table.cells[0], strict=True)
    }
    assert limits["s"] is None
    assert limits["n"] is not None
