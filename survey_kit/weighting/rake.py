r"""Raking: weights that reproduce several margins at once, as near as can be to those before.

Iterative proportional fitting (Deming and Stephan 1940, Annals of Mathematical Statistics
11:427-444): multiply the weights of each category by target / achieved, margin after
margin, until all fit. It runs on the cells of the margins, not on rows, so its cost hardly
depends on the number of interviews.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from survey_kit.design.calibration import Calibration
from survey_kit.design.replicates import Replicates
from survey_kit.design.sample import Sample
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.errors import WeightingError
from survey_kit.weighting.report import WeightReport, report
from survey_kit.weighting.targets import Target, targets

__all__ = ["Raked", "WeightReport", "rake"]

SWEEPS = 10
"""How often R sweeps the margins out of the influences of a raked sample."""


@dataclass(frozen=True, eq=False)
class Raked:
    """A sample with new weights, and what that did."""

    sample: Sample
    report: WeightReport


def rake(
    sample: Sample,
    margins: Mapping[str, Mapping[str, float]],
    *,
    tolerance: float = 1e-10,
    iterations: int = 1000,
    weight: str = "raked weight",
) -> Raked:
    """Weights that fit every margin.

    Parameters
    ----------
    margins
        variable -> category -> its share, percentage or total. Figures of at most 1 are
        shares and must add to 1; figures that add to 100 are percentages; others are
        totals, which must agree between margins. If all are shares the weights add to the
        number of rows, otherwise to the total.
    tolerance
        The largest relative difference from a margin that counts as fitting.
    iterations
        Rounds after which to give up.
    weight
        The column that the new weights are put in.

    Returns
    -------
    Raked
        The sample remembers its margins, so that variances are those of residuals
        (docs/decisions/0003).

    Raises
    ------
    WeightingError
        If margins and sample do not fit together, or the rounds do not converge: a
        half-raked weight is never returned.
    """
    refuse_second_calibration(sample)
    wanted = targets(sample, margins)
    factors, rounds, gap = _fit(sample.weights, wanted, tolerance, iterations)
    weights = sample.weights * factors
    weights = weights * (wanted[0].totals.sum() / weights.sum())
    if sample.replicates is not None:
        each = _raked_replicates(sample.replicates, wanted, tolerance, iterations)
        with_raked = replace(
            with_weights(replace(sample, replicates=None), weights, weight), replicates=each
        )
        return Raked(
            with_raked, report(sample.weights, weights, wanted, iterations=rounds, gap=gap)
        )
    calibration = Calibration(
        margins=tuple((target.codes, len(target.categories)) for target in wanted),
        projection=np.ones(len(sample)),
        sweeps=SWEEPS,
    )
    return Raked(
        with_weights(sample, weights, weight, calibration),
        report(sample.weights, weights, wanted, iterations=rounds, gap=gap),
    )


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
    sample: Sample, weights: Floats, name: str, calibration: Calibration | None = None
) -> Sample:
    """The sample with other weights in a column of their own."""
    if sample.replicates is not None:
        raise WeightingError(
            "weights",
            "the replicate weights of this sample would not be calibrated with them",
            "Rake the sample, which does the same to every replicate.",
        )
    if name in sample.data.columns and name != sample.design.weight:
        raise WeightingError(
            f"weight '{name}'",
            "the data already have a column of that name",
            "Give another name: weight='...'.",
        )
    data = sample.data.assign(**{name: weights})
    return Sample(data, replace(sample.design, weight=name), calibration)


def _raked_replicates(
    replicates: Replicates, wanted: Sequence[Target], tolerance: float, iterations: int
) -> Replicates:
    """Every replicate raked as the sample was: what raking does to the error is then counted."""
    columns: list[Floats] = []
    for number in range(len(replicates)):
        before = replicates.weights(number)
        there = before > 0
        held = [replace(target, codes=target.codes[there]) for target in wanted]
        factors, _, _ = _fit(before[there], held, tolerance, iterations)
        raked = np.zeros(len(before))
        raked[there] = before[there] * factors
        columns.append(raked * (wanted[0].totals.sum() / raked.sum()))
    n = len(replicates.row)
    return replace(
        replicates,
        factors=np.column_stack(columns),
        row=np.arange(n, dtype=np.intp),
        base=np.ones(n),
        calibrated=True,
    )


def _fit(
    before: Floats, wanted: Sequence[Target], tolerance: float, iterations: int
) -> tuple[Floats, int, float]:
    """(n,) factors, the rounds it took, and the gap that is left."""
    cell = _cells(wanted)
    size = int(cell.max()) + 1
    row_of = np.unique(cell, return_index=True)[1]
    codes = [target.codes[row_of] for target in wanted]
    base = sums_by(cell, before, size)
    base = base * (wanted[0].totals.sum() / base.sum())
    current = base.copy()
    gap, worst = np.inf, wanted[0]
    for number in range(1, iterations + 1):
        for target, code in zip(wanted, codes, strict=True):
            achieved = sums_by(code, current, len(target.totals))
            wished = np.where(achieved > 0, target.totals / np.where(achieved > 0, achieved, 1), 1)
            current *= wished[code]
        gap, worst = _gap(current, wanted, codes)
        if gap <= tolerance:
            return (current / base)[cell], number, gap
    raise WeightingError(
        "raking",
        f"after {iterations} rounds the margin '{worst.variable}' is still {gap:.2g} of a category "
        "away from its target",
        "The margins may contradict each other where cells are empty: merge small categories, "
        "or leave a margin out.",
    )


def _gap(
    current: Floats, wanted: Sequence[Target], codes: Sequence[Integers]
) -> tuple[float, Target]:
    """The largest relative difference from a target, and whose it is."""
    gaps: list[float] = []
    for target, code in zip(wanted, codes, strict=True):
        achieved = sums_by(code, current, len(target.totals))
        wished = np.where(target.totals > 0, target.totals, 1)
        gaps.append(float(np.max(np.abs(achieved - target.totals) / wished)))
    worst = int(np.argmax(gaps))
    return gaps[worst], wanted[worst]


def _cells(wanted: Sequence[Target]) -> Integers:
    """(n,) The combination of categories of each row, numbered from 0."""
    cell = np.zeros(len(wanted[0].codes), dtype=np.intp)
    for target in wanted:
        combined = cell * len(target.categories) + target.codes
        cell = np.unique(combined, return_inverse=True)[1].astype(np.intp)
    return cell
