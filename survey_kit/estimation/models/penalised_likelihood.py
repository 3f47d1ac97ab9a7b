r"""The penalised likelihood of a logistic regression, fitted, and followed away from its maximum.

.. math:: \ell^*(\beta) = \ell(\beta) + \tfrac12 \log |I(\beta)|, \qquad
          I = \sum_i w_i p_i (1 - p_i)\, x_i x_i'

See `firth`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from survey_kit.errors import EstimationError
from survey_kit.estimation.nonlinear import jacobian
from survey_kit.estimation.statistic import Floats

MOST_STEPS = 200
CLOSE = 1e-10
LONGEST = 5.0
"""No step moves a linear predictor's coefficient by more, in standard deviations of its column."""
HALVINGS = 25
DOUBLINGS = 12
"""How far a bound is looked for: 4,096 standard errors away."""


@dataclass(frozen=True, eq=False)
class PenalisedLikelihood:
    """What is fitted, to be fitted again with the weights of every replicate."""

    formula: str
    x: Floats
    y: Floats
    shift: Floats

    def information(self, p: Floats, weights: Floats) -> Floats:
        """(k, k)."""
        return self.x.T @ (self.x * (weights * p * (1 - p))[:, None])

    def score(self, beta: Floats, weights: Floats) -> Floats:
        """(k,) U* above."""
        p = special.expit(self.x @ beta + self.shift)
        inverse = np.linalg.inv(self.information(p, weights))
        leverage = weights * p * (1 - p) * ((self.x @ inverse) * self.x).sum(axis=1)
        return (weights * (self.y - p) + leverage * (0.5 - p)) @ self.x

    def likelihood(self, beta: Floats, weights: Floats) -> float:
        """The penalised likelihood's logarithm."""
        linear = self.x @ beta + self.shift
        p = special.expit(linear)
        sign, size = np.linalg.slogdet(self.information(p, weights))
        own = self.y * special.log_expit(linear) + (1 - self.y) * special.log_expit(-linear)
        return float(weights @ own + size / 2) if sign > 0 else -np.inf

    def fit(self, weights: Floats, start: Floats, free: Sequence[int] | None = None) -> Floats:
        """(k,) The coefficients under (m,) weights that average 1.

        Parameters
        ----------
        free
            The coefficients that are fitted, the others stay as at the start; None for all.

        Raises
        ------
        EstimationError
            If the fit does not settle, as where a column follows from others in the rows
            that have a weight.
        """
        beta, before = start, self.likelihood(start, weights)
        at = np.arange(len(start)) if free is None else np.asarray(free, dtype=np.intp)
        if not len(at):
            return beta
        spread = np.maximum(np.abs(self.x).max(axis=0), CLOSE)[at]
        for _ in range(MOST_STEPS):
            p = special.expit(self.x @ beta + self.shift)
            try:
                inner = self.information(p, weights)[np.ix_(at, at)]
                solved = np.linalg.solve(inner, self.score(beta, weights)[at])
            except np.linalg.LinAlgError:
                break
            step = np.asarray(solved, dtype=np.float64)
            step /= max(1.0, float(np.abs(step * spread).max()) / LONGEST)
            for halving in range(HALVINGS):
                tried = beta.copy()
                tried[at] += step / 2**halving
                now = self.likelihood(tried, weights)
                if now >= before - CLOSE * abs(before):
                    break
            else:
                break
            beta, before = tried, now
            if float(np.abs(step * spread).max()) < CLOSE:
                return beta
        raise EstimationError(
            f"model {self.formula}",
            f"the fit did not settle in {MOST_STEPS} steps",
            "Use fewer predictors, or merge categories in which everybody answered alike.",
        )

    def influences(self, beta: Floats, weights: Floats) -> Floats:
        """(m, k) How the coefficients follow each weight, while all average 1."""
        x = self.x
        p = special.expit(x @ beta + self.shift)
        v = p * (1 - p)
        inverse = np.linalg.inv(self.information(p, weights))
        along = x @ inverse
        third = np.einsum("i,ia,ib,ic->abc", weights * v * (0.5 - p), x, x, x, optimize=True)
        moved = np.einsum("abc,ib,ic->ia", third, along, along, optimize=True)
        own = self.y - p + v * (along * x).sum(axis=1) * (0.5 - p)
        by_weight = own[:, None] * x - v[:, None] * moved
        slope = -jacobian(lambda at: self.score(at, weights), beta)
        found = np.asarray(by_weight @ np.linalg.inv(slope).T, dtype=np.float64)
        return found - (weights @ found) / weights.sum()

    def fall(self, weights: Floats, best: Floats, column: int, value: float) -> float:
        """Twice what the penalised likelihood loses with a coefficient held at a value."""
        free = [at for at in range(len(best)) if at != column]
        away = value - best[column]
        start = best.copy()
        start[column] = value
        # the others follow as they would if the likelihood were a parabola
        inner = self.information(special.expit(self.x @ best + self.shift), weights)
        follow = np.linalg.solve(inner[np.ix_(free, free)], inner[free, column])
        start[free] -= follow * away
        held = self.fit(weights, start, free)
        lost = self.likelihood(best, weights) - self.likelihood(held, weights)
        return max(2 * lost, 0.0)

    def bound(
        self, weights: Floats, best: Floats, column: int, *, wanted: float, step: float
    ) -> float:
        """Where that loss is as wanted, in the direction of the step; infinite if nowhere near."""
        at = float(best[column])
        for _ in range(DOUBLINGS):
            if self.fall(weights, best, column, at + step) >= wanted:

                def beyond(value: float) -> float:
                    return self.fall(weights, best, column, value) - wanted

                return float(optimize.brentq(beyond, at, at + step, rtol=1e-9))
            step *= 2
        return float(np.sign(step)) * np.inf
