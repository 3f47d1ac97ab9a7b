"""The weighting of a sample as one HTML page: what was done, what it did, and what it cost.

In the order in which a survey methodologist asks: what standard errors count, the steps at a
glance, what to look at, the weights themselves, then every step with its margins. The page
holds no row of the data, no script and no address. It counts people in small cells, so it is
for those who may see the data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np
import pandas as pd

from survey_kit.design.sample import Sample
from survey_kit.design.stage import Floats
from survey_kit.design.wording import wording
from survey_kit.weighting.chain import Weighted
from survey_kit.weighting.sheets import spread
from survey_kit.weighting.step_report import StepReport

FOR_WHOM = "For the data manager: it counts people in small groups and must not be passed on."

BARS = 30
"""Of the histogram."""

HEIGHT, WIDTH = 120, 600
"""Of the histogram, in pixels."""

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1b1b1b; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; font-size: 13px }
caption { text-align: left; font-weight: 600; padding: .25rem 0 }
th, td { padding: .2rem .6rem; border-bottom: 1px solid #ddd; text-align: right }
th[scope=row], th.words, td.words { text-align: left; font-weight: normal }
thead th { border-bottom: 2px solid #555; vertical-align: bottom }
.notes { border-left: 4px solid #b45309; padding-left: 2rem }
td { white-space: nowrap }
@media print { body { margin: 0 } h2 { break-after: avoid } tr { break-inside: avoid } }
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def weighting_page(weighted: Weighted, *, title: str = "Weighting report", notice: str = "") -> str:
    """The page, as text; `notice` stands below its title."""
    parts = [
        f"<h1>{escape(title)}</h1>",
        f"<p class=notices><strong>{escape(notice)}</strong></p>" if notice else "",
        _paragraph(FOR_WHOM),
        _paragraph(_people(weighted.sample)),
        _paragraph(weighted.variance),
        "<h2>The steps</h2>",
        _steps(weighted),
        _notes(weighted.reports),
        "<h2>The weights</h2>",
        _histogram(weighted.sample.weights),
        _quantiles(weighted),
    ]
    for each in weighted.reports:
        parts += [f"<h2>{each.number}. {escape(each.title)}</h2>", *_step(each)]
    parts.append(f"<h2>How to read this</h2>{_glossary()}")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>"
        + "\n".join(part for part in parts if part)
        + "</body></html>\n"
    )


def _people(sample: Sample) -> str:
    design = sample.design
    named = [
        f"strata: {design.stratum}" if design.stratum else "no strata",
        f"clusters: {', '.join(design.clusters)}" if design.clusters else "no clusters",
    ]
    if sample.replicates is not None:
        named.append(f"{len(sample.replicates)} replicates ({sample.replicates.kind})")
    said = wording(design.sampling, len(sample), "").footer
    return f"{said} Design: {'; '.join(named)}."


def _steps(weighted: Weighted) -> str:
    heads = (
        "Step",
        "Rows",
        "Sum of weights",
        "Effective sample size",
        "Design effect (Kish)",
        "Smallest weight",
        "Largest weight",
        "Trimmed",
        "Rounds",
        "Largest gap",
    )
    first = weighted.reports[0].before
    body = [("At first", first, "", "", "")]
    for each in weighted.reports:
        trimmed = f"{each.cut:,} ({100 * each.moved:.2f} %)" if each.cut else ""
        rounds = str(each.iterations) if each.iterations > 1 else ""
        gap = f"{each.gap:.1g}" if each.gap > 0 else ""
        body.append((f"{each.number}. {each.title}", each.after, trimmed, rounds, gap))
    rows = [
        (
            name,
            f"{s.n:,}",
            f"{s.total:,.1f}",
            f"{s.effective_size:,.1f}",
            f"{s.design_effect:.3f}",
            f"{s.smallest:.3f}",
            f"{s.largest:.3f}",
            *rest,
        )
        for name, s, *rest in body
    ]
    return _table("Smallest and largest weight are relative to the mean weight.", heads, rows)


def _notes(reports: Sequence[StepReport]) -> str:
    notes = [f"Step {each.number}: {note}" for each in reports for note in each.notes]
    if not notes:
        return ""
    items = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return f'<h2>What to look at</h2><ul class="notes">{items}</ul>'


def _step(report: StepReport) -> list[str]:
    parts: list[str] = []
    if report.smallest_factor != report.largest_factor:
        parts.append(
            _paragraph(
                f"Weights changed by factors from {report.smallest_factor:.4f} to "
                f"{report.largest_factor:.4f}."
            )
        )
    else:
        parts.append(_paragraph(f"Every weight changed by the factor {report.largest_factor:.6g}."))
    if len(report.margins):
        rows = [
            (
                f"{line['variable']}: {line['category']}",
                f"{line['n']:,}",
                _percent(line["before"]),
                _percent(line["after"]),
                _percent(line["target"]),
            )
            for line in report.margins.to_dict("records")
        ]
        heads = ("Category", "Rows", "Before, %", "After, %", "Target, %")
        parts.append(_table("Shares of weight; a target where this step has one.", heads, rows))
    if len(report.totals):
        rows = [
            (line["column"], *(_number(line[c]) for c in ("before", "after", "target")))
            for line in report.totals.to_dict("records")
        ]
        parts.append(_table("Weighted sums.", ("Column", "Before", "After", "Target"), rows))
    if len(report.cells):
        rows = [
            (
                line["cell"],
                f"{line['n']:,}",
                f"{line['responded']:,}",
                _percent(line["rate"]),
                f"{line['factor']:.4f}",
            )
            for line in report.cells.to_dict("records")
        ]
        heads = ("Cell", "Drawn", "Answered", "Weighted response rate, %", "Factor")
        parts.append(_table("Response by cell.", heads, rows))
    return parts


def _quantiles(weighted: Weighted) -> str:
    table = spread(weighted)
    names = ["At first", *(f"{each.number}. {each.title}" for each in weighted.reports)]
    shown = [column for column in table.columns if str(column).startswith("p")]
    rows = [
        (name, *(f"{float(line[column]):.3f}" for column in shown))
        for name, line in zip(names, table.to_dict("records"), strict=True)
    ]
    return _table("Percentiles of the weights over their mean.", ("After", *shown), rows)


def _histogram(weights: Floats) -> str:
    """How the last weights are spread, as a drawing that reads without colour."""
    relative = weights / weights.mean()
    counts, edges = np.histogram(relative, bins=BARS, range=(0.0, float(relative.max())))
    width, most = WIDTH / BARS, max(int(counts.max()), 1)
    bars = "".join(
        f'<rect x="{number * width:.1f}" y="{HEIGHT * (1 - count / most):.1f}" '
        f'width="{width - 1:.1f}" height="{HEIGHT * count / most:.1f}" fill="#1d4ed8"/>'
        for number, count in enumerate(counts)
    )
    said = f"Histogram of {len(weights):,} weights, from 0 to {edges[-1]:.2f} times their mean"
    return (
        f'<svg role="img" aria-label="{said}" width="{WIDTH}" height="{HEIGHT + 20}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT + 20}">{bars}'
        f'<text x="0" y="{HEIGHT + 15}" font-size="12">0</text>'
        f'<text x="{WIDTH}" y="{HEIGHT + 15}" font-size="12" text-anchor="end">'
        f"{edges[-1]:.2f} times the mean weight</text></svg>"
    )


def _glossary() -> str:
    terms = (
        (
            "Effective sample size",
            "(sum of weights)² over the sum of squared weights; clusters aside (Kish 1965).",
        ),
        ("Design effect (Kish)", "Rows over effective sample size: what unequal weights cost."),
        ("Trimmed", "Weights beyond a bound, and the share of all weight that changed hands."),
        ("Largest gap", "The largest difference that is left from a target, relative to it."),
    )
    items = "".join(f"<dt>{escape(t)}</dt><dd>{escape(said)}</dd>" for t, said in terms)
    return f"<dl>{items}</dl>"


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(
        f'<th scope="col"{" class=words" if not number else ""}>{escape(text)}</th>'
        for number, text in enumerate(heads)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _percent(share: float) -> str:
    return "" if pd.isna(share) else f"{100 * share:.2f}"


def _number(value: float) -> str:
    return "" if pd.isna(value) else f"{value:,.6g}"
