"""A survey of any size, some interviews at a time: what is worked out of a block is soon forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from survey_kit.responses.model import Responses, Rows

AT_ONCE = 100_000
"""Interviews in a block: few enough to fit beside anything, enough that none is felt."""


def blocks(responses: Responses, at_once: int = AT_ONCE) -> Iterator[Responses]:
    """The interviews, so many at a time, with the rows of their repeats.

    What a replay says of a block it says of the whole: no expression looks at another interview.
    """
    places = {
        name: responses.frame.index.get_indexer(rows.frame.index.get_level_values(0))
        for name, rows in responses.repeats.items()
    }
    for begin in range(0, max(len(responses), 1), at_once):
        here = slice(begin, begin + at_once)
        repeats: dict[str, Rows] = {}
        for name, rows in responses.repeats.items():
            mine = np.flatnonzero((places[name] >= begin) & (places[name] < begin + at_once))
            repeats[name] = Rows(rows.frame.take(mine), rows.absence.take(mine))
        yield replace(
            responses,
            frame=responses.frame.iloc[here],
            absence=responses.absence.iloc[here],
            repeats=MappingProxyType(repeats),
            meta=responses.meta.iloc[here],
        )
