r"""What would be said without one place: every number again with one cluster left out.

Where people were not drawn by chance nothing tells how far a number is from that of the
population. But it can be told whether it hangs on one site, one enumerator or one country:
leave each out in turn, and see how far the number moves.

A statistic knows of equal rows only what they weigh together. So rows are summed once over
(unit, distinct answer), and leaving a unit out is taking its line of sums from the whole:

.. math:: \hat\theta_{(-u)} = \hat\theta(W - W_u)

Weights stay what they are: those of a raked sample are not raked again without the unit.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.cube import Cube
from survey_kit.design.described import design_line
from survey_kit.design.drawn import Drawn
from survey_kit.design.stage import Integers, sums_by
from survey_kit.errors import EstimationError
from survey_kit.estimation import domains
from survey_kit.estimation.asked import Where, asked_rows, columns_named, sample_first
from survey_kit.estimation.cells import Cells, OneChoice, SeveralChoices
from survey_kit.estimation.estimate import check_columns
from survey_kit.estimation.left_out import LeaveOneOut
from survey_kit.estimation.named import SHARES, check_groups, one_column, statistic_named
from survey_kit.estimation.proportions import check_options
from survey_kit.estimation.statistic import Floats, Over, Statistic


@sample_first
def leave_one_out(
    sample: Drawn,
    what: str | Statistic,
    columns: str | Sequence[str],
    *,
    unit: str | None = None,
    by: str | Sequence[str] | None = None,
    where: Where = None,
) -> LeaveOneOut:
    """A statistic without each unit in turn, for everybody or for every group: see `estimate`.

    Parameters
    ----------
    unit
        The column of what is left out: a site, an enumerator, a country. None for the clusters
        of the design. Rows without one are never left out.
    what, columns, by, where
        As for `sk.estimate`.

    Raises
    ------
    EstimationError
        If the number of columns does not fit, the design names no clusters and no unit is
        given, or it is a total of a sample that stands for nobody but its respondents.
    DesignError
        If there is no such column, or it holds no numbers.
    """
    columns, asked = columns_named(columns), asked_rows(sample, where)
    check_groups(sample, columns_named(by))
    statistic = statistic_named(what)
    if not isinstance(statistic, Statistic):
        if statistic == SHARES:
            one = one_column(columns, SHARES)
            return leave_one_out_of_shares(sample, one, unit=unit, by=by, where=asked)
        return leave_one_out_of_cases(sample, columns, unit=unit, by=by, where=asked)
    check_columns(statistic, sample, columns)
    return _of_statistic(
        sample, statistic, columns, unit, domains.grid(sample, columns_named(by), asked)
    )


def _of_statistic(
    sample: Drawn,
    statistic: Statistic,
    columns: tuple[str, ...],
    unit: str | None,
    grid: domains.Grid,
) -> LeaveOneOut:
    """Group by group, and in each column by column."""
    name, units, labels = _units(sample, unit)
    data, weighted, answered = _numbers(sample, columns, statistic)
    starts = range(0, len(columns), statistic.columns)
    sets = [slice(first, first + statistic.columns) for first in starts]
    titles = ["/".join(columns[part]) for part in sets]
    value: list[float] = []
    without: list[Floats] = []
    held: list[Integers] = []
    for group in grid.rows:
        rows = group[answered[group]]
        people = _by_unit(units[rows], sample.people[rows], len(labels))
        some = people.sum() + float((units[rows] < 0).sum()) - people > 0
        w = sample.weights[rows]
        for part in sets:
            if not len(rows):
                whole, each = np.nan, np.full(len(some), np.nan)
            elif statistic.over is not None:
                whole, each = _of_sums(
                    statistic.over, weighted[rows][:, part], w, units[rows], some
                )
            else:
                whole, each = _of_answers(statistic, data[rows][:, part], w, units[rows], some)
            value.append(whole)
            without.append(each)
            held.append(np.rint(people).astype(np.intp))
    return LeaveOneOut(
        names=tuple((*group, title) for group in grid.names for title in titles),
        value=np.array(value, dtype=np.float64),
        unit=name,
        left_out=labels,
        without=np.column_stack(without),
        held=np.column_stack(held),
        sampling=sample.design.sampling,
        design=design_line(sample),
    )


def leave_one_out_of_shares(
    sample: Drawn,
    column: str,
    *,
    unit: str | None = None,
    by: str | Sequence[str] | None = None,
    where: Where = None,
) -> LeaveOneOut:
    """The share of each category of a column without each unit in turn: see `shares`."""
    grid = domains.grid(sample, columns_named(by), asked_rows(sample, where))
    answers = sample.levels(column)
    codes = len(answers.names)
    inside = (grid.code >= 0) & (answers.codes >= 0)
    cell = np.where(inside, grid.code * codes + answers.codes, -1)
    cells = OneChoice(cell, len(grid.names), codes)
    return _of_cells(sample, grid, answers.names, cells, unit)


def leave_one_out_of_cases(
    sample: Drawn,
    columns: str | Sequence[str],
    *,
    unit: str | None = None,
    by: str | Sequence[str] | None = None,
    where: Where = None,
) -> LeaveOneOut:
    """The share who chose each of several options without each unit: see `shares_of_cases`."""
    grid = domains.grid(sample, columns_named(by), asked_rows(sample, where))
    columns = columns_named(columns)
    data = sample.numbers(columns)
    check_options(columns, data)
    group = np.where(np.isnan(data).any(axis=1), -1, grid.code)
    cells = SeveralChoices(group, np.nan_to_num(data), len(grid.names))
    return _of_cells(sample, grid, tuple(columns), cells, unit)


def _of_cells(
    sample: Drawn, grid: domains.Grid, codes: tuple[str, ...], cells: Cells, unit: str | None
) -> LeaveOneOut:
    """Shares of a table without each unit, from sums over (unit, cell)."""
    name, units, labels = _units(sample, unit)
    part = np.where(units < 0, len(labels), units)
    size, k = len(labels) + 1, len(codes)
    chosen, base = cells.sums(part, size, sample.weights)
    _, people = cells.sums(part, size, sample.people)
    left = people.sum(axis=0) - people[:-1] > 0
    remaining = np.where(left, base.sum(axis=0) - base[:-1], np.nan)
    without = (chosen.sum(axis=0) - chosen[:-1]) / remaining[:, :, None]
    whole = base.sum(axis=0)
    value = chosen.sum(axis=0) / np.where(whole > 0, whole, np.nan)[:, None]
    return LeaveOneOut(
        names=tuple((*group, code) for group in grid.names for code in codes),
        value=value.ravel(),
        unit=name,
        left_out=labels,
        # what is left of a share after taking everybody who said so is rounding
        without=np.clip(without, 0, 1).reshape(len(labels), -1),
        held=np.repeat(np.rint(people[:-1]).astype(np.intp), k, axis=1),
        sampling=sample.design.sampling,
        design=design_line(sample),
    )


def _units(sample: Drawn, unit: str | None) -> tuple[str, Integers, tuple[str, ...]]:
    """The name of the column, the unit of each row (-1 for none), and their labels."""
    if unit is not None:
        levels = sample.levels(unit)
        return unit, levels.codes, levels.names
    clusters = sample.design.clusters
    if not clusters:
        raise EstimationError(
            "leave one out",
            "the design names no clusters",
            "Name what is to be left out: unit='site', 'enumerator' or 'country'.",
        )
    levels = sample.levels(clusters[0])
    if not sample.design.nested or sample.design.stratum is None:
        return clusters[0], levels.codes, levels.names
    strata = sample.levels(sample.design.stratum)
    both = strata.codes * len(levels.names) + levels.codes
    found, codes = np.unique(both, return_inverse=True)
    places = [divmod(int(each), len(levels.names)) for each in found]
    labels = tuple(f"{strata.names[a]} × {levels.names[b]}" for a, b in places)
    return clusters[0], codes.astype(np.intp), labels


def _by_unit(units: Integers, values: Floats, size: int) -> Floats:
    """(size,) Sums over the rows of each unit."""
    inside = units >= 0
    return sums_by(units[inside], values[inside], size)


def _numbers(
    sample: Drawn, columns: Sequence[str], statistic: Statistic
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """(n, columns) numbers and weighted numbers, and (n,) which rows have all of them.

    Of a cube that holds sums of just these numbers the weighted ones are these sums.
    """
    moments = sample.moments if isinstance(sample, Cube) else None
    summed = moments is not None and set(columns) <= set(moments.columns)
    if moments is not None and summed and statistic.over is not None:
        places = [moments.columns.index(name) for name in columns]
        sums = moments.first + sample.weights[:, None] * moments.shift
        return sums[:, places], sums[:, places], moments.answered
    data = sample.numbers(columns)
    return data, data * sample.weights[:, None], np.asarray(~np.isnan(data).any(axis=1))


def _of_sums(
    over: Over, weighted: Floats, weights: Floats, units: Integers, some: NDArray[np.bool_]
) -> tuple[float, Floats]:
    """A sum over a sum; and (m,) each less those of a unit."""
    below = {Over.NOTHING: None, Over.WEIGHTS: weights, Over.SECOND: weighted[:, -1]}[over]

    def left(values: Floats) -> Floats:
        return values.sum() - _by_unit(units, values, len(some))

    above = weighted[:, 0]
    if below is None:
        return float(above.sum()), np.where(some, left(above), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = _finite(float(above.sum() / below.sum()))
        return whole, np.where(some, left(above) / left(below), np.nan)


def _of_answers(
    statistic: Statistic,
    data: Floats,
    weights: Floats,
    units: Integers,
    some: NDArray[np.bool_],
) -> tuple[float, Floats]:
    """Anything; and (m,) from the weight of each distinct answer less that in each unit."""
    answers, answer = np.unique(data, axis=0, return_inverse=True)
    answer = answer.ravel()
    every = sums_by(answer, weights, len(answers))
    rows = np.bincount(answer, minlength=len(answers))
    whole = _finite(statistic.value(answers, every))
    found = np.where(some, whole, np.nan)
    order = np.argsort(units, kind="stable")
    edges = np.searchsorted(units[order], np.arange(len(some) + 1))
    for unit in np.flatnonzero(some):
        own = order[edges[unit] : edges[unit + 1]]
        if not len(own):
            continue
        left = every - sums_by(answer[own], weights[own], len(answers))
        # who is wholly left out weighs nothing, and not what rounding leaves
        gone = np.bincount(answer[own], minlength=len(answers)) == rows
        found[unit] = _finite(statistic.value(answers, np.where(gone, 0.0, left)))
    return whole, found


def _finite(value: float) -> float:
    return value if np.isfinite(value) else np.nan
