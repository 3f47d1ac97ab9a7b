"""The total of the population: Σ w y."""

from __future__ import annotations

from survey_kit.estimation.statistic import Floats, Over, Statistic


def _value(data: Floats, weights: Floats) -> float:
    return float((weights @ data)[0])


def _influence(data: Floats, weights: Floats) -> Floats:  # noqa: ARG001 - linear in the weights
    return data[:, 0]


TOTAL = Statistic(
    name="total",
    columns=1,
    value=_value,
    influence=_influence,
    over=Over.NOTHING,
    total=True,
)
