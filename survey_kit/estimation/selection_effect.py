r"""How strongly would people have had to come into the sample for a difference to be nothing?

Among the people of one group let those who say so be :math:`\gamma` times as likely to be in the
sample as those who do not. By Bayes' rule their odds in the sample are :math:`\gamma` times
their odds among all, so the share of all, of whom p is seen, is

.. math:: p(\gamma) = \frac{p}{p + \gamma (1 - p)},

which is the share that weights divided by :math:`\gamma`, for those who say so, give. Two
groups have the same share if, in one of them,

.. math:: \gamma = \frac{p_1 / (1 - p_1)}{p_2 / (1 - p_2)},

the odds ratio; or if in both, against each other, its root. A share is at a threshold c if
:math:`\gamma` is the ratio of its odds to those of c. As :math:`p(\gamma)` is a smooth function of p,
the variance of :math:`p_1(\gamma) - p_2` has :math:`p_1'(\gamma) = \gamma / (p_1 + \gamma (1 - p_1))^2`
in place of 1: the :math:`\gamma` at which the interval first holds 0 follows.

That a small effect overturns a finding says that it is weak; that only a large one does says
nothing about whether there is one. The idea is that of bounds for selection bias (Smith and
VanderWeele 2019, "Bounding bias due to selection", Epidemiology 30:509-516); the smallest
difference that would be found is Bloom's (1995, "Minimum detectable effects", Evaluation Review
19:547-556).
"""

from __future__ import annotations

from itertools import combinations
from math import exp, inf, log, sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.sample import Sample
from survey_kit.design.wording import wording
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.intervals import t_quantile
from survey_kit.estimation.overturned import SelectionEffect, SelectionEffects, words_of
from survey_kit.estimation.statistic import Floats

Name = tuple[str, ...]

NAMED = 12
"""How many names a message lists."""

LARGEST = log(1e6)
"""No effect of selection larger than a million is looked for."""


def selection_effect(
    found: Estimate, first: Name, second: Name, *, level: float = 0.95, power: float = 0.8
) -> SelectionEffect:
    """What would overturn the difference between two shares.

    Parameters
    ----------
    found
        Shares, such as those of `shares(..., by=...)`.
    first, second
        Their names, such as ("north", "yes") and ("south", "yes").

    Raises
    ------
    EstimationError
        If there is no number of that name, or it is no share.
    """
    _check_level(level, power)
    a, b = _place(found, first), _place(found, second)
    p, q = _share(found, a), _share(found, b)
    v = found.covariance[np.ix_([a, b], [a, b])]
    if p < q:
        v = v[::-1, ::-1]
    high, low = max(p, q), min(p, q)
    apart = _log_odds_apart(high, low)
    held = np.nan
    if found.interval_label:
        reach = _reach(found, level)
        held = min(
            _holds_none(high, low, v, reach, apart),
            # no fewer people who say so in the one is no fewer who do not in the other
            _holds_none(1 - low, 1 - high, v[::-1, ::-1], reach, apart),
        )
    spread = float(v[0, 0] + v[1, 1] - 2 * v[0, 1])
    return SelectionEffect(
        what=f"{words_of(first)} less {words_of(second)}",
        difference=p - q,
        vanishes=_times(apart),
        vanishes_in_both=_times(apart / 2),
        interval_holds_none=held,
        detectable=_detectable(found, spread, level, power),
        level=level,
        power=power,
        tag=wording(found.sampling, 0, "").comparison,
        sampling=found.sampling,
        n=int(min(found.n[a], found.n[b])),
        design=found.design,
    )


def selection_effects(
    found: Estimate, *, level: float = 0.95, power: float = 0.8
) -> SelectionEffects:
    """What would overturn each difference between two groups, for every answer of a table.

    Returns
    -------
    SelectionEffects
        Its `.frame` has name (the answer), first, second (groups that anybody is in), difference,
        vanishes, interval_holds_none, detectable, tag: see `SelectionEffect`.
    """
    rows: list[dict[str, object]] = []
    each: list[SelectionEffect] = []
    for first, second in combinations(found.names, 2):
        unknown = np.isnan(found.value[[_place(found, first), _place(found, second)]]).any()
        if first[-1] != second[-1] or unknown:
            continue
        effect = selection_effect(found, first, second, level=level, power=power)
        each.append(effect)
        rows.append(
            {
                "name": first[-1],
                "first": words_of(first[:-1]),
                "second": words_of(second[:-1]),
                "difference": effect.difference,
                "vanishes": effect.vanishes,
                "interval_holds_none": effect.interval_holds_none,
                "detectable": effect.detectable,
                "tag": effect.tag,
            }
        )
    return SelectionEffects(pd.DataFrame(rows), tuple(each))


def selection_effect_against(
    found: Estimate, name: Name, threshold: float, *, level: float = 0.95, power: float = 0.8
) -> SelectionEffect:
    """What would bring a share to a threshold, such as a half: "most respondents".

    Raises
    ------
    EstimationError
        If there is no number of that name, it is no share, or the threshold is not between
        0 and 1.
    """
    _check_level(level, power)
    if not 0 < threshold < 1:
        raise EstimationError(
            "threshold", f"it is {threshold:g}", "Give a share between 0 and 1, such as 0.5."
        )
    at = _place(found, name)
    p = _share(found, at)
    variance = float(found.covariance[at, at])
    high, low = (p, threshold) if p >= threshold else (1 - p, 1 - threshold)
    apart = _log_odds_apart(high, low)
    held = np.nan
    if found.interval_label:
        v = np.array([[variance, 0.0], [0.0, 0.0]])
        held = _holds_none(high, low, v, _reach(found, level), apart)
    return SelectionEffect(
        what=f"{words_of(name)} less {threshold:g}",
        difference=p - threshold,
        vanishes=_times(apart),
        vanishes_in_both=np.nan,
        interval_holds_none=held,
        detectable=_detectable(found, variance, level, power),
        level=level,
        power=power,
        tag=wording(found.sampling, 0, "").comparison,
        sampling=found.sampling,
        n=int(found.n[at]),
        design=found.design,
    )


def tilt_that_overturns(
    sample: Sample, column: str, *, first: NDArray[np.bool_], second: NDArray[np.bool_]
) -> float:
    r"""For means: how much likelier to be in the sample a standard deviation more must make people.

    With weights :math:`w \gamma^{-(y - \bar y)/\sigma}` in the first group, what gives both groups the
    same mean. The tilt of Scharfstein, Rotnitzky and Robins (1999, JASA 94:1096-1120); of a
    column of 0 and 1 it is :math:`\gamma` above, to the power of :math:`\sigma`.

    Parameters
    ----------
    first, second
        (n,) bool. The rows of each group.

    Returns
    -------
    float
        Above 1 where people with more must be overrepresented in the first group, below 1
        where people with less; 0 or infinite where nobody in it has as little, or as much.
    """
    from scipy import optimize

    y = sample.numbers([column])[:, 0]
    answered = ~np.isnan(y)
    a, b = first & answered, second & answered
    if not a.any() or not b.any():
        raise EstimationError(
            f"column '{column}'",
            "one of the groups has no answers",
            "Compare groups that have some.",
        )
    w, mean = sample.weights, float(np.average(y[b], weights=sample.weights[b]))
    centre = float(np.average(y[a], weights=w[a]))
    deviation = sqrt(float(np.average((y[a] - centre) ** 2, weights=w[a])))
    if centre == mean:
        return 1.0
    if not y[a].min() < mean < y[a].max():
        return inf if centre > mean else 0.0
    z = (y[a] - centre) / deviation

    def away(tilt: float) -> float:
        power = -tilt * z
        return float(np.average(y[a], weights=w[a] * np.exp(power - power.max()))) - mean

    step = 1.0 if centre > mean else -1.0
    far = step
    while away(far) * step > 0:
        far *= 2
    return exp(float(optimize.brentq(away, 0.0, far, xtol=1e-14)))


def defect_correlation(error: float, *, deviation: float, sampled: float) -> float:
    r"""The correlation of being in the sample with the answer that makes an error of this size.

    .. math:: \bar y_n - \bar Y_N = \rho\,\sqrt{\frac{1 - f}{f}}\,\sigma

    holds exactly for the mean of any f of a population, with :math:`\sigma` the standard deviation
    and :math:`\rho` the correlation over all of it (Meng 2018, "Statistical paradises and paradoxes
    in big data (I)", Annals of Applied Statistics 12:685-726).

    >>> round(defect_correlation(0.05, deviation=0.5, sampled=0.01), 6)
    0.01005

    Parameters
    ----------
    error
        The mean of the sample less that of the population.
    sampled
        f, the share of the population that is in the sample.
    """
    if not 0 < sampled < 1 or deviation <= 0:
        raise EstimationError(
            "defect correlation",
            f"the share sampled is {sampled:g} and the deviation {deviation:g}",
            "Give a share between 0 and 1 and a deviation above 0.",
        )
    return error / (deviation * sqrt((1 - sampled) / sampled))


def _place(found: Estimate, name: Name) -> int:
    if name not in found.names:
        raise EstimationError(
            "selection effect",
            f"there is no number called {words_of(name)}",
            f"They begin with: {', '.join(words_of(each) for each in found.names[:NAMED])}.",
        )
    return found.names.index(name)


def _share(found: Estimate, at: int) -> float:
    """A share; refused where it is none."""
    value = float(found.value[at])
    rounding = 1e-9
    if not -rounding <= value <= 1 + rounding:
        what = "nobody is in its group" if np.isnan(value) else "it is no share"
        raise EstimationError(
            f"selection effect of {words_of(found.names[at])}",
            what,
            "Give a share of some people; for means see `tilt_that_overturns`.",
        )
    return min(max(value, 0.0), 1.0)


def _check_level(level: float, power: float) -> None:
    if not (0 < level < 1 and 0 < power < 1):
        raise EstimationError(
            "selection effect",
            f"its level is {level:g} and its power {power:g}",
            "Give both between 0 and 1, such as 0.95 and 0.8.",
        )


def _log_odds_apart(high: float, low: float) -> float:
    """The logarithm of the ratio of the odds; infinite where no ratio brings them together."""
    if high == low:
        return 0.0
    if high == 1 or low == 0:
        return inf
    return log(high / (1 - high)) - log(low / (1 - low))


def _times(log_effect: float) -> float:
    return exp(log_effect) if log_effect < inf else inf


def _reach(found: Estimate, level: float) -> float:
    return float(t_quantile(level, np.array([found.df]))[0])


def _holds_none(high: float, low: float, v: Floats, reach: float, apart: float) -> float:
    """The effect on the higher share at which the interval of the difference first holds 0."""
    from scipy import optimize

    if np.isnan(v).any() or np.isnan(reach):
        return np.nan

    def beyond(log_effect: float) -> float:
        effect = exp(log_effect)
        below = high + effect * (1 - high)
        slope = effect / below**2
        spread = slope**2 * v[0, 0] + v[1, 1] - 2 * slope * v[0, 1]
        return high / below - low - reach * sqrt(max(float(spread), 0.0))

    far = min(apart, LARGEST)
    if beyond(0.0) <= 0:
        return 1.0
    if beyond(far) > 0:
        return _times(apart)
    return exp(float(optimize.brentq(beyond, 0.0, far, xtol=1e-14)))


def _detectable(found: Estimate, variance: float, level: float, power: float) -> float:
    """(t at the level + t at the power) times the standard error."""
    df = np.array([found.df])
    reach = t_quantile(level, df) + t_quantile(2 * power - 1, df)
    return float(reach[0]) * sqrt(max(variance, 0.0)) if variance > 0 else np.nan
