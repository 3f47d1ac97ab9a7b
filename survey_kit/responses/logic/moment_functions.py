"""The functions of an expression that work on days and times.

A moment is local to the interview; the zone of its device is not kept. So
``decimal-date-time()`` counts days in local time, where the phone counts them in UTC: between
two answers of one interview the difference is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from survey_kit.errors import CannotEvaluate
from survey_kit.responses.logic.device import OnDeviceOnly
from survey_kit.responses.logic.number_functions import whole
from survey_kit.responses.logic.value import (
    BLANK,
    MILLISECONDS_A_DAY,
    Floats,
    Kind,
    Value,
    as_texts,
    choose,
    measured,
    of_moments,
    of_numbers,
    of_texts,
    over_texts,
    written,
)
from survey_kit.responses.logic.writing import as_datetime, text_as_moment

Arguments: TypeAlias = Sequence[Value]
Body: TypeAlias = Callable[[Arguments], Value]

_FIRST, _LAST = -62_135_596_800_000.0, 253_402_300_799_999.0
"""The years 1 to 9999; a number beyond them is no moment."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _moments(value: Value) -> Floats:
    """(n,) or (1,) milliseconds since 1970; NaN where it is blank or no moment."""
    found = np.full(1, np.nan)
    for kind in value.present:
        match kind:
            case Kind.TEXT:
                moments = measured(text_as_moment, value.texts)
            case Kind.NUMBER:
                moments = value.numbers * MILLISECONDS_A_DAY
            case Kind.MOMENT:
                moments = value.moments
            case Kind.TRUTH:
                moments = np.full(1, np.nan)
        found = np.where(value.kinds == kind, moments, found)
    return np.where((found >= _FIRST) & (found <= _LAST), found, np.nan)


def _absent(value: Value, moments: Floats) -> Value:
    """What a function of moments gives where there is none: NaN of a NaN, else blank."""
    nan = (value.kinds == Kind.NUMBER) & np.isnan(moments)
    return choose(nan, of_numbers(np.full(1, np.nan)), BLANK)


def _date(arguments: Arguments) -> Value:
    value = arguments[0]
    moments = _moments(value)
    number = value.kinds == Kind.NUMBER
    moment = value.kinds == Kind.MOMENT
    days = moments / MILLISECONDS_A_DAY
    moments = np.where(number, whole(days) * MILLISECONDS_A_DAY, moments)
    moments = np.where(moment, np.floor(days) * MILLISECONDS_A_DAY, moments)
    return choose(np.isnan(moments), _absent(value, moments), of_moments(np.nan_to_num(moments)))


def _date_time(arguments: Arguments) -> Value:
    moments = _moments(arguments[0])
    absent = _absent(arguments[0], moments)
    return choose(np.isnan(moments), absent, of_moments(np.trunc(np.nan_to_num(moments))))


def _decimal(keep_the_day: Callable[[Floats], Floats]) -> Body:
    def body(arguments: Arguments) -> Value:
        value = arguments[0]
        number = value.kinds == Kind.NUMBER
        days = np.where(number, value.numbers, _moments(value) / MILLISECONDS_A_DAY)
        return choose(np.isnan(days), _absent(value, days), of_numbers(keep_the_day(days)))

    return body


def _format(arguments: Arguments) -> Value:
    places = written(_moments(arguments[0]), repr)
    return of_texts(over_texts(_formatted, places, as_texts(arguments[1])))


def _formatted(moment: str, form: str) -> str:
    """A moment in the form of DateUtils.format: ``%Y-%m-%d %H:%M``."""
    if moment in ("nan", ""):
        return ""
    at = as_datetime(float(moment))
    known = {
        "%": "%",
        "Y": f"{at.year:04}",
        "y": f"{at.year:04}"[2:],
        "m": f"{at.month:02}",
        "n": str(at.month),
        "b": _MONTHS[at.month - 1],
        "d": f"{at.day:02}",
        "e": str(at.day),
        "H": f"{at.hour:02}",
        "h": str(at.hour),
        "M": f"{at.minute:02}",
        "S": f"{at.second:02}",
        "3": f"{at.microsecond // 1000:03}",
        "a": _DAYS[at.weekday()],
    }
    written: list[str] = []
    letters = iter(form)
    for letter in letters:
        code = next(letters, "") if letter == "%" else None
        if code is None:
            written.append(letter)
        elif code in known:
            written.append(known[code])
        elif code == "W":
            raise OnDeviceOnly(
                "format-date()",
                "%W is the number of a week, which depends on the language of the phone",
                "Use %Y-%m-%d, and count weeks afterwards",
            )
        else:
            raise CannotEvaluate(
                "format-date()",
                f"%{code} is not a part of a date that a form can write",
                f"Use one of {' '.join('%' + each for each in known)}",
            )
    return "".join(written)


MOMENT_FUNCTIONS: Mapping[str, Body] = MappingProxyType(
    {
        "date": _date,
        "date-time": _date_time,
        "decimal-date-time": _decimal(lambda days: days),
        "decimal-time": _decimal(lambda days: days - np.floor(days)),
        "format-date": _format,
        "format-date-time": _format,
    }
)
