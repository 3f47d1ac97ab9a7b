r"""Shares of a choice, or of several, for all groups of a table at once.

For cell (g, c), with :math:`I` the indicator of the cell and :math:`W_g` the weight of the
group's base, :math:`p_{gc} = \sum w I_{gc} / W_g`, and the influence of a row is

.. math:: z_{gc} = (I_{gc} - p_{gc} I_g) / W_g

which is linear in the indicators. So all that is needed of the data is the weight of every
(cluster, cell), and a book of hundreds of tables costs one `bincount` each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.sample import Sample
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.errors import EstimationError
from survey_kit.estimation import domains
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.linearised import asks_for_domains, scores


@dataclass(frozen=True, eq=False)
class CellSums:
    """Weights of cells: for each stage (clusters, size), and the (q, size) moments."""

    by_cluster: list[Floats]
    moments: Floats | None


def shares(
    sample: Sample,
    column: str,
    *,
    by: str | None = None,
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
        The column of the groups; None for one group called "".
    where
        (n,) bool. The rows asked about.
    """
    grid = domains.grid(sample, () if by is None else (by,), where)
    answers = sample.levels(column)
    groups, codes = len(grid.names), len(answers.names)
    inside = (grid.code >= 0) & (answers.codes >= 0)
    group = np.where(inside, grid.code, -1)
    cell = np.where(inside, grid.code * codes + answers.codes, -1)
    sums = cell_sums(sample, cell, groups * codes)
    return _finish(
        sample,
        grid,
        answers.names,
        group=group,
        chosen=sums,
        base=CellSums(
            [_over_codes(each, groups, codes) for each in sums.by_cluster],
            None if sums.moments is None else _over_codes(sums.moments, groups, codes),
        ),
        count=np.bincount(cell[inside], minlength=groups * codes),
    )


def shares_of_cases(
    sample: Sample,
    columns: Sequence[str],
    *,
    by: str | None = None,
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
    grid = domains.grid(sample, () if by is None else (by,), where)
    data = sample.numbers(columns)
    for column, values in zip(columns, data.T, strict=True):
        if not np.isin(values[~np.isnan(values)], (0, 1)).all():
            raise EstimationError(
                f"column '{column}'",
                "it holds something other than 0 and 1",
                "Give one column of 0 and 1 for each option.",
            )
    groups, codes = len(grid.names), len(columns)
    group = np.where(np.isnan(data).any(axis=1), -1, grid.code)
    base = cell_sums(sample, group, groups)
    options = [
        cell_sums(sample, group, groups, multiplier=chosen) for chosen in np.nan_to_num(data).T
    ]
    inside = group >= 0
    count = [np.bincount(group[inside], y, groups) for y in data[inside].T]
    return _finish(
        sample,
        grid,
        tuple(columns),
        group=group,
        chosen=CellSums(
            [
                _interleave([each.by_cluster[stage] for each in options])
                for stage in range(len(sample.stages))
            ],
            _interleave([each.moments for each in options if each.moments is not None])
            if base.moments is not None
            else None,
        ),
        base=base,
        count=np.stack(count, axis=1).ravel().astype(np.intp) if codes else np.empty(0, np.intp),
    )


def _finish(
    sample: Sample,
    grid: domains.Grid,
    codes: tuple[str, ...],
    *,
    group: Integers,
    chosen: CellSums,
    base: CellSums,
    count: Integers,
) -> Estimate:
    """From weights of cells and of groups to shares and their covariance."""
    k = len(codes)
    whole = base.by_cluster[0].sum(axis=0)
    known = whole > 0
    divisor = np.where(known, whole, 1)
    p = chosen.by_cluster[0].sum(axis=0) / np.repeat(divisor, k)

    def centred(cells: Floats, groups: Floats) -> Floats:
        return (cells - p * np.repeat(groups, k, axis=1)) / np.repeat(divisor, k)

    sums = [centred(c, b) for c, b in zip(chosen.by_cluster, base.by_cluster, strict=True)]
    moments = None
    if chosen.moments is not None and base.moments is not None:
        moments = centred(chosen.moments, base.moments)
    held = None
    if asks_for_domains(sample):
        held = [np.repeat(each > 0, k, axis=1) for each in base.by_cluster]
    every = scores(sums, sample, moments=moments, domains=held)
    covariance = every.T @ every
    empty = np.repeat(~known, k)
    p[empty] = np.nan
    covariance[empty] = np.nan
    covariance[:, empty] = np.nan

    inside = group >= 0
    n = np.bincount(group[inside], minlength=len(whole))
    squares = np.bincount(group[inside], sample.weights[inside] ** 2, minlength=len(whole))
    effective = np.divide(whole**2, squares, out=np.zeros_like(whole), where=squares > 0)
    others = np.repeat(n - 1, k)
    return Estimate(
        names=tuple((*name, code) for name in grid.names for code in codes),
        value=p,
        covariance=covariance,
        df=grid.df,
        own_df=np.repeat(grid.own_df, k),
        n=np.repeat(n, k).astype(np.intp),
        count=count.astype(np.intp),
        weighted=np.repeat(whole, k),
        effective=np.repeat(effective, k),
        simple=np.where(others > 0, p * (1 - p), np.nan) / np.where(others > 0, others, 1),
        sampling=sample.design.sampling,
    )


def cell_sums(
    sample: Sample, cell: Integers, size: int, *, multiplier: Floats | None = None
) -> CellSums:
    """Weights of (cluster, cell); rows with cell -1 count nowhere."""
    inside = cell >= 0
    weights = sample.weights if multiplier is None else sample.weights * multiplier
    by_cluster: list[Floats] = []
    for stage in sample.stages:
        both = stage.cluster[inside] * size + cell[inside]
        sums = sums_by(both, weights[inside], stage.clusters * size)
        by_cluster.append(sums.reshape(stage.clusters, size))
    calibration = sample.calibration
    moments = None
    if calibration is not None:
        moments = calibration.moments_of_cells(cell, size, multiplier)
    return CellSums(by_cluster, moments)


def _over_codes(cells: Floats, groups: int, codes: int) -> Floats:
    """(m, groups x codes) -> (m, groups)."""
    return cells.reshape(len(cells), groups, codes).sum(axis=2)


def _interleave(options: list[Floats]) -> Floats:
    """For each option (m, groups) -> (m, groups x options), group by group."""
    stacked = np.stack(options, axis=2)
    return stacked.reshape(len(stacked), -1)
