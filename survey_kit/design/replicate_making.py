r"""Replicates made from a design: balanced halves, and the bootstrap.

Balanced half-samples keep one of the two clusters of every stratum, chosen by the columns
of a Hadamard matrix so that every pair of strata is met in all four ways equally often
(McCarthy 1969, Review of the International Statistical Institute 37:239-264); Fay's
variant weighs the other half down instead of leaving it out (Judkins 1990, Journal of
Official Statistics 6:223-239). The bootstrap draws the clusters of every stratum again: see
`bootstrap_factors`. For samples drawn in an order: `successive`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from survey_kit.design.bootstrap_factors import Way, canty_davison, preston, rao_wu
from survey_kit.design.replicates import Centre, Replicates
from survey_kit.design.sample import Sample
from survey_kit.errors import DesignError, LonelyUnit

PAIR = 2


def balanced_halves(
    sample: Sample, *, rho: float = 0.0, centre: Centre = "mean of replicates"
) -> Sample:
    """The sample with balanced half-samples (BRR), or Fay's where `rho` is above 0.

    Populations play no part: the variance is that of clusters drawn with replacement.

    Parameters
    ----------
    rho
        How much of its weight the half that is left out keeps, from 0 to below 1.

    Raises
    ------
    DesignError
        If the sample has replicates, or was calibrated; if a stratum has not exactly two
        clusters; if rho is out of its range.
    """
    _check_plain(sample, "balanced halves")
    if not 0 <= rho < 1:
        raise DesignError("rho", f"it is {rho:g}", "Give a number from 0 to below 1.")
    stage = sample.stages[0]
    other = np.flatnonzero(stage.drawn != PAIR)
    if len(other):
        raise DesignError(
            stage.labels[int(other[0])],
            f"{int(stage.drawn[other[0]])} clusters were drawn, and halves take two",
            "Pair the clusters into strata of two, or use the bootstrap.",
        )
    from scipy import linalg

    strata = len(stage.population)
    size = 1 << int(strata).bit_length()
    signs = np.asarray(linalg.hadamard(size), dtype=np.float64)[1 : strata + 1]
    # as R: strata by the letters of their names, and first of a pair what stands first
    by_name = np.argsort(np.argsort(np.array(stage.labels, dtype=str), kind="stable"))
    met = np.unique(stage.cluster, return_index=True)[1]
    first = met == np.minimum.reduceat(met, stage.starts)[stage.stratum]
    chosen = signs[by_name][stage.stratum] * np.where(first, 1.0, -1.0)[:, None]
    factors = np.where(chosen > 0, 2 - rho, rho)
    return replace(
        sample,
        replicates=Replicates(
            kind="Fay" if rho else "BRR",
            factors=factors,
            row=stage.cluster,
            base=sample.weights,
            scale=1 / (size * (1 - rho) ** 2),
            rscales=np.ones(size),
            centre=centre,
        ),
    )


def bootstrap(
    sample: Sample,
    number: int,
    *,
    seed: int,
    way: Way = "rao-wu",
    centre: Centre = "mean of replicates",
) -> Sample:
    """The sample with bootstrap replicates.

    Where the design has populations the variance is that of clusters drawn without
    replacement, and with "preston" also of later stages; with unequal chances it is that of
    clusters drawn with replacement, on the safe side.

    Parameters
    ----------
    number
        How many replicates; the error of a standard error is about 1/√(2 number) of it.
    seed
        The same seed always gives the same replicates.
    way
        How the clusters are drawn: see `bootstrap_factors`.

    Raises
    ------
    DesignError
        If the sample has replicates, or was calibrated, or fewer than two are asked for.
    LonelyUnit
        If a stratum holds one cluster that was not certain to be drawn.
    """
    _check_plain(sample, "bootstrap")
    if number < PAIR:
        raise DesignError("bootstrap", f"{number} replicates", "Ask for some hundreds.")
    stages = sample.stages if way == "preston" else sample.stages[:1]
    for stage in stages:
        lonely = np.flatnonzero(stage.lonely)
        if len(lonely):
            raise LonelyUnit(
                stage.labels[int(lonely[0])],
                "only one cluster was drawn, so no other can stand in for it",
                "Merge the stratum with the one it most resembles.",
            )
    rng = np.random.default_rng(seed)
    match way:
        case "rao-wu":
            factors, scale = rao_wu(stages[0], number, rng)
        case "canty-davison":
            factors, scale = canty_davison(stages[0], number, rng)
        case "preston":
            factors, scale = preston(stages, number, rng)
    return replace(
        sample,
        replicates=Replicates(
            kind="bootstrap",
            factors=factors,
            row=stages[-1].cluster,
            base=sample.weights,
            scale=scale,
            rscales=np.ones(number),
            centre=centre,
        ),
    )


def _check_plain(sample: Sample, what: str) -> None:
    if sample.replicates is not None or sample.calibration is not None:
        raise DesignError(
            what,
            "this sample already has replicates, or was calibrated",
            "Make the replicates of the sample as it was drawn, and rake it afterwards.",
        )
