"""Allocation: how a sample is shared out among strata.

Every rule is a score for each stratum: with a total of n the counts are in proportion to the
scores, but for limits: none below its minimum, none above the people there are. Counts are
the limits, or one common factor times the score; that factor is found exactly, and what is
left by rounding goes to the largest remainders. Of the counts within limits that a rule with
S could give, Neyman's so bounded has the smallest variance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.planning import demands
from survey_kit.errors import DesignError

if TYPE_CHECKING:
    import pandas as pd

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True)
class Rule:
    """How strata are scored.

    words
        What it is called in the section on methods.
    power
        The score holds N to this power.
    factors
        What else it holds for each stratum, multiplied; stratum -> number above 0.
    impact
        Kish's I, in place of the power: √(I W² + H⁻²); None for other rules.
    source
        Author and year.
    """

    words: str
    power: float = 1.0
    factors: Mapping[str, float] = field(default_factory=dict[str, float])
    impact: float | None = None
    source: str = ""

    def scores(self, names: Sequence[str], population: Floats) -> Floats:
        """(strata,) What counts are in proportion to."""
        if self.impact is not None:
            shares = population / population.sum()
            return np.sqrt(self.impact * shares**2 + len(names) ** -2.0)
        factors = _numbers(self.words, names, self.factors) if self.factors else 1.0
        return population**self.power * factors


PROPORTIONAL = Rule("proportional to population", source="Cochran 1977, 5.5")
EQUAL = Rule("the same in every stratum", power=0.0)
SQUARE_ROOT = Rule("proportional to the square root of population", power=0.5)


def neyman(deviations: Mapping[str, float], costs: Mapping[str, float] | None = None) -> Rule:
    """N S: the smallest variance for the number of interviews; N S/√c for the money.

    Neyman 1934, *JRSS* 97:558-606; Cochran 1977, 5.5.

    Parameters
    ----------
    deviations
        Stratum -> standard deviation between its people; above 0.
    costs
        Stratum -> cost of an interview.
    """
    words = "optimal for the deviations within strata (Neyman)"
    source = "Neyman 1934; Cochran 1977, 5.5"
    if costs is None:
        return Rule(words, factors=deviations, source=source)
    _check_names("costs", list(deviations), costs, complete=True)
    for name, cost in costs.items():
        demands.above(f"cost of stratum '{name}'", cost, 0)
    known = {name: value / costs[name] ** 0.5 for name, value in deviations.items()}
    return Rule("optimal for the deviations and costs of strata", factors=known, source=source)


def power(exponent: float, variations: Mapping[str, float] | None = None) -> Rule:
    """N^a C: between equal precision in every stratum (a = 0) and Neyman's (a = 1).

    Bankier 1988, "Power allocations: determining sample sizes for subnational areas",
    *The American Statistician* 42:174-177.

    Parameters
    ----------
    exponent
        a, from 0 to 1.
    variations
        Stratum -> C, the coefficient of variation between its people; the same if None.
    """
    demands.between("exponent", exponent, 0, 1)
    return Rule(
        f"proportional to population to the power {exponent:g}",
        power=exponent,
        factors=variations or {},
        source="Bankier 1988",
    )


def compromise(impact: float = 1.0) -> Rule:
    """√(I W² + H⁻²): between equal (I = 0) and proportional (I large).

    Kish 1988, "Multipurpose sample designs", *Survey Methodology* 14:19-32. W is the share of
    the population, H the number of strata.
    """
    demands.at_least("impact", impact, 0)
    return Rule(
        f"a compromise of equal and proportional (Kish, I = {impact:g})",
        impact=impact,
        source="Kish 1988",
    )


@dataclass(frozen=True)
class Allocation:
    """How many to ask in each stratum.

    counts
        Stratum -> interviews.
    population
        Stratum -> people.
    rule
        How they were shared out.
    minimum
        Stratum -> the fewest that were allowed.
    """

    counts: Mapping[str, int]
    population: Mapping[str, int]
    rule: Rule
    minimum: Mapping[str, int]

    @property
    def interviews(self) -> int:
        """Interviews in all."""
        return sum(self.counts.values())

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """Stratum -> how many people each interview stands for; of strata that are asked."""
        return {name: self.population[name] / n for name, n in self.counts.items() if n}

    @property
    def design_effect(self) -> float:
        """What the unequal weights cost estimates of everybody (Kish 1965, 11.7)."""
        weighted = sum(w * w * self.counts[name] for name, w in self.weights.items())
        return self.interviews * weighted / sum(self.population[name] for name in self.weights) ** 2

    def variance_of_mean(self, deviations: Mapping[str, float]) -> float:
        """Σ W² (1 - n/N) S²/n: of the weighted mean, in squares of the unit of deviations.

        Cochran 1977, theorem 5.3. Infinite if a stratum is not asked.
        """
        whole = sum(self.population.values())
        spread = _numbers("deviations", list(self.counts), deviations)
        total = 0.0
        for (name, n), deviation in zip(self.counts.items(), spread, strict=True):
            people = self.population[name]
            left = np.inf if n == 0 else (1 - n / people) / n
            total += (people / whole) ** 2 * left * deviation**2
        return float(total)

    @property
    def frame(self) -> pd.DataFrame:
        """A row for each stratum: stratum, population, interviews, share drawn, weight."""
        import pandas as pd

        names = list(self.counts)
        return pd.DataFrame(
            {
                "stratum": names,
                "population": [self.population[name] for name in names],
                "interviews": [self.counts[name] for name in names],
                "share drawn": [self.counts[name] / self.population[name] for name in names],
                "weight": [self.weights.get(name, np.nan) for name in names],
            }
        )

    @property
    def sentence(self) -> str:
        """What the section on methods may say."""
        strata = "1 stratum" if len(self.counts) == 1 else f"{len(self.counts)} strata"
        shared = f"{self.interviews:,} interviews are shared out among {strata}"
        said = [f"{shared}, {self.rule.words}."]
        at_minimum = [n for n, count in self.counts.items() if 0 < count == self.minimum[n]]
        if at_minimum:
            noun = "stratum is" if len(at_minimum) == 1 else "strata are"
            said.append(f"{len(at_minimum)} {noun} given the minimum: {_listed(at_minimum)}.")
        everybody = [n for n, count in self.counts.items() if count == self.population[n]]
        if everybody:
            said.append(f"Everybody is asked in {_listed(everybody)}.")
        said.append(
            f"For estimates of everybody the unequal weights cost a design effect of "
            f"{self.design_effect:.2f}."
        )
        return " ".join(said)

    def _repr_html_(self) -> str:
        """The sentence over the table, for notebooks."""
        from html import escape

        return f"<p>{escape(self.sentence)}</p>{self.frame.to_html(index=False)}"


def allocate(
    interviews: int,
    population: Mapping[str, int],
    rule: Rule = PROPORTIONAL,
    *,
    minimum: int | Mapping[str, int] = 2,
) -> Allocation:
    """Share a number of interviews out among strata.

    Parameters
    ----------
    interviews
        How many in all.
    population
        Stratum -> people in it.
    rule
        PROPORTIONAL, EQUAL, SQUARE_ROOT, neyman(...), power(...) or compromise(...).
    minimum
        The fewest in every stratum, or in each; strata with fewer people are asked whole. With
        fewer than 2 a stratum has no variance of its own.

    Raises
    ------
    DesignError
        If a population is not a whole number above 0; there are more interviews than people,
        or fewer than the minima add up to; a rule or a minimum names other strata.
    """
    demands.a_count("interviews", interviews, 1)
    names = list(population)
    people = _populations(population)
    lowest = _minimum(names, people, minimum)
    _check_total(interviews, people, lowest)
    scores = rule.scores(names, people.astype(np.float64))
    exact = _bounded(interviews, scores, lowest.astype(np.float64), people.astype(np.float64))
    counts = _rounded(interviews, exact, lowest, people)
    return Allocation(
        counts=dict(zip(names, counts.tolist(), strict=True)),
        population=dict(zip(names, people.tolist(), strict=True)),
        rule=rule,
        minimum=dict(zip(names, lowest.tolist(), strict=True)),
    )


def _bounded(total: int, scores: Floats, lowest: Floats, highest: Floats) -> Floats:
    """(strata,) min(max(f·score, lowest), highest) with the one f at which they add to total.

    The sum rises with f, in straight pieces between the values at which a stratum leaves its
    minimum or meets its maximum.
    """
    bends = np.unique(np.concatenate([lowest / scores, highest / scores]))
    sums = np.array([np.clip(bend * scores, lowest, highest).sum() for bend in bends])
    after = int(np.searchsorted(sums, total))
    if after == 0:
        return lowest
    if after == len(bends):
        return highest
    share = (total - sums[after - 1]) / (sums[after] - sums[after - 1])
    factor = bends[after - 1] + share * (bends[after] - bends[after - 1])
    return np.clip(factor * scores, lowest, highest)


def _rounded(total: int, exact: Floats, lowest: Integers, highest: Integers) -> Integers:
    """Whole numbers that add to the total: what is left goes to the largest remainders."""
    down = np.floor(exact + ROUNDING).astype(np.intp)
    left = total - int(down.sum())
    remainder = np.where(down < highest, exact - down, -1.0)
    order = np.argsort(-remainder, kind="stable")
    down[order[:left]] += 1
    return np.clip(down, lowest, highest)


def _populations(population: Mapping[str, int]) -> Integers:
    if not population:
        raise DesignError("strata", "there are none", "Give the number of people in each stratum")
    for name, people in population.items():
        if not (people >= 1 and people == int(people)):
            raise DesignError(
                f"stratum '{name}'",
                f"its population, {people:g}, is not a whole number above 0",
                "Give the number of people in it, or leave the stratum out",
            )
    return np.array([int(people) for people in population.values()], dtype=np.intp)


def _minimum(names: Sequence[str], people: Integers, minimum: int | Mapping[str, int]) -> Integers:
    if isinstance(minimum, Mapping):
        _check_names("minimum", names, minimum, complete=False)
        wanted = [minimum.get(name, 0) for name in names]
    else:
        wanted = [minimum] * len(names)
    for name, least in zip(names, wanted, strict=True):
        demands.a_count(f"minimum of stratum '{name}'", least, 0)
    return np.minimum(np.array(wanted, dtype=np.intp), people)


def _check_total(interviews: int, people: Integers, lowest: Integers) -> None:
    if interviews > people.sum():
        raise DesignError(
            "allocation",
            f"{interviews:,} interviews were asked for, and the strata hold {people.sum():,} people",
            "Ask for at most as many",
        )
    if interviews < lowest.sum():
        raise DesignError(
            "allocation",
            f"the minima add up to {lowest.sum():,}, and there are {interviews:,} interviews",
            "Lower the minima, merge strata, or ask more people",
        )


def _numbers(where: str, names: Sequence[str], values: Mapping[str, float]) -> Floats:
    _check_names(where, names, values, complete=True)
    for name in names:
        demands.above(f"{where}, stratum '{name}'", values[name], 0)
    return np.array([values[name] for name in names], dtype=np.float64)


def _check_names(
    where: str, names: Sequence[str], given: Mapping[str, float], *, complete: bool
) -> None:
    for name in given:
        if name not in names:
            close = get_close_matches(name, names, n=1)
            hint = f"Did you mean '{close[0]}'?" if close else f"There are {len(names)} strata."
            raise DesignError(where, f"there is no stratum called '{name}'", hint)
    missing = [name for name in names if name not in given]
    if complete and missing:
        raise DesignError(
            where, f"there is no number for {_listed(missing)}", "Give one for every stratum"
        )


def _listed(names: Sequence[str]) -> str:
    shown = [f"'{name}'" for name in names[:NAMED]]
    if len(names) > NAMED:
        return f"{', '.join(shown)} and {len(names) - NAMED} more"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


NAMED = 3
"""How many strata a sentence names before it counts the rest."""

ROUNDING = 1e-9
