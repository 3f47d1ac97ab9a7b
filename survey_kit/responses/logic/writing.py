"""How the field's engine writes a value as text and reads a text as a value.

Follows XPathFuncExpr.toString, toNumeric and DateUtils of JavaRosa 5.1.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta

_LARGEST_INT = 2**31 - 1
_SMALLEST_INT = -(2**31)
_LARGEST_LONG = 2.0**63
_NEARLY_WHOLE = 1e-9
_TINY = 1e-12
_PLAIN = (1e-3, 1e7)
"""Between these, Java writes a number without an exponent."""
_NUMERIC = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = re.compile(r"([+-]?\d+)-([+-]?\d+)-([+-]?\d+)")
_TIME = re.compile(
    r"(?P<hour>\d+):(?P<minute>\d+)(?::(?P<second>\d*(?:\.\d*)?)[^Z+\-]*)?(?:Z|[+-]\d+(?::\d+)?)?"
)


def number_as_text(number: float) -> str:
    """A number as the form shows it.

    >>> [number_as_text(each) for each in (5.0, 0.5, -2.0, 1e10, 1e-5, float("nan"))]
    ['5', '0.5', '-2', '1.0E10', '1.0E-5', 'NaN']
    """
    if math.isnan(number):
        return "NaN"
    if abs(number) < _TINY:
        return "0"
    if math.isinf(number):
        return java_double(number)
    whole = max(_SMALLEST_INT, min(_LARGEST_INT, math.trunc(number)))
    if abs(number - whole) < _TINY:
        return str(whole)
    return java_double(number)


def number_as_stored(number: float) -> str:
    """The result of a calculation as it stands in the XML (IAnswerData.wrapData); NaN is blank.

    >>> [number_as_stored(each) for each in (4.0, 1e12, 0.25, float("nan"))]
    ['4', '1000000000000', '0.25', '']
    """
    if math.isnan(number):
        return ""
    if abs(number) < _LARGEST_LONG and abs(number - math.trunc(number)) < _NEARLY_WHOLE:
        return str(math.trunc(number))
    return java_double(number)


def java_double(number: float) -> str:
    """Double.toString: digits as short as they can be, an exponent outside [0.001, 10,000,000).

    >>> java_double(12345678.5), java_double(100.0)
    ('1.23456785E7', '100.0')
    """
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if _PLAIN[0] <= abs(number) < _PLAIN[1] or number == 0:
        return repr(float(number))
    mantissa, exponent = f"{number:e}".split("e")
    digits = repr(float(number)).split("e", maxsplit=1)[0].replace(".", "").strip("-0")
    sign = "-" if mantissa.startswith("-") else ""
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{int(exponent)}"


def location_as_text(text: str) -> str:
    """Places as an expression sees them (GeoPointData.getDisplayText): four numbers each.

    >>> location_as_text("1.5 36"), location_as_text("0 1 0 0; 0 2 0 0;"), location_as_text("")
    ('1.5 36.0 0.0 0.0', '0.0 1.0 0.0 0.0; 0.0 2.0 0.0 0.0', '')
    """
    places: list[str] = []
    for part in text.rstrip(";").split(";"):
        try:
            numbers = [float(each) for each in part.split()]
        except ValueError:
            return text
        if not any(numbers):
            places.append("")
            continue
        places.append(" ".join(java_double(each) for each in (*numbers, 0.0, 0.0, 0.0)[:4]))
    return "; ".join(places)


def text_as_number(text: str) -> float:
    """A text as a number, or NaN; a comma counts as a decimal point.

    >>> [text_as_number(each) for each in ("01", " 2,5 ", "", "1e3", "2024-01-01")]
    [1.0, 2.5, nan, nan, nan]
    """
    trimmed = text.replace(",", ".").strip("".join(map(chr, range(33))))
    return float(trimmed) if _NUMERIC.fullmatch(trimmed) else math.nan


def day_as_text(moment: float) -> str:
    """The day of a moment in milliseconds since 1970: 2024-01-31.

    >>> day_as_text(86_400_000.0)
    '1970-01-02'
    """
    day = as_datetime(moment)
    return f"{day.year}-{day.month:02}-{day.day:02}"


def as_datetime(moment: float) -> datetime:
    """A moment in milliseconds since 1970 as a date and time; the zone has no meaning."""
    return _EPOCH + timedelta(milliseconds=moment)


def text_as_moment(text: str) -> float:
    """A day, or a day and time, in milliseconds since 1970 in local time; NaN if it is neither.

    A zone is left out: what was written is the local time of the interview.

    >>> text_as_moment("1970-01-02"), text_as_moment("1970-01-01T00:00:01.500+03:00")
    (86400000.0, 1500.0)
    """
    day, separator, time = text.partition("T")
    parts = _DAY.fullmatch(day)
    if parts is None:
        return math.nan
    try:
        midnight = datetime(*(int(each) for each in parts.groups()), tzinfo=UTC)  # type: ignore[arg-type, misc]
    except ValueError:
        return math.nan
    start = (midnight - _EPOCH) / timedelta(milliseconds=1)
    return start + time_as_milliseconds(time) if separator else start


def time_as_milliseconds(text: str) -> float:
    """A time of day in milliseconds since midnight; NaN if it is none.

    >>> time_as_milliseconds("08:30:00.000+03:00") / 3_600_000
    8.5
    """
    found = _TIME.fullmatch(text)
    if found is None:
        return math.nan
    hour, minute = int(found["hour"]), int(found["minute"])
    second = float(found["second"]) if found["second"] not in (None, "", ".") else 0.0
    if hour > 23 or minute > 59 or second >= 60:  # noqa: PLR2004 - hours, minutes, seconds
        return math.nan
    return ((hour * 60 + minute) * 60) * 1000.0 + math.trunc(second * 1000)
