"""Hides what must be hidden beside the hidden cells of one group, so that none can be worked out.

For every hidden cell the room is computed that everything shown leaves to it. While it is
too little, the cheapest counts that could give it room are hidden too; afterwards those
that turn out not to be needed are shown again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from survey_kit.protection.counts import Counts, Group, Hidden, Mark
from survey_kit.protection.room import Arc, Network, Point
from survey_kit.protection.rules import Rules

_RELUCTANCE = 20
"""Added to the cost of hiding a count that leaves others little room."""


class Guard:
    """Sees to it that the hidden cells of one group cannot be worked out."""

    def __init__(self, counts: Counts, rules: Rules, group: Group, hidden: Hidden) -> None:
        self.counts, self.rules, self.group, self.hidden = counts, rules, group, hidden
        self.parts = (group.columns,) if group.partition else tuple((j,) for j in group.columns)

    def protect(self) -> bool:
        """Hide complements until every hidden cell is safe.

        Returns whether a whole row was hidden, which changes other groups too.
        """
        rows_hidden = [self._protect_part(part) for part in self.parts]
        return any(rows_hidden)

    def _protect_part(self, part: tuple[int, ...]) -> bool:
        row_hidden = False
        fixed = self.hidden.cells > 0
        checked: set[tuple[int, int]] = set()
        network, numbers = self._network(part)
        while True:
            place = next((each for each in numbers if each not in checked), None)
            if place is None:
                if self.counts.adds_up:
                    self._show_again(part, fixed)
                return row_hidden
            if self._safe(network, numbers[place]):
                checked.add(place)
                continue
            if not self._complement(part, *place):
                if self.counts.adds_up:
                    self._hide_part(part)
                    return row_hidden
                row_hidden |= self._hide_row(part, place[0])
            network, numbers = self._network(part)

    def _show_again(self, part: tuple[int, ...], fixed: NDArray[np.bool_]) -> None:
        """Show complements that turned out not to be needed, those of most people first.

        Where everything is hidden under one mark, showing one would make the marks speak.
        """
        if self._one_mark(part, self._open_rows()).all():
            return
        network, numbers = self._network(part)
        added = [place for place in numbers if not fixed[place]]
        for place in sorted(added, key=lambda place: -int(self.counts.cells[place])):
            arc = network.arcs[numbers[place]]
            bounds = arc.least, arc.most
            arc.least = arc.most = arc.value
            rest = sorted(
                (each for each in numbers if each != place),
                key=lambda each: each[0] != place[0] and each[1] != place[1],
            )
            if all(self._safe(network, numbers[each]) for each in rest):
                self.hidden.cells[place] = Mark.SHOWN
                del numbers[place]
            else:
                arc.least, arc.most = bounds

    def _hide_row(self, part: tuple[int, ...], i: int) -> bool:
        """Hide a row of the part under one mark; if it was already, the row everywhere."""
        columns = np.array(part, dtype=np.intp)
        everywhere = bool((self.hidden.cells[i, columns] == Mark.COMPLEMENT).all())
        self.hidden.cells[i, slice(None) if everywhere else columns] = Mark.COMPLEMENT
        return everywhere

    def _hide_part(self, part: tuple[int, ...]) -> None:
        """Hide every cell of the part under one mark: then only its bases bound it."""
        rows = self._open_rows()
        for j in part:
            self.hidden.cells[rows, j] = Mark.COMPLEMENT
            if self.hidden.bases[j]:
                self.hidden.bases[j] = Mark.COMPLEMENT

    def _open_rows(self) -> NDArray[np.intp]:
        """Rows of which somebody, but not everybody, is shown to have given the answer.

        What nobody or everybody said is known of each person, whatever is hidden.
        """
        everyone = self.counts.cells[:, 0]
        certain = (everyone == 0) | (everyone == self.counts.bases[0])
        shown = self.hidden.cells[:, 0] == Mark.SHOWN
        return np.flatnonzero(self.counts.counted & shown & ~certain)

    def _network(self, part: tuple[int, ...]) -> tuple[Network, dict[tuple[int, int], int]]:
        """The hidden counts of a part, as arcs from rows to columns and on to the bases.

        Where rows do not add up, each is a table of its own: who gave the answer, and who
        did not.
        """
        network, numbers = Network(), dict[tuple[int, int], int]()
        rows = self._open_rows()
        nothing_said = self._one_mark(part, rows)
        for j in part:
            for i in map(int, rows):
                if not self.hidden.cells[i, j]:
                    continue
                least, most = self._bounds(i, j, one_mark=bool(nothing_said[i]))
                value = int(self.counts.cells[i, j])
                numbers[i, j] = network.add(Arc(("row", i), self._end(i, j), value, least, most))
                if not self.counts.adds_up:
                    self._add_answer(network, i, j, one_mark=bool(nothing_said.all()))
            if self.hidden.bases[j] and self.counts.adds_up:
                least, most = self._base_bounds(j, one_mark=bool(nothing_said.all()))
                base = int(self.counts.bases[j])
                network.add(Arc(("column", j), "bases", base, least, most))
        if not self.group.partition:
            self._add_others(network, part[0], rows)
        return network, numbers

    def _end(self, i: int, j: int) -> Point:
        return ("column", j) if self.counts.adds_up else ("answer", i, j)

    def _add_answer(self, network: Network, i: int, j: int, *, one_mark: bool) -> None:
        """Those of the column who did not give the answer, and its base where that is hidden.

        The base may not fall below what the other rows of the column count.
        """
        base, total = int(self.counts.bases[j]), int(self.counts.bases[0])
        no = base - int(self.counts.cells[i, j])
        network.add(Arc(("no", i), ("answer", i, j), no, 0, total))
        if self.hidden.bases[j]:
            least, most = self._base_bounds(j, one_mark=one_mark)
            others = np.delete(self.counts.cells[self.counts.counted, j], i)
            least = max(least, int(others.max(initial=0)))
            network.add(Arc(("answer", i, j), ("bases", i), base, min(least, base), most))

    def _add_others(self, network: Network, j: int, rows: NDArray[np.intp]) -> None:
        """Those who are not in the column: none of their counts is shown."""
        counts = self.counts
        total = int(counts.bases[0])
        base = total - int(counts.bases[j])
        for i in map(int, rows):
            value = int(counts.cells[i, 0] - counts.cells[i, j])
            if counts.adds_up:
                network.add(Arc(("row", i), "others", value, 0, total))
                continue
            network.add(Arc(("row", i), ("others", i), value, 0, total))
            network.add(Arc(("no", i), ("others", i), base - value, 0, total))
            if self.hidden.bases[j]:
                most_of_others = int((counts.cells[:, 0] - counts.cells[:, j]).max(initial=0))
                network.add(
                    Arc(("others", i), ("bases", i), base, min(most_of_others, base), total)
                )
        if self.hidden.bases[j] and counts.adds_up:
            network.add(Arc("others", "bases", base, 0, total))

    def _one_mark(self, part: tuple[int, ...], rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """(rows,) Whether all is hidden as a complement, so that the marks say nothing.

        Where rows add up they are looked at together, otherwise each by itself.
        """
        columns = np.array(part, dtype=np.intp)
        complement = (self.hidden.cells[:, columns] == Mark.COMPLEMENT).all(axis=1)
        if self.counts.adds_up:
            complement[:] = complement[rows].all()
        return complement

    def _bounds(self, i: int, j: int, *, one_mark: bool) -> tuple[int, int]:
        """What the marker of a cell says of it."""
        total = int(self.counts.bases[0])
        if one_mark or self.hidden.bases[j]:
            small = self.hidden.bases[j] == Mark.FEW and not one_mark
            return 0, self.rules.smallest_base - 1 if small else total
        if self.hidden.cells[i, j] == Mark.FEW:
            return 0, self.rules.smallest_cell - 1
        return min(self.rules.smallest_cell, int(self.counts.cells[i, j])), total

    def _base_bounds(self, j: int, *, one_mark: bool) -> tuple[int, int]:
        everyone = int(self.counts.bases[0])
        if one_mark:
            return 0, everyone
        if self.hidden.bases[j] == Mark.FEW:
            return 1, self.rules.smallest_base - 1
        return min(self.rules.smallest_base, int(self.counts.bases[j])), everyone

    def _safe(self, network: Network, number: int) -> bool:
        """Whether a hidden cell has the room that the rules ask for."""
        enough = max(self.rules.smallest_cell - 2, 0)
        return sum(network.room(number, enough)) >= enough

    def _complement(self, part: tuple[int, ...], i: int, j: int) -> bool:
        """Hide what is cheapest beside the cell in row i and column j; False if nothing helps."""
        counts, hidden = self.counts, self.hidden
        rows = self._open_rows()
        columns = np.array(part, dtype=np.intp)
        block = np.ix_(rows, columns)
        free = hidden.cells[block] == Mark.SHOWN
        value = counts.cells[block].astype(np.float64)
        threshold = self.rules.smallest_cell
        little_room = (value >= threshold) & (value < 2 * threshold - 2)
        if counts.adds_up:
            little_room |= value < threshold
        cost = np.where(free, value + _RELUCTANCE * little_room, 0.0)
        here, there = int(np.flatnonzero(rows == i)[0]), int(np.flatnonzero(columns == j)[0])
        if not counts.adds_up:
            along = np.where(free[here], cost[here], np.inf)
            return self._take([(here, int(np.argmin(along)))], along.min(), block, free)
        if not self.group.partition:
            down_only = np.where(free[:, there], cost[:, there], np.inf)
            return self._take([(int(np.argmin(down_only)), there)], down_only.min(), block, free)
        whole = cost + cost[here][None, :] + cost[:, there][:, None]
        new = free | free[here][None, :] | free[:, there][:, None]
        whole[~new] = np.inf
        whole[here] = np.inf
        whole[:, there] = np.inf
        k, d = np.unravel_index(int(np.argmin(whole)), whole.shape)
        places = [(here, int(d)), (int(k), there), (int(k), int(d))]
        return self._take(places, float(whole[k, d]), block, free)

    def _take(
        self,
        places: list[tuple[int, int]],
        cost: float,
        block: tuple[NDArray[np.intp], ...],
        free: NDArray[np.bool_],
    ) -> bool:
        if not np.isfinite(cost):
            return False
        rows, columns = block[0][:, 0], block[1][0]
        for k, d in places:
            if free[k, d]:
                zero = self.counts.cells[rows[k], columns[d]] < self.rules.smallest_cell
                mark = Mark.FEW if zero else Mark.COMPLEMENT
                self.hidden.cells[rows[k], columns[d]] = mark
        return True
