"""When interviews took place: working days, one after the other, as long as their questions.

Every enumerator works on some working days of the fieldwork, a few interviews a day;
where there are more interviews than fit, fieldwork began earlier. Interviews of one
enumerator on one day follow each other with a pause and never overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey_kit.responses.simulation.calibration import Fieldwork

    Floats = NDArray[np.float64]
    Positions = NDArray[np.int64]

PAUSE = (8.0, 30.0)
"""Minutes between two interviews of an enumerator, at least and at most."""
SPARE = 0.8
"""Days are filled to this share on average, so that some are full and none is too full."""


SENT_AFTER = (0.2, 9.0)
"""Hours between the end of an interview and its arrival at the server."""


@dataclass(frozen=True, eq=False)
class Moments:
    """(n,) When each interview began, ended, and was sent."""

    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    sent: NDArray[np.datetime64]

    def of(self, kind: str) -> NDArray[np.datetime64]:
        """The moments of "start" or of "end"."""
        return self.start if kind == "start" else self.end


def moments_of(
    asked: Positions,
    enumerators: Positions,
    days: NDArray[np.datetime64],
    fieldwork: Fieldwork,
    rng: np.random.Generator,
) -> Moments:
    """When interviews took place in which so many questions, (n,), were asked."""
    minutes = lengths(asked, fieldwork, rng)
    begun = starts(enumerators, days, minutes, fieldwork, rng)
    ended = begun + np.floor(minutes * 60).astype("timedelta64[s]")
    later = np.floor(rng.uniform(*SENT_AFTER, len(days)) * 3600).astype("timedelta64[s]")
    return Moments(begun, ended, ended + later)


def working_days(fieldwork: Fieldwork, number: int) -> NDArray[np.datetime64]:
    """(>= number,) The days of the fieldwork, with as many before them as are needed."""
    first, last = np.datetime64(fieldwork.first_day, "D"), np.datetime64(fieldwork.last_day, "D")
    week = "".join("0" if day in fieldwork.days_off else "1" for day in range(7))
    if "1" not in week:
        week = "1111111"
    missing = max(0, number - int(np.busday_count(first, last + 1, weekmask=week)))
    if missing:
        first = np.busday_offset(first, -missing, roll="backward", weekmask=week)
    every = np.arange(first, last + 1)
    return every[np.is_busday(every, weekmask=week)]


def days_of(
    enumerators: Positions, fieldwork: Fieldwork, rng: np.random.Generator
) -> NDArray[np.datetime64]:
    """(n,) The day of each interview.

    An enumerator fills some days, drawn from those of the fieldwork, with about `a_day`
    interviews each. `enumerators` are numbered from 0; -1 is an interview nobody is named for.
    """
    number = len(enumerators)
    counts = np.bincount(enumerators + 1, minlength=1)[1:] if number else np.zeros(0, np.int64)
    needed = np.ceil(counts / max(1.0, SPARE * fieldwork.a_day)).astype(np.int64)
    days = working_days(fieldwork, max(1, int(needed.max(initial=0))))
    found = days[rng.integers(0, len(days), number)]
    order = np.argsort(enumerators, kind="stable")
    first = int((enumerators < 0).sum())
    for count, wanted in zip(counts, needed, strict=True):
        own = rng.permutation(order[first : first + count])
        among = np.sort(rng.permutation(len(days))[:wanted])
        found[own] = days[among[np.arange(count) * wanted // max(1, count)]]
        first += count
    return found


def starts(
    enumerators: Positions,
    days: NDArray[np.datetime64],
    minutes: Floats,
    fieldwork: Fieldwork,
    rng: np.random.Generator,
) -> NDArray[np.datetime64]:
    """(n,) The moment each interview began, to the second."""
    number = len(days)
    first = fieldwork.first_hour * 60 + rng.uniform(0, 75, number)
    pause = rng.uniform(*PAUSE, number)
    frame = pd.DataFrame(
        {
            "who": np.where(enumerators >= 0, enumerators, -1 - np.arange(number)),
            "day": days,
            "first": first,
            "taken": minutes + pause,
        }
    )
    by = frame.groupby(["who", "day"], sort=False)
    before = by["taken"].cumsum() - frame["taken"]
    begun = by["first"].transform("first") + before
    seconds = np.floor(begun.to_numpy() * 60).astype("timedelta64[s]")
    return (days.astype("datetime64[s]") + seconds).astype("datetime64[us]")


def lengths(asked: Positions, fieldwork: Fieldwork, rng: np.random.Generator) -> Floats:
    """(n,) Minutes: a fixed part, and so much for each question asked, with skew between people."""
    plain = fieldwork.minutes + fieldwork.minutes_a_question * asked
    return plain * fieldwork.minutes_factor ** rng.normal(size=len(asked))
