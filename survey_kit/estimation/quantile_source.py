r"""Quantiles of rows that stay where they are, in two readings.

The first sums the weights by value: that is all a quantile is looked up in. The second puts
every row in a class between the quantiles that were found, and sums the classes over the
clusters: the share at or below a quantile is then a sum of classes, of which the variance is
known (`quantile`). The digits are those of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey_kit.design import faults
from survey_kit.design.cube import Cube
from survey_kit.design.design import Design, Sampling
from survey_kit.design.source import Source, Where, asked
from survey_kit.design.wanted import Classes, Wanted
from survey_kit.errors import EstimationError
from survey_kit.estimation import domains
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.quantile import (
    Quantiles,
    check_asked,
    look_up,
    no_replicates,
    quantiles_of_answers,
)
from survey_kit.estimation.quantile_interval import QuantileInterval
from survey_kit.estimation.quantile_rules import Rule
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.statistics.mean import MEAN

BY_VALUE = frozenset({"math", "school", "hf1", "hf2", "hf3"})
"""Rules for which it is enough to know what the people of a value weigh together."""


def quantiles_of(
    source: Source,
    columns: Sequence[str],
    at: Sequence[float] = (0.25, 0.5, 0.75),
    *,
    by: Sequence[str] = (),
    where: Where | None = None,
    rule: Rule = "math",
    interval: QuantileInterval = "mean",
    level: float = 0.95,
    df: float | None = None,
) -> Quantiles:
    """Quantiles of columns of numbers, for everybody or for every group: see `quantile`.

    Memory is needed for as many numbers as there are different values in the groups. With
    interval="score" the rows are read once for every step of a search.

    Parameters
    ----------
    where
        column -> the names of its categories that are asked about.

    Raises
    ------
    DesignError, LonelyUnit
        As `quantile`.
    EstimationError
        As `quantile`; or if the rule asks for what each of several people of one value
        weighs, which sums do not tell.
    """
    check_asked(columns, at, level)
    for column in columns:
        faults.check_number(source.engine.head, column)
    answers = _answers(source, tuple(columns), tuple(by), where)
    if rule not in BY_VALUE and answers.tied:
        raise EstimationError(
            f"quantile by the rule '{rule}'",
            "it depends on what each of those who gave the same answer weighs, and on their order",
            "Take 'math', 'school' or 'hf3', or make a Sample of the rows.",
        )
    return quantiles_of_answers(answers, at, rule=rule, interval=interval, level=level, df=df)


@dataclass(frozen=True, eq=False)
class _Answers:
    """Values in order for every group and column, and what their people weigh: see `Answers`.

    tied
        Whether more than one person of a group has the same value.
    """

    source: Source
    columns: tuple[str, ...]
    by: tuple[str, ...]
    where: Where | None
    ordered: tuple[tuple[Floats, ...], ...]
    weights: tuple[tuple[Floats, ...], ...]
    tied: bool

    @property
    def groups(self) -> int:
        """See `Answers`."""
        return len(self.ordered)

    @property
    def sampling(self) -> Sampling:
        """See `Answers`."""
        return self.source.design.sampling

    def look_up(self, at: Floats, rule: Rule) -> Floats:
        """See `Answers`."""
        return look_up(self.ordered, self.weights, at, rule)

    def shares(self, limits: Floats) -> Estimate:
        """See `Answers`: one reading."""
        cuts = [np.unique(each[~np.isnan(each)]) for each in np.moveaxis(limits, 1, 0)]
        named = {
            _class_name(column): Classes(column, tuple(each.tolist()))
            for column, each in zip(self.columns, cuts, strict=True)
        }
        cube = self.source.cube([*self.by, *(self.where or ())], classes=named)
        held = cube.numbers(list(named))
        inside = np.asarray(~np.isnan(held).any(axis=1))
        chosen = asked(cube, self.where)
        inside = inside if chosen is None else inside & chosen
        code = np.maximum(domains.grid(cube, self.by, inside).code, 0)
        below: dict[str, Floats] = {}
        for column, each in enumerate(cuts):
            for number in range(limits.shape[2]):
                limit = limits[:, column, number]
                ends = np.where(np.isnan(limit), -1, np.searchsorted(each, limit))
                indicator = (held[:, column] <= ends[code]).astype(np.float64)
                below[f"at or below {column} {number}"] = indicator
        wider = replace(cube, data=cube.data.assign(**below))
        return estimate(MEAN, wider, list(below), by=self.by, where=inside)

    def replicated_error(self, wanted: Floats, value: Floats, rule: Rule) -> Floats:  # noqa: ARG002 - as `Answers` has it
        """See `Answers`: rows that stay where they are have no replicates."""
        raise no_replicates()


def _answers(
    source: Source, columns: tuple[str, ...], by: tuple[str, ...], where: Where | None
) -> _Answers:
    """Read what the people of each value weigh."""
    found = [_of_column(source, column, columns, by, where) for column in columns]
    return _Answers(
        source=source,
        columns=columns,
        by=by,
        where=where,
        ordered=tuple(zip(*(values for values, _, _ in found), strict=True)),
        weights=tuple(zip(*(weights for _, weights, _ in found), strict=True)),
        tied=any(tied for _, _, tied in found),
    )


def _of_column(
    source: Source,
    column: str,
    columns: tuple[str, ...],
    by: tuple[str, ...],
    where: Where | None,
) -> tuple[list[Floats], list[Floats], bool]:
    """For each group values in order, and what their people weigh; whether any share one."""
    others = {_class_name(name): Classes(name, ()) for name in columns if name != column}
    cube = _by_value(source, tuple(dict.fromkeys((*by, *(where or ()), column))), others)
    values = cube.numbers([column])[:, 0]
    inside = ~np.isnan(values) & np.asarray(~np.isnan(cube.numbers(list(others))).any(axis=1))
    chosen = asked(cube, where)
    grid = domains.grid(cube, by, inside if chosen is None else inside & chosen)
    orders = [rows[np.argsort(values[rows], kind="stable")] for rows in grid.rows]
    ordered = [values[order] for order in orders]
    tied = any(
        bool((cube.people[order] > 1).any() or (np.diff(held) == 0).any())
        for order, held in zip(orders, ordered, strict=True)
    )
    return ordered, [cube.weights[order] for order in orders], tied


def _by_value(source: Source, cells: tuple[str, ...], others: dict[str, Classes]) -> Cube:
    """Sums over the cells, of clusters too only where weights follow from the design."""
    if source.design.weight is None and source.design.population is not None:
        return source.cube(cells, classes=others)
    wanted = Wanted(
        cells=(*cells, *others),
        classes=tuple(others.items()),
        weight=source.design.weight,
        factors=source.factors,
    )
    sums = source.engine.sums(wanted)
    if source.design.weight is not None:
        wrong = (sums.lowest <= 0).any() or not np.isfinite(sums.weighed).all()
        if wrong:
            source.refuse(None)
    weighed = None if source.design.weight is None else sums.weighed
    alone = Design(source.design.sampling)
    return Cube(
        source.in_order(sums.data), alone, sums.people, weighed=weighed, squares=sums.squares
    )


def _class_name(column: str) -> str:
    return f"class of {column}"
