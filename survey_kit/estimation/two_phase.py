r"""The variance of a sum in a sample of two phases.

With :math:`u_k = z_k / (\pi_k \pi_{k|1})`, the contributions of those interviewed, the variance
is one of drawing phase 1, plus one of drawing phase 2 out of it (Särndal, Swensson and Wretman
1992, "Model Assisted Survey Sampling", section 9.3).

*Approximately* phase 1 is that of the clusters left of it, each standing for :math:`1/\kappa_c`
of the n screened,

.. math:: v_1 = \sum_h (1 - n_h/N_h) \frac{n_h}{n_h - 1}
          \sum_c \frac{(\kappa_c u_{hc} - \bar u_h)(\kappa_c u_{hc} - \bar u_h)'}{\kappa_c},
          \qquad \bar u_h = \frac{1}{n_h} \sum_c u_{hc}

and phase 2 that of a sample of one phase, of which phase 1 is the population. Where phase 2 drew
within the clusters of phase 1, :math:`v_1` holds all of its spread but a share :math:`\pi_k`, so
:math:`\sqrt{\pi_k} u_k` goes into the second.

*In full* every two count with the chance that they come together through both phases: see
`two_phase_joint`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.design import Lonely
from survey_kit.design.sample import Sample
from survey_kit.design.two_phase import Phases, TwoPhase
from survey_kit.design.two_phase_stage import ScreenedStage
from survey_kit.errors import EstimationError, LonelyUnit
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.two_phase_joint import Drawing, joint_covariance

Flags = NDArray[np.bool_]

ROUNDING = 1e-12
"""A variance above minus this share of its terms is rounding."""


class OfOnePhase(Protocol):
    """`covariance_of_sums`, of a sample of one phase."""

    def __call__(
        self,
        sums: Sequence[Floats],
        sample: Sample,
        *,
        moments: Floats | None = None,
        domains: Sequence[Flags] | None = None,
    ) -> Floats: ...


def two_phase_covariance(
    u: Floats, sample: TwoPhase, *, held: Flags | None, of_one_phase: OfOnePhase
) -> Floats:
    """(k, k) The covariance of k sums.

    Parameters
    ----------
    u
        (n, k) Contributions w z of those interviewed.
    held
        (n, k) bool: which rows are in the domain of each number; None means all.

    Raises
    ------
    LonelyUnit
        As `linearised_variance`, of either phase.
    EstimationError
        If the full variance comes out negative.
    """
    match sample.method:
        case Phases.APPROX:
            second = _second_phase(u, sample, held=held, of_one_phase=of_one_phase)
            return _first_phase(u, sample, held) + second
        case Phases.FULL:
            return _in_full(u, sample)


def _first_phase(u: Floats, sample: TwoPhase, held: Flags | None) -> Floats:
    """(k, k) What drawing phase 1 adds."""
    everybody = np.ones(u.shape, dtype=bool) if held is None else held
    found = np.zeros((u.shape[1],) * 2)
    for stage in sample.screened:
        met = stage.total(everybody.astype(np.float64)) > 0 if stage.lonely.any() else None
        scores = _scores(stage.total(u), stage, sample.first.design.lonely, met)
        found += scores.T @ scores
    return found


def _scores(sums: Floats, stage: ScreenedStage, lonely: Lonely, met: Flags | None) -> Floats:
    """(clusters, k) Numbers whose cross-product is the covariance that one stage adds."""
    centres = stage.over_strata(sums) / stage.screened[:, None]
    counts = np.sqrt(stage.scale)[:, None] * np.ones(sums.shape[1])
    if met is not None:
        centres, counts = _lonely(stage, lonely, met, centres, counts)
    kept = stage.kept[:, None]
    away = kept * sums - centres[stage.stratum]
    return away * counts[stage.stratum] / np.sqrt(kept)


def _lonely(
    stage: ScreenedStage, lonely: Lonely, met: Flags, centres: Floats, counts: Floats
) -> tuple[Floats, Floats]:
    """(strata, k) Centres and counts, after what phase 1 says of lonely clusters."""
    present = stage.over_strata(met.astype(np.float64))
    single = stage.lonely[:, None] & (present > 0)
    match lonely:
        case Lonely.FAIL:
            if single.any():
                stratum = int(np.flatnonzero(single.any(axis=1))[0])
                raise LonelyUnit(
                    f"two-phase, first, {stage.labels[stratum]}",
                    "only one of its clusters was left in phase 2, so its variance cannot be "
                    "estimated",
                    "Merge the stratum with the one it most resembles, or say what to do: "
                    "lonely='adjust' in `first`.",
                )
        case Lonely.REMOVE | Lonely.CERTAINTY:
            counts = np.where(single, 0.0, counts)
        case Lonely.ADJUST:
            centres = np.where(single, 0.0, centres)
        case Lonely.AVERAGE:
            known = ((present > 0) & ~single).sum(axis=0)
            share = np.where(known > 0, (present > 0).sum(axis=0) / np.maximum(known, 1), np.nan)
            counts = np.where(single, 0.0, counts * np.sqrt(share)[None, :])
    return centres, counts


def _second_phase(
    u: Floats, sample: TwoPhase, *, held: Flags | None, of_one_phase: OfOnePhase
) -> Floats:
    """(k, k) What drawing phase 2 adds, given phase 1."""
    second = sample.second
    if sample.within_clusters:
        u = u / np.sqrt(sample.first.weights[sample.rows])[:, None]
    moments = None
    if second.calibration is not None:
        z = u / second.weights[:, None]
        moments = np.asarray(second.calibration.weighted_auxiliary @ z, dtype=np.float64)
    domains = None
    if held is not None:
        domains = [stage.total(held.astype(np.float64)) > 0 for stage in second.stages]
    sums = [stage.total(u) for stage in second.stages]
    return of_one_phase(sums, second, moments=moments, domains=domains)


def _in_full(u: Floats, sample: TwoPhase) -> Floats:
    """(k, k) From the chances of every two in both phases."""
    first, second = sample.first, sample.second
    again = [Drawing.of(stage, second.design.lonely) for stage in second.stages]
    before = [Drawing.of(stage, first.design.lonely, sample.rows) for stage in first.stages]
    found = joint_covariance(u, [*before, *again])
    calibration = second.calibration
    if calibration is not None:
        w = second.weights[:, None]
        moments = np.asarray(calibration.weighted_auxiliary @ (u / w), dtype=np.float64)
        rest = u - w * (calibration.auxiliary @ calibration.coefficients(moments))
        found += joint_covariance(rest, again) - joint_covariance(u, again)
    if (np.diag(found) < -ROUNDING * (u**2).sum(axis=0)).any():
        raise EstimationError(
            "variance",
            "the full variance of the two phases came out negative",
            "Ask for the method approx, which cannot.",
        )
    return found
