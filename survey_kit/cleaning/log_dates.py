"""Which of two entries of a log is the earlier one, by the days that stand beside them.

Logs write days as their team does: ``2021-07-06``, ``06/07/2021``, Excel's number of the day. An
order is told only where it is the same whichever way a day can be read: of 06/07/2021 and 07/06/2021
nobody knows which came first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ](.*))?")
ENDS_WITH_YEAR = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})(?:[T ,].*)?")
SERIAL = re.compile(r"([2-6][0-9]{4})(?:\.[0-9]+)?")
DAY_ZERO = date(1899, 12, 30)
"""The day 0 of a spreadsheet."""
DAY = 24 * 60 * 60
CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?")


def is_earlier(one: str, other: str) -> bool:
    """Whether a day lies before another, however the two can be read.

    >>> is_earlier("2021-07-06", "2021-07-07"), is_earlier("06/07/2021", "07/07/2021")
    (True, True)
    >>> is_earlier("06/07/2021", "07/06/2021"), is_earlier("", "2021-07-07")
    (False, False)
    """
    ways = list(_both_read(one, other))
    return bool(ways) and all(first < second for first, second in ways)


def day_of_serial(text: str) -> str:
    """A spreadsheet's number of a day as the day; any other text as it is.

    >>> day_of_serial("44383"), day_of_serial("44383.5"), day_of_serial("4438")
    ('2021-07-06', '2021-07-06T12:00:00', '4438')
    """
    if SERIAL.fullmatch(text) is None:
        return text
    days, _, part = text.partition(".")
    day = DAY_ZERO + timedelta(days=int(days))
    if not part.strip("0"):
        return day.isoformat()
    seconds = timedelta(seconds=round(float(f"0.{part}") * DAY))
    return (datetime(day.year, day.month, day.day) + seconds).isoformat()  # noqa: DTZ001


def is_serial(text: str) -> bool:
    """Whether a text could be a spreadsheet's number of a day, from 1954 on."""
    return SERIAL.fullmatch(text) is not None


def _both_read(one: str, other: str) -> Iterator[tuple[datetime, datetime]]:
    """Both days, read the same way, in each way in which both can be read."""
    firsts, seconds = _readings(one.strip()), _readings(other.strip())
    for way in ("day first", "month first"):
        if way in firsts and way in seconds:
            yield firsts[way], seconds[way]


def _readings(text: str) -> dict[str, datetime]:
    """Way of reading -> the moment; one that is plain is the same in every way."""
    if found := ISO.fullmatch(text):
        plain = _moment(found[1], found[2], found[3], found[4] or "")
        return {} if plain is None else {"day first": plain, "month first": plain}
    if found := SERIAL.fullmatch(text):
        day = DAY_ZERO + timedelta(days=int(found[1]))
        plain = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a log has no zones
        return {"day first": plain, "month first": plain}
    if found := ENDS_WITH_YEAR.fullmatch(text):
        one, other, year = found[1], found[2], found[3]
        ways = {
            "day first": _moment(year, other, one, ""),
            "month first": _moment(year, one, other, ""),
        }
        return {way: moment for way, moment in ways.items() if moment is not None}
    return {}


def _moment(year: str, month: str, day: str, rest: str) -> datetime | None:
    clock = CLOCK.match(rest)
    try:
        written = f"{int(year):04}-{int(month):02}-{int(day):02}"
        return datetime.fromisoformat(f"{written} {clock[0]}" if clock else written)
    except ValueError:
        return None
