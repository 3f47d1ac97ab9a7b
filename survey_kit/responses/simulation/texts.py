"""Draws texts: phrases that say nothing about anybody, coupons, and whatever fits a pattern."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import numpy as np

from survey_kit.responses.simulation.likely import cases_that_hold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey_kit.questionnaire.model import Item
    from survey_kit.responses.simulation.calibration import Calibration
    from survey_kit.responses.simulation.scope import Scope

    Positions = NDArray[np.int64]
    Words = NDArray[np.object_]

NEUTRAL = (
    "simulated answer",
    "simulated answer, a little longer than the others",
    "nothing more to add (simulated)",
    "it was difficult (simulated)",
    "it depends (simulated)",
)
"""Answers to open questions where the calibration has none. They say what they are."""
SAID_FOR = 6
"""Tries with phrases or the pattern before digits and letters of growing length."""
DIGITS = np.array(list(string.digits), dtype=object)
CAPITALS = np.array(list(string.ascii_uppercase), dtype=object)


class Phrases:
    """Draws texts."""

    def __init__(self, item: Item, scope: Scope, calibration: Calibration) -> None:
        plan = calibration.plan(item.key)
        self._pools: list[tuple[Words, NDArray[np.bool_]]] = []
        if plan.likely.texts:
            everybody = np.ones(len(scope), dtype=np.bool_)
            self._pools.append((np.array(plan.likely.texts, dtype=object), everybody))
        for likely, holds in cases_that_hold(plan, scope):
            if likely.texts:
                self._pools.append((np.array(likely.texts, dtype=object), holds))
        self._pattern = plan.likely.pattern

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Words:
        """(len(rows),) texts."""
        if attempt >= SAID_FOR:
            return growing(len(rows), attempt - SAID_FOR, rng)
        if self._pattern is not None:
            return like(self._pattern, len(rows), rng)
        drawn = np.array(NEUTRAL, dtype=object)[rng.integers(0, len(NEUTRAL), len(rows))]
        for texts, holds in self._pools:
            among = texts[rng.integers(0, len(texts), len(rows))]
            drawn = np.where(holds[rows], among, drawn)
        return drawn


def like(pattern: str, rows: int, rng: np.random.Generator) -> Words:
    """(rows,) texts in which # has become a digit and ? a capital letter."""
    pools = {"#": DIGITS, "?": CAPITALS}
    columns = [
        pools[sign][rng.integers(0, len(pools[sign]), rows)] if sign in pools else [sign] * rows
        for sign in pattern
    ]
    return np.array(["".join(signs) for signs in zip(*columns, strict=True)], dtype=object)


def growing(rows: int, length: int, rng: np.random.Generator) -> Words:
    """Digits, then capitals, each one sign longer from try to try."""
    sign = "#" if length % 2 == 0 else "?"
    return like(sign * (1 + length // 2), rows, rng)
