"""Fieldwork, foreseen: how people will be chosen, found and grouped.

Everything that turns the size of a simple random sample into a number of people to approach.
It is one value because it is the same for every question of a survey.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from survey_kit.design.design import Sampling
from survey_kit.design.planning import demands
from survey_kit.design.planning.effects import DesignEffect
from survey_kit.errors import DesignError


@dataclass(frozen=True)
class Fieldwork:
    """How the sample will be drawn and met.

    Parameters
    ----------
    sampling
        How people will be chosen. Compulsory: formulas of precision hold for a probability
        sample, and for any other the plan says so.
    effect
        The design effect: a number, or put together by `design_effect`.
    response
        The share of those approached, and eligible, who will be found and willing.
    eligible
        The share of those approached who will turn out to belong to the population.
    population
        How many people there are (in each domain), where the sample may be a good part of them.
    domains
        In how many parts of the population the same is wanted, each on its own.

    Raises
    ------
    DesignError
        If a share is not above 0 and at most 1, a number is not above 0, or it is a census.
    """

    sampling: Sampling
    effect: float | DesignEffect = 1.0
    response: float = 1.0
    eligible: float = 1.0
    population: int | None = None
    domains: int = 1

    def __post_init__(self) -> None:
        if self.sampling is Sampling.CENSUS:
            raise DesignError(
                "sampling",
                "a census asks everybody, so there is no sample to plan",
                "Plan for the response you can expect, and say who did not answer",
            )
        demands.a_rate("response", self.response)
        demands.a_rate("eligible", self.eligible)
        demands.above("design effect", self.design_effect.value, 0)
        demands.a_count("domains", self.domains, 1)
        if self.population is not None:
            demands.a_count("population", self.population, 2)

    @property
    def design_effect(self) -> DesignEffect:
        """The design effect with its parts."""
        if isinstance(self.effect, DesignEffect):
            return self.effect
        return DesignEffect(clustering=self.effect)

    def approached(self, interviews: int) -> int:
        """How many people to approach for a number of interviews."""
        return whole(interviews / (self.response * self.eligible))

    def clusters(self, interviews: int) -> int | None:
        """How many clusters hold a number of interviews; None without clusters."""
        take = self.design_effect.take
        return None if take is None else whole(interviews / take)

    @property
    def caution(self) -> str:
        """What must be said with every figure of precision; "" for a probability sample."""
        if self.sampling is Sampling.PROBABILITY:
            return ""
        return (
            f"These figures of precision assume a probability sample. This is to be "
            f"{_KINDS[self.sampling]}, whose sampling error cannot be computed from its design: "
            "they are a guide to its size, and no margin of error may be reported from them."
        )


def whole(number: float) -> int:
    """The next whole number up, unless rounding alone is what a number exceeds one by."""
    return ceil(number - ROUNDING * max(1.0, number))


ROUNDING = 1e-9

_KINDS = {
    Sampling.QUOTA: "a quota sample",
    Sampling.PURPOSIVE: "a purposive sample",
    Sampling.SNOWBALL: "a snowball sample",
    Sampling.RDS: "a respondent-driven sample",
    Sampling.OPT_IN: "an opt-in sample",
}
