"""Groups of a sample: their rows, their bases, and their sums over clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.drawn import Drawn
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.design.two_phase import TwoPhase
from survey_kit.errors import EstimationError
from survey_kit.estimation.linearised import asks_for_domains


@dataclass(frozen=True, eq=False)
class Grid:
    """Every combination of the groups: names, rows, degrees of freedom.

    code
        (n,) The combination of each row; -1 outside `where`, or where a group is missing.
    """

    names: tuple[tuple[str, ...], ...]
    code: Integers
    df: float
    own_df: Floats

    @cached_property
    def rows(self) -> tuple[Integers, ...]:
        """The rows of each combination, in their order."""
        order = np.argsort(self.code, kind="stable")
        edges = np.searchsorted(self.code[order], np.arange(len(self.names) + 1))
        return tuple(order[edges[i] : edges[i + 1]] for i in range(len(self.names)))


@dataclass(frozen=True, eq=False)
class Bases:
    """(groups,) People, the sum of their weights, and Kish's effective number."""

    n: Integers
    weighted: Floats
    effective: Floats


@dataclass(frozen=True, eq=False)
class Contributions:
    """What `scores` needs: sums by stage, and what the design makes necessary besides."""

    sums: list[Floats]
    influences: Floats | None
    domains: list[NDArray[np.bool_]] | None


def grid(sample: Drawn, by: Sequence[str], where: NDArray[np.bool_] | None) -> Grid:
    """The groups that the columns `by` make of the rows `where`."""
    if where is not None and (where.shape != (len(sample),) or where.dtype != np.bool_):
        raise EstimationError(
            "where",
            f"it must say yes or no of each of the {len(sample)} rows",
            "Give an array of that many True and False.",
        )
    code = np.zeros(len(sample), dtype=np.intp)
    names: list[tuple[str, ...]] = [()] if by else [("",)]
    for column in by:
        levels = sample.levels(column)
        code = np.where(
            (code < 0) | (levels.codes < 0), -1, code * len(levels.names) + levels.codes
        )
        names = [(*name, level) for name in names for level in levels.names]
    if where is not None:
        code = np.where(where, code, -1)
    df = sample.degrees_of_freedom(where)
    own = own_degrees(sample, code, len(names)) if by else np.array([df])
    return Grid(tuple(names), code, df, own)


def own_degrees(sample: Drawn, code: Integers, groups: int) -> Floats:
    """(groups,) Clusters less strata, of those that hold any row of the group."""
    if sample.replicates is not None:
        each = [sample.replicates.degrees_of_freedom(code == group) for group in range(groups)]
        return np.array(each)
    if isinstance(sample, TwoPhase):
        return np.array([sample.degrees_of_freedom(code == group) for group in range(groups)])
    first = sample.stages[0]
    inside = code >= 0
    if sample.of_elements:
        strata = len(first.population)
        cell = sample.strata[inside] * groups + code[inside]
        met = sums_by(cell, sample.people[inside], strata * groups).reshape(strata, groups)
        return met.sum(axis=0) - (met > 0).sum(axis=0)
    held = np.zeros((first.clusters, groups), dtype=bool)
    held[first.cluster[inside], code[inside]] = True
    strata = np.logical_or.reduceat(held, first.starts, axis=0)
    return (held.sum(axis=0) - strata.sum(axis=0)).astype(np.float64)


def bases(sample: Drawn, rows_of: Sequence[Integers]) -> Bases:
    """The base of each group of rows."""
    whole = np.array([sample.weights[rows].sum() for rows in rows_of])
    squares = np.array([sample.squared_weights[rows].sum() for rows in rows_of])
    return Bases(
        n=np.array([sample.people[rows].sum() for rows in rows_of]).astype(np.intp),
        weighted=whole,
        effective=np.divide(whole**2, squares, out=np.zeros_like(whole), where=squares > 0),
    )


def contributions(
    sample: Drawn, rows_of: Sequence[Integers], influences: Sequence[Floats]
) -> Contributions:
    """Sums of w z over the clusters of each stage, one column for each group of rows."""
    k = len(rows_of)
    sums = [np.zeros((stage.clusters, k)) for stage in sample.stages]
    held = [np.zeros((stage.clusters, k), dtype=bool) for stage in sample.stages]
    needed = asks_for_domains(sample)
    calibrated = np.zeros((len(sample), k)) if sample.calibration is not None else None
    for column, (rows, z) in enumerate(zip(rows_of, influences, strict=True)):
        weighted = sample.weights[rows] * z
        for number, stage in enumerate(sample.stages):
            cluster = stage.cluster[rows]
            sums[number][:, column] = sums_by(cluster, weighted, stage.clusters)
            if needed:
                held[number][cluster, column] = True
        if calibrated is not None:
            calibrated[rows, column] = z
    return Contributions(sums, calibrated, held if needed else None)
