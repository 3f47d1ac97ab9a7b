"""Means and shares of groups that may overlap: women, the young, everybody.

`by=` makes groups of which a person is in one. Columns of a table may share people: a part and
the whole, or the options of a question with several answers. Each group is then a ratio of its
own, over everybody, so that the joint covariance knows of the people in both, and `pairwise`
compares a part with the whole as it should.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.statistics.ratio import RATIO

Flags = NDArray[np.bool_]


def overlapping_means(
    sample: Sample,
    columns: Sequence[str],
    groups: Mapping[str, Flags],
    *,
    where: Flags | None = None,
) -> Estimate:
    """The means of columns in groups that may share people.

    Parameters
    ----------
    columns
        Numbers; 0 and 1 for shares. A row that lacks any of them leaves the base.
    groups
        For each group, (n,) bool: who is in it.
    where
        (n,) bool. The rows asked about.

    Returns
    -------
    Estimate
        Named (group, column), group by group, as `pairwise` takes it.

    Raises
    ------
    EstimationError
        If there is no group, or nobody in one.
    """
    values = sample.numbers(columns)
    asked = np.asarray(np.isfinite(values).all(axis=1))
    if where is not None:
        asked = asked & where
    made: dict[str, Floats] = {}
    names: list[tuple[str, ...]] = []
    held: list[int] = []
    for group, flags in groups.items():
        inside = flags & asked
        if not inside.any():
            raise EstimationError(
                f"group '{group}'",
                "nobody asked about is in it, or has an answer to all columns",
                "Leave the group out.",
            )
        made[f"in {group}"] = inside.astype(np.float64)
        for place, column in enumerate(columns):
            made[f"{column} in {group}"] = np.where(inside, values[:, place], 0.0)
            names.append((group, column))
            held.append(int(inside.sum()))
    if not names:
        raise EstimationError("groups", "there are none", "Name one group or more.")
    wide = pd.concat([sample.data, pd.DataFrame(made, index=sample.data.index)], axis=1)
    pairs = [name for group, column in names for name in (f"{column} in {group}", f"in {group}")]
    found = estimate(RATIO, replace(sample, data=wide), pairs, where=asked)
    n = np.array(held, dtype=np.intp)
    return replace(found, names=tuple(names), n=n, count=n)
