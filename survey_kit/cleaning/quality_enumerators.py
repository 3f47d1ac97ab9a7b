"""The sections of the quality page on enumerators: rates with limits, effects on answers, back-checks."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from survey_kit.cleaning.checks.back_check import BackChecked
from survey_kit.cleaning.enumerator_rates import SHARES
from survey_kit.cleaning.quality_figures import SHARE_TO_REVIEW, Figures
from survey_kit.cleaning.quality_marks import Dot, Scale, strip
from survey_kit.cleaning.quality_parts import (
    FEW,
    LEVEL,
    MOST,
    Words,
    chips,
    folded,
    records,
    section,
    told,
)

OPEN = 8
"""So many enumerators stand open in the order in which to look."""
PANELS: Mapping[str, str] = {
    SHARE_TO_REVIEW: "Interviews with something to review",
    "minutes": "Minutes an interview",
    "dont_know": "Answers “don't know”, of those asked",
    "refused": "Answers refused, of those asked",
    "missing": "Left blank, of those asked",
    "other": "“Other”, where it could be chosen",
    "choices": "Choices picked, against the usual number",
}


def enumerators_section(figures: Figures, words: Words) -> str:
    """Rates of every enumerator with their limits, and in what order to look."""
    table = figures.enumerators
    if not len(table):
        return ""
    order = [str(code) for code in table.index]
    panels = [
        _panel(measure, title, figures.rates[figures.rates["measure"] == measure], order)
        for measure, title in PANELS.items()
        if (figures.rates["measure"] == measure).any()
    ]
    few = int((table["interviews"] < FEW).sum())
    left = f" The first {MOST} of {len(order)} are shown." if len(order) > MOST else ""
    grey = f" Grey: fewer than {FEW} interviews ({few} enumerators), too few to say." if few else ""
    key = (
        '<ul class="key"><li><i class="dot"></i>this enumerator</li><li><i class="reach"></i>95 % interval: where the '
        'true rate may lie</li><li><i class="due"></i>expected from the others</li></ul>'
    )
    return section(
        "Enumerators",
        "By code, in the order in which to look. A dot away from its tick is a reason to talk, if its line does not "
        "reach the tick, and of many enumerators one in twenty stands apart by chance alone. Places and "
        f"people differ too.{grey}{left}",
        _order(figures, words),
        key,
        f'<div class="three">{"".join(panels)}</div>',
        name="enumerators",
    )


def _panel(measure: str, title: str, rates: pd.DataFrame, order: list[str]) -> str:
    rows = {str(row["enumerator"]): row for row in rates.to_dict("records")}
    usual = [row["value"] for row in rows.values() if row["interviews"] >= FEW] or [
        row["value"] for row in rows.values()
    ]
    is_share = measure in SHARES or measure == SHARE_TO_REVIEW
    judged = [row for row in rows.values() if row["interviews"] >= FEW] or list(rows.values())
    high = max(min(row["high"], 3 * max(usual)) for row in judged)
    low = 0.0 if is_share else 0.95 * min(row["low"] for row in judged)
    scale = Scale(low, max(min(1.04 * high, 1.0) if is_share else 1.02 * high, 1e-6))
    drawn = [
        _row(code, rows[code], scale, measure, is_share=is_share)
        for code in order[:MOST]
        if code in rows
    ]
    axis = f'<div class="axis"><span><i>{told(scale.low, is_share)}</i><i>{told(scale.high, is_share)}</i></span></div>'
    return f'<div class="panel"><h3>{escape(title)}</h3>{axis}<ul class="dots">{"".join(drawn)}</ul></div>'


def _row(code: str, row: dict[Any, Any], scale: Scale, measure: str, *, is_share: bool) -> str:
    value, due = told(row["value"], is_share), told(row["expected"], is_share)
    few = row["interviews"] < FEW
    words = (
        f"enumerator {code}, {PANELS[measure]}: {value}, 95 % interval {told(row['low'], is_share)} to "
        f"{told(row['high'], is_share)}, expected {due}, {row['interviews']} interviews"
    )
    dot = Dot(row["value"], row["low"], row["high"], row["expected"], words, few)
    return (
        f"<li{' class=few' if few else ''}><span><bdi>{escape(code)}</bdi> <small>n {row['interviews']}</small></span>"
        f'{strip(dot, scale)}<span class="value">{value}</span></li>'
    )


def _order(figures: Figures, words: Words) -> str:
    rows = [
        f"<tr{' class=few' if row['interviews'] < FEW else ''}><td><bdi>{escape(str(code))}</bdi></td>"
        f'<td class="number" data-name="interviews">{row["interviews"]:.0f}</td>'
        f'<td class="number" data-name="findings">{row["findings"]:.0f}</td>'
        f'<td class="number" data-name="score">{row["score"]:.3g}</td>'
        f"<td>{chips(str(row['names']), words)}</td></tr>"
        for code, row in records(figures.enumerators)
        if row["findings"]
    ]
    head = (
        "<thead><tr><th>enumerator</th><th class=number>interviews</th><th class=number>findings</th>"
        "<th class=number>score</th><th>checks</th></tr></thead>"
    )
    if not rows:
        return ""

    def table(body: list[str]) -> str:
        inside = "".join(body)
        return (
            f'<div class="scroll"><table class="stack">{head}<tbody>{inside}</tbody></table></div>'
        )

    rest = rows[OPEN:MOST]
    more = (
        f"<details><summary>{len(rest)} more enumerators</summary>{table(rest)}</details>"
        if rest
        else ""
    )
    return (
        "<h3>In what order to look</h3>"
        '<p class="about">Score: weighted findings, times 1 + 0.5 for each further check. It sorts and does not judge: '
        f"who made more interviews has more findings.</p>{table(rows[:OPEN])}{more}<br>"
    )


def effects_section(effects: pd.DataFrame, words: Words) -> str:
    """Questions whose answers depend most on who asked."""
    shown = effects[(effects["adjusted"] <= LEVEL) & (effects["low"] > 0)]
    if not len(shown):
        return ""
    top = float(min(shown["high"].head(MOST).max(), 1.0))
    scale = Scale(0, top)
    drawn = [_effect(row, scale, words) for row in shown.to_dict("records")]
    axis = f'<div class="axis"><span><i>0: it does not matter who asks</i><i>{top:.2f}</i></span></div>'
    return section(
        "Answers that depend on who asked",
        f"{len(shown)} of {len(effects)} questions, by the intraclass correlation with its 95 % interval: how alike the answers of "
        "two people are if one enumerator asked both. It speaks of the question, its translation and the training "
        "before it speaks of anybody.",
        f'<div class="wide">{axis}',
        folded(drawn, '<ul class="dots">', "questions"),
        "</div>",
        name="effects",
    )


def _effect(row: dict[Any, Any], scale: Scale, words: Words) -> str:
    low = max(row["low"], 0.0)
    told = (
        f"{row['question']}: intraclass correlation {row['icc']:.2f}, 95 % interval {low:.2f} to {row['high']:.2f}, "
        f"{row['enumerators']} enumerators, {row['n']} answers"
    )
    dot = Dot(row["icc"], low, row["high"], 0.0, told)
    return f'<li><span>{words.question(str(row["question"]))}</span>{strip(dot, scale)}<span class="value">{row["icc"]:.2f}</span></li>'


def back_check_section(found: BackChecked | None, words: Words) -> str:
    """How often second interviews differ."""
    if found is None or not len(found.by_question):
        return ""
    rows: list[dict[Any, Any]] = found.by_question.to_dict("records")
    scale = Scale(0, max(row["high"] for row in rows))
    drawn = [
        f"<li><span>{words.question(str(row['question']))}</span>"
        + strip(
            Dot(
                row["rate"],
                row["low"],
                row["high"],
                0.0,
                f"{row['question']}: {row['different']} of {row['compared']} differ",
                row["compared"] < FEW,
            ),
            scale,
        )
        + f'<span class="value">{row["different"]} / {row["compared"]}</span></li>'
        for row in rows
    ]
    axis = f'<div class="axis"><span><i>0 %</i><i>{scale.high:.0%}</i></span></div>'
    return section(
        "Back-checks",
        f"{found.pairs} people were asked again. Shares of answers that differ, with exact 95 % limits.",
        f'<div class="wide">{axis}',
        folded(drawn, '<ul class="dots">', "questions"),
        "</div>",
        name="back-checks",
    )
