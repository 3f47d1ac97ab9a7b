"""Chance that can be repeated: numbers that follow from a seed and a place in the plan.

Every stratum, and every cluster of a second stage, has a stream of its own: leaving one out,
or drawing more in another, changes nothing elsewhere. A stream is PCG64 seeded with the
SHA-256 of the seed and the place; numpy keeps that generator's bits the same for good (NEP 19),
so that a sample can be drawn again years later.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]

GENERATOR = "PCG64, seeded with the SHA-256 of seed, stage and place; 53 bits a number"
"""How chance is made, for the record."""


class Chance(Protocol):
    """Where a method of selection has its random numbers from."""

    def numbers(self, count: int) -> Floats:
        """(count,) Numbers at random from 0 to below 1."""
        ...

    def choice(self, scores: Floats) -> int:
        """One place, with a chance in proportion to its score."""
        ...


class Stream:
    """Random numbers of one place: the same for the same seed and place, for good.

    >>> Stream(7, "1", "north").numbers(2).round(6).tolist()
    [0.3883, 0.464674]
    """

    def __init__(self, seed: int, *place: str) -> None:
        written = json.dumps([str(seed), *place], ensure_ascii=True)
        digest = sha256(written.encode()).digest()
        words = np.frombuffer(digest, dtype=">u4").astype(np.uint32).tolist()
        self._bits = np.random.PCG64(np.random.SeedSequence(words))

    def numbers(self, count: int) -> Floats:
        """(count,) Numbers at random from 0 to below 1."""
        raw = np.asarray(self._bits.random_raw(count), dtype=np.uint64)
        return (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def choice(self, scores: Floats) -> int:
        """One place, with a chance in proportion to its score."""
        reached: Floats = np.cumsum(scores)
        point = float(self.numbers(1)[0]) * float(reached[-1])
        return min(int(np.searchsorted(reached, point, side="right")), len(scores) - 1)
