r"""Phase 2 calibrated to phase 1: those interviewed, made like those screened in what all were asked.

The weights of phase 2 move so that :math:`\sum_{s_2} g_k x_k / \pi_{k|1} = \sum_{s_1} x_k`, as R's
`calibrate()` of a two-phase design. What x explains of an answer then adds nothing to the variance
of phase 2: of its contributions only the residuals count there (Särndal, Swensson and Wretman
1992, "Model Assisted Survey Sampling", chapter 9).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from survey_kit.design.sample import Sample
from survey_kit.design.two_phase import TwoPhase, assembled
from survey_kit.errors import WeightingError
from survey_kit.weighting.calibrate import calibrate
from survey_kit.weighting.distance import Distance
from survey_kit.weighting.rake import Raked

WEIGHT = "calibrated weight of phase 2"
SCREENED = "number of people screened"
"""What stands for the number of people where there is no margin to hold it."""


def calibrate_phase_two(
    sample: TwoPhase,
    margins: Sequence[str] = (),
    *,
    totals: Sequence[str] = (),
    distance: Distance = "linear",
    bounds: tuple[float, float] | None = None,
) -> Raked:
    """Weights of phase 2 under which those interviewed add up to those screened.

    Parameters
    ----------
    margins
        Columns of phase 1 whose categories are to be as many as were screened.
    totals
        Columns of numbers of phase 1, to add to what they add to there; their number of people
        is held too.
    distance, bounds
        As for `calibrate`.

    Returns
    -------
    Raked
        `sample`, a `TwoPhase`, and the report on the weights of phase 2.

    Raises
    ------
    WeightingError
        If nothing is named; if a column is missing for somebody screened; if the sample was
        calibrated before; as `calibrate`.
    """
    if not margins and not totals:
        raise WeightingError(
            "two-phase calibration",
            "no column was named",
            "Name columns that are known of everybody screened: margins, or totals of numbers.",
        )
    if sample.second.calibration is not None:
        raise WeightingError(
            "two-phase calibration",
            "phase 2 was calibrated before, and a second calibration would undo the first",
            "Start from the sample before that, and name all columns at once.",
        )
    screened = sample.first
    wanted = {name: _counts(screened, name) for name in margins}
    sums = {name: _total(screened, name) for name in totals}
    second = sample.second
    if not margins:
        second = _with_constant(second)
        sums[SCREENED] = float(len(screened))
    made = calibrate(second, wanted, sums, distance=distance, bounds=bounds, weight=WEIGHT)
    factor = made.sample.weights / second.weights
    joined = assembled(
        screened,
        made.sample,
        sample.rows,
        kept=sample.kept / factor,
        method=sample.method,
    )
    return Raked(joined, made.report)


def _with_constant(second: Sample) -> Sample:
    return Sample(second.data.assign(**{SCREENED: 1.0}), second.design)


def _counts(screened: Sample, name: str) -> dict[str, float]:
    """How many of those screened have each category."""
    levels = screened.levels(name)
    _check_known(name, int((levels.codes < 0).sum()))
    counts = np.bincount(levels.codes, minlength=len(levels.names))
    return {level: float(count) for level, count in zip(levels.names, counts, strict=True) if count}


def _total(screened: Sample, name: str) -> float:
    """What a column of numbers adds to over those screened."""
    values = screened.numbers([name])[:, 0]
    _check_known(name, int(np.isnan(values).sum()))
    return float(values.sum())


def _check_known(name: str, missing: int) -> None:
    if missing:
        raise WeightingError(
            f"two-phase calibration, column '{name}'",
            f"it is missing for {missing} of those who were screened",
            "Name columns that phase 1 asked everybody, or give those who did not answer a "
            "category of their own.",
        )
