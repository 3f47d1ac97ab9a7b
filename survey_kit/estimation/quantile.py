r"""Quantiles: the income that half earn less than, and how well the sample knows it.

A quantile is no smooth function of the weights, so its interval is found in another way
than that of a mean. The share of people at or below the estimate is a mean, of which the
interval is known; its two ends, looked up as quantiles, are the interval of the quantile
(Woodruff 1952, "Confidence intervals for medians and other position measures", JASA
47:635-646). The standard error is that of a normal distribution with such an interval,
:math:`s = (\text{high} - \text{low}) / 2 t_{df}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.design import Sampling
from survey_kit.design.sample import Sample
from survey_kit.design.stage import Integers
from survey_kit.design.wording import wording
from survey_kit.errors import EstimationError
from survey_kit.estimation import domains, intervals
from survey_kit.estimation.asked import Where, asked_rows, columns_named
from survey_kit.estimation.estimate import Estimate, estimate, precision
from survey_kit.estimation.quantile_interval import (
    Answers,
    QuantileInterval,
    ends_of_shares,
    not_rejected,
)
from survey_kit.estimation.quantile_rules import ROUNDING, Rule, weighted_quantiles
from survey_kit.estimation.replicated import replicated
from survey_kit.estimation.shown import Shown, Table, of_frame
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.testable import check_word


@dataclass(frozen=True, eq=False, repr=False)
class Quantiles(Shown):
    """k quantiles, their intervals, and who they rest on.

    names
        The group or groups each belongs to ("" for everybody), then its column.
    at
        (k,) The share of people at or below it.
    value, low, high, standard_error
        (k,) In the units of the columns; NaN for a domain that nobody is in, and for an end
        that lies beyond what was answered.
    share
        (k,) The share of the sample at or below `value`; at least `at`, as people come in
        whole.
    correlation
        (k, k) Between the shares, and so, to first order, between the quantiles.
    df
        (k,) Degrees of freedom: clusters less strata, of those that hold any answer of the
        group.
    n, weighted
        (k,) Rows in the base, and the sum of their weights.
    level
        The confidence of the interval.
    sampling
        How people were chosen, which decides what may be said.
    asked
        Whether an interval was asked for that rests on a model: see `Estimate.modelled`.
    design
        One line that says how the numbers came about; see `design_line`.
    """

    names: tuple[tuple[str, ...], ...]
    at: Floats
    value: Floats
    low: Floats
    high: Floats
    standard_error: Floats
    share: Floats
    correlation: Floats
    df: Floats
    n: Integers
    weighted: Floats
    level: float
    sampling: Sampling
    asked: bool = False
    design: str = ""

    @property
    def modelled(self) -> Quantiles:
        """The same quantiles, with intervals that rest on a model: see `Estimate.modelled`."""
        return self if self.sampling is Sampling.PROBABILITY else replace(self, asked=True)

    @cached_property
    def covariance(self) -> Floats:
        """(k, k) To first order; for the difference between medians of two groups."""
        return self.correlation * np.outer(self.standard_error, self.standard_error)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each quantile: names, share, value, standard error, interval, base."""
        labels = {
            f"group {part + 1}" if part else "group": [name[part] for name in self.names]
            for part in range(len(self.names[0]) - 1 if self.names else 0)
        }
        return pd.DataFrame(
            {
                **labels,
                "name": [name[-1] for name in self.names],
                "quantile": self.at,
                "value": self.value,
                **precision(
                    self.sampling,
                    asked=self.asked,
                    error=self.standard_error,
                    interval=lambda: (self.low, self.high),
                ),
                "n": self.n,
                "weighted": self.weighted,
                "df": self.df,
            }
        )

    def shown(self) -> Table:
        """Every quantile with its interval and base, and of whom they are."""
        kept = self.frame.drop(columns=["df", "modelled_standard_error"], errors="ignore")
        if not any(part for name in self.names for part in name[:-1]):
            kept = kept.drop(columns=[name for name in kept if str(name).startswith("group")])
        return of_frame(kept, under=self._under())

    def _under(self) -> list[str]:
        said = wording(self.sampling, int(self.n.max(initial=0)), "")
        freedom = f"{self.df.max(initial=0):g} degrees of freedom"
        lines = [f"{self.design}; {freedom}" if self.design else said.footer]
        if self.design and not said.may_generalise:
            lines.append(f"Quantiles are {said.share}, and cannot be generalised.")
        if self.asked or said.intervals == "design":
            label = said.label.replace("95%", f"{100 * self.level:g}%")
            lines.insert(0, f"low, high: {label}")
        return lines


@dataclass(frozen=True, eq=False)
class _Answers:
    """The answered values of every group and column in order, and the shares below a value.

    ordered, weights, rows
        For each group, for each column: in ascending order of the values.
    """

    sample: Sample
    columns: tuple[str, ...]
    by: tuple[str, ...]
    where: NDArray[np.bool_]
    code: Integers
    groups: int
    data: Floats
    ordered: tuple[tuple[Floats, ...], ...]
    weights: tuple[tuple[Floats, ...], ...]
    rows: tuple[tuple[Integers, ...], ...]

    @property
    def sampling(self) -> Sampling:
        """See `Answers`."""
        return self.sample.design.sampling

    def weighing(self, weights: Floats) -> _Answers:
        """The same answers with the (n,) weights of a replicate."""
        return replace(
            self, weights=tuple(tuple(weights[rows] for rows in group) for group in self.rows)
        )

    def look_up(self, at: Floats, rule: Rule) -> Floats:
        """See `Answers`."""
        return look_up(self.ordered, self.weights, at, rule)

    def shares(self, limits: Floats) -> Estimate:
        """The shares at or below (groups, columns, k) limits, group by group in that order."""
        k = limits.shape[2]
        below: dict[str, Floats] = {}
        for column in range(len(self.columns)):
            for number in range(k):
                limit = limits[:, column, number][np.maximum(self.code, 0)]
                indicator = (self.data[:, column] <= limit).astype(np.float64)
                below[f"at or below {column} {number}"] = indicator
        frame = self.sample.data[[*_design_columns(self.sample), *self.by]]
        frame = frame.loc[:, ~frame.columns.duplicated()].assign(**below)
        sample = replace(self.sample, data=frame)
        return estimate(MEAN, sample, list(below), by=self.by, where=self.where)

    def replicated_error(self, wanted: Floats, value: Floats, rule: Rule) -> Floats:
        """See `Answers`."""
        replicates = self.sample.replicates
        if replicates is None or replicates.kind in {"JK1", "JKn"}:
            raise no_replicates()
        found = replicated(
            replicates, lambda weights: self.weighing(weights).look_up(wanted, rule).ravel()
        )
        return np.sqrt(np.diag(replicates.covariance(found, value.ravel())))


def look_up(
    ordered: tuple[tuple[Floats, ...], ...],
    weights: tuple[tuple[Floats, ...], ...],
    at: Floats,
    rule: Rule,
) -> Floats:
    """(groups, columns, k) shares -> quantiles of values in order, and what they weigh."""
    found = np.empty(at.shape)
    for group, columns in enumerate(ordered):
        for column, values in enumerate(columns):
            found[group, column] = weighted_quantiles(
                values, weights[group][column], at[group, column], rule
            )
    return found


def no_replicates() -> EstimationError:
    """Nothing to take the scatter of quantiles from."""
    return EstimationError(
        "quantile",
        "the sample has no replicates, or those of a jackknife, which do not fit a quantile",
        "Ask for interval='mean', or use bootstrap or balanced replicates.",
    )


def quantile(
    sample: Sample,
    columns: str | Sequence[str],
    at: float | Sequence[float] = (0.25, 0.5, 0.75),
    *,
    by: str | Sequence[str] | None = None,
    where: Where = None,
    rule: Rule = "math",
    interval: QuantileInterval = "mean",
    level: float = 0.95,
    df: float | None = None,
) -> Quantiles:
    """Quantiles of columns of numbers, for everybody or for every group.

    A row with a missing value in any of the columns leaves the base.

    Parameters
    ----------
    at
        Shares between 0 and 1: 0.5 is the median.
    by
        Columns whose combinations are the groups.
    where
        Of whom: (n,) bool, the name of a column of true and false, or categories by column; None
        for all. See `asked_rows`.
    rule
        See `quantile_rules`.
    interval
        "mean", "xlogit", "asin", "beta": that of the share (wald, and as in `intervals`).
        "score": all values that a test of "a share `at` are at or below it" does not reject
        (Francisco and Fuller 1991, Annals of Statistics 19:454-469).
        "replicates": from the quantiles of every replicate; not for a jackknife, of which the
        variance of a quantile is wrong.
    level
        Its confidence, between 0 and 1.
    df
        Degrees of freedom; None for those of each group, infinite for the normal
        distribution.

    Raises
    ------
    DesignError
        If there is no such column, or it holds no numbers.
    EstimationError
        If a share or the level is not between 0 and 1, or no column is named.
    LonelyUnit
        See `linearised_variance`.
    """
    columns = columns_named(columns)
    at = (at,) if isinstance(at, float | int) else tuple(at)
    check_asked(columns, at, level)
    check_word("quantile, rule", rule, get_args(Rule))
    check_word("quantile, interval", interval, get_args(QuantileInterval))
    answers = _answers(sample, columns, columns_named(by), asked_rows(sample, where))
    return quantiles_of_answers(answers, at, rule=rule, interval=interval, level=level, df=df)


def quantiles_of_answers(
    answers: Answers,
    at: Sequence[float],
    *,
    rule: Rule,
    interval: QuantileInterval,
    level: float,
    df: float | None,
) -> Quantiles:
    """Quantiles of answers, wherever they are: see `quantile`."""
    columns = answers.columns
    shape = (answers.groups, len(columns), len(at))
    wanted = np.broadcast_to(np.asarray(at, dtype=np.float64), shape)
    value = answers.look_up(wanted, rule)
    shares = answers.shares(value)
    freedom = shares.own_df if df is None else np.full(shares.value.shape, float(df))
    reach = intervals.t_quantile(level, freedom)
    if interval == "replicates":
        error = answers.replicated_error(wanted, value, rule)
        low, high = intervals.wald(value.ravel(), error, reach)
    elif interval == "score":
        low, high = not_rejected(answers, wanted, reach, rule)
    else:
        ends = ends_of_shares(shares, interval, reach, freedom, level)
        low, high = (answers.look_up(end.reshape(shape), rule).ravel() for end in ends)
        # a share without error, as where all of a stratum was drawn, leaves no doubt
        certain = (shares.standard_error <= ROUNDING) & (rule != "shahvaish")
        low, high = (np.where(certain, value.ravel(), end) for end in (low, high))
    with np.errstate(divide="ignore", invalid="ignore"):
        error = shares.standard_error
        correlation = shares.covariance / np.outer(error, error)
        # what has no error, but for rounding, goes with nothing
        none = error <= ROUNDING
        correlation = np.where(none[:, None] | none, np.eye(len(none)), correlation)
        spread = (high - low) / (2 * reach)
    return Quantiles(
        names=tuple((*name[:-1], column) for name, column in _names(shares, columns, len(at))),
        at=wanted.ravel(),
        value=value.ravel(),
        low=low,
        high=high,
        standard_error=spread,
        share=shares.value,
        correlation=correlation,
        df=freedom,
        n=shares.n,
        weighted=shares.weighted,
        level=level,
        sampling=answers.sampling,
        design=shares.design,
    )


def check_asked(columns: Sequence[str], at: Sequence[float], level: float) -> None:
    """Refuse nothing asked, a share that is none, and a level that is none."""
    if not columns or not at:
        raise EstimationError(
            "quantile",
            "no column was named, or no share",
            "Name columns of numbers, and shares such as 0.5.",
        )
    for share in at:
        if not 0 <= share <= 1:
            raise EstimationError(
                "quantile", f"the share {share} was asked for", "Give shares from 0 to 1."
            )
    if not 0 < level < 1:
        raise EstimationError(
            "interval", f"its level is {level}", "Give one between 0 and 1, such as 0.95."
        )


def _answers(
    sample: Sample,
    columns: tuple[str, ...],
    by: tuple[str, ...],
    where: NDArray[np.bool_] | None,
) -> _Answers:
    data = sample.numbers(columns)
    answered = np.asarray(~np.isnan(data).any(axis=1))
    if where is not None:
        domains.grid(sample, (), where)
        answered = answered & where
    grid = domains.grid(sample, by, answered)
    if not grid.names:
        raise EstimationError(
            "quantile",
            f"nobody is in any group of {', '.join(by)}",
            "Check the column of the groups.",
        )
    values: list[tuple[Floats, ...]] = []
    weights: list[tuple[Floats, ...]] = []
    places: list[tuple[Integers, ...]] = []
    for rows in grid.rows:
        orders = [rows[np.argsort(data[rows, c], kind="stable")] for c in range(len(columns))]
        values.append(tuple(data[order, c] for c, order in enumerate(orders)))
        places.append(tuple(orders))
        weights.append(tuple(sample.weights[order] for order in orders))
    return _Answers(
        sample=sample,
        columns=columns,
        by=by,
        where=answered,
        code=grid.code,
        groups=len(grid.names),
        data=data,
        ordered=tuple(values),
        weights=tuple(weights),
        rows=tuple(places),
    )


def _design_columns(sample: Sample) -> list[str]:
    design = sample.design
    named = (design.weight, design.stratum, *design.clusters, *design.populations)
    return [name for name in named if name is not None]


def _names(shares: Estimate, columns: Sequence[str], k: int) -> list[tuple[tuple[str, ...], str]]:
    each = len(columns) * k
    return [(name, columns[place % each // k]) for place, name in enumerate(shares.names)]
