"""The ratio of two population totals: Σ w y / Σ w x."""

from __future__ import annotations

from survey_kit.estimation.statistic import Floats, Over, Statistic


def _value(data: Floats, weights: Floats) -> float:
    numerator, denominator = weights @ data
    return float(numerator / denominator)


def _influence(data: Floats, weights: Floats) -> Floats:
    y, x = data.T
    return (y - _value(data, weights) * x) / (weights @ x)


RATIO = Statistic(name="ratio", columns=2, value=_value, influence=_influence, over=Over.SECOND)
