"""A question in a row of its repeat, as a test of the form names it: ``age[2]``, ``days[2][1]``.

The positions are those of the repeats around the question, outermost first, from 1. Without
one, an answer is that of the first row, and an expectation is about any row.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ROWS = re.compile(r"^(.*?)((?:\[[1-9][0-9]{0,5}\])*)$", re.DOTALL)


class InRow(NamedTuple):
    """The key of a question and the positions of its rows; none where none were named."""

    key: str
    rows: tuple[int, ...]

    def __str__(self) -> str:
        return self.key + "".join(f"[{row}]" for row in self.rows)


def in_row(text: str) -> InRow:
    """What a test names.

    >>> in_row("age"), in_row("days[2][1]")
    (InRow(key='age', rows=()), InRow(key='days', rows=(2, 1)))
    """
    found = _ROWS.match(text)
    if found is None:
        return InRow(text, ())
    rows = tuple(int(each) for each in found[2][1:-1].split("][")) if found[2] else ()
    return InRow(found[1], rows)
