"""Trimming: no weight beyond bounds, what is cut off shared out equally among the rest.

It trades variance for bias, so what it did is part of the result: how many weights were
cut, and what share of all weight changed hands (Potter 1990, "A study of procedures to
identify and trim extreme sampling weights", ASA Proceedings of Survey Research Methods).
In a replicate it looks at the weight of one copy of a row: that a cluster was drawn twice
makes nobody's weight extreme.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from survey_kit.design.described import design_line
from survey_kit.design.sample import Sample
from survey_kit.design.shown import Shown, Table, of_frame
from survey_kit.design.stage import Floats
from survey_kit.errors import WeightingError
from survey_kit.weighting.kish import design_effect_of_weights, effective_size
from survey_kit.weighting.step import Change, Ready, alone

Unit: TypeAlias = Literal["weight", "mean", "median"]


@dataclass(frozen=True, eq=False, repr=False)
class Trimmed(Shown):
    """A sample with trimmed weights, which add up to what they did, and what that took.

    cut
        How many weights were beyond the bounds.
    moved
        The share of all weight that changed hands.
    rounds
        How often weights were cut and shared out.
    before
        (n,) The weights before.
    """

    sample: Sample
    cut: int
    moved: float
    rounds: int
    before: Floats

    @property
    def frame(self) -> pd.DataFrame:
        """Two rows, before and after: what the weights cost, and how far they reach."""
        return pd.DataFrame(
            {
                "name": name,
                "n": len(weights),
                "total": float(weights.sum()),
                "effective_size": effective_size(weights),
                "design_effect": design_effect_of_weights(weights),
                "smallest": float(weights.min()),
                "largest": float(weights.max()),
            }
            for name, weights in (("before", self.before), ("after", self.sample.weights))
        )

    def shown(self) -> Table:
        """What the weights cost before and after, and how many were cut."""
        times = "once" if self.rounds == 1 else f"{self.rounds:,} times"
        return of_frame(
            self.frame,
            title="Trimmed weights",
            under=[
                f"{self.cut:,} weights were cut, {times}; {100 * self.moved:.2g}% of all weight moved",
                design_line(self.sample),
            ],
        )


def trim(
    sample: Sample,
    *,
    lower: float = 0.0,
    upper: float = np.inf,
    unit: Unit = "weight",
    strict: bool = True,
    rounds: int = 10_000,
    weight: str = "trimmed weight",
) -> Trimmed:
    """Cut weights to bounds, and share out what was cut off, as R's `trimWeights`.

    Parameters
    ----------
    lower, upper
        In the unit of the weights, or times their mean or median.
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
    if sample.calibration is not None or (
        sample.replicates is not None and sample.replicates.calibrated
    ):
        raise WeightingError(
            "trimming",
            "the sample was calibrated, and trimmed weights would no longer fit its margins",
            "Trim first, and rake afterwards.",
        )
    step = Trim(lower=lower, upper=upper, unit=unit, strict=strict, rounds=rounds)
    made, _, change = alone(sample, step, weight)
    return Trimmed(made, change.cut, change.moved, change.iterations, sample.weights)


@dataclass(frozen=True)
class Trim:
    """Trimming as a step; see `trim` for what its figures mean."""

    lower: float = 0.0
    upper: float = np.inf
    unit: Unit = "weight"
    strict: bool = True
    rounds: int = 10_000

    @property
    def title(self) -> str:
        """What it does, in a line."""
        times = "" if self.unit == "weight" else f" times the {self.unit}"
        if not np.isfinite(self.upper):
            bounds = f"at least {self.lower:g}{times}"
        elif self.lower == 0:
            bounds = f"at most {self.upper:g}{times}"
        else:
            bounds = f"from {self.lower:g} to {self.upper:g}{times}"
        return f"Trimming to {bounds}{'' if self.strict else ', once'}"

    def ready(self, sample: Sample) -> Ready:
        """The step for the rows of this sample."""
        del sample

        def change(weights: Floats, copies: Floats) -> Change:
            there = weights > 0
            held, times = weights[there], copies[there]
            found, cut, done = self._cut(held / times, times)
            after = np.zeros(len(weights))
            after[there] = found * times
            moved = float(np.abs(after - weights).sum() / 2 / held.sum())
            return Change(after, iterations=done, cut=cut, moved=moved)

        return Ready(change)

    def _cut(self, before: Floats, copies: Floats) -> tuple[Floats, int, int]:
        """The weights of single copies after trimming, how many were cut, and in what rounds."""
        lower, upper = self._bounds(before, copies)
        cut = int(((before < lower) | (before > upper)).sum())
        weights = before
        for done in range(self.rounds):
            beyond = (weights < lower) | (weights > upper)
            if not beyond.any() or (done and not self.strict):
                return weights, cut, done
            if beyond.all():
                raise WeightingError(
                    "trimming",
                    "every weight is beyond a bound, so nobody is left to share out among",
                    "Give wider bounds.",
                )
            inside = np.clip(weights, lower, upper)
            inside[~beyond] += (copies @ (weights - inside)) / copies[~beyond].sum()
            weights = inside
        beyond = (weights < lower) | (weights > upper)
        if not beyond.any() or not self.strict:
            return weights, cut, self.rounds
        raise WeightingError(
            "trimming",
            f"with rounds={self.rounds} some weights are still beyond a bound",
            "Give wider bounds, or strict=False.",
        )

    def _bounds(self, weights: Floats, copies: Floats) -> tuple[float, float]:
        """The bounds in the unit of the weights.

        Raises
        ------
        WeightingError
            If the mean is not between them.
        """
        mean = float(copies @ weights / copies.sum())
        if self.unit not in get_args(Unit):
            raise WeightingError(
                "trimming, unit",
                f"there is no {self.unit!r}",
                f"Choose one of: {', '.join(get_args(Unit))}.",
            )
        times = {"weight": 1.0, "mean": mean, "median": median(weights, copies)}[self.unit]
        lower, upper = self.lower * times, self.upper * times
        if not 0 <= lower <= mean <= upper:
            raise WeightingError(
                "trimming",
                f"the mean weight, {mean:.4g}, is not between the bounds {lower:.4g} and "
                f"{upper:.4g}",
                "Give bounds on either side of the mean; the lower one at least 0.",
            )
        return lower, upper


def median(values: Floats, copies: Floats) -> float:
    """The median of values that stand several times each; between two, their mean.

    >>> median(np.array([1.0, 5.0, 3.0]), np.array([1.0, 1.0, 2.0]))
    3.0
    """
    order = np.argsort(values, kind="stable")
    reached: Floats = np.cumsum(copies[order])
    half = float(reached[-1]) / 2
    low = int(np.searchsorted(reached, half * (1 - ROUNDING)))
    high = int(np.searchsorted(reached, half * (1 + ROUNDING), side="right"))
    return float((values[order[low]] + values[order[min(high, len(order) - 1)]]) / 2)


ROUNDING = 1e-12
"""Sums of copies that differ by less than this share are the same."""
