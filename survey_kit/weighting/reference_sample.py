r"""People who chose themselves, weighted to be like a probability sample of the same population.

Volunteers A answered; a reference sample B with weights d says who there is. Both know x. The
propensity to volunteer, :math:`\pi(x) = 1/(1 + e^{-x'\theta})`, solves

    :math:`\sum_A x = \sum_B d\,\pi(x)\,x` ("propensity"; the pseudo-likelihood of Chen, Li and
    Wu 2020, "Doubly robust inference with nonprobability survey samples", JASA
    115:2011-2021), or

    :math:`\sum_A x/\pi(x) = \sum_B d\,x` ("calibration"),

and a volunteer weighs :math:`1/\pi`. That rests on a model: x explains who volunteers as far
as it matters for the answers, and nobody was sure not to. Both samples are drawn again in
every replicate of a bootstrap, and the model is fitted again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from survey_kit.design.faults import rows
from survey_kit.design.replicate_making import bootstrap
from survey_kit.design.replicates import Replicates
from survey_kit.design.sample import Levels, Sample
from survey_kit.design.stage import Floats
from survey_kit.errors import Fault, WeightingError
from survey_kit.weighting.step import refuse_second_calibration, with_weights

How: TypeAlias = Literal["propensity", "calibration"]
Slopes: TypeAlias = Callable[[Floats], tuple[Floats, Floats]]

STEPS = 100
HALVINGS = 30
CLOSE = 1e-10
"""The equations hold when no sum is further from the other than this share of 1 + itself."""
UPHILL = 0.5
FARTHEST = 50.0
"""A linear predictor is taken no further than this from 0."""


@dataclass(frozen=True, eq=False)
class Matched:
    """Volunteers with weights, and the reference sample they were matched with.

    sample
        The volunteers; with bootstrap replicates, so that any estimate knows what matching
        did to its error.
    reference
        With bootstrap replicates in the same order: replicate r of one belongs to r of the
        other.
    drawn
        How often each volunteer stands in each replicate.
    x_sample, x_reference
        (n, k) The predictors of both, an intercept first.
    propensity
        (n,) Of the volunteers.
    """

    sample: Sample
    reference: Sample
    drawn: Replicates
    x_sample: Floats
    x_reference: Floats
    propensity: Floats

    def times(self, number: int) -> Floats:
        """(n,) How often each volunteer stands in a replicate."""
        return self.drawn.factors[self.drawn.row, number]


def match(
    volunteers: Sample,
    reference: Sample,
    columns: Sequence[str],
    *,
    how: How = "propensity",
    replicates: int = 500,
    seed: int,
    weight: str = "matched weight",
) -> Matched:
    """Weights of volunteers that make them like the reference sample.

    Parameters
    ----------
    volunteers
        Without weights that matter: each counts once.
    reference
        A probability sample with weights, of the population that is to be described.
    columns
        What both samples know: categories, and numbers.
    replicates
        How many bootstrap replicates.
    seed
        The same seed always gives the same replicates.

    Raises
    ------
    WeightingError
        If a column is missing somewhere, a category is in one sample only, a sample was
        weighted before or has replicates, or the model does not settle.
    """
    refuse_second_calibration(volunteers)
    for sample, name in ((volunteers, "volunteers"), (reference, "reference sample")):
        if sample.replicates is not None:
            raise WeightingError(
                name, "it has replicates already", "Give it as it was drawn: both are drawn anew."
            )
    x, z = _predictors(volunteers, reference, columns)
    fitted = _fitting(x, z, how)
    weights = fitted(np.ones(len(x)), reference.weights)
    drawn = _drawn(volunteers, replicates, seed)
    theirs = _drawn(reference, replicates, seed + 1)
    each = np.empty((len(x), replicates), order="F")
    for number in range(replicates):
        times = drawn.factors[drawn.row, number]
        try:
            each[:, number] = times * fitted(times, theirs.weights(number))
        except WeightingError as error:
            fault = error.faults[0]
            place = f"replicate {number + 1} of {replicates}, {fault.where}"
            raise WeightingError(place, fault.what, fault.remedy) from error
    made = replace(
        with_weights(volunteers, weights, weight),
        replicates=Replicates(
            kind="bootstrap",
            factors=each,
            row=np.arange(len(x), dtype=np.intp),
            base=np.ones(len(x)),
            scale=1 / (replicates - 1),
            rscales=np.ones(replicates),
            calibrated=True,
        ),
    )
    others = replace(reference, replicates=theirs)
    return Matched(made, others, drawn, x, z, 1 / weights)


def _drawn(sample: Sample, number: int, seed: int) -> Replicates:
    made = bootstrap(sample, number, seed=seed).replicates
    if made is None:
        raise WeightingError("bootstrap", "it made no replicates", "Ask for some hundreds.")
    return made


def _fitting(x: Floats, z: Floats, how: How) -> Callable[[Floats, Floats], Floats]:
    """(n,) how often each volunteer stands, (m,) reference weights -> (n,) weights of volunteers."""

    def fitted(times: Floats, d: Floats) -> Floats:
        goal = (times @ x) if how == "propensity" else (d @ z)

        def likelihood(theta: Floats) -> tuple[Floats, Floats]:
            p = _logistic(z @ theta)
            return goal - (d * p) @ z, z.T @ (z * (d * p * (1 - p))[:, None])

        def balance(theta: Floats) -> tuple[Floats, Floats]:
            odds = np.exp(-np.clip(x @ theta, -FARTHEST, FARTHEST))
            return (times * (1 + odds)) @ x - goal, x.T @ (x * (times * odds)[:, None])

        start = np.zeros(x.shape[1])
        share = float(times.sum() / d.sum())
        if share >= 1:
            raise WeightingError(
                "reference sample",
                f"its weights add to {d.sum():,.6g}, and there are {len(x):,} volunteers",
                "Give weights that add to the number of people in the population.",
            )
        start[0] = np.log(share / (1 - share))
        theta = _solved(likelihood if how == "propensity" else balance, start, goal)
        return 1 / _logistic(x @ theta)

    return fitted


def _solved(slopes: Slopes, start: Floats, goal: Floats) -> Floats:
    """(k,) Where the slope of something concave is 0, by Newton's method."""
    theta = start
    slope, curve = slopes(theta)
    for _ in range(STEPS):
        if np.max(np.abs(slope) / (1 + np.abs(goal))) <= CLOSE:
            return theta
        scale = np.sqrt(np.where(np.diag(curve) > 0, np.diag(curve), 1))
        found, *_ = np.linalg.lstsq(curve / np.outer(scale, scale), slope / scale, rcond=1e-12)
        step = found / scale
        for halving in range(HALVINGS):
            tried = theta + step / 2**halving
            after, curve = slopes(tried)
            if float(after @ step) >= -UPHILL * float(slope @ step):
                break
        else:
            break
        theta, slope = tried, after
    raise WeightingError(
        "propensity to volunteer",
        "the model does not settle: a category may hold nearly all volunteers or nearly none",
        "Use fewer columns, or merge categories.",
    )


def _logistic(linear: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(linear, -FARTHEST, FARTHEST))), dtype=np.float64)


def _predictors(
    volunteers: Sample, reference: Sample, columns: Sequence[str]
) -> tuple[Floats, Floats]:
    """(n, k) and (m, k): an intercept, indicators of all categories but the first, numbers."""
    faults: list[Fault] = []
    found = [_columns(volunteers, reference, column, faults) for column in columns]
    if faults:
        raise WeightingError.from_faults(faults)
    ones = (np.ones((len(volunteers), 1)), np.ones((len(reference), 1)))
    first, second = zip(ones, *found, strict=True)
    return np.hstack(first), np.hstack(second)


def _columns(
    volunteers: Sample, reference: Sample, column: str, faults: list[Fault]
) -> tuple[Floats, Floats]:
    """What one column makes of both samples."""
    ours, theirs = volunteers.levels(column), reference.levels(column)
    for levels, sample, name in (
        (ours, volunteers, "volunteers"),
        (theirs, reference, "reference sample"),
    ):
        missing = levels.codes < 0
        if missing.any():
            what = f"it is missing in {rows(sample.data, missing)}"
            remedy = "Fill it in, or leave it out."
            faults.append(Fault(f"{name}, column '{column}'", what, remedy))
    if _is_number(volunteers, column) and _is_number(reference, column):
        return volunteers.numbers([column]), reference.numbers([column])
    held, there = _present(ours), _present(theirs)
    faults.extend(
        Fault(
            f"column '{column}', category '{level}'",
            f"nobody in the {'volunteers' if level in there else 'reference sample'} has it",
            "Merge it with the category most like it, in both samples.",
        )
        for level in sorted(held ^ there)
    )
    shared = sorted(held & there)[1:]
    return _indicators(ours, shared), _indicators(theirs, shared)


def _present(levels: Levels) -> set[str]:
    return {levels.names[code] for code in np.unique(levels.codes) if code >= 0}


def _is_number(sample: Sample, column: str) -> bool:
    return bool(pd.api.types.is_numeric_dtype(sample.data[column]))


def _indicators(levels: Levels, shared: Sequence[str]) -> Floats:
    place = {name: number for number, name in enumerate(levels.names)}
    codes = np.array([place[name] for name in shared], dtype=np.intp)
    return (levels.codes[:, None] == codes[None, :]).astype(np.float64)
