r"""The variance of a sum where every row is its own cluster, from sums of squares.

There are as many clusters as rows then, so instead of one by one they are counted by

.. math:: v = Z' D Z - \sum_h \frac{a_h}{n_h} t_h t_h', \qquad
          D = a_h w_i^2, \quad a_h = (1 - f_h) \frac{n_h}{n_h - 1}

with :math:`t_h` the sums of w z over stratum h. Z'DZ has one block for each group, as a row
is in one group only. Residuals e = z - Xb of a calibrated sample expand likewise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from survey_kit.design.drawn import Drawn
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.errors import EstimationError
from survey_kit.estimation import domains
from survey_kit.estimation.linearised import (
    asks_for_domains,
    calibration_moments,
    centres,
    covariance_of_sums,
)

MOST_NUMBERS = 12_000
"""How many numbers may be asked for at once: their covariance takes a gigabyte."""


class Squares(Protocol):
    """Sums of squares of influences, D being summed over the rows of each entry."""

    def blocks(self, inside: Floats) -> Floats:
        """(groups, codes, codes) Z'DZ of each group, counting (m,) entries so often."""
        ...

    def mixed(self, inside: Floats) -> Floats:
        """(q, k) X'DZ of a calibrated sample."""
        ...


@dataclass(frozen=True, eq=False)
class Sums:
    """What a covariance is made of, besides squares.

    of_strata
        (strata, k) Sums of w z.
    moments
        (q, k) X'Vz of a calibrated sample; otherwise None.
    held
        (strata, k) How many rows of the domain of each number a stratum holds.
    """

    of_strata: Floats
    moments: Floats | None
    held: Floats


@dataclass(frozen=True, eq=False)
class Influences:
    """(m, k) influences of the rows of each entry, and sums of their squares: see `Squares`."""

    sample: Drawn
    z: Floats

    def blocks(self, inside: Floats) -> Floats:
        """See `Squares`: one block for all."""
        spread = self.sample.element_spread * inside
        return (self.z.T @ (self.z * spread[:, None]))[None]

    def mixed(self, inside: Floats) -> Floats:
        """See `Squares`."""
        calibration = self.sample.calibration
        if calibration is None:
            return np.zeros((0, self.z.shape[1]))
        spread = self.sample.element_spread * inside
        return np.asarray(calibration.auxiliary.T @ (self.z * spread[:, None]), dtype=np.float64)


def covariance_of_influences(
    sample: Drawn, rows_of: Sequence[Integers], influences: Sequence[Floats]
) -> Floats:
    """(k, k) The covariance of k numbers, from the influences of the rows of their domains."""
    check_size(len(rows_of))
    total = domains.contributions(sample, rows_of, influences)
    moments = None if total.influences is None else calibration_moments(total.influences, sample)
    first = sample.stages[0]
    if not first.summed:
        return covariance_of_sums(total.sums, sample, moments=moments, domains=total.domains)
    z = np.zeros((len(sample), len(rows_of)))
    held = np.zeros((first.clusters, len(rows_of)))
    for column, (rows, each) in enumerate(zip(rows_of, influences, strict=True)):
        z[rows, column] = each
        held[:, column] = sums_by(sample.strata[rows], sample.people[rows], first.clusters)
    squares = Influences(sample, z)
    return covariance_of_elements(sample, squares, Sums(total.sums[0], moments, held))


def check_size(numbers: int) -> None:
    """Refuse a joint covariance that would not fit into memory."""
    if numbers > MOST_NUMBERS:
        raise EstimationError(
            "covariance",
            f"that of {numbers:,} numbers would not fit into memory",
            f"Put categories or groups together, or ask for fewer: at most {MOST_NUMBERS:,}.",
        )


def covariance_of_elements(sample: Drawn, squares: Squares, sums: Sums) -> Floats:
    """(k, k) The covariance of k sums.

    Raises
    ------
    LonelyUnit
        As `linearised_variance`.
    """
    stage, held, of_strata = sample.stages[0], sums.held, sums.of_strata
    coefficients = None
    if sample.calibration is not None and sums.moments is not None:
        coefficients = sample.calibration.coefficients(sums.moments)
        of_strata = of_strata - sample.calibrated_elements[0] @ coefficients
        held = np.repeat(stage.drawn[:, None].astype(np.float64), held.shape[1], axis=1)
    everybody = np.ones(len(sample))
    if not asks_for_domains(sample):
        found = _products(sample, squares, everybody, coefficients)
        return found - (of_strata.T * (stage.scale / stage.drawn)) @ of_strata
    means, used = centres(of_strata / stage.drawn[:, None], held, stage, sample)
    found = np.zeros((of_strata.shape[1],) * 2)
    even = (used == used[:1]).all(axis=1) & (stage.scale > 0)
    groups = [np.flatnonzero(even), *([h] for h in np.flatnonzero(~even & (stage.scale > 0)))]
    for strata in groups:
        if not len(strata):
            continue
        inside = np.isin(sample.strata, strata).astype(np.float64)
        part = _products(sample, squares, inside, coefficients)
        t, m = of_strata[strata], means[strata]
        a = stage.scale[strata]
        cross = (t.T * a) @ m
        part = part - cross - cross.T + (m.T * (a * stage.drawn[strata])) @ m
        found += part * np.outer(used[strata[0]], used[strata[0]])
    return found


def _products(
    sample: Drawn, squares: Squares, inside: Floats, coefficients: Floats | None
) -> Floats:
    """(k, k) E'DE of the residuals, of the entries that are inside."""
    blocks = squares.blocks(inside)
    groups, codes, _ = blocks.shape
    found = np.zeros((groups, codes, groups, codes))
    at = np.arange(groups, dtype=np.intp)
    found[at, :, at, :] = blocks
    found = found.reshape(groups * codes, groups * codes)
    if coefficients is None or sample.calibration is None:
        return found
    cross = squares.mixed(inside).T @ coefficients
    if inside.all():
        x = sample.calibrated_elements[1]
    else:
        x = sample.auxiliary_squares(sample.element_spread * inside)
    return found - cross - cross.T + coefficients.T @ x @ coefficients
