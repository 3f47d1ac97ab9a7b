"""A chart holds the numbers that its table shows, and no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from survey_kit.errors import ProtectionError
from survey_kit.findings.charts import Picture, funnel_chart, groups_chart, shares_chart
from survey_kit.findings.funnel import Step, steps_table
from survey_kit.tables.table import Base, Cell, Column, Row, Status, Table, Unit


def points(specification: Any) -> Iterator[Mapping[str, Any]]:
    """Every data point of a specification."""
    if isinstance(specification, Mapping):
        yield from specification.get("data", {}).get("values", [])
        for value in specification.values():
            yield from points(value)
    elif isinstance(specification, list):
        for value in specification:
            yield from points(value)


def numbers_in(picture: Picture) -> set[float]:
    return {
        value
        for point in points(picture.specification)
        for value in point.values()
        if isinstance(value, float | int)
    }


def numbers_of(table: Table) -> set[float]:
    cells = [cell for cells in table.cells for cell in cells]
    return {
        number
        for cell in cells
        for number in (cell.value, cell.low, cell.high, cell.n)
        if number is not None
    }


def step(name: str, base: int, n: int | None) -> Table:
    cell = Cell(None, status=Status.TOO_FEW) if n is None else Cell(n / base, 0.01, 0.9, n)
    return Table(
        name=name,
        title=name,
        question="",
        base=f"Asked of {base}",
        rows=(Row("Yes", Unit.SHARE, "yes"),),
        columns=(Column("", "All", "", Base(base, float(base), float(base))),),
        cells=((cell,),),
        protected=True,
    )


def test_shares_are_drawn_with_the_largest_on_top_and_hidden_ones_absent(reasons: Table):
    picture = shares_chart(reasons, title="Reasons")

    assert picture is not None
    drawn = list(dict.fromkeys(point["label"] for point in points(picture.specification)))
    assert drawn == ["Violence", "Work or income", "Family"]
    assert numbers_in(picture) <= numbers_of(reasons)


def test_a_chart_in_words_names_what_it_draws(reasons: Table):
    picture = shares_chart(reasons, title="Reasons")

    assert picture is not None
    assert picture.alternative == (
        "Dot chart of shares with modelled interval, the largest first. Violence 62 % (58–66 %); "
        "Work or income 50 % (46–54 %); Family 15 % (11–19 %)."
    )


def test_groups_are_drawn_with_small_bases_hollow_and_hidden_groups_absent(by_country: Table):
    picture = groups_chart(by_country, ["economic", "violence"], title="By country")

    assert picture is not None
    drawn = {(point["answer"], point["label"]) for point in points(picture.specification)}
    assert ("Work or income", "Thailand") not in drawn
    small = {point["label"] for point in points(picture.specification) if point["base"]}
    assert small == {"Thailand"}
    assert numbers_in(picture) <= numbers_of(by_country)


def test_no_interval_is_drawn_where_none_may_be_shown(reasons: Table):
    picture = shares_chart(replace(reasons, interval=""), title="Reasons")

    assert picture is not None
    assert all("low" not in point for point in points(picture.specification))


def test_a_funnel_states_the_base_of_each_step_and_leaves_hidden_steps_out():
    steps = [
        Step("Considered", step("a", 604, 92), "yes"),
        Step("Tried", step("b", 92, 60), "yes"),
        Step("Obtained", step("c", 60, None), "yes"),
    ]

    picture = funnel_chart(steps_table(steps, name="funnel", title="Funnel"), title="Funnel")

    assert picture is not None
    assert picture.alternative == (
        "Funnel of respondents, step by step, each of those asked at that step. Considered: 92 "
        "of 604 (15 %); Tried: 60 of 92 (65 %)."
    )


def test_a_table_of_steps_takes_bases_and_cells_as_they_stand():
    table = steps_table(
        [Step("Considered", step("a", 604, 92), "yes"), Step("Tried", step("b", 92, None), "yes")],
        name="funnel",
        title="Funnel",
    )

    assert [column.base.unweighted for column in table.columns] == [604, 92]
    assert table.cells[0][1] == Cell(None, status=Status.TOO_FEW)
    assert table.notes == ("Considered: Asked of 604", "Tried: Asked of 92")


def test_a_step_may_be_everyone_but_those_of_one_answer():
    table = steps_table(
        [Step("Heard of one", step("a", 600, 150), "yes", others=True)], name="f", title="F"
    )

    heard = table.cells[0][0]
    assert (heard.value, heard.n) == (0.75, 450)
    assert (heard.low, heard.high) == pytest.approx((0.1, 0.99))


def test_everyone_but_those_of_one_answer_is_hidden_where_too_few_remain():
    few = replace(step("a", 600, 597), smallest_cell=5)

    table = steps_table([Step("Heard of one", few, "yes", others=True)], name="f", title="F")

    assert table.cells[0][0] == Cell(None, status=Status.TOO_FEW)


def test_an_unprotected_table_is_not_drawn(reasons: Table):
    with pytest.raises(ProtectionError, match="has not been protected"):
        shares_chart(replace(reasons, protected=False), title="Reasons")


def test_every_kind_of_chart_is_a_chart_of_altair(reasons: Table, by_country: Table):
    import altair as alt

    steps = [Step("Considered", step("a", 604, 92), "yes"), Step("Tried", step("b", 92, 30), "yes")]
    pictures = [
        shares_chart(reasons, title="Reasons"),
        groups_chart(by_country, ["economic", "violence"], title="By country"),
        funnel_chart(steps_table(steps, name="funnel", title="Funnel"), title="Funnel"),
    ]

    for picture in pictures:
        assert picture is not None
        again = alt.Chart.from_dict(dict(picture.specification))
        assert again.to_dict()["title"] == picture.specification["title"]


def test_a_drawn_chart_has_a_mark_and_a_number_for_every_point(by_country: Table):
    from survey_kit.findings import pictures

    picture = groups_chart(by_country, ["economic", "violence"], title="By country")
    assert picture is not None
    drawn = pictures.svg(picture.specification, prefix="chart1")

    for point in points(picture.specification):
        assert drawn.count(f">{point['percent']}<") >= 1
        assert drawn.count(f">{point['label']}<") >= 1
    marks = drawn.count('aria-roledescription="point"')
    assert marks == len(list(points(picture.specification)))


def test_the_same_table_gives_the_same_chart(reasons: Table):
    assert shares_chart(reasons, title="Reasons") == shares_chart(reasons, title="Reasons")
