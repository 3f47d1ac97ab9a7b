"""A sentence whose numbers are not in its table is found out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.findings import wording
from survey_kit.findings.audit import foreign_numbers
from survey_kit.tables.table import Base, Cell, Column, Comparison, Row, Status, Table, Unit


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Protected tables of any numbers, with any cells hidden."""
    bases = draw(st.lists(st.integers(10, 2000), min_size=2, max_size=4))
    letters = dict(zip(range(1, len(bases)), "ABC", strict=False))
    columns = tuple(
        Column(
            "Group" if j else "",
            f"Group {j + 7}",
            letters.get(j, ""),
            Base(base, float(base), base * draw(st.floats(0.5, 1.0))),
            code=str(j),
        )
        for j, base in enumerate(bases)
    )
    rows = tuple(Row(f"Answer {i + 3}", Unit.SHARE, str(i)) for i in range(draw(st.integers(1, 4))))
    cells = tuple(tuple(draw(cell(base)) for base in bases) for _ in rows)
    return Table(
        name="any",
        title="Any",
        question="",
        base="Everyone",
        rows=rows,
        columns=columns,
        cells=cells,
        comparisons=(Comparison("Group", "test", 1.0, 1, 9, draw(st.floats(0, 1))),),
        interval=draw(st.sampled_from(["", "modelled interval", "95% CI (design-based)"])),
        protected=True,
    )


def cell(base: int) -> st.SearchStrategy[Cell]:
    hidden = st.sampled_from([Status.TOO_FEW, Status.COMPLEMENT]).map(
        lambda status: Cell(None, status=status)
    )
    share = st.floats(0, 1)
    shown = st.tuples(share, share, share, st.integers(0, base), st.sampled_from(["", "A", "AB"]))
    return hidden | shown.map(lambda drawn: in_order(*drawn))


def in_order(a: float, b: float, c: float, n: int, letters: str) -> Cell:
    low, value, high = sorted((a, b, c))
    return Cell(value, low, high, n, letters)


@given(tables())
def test_no_sentence_says_a_number_that_the_table_does_not_show(table: Table):
    told = [wording.ranking(table, "respondents", verb="Named most often are")]
    told += [
        wording.difference(table, row.code, subject=row.label, among=wording.among("{}"))
        for row in table.rows
    ]

    for sentence in told:
        assert foreign_numbers(sentence or "", table) == ()


@pytest.mark.parametrize(
    ("sentence", "foreign"),
    [
        ("63 % of respondents (374 of 604)", ("63 %",)),
        ("62 % of respondents (375 of 604)", ("375",)),
        ("62 % of respondents (374 of 604; modelled interval 57–66 %)", ("57–66 %",)),
        ("62 % of respondents (374 of 604; modelled interval 58–66 %)", ()),
        ("less than 1 % of respondents", ("less than 1 %",)),
        ("“Answer 99” is named by 62 % of respondents", ()),
        ("In 2024, 62 % of respondents", ("2024",)),
    ],
)
def test_a_number_that_is_not_in_the_table_is_named(
    reasons: Table, sentence: str, foreign: tuple[str, ...]
):
    assert foreign_numbers(sentence, reasons) == foreign


def test_a_count_of_thousands_is_one_number(reasons: Table):
    column = replace(reasons.columns[0], base=Base(12604, 12604.0, 12604.0))
    table = replace(reasons, columns=(column,))

    assert foreign_numbers("62 % (374 of 12,604)", table) == ()
