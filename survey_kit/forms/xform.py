"""The form as phones and browsers read it: an XForm, made by pyxform from our sheets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from survey_kit.errors import DefinitionError, Fault, MissingExtra, SurveyKitError
from survey_kit.forms.sheets import Sheet, sheets
from survey_kit.questionnaire.build import fit_for_phones
from survey_kit.questionnaire.model import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from survey_kit.questionnaire.model import Questionnaire

ROOT = "data"
"""The name of the outermost element, unless the setting ``name`` says otherwise."""

_READ_BY_PYXFORM = frozenset(
    {"survey", "choices", "settings", "external_choices", "osm", "entities"}
)
_ROW = re.compile(r"\[row : (\d+)\]\s*")
_SHEET = re.compile(r"[Oo]n the '?(\w+)'? sheet|for sheet: '(\w+)'")
_ON_SHEET = re.compile(r"On the '\w+' sheet, (?=the '\w+' )")
_COLUMN = re.compile(r"the '(\w+)' value\b")
_ASKED = re.compile(r"(?<=\. )(?:Please|Either|Rename or remove|Remove one) .*")
_WIDE = re.compile(r"\s+")
_QUOTED = re.compile(r"'([^']+)'")
_KEPT = re.compile(r"\{[^{}]*\}")
_STUMBLES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What pyxform falls over, instead of saying what is wrong (found by trying)."""


@dataclass(frozen=True)
class XForm:
    """The XML of a form, and what pyxform remarked while it was made.

    `itemsets` is the text of itemsets.csv, where choices stand in the sheet external_choices.
    """

    xml: str
    warnings: tuple[str, ...]
    itemsets: str | None = None


def xform(questionnaire: Questionnaire) -> XForm:
    """The XForm of a questionnaire: the same as pyxform makes of its XLSForm.

    Raises
    ------
    MissingExtra
        If pyxform is not installed.
    DefinitionError
        If the questionnaire cannot be said in an XLSForm, a question has nothing to show, or
        pyxform refuses it.
    """
    _check_shown(fit_for_phones(questionnaire))
    return xform_as_written(questionnaire)


def xform_as_written(questionnaire: Questionnaire) -> XForm:
    """As `xform`, whatever is in it: pyxform alone is the judge.

    Raises
    ------
    MissingExtra
        If pyxform is not installed.
    DefinitionError
        If the questionnaire cannot be said in an XLSForm, or pyxform refuses it; then with
        everything in it that is not understood here, and what pyxform says last.
    """
    try:
        pyxform: Any = import_module("pyxform.xls2xform")
        refused: Any = import_module("pyxform.errors").PyXFormError
    except ModuleNotFoundError as error:
        raise MissingExtra("XForm", "pyxform", "forms") from error
    made = sheets(questionnaire)
    warnings: list[str] = []
    try:
        result = pyxform.convert(_book(made), warnings=warnings, form_name=ROOT)
    except refused as error:
        raise _refusal(str(error), questionnaire, made) from error
    except _STUMBLES as error:
        said = f"pyxform stumbles over it ({type(error).__name__})"
        column = _stumbling_block(_book(made), pyxform.convert, refused)
        if column is None:
            raise _refusal(said, questionnaire, made) from error
        whole = questionnaire.source or Place(questionnaire.name)
        fault = Fault(
            f"{_row_of(column[0], 1, whole, made)}, column '{column[1]}'",
            f"no form can be made of this: {said}",
            "Rename or remove the column",
        )
        raise DefinitionError.from_faults([*questionnaire.not_understood, fault]) from error
    remarks = tuple(_remark(each, questionnaire, made) for each in warnings)
    return XForm(result.xform, remarks, result.itemsets)


def _stumbling_block(
    book: dict[str, Any], convert: Callable[..., object], refused: type[Exception]
) -> tuple[str, str] | None:
    """The sheet and header of the first column without which pyxform makes a form."""
    for name in ("survey", "choices", "settings"):
        for header in book.get(f"{name}_header", [{}])[0]:
            without = {
                part: [{key: text for key, text in row.items() if key != header} for row in rows]
                if part in (name, f"{name}_header")
                else rows
                for part, rows in book.items()
            }
            try:
                convert(without, form_name=ROOT)
            except (refused, *_STUMBLES):
                continue
            return name, header
    return None


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


def _remark(message: str, questionnaire: Questionnaire, made: Sequence[Sheet]) -> str:
    """What pyxform notices, with the place in the definition and without the row as it is kept."""
    place, said = _placed(message, questionnaire, made)
    return f"{place}: pyxform notices: {_KEPT.sub('', said).rstrip('.: ')}."


def _refusal(message: str, questionnaire: Questionnaire, made: Sequence[Sheet]) -> SurveyKitError:
    """What pyxform said, with the place in the definition instead of the row of our sheet."""
    place, said = _placed(message, questionnaire, made)
    asked = _ASKED.search(said)
    what = said[: asked.start()].strip() if asked else said
    remedy = asked[0] if asked else "Change the definition there, and check it again"
    fault = Fault(place, f"no form can be made of this: {what}", remedy)
    return DefinitionError.from_faults([*questionnaire.not_understood, fault])


def _placed(message: str, questionnaire: Questionnaire, made: Sequence[Sheet]) -> tuple[str, str]:
    """Where in the definition, as far as pyxform names sheet, row and column; and what it says."""
    said = _WIDE.sub(" ", _ROW.sub("", message)).strip()
    whole = questionnaire.source or Place(questionnaire.name)
    row, sheet = _ROW.search(message), _SHEET.search(message)
    if row is None and sheet is None:
        return str(_named(message, made) or whole), said
    name = (sheet[1] or sheet[2]) if sheet else "survey"
    number = int(row[1]) if row else 1
    column = _COLUMN.search(message)
    said = _ON_SHEET.sub("", said)
    thing = f", column '{column[1]}'" if column and row else ""
    return f"{_row_of(name, number, whole, made)}{thing}", said


def _named(message: str, made: Sequence[Sheet]) -> Place | None:
    """The place of the first row of the survey that has a name or type in quotes in the message."""
    survey = next((each for each in made if each.name.lower() == "survey" and each.grid), None)
    if survey is None:
        return None
    columns = [at for at, header in enumerate(survey.grid[0]) if header in ("type", "name")]
    for quoted in _QUOTED.findall(message):
        for row, place in zip(survey.grid[1:], survey.places, strict=False):
            if place and any(row[at] == quoted for at in columns if at < len(row)):
                return place
    return None


def _row_of(name: str, number: int, whole: Place, made: Sequence[Sheet]) -> Place:
    """The place of what stands in a row of one of our sheets."""
    places = next((each.places for each in made if each.name.lower() == name), ())
    found = places[number - 2] if 0 <= number - 2 < len(places) else None
    is_yaml = whole.sheet is None and any(place and not place.sheet for place in places)
    return found or (whole if is_yaml else Place(whole.file, name, number))
