r"""The variance of a sum, from the spread between clusters: one function for everything.

Every estimate is, to first order, a sum of contributions w_i z_i. With :math:`n_h` of
:math:`N_h` clusters drawn in stratum h, and :math:`u_{hc}` the sum of the contributions of
cluster c,

.. math:: v = \sum_h (1 - n_h/N_h) \frac{n_h}{n_h - 1}
          \sum_c (u_{hc} - \bar u_h)(u_{hc} - \bar u_h)'

and, where the later stages have a population too, the same within each cluster, times the
share of clusters drawn before (Särndal, Swensson and Wretman 1992, "Model Assisted Survey
Sampling", result 4.3.1; Cochran 1977, "Sampling Techniques", chapter 11).

The work is done by `scores`: numbers whose cross-product is the covariance. So the
covariance of anything with anything is one product of two columns.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.design import Lonely, LonelyDomain
from survey_kit.design.drawn import Drawn
from survey_kit.design.stage import Stage
from survey_kit.design.two_phase import TwoPhase
from survey_kit.errors import EstimationError, LonelyUnit
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.two_phase import two_phase_covariance

Flags = NDArray[np.bool_]

ROUNDING = 1e-12
"""A sum of squares below this share of its terms is rounding."""


def linearised_variance(
    contributions: Floats, sample: Drawn, *, moments: Floats | None = None
) -> Floats:
    """The covariance of k sums.

    Parameters
    ----------
    contributions
        (n, k). Row i holds w_i z_i for each of k statistics, in their own units; 0 for a
        row outside the domain of the statistic.
    moments
        (q, k). Of a calibrated sample, `calibration_moments` of the z_i.

    Returns
    -------
    (k, k)
        Covariance of the k sums, in the product of their units.

    Raises
    ------
    LonelyUnit
        If a stratum holds one cluster, unless it holds all of its population, or the
        design says what to do about it.
    """
    sums = [stage.total(contributions) for stage in sample.stages]
    return covariance_of_sums(sums, sample, moments=moments)


def calibration_moments(influences: Floats, sample: Drawn) -> Floats | None:
    """(q, k) X'Vz of a calibrated sample, given the (n, k) influences z; otherwise None."""
    if sample.calibration is None:
        return None
    return np.asarray(sample.calibration.weighted_auxiliary @ influences, dtype=np.float64)


def covariance_of_sums(
    sums: Sequence[Floats],
    sample: Drawn,
    *,
    moments: Floats | None = None,
    domains: Sequence[Flags] | None = None,
) -> Floats:
    """(k, k) The covariance of k sums, given as for `scores`.

    Raises
    ------
    LonelyUnit
        As `linearised_variance`.
    EstimationError
        If the chances of pairs make a variance negative.
    """
    if isinstance(sample, TwoPhase):
        held = None if domains is None else domains[0]
        return two_phase_covariance(sums[0], sample, held=held, of_one_phase=covariance_of_sums)
    first = sample.stages[0]
    if first.pairs is None:
        every = scores(sums, sample, moments=moments, domains=domains)
        return every.T @ every
    u = _residuals(sums, sample, moments)[0]
    found = u.T @ _pairs_kept(first.pairs, first, sample) @ u
    negligible = ROUNDING * (u**2).sum(axis=0)
    if (np.diag(found) < -negligible).any():
        raise EstimationError(
            "variance",
            f"the sum over pairs ({sample.design.pairs.value}) came out negative",
            "Say pairs: yates-grundy, or unequal: brewer, which cannot.",
        )
    return found


def _residuals(sums: Sequence[Floats], sample: Drawn, moments: Floats | None) -> Sequence[Floats]:
    """The sums less what they owe to the variables that the sample was calibrated to."""
    if sample.calibration is None or moments is None:
        return sums
    b = sample.calibration.coefficients(moments)
    parts = zip(sums, sample.calibrated_clusters, strict=True)
    return [of_stage - auxiliary @ b for of_stage, auxiliary in parts]


def _pairs_kept(pairs: Floats, stage: Stage, sample: Drawn) -> Floats:
    """(clusters, clusters) Q, after what the design says of lonely clusters."""
    lonely = np.flatnonzero(stage.lonely)
    if not len(lonely):
        return pairs
    if sample.design.lonely is Lonely.FAIL:
        raise _lonely_unit(stage, int(lonely[0]))
    kept = np.ones(stage.clusters)
    if sample.design.lonely in {Lonely.REMOVE, Lonely.CERTAINTY}:
        kept[stage.starts[lonely]] = 0.0
    return pairs * kept[:, None]


def scores(
    sums: Sequence[Floats],
    sample: Drawn,
    *,
    moments: Floats | None = None,
    domains: Sequence[Flags] | None = None,
) -> Floats:
    """Numbers whose cross-product is the covariance of k sums.

    Parameters
    ----------
    sums
        For each stage of the sample, (clusters, k) sums of contributions over clusters.
    moments
        (q, k). Of a calibrated sample, `calibration_moments`.
    domains
        For each stage, (clusters, k) bool: which clusters hold any of the domain of each
        statistic. Needed only where `asks_for_domains`; None means all.

    Returns
    -------
    (m, k)
        S such that S'S is the covariance. m is the number of clusters of all stages.
    """
    if sample.calibration is not None and moments is not None:
        sums, domains = _residuals(sums, sample, moments), None
    return np.vstack(
        [
            _of_stage(sums[number], stage, sample, None if domains is None else domains[number])
            for number, stage in enumerate(sample.stages)
        ]
    )


def asks_for_domains(sample: Drawn) -> bool:
    """Whether the variance needs to know which clusters hold any of a domain."""
    if isinstance(sample, TwoPhase):
        return sample.asks_for_domains
    lonely = any(bool(stage.lonely.any()) for stage in sample.stages)
    return lonely or sample.design.lonely_domain is LonelyDomain.AS_LONELY


def _of_stage(sums: Floats, stage: Stage, sample: Drawn, domain: Flags | None) -> Floats:
    """(clusters, k) Scores of one stage."""
    scale = np.sqrt(stage.counts)
    means = stage.over_strata(sums) / stage.drawn[:, None]
    if asks_for_domains(sample):
        if domain is None:
            domain = np.ones(sums.shape, dtype=bool)
        held = stage.over_strata(domain.astype(np.float64))
        means, used = centres(means, held, stage, sample)
        factors = scale[:, None] * used[stage.stratum]
    else:
        factors = scale[:, None]
    return (sums - means[stage.stratum]) * factors


def centres(means: Floats, held: Floats, stage: Stage, sample: Drawn) -> tuple[Floats, Floats]:
    """(strata, k) The centre of each stratum, and the root of what its spread counts for.

    Parameters
    ----------
    means
        (strata, k) Means over the clusters drawn.
    held
        (strata, k) How many clusters hold any of the domain of each number.
    """
    lonely, policy = stage.lonely, sample.design.lonely
    alone = np.zeros(held.shape, dtype=bool)
    if sample.design.lonely_domain is LonelyDomain.AS_LONELY:
        alone = (held == 1) & (stage.drawn > 1)[:, None]
    single = (lonely[:, None] & (held > 0)) | alone
    used = np.ones_like(means)
    match policy:
        case Lonely.FAIL:
            met = (lonely[:, None] & (held > 0)).any(axis=1)
            if met.any():
                raise _lonely_unit(stage, int(np.flatnonzero(met)[0]))
        case Lonely.REMOVE | Lonely.CERTAINTY:
            pass
        case Lonely.ADJUST:
            means = np.where(single, 0.0, means)
        case Lonely.AVERAGE:
            present = (held > 0).sum(axis=0)
            known = ((held > 0) & ~single).sum(axis=0)
            share = np.where(known > 0, present / np.maximum(known, 1), np.nan)
            used = np.where(single, 0.0, np.sqrt(share)[None, :])
    return means, used


def _lonely_unit(stage: Stage, stratum: int) -> LonelyUnit:
    if stage.number == 1:
        return LonelyUnit(
            stage.labels[stratum],
            "only one cluster was drawn, so its variance cannot be estimated",
            "Merge the stratum with the one it most resembles.",
        )
    return LonelyUnit(
        stage.labels[stratum],
        f"only one unit was drawn at stage {stage.number}, so its variance cannot be estimated",
        "Leave out the population of that stage, or merge the cluster with one like it.",
    )
