r"""What each cluster counts for in the samples of a bootstrap: three ways to draw them.

rao-wu
    :math:`n_h - 1` of the :math:`n_h` clusters with replacement. One drawn t times counts for
    :math:`1 - \lambda_h + \lambda_h t\, n_h / (n_h - 1)`, with :math:`\lambda_h^2 = 1 - f_h` (Rao and Wu
    1988, JASA 83:231-241; Rao, Wu and Yue 1992, Survey Methodology 18:209-217). Where the
    population is known, so that not all of it was drawn by chance, factors are less apart.
canty-davison
    The sample, repeated until it is as large as the population, stands in for it, and as
    many clusters as there were are drawn from it without replacement (Canty and Davison
    1999, The Statistician 48:379-391). R's `type="bootstrap"`.
preston
    Half of the clusters without replacement, and half of the units in each of those, and so
    on: the one way that counts later stages (Preston 2009, Survey Methodology 35:227-234). R's
    `type="mrbbootstrap"`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from numpy.random import Generator

from survey_kit.design.stage import Floats, Stage

Way: TypeAlias = Literal["rao-wu", "canty-davison", "preston"]

MOST_REPEATED = 100
"""A population of more than so many times the sample is as good as infinite, as in R."""


def rao_wu(stage: Stage, number: int, rng: Generator) -> tuple[Floats, float]:
    """(clusters, number) factors, and the scale of their squares."""
    factors = np.ones((stage.clusters, number))
    for stratum, (start, drawn) in enumerate(zip(stage.starts, stage.drawn, strict=True)):
        n = int(drawn)
        if n == 1:
            continue
        times = rng.multinomial(n - 1, np.full(n, 1 / n), size=number).T * (n / (n - 1))
        reach = float(np.sqrt(max(stage.undrawn[stratum], 0.0)))
        factors[start : start + n] = times if reach == 1 else 1 + reach * (times - 1)
    return factors, 1 / (number - 1)


def canty_davison(stage: Stage, number: int, rng: Generator) -> tuple[Floats, float]:
    """(clusters, number) factors, and the scale of their squares."""
    factors = np.ones((stage.clusters, number))
    for stratum, (start, drawn) in enumerate(zip(stage.starts, stage.drawn, strict=True)):
        n, population = int(drawn), float(stage.population[stratum])
        if n == 1:
            continue
        if population > MOST_REPEATED * n:
            times = rng.multinomial(n, np.full(n, 1 / n), size=number)
        else:
            copies = np.bincount(np.arange(round(population)) % n, minlength=n)
            times = rng.multivariate_hypergeometric(rng.permutation(copies), n, size=number)
        factors[start : start + n] = times.T
    # R's: one n/(n - 1) for all strata, of their harmonic mean
    size = 1 / float((1 / stage.drawn).mean())
    return factors, size / ((size - 1) * (number - 1))


def preston(stages: tuple[Stage, ...], number: int, rng: Generator) -> tuple[Floats, float]:
    """(units of the last stage, number) factors, and the scale of their squares."""
    carried = np.ones((len(stages[0].population), number))
    added = np.zeros((len(stages[0].population), number))
    for stage in stages:
        above, before = carried, added
        carried = np.zeros((stage.clusters, number))
        added = before[stage.stratum]
        for stratum, (start, drawn) in enumerate(zip(stage.starts, stage.drawn, strict=True)):
            n, half = int(drawn), int(drawn) // 2
            if half == 0:
                continue
            kept = rng.random((n, number)).argsort(axis=0).argsort(axis=0) < half
            undrawn = max(float(stage.undrawn[stratum]), 0.0)
            reach = np.sqrt(float(stage.inflation[stratum]) * half * undrawn / (n - half))
            units = slice(start, start + n)
            added[units] += reach * (n / half * kept - 1) * above[stratum]
            carried[units] = np.sqrt(n / half) * kept * above[stratum]
    return 1 + added, 1 / (number - 1)
