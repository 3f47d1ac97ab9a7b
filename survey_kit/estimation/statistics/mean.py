"""The mean of the population: Σ w y / Σ w."""

from __future__ import annotations

from survey_kit.estimation.statistic import Floats, Over, Statistic


def _value(data: Floats, weights: Floats) -> float:
    return float((weights @ data)[0] / weights.sum())


def _influence(data: Floats, weights: Floats) -> Floats:
    return (data[:, 0] - _value(data, weights)) / weights.sum()


MEAN = Statistic(name="mean", columns=1, value=_value, influence=_influence, over=Over.WEIGHTS)
