"""Means of groups as one regression on the group has them.

Where a stratum holds a single cluster, what it adds may depend on which strata a number
concerns (`Lonely.AVERAGE`, `LonelyDomain.AS_LONELY`). A test of groups concerns those of all
rows that are compared, as in a regression, and not those of each group by itself. Otherwise
these are the means of `estimate(MEAN, ..., by=)`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.statistics.ratio import RATIO

MOST_GROUPS = 250
"""Beyond, a test of all groups at once would take minutes and gigabytes."""


def check_groups(at: str, groups: int, least: int) -> None:
    """Refuse a test of fewer groups than can differ, or of more than can be held at once."""
    if groups < least:
        raise EstimationError(
            at,
            f"it compares groups, and there {'is' if groups == 1 else 'are'} {groups}",
            "Give a column with two groups or more.",
        )
    if groups > MOST_GROUPS:
        raise EstimationError(
            at,
            f"there are {groups:,} groups, too many for their covariance",
            f"Put groups together, or leave some out with `where`: at most {MOST_GROUPS} can be "
            "tested.",
        )


def group_means(sample: Sample, values: Floats, by: str, *, where: NDArray[np.bool_]) -> Estimate:
    """The mean of each group that anybody asked about is in.

    Parameters
    ----------
    values
        (n,) Numbers, known for every row of `where`.
    where
        (n,) bool. The rows compared, each in a group.

    Returns
    -------
    Estimate
        Named (group, "mean"). `df` is that of all rows compared.
    """
    levels = sample.levels(by)
    held = np.bincount(levels.codes[where], minlength=len(levels.names))
    groups = np.flatnonzero(held)
    columns: dict[str, Floats] = {}
    for number in groups:
        inside = (levels.codes == number) & where
        columns[f"value in group {number}"] = np.where(inside, values, 0.0)
        columns[f"in group {number}"] = inside.astype(np.float64)
    wide = pd.concat([sample.data, pd.DataFrame(columns, index=sample.data.index)], axis=1)
    made = replace(sample, data=wide)
    found = estimate(RATIO, made, list(columns), where=where)
    n = held[groups].astype(np.intp)
    names = tuple((levels.names[number], "mean") for number in groups)
    return replace(found, names=names, n=n, count=n)
