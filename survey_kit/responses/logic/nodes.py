"""Several answers for one row: all of a repeat, seen from outside it.

``sum(${litres})`` outside the repeat takes every row of the interview that was relevant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from survey_kit.responses.logic.number_functions import SMALLEST_POSITIVE
from survey_kit.responses.logic.value import (
    BLANK,
    Codes,
    Floats,
    Scalar,
    Texts,
    Truths,
    Value,
    as_numbers,
    as_texts,
    from_words,
    is_blank,
    of_numbers,
    of_texts,
)


@dataclass(frozen=True, eq=False)
class Nodes:
    """Answers, and to which row each belongs.

    value
        m rows, or one for all of them.
    share
        (m,) int: the group of each answer, such as its interview; -1 for those of none.
    groups
        How many groups there are.
    group
        (rows,) int: the group that each row of the scope sees.
    present
        (m,) bool: whether the answer was relevant; only such count.
    filled
        Whether they are groups or rows of a repeat, which are never empty.
    rows
        (m,) int: the row of each in the frame of its repeat, or in its table.
    """

    value: Value
    share: Codes
    groups: int
    group: Codes
    present: Truths
    filled: bool = False
    rows: Codes = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @classmethod
    def none(cls, rows: int) -> Nodes:
        """No answers for any row."""
        empty = np.zeros(0, dtype=np.int64)
        nobody = np.zeros(0, dtype=np.bool_)
        return cls(BLANK, empty, rows, np.arange(rows, dtype=np.int64), nobody)

    def counted(self, also: Truths | None = None) -> Floats:
        """(rows,) How many answers each row sees."""
        kept = self._kept(also)
        counts = np.bincount(self.share[kept], minlength=self.groups)
        return self._of_groups(counts.astype(np.float64))

    def _of_groups(self, found: NDArray[Scalar]) -> NDArray[Scalar]:
        """What was found of each group, for each row; nothing of a row that is in none."""
        if not len(found):
            return np.zeros(len(self.group), dtype=found.dtype)
        return np.where(self.group >= 0, found[np.maximum(self.group, 0)], np.zeros(1, found.dtype))

    def _kept(self, also: Truths | None = None) -> Truths:
        kept = self.present & (self.share >= 0)
        return kept if also is None else kept & also

    def sum(self) -> Floats:
        """(rows,) Their sum, leaving out what is no number."""
        return self.total(~np.isnan(self._spread(as_numbers(self.value))))

    def total(self, also: Truths) -> Floats:
        """(rows,) The sum of some of them."""
        numbers = self._spread(as_numbers(self.value))
        kept = self._kept(also)
        sums = np.bincount(self.share[kept], weights=numbers[kept], minlength=self.groups)
        return self._of_groups(sums.astype(np.float64))

    def extreme(self, pick: np.ufunc, begin: float) -> Floats:
        """(rows,) Their largest or smallest, leaving out what is no number; NaN of none."""
        numbers = self._spread(as_numbers(self.value))
        kept = self._kept(~np.isnan(numbers))
        found = np.full(self.groups, begin)
        pick.at(found, self.share[kept], numbers[kept])
        some = np.bincount(self.share[kept], minlength=self.groups) > 0
        return self._of_groups(np.where(some, found, np.nan))

    def not_blank(self) -> Truths:
        """(m,) Where there is an answer."""
        return self._spread(~is_blank(self.value) | self.filled)

    def joined(self, separator: str) -> Texts:
        """(rows,) Their texts with a separator between them, in their order."""
        texts = as_texts(self.value)
        codes = self._spread(texts.codes)
        parts: list[list[str]] = [[] for _ in range(self.groups)]
        for place in np.flatnonzero(self._kept()):
            parts[int(self.share[place])].append(str(texts.words[codes[place]]))
        words = from_words(["", *(separator.join(each) for each in parts)]).words
        return Texts(np.maximum(self.group, -1) + 1, words)

    def first(self) -> Codes:
        """(rows,) The place of the first answer that each row sees, or -1."""
        places = np.full(self.groups, -1, dtype=np.int64)
        kept = np.flatnonzero(self._kept())[::-1]
        places[self.share[kept]] = kept
        return self._of_groups(places + 1) - 1

    def _spread(self, array: NDArray[Scalar]) -> NDArray[Scalar]:
        return np.broadcast_to(array, self.share.shape)


NodeFunction: TypeAlias = Callable[[Nodes], Value]

NODE_FUNCTIONS: Mapping[str, NodeFunction] = MappingProxyType(
    {
        "count": lambda nodes: of_numbers(nodes.counted()),
        "count-non-empty": lambda nodes: of_numbers(nodes.counted(nodes.not_blank())),
        "sum": lambda nodes: of_numbers(nodes.sum()),
        "max": lambda nodes: of_numbers(nodes.extreme(np.maximum, SMALLEST_POSITIVE)),
        "min": lambda nodes: of_numbers(nodes.extreme(np.minimum, np.finfo(np.float64).max)),
        "concat": lambda nodes: of_texts(nodes.joined("")),
    }
)
"""Functions of one location that takes all its answers."""
