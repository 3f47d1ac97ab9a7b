"""Estimates from a source: the rows stay where they are, and only sums of them are fetched.

Each is the function of the same name without ``_of``, of the cube that it needs, and gives
the same `Estimate`. For several tables of the same columns make the cube once,
``source.cube(["sex", "age"])``, and give it to `shares`, `rao_scott` or `estimate` in place
of a sample.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from survey_kit.design.cube import Cube
from survey_kit.design.source import Source, Where, asked
from survey_kit.estimation.asked import columns_named
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.goodness_of_fit import GoodnessOfFit, goodness_of_fit
from survey_kit.estimation.moments import estimate_of_sums
from survey_kit.estimation.proportions import shares, shares_of_cases
from survey_kit.estimation.rao_scott import (
    RaoScott,
    Version,
    rao_scott,
    rao_scott_multiple,
)
from survey_kit.estimation.statistic import Statistic
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.ratio import RATIO
from survey_kit.estimation.statistics.total import TOTAL


def shares_of(
    source: Source,
    column: str,
    *,
    by: str | Sequence[str] | None = None,
    where: Where | None = None,
) -> Estimate:
    """The share of each category of a column, within each group: see `shares`.

    Parameters
    ----------
    where
        column -> the names of its categories that are asked about.
    """
    cube = _cube(source, [column, *columns_named(by)], where)
    return shares(cube, column, by=by, where=asked(cube, where))


def shares_of_cases_of(
    source: Source,
    columns: Sequence[str],
    *,
    by: str | Sequence[str] | None = None,
    where: Where | None = None,
) -> Estimate:
    """The share of people who chose each of several options: see `shares_of_cases`."""
    cube = _cube(source, [*columns, *columns_named(by)], where)
    return shares_of_cases(cube, columns, by=by, where=asked(cube, where))


def rao_scott_of(
    source: Source,
    row: str,
    column: str,
    *,
    where: Where | None = None,
    version: Version = "F",
    df: float | None = None,
) -> RaoScott:
    """Whether two columns of categories are associated: see `rao_scott`."""
    cube = _cube(source, [row, column], where)
    return rao_scott(cube, row, column, where=asked(cube, where), version=version, df=df)


def rao_scott_multiple_of(
    source: Source, columns: Sequence[str], by: str, *, where: Where | None = None
) -> RaoScott:
    """Whether any of several options differs between groups: see `rao_scott_multiple`."""
    cube = _cube(source, [*columns, by], where)
    return rao_scott_multiple(cube, columns, by, where=asked(cube, where))


def goodness_of_fit_of(
    source: Source, column: str, shares: Mapping[str, float], *, where: Where | None = None
) -> GoodnessOfFit:
    """Whether the shares of a column are given ones: see `goodness_of_fit`."""
    cube = _cube(source, [column], where)
    return goodness_of_fit(cube, column, shares, where=asked(cube, where))


def means_of(
    source: Source,
    columns: Sequence[str],
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
) -> Estimate:
    """Means of columns of numbers, with their joint covariance."""
    return estimate_of(MEAN, source, columns, by=by, where=where)


def totals_of(
    source: Source,
    columns: Sequence[str],
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
) -> Estimate:
    """Totals of columns of numbers, with their joint covariance."""
    return estimate_of(TOTAL, source, columns, by=by, where=where)


def ratios_of(
    source: Source,
    columns: Sequence[str],
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
) -> Estimate:
    """Ratios of totals: of the first column to the second, the third to the fourth, and so on."""
    return estimate_of(RATIO, source, columns, by=by, where=where)


def estimate_of(
    statistic: Statistic,
    source: Source,
    columns: Sequence[str],
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
) -> Estimate:
    """A statistic, for everybody or for every group: see `estimate`.

    A statistic that is a sum over a sum (`Statistic.over`) needs sums only. Any other has its
    columns made cells, one for each value, so they should hold few different ones.
    """
    cells = [*by, *(where or ())]
    if statistic.over is None or len(columns) % statistic.columns:
        cube = source.cube([*cells, *columns])
        return estimate(statistic, cube, columns, by=by, where=asked(cube, where))
    numbers = tuple(dict.fromkeys(columns))
    together = 1 if statistic.columns == 1 else None
    cube = source.cube(cells, numbers=numbers, together=together)
    return estimate_of_sums(statistic, cube, columns, by=by, where=asked(cube, where))


def _cube(source: Source, columns: Sequence[str], where: Where | None) -> Cube:
    return source.cube([*columns, *(where or ())])
