"""Estimates asked for in words: what of which columns, by which groups, of whom.

    estimate(sample, "mean", "age", by="country")
    estimate(sample, "shares", "reason", by="country", where="adult")
    estimate(sample, "ratio", ["spent", "earned"])

One way in to statistics that each have their own function, for rows in memory and for files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from survey_kit.collect import collect
from survey_kit.design.drawn import Drawn
from survey_kit.design.source import Source
from survey_kit.errors import EstimationError
from survey_kit.estimation import estimate as estimating
from survey_kit.estimation.asked import Where, asked_rows, columns_named
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.proportions import shares, shares_of_cases
from survey_kit.estimation.statistic import Statistic

Columns: TypeAlias = str | Sequence[str]

SHARES, CASES = "shares", "shares of cases"


def words() -> tuple[str, ...]:
    """What can be asked for."""
    return (SHARES, CASES, *_statistics())


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
        `estimation/statistics`; "shares" of the categories of a column; "shares of cases": of
        people who chose each of several options, columns of 0 and 1.
    columns
        One column or several. A mean of three columns is three means with one covariance.
    by
        One column or several: every combination of their categories is a group.
    where
        Of whom: (n,) bool, the name of a column of true and false, or of a source
        ``{"sex": ["f"]}``. The others stay in the sample and weigh 0.

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
    if what == SHARES:
        column, group = _one(names, SHARES), _at_most_one(groups, SHARES)
        return shares(sample, column, by=group, where=asked)
    if what == CASES:
        return shares_of_cases(sample, names, by=_at_most_one(groups, CASES), where=asked)
    return estimating.estimate(_statistic(what), sample, names, by=groups, where=asked)


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
    if what == SHARES:
        column, group = _one(columns, SHARES), _at_most_one(by, SHARES)
        return shares_of(source, column, by=group, where=where)
    if what == CASES:
        return shares_of_cases_of(source, columns, by=_at_most_one(by, CASES), where=where)
    return estimate_of(_statistic(what), source, columns, by=by, where=where)


def _statistics() -> Mapping[str, Statistic]:
    return collect("survey_kit.estimation.statistics", Statistic)


def _statistic(what: str | Statistic) -> Statistic:
    if isinstance(what, Statistic):
        return what
    known = _statistics()
    if what not in known:
        raise EstimationError(
            f"estimate {what!r}",
            "there is no such statistic",
            f"Ask for one of: {', '.join(words())}.",
        )
    return known[what]


def _one(columns: tuple[str, ...], what: str) -> str:
    if len(columns) != 1:
        raise EstimationError(
            what,
            f"they are of one column, and {len(columns)} were given",
            f"Name one; options that can be chosen together are {CASES!r}.",
        )
    return columns[0]


def _at_most_one(by: tuple[str, ...], what: str) -> str | None:
    if len(by) > 1:
        raise EstimationError(
            what,
            f"they are by one column, and {len(by)} were given",
            "Combine the columns into one first.",
        )
    return by[0] if by else None
