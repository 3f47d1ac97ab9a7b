r"""How many are left as time goes by: the survival curve of a weighted sample.

With :math:`\hat N(t)` the weighted events at time t and :math:`\hat Y(t)` the weight of those at
risk, the hazard is :math:`\lambda(t) = \hat N(t) / \hat Y(t)`, and the logarithm of the share left

.. math:: \log S(t) = \sum_{s \le t} \log(1 - \lambda(s)) \quad\text{(Kaplan-Meier)}, \qquad
          \log S(t) = -\sum_{s \le t} \lambda(s) \quad\text{(Nelson-Aalen)}.

A hazard is a ratio of two totals, so the influence of a row on :math:`\log S(t)` is

.. math:: z_i(t) = -\sum_{s \le t} c(s)\,\big(dN_i(s) - Y_i(s)\,\lambda(s)\big), \qquad
          c = \frac{1}{\hat Y - \hat N} \;\text{ or }\; \frac{1}{\hat Y},

and its variance is that of a total under the design. Intervals are those of the logarithm.
R's `svykm` has Kaplan and Meier's curve without errors, and Nelson and Aalen's with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.described import design_line
from survey_kit.design.sample import Sample
from survey_kit.design.shown import Shown, Table, figure
from survey_kit.design.stage import Integers, sums_by
from survey_kit.errors import EstimationError
from survey_kit.estimation import domains
from survey_kit.estimation.asked import Where, asked_rows, columns_named
from survey_kit.estimation.elements import covariance_of_influences
from survey_kit.estimation.estimate import Estimate, precision
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.survival import happened, spans
from survey_kit.estimation.replicated import replicated
from survey_kit.estimation.shown import of_result
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.testable import check_word

Curve: TypeAlias = Literal["Kaplan-Meier", "Nelson-Aalen"]
MOST_TIMES = 2_000
"""Times of a curve that names none: their joint covariance takes 32 MB."""


@dataclass(frozen=True, eq=False, repr=False)
class SurvivalCurve(Shown):
    """A survival curve, or one for every group.

    logarithm
        Of the share left, at every time of every group, with joint covariance: its names are
        the group and the time. -inf with an error of NaN where nobody is left.
    times
        (t,) The times, the same for every group.
    at_risk
        (groups, t) Rows at risk, unweighted.
    """

    logarithm: Estimate
    times: Floats
    at_risk: Integers
    curve: Curve

    @property
    def value(self) -> Floats:
        """(groups * t,) The share left, group by group."""
        return np.exp(self.logarithm.value)

    @property
    def standard_error(self) -> Floats:
        """(groups * t,) Of the share left."""
        return self.value * self.logarithm.standard_error

    @property
    def modelled(self) -> SurvivalCurve:
        """With intervals that rest on a model: see `Estimate.modelled`."""
        return replace(self, logarithm=self.logarithm.modelled)

    def interval(self, level: float = 0.95, *, df: float | None = None) -> tuple[Floats, Floats]:
        """Lower and upper bounds of the share left, as those of `Estimate.interval`.

        df
            Infinite for the normal distribution, as R's `confint.svykm`.
        """
        low, high = self.logarithm.interval(level, df=df)
        return np.exp(low), np.minimum(np.exp(high), 1.0)

    def quantile(
        self, share: float = 0.5, *, level: float = 0.95, df: float | None = None
    ) -> pd.DataFrame:
        """When at most that share is left, for every group, and where the bounds get there.

        Infinite where they never do among the times of the curve.
        """
        if not 0 < share < 1:
            raise EstimationError(
                "survival curve", f"the share left is {share}", "Give one between 0 and 1."
            )
        found = {"time": self._reach(self.value, share)}
        bounds = precision(
            self.logarithm.sampling,
            asked=self.logarithm.asked,
            error=self.value,
            interval=lambda: self.interval(level, df=df),
        )
        for name, bound in bounds.items():
            if not name.endswith("standard_error"):
                found[name] = self._reach(bound, share)
        firsts = self.logarithm.names[:: len(self.times)]
        return pd.DataFrame({**_labels(firsts), "share": share, **found})

    def _reach(self, shares: Floats, share: float) -> Floats:
        """(groups,) The first time at which no more than that share is left."""
        below = shares.reshape(-1, len(self.times)) <= share
        return np.where(below.any(axis=1), self.times[below.argmax(axis=1)], np.inf)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each time of each group: who is at risk, the share left, its interval."""
        groups = len(self.at_risk)
        return pd.DataFrame(
            {
                **_labels(self.logarithm.names),
                "time": np.tile(self.times, groups),
                "at_risk": self.at_risk.ravel(),
                "value": self.value,
                **precision(
                    self.logarithm.sampling,
                    asked=self.logarithm.asked,
                    error=self.standard_error,
                    interval=self.interval,
                ),
            }
        )

    def shown(self) -> Table:
        """The share left at every time of every group, and when half are left."""
        half = self.quantile()
        groups = [name for name in half if str(name).startswith("group")]
        when = [
            f"{' × '.join(str(each) for each in row[: len(groups)])} {figure(float(row[-1]))}".strip()
            for row in half[[*groups, "time"]].itertuples(index=False)
        ]
        said = f"At most half are left after: {', '.join(when)} (a dash: never)"
        return of_result(f"Share left ({self.curve})", self.frame, self.logarithm, said)


def _labels(names: Sequence[tuple[str, ...]]) -> dict[str, list[str]]:
    parts = range(len(names[0]) - 1)
    if all(name[0] == "" for name in names):
        return {}
    return {
        f"group {part + 1}" if part else "group": [name[part] for name in names] for part in parts
    }


def survival_curve(
    sample: Sample,
    *,
    time: str,
    event: str,
    entry: str | None = None,
    by: str | Sequence[str] = (),
    at: Sequence[float] | None = None,
    curve: Curve = "Kaplan-Meier",
    where: Where = None,
) -> SurvivalCurve:
    """The share to whom it has not happened yet (R's `svykm`).

    Parameters
    ----------
    time, event, entry
        As of `survival`.
    by
        Columns whose combinations have curves of their own, with joint covariance.
    at
        The times at which the curve is wanted, in any order; None: whenever it happened.
    where
        Of whom: see `asked_rows`.

    Raises
    ------
    EstimationError
        If it never happened, an event is neither 0 nor 1, somebody leaves before they enter,
        or it happened at too many times to take all.
    """
    by, where = columns_named(by), asked_rows(sample, where)
    check_word("survival curve", curve, get_args(Curve))
    named = [time, event, *([entry] if entry else [])]
    used = formulas.rows_used(sample, [f"`{each}`" for each in (*named, *by)], where)
    numbers = sample.numbers(named)
    until, since = np.full(len(sample), -np.inf), np.full(len(sample), -np.inf)
    dead = np.zeros(len(sample), dtype=bool)
    dead[used] = happened(numbers[used, 1], event)
    until[used], since[used] = spans(numbers[used, 0], numbers[used, 2] if entry else None, time)
    times = _times(until[used & dead], at)
    grid = domains.grid(sample, by, used)
    parts = [_Group(until[rows], since[rows], dead[rows], times, curve) for rows in grid.rows]
    weights = [sample.weights[rows] for rows in grid.rows]
    value = np.concatenate([part.value(w) for part, w in zip(parts, weights, strict=True)])
    covariance = _covariance(sample, grid.rows, parts, value)
    covariance[~np.isfinite(value)] = np.nan
    covariance[:, ~np.isfinite(value)] = np.nan
    base = domains.bases(sample, list(grid.rows))
    t = len(times)
    logarithm = Estimate(
        names=tuple((*name, f"{each:.12g}") for name in grid.names for each in times),
        value=value,
        covariance=covariance,
        df=grid.df,
        own_df=np.repeat(grid.own_df, t),
        n=np.repeat(base.n, t),
        count=np.repeat(base.n, t),
        weighted=np.repeat(base.weighted, t),
        effective=np.repeat(base.effective, t),
        simple=np.full(len(value), np.nan),
        sampling=sample.design.sampling,
        design=design_line(sample),
        grouped_by=by,
    )
    return SurvivalCurve(logarithm, times, np.array([part.at_risk for part in parts]), curve)


def _times(happened_at: Floats, at: Sequence[float] | None) -> Floats:
    """(t,) Those asked for, or all at which it happened, in their order."""
    if at is not None:
        return np.unique(np.asarray(at, dtype=np.float64))
    times = np.unique(happened_at)
    if len(times) > MOST_TIMES:
        raise EstimationError(
            "survival curve",
            f"it happened at {len(times):,} times, more than the {MOST_TIMES:,} that are taken",
            "Say at which times the curve is wanted, with `at`.",
        )
    return times


def _covariance(
    sample: Sample, rows_of: Sequence[Integers], parts: Sequence[_Group], value: Floats
) -> Floats:
    """(k, k) Of the logarithms at all times of all groups."""
    if sample.replicates is not None:
        replicates = sample.replicates

        def again(weights: Floats) -> Floats:
            return np.concatenate(
                [part.value(weights[rows]) for part, rows in zip(parts, rows_of, strict=True)]
            )

        return replicates.covariance(replicated(replicates, again), value)
    influences = [
        column
        for part, rows in zip(parts, rows_of, strict=True)
        for column in part.influences(sample.weights[rows])
    ]
    repeated = [rows for part, rows in zip(parts, rows_of, strict=True) for _ in part.times]
    return covariance_of_influences(sample, repeated, influences)


@dataclass(frozen=True, eq=False)
class _Group:
    """The m rows of a group: from when to when they were at risk, and how it ended."""

    until: Floats
    since: Floats
    dead: NDArray[np.bool_]
    times: Floats
    curve: Curve

    @cached_property
    def moments(self) -> Floats:
        """(s,) The times at which it happened in this group."""
        return np.unique(self.until[self.dead])

    @cached_property
    def at_risk(self) -> Integers:
        """(t,) Rows at risk at every time."""
        seen = np.searchsorted(np.sort(self.until), self.times, side="left")
        entered = np.searchsorted(np.sort(self.since), self.times, side="left")
        return np.asarray(entered - seen, dtype=np.intp)

    def _hazard(self, weights: Floats) -> tuple[Floats, Floats]:
        """(s,) Weighted events and those at risk."""
        s = len(self.moments)
        place = np.searchsorted(self.moments, self.until[self.dead])
        events = sums_by(place, weights[self.dead], s)

        def later(values: Floats) -> Floats:
            """(s,) The weight of those whose number is no less than the moment."""
            before = np.searchsorted(self.moments, values, side="right")
            held = sums_by(before, weights, s + 1)
            return held[:0:-1].cumsum()[::-1]

        return events, later(self.until) - later(self.since)

    def value(self, weights: Floats) -> Floats:
        """(t,) The logarithm of the share left."""
        events, at_risk = self._hazard(weights)
        hazard = np.where(at_risk > 0, events / np.where(at_risk > 0, at_risk, 1.0), 0.0)
        ends = np.isclose(hazard, 1.0, rtol=0, atol=1e-12)
        if self.curve == "Nelson-Aalen":
            steps = -hazard
        else:
            steps = np.where(ends, -np.inf, np.log1p(-np.where(ends, 0.0, hazard)))
        return self._until(steps)[np.searchsorted(self.moments, self.times, side="right")]

    @staticmethod
    def _until(steps: Floats) -> Floats:
        """(s + 1,) What has come together before each moment, and after the last."""
        return np.concatenate([[0.0], np.cumsum(steps)])

    def influences(self, weights: Floats) -> list[Floats]:
        """The (m,) influences on the logarithm at every time; 0 where nobody is left."""
        events, at_risk = self._hazard(weights)
        left = at_risk - events if self.curve == "Kaplan-Meier" else at_risk
        pull = np.where(left > 1e-12 * at_risk, 1.0 / np.where(left > 0, left, 1.0), 0.0)
        hazard = events / np.where(at_risk > 0, at_risk, 1.0)
        expected = self._until(pull * hazard)
        last = np.searchsorted(self.moments, self.until, side="right")
        first = np.searchsorted(self.moments, self.since, side="right")
        own = np.where(self.dead, pull[np.maximum(last, 1) - 1], 0.0) if len(pull) else 0.0
        found: list[Floats] = []
        for time in np.searchsorted(self.moments, self.times, side="right"):
            risk = expected[np.minimum(last, time)] - expected[np.minimum(first, time)]
            found.append(risk - np.where(last <= time, own, 0.0))
        return found
