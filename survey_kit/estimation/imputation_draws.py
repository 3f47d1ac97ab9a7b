r"""Draws of missing answers from a regression that knows the design.

.. math:: \eta_i = x_i'\beta + u_{c(i)}, \qquad u_c \sim N(0, \tau^2)

with strata and the logarithm of the weight among x, and an effect of each cluster. Effects are
fitted with the penalty :math:`u'u/\tau^2`, and :math:`\tau^2` by repeated expectation (for
categories on the working scale: Breslow and Clayton 1993, JASA 88:9-25). Each imputation
draws coefficients and effects from their normal approximation (Rubin 1987, "Multiple
Imputation for Nonresponse in Surveys", chapter 5), so that imputations differ by all that is
not known, and then

numbers
    take the answer of one of the five people whose prediction is nearest (predictive mean
    matching: Little 1988, Journal of Business and Economic Statistics 6:287-296);
categories
    are drawn with the chances of a logistic model of each category against the most frequent
    (Begg and Gray 1984, Biometrika 71:11-18).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from survey_kit.design.stage import Integers
from survey_kit.estimation.statistic import Floats

DONORS = 5
ROUNDS = 5
"""Of the variance between clusters; it is a nuisance, and two digits of it are enough."""
STEPS = 5
WEAK = 0.04
"""Precision of a logistic coefficient, per standard deviation: effects of 5 and more are rare."""


@dataclass(frozen=True, eq=False)
class Regressors:
    """What a missing answer is predicted from, for all rows.

    x
        (n, k) Predictors, with a constant; nothing follows from anything else.
    cluster, clusters
        (n,) The cluster of each row from 0, and how many there are; none if rows were drawn
        one by one.
    """

    x: Floats
    cluster: Integers
    clusters: int

    def design(self, rows: Integers) -> Floats:
        """(rows, k + clusters)."""
        effects = np.zeros((len(rows), self.clusters))
        if self.clusters:
            effects[np.arange(len(rows)), self.cluster[rows]] = 1.0
        return np.hstack([self.x[rows], effects])


def matched(
    y: Floats, known: Integers, missing: Integers, given: Regressors, rng: np.random.Generator
) -> Integers:
    """(missing,) Of whom each takes the answer: one of the rows `known`."""
    z, k = given.design(known), int(given.x.shape[1])
    centre, spread = float(y[known].mean()), float(y[known].std()) or 1.0
    target = (y[known] - centre) / spread
    share, noise = 0.1, 1.0
    beta, inverse = _penalised(z, target, np.ones(len(known)), _penalty(given, share / noise, 0.0))
    for _ in range(ROUNDS if given.clusters else 1):
        away = target - z @ beta
        free = max(len(known) - float(np.trace(inverse @ (z.T @ z))), 1.0)
        noise = max(float(away @ away) / free, 1e-8)
        if given.clusters:
            effects = beta[k:]
            spare = noise * float(np.trace(inverse[k:, k:]))
            share = max((float(effects @ effects) + spare) / given.clusters, 1e-6)
        penalty = _penalty(given, share / noise, 0.0)
        beta, inverse = _penalised(z, target, np.ones(len(known)), penalty)
    free = max(len(known) - k, 1)
    scale = noise * free / float(rng.chisquare(float(free)))
    moved: Floats = beta + _normal(inverse * scale, rng)
    here: Floats = np.asarray(z @ beta, dtype=np.float64)
    there: Floats = np.asarray(given.design(missing) @ moved, dtype=np.float64)
    order = np.argsort(here, kind="stable")
    at = _nearest(here[order], there, rng)
    return known[order[at]]


def _nearest(values: Floats, wanted: Floats, rng: np.random.Generator) -> Integers:
    """(wanted,) One of the donors nearest to each, among sorted values."""
    donors = min(DONORS, len(values))
    first = np.clip(np.searchsorted(values, wanted) - donors, 0, max(len(values) - 2 * donors, 0))
    window = first[:, None] + np.arange(min(2 * donors, len(values)))
    away = np.abs(values[window] - wanted[:, None])
    nearest = np.argsort(away, axis=1, kind="stable")[:, :donors]
    chosen = rng.integers(0, donors, len(wanted))
    rows = np.arange(len(wanted))
    return window[rows, nearest[rows, chosen]].astype(np.intp)


def drawn_codes(
    codes: Integers, known: Integers, missing: Integers, given: Regressors, rng: np.random.Generator
) -> Integers:
    """(missing,) Categories, drawn with the chances that a model gives them."""
    met = np.bincount(codes[known])
    usual = int(met.argmax())
    linear = np.full((len(missing), len(met)), -np.inf)
    linear[:, usual] = 0.0
    there = given.design(missing)
    for category in np.flatnonzero(met):
        if category == usual:
            continue
        rows = known[(codes[known] == usual) | (codes[known] == category)]
        yes = (codes[rows] == category).astype(np.float64)
        beta, inverse = _logistic(given.design(rows), yes, given)
        linear[:, category] = there @ (beta + _normal(inverse, rng))
    chances = special.softmax(linear, axis=1)
    points = rng.uniform(size=(len(missing), 1))
    return (points > np.cumsum(chances, axis=1)[:, :-1]).sum(axis=1).astype(np.intp)


def _logistic(z: Floats, y: Floats, given: Regressors) -> tuple[Floats, Floats]:
    """Coefficients with effects of clusters, and the inverse of their precision."""
    k, share = given.x.shape[1], 0.1
    beta = np.zeros(z.shape[1])
    beta[0] = special.logit((y.sum() + 0.5) / (len(y) + 1))
    inverse = np.eye(len(beta))
    for _ in range(ROUNDS if given.clusters else 1):
        penalty = _penalty(given, share, WEAK)
        for _ in range(STEPS):
            linear = np.clip(z @ beta, -30, 30)
            p: Floats = np.asarray(special.expit(linear), dtype=np.float64)
            w = np.maximum(p * (1 - p), 1e-9)
            before = beta
            beta, inverse = _penalised(z, linear + (y - p) / w, w, penalty)
            if np.abs(beta - before).max() < 1e-6:  # noqa: PLR2004 - far below what is drawn
                break
        if given.clusters:
            effects = beta[k:]
            spare = float(np.trace(inverse[k:, k:]))
            share = max((float(effects @ effects) + spare) / given.clusters, 1e-6)
    return beta, inverse


def _penalty(given: Regressors, share: float, weak: float) -> Floats:
    """(k + clusters,) Precisions: of predictors (but the constant), and of cluster effects."""
    k = given.x.shape[1]
    own = weak * given.x.var(axis=0)
    return np.concatenate([own, np.full(given.clusters, 1 / share)]) if k else own


def _penalised(z: Floats, y: Floats, w: Floats, penalty: Floats) -> tuple[Floats, Floats]:
    weighted = z * w[:, None]
    inverse = np.linalg.inv(z.T @ weighted + np.diag(penalty + 1e-9))
    beta = inverse @ (weighted.T @ y)
    return np.asarray(beta, dtype=np.float64), np.asarray(inverse, dtype=np.float64)


def _normal(covariance: Floats, rng: np.random.Generator) -> Floats:
    """A draw of a normal vector with mean 0."""
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray(root @ rng.normal(size=len(values)), dtype=np.float64)


def independent(x: Floats) -> Floats:
    """(n, kept) The columns that do not follow from those before them, scaled."""
    size = np.linalg.norm(x, axis=0)
    scaled = x[:, size > 0] / size[size > 0] * np.sqrt(len(x))
    kept: list[NDArray[np.float64]] = []
    basis = np.zeros((len(x), 0))
    for column in scaled.T:
        left = column - basis @ (basis.T @ column)
        left = left - basis @ (basis.T @ left)
        length = float(np.linalg.norm(left))
        if length > 1e-6 * np.sqrt(len(x)):
            kept.append(column)
            basis = np.column_stack([basis, left / length])
    return np.column_stack(kept) if kept else np.ones((len(x), 1))
