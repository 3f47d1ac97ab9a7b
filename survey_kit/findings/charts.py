"""Charts of a protected table, as Vega-Lite specifications (plain dicts, made with Altair).

A dot is the share, a line its interval; a hollow mark rests on a small base; what may not
be shown is absent. Only numbers that the table shows go into a chart. Colours are those
of the UK Analysis Function, three to one against white, and never carry meaning alone.

Altair makes and checks the shape of each kind of chart once; a chart is that shape with
its numbers, and ``altair.Chart.from_dict`` makes an Altair chart of it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from textwrap import wrap
from typing import Any, TypeAlias

from survey_kit.findings import reading
from survey_kit.findings.wording import count, percent, support
from survey_kit.tables.table import Table
from survey_kit.tables.texts import whole_percent

BLUE, TEAL, PLUM, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
GREY, BLACK = "#595959", "#0B0C0C"
Chart: TypeAlias = Any
"""An Altair chart; its own types change with every method, so they say nothing here."""
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH = 420
_LINE = 34
_STEP = 34
_WORTH_DRAWING = 2
_FITS = 160


@dataclass(frozen=True)
class Picture:
    """A chart, and the same in words."""

    specification: Mapping[str, Any]
    alternative: str


def shares_chart(
    table: Table,
    *,
    title: str,
    column: int = 0,
    leave_out: Iterable[str] = (),
    most: int = 12,
) -> Picture | None:
    """Shares of one column with their intervals, the largest on top.

    Parameters
    ----------
    leave_out
        Codes that are not drawn.
    most
        How many answers are drawn at most; the words say when some are left out.

    Returns
    -------
    Picture or None
        None where fewer than two answers may be shown: a sentence says it better.
    """
    reading.refuse_unprotected(table)
    rows = reading.ranked(table, column, leave_out=leave_out)
    drawn = rows[:most]
    if len(drawn) < _WORTH_DRAWING:
        return None
    points = [_point(table, i, column, table.rows[i].label) for i in drawn]
    chart = _finished(_dots(points), title, table)
    words = "; ".join(_in_words(table, i, column, table.rows[i].label) for i in drawn)
    left = len(rows) - len(drawn)
    more = f" The {left} least frequent answers are in the table." if left else ""
    return Picture(
        chart, f"Dot chart of shares{_intervals(table)}, the largest first. {words}.{more}"
    )


def counts_chart(table: Table, *, title: str) -> Picture | None:
    """How many people gave each answer, the most on top: for describing a sample.

    Returns
    -------
    Picture or None
        None where fewer than two answers may be shown.
    """
    reading.refuse_unprotected(table)
    base = table.columns[0].base.unweighted
    after = " after weighting" if reading.is_weighted(table) else ""
    points = [
        {
            "label": _wrapped(table.rows[i].label),
            "people": cell.n,
            "words": f"{count(cell.n)} ({percent(cell.value or 0.0)}{after})",
            "base": "",
        }
        for i in reading.ranked(table)
        for cell in [table.cells[i][0]]
        if cell.n is not None
    ]
    if len(points) < _WORTH_DRAWING or base is None:
        return None
    points.sort(key=lambda point: -int(point["people"]))
    words = "; ".join(f"{point['label']}: {point['words']}" for point in points)
    return Picture(
        _finished(_bars(points), title, table),
        f"Bars of the number of respondents, of {count(base)} in all. {words}.".replace("\n", " "),
    )


def groups_chart(
    table: Table,
    codes: Sequence[str],
    *,
    title: str,
    group: str | None = None,
) -> Picture | None:
    """The same answers in each group of the banner: one small chart for each answer.

    Returns
    -------
    Picture or None
        None where nothing of it may be shown.
    """
    reading.refuse_unprotected(table)
    columns = reading.columns_of(table, group)
    points: list[dict[str, Any]] = []
    words: list[str] = []
    for code in codes:
        row = reading.row_of(table, code)
        if row is None:
            continue
        shown = [j for j in columns if reading.is_shown(table.cells[row][j])]
        points += [
            _point(table, row, j, table.columns[j].label) | {"answer": table.rows[row].label}
            for j in shown
        ]
        told = "; ".join(_in_words(table, row, j, table.columns[j].label) for j in shown)
        if told:
            words.append(f"{table.rows[row].label}: {told}.")
    if not points:
        return None
    answers = list(dict.fromkeys(point["answer"] for point in points))
    stacked = [
        _dots([point for point in points if point["answer"] == answer])
        | {"title": {"text": answer, "anchor": "start", "fontSize": 12, "color": GREY}}
        for answer in answers
    ]
    shape = {"vconcat": stacked, "spacing": 18, "resolve": {"scale": {"fill": "independent"}}}
    spec = _finished(shape, title, table)
    return Picture(spec, f"Dot chart of shares by group{_intervals(table)}. {' '.join(words)}")


def funnel_chart(table: Table, *, title: str) -> Picture | None:
    """The steps of a path: how many people took each, of how many who were asked.

    Parameters
    ----------
    table
        One row; its columns are the steps in order, each with its own base
        (`survey_kit.findings.funnel.steps_table`).

    Returns
    -------
    Picture or None
        None where fewer than two steps may be shown.
    """
    reading.refuse_unprotected(table)
    points: list[dict[str, Any]] = []
    for j, column in enumerate(table.columns):
        cell = table.cells[0][j]
        if cell.value is None or cell.n is None or not reading.is_shown(cell):
            continue
        base = column.base.unweighted
        points.append(
            {
                "label": _wrapped(column.label),
                "people": cell.n,
                "words": f"{count(cell.n)} of {count(base)} ({percent(cell.value)})"
                if base is not None
                else f"{count(cell.n)} ({percent(cell.value)})",
                "base": "small base" if reading.is_small(cell, column) else "",
            }
        )
    if len(points) < _WORTH_DRAWING:
        return None
    words = "; ".join(f"{point['label']}: {point['words']}" for point in points)
    words = words.replace("\n", " ")
    return Picture(
        _finished(_bars(points), title, table),
        f"Funnel of respondents, step by step, each of those asked at that step. {words}.",
    )


def _point(table: Table, row: int, column: int, label: str) -> dict[str, Any]:
    cell, head = table.cells[row][column], table.columns[column]
    point: dict[str, Any] = {
        "label": _wrapped(label),
        "share": cell.value,
        "percent": percent(cell.value or 0.0),
        "support": support(table, cell, head),
        "base": "small base" if reading.is_small(cell, head) else "",
    }
    if table.interval and cell.low is not None and cell.high is not None:
        point |= {"low": cell.low, "high": cell.high}
    return point


def _in_words(table: Table, row: int, column: int, label: str) -> str:
    cell, head = table.cells[row][column], table.columns[column]
    if cell.value is None:
        return ""
    interval = (
        f" ({whole_percent(cell.low)}–{whole_percent(cell.high)} %)"
        if table.interval and cell.low is not None and cell.high is not None
        else ""
    )
    few = ", a small base" if reading.is_small(cell, head) else ""
    return f"{label} {percent(cell.value)}{interval}{few}"


def _intervals(table: Table) -> str:
    return f" with {table.interval}" if table.interval else ""


def _wrapped(label: str) -> str:
    """A label in lines of a readable length, broken only where it has spaces."""
    return "\n".join(wrap(label, _LINE, break_long_words=False)) or label


def _dots(points: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Dots with intervals, in the order of the points."""
    shape = _shape_of_dots(
        intervals=any("low" in point for point in points),
        small=any(point["base"] for point in points),
    )
    return _filled(json.loads(shape), points)


def _bars(points: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Bars of counts, in the order of the points, with room for words beside them."""
    shape: dict[str, Any] = json.loads(_shape_of_bars(small=any(p["base"] for p in points)))
    longest = max(point["people"] for point in points)
    for layer in shape["layer"]:
        layer["encoding"]["x"]["scale"] = {"domain": [0, longest * 1.35], "nice": False}
    return _filled(shape, points)


def _filled(shape: dict[str, Any], points: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A shape with its numbers, labels in the order of the points."""
    for layer in shape["layer"]:
        layer["encoding"]["y"]["sort"] = [point["label"] for point in points]
    return {"data": {"values": [dict(point) for point in points]}, **shape}


@cache
def _shape_of_dots(*, intervals: bool, small: bool) -> str:
    import altair as alt

    empty: Chart = alt.Chart()
    scale = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("share:Q", title="Share", scale=scale, axis=alt.Axis(format=".0%", tickCount=6))
    hover = [alt.Tooltip("label:N", title=" "), alt.Tooltip("support:N", title=" ")]
    dots = empty.mark_point(size=95, stroke=BLUE, strokeWidth=2, opacity=1).encode(
        x=x, y=_labels(), fill=_hollow(small=small), tooltip=hover
    )
    percentages = empty.mark_text(align="left", dx=9, dy=-9, fontSize=11, color=BLACK).encode(
        x=x, y=_labels(), text="percent:N"
    )
    lines = (
        empty.mark_rule(strokeWidth=2.5, color=TEAL)
        .encode(x=alt.X("low:Q", scale=scale), x2="high:Q", y=_labels())
        .transform_filter("isValid(datum.low)")
    )
    layers = (lines, dots, percentages) if intervals else (dots, percentages)
    return _shape(layers, _STEP)


@cache
def _shape_of_bars(*, small: bool) -> str:
    import altair as alt

    empty: Chart = alt.Chart()
    axis = alt.Axis(tickMinStep=1, tickCount=6)
    x = alt.X("people:Q", title="Respondents (count, unweighted)", axis=axis)
    bars = empty.mark_bar(stroke=BLUE, strokeWidth=2, size=24).encode(
        x=x, y=_labels(), fill=_hollow(small=small)
    )
    texts = empty.mark_text(align="left", dx=7, fontSize=12, color=BLACK).encode(
        x=x, y=_labels(), text="words:N"
    )
    return _shape((bars, texts), 44)


def _labels() -> Chart:
    """The vertical axis: labels in their order, in several lines where they are long."""
    import altair as alt

    axis = alt.Axis(
        labelExpr="split(datum.value, '\\n')", labelLimit=300, ticks=False, domain=False
    )
    return alt.Y("label:N", sort=None, title=None, axis=axis)


def _hollow(*, small: bool) -> Chart:
    """A full mark, or a hollow one on a small base, with the legend that says so."""
    import altair as alt

    legend = alt.Legend(title=None, values=["small base"], orient="bottom", symbolStrokeColor=BLUE)
    scale = alt.Scale(domain=["", "small base"], range=[BLUE, "white"])
    return alt.Fill("base:N", scale=scale, legend=legend if small else None)


def _shape(layers: Sequence[Chart], step: int) -> str:
    """Layers as JSON, checked by Altair, without numbers."""
    import altair as alt

    chart: Chart = alt.layer(*layers).properties(width=WIDTH, height={"step": step})
    made: dict[str, Any] = chart.to_dict()
    for layer in made["layer"]:
        layer.pop("data", None)
    return json.dumps({key: made[key] for key in ("layer", "width", "height")})


def _finished(shape: Mapping[str, Any], title: str, table: Table) -> dict[str, Any]:
    """The specification with its title, its source lines and a plain look."""
    lines = [_base_line(table), table.simulated.partition(":")[0]]
    return {
        "$schema": _SCHEMA,
        "autosize": {"type": "pad", "contains": "padding"},
        **shape,
        "title": {
            "text": wrap(title, 74) or [""],
            "subtitle": [each for line in lines if line for each in wrap(line, 92)],
            "anchor": "start",
            "frame": "group",
            "fontSize": 14,
            "subtitleFontSize": 11,
            "subtitleColor": GREY,
            "color": BLACK,
            "offset": 12,
        },
        "config": _LOOKS,
    }


def _base_line(table: Table) -> str:
    """How many were asked, and who they are where that fits above a chart."""
    everyone = table.columns[0].base.unweighted
    steps = len(table.columns) > 1 and not reading.first_group(table)
    number = f"n = {count(everyone)}. " if everyone is not None and not steps else ""
    return f"{number}{table.base if len(table.base) <= _FITS else ''}".strip()


_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.4.1.json"
_LOOKS: dict[str, Any] = {
    "font": FONT,
    "background": "white",
    "padding": 8,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 11,
        "titleColor": GREY,
        "labelColor": BLACK,
        "labelPadding": 10,
        "gridColor": "#E3E3E3",
    },
    "axisX": {"titleAnchor": "start", "titleFontWeight": "normal", "domain": False},
    "legend": {"labelFontSize": 11},
}
