"""A format of cleaning logs: what its columns and its words for actions are called.

Every field team keeps its log in its own way, and the ways differ in spelling only: an
interview, a question, what stood there, what should stand there, and what is to be done. A
format is a row of such facts in one file of `logs/`; which one a file is in is told by its
header, and said. A header is compared without case, marks, and what R made of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType

from survey_kit.cleaning.correction import Action
from survey_kit.collect import collect
from survey_kit.responses.matching import without_byte_order_mark

FIELDS: tuple[str, ...] = (
    "interview",
    "question",
    "choice",
    "old",
    "new",
    "action",
    "row",
    "why",
    "who",
    "when",
    "overruled",
    "reviewed",
)
SEVERAL = frozenset({"why"})
"""Fields that several columns may hold together."""
IGNORE = "ignore"

INTERVIEW = (
    "uuid",
    "survey_uuid",
    "interview",
    "interview_id",
    "submission_uuid",
    "instanceid",
    "meta_instanceid",
    "key",
)
"""How a column is called that names the interview."""

CHANGED_BY_NEW = "by the new value"


@dataclass(frozen=True)
class LogFormat:
    """One way of keeping a log.

    columns
        Field -> the headers, as `plain_header` spells them, under which it stands.
    needed
        Fields without which a table is no log of this format.
    tells
        Headers that only this format has: where two formats fit, the one of which more are
        there is taken.
    beside
        Headers that are known and not needed.
    actions
        Word, in small letters -> action. Those of `correction.ACTIONS` are known anyway.
    empty_means
        The action where a log without actions has no new value; None where nobody can know.
    without
        The action of every row of a log that has neither actions nor values.
    of_a_choice
        Word of an action whose new value is a choice -> "1" where it is added, "0" where it goes.
    overrules
        Words in the column overruled by which a line was thrown out.
    rows_by_index
        Whether the column row holds the number of a row in its sheet, and not the place in its repeat.
    everybody
        Words in the place of an interview that mean every one.
    only_known
        Whether a column that is nothing known could change what a line means, and is refused.
    refused
        Of a format whose lines are not applied: what they are, and what to do.
    """

    name: str
    title: str
    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[str, ...]
    tells: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    actions: Mapping[str, Action] = field(default_factory=lambda: MappingProxyType({}))
    empty_means: Action | None = None
    without: Action | None = None
    of_a_choice: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    overrules: frozenset[str] = frozenset()
    rows_by_index: bool = False
    everybody: frozenset[str] = frozenset()
    only_known: bool = False
    refused: tuple[str, str] | None = None
    words_for_nothing: frozenset[str] = frozenset({"na", "nan", "#n/a", "null"})


@dataclass(frozen=True)
class Header:
    """The header of one table, understood.

    fields
        (k,) of each column which field it is, `IGNORE` where it is none.
    score
        How well it fits; the higher, the better.
    """

    format: LogFormat
    fields: tuple[str, ...]
    score: tuple[int, int]


def log_formats() -> dict[str, LogFormat]:
    """Every format by its name."""
    return collect("survey_kit.cleaning.logs", LogFormat)


def plain_header(name: str) -> str:
    """A header without case, marks, spaces, and what R puts before it.

    >>> plain_header("X_uuid"), plain_header("Survey UUID"), plain_header("old.value")
    ('uuid', 'survey_uuid', 'old_value')
    """
    words = re.sub(r"[\W_]+", "_", without_byte_order_mark(name).casefold()).strip("_")
    return re.sub(r"^x_(?=uuid|id$|index|submission)", "", words)


def understood(
    header: Sequence[str], given: LogFormat, stated: Mapping[str, str], own_id: str | None
) -> Header | None:
    """A header in the words of one format; None where a column it needs is not there.

    Parameters
    ----------
    stated
        Column of the file -> field or `IGNORE`, where a person has said so.
    own_id
        The column by which the answers name their interviews, if a person has said so: the
        log may call it the same.
    """
    said = {without_byte_order_mark(theirs): ours for theirs, ours in stated.items()}
    names = [without_byte_order_mark(cell) for cell in header]
    plain = [plain_header(name) for name in names]
    fields = [said.get(name, "") for name in names]
    interview = given.columns["interview"]
    if own_id is not None:
        interview = (plain_header(own_id), *interview)
    for ours, theirs in {**given.columns, "interview": interview}.items():
        there = [plain.index(each) for each in theirs if each in plain]
        free = [place for place in there if not fields[place]]
        if ours in fields and ours not in SEVERAL:
            continue
        for place in free if ours in SEVERAL else free[:1]:
            fields[place] = ours
    if not all(each in fields for each in given.needed):
        return None
    told = sum(each in plain for each in given.tells)
    known = sum(bool(each) for each in fields) + sum(each in given.beside for each in plain)
    return Header(given, tuple(each or IGNORE for each in fields), (told, known))


def misspelt(header: Sequence[str], found: Header) -> dict[str, str]:
    """Columns that are nothing known, and so near to a field that is not there: perhaps it is it."""
    free = {
        word: ours
        for ours, theirs in found.format.columns.items()
        if ours not in found.fields
        for word in theirs
        if len(word) > len("uuid")
    }
    nearest = {
        name: get_close_matches(plain_header(name), free, n=1, cutoff=0.85)
        for name, ours in zip(header, found.fields, strict=True)
        if ours == IGNORE and name.strip() and plain_header(name) not in found.format.beside
    }
    return {name: free[close[0]] for name, close in nearest.items() if close}
