"""How the file fits the form, as one HTML page: the first thing to look at when answers come in.

What a data manager has to decide stands on top: columns that nobody has classified, which are
not carried on. A value outside its list is shown where it resembles a code, which is how a
spelling of the code looks; any other may be an answer to another question, or a name, so only
its length is shown. There is no script and no address on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

import pandas as pd

from survey_kit.cleaning.masking import NONE_STATED, mask, masked
from survey_kit.questionnaire.model import Privacy, Questionnaire
from survey_kit.responses.match_report import MatchReport, match_report
from survey_kit.responses.model import Responses

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
MOST_ROWS = 500
"""Rows of a table on the page; what is beyond is counted."""
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1b1b1b; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; font-size: 13px; width: 100% }
th, td { padding: .2rem .6rem; border-bottom: 1px solid #ddd; text-align: start; vertical-align: top;
  overflow-wrap: anywhere }
thead th { border-bottom: 2px solid #555 }
td.number, th.number { text-align: end; white-space: nowrap }
.notice { font-weight: 600 }
.decide { border-inline-start: 4px solid #b45309; padding-inline-start: 1rem }
@media print { body { margin: 0 } h2 { break-after: avoid } tr { break-inside: avoid } }
"""
FOR_WHOM = "For the data manager: it shows values as they were typed, and is not to be passed on."
HOW_TO_DECIDE = (
    "Name each in study.yaml: under responses, columns (it is this question) or ignore (it is left behind). "
    "Until then it is not carried on."
)


def reading_page(
    responses: Responses,
    *,
    title: str,
    notice: str = "",
    classes: Mapping[str, Privacy] = NONE_STATED,
) -> str:
    """The page, as text.

    Parameters
    ----------
    responses
        As they were read, before any correction.
    notice
        Stands below the title: that interviews are simulated.
    classes
        Question -> class of privacy, where the study states one that the questionnaire does not.
    """
    report, found = responses.report, match_report(responses)
    undecided = found.columns[found.columns["to_decide"]]
    settled = found.columns[~found.columns["to_decide"]]
    parts = [
        f"<h1><bdi>{escape(title)}</bdi>: how the file fits the form</h1>",
        f'<p class="notice" role="note">{escape(notice)}</p>' if notice else "",
        _paragraph(FOR_WHOM),
        _paragraph(
            f"{report.file} ({report.format}): {report.rows_read:,} rows and {report.columns_read:,} columns "
            f"read as {len(responses):,} interviews."
        ),
        _list(found.sentences()),
        '<section class="decide">' if len(undecided) else "<section>",
        "<h2>Columns to decide on</h2>",
        _paragraph(HOW_TO_DECIDE) if len(undecided) else "",
        _table(undecided, {"column": "Column", "what": "What became of it"}),
        "</section>",
        "<h2>Questions without a column</h2>",
        _table(found.questions, {"question": "Question", "label": "Its text"}),
        "<h2>Values outside their lists</h2>",
        _table(
            fit_to_travel(found, responses.questionnaire, classes),
            {
                "question": "Question",
                "value": "Value",
                "cells": "Cells",
                "nearest": "Nearest code",
                "label": "Its label",
            },
        ),
        "<h2>Versions of the form</h2>",
        _table(
            found.versions.assign(
                of_this_form=found.versions["of_this_form"].map({True: "yes", False: "no"})
            ),
            {"version": "Version", "interviews": "Interviews", "of_this_form": "This form"},
        ),
        "<h2>Columns that are settled</h2>",
        _table(settled, {"column": "Column", "what": "What became of it"}),
        "<h2>What the columns are</h2>",
        _counts(report.counts, "Columns"),
        _counts(report.stages, "Questions, by how they were found"),
        "<h2>Notes of the reading</h2>",
        _list(report.notes),
    ]
    body = "\n".join(part for part in parts if part)
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{escape(title)}: reading</title><style>{STYLE}</style></head>\n"
        f"<body>\n{body}\n</body></html>\n"
    )


def fit_to_travel(
    found: MatchReport, questionnaire: Questionnaire, classes: Mapping[str, Privacy] = NONE_STATED
) -> pd.DataFrame:
    """`MatchReport.values` with those masked that resemble no code, or might name somebody.

    What is nearest to a masked value tells of it, so it goes too.
    """
    outside = found.values  # noqa: PD011 - a table of the report
    shown = masked(outside, "value", questionnaire, classes)
    unlike = outside["nearest"].eq("")
    shown = shown.where(~unlike, outside["value"].map(mask))
    hidden = shown.ne(outside["value"])
    return outside.assign(
        value=shown,
        nearest=outside["nearest"].mask(hidden, ""),
        label=outside["label"].mask(hidden, ""),
    )


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _list(sentences: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(each)}</li>" for each in sentences)
    return f"<ul>{items}</ul>" if items else _paragraph("None.")


def _counts(counts: Mapping[str, int], caption: str) -> str:
    if not counts:
        return ""
    table = pd.DataFrame({"what": list(counts), "number": list(counts.values())})
    return _table(table, {"what": caption, "number": "Number"})


def _table(table: pd.DataFrame, headings: Mapping[str, str]) -> str:
    if table.empty:
        return _paragraph("None.")
    numbers = {name for name in headings if pd.api.types.is_numeric_dtype(table[name])}
    head = "".join(
        f'<th scope="col"{_kind(name in numbers)}>{escape(text)}</th>'
        for name, text in headings.items()
    )
    rows: Sequence[tuple[object, ...]] = list(
        table[list(headings)].head(MOST_ROWS).itertuples(index=False, name=None)
    )
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{_kind(name in numbers)}><bdi>{escape(_text(cell))}</bdi></td>"
            for name, cell in zip(headings, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    more = len(table) - len(rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" + (
        _paragraph(f"And {more:,} more.") if more else ""
    )


def _kind(number: object) -> str:
    return ' class="number"' if number else ""


def _text(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)
