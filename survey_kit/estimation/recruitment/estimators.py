r"""Shares from a respondent-driven sample: RDS-II and RDS-I.

RDS-II (Volz and Heckathorn 2008, "Probability based estimation theory for respondent driven
sampling", Journal of Official Statistics 24:79-97) takes the chance of a person for
proportional to their degree d, as that of a random walk is:

.. math:: \hat\mu = \frac{\sum y_i / d_i}{\sum 1 / d_i}

RDS-I (Salganik and Heckathorn 2004, "Sampling and estimation in hidden populations using
respondent-driven sampling", Sociological Methodology 34:193-239) takes recruitment between
groups for as frequent as ties: with e the shares at which recruiting from group to group settles,
and :math:`D_g = n_g / \sum_g 1/d_i` the harmonic mean degree of a group,

.. math:: P_g = \frac{e_g / D_g}{\sum_k e_k / D_k}

which for two groups is their :math:`D_b C_{ba} / (D_a C_{ab} + D_b C_{ba})`, with C the shares of
recruits. Both hold if ties are mutual, recruits are a random part of whom the recruiter knows,
degrees are told rightly, and chains are long: see `diagnostics`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from survey_kit.design.design import Sampling
from survey_kit.design.sample import Sample
from survey_kit.design.stage import Integers, sums_by
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.proportions import shares
from survey_kit.estimation.recruitment.tree import Recruitment
from survey_kit.estimation.replicated import replicated
from survey_kit.estimation.statistic import Floats

WEIGHT = "RDS-II weight"


def rds_ii(values: Floats, degree: Floats) -> float:
    """Σ y/d / Σ 1/d, of those who have a value.

    >>> rds_ii(np.array([1.0, 0.0, 1.0]), np.array([2.0, 4.0, 4.0]))
    0.75
    """
    there = ~np.isnan(values)
    return float((values[there] / degree[there]).sum() / (1 / degree[there]).sum())


def volz_heckathorn(sample: Sample, tree: Recruitment, *, weight: str = WEIGHT) -> Sample:
    """The sample with weights 1/d, which add to the number of people.

    Everything that is estimated from it is RDS-II: `shares(sample, ...)`, `estimate(MEAN, ...)`.
    For a variance see `tree_bootstrap`.

    Raises
    ------
    EstimationError
        If the sample is not respondent-driven, has weights already, or is not that of the tree.
    """
    check_sample(sample, tree)
    if sample.design.weight is not None or sample.replicates is not None:
        raise EstimationError(
            "RDS-II",
            "the sample has weights already",
            "Give the sample as it was recruited; rake it afterwards, if at all.",
        )
    inverse = 1 / tree.degree
    weights = inverse * (len(tree) / inverse.sum())
    return Sample(sample.data.assign(**{weight: weights}), replace(sample.design, weight=weight))


def salganik_heckathorn(sample: Sample, tree: Recruitment, column: str) -> Estimate:
    """RDS-I shares of the categories of a column.

    Links count where both ends have an answer. Of a sample with replicates of `tree_bootstrap`
    the links are drawn as their people are, and the shares have a covariance; otherwise NaN.

    Returns
    -------
    Estimate
        NaN where recruiting between groups does not settle: a group that recruits nobody, or
        groups between which nobody was recruited.
    """
    check_sample(sample, tree)
    answers = sample.levels(column)
    plain = replace(sample, replicates=None)
    found = shares(plain, column)
    size = len(answers.names)
    to = np.flatnonzero((tree.recruiter >= 0) & (answers.codes >= 0))
    to = to[answers.codes[tree.recruiter[to]] >= 0]
    from_ = answers.codes[tree.recruiter[to]]

    def numbers(times: Floats) -> Floats:
        cell = from_ * size + answers.codes[to]
        links = sums_by(cell, times[to], size * size).reshape(size, size)
        there = answers.codes >= 0
        people = sums_by(answers.codes[there], times[there], size)
        inverse = sums_by(answers.codes[there], (times / tree.degree)[there], size)
        with np.errstate(divide="ignore", invalid="ignore"):
            odds = settled(links) * inverse / people
            return odds / odds.sum()

    value = numbers(np.ones(len(sample)))
    covariance = np.full((size, size), np.nan)
    if sample.replicates is not None:
        times = replace(sample.replicates, base=np.ones(len(sample)))
        covariance = times.covariance(replicated(times, numbers), value)
    return replace(found, value=value, covariance=covariance, simple=np.full(size, np.nan))


def settled(links: Floats) -> Floats:
    """(groups,) The shares at which recruiting by (from, to) links settles; NaN where it does not.

    >>> settled(np.array([[3.0, 1.0], [2.0, 2.0]]))
    array([0.66666667, 0.33333333])
    """
    size = len(links)
    made = links.sum(axis=1)
    if (made == 0).any():
        return np.full(size, np.nan)
    chances = links / made[:, None]
    system = np.vstack([chances.T - np.eye(size), np.ones(size)])
    if np.linalg.matrix_rank(system[:-1]) < size - 1:
        return np.full(size, np.nan)
    found, *_ = np.linalg.lstsq(system, np.append(np.zeros(size), 1.0), rcond=None)
    return np.asarray(found, dtype=np.float64)


def links_between(tree: Recruitment, codes: Integers, size: int) -> Floats:
    """(size, size) How many people of each category (column) each category (row) recruited."""
    to = np.flatnonzero((tree.recruiter >= 0) & (codes >= 0))
    to = to[codes[tree.recruiter[to]] >= 0]
    cell = codes[tree.recruiter[to]] * size + codes[to]
    return sums_by(cell, np.ones(len(to)), size * size).reshape(size, size)


def check_sample(sample: Sample, tree: Recruitment) -> None:
    """Refuse a sample that is not respondent-driven, or not that of the tree."""
    if sample.design.sampling is not Sampling.RDS:
        raise EstimationError(
            "respondent-driven sample",
            f"the design says {sample.design.sampling.value}",
            "Give Sampling.RDS where people recruited each other with coupons that were recorded.",
        )
    if len(sample) != len(tree):
        raise EstimationError(
            "respondent-driven sample",
            f"the tree has {len(tree)} people and the sample {len(sample)}",
            "Read the tree from the data of the sample.",
        )
