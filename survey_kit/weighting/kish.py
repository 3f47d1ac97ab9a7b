"""What weights cost, after Kish (1965), "Survey Sampling", section 11.7.

These take the weights alone into account, not strata or clusters.
"""

from __future__ import annotations

import numpy as np

from survey_kit.design.stage import Floats


def effective_size(weights: Floats) -> float:
    """(Σ w)² / Σ w²: how many equally weighted people these are worth.

    >>> effective_size(np.array([1.0, 1.0, 2.0]))
    2.6666666666666665
    """
    return float(weights.sum() ** 2 / (weights @ weights))


def design_effect_of_weights(weights: Floats) -> float:
    """n Σ w² / (Σ w)²: by how much unequal weights raise a variance; 1 if they are equal."""
    return len(weights) / effective_size(weights)


def variation(weights: Floats) -> float:
    """The standard deviation of the weights over their mean."""
    return float(np.std(weights, ddof=1) / np.mean(weights))
