r"""Means from volunteers and a reference sample, right if either of two models is.

With weights :math:`w = 1/\pi` of the volunteers A, the weights d of the reference sample B, and
a model m(x) of the answer fitted to the volunteers,

.. math:: \hat\mu = \frac{\sum_A w\,(y - m(x))}{\sum_A w} + \frac{\sum_B d\,m(x)}{\sum_B d}

(Chen, Li and Wu 2020, JASA 115:2011-2021). It is consistent if the model of volunteering
holds, or that of the answer. All of it is worked out again in every bootstrap replicate.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.models.family import BINOMIAL, GAUSSIAN, Family, family_of
from survey_kit.estimation.models.reweighted import Task
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.weighting.reference_sample import Matched


def doubly_robust(matched: Matched, column: str, *, family: Family | str = GAUSSIAN) -> Estimate:
    """The mean of a column of numbers, of 0 and 1 for a share.

    Parameters
    ----------
    family
        Of the model of the answer: GAUSSIAN, or BINOMIAL for 0 and 1. Its predictors are
        those that the samples were matched by.

    Returns
    -------
    Estimate
        One number with its bootstrap error. Its bases are those of the volunteers.

    Raises
    ------
    EstimationError
        If an answer is missing, the model does not settle, or the family is another.
    """
    family = family_of(family)
    if family not in (GAUSSIAN, BINOMIAL):
        raise EstimationError(
            "doubly robust mean", f"the family {family.name}", "Take GAUSSIAN or BINOMIAL."
        )
    y = matched.sample.numbers([column])[:, 0]
    if np.isnan(y).any():
        raise EstimationError(
            f"column '{column}'",
            f"{int(np.isnan(y).sum())} volunteers have no answer",
            "Match those who answered: leave the others out of the sample beforehand.",
        )
    kind = family.with_link(None)
    task = Task(f"{column} ~ x", matched.x_sample, y, np.zeros(len(y)), family, kind)

    def mean(times: Floats, w: Floats, d: Floats) -> float:
        there = times > 0
        part = replace(task, x=task.x[there], y=y[there], shift=task.shift[there])
        held = part.fit(times[there])
        model_a = np.asarray(kind.link.inverse(matched.x_sample @ held.beta), dtype=np.float64)
        model_b = np.asarray(kind.link.inverse(matched.x_reference @ held.beta), dtype=np.float64)
        return float(w @ (y - model_a) / w.sum() + d @ model_b / d.sum())

    ours, theirs = matched.sample.replicates, matched.reference.replicates
    if ours is None or theirs is None:
        raise EstimationError(
            "doubly robust mean", "the samples have no replicates", "Take them from `match`."
        )
    value = np.array([mean(np.ones(len(y)), matched.sample.weights, matched.reference.weights)])
    each = np.empty((len(ours), 1))
    for number in range(len(ours)):
        each[number] = mean(matched.times(number), ours.weights(number), theirs.weights(number))
    plain = estimate(MEAN, matched.sample, [column])
    return replace(plain, value=value, covariance=ours.covariance(each, value))
