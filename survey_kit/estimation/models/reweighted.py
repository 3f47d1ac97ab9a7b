"""Fitting by least squares, weighted anew at every step (Nelder and Wedderburn 1972).

The steps are those of R's `glm.fit`: it begins where R begins, stops where R stops, and
leaves the working weights of the last step as they entered it. A fit that went on to the
last digit would differ from R's from the sixth or so, by nothing that anybody could see in
a table, and by enough to make a comparison of digits worthless.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from survey_kit.errors import EstimationError
from survey_kit.estimation.models.family import Family
from survey_kit.estimation.models.least_squares import least_squares
from survey_kit.estimation.models.separation import Terms, check_separation
from survey_kit.estimation.statistic import Floats

MOST_STEPS = 25
CLOSE = 1e-8
"""The fit has settled when the deviance changes by less than this share of itself."""
HALVINGS = 25
SURE = 1e-9
"""A fitted share nearer to 0 or 1 than this comes from an effect without bounds."""


@dataclass(frozen=True, eq=False)
class Fit:
    """(k,) coefficients and, for (m,) rows: linear predictor, mean, slope, working weight."""

    beta: Floats
    linear: Floats
    mu: Floats
    slope: Floats
    working: Floats


@dataclass(frozen=True, eq=False)
class Task:
    """What is fitted: to be fitted again with the weights of every replicate.

    x, y, shift
        (m, k) predictors, (m,) outcome, and (m,) offset.
    kind
        The family of statsmodels with its link.
    terms
        The columns of each term, to be named where one decides the outcome.
    """

    formula: str
    x: Floats
    y: Floats
    shift: Floats
    family: Family
    kind: Any
    terms: Terms | None = None

    def fit(self, weights: Floats, start: Floats | None = None) -> Fit:
        """The coefficients under (m,) weights.

        Raises
        ------
        EstimationError
            If the fit does not settle, or a predictor decides the outcome, so that its
            effect grows without bounds.
        """
        with np.errstate(all="ignore"):
            linear = self.x @ start + self.shift if start is not None else self._start(weights)
            mu = self._mean(linear)
            before = self._deviance(mu, weights)
            beta = start
            for _ in range(MOST_STEPS):
                slope = np.asarray(self.kind.link.inverse_deriv(linear), dtype=np.float64)
                working = weights * slope**2 / np.asarray(self.kind.variance(mu))
                held = (weights > 0) & (slope != 0)
                every = bool(held.all())
                x, counts = (self.x, working) if every else (self.x[held], working[held])
                target = (linear - self.shift) + (self.y - mu) / slope
                target = target if every else target[held]
                if not ((counts >= 0) & np.isfinite(counts) & np.isfinite(target)).all():
                    break
                found = least_squares(x, target, counts)
                found, linear, mu, now = self._halved(found, beta, weights)
                beta = found
                if abs(now - before) / (abs(now) + 0.1) < CLOSE and not self._decided(mu):
                    self._check_bounds(mu, weights)
                    slope = np.asarray(self.kind.link.inverse_deriv(linear), dtype=np.float64)
                    return Fit(found, linear, mu, slope, np.where(held, working, 0.0))
                before = now
        self._check_bounds(mu, weights)
        if self._decided(mu):
            raise EstimationError(
                f"model {self.formula}",
                "a combination of predictors decides the outcome, so an effect has no bounds",
                "Merge the category in which everybody answered alike with another.",
            )
        raise EstimationError(
            f"model {self.formula}",
            f"the fit did not settle in {MOST_STEPS} steps",
            "Use fewer predictors, or merge categories in which everybody answered alike.",
        )

    def _halved(
        self, found: Floats, last: Floats | None, weights: Floats
    ) -> tuple[Floats, Floats, Floats, float]:
        """A step, or the half of it as often as it leads to means that cannot be."""
        halvings = 0
        while True:
            linear = self.x @ found + self.shift
            mu = self._mean(linear)
            deviance = self._deviance(mu, weights)
            possible = np.isfinite(deviance) and self._possible(mu)
            if possible or last is None or halvings == HALVINGS:
                return found, linear, mu, deviance
            found = (found + last) / 2
            halvings += 1

    def _check_bounds(self, mu: Floats, weights: Floats) -> None:
        """Refuse a fit in which a term decides the outcome, and name the term."""
        if self.terms is None or not self.family.counts:
            return
        held = weights > 0
        check_separation(
            self.formula,
            self.x,
            self.terms,
            y=self.y,
            held=held,
            mu=mu[held],
            instead="use `firth`" if self.family.shares else "leave it out",
            counts=not self.family.shares,
        )

    def _decided(self, mu: Floats) -> bool:
        return self.family.shares and bool(((mu < SURE) | (mu > 1 - SURE)).any())

    def _possible(self, mu: Floats) -> bool:
        if self.family.shares:
            return bool(((mu > 0) & (mu < 1)).all())
        return self.family.lowest is None or bool((mu > self.family.lowest).all())

    def _start(self, weights: Floats) -> Floats:
        """(m,) Where the linear predictor begins: at the outcome, moved off its bounds."""
        if self.family.shares:
            mu = (weights * self.y + 0.5) / (weights + 1)
        elif self.family.lowest is not None and not self.family.open_below:
            mu = self.y + 0.1
        else:
            mu = self.y
        return np.asarray(self.kind.link(mu), dtype=np.float64)

    def _mean(self, linear: Floats) -> Floats:
        return np.asarray(self.kind.link.inverse(linear), dtype=np.float64)

    def _deviance(self, mu: Floats, weights: Floats) -> float:
        return float(self.kind.deviance(self.y, mu, var_weights=weights))
