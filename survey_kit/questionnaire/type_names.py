"""What stands in the type column: a type by one of its many names, and perhaps a list.

XLSForm has collected several spellings for most types in its life. They are resolved
here, once, and everything after knows one name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from survey_kit.questionnaire.question_type import QuestionType, question_types
from survey_kit.questionnaire.words import meant

if TYPE_CHECKING:
    from collections.abc import Mapping

_ALIASES: Mapping[str, str] = {
    "select one": "select_one",
    "select one from": "select_one",
    "select1": "select_one",
    "add select one prompt using": "select_one",
    "select multiple": "select_multiple",
    "select multiple from": "select_multiple",
    "select all that apply": "select_multiple",
    "select all that apply from": "select_multiple",
    "add select multiple prompt using": "select_multiple",
    "int": "integer",
    "add integer prompt": "integer",
    "add decimal prompt": "decimal",
    "string": "text",
    "add text prompt": "text",
    "add note prompt": "note",
    "datetime": "dateTime",
    "date time": "dateTime",
    "add date prompt": "date",
    "add time prompt": "time",
    "add date time prompt": "dateTime",
    "gps": "geopoint",
    "location": "geopoint",
    "q location": "geopoint",
    "add location prompt": "geopoint",
    "photo": "image",
    "add image prompt": "image",
    "add photo prompt": "image",
    "add audio prompt": "audio",
    "add video prompt": "video",
    "add file prompt": "file",
    "add barcode prompt": "barcode",
    "q barcode": "barcode",
    "add acknowledge prompt": "acknowledge",
    "q acknowledge": "acknowledge",
    "add calculate prompt": "calculate",
    "calculation": "calculate",
    "q calculate": "calculate",
    "imei": "deviceid",
    "device id": "deviceid",
    "get device id": "deviceid",
    "get phone number": "phonenumber",
    "get sim id": "simserial",
    "get subscriber id": "subscriberid",
    "get start time": "start",
    "start time": "start",
    "get end time": "end",
    "end time": "end",
    "get today": "today",
}

_NOT_YET: Mapping[str, str] = {
    "select_one_from_file": "Put the choices into a list of the questionnaire",
    "select_multiple_from_file": "Put the choices into a list of the questionnaire",
    "select_one_external": "Put the choices into the list of choices",
    "osm": "Ask for a geopoint instead",
    "loop": "Use a repeat instead",
    "begin_loop": "Use a repeat instead",
    "end_loop": "Use a repeat instead",
    "trigger": "Use acknowledge instead",
    "phone_number": "Use text, with a constraint on how numbers look",
    "background-geopoint": "Use start-geopoint or geopoint instead",
}


@dataclass(frozen=True)
class TypeName:
    """A type of question and the list it names."""

    type: QuestionType
    choices: str | None = None


@dataclass(frozen=True)
class NoSuchType:
    """Why a text names no type, and what to write instead."""

    what: str
    remedy: str


@cache
def type_named(text: str) -> TypeName | NoSuchType:
    """The type that a text such as ``select one yes_no`` names.

    >>> type_named("select one yes_no").choices
    'yes_no'
    >>> type_named("interger").remedy
    "Did you mean 'integer'?"
    """
    known = question_types()
    words = text.split()
    if not words:
        return NoSuchType("it has no type", "Say what is asked, for instance integer or text")
    for length in range(len(words), 0, -1):
        spelt = " ".join(words[:length])
        name = _canonical(spelt, known)
        if name is None:
            continue
        if name in _NOT_YET:
            return NoSuchType(f"the type '{name}' is not supported yet", _NOT_YET[name])
        return _with_list(known[name], words[length:])
    return NoSuchType(
        f"there is no type called '{words[0]}'",
        meant(words[0], (*known, *_ALIASES), otherwise=f"The types are {', '.join(known)}"),
    )


def _canonical(spelt: str, known: Mapping[str, QuestionType]) -> str | None:
    folded = spelt.casefold()
    spaced = folded.replace("_", " ")
    if spaced in _ALIASES:
        return _ALIASES[spaced]
    for name in (*known, *_NOT_YET):
        if name.casefold() in (folded, spaced.replace(" ", "_")):
            return name
    return None


def _with_list(kind: QuestionType, rest: list[str]) -> TypeName | NoSuchType:
    if kind.takes_choices:
        return TypeName(kind, rest[0]) if _is_list(rest) else _no_list(kind, rest)
    if rest:
        return NoSuchType(
            f"the type '{kind.name}' takes no list, but '{' '.join(rest)}' follows it",
            "Remove what follows the type",
        )
    return TypeName(kind)


def _is_list(rest: list[str]) -> bool:
    return len(rest) == 1 and not rest[0].startswith("${")


def _no_list(kind: QuestionType, rest: list[str]) -> NoSuchType:
    if not rest:
        return NoSuchType(
            f"the type '{kind.name}' needs the name of a list",
            f"Write it after the type, for instance: {kind.name} yes_no",
        )
    if rest[0].startswith("${"):
        return NoSuchType(
            "choices taken from a repeat are not supported yet",
            "Put the choices into a list of the questionnaire",
        )
    if rest[-1].casefold() in ("or_other", "specify_other"):
        return NoSuchType(
            f"'{rest[-1]}' is not supported yet",
            "Add a choice for other to the list, and a text question that is relevant "
            "when it is chosen",
        )
    return NoSuchType(
        f"the name of a list has no spaces, but '{' '.join(rest)}' follows the type",
        "Write the name of one list",
    )
