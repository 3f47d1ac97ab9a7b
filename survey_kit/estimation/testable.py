"""Whether there is anything to test with: degrees of freedom, and answers that differ.

A test without either has no p-value. It is refused in words, as a number that looks like one
would be rounding: a standard error of 1e-16 makes any difference significant.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from survey_kit.errors import EstimationError
from survey_kit.estimation.statistic import Floats

ROUNDING = 1e-12
"""Standard errors below this share of the numbers they belong to are rounding."""


def check_word(where: str, word: str, known: Sequence[str]) -> None:
    """Refuse the name of a version that there is not."""
    if word not in known:
        raise EstimationError(where, f"there is no {word!r}", f"Choose one of: {', '.join(known)}.")


def check_nobody(where: str, asked: NDArray[np.bool_]) -> None:
    """Refuse a test of nobody."""
    if not asked.any():
        raise EstimationError(where, "nobody asked about has an answer", "Check the column.")


def check_freedom(where: str, df: float) -> None:
    """Refuse a test that the clusters leave no degrees of freedom for.

    Parameters
    ----------
    where
        The test, as its message is to call it.
    df
        Those left for it.
    """
    if not df > 0:
        raise EstimationError(
            where,
            "the clusters that hold any of these rows leave no degrees of freedom",
            "Ask about more clusters, or report the numbers without a test.",
        )


def check_spread(where: str, error: Floats, size: float) -> None:
    """Refuse a test of numbers that do not vary between clusters.

    Parameters
    ----------
    error
        (k,) Standard errors.
    size
        How large the numbers are that they belong to, in the same units.
    """
    if not (np.isfinite(error) & (error > ROUNDING * size)).all():
        raise EstimationError(
            where,
            "the answers do not vary between clusters, so there is no error to set it against",
            "Look at the column: a constant, or everybody there is, needs no test.",
        )
