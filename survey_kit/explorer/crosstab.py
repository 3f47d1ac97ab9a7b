"""A crosstab of the reader's choice: what can be chosen, and the table that follows.

Filters are written as an ODK expression over the questions, as everywhere else, so the
table says in words whom it counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from survey_kit.errors import UsageError
from survey_kit.findings.charts import Picture, groups_chart, shares_chart
from survey_kit.findings.telling import most_frequent
from survey_kit.tables.analysis import Analysis
from survey_kit.tables.exporter import Book, exporters
from survey_kit.tables.method import method_lines
from survey_kit.tables.table import Table
from survey_kit.tables.variable import Kind, Variable

WIDEST_BANNER = 12
"""Answers that still fit side by side."""
DRAWN = 4
"""Answers that the chart compares."""


@dataclass(frozen=True)
class Request:
    """What a reader asks for.

    `filters` maps a question to the one answer that people must have given.
    """

    row: str
    by: tuple[str, ...] = ()
    filters: Mapping[str, str] | None = None


def row_questions(analysis: Analysis) -> dict[str, str]:
    """Questions that may be tabulated: name -> label."""
    return {name: _label(variable) for name, variable in analysis.variables.items()}


def first_row(analysis: Analysis, rows: Sequence[str]) -> str:
    """What stands in the rows before anything was chosen: the study's first, or the first
    question of several answers, or the first of all."""
    several = (name for name, each in analysis.variables.items() if each.kind is Kind.MANY)
    return next((name for name in (*rows, *several, *analysis.variables)), "")


def banner_questions(analysis: Analysis) -> dict[str, str]:
    """Questions that may stand across: of one answer, and not too many of them."""
    return {
        name: _label(variable)
        for name, variable in analysis.variables.items()
        if variable.kind is Kind.ONE and 1 < len(variable.codes) <= WIDEST_BANNER
    }


def filter_questions(analysis: Analysis) -> dict[str, str]:
    """Questions by whose answers people may be chosen."""
    return {
        name: _label(variable)
        for name, variable in analysis.variables.items()
        if variable.kind is not Kind.NUMBER
    }


def answers(analysis: Analysis, question: str) -> dict[str, str]:
    """The answers of a question: code -> label."""
    variable = analysis.variable(question)
    return {code: variable.labels.get(code, code) for code in variable.codes}


def where(analysis: Analysis, filters: Mapping[str, str] | None) -> str | None:
    """The filter as an expression; None where everybody counts.

    Raises
    ------
    StudyError, ProtectionError
        If there is no such question, or it identifies people.
    UsageError
        If it has no such answer.
    """
    parts: list[str] = []
    for question, code in (filters or {}).items():
        variable = analysis.variable(question)
        if code not in variable.codes:
            raise UsageError(
                f"filter {question}", "there is no such answer", "Choose one from the list"
            )
        parts.append(
            f"selected(${{{question}}}, '{code}')"
            if variable.kind is Kind.MANY
            else f"${{{question}}} = '{code}'"
        )
    return " and ".join(parts) or None


def crosstab(analysis: Analysis, request: Request) -> Table:
    """The protected table of a request.

    Raises
    ------
    StudyError, ProtectionError, UsageError
        If a question or an answer of the request does not exist, or identifies people.
    """
    return analysis.crosstab(
        request.row, by=list(request.by), where=where(analysis, request.filters)
    )


def chart(table: Table) -> Picture | None:
    """The table as a chart: by the first group of its banner, or everyone's shares."""
    if len(table.columns) > 1:
        return groups_chart(table, most_frequent(table, DRAWN), title=table.title)
    return shares_chart(table, title=table.title)


def crosstab_book(analysis: Analysis, request: Request) -> bytes:
    """The table as an Excel workbook (xlsx), with how to read it."""
    table = crosstab(analysis, request)
    book = Book(
        title=analysis.title,
        tables=(table,),
        method=method_lines(analysis),
        notice=analysis.simulated,
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "crosstab.xlsx"
        exporters()["xlsx"].write(book, path)
        return path.read_bytes()


def _label(variable: Variable) -> str:
    return f"{variable.label} ({variable.name})"
