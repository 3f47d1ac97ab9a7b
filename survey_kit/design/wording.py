"""What may be said of numbers, given how people were chosen: the only place that decides.

Sources: AAPOR (2016) "AAPOR Guidance on Reporting Precision for Nonprobability Samples";
AAPOR (2012) "Understanding a credibility interval and how it differs from the margin of
sampling error". Where respondents chose themselves or were chosen by purpose, no sampling
error can be computed from the design; an interval then rests on a model, and is shown
only when asked for, under a name that says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from survey_kit.design.design import Sampling

Intervals: TypeAlias = Literal["design", "modelled, only when asked", "none"]


@dataclass(frozen=True)
class Wording:
    """The words for one sample.

    people
        Of whom a share is: "respondents" or "people".
    interval
        What an interval is called, "" where none may be shown.
    footer
        One or two sentences under every table and chart.
    may_generalise
        Whether the results may be said to describe the population.
    intervals
        When intervals and tests are shown.
    assumption
        What a modelled interval assumes, to be printed with it; "" for other intervals.
    """

    people: str
    interval: str
    footer: str
    may_generalise: bool
    intervals: Intervals
    assumption: str = ""


MODELLED = (
    "Modelled interval, not a margin of sampling error: it assumes that respondents are like "
    "a random sample of clusters, given the weights."
)

_KINDS = {
    Sampling.PURPOSIVE: "Purposive sample",
    Sampling.SNOWBALL: "Snowball sample",
    Sampling.RDS: "Respondent-driven sample",
    Sampling.QUOTA: "Quota sample",
    Sampling.OPT_IN: "Opt-in sample",
}


def wording(sampling: Sampling, n: int, where: str) -> Wording:
    """What may be said of a sample of n respondents.

    Parameters
    ----------
    sampling
        How they were chosen.
    n
        How many interviews there are.
    where
        The place in words, such as "4 countries"; "" to leave it out.
    """
    in_place = f" in {where}" if where else ""
    respondents = f"{n:,} respondents{in_place}" if n != 1 else f"1 respondent{in_place}"
    match sampling:
        case Sampling.PROBABILITY:
            return Wording(
                people="people",
                interval="95% CI (design-based)",
                footer=f"Probability sample of {respondents}; results describe the population "
                "it was drawn from, within the intervals shown.",
                may_generalise=True,
                intervals="design",
            )
        case Sampling.CENSUS:
            return Wording(
                people="people",
                interval="",
                footer=f"Census: {respondents}. There is no sampling error; people who did not "
                "answer are not described.",
                may_generalise=True,
                intervals="none",
            )
        case Sampling.QUOTA | Sampling.OPT_IN:
            why = (
                "people were chosen to fill quotas"
                if sampling is Sampling.QUOTA
                else "people chose to take part"
            )
            return _modelled(sampling, respondents, f"{why}, so no sampling error can be computed")
        case Sampling.PURPOSIVE | Sampling.SNOWBALL | Sampling.RDS:
            whole = f"all people{in_place}" if where else "all people"
            return _modelled(
                sampling,
                respondents,
                f"results describe respondents and cannot be generalised to {whole}",
            )


def _modelled(sampling: Sampling, respondents: str, limit: str) -> Wording:
    return Wording(
        people="respondents",
        interval="modelled interval",
        footer=f"{_KINDS[sampling]} of {respondents}; {limit}.",
        may_generalise=False,
        intervals="modelled, only when asked",
        assumption=MODELLED,
    )
