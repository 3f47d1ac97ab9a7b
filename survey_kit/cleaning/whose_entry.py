"""Whose entry a line of a log is, where programs have spelt the id of an interview in another way.

R and pandas write the number 100095 as ``100095.0``, and some tools write a uuid in capitals.
An id that the data know is never touched; another is taken for the one interview that differs
from it in such a spelling alone, and for none where there are two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from survey_kit.cleaning.correction import Correction

FLOAT = re.compile(r"(\d+)\.0+")


def plain_id(interview: str) -> str:
    """An id without case, blanks around it, ``uuid:`` before it and ``.0`` after its digits.

    >>> plain_id("100095.0"), plain_id(" UUID:AB-1 ")
    ('100095', 'ab-1')
    """
    text = interview.strip().casefold().removeprefix("uuid:")
    number = FLOAT.fullmatch(text)
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
