"""Trimming: no weight beyond bounds, what is cut off shared out equally among the rest.

It trades variance for bias, so what it did is part of the result: how many weights were
cut, and what share of all weight changed hands (Potter 1990, "A study of procedures to
identify and trim extreme sampling weights", ASA Proceedings of Survey Research Methods).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey_kit.design.sample import Sample
from survey_kit.errors import WeightingError
from survey_kit.weighting.rake import with_weights


@dataclass(frozen=True, eq=False)
class Trimmed:
    """A sample with trimmed weights, which add up to what they did, and what that took.

    cut
        How many weights were beyond the bounds.
    moved
        The share of all weight that changed hands.
    rounds
        How often weights were cut and shared out.
    """

    sample: Sample
    cut: int
    moved: float
    rounds: int


def trim(
    sample: Sample,
    *,
    lower: float = 0.0,
    upper: float = np.inf,
    strict: bool = True,
    rounds: int = 10_000,
    weight: str = "trimmed weight",
) -> Trimmed:
    """Cut weights to bounds, and share out what was cut off, as R's `trimWeights`.

    Parameters
    ----------
    lower, upper
        In the unit of the weights.
    strict
        Sharing out may lift other weights beyond a bound. Whether to go on until none is.
    rounds
        After how many to give up.
    weight
        The column that the new weights are put in.

    Raises
    ------
    WeightingError
        If no weights within the bounds have this sum, all are beyond them, or the sample was
        calibrated: trimmed weights would no longer fit its margins.
    """
    if sample.calibration is not None:
        raise WeightingError(
            "trimming",
            "the sample was calibrated, and trimmed weights would no longer fit its margins",
            "Trim first, and rake afterwards.",
        )
    before = sample.weights
    mean = float(before.mean())
    if not 0 <= lower <= mean <= upper:
        raise WeightingError(
            "trimming",
            f"the mean weight, {mean:.4g}, is not between the bounds {lower:.4g} and {upper:.4g}",
            "Give bounds on either side of the mean; the lower one at least 0.",
        )
    cut = int(((before < lower) | (before > upper)).sum())
    weights, done = before, 0
    for number in range(1, rounds + 1):
        beyond = (weights < lower) | (weights > upper)
        if not beyond.any():
            break
        if beyond.all():
            raise WeightingError(
                "trimming",
                "every weight is beyond a bound, so nobody is left to share out among",
                "Give wider bounds.",
            )
        inside = np.clip(weights, lower, upper)
        inside[~beyond] += (weights - inside).sum() / (~beyond).sum()
        weights, done = inside, number
        if not strict:
            break
    else:
        raise WeightingError(
            "trimming",
            f"with rounds={rounds} some weights are still beyond a bound",
            "Give wider bounds, or strict=False.",
        )
    moved = float(np.abs(weights - before).sum() / 2 / before.sum())
    return Trimmed(with_weights(sample, weights, weight), cut, moved, done)
