"""Text from a file, as answers: every value is read as text first, and only then as what its
question takes.

A program that guesses types cell by cell turns the code ``001`` into 1 and ``1e5`` into
100000. Here the questionnaire says what a column is. What cannot be read as that is not
an error and is not guessed at: it is marked unreadable and kept as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from unicodedata import decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.question_type import Storage

WHOLE = r"[+-]?[0-9]+(?:\.0*)?(?:[eE]\+?[0-9]+)?"
DECIMAL = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
ZONE = r"(:[0-9]{2}(?:\.[0-9]+)?)\s*(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)$"
BY_SLASHES = r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})((?:[T ,]+[0-9]{1,2}:[0-9]{2}.*)?)"
YEAR_FIRST = r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})((?:[T ][0-9]{1,2}:[0-9]{2}.*)?)"
WITH_MONTH_NAMES = (
    "%b %d, %Y %I:%M:%S %p",
    "%b %d, %Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d%b%Y",
    "%d%b%Y %H:%M:%S",
    "%d %B %Y",
    "%B %d, %Y",
)
OTHER_DIGITS = re.compile(r"[+-]?[\d.]+")
MONTHS = 12
EXACT_UP_TO = 2**53
"""Whole numbers beyond it are not all floats: the number of a card might become its neighbour's."""
LONGEST = 1100
"""Letters of a number: no float that is written out has more."""


@dataclass(frozen=True, eq=False)
class Read:
    """A column of answers.

    answers
        (n,) held as `Responses` holds answers of this storage; empty where unreadable.
    unreadable
        (n,) bool: there was a text, but not one that the question takes.
    notes
        What had to be decided for the column as a whole, without any answer in it.
    """

    answers: pd.Series
    unreadable: NDArray[np.bool_]
    notes: tuple[str, ...] = ()


def from_text(text: pd.Series, storage: Storage, *, codes: Collection[str] = ()) -> Read:
    """A column of text, as answers.

    Parameters
    ----------
    text
        (n,) dtype ``str``; NaN, empty, or nothing but spaces means an empty cell.
    storage
        How the question stores its answer.
    codes
        Codes of the question's list. ``3.0`` is the code ``3`` where the list has that
        and not ``3.0``: spreadsheets write codes as numbers.
    """
    match storage:
        case Storage.CODE:
            return _code(text, codes)
        case Storage.CODES:
            return Read(_respelt(text, _single_spaces), _none(text))
        case Storage.INTEGER | Storage.DECIMAL:
            pattern = WHOLE if storage is Storage.INTEGER else DECIMAL
            return _in_any_digits(text, pattern)
        case Storage.DATE:
            read = moments(text)
            return replace(read, answers=read.answers.dt.normalize())
        case Storage.DATETIME:
            return moments(text)
        case _:
            return Read(_respelt(text, _unless_blank), _none(text))


def moments(text: pd.Series) -> Read:
    """A column of days or moments, as datetime64 in the local time in which they were written.

    ISO, with or without a zone (the zone is dropped, the time on the wall is kept), the
    day first or the month first with slashes, dots or dashes, and names of months. Which
    of day and month comes first is settled by the column as a whole: a number over 12
    can only be a day. Where nothing settles it, or the column contradicts itself, those
    cells are unreadable; nothing is guessed.
    """
    stripped = text.str.strip()
    written = stripped.notna() & stripped.ne("").fillna(value=False)
    local = stripped.where(written).str.replace(ZONE, r"\1", regex=True)
    iso = local.str.fullmatch(ISO).fillna(value=False)
    values = _parse(local.where(iso), "ISO8601")
    notes: list[str] = []
    if (written & ~iso).any():
        values = values.fillna(_parse(_year_first(local), "ISO8601"))
        by_slashes, note = _by_slashes(local.where(values.isna()))
        values = values.fillna(by_slashes)
        notes += [note] if note else []
        for pattern in WITH_MONTH_NAMES:
            values = values.fillna(_parse(stripped.where(written & values.isna()), pattern))
    unreadable = (written & values.isna()).to_numpy(dtype=bool)
    if unreadable.any() and not notes:
        notes.append(f"cells that are not a date that can be read: {int(unreadable.sum())}")
    return Read(values, unreadable, tuple(notes))


def _none(text: pd.Series) -> NDArray[np.bool_]:
    return np.zeros(len(text), dtype=bool)


def _respelt(text: pd.Series, spell: Callable[[str], str]) -> pd.Series:
    """Each distinct text spelt anew, however many rows hold it; NaN where nothing is left."""
    numbers, distinct = pd.factorize(text)
    words = np.empty(len(distinct) + 1, dtype=object)
    words[:-1] = [spell(str(word)) or np.nan for word in distinct]
    words[-1] = np.nan
    return pd.Series(words[numbers], index=text.index, dtype="str")


def _in_any_digits(text: pd.Series, pattern: str) -> Read:
    written = _respelt(text, str.strip)
    if written.str.isascii().fillna(value=True).all():
        return _number(written, pattern)
    plain = _respelt(written, _western_digits)
    others = int((plain.notna() & plain.ne(written)).sum())
    note = f"cells with digits of another script, read as numbers: {others}"
    return replace(_number(plain, pattern), notes=(note,) if others else ())


def _western_digits(text: str) -> str:
    """A number in the digits of any one script, ``٢٣`` or ``২৩``, in those of ASCII."""
    text = text.strip()
    if text.isascii() or not OTHER_DIGITS.fullmatch(text):
        return text
    zeros = {ord(sign) - decimal(sign) for sign in text if sign.isdecimal()}
    if len(zeros) > 1:
        return text
    return "".join(str(decimal(sign)) if sign.isdecimal() else sign for sign in text)


def _single_spaces(text: str) -> str:
    return " ".join(text.split())


def _unless_blank(text: str) -> str:
    return text if text.strip() else ""


def _code(text: pd.Series, codes: Collection[str]) -> Read:
    known = set(codes)
    as_numbers = False

    def spell(word: str) -> str:
        nonlocal as_numbers
        word = word.strip()
        if word.endswith(".0") and word not in known and word[:-2] in known:
            as_numbers = True
            return word[:-2]
        return word

    answers = _respelt(text, spell)
    note = "codes written as numbers with .0 were read as the codes of the list"
    return Read(answers, _none(text), (note,) if as_numbers else ())


def _number(text: pd.Series, pattern: str) -> Read:
    readable = text.str.fullmatch(pattern).fillna(value=False) & (text.str.len() <= LONGEST)
    values = pd.to_numeric(text.where(readable)).astype("float64")
    finite = pd.Series(np.isfinite(values), index=text.index)
    values = values.where(finite)
    if pattern == WHOLE and (beyond := values.abs() >= EXACT_UP_TO).any():
        finite &= ~beyond | text.map(_is_float, na_action="ignore").eq(True)
        values = values.where(finite)
    return Read(values, (text.notna() & ~finite).to_numpy(dtype=bool))


def _is_float(text: str) -> bool:
    """Whether a whole number is held exactly."""
    number = Decimal(text) if re.fullmatch(WHOLE, text) and len(text) <= LONGEST else None
    return number is not None and number.adjusted() < LONGEST and Decimal(float(number)) == number


def _parse(text: pd.Series, pattern: str) -> pd.Series:
    if not text.notna().any():
        return pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    return pd.to_datetime(text, format=pattern, errors="coerce").astype("datetime64[us]")


def _year_first(text: pd.Series) -> pd.Series:
    parts = text.str.extract(f"^{YEAR_FIRST}$")
    return (
        parts[0]
        + "-"
        + parts[1].str.zfill(2)
        + "-"
        + parts[2].str.zfill(2)
        + parts[3].str.replace(r"^T?\s*", "T", regex=True).where(parts[3].ne(""), "")
    )


def _by_slashes(text: pd.Series) -> tuple[pd.Series, str]:
    """Days written 21/11/2026 or 11/21/2026, and a note on how that was settled."""
    parts = text.str.extract(f"^{BY_SLASHES}$")
    nothing = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    if not parts[0].notna().any():
        return nothing, ""
    first, second = pd.to_numeric(parts[0]), pd.to_numeric(parts[2])
    day_first, month_first = bool((first > MONTHS).any()), bool((second > MONTHS).any())
    count = int(first.notna().sum())
    if day_first and month_first:
        return nothing, f"{count} cells mix days written day/month and month/day: left unread"
    same = bool((first.dropna() == second.dropna()).all())
    if not (day_first or month_first or same):
        return nothing, f"{count} cells could be day/month or month/day: left unread"
    day, month = (parts[0], parts[2]) if day_first else (parts[2], parts[0])
    time = parts[4].str.strip(" T,")
    clock = time.str.match(r"[0-9]{1,2}:[0-9]{2}").fillna(value=False)
    dates = parts[3] + "-" + month.str.zfill(2) + "-" + day.str.zfill(2)
    values = _parse(dates, "%Y-%m-%d")
    if clock.any():
        midnight = "2000-01-01 "
        times = pd.to_datetime(
            (midnight + time).where(clock), format="mixed", errors="coerce"
        ).astype("datetime64[us]")
        values = values.where(~clock, values + (times - pd.Timestamp(midnight)))
    order = "the day before the month" if day_first else "the month before the day"
    return values, "" if same else f"{count} days are written with {order}"
