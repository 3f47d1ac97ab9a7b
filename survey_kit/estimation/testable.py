"""Whether there is anything to test with: degrees of freedom, and answers that differ.

A test without either has no p-value. It is refused in words, as a number that looks like one
would be rounding: a standard error of 1e-16 makes any difference significant.
"""

from __future__ import annotations

import numpy as np

from survey_kit.errors import EstimationError
from survey_kit.estimation.statistic import Floats

ROUNDING = 1e-12
"""Standard errors below this share of the numbers they belong to are rounding."""


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
            f"the clusters that hold any of these rows leave {df:g} degrees of freedom",
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
