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
    nested
        Whether a cluster's name may return in another stratum and mean another cluster.
    """

    sampling: Sampling
    weight: str | None = None
    stratum: str | None = None
    cluster: str | tuple[str, ...] | None = None
    population: str | tuple[str, ...] | None = None
    nested: bool = False

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
