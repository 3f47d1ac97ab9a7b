"""How far a hidden count could be from the truth, for all that the shown ones say.

A crosstab whose cells add up by rows and by columns is a circulation: each cell is an arc
from its row to its column, each base an arc from its column onwards, and what flows into
a point flows out again. Arcs that are shown are fixed. A hidden count can be larger by as
much as can flow back around through other hidden arcs, and this greatest flow is a whole
number because the bounds are (Ahuja, Magnanti and Orlin 1993, "Network Flows", theorem 6.5;
for cell suppression: Gusfield 1988, "A graph theoretic approach to statistical data
security", SIAM J. Comput. 17:552-571).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TypeAlias

Point: TypeAlias = Hashable


@dataclass
class Arc:
    """One hidden count: from where to where, its value, and the least and most it can be."""

    start: Point
    end: Point
    value: int
    least: int
    most: int


@dataclass
class Network:
    """The hidden counts of one group of columns."""

    arcs: list[Arc] = field(default_factory=list[Arc])
    touching: dict[Point, list[int]] = field(default_factory=dict[Point, list[int]])

    def add(self, arc: Arc) -> int:
        """Add a hidden count and return its number."""
        number = len(self.arcs)
        self.arcs.append(arc)
        for point in (arc.start, arc.end):
            self.touching.setdefault(point, []).append(number)
        return number

    def room(self, number: int, enough: int) -> tuple[int, int]:
        """How much smaller and how much larger a count could be, each up to `enough`."""
        arc = self.arcs[number]
        down = min(arc.value - arc.least, enough)
        up = min(arc.most - arc.value, enough)
        return (
            self._flow(arc.start, arc.end, number, down),
            self._flow(arc.end, arc.start, number, up),
        )

    def _flow(self, source: Point, sink: Point, without: int, wanted: int) -> int:
        """The greatest flow up to `wanted` through all arcs but one, by shortest paths."""
        if wanted <= 0:
            return 0
        changed: dict[int, int] = {}
        found = 0
        while found < wanted:
            path = self._path(source, sink, without, changed)
            if path is None:
                break
            step = min(wanted - found, *(room for _, _, room in path))
            for number, sign, _ in path:
                changed[number] = changed.get(number, 0) + sign * step
            found += step
        return found

    def _path(
        self, source: Point, sink: Point, without: int, changed: dict[int, int]
    ) -> list[tuple[int, int, int]] | None:
        """Arcs from source to sink with room left: (number, +1 with it or -1 against, room)."""
        came: dict[Point, tuple[Point, int, int, int]] = {}
        queue = deque([source])
        seen = {source}
        while queue:
            point = queue.popleft()
            for number in self.touching.get(point, ()):
                if number == without:
                    continue
                arc = self.arcs[number]
                value = arc.value + changed.get(number, 0)
                forward = arc.start == point
                further = arc.end if forward else arc.start
                room = arc.most - value if forward else value - arc.least
                if room <= 0 or further in seen:
                    continue
                came[further] = (point, number, 1 if forward else -1, room)
                if further == sink:
                    return _back(came, source, sink)
                seen.add(further)
                queue.append(further)
        return None


def _back(
    came: dict[Point, tuple[Point, int, int, int]], source: Point, sink: Point
) -> list[tuple[int, int, int]]:
    path: list[tuple[int, int, int]] = []
    point = sink
    while point != source:
        point, number, sign, room = came[point]
        path.append((number, sign, room))
    return path
