"""One fact, one finding: what two checks say of one interview because of the same thing is said once.

An interview of nine minutes is too short by its start and end, by its audit log, and for each of its
answers. The check that says most of it keeps its finding, with the words of the other; the other
says in its note how many it left. A check whose finding has no such fellow keeps it: an
interview can be fast for what it asked, and long enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

YIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"duration": ("duration_from_audit",), "speeding": ("duration_from_audit", "duration")}
)
"""A check -> those to which it leaves an interview that took little time, or much."""
SHORT, LONG = ", fewer than ", ", more than "
"""How checks of time say that there was too little, and too much."""
FAST = "speeding"


def said_once(tables: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    """The findings of each check without those that another tells, and how many each left to others.

    Parameters
    ----------
    tables
        Check -> its findings, as `Check.find` gives them.
    """
    kept = dict(tables)
    left: dict[str, int] = {}
    for name, others in YIELDS.items():
        for other in others:
            if name in kept and other in kept and len(kept[name]) and len(kept[other]):
                kept[name], kept[other], number = _left_to(kept[name], kept[other], name)
                left[name] = left.get(name, 0) + number
    return kept, {name: number for name, number in left.items() if number}


def _left_to(
    own: pd.DataFrame, other: pd.DataFrame, name: str
) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Own findings without those that the other has, the other's with their words, and how many."""
    what = own["what"].astype("str")
    words: dict[tuple[str, str], str] = {}
    for interview, said in zip(own["interview"], what, strict=True):
        words[(str(interview), SHORT if name == FAST else _side(said))] = said
    places = [
        (str(interview), _side(str(said)))
        for interview, said in zip(other["interview"], other["what"], strict=True)
    ]
    told = {place for place in places if place[1] and place in words}
    fuller = [
        f"{said}; {words[place]}" if place in told else said
        for said, place in zip(other["what"].astype("str"), places, strict=True)
    ]
    goes = [
        (str(interview), SHORT if name == FAST else _side(said)) in told
        for interview, said in zip(own["interview"], what, strict=True)
    ]
    stays = [not each for each in goes]
    return own[stays], other.assign(what=pd.Series(fuller, index=other.index)), sum(goes)


def _side(said: str) -> str:
    return next((side for side in (SHORT, LONG) if side in said), "")
