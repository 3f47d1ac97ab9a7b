"""Compares numbers of a reference case with ours, every one of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from parity_expression import Unsupported

TINY = 1e-12
"""Numbers this small are compared absolutely: relative to nothing."""

NO_ERROR = 1e-8
"""A standard error this small is that of a number without one, but for rounding."""

TOO_LONG = {"weights"}
"""What a case leaves out where it is long: its summary is compared."""

Pair = tuple[str, float, float]


def largest_difference(theirs: Any, ours: Any) -> tuple[float, str, int]:
    """The largest relative difference, where it is, and how many numbers were compared.

    Raises
    ------
    Unsupported
        If the case holds a number that we did not compute, or R has none where we do, or
        there is nothing to compare.
    """
    worst, place, count = 0.0, "", 0
    for where, expected, found in _pairs(theirs, ours, ""):
        count += 1
        if math.isnan(expected) and not math.isnan(found):
            raise Unsupported(f"R has no number for {where}")
        difference = _relative(expected, found)
        if "se" in where.split() and max(abs(expected), abs(found)) < NO_ERROR:
            difference = 0.0
        if difference > worst or not place:
            worst, place = max(worst, difference), where
    if not count:
        raise Unsupported("there is no number to compare")
    return worst, place, count


def _relative(expected: float, found: float) -> float:
    if expected == found or (math.isnan(expected) and math.isnan(found)):
        return 0.0
    if math.isnan(found) or math.isinf(expected) or math.isinf(found):
        return math.inf
    gap = abs(expected - found)
    return gap if abs(expected) < TINY else gap / abs(expected)


def _pairs(theirs: Any, ours: Any, where: str) -> Iterator[Pair]:
    """Every number of a case, with ours; words and empty lists hold none."""
    if isinstance(theirs, dict):
        if "rownames" in theirs and "data" in theirs:
            yield from _pairs(theirs["data"], _beside_rounding(theirs["data"], ours, where), where)
        elif isinstance(ours, Mapping):
            yield from _by_name(theirs, ours, where)
        else:
            yield from _by_place(list(theirs.values()), ours, where)
    elif isinstance(theirs, list):
        yield from _by_place(theirs, ours, where)
    elif (number := as_number(theirs)) is not None:
        only = _as_list(ours, where, 1)[0]
        yield where.strip(), number, math.nan if only is None else float(only)


def _beside_rounding(theirs: Any, ours: Any, where: str) -> Any:
    """Our covariance; R's where it is that of a number without an error, but for rounding."""
    square = isinstance(ours, list) and len(ours) == len(theirs) > 1
    if "vcov" not in where.split() or not square or any(len(row) != len(ours) for row in ours):
        return ours
    own = [
        max(as_number(theirs[at][at]) or 0.0, ours[at][at]) < NO_ERROR**2 for at in range(len(ours))
    ]
    return [
        [theirs[i][j] if own[i] or own[j] else ours[i][j] for j in range(len(ours))]
        for i in range(len(ours))
    ]


def _by_name(theirs: dict[str, Any], ours: Mapping[str, Any], where: str) -> Iterator[Pair]:
    for key, value in theirs.items():
        if value is None:
            mine = ours.get(key)
            absent = isinstance(mine, float) and math.isnan(mine)
            if mine is not None and not absent and key not in TOO_LONG:
                raise Unsupported(f"R has no number for {where}{key}")
        elif value not in ([], {}) and (not isinstance(value, str) or as_number(value) is not None):
            if key not in ours:
                raise Unsupported(f"{where}{key} is not computed")
            yield from _pairs(value, ours[key], f"{where}{key} ")


def _by_place(theirs: list[Any], ours: Any, where: str) -> Iterator[Pair]:
    for number, (a, b) in enumerate(
        zip(theirs, _as_list(ours, where, len(theirs)), strict=True), start=1
    ):
        yield from _pairs(math.nan if a is None else a, b, f"{where}{number} ")


def _as_list(ours: Any, where: str, size: int) -> list[Any]:
    if isinstance(ours, Mapping):
        ours = list(ours.values())
    found = list(ours) if isinstance(ours, list | tuple) else [ours]
    if len(found) != size:
        raise Unsupported(f"{where.strip()}: R has {size} numbers, we {len(found)}")
    return found


def as_number(value: Any) -> float | None:
    """A number as the reference writes it; None for words."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    return {"Inf": math.inf, "-Inf": -math.inf}.get(value) if isinstance(value, str) else None
