"""Weighting as a recorded chain: steps in order, and what each of them did.

    weigh(sample, [
        Chances(("chance of camp", "chance of household")),
        NonResponse("answered", cells=("camp",)),
        Trim(upper=5, unit="median"),
        Rake(margins),
    ])

Steps are values, so the chain can be printed, compared and done again: on a sample with
replicates every replicate goes through all of it. Without replicates the variance is
linearised, and knows of one step: the last that fitted targets (docs/decisions/0003). What
a standard error counts is part of the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey_kit.design.described import design_line
from survey_kit.design.sample import Sample
from survey_kit.design.shown import Shown, Table, of_frame
from survey_kit.design.stage import Integers
from survey_kit.errors import DesignError, Fault, WeightingError
from survey_kit.weighting.step import Step, Weighing, placed
from survey_kit.weighting.step_report import History, StepReport, Taken


@dataclass(frozen=True, eq=False, repr=False)
class Weighted(Shown):
    """A sample with new weights, and how they came about.

    sample
        With the new weights; those of every replicate, if it has any.
    steps, reports
        What was done, and what that did, in order.
    weights
        (n, steps + 1) One row for each row of the sample as it came: its weight at first and
        after each step, 0 from when it left.
    variance
        What standard errors count, in one or two sentences.
    """

    sample: Sample
    steps: tuple[Step, ...]
    reports: tuple[StepReport, ...]
    weights: pd.DataFrame
    variance: str

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each step: what it did, and what the weights cost after it."""
        return pd.DataFrame(
            {
                "step": each.number,
                "what": each.title,
                "n": each.after.n,
                "total": each.after.total,
                "effective_size": each.after.effective_size,
                "design_effect": each.after.design_effect,
                "variation": each.after.variation,
                "smallest": each.after.smallest,
                "largest": each.after.largest,
                "smallest_factor": each.smallest_factor,
                "largest_factor": each.largest_factor,
                "cut": each.cut,
                "moved": each.moved,
                "iterations": each.iterations,
                "gap": each.gap,
            }
            for each in self.reports
        )

    def shown(self) -> Table:
        """Every step, and what the weights cost after it; factors and rounds are in `.frame`."""
        shown = ["step", "what", "n", "total", "effective_size", "design_effect"]
        table = self.frame[[*shown, "smallest", "largest", "cut", "gap"]]
        under = [
            "smallest, largest: of the weights, times their mean; gap: the largest from a target",
            self.variance,
            design_line(self.sample),
        ]
        return of_frame(table.assign(step=table["step"].astype(str)), under=under)


def weigh(sample: Sample, steps: Sequence[Step], *, weight: str = "weight after steps") -> Weighted:
    """Take a sample through steps of weighting, and every replicate of it likewise.

    Parameters
    ----------
    steps
        `Chances`, `BaseWeights`, `Keep`, `NonResponse`, `Propensity`, `PostStratify`, `Rake`,
        `Calibrate`, `Trim`, `Rescale`, `Standardise`, or any other `Step`.
    weight
        The column that the new weights are put in.

    Raises
    ------
    WeightingError
        If there are no steps, the sample was calibrated before, or a step cannot be taken:
        it says which, why, and in which replicate.
    DesignError
        If a step names a column that is not there, or does not hold what the step needs. Weights that fit only in part are never
        returned.
    """
    if not steps:
        raise WeightingError("weighting", "there are no steps", "Give at least one.")
    on_way = Weighing.of(sample)
    history = np.zeros((len(sample), len(steps) + 1))
    history[:, 0] = sample.weights
    taken: list[Taken] = []
    for number, step in enumerate(steps, start=1):
        rows = on_way.rows
        try:
            on_way, ready, change = on_way.take(step)
        except WeightingError as error:
            if len(steps) == 1:
                raise
            raise placed(error, f"step {number}") from error
        except DesignError as error:
            at = f"step {number}, {step.title}"
            faults = [Fault(at, fault.what, fault.remedy) for fault in error.faults]
            raise DesignError.from_faults(faults) from error
        if ready.begins and number > 1:
            raise WeightingError(
                f"step {number}, {step.title}",
                "it would overwrite what the steps before it did",
                "Put it first.",
            )
        taken.append(Taken(step, ready, change))
        history[rows, number] = change.weights
    known = History(sample, history, taken)
    return Weighted(
        sample=on_way.done(weight),
        steps=tuple(steps),
        reports=tuple(known.report(number) for number in range(1, len(steps) + 1)),
        weights=pd.DataFrame(
            history,
            index=sample.data.index,
            columns=["at first", *(f"{n}. {s.title}" for n, s in enumerate(steps, start=1))],
        ),
        variance=_variance(on_way, taken, _lost(sample, on_way.rows)),
    )


def _lost(sample: Sample, rows: Integers) -> int:
    """How many first-stage clusters of several rows nobody is left of."""
    if sample.stages[0].by_row:
        return 0
    clusters = sample.clusters_
    return len(np.unique(clusters)) - len(np.unique(clusters[rows]))


def _variance(on_way: Weighing, taken: Sequence[Taken], lost: int) -> str:
    """What standard errors count."""
    replicates = on_way.start.replicates
    if replicates is not None:
        return (
            f"Standard errors come from {len(replicates)} replicates ({replicates.kind}), each of "
            f"which went through {'the step' if len(taken) == 1 else f'all {len(taken)} steps'}."
        )
    fitted = [each.step for each in taken if each.ready.calibration is not None]
    if on_way.calibration is None:
        why = " (a later step undid what was fitted)" if fitted else ""
        said = f"Standard errors are linearised and take the weights as given{why}."
    else:
        said = (
            "Standard errors are linearised, from what is left of each answer after the step "
            f"'{fitted[-1].title}'; the other steps count as given."
        )
    if lost:
        which = "1 cluster" if lost == 1 else f"{lost} clusters"
        said += f" {which} without anybody left cannot count; with replicates every cluster does."
    return said
