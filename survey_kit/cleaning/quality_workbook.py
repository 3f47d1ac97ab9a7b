"""quality.xlsx: what the checks found, for the people who decide what to do about it.

One row a finding, with empty columns for the decision. A reviewed workbook is read back as
a file of corrections by `read_corrections`, so nobody retypes an id. It travels, so
answers that may identify somebody are masked in it, those of the log too, and nothing in
it is a formula or a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import compress
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from xlsxwriter import Workbook  # pyright: ignore[reportMissingTypeStubs]

from survey_kit.cleaning.about_enumerators import enumerator_told
from survey_kit.cleaning.beside import beside
from survey_kit.cleaning.codes_offered import codes_table, lists_of, offer_codes
from survey_kit.cleaning.correction import Action
from survey_kit.cleaning.correction_log import LOG
from survey_kit.cleaning.interview_parts import enumerator_column, enumerators
from survey_kit.cleaning.masking import NONE_STATED, mask, masked
from survey_kit.cleaning.rounds import EARLIER, STATE, State
from survey_kit.questionnaire.model import Privacy, Questionnaire
from survey_kit.responses.model import Responses

ROWS = 1_000_000
"""So many findings a sheet; the rest go on to a sheet of their own."""
LONGEST = 32_000
"""Excel cuts a longer text off; here its length is written instead."""
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""Written into every workbook, so that the same findings make the same bytes."""

FOUND = (
    ("check", 20),
    ("interview", 38),
    ("enumerator", 12),
    ("row", 6),
    ("question", 22),
    ("question label", 40),
    ("answer", 20),
    ("answer label", 26),
    ("beside it", 44),
    ("what", 52),
    ("suggestion", 34),
)
LOG_WIDTHS = (8, 38, 6, 22, 14, 18, 18, 18, 11, 20, 40, 14, 12, 16, 26, 26, 20, 20)
REVIEW = (("decision", 12), ("new value", 18), ("comment", 30), ("reviewer", 14))
HASHES = ("previous", "hash")
"""Columns that nobody reads: one line, cut off by the next cell."""
LINE, TALLEST = 14, 12
"""Height of a line in points, and how many lines a row may have; a longer text is still there."""
HEAD = 1
"""The row of the header, counted from 0; above it stands the notice."""

NO_VERDICT = (
    "A finding is a reason to look, not a verdict: interviews are odd for good reasons too."
)
TO_REVIEW = (
    "In the sheet Findings choose a decision in the yellow columns ({words}), write the new "
    "value where something changes (its list holds the codes that the question takes; the sheet "
    "Codes says what they mean), say why, and sign. Beside an answer stands what else was said "
    "around it. A line parts the questions; decided rows turn green. Give the workbook back as the study's file of corrections; rows without a decision are left alone."
)
SEALED = (
    "what has been applied, each row sealed to the one before by its hash. The hashes belong "
    "to the unmasked log."
)
MASKED = (
    "Answers that may name, locate or reach a person appear as their length, such as "
    "(text, 37 characters). Look them up by the id of the interview where the data are kept."
)

Format: TypeAlias = Any
Worksheet: TypeAlias = Any


@dataclass(frozen=True)
class Looks:
    """The few formats. Colour means: fill this in, decided, or did not run."""

    title: Format
    notice: Format
    header: Format
    to_fill: Format
    text: Format
    wrapped: Format
    whole: Format
    decided: Format
    group: Format
    not_run: Format


def write_quality(
    findings: pd.DataFrame,
    summary: pd.DataFrame,
    responses: Responses,
    log: pd.DataFrame,
    path: Path,
    *,
    notice: str = "",
    enumerator: str = "",
    language: str | None = None,
    classes: Mapping[str, Privacy] = NONE_STATED,
) -> None:
    """Write the quality workbook.

    Parameters
    ----------
    findings, summary
        As in `Checked`; where rounds are kept with the column "state" of `rounds.this_round`:
        then what is settled has a sheet of its own, and what is new or changed stands first.
    responses
        Those that were checked, for labels and enumerators.
    log
        Of the corrections that were applied; with no rows if there were none.
    notice
        Stands at the top of every sheet.
    enumerator
        The question with the enumerator's code, where it has none of the usual names.
    classes
        Question -> class of privacy, where the study states one.
    """
    settled = findings.iloc[:0]
    if STATE in findings.columns:
        is_settled = (findings[STATE] == State.SETTLED.value).to_numpy()
        settled, findings = findings[is_settled], findings[~is_settled]
    findings = _grouped(findings, responses.questionnaire)
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book: Any = Workbook(buffer, options)
    with book:
        book.set_properties({"title": "Data quality", "comments": notice, "created": CREATED})
        looks = _looks(book)
        parts = -(-len(findings) // ROWS) or 1
        names = ["Findings", *(f"Findings {part}" for part in range(2, parts + 1))]
        after = ["Settled"] if STATE in findings.columns else []
        sheets = ["Read me", *names, *after, "By check", "By question", "Codes", "Corrections"]
        pages = {name: book.add_worksheet(name) for name in sheets}
        _read_me(pages["Read me"], looks, notice, _about(responses, findings, summary, log))
        columns = (*(((STATE, 9),) if after else ()), *FOUND, *(((EARLIER, 34),) if after else ()))
        table = _findings_table(findings, responses, enumerator, language).assign(
            **{"beside it": beside(findings, responses, classes=classes, language=language)}
        )[[name for name, _ in columns]]
        lists = lists_of(findings, responses.questionnaire)
        for part, name in enumerate(names):
            piece = table.iloc[part * ROWS : (part + 1) * ROWS]
            _findings_sheet(pages[name], looks, notice, piece, columns)
            place = (HEAD + 1, len(columns) + 1)
            offer_codes(pages[name], piece, responses.questionnaire, lists, place=place)
        if after:
            old = _findings_table(settled, responses, enumerator, language)
            kept = [each for each in (*FOUND, (EARLIER, 44)) if each[0] in old.columns]
            widths = [width for _, width in kept]
            _table(pages["Settled"], looks, notice, old[[name for name, _ in kept]], widths)
        codes = codes_table(responses.questionnaire, lists, language)
        _table(pages["Codes"], looks, notice, codes, [26, 26, 60])
        _by_check(pages["By check"], looks, notice, summary)
        by_question = _question_counts(findings, responses.questionnaire, language)
        widths = [22, 50, *[max(10, len(name) + 2) for name in by_question.columns[2:]]]
        _table(pages["By question"], looks, notice, by_question, widths)
        masked_log = _masked_log(log, responses.questionnaire, classes)
        _table(pages["Corrections"], looks, notice, masked_log, LOG_WIDTHS)
    path.write_bytes(buffer.getvalue())


def _grouped(findings: pd.DataFrame, form: Questionnaire) -> pd.DataFrame:
    """The findings of one check and question together, in the order of checks and of the form.

    What was known in an earlier round, and nobody decided about, comes last.
    """
    checks = {name: at for at, name in enumerate(findings["check"].unique())}
    questions = {key: at for at, key in enumerate(form.by_key)}
    by_check = findings["check"].map(checks)
    by_question = findings["question"].map(questions).fillna(-1)
    keys: list[NDArray[Any]] = [by_question.to_numpy(), by_check.to_numpy()]
    if STATE in findings.columns:
        keys.append((findings[STATE] == State.KNOWN.value).to_numpy())
    order = np.lexsort(keys)
    return findings.iloc[order].reset_index(drop=True)


def _looks(book: Any) -> Looks:
    plain = {"valign": "top", "font_size": 10}
    bold = plain | {"bold": True, "bottom": 1, "bg_color": "#E7ECF2", "text_wrap": True}
    return Looks(
        title=book.add_format({"bold": True, "font_size": 16}),
        notice=book.add_format({"bold": True, "font_color": "#9C2A00"}),
        header=book.add_format(bold),
        to_fill=book.add_format(bold | {"bg_color": "#FFF2CC"}),
        text=book.add_format(plain),
        wrapped=book.add_format(plain | {"text_wrap": True, "indent": 1}),
        whole=book.add_format(plain | {"num_format": "#,##0;-#,##0;–"}),
        decided=book.add_format({"bg_color": "#E2F0D9"}),
        group=book.add_format({"top": 1, "top_color": "#5B6B7F"}),
        not_run=book.add_format(plain | {"text_wrap": True, "indent": 1, "font_color": "#7F7F7F"}),
    )


def _about(
    responses: Responses, findings: pd.DataFrame, summary: pd.DataFrame, log: pd.DataFrame
) -> list[tuple[str, str]]:
    """Heading and text of each paragraph of the first sheet."""
    words = ", ".join(action.value for action in Action)
    ran = int(summary["ran"].sum())
    named = findings.loc[findings["interview"] != "", "interview"].nunique()
    found = f"{len(findings):,}, in {named:,} interviews. "
    return [
        ("Interviews", f"{len(responses):,}"),
        ("Checks", f"{ran} of {len(summary)} ran; the sheet By check says why the others did not"),
        ("Findings", found + NO_VERDICT),
        ("To review", TO_REVIEW.format(words=words)),
        ("Corrections", f"{len(log):,} rows: {SEALED}"),
        ("Masked", MASKED),
    ]


def _read_me(sheet: Worksheet, looks: Looks, notice: str, about: list[tuple[str, str]]) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 96)
    sheet.write_string(0, 0, notice, looks.notice)
    sheet.write_string(1, 0, "Data quality", looks.title)
    for row, (heading, words) in enumerate(about, start=3):
        sheet.set_row(row, 4 + _height((words,), (96,)))
        sheet.write_string(row, 0, heading, looks.header)
        sheet.write_string(row, 1, words, looks.wrapped)
    sheet.set_row(1, 26)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _findings_table(
    findings: pd.DataFrame, responses: Responses, enumerator: str, language: str | None
) -> pd.DataFrame:
    """The findings with what a reviewer needs beside them: who asked, and labels."""
    column = enumerator_column(responses, enumerator, "quality workbook: enumerator")
    if column is None:
        who = pd.Series("", index=findings.index)
    else:
        codes = enumerators(responses, column)
        told = enumerator_told(findings["what"].astype("str"), codes.dropna().unique())
        who = findings["interview"].map(codes).fillna("").where(findings["interview"] != "", told)
    form = responses.questionnaire
    labels = {
        key: form.text(item.question.label, language, fallback=key)
        for key, item in form.by_key.items()
    }
    return findings.assign(
        **{
            "enumerator": who,
            "question label": findings["question"].map(labels).fillna(""),
            "answer label": _answer_labels(findings, form, language),
        }
    )


def _answer_labels(findings: pd.DataFrame, form: Questionnaire, language: str | None) -> list[str]:
    labels = {
        key: {c.code: form.text(c.label, language, fallback="") for c in choices}
        for key, item in form.by_key.items()
        if (choices := form.choices(item.question))
    }
    return [
        "; ".join(filter(None, (labels[key].get(code, "") for code in answer.split())))
        if key in labels
        else ""
        for key, answer in zip(findings["question"], findings["answer"], strict=True)
    ]


def _findings_sheet(
    sheet: Worksheet,
    looks: Looks,
    notice: str,
    table: pd.DataFrame,
    columns: Sequence[tuple[str, int]],
) -> None:
    _table(sheet, looks, notice, table, [width for _, width in columns])
    first = len(columns)
    for at, (name, width) in enumerate(REVIEW, start=first):
        sheet.set_column(at, at, width)
        sheet.write_string(HEAD, at, name, looks.to_fill)
    last = HEAD + max(len(table), 1)
    right = first + len(REVIEW) - 1
    sheet.autofilter(HEAD, 0, last, right)
    sheet.data_validation(
        HEAD + 1,
        first,
        last,
        first,
        {
            "validate": "list",
            "source": [action.value for action in Action],
            "error_title": "Decision",
            "error_message": "Choose one of the words in the list.",
        },
    )
    letter = chr(ord("A") + first)
    rule = {
        "type": "formula",
        "criteria": f'=${letter}{HEAD + 2}<>""',
        "format": looks.decided,
    }
    sheet.conditional_format(HEAD + 1, 0, last, right, rule)
    names = [name for name, _ in columns]
    check, question = (chr(ord("A") + names.index(name)) for name in ("check", "question"))
    this, above = HEAD + 2, HEAD + 1
    new_group = f"=OR(${check}{this}<>${check}{above},${question}{this}<>${question}{above})"
    sheet.conditional_format(
        HEAD + 1, 0, last, right, {"type": "formula", "criteria": new_group, "format": looks.group}
    )


def _table(
    sheet: Worksheet, looks: Looks, notice: str, table: pd.DataFrame, widths: Sequence[int]
) -> None:
    """A table with its notice above, its header fixed and a filter on every column."""
    sheet.write_string(0, 0, notice, looks.notice)
    for at, (name, width) in enumerate(zip(table.columns, widths, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(HEAD, at, str(name), looks.header)
    wraps = [name not in HASHES for name in table.columns]
    for row, line in enumerate(table.itertuples(index=False), start=HEAD + 1):
        sheet.set_row(row, _height(compress(line, wraps), compress(widths, wraps)))
        for at, value in enumerate(line):
            if isinstance(value, str):
                text = value if len(value) <= LONGEST else mask(value)
                looks_like = looks.text if table.columns[at] in HASHES else looks.wrapped
                sheet.write_string(row, at, text, looks_like)
            elif isinstance(value, bool):
                sheet.write_string(row, at, "yes" if value else "no", looks.text)
            else:
                sheet.write_number(row, at, value, looks.whole)
    sheet.freeze_panes(HEAD + 1, 0)
    sheet.autofilter(HEAD, 0, HEAD + max(len(table), 1), len(table.columns) - 1)
    sheet.repeat_rows(0, HEAD)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _height(line: Iterable[object], widths: Iterable[int]) -> float:
    """The height in points that shows every text of a row whole, up to `TALLEST` lines."""
    lines = (
        sum(-(-len(part) // max(width - 2, 1)) or 1 for part in value.split("\n"))
        for value, width in zip(line, widths, strict=True)
        if isinstance(value, str) and value
    )
    return LINE * min(max(lines, default=1), TALLEST)


def _by_check(sheet: Worksheet, looks: Looks, notice: str, summary: pd.DataFrame) -> None:
    table = summary.rename(columns={"why": "rule"})
    _table(sheet, looks, notice, table, [22, 34, 6, 10, 11, 52, 90])
    for row, ran in enumerate(table["ran"], start=HEAD + 1):
        if not ran:
            sheet.write_string(row, 2, "no", looks.not_run)
            sheet.write_string(row, 5, str(table["note"].iloc[row - HEAD - 1]), looks.not_run)


def _question_counts(
    findings: pd.DataFrame, form: Questionnaire, language: str | None
) -> pd.DataFrame:
    """Findings of each check by question, in the order of the interview."""
    counts = pd.crosstab(findings["question"], findings["check"])
    keys = ["", *form.by_key]
    counts = counts.reindex([key for key in keys if key in counts.index])
    labels = [
        form.text(form.by_key[key].question.label, language, fallback=key)
        if key
        else "(the interview as a whole)"
        for key in counts.index
    ]
    table = counts.assign(all=counts.sum(axis=1)).reset_index().rename_axis(columns=None)
    table.insert(1, "question label", labels)
    return table


def _masked_log(
    log: pd.DataFrame, form: Questionnaire, classes: Mapping[str, Privacy]
) -> pd.DataFrame:
    columns = log.reindex(columns=list(LOG)).fillna("").astype("str")
    hidden: dict[str, pd.Series[Any]] = {
        column: masked(columns, column, form, classes)
        for column in ("old_found", "old_stated", "new")
    }
    return columns.assign(**hidden)
