"""Plans for comparisons: verbs that are each other's inverse.

How many interviews find a difference; how likely a number of interviews finds it; and the
smallest one that it finds. And, where the difference is to be estimated and not only found:
how many interviews for a margin, and which margin. A design effect divides the interviews.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, TypeAlias

from survey_kit.design.planning import demands
from survey_kit.design.planning.comparison import Means, Shares, correlations
from survey_kit.design.planning.fieldwork import Fieldwork, whole
from survey_kit.design.planning.plan import Plan, percent
from survey_kit.design.planning.precision import few_clusters, normal
from survey_kit.errors import DesignError

Sides: TypeAlias = Literal["two-sided", "one-sided"]


def sample_size_for_difference(
    comparison: Shares | Means,
    *,
    fieldwork: Fieldwork,
    power: float = 0.8,
    confidence: float = 0.95,
    sides: Sides = "two-sided",
) -> Plan:
    """Interviews that tell two groups, or two rounds, apart.

    Parameters
    ----------
    comparison
        What is to be told apart: ``Shares(0.30, 0.40)``, ``Means(5, deviation=20)``; between
        rounds ``Shares(0.30, 0.40, overlap=Overlap(people=0.5, correlation=0.6))``.
    power
        How likely the difference is to be found, if it is there.
    confidence
        1 less the level of the test.

    Raises
    ------
    DesignError
        If there is no difference, or one so small that no sample would find it; power or
        confidence is not strictly between 0 and 1.
    """
    _check(comparison, confidence)
    demands.a_share("power", power)
    level = _level(confidence, sides)
    n = _rising(
        lambda interviews: comparison.power(interviews, level) - power, FEWEST, FEWEST * 4, MOST
    )
    if n is None:
        raise DesignError(
            "difference",
            "it is so small that no sample would find it",
            "Give the smallest difference that would matter",
        )
    first = whole(n * fieldwork.design_effect.value)
    return _plan(comparison, first, power, fieldwork, confidence=confidence, sides=sides)


def power_of_difference(
    comparison: Shares | Means,
    interviews: int,
    *,
    fieldwork: Fieldwork,
    confidence: float = 0.95,
    sides: Sides = "two-sided",
) -> Plan:
    """How likely a number of interviews tells two groups, or two rounds, apart.

    interviews is that in the first group, or in each round, of each domain.
    """
    _check(comparison, confidence)
    worth = _worth(interviews, fieldwork)
    power = comparison.power(worth, _level(confidence, sides))
    return _plan(comparison, interviews, power, fieldwork, confidence=confidence, sides=sides)


def smallest_difference(
    comparison: Shares | Means,
    interviews: int,
    *,
    fieldwork: Fieldwork,
    power: float = 0.8,
    confidence: float = 0.95,
    sides: Sides = "two-sided",
) -> Plan:
    """The smallest difference that a number of interviews finds.

    Of `Shares` the second says only on which side of the first to look; of `Means` the
    difference is not read.

    Raises
    ------
    DesignError
        Also if no share on that side is far enough from the first.
    """
    demands.a_share("power", power)
    demands.a_share("confidence", confidence)
    worth, level = _worth(interviews, fieldwork), _level(confidence, sides)
    if isinstance(comparison, Means):
        found = _smallest_of_means(comparison, worth, power, level)
    else:
        found = _nearest_share(comparison, worth, power, level)
    return _plan(found, interviews, power, fieldwork, confidence=confidence, sides=sides)


def sample_size_for_margin_of_difference(
    comparison: Shares | Means, *, margin: float, fieldwork: Fieldwork, confidence: float = 0.95
) -> Plan:
    """Interviews that estimate the difference of two groups or rounds to within a margin.

    n = z² D v/d², with v the variance of the difference for one interview in each.

    Parameters
    ----------
    margin
        d, half the width of the interval: as a share, or in the unit of the answers. Of
        `Means` the difference is not read.
    """
    demands.a_share("confidence", confidence)
    demands.above("margin", margin, 0)
    scale = (normal(confidence) / margin) ** 2 * comparison.spread
    first = max(2, whole(scale * fieldwork.design_effect.value))
    return _estimated(comparison, first, margin, fieldwork, confidence)


def margin_of_difference(
    comparison: Shares | Means,
    interviews: int,
    *,
    fieldwork: Fieldwork,
    confidence: float = 0.95,
) -> Plan:
    """The margin to within which interviews estimate the difference of two groups or rounds.

    interviews is that in the first group, or in each round, of each domain.
    """
    demands.a_share("confidence", confidence)
    variance = comparison.spread / _worth(interviews, fieldwork)
    margin = normal(confidence) * variance**0.5
    return _estimated(comparison, interviews, margin, fieldwork, confidence)


def _smallest_of_means(means: Means, worth: float, power: float, level: float) -> Means:
    found = _rising(
        lambda size: replace(means, difference=size).power(worth, level) - power,
        means.deviation * TINY,
        means.deviation,
        means.deviation * FAR,
    )
    if found is None:
        raise DesignError(
            "interviews",
            "they are too few to find any difference of means",
            "Ask more people, or accept less power",
        )
    return replace(means, difference=found)


def _nearest_share(shares: Shares, worth: float, power: float, level: float) -> Shares:
    """The nearest second share that is told apart; overlap is taken as it is given."""
    first = shares.first
    upwards = shares.second >= first
    room = _room(shares, upwards=upwards)

    def gain(size: float) -> float:
        second = first + size if upwards else first - size
        return _at(shares, second, worth, level) - power

    found = _rising(gain, TINY * room, room, room)
    if found is None:
        raise DesignError(
            "interviews",
            f"they are too few: no share {'above' if upwards else 'below'} {percent(first)} would "
            f"be told apart from it with a power of {percent(power)}",
            "Ask more people, or accept less power",
        )
    return replace(shares, second=first + found if upwards else first - found)


def _room(shares: Shares, *, upwards: bool) -> float:
    """How far from the first share the second can be, given how correlated they are."""
    first = shares.first
    furthest = (1 - first if upwards else first) * (1 - TINY)
    if shares.overlap is None or shares.overlap.people == 0:
        return furthest
    near, far = abs(shares.second - first), furthest
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        low, high = correlations(first, first + middle if upwards else first - middle)
        if low <= shares.overlap.correlation <= high:
            near = middle
        else:
            far = middle
    return near


def _at(shares: Shares, second: float, worth: float, level: float) -> float:
    return replace(shares, second=second).power(worth, level)


def _rising(
    function: Callable[[float], float], low: float, high: float, limit: float
) -> float | None:
    """Where a rising function crosses 0: at `low` if it is above there; None beyond the limit."""
    from scipy.optimize import brentq

    if function(low) >= 0:
        return low
    while function(high) < 0:
        if high >= limit:
            return None
        low, high = high, min(high * 4, limit)
    return float(brentq(function, low, high, xtol=low * 1e-12, rtol=1e-12))


def _plan(
    comparison: Shares | Means,
    first: int,
    power: float,
    fieldwork: Fieldwork,
    *,
    confidence: float,
    sides: Sides,
) -> Plan:
    if isinstance(comparison, Shares):
        difference = abs(comparison.second - comparison.first)
        purpose = f"tell {_shares(comparison)} apart"
    else:
        difference = abs(comparison.difference)
        purpose = f"find a difference of {difference:.4g} between two means"
    return Plan(
        purpose=purpose,
        groups=_groups(comparison, first, fieldwork),
        each="group" if comparison.overlap is None else "round",
        goal=f"with a power of {percent(power)} ({sides} test at the {percent(1 - confidence)} "
        "level)",
        fieldwork=fieldwork,
        confidence=confidence,
        difference=difference,
        power=power,
        assumed=_assumed(comparison),
        notes=few_clusters(first, fieldwork, confidence),
        formula=FLEISS if isinstance(comparison, Shares) else STUDENT,
    )


def _estimated(
    comparison: Shares | Means, first: int, margin: float, fieldwork: Fieldwork, confidence: float
) -> Plan:
    if isinstance(comparison, Shares):
        purpose = f"estimate the difference of {_shares(comparison)}"
        within = f"{margin * 100:.1f} percentage points"
    else:
        purpose = "estimate the difference of two means"
        within = f"{margin:.4g}"
    return Plan(
        purpose=purpose,
        groups=_groups(comparison, first, fieldwork),
        each="group" if comparison.overlap is None else "round",
        goal=f"to within ±{within}, with {percent(confidence)} confidence",
        # a comparison asks whether groups differ but for chance: no population is finite to it
        fieldwork=replace(fieldwork, population=None),
        confidence=confidence,
        margin=margin,
        assumed=_assumed(comparison),
        notes=few_clusters(first, fieldwork, confidence),
        formula="Cochran 1977, Sampling Techniques, chapter 2; overlapping rounds: Kish 1965",
    )


def _groups(comparison: Shares | Means, first: int, fieldwork: Fieldwork) -> tuple[int, int]:
    second = whole(first * comparison.ratio)
    demands.of_population(max(first, second), fieldwork.population)
    return first, second


def _shares(shares: Shares) -> str:
    return f"shares of {percent(shares.first)} and {percent(shares.second)}"


def _assumed(comparison: Shares | Means) -> tuple[str, ...]:
    said: list[str] = []
    if isinstance(comparison, Means):
        said.append(
            f"The standard deviation between people is taken to be {comparison.deviation:g}."
        )
    if comparison.overlap is not None and comparison.overlap.people > 0:
        said.append(
            f"{percent(comparison.overlap.people)} of the people are asked in both rounds, and "
            f"their two answers are taken to correlate at {comparison.overlap.correlation:g}."
        )
    return tuple(said)


def _worth(interviews: int, fieldwork: Fieldwork) -> float:
    worth = interviews / fieldwork.design_effect.value
    if worth < FEWEST:
        raise DesignError(
            "interviews",
            f"{interviews} with a design effect of {fieldwork.design_effect.value:.3g} are worth "
            "fewer than 2 people",
            "Ask more people, or more clusters with fewer people in each",
        )
    return worth


def _check(comparison: Shares | Means, confidence: float) -> None:
    demands.a_share("confidence", confidence)
    if isinstance(comparison, Shares):
        nothing = comparison.first == comparison.second
    else:
        nothing = comparison.difference == 0
    if nothing:
        raise DesignError(
            "difference",
            "there is none between the two, so there is nothing to find",
            "Give the smallest difference that would matter",
        )


def _level(confidence: float, sides: Sides) -> float:
    return (1 - confidence) / (2 if sides == "two-sided" else 1)


FLEISS = (
    "Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, chapter 4, "
    "without correction for continuity"
)

STUDENT = "The noncentral t distribution"

FEWEST = 2.0
"""Interviews in a group that a test needs at the least."""

MOST = 1e12
"""Interviews beyond which no sample is looked for."""

TINY = 1e-9

HALVINGS = 60

FAR = 1e4
"""Standard deviations beyond which no difference is looked for."""
