"""The share of the population for which y is not 0: Σ w [y ≠ 0] / Σ w."""

from __future__ import annotations

from survey_kit.estimation.statistic import Floats, Statistic


def _value(data: Floats, weights: Floats) -> float:
    return float(weights @ (data[:, 0] != 0) / weights.sum())


def _influence(data: Floats, weights: Floats) -> Floats:
    return ((data[:, 0] != 0) - _value(data, weights)) / weights.sum()


PROPORTION = Statistic(name="proportion", columns=1, value=_value, influence=_influence)
