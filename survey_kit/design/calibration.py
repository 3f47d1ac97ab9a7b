r"""What weights were calibrated to, so that a variance can take it into account.

Weights that reproduce known totals of x make the sampling error of anything explained by
x vanish. The variance of a calibrated estimate is that of its residuals,

.. math:: e_i = z_i - x_i' b, \qquad b = (X' V X)^{-1} X' V z

(Deville and Särndal 1992, "Calibration estimators in survey sampling", JASA 87:376-382),
so a raked sample remembers x and V. See docs/decisions/0003.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from scipy import sparse

from survey_kit.design.stage import Floats, Integers

FEW = 200
"""Of so many auxiliary variables the sweeps are kept as a matrix."""

Summed: TypeAlias = Callable[[Integers, int, Floats], Floats]


@dataclass(frozen=True, eq=False)
class Calibration:
    """The auxiliary variables of a calibration and how to project on them.

    margins
        For each margin the (n,) category of every row, numbered from 0, and how many
        categories there are.
    numbers
        (n, q) further auxiliary variables that are numbers.
    projection
        (n,) V: the weights of the regression of z on x.
    sweeps
        How often each margin in turn is swept out; None solves for all at once. R sweeps
        ten times after raking.
    """

    margins: tuple[tuple[Integers, int], ...]
    projection: Floats
    sweeps: int | None = None
    numbers: Floats | None = None

    @cached_property
    def auxiliary(self) -> sparse.csr_array:
        """(n, q). X: an indicator of each category of each margin, then the numbers."""
        n = len(self.projection)
        parts = [
            sparse.csr_array((np.ones(n), (np.arange(n), codes)), shape=(n, size))
            for codes, size in self.margins
        ]
        if self.numbers is not None:
            parts.append(sparse.csr_array(self.numbers))
        return sparse.csr_array(sparse.hstack(parts, format="csr"))

    @cached_property
    def weighted_auxiliary(self) -> sparse.csr_array:
        """(q, n). X'V."""
        return sparse.csr_array((self.auxiliary * self.projection[:, None]).T)

    @cached_property
    def crossproduct(self) -> Floats:
        """(q, q). X'VX."""
        return np.asarray((self.weighted_auxiliary @ self.auxiliary).todense(), dtype=np.float64)

    def moments_by(self, sums: Summed, weights: Floats) -> Floats:
        """(q, k) X'WZ, given a function that sums w z over parts: nothing of n x k is made.

        Parameters
        ----------
        sums
            (n,) part, number of parts, (n,) weights -> (parts, k).
        weights
            (n,) the diagonal of W.
        """
        found = [sums(codes, categories, weights) for codes, categories in self.margins]
        if self.numbers is not None:
            everywhere = np.zeros(len(weights), dtype=np.intp)
            found += [sums(everywhere, 1, weights * x) for x in self.numbers.T]
        return np.vstack(found)

    def coefficients(self, moments: Floats) -> Floats:
        """(q, k) X'Vz -> (q, k) b."""
        if self.sweeps is None:
            solved, *_ = np.linalg.lstsq(self.crossproduct, moments, rcond=None)
            return np.asarray(solved, dtype=np.float64)
        if len(moments) <= FEW:
            return self._swept @ moments
        return self._sweep(moments, self.sweeps)

    @cached_property
    def _swept(self) -> Floats:
        """(q, q) The sweeps as one matrix, as they are linear: made once for all tables."""
        return self._sweep(np.eye(len(self.crossproduct)), self.sweeps or 0)

    def _sweep(self, moments: Floats, sweeps: int) -> Floats:
        b = np.zeros_like(moments)
        sizes = np.diag(self.crossproduct)
        sizes = np.where(sizes > 0, sizes, 1)[:, None]
        for _ in range(sweeps):
            start = 0
            for _, size in self.margins:
                block = slice(start, start + size)
                start += size
                left = moments[block] - self.crossproduct[block] @ b
                b[block] += left / sizes[block]
        return b
