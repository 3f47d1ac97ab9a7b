"""Whether two spellings are one answer: what tells a change from a trip through a spreadsheet.

A file that went through R or Excel holds ``2`` for ``2.0``, ``TRUE`` for ``1``, days in another
order, and fifteen digits of sixteen. None of that is a change, and each is said by its name. What
could be an answer is never passed over: ``001`` is another code than ``1``, and ``1e5`` another
text than ``100000``, unless the question takes numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum

from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.labels import as_codes
from survey_kit.responses.select_multiple import CHOSEN, NOT_CHOSEN


class Same(Enum):
    """In what two spellings of one answer differ."""

    EQUAL = "equal"
    BLANKS = "blanks, line breaks or the composition of letters"
    NOTHING = "a word for an empty cell (NA, NaN, NULL)"
    TRUTH = "TRUE and 1, FALSE and 0"
    NOT_CHOSEN = "blank and 0 of a choice that was not made"
    NUMBER = "the same number (2.0 and 2, 1e+05 and 100000)"
    DIGITS = "the 15 digits that Excel keeps"
    DATE = "the same day or moment, written differently"
    ORDER = "the order of several choices"
    LABEL = "a label and its code"


@dataclass(frozen=True)
class Takes:
    """What a column takes.

    storage
        Of its question; None where nothing is known of the column.
    choice
        The code and labels of the choice whose column it is, empty where it is none.
    codes, languages
        Of the question's list.
    """

    storage: Storage | None = None
    choice: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    languages: Sequence[Mapping[str, str]] = ()
    several: bool = False


ANYTHING = Takes()
FOR_NOTHING = frozenset({"na", "n/a", "nan", "null", "<na>", "#n/a", "#null!"})
PERHAPS_NOTHING = frozenset({"none", ".", "-", "missing"})
"""Words for nothing too, unless the question takes a text of one's own."""
TRUTHS: Mapping[str, str] = {"true": "1", "false": "0", "1": "1", "0": "0", "1.0": "1", "0.0": "0"}
NUMBERS = frozenset({Storage.INTEGER, Storage.DECIMAL})
MOMENTS = frozenset({Storage.DATE, Storage.DATETIME})
WRITTEN = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
KEPT_DIGITS = 15
DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - the day 0 of a spreadsheet has no zone
SERIAL = re.compile(r"[1-6][0-9]{4}(?:\.[0-9]+)?")
ZONE = re.compile(r"\s*(Z|[+-][0-9]{2}:?(?:[0-9]{2})?)$")
ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?")
SLASHES = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{2,4})(?:[T ,]+(.*))?")
YEAR_FIRST = re.compile(r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})(?:[T ]+(.*))?")
NAMED = ("%d-%b-%Y", "%d %b %Y", "%d%b%Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y")
CLOCKS = ("%H:%M:%S.%f", "%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")


def same(one: str, other: str, takes: Takes = ANYTHING) -> Same | None:
    """In what two texts of one column differ, if they are the same answer; None if they are not.

    >>> same("2.0", "2"), same("001", "1"), same("2021-07-08", "08/07/2021").value
    (<Same.NUMBER: 'the same number (2.0 and 2, 1e+05 and 100000)'>, None, 'the same day or moment, written differently')
    """
    if one == other:
        return Same.EQUAL
    a, b = _plain(one), _plain(other)
    if a == b:
        return Same.BLANKS
    if _nothing(a, takes) and _nothing(b, takes):
        return Same.NOTHING
    if takes.choice:
        return _same_choice(a, b, takes)
    return _same_answer(a, b, takes) if a and b else None


def _same_answer(a: str, b: str, takes: Takes) -> Same | None:
    if TRUTHS.get(a.casefold(), a) == TRUTHS.get(b.casefold(), b):
        return Same.TRUTH
    return _same_number(a, b, takes) or _same_moment(a, b, takes) or _same_codes(a, b, takes)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _nothing(text: str, takes: Takes) -> bool:
    word = text.casefold()
    if not word:
        return True
    if text in takes.codes:
        return False
    own = takes.storage in {Storage.TEXT, None}
    return word in FOR_NOTHING or (word in PERHAPS_NOTHING and not own)


def _same_choice(one: str, other: str, takes: Takes) -> Same | None:
    said = [_chosen(each, takes.choice) for each in (one, other)]
    if None in said or said[0] != said[1]:
        return None
    return Same.TRUTH if one and other else Same.NOT_CHOSEN


def _chosen(text: str, own: Collection[str]) -> bool | None:
    word = text.casefold()
    if word in {"0", "na"} or (word in NOT_CHOSEN and text not in own):
        return False
    return True if word in CHOSEN or text in own else None


def _same_number(one: str, other: str, takes: Takes) -> Same | None:
    if not (WRITTEN.fullmatch(one) and WRITTEN.fullmatch(other)):
        return None
    try:
        a, b = Decimal(one), Decimal(other)
    except InvalidOperation:
        return None
    counted = takes.storage in NUMBERS
    plain = bool(PLAIN.fullmatch(one) and PLAIN.fullmatch(other))
    unknown = takes.storage is None and not (_zeros(one) or _zeros(other))
    if a == b and (counted or plain or unknown):
        code = takes.storage is Storage.CODE and {one, other} <= takes.codes
        return None if code else Same.NUMBER
    digits = max(len(each.as_tuple().digits) for each in (a.normalize(), b.normalize()))
    if digits >= KEPT_DIGITS and _kept(a) == _kept(b) and takes.storage is not Storage.CODE:
        return Same.DIGITS
    return None


def _zeros(text: str) -> bool:
    """Whether a number begins with a nought that says nothing: it may be the code of something."""
    return bool(re.match(r"[+-]?0[0-9]", text))


def _kept(number: Decimal) -> Decimal:
    return Decimal(f"{number:.{KEPT_DIGITS - 1}e}")


def _same_moment(one: str, other: str, takes: Takes) -> Same | None:
    if takes.storage is not None and takes.storage not in MOMENTS:
        return None
    a, b = _moments(one), _moments(other)
    return Same.DATE if a & b else None


def _moments(text: str) -> frozenset[tuple[str, datetime]]:
    """The moments that a text can mean, each with the order of day and month that it takes."""
    zone = ZONE.search(text) if ":" in text else None
    local = text[: zone.start()] if zone else text
    if ISO.fullmatch(local):
        return frozenset(_under_both(_iso(local)))
    if found := YEAR_FIRST.fullmatch(local):
        return frozenset(_under_both(_moment(found[1], found[2], found[3], found[4])))
    if found := SLASHES.fullmatch(local):
        first, second, year = found[1], found[2], found[3]
        year = f"20{year}" if len(year) == len("21") else year
        day_first = _moment(year, second, first, found[4])
        month_first = _moment(year, first, second, found[4])
        ways = [("day", day_first), ("month", month_first)]
        return frozenset((order, each) for order, each in ways if each is not None)
    if SERIAL.fullmatch(local):
        moment = DAY_ZERO + timedelta(days=float(local))
        return frozenset(_under_both(moment.replace(microsecond=0)))
    return frozenset(_under_both(_named(local)))


def _under_both(moment: datetime | None) -> list[tuple[str, datetime]]:
    return [] if moment is None else [("day", moment), ("month", moment)]


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(microsecond=0, tzinfo=None)
    except ValueError:
        return None


def _moment(year: str, month: str, day: str, clock: str | None) -> datetime | None:
    try:
        found = datetime(int(year), int(month), int(day))  # noqa: DTZ001 - the wall's time
    except ValueError:
        return None
    for pattern in CLOCKS if clock else ():
        try:
            time = datetime.strptime(clock or "", pattern).time()  # noqa: DTZ007 - likewise
        except ValueError:
            continue
        return datetime.combine(found, time.replace(microsecond=0))
    return None if clock else found


def _named(text: str) -> datetime | None:
    if not any(letter.isalpha() for letter in text) or not text.isascii():
        return None
    for pattern in NAMED:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 - the wall's time
        except ValueError:
            continue
    return None


def _same_codes(one: str, other: str, takes: Takes) -> Same | None:
    if takes.several and sorted(one.split()) == sorted(other.split()):
        return Same.ORDER
    if not takes.codes:
        return None
    a, b = (
        as_codes(each, takes.codes, takes.languages, several=takes.several) for each in (one, other)
    )
    same_codes = sorted(a.split()) == sorted(b.split()) if takes.several else a == b
    return Same.LABEL if same_codes else None
