"""Several whole numbers as one: rows are joined and summed by one number sooner than by many."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import prod
from typing import TypeAlias

import numpy as np
import pandas as pd

Range: TypeAlias = tuple[str, int, int]
"""A column of whole numbers, its lowest, and how many there are up to its highest."""

LARGEST_KEY = 2**31
"""What several numbers make together is below this."""


def range_of(column: pd.Series) -> Range:
    """The range of a column that is not empty."""
    lowest = int(column.min())
    return str(column.name), lowest, int(column.max()) - lowest + 1


def whole_numbers(columns: Iterable[pd.Series]) -> tuple[Range, ...]:
    """The ranges of those columns that hold whole numbers; none if they make too large a one."""
    found = tuple(
        range_of(column)
        for column in columns
        if len(column) and pd.api.types.is_signed_integer_dtype(column.dtype)
    )
    return found if combinations(found) < LARGEST_KEY else ()


def combinations(ranges: Sequence[Range]) -> int:
    """How many combinations of whole numbers there can be."""
    return prod(span for _, _, span in ranges)


def apart(key: pd.Series, ranges: Sequence[Range]) -> dict[str, pd.Series]:
    """The columns that one number stands for, as narrow as they can be; NaN where it is missing."""
    missing = key.isna().to_numpy()
    rest = key.fillna(0).to_numpy(dtype=np.int32)
    found: dict[str, pd.Series] = {}
    for name, lowest, span in reversed(ranges):
        rest, place = np.divmod(rest, np.int32(span))
        ends = [np.min_scalar_type(min(end, -1 - end)) for end in (lowest, lowest + span)]
        own = place.astype(np.result_type(*ends)) + lowest
        found[name] = pd.Series(np.where(missing, np.nan, own) if missing.any() else own)
    return found
