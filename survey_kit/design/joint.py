r"""How likely two clusters were to be drawn together, where chances are unequal.

The variance of a total of clusters drawn without replacement is a sum over pairs,

.. math:: v_{HT} = \sum_i \sum_j \check\Delta_{ij} u_i u_j, \qquad
          \check\Delta_{ij} = \frac{\pi_{ij} - \pi_i \pi_j}{\pi_{ij}},

with :math:`u_i` the weighted sum of cluster i (Horvitz and Thompson 1952, JASA 47:663-685),
or, where the number of clusters is fixed,
:math:`v_{YG} = -\tfrac12 \sum_i \sum_j \check\Delta_{ij} (u_i - u_j)^2` (Yates and Grundy 1953,
JRSS B 15:253-261). Both are u'Qu, and Q is what is made here. The :math:`\pi_{ij}` are seldom
known; Overton's and Hartley and Rao's approximations need the :math:`\pi_i` alone. As R's
`svydesign(pps="overton")`, `HR()` and `ppsmat()`.
"""

from __future__ import annotations

import numpy as np

from survey_kit.design.design import Pairs, Unequal
from survey_kit.design.stage import Floats, Integers
from survey_kit.errors import DesignError

MOST_CLUSTERS = 10_000
"""Pairs of more would not fit into memory."""

NEAR = 1e-6
"""How far the diagonal of joint chances may be from the chances, relative to them."""


def pair_weights(
    how: Unequal,
    pairs: Pairs,
    chance: Floats,
    stratum: Integers,
    *,
    squared: Floats | None = None,
    joint: Floats | None = None,
) -> Floats | None:
    r"""(clusters, clusters) Q of one stage; None where single chances suffice.

    Parameters
    ----------
    chance, stratum
        (clusters,) The chance :math:`\pi_i` of each, and the stratum it was drawn in.
    squared
        (clusters,) For Hartley and Rao :math:`\sum \pi^2 / n` over the population of its
        stratum; None: the mean chance of those drawn stands in for it.
    joint
        (clusters, clusters) The :math:`\pi_{ij}`, where they are known.

    Raises
    ------
    DesignError
        If there are too many clusters to pair, or the joint chances are wanting.
    """
    if how is Unequal.BREWER:
        return None
    if len(chance) > MOST_CLUSTERS:
        raise DesignError(
            "unequal chances",
            f"{len(chance):,} clusters make too many pairs",
            f"Use the method of Brewer; pairs are for at most {MOST_CLUSTERS:,} clusters.",
        )
    match how:
        case Unequal.OVERTON:
            found = _overton(chance, stratum)
        case Unequal.HARTLEY_RAO:
            found = _hartley_rao(chance, stratum, squared)
        case Unequal.JOINT:
            found = _known(chance, joint)
    if pairs is Pairs.YATES_GRUNDY:
        found = found - np.diag(found.sum(axis=1))
    return found


def _overton(chance: Floats, stratum: Integers) -> Floats:
    """1 - (n - (π_i + π_j)/2) / (n - 1) (Overton and Stehman 1995, Biometrics 51:1347-1355)."""
    together = (chance[:, None] + chance[None, :]) / 2
    return _approximated(chance, stratum, together)


def _hartley_rao(chance: Floats, stratum: Integers, squared: Floats | None) -> Floats:
    """1 - (n - π_i - π_j + Σπ²/n) / (n - 1) (Hartley and Rao 1962, AMS 33:350-374)."""
    if squared is None:
        sums = np.bincount(stratum, weights=chance)
        squared = (sums / np.maximum(np.bincount(stratum), 1))[stratum]
    together = chance[:, None] + chance[None, :] - squared[:, None]
    return _approximated(chance, stratum, together)


def _approximated(chance: Floats, stratum: Integers, less: Floats) -> Floats:
    """1 - (n - less) / (n - 1) for two of one stratum, 0 for two of different ones."""
    n = np.bincount(stratum)[stratum].astype(np.float64)
    found = 1 - (n[:, None] - less) / np.where(n > 1, n - 1, 1)[:, None]
    certain = chance >= 1
    found[(stratum[:, None] != stratum[None, :]) | (certain[:, None] & certain[None, :])] = 0.0
    np.fill_diagonal(found, 1 - chance)
    return found


def _known(chance: Floats, joint: Floats | None) -> Floats:
    """(π_ij - π_i π_j) / π_ij."""
    size = len(chance)
    if joint is None:
        raise DesignError(
            "unequal chances",
            "the design says that joint chances are known, and none were given",
            "Give the matrix of them to Sample as joint=, or use Overton's approximation.",
        )
    if joint.shape != (size, size):
        raise DesignError(
            "joint chances",
            f"they are {' x '.join(map(str, joint.shape))}, and {size} clusters were drawn",
            "Give a row and a column for each cluster, in the order of the data.",
        )
    if not (np.isfinite(joint).all() and (joint > 0).all() and (joint <= 1).all()):
        raise DesignError(
            "joint chances",
            "one is missing, 0, negative or above 1",
            "Every two clusters that were drawn together had a chance to be.",
        )
    if not np.allclose(joint, joint.T, rtol=NEAR, atol=0):
        raise DesignError(
            "joint chances",
            "that of two clusters differs with their order",
            "Give a symmetric matrix.",
        )
    if not np.allclose(np.diag(joint), chance, rtol=NEAR, atol=0):
        raise DesignError(
            "joint chances",
            "their diagonal is not the chance of each cluster",
            "Give the clusters in the order in which the data name them first.",
        )
    found = (joint - np.outer(chance, chance)) / joint
    np.fill_diagonal(found, 1 - chance)
    return found
