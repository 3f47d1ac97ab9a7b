r"""Do groups differ in how long it takes until something happens?

Under the hypothesis that they do not, one hazard :math:`d\Lambda` holds for all, and what a
row adds to the score of group g is how much more often it happened there than expected,

.. math:: u_{ig} = W(t_i)\, \delta_i (x_{ig} - E_g(t_i))
          - \sum_{t \le t_i} W(t)\, (x_{ig} - E_g(t))\, d\Lambda(t),

with :math:`x_{ig}` whether i is in g, and :math:`E_g(t)` the weighted share of g among those at
risk at t. The score is the weighted total of the u, so its variance is that of a total
under the design (Rader 2014, "Methods for Analyzing Survival and Binary Data in Complex Surveys",
Harvard). As R's `svylogrank`; ties after Efron 1977, JASA 72:557-565.

:math:`W(t) = S(t-)^\rho (1 - S(t-))^\gamma`, with S the share to whom it has not happened yet:
0 and 0 is the log-rank test, rho = 1 weighs early differences up (Fleming and Harrington 1991,
"Counting Processes and Survival Analysis").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from survey_kit.design.sample import Sample
from survey_kit.design.stage import sums_by
from survey_kit.errors import EstimationError
from survey_kit.estimation.asked import Where, asked_rows
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.group_means import check_groups
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.statistics.total import TOTAL
from survey_kit.estimation.testable import check_nobody, check_word
from survey_kit.estimation.tested import Tested

Reference: TypeAlias = Literal["F", "chi-squared"]
PAIR = 2

SCORE = replace(TOTAL, name="log-rank score", total=False)
"""A sum over the weights that says nothing of how many there are."""


@dataclass(frozen=True, eq=False, repr=False)
class LogRank(Tested):
    """A test that it takes equally long in all groups.

    groups
        The g - 1 groups after the first, which is what they are set against.
    score, standard_error
        (g - 1,) How much more often it happened than expected, in weighted events.
    z
        (g - 1,) The score over its standard error.
    statistic
        Wald's chi-squared of all scores.
    numerator_df, denominator_df
        g - 1, and that of F; infinite where chi-squared was asked for.
    events
        How often it happened, unweighted.
    """

    groups: tuple[str, ...]
    score: Floats
    standard_error: Floats
    z: Floats
    statistic: float
    numerator_df: float
    denominator_df: float
    p: float
    events: int = 0

    @property
    def title(self) -> str:
        return "Log-rank test"

    @property
    def numbers(self) -> dict[str, float]:
        return {
            "chi-squared": self.statistic,
            "df": self.numerator_df,
            "denominator_df": self.denominator_df,
            "p": self.p,
            "events": self.events,
        }


def log_rank(
    sample: Sample,
    time: str,
    event: str,
    by: str,
    *,
    rho: float = 0.0,
    gamma: float = 0.0,
    reference: Reference = "F",
    where: Where = None,
) -> LogRank:
    """Test whether groups differ in how long it takes.

    Parameters
    ----------
    time, event
        When each row was last seen, and 1 if it happened then, else 0.
    by
        A column of two groups or more.
    rho, gamma
        0 or more. Which times count most: see above.
    reference
        "F" refers the statistic over g - 1 to F with g - 1 and df - g + 2 degrees of freedom.
        "chi-squared", as R, to infinitely many: with few clusters it rejects too often.
    where
        Of whom: (n,) bool, the name of a column of true and false, or categories by column. Rows that lack the time, event or group leave the base.

    Raises
    ------
    EstimationError
        If there are fewer than two groups, more than the clusters can tell apart, or more than
        `MOST_GROUPS`; if nobody asked about has an answer; if an event is neither 0 nor 1, or it
        never happened; if rho or gamma is negative, or there is no such reference.
    """
    where = asked_rows(sample, where)
    at = f"log-rank test of '{time}' by '{by}'"
    check_word(f"{at}, reference", reference, get_args(Reference))
    if not (rho >= 0 and gamma >= 0):
        raise EstimationError(at, "rho and gamma are 0 or more", "Give 0 for the usual test.")
    numbers, levels = sample.numbers([time, event]), sample.levels(by)
    asked = np.isfinite(numbers).all(axis=1) & (levels.codes >= 0)
    asked = asked if where is None else asked & where
    times, events = numbers[asked].T
    held, codes = np.unique(levels.codes[asked], return_inverse=True)
    groups: list[int] = held.tolist()
    check_nobody(at, asked)
    check_groups(at, len(groups), PAIR)
    _check_events(events, event)
    if len(groups) - 1 > sample.degrees_of_freedom(asked):
        raise _too_many(at)
    x = (codes[:, None] == np.arange(1, len(groups))[None, :]).astype(np.float64)
    found = _scores(times, events == 1, x, sample.weights[asked], (rho, gamma))
    columns: dict[str, Floats] = {}
    for number, each in enumerate(found.T):
        column = np.full(len(sample), np.nan)
        column[asked] = each
        columns[f"score {number}"] = column
    wide = pd.concat([sample.data, pd.DataFrame(columns, index=sample.data.index)], axis=1)
    made = replace(sample, data=wide)
    total = estimate(SCORE, made, list(columns), where=asked)
    freedom = float(len(groups) - 1)
    denominator = np.inf if reference == "chi-squared" else total.df - freedom + 1
    error = total.standard_error
    if denominator <= 0 or np.linalg.matrix_rank(total.covariance) < freedom:
        raise _too_many(at)
    statistic = float(total.value @ np.linalg.solve(total.covariance, total.value))
    p = special.chdtrc(freedom, statistic)
    if reference == "F":
        p = special.fdtrc(freedom, denominator, statistic / freedom)
    names = tuple(levels.names[group] for group in groups[1:])
    z = total.value / error
    return LogRank(
        names,
        total.value,
        error,
        z,
        statistic,
        freedom,
        denominator,
        float(p),
        events=int(events.sum()),
        compared=f"'{time}' until '{event}', by '{by}'",
        n=int(asked.sum()),
        design=total.design,
        sampling=total.sampling,
    )


def _too_many(at: str) -> EstimationError:
    return EstimationError(
        at,
        "there are more groups than the clusters can tell apart",
        "Put groups together, or leave some out with `where`.",
    )


def _check_events(events: Floats, event: str) -> None:
    if not np.isin(events, [0.0, 1.0]).all():
        raise EstimationError(
            f"event '{event}'", "it is neither 0 nor 1 for somebody", "Write 1 where it happened."
        )
    if not events.any():
        raise EstimationError(
            f"event '{event}'",
            "it never happened",
            "A test of times needs events: check the column.",
        )


def _scores(
    times: Floats,
    events: NDArray[np.bool_],
    x: Floats,
    weights: Floats,
    emphasis: tuple[float, float],
) -> Floats:
    """(m, g - 1) The u of every row."""
    moments, found = np.unique(times, return_inverse=True)
    place = found.astype(np.intp)
    size = len(moments)

    def at_risk(values: Floats) -> Floats:
        """(size,) Sums over those seen at each time or later."""
        return np.cumsum(sums_by(place, values, size)[::-1])[::-1]

    def died(values: Floats) -> Floats:
        return sums_by(place[events], values[events], size)

    whole, dead = at_risk(weights), died(weights)
    deaths = np.bincount(place[events], minlength=size)
    above = np.column_stack([at_risk(weights * each) for each in x.T])
    of_dead = np.column_stack([died(weights * each) for each in x.T])
    survived = np.cumprod(np.maximum(1 - dead / whole, 0))
    before = np.concatenate([[1.0], survived[:-1]])
    rho, gamma = emphasis
    counts = before**rho * (1 - before) ** gamma
    hazard, centre = np.zeros(size), np.zeros((size, x.shape[1]))
    for moment in np.flatnonzero(deaths):
        d = int(deaths[moment])
        share = np.arange(d) / d
        left = whole[moment] - share * dead[moment]
        hazard[moment] = (dead[moment] / d / left).sum()
        part = above[moment] - share[:, None] * of_dead[moment]
        centre[moment] = (part / left[:, None]).mean(axis=0)
    expected = np.cumsum(counts * hazard)[place, None] * x
    expected -= np.cumsum((counts * hazard)[:, None] * centre, axis=0)[place]
    observed = (events * counts[place])[:, None] * (x - centre[place])
    return observed - expected
