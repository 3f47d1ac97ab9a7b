"""The form as phones and browsers read it: an XForm, made by pyxform from our sheets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from survey_kit.errors import DefinitionError, Fault, MissingExtra
from survey_kit.forms.sheets import Sheet, sheets
from survey_kit.questionnaire.model import Place

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Questionnaire

ROOT = "data"
"""The name of the outermost element, unless the setting ``name`` says otherwise."""

_READ_BY_PYXFORM = frozenset(
    {"survey", "choices", "settings", "external_choices", "osm", "entities"}
)
_ROW = re.compile(r"\[row : (\d+)\]\s*")
_WIDE = re.compile(r"\s+")
_KEPT = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class XForm:
    """The XML of a form, and what pyxform remarked while it was made."""

    xml: str
    warnings: tuple[str, ...]


def xform(questionnaire: Questionnaire) -> XForm:
    """The XForm of a questionnaire: the same as pyxform makes of its XLSForm.

    Raises
    ------
    MissingExtra
        If pyxform is not installed.
    DefinitionError
        If the questionnaire cannot be said in an XLSForm, or pyxform refuses it.
    """
    try:
        pyxform: Any = import_module("pyxform.xls2xform")
        refused: Any = import_module("pyxform.errors").PyXFormError
    except ModuleNotFoundError as error:
        raise MissingExtra("XForm", "pyxform", "forms") from error
    _check_shown(questionnaire)
    made = sheets(questionnaire)
    warnings: list[str] = []
    try:
        result = pyxform.convert(_book(made), warnings=warnings, form_name=ROOT)
    except refused as error:
        raise _refusal(str(error), questionnaire, made[0]) from error
    return XForm(result.xform, tuple(_remark(each, questionnaire, made[0]) for each in warnings))


def _check_shown(questionnaire: Questionnaire) -> None:
    """A form shows every question that is asked; one with nothing to show is refused."""
    faults = [
        Fault(
            f"{question.source or questionnaire.name}, question '{question.name}'",
            "there is nothing to show: it has no label, no hint and no picture or sound",
            "Give it a label",
        )
        for question in (item.question for item in questionnaire.items)
        if question.type.asked
        and not (question.label or question.hint or question.media)
        and not (question.calculation or "trigger" in question.extra)
    ]
    if faults:
        raise DefinitionError.from_faults(faults)


def _book(made: tuple[Sheet, ...]) -> dict[str, Any]:
    """Our sheets as pyxform takes them, with plain spaces for fixed ones, as it reads workbooks."""
    book: dict[str, Any] = {"sheet_names": [sheet.name for sheet in made]}
    for sheet in made:
        name = sheet.name.lower()
        if name in _READ_BY_PYXFORM and sheet.grid:
            headers, rows = sheet.grid[0], sheet.grid[1:]
            book[name] = [
                {
                    header: text.replace("\u00a0", " ")
                    for header, text in zip(headers, row, strict=False)
                    if header and text
                }
                for row in rows
            ]
            book[f"{name}_header"] = [{header: None for header in headers if header}]
    return book


def _remark(message: str, questionnaire: Questionnaire, survey: Sheet) -> str:
    """What pyxform notices, with the place in the definition and without the row as it is kept."""
    place, said = _placed(message, questionnaire, survey)
    return f"{place}: pyxform notices: {_KEPT.sub('', said).rstrip('.: ')}."


def _refusal(message: str, questionnaire: Questionnaire, survey: Sheet) -> DefinitionError:
    """What pyxform said, with the place in the definition instead of the row of our sheet."""
    place, said = _placed(message, questionnaire, survey)
    return DefinitionError(
        place,
        f"no form can be made of this: {said}",
        "Change the definition there, and check it again",
    )


def _placed(message: str, questionnaire: Questionnaire, survey: Sheet) -> tuple[str, str]:
    place: Place | None = questionnaire.source
    found = _ROW.search(message)
    if found is not None and int(found[1]) - 2 < len(survey.places):
        place = survey.places[int(found[1]) - 2] or place
    return str(place or questionnaire.name), _WIDE.sub(" ", _ROW.sub("", message)).strip()
