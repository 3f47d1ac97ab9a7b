"""Which column of a file is which question.

Every platform spells a column its own way: ``group/q`` (Kobo), ``group-q`` (Central),
``group.q`` after a trip through R, plain ``q`` where paths were left out. So each column
is tried in stages, from the strictest to the loosest, and the stage is recorded. A column
that could be two things is reported, never guessed; a column that is nothing known is not
carried on, because nobody has said what an answer in it could do to a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.metadata import METADATA, Carried, metadata_name

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

DECLARED, EXACT, NO_PATH, MANGLED = "declared", "exact", "without group path", "mangled"
NO_SUCH_QUESTION = "not carried on: no such question"
METADATA_LEFT_OUT = "metadata, not carried on"
OUTSIDE = "a choice that the list does not have"
BYTE_ORDER_MARK = re.compile(r"^(?:\ufeff|ï»¿|X\.U\.FEFF\.|X\.\.\.|<U\+FEFF>)")


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
class ColumnUse:
    """What one column of a file is.

    `key` is that of the question, or the name of the metadata; `code` that of the choice,
    or the part of the location; `stage` how it was found; `what` is said of a column that
    is not carried on.
    """

    position: int
    column: str
    role: Role
    key: str = ""
    code: str = ""
    stage: str = ""
    what: str = ""


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
    elsewhere: Mapping[str, str] = field(default_factory=dict[str, str])
    """Spelling of a question that stands in another frame -> what to say of it."""


def match_columns(
    columns: Sequence[str],
    questionnaire: Questionnaire,
    *,
    declared: Mapping[str, str] | None = None,
    ignore: Sequence[str] = (),
    repeat: str | None = None,
) -> tuple[ColumnUse, ...]:
    """What each column of a file is, in the order of the file.

    Parameters
    ----------
    columns
        (k,) the header, as it stands in the file.
    declared
        Column -> key of its question, where a person has said so.
    ignore
        Columns that a person has said to leave out.
    repeat
        The repeat whose rows the file holds; None for the interviews themselves.

    Returns
    -------
    (k,)
        One for each column. No question and no choice is given to two columns.
    """
    spellings = _spellings(questionnaire, repeat)
    twice = {name for name, count in Counter(columns).items() if count > 1}
    uses = [
        ColumnUse(position, column, Role.UNMATCHED, what=NO_SUCH_QUESTION)
        for position, column in enumerate(columns)
    ]
    uses = [
        _given(use, declared or {}, ignore, questionnaire)
        if use.column not in twice
        else replace(use, what="not carried on: the file has two columns of this name")
        for use in uses
    ]
    open_ = [use.column not in twice and use.role is Role.UNMATCHED for use in uses]
    taken = {(use.key, use.code) for use in uses if use.role is not Role.UNMATCHED and use.key}
    for stage in (EXACT, NO_PATH, MANGLED):
        found = {
            use.position: _meanings(use.column, stage, spellings)
            for use in uses
            if open_[use.position]
        }
        uses = _settle(uses, found, stage, taken, open_)
        uses = _outside_the_list(uses, questionnaire, taken, open_)
    return tuple(_explain(use, spellings) if open_[use.position] else use for use in uses)


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


def _given(
    use: ColumnUse,
    declared: Mapping[str, str],
    ignore: Sequence[str],
    questionnaire: Questionnaire,
) -> ColumnUse:
    plain = without_byte_order_mark(use.column)
    if use.column in ignore or plain in ignore:
        return replace(use, role=Role.IGNORED, what="left out, as the study says")
    key = declared.get(use.column, declared.get(plain))
    if key is not None and key in questionnaire.by_key:
        return replace(use, role=Role.QUESTION, key=key, stage=DECLARED, what="")
    return use


def _spellings(questionnaire: Questionnaire, repeat: str | None) -> Spellings:
    found: tuple[Found, Found, Found, Found] = ({}, {}, {}, {})
    exact, names, mangled, mangled_names = found
    elsewhere: dict[str, str] = {}
    for item in questionnaire.items:
        inside = item.repeats[-1] if item.repeats else None
        if inside != repeat:
            what = f"the repeat {inside!r}" if inside else "the interview"
            elsewhere[item.question.name] = f"not carried on: a question of {what}"
            continue
        for spelling, meaning in _of_item(item, questionnaire):
            exact.setdefault(spelling, {})[meaning] = None
            mangled.setdefault(mangle(spelling), {})[meaning] = None
        for spelling, meaning in _of_name(item, item.question.name, BETWEEN, questionnaire):
            names.setdefault(spelling, {})[meaning] = None
            mangled_names.setdefault(mangle(spelling), {})[meaning] = None
    stages = [{name: tuple(meanings) for name, meanings in each.items()} for each in found]
    return Spellings(stages[0], stages[1], stages[2], stages[3], elsewhere)


def _of_item(item: Item, questionnaire: Questionnaire) -> Iterator[tuple[str, Meaning]]:
    """The spellings of a question by its key and by its whole path."""
    yield from _of_name(item, item.key, BETWEEN, questionnaire)
    for group, choice in PATHS:
        path = group.join((*item.path, item.question.name))
        yield from _of_name(item, path, (choice,), questionnaire)


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


def _meanings(column: str, stage: str, spellings: Spellings) -> tuple[Meaning, ...]:
    """What a column may stand for at one stage, metadata among it."""
    plain = without_byte_order_mark(column)
    if stage == EXACT:
        found = spellings.exact.get(plain, ())
        if found:
            return found
        name = metadata_name(plain)
        return (Meaning(Role.METADATA, name),) if name else ()
    if stage == NO_PATH:
        return next((found for last in _ends(plain) if (found := spellings.names.get(last))), ())
    for variant in _variants(plain):
        whole = spellings.mangled.get(mangle(variant))
        if whole:
            return whole
    ends = (mangle(last) for last in _ends(plain))
    return next((found for last in ends if (found := spellings.mangled_names.get(last))), ())


def _ends(column: str) -> Iterator[str]:
    """What follows each separator of paths, the longest first."""
    for sign in re.finditer(r"[/:.\-]", column):
        if column[sign.end() :]:
            yield column[sign.end() :]


def _variants(column: str) -> Iterator[str]:
    """A column, and what it may have been before R put an X in front of it."""
    yield column
    if re.match(r"X[._]", column):
        yield column[2:]
    if re.match(r"X[._0-9]", column):
        yield column[1:]


def _settle(
    uses: list[ColumnUse],
    found: Mapping[int, tuple[Meaning, ...]],
    stage: str,
    taken: set[tuple[str, str]],
    open_: list[bool],
) -> list[ColumnUse]:
    """Give each meaning to the one column that has it; report what two columns claim."""
    claims = Counter(
        (meanings[0].key, meanings[0].code)
        for meanings in found.values()
        if len(meanings) == 1 and meanings[0].role is not Role.METADATA
    )
    settled = list(uses)
    for position, meanings in found.items():
        if not meanings:
            continue
        use, first = uses[position], meanings[0]
        place = (first.key, first.code)
        open_[position] = False
        if len(meanings) > 1:
            named = " or ".join(sorted(f"'{_called(each)}'" for each in meanings))
            what = f"not carried on: ambiguous, it could be {named}"
            settled[position] = replace(use, what=what)
        elif first.role is Role.METADATA:
            left_out = METADATA[first.key][1] is Carried.NOT
            what = METADATA_LEFT_OUT if left_out else ""
            settled[position] = replace(use, role=first.role, key=first.key, stage=stage, what=what)
        elif place in taken:
            what = f"not carried on: another column is '{_called(first)}' already"
            settled[position] = replace(use, what=what)
        elif claims[place] > 1:
            what = f"not carried on: ambiguous, several columns could be '{_called(first)}'"
            settled[position] = replace(use, what=what)
        else:
            settled[position] = replace(
                use, role=first.role, key=first.key, code=first.code, stage=stage, what=""
            )
    taken.update(
        (use.key, use.code) for use in settled if use.key and use.role is not Role.METADATA
    )
    return settled


def _called(meaning: Meaning) -> str:
    return f"{meaning.key}/{meaning.code}" if meaning.code else meaning.key


def _outside_the_list(
    uses: list[ColumnUse],
    questionnaire: Questionnaire,
    taken: set[tuple[str, str]],
    open_: list[bool],
) -> list[ColumnUse]:
    """Columns that follow a question of several choices by a code its list does not have."""
    parents = {
        parent.column: parent.key
        for parent in uses
        if parent.role is Role.QUESTION
        and questionnaire.by_key[parent.key].question.type.storage is Storage.CODES
    }
    settled = list(uses)
    for use in uses:
        if not open_[use.position]:
            continue
        for sign in re.finditer(r"[/.]", use.column):
            key, code = parents.get(use.column[: sign.start()]), use.column[sign.end() :]
            if key and code and (key, code) not in taken:
                taken.add((key, code))
                open_[use.position] = False
                settled[use.position] = replace(
                    use, role=Role.CHOICE, key=key, code=code, stage=OUTSIDE, what=""
                )
                break
    return settled


def _explain(use: ColumnUse, spellings: Spellings) -> ColumnUse:
    plain = without_byte_order_mark(use.column)
    for name in (plain, *_ends(plain)):
        if name in spellings.elsewhere:
            return replace(use, what=spellings.elsewhere[name])
    return use
