"""Draws numbers, days and moments within the ends that their constraint leaves.

For questions of which a calibration says nothing. Between two near ends every number is
alike; between two far ones small numbers are likelier, as in life; above a single end most
lie near it. From try to try the reach grows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.simulation.solving import alternatives, choose
from survey_kit.responses.simulation.text_like import text_like

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from survey_kit.questionnaire.model import Item
    from survey_kit.responses.simulation.scope import Scope
    from survey_kit.responses.simulation.solving import Alternative, Ends

    Floats = NDArray[np.float64]
    Positions = NDArray[np.int64]

FAR = 200.0
"""Ends further apart than this are far apart."""
USUAL_MEAN = 3.0
USUAL_REACH = 8.0
"""Logarithm of how far a number lies from its only end, at most, in the first tries."""
FEW = 6.0
"""A number that says how many rows a repeat has stays below this where the form allows it."""
GENTLE_TRIES = 30
DAYS_BACK = 1500
MINUTES_A_DAY = 1440.0
_DAY_STARTS, _DAY_ENDS = 6 * 60, 21 * 60
_PARAMETER = re.compile(r"(start|end|step)\s*=\s*(-?[\d.]+)")


class Within:
    """Draws numbers, as float; whole ones where the question takes no others."""

    def __init__(self, item: Item, scope: Scope, *, few: bool) -> None:
        question = item.question
        self._open = alternatives(question.constraint, scope, item.key)
        self._whole = question.type.storage is Storage.INTEGER
        self._few = few
        self._scale: dict[str, str] = {}
        if question.type.name == "range":
            usual = {"start": "1", "end": "10", "step": "1"}
            self._scale = usual | dict(_PARAMETER.findall(question.parameters or ""))

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Floats:
        """(len(rows),) numbers."""
        which = choose(self._open, rows, rng)
        share = rng.random(len(rows))
        if self._scale:
            return self._on_scale(share)
        low, high = _ends_of(self._open, which, rows, "value")
        low, high = _closed(self._open, which, rows, low, high, whole=self._whole)
        if self._few and attempt < GENTLE_TRIES:
            high = np.fmin(high, np.fmax(np.where(np.isnan(low), 0.0, low), FEW))
        drawn = _between(low, high, share, attempt, rng)
        for number, each in enumerate(self._open):
            for pattern in each.patterns:
                drawn = np.where(which == number, _numbers_like(pattern, len(rows), rng), drawn)
        if self._whole:
            return np.floor(drawn)
        near = (high - low) < 1
        return np.where(near, np.round(drawn, 6), np.round(drawn, 2))

    def _on_scale(self, share: Floats) -> Floats:
        start, end = float(self._scale["start"]), float(self._scale["end"])
        step = abs(float(self._scale["step"])) or 1.0
        way = 1.0 if end >= start else -1.0
        steps: Floats = np.floor(share * (np.floor(abs(end - start) / step + 1e-9) + 1))
        return np.round(start + way * step * steps, 6)


class DaysWithin:
    """Draws days, as datetime64; the first of the month or year where no more is asked.

    Moments, where the question takes those, lie between six in the morning and nine at night.
    """

    def __init__(self, item: Item, scope: Scope, today: NDArray[np.datetime64]) -> None:
        self._open = alternatives(item.question.constraint, scope, item.key)
        self._today = today.astype("datetime64[D]").astype(np.int64).astype(np.float64)
        self._today[np.isnat(today)] = np.nan
        appearance = (item.question.appearance or "").split()
        self._unit = "M" if "month-year" in appearance else "Y" if "year" in appearance else "D"
        self._moments = item.question.type.storage is Storage.DATETIME

    def draw(
        self, rows: Positions, attempt: int, rng: np.random.Generator
    ) -> NDArray[np.datetime64]:
        """(len(rows),) days or moments."""
        which = choose(self._open, rows, rng)
        low, high = _ends_of(self._open, which, rows, "value")
        reach = DAYS_BACK * 4.0 ** (attempt // 8)
        neither = np.isnan(low) & np.isnan(high)
        high = np.where(neither, self._today[rows], high)
        high = np.where(np.isnan(high), low + reach, high)
        low = np.where(np.isnan(low), high - reach, low)
        low, high = np.fmin(low, high), np.fmax(low, high)
        if self._moments:
            return self._moment(low, high, attempt, rng)
        low, high = _closed(self._open, which, rows, low, high, whole=True)
        days = np.floor(low + rng.random(len(rows)) * np.maximum(high - low, 1.0))
        days = np.clip(days, -300_000, 700_000)
        whole = days.astype(np.int64).astype("datetime64[D]")
        return whole.astype(f"datetime64[{self._unit}]").astype("datetime64[us]")

    def _moment(
        self, low: Floats, high: Floats, attempt: int, rng: np.random.Generator
    ) -> NDArray[np.datetime64]:
        share = rng.random(len(low))
        minutes = np.floor((low + share * (high - low)) * MINUTES_A_DAY)
        if attempt % 2 == 0:
            days = np.floor(minutes / MINUTES_A_DAY)
            minutes = days * MINUTES_A_DAY + rng.integers(_DAY_STARTS, _DAY_ENDS, len(low))
        minutes = np.clip(minutes, -4e8, 1e9)
        return minutes.astype(np.int64).astype("datetime64[m]").astype("datetime64[us]")


def _ends_of(
    among: tuple[Alternative, ...], which: Positions, rows: Positions, measure: str
) -> tuple[Floats, Floats]:
    """(len(rows),) lowest and highest of the alternative chosen in each row; NaN: no end."""
    return (
        _chosen(among, which, rows, lambda each: each.of(measure).lowest),
        _chosen(among, which, rows, lambda each: each.of(measure).highest),
    )


def _chosen(
    among: tuple[Alternative, ...],
    which: Positions,
    rows: Positions,
    part: Callable[[Alternative], NDArray[Any]],
) -> NDArray[Any]:
    columns = [part(each)[rows] for each in among]
    return np.choose(which, columns) if len(columns) > 1 else columns[0]


def _closed(
    among: tuple[Alternative, ...],
    which: Positions,
    rows: Positions,
    low: Floats,
    high: Floats,
    *,
    whole: bool,
) -> tuple[Floats, Floats]:
    """Half-open ends, from the lowest number taken to the first that is not.

    Of whole numbers they are whole; of others, an end that is not itself allowed is moved a little.
    """

    def is_open(part: str) -> NDArray[Any]:
        def of(each: Alternative) -> NDArray[Any]:
            ends: Ends = each.of("value")
            return ends.lowest_open if part == "low" else ends.highest_open

        return _chosen(among, which, rows, of)

    if whole:
        low = np.where(is_open("low"), np.floor(low) + 1, np.ceil(low))
        high = np.where(is_open("high"), np.ceil(high), np.floor(high) + 1)
        return low, high
    margin = np.where(np.isnan(high - low), 0.01, np.minimum(0.01, np.abs(high - low) / 100))
    return np.where(is_open("low"), low + margin, low), np.where(
        is_open("high"), high - margin, high
    )


def _between(
    low: Floats, high: Floats, share: Floats, attempt: int, rng: np.random.Generator
) -> Floats:
    """Numbers from half-open ends of which one or both may be missing (NaN)."""
    span = high - low
    with np.errstate(over="ignore", invalid="ignore"):
        skewed = low + np.expm1(share * np.log1p(np.maximum(span, 0.0)))
        far = (span > FAR) & (attempt % 2 == 0)
        both = np.where(far, skewed, low + share * np.maximum(span, 0.0))
        usual = rng.poisson(USUAL_MEAN, len(share)).astype(np.float64)
        away = usual if attempt % 2 == 0 else np.expm1(share * (USUAL_REACH + attempt / 5))
        only_low = low + away
        downwards = np.where(high > 0, np.minimum(usual, high * share), high - 1 - away)
        only_high = downwards if attempt % 4 < 2 else high - np.expm1(share * 14)  # noqa: PLR2004 - turn about
        neither = away if attempt < GENTLE_TRIES else away * np.where(share < 0.1, -1.0, 1.0)  # noqa: PLR2004 - one in ten
    drawn = np.where(np.isnan(low), only_high, np.where(np.isnan(high), only_low, both))
    return np.where(np.isnan(low) & np.isnan(high), neither, drawn)


def _numbers_like(pattern: str, rows: int, rng: np.random.Generator) -> Floats:
    """(rows,) numbers whose digits match a pattern, as far as such are found."""
    found = np.full(rows, np.nan)
    for row in range(rows):
        text = text_like(pattern, rng).strip()
        try:
            found[row] = float(text)
        except ValueError:
            found[row] = np.nan
    return found
