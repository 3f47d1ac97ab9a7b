"""How many of the population y is not 0 for: Σ w [y ≠ 0]."""

from __future__ import annotations

from survey_kit.estimation.statistic import Floats, Statistic


def _value(data: Floats, weights: Floats) -> float:
    return float(weights @ (data[:, 0] != 0))


def _influence(data: Floats, weights: Floats) -> Floats:  # noqa: ARG001 - linear in the weights
    return (data[:, 0] != 0).astype(float)


COUNT = Statistic(name="count", columns=1, value=_value, influence=_influence, total=True)
