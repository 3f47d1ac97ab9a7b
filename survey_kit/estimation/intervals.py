r"""Intervals for an estimate, and for a share, which knows that it lies between 0 and 1.

wald
    :math:`\hat\theta \pm t_{df} s`. Too narrow for rare answers: it covers 86 to 92 % where
    95 % is claimed and the share is 1 to 3 %.
beta
    Clopper-Pearson with the effective sample size
    :math:`n^* = \frac{p(1-p)}{s^2} (t_{n-1} / t_{df})^2` (Korn and Graubard 1998,
    "Confidence intervals for proportions with small expected number of positive counts
    estimated from survey data", Survey Methodology 24:193-201).
logit, xlogit
    Wald on the scale of :math:`\log(p/(1-p))`.
asin
    Wald on the scale of :math:`\arcsin \sqrt p`.
likelihood
    The shares q for which the deviance of p, :math:`2(n-1)(p \log\frac pq + (1-p)
    \log\frac{1-p}{1-q})`, does not exceed :math:`t_{df}^2` times its design effect
    :math:`n s^2 / (p(1-p))` (Rao and Scott 1984, Annals of Statistics 12:46-60).
wilson
    Wilson's with the effective sample size :math:`p(1-p)/s^2` (Wilson 1927, JASA
    22:209-212).

The first five and `likelihood` are those of R's `svyciprop` (its `mean` is our `wald`).
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from scipy import special

from survey_kit.errors import EstimationError
from survey_kit.estimation.statistic import Floats

Method: TypeAlias = Literal["wald", "beta", "logit", "xlogit", "asin", "likelihood", "wilson"]


def bounds(
    method: Method,
    value: Floats,
    error: Floats,
    *,
    n: Floats,
    effective: Floats,
    df: Floats,
    level: float,
) -> tuple[Floats, Floats]:
    """(k,) Lower and upper bounds by the method of that name.

    Raises
    ------
    EstimationError
        If a method for shares is asked for numbers that are none.
    """
    reach = t_quantile(level, df)
    share = value if method == "wald" else _shares(value, method)
    match method:
        case "wald":
            return wald(value, error, reach)
        case "beta":
            return beta(share, error, n=n, effective=effective, df=df, level=level)
        case "logit" | "xlogit":
            return logit(share, error, reach)
        case "asin":
            return asin(share, error, reach)
        case "wilson":
            return wilson(share, error, reach)
        case "likelihood":
            return likelihood(share, error, reach, n=n)


def _shares(value: Floats, method: str) -> Floats:
    """The values; nobody and everybody freed of rounding; refused if they are no shares."""
    slack, rounding = 1e-9, 1e-12
    if np.any((value < -slack) | (value > 1 + slack)):
        raise EstimationError(
            f"interval '{method}'",
            "it is for shares, and some of these numbers are not between 0 and 1",
            "Ask for method='wald'.",
        )
    value = np.where(value < rounding, 0.0, value)
    return np.where(value > 1 - rounding, 1.0, value)


def t_quantile(level: float, df: Floats) -> Floats:
    """(k,) The t by which an interval at this level reaches out; infinite df is normal."""
    finite = np.isfinite(df) & (df > 0)
    found = np.full(df.shape, np.nan)
    found[finite] = special.stdtrit(df[finite], (1 + level) / 2)
    found[np.isposinf(df)] = special.ndtri((1 + level) / 2)
    return found


def t_tail(t: Floats, df: Floats | float) -> Floats:
    """The chance of a t at least as far from 0, either way."""
    df = np.broadcast_to(np.asarray(df, dtype=np.float64), np.shape(t))
    normal = 2 * special.ndtr(-np.abs(t))
    return np.where(
        np.isposinf(df), normal, 2 * special.stdtr(np.where(df > 0, df, np.nan), -np.abs(t))
    )


def wald(value: Floats, error: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """value ± reach x standard error."""
    return value - reach * error, value + reach * error


def logit(value: Floats, error: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """Wald on the scale of the log odds; undefined at 0 and 1."""
    inner = (value > 0) & (value < 1)
    p = np.where(inner, value, np.nan)
    low, high = wald(special.logit(p), error / (p * (1 - p)), reach)
    return special.expit(low), special.expit(high)


def asin(value: Floats, error: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """Wald on the scale of the arcsine of the root; undefined at 0 and 1."""
    inner = (value > 0) & (value < 1)
    p = np.where(inner, value, np.nan)
    low, high = wald(np.arcsin(np.sqrt(p)), error / (2 * np.sqrt(p * (1 - p))), reach)
    return np.sin(low) ** 2, np.sin(high) ** 2


def wilson(value: Floats, error: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """Wilson's with the effective sample size; undefined at 0 and 1."""
    inner = (value > 0) & (value < 1) & (error > 0)
    p = np.where(inner, value, np.nan)
    over = reach**2 * error**2 / (p * (1 - p))
    centre = (p + over / 2) / (1 + over)
    half = np.sqrt(over * p * (1 - p) + over**2 / 4) / (1 + over)
    return centre - half, centre + half


def likelihood(value: Floats, error: Floats, reach: Floats, *, n: Floats) -> tuple[Floats, Floats]:
    """The shares that the likelihood does not rule out; undefined at 0 and 1.

    Parameters
    ----------
    n
        (k,) people asked.
    """
    from scipy import optimize

    low, high = np.full(value.shape, np.nan), np.full(value.shape, np.nan)
    for at in range(len(value)):
        p, s, t, people = (float(each[at]) for each in (value, error, reach, n))
        if not (0 < p < 1 and s > 0 and people > 1 and np.isfinite(t)):
            continue
        allowed = t**2 * people * s**2 / (p * (1 - p)) / (2 * (people - 1))
        centre = float(np.log(p / (1 - p)))

        def beyond(odds: float, p: float = p, allowed: float = allowed) -> float:
            # log q and log(1 - q), also where q is next to 0 or 1
            yes, no = -float(np.logaddexp(0, -odds)), -float(np.logaddexp(0, odds))
            own = p * np.log(p) + (1 - p) * np.log1p(-p)
            return float(own - p * yes - (1 - p) * no) - allowed

        far = allowed / min(p, 1 - p) + 50
        low[at] = special.expit(optimize.brentq(beyond, centre - far, centre, xtol=1e-12))
        high[at] = special.expit(optimize.brentq(beyond, centre, centre + far, xtol=1e-12))
    return low, high


def beta(
    value: Floats,
    error: Floats,
    *,
    n: Floats,
    effective: Floats,
    df: Floats,
    level: float,
) -> tuple[Floats, Floats]:
    """Korn and Graubard's. Where nobody, or everybody, says so, Kish's effective size serves.

    Parameters
    ----------
    value, error
        (k,) shares and their standard errors.
    n, effective
        (k,) people asked, and what they are worth after weighting.
    df
        (k,) degrees of freedom.
    """
    varies = (error > 0) & (value > 0) & (value < 1)
    spread = np.where(varies, error, np.nan)
    size = np.where(varies, value * (1 - value) / spread**2, effective)
    several = np.where(n > 1, n - 1, np.nan)
    # clusters are counted with those in them who gave no answer, so that of a few answers there
    # may be more degrees of freedom than rows; their t must not make the few worth more
    several = np.where(np.isfinite(df), np.fmax(several, df), several)
    several = np.where(n > 1, several, np.nan)
    size = size * (t_quantile(level, several) / t_quantile(level, df)) ** 2
    tail = (1 - level) / 2
    yes, no = size * value, size * (1 - value)
    some, not_all = yes > 0, no > 0
    known = ~np.isnan(size)
    low = np.where(
        some, special.betaincinv(np.where(some, yes, 1), np.where(known, no + 1, 1), tail), 0.0
    )
    high = np.where(
        not_all,
        special.betaincinv(np.where(known, yes + 1, 1), np.where(not_all, no, 1), 1 - tail),
        1.0,
    )
    return np.where(known, low, np.nan), np.where(known, high, np.nan)
