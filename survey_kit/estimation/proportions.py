"""Shares of a choice, or of several, for all groups of a table at once.

A share is the mean of an indicator. Done for all cells together, from sums over
(cluster, cell), a book of hundreds of tables takes a second: see `cells`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.collapsed import collapsed
from survey_kit.design.described import design_line
from survey_kit.design.drawn import Drawn
from survey_kit.errors import EstimationError
from survey_kit.estimation import cells as tables
from survey_kit.estimation import domains
from survey_kit.estimation.asked import columns_named
from survey_kit.estimation.cells import Cells, OneChoice, SeveralChoices
from survey_kit.estimation.estimate import Estimate


def shares(
    sample: Drawn,
    column: str,
    *,
    by: str | Sequence[str] | None = None,
    where: NDArray[np.bool_] | None = None,
) -> Estimate:
    """The share of each category of a column, within each group.

    Rows without a category leave the base. The numbers come group by group, and within a
    group in the order of the categories; their names are (group, category).

    Parameters
    ----------
    column
        Text or a categorical column.
    by
        The column of the groups, or several: every combination of their categories is a group.
        None for one group called "".
    where
        (n,) bool. The rows asked about.
    """
    groups_by = columns_named(by)
    sample, where = collapsed(sample, (*groups_by, column), where)
    grid = domains.grid(sample, groups_by, where)
    answers = sample.levels(column)
    groups, codes = len(grid.names), len(answers.names)
    inside = (grid.code >= 0) & (answers.codes >= 0)
    cell = np.where(inside, grid.code * codes + answers.codes, -1)
    return _finish(sample, grid, answers.names, OneChoice(cell, groups, codes), by)


def shares_of_cases(
    sample: Drawn,
    columns: Sequence[str],
    *,
    by: str | Sequence[str] | None = None,
    where: NDArray[np.bool_] | None = None,
) -> Estimate:
    """The share of people who chose each of several options, within each group.

    A person may choose several, so the shares of a group need not add to 1. A row where
    any of the columns is missing leaves the base.

    Parameters
    ----------
    columns
        One column for each option: 1 or True if it was chosen, 0 or False if not.
    by, where
        As for `shares`.

    Raises
    ------
    EstimationError
        If a column holds anything but 0 and 1.
    """
    grid = domains.grid(sample, columns_named(by), where)
    data = sample.numbers(columns)
    check_options(columns, data)
    group = np.where(np.isnan(data).any(axis=1), -1, grid.code)
    options = SeveralChoices(group, np.nan_to_num(data), len(grid.names))
    return _finish(sample, grid, tuple(columns), options, by)


def check_options(columns: Sequence[str], data: NDArray[np.float64]) -> None:
    """Refuse columns of options that hold anything but 0, 1 and NaN."""
    for column, values in zip(columns, data.T, strict=True):
        if not np.isin(values[~np.isnan(values)], (0, 1)).all():
            raise EstimationError(
                f"column '{column}'",
                "it holds something other than 0 and 1",
                "Give one column of 0 and 1 for each option.",
            )


def _finish(
    sample: Drawn,
    grid: domains.Grid,
    codes: tuple[str, ...],
    cells: Cells,
    by: str | Sequence[str] | None,
) -> Estimate:
    """From cells to shares, their covariance and their bases."""
    k = len(codes)
    everywhere = np.zeros(len(sample), dtype=np.intp)

    def sums(weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        chosen, base = cells.sums(everywhere, 1, weights)
        return chosen[0], base[0]

    chosen, whole = sums(sample.weights)
    people, n = sums(sample.people)
    _, squares = sums(sample.squared_weights)
    known = whole > 0
    divisor = np.where(known, whole, 1)
    share = chosen / divisor[:, None]
    covariance = tables.covariance(sample, cells, share, divisor)
    empty = np.repeat(~known, k)
    value = np.where(empty, np.nan, share.ravel())
    covariance[empty] = np.nan
    covariance[:, empty] = np.nan
    effective = np.divide(whole**2, squares, out=np.zeros_like(whole), where=squares > 0)
    others = np.repeat(n - 1, k)
    return Estimate(
        names=tuple((*name, code) for name in grid.names for code in codes),
        value=value,
        covariance=covariance,
        df=grid.df,
        own_df=np.repeat(grid.own_df, k),
        n=np.repeat(n, k).astype(np.intp),
        count=people.ravel().astype(np.intp),
        weighted=np.repeat(whole, k),
        effective=np.repeat(effective, k),
        simple=np.where(others > 0, value * (1 - value), np.nan) / np.where(others > 0, others, 1),
        sampling=sample.design.sampling,
        design=design_line(sample),
        method="beta",
        grouped_by=columns_named(by),
    )
