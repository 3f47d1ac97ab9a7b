"""A table as HTML that can be heard as well as seen: caption, headers with scope, notes."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from math import isclose

from survey_kit.tables.markers import base_marker, cell_marker, legend
from survey_kit.tables.table import Column, Table, Unit
from survey_kit.tables.texts import (
    base_line,
    interval_text,
    mean_interval_text,
    notes_of,
    whole_percent,
)


def table_html(table: Table) -> str:
    """A ``<figure>`` with one ``<table>``; classes, but no style of its own.

    Classes: ``crosstab``; on cells ``number``, ``marker``, ``interval``, ``letters``.
    """
    head = _head(table)
    body = "".join(_row(table, i) for i in range(len(table.rows)))
    notes = "".join(f"<li>{escape(note)}</li>" for note in (*legend(table), *notes_of(table)))
    notice = f'<p class="notice">{escape(table.simulated)}</p>' if table.simulated else ""
    question = f"<p>{escape(table.question)}</p>" if table.question != table.title else ""
    return (
        f'<figure class="crosstab" id="{escape(table.name)}">{notice}<table>'
        f"<caption>{escape(table.title)}</caption>{head}<tbody>{_bases(table)}{body}</tbody>"
        f"</table><figcaption>{question}<p>{escape(base_line(table))}</p>"
        f'<ul class="notes">{notes}</ul></figcaption></figure>'
    )


def _head(table: Table) -> str:
    groups = list(_runs(table.columns))
    top = ""
    if any(name for name, _ in groups):
        cells = "".join(
            f'<th scope="colgroup" colspan="{width}">{escape(name)}</th>'
            if name
            else f'<td colspan="{width}"></td>'
            for name, width in groups
        )
        top = f"<tr><td></td>{cells}</tr>"
    labels = "".join(
        f'<th scope="col">{escape(column.label)}{_letter(column)}</th>' for column in table.columns
    )
    return f"<thead>{top}<tr><td></td>{labels}</tr></thead>"


def _letter(column: Column) -> str:
    return f' <span class="letters">{escape(column.letter)}</span>' if column.letter else ""


def _runs(columns: Iterable[Column]) -> list[tuple[str, int]]:
    runs: list[tuple[str, int]] = []
    for column in columns:
        if runs and runs[-1][0] == column.group:
            runs[-1] = (column.group, runs[-1][1] + 1)
        else:
            runs.append((column.group, 1))
    return runs


def _bases(table: Table) -> str:
    weighted = any(
        column.base.weighted is not None
        and column.base.unweighted is not None
        and not isclose(column.base.weighted, column.base.unweighted)
        for column in table.columns
    )
    lines: list[tuple[str, list[float | None]]] = [
        ("n", [column.base.unweighted for column in table.columns])
    ]
    if weighted:
        lines += [
            ("Weighted base", [column.base.weighted for column in table.columns]),
            ("Effective base", [column.base.effective for column in table.columns]),
        ]
    return "".join(
        f'<tr class="base"><th scope="row">{name}</th>'
        + "".join(
            _marked(base_marker(table, j)) if value is None else _plain(f"{value:,.0f}")
            for j, value in enumerate(values)
        )
        + "</tr>"
        for name, values in lines
    )


def _row(table: Table, i: int) -> str:
    cells = "".join(_cell(table, i, j) for j in range(len(table.columns)))
    return f'<tr><th scope="row">{escape(table.rows[i].label)}</th>{cells}</tr>'


def _cell(table: Table, i: int, j: int) -> str:
    cell, mean = table.cells[i][j], table.rows[i].unit is Unit.MEAN
    if cell.value is None:
        return _marked(cell_marker(table, i, j))
    text = f"{cell.value:.1f}" if mean else f"{whole_percent(cell.value)} %"
    if cell.low is not None and cell.high is not None:
        words = mean_interval_text if mean else interval_text
        text += f' <small class="interval">{words(cell.low, cell.high)}</small>'
    if cell.letters:
        text += f' <b class="letters">{escape(cell.letters)}</b>'
    return _plain(text)


def _plain(text: str) -> str:
    return f'<td class="number">{text}</td>'


def _marked(marker: str) -> str:
    return f'<td class="marker">{escape(marker)}</td>'
