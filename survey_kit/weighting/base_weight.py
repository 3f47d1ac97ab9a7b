"""Where weights begin: at the chances with which people were drawn, or at a column; and rescaled.

A base weight is the inverse of the chance of being in the sample, the product of the
chances of all stages (Horvitz and Thompson 1952, JASA 47:663-685).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from survey_kit.design.faults import rows
from survey_kit.design.sample import Sample
from survey_kit.design.stage import Floats
from survey_kit.errors import WeightingError
from survey_kit.weighting.step import Change, Ready
from survey_kit.weighting.targets import listed


@dataclass(frozen=True)
class Chances:
    """Weights of 1 over the product of columns of chances. Only as the first step."""

    columns: tuple[str, ...]

    @property
    def title(self) -> str:
        """What it does, in a line."""
        return f"Base weights: 1 over {listed(self.columns)}"

    def ready(self, sample: Sample) -> Ready:
        """The step for the rows of this sample."""
        chances = sample.numbers(self.columns)
        for name, column in zip(self.columns, chances.T, strict=True):
            wrong = ~((column > 0) & (column <= 1))
            if wrong.any():
                raise WeightingError(
                    f"chance '{name}'",
                    f"it is missing, or not above 0 and at most 1, in {rows(sample.data, wrong)}",
                    "Give the chance with which each row was drawn.",
                )
        return _begun(sample, 1 / chances.prod(axis=1))


@dataclass(frozen=True)
class BaseWeights:
    """Weights from a column. Only as the first step; the weights of the design need none."""

    column: str

    @property
    def title(self) -> str:
        """What it does, in a line."""
        return f"Base weights: {self.column}"

    def ready(self, sample: Sample) -> Ready:
        """The step for the rows of this sample."""
        weights = sample.numbers([self.column])[:, 0]
        wrong = ~((weights > 0) & np.isfinite(weights))
        if wrong.any():
            raise WeightingError(
                f"weight '{self.column}'",
                f"it is missing, infinite, 0 or negative in {rows(sample.data, wrong)}",
                "Every row needs a weight above 0; leave rows out with a step `Keep`.",
            )
        return _begun(sample, weights)


@dataclass(frozen=True)
class Rescale:
    """Weights times one number, so that they add up to a total.

    total
        None: the number of rows, so that they average 1.
    """

    total: float | None = None

    @property
    def title(self) -> str:
        """What it does, in a line."""
        if self.total is None:
            return "Rescaling to the number of interviews"
        return f"Rescaling to {self.total:,.10g}"

    def ready(self, sample: Sample) -> Ready:
        """The step for the rows of this sample."""
        total = float(len(sample)) if self.total is None else self.total
        if not 0 < total < np.inf:
            raise WeightingError(
                "rescaling", f"the total is {total:g}", "Give a number of people above 0."
            )
        return Ready(
            lambda weights, _copies: Change(weights * (total / weights.sum())), harmless=True
        )


def _begun(sample: Sample, weights: Floats) -> Ready:
    factor = weights / sample.weights
    return Ready(lambda before, _copies: Change(before * factor), begins=True)
