"""XForm: what ODK Collect and browsers read, always made by pyxform."""

from __future__ import annotations

from collections.abc import Iterator

from survey_kit.errors import MissingExtra
from survey_kit.forms.form import Form, MadeFile, NotMade, Outcome
from survey_kit.questionnaire.fielded import fielded
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.words import as_file_name


def _make(questionnaire: Questionnaire, languages: tuple[str, ...]) -> Iterator[Outcome]:
    del languages
    from survey_kit.forms.xform import xform

    name = f"{as_file_name(questionnaire.name)}.xml"
    try:
        made = xform(fielded(questionnaire))
    except MissingExtra as error:
        yield NotMade(name, str(error))
        return
    yield MadeFile(name, made.xml.encode(), "XForm, every language", made.warnings)


XFORM = Form("xform", 2, "the form for ODK Collect and browsers", _make)
