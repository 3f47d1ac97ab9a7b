"""The sheet of an XLSForm that says how far each translation may be trusted.

The texts themselves stand in the sheets of the form; this one holds what no XLSForm has a
column for. Other programs pass it by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.questionnaire.model import Place
from survey_kit.questionnaire.raw import RawTranslation

if TYPE_CHECKING:
    from survey_kit.forms.workbook import SheetOfTexts
    from survey_kit.questionnaire.model import Questionnaire

TRANSLATIONS = "translations"
COLUMNS = ("language", "place", "status", "source", "by", "on", "comment")


def translations_grid(questionnaire: Questionnaire) -> tuple[tuple[str, ...], ...]:
    """One row a translation of which anything is known, under a header; or no rows."""
    rows = tuple(
        (code, place, each.status.value, each.source, each.by, each.on, each.comment)
        for code, places in questionnaire.translations.items()
        for place, each in places.items()
    )
    return (COLUMNS, *rows) if rows else ()


def is_translations(sheet: SheetOfTexts) -> bool:
    """Whether a sheet is one that `translations_grid` made."""
    return sheet.name == TRANSLATIONS and bool(sheet.rows) and sheet.rows[0] == COLUMNS


def read_translations_sheet(sheet: SheetOfTexts, file: str) -> tuple[RawTranslation, ...]:
    """What the sheet says of each translation."""
    found: list[RawTranslation] = []
    for number, row in enumerate(sheet.rows[1:], start=2):
        if row:
            cells = dict(zip(COLUMNS, (*row, *[""] * len(COLUMNS)), strict=False))
            found.append(
                RawTranslation(
                    language=cells["language"],
                    spot=cells["place"],
                    place=Place(file, sheet.name, number),
                    status=cells["status"],
                    source=cells["source"],
                    by=cells["by"],
                    on=cells["on"],
                    comment=cells["comment"],
                )
            )
    return tuple(found)
