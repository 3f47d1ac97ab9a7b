"""Estimates asked for in words: what of which columns, by which groups, of whom.

    estimate(sample, "mean", "age", by="country")
    estimate(sample, "shares", "reason", by="country", where="adult")
    estimate(sample, "ratio", ["spent", "earned"])

One way in to statistics that each have their own function, for rows in memory and for files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np

from survey_kit.design.drawn import Drawn
from survey_kit.design.source import Source
from survey_kit.errors import EstimationError
from survey_kit.estimation import estimate as estimating
from survey_kit.estimation.asked import Where, asked_rows, categories_named, columns_named
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.named import SHARES, check_groups, one_column, statistic_named
from survey_kit.estimation.proportions import shares, shares_of_cases
from survey_kit.estimation.statistic import Statistic
from survey_kit.estimation.statistics.proportion import PROPORTION

Columns: TypeAlias = str | Sequence[str]


def estimate(
    sample: Drawn | Source,
    what: str | Statistic,
    columns: Columns,
    *,
    by: Columns = (),
    where: Where = None,
) -> Estimate:
    """A statistic of one or several columns, for everybody or for every group.

    Parameters
    ----------
    sample
        Rows in memory, sums of them, or a source in files.
    what
        "mean", "total", "proportion", "ratio", "covariance" and whatever else is in the folder
        `estimation/statistics`; "shares" (or "share") of the categories of a column; "shares of
        cases": of people who chose each of several options, columns of 0 and 1.
    columns
        One column or several. A mean of three columns is three means with one covariance.
    by
        One column or several: every combination of their categories is a group.
    where
        Of whom: the name of a column of true and false, a condition such as ``"age > 17"``, (n,)
        bool, or categories by column, ``{"sex": ["f"]}``, which is what a source takes. Whoever
        has no answer there is not asked about. The others stay in the sample and weigh 0.

    Returns
    -------
    Estimate
        k numbers, their (k, k) covariance and their bases: `.frame`, `.interval(method=)`,
        `.contrast(...)`, `.design_effect()`.

    Raises
    ------
    DesignError
        If there is no such column, or it does not hold what is needed.
    EstimationError
        If there is no such statistic, or it does not fit the columns or the sampling.
    """
    names, groups = columns_named(columns), columns_named(by)
    if isinstance(sample, Source):
        return _of_source(sample, what, names, groups, where)
    asked = asked_rows(sample, where)
    check_groups(sample, groups)
    statistic = statistic_named(what)
    if isinstance(statistic, Statistic):
        if statistic is PROPORTION:
            _check_yes_or_no(sample, names)
        return estimating.estimate(statistic, sample, names, by=groups, where=asked)
    if statistic == SHARES:
        check_groups(sample, [one_column(names, SHARES)])
        return shares(sample, one_column(names, SHARES), by=groups, where=asked)
    return shares_of_cases(sample, names, by=groups, where=asked)


def _check_yes_or_no(sample: Drawn, columns: Sequence[str]) -> None:
    """Refuse codes such as 1 and 2: a proportion counts all that are not 0, which is everybody."""
    data = sample.numbers(columns)
    for name, values in zip(columns, data.T, strict=True):
        if not (np.isnan(values) | (values == 0) | (values == 1)).all():
            raise EstimationError(
                f"column '{name}'",
                "a proportion counts whoever has a 1, and it holds other numbers than 0 and 1",
                'Ask for the "shares" of its answers, or make it 1 for those who are meant.',
            )


def _of_source(
    source: Source,
    what: str | Statistic,
    columns: tuple[str, ...],
    by: tuple[str, ...],
    where: Where,
) -> Estimate:
    from survey_kit.estimation.from_source import estimate_of, shares_of, shares_of_cases_of

    if where is not None and not isinstance(where, Mapping):
        raise EstimationError(
            "where",
            "the rows of a source are not here to be marked",
            "Name columns and their categories: where={'sex': ['f']}.",
        )
    asked = None if where is None else categories_named(where)
    statistic = statistic_named(what)
    if isinstance(statistic, Statistic):
        return estimate_of(statistic, source, columns, by=by, where=asked)
    if statistic == SHARES:
        return shares_of(source, one_column(columns, SHARES), by=by, where=asked)
    return shares_of_cases_of(source, columns, by=by, where=asked)
