"""What several tables say together: found where it is there, and not where it is not."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.tables.narrowing import System
from survey_kit.tables.outsider import Link, Outsider, Shown
from survey_kit.tables.table import Cell, Status

SHAPE = (2, 3)
cells = st.lists(st.integers(0, 4), min_size=6, max_size=6)
hidden = st.lists(st.booleans(), min_size=6, max_size=6)


def system_of(table: np.ndarray, seen: np.ndarray) -> System:
    """A table with its totals, some cells of which are hidden."""
    system = System()
    for i, row in enumerate(table):
        terms = {system.unknown(str(i), str(j)): 1.0 for j in range(len(row))}
        system.equal.append((terms, float(row.sum())))
    for j, column in enumerate(table.T):
        terms = {system.unknown(str(i), str(j)): 1.0 for i in range(len(column))}
        system.equal.append((terms, float(column.sum())))
    for (i, j), value in np.ndenumerate(table):
        cell = {system.unknown(str(i), str(j)): 1.0}
        if seen[i, j]:
            system.equal.append((cell, float(value)))
        else:
            system.wanted[f"{i} {j}"] = cell
    return system


@given(cells=cells, hidden=hidden)
@settings(max_examples=40, deadline=None)
def test_what_is_narrowed_is_what_trying_all_tables_leaves(cells: list[int], hidden: list[bool]):
    table = np.array(cells).reshape(SHAPE)
    seen = ~np.array(hidden).reshape(SHAPE)

    found = system_of(table, seen).narrowed(4)

    # two free cells decide a table of two rows and three columns with known totals
    possible = []
    for a, b in product(range(13), repeat=2):
        first = np.array([a, b, table[0].sum() - a - b])
        other = np.vstack([first, table.sum(axis=0) - first])
        if (other >= 0).all() and (other[seen] == table[seen]).all():
            possible.append(other)
    least, most = np.min(possible, axis=0), np.max(possible, axis=0)
    expected = {
        f"{i} {j}": (least[i, j], most[i, j])
        for i, j in np.ndindex(SHAPE)
        if not seen[i, j] and most[i, j] - least[i, j] < 3
    }
    assert found == expected


def with_hidden(table, places):
    """The table with some cells hidden, as (row, column)."""
    rows = [list(row) for row in table.cells]
    for i, j in places:
        rows[i][j] = Cell(None, status=Status.COMPLEMENT)
    return replace(table, cells=tuple(map(tuple, rows)))


def test_what_one_table_hides_and_its_transpose_shows_is_found(analysis):
    across = with_hidden(
        analysis.crosstab("region", by=["gender"], name="across"),
        [(i, j) for i in (0, 1) for j in (1, 2)],
    )
    down = analysis.crosstab("gender", by=["region"], name="down")
    tables = [Shown(across, "region", ("gender",)), Shown(down, "gender", ("region",))]

    alone = Outsider(analysis, tables[:1]).narrowed(4)
    together = Outsider(analysis, tables).narrowed(4)

    assert alone == {}
    assert len(together) == 4
    assert {least for least, _ in together.values()} == {
        cell.n for i in (0, 1) for cell in analysis.crosstab("region", by=["gender"]).cells[i][1:3]
    }


def test_what_a_question_hides_and_a_variable_made_from_it_shows_is_found(analysis):
    sex = replace(analysis.variables["gender"], name="sex", label="Sex")
    both = replace(analysis, variables={**analysis.variables, "sex": sex})
    hiding = with_hidden(
        both.crosstab("gender", by=["region"], name="hiding"),
        [(i, j) for i in (0, 1) for j in (1, 2)],
    )
    showing = both.crosstab("sex", by=["region"], name="showing")
    tables = [Shown(hiding, "gender", ("region",)), Shown(showing, "sex", ("region",))]
    same = Link("sex", ("w",), "gender", ("w",))

    unaware = Outsider(both, tables).narrowed(4)
    aware = Outsider(both, tables, [same]).narrowed(4)
    # both columns of everyone are shown and agree, so nobody can have been left out
    nearly = Outsider(both, tables, [replace(same, left=10)]).narrowed(4)

    assert unaware == {}
    assert len(aware) == 4
    assert nearly == aware
    assert all(least == most for least, most in aware.values())
