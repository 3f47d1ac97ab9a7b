r"""Raking of a cube, and of each of its replicates.

Cost does not depend on how many rows were summed: all replicates together are a matrix of
(cell, replicate), of which every sweep adds up the rows of a category and multiplies them.
Whatever is estimated with the replicates then has the error that raking leaves, without the
approximation of residuals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from survey_kit.design.cluster_replicates import AT_ONCE, CellReplicates, cells_of_replicates
from survey_kit.design.cube import Cube, Moments
from survey_kit.design.replicates import Replicates
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.errors import WeightingError
from survey_kit.weighting.rake import SWEEPS, fit_cells
from survey_kit.weighting.step import placed
from survey_kit.weighting.targets import Margins, Target, check_held, targets

TOGETHER = 32
"""How many replicates are raked at once: so few that they stay in the processor's memory."""


@dataclass(frozen=True, eq=False)
class RakedCube:
    """A cube with new weights, how many rounds that took, and the gap that is left."""

    cube: Cube
    iterations: int
    gap: float


def rake_cube(
    cube: Cube, margins: Margins, *, tolerance: float = 1e-10, iterations: int = 1000
) -> RakedCube:
    """Weights that fit every margin, in the cube and in each of its replicates: see `rake`.

    Parameters
    ----------
    margins
        As for `rake`; of columns that the cube was made by.

    Raises
    ------
    WeightingError
        As `rake`, naming the replicate; if the cube was raked before, or has no column of
        weights though its design implies some.
    """
    if cube.margins:
        raise WeightingError(
            "weights",
            "this sample was already calibrated",
            "Start from the sample before that, and give all margins at once.",
        )
    if cube.weighed is None and cube.design.population is not None:
        raise WeightingError(
            "weights",
            "they follow from the population, and raking needs a column of them",
            "Add a column of weights to the data, and name it in the design.",
        )
    wanted = targets(cube, margins)
    cell, codes = cells_of(wanted)
    held = sums_by(cell, cube.weights, len(codes[0]))
    check_held(wanted, [(code, held) for code in codes])
    fitted, rounds, gap = fit_cells(held, wanted, codes, tolerance, iterations)
    fitted = fitted * (wanted[0].totals.sum() / (fitted @ held))
    each = cube.replicates
    if each is not None:
        adjustments = fit_replicates(held_by_cell(each, cell), wanted, codes, tolerance, iterations)
        each = _replicates(each, cell, fitted, adjustments)
    raked = replace(
        cube,
        **_weighing(cube, fitted[cell]),
        margins=tuple((target.variable, target.categories) for target in wanted),
        sweeps=SWEEPS,
        replicates=each,
    )
    return RakedCube(raked, rounds, gap)


def _weighing(cube: Cube, factor: Floats) -> dict[str, Floats | Moments | None]:
    """The sums of a cube when the weight of the rows of each entry is so many times as much."""
    moments = cube.moments
    if moments is not None:
        moments = replace(
            moments,
            first=moments.first * factor[:, None],
            squared=moments.squared * factor[:, None] ** 2,
            second=moments.second * factor[:, None, None],
            spread=moments.spread * factor[:, None, None] ** 2,
        )
    return {
        "weighed": cube.weights * factor,
        "squares": cube.squared_weights * factor**2,
        "moments": moments,
    }


def _replicates(
    replicates: Replicates, cell: Integers, fitted: Floats, adjustments: Floats
) -> CellReplicates:
    """Every replicate raked, its factors those to the (cells,) fitted ones of the sample."""
    there = fitted[:, None] > 0
    relative = np.divide(adjustments, fitted[:, None], out=np.zeros_like(adjustments), where=there)
    return CellReplicates(
        kind=replicates.kind,
        factors=replicates.factors,
        row=replicates.row,
        base=replicates.base * fitted[cell],
        scale=replicates.scale,
        rscales=replicates.rscales,
        centre=replicates.centre,
        calibrated=True,
        cell=cell,
        adjustments=relative,
    )


def held_by_cell(replicates: Replicates, cell: Integers) -> Floats:
    """(cells, R) What the people of each cell weigh in each replicate."""
    size = int(cell.max()) + 1
    found = np.empty((size, len(replicates)))
    for some, sums in cells_of_replicates(
        replicates.factors, replicates.row, cell, size, replicates.base
    ):
        found[some] = sums
    return found


def cells_of(wanted: Sequence[Target]) -> tuple[Integers, list[Integers]]:
    """(m,) the combination of categories of each entry, and of each of those its categories."""
    sizes = [len(target.categories) for target in wanted]
    cell = wanted[0].codes
    for target, size in zip(wanted[1:], sizes[1:], strict=True):
        cell = cell * size + target.codes
    if np.prod([float(size) for size in sizes]) > AT_ONCE:
        found, cell = np.unique(cell, return_inverse=True)
    else:
        counts = np.bincount(cell)
        found, cell = np.flatnonzero(counts), (np.cumsum(counts > 0) - 1)[cell]
    return cell.astype(np.intp), list(np.unravel_index(found, sizes))


def fit_replicates(
    held: Floats,
    wanted: Sequence[Target],
    codes: Sequence[Integers],
    tolerance: float,
    iterations: int,
) -> Floats:
    """(cells, R) factors that fit every replicate to the margins.

    Parameters
    ----------
    held
        (cells, R) What the people of each cell weigh in each replicate.
    codes
        For each margin the (cells,) category of each.

    Raises
    ------
    WeightingError
        As `rake`, naming the replicate.
    """
    adjustments = np.empty_like(held)
    for start in range(0, held.shape[1], TOGETHER):
        several = slice(start, start + TOGETHER)
        _check(held[:, several], wanted, codes, start, held.shape[1])
        adjustments[:, several] = _fit(held[:, several], wanted, codes, tolerance, iterations)
    return adjustments


def _check(
    held: Floats,
    wanted: Sequence[Target],
    codes: Sequence[Integers],
    start: int,
    replicates: int,
) -> None:
    """Refuse a replicate that lacks a category which should weigh something."""
    empty = np.zeros(held.shape[1], dtype=bool)
    for target, code in zip(wanted, codes, strict=True):
        achieved = _indicators(code, len(target.totals)) @ held
        empty |= ((achieved <= 0) & (target.totals > 0)[:, None]).any(axis=0)
    for number in np.flatnonzero(empty):
        try:
            check_held(wanted, [(code, held[:, number]) for code in codes])
        except WeightingError as error:
            place = f"replicate {start + number + 1} of {replicates}"
            raise placed(error, place) from error


def _fit(
    held: Floats,
    wanted: Sequence[Target],
    codes: Sequence[Integers],
    tolerance: float,
    iterations: int,
) -> Floats:
    """(cells, several) factors, as `fit_cells` finds them for one."""
    whole = wanted[0].totals.sum()
    current = held * (whole / held.sum(axis=0))
    indicators = [
        _indicators(code, len(target.totals)) for target, code in zip(wanted, codes, strict=True)
    ]
    left: Integers = np.arange(held.shape[1], dtype=np.intp)
    for _ in range(iterations):
        some = current[:, left]
        for target, code, each in zip(wanted, codes, indicators, strict=True):
            achieved = each @ some
            there = achieved > 0
            wished = np.where(there, target.totals[:, None] / np.where(there, achieved, 1), 1)
            some *= wished[code]
        current[:, left] = some
        gap: Floats = np.zeros(len(left))
        for target, each in zip(wanted, indicators, strict=True):
            size = np.where(target.totals > 0, target.totals, 1)[:, None]
            away = np.abs(each @ some - target.totals[:, None]) / size
            gap = np.maximum(gap, away.max(axis=0))
        left = left[gap > tolerance]
        if not len(left):
            break
    if len(left):
        # the ordinary way says what is wrong
        fit_cells(held[:, left[0]], wanted, codes, tolerance, iterations)
    current *= whole / current.sum(axis=0)
    return np.divide(current, held, out=np.ones_like(held), where=held > 0)


def _indicators(code: Integers, categories: int) -> sparse.csr_array:
    """(categories, cells) 1 where a cell is in a category."""
    place = (code, np.arange(len(code)))
    return sparse.csr_array((np.ones(len(code)), place), shape=(categories, len(code)))
