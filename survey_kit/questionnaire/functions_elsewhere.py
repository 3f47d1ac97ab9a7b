"""The functions that only another platform knows, and JavaRosa would stop at.

A form that calls one is read, because its answers have to be; no form for ODK or Kobo is made
of it. Some are replayed, where the platform's own reference leaves nothing open (docs.surveycto.com,
"Using expressions in your forms"). Of the others the answer of a calculation that holds the result
is taken as it came back; a relevant that calls one cannot be replayed.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import Call, Negative, Number
from survey_kit.questionnaire.functions import ANY_NUMBER, FUNCTIONS, Function, Gives

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT, _NUMBER, _TRUTH, _ARGUMENT = Gives.TEXT, Gives.NUMBER, Gives.TRUTH, Gives.ARGUMENT

_MEASURED = "SurveyCTO noted it on the device"
_OPEN = "SurveyCTO's reference leaves open what it gives"

_SURVEYCTO = (
    # replayed
    Function("index", 0, 0, _NUMBER, "the place of the row in its repeat, from 1"),
    Function("count-if", 2, 2, _NUMBER, "in how many rows of a repeat an expression holds"),
    Function("sum-if", 2, 2, _NUMBER, "the sum over the rows in which an expression holds"),
    Function("join-if", 3, 3, _TEXT, "the texts of those rows with a separator between them"),
    Function("choice-label", 2, 2, _TEXT, "the label, in the first language, of a code of a question"),
    Function("empty", 1, 1, _TRUTH, "whether a question holds no answer"),
    Function("relevant", 1, 1, _TRUTH, "whether a question is asked"),
    Function("coalesce", 3, ANY_NUMBER, _ARGUMENT, "the first argument that is not blank"),
    Function("linebreak", 0, 0, _TEXT, "a new line"),
    Function("lower", 1, 1, _TEXT, "in small letters"),
    Function("upper", 1, 1, _TEXT, "in capital letters"),
    # only read
    Function("min-if", 2, 2, _ARGUMENT, "the smallest of some rows", elsewhere=_OPEN),
    Function("max-if", 2, 2, _ARGUMENT, "the largest of some rows", elsewhere=_OPEN),
    Function("rank-index", 2, 2, _NUMBER, "the rank of a row by an answer", elsewhere=_OPEN),
    Function("rank-index-if", 3, 3, _NUMBER, "the same among some rows", elsewhere=_OPEN),
    Function("rank-value", 2, 2, _NUMBER, "the rank of a number in a list", elsewhere=_OPEN),
    Function("count-items", 2, 2, _NUMBER, "how many parts a text has", elsewhere=_OPEN),
    Function("item-at", 3, 3, _TEXT, "a part of a text", elsewhere=_OPEN),
    Function("item-index", 3, 3, _NUMBER, "the place of a part", elsewhere=_OPEN),
    Function("item-present", 3, 3, _TRUTH, "whether a text has a part", elsewhere=_OPEN),
    Function("de-duplicate", 2, 2, _TEXT, "a text without parts that come again", elsewhere=_OPEN),
    Function("format-number", 1, 1, _TEXT, "a number as the device writes it", elsewhere=_MEASURED),
    Function("distance-between", 2, 2, _NUMBER, "metres between geopoints", elsewhere=_OPEN),
    Function("geo-scatter", 2, 2, _TEXT, "a geopoint moved by chance", elsewhere=_MEASURED),
    Function("short-geopoint", 1, 1, _TEXT, "two numbers of a geopoint", elsewhere=_OPEN),
    Function("hash", 1, ANY_NUMBER, _TEXT, "a text that stands for others", elsewhere=_OPEN),
    Function("duration", 0, 0, _NUMBER, "seconds that the interview took", elsewhere=_MEASURED),
    Function("username", 0, 0, _TEXT, "who is logged in", elsewhere=_MEASURED),
    Function("enumerator-name", 0, 0, _TEXT, "who interviews", elsewhere=_MEASURED),
    Function("enumerator-id", 0, 0, _TEXT, "who interviews, by number", elsewhere=_MEASURED),
    Function("device-info", 0, 0, _TEXT, "what the device is", elsewhere=_MEASURED),
    Function("phone-call-log", 0, 0, _TEXT, "calls during the interview", elsewhere=_MEASURED),
    Function("phone-call-duration", 0, 0, _NUMBER, "seconds of them", elsewhere=_MEASURED),
    Function("collect-is-phone-app", 0, 0, _TRUTH, "whether it calls itself", elsewhere=_MEASURED),
    Function("plug-in-metadata", 1, 1, _TEXT, "what a field plug-in noted", elsewhere=_MEASURED),
)  # fmt: skip

FUNCTIONS_ELSEWHERE: Mapping[str, Function] = MappingProxyType(
    {each.name: each for each in _SURVEYCTO}
)
"""name -> function."""

PLATFORM = "SurveyCTO"
"""Whose functions they are."""


_CODES_IN_QUOTES = ("selected", "is-selected")


def function_called(name: str, count: int) -> Function | None:
    """The function of a name that takes so many arguments, JavaRosa's before others'.

    >>> function_called("coalesce", 2) is FUNCTIONS["coalesce"], function_called("coalesce", 3).most
    (True, 10000)
    """
    for functions in (FUNCTIONS, FUNCTIONS_ELSEWHERE):
        found = functions.get(name)
        if found is not None and found.allows(count):
            return found
    return None


def only_elsewhere(call: Call) -> tuple[str, str] | None:
    """What another platform knows and JavaRosa would stop at, and what to do; None of the usual.

    >>> only_elsewhere(Call("today", ())), only_elsewhere(Call("duration", ()))[0]
    (None, 'only SurveyCTO knows duration()')
    """
    count = len(call.arguments)
    known = FUNCTIONS.get(call.function)
    if known is None or not known.allows(count):
        takes = "" if known is None else f" with {count} arguments"
        what = f"only {PLATFORM} knows {call.function}(){takes}"
        return what, "For ODK and Kobo, ask or calculate it in another way"
    if call.function in _CODES_IN_QUOTES and isinstance(call.arguments[1], (Number, Negative)):
        what = f"the second part of {call.function}() is a number, and Collect stops at it"
        return what, "Put it in quotes: '1'"
    return None
