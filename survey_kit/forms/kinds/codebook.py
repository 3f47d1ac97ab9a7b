"""Codebook: what stands in the data, as a page to search and a workbook to filter."""

from __future__ import annotations

from collections.abc import Iterator

from survey_kit.forms.form import Form, MadeFile, Outcome
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.words import as_file_name


def _make(questionnaire: Questionnaire, languages: tuple[str, ...]) -> Iterator[Outcome]:
    del languages
    from survey_kit.forms.codebook.book import codebook
    from survey_kit.forms.codebook.page import html_text
    from survey_kit.forms.codebook.workbook import workbook_bytes

    book = codebook(questionnaire)
    stem = f"{as_file_name(questionnaire.name)}_codebook"
    yield MadeFile(f"{stem}.html", html_text(book).encode(), "codebook, every language")
    yield MadeFile(f"{stem}.xlsx", workbook_bytes(book), "codebook, every language")


CODEBOOK = Form("codebook", 4, "HTML and Excel, every language", _make)
