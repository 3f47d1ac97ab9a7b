"""Which columns of an interview are not answers but its circumstances: start, end, enumerator, site.

A setting may name the column; otherwise the form says it (questions of the types start
and end, username), or the column has one of the names that forms of this field use. What was
taken, and by which of these signs, is said with every result: a wrong guess must show.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd

from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import StudyError
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Responses

ENUMERATOR_NAMES = (
    "enumerator",
    "enum_code",
    "enumerator_code",
    "enumerator_id",
    "enumerator_num",
    "enum_id",
    "interviewer",
    "interviewer_id",
)

_PREFIX = r"(?:[a-z]?\d*_)?"
_CODE = r"(?:_?(?:id|code|num|no|nr|number|name))?"
_LIKE_ENUMERATOR = re.compile(
    rf"{_PREFIX}(?:enum|enumerator|interviewer|surveyor|enqueteur|enquêteur|encuestador){_CODE}",
    re.IGNORECASE,
)
_SITES = (
    "site",
    "place",
    "settlement",
    "camp",
    "village",
    "neighbourhood",
    "neighborhood",
    "community",
    "enumeration_area",
    "ea",
    "psu",
    "cluster",
    "ward",
    "location",
    "town",
    "city",
    "district",
)
"""Words by which forms name the place of an interview, the narrower places first."""

_NAMES_OF_PEOPLE = re.compile(r"[^\W\d_]{2,}[\s.]+[^\W\d_]{2,}")
_USERS = ("username", "_submitted_by", "submitted_by")
_DEVICES = ("deviceid",)
_CODED = (Storage.CODE, Storage.INTEGER, Storage.TEXT)


@dataclass(frozen=True)
class Part:
    """A column with a circumstance of the interview, and by what sign it was taken for that."""

    column: str
    sign: str

    @property
    def note(self) -> str:
        """The two in words: "enum_code (by its name)"."""
        return f"{self.column} ({self.sign})"


def moment_column(responses: Responses, kind: str, named: str, where: str) -> str | None:
    """The column that holds the start or the end of an interview.

    Parameters
    ----------
    kind
        "start" or "end": the type of the question that the form fills in.
    named
        The column that a setting names, "" where none does.
    where
        The setting, for the message.

    Raises
    ------
    StudyError
        If the setting names a column that the responses do not have.
    """
    if named:
        return known_column(responses, named, where)
    for item in responses.questionnaire.items:
        if item.question.type.name == kind and item.key in responses.frame.columns:
            return item.key
    return None


def moments(responses: Responses, column: str) -> pd.Series[Any]:
    """(n,) datetime64. A column of moments; NaT where there is none."""
    source = responses.frame if column in responses.frame.columns else responses.meta
    return pd.to_datetime(source[column], errors="coerce")


def enumerator_column(responses: Responses, named: str, where: str) -> str | None:
    """The column that holds the code of the enumerator; see `enumerator_part`."""
    part = enumerator_part(responses, named, where)
    return part.column if part else None


def enumerator_part(responses: Responses, named: str, where: str) -> Part | None:
    """The column that says who interviewed, None where the form does not say.

    In this order: what the setting names; a question or metadata with one of
    `ENUMERATOR_NAMES`, or like them (``q2_enumerator``, ``enumid``); the user of the phone;
    the phone, where at least one made several interviews. Empty columns are passed over.

    Raises
    ------
    StudyError
        If the setting names a column that the responses do not have.
    """
    if named:
        return Part(known_column(responses, named, where), "by the setting")
    columns = [*map(str, responses.frame.columns), *map(str, responses.meta.columns)]
    coded = [name for name in columns if _is_coded(responses, name)]
    named_so = [name for name in ENUMERATOR_NAMES if name in columns]
    alike = [name for name in coded if _LIKE_ENUMERATOR.fullmatch(name.rpartition("/")[2])]
    for name in (*named_so, *alike):
        if _values(responses, name).notna().any():
            return Part(name, "by its name")
    users = [*_of_type(responses, "username"), *(name for name in _USERS if name in columns)]
    for name in users:
        if _values(responses, name).notna().any():
            return Part(name, "the user of the phone")
    for name in (*_of_type(responses, "deviceid"), *(n for n in _DEVICES if n in columns)):
        if _values(responses, name).dropna().duplicated().any():
            return Part(name, "the phone, which several people may share")
    if named_so:
        return Part(named_so[0], "by its name")
    return None


def site_part(responses: Responses, named: str, where: str) -> Part | None:
    """The column that says where the interview took place, None where none is known.

    In this order: what the setting names; a question called site, place, village, camp and
    so on (``place_int``, ``village_code``), if nearly everybody has it and several people
    share each value.

    Raises
    ------
    StudyError
        If the setting names a column that the responses do not have.
    """
    if named:
        return Part(known_column(responses, named, where), "by the setting")
    keys = [str(key) for key in responses.frame.columns if _is_coded(responses, str(key))]
    for word in _SITES:
        like = re.compile(
            rf"{_PREFIX}{word}(?:_?(?:int|interview|id|code|name|num|no))?", re.IGNORECASE
        )
        for key in keys:
            if like.fullmatch(key.rpartition("/")[2]) and _is_shared(responses.frame[key]):
                return Part(key, "by its name")
    return None


def sites(responses: Responses, part: Part | None) -> pd.Series[Any]:
    """(n,) text. The place of each interview; one and the same where no column says it."""
    if part is None:
        return pd.Series("", index=responses.frame.index, dtype="str")
    return _values(responses, part.column).fillna("")


def enumerators(responses: Responses, column: str) -> pd.Series[Any]:
    """(n,) text. The code of the enumerator of each interview; NaN where it is missing.

    Where the column holds names of people, or something that leads to a phone or its user, a
    number stands for each, in the order of their first interviews: "no. 3".
    """
    found = _values(responses, column)
    item = responses.questionnaire.by_key.get(column)
    kind = item.question.type if item else None
    coded = kind is not None and kind.storage is Storage.CODE
    noted = kind is not None and kind.identifying and not kind.asked
    telling = noted or column in (*_USERS, *_DEVICES)
    if coded or not (telling or found.dropna().str.contains(_NAMES_OF_PEOPLE).any()):
        return found
    start = moment_column(responses, "start", "", "")
    order = moments(responses, start).argsort() if start else range(len(found))
    first = found.iloc[list(order)].dropna().unique()
    return found.map({code: f"no. {number}" for number, code in enumerate(first, start=1)})


def _values(responses: Responses, column: str) -> pd.Series[Any]:
    """(n,) text. A column of answers or of metadata."""
    if column not in responses.frame.columns:
        return responses.meta[column].astype("str")
    item = responses.questionnaire.by_key.get(column)
    if item is None:
        return responses.frame[column].astype("str")
    return as_text(responses.frame[column], item.question.type.storage)


def _is_coded(responses: Responses, name: str) -> bool:
    item = responses.questionnaire.by_key.get(name)
    return item is not None and item.question.type.storage in _CODED


def _of_type(responses: Responses, kind: str) -> list[str]:
    return [
        item.key
        for item in responses.questionnaire.items
        if item.question.type.name == kind and item.key in responses.frame.columns
    ]


def _is_shared(answers: pd.Series[Any]) -> bool:
    """Whether nearly everybody has a value, and several people have each."""
    given = answers.dropna()
    distinct = given.nunique()
    return len(given) >= 0.8 * len(answers) and 1 < distinct <= len(given) / 4


def known_column(responses: Responses, name: str, where: str) -> str:
    """The name, if there is such a column outside repeats.

    Raises
    ------
    StudyError
        If there is none.
    """
    known = (*responses.frame.columns, *responses.meta.columns)
    if name in known:
        return name
    raise StudyError(
        where,
        f"the responses have no column {name!r}",
        did_you_mean(name, map(str, known), "Name a question that stands outside repeats"),
    )
