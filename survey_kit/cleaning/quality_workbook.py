"""quality.xlsx: what the checks found, for the people who decide what to do about it.

One row a finding, with empty columns for the decision. A reviewed workbook is read back as
a file of corrections by `read_corrections`, so nobody retypes an id. It travels, so
answers that may identify somebody are masked in it, those of the log too, and nothing in
it is a formula or a link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from xlsxwriter import Workbook  # pyright: ignore[reportMissingTypeStubs]

from survey_kit.cleaning.about_enumerators import enumerator_told
from survey_kit.cleaning.beside import beside
from survey_kit.cleaning.codes_offered import codes_table, lists_of, offer_codes
from survey_kit.cleaning.correction import Action
from survey_kit.cleaning.correction_log import LOG
from survey_kit.cleaning.corrections_file import EARLIER, ROUND
from survey_kit.cleaning.corrections_file import SETTLED as SETTLED_SHEET
from survey_kit.cleaning.interview_parts import enumerator_column, enumerators
from survey_kit.cleaning.masking import NONE_STATED, masked
from survey_kit.cleaning.quality_workbook_sheets import (
    HEAD,
    by_check,
    findings_sheet,
    looks_of,
    read_me,
    table,
)
from survey_kit.cleaning.rounds import STATE, State
from survey_kit.cleaning.settled import MANY
from survey_kit.cleaning.widespread import SHEET
from survey_kit.questionnaire.model import Privacy, Questionnaire
from survey_kit.responses.model import Responses

ROWS = 1_000_000
"""So many findings a sheet; the rest go on to a sheet of their own."""
BEHIND = 20_000
"""So many rows behind lines are on their sheet; that there are more is said."""
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""Written into every workbook, so that the same findings make the same bytes."""

FOUND = (
    ("check", 15),
    ("interview", 15),
    ("enumerator", 11),
    ("question", 17),
    ("question label", 28),
    ("row", 5),
    ("answer", 16),
    ("answer label", 18),
    ("what", 38),
    ("beside it", 34),
    ("suggestion", 26),
)
FIXED = 2
"""Columns that stay where they are: the check and the interview."""
LOG_WIDTHS = (8, 38, 6, 22, 14, 18, 18, 18, 11, 20, 40, 14, 12, 16, 26, 26, 20, 20)
FIRST = ("not_eligible", "free_text_personal", "duplicate_interview", "back_check")
"""Checks whose findings are looked at before others: they are about people, or whole interviews."""

OTHER = r"^Compare with ([^\s;,]+)"
"""How a check names the interview with which another is to be compared."""

NO_VERDICT = (
    "A finding is a reason to look, not a verdict: interviews are odd for good reasons too."
)
TO_REVIEW = (
    "In the sheet Findings choose a decision in the yellow columns ({words}), write the new "
    "value where something changes (its list holds the codes that the question takes; the sheet "
    "Codes says what they mean), say why, and sign. Beside an answer stands what else was said "
    "around it. A line parts the questions; decided rows turn green, and orange while a new value or "
    "the decision is missing. Sort and filter as you like. Give the workbook back as the study's "
    "file of corrections; rows without a decision are left alone."
)
ORDER = (
    "First stand lines that are told of very many interviews (look at the form or the file first), then "
    "what concerns people or whole interviews, then answers, and last what is said of enumerators and "
    "questions: there 'no action', with a comment, settles it until the evidence grows."
)
AGAIN = (
    "What has been decided stands on the sheet Settled. To decide otherwise, choose a decision in the "
    "yellow columns there, and keep the workbooks of earlier rounds where they are: the later round counts."
)
SUMMED = (
    "{number:,} findings stand behind lines of the sheet Findings, one by one on the sheet {sheet}, "
    "where they are decided in the same way (the setting `widespread: 1` of a check has them among the others)"
)
NOT_ALL = "; of these the first {most:,} are there"
SEALED = (
    "what has been applied, each row sealed to the one before by its hash. The hashes belong "
    "to the unmasked log."
)
MASKED = (
    "Answers that may name, locate or reach a person appear as their length, such as "
    "(text, 37 characters). Look them up by the id of the interview where the data are kept."
)


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
    summed: pd.DataFrame | None = None,
) -> None:
    """Write the quality workbook.

    Parameters
    ----------
    findings, summary
        As in `Checked`; where rounds are kept with the columns of `rounds.this_round`:
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
    summed
        The findings behind lines, as in `Checked` or `Round`; they have a sheet of their own.
    """
    form = responses.questionnaire
    behind = findings.iloc[:0] if summed is None else summed
    kept_rounds = STATE in findings.columns
    settled = findings.iloc[:0]
    if kept_rounds:
        settled = pd.concat([_settled(each) for each in (findings, behind)])
        findings, behind = (each[each[STATE] != SETTLED] for each in (findings, behind))
    findings, behind = _grouped(findings, form), _grouped(behind, form)
    shown = behind.iloc[:BEHIND]
    with_state: tuple[tuple[str, int], ...] = ((STATE, 9),) if kept_rounds else ()
    earlier = ((EARLIER, 26), (ROUND, 10)) if kept_rounds else ()
    columns = (*with_state, *FOUND, *earlier)

    def told(rows: pd.DataFrame) -> pd.DataFrame:
        around = beside(rows, responses, classes=classes, language=language)
        full = _findings_table(rows, responses, enumerator, language)
        return full.assign(**{"beside it": around})[[name for name, _ in columns]]

    pieces = {
        "Findings" if at == 0 else f"Findings {at // ROWS + 1}": findings.iloc[at : at + ROWS]
        for at in range(0, max(len(findings), 1), ROWS)
    }
    if len(shown):
        pieces[SHEET] = shown
    if kept_rounds:
        pieces[SETTLED_SHEET] = settled.iloc[:ROWS]
    every = [each for each in pieces.values() if len(each)]
    lists = lists_of(pd.concat(every) if every else findings, form)
    sheets = ["Read me", *pieces, "By check", "By question", "Codes", "Corrections"]
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book: Any = Workbook(buffer, options)
    with book:
        book.set_properties({"title": "Data quality", "comments": notice, "created": CREATED})
        looks = looks_of(book)
        pages = {name: book.add_worksheet(name) for name in sheets}
        about = _about(responses, findings, summary, log, len(behind))
        read_me(pages["Read me"], looks, notice, about)
        for name, piece in pieces.items():
            rows = told(piece)
            fixed = FIXED + len(with_state)
            findings_sheet(pages[name], looks, notice, rows, columns, fixed=fixed)
            offer_codes(pages[name], rows, form, lists, place=(HEAD + 1, len(columns) + 1))
        by_check(pages["By check"], looks, notice, summary)
        by_question = _question_counts(findings, form, language)
        widths = [22, 50, *[max(10, len(name) + 2) for name in by_question.columns[2:]]]
        others: dict[str, tuple[pd.DataFrame, Sequence[int]]] = {
            "Codes": (codes_table(form, lists, language), (26, 26, 60)),
            "By question": (by_question, widths),
            "Corrections": (_masked_log(log, form, classes), LOG_WIDTHS),
        }
        for name, (rows, wide) in others.items():
            table(pages[name], looks, notice, rows, wide)
    path.write_bytes(buffer.getvalue())


SETTLED = State.SETTLED.value


def _settled(findings: pd.DataFrame) -> pd.DataFrame:
    return findings[findings[STATE] == SETTLED]


def _grouped(findings: pd.DataFrame, form: Questionnaire) -> pd.DataFrame:
    """The findings of one check and question together, in the order of `ORDER` and of the form.

    What was known in an earlier round, and nobody decided about, comes last.
    """
    checks = {name: at for at, name in enumerate(findings["check"].unique())}
    questions = {key: at for at, key in enumerate(form.by_key)}
    by_check = findings["check"].map(checks)
    by_question = findings["question"].map(questions).fillna(-1)
    nobody = (findings["interview"] == "").to_numpy()
    of_many = findings["what"].astype("str").str.match(MANY).to_numpy(dtype=np.bool_)
    first = findings["check"].isin(FIRST).to_numpy()
    rank = np.select([nobody & of_many, nobody, first], [0, 3, 1], 2)
    keys: list[NDArray[Any]] = [_pair(findings), by_question.to_numpy(), by_check.to_numpy(), rank]
    if STATE in findings.columns:
        keys.append((findings[STATE] == State.KNOWN.value).to_numpy())
    order = np.lexsort(keys)
    return findings.iloc[order].reset_index(drop=True)


def _pair(findings: pd.DataFrame) -> NDArray[np.int64]:
    """(f,) a number for each pair of interviews that are to be compared, so that they stand together."""
    own = findings["interview"].astype("str")
    other = findings["suggestion"].astype("str").str.extract(OTHER)[0].astype("str")
    whole = (findings["question"] == "") & other.notna() & (own != "")
    first = own.where(own <= other.fillna(""), other).where(whole, "")
    return pd.factorize(first, sort=True)[0].astype(np.int64)


def _about(
    responses: Responses,
    findings: pd.DataFrame,
    summary: pd.DataFrame,
    log: pd.DataFrame,
    behind: int,
) -> list[tuple[str, str]]:
    """Heading and text of each paragraph of the first sheet."""
    words = ", ".join(action.value for action in Action)
    ran = int(summary["ran"].sum())
    named = findings.loc[findings["interview"] != "", "interview"].nunique()
    found = f"{len(findings):,}, in {named:,} interviews. "
    more = NOT_ALL.format(most=BEHIND) if behind > BEHIND else ""
    lines = f"{SUMMED.format(number=behind, sheet=SHEET)}{more}." if behind else ""
    told = [
        ("Interviews", f"{len(responses):,}"),
        ("Checks", f"{ran} of {len(summary)} ran; the sheet By check says why the others did not"),
        ("Findings", found + NO_VERDICT),
        ("Summed up", lines),
        ("To review", TO_REVIEW.format(words=words)),
        ("Order", ORDER),
        ("Settled", AGAIN if STATE in findings.columns else ""),
        ("Corrections", f"{len(log):,} rows: {SEALED}"),
        ("Masked", MASKED),
    ]
    return [each for each in told if each[1]]


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
        key: form.text(item.question.label, language, fallback="")
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
        labels[key].get(answer)
        or "; ".join(filter(None, (labels[key].get(code, "") for code in answer.split())))
        if key in labels
        else ""
        for key, answer in zip(findings["question"], findings["answer"], strict=True)
    ]


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
