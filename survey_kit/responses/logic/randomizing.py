"""``randomize()``: an order of chance that a seed always gives again, the same on every device.

A shuffle after Fisher and Yates, driven by the generator of Park and Miller (1988), as in
FisherYates.java and ParkMiller.java of JavaRosa.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from survey_kit.responses.logic.nodes import Nodes
from survey_kit.responses.logic.value import Codes, Kind, Value, as_numbers, as_texts

Thing = TypeVar("Thing")

_MODULUS = 2_147_483_647
_MULTIPLIER = 16_807
_LARGEST_LONG = 2**63 - 1


def numeric_seeds(value: Value) -> Codes:
    """(n,) or (1,) int: a number without decimals; of any other text the start of its SHA-256."""
    numbers = as_numbers(value)
    clipped = np.clip(np.trunc(np.nan_to_num(numbers, nan=0.0)), -(2.0**63), 2.0**63 - 1024)
    seeds = clipped.astype(np.int64)
    if not np.isnan(numbers).any() or Kind.TEXT not in value.present:
        return seeds
    texts = as_texts(value)
    hashed = np.array([_hashed(str(word)) for word in texts.words], dtype=np.int64)
    return np.where(np.isnan(numbers), hashed[texts.codes], seeds)


def _hashed(text: str) -> int:
    if not text:
        return 0
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def shuffle(things: Sequence[Thing], seed: int) -> list[Thing]:
    """Things in the order that a seed gives.

    >>> shuffle("abcdef", 42)
    ['a', 'f', 'c', 'b', 'd', 'e']
    """
    state = float(np.fmod(float(seed), float(_MODULUS)))
    if state <= 0:
        state += _MODULUS - 1
    found: list[Thing] = list(things)
    for place, thing in enumerate(things):
        state = float(np.fmod(state * _MULTIPLIER, float(_MODULUS)))
        other = int((int(state) - 1) / (_MODULUS - 1) * (place + 1))
        if other != place:
            found[place] = found[other]
        found[other] = thing
    return found


def shuffled(nodes: Nodes, seeds: Codes) -> Nodes:
    """The answers of each row in the order that the seed of the row gives."""
    each = np.broadcast_to(seeds, nodes.group.shape)
    pairs = np.stack([nodes.group, each])
    different, inverse = np.unique(pairs, axis=1, return_inverse=True)
    members: dict[int, list[int]] = {}
    for place in np.flatnonzero(nodes.present & (nodes.share >= 0)):
        members.setdefault(int(nodes.share[place]), []).append(int(place))
    order: list[int] = []
    share: list[int] = []
    for number, (group, seed) in enumerate(different.T):
        mine = shuffle(members.get(int(group), []), int(seed))
        order.extend(mine)
        share.extend([number] * len(mine))
    picked = np.array(order, dtype=np.int64)
    return replace(
        nodes,
        value=nodes.value.take(picked),
        share=np.array(share, dtype=np.int64),
        groups=different.shape[1],
        group=inverse.reshape(-1).astype(np.int64),
        present=nodes.present[picked],
        rows=nodes.rows[picked] if len(nodes.rows) else nodes.rows,
    )
