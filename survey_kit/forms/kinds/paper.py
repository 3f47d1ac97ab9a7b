"""Paper: a Word document and a PDF in each language, drawn from one sheet."""

from __future__ import annotations

from collections.abc import Iterator

from survey_kit.errors import MissingExtra
from survey_kit.forms.form import Form, MadeFile, NotMade, Outcome, file_stem
from survey_kit.forms.paper.compose import compose
from survey_kit.forms.paper.scripts import BY_NAME
from survey_kit.forms.paper.sheet import Sheet
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.phrases import ENGLISH, Phrases, phrases_in
from survey_kit.questionnaire.translation import Status


def _make(questionnaire: Questionnaire, languages: tuple[str, ...]) -> Iterator[Outcome]:
    from survey_kit.forms.paper.pdf import missing_scripts, pdf_bytes
    from survey_kit.forms.paper.word import docx_bytes

    for language in languages:
        name = questionnaire.languages[language]
        phrases = phrases_in(language, name)
        sheet = compose(questionnaire, language, marks=marks(questionnaire, language))
        stem = f"{file_stem(questionnaire, language)}_paper"
        said = _notes(questionnaire, language, phrases)
        what = "paper questionnaire" + ("" if language == "default" else f", {name}")
        yield MadeFile(f"{stem}.docx", docx_bytes(sheet), what, said)
        try:
            drawn = pdf_bytes(sheet)
            lacking = missing_scripts(sheet)
        except MissingExtra as error:
            yield NotMade(f"{stem}.pdf", str(error))
            continue
        yield MadeFile(f"{stem}.pdf", drawn, what, tuple(_lacking(sheet, lacking)))


def marks(questionnaire: Questionnaire, language: str) -> tuple[str, ...]:
    """What stands on every page: that a translation, or the words around it, is a draft."""
    phrases = phrases_in(language, questionnaire.languages[language])
    texts = questionnaire.translations.get(language, {}).values()
    unchecked = any(each.status is not Status.REVIEWED for each in texts)
    if not unchecked and not phrases.draft:
        return ()
    english = phrases_in(ENGLISH)("draft")
    return tuple(dict.fromkeys((phrases("draft"), english)))


def _notes(questionnaire: Questionnaire, language: str, phrases: Phrases) -> tuple[str, ...]:
    name = questionnaire.languages[language]
    if phrases.draft:
        return (f"the toolkit's own words in {name} are a draft that no speaker has checked",)
    if phrases.name == ENGLISH and not _is_english(language, name):
        return (f"instructions and conditions are in English: there are no phrases in {name} yet",)
    return ()


def _is_english(language: str, name: str) -> bool:
    words = {language.casefold().replace("_", "-").split("-")[0], name.casefold()}
    return bool(words & {"en", "eng", "english", "default"})


def _lacking(sheet: Sheet, scripts: tuple[str, ...]) -> Iterator[str]:
    for name in scripts:
        fonts = " or ".join(BY_NAME[name].fonts)
        remedy = f"install {fonts}" if fonts else "use the Word file on a machine that has one"
        yield f"no font for {name} is installed, so its letters are boxes in the PDF: {remedy}"
    del sheet


PAPER = Form("paper", 3, "Word and PDF in each language", _make)
