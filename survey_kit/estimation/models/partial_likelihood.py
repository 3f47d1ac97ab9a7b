r"""Cox's weighted partial likelihood, its slope and its curvature, from sums over those at risk.

Everybody is at risk from when they enter until they were last seen, so the sums at all moments
at which it happened come from two cumulated sums: of who is seen until then or later, less of
who enters then or later. With d deaths at a moment, of mean weight :math:`\bar w`, and
sums :math:`S` over those at risk, there is one step for each of them after Efron 1977, JASA
72:557-565, which takes the share k/d of the deaths out of the sums,

.. math:: U = \sum_t \Big(\sum_{deaths} w_i x_i - \bar w \sum_{k=0}^{d-1}
          \frac{S^1_k}{S^0_k}\Big), \qquad S^0_k = \sum_{risk} w e^\eta
          - \tfrac{k}{d}\sum_{deaths} w e^\eta,

and one step for all of them after Breslow, who takes nothing out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.stage import sums_by
from survey_kit.errors import EstimationError
from survey_kit.estimation.statistic import Floats

Ties: TypeAlias = Literal["efron", "breslow"]
Integers: TypeAlias = NDArray[np.intp]
MOST_STEPS = 50
CLOSE = 1e-10
STILL_MOVING = 0.1
"""A fit that has settled and would still move a hazard by so much goes on without end."""
NEAR_TIMES = float(np.sqrt(np.finfo(np.float64).eps))


def tied_times(time: Floats, entry: Floats) -> tuple[Floats, Floats]:
    """Both, with times that differ by rounding alone made one.

    Those are nearer than 1.5e-8, or than that share of the mean time: as R's
    `survival::aeqSurv`. 70.1 + 0.3 and 70.2 + 0.2 are the same day.
    """
    known = np.unique(np.concatenate([time, entry[np.isfinite(entry)]]))
    gaps = np.diff(known)
    near = (gaps <= NEAR_TIMES) | (gaps <= NEAR_TIMES * np.abs(known).mean())
    cuts = known[np.concatenate([[True], ~near])]

    def cut(values: Floats) -> Floats:
        at = np.searchsorted(cuts, values, side="right") - 1
        return np.where(np.isfinite(values), cuts[at], values)

    return cut(time), cut(entry)


@dataclass(frozen=True, eq=False)
class _Steps:
    """One step for each death (Efron), or for each moment (Breslow).

    moment, share
        (s,) To which moment it belongs, and what share of the deaths it takes out.
    part
        (s,) Its part of the weight of the deaths of its moment.
    """

    moment: Integers
    share: Floats
    part: Floats


@dataclass(frozen=True, eq=False)
class _Curvature:
    """What the likelihood is made of at some coefficients."""

    ratio: Floats
    a: Floats
    b: Floats
    z: Floats
    own_a: Floats
    own_b: Floats
    log_sums: float
    slope: Floats


@dataclass(frozen=True, eq=False)
class PartialLikelihood:
    """m rows with k predictors, and what is fitted to them.

    time, entry
        (m,) From when to when each row was at risk; -inf: from the beginning.
    stratum
        (m,) Codes from 0. Rows are compared with those of their own stratum only.
    offset
        (m,) Added to the logarithm of the hazard.
    """

    title: str
    names: tuple[str, ...]
    x: Floats
    time: Floats
    event: NDArray[np.bool_]
    entry: Floats
    stratum: Integers
    offset: Floats
    ties: Ties

    @cached_property
    def _ranges(self) -> tuple[Integers, Integers, int]:
        """(m,) the first moment at which a row is at risk, (m,) the one after its last, count."""
        known = np.unique(self.time)
        width = len(known) + 1
        key = self.stratum * width + np.searchsorted(known, self.time, side="right")
        entered = self.stratum * width + np.searchsorted(known, self.entry, side="right")
        moments = np.unique(key[self.event])
        first = np.searchsorted(moments, entered, side="right")
        return first, np.searchsorted(moments, key, side="right"), len(moments)

    @cached_property
    def _of_event(self) -> Integers:
        """(events,) The moment of each."""
        return self._ranges[1][self.event] - 1

    @cached_property
    def _steps(self) -> _Steps:
        moments = self._ranges[2]
        deaths = np.bincount(self._of_event, minlength=moments)
        if self.ties == "breslow":
            return _Steps(np.arange(moments), np.zeros(moments), np.ones(moments))
        moment = np.repeat(np.arange(moments), deaths)
        place = np.arange(len(moment)) - np.repeat(deaths.cumsum() - deaths, deaths)
        return _Steps(moment, place / deaths[moment], 1.0 / deaths[moment])

    def _at_risk(self, values: Floats) -> Floats:
        """(moments, c) Sums of (m, c) values over those at risk."""
        first, last, moments = self._ranges
        leaving = _sums(last, values, moments + 1)[:0:-1].cumsum(axis=0)
        entering = _sums(first, values, moments + 1)[:0:-1].cumsum(axis=0)
        return (leaving - entering)[::-1]

    def _curvature(self, beta: Floats, weights: Floats) -> _Curvature:
        ratio = np.exp(self.x @ beta + self.offset)
        hazard = weights * ratio
        columns = np.column_stack([hazard, self.x * hazard[:, None]])
        moments, steps = self._ranges[2], self._steps
        dead = _sums(self._of_event, columns[self.event], moments)
        mass = _sums(self._of_event, weights[self.event], moments)
        mass = mass[steps.moment] * steps.part
        s = self._at_risk(columns)[steps.moment] - steps.share[:, None] * dead[steps.moment]
        counted = mass > 0
        s0 = np.where(counted, s[:, 0], 1.0)
        centre = np.where(counted[:, None], s[:, 1:] / s0[:, None], 0.0)
        pull = mass / s0
        a_and_b = np.column_stack([pull, pull[:, None] * centre])
        own = _sums(steps.moment, steps.share[:, None] * a_and_b, moments)
        every = np.vstack(
            [np.zeros((1, a_and_b.shape[1])), _sums(steps.moment, a_and_b, moments)]
        ).cumsum(axis=0)
        first, last, _ = self._ranges
        over = every[last] - every[first]
        return _Curvature(
            ratio=ratio,
            a=over[:, 0],
            b=over[:, 1:],
            z=centre * np.sqrt(mass)[:, None],
            own_a=own[self._of_event, 0],
            own_b=own[self._of_event, 1:],
            log_sums=float(mass @ np.log(s0)),
            slope=_sums(steps.moment, steps.part[:, None] * centre, moments)[self._of_event],
        )

    def pieces(self, beta: Floats, weights: Floats) -> tuple[float, Floats, Floats]:
        """The partial likelihood's logarithm, its (k,) gradient and (k, k) information."""
        found = self._curvature(beta, weights)
        w, x = weights[self.event], self.x[self.event]
        value = float(w @ (x @ beta + self.offset[self.event])) - found.log_sums
        gradient = w @ (x - found.slope)
        pull = found.a.copy()
        pull[self.event] -= found.own_a
        spread = self.x.T @ (self.x * (weights * found.ratio * pull)[:, None])
        return value, gradient, spread - found.z.T @ found.z

    def influences(self, beta: Floats, weights: Floats) -> Floats:
        """(m, k) The derivative of the gradient by the weight of each row."""
        found = self._curvature(beta, weights)
        made = -found.ratio[:, None] * (self.x * found.a[:, None] - found.b)
        x, ratio = self.x[self.event], found.ratio[self.event, None]
        made[self.event] += x - found.slope
        made[self.event] += ratio * (x * found.own_a[:, None] - found.own_b)
        return made

    def fit(self, weights: Floats, start: Floats) -> Floats:
        """(k,) The coefficients, by Newton's method.

        Raises
        ------
        EstimationError
            If a predictor does not vary among those at risk, one grows without end, or the
            fit does not settle.
        """
        if not weights[self.event].any():
            raise EstimationError(
                self.title,
                "it never happened to anybody whose weight is not 0",
                "A hazard needs events: check the column and the weights.",
            )
        beta = start
        before, gradient, information = self.pieces(beta, weights)
        self._check_varies(information, weights)
        for _ in range(MOST_STEPS):
            step, now, tried = _newton(information, gradient), -np.inf, beta
            while not now >= before - CLOSE * abs(before) and np.abs(step).max() > CLOSE**2:
                tried = beta + step
                now, gradient, information = self.pieces(tried, weights)
                step = step / 2
            settled = abs(now - before) <= CLOSE * (abs(now) + 1)
            beta, before = tried, now
            if settled:
                self._check_ends(_newton(information, gradient))
                return beta
        raise EstimationError(
            self.title,
            f"the fit did not settle in {MOST_STEPS} steps",
            "Use fewer predictors, or merge categories in which it never happened.",
        )

    def _check_varies(self, information: Floats, weights: Floats) -> None:
        """Refuse a predictor that those at risk do not differ in whenever it happened."""
        scale = np.sqrt(weights[self.event].sum()) * self.x.std(axis=0)
        relative = information / np.outer(scale, scale)
        for last in range(1, len(scale) + 1):
            if np.linalg.eigvalsh(relative[:last, :last])[0] < CLOSE:
                raise EstimationError(
                    self.title,
                    f"'{self.names[last - 1]}' does not vary, or follows from what stands before "
                    "it, among those at risk whenever it happened",
                    "Leave it out.",
                )

    def _check_ends(self, step: Floats) -> None:
        """Refuse coefficients that the likelihood only approaches."""
        far = np.abs(step) * np.ptp(self.x, axis=0)
        if far.max(initial=0.0) > STILL_MOVING:
            raise EstimationError(
                self.title,
                f"the effect of '{self.names[int(far.argmax())]}' grows without end: it decides "
                "to whom it happened",
                "Leave it out, or merge categories in which it never happened.",
            )


def _newton(information: Floats, gradient: Floats) -> Floats:
    """(k,) The step to where the gradient would be 0, whatever units predictors have."""
    scale = np.sqrt(np.diag(information))
    made = np.linalg.lstsq(information / np.outer(scale, scale), gradient / scale, rcond=None)
    return np.asarray(made[0] / scale, dtype=np.float64)


def _sums(codes: Integers, values: Floats, size: int) -> Floats:
    """(size, c) or (size,) The sum of the rows of each code."""
    if values.ndim == 1:
        return sums_by(codes, values, size)
    columns = [sums_by(codes, column, size) for column in values.T]
    return np.column_stack(columns) if columns else np.zeros((size, 0))
