"""The functions of an expression that work on places on earth (GeoUtils.java of JavaRosa).

A place is what a phone stores: ``latitude longitude altitude accuracy``; a line or an area is
places with semicolons between them. The earth is a sphere of 6,378,100 metres, distances follow
the spherical law of cosines, areas are those of a flat map around the first point.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import TypeAlias

from survey_kit.errors import CannotEvaluate
from survey_kit.responses.logic.value import (
    Value,
    as_texts,
    measured,
    of_numbers,
    of_truths,
    whether,
)

Arguments: TypeAlias = Sequence[Value]
Body: TypeAlias = Callable[[Arguments], Value]
Point: TypeAlias = tuple[float, float]

_RADIUS = 6_378_100.0
_AROUND = 2 * _RADIUS * math.pi


def points(text: str) -> list[Point] | None:
    """Latitude and longitude of each place in a text; None if it holds anything else.

    A blank is the place 0 0, as on the phone.

    >>> points("1.5 36.8 0 0; 2 37 0 0")
    [(1.5, 36.8), (2.0, 37.0)]
    """
    found: list[Point] = []
    for part in text.rstrip(";").split(";") if text.strip(";") or not text else []:
        try:
            numbers = [float(each) for each in part.split()]
        except ValueError:
            return None
        latitude, longitude, *_ = (*numbers, 0.0, 0.0)
        found.append((latitude, longitude))
    return found


def area(places: Sequence[Point]) -> float:
    """Square metres within places, at least three."""
    if len(places) < 3:  # noqa: PLR2004 - a line has no area
        return 0.0
    first_latitude, first_longitude = places[0]
    ys = [(latitude - first_latitude) * _AROUND / 360.0 for latitude, _ in places[1:]]
    xs = [
        (longitude - first_longitude) * _AROUND * math.cos(math.radians(latitude)) / 360.0
        for latitude, longitude in places[1:]
    ]
    total = 0.0
    for place in range(1, len(xs)):
        total += (ys[place - 1] * xs[place] - xs[place - 1] * ys[place]) / 2
    return abs(total)


def distance(places: Sequence[Point]) -> float:
    """Metres along places."""
    total = 0.0
    for one, other in pairwise(places):
        total += _between(one, other)
    return total


def _between(one: Point, other: Point) -> float:
    turn = math.radians(one[1] - other[1])
    north, south = math.radians(one[0]), math.radians(other[0])
    cosine = math.sin(north) * math.sin(south) + math.cos(north) * math.cos(south) * math.cos(turn)
    return math.acos(cosine) * _RADIUS if -1 <= cosine <= 1 else math.nan


def inside(place: Point, fence: Sequence[Point]) -> bool:
    """Whether a place lies inside a closed line (pnpoly, W. R. Franklin)."""
    north, east = place
    found = False
    for one, other in pairwise(fence):
        if (other[0] > north) != (one[0] > north) and east < (one[1] - other[1]) * (
            north - other[0]
        ) / (one[0] - other[0]) + other[1]:
            found = not found
    return found


def crosses_itself(places: Sequence[Point]) -> bool:
    """Whether a line crosses or touches itself (Trace.intersects of Collect, Geometry.kt).

    Each stretch is held against all that follow; places that come twice in a row are one. Two
    stretches one after the other may share the place between them, and so may the first and the
    last of a line that is closed.
    """
    if len(places) < 3:  # noqa: PLR2004 - one stretch has nothing to cross
        return False
    stretches = [(one, other) for one, other in pairwise(places) if one != other]
    last = len(stretches) - 1
    closed = places[0] == places[-1] and last > 1
    return any(
        _cross(stretches[first], stretches[second], joined=second == first + 1)
        for first in range(last)
        for second in range(first + 1, last + 1)
        if not (closed and first == 0 and second == last)
    )


def _cross(one: tuple[Point, Point], other: tuple[Point, Point], *, joined: bool) -> bool:
    """Whether two stretches have a place in common; that at which they are joined does not count."""
    (a, b), (c, d) = one, other
    side_a, side_d = _side(a, c, d), _side(a, b, d)
    if (side_a == 0 and _between_ends(a, c, d)) or (side_d == 0 and _between_ends(d, a, b)):
        return True
    if joined and b == c:
        return False
    side_b, side_c = _side(b, c, d), _side(a, b, c)
    if side_a * side_b < 0 and side_c * side_d < 0:
        return True
    return (side_b == 0 and _between_ends(b, c, d)) or (side_c == 0 and _between_ends(c, a, b))


def _side(a: Point, b: Point, c: Point) -> int:
    """On which side of the line from a to b the place c lies; 0 on it."""
    product = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
    return (product > 0) - (product < 0)


def _between_ends(place: Point, one: Point, other: Point) -> bool:
    """Whether a place lies in the box around a stretch."""
    return all(
        min(one[axis], other[axis]) <= place[axis] <= max(one[axis], other[axis]) for axis in (0, 1)
    )


def _intersects(arguments: Arguments) -> Value:
    def crosses(trace: str) -> bool:
        found = points(trace)
        if found is None:
            raise CannotEvaluate(
                "intersects()",
                "it is given a text that is no geotrace, at which Collect stops",
                "Give it the answer to a geotrace",
            )
        return crosses_itself(found)

    return of_truths(whether(crosses, as_texts(arguments[0])))


def _measured(work: Callable[[Sequence[Point]], float]) -> Body:
    def of_texts_joined(*texts: str) -> float:
        found = points(";".join(texts))
        return math.nan if found is None else work(found)

    def body(arguments: Arguments) -> Value:
        return of_numbers(measured(of_texts_joined, *map(as_texts, arguments)))

    return body


def _geofence(arguments: Arguments) -> Value:
    def within(place: str, fence: str) -> bool:
        here, around = points(place), points(fence)
        return bool(here) and bool(around) and inside(here[0], around)

    return of_truths(whether(within, *map(as_texts, arguments)))


GEO_FUNCTIONS: Mapping[str, Body] = MappingProxyType(
    {
        "area": _measured(area),
        "enclosed-area": _measured(area),
        "distance": _measured(distance),
        "geofence": _geofence,
    }
)

LINE_FUNCTIONS: Mapping[str, Body] = MappingProxyType({"intersects": _intersects})
"""Functions of one line, which Collect adds to JavaRosa's."""
