"""Sentences say what the protected table shows, and no more than its tests allow."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.errors import ProtectionError
from survey_kit.findings import reading, wording
from survey_kit.tables.table import Cell, Pair, Status, Table


def test_a_share_names_whose_it_is_its_count_its_base_and_its_interval(reasons: Table):
    cell = reasons.cells[2][0]

    told = wording.share(reasons, cell, reasons.columns[0], "respondents")

    assert told == "15 % of respondents (92 of 604; modelled interval 11–19 %)"


def test_no_interval_is_told_where_the_sampling_allows_none(reasons: Table):
    table = replace(reasons, interval="")

    told = wording.share(table, table.cells[2][0], table.columns[0], "respondents")

    assert told == "15 % of respondents (92 of 604)"


def test_a_count_that_does_not_give_the_weighted_share_says_that_it_is_from_before_weighting(
    reasons: Table,
):
    cell = Cell(0.2, 0.15, 0.25, 92)

    told = wording.share(reasons, cell, reasons.columns[0], "respondents")

    assert told == ("20 % of respondents (92 of 604 before weighting; modelled interval 15–25 %)")


def test_a_small_base_is_said(by_country: Table):
    told = wording.share_in_brief(by_country.cells[1][4], by_country.columns[4])

    assert told == "29 %, 10 of 34, a small base"


def test_a_hidden_cell_cannot_be_worded(by_country: Table):
    with pytest.raises(ValueError, match="a hidden cell cannot be worded"):
        wording.share(by_country, by_country.cells[0][4], by_country.columns[4], "respondents")


@given(st.floats(0, 1))
def test_nobody_is_told_of_0_percent_of_somebody_or_100_percent_of_not_everybody(value: float):
    told = wording.percent(value)

    assert (told == "0 %") == (value == 0)
    assert (told == "100 %") == (value == 1)


def test_the_ranking_starts_with_the_largest_and_leaves_hidden_answers_unsaid(reasons: Table):
    told = wording.ranking(reasons, "respondents", verb="Named most often are")

    assert told == (
        "Named most often are “Violence” (62 % of respondents; 374 of 604; modelled interval "
        "58–66 %), “Work or income” (50 %; 302 of 604; 46–54 %) and “Family” (15 %; 92 of "
        "604; 11–19 %)."
    )


def test_counts_that_do_not_give_the_weighted_shares_are_said_to_be_from_before_weighting(
    reasons: Table,
):
    moved = (Cell(0.7, 0.66, 0.74, 302),)
    table = replace(reasons, cells=(moved, *reasons.cells[1:]))

    told = wording.ranking(table, "respondents", verb="Named most often is", top=1)

    assert told is not None
    assert told.endswith("66–74 %). Counts are before weighting.")


def test_an_order_that_the_intervals_do_not_settle_is_said_to_be_open(reasons: Table):
    close = (Cell(0.58, 0.54, 0.62, 350),)
    table = replace(reasons, cells=(close, *reasons.cells[1:]))

    told = wording.ranking(table, "respondents", verb="Named most often are", top=2)

    assert told is not None
    assert told.endswith("The intervals of the first two overlap: their order is not settled.")


def test_a_ranking_beside_a_cell_hidden_for_another_is_of_what_may_be_shown(reasons: Table):
    hidden = (Cell(None, status=Status.COMPLEMENT),)
    table = replace(reasons, cells=(hidden, *reasons.cells[1:]))

    told = wording.ranking(table, "respondents", verb="Named most often are", top=1)

    assert told is not None
    assert told.startswith("Among the answers that may be shown: named most often are “Violence”")


def test_groups_differ_where_letters_and_the_whole_test_say_so(by_country: Table):
    told = wording.difference(
        by_country, "economic", subject="Work", among=lambda column: f"those in {column.label}"
    )

    assert told == (
        "Work is more frequent among those in Bangladesh (70 %, 140 of 200) than among those in "
        "Indonesia (50 %, 90 of 180) and those in Malaysia (42 %, 80 of 190). No other pair of "
        "the groups compared differs clearly."
    )


def test_letters_alone_do_not_make_a_difference_where_the_whole_test_finds_none(
    by_country: Table, tested
):
    table = tested(by_country, 0.2)

    told = wording.difference(table, "economic", subject="Work", among=lambda column: column.label)

    assert told == (
        "Work: from Malaysia (42 %, 80 of 190) to Bangladesh (70 %, 140 of 200); the groups do not "
        "differ clearly."
    )


def test_where_nothing_was_tested_nothing_is_said_to_differ_or_not_to(by_country: Table):
    untested = tuple(replace(column, letter="") for column in by_country.columns)
    table = replace(by_country, columns=untested, comparisons=())

    told = wording.difference(table, "violence", subject="Violence", among=lambda c: c.label)

    assert told is not None
    assert told.endswith("; not tested.")


def test_groups_of_too_few_for_a_test_of_the_answer_are_not_said_to_be_alike(by_country: Table):
    row = next(i for i, each in enumerate(by_country.rows) if each.code == "violence")
    lettered = [j for j, column in enumerate(by_country.columns) if column.letter]
    few = tuple(Pair(row, a, b) for a, b in combinations(lettered, 2))
    table = replace(by_country, too_few=few)

    told = wording.difference(table, "violence", subject="Violence", among=lambda c: c.label)
    other = wording.difference(table, "economic", subject="Work", among=lambda c: c.label)

    assert told is not None
    assert told.endswith("; not tested.")
    assert other is not None
    assert not other.endswith("; not tested.")


def test_a_group_that_was_not_compared_is_left_out_of_a_comparison(by_country: Table):
    few = replace(by_country.columns[4], letter="")
    table = replace(by_country, columns=(*by_country.columns[:4], few))

    told = wording.difference(table, "violence", subject="Violence", among=lambda c: c.label)

    assert told is not None
    assert told.startswith("Violence: from Malaysia (29 %, 55 of 190) to Indonesia")
    assert "Thailand" not in told


def test_a_hidden_group_is_not_spoken_of(by_country: Table):
    told = wording.difference(
        by_country, "economic", subject="Work", among=lambda column: column.label
    )

    assert told is not None
    assert "Thailand" not in told


def test_a_table_that_was_not_protected_is_refused(reasons: Table):
    with pytest.raises(ProtectionError) as caught:
        reading.refuse_unprotected(replace(reasons, protected=False))

    assert str(caught.value) == (
        "table drivers: it has not been protected, so nothing may be told of it. Make it with "
        "Analysis.crosstab, or hand it to survey_kit.protection first."
    )
