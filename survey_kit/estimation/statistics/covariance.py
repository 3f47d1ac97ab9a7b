"""The covariance in the population: Σ w (x - x̄)(y - ȳ) / Σ w; of a column with itself, its variance."""

from __future__ import annotations

from survey_kit.estimation.statistic import Floats, Statistic


def _products(data: Floats, weights: Floats) -> Floats:
    x, y = (data - weights @ data / weights.sum()).T
    return x * y


def _value(data: Floats, weights: Floats) -> float:
    return float(weights @ _products(data, weights)) / weights.sum()


def _influence(data: Floats, weights: Floats) -> Floats:
    # that the means move with the weights is of second order, as deviations add to 0
    return (_products(data, weights) - _value(data, weights)) / weights.sum()


COVARIANCE = Statistic(name="covariance", columns=2, value=_value, influence=_influence)
