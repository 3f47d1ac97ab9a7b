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
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.match_report import MatchReport, match_report
from survey_kit.responses.model import Responses

FEW = 3
"""Values of one question that resemble no code and still have a row each."""
EXAMPLES = 5
ANOTHER_LIST = "no answer is in the list: the form may be another version, or the answers recoded"
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
    settled = _choices_together(
        found.columns[~found.columns["to_decide"]], report.matched, responses.questionnaire
    )
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
            lists_that_differ(fit_to_travel(found, responses.questionnaire, classes), responses),
            {
                "question": "Question",
                "value": "Value",
                "cells": "Cells",
                "nearest": "Nearest code",
                "label": "Its label",
            },
        ),
        "<h2>Versions of the form</h2>",
        _versions(found.versions, responses.questionnaire.version),
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


def lists_that_differ(values: pd.DataFrame, responses: Responses) -> pd.DataFrame:
    """Values with those that resemble no code summed up, a row for each question that has many.

    Where none of them is a code it is the list that differs, not the answers: what is shown
    then are codes of the list of the form, which are nobody's answers.

    Parameters
    ----------
    values
        As `fit_to_travel` gives them.
    """
    like_none = values["nearest"].eq("")
    many = like_none & (like_none.groupby(values["question"]).transform("sum") > FEW)
    rows: list[dict[str, object]] = []
    for key, group in values[many].groupby("question", sort=False):
        codes = _codes(str(key), responses.questionnaire)
        several = _words(str(key), responses)
        fits = sum(word in codes for word in several)
        shown = ", ".join(codes[:EXAMPLES])
        more = f" and {len(codes) - EXAMPLES:,} more" if len(codes) > EXAMPLES else ""
        rows.append(
            {
                "question": key,
                "value": f"{len(group):,} different values that resemble no code",
                "cells": int(group["cells"].sum()),
                "nearest": f"the list has {shown}{more}",
                "label": f"{fits:,} other values are in the list" if fits else ANOTHER_LIST,
            }
        )
    summed = pd.DataFrame(rows, columns=values.columns).astype(values.dtypes.to_dict())
    return pd.concat([summed, values[~many]], ignore_index=True) if rows else values


def _codes(key: str, questionnaire: Questionnaire) -> list[str]:
    return [choice.code for choice in questionnaire.choices(questionnaire.by_key[key].question)]


def _words(key: str, responses: Responses) -> set[str]:
    """What was answered to a question of choices, each code once."""
    frames = (responses.frame, *(rows.frame for rows in responses.repeats.values()))
    cells = {str(cell) for frame in frames if key in frame for cell in frame[key].dropna().unique()}
    several = responses.questionnaire.by_key[key].question.type.storage is Storage.CODES
    return {word for cell in cells for word in (cell.split() if several else [cell])}


def _choices_together(
    settled: pd.DataFrame, matched: Mapping[str, str], questionnaire: Questionnaire
) -> pd.DataFrame:
    """Columns of single choices in a row for each question; they are all spelt alike."""
    together: dict[str, list[tuple[str, str]]] = {}
    for column, what in zip(settled["column"].map(str), settled["what"].map(str), strict=True):
        read_as = matched.get(column, "")
        key, _, _ = read_as.rpartition("/")
        of_choice = read_as not in questionnaire.by_key and key in questionnaire.by_key
        together.setdefault(f"choices of {key}" if of_choice else column, []).append((column, what))
    rows = [
        each[0]
        if len(each) == 1
        else (f"{each[0][0]} and {len(each) - 1:,} more", f"read as {called}")
        for called, each in together.items()
    ]
    return pd.DataFrame(rows, columns=["column", "what"], dtype="str")


def _versions(versions: pd.DataFrame, own: str) -> str:
    """Interviews by version; of a file that does not say it, a sentence."""
    unsaid = versions["version"].eq("")
    said = _table(
        versions[~unsaid].assign(
            of_this_form=versions["of_this_form"].map({True: "yes", False: "no"})
        ),
        {"version": "Version", "interviews": "Interviews", "of_this_form": "This form"},
    )
    count = int(versions.loc[unsaid, "interviews"].sum())
    taken = f", and are read with this form ('{own}')" if own else ", and are read with this form"
    silent = (
        f"{count:,} interviews do not say with which version they were made{taken}."
        if count
        else ""
    )
    return (said if not unsaid.all() else "") + (_paragraph(silent) if silent else "")


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _list(sentences: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(each)}</li>" for each in sentences)
    return f"<ul>{items}</ul>" if items else _paragraph("None.")


def _counts(counts: Mapping[str, int], caption: str) -> str:
    counts = {what: number for what, number in counts.items() if number}
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
