"""Anything under every replicate: the value is computed again, and that is all.

No influence is needed, so what holds for a mean holds for a quantile or a table. See
docs/decisions/0004.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from survey_kit.design.replicates import Replicates
from survey_kit.design.stage import Integers
from survey_kit.estimation.statistic import Floats, Statistic


def replicated(replicates: Replicates, numbers: Callable[[Floats], Floats]) -> Floats:
    """(R, k) A function from (n,) weights to k numbers, under every replicate."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = [numbers(replicates.weights(number)) for number in range(len(replicates))]
    return np.where(np.isfinite(found), found, np.nan)


def statistic_covariance(
    statistic: Statistic,
    replicates: Replicates,
    data: Floats,
    rows_of: Sequence[Integers],
    value: Floats,
) -> Floats:
    """(k, k) The covariance of a statistic, for every domain and every set of columns.

    Parameters
    ----------
    data
        (n, columns). As many as the statistic takes, or a multiple.
    rows_of
        For each domain, its rows.
    value
        (k,) The statistic itself: domain by domain, and in a domain set by set.
    """
    width = statistic.columns
    sets = [slice(first, first + width) for first in range(0, data.shape[1], width)]
    parts = [(rows, data[rows][:, columns]) for rows in rows_of for columns in sets]

    def numbers(weights: Floats) -> Floats:
        return np.array(
            [statistic.value(y, weights[rows]) if len(rows) else np.nan for rows, y in parts]
        )

    return replicates.covariance(replicated(replicates, numbers), value)
