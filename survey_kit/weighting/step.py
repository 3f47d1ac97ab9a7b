"""A step of weighting: a value that says what is done to weights, to be done any number of times.

A sample with replicates takes every step once with its own weights and once with those of
each replicate, so that an error counts what weighting did to it. In a replicate a row
weighs 0 where it was left out, and stands `copies` times where it was drawn more often or
stands in for others: what looks at single weights looks at those of one copy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.calibration import Calibration
from survey_kit.design.replicates import Replicates
from survey_kit.design.sample import Sample
from survey_kit.design.stage import Floats
from survey_kit.errors import Fault, SurveyKitError, WeightingError
from survey_kit.weighting.targets import Target


@dataclass(frozen=True, eq=False)
class Change:
    """What a step made of (n,) weights.

    weights
        (n,) 0 where they were, and where a row leaves the sample.
    iterations, gap
        Rounds it took, and the largest relative difference from a target that is left.
    cut, moved
        How many weights were beyond a bound, and the share of all weight that changed hands
        for it.
    cells
        One row for each cell in which a step made up for people without an answer: cell, n,
        responded, rate (weighted), factor.
    """

    weights: Floats
    iterations: int = 1
    gap: float = 0.0
    cut: int = 0
    moved: float = 0.0
    cells: pd.DataFrame | None = None


Changing: TypeAlias = Callable[[Floats, Floats], Change]


@dataclass(frozen=True, eq=False)
class Ready:
    """A step that was matched with a sample.

    change
        (n,) weights and (n,) copies -> what the step makes of them.
    targets, totals
        What it fits: margins, and column of numbers -> its total.
    kept
        (n,) bool. The rows that stay in the sample; None: all.
    calibration
        (n,) weights before -> what a linearised variance has to know of the step.
    harmless
        Whether weights that fitted their targets before the step still do.
    begins
        Whether the step says what weights begin with, and so comes first.
    """

    change: Changing
    targets: tuple[Target, ...] = ()
    totals: tuple[tuple[str, float], ...] = ()
    kept: NDArray[np.bool_] | None = None
    calibration: Callable[[Floats], Calibration] | None = None
    harmless: bool = False
    begins: bool = False


class Step(Protocol):
    """Something that is done to weights."""

    @property
    def title(self) -> str:
        """What it does, in a line: "Raking to sex and place"."""
        ...

    def ready(self, sample: Sample) -> Ready:
        """The step for the rows of this sample.

        Raises
        ------
        WeightingError
            If what the step asks for does not fit the sample.
        """
        ...


@dataclass(frozen=True, eq=False)
class Weighing:
    """A sample on its way through the steps.

    sample
        The rows that are left, with the design they came with.
    start
        The sample as it came; `rows` are the places in it of the rows that are left.
    weights
        (n,) The weights so far.
    replicated
        (n, R) The weights of every replicate so far; None where there are none.
    calibration
        What a linearised variance has to know: the last step that fitted targets, unless
        one after it undid that.
    """

    sample: Sample
    start: Sample
    rows: NDArray[np.intp]
    weights: Floats
    replicated: Floats | None
    calibration: Calibration | None

    @classmethod
    def of(cls, sample: Sample) -> Weighing:
        """The beginning.

        Raises
        ------
        WeightingError
            If the sample was calibrated before.
        """
        refuse_second_calibration(sample)
        replicates = sample.replicates
        each = None
        if replicates is not None:
            each = np.empty((len(sample), len(replicates)), order="F")
            for number in range(len(replicates)):
                each[:, number] = replicates.weights(number)
        plain = sample if replicates is None else replace(sample, replicates=None)
        rows = np.arange(len(sample), dtype=np.intp)
        return cls(plain, sample, rows, sample.weights, each, None)

    def take(self, step: Step) -> tuple[Weighing, Ready, Change]:
        """One step further: with the weights of the sample, and with those of each replicate."""
        ready = step.ready(self.sample)
        change = ready.change(self.weights, np.ones(len(self.rows)))
        replicated = None if self.replicated is None else self._replayed(ready, self.replicated)
        calibration = self.calibration if ready.harmless or _idle(ready, change) else None
        if ready.calibration is not None:
            calibration = ready.calibration(self.weights)
        after = replace(
            self, weights=change.weights, replicated=replicated, calibration=calibration
        )
        return (after if ready.kept is None else after.only(ready.kept)), ready, change

    def done(self, name: str) -> Sample:
        """The sample with its new weights in a column of that name."""
        sample, replicates = self.sample, self.start.replicates
        if replicates is None or self.replicated is None:
            return with_weights(sample, self.weights, name, self.calibration)
        n = len(self.rows)
        each = replace(
            replicates,
            factors=self.replicated,
            row=np.arange(n, dtype=np.intp),
            base=np.ones(n),
            calibrated=True,
        )
        return with_weights(sample, self.weights, name, replicates=each)

    def _replayed(self, ready: Ready, before: Floats) -> Floats:
        """(n, R) The step taken with the weights of every replicate.

        Raises
        ------
        WeightingError
            Naming the first replicate in which it cannot be taken.
        """
        after = np.empty_like(before)
        start, replicates = self.start.weights[self.rows], self.start.replicates
        for number in range(before.shape[1]):
            drawn = _drawn(replicates, number, self.rows)
            try:
                after[:, number] = ready.change(before[:, number], drawn / start).weights
            except WeightingError as error:
                place = f"replicate {number + 1} of {before.shape[1]}"
                raise placed(error, place) from error
        return after

    def only(self, kept: NDArray[np.bool_]) -> Weighing:
        """Without the other rows."""
        weights = self.weights[kept]
        sample = replace(self.sample, data=self.sample.data[kept])
        return replace(
            self,
            sample=sample,
            rows=self.rows[kept],
            weights=weights,
            replicated=None if self.replicated is None else self.replicated[kept],
            calibration=None,
        )


def placed(error: WeightingError, place: str) -> SurveyKitError:
    """The same refusal, saying first where it happened."""
    return WeightingError.from_faults(
        Fault(f"{place}, {fault.where}", fault.what, fault.remedy) for fault in error.faults
    )


def alone(sample: Sample, step: Step, weight: str) -> tuple[Sample, Ready, Change]:
    """A single step: the sample with its new weights, and what that took."""
    after, ready, change = Weighing.of(sample).take(step)
    return after.done(weight), ready, change


def refuse_second_calibration(sample: Sample) -> None:
    """Weights are calibrated once, to all that is known: a second time would undo the first."""
    replicates = sample.replicates
    if sample.calibration is not None or (replicates is not None and replicates.calibrated):
        raise WeightingError(
            "weights",
            "this sample was already calibrated",
            "Start from the sample before that, and give all margins at once.",
        )


def with_weights(
    sample: Sample,
    weights: Floats,
    name: str,
    calibration: Calibration | None = None,
    replicates: Replicates | None = None,
) -> Sample:
    """The sample with other weights in a column of their own."""
    if name in sample.data.columns and name != sample.design.weight:
        raise WeightingError(
            f"weight '{name}'",
            "the data already have a column of that name",
            "Give another name: weight='...'.",
        )
    return sample.reweighted(weights, name, calibration, replicates)


def _drawn(replicates: Replicates | None, number: int, rows: NDArray[np.intp]) -> Floats:
    """(n,) The weights of a replicate before any step."""
    if replicates is None:
        return np.ones(len(rows))
    return replicates.weights(number)[rows]


def _idle(ready: Ready, change: Change) -> bool:
    """Whether the step was a trimming that found nothing to trim."""
    return change.cut == 0 and change.iterations == 0 and ready.kept is None
