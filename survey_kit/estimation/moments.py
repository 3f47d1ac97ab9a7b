r"""Means, totals and ratios from sums of numbers: Σwy, and for variances the sums of products.

A sum over a sum, :math:`\hat\theta = \sum w y_a / \sum w d`, with d nothing, 1 or another
column, has the influence :math:`z = (y_a - \hat\theta d) / \sum w d`: linear in the numbers of
the row. So with :math:`y = (1, y_1 \dots y_q)'` it is :math:`\alpha' y`, and its sums over
clusters are :math:`\alpha' \sum w y`. Where every row is a cluster, its squares are
:math:`\alpha' (\sum w^2 y y') \alpha`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.cluster_replicates import replicate_sums
from survey_kit.design.cube import Cube, Moments
from survey_kit.design.described import design_line
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.design.wording import check_totals
from survey_kit.errors import EstimationError
from survey_kit.estimation import domains
from survey_kit.estimation.elements import Sums, covariance_of_elements
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.linearised import asks_for_domains, covariance_of_sums
from survey_kit.estimation.statistic import Over, Statistic


@dataclass(frozen=True, eq=False)
class _Lines:
    """What is linear in the numbers of a row, for each group.

    code
        (m,) The group of each entry; -1 for none.
    alpha
        (groups, statistics, 1 + q).
    """

    cube: Cube
    moments: Moments
    code: Integers
    alpha: Floats

    def sums(self, part: Integers, size: int, values: Floats) -> Floats:
        """(size, k) Sums of contributions over parts, given (m, 1 + q) sums of each entry."""
        by_group = grouped(self.code, len(self.alpha), part, size, values)
        return np.einsum("pgj,gkj->pgk", by_group, self.alpha).reshape(size, -1)

    def parts(self, part: Integers, size: int, inside: NDArray[np.bool_] | None) -> Floats:
        """(size, groups x (1 + q)) Σw and Σwy over parts of the entries that are inside."""
        code = self.code if inside is None else np.where(inside, self.code, -1)
        return grouped(code, len(self.alpha), part, size, self.weighed).reshape(size, -1)

    def projected(self, values: Floats) -> Floats:
        """(q, k) The same by the categories of the margins that were raked to."""
        calibration = self.cube.calibration
        if calibration is None:
            return np.zeros((0, self.alpha.shape[0] * self.alpha.shape[1]))
        margins = calibration.margins
        return np.vstack([self.sums(codes, size, values) for codes, size in margins])

    def blocks(self, inside: Floats) -> Floats:
        """See `Squares`."""
        found = self.cube.stages[0].scale[self.cube.strata] * inside
        products = np.empty((len(self.cube), *self.alpha.shape[2:] * 2))
        products[:, 0, 0] = self.cube.squared_weights
        products[:, 0, 1:] = products[:, 1:, 0] = self._squared()
        products[:, 1:, 1:] = self.moments.spread * self._implied(2)[:, None, None]
        groups, q = len(self.alpha), self.alpha.shape[2]
        flat = (products * found[:, None, None]).reshape(len(found), -1)
        everywhere = np.zeros_like(self.code)
        by_group = grouped(self.code, groups, everywhere, 1, flat)[0].reshape(groups, q, q)
        return np.einsum("gki,gij,glj->gkl", self.alpha, by_group, self.alpha)

    def mixed(self, inside: Floats) -> Floats:
        """See `Squares`."""
        values = np.column_stack([self.cube.squared_weights, self._squared()])
        spread = self.cube.stages[0].scale[self.cube.strata] * inside
        return self.projected(values * spread[:, None])

    @property
    def weighed(self) -> Floats:
        """(m, 1 + q) Σw and Σwy of each entry."""
        first = self.moments.first * self._implied(1)[:, None]
        return np.column_stack([self.cube.weights, first])

    @property
    def plain(self) -> Floats:
        """(m, 1 + q) Rows and Σy of each entry."""
        return np.column_stack([self.cube.people, self.moments.plain])

    @property
    def second(self) -> Floats:
        """(m, 1 + q, 1 + q) Σwyy' of each entry."""
        found = np.empty((len(self.cube), *self.alpha.shape[2:] * 2))
        found[:, 0, :] = found[:, :, 0] = self.weighed
        found[:, 1:, 1:] = self.moments.second * self._implied(1)[:, None, None]
        return found

    def _squared(self) -> Floats:
        return self.moments.squared * self._implied(2)[:, None]

    def _implied(self, power: int) -> Floats:
        """(m,) The weight that sums without a column of weights still lack."""
        return (
            np.ones(len(self.cube)) if self.cube.weighed is not None else self.cube.implied**power
        )


def grouped(code: Integers, groups: int, part: Integers, size: int, values: Floats) -> Floats:
    """(size, groups, columns) Sums of the values of the entries that are in a group."""
    inside = code >= 0
    both = part[inside] * groups + code[inside]
    found = np.empty((size * groups, values.shape[1]))
    for place, column in enumerate(values[inside].T):
        found[:, place] = sums_by(both, column, size * groups)
    return found.reshape(size, groups, -1)


def estimate_of_sums(
    statistic: Statistic,
    cube: Cube,
    columns: Sequence[str],
    *,
    by: Sequence[str] = (),
    where: NDArray[np.bool_] | None = None,
) -> Estimate:
    """A statistic of numbers that were summed, for everybody or for every group.

    See `estimate`, which it equals.

    Raises
    ------
    EstimationError
        If these are not the numbers that were summed, or the statistic needs more than
        their sums; if it is a total of a sample that stands for nobody but its respondents.
    """
    if statistic.total:
        check_totals(cube.design.sampling, statistic.name)
    moments, over = cube.moments, statistic.over
    if moments is None or tuple(dict.fromkeys(columns)) != moments.columns or over is None:
        raise EstimationError(
            statistic.name,
            "it cannot be had from the sums that were made",
            "Make a cube in which its columns are cells, or sum just these numbers.",
        )
    grid = domains.grid(cube, by, where)
    code = np.where(moments.answered, grid.code, -1)
    groups = len(grid.names)
    starts = range(0, len(columns), statistic.columns)
    labels = ["/".join(columns[first : first + statistic.columns]) for first in starts]
    places = np.array([moments.columns.index(name) for name in columns], dtype=np.intp)
    empty_lines = _Lines(cube, moments, code, np.zeros((groups, 1, 1 + len(moments.columns))))
    everywhere = np.zeros_like(code)
    totals = grouped(code, groups, everywhere, 1, empty_lines.weighed)[0]
    value, alpha = linear(over, totals, moments.shift, places.reshape(-1, statistic.columns))
    lines = _Lines(cube, moments, code, np.where(np.isfinite(alpha), alpha, 0))
    bases = np.column_stack([cube.people, cube.squared_weights])
    n, squares = grouped(code, groups, everywhere, 1, bases)[0].T
    simple = _simple(lines, totals, n)
    if cube.replicates is None:
        covariance = _covariance(cube, lines)
    else:
        every = replicate_sums(cube.replicates, lines.parts).reshape(-1, totals.shape[1])
        found, _ = linear(over, every, moments.shift, places.reshape(-1, statistic.columns))
        found = np.where(np.isfinite(found), found, np.nan).reshape(-1, value.size)
        covariance = cube.replicates.covariance(found, value.ravel())
    flat = np.where(np.isfinite(value), value, np.nan).ravel()
    unknown = np.isnan(flat)
    covariance[unknown] = np.nan
    covariance[:, unknown] = np.nan
    simple = np.where(unknown, np.nan, simple.ravel())
    k = len(labels)
    whole = totals[:, 0]
    effective = np.divide(whole**2, squares, out=np.zeros_like(whole), where=squares > 0)
    return Estimate(
        names=tuple((*name, label) for name in grid.names for label in labels),
        value=flat,
        covariance=covariance,
        df=grid.df,
        own_df=np.repeat(grid.own_df, k),
        n=np.repeat(n, k).astype(np.intp),
        count=np.repeat(n, k).astype(np.intp),
        weighted=np.repeat(whole, k),
        effective=np.repeat(effective, k),
        simple=simple,
        sampling=cube.design.sampling,
        design=design_line(cube),
    )


def linear(over: Over, totals: Floats, shift: Floats, places: Integers) -> tuple[Floats, Floats]:
    """(groups, statistics) values, and (groups, statistics, 1 + q) what they are linear in.

    Parameters
    ----------
    totals
        (groups, 1 + q) Σw and Σwy, the numbers without their shift.
    places
        (statistics, columns) Which of the numbers.
    """
    groups, statistics = len(totals), len(places)
    alpha = np.zeros((groups, statistics, totals.shape[1]))
    value = np.zeros((groups, statistics))
    whole = totals[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        for number, place in enumerate(places):
            top = place[0]
            numerator = totals[:, 1 + top] + shift[top] * whole
            alpha[:, number, 0] = shift[top]
            alpha[:, number, 1 + top] = 1
            match over:
                case Over.NOTHING:
                    value[:, number] = np.where(whole > 0, numerator, np.nan)
                    continue
                case Over.WEIGHTS:
                    below = whole
                    away = totals[:, 1 + top] / whole
                    value[:, number] = shift[top] + away
                    alpha[:, number, 0] = -away
                case Over.SECOND:
                    bottom = place[1]
                    below = totals[:, 1 + bottom] + shift[bottom] * whole
                    ratio = numerator / below
                    value[:, number] = ratio
                    alpha[:, number, 0] -= ratio * shift[bottom]
                    alpha[:, number, 1 + bottom] -= ratio
            alpha[:, number] /= below[:, None]
    return value, alpha


def _simple(lines: _Lines, totals: Floats, n: Floats) -> Floats:
    """(groups, statistics) The variances of simple random samples of as many."""
    groups, q = len(n), lines.alpha.shape[2]
    flat = lines.second.reshape(len(lines.cube), -1)
    everywhere = np.zeros_like(lines.code)
    second = grouped(lines.code, groups, everywhere, 1, flat)[0].reshape(groups, q, q)
    squares = np.einsum("gki,gij,gkj->gk", lines.alpha, second, lines.alpha)
    sums = np.einsum("gj,gkj->gk", totals, lines.alpha)
    whole = np.where(totals[:, :1] > 0, totals[:, :1], np.nan)
    several = np.where(n > 1, n - 1, np.nan)[:, None]
    return np.maximum(squares - sums**2 / whole, 0) * whole / several


def _covariance(cube: Cube, lines: _Lines) -> Floats:
    """(k, k) Of all groups and statistics."""
    moments = None if cube.calibration is None else lines.projected(lines.plain)
    statistics, groups = lines.alpha.shape[1], len(lines.alpha)
    people = cube.people[:, None]

    def held(part: Integers, size: int) -> Floats:
        found = grouped(lines.code, groups, part, size, people)[:, :, 0]
        return np.repeat(found, statistics, axis=1)

    if cube.of_elements:
        strata = len(cube.stages[0].population)
        sums = lines.sums(cube.strata, strata, lines.weighed)
        return covariance_of_elements(cube, lines, Sums(sums, moments, held(cube.strata, strata)))
    met = None
    if asks_for_domains(cube):
        met = [held(stage.cluster, stage.clusters) > 0 for stage in cube.stages]
    sums = [lines.sums(stage.cluster, stage.clusters, lines.weighed) for stage in cube.stages]
    return covariance_of_sums(sums, cube, moments=moments, domains=met)
