"""Which rows of a repeat stand within which row around it, in their order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey_kit.responses.logic.value import Codes, Floats


@dataclass(frozen=True, eq=False)
class Descent:
    """The rows of a repeat by the row around it that they belong to.

    order
        (m,) int: the rows, those of one owner together and by position.
    starts
        (owners + 1,) int: where the rows of each owner begin in `order`.
    places
        (m,) int: the position of each row of `order`, from 1.
    gaps
        Whether positions are missing, as where a row was taken out.
    """

    order: Codes
    starts: Codes
    places: Codes
    gaps: bool

    @classmethod
    def of(cls, share: Codes, owners: int, positions: Codes) -> Descent:
        """From the owner of each row, -1 where it has none, and its position."""
        order = np.lexsort((positions, share))
        order = order[np.searchsorted(share[order], 0) :]
        counts = np.bincount(share[order], minlength=owners)
        starts = np.concatenate([np.zeros(1, dtype=np.int64), counts.cumsum()])
        expected = np.arange(len(order)) - starts[share[order]] + 1
        gaps = bool((positions[order] != expected).any())
        return cls(order.astype(np.int64), starts, positions[order], gaps)

    def within(self, owners: Codes) -> tuple[Codes, Codes]:
        """The rows within each of some owners: (which of them, row), in order; -1 owns none."""
        known = np.maximum(owners, 0)
        counts = np.where(owners >= 0, self.starts[known + 1] - self.starts[known], 0)
        which = np.repeat(np.arange(len(owners), dtype=np.int64), counts)
        first = np.repeat(counts.cumsum() - counts, counts)
        offset = np.arange(len(which), dtype=np.int64) - first
        return which, self.order[self.starts[known[which]] + offset]

    def at(self, owners: Codes, positions: Floats) -> Codes:
        """(n,) The row at a position within each owner, or -1."""
        if not len(self.order):
            return np.full(len(owners), -1, dtype=np.int64)
        known = np.maximum(owners, 0)
        begin, end = self.starts[known], self.starts[known + 1]
        guess = begin + np.clip(positions, 1, len(self.order)).astype(np.int64) - 1
        inside = (owners >= 0) & (guess < end)
        guess = np.minimum(guess, len(self.order) - 1)
        found = inside & (self.places[guess] == positions)
        rows = np.where(found, self.order[guess], -1)
        lost = (owners >= 0) & ~found & (begin < end) if self.gaps else np.zeros(0)
        for place in np.flatnonzero(lost):
            among = self.places[begin[place] : end[place]]
            hit = np.flatnonzero(among == positions[place])
            if len(hit):
                rows[place] = self.order[begin[place] + hit[0]]
        return rows
