"""Draws texts: phrases that say nothing about anybody, coupons, and whatever fits a pattern."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import numpy as np

from survey_kit.questionnaire.expression import Call, Text, walk
from survey_kit.responses.simulation.likely import cases_that_hold
from survey_kit.responses.simulation.text_like import text_like

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey_kit.questionnaire.expression import Expression
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
        self._tick = item.question.type.name == "acknowledge"
        self._wanted = _patterns(item.question.constraint)

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Words:
        """(len(rows),) texts."""
        if self._tick:
            return np.full(len(rows), "OK", dtype=object)
        if self._wanted and not self._pools and self._pattern is None and attempt < SAID_FOR:
            wanted = self._wanted[attempt % len(self._wanted)]
            return np.array([text_like(wanted, rng) for _ in rows], dtype=object)
        if attempt >= SAID_FOR:
            return _growing(len(rows), attempt - SAID_FOR, rng)
        if self._pattern is not None:
            return _like(self._pattern, len(rows), rng)
        drawn = np.array(NEUTRAL, dtype=object)[rng.integers(0, len(NEUTRAL), len(rows))]
        for texts, holds in self._pools:
            among = texts[rng.integers(0, len(texts), len(rows))]
            drawn = np.where(holds[rows], among, drawn)
        return drawn


class Places:
    """Draws positions at sea, off the meeting of equator and prime meridian: nobody lives there."""

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Words:
        """(len(rows),) latitude, longitude, altitude and accuracy."""
        del attempt
        where = rng.uniform(-0.05, 0.05, (len(rows), 2))
        return np.array([f"{north:.5f} {east:.5f} 0 10" for north, east in where], dtype=object)


class Files:
    """Names files that would have come with an interview; there are none."""

    def __init__(self, interviews: Positions) -> None:
        self._interviews = interviews

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Words:
        """(len(rows),) names of files."""
        del attempt, rng
        names = [f"simulated-{each + 1}.bin" for each in self._interviews[rows]]
        return np.array(names, dtype=object)


class Moments:
    """Draws a time of day, in whole minutes."""

    def __init__(self, today: NDArray[np.datetime64] | None) -> None:
        self._today = today

    def draw(
        self, rows: Positions, attempt: int, rng: np.random.Generator
    ) -> NDArray[np.datetime64] | Words:
        """(len(rows),) times as text; moments of the day of the interview where that is given."""
        del attempt
        minutes = rng.integers(6 * 60, 21 * 60, len(rows))
        if self._today is not None:
            midnight = self._today[rows].astype("datetime64[us]")
            return midnight + minutes.astype("timedelta64[m]")
        words = [f"{each // 60:02}:{each % 60:02}:00.000" for each in minutes]
        return np.array(words, dtype=object)


def _patterns(constraint: Expression | None) -> list[str]:
    """The regular expressions that a constraint holds an answer against."""
    if constraint is None:
        return []
    calls = (node for node in walk(constraint.tree) if isinstance(node, Call))
    return [
        call.arguments[1].value
        for call in calls
        if call.function == "regex" and isinstance(call.arguments[1], Text)
    ]


def _like(pattern: str, rows: int, rng: np.random.Generator) -> Words:
    pools = {"#": DIGITS, "?": CAPITALS}
    columns = [
        pools[sign][rng.integers(0, len(pools[sign]), rows)] if sign in pools else [sign] * rows
        for sign in pattern
    ]
    return np.array(["".join(signs) for signs in zip(*columns, strict=True)], dtype=object)


def _growing(rows: int, length: int, rng: np.random.Generator) -> Words:
    """Digits, then capitals, each one sign longer from try to try."""
    sign = "#" if length % 2 == 0 else "?"
    return _like(sign * (1 + length // 2), rows, rng)
