"""The interval of a quantile: the ends of that of a share, or what a test does not reject."""

from __future__ import annotations

from typing import Literal, Protocol, TypeAlias

import numpy as np

from survey_kit.design.design import Sampling
from survey_kit.design.stage import Integers
from survey_kit.estimation import intervals
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.quantile_rules import Rule
from survey_kit.estimation.statistic import Floats

QuantileInterval: TypeAlias = Literal["mean", "xlogit", "asin", "beta", "score", "replicates"]


class Answers(Protocol):
    """Who answered what, in groups: rows, or sums of them by value."""

    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def groups(self) -> int: ...
    @property
    def sampling(self) -> Sampling: ...
    @property
    def ordered(self) -> tuple[tuple[Floats, ...], ...]:
        """For each group, for each column: the values in ascending order."""
        ...

    def look_up(self, at: Floats, rule: Rule) -> Floats:
        """(groups, columns, k) shares -> as many quantiles."""
        ...

    def shares(self, limits: Floats) -> Estimate:
        """The shares at or below (groups, columns, k) limits, group by group in that order."""
        ...

    def replicated_error(self, wanted: Floats, value: Floats, rule: Rule) -> Floats:
        """(k,) The scatter of the quantiles of the replicates."""
        ...


def ends_of_shares(
    shares: Estimate, interval: QuantileInterval, reach: Floats, freedom: Floats, level: float
) -> tuple[Floats, Floats]:
    """The interval of the shares; an end beyond 0 or 1 is none."""
    value, error = shares.value, shares.standard_error
    match interval:
        case "xlogit":
            low, high = intervals.logit(value, error, reach)
        case "asin":
            low, high = intervals.asin(value, error, reach)
        case "beta":
            low, high = intervals.beta(
                value,
                error,
                n=shares.n.astype(float),
                effective=shares.effective,
                df=freedom,
                level=level,
            )
        case _:
            low, high = intervals.wald(value, error, reach)
    return np.where(low >= 0, low, np.nan), np.where(high <= 1, high, np.nan)


def not_rejected(
    answers: Answers, wanted: Floats, reach: Floats, rule: Rule
) -> tuple[Floats, Floats]:
    """The quantiles at the shares F with (F(v) - p) / s(v) nearest to -t and to t."""
    distinct = [[np.unique(values) for values in group] for group in answers.ordered]
    size = np.array([[len(values) for values in group] for group in distinct])[:, :, None]
    last = np.broadcast_to(np.maximum(size - 1, 0), wanted.shape)
    t = reach.reshape(wanted.shape)

    def scored(place: Integers) -> tuple[Floats, Floats]:
        """The share at or below each value, and how far that is from p."""
        limits = np.full(wanted.shape, np.nan)
        for group, columns in enumerate(distinct):
            for column, values in enumerate(columns):
                if len(values):
                    limits[group, column] = values[place[group, column]]
        found = answers.shares(limits)
        share = found.value.reshape(wanted.shape)
        with np.errstate(divide="ignore", invalid="ignore"):
            z = (share - wanted) / found.standard_error.reshape(wanted.shape)
        return share, z

    def nearest(target: Floats) -> Floats:
        low, high = np.zeros(wanted.shape, dtype=np.intp), last.copy()
        while (low < high).any():
            middle = (low + high) // 2
            _, z = scored(middle)
            beyond = z >= target
            high = np.where(beyond & (low < high), middle, high)
            low = np.where(beyond | (low >= high), low, middle + 1)
        after, z_after = scored(low)
        before, z_before = scored(np.maximum(low - 1, 0))
        closer = (low > 0) & (np.abs(z_before - target) < np.abs(z_after - target))
        return answers.look_up(np.where(closer, before, after), rule).ravel()

    with np.errstate(invalid="ignore"):
        return nearest(-t), nearest(t)
