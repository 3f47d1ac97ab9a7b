r"""Successive differences: replicates of a sample drawn in an order, as every so many of a list.

With :math:`a_i` the row of a Hadamard matrix h that unit i of the list is given, it counts in
replicate r for

.. math:: 1 + 2^{-3/2} \sqrt{1 - f}\, (h_{a_i r} - h_{a_{i+1} r}), \qquad
          v = \frac{4}{R} \sum_r (\hat\theta_r - \hat\theta)^2,

which of a total is half the sum of squared differences between neighbours, the last being the
neighbour of the first (Fay and Train 1995, "Aspects of survey and model-based postcensal
estimation", Proceedings of the Government Statistics Section, ASA). What the order explains
does not count as error. The weights of the American Community Survey are of this kind.
"""

from __future__ import annotations

from dataclasses import replace
from math import gcd

import numpy as np

from survey_kit.design.replicates import Centre, Replicates
from survey_kit.design.sample import Sample
from survey_kit.design.stage import Integers
from survey_kit.errors import DesignError, LonelyUnit

FEWEST = 4
MOST = 4096
"""Replicates: fewer tell nothing, more would not fit into memory with their matrix."""
PAIR = 2


def successive_differences(
    sample: Sample, number: int = 128, *, centre: Centre = "estimate"
) -> Sample:
    """The sample with replicates of successive differences (SDR).

    The clusters of a stratum are neighbours in the order of the data: sort the rows as the
    list was sorted from which they were drawn.

    Parameters
    ----------
    number
        How many replicates: a power of 2. With more than there are clusters, the error of a
        total is exactly that of the differences; with fewer, rows of the matrix return.

    Raises
    ------
    DesignError
        If the sample has replicates, or was calibrated; if `number` is no power of 2.
    LonelyUnit
        If a stratum holds one cluster that was not certain to be drawn.
    """
    if sample.replicates is not None or sample.calibration is not None:
        raise DesignError(
            "successive differences",
            "this sample already has replicates, or was calibrated",
            "Make the replicates of the sample as it was drawn, and rake it afterwards.",
        )
    if not FEWEST <= number <= MOST or number & (number - 1):
        raise DesignError(
            "successive differences",
            f"{number} replicates",
            "Ask for a power of 2, such as 64, 128 or 256.",
        )
    stage = sample.stages[0]
    lonely = np.flatnonzero(stage.lonely)
    if len(lonely):
        raise LonelyUnit(
            stage.labels[int(lonely[0])],
            "only one cluster was drawn, so it has no neighbour",
            "Merge the stratum with the one it most resembles.",
        )
    from scipy import linalg

    signs = np.asarray(linalg.hadamard(number), dtype=np.float64)
    met = np.unique(stage.cluster, return_index=True)[1]
    factors = np.ones((stage.clusters, number))
    order = _rows(stage.clusters, number)
    for stratum, (start, drawn) in enumerate(zip(stage.starts, stage.drawn, strict=True)):
        n = int(drawn)
        if n < PAIR:
            continue
        listed = start + np.argsort(met[start : start + n])
        rows = order[start : start + n]
        reach = 2**-1.5 * np.sqrt(max(float(stage.undrawn[stratum]), 0.0))
        factors[listed] += reach * (signs[rows] - signs[np.roll(rows, -1)])
    made = Replicates(
        kind="successive-difference",
        factors=factors,
        row=stage.cluster,
        base=sample.weights,
        scale=4 / number,
        rscales=np.ones(number),
        centre=centre,
    )
    return replace(sample, replicates=made)


def _rows(clusters: int, number: int) -> Integers:
    """(clusters,) A row of the matrix for each, never the first, which is all ones.

    When all have been given they are given again in longer steps, so that other rows meet.
    """
    size = number - 1
    steps = [step for step in range(1, size) if gcd(step, size) == 1]
    passes = range(-(-clusters // size))
    places = [np.arange(size) * steps[turn % len(steps)] % size for turn in passes]
    return (np.concatenate(places)[:clusters] + 1).astype(np.intp)
