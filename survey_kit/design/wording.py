"""What may be said of numbers, given how people were chosen: the only place that decides.

Sources: AAPOR (2016) "AAPOR Guidance on Reporting Precision for Nonprobability Samples";
AAPOR (2012) "Understanding a credibility interval and how it differs from the margin of
sampling error". Where respondents chose themselves or were chosen by purpose, no sampling
error can be computed from the design; an interval then rests on a model, and is shown
only when asked for, under a name that says so. Nor do their weights add up to anybody: there
are shares of respondents, and no totals.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from survey_kit.design.design import Design, Sampling
from survey_kit.errors import EstimationError

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
    totals
        Whether numbers of people in the population may be shown.
    margin_of_error
        Whether an interval may be called a margin of (sampling) error.
    tests
        When p-values and letters are shown: as `intervals`.
    comparison
        What a difference between groups is called besides: "exploratory", or "".
    """

    people: str
    interval: str
    footer: str
    may_generalise: bool
    intervals: Intervals
    assumption: str = ""
    totals: bool = False
    margin_of_error: bool = False
    comparison: str = ""

    @property
    def share(self) -> str:
        """Of whom a share is: "of respondents" or "of people"."""
        return f"of {self.people}"

    @property
    def tests(self) -> Intervals:
        """When p-values and letters are shown."""
        return self.intervals

    @property
    def label(self) -> str:
        """What an interval is called where it stands alone, with what it assumes."""
        return f"{self.interval}, {ASSUMING}" if self.assumption else self.interval


MODELLED = (
    "Modelled interval, not a margin of sampling error: it assumes that respondents are like "
    "a random sample of clusters, given the weights."
)

ASSUMING = (
    "assuming that respondents are like a random sample of clusters, given the weights; not a "
    "margin of sampling error"
)

EXPLORATORY = "exploratory"

_KINDS = {
    Sampling.PROBABILITY: "Probability sample",
    Sampling.CENSUS: "Census",
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
                totals=True,
                margin_of_error=True,
            )
        case Sampling.CENSUS:
            return Wording(
                people="people",
                interval="",
                footer=f"Census: {respondents}. There is no sampling error; people who did not "
                "answer are not described.",
                may_generalise=True,
                intervals="none",
                totals=True,
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
        comparison=EXPLORATORY,
    )


def kind(sampling: Sampling) -> str:
    """The kind of sample in words, such as "a purposive sample"."""
    name = _KINDS[sampling][0].lower() + _KINDS[sampling][1:]
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def census_precision(asked: int, answered: int) -> str:
    """How precise a number of a census is.

    >>> census_precision(90, 87)
    'no sampling error; item non-response 3.3%'
    """
    missing = 100 * (asked - answered) / asked if asked else 0.0
    return f"no sampling error; item non-response {missing:.1f}%"


_ALIKE = {
    Sampling.QUOTA: "the enumerator or the site",
    Sampling.PURPOSIVE: "the site or the enumerator",
    Sampling.SNOWBALL: "the recruiter or the seed",
    Sampling.RDS: "the recruiter or the seed",
    Sampling.OPT_IN: "the channel that people came by",
    Sampling.CENSUS: "the site or the enumerator",
}


def assumptions(design: Design) -> tuple[str, ...]:
    """The block to be printed with a modelled interval, line by line; () for a probability sample.

    What makes interviews alike without a draw is where they were held, who held them and who
    brought people along. So that is what they are clustered by, and where the design names
    nothing of the sort the block says what should be given.
    """
    if design.sampling is Sampling.PROBABILITY:
        return ()
    lines = [MODELLED]
    if design.clusters:
        lines.append(
            f"Interviews that have the same {design.clusters[0]} are taken to be alike, others "
            "to be independent."
        )
    else:
        lines.append(
            "Every interview is taken to be independent of all others, so the interval is too "
            f"narrow where those of one place or person are alike: give the column of "
            f"{_ALIKE[design.sampling]} as the cluster of the design."
        )
    if design.weight is not None:
        lines.append(
            f"Weights ({design.weight}) are taken to make up for who was reached: within what "
            "they were made from, those who took part are taken to be like those who did not."
        )
    else:
        lines.append("Those who took part are taken to be like those who did not.")
    if design.population is not None:
        lines.append("Shares of a population that was drawn are read as if by chance.")
    return tuple(lines)


def check_totals(sampling: Sampling, what: str) -> None:
    """Refuse a number of people in the population where the sample stands for nobody else.

    Raises
    ------
    EstimationError
        If people were not drawn with a known chance, nor all asked.
    """
    if not wording(sampling, 0, "").totals:
        raise EstimationError(
            what,
            f"{kind(sampling)} stands for nobody but its respondents, so it has no totals of a "
            "population",
            "Ask for a share or a mean of respondents, or count the rows.",
        )


def check_interval(sampling: Sampling, *, asked: bool) -> None:
    """Refuse an interval that the sampling does not give by itself and nobody asked for.

    Raises
    ------
    EstimationError
        If it is not a probability sample, unless a modelled interval was asked for.
    """
    if asked or sampling is Sampling.PROBABILITY:
        return
    if sampling is Sampling.CENSUS:
        raise EstimationError(
            "interval",
            "a census has no sampling error",
            "Show the number and how many did not answer; or ask for `.modelled.interval()`.",
        )
    raise EstimationError(
        "interval",
        f"{kind(sampling)} has no margin of sampling error",
        "Ask for `.modelled.interval()`, and print with it what it assumes: `assumptions(design)`.",
    )
