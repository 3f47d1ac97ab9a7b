"""The sections of the quality page on fieldwork as a whole: progress, quota, problems, trends, checks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from survey_kit.cleaning.quality_figures import Figures
from survey_kit.cleaning.quality_marks import Column, Line, Scale, bar, columns, lines
from survey_kit.cleaning.quality_parts import POINTS, Words, chips, folded, records, section, told
from survey_kit.cleaning.settled import MANY

LONGEST_LINE = 240
"""Characters of a line; constraints can be longer than anybody reads."""


def progress_section(figures: Figures) -> str:
    """Interviews by day, and how far the cells of the quota are."""
    days = figures.days
    if not len(days):
        return ""
    table = days.copy()
    if figures.weekly:
        table = days.groupby(pd.DatetimeIndex(days.index).to_period("W").start_time).sum()
    every = pd.date_range(table.index[0], table.index[-1], freq="W-MON" if figures.weekly else "D")
    table = table.reindex(every, fill_value=0)
    drawn = [
        Column(
            f"{day:%d %b}",
            float(full),
            float(whole - full),
            f"{'week of ' if figures.weekly else ''}{day:%a %d %b %Y}: {whole} interviews, {full} finished",
        )
        for day, whole, full in zip(
            table.index, table["interviews"], table["finished"], strict=True
        )
    ]
    most = int(table["interviews"].max())
    unit = "week" if figures.weekly else "day"
    key = (
        '<ul class="key"><li><i class="full"></i>finished</li>'
        '<li><i class="light"></i>ended early, for instance without consent</li></ul>'
    )
    return section(
        "Progress",
        f"Interviews by {unit} of their start. Finished: at least half as many answers as the median interview.",
        key,
        columns(drawn, _ends(table.index), f"{most} interviews in the fullest {unit}"),
        name="progress",
    )


def _ends(days: Sequence[Any] | pd.Index[Any]) -> list[str]:
    places = sorted({0, len(days) // 2, len(days) - 1})
    return [f"{days[at]:%d %b %Y}" if at == 0 else f"{days[at]:%d %b}" for at in places]


def quota_section(quota: pd.DataFrame | None, words: Words) -> str:
    """Done, remaining and over by cell."""
    if quota is None or not len(quota):
        return ""
    names = [name for name in quota.columns if name not in ("target", "done", "remaining", "over")]
    rows: list[dict[Any, Any]] = quota.to_dict("records")
    rows.sort(key=lambda row: -(row["over"] > 0) * 1e9 - row["remaining"])
    drawn = [_cell(row, [str(name) for name in names], words) for row in rows]
    done = sum(row["done"] >= row["target"] for row in rows)
    whole = [row for row in rows if all(row[name] for name in names)]
    remaining = sum(row["remaining"] for row in whole)
    over = sum(row["over"] > 0 for row in rows)
    return section(
        "Against quota",
        f"{done} of {len(rows)} cells are full, {over} over; {remaining} interviews remain. Cells over quota "
        "come first, then those that lack most.",
        folded(drawn, '<ul class="cells">', "cells"),
        name="quota",
    )


def _cell(row: dict[Any, Any], names: list[str], words: Words) -> str:
    parts = [words.code(name, row[name]) if row[name] else "anybody" for name in names]
    share = row["done"] / row["target"] if row["target"] else float(row["done"] > 0) * 2
    over = f' <span class="tag">+{row["over"]}</span>' if row["over"] else ""
    label = " · ".join(f"<bdi>{escape(part)}</bdi>" for part in parts)
    told = f"{row['done']} of {row['target']} done"
    kind = "" if row["done"] else "empty"
    return (
        f'<li><span class="name">{label}</span><span class="count">{row["done"]} / {row["target"]}{over}</span>'
        f"{bar(share, told, kind)}</li>"
    )


def problems_section(figures: Figures, words: Words, interviews: int) -> str:
    """The checks and the questions with most interviews to review."""
    by_check = [
        _problem(escape(words.check(str(name))), row, figures.by_check)
        for name, row in records(figures.by_check)
    ]
    by_question = [
        _problem(words.question(str(name)), row, figures.by_question)
        for name, row in records(figures.by_question)
    ]
    if not by_check:
        words_ = "The checks that ran have found nothing." if interviews else NOBODY_YET
        return section("To review", "", f"<p>{words_}</p>", name="problems")
    return section(
        "What there is to review",
        f"Of {interviews} interviews, how many have at least one finding. Findings about enumerators "
        f"or cells belong to no interview and count as findings only.{_everywhere(figures)}",
        '<div class="two"><div class="panel"><h3>By check</h3>',
        folded(by_check, '<ul class="list">', "checks"),
        '</div><div class="panel"><h3>By question</h3>',
        folded(by_question, '<ul class="list">', "questions"),
        "</div></div>",
        name="problems",
    )


NOBODY_YET = "There is no interview yet, so nothing could be found."


def of_many_section(findings: pd.DataFrame, words: Words) -> str:
    """What is told in a line of very many interviews or enumerators, in the order of the checks."""
    nobody = findings["interview"].astype("str") == ""
    lines_ = findings[nobody & findings["what"].astype("str").str.match(MANY)]
    rows = [
        f'<li><span class="name">{words.question(str(question)) if question else ""} '
        f"<small>{escape(words.check(str(check)))}</small><br><bdi>{escape(_first_line(str(what)))}</bdi></span></li>"
        for check, question, what in zip(
            lines_["check"], lines_["question"], lines_["what"], strict=True
        )
    ]
    if not rows:
        return ""
    return section(
        "Look at these first",
        "Each line stands for very many interviews: a matter of the form, the file or a setting, most "
        "likely. quality.xlsx has the interviews behind it.",
        folded(rows, '<ul class="list">', "lines"),
        name="many",
    )


def _first_line(what: str) -> str:
    text = what.partition("\n")[0]
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}…"


def _everywhere(figures: Figures) -> str:
    names = ", ".join(figures.everywhere)
    if not names:
        return ""
    return (
        f" More than half of the interviews have a finding at {names}: look at the form, or at how the file was made; "
        "further down this does not count as something to review in an interview."
    )


def _problem(name: str, row: dict[Any, Any], table: pd.DataFrame) -> str:
    most = max(int(table["interviews"].max()), 1)
    interviews, found = int(row["interviews"]), int(row["findings"])
    told = f"{interviews} interviews, {found} findings"
    small = f" <small>{found} finding{'s' * (found != 1)}</small>" if found != interviews else ""
    return (
        f'<li><span class="name">{name}</span><span class="count">{interviews}{small}</span>'
        f"{bar(interviews / most, told, '' if interviews else 'empty')}</li>"
    )


def trend_section(figures: Figures) -> str:
    """How length, findings and silence move over time."""
    trend = figures.trend
    if len(trend) < POINTS:
        return ""
    unit = "week" if figures.weekly else "day"
    ends = _ends(trend.index)
    panels: list[str] = []
    if trend["middle"].notna().sum() > 1:
        top = float(trend["high"].max())
        line = Line(_series(trend["middle"]), _series(trend["low"]), _series(trend["high"]))
        panels.append(
            _trend(
                f"Minutes of finished interviews: median and middle half, 0 to {top:.0f}",
                line,
                Scale(0, top),
                ends,
            )
        )
    for name, title in (
        ("reviewed", "Interviews with something to review"),
        ("silent", "“Don't know” and refused, of those asked"),
    ):
        top = float(trend[name].max())
        if top > 0:
            series = _series(trend[name])
            line = Line(series, [0.0 if v is not None else None for v in series], series)
            panels.append(
                _trend(f"{title}, 0 to {told(top, is_share=True)}", line, Scale(0, top), ends)
            )
    return section(
        "Over time",
        f"One point for each {unit} with interviews. Practice makes interviews shorter; the check of trends "
        "looks for those that shrink more than the others'.",
        f'<div class="three">{"".join(panels)}</div>',
        name="trends",
    )


def _trend(title: str, line: Line, scale: Scale, ends: Sequence[str]) -> str:
    return f'<div class="panel"><h3>{escape(title)}</h3>{lines(line, scale, ends, title)}</div>'


def _series(values: pd.Series[Any]) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]


def first_section(figures: Figures, words: Words) -> str:
    """The interviews to open first."""
    rows = [
        f'<tr><td class="id">{escape(str(interview))}</td><td data-name="enumerator"><bdi>{escape(str(row["enumerator"]))}</bdi></td>'
        f'<td class="day" data-name="day">{_day(row["day"])}</td>'
        f'<td class="number" data-name="findings">{row["findings"]:.0f}</td><td>{chips(str(row["names"]), words)}</td></tr>'
        for interview, row in records(figures.first.head(15))
    ]
    if not rows:
        return ""
    head = "<thead><tr><th>interview</th><th>enumerator</th><th>day</th><th class=number>findings</th><th>checks</th></tr></thead>"
    return section(
        "Interviews to review first",
        "Those in which several unlike checks have found something. What they found stands in quality.xlsx, where decisions are made.",
        f'<div class="scroll"><table class="stack">{head}<tbody>{"".join(rows)}</tbody></table></div>',
        name="first",
    )


def _day(day: Any) -> str:
    return "" if pd.isna(day) else f"{day:%d %b %Y}"


def checks_section(summary: pd.DataFrame) -> str:
    """Which checks ran, and on what; or why not."""
    rows = "".join(
        f"<tr><td>{escape(str(row['title']))}<br><code>{escape(str(row['check']))}</code></td>"
        f"<td>{'ran' if row['ran'] else '<span class=tag>did not run</span>'}</td>"
        f"<td>{escape(str(row['note']))}</td></tr>"
        for row in sorted(summary.to_dict("records"), key=lambda row: bool(row["ran"]))
    )
    return section(
        "What was checked, and what was not",
        "A check that could not run says why: silence would look like a clean bill.",
        f"<details><summary>All {len(summary)} checks</summary>"
        f'<div class="scroll"><table class="stack"><tbody>{rows}</tbody></table></div></details>',
        name="checks",
    )
