"""Every way in which platforms spell the columns of a questionnaire.

``group/q`` and ``group/q/code`` are the form's own; Central writes a dash between groups, R a
full stop for every sign it does not know, and some tools leave the groups out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.question_type import Storage

PATHS = (("/", "/"), ("-", "/"), (".", "."), (":", "/"), ("-", "-"), (":", ":"))
"""What stands between groups, and what between a question and the code of a choice."""

BETWEEN = ("/", ".", "-", ":")

LOCATION_PARTS = {
    "latitude": "latitude",
    "longitude": "longitude",
    "altitude": "altitude",
    "precision": "accuracy",
    "accuracy": "accuracy",
}

BYTE_ORDER_MARK = re.compile(r"^(?:\ufeff|ï»¿|ï\.\.|X\.U\.FEFF\.|x_u_feff_|X\.\.\.|<U\+FEFF>)")


class Role(Enum):
    """What a column of a file turned out to be."""

    QUESTION = "question"
    CHOICE = "choice"
    """One choice of a question that takes several: 0 or 1."""
    PART = "part of a location"
    SHOWN = "shown only"
    """Belongs to a note: there is no answer to carry on."""
    METADATA = "metadata"
    IGNORED = "ignored"
    """The study says to leave it out."""
    UNMATCHED = "unmatched"


@dataclass(frozen=True)
class Meaning:
    """What a spelling stands for."""

    role: Role
    key: str
    code: str = ""


Found: TypeAlias = dict[str, dict[Meaning, None]]
"""Spelling -> what it may stand for, each once, in the order of the questionnaire."""


@dataclass(frozen=True)
class Spellings:
    """Every way in which a questionnaire's columns may be spelt, stage by stage."""

    exact: Mapping[str, tuple[Meaning, ...]]
    names: Mapping[str, tuple[Meaning, ...]]
    mangled: Mapping[str, tuple[Meaning, ...]]
    mangled_names: Mapping[str, tuple[Meaning, ...]]
    folded: Mapping[str, tuple[Meaning, ...]]
    """Paths and names, mangled and without capital letters."""
    own: frozenset[str]
    """The spellings that the form itself would use, with a slash between all parts."""
    elsewhere: Mapping[str, str] = field(default_factory=dict[str, str])
    """Spelling of a question that stands in another frame -> what to say of it."""
    whole: frozenset[str] = frozenset()
    """The spellings that name all groups around a question which stands in any."""


def mangle(name: str) -> str:
    """A name with every sign but letters and digits replaced by a full stop, as R does and more.

    >>> mangle("water_sources/bottled-water")
    'water.sources.bottled.water'
    """
    return re.sub(r"[\W_]", ".", name)


def without_byte_order_mark(name: str) -> str:
    """A column's name without spaces around it and without what is left of a BOM.

    >>> without_byte_order_mark("X.U.FEFF.start")
    'start'
    """
    return BYTE_ORDER_MARK.sub("", name.strip()).strip()


def holds_answers(item: Item, repeat: str | None) -> bool:
    """Whether a question is a column of the frame of a repeat, or of the interviews."""
    inside = item.repeats[-1] if item.repeats else None
    return inside == repeat and item.question.type.storage is not Storage.NOTHING


def spellings_of(questionnaire: Questionnaire, repeat: str | None) -> Spellings:
    """Every spelling of the questions in the frame of a repeat, or of the interviews."""
    found: tuple[Found, Found, Found, Found, Found] = ({}, {}, {}, {}, {})
    exact, names, mangled, mangled_names, folded = found
    elsewhere: dict[str, str] = {}
    own: set[str] = set()
    whole: set[str] = set()
    named = {mangle(each.question.name).casefold() for each in questionnaire.items}
    for item in questionnaire.items:
        inside = item.repeats[-1] if item.repeats else None
        if inside != repeat:
            what = f"the repeat {inside!r}" if inside else "the interview"
            said = f"not carried on: a question of {what}"
            elsewhere |= dict.fromkeys((item.key, "/".join(_whole(item))), said)
            elsewhere.setdefault(item.question.name, said)
            continue
        own |= {item.key, "/".join(_whole(item))}
        starts = tuple(group.join(_whole(item)) for group, _ in PATHS) if item.path else ()
        own |= {"/".join(_within(item))}
        for spelling, meaning in _of_item(item, questionnaire):
            whole |= {spelling} if spelling.startswith(starts) and starts else set()
            exact.setdefault(spelling, {})[meaning] = None
            mangled.setdefault(mangle(spelling), {})[meaning] = None
            folded.setdefault(mangle(spelling).casefold(), {})[meaning] = None
            own |= _with_own_code(spelling, meaning, own)
        for spelling, meaning in _of_name(item, item.question.name, BETWEEN, questionnaire):
            names.setdefault(spelling, {})[meaning] = None
            mangled_names.setdefault(mangle(spelling), {})[meaning] = None
            folded.setdefault(mangle(spelling).casefold(), {})[meaning] = None
        for spelling, meaning in _of_stata(item):
            if spelling not in named:
                folded.setdefault(spelling, {})[meaning] = None
    stages = [{name: tuple(meanings) for name, meanings in each.items()} for each in found]
    return Spellings(*stages, own=frozenset(own), elsewhere=elsewhere, whole=frozenset(whole))


def _whole(item: Item) -> tuple[str, ...]:
    return (*item.path, item.question.name)


def _within(item: Item) -> tuple[str, ...]:
    """The groups between the innermost repeat around a question and the question, and its name."""
    if not item.repeats:
        return _whole(item)
    place = len(item.path) - 1 - item.path[::-1].index(item.repeats[-1])
    return (*item.path[place + 1 :], item.question.name)


def _with_own_code(spelling: str, meaning: Meaning, own: set[str]) -> set[str]:
    """A spelling, if it is one of the form's own followed by the code of a choice, or a part."""
    if meaning.role is Role.PART:
        return {spelling}
    before = spelling.removesuffix(f"/{meaning.code}")
    return {spelling} if meaning.code and before != spelling and before in own else set()


def _of_stata(item: Item) -> Iterator[tuple[str, Meaning]]:
    """The parts of a position as SurveyCTO's files for Stata name them, ``gpslatitude``."""
    if item.question.type.storage is Storage.LOCATION:
        for part, meant in LOCATION_PARTS.items():
            spelling = mangle(f"{item.question.name}{part}").casefold()
            yield spelling, Meaning(Role.PART, item.key, meant)


def _of_item(item: Item, questionnaire: Questionnaire) -> Iterator[tuple[str, Meaning]]:
    """The spellings of a question by its key, its whole path, and its path within its repeat."""
    yield from _of_name(item, item.key, BETWEEN, questionnaire)
    for group, choice in PATHS:
        for path in dict.fromkeys((_whole(item), _within(item))):
            yield from _of_name(item, group.join(path), (choice,), questionnaire)


def _of_name(
    item: Item, name: str, between: Sequence[str], questionnaire: Questionnaire
) -> Iterator[tuple[str, Meaning]]:
    storage = item.question.type.storage
    role = Role.SHOWN if storage is Storage.NOTHING else Role.QUESTION
    yield name, Meaning(role, item.key)
    if storage is Storage.CODES:
        for choice in questionnaire.choices(item.question):
            for sign in between:
                yield f"{name}{sign}{choice.code}", Meaning(Role.CHOICE, item.key, choice.code)
    if storage is Storage.LOCATION:
        head, slash, last = name.rpartition("/")
        for part, meant in LOCATION_PARTS.items():
            meaning = Meaning(Role.PART, item.key, meant)
            yield f"{name}-{part.title()}", meaning
            yield f"{head}{slash}_{last}_{part}", meaning
