"""How the people in a sample were chosen, as names of columns.

`sampling` is compulsory, because what may be said follows from it: a margin of error
for a probability sample; a modelled interval, and only when asked, for any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Sampling(Enum):
    """How people came into the sample."""

    PROBABILITY = "probability"
    QUOTA = "quota"
    PURPOSIVE = "purposive"
    SNOWBALL = "snowball"
    RDS = "rds"
    OPT_IN = "opt-in"
    CENSUS = "census"


class Lonely(Enum):
    """What to do about a stratum in which a single cluster was drawn.

    A variance between clusters cannot be had from one. The values are those of R's
    ``options(survey.lonely.psu)``.

    FAIL
        Refuse, and name the stratum.
    REMOVE, CERTAINTY
        The stratum adds nothing to the variance: as if it held no other cluster.
    ADJUST
        Its cluster is set against the mean of all strata. Errs towards too wide.
    AVERAGE
        It adds what the other strata add on average.
    """

    FAIL = "fail"
    REMOVE = "remove"
    CERTAINTY = "certainty"
    ADJUST = "adjust"
    AVERAGE = "average"


class LonelyDomain(Enum):
    """What to do about a stratum in which a domain met a single one of many clusters.

    CENTRED
        The clusters that hold none of the domain count as zeros: the usual rule.
    AS_LONELY
        Treat it as `Lonely` says, where that is ADJUST or AVERAGE. R's
        ``options(survey.adjust.domain.lonely = TRUE)``.
    """

    CENTRED = "centred"
    AS_LONELY = "as lonely"


class Unequal(Enum):
    """How the variance of clusters drawn with unequal chances, without replacement, is had.

    BREWER
        From the chance of each cluster alone: it counts for 1 - π of what it would with
        replacement (Brewer and Donadio 2003, Survey Methodology 29:189-196).
    OVERTON, HARTLEY_RAO
        From the chance of every two, approximated from that of each: see `joint`.
    JOINT
        From the chance of every two, which is known: `Sample(..., joint=)`.
    """

    BREWER = "brewer"
    OVERTON = "overton"
    HARTLEY_RAO = "hartley-rao"
    JOINT = "joint"


class Pairs(Enum):
    """How a variance is made of the chances of every two clusters. Not for BREWER.

    HORVITZ_THOMPSON
        For any way of drawing. It may come out negative: then there is no standard error.
    YATES_GRUNDY
        For a number of clusters that was fixed beforehand; seldom negative.
    """

    HORVITZ_THOMPSON = "horvitz-thompson"
    YATES_GRUNDY = "yates-grundy"


@dataclass(frozen=True)
class Design:
    """Names of the columns that describe the sample.

    Parameters
    ----------
    sampling
        How people were chosen. Travels with every result.
    weight
        Column of weights, each above 0. None: every row stands for the same number.
    stratum
        Column of strata. None: one stratum.
    cluster
        Column, or columns from the first stage inwards, of clusters. None: rows are
        their own clusters.
    population
        Column, or columns by stage, of the number of clusters in the population of each
        stratum, or, where every value is at most 1, of the share that was drawn. None:
        drawn with replacement, or from so many that it makes no difference.
    unequal
        Where clusters were drawn with unequal chances, without replacement: how. `population`
        then holds the chance of each cluster, not the share of its stratum.
    pairs
        Of those: which sum over pairs.
    squared_chances
        For HARTLEY_RAO: column of Σπ²/n, summed over all clusters of the stratum, drawn or
        not. None: the mean chance of those drawn stands in for it.
    nested
        Whether a cluster's name may return in another stratum and mean another cluster.
    lonely, lonely_domain
        What to do about a stratum with a single cluster, or with a single one that holds
        any of the domain asked about.
    """

    sampling: Sampling
    weight: str | None = None
    stratum: str | None = None
    cluster: str | tuple[str, ...] | None = None
    population: str | tuple[str, ...] | None = None
    nested: bool = False
    unequal: Unequal | None = None
    pairs: Pairs = Pairs.HORVITZ_THOMPSON
    squared_chances: str | None = None
    lonely: Lonely = Lonely.FAIL
    lonely_domain: LonelyDomain = LonelyDomain.CENTRED

    @property
    def clusters(self) -> tuple[str, ...]:
        """Names of the cluster columns, first stage first."""
        if self.cluster is None:
            return ()
        return (self.cluster,) if isinstance(self.cluster, str) else self.cluster

    @property
    def populations(self) -> tuple[str, ...]:
        """Names of the population columns, first stage first."""
        if self.population is None:
            return ()
        return (self.population,) if isinstance(self.population, str) else self.population
