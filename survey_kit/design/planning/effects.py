"""The design effect, foreseen: what clusters and unequal weights will cost.

A design effect D says that n interviews are worth n/D of a simple random sample. Before
there are data it is put together from what is known of the survey before: how alike people
of a cluster are, how many of them are interviewed, and how unequal weights will be.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

from survey_kit.design.planning import demands


@dataclass(frozen=True)
class DesignEffect:
    """What clusters and weights multiply a variance by.

    clustering, weighting
        Their parts; the whole is the product.
    take
        Interviews in each cluster, on average; None without clusters.
    words
        Where it comes from, for the section on methods; "" if it was given as a number.
    """

    clustering: float = 1.0
    weighting: float = 1.0
    take: float | None = None
    words: str = ""

    @property
    def value(self) -> float:
        """The whole: clustering times weighting."""
        return self.clustering * self.weighting


def design_effect(
    *, take: float = 1, icc: float = 0.0, take_variation: float = 0.0, weight_variation: float = 0.0
) -> DesignEffect:
    r"""The design effect of clusters and unequal weights.

    .. math:: D = \{1 + ((1 + c_m^2)\,\bar m - 1)\,\rho\}\,(1 + c_w^2)

    Kish 1965, *Survey Sampling*, 5.4 (clusters) and 11.7 (weights); their product: Gabler,
    Häder and Lahiri 1999, *Survey Methodology* 25:105-106; unequal takes: Eldridge, Ashby and
    Kerry 2006, *International Journal of Epidemiology* 35:1292-1300.

    Parameters
    ----------
    take
        Mean number of interviews in a cluster, m̄.
    icc
        ρ, the correlation between two people of one cluster.
    take_variation, weight_variation
        The coefficient of variation (standard deviation over mean) of the number of
        interviews in a cluster, and of the weights.

    Raises
    ------
    DesignError
        If take is below 1, icc not between -1/(take - 1) and 1, or a variation negative.

    >>> round(design_effect(take=12, icc=0.05).value, 2)
    1.55
    """
    demands.at_least("take", take, 1)
    lowest = -1 / (take - 1) if take > 1 else -1.0
    demands.between("icc", icc, max(lowest, -1.0), 1)
    demands.at_least("take_variation", take_variation, 0)
    demands.at_least("weight_variation", weight_variation, 0)
    clustering = 1 + ((1 + take_variation**2) * take - 1) * icc
    demands.above("design effect", clustering, 0)
    words: list[str] = []
    if take > 1:
        varying = f" on average (variation {take_variation:g})" if take_variation else ""
        words.append(f"{take:g} interviews in a cluster{varying}")
        words.append(f"an intra-cluster correlation of {icc:g}")
    if weight_variation:
        words.append(f"weights that vary by {weight_variation:g} of their mean")
    return DesignEffect(
        clustering, 1 + weight_variation**2, take if take > 1 else None, ", ".join(words)
    )


def icc_of(effect: float, take: float) -> float:
    """The correlation within clusters that a design effect found earlier stands for.

    (D - 1)/(m̄ - 1): Kish's roh (Kish 1965, 5.4). Take the design effect of clusters alone: with
    unequal weights divide by theirs first.

    >>> round(icc_of(1.55, 12), 4)
    0.05
    """
    demands.above("design effect", effect, 0)
    demands.above("take", take, 1)
    return (effect - 1) / (take - 1)


def best_take(*, cluster_cost: float, interview_cost: float, icc: float) -> float:
    """Interviews in each cluster that buy the smallest variance for the money.

    √(C (1 - ρ) / (c ρ)), with C to reach one more cluster and c for one more interview; at
    least 1, infinite if people of a cluster are no more alike than others. Kish 1965, chapter 8;
    Cochran 1977, *Sampling Techniques*, 10.6.

    >>> round(best_take(cluster_cost=200, interview_cost=10, icc=0.05), 1)
    19.5
    """
    demands.above("cluster_cost", cluster_cost, 0)
    demands.above("interview_cost", interview_cost, 0)
    demands.between("icc", icc, -1, 1)
    if icc <= 0:
        return inf
    return max(1.0, sqrt(cluster_cost / interview_cost * (1 - icc) / icc))
