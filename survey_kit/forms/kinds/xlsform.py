"""XLSForm: the workbook that Kobo, Central and SurveyCTO take."""

from __future__ import annotations

from collections.abc import Iterator

from survey_kit.forms.form import Form, MadeFile, Outcome
from survey_kit.questionnaire.fielded import fielded
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.words import as_file_name


def _make(questionnaire: Questionnaire, languages: tuple[str, ...]) -> Iterator[Outcome]:
    del languages
    from survey_kit.forms.xlsform_writer import xlsform_bytes

    name = f"{as_file_name(questionnaire.name)}.xlsx"
    yield MadeFile(name, xlsform_bytes(fielded(questionnaire)), "XLSForm, every language")


XLSFORM = Form("xlsform", 1, "the workbook for Kobo, Central and SurveyCTO", _make)
