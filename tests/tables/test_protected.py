"""Nothing can be worked out of a protected table: laws over random tables, and an attacker."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_kit.protection.rules import Rules
from survey_kit.tables.audit import audit
from survey_kit.tables.protected import protect
from survey_kit.tables.table import Base, Cell, Column, Row, Status, Table, Unit

HIDDEN = (Status.TOO_FEW, Status.COMPLEMENT)
SLOW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def table_of(answers, groups, *, adds_up, overlapping=(), weights=None):
    """A table of counts: answers (n, rows) 0/1; groups name -> (n, columns) 0/1."""
    weights = np.ones(len(answers)) if weights is None else weights
    masks = [("", "Total", np.ones(len(answers), dtype=bool))]
    for name, members in groups.items():
        masks += [(name, f"{name}{j}", members[:, j].astype(bool)) for j in range(members.shape[1])]
    masks = [each for each in masks if each[2].any()]

    def base(mask):
        w = weights[mask]
        return Base(int(mask.sum()), float(w.sum()), float(w.sum() ** 2 / (w @ w)))

    columns = tuple(Column(group, label, "", base(mask)) for group, label, mask in masks)
    cells = tuple(
        tuple(
            Cell(
                float(weights[mask] @ answers[mask, i] / weights[mask].sum()),
                n=int(answers[mask, i].sum()),
            )
            for _, _, mask in masks
        )
        for i in range(answers.shape[1])
    )
    rows = tuple(Row(f"row {i}", Unit.SHARE, str(i)) for i in range(answers.shape[1]))
    return Table("t", "T", "", "", rows, columns, cells, adds_up=adds_up, overlapping=overlapping)


def one_of(codes, count):
    return np.eye(count, dtype=int)[np.array(codes)]


@st.composite
def tables(draw):
    """Random people: an answer of one or of several, one or two groups, some overlapping."""
    people = draw(
        st.lists(
            st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2), st.integers(0, 15)),
            min_size=10,
            max_size=160,
        )
    )
    row, first, second, several = (np.array(each) for each in zip(*people, strict=True))
    bits = (several[:, None] >> np.arange(4)) & 1
    adds_up, overlapping = draw(st.booleans()), draw(st.booleans())
    answers = one_of(row, 4) if adds_up else bits[:, draw(st.permutations(range(4)))]
    groups = {"g": one_of(first, 4)}
    groups["h"] = bits[:, :2] if overlapping else one_of(second, 3)
    return table_of(answers, groups, adds_up=adds_up, overlapping=("h",) if overlapping else ())


@settings(SLOW, max_examples=15)
@given(tables())
def test_every_hidden_number_could_be_several_numbers(table):
    assert audit(protect(table, Rules())) == ()


@SLOW
@given(tables())
def test_a_hidden_cell_holds_no_number_and_a_shown_one_is_unchanged(table):
    protected = protect(table, Rules())

    for before, after in zip(
        (cell for row in table.cells for cell in row),
        (cell for row in protected.cells for cell in row),
        strict=True,
    ):
        if after.status in HIDDEN:
            assert after == Cell(None, status=after.status)
        else:
            assert (after.value, after.n) == (before.value, before.n)


@SLOW
@given(tables())
def test_no_shown_count_is_small_and_no_shown_column_is(table):
    protected = protect(table, Rules())

    for column in protected.columns:
        assert column.base.unweighted is None or column.base.unweighted >= 10
    shown = [cell.n for row in protected.cells for cell in row if cell.n is not None]
    assert all(n == 0 or n >= 5 for n in shown)


def test_the_audit_finds_what_an_unguarded_table_gives_away():
    """Two in a column of four rows, hidden alone: the column's base less the rest is two."""
    people = one_of([0] * 2 + [1] * 20 + [2] * 20, 3)
    groups = {"g": one_of([0] * 22 + [1] * 20, 2)}
    table = table_of(people, groups, adds_up=True)
    naive = replace(
        table,
        protected=True,
        smallest_base=10,
        smallest_cell=5,
        cells=tuple(
            tuple(Cell(None, status=Status.TOO_FEW) if 0 < c.n < 5 else c for c in row)
            for row in table.cells
        ),
    )

    assert audit(naive)[0] == (
        "table t, row 'row 0', column 'Total': it can be worked out to lie between 2 and 2."
    )
    assert audit(protect(table, Rules())) == ()


def every_table(protected, *, smallest_cell):
    """All tables of two rows that agree with what is shown and with the markers, by force."""
    total = protected.columns[0].base.unweighted
    columns = range(1, len(protected.columns))

    def could_be(i, j):
        cell = protected.cells[i][j]
        if cell.status not in HIDDEN:
            return [cell.n]
        marked_few = cell.status is Status.TOO_FEW and protected.columns[j].base.unweighted
        return range(smallest_cell if marked_few else total + 1)

    for first in product(*(could_be(0, j) for j in columns)):
        if sum(first) != protected.cells[0][0].n:
            continue
        second_could_be = [
            could_be(1, j) if base is None else {base - n} & set(could_be(1, j))
            for n, j in zip(first, columns, strict=True)
            for base in [protected.columns[j].base.unweighted]
        ]
        for second in product(*second_could_be):
            if sum(second) == protected.cells[1][0].n:
                yield first, second


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=6, max_size=22))
def test_an_attacker_who_tries_every_table_cannot_settle_a_hidden_count(people):
    """Small tables and thresholds; independent of flows and of linear programs."""
    rules = Rules(smallest_base=4, smallest_cell=3, reason="to try all tables")
    answers = one_of([row for row, _ in people], 2)
    groups = {"g": one_of([column for _, column in people], 3)}
    protected = protect(table_of(answers, groups, adds_up=True), rules)
    total = protected.columns[0].base.unweighted
    everyone = [row[0].n for row in protected.cells]
    if total is None or None in everyone:
        return

    found = list(every_table(protected, smallest_cell=3))

    assert found
    for i, row in enumerate(protected.cells):
        for j, cell in enumerate(row[1:]):
            if cell.status in HIDDEN and everyone[i] not in (0, total):
                assert len({table[i][j] for table in found}) >= 2


def test_an_answer_that_all_but_a_few_gave_is_hidden_too():
    """97 of 100 in a column did it: three did not."""
    answers = np.array([[1]] * 97 + [[0]] * 3 + [[1]] * 60 + [[0]] * 40)
    groups = {"g": one_of([0] * 100 + [1] * 100, 2)}

    protected = protect(table_of(answers, groups, adds_up=False), Rules())

    assert [cell.status for cell in protected.cells[0]] == [
        Status.SHOWN,
        Status.COMPLEMENT,
        Status.COMPLEMENT,
    ]


def test_a_total_less_the_rest_does_not_give_a_small_cell_away():
    """Two of 50 in one column, 30 of 50 in each of the others."""
    answers = np.array([[1]] * 2 + [[0]] * 48 + ([[1]] * 30 + [[0]] * 20) * 2)
    groups = {"g": one_of([0] * 50 + [1] * 50 + [2] * 50, 3)}

    protected = protect(table_of(answers, groups, adds_up=False), Rules())

    statuses = [cell.status for cell in protected.cells[0]]
    assert statuses[1] is Status.TOO_FEW
    assert statuses[2:].count(Status.COMPLEMENT) == 1


def test_a_column_of_few_people_is_hidden_with_its_base_and_with_another():
    answers = np.array([[1], [0]] * 51)
    groups = {"g": one_of([0] * 6 + [1] * 46 + [2] * 50, 3)}

    protected = protect(table_of(answers, groups, adds_up=False), Rules())

    assert [column.base.unweighted for column in protected.columns] == [102, None, None, 50]
    assert protected.columns[1].status is Status.TOO_FEW
    assert protected.columns[2].status is Status.COMPLEMENT
    assert protected.columns[1].base == Base(None, None, None)


@pytest.mark.parametrize("people", [11, 13, 14, 20])
@pytest.mark.parametrize("rest", [1, 4])
def test_of_few_people_no_marker_tells_who_is_not_in_a_column_of_nearly_all(people, rest):
    answers = one_of(np.zeros(people, dtype=int), 2)
    several = np.zeros((people, 2), dtype=int)
    several[:-rest, 0] = several[:rest, 1] = 1

    table = table_of(answers, {"h": several}, adds_up=True, overlapping=("h",))

    assert audit(protect(table, Rules())) == ()


def test_a_table_of_too_few_people_shows_nothing():
    table = table_of(np.array([[1]] * 5 + [[0]] * 4), {}, adds_up=False)

    protected = protect(table, Rules())

    assert protected.columns[0].base == Base(None, None, None)
    assert {cell.status for row in protected.cells for cell in row} == {Status.TOO_FEW}


def test_shares_are_coarse_where_weights_could_give_a_hidden_count_away():
    answers = np.array([[1]] * 2 + [[0]] * 98 + [[1]] * 33 + [[0]] * 67)
    groups = {"g": one_of([0] * 100 + [1] * 100, 2)}
    weights = np.where(np.arange(200) < 100, 0.8312, 1.1688)

    weighted = protect(table_of(answers, groups, adds_up=False, weights=weights), Rules())
    unweighted = protect(table_of(answers, groups, adds_up=False), Rules())

    assert weighted.cells[0][0].value == 0.2
    assert weighted.notes == (
        (
            "Shares are shown in steps of 1 %, because weighted totals could otherwise give hidden "
            "numbers away."
        ),
    )
    assert unweighted.cells[0][0].value == 35 / 200
    assert unweighted.notes == ()


def test_weighted_numbers_are_coarse_also_where_nothing_is_hidden():
    # 30 and 20 people of two weights: an exact 49.95 would say how many of each
    answers = np.array([[1]] * 30 + [[0]] * 70 + [[1]] * 20 + [[0]] * 80)
    weights = np.where(np.arange(200) < 100, 0.8312, 1.1688)

    table = table_of(answers, {}, adds_up=False, weights=weights)
    protected = protect(table, Rules())

    assert table.cells[0][0].value == pytest.approx((30 * 0.8312 + 20 * 1.1688) / 200)
    assert protected.cells[0][0].value == 0.24
    assert protected.columns[0].base == Base(200, 200.0, 194.0)


def test_what_everybody_of_a_group_said_is_flagged():
    answers = np.array([[1]] * 40 + [[1]] * 20 + [[0]] * 20)
    groups = {"g": one_of([0] * 40 + [1] * 40, 2)}

    protected = protect(table_of(answers, groups, adds_up=False), Rules())

    assert protected.notes == (
        (
            "Everyone in 'g0' gave the answer 'row 0': it is true of each of them. Think before "
            "sharing this table further."
        ),
    )


def test_letters_and_tests_that_rest_on_a_hidden_cell_are_taken_out(analysis):
    table = analysis.crosstab("why", ["region"])
    hidden_rows = [row for row in table.cells if any(cell.status in HIDDEN for cell in row)]

    assert hidden_rows
    assert table.comparisons == ()
    for row in table.cells:
        gone = {
            column.letter
            for column, cell in zip(table.columns, row, strict=True)
            if cell.status in HIDDEN
        }
        assert not any(gone & set(cell.letters) for cell in row)


def test_protecting_twice_changes_nothing(analysis):
    table = analysis.crosstab("why", ["region"])

    assert protect(table, Rules()) == table


def test_an_unprotected_table_does_not_get_into_a_book(analysis):
    table = replace(analysis.crosstab("why"), protected=False)

    with pytest.raises(ValueError, match="is not protected"):
        analysis.book([table])
