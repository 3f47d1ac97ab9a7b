"""Whose entry a line of a log is, where programs have spelt the id of an interview in another way.

R and pandas write the number 100095 as ``100095.0``, Excel takes the noughts from ``00123``, and some
tools write a uuid in capitals. An id that the data know is never touched; another is taken for the one
interview that differs from it in such a spelling alone, and for none where there are two. An id that
was cut short is never completed: the interview that begins so is named, for a person to look.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from survey_kit.cleaning.correction import Correction
from survey_kit.errors import Fault

DIGITS = re.compile(r"0*([0-9]+)(?:\.0+)?")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
EVERYBODY = frozenset({"all_data", "all data", "all"})
"""What stands in the place of an interview where a column is to be changed for everybody."""
ENOUGH = 6
"""So many letters of an id tell which one was meant."""
SEVERAL = 2


def plain_id(interview: str) -> str:
    """An id without case, blanks, ``uuid:`` before it, noughts before its digits, ``.0`` after them.

    >>> plain_id("100095.0"), plain_id(" UUID:AB-1 "), plain_id("00123")
    ('100095', 'ab-1', '123')
    """
    text = interview.translate(INVISIBLE).strip().casefold().removeprefix("uuid:").strip()
    number = DIGITS.fullmatch(text)
    return number[1] if number else text


def with_known_ids(entries: Sequence[Correction], known: Iterable[str]) -> tuple[Correction, ...]:
    """The entries with the ids as the data spell them, in their order."""
    ids = [str(each) for each in known]
    there = frozenset(ids)
    if all(each.interview in there for each in entries):
        return tuple(entries)
    by_plain: dict[str, list[str]] = {}
    for each in ids:
        by_plain.setdefault(plain_id(each), []).append(each)
    found: list[Correction] = []
    for entry in entries:
        meant = by_plain.get(plain_id(entry.interview), [])
        if entry.interview in there or len(meant) != 1:
            found.append(entry)
        else:
            found.append(replace(entry, interview=meant[0]))
    return tuple(found)


def spelt_otherwise(before: Sequence[Correction], after: Sequence[Correction]) -> list[str]:
    """What is to be said of entries whose interview `with_known_ids` knew again."""
    changed = [
        (one, other.interview)
        for one, other in zip(before, after, strict=True)
        if one.interview != other.interview
    ]
    if not changed:
        return []
    first, meant = changed[0]
    entries = "1 entry spells" if len(changed) == 1 else f"{len(changed)} entries spell"
    return [
        (
            f"{entries} the id of the interview otherwise than the data ({first.place}: "
            f"{first.interview} for {meant}); no other interview can be meant"
        )
    ]


def of_other_data(entries: Iterable[Correction], known: Collection[str]) -> tuple[Fault, ...]:
    """The logs of which not one interview is in the data, if they name several."""
    named: dict[str, set[str]] = {}
    for each in entries:
        if each.interview.casefold() not in EVERYBODY:
            named.setdefault(each.place.file, set()).add(each.interview.removesuffix("#1"))
    return tuple(
        Fault(
            file,
            f"none of the {len(ids)} interviews that it names is in the data",
            "It seems to be the log of other data: check which log and which raw file belong "
            "together. If they do, their ids stand in another column: name it with --interview",
        )
        for file, ids in named.items()
        if len(ids) >= SEVERAL and ids.isdisjoint(known)
    )


def remedy_for(interview: str, ids: Sequence[str]) -> str:
    """What to do about an id that is not in the data; the one that begins so is named.

    Parameters
    ----------
    ids
        Those of the data, sorted.
    """
    text = interview.strip()
    at = bisect_left(ids, text)
    begin = [each for each in ids[at : at + SEVERAL] if each.startswith(text)]
    if len(text) >= ENOUGH and len(begin) == 1:
        return f"If it was cut short, write the whole id: {begin[0]}"
    return "Correct the id, or take the line out if it belongs to another round"
