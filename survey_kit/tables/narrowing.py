"""What sums leave open: the least and greatest value of unknown numbers of people.

Numbers that follow at once are put in first; what is left falls into parts that have
nothing to do with each other, and each is solved by linear programming. Bounds in whole
numbers may be narrower still: what is found here is certain, what is not found may yet be.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Terms: TypeAlias = dict[int, float]
"""A sum: unknown -> what it is multiplied by."""
Range: TypeAlias = tuple[int, int]

_NEARLY = 1e-6
_UNBOUNDED = 3
"""How `milp` says that there is no greatest value."""


@dataclass
class System:
    """Unknown numbers, none below 0, and what is known of sums of them."""

    places: dict[tuple[str, ...], int] = field(default_factory=dict[tuple[str, ...], int])
    equal: list[tuple[Terms, float]] = field(default_factory=list[tuple[Terms, float]])
    between: list[tuple[Terms, float, float]] = field(
        default_factory=list[tuple[Terms, float, float]]
    )
    wanted: dict[str, Terms] = field(default_factory=dict[str, Terms])

    def unknown(self, *name: str) -> int:
        """The number of an unknown, new if it was never named."""
        return self.places.setdefault(name, len(self.places))

    def narrowed(self, fewest: int) -> Mapping[str, Range]:
        """The wanted sums that could be fewer than so many whole numbers, and which."""
        value, equal = _propagated(self)
        between = [
            (rest, least - fixed, most - fixed)
            for terms, least, most in self.between
            for rest, fixed in [_open(terms, value)]
            if rest
        ]
        wanted = {name: _open(terms, value) for name, terms in self.wanted.items()}
        found = {
            name: (round(fixed), round(fixed)) for name, (rest, fixed) in wanted.items() if not rest
        }
        left = {name: each for name, each in wanted.items() if each[0]}
        sums = [*(each[0] for each in equal), *(each[0] for each in between)]
        part_of = _Parts(len(value), [*sums, *(each[0] for each in left.values())])
        parts: dict[int, _Part] = {}
        for name, each in left.items():
            parts.setdefault(part_of(each[0]), _Part()).wanted[name] = each
        for each in equal:
            if part_of(each[0]) in parts:
                parts[part_of(each[0])].equal.append(each)
        for each in between:
            if part_of(each[0]) in parts:
                parts[part_of(each[0])].between.append(each)
        for part in parts.values():
            found |= part.narrowed(fewest)
        return found


def _open(terms: Terms, value: NDArray[np.float64]) -> tuple[Terms, float]:
    """A sum without what is known of it, and how much that is."""
    known = [(place, sign) for place, sign in terms.items() if not np.isnan(value[place])]
    fixed = float(sum(sign * value[place] for place, sign in known))
    return {p: sign for p, sign in terms.items() if sign and np.isnan(value[p])}, fixed


def _propagated(system: System) -> tuple[NDArray[np.float64], list[tuple[Terms, float]]]:
    """Unknowns that follow at once, NaN for the others; and the equations that are left."""
    value = np.full(len(system.places), np.nan)
    equal = list(system.equal)
    while True:
        left: list[tuple[Terms, float]] = []
        before = int(np.isnan(value).sum())
        for terms, right in equal:
            rest, fixed = _open(terms, value)
            signs = set(np.sign(list(rest.values())).tolist())
            if len(rest) == 1:
                ((place, sign),) = rest.items()
                value[place] = (right - fixed) / sign
            elif rest and right == fixed and len(signs) == 1:
                value[list(rest)] = 0.0
            elif rest:
                left.append((rest, right - fixed))
        equal = left
        if int(np.isnan(value).sum()) == before:
            return value, equal


class _Parts:
    """Which unknowns hang together: a number of the part that a sum belongs to."""

    def __init__(self, size: int, sums: Sequence[Terms]) -> None:
        self.parent = list(range(size))
        for terms in sums:
            first, *others = terms
            for other in others:
                self.parent[self._root(other)] = self._root(first)

    def __call__(self, terms: Terms) -> int:
        return self._root(next(iter(terms)))

    def _root(self, place: int) -> int:
        while self.parent[place] != place:
            self.parent[place] = self.parent[self.parent[place]]
            place = self.parent[place]
        return place


@dataclass
class _Part:
    """Sums that have unknowns in common."""

    equal: list[tuple[Terms, float]] = field(default_factory=list[tuple[Terms, float]])
    between: list[tuple[Terms, float, float]] = field(
        default_factory=list[tuple[Terms, float, float]]
    )
    wanted: dict[str, tuple[Terms, float]] = field(default_factory=dict[str, tuple[Terms, float]])

    def narrowed(self, fewest: int) -> dict[str, Range]:
        """Every solution widens what is possible for all sums at once."""
        from scipy.optimize import LinearConstraint, milp

        sums = [terms for terms, _ in self.equal] + [terms for terms, *_ in self.between]
        named = [terms for terms, _ in self.wanted.values()]
        at = {p: k for k, p in enumerate(sorted({p for terms in sums + named for p in terms}))}
        least = [right for _, right in self.equal] + [least for _, least, _ in self.between]
        most = [right for _, right in self.equal] + [most for *_, most in self.between]
        known = LinearConstraint(_matrix(sums, at), least, most) if sums else None
        goals = np.zeros((len(named), len(at)))
        for number, terms in enumerate(named):
            goals[number, [at[p] for p in terms]] = list(terms.values())
        low, high = np.full(len(goals), np.inf), np.full(len(goals), -np.inf)
        for number, goal in enumerate(goals):
            for sign in (1.0, -1.0):
                if high[number] - low[number] >= fewest - 1:
                    break
                solved = milp(sign * goal, constraints=known)
                if solved.status == _UNBOUNDED:
                    low[number], high[number] = -np.inf, np.inf
                    break
                if solved.x is None:
                    raise ValueError("the numbers of the tables contradict each other")
                reached = goals @ np.asarray(solved.x, dtype=np.float64)
                low, high = np.minimum(low, reached), np.maximum(high, reached)
        return {
            name: (round(lowest + fixed), round(highest + fixed))
            for (name, (_, fixed)), lowest, highest in zip(
                self.wanted.items(), low.tolist(), high.tolist(), strict=True
            )
            if highest - lowest < fewest - 1 - _NEARLY
        }


def _matrix(sums: Sequence[Terms], at: Mapping[int, int]) -> sparse.csr_array:
    rows = [number for number, terms in enumerate(sums) for _ in terms]
    columns = [at[place] for terms in sums for place in terms]
    signs = [sign for terms in sums for sign in terms.values()]
    return sparse.csr_array((signs, (rows, columns)), shape=(len(sums), len(at)))
