"""Pairs of columns that are of too few people to be compared: the rule, and what is said of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.estimation.pairwise import pairwise
from survey_kit.estimation.proportions import shares
from survey_kit.protection.rules import Rules
from survey_kit.questionnaire.model import Privacy
from survey_kit.tables.crosstab import crosstab
from survey_kit.tables.letters import of_groups
from survey_kit.tables.pairs import enough_expected, worth
from survey_kit.tables.protected import protect
from survey_kit.tables.table import Unit
from survey_kit.tables.texts import notes_of
from survey_kit.tables.variable import Kind, Variable

DESIGN = Design(Sampling.PROBABILITY)
TWO = np.full((2, 2), 2.0)


def variable(name, kind, codes, columns=None):
    labels = {code: code.capitalize() for code in codes}
    columns = tuple(columns or [name])
    return Variable(name, kind, name, name, "All", tuple(codes), labels, columns, Privacy.PLAIN)


def people(*columns):
    """(people, how many say yes) of each column, in their order."""
    lines = [
        {"camp": chr(ord("a") + k), "said": "yes" if i < yes else "no", "y": float(i % 3)}
        for k, (size, yes) in enumerate(columns)
        for i in range(size)
    ]
    return pd.DataFrame(lines)


def table_of(data, row=None, design=DESIGN, **more):
    row = row or variable("said", Kind.ONE, ("yes", "no"))
    camp = variable("camp", Kind.ONE, sorted(set(data["camp"])))
    more.setdefault("uncertainty", "design")
    return crosstab(Sample(data, design), row, [camp], name="t", **more)


def expected(said, asked, base):
    (pair,) = enough_expected(np.array([said]), np.array(asked), np.full((2, 2), base))
    return bool(pair[0, 1])


@pytest.mark.parametrize(
    ("said", "asked", "compared"),
    [
        ((0, 30), (30, 300), False),  # 10 % of both together: 2.7 people of thirty
        ((0, 60), (30, 300), True),  # 18 %: 5.5
        ((5, 5), (30, 30), True),  # 5 of either
        ((4, 5), (30, 30), False),
        ((25, 25), (30, 30), True),  # 5 do not say so
        ((26, 25), (30, 30), False),
        ((12, 20), (30, 400), True),  # of both together 2.2, by the mean of the shares 6.75
        ((30, 400), (30, 400), False),
    ],
)
def test_a_pair_is_compared_where_five_would_say_so_and_five_would_not(said, asked, compared):
    assert expected(said, asked, 30.0) is compared


@given(st.tuples(st.integers(0, 40), st.integers(0, 200)), st.floats(1, 40))
def test_it_does_not_matter_whether_yes_or_no_is_counted_nor_which_column_is_first(said, base):
    other = (40 - said[0], 200 - said[1])

    assert expected(said, (40, 200), base) == expected(other, (40, 200), base)
    assert expected(said, (40, 200), base) == expected(said[::-1], (200, 40), base)


def test_a_rare_answer_in_a_small_column_has_no_letter_and_the_note_counts_it():
    table = table_of(people((40, 0), (200, 20), (200, 90)))

    # nobody of 40 has no variance: against 10 % of 200 t would be 4.7
    assert [cell.letters for cell in table.cells[0]] == ["", "", "", "AB"]
    assert (
        "camp: 2 of 6 pairs of columns are not compared (in “Yes” and “No”): fewer than 5 people "
        "of one would be expected to give the answer, or not to, were both alike."
    ) in notes_of(table)


def test_people_of_very_different_weights_count_for_as_many_as_they_are_worth():
    data = people((60, 6), (60, 30)).assign(w=1.0)
    uneven = data.assign(w=np.where(np.arange(120) % 6, 1.0, 30.0))
    weighted = Design(Sampling.PROBABILITY, weight="w")

    assert table_of(data).too_few == ()
    assert table_of(data).cells[0][2].letters == "A"
    # the 60 are worth 14, of whom 4.2 would say so
    assert round(table_of(uneven, design=weighted).columns[1].base.effective) == 14
    assert len(table_of(uneven, design=weighted).too_few) == 2


def test_a_mean_is_compared_from_ten_people_on():
    number = variable("y", Kind.NUMBER, ())
    rules = Rules(smallest_base=5, warn_base=5, reason="a test")

    small = table_of(people((9, 0), (200, 0)), number, rules=rules)
    large = table_of(people((10, 0), (200, 0)), number, rules=rules)

    assert large.too_few == ()
    assert (
        "camp: 1 of 1 pairs of columns is not compared: one is worth fewer than 10 people."
    ) in notes_of(small)


def test_an_answer_that_nobody_gave_is_among_those_not_compared():
    row = variable("said", Kind.ONE, ("yes", "no", "maybe"))
    table = table_of(people((60, 30), (60, 30)), row)

    assert [pair.row for pair in table.too_few] == [2]


def test_a_pair_with_a_hidden_number_is_neither_told_nor_counted():
    table = table_of(people((40, 2), (200, 10), (200, 90)), rules=Rules())
    protected = protect(table, Rules())

    assert protected.cells[0][1].value is None
    assert {(pair.row, pair.first) for pair in table.too_few} == {(0, 1), (1, 1)}
    assert protected.too_few == ()
    assert not any("not compared (" in line for line in notes_of(protected))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_which_shown_pairs_are_not_compared_follows_from_the_numbers_shown(one, two, three):
    """So the note tells nothing of what is hidden."""
    rng = np.random.default_rng(one * 3_721 + two * 61 + three)
    data = people((60, one), (75, two), (90, three))
    data["w"] = rng.uniform(0.5, 2, len(data))
    table = table_of(data, design=Design(Sampling.PROBABILITY, weight="w"), rules=Rules())

    shown = protect(table, Rules())

    told = {(pair.row, pair.first, pair.second) for pair in shown.too_few}
    for i, row in enumerate(shown.cells):
        for a, b in ((1, 2), (1, 3), (2, 3)):
            if row[a].value is None or row[b].value is None:
                assert (i, a, b) not in told
                continue
            if not (shown.columns[a].letter and shown.columns[b].letter):
                continue
            counts = (row[a].n, row[b].n)
            bases = tuple(shown.columns[j].base.unweighted for j in (a, b))
            least = min(shown.columns[j].base.effective for j in (a, b))
            assert ((i, a, b) in told) is not expected(counts, bases, least)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1_000))
def test_a_difference_rests_on_the_effective_base_of_columns_that_share_nobody(seed):
    rng = np.random.default_rng(seed)
    weights, group = rng.uniform(0.2, 3, 90), rng.integers(0, 3, 90)
    held = [group == k for k in range(3)]

    effective = [weights[flags].sum() ** 2 / (weights[flags] ** 2).sum() for flags in held]

    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert worth(held, weights)[a, b] == pytest.approx(min(effective[a], effective[b]))


def test_a_difference_from_the_whole_rests_on_those_who_are_not_in_the_part():
    weights = np.ones(100)
    part, whole = np.arange(100) < 80, np.ones(100, dtype=bool)

    assert worth([part, whole], weights)[0, 1] == pytest.approx(20)
    assert worth([part, part], weights)[0, 1] == 0
    # the same size, 60 of 80 in both: twenty against twenty
    other = (np.arange(100) >= 20) & (np.arange(100) < 100)
    assert worth([part, other], weights)[0, 1] == pytest.approx(20)


def test_columns_in_few_places_are_compared_on_the_freedom_that_their_places_leave():
    """Two columns of three places each, in a survey of forty: t has two degrees of freedom."""
    place, number = np.arange(800) // 20, np.arange(800) % 20
    camp = np.where(place < 3, "a", np.where(place < 6, "b", "c"))
    of_place = np.select([camp == "a", camp == "b"], [6 + 2 * (place % 3), 9 + 2 * (place % 3)], 9)
    data = pd.DataFrame(
        {"camp": camp, "said": np.where(number < of_place, "yes", "no"), "place": place}
    )
    design = Design(Sampling.PROBABILITY, cluster="place")

    estimate = shares(Sample(data, design), "said", by="camp")
    test = pairwise(estimate, ("a", "b"))

    # 30, 40 and 50 % against 45, 55 and 65 %: the variance of either mean is 0.02 / 9, times 40 / 39
    row = test.codes.index("yes")
    t = test.difference[row, 1, 0] / test.standard_error[row, 1, 0]
    assert t == pytest.approx(0.15 / np.sqrt(2 * 0.02 / 9 * 40 / 39))
    # R gives these for 2 * pt(-2.221697, c(39, 2))
    assert test.p[row, 0, 1] == pytest.approx(0.03217665)
    assert pairwise(estimate, ("a", "b"), df=TWO).p[row, 0, 1] == pytest.approx(0.1564084)
    assert test.higher()[row, 1, 0]
    assert not of_groups(estimate, ("a", "b"), 0.95, Unit.SHARE)["yes"].higher.any()
