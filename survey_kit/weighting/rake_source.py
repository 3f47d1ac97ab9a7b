r"""Raking of rows that stay where they are.

Raking multiplies every weight by a factor for each of its margins, so all that is needed of
the rows is what the people of each combination of categories weigh, and all that is kept is
a factor for each category: the new weight of a row is an expression,
:math:`w_i \prod_m f_{m, x_{im}}`, which an engine works out while it reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from survey_kit.design.cube import Cube
from survey_kit.design.design import Design
from survey_kit.design.faults import check_column
from survey_kit.design.sample import Sample, levels_of
from survey_kit.design.source import Source
from survey_kit.design.stage import Floats, Integers
from survey_kit.design.wanted import CellSums, Wanted
from survey_kit.errors import WeightingError
from survey_kit.weighting.rake import SWEEPS, fit_cells
from survey_kit.weighting.report import WeightReport, margins_table
from survey_kit.weighting.targets import Margins, Target, check_held, targets

REFINED = 5


@dataclass(frozen=True, eq=False)
class RakedSource:
    """A source with new weights, and what that did."""

    source: Source
    report: WeightReport


def rake_of(
    source: Source, margins: Margins, *, tolerance: float = 1e-10, iterations: int = 1000
) -> RakedSource:
    """Weights that fit every margin: see `rake`.

    Returns
    -------
    RakedSource
        Its source reads the same rows and multiplies their weights on the way. It remembers
        its margins, so that variances are those of residuals (docs/decisions/0003); its
        cubes have a cell for every combination of them.

    Raises
    ------
    WeightingError
        As `rake`; or if the source was raked before, or has no column of weights though its
        design implies some.
    """
    check_can_be_raked(source, margins)
    asked = Wanted(cells=tuple(margins), weight=source.design.weight, highest=True)
    sums = source.engine.sums(asked)
    weighed = source.design.weight is not None
    if weighed and ((sums.lowest <= 0).any() or not np.isfinite(sums.weighed).all()):
        source.refuse(None)
    alone = Design(source.design.sampling)
    if bool(sums.data.isna().to_numpy().any()):
        _ = targets(Sample(source.engine.rows(tuple(margins)), alone), margins)
    cube = Cube(
        source.in_order(sums.data), alone, sums.people, weighed=sums.weighed, squares=sums.squares
    )
    wanted = targets(cube, margins)
    check_held(wanted, [(target.codes, cube.weights) for target in wanted])
    codes = [target.codes for target in wanted]
    fitted, rounds, gap = fit_cells(cube.weights, wanted, codes, tolerance, iterations)
    factors = fitted * (wanted[0].totals.sum() / (fitted @ cube.weights))
    raked = replace(
        source,
        factors=tuple(
            (target.variable, _by_value(sums, target, each))
            for target, each in zip(wanted, _of_categories(factors, wanted), strict=True)
        ),
        margins=tuple((target.variable, target.categories) for target in wanted),
        sweeps=SWEEPS,
    )
    return RakedSource(raked, _report(sums, wanted, factors, rounds, gap))


def check_can_be_raked(source: Source, margins: Margins) -> None:
    """Refuse a source that was raked, or has no column of weights though there are some."""
    if source.margins:
        raise WeightingError(
            "weights",
            "this sample was already calibrated",
            "Start from the sample before that, and give all margins at once.",
        )
    if source.design.weight is None and source.design.population is not None:
        raise WeightingError(
            "weights",
            "they follow from the population, and raking needs a column of them",
            "Add a column of weights to the data, and name it in the design.",
        )
    for variable in margins:
        check_column(source.engine.head, variable)


def write_weights(
    source: Source,
    path: Path,
    *,
    weight: str = "raked weight",
    columns: Sequence[str] | None = None,
) -> None:
    """Write the rows of a source and their weights to a Parquet file, in their order.

    Parameters
    ----------
    weight
        What to call the weights.
    columns
        The columns to write besides; None for all. Without any, the file holds nothing but
        the weights.

    Raises
    ------
    WeightingError
        If a column already has the name.
    """
    kept = tuple(source.engine.head.columns if columns is None else columns)
    if weight in kept:
        raise WeightingError(
            f"weight '{weight}'",
            "the data already have a column of that name",
            "Give another name: weight='...'.",
        )
    for name in kept:
        check_column(source.engine.head, name)
    wanted = Wanted(cells=kept, weight=source.design.weight, factors=source.factors)
    source.engine.write(wanted, weight, path)


def _of_categories(factors: Floats, wanted: Sequence[Target]) -> list[Floats]:
    """For each margin (categories,) factors, whose products are those of the cells.

    They are products by construction, so their logarithms are sums, and those are found by
    least squares.
    """
    cells = len(factors)
    at = np.arange(cells)
    parts = [
        sparse.csr_array((np.ones(cells), (at, t.codes)), shape=(cells, len(t.categories)))
        for t in wanted
    ]
    x = sparse.csr_array(sparse.hstack(parts, format="csr"))
    inverse = np.linalg.pinv(np.asarray((x.T @ x).todense()))
    found = np.zeros(x.shape[1])
    for _ in range(REFINED):
        found += inverse @ (x.T @ (np.log(factors) - x @ found))
    edges: Integers = np.cumsum([len(target.categories) for target in wanted])[:-1]
    return [np.asarray(np.exp(part), dtype=np.float64) for part in np.split(found, edges)]


def _by_value(sums: CellSums, target: Target, factors: Floats) -> tuple[tuple[object, float], ...]:
    """The factor of each value that the column has."""
    levels = levels_of(sums.data[target.variable])
    by_name = dict(zip(target.categories, factors.tolist(), strict=True))
    found: list[tuple[object, float]] = []
    for value, name in zip(levels.values, levels.names, strict=True):
        found.append((_plain(value), by_name[name]))
    return tuple(found)


def _plain(value: Any) -> object:
    """A value of numpy as Python has it."""
    return value.item() if hasattr(value, "item") else value


def _report(
    sums: CellSums, wanted: Sequence[Target], factors: Floats, rounds: int, gap: float
) -> WeightReport:
    """What `report` says of rows, from sums over cells."""
    after = sums.weighed * factors
    n, total = float(sums.people.sum()), float(after.sum())
    squares = float((sums.squares * factors**2).sum())
    mean = total / n
    return WeightReport(
        margins=margins_table(wanted, sums.people, sums.weighed, after),
        n=int(n),
        total=total,
        effective_size=total**2 / squares,
        design_effect=n * squares / total**2,
        variation=float(np.sqrt(max(squares - n * mean**2, 0) / (n - 1)) / mean),
        smallest=float((sums.lowest * factors).min() / mean),
        largest=float((sums.highest * factors).max() / mean),
        iterations=rounds,
        gap=gap,
    )
