"""Draws positions, lines and areas, times of day, and the names of files.

Positions lie at sea, off the meeting of equator and prime meridian, where nobody lives, unless
the calibration says near where. Files are named and never made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey_kit.questionnaire.model import Item
    from survey_kit.responses.simulation.calibration import Calibration
    from survey_kit.responses.simulation.scope import Scope

    Positions = NDArray[np.int64]
    Words = NDArray[np.object_]

AT_SEA = (0.0, 0.0, 5.0)
"""Latitude, longitude, and kilometres around them."""
KILOMETRES_A_DEGREE = 111.0
CORNERS = (3, 6)
"""How many points a line or an area has, at least, and one more than at most."""
STEP = 0.0004
"""Degrees from one point of a line to the next, about 40 metres."""
SUFFIXES = {"image": "jpg", "audio": "m4a", "background-audio": "m4a", "video": "mp4"}


class Places:
    """Draws a point, a line of points, or an area whose last point is its first."""

    def __init__(self, item: Item, calibration: Calibration) -> None:
        self._kind = item.question.type.name
        self._near = calibration.plan(item.key).likely.near or AT_SEA

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Words:
        """(len(rows),) latitude, longitude, altitude and accuracy, of each point."""
        del attempt
        latitude, longitude, reach = self._near
        degrees = reach / KILOMETRES_A_DEGREE
        where = rng.uniform(-degrees, degrees, (len(rows), 2))
        where[:, 0] = np.clip(where[:, 0] + latitude, -90, 90)
        where[:, 1] = (where[:, 1] + longitude + 180) % 360 - 180
        if self._kind not in ("geotrace", "geoshape"):
            return np.array([_point(north, east, 10) for north, east in where], dtype=object)
        many = rng.integers(*CORNERS, len(rows))
        return np.array(
            [
                self._line(north, east, int(points), rng)
                for (north, east), points in zip(where, many, strict=True)
            ],
            dtype=object,
        )

    def _line(self, north: float, east: float, points: int, rng: np.random.Generator) -> str:
        turns = np.cumsum(rng.uniform(0.5, 1.2, points))
        path = [(north, east)]
        for turn in turns[1:]:
            north, east = north + STEP * np.cos(turn), east + STEP * np.sin(turn)
            path.append((north, east))
        if self._kind == "geoshape":
            path.append(path[0])
        return ";".join(_point(north, east, 0) for north, east in path)


def _point(north: float, east: float, accuracy: int) -> str:
    return f"{north:.5f} {east:.5f} 0 {accuracy}"


class Files:
    """Names files that would have come with an interview; there are none."""

    def __init__(self, item: Item, scope: Scope) -> None:
        self._interviews = scope.interviews
        self._inside = scope.repeat is not None
        self._name = item.question.name
        self._suffix = SUFFIXES.get(item.question.type.name, "bin")

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Words:
        """(len(rows),) names of files, of which no two are alike in one question."""
        del attempt, rng
        names = [
            f"simulated-{self._name}-{each + 1}{f'-{row + 1}' if self._inside else ''}"
            f".{self._suffix}"
            for row, each in zip(rows, self._interviews[rows], strict=True)
        ]
        return np.array(names, dtype=object)


class Times:
    """Draws a time of day, in whole minutes, between six and nine; then at any hour."""

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Words:
        """(len(rows),) times as text."""
        first, last = (6, 21) if attempt < 20 else (0, 24)  # noqa: PLR2004 - tries
        minutes = rng.integers(first * 60, last * 60, len(rows))
        words = [f"{each // 60:02}:{each % 60:02}:00.000" for each in minutes]
        return np.array(words, dtype=object)
