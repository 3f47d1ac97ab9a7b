"""An estimate: numbers, how they vary together, and who they rest on.

`estimate` turns any `Statistic` into estimates by domain. All domains share one
covariance, so any two of them can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.described import design_line
from survey_kit.design.design import Sampling
from survey_kit.design.drawn import Drawn
from survey_kit.design.stage import Integers
from survey_kit.design.wording import ASSUMING, check_interval, check_totals, wording
from survey_kit.errors import EstimationError
from survey_kit.estimation import domains, intervals, shown
from survey_kit.estimation.elements import covariance_of_influences
from survey_kit.estimation.intervals import Method
from survey_kit.estimation.replicated import statistic_covariance
from survey_kit.estimation.statistic import Floats, Statistic

Against: TypeAlias = Literal["with replacement", "without replacement"]


@dataclass(frozen=True, eq=False)
class Estimate:
    """k numbers and their joint covariance.

    names
        The group or groups each number belongs to, then its code or column. The group is
        "" where everybody is one group.
    value
        (k,) The numbers; NaN for a domain that nobody is in.
    covariance
        (k, k) In the product of their units.
    df
        Degrees of freedom: clusters less strata, of those that hold any row of `where`.
    own_df
        (k,) The same, of those that hold any row of the group. See docs/decisions/0002.
    n, count
        (k,) Rows in the base, unweighted; and rows counted in the number itself (for a
        share: those who said so).
    weighted, effective
        (k,) The sum of the weights of the base, and Kish's effective base: that sum
        squared, over the sum of squared weights.
    simple
        (k,) The variance under simple random sampling with replacement, of as many.
    sampling
        How people were chosen, which decides what may be said.
    asked
        Whether an interval was asked for that rests on a model and not on the sampling: see
        `modelled`.
    design
        One line that says how the numbers came about; see `design_line`.
    method
        Which interval they have where none is named: "beta" for shares, "wald" for the rest.
    grouped_by
        The columns that made the groups, to stand above them.
    """

    names: tuple[tuple[str, ...], ...]
    value: Floats
    covariance: Floats
    df: float
    own_df: Floats
    n: Integers
    count: Integers
    weighted: Floats
    effective: Floats
    simple: Floats
    sampling: Sampling
    asked: bool = False
    design: str = ""
    method: Method = "wald"
    grouped_by: tuple[str, ...] = ()

    @property
    def modelled(self) -> Estimate:
        """The same numbers, with intervals that rest on a model, of a sample that has no others.

        Whoever asks says with them what they assume: `survey_kit.design.wording.assumptions`.
        A probability sample needs no model: nothing changes.
        """
        return self if self.sampling is Sampling.PROBABILITY else replace(self, asked=True)

    @property
    def interval_label(self) -> str:
        """What its intervals are to be called; "" where it has none."""
        if self.asked and self.sampling is Sampling.CENSUS:
            return f"modelled interval, {ASSUMING}"
        said = wording(self.sampling, int(self.n.max(initial=0)), "")
        return said.label if self.asked or said.intervals == "design" else ""

    @cached_property
    def variance(self) -> Floats:
        """(k,) The diagonal of the covariance."""
        return np.diag(self.covariance).copy()

    @cached_property
    def standard_error(self) -> Floats:
        """(k,) In the units of the values."""
        return np.sqrt(np.maximum(self.variance, 0))

    def interval(
        self,
        level: float = 0.95,
        method: Method | None = None,
        *,
        df: float | Floats | None = None,
    ) -> tuple[Floats, Floats]:
        """Lower and upper bounds, (k,) each; NaN where there is none.

        Parameters
        ----------
        level
            The confidence, between 0 and 1.
        method
            "wald" for anything; "beta" (best), "logit", "xlogit", "asin", "likelihood" or
            "wilson" for shares. None: "beta" for shares, "wald" for the rest. See `intervals`.
        df
            Degrees of freedom, one or (k,); infinite for the normal distribution. None: `df` of the
            estimate for "wald", `own_df` for the others, as R's `confint(svyby())` and
            `svyciprop` do.

        Raises
        ------
        EstimationError
            If the level is not between 0 and 1, or a method for shares is asked for
            numbers that are none; if the sampling gives no interval and none that rests on a
            model was asked for (`modelled`).
        """
        check_interval(self.sampling, asked=self.asked)
        method = method or self.method
        if method not in get_args(Method):
            raise EstimationError(
                f"interval {method!r}",
                "there is none",
                f"Ask for one of: {', '.join(get_args(Method))}.",
            )
        if not 0 < level < 1:
            raise EstimationError(
                "interval", f"its level is {level}", "Give one between 0 and 1, such as 0.95."
            )
        given = self.df if method == "wald" else self.own_df
        freedom = np.broadcast_to(given if df is None else df, self.value.shape).astype(float)
        value, error = self.value, self.standard_error
        return intervals.bounds(
            method,
            value,
            error,
            n=self.n.astype(float),
            effective=self.effective,
            df=freedom,
            level=level,
        )

    def contrast(self, weights: NDArray[np.floating], names: Sequence[str] = ()) -> Estimate:
        """Sums of the values, each times a weight: differences, averages.

        Parameters
        ----------
        weights
            (k,) or (m, k).
        names
            What to call the m sums.

        Returns
        -------
        Estimate
            Of the m sums. Its bases are the smallest of those it contrasts.
        """
        rows = np.atleast_2d(np.asarray(weights, dtype=np.float64))
        if rows.shape[1] != len(self.value):
            raise EstimationError(
                "contrast",
                f"there are {rows.shape[1]} weights for {len(self.value)} numbers",
                "Give one weight for each number, 0 for those that play no part.",
            )
        labels = tuple(names) or tuple(str(number + 1) for number in range(len(rows)))
        used = rows != 0
        unknown = (used & np.isnan(self.value)).any(axis=1)
        values = rows @ np.nan_to_num(self.value)
        covariance = rows @ np.nan_to_num(self.covariance) @ rows.T
        values[unknown] = np.nan
        covariance[unknown] = np.nan
        covariance[:, unknown] = np.nan

        def smallest(of: NDArray[np.generic]) -> Floats:
            spread = np.broadcast_to(of.astype(np.float64), rows.shape)
            return np.where(used, spread, np.inf).min(axis=1)

        return Estimate(
            names=tuple(("", label) for label in labels),
            value=values,
            covariance=covariance,
            df=self.df,
            own_df=smallest(self.own_df),
            n=smallest(self.n).astype(np.intp),
            count=smallest(self.count).astype(np.intp),
            weighted=smallest(self.weighted),
            effective=smallest(self.effective),
            simple=np.full(len(rows), np.nan),
            sampling=self.sampling,
            asked=self.asked,
            design=self.design,
        )

    def design_effect(self, against: Against = "with replacement") -> Floats:
        """(k,) How much larger the variance is than that of a simple random sample.

        "without replacement" takes the sum of the weights as the population, so it is NaN
        where the weights do not stand for more people than were asked.
        """
        if against not in get_args(Against):
            raise EstimationError(
                "design effect",
                f"there is no {against!r}",
                f"Choose one of: {', '.join(get_args(Against))}.",
            )
        simple = self.simple
        if against == "without replacement":
            left = (self.weighted - self.n) / np.where(self.weighted > 0, self.weighted, np.nan)
            simple = simple * np.where(left > 0, left, np.nan)
        return self.variance / np.where(simple > 0, simple, np.nan)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each number: names, value, standard error, interval, bases.

        Of a sample that is no probability sample without the error and the interval, or, where
        they were asked for, with both under the name of what they are.
        """
        labels = {
            f"group {part + 1}" if part else "group": [name[part] for name in self.names]
            for part in range(len(self.names[0]) - 1 if self.names else 0)
        }
        return pd.DataFrame(
            {
                **labels,
                "name": [name[-1] for name in self.names],
                "value": self.value,
                **precision(
                    self.sampling,
                    asked=self.asked,
                    error=self.standard_error,
                    interval=self.interval,
                ),
                "n": self.n,
                "weighted": self.weighted,
                "effective": self.effective,
                "df": self.df,
            }
        )

    def __repr__(self) -> str:
        return shown.as_text(self)

    def _repr_html_(self) -> str:
        return shown.as_html(self)


def precision(
    sampling: Sampling, *, asked: bool, error: Floats, interval: Callable[[], tuple[Floats, Floats]]
) -> dict[str, Floats]:
    """The columns of a frame that say how precise its numbers are.

    None where the sampling gives no measure of it; under the name of what they are where they
    were asked for all the same.
    """
    drawn = sampling is Sampling.PROBABILITY
    if not drawn and not asked:
        return {}
    low, high = interval()
    given = {"standard_error": error, "low": low, "high": high}
    return given if drawn else {f"modelled_{name}": numbers for name, numbers in given.items()}


def estimate(
    statistic: Statistic,
    sample: Drawn,
    columns: Sequence[str],
    *,
    by: Sequence[str] | None = None,
    where: NDArray[np.bool_] | None = None,
) -> Estimate:
    """A statistic, for everybody or for every group.

    A row with a missing value in any of the columns leaves the base. Rows outside `where`
    or outside a group stay in the sample and weigh 0 there.

    Parameters
    ----------
    columns
        As many as the statistic takes, or a multiple: a mean of three columns is three
        means with their joint covariance.
    by
        Columns whose combinations are the groups; also those that nobody is in.
    where
        (n,) bool. The rows asked about; None for all.

    Raises
    ------
    DesignError
        If there is no such column, or it holds no numbers.
    EstimationError
        If the number of columns does not fit the statistic, or `where` the sample; if it is a
        total of a sample that stands for nobody but its respondents.
    LonelyUnit
        See `linearised_variance`.
    """
    check_columns(statistic, sample, columns)
    grid = domains.grid(sample, by or (), where)
    data = sample.numbers(columns)
    answered = np.asarray(~np.isnan(data).any(axis=1))
    starts = range(0, len(columns), statistic.columns)
    labels = ["/".join(columns[first : first + statistic.columns]) for first in starts]
    rows_of = [rows[answered[rows]] for rows in grid.rows]
    parts = [
        of_domain(statistic, data[:, first : first + statistic.columns], sample, rows)
        for rows in rows_of
        for first in starts
    ]
    spread = np.repeat(np.arange(len(rows_of)), len(labels))
    value = np.array([part[0] for part in parts], dtype=np.float64)
    if sample.replicates is None:
        rows = [rows_of[group] for group in spread]
        covariance = covariance_of_influences(sample, rows, [part[1] for part in parts])
    else:
        covariance = statistic_covariance(statistic, sample.replicates, data, rows_of, value)
    empty = np.isnan(value)
    covariance[empty] = np.nan
    covariance[:, empty] = np.nan
    bases = domains.bases(sample, rows_of)
    return Estimate(
        names=tuple((*name, label) for name in grid.names for label in labels),
        value=value,
        covariance=covariance,
        df=grid.df,
        own_df=grid.own_df[spread],
        n=bases.n[spread],
        count=bases.n[spread],
        weighted=bases.weighted[spread],
        effective=bases.effective[spread],
        simple=np.array([part[2] for part in parts], dtype=np.float64),
        sampling=sample.design.sampling,
        design=design_line(sample),
        grouped_by=tuple(by or ()),
    )


def check_columns(statistic: Statistic, sample: Drawn, columns: Sequence[str]) -> None:
    """Refuse columns that do not fit a statistic, and a total of people who stand for nobody."""
    if statistic.total:
        check_totals(sample.design.sampling, statistic.name)
    if not columns or len(columns) % statistic.columns:
        raise EstimationError(
            statistic.name,
            f"it takes {statistic.columns} column(s), and {len(columns)} were given",
            "Name as many columns as it takes, or a multiple.",
        )


def of_domain(
    statistic: Statistic, data: Floats, sample: Drawn, rows: Integers
) -> tuple[float, Floats, float]:
    """The value, the influences of its rows and the simple variance of one domain; NaN if empty."""
    if len(rows) == 0:
        return np.nan, np.empty(0), np.nan
    y, w = data[rows], sample.weights[rows]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = statistic.value(y, w)
        z = statistic.influence(y, w)
    if not np.isfinite(value):
        return np.nan, np.zeros(len(rows)), np.nan
    n, whole = float(sample.people[rows].sum()), float(w.sum())
    if n <= 1:
        return value, z, np.nan
    away = z - float(w @ z) / whole
    return value, z, float(w @ away**2) * whole / (n - 1)
