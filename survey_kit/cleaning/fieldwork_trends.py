r"""Interviews that become shorter, or ask less, as an enumerator's work goes on.

People become quicker with practice, so a trend alone says little. Of each enumerator the
order of interviews is held against their length (Kendall's τ), after what the place and the common
learning of all explain has been taken out: the residual of
log length on the place and on the log of the position in the enumerator's own series. How much
it changed is the slope of Theil and Sen over the series.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.enumerator_variance import adjusted

TRENDS = ("measure", "enumerator", "interviews", "first", "last", "others", "tau", "p", "adjusted")
"""Columns of a table of trends."""

MEASURES = {"minutes": "minutes an interview", "asked": "questions asked in an interview"}
"""Column of a timeline -> what it is called."""

Floats: TypeAlias = NDArray[np.float64]


def trend_table(times: pd.DataFrame, where: pd.Series[Any], *, least: int) -> pd.DataFrame:
    """How the length of interviews changed with each enumerator.

    Parameters
    ----------
    times
        As `timeline` makes it; finished interviews with a start count.
    where
        (n,) text, the place of each.
    least
        Enumerators with fewer interviews are left out.

    Returns
    -------
    (r, 9)
        With the columns `TRENDS`: about how long the `first` and the `last` interview was, by the
        enumerator's own slope; by what factor those of the `others` changed meanwhile; Kendall's
        tau of what is left after place and practice, and the p-value of one as far below 0.
    """
    timed = times["enumerator"].notna() & times["start"].notna()
    usable = timed.to_numpy(dtype=np.bool_) & times["finished"].to_numpy(dtype=np.bool_)
    ordered = times.loc[usable, [*MEASURES, "enumerator", "start"]].sort_values(
        ["enumerator", "start"], kind="stable"
    )
    place = where.reindex(ordered.index)
    rows: list[tuple[object, ...]] = []
    for measure in MEASURES:
        known = ordered[measure] > 0
        rows.extend(_trends(measure, ordered[known], place[known], least))
    table = pd.DataFrame(rows, columns=list(TRENDS))
    return table.assign(adjusted=adjusted(table["p"].to_numpy(dtype=np.float64)))


def _trends(
    measure: str, ordered: pd.DataFrame, place: pd.Series[Any], least: int
) -> list[tuple[object, ...]]:
    from scipy.stats import kendalltau, theilslopes

    logs = np.log(ordered[measure].to_numpy(dtype=np.float64))
    who = pd.factorize(ordered["enumerator"])[0]
    position = ordered.groupby("enumerator").cumcount().to_numpy(dtype=np.float64)
    left, practice = _unexplained(logs, np.log1p(position), who, pd.factorize(place)[0])
    rows: list[tuple[object, ...]] = []
    for code in np.unique(who):
        own = np.flatnonzero(who == code)
        if len(own) < least or np.ptp(logs[own]) == 0:
            continue
        at = position[own]
        tau, p = kendalltau(at, left[own], alternative="less")
        slope, start, *_ = theilslopes(logs[own], at)
        ends = np.exp(start), np.exp(start + slope * at[-1])
        rows.append(
            (
                measure,
                str(ordered["enumerator"].iloc[own[0]]),
                len(own),
                float(ends[0]),
                float(ends[1]),
                float(np.exp(practice * np.log1p(at[-1]))),
                float(tau),
                float(p),
                np.nan,
            )
        )
    return rows


def _unexplained(
    logs: Floats, practice: Floats, who: NDArray[Any], place: NDArray[Any]
) -> tuple[Floats, float]:
    """The residual of logs on place and practice within enumerators, and the slope of practice.

    The slope is the median of the enumerators' own slopes, so that one of them does not explain
    itself away.
    """
    counts = np.bincount(place)
    apart = logs - (np.bincount(place, weights=logs) / np.maximum(counts, 1))[place]
    slopes: list[float] = []
    for code in np.unique(who):
        own = who == code
        spread = practice[own] - practice[own].mean()
        if (spread**2).sum() > 0:
            slopes.append(float(spread @ apart[own] / (spread**2).sum()))
    slope = float(np.median(slopes)) if slopes else 0.0
    return apart - slope * practice, slope
