"""Means and shares of groups that may overlap: women, the young, everybody.

`by=` makes groups of which a person is in one. Columns of a table may share people: a part and
the whole, or the options of a question with several answers. Each group is a domain of its
own here, and a person's influence on the means of all groups she is in falls into the same
cluster. So the joint covariance knows of the people in both, and `pairwise` compares a part
with the whole as it should. Groups that share nobody have the covariance that `by=` gives them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.described import design_line
from survey_kit.design.drawn import Drawn
from survey_kit.errors import EstimationError
from survey_kit.estimation import domains
from survey_kit.estimation.asked import Where, asked_rows, columns_named
from survey_kit.estimation.elements import covariance_of_influences
from survey_kit.estimation.estimate import Estimate, of_domain
from survey_kit.estimation.replicated import statistic_covariance
from survey_kit.estimation.statistics.mean import MEAN

Flags = NDArray[np.bool_]


def overlapping_means(
    sample: Drawn,
    columns: str | Sequence[str],
    groups: Mapping[str, Where],
    *,
    where: Where = None,
) -> Estimate:
    """The means of columns in groups that may share people.

    Parameters
    ----------
    columns
        Numbers; 0 and 1 for shares. A row that lacks any of them leaves the base.
    groups
        For each group who is in it, as `where` says it; None for everybody.
    where
        Of whom: see `asked_rows`.

    Returns
    -------
    Estimate
        Named (group, column), group by group, as `pairwise` takes it.

    Raises
    ------
    EstimationError
        If there is no group, or nobody in one.
    """
    columns, here = columns_named(columns), asked_rows(sample, where)
    values = sample.numbers(columns)
    asked = np.asarray(np.isfinite(values).all(axis=1))
    if here is not None:
        asked = asked & here
    inside = _inside(sample, groups, asked)
    rows_of = [np.flatnonzero(flags) for flags in inside.values()]
    k = len(columns)
    parts = [
        of_domain(MEAN, values[:, place : place + 1], sample, rows)
        for rows in rows_of
        for place in range(k)
    ]
    value = np.array([part[0] for part in parts])
    if sample.replicates is None:
        rows = [rows for rows in rows_of for _ in columns]
        covariance = covariance_of_influences(sample, rows, [part[1] for part in parts])
    else:
        covariance = statistic_covariance(MEAN, sample.replicates, values, rows_of, value)
    bases = domains.bases(sample, rows_of)
    own = np.array([sample.degrees_of_freedom(flags) for flags in inside.values()], dtype=float)
    n = np.repeat(bases.n, k)
    return Estimate(
        names=tuple((group, column) for group in inside for column in columns),
        value=value,
        covariance=covariance,
        df=sample.degrees_of_freedom(asked),
        own_df=np.repeat(own, k),
        n=n,
        count=n,
        weighted=np.repeat(bases.weighted, k),
        effective=np.repeat(bases.effective, k),
        simple=np.array([part[2] for part in parts]),
        sampling=sample.design.sampling,
        design=design_line(sample),
        grouped_by=("group",),
    )


def _inside(sample: Drawn, groups: Mapping[str, Where], asked: Flags) -> dict[str, Flags]:
    """(n,) bool for each group: who is in it, of those asked. Refuses one that nobody is in."""
    if not groups:
        raise EstimationError("groups", "there are none", "Name one group or more.")
    inside = {group: _flags(sample, who) & asked for group, who in groups.items()}
    for group, flags in inside.items():
        if not flags.any():
            raise EstimationError(
                f"group '{group}'",
                "nobody asked about is in it, or has an answer to all columns",
                "Leave the group out.",
            )
    return inside


def _flags(sample: Drawn, who: Where) -> Flags:
    """(n,) bool. Who is in a group."""
    flags = asked_rows(sample, who)
    return np.ones(len(sample), dtype=np.bool_) if flags is None else flags
