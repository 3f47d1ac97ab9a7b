r"""The joint covariance of the shares of a table, from sums over cells.

For code c in group g the influence of a row, :math:`z_{gc} = (I_{gc} - p_{gc} I_g) / W_g`, is
linear in indicators. So all that is needed of the data is sums of weights over
(cluster, cell), each one `bincount`.

Where every row is its own cluster there are as many clusters as rows, and the same variance
is had from sums of squares: see `elements`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.calibration import Calibration
from survey_kit.design.cluster_replicates import replicate_sums
from survey_kit.design.collapsed import Collapsed
from survey_kit.design.drawn import Drawn
from survey_kit.design.replicates import Replicates
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.estimation.elements import Sums, check_size, covariance_of_elements
from survey_kit.estimation.linearised import asks_for_domains, covariance_of_sums
from survey_kit.estimation.replicated import replicated


class Cells(Protocol):
    """Groups and codes of a table, and who is in them."""

    @property
    def groups(self) -> int: ...
    @property
    def codes(self) -> int: ...

    def sums(self, part: Integers, size: int, weights: Floats) -> tuple[Floats, Floats]:
        """Sums of weights over (part, group, code), and over (part, group)."""
        ...

    def products(self, weights: Floats) -> Floats:
        """(groups, codes, codes) Sums of weights of the rows that are in both codes."""
        ...

    def like(self, rows: Integers) -> Cells:
        """The cells of as many rows, each of which is in the cell of one of these."""
        ...


@dataclass(frozen=True, eq=False)
class OneChoice:
    """Everybody in a group has one code.

    cell
        (n,) group x codes + code; -1 for rows in no cell.
    """

    cell: Integers
    groups: int
    codes: int

    def sums(self, part: Integers, size: int, weights: Floats) -> tuple[Floats, Floats]:
        """See `Cells`."""
        cells = self.groups * self.codes
        part, cell, weights = self._inside(part, weights)
        both = cell if size == 1 else part * cells + cell
        chosen = sums_by(both, weights, size * cells)
        chosen = chosen.reshape(size, self.groups, self.codes)
        return chosen, chosen.sum(axis=2)

    def like(self, rows: Integers) -> OneChoice:
        """See `Cells`."""
        return OneChoice(self.cell[rows], self.groups, self.codes)

    def _inside(self, part: Integers, weights: Floats) -> tuple[Integers, Integers, Floats]:
        """Part, cell and weight of the rows that are in a cell."""
        inside = self._held
        if inside is None:
            return part, self.cell, weights
        return part[inside], self.cell[inside], weights[inside]

    @cached_property
    def _held(self) -> NDArray[np.bool_] | None:
        """(n,) bool. The rows that are in a cell; None if all are."""
        inside = self.cell >= 0
        return None if inside.all() else inside

    def products(self, weights: Floats) -> Floats:
        """See `Cells`: nobody is in two codes."""
        everywhere = np.zeros(len(self.cell), dtype=np.intp)
        chosen, _ = self.sums(everywhere, 1, weights)
        return chosen[0][:, :, None] * np.eye(self.codes)


@dataclass(frozen=True, eq=False)
class SeveralChoices:
    """Everybody in a group may have several codes.

    group
        (n,) numbered from 0; -1 for rows in none.
    chosen
        (n, codes) 1 or 0.
    """

    group: Integers
    chosen: Floats
    groups: int

    @property
    def codes(self) -> int:
        """How many options there are."""
        return self.chosen.shape[1]

    def sums(self, part: Integers, size: int, weights: Floats) -> tuple[Floats, Floats]:
        """See `Cells`."""
        inside = self.group >= 0
        both = part[inside] * self.groups + self.group[inside]
        weight = weights[inside]
        shape = (size, self.groups)
        base = sums_by(both, weight, size * self.groups).reshape(shape)
        chosen = np.empty((*shape, self.codes))
        for code, column in enumerate(self.chosen[inside].T):
            chosen[:, :, code] = sums_by(both, weight * column, size * self.groups).reshape(shape)
        return chosen, base

    def like(self, rows: Integers) -> SeveralChoices:
        """See `Cells`."""
        return SeveralChoices(self.group[rows], self.chosen[rows], self.groups)

    def products(self, weights: Floats) -> Floats:
        """See `Cells`."""
        found = np.empty((self.groups, self.codes, self.codes))
        for group in range(self.groups):
            rows = self.group == group
            options = self.chosen[rows]
            found[group] = options.T @ (options * weights[rows, None])
        return found


def covariance(sample: Drawn, cells: Cells, share: Floats, whole: Floats) -> Floats:
    """The covariance of shares.

    Parameters
    ----------
    share
        (groups, codes). Of 0, for the covariance of totals over `whole`.
    whole
        (groups,) The weight of each base, not 0.

    Returns
    -------
    (k, k)
        Group by group, and code by code within a group.
    """
    check_size(share.size)
    if sample.replicates is not None:
        return _replicated(sample, sample.replicates, cells, share, whole)
    influences = _Influences(sample, cells, share, whole)
    centred, moments = influences.centred, None
    if sample.calibration is not None:
        moments = influences.projected(sample.calibration)
    if sample.of_elements and (sample.stages[0].summed or not asks_for_domains(sample)):
        strata = len(sample.stages[0].population)
        sums = centred(sample.strata, strata, sample.weights)
        held = np.zeros_like(sums)
        if asks_for_domains(sample):
            _, people = cells.sums(sample.strata, strata, sample.people)
            held = np.repeat(people, cells.codes, axis=1)
        return covariance_of_elements(sample, influences, Sums(sums, moments, held))
    held = None
    if asks_for_domains(sample):
        held = [
            np.repeat(
                cells.sums(stage.cluster, stage.clusters, sample.weights)[1] > 0,
                cells.codes,
                axis=1,
            )
            for stage in sample.stages
        ]
    return covariance_of_sums(
        [centred(stage.cluster, stage.clusters, sample.weights) for stage in sample.stages],
        sample,
        moments=moments,
        domains=held,
    )


def _replicated(
    sample: Drawn, replicates: Replicates, cells: Cells, share: Floats, whole: Floats
) -> Floats:
    """(k, k) The covariance of shares, or where they are all 0 of totals over `whole`."""
    everywhere = np.zeros(len(sample), dtype=np.intp)
    of_totals = not share.any()

    def numbers(chosen: Floats, base: Floats) -> Floats:
        """(r, groups, codes), (r, groups) -> (r, k)."""
        over = np.broadcast_to(whole, base.shape) if of_totals else base
        with np.errstate(divide="ignore", invalid="ignore"):
            return (chosen / over[:, :, None]).reshape(len(chosen), -1)

    def both(part: Integers, size: int, inside: NDArray[np.bool_] | None) -> Floats:
        weights = replicates.base if inside is None else replicates.base * inside
        chosen, base = cells.sums(part, size, weights)
        return np.concatenate([chosen.reshape(size, -1), base], axis=1)

    value = numbers(*cells.sums(everywhere, 1, sample.weights))[0]
    if len(replicates.factors) == len(sample):
        # supplied with the rows: nothing is shared by a cluster
        found = replicated(
            replicates, lambda weights: numbers(*cells.sums(everywhere, 1, weights))[0]
        )
        return replicates.covariance(found, value)
    every = replicate_sums(replicates, both)
    shape = (len(every), *share.shape)
    found = numbers(every[:, : share.size].reshape(shape), every[:, share.size :])
    return replicates.covariance(np.where(np.isfinite(found), found, np.nan), value)


@dataclass(frozen=True, eq=False)
class _Influences:
    """The influences of shares, and sums of their squares: see `Squares`."""

    sample: Drawn
    cells: Cells
    share: Floats
    whole: Floats

    def blocks(self, inside: Floats) -> Floats:
        """See `Squares`."""
        sample, cells, share = self.sample, self.cells, self.share
        spread = sample.element_spread * inside
        away = cells.products(spread)
        chosen, base = (each[0] for each in cells.sums(np.zeros_like(sample.strata), 1, spread))
        cross = chosen[:, :, None] * share[:, None, :]
        away = away - cross - cross.transpose(0, 2, 1)
        away += base[:, None, None] * share[:, :, None] * share[:, None, :]
        return away / self.whole[:, None, None] ** 2

    def mixed(self, inside: Floats) -> Floats:
        """See `Squares`."""
        calibration = self.sample.calibration
        if calibration is None:
            return np.zeros((0, self.share.size))
        if isinstance(self.sample, Collapsed):
            return self._of_margins([x.spread * inside[x.like] for x in self.sample.crossed])
        return calibration.moments_by(self.centred, self.sample.element_spread * inside)

    def projected(self, calibration: Calibration) -> Floats:
        """(q, k) X'Vz."""
        if isinstance(self.sample, Collapsed):
            return self._of_margins([margin.projection for margin in self.sample.crossed])
        return calibration.moments_by(self.centred, calibration.projection)

    def _of_margins(self, weights: Sequence[Floats]) -> Floats:
        """(q, k) Sums of influences over the categories of each margin."""
        assert isinstance(self.sample, Collapsed)  # noqa: S101 - of no other it is asked
        found = [
            replace(self, cells=self.cells.like(margin.like)).centred(
                margin.category, margin.size, each
            )
            for margin, each in zip(self.sample.crossed, weights, strict=True)
        ]
        return np.vstack(found)

    def centred(self, part: Integers, size: int, weights: Floats) -> Floats:
        """(size, k) Sums of influences over parts of the sample."""
        chosen, base = self.cells.sums(part, size, weights)
        away = (chosen - self.share * base[:, :, None]) / self.whole[:, None]
        return away.reshape(size, -1)
