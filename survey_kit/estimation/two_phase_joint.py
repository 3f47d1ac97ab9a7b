r"""The variance of a sum from the chance of every two rows, without a matrix of them.

.. math:: v = \sum_i \sum_j \check\Delta_{ij} u_i u_j', \qquad
          1 - \check\Delta_{ij} = \frac{\pi_i \pi_j}{\pi_{ij}} = \prod_s K^{(s)}_{ij}

over the stages s of both phases (Särndal, Swensson and Wretman 1992, section 9.3; R's
`twophase(method="full")`). Of n out of N clusters drawn at random in a stratum,
:math:`K = n/N` for two rows of one cluster, :math:`1 + (1 - n/N)/(n - 1)` for two clusters of
one stratum, and 1 for rows of different strata. So K is the sum of three matrices: 1 everywhere,
a number within strata, a number within clusters. The product of such matrices is again one
number within each cell of their crossing, so v is a sum of squares of cell sums, and what it
takes grows with the rows and not with their pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from survey_kit.design.design import Lonely
from survey_kit.design.stage import Floats, Integers, Stage, sums_by
from survey_kit.errors import LonelyUnit


@dataclass(frozen=True, eq=False)
class Cells:
    """A matrix of rows by rows that is `number` within the cells and 0 between them.

    cell
        (n,) The cell of each row, numbered from 0.
    number
        (cells,)
    """

    cell: Integers
    number: Floats

    def crossed(self, other: Cells) -> Cells:
        """The product of both matrices, element by element."""
        span = len(other.number)
        met, cell = np.unique(self.cell * span + other.cell, return_inverse=True)
        number = self.number[met // span] * other.number[met % span]
        return Cells(cell.astype(np.intp), number)

    def square(self, u: Floats) -> Floats:
        """(k, k) U'MU."""
        size = len(self.number)
        sums = np.column_stack([sums_by(self.cell, column, size) for column in u.T])
        return sums.T @ (sums * self.number[:, None])


@dataclass(frozen=True, eq=False)
class Drawing:
    """A stage as K less 1 everywhere: what it is within strata, and besides within clusters."""

    parts: tuple[Cells, ...]

    @classmethod
    def of(cls, stage: Stage, lonely: Lonely, rows: Integers | None = None) -> Drawing:
        """The stage, of all its rows or of some.

        Raises
        ------
        LonelyUnit
            If a stratum holds one cluster of several, of which no two can come together; unless
            `lonely` is ADJUST: then its own chance is what it counts by.
        """
        if lonely is not Lonely.ADJUST and stage.lonely.any():
            raise LonelyUnit(
                f"two-phase, {stage.labels[int(np.flatnonzero(stage.lonely)[0])]}",
                "only one cluster was drawn, so no two of it could come together",
                "Merge the stratum with the one it most resembles, say lonely='adjust' in the "
                "design of that phase, or ask for the method approx.",
            )
        cluster = stage.cluster if rows is None else stage.cluster[rows]
        share = 1 - stage.undrawn
        drawn = stage.drawn.astype(np.float64)
        between = np.where(drawn > 1, stage.undrawn / np.where(drawn > 1, drawn - 1, 1), 0.0)
        between = np.where(np.isfinite(stage.population), between, 0.0)
        within = (share - 1 - between)[stage.stratum]
        parts = (Cells(stage.stratum[cluster], between), Cells(cluster, within))
        return cls(tuple(part for part in parts if part.number.any()))


def joint_covariance(u: Floats, drawings: Sequence[Drawing]) -> Floats:
    """(k, k) The covariance of k sums, given the (n, k) contributions of rows.

    The drawings are those of the stages of one phase, or of both.
    """
    products: list[Cells] = []
    for drawing in drawings:
        crossed = [made.crossed(part) for made in products for part in drawing.parts]
        products = [*products, *drawing.parts, *crossed]
    found = np.zeros((u.shape[1],) * 2)
    for product in products:
        found -= product.square(u)
    return found
