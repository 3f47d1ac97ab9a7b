"""Draws texts as their constraint wants them, where a calibration says nothing.

A constraint may ask for a pattern, a length, a number in words' clothing, or certain words; where
it asks for nothing, the texts say that they are simulated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from survey_kit.responses.simulation.solving import alternatives, choose
from survey_kit.responses.simulation.text_like import text_like
from survey_kit.responses.simulation.texts import NEUTRAL, growing, like

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey_kit.questionnaire.model import Item
    from survey_kit.responses.simulation.scope import Scope
    from survey_kit.responses.simulation.solving import Alternative

    Positions = NDArray[np.int64]
    Words = NDArray[np.object_]

GUIDED = 40
"""Tries that follow the demands, before digits and letters of growing length."""
LONGEST = 60
"""Beyond this many signs no text is drawn where its length has no highest end."""


class WordsWithin:
    """Draws texts."""

    def __init__(self, item: Item, scope: Scope) -> None:
        self._tick = item.question.type.name == "acknowledge"
        self._open = alternatives(item.question.constraint, scope, item.key)

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Words:
        """(len(rows),) texts."""
        if self._tick:
            return np.full(len(rows), "OK", dtype=object)
        if attempt >= GUIDED:
            return growing(len(rows), attempt - GUIDED, rng)
        which = choose(self._open, rows, rng)
        drawn = np.full(len(rows), None, dtype=object)
        for number, each in enumerate(self._open):
            here = np.flatnonzero(which == number)
            if len(here):
                drawn[here] = _as_demanded(each, rows[here], attempt, rng)
        return drawn


def _as_demanded(
    wanted: Alternative, rows: Positions, attempt: int, rng: np.random.Generator
) -> Words:
    if wanted.patterns:
        pattern = wanted.patterns[attempt % len(wanted.patterns)]
        return np.array([text_like(pattern, rng) for _ in rows], dtype=object)
    codes = [*wanted.texts, *wanted.with_codes]
    if codes:
        word = codes[attempt % len(codes)]
        return np.full(len(rows), word if attempt % 3 else f"{word} simulated", dtype=object)
    if "value" in wanted.ends:
        return _numbers(wanted, rows, rng)
    if "length" in wanted.ends:
        return _of_length(wanted, rows, attempt, rng)
    if attempt % 8 > 5:  # noqa: PLR2004 - now and then, should the phrases not be taken
        return growing(len(rows), attempt, rng)
    return np.array(NEUTRAL, dtype=object)[rng.integers(0, len(NEUTRAL), len(rows))]


def _numbers(wanted: Alternative, rows: Positions, rng: np.random.Generator) -> Words:
    ends = wanted.of("value")
    low, high = ends.lowest[rows], ends.highest[rows]
    low = np.where(np.isnan(low), np.fmin(0.0, high), low)
    high = np.where(np.isnan(high), low + 1000, high)
    drawn = np.ceil(low + rng.random(len(rows)) * np.maximum(high - low, 0.0))
    return np.array([f"{each:.0f}" for each in np.nan_to_num(drawn)], dtype=object)


def _of_length(
    wanted: Alternative, rows: Positions, attempt: int, rng: np.random.Generator
) -> Words:
    ends = wanted.of("length")
    low = np.where(ends.lowest_open, ends.lowest + 1, ends.lowest)[rows]
    high = np.where(ends.highest_open, ends.highest - 1, ends.highest)[rows]
    low = np.nan_to_num(np.where(np.isnan(low), np.fmin(1.0, high), low))
    high = np.where(np.isnan(high), np.maximum(low, float(LONGEST)), high)
    lengths = np.floor(low + rng.random(len(rows)) * (np.maximum(high - low, 0.0) + 1))
    phrases = np.array(NEUTRAL, dtype=object)[rng.integers(0, len(NEUTRAL), len(rows))]
    words: list[str] = []
    for phrase, length in zip(phrases, lengths.astype(np.int64), strict=True):
        if attempt % 2 == 0 and len(phrase) <= length:
            words.append(str(phrase))
        else:
            words.append(str(like("#" * max(1, min(int(length), 10_000)), 1, rng)[0]))
    return np.array(words, dtype=object)
