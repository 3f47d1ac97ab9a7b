r"""How far a number is from the others, measured so that no number can hide itself.

With m the median and MAD the median of :math:`|x_i - m|`, the score of a value is

.. math:: z_i = \frac{x_i - m}{s}, \quad
          s = \max\left(1.4826 \, \mathrm{MAD}, \; \frac{q_{90} - q_{10}}{2.5631}\right)

where both constants make the spread of normal data their standard deviation. With the
first alone this is Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993), who
flag \|z\| > 3.5; answers of people pile up on round numbers, which makes the MAD small,
so the middle 80 % may widen it. Mean and standard deviation are pulled by the very values
that are looked for; a tenth of all answers would have to be absurd before this spread is.

Amounts and counts are skewed to the right, so where no answer is negative, the middle of the
answers does not lean to the left, the scores are those of log x; where the logarithms lean far to the
left (ages of all people, percentages), they are those of x if fewer are far then. Zeros then mean "none", and are neither counted nor flagged; nor are they where most answers
are zero. A negative number among a hundred does not decide on the scale, and is not judged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NORMAL = 1.4826
MIDDLE = 2.5631
HALF = 0.5
HARDLY_ANY = 0.01
FAR_LEFT = 1 / 3
"""Logarithms that lean to the left by more may not be those of amounts; those of a uniform number do, by 0.46."""
FEW = 10
"""With fewer values than this away from the median, their own spread says nothing."""


@dataclass(frozen=True, eq=False)
class Spread:
    """The scores of the answers to one question.

    score
        (n,) robust standard deviations from the median; NaN where not judged.
    far
        (n,) bool. Beyond the threshold.
    median
        In the units of the answers.
    n
        How many answers were judged.
    """

    score: NDArray[np.float64]
    far: NDArray[np.bool_]
    median: float
    n: int
    scale: float
    logarithmic: bool
    threshold: float

    def is_ordinary(self, value: float) -> bool:
        """Whether a value would be among the middle of the answers: \\|z\\| at most 2."""
        if self.logarithmic and value <= 0:
            return False
        centre = np.log(self.median) if self.logarithmic else self.median
        here = np.log(value) if self.logarithmic else value
        return bool(abs(here - centre) <= 2 * self.scale)


def far_from_the_rest(values: NDArray[np.float64], *, threshold: float, least: int) -> Spread:
    """The scores of values, and which of them are far from the rest.

    Where more than four in five answers are the same, both spreads are 0. The spread is
    then that of the answers that differ, but never more than makes ten times (or a tenth of)
    the usual answer far; with fewer than `FEW` that differ, exactly that.

    Parameters
    ----------
    values
        (n,) in their own units, NaN where there is no answer.
    threshold
        The score beyond which a value is far.
    least
        With fewer values nothing is judged.
    """
    given = values[np.isfinite(values)]
    if not _leans_right(given):
        return _spread(values, threshold, least, logarithmic=False)
    by_logarithm = _spread(values, threshold, least, logarithmic=True)
    if _skewness(np.log(given[given > 0])) >= -FAR_LEFT:
        return by_logarithm
    as_they_are = _spread(values, threshold, least, logarithmic=False)
    return as_they_are if as_they_are.far.sum() < by_logarithm.far.sum() else by_logarithm


def _spread(
    values: NDArray[np.float64], threshold: float, least: int, *, logarithmic: bool
) -> Spread:
    given = np.isfinite(values)
    judged = given & _judged(values, values[given], logarithmic=logarithmic)
    n = int(judged.sum())
    score = np.full(len(values), np.nan)
    if n < least:
        return Spread(score, np.zeros(len(values), dtype=bool), np.nan, n, 0.0, False, threshold)
    shown = np.log(values[judged]) if logarithmic else values[judged]
    centre = float(np.median(shown))
    scale = _scale(shown, centre, threshold, logarithmic=logarithmic)
    score[judged] = (shown - centre) / scale if scale > 0 else 0.0
    far = np.nan_to_num(np.abs(score)) > threshold
    median = float(np.median(values[judged]))
    return Spread(score, far, median, n, scale, logarithmic, threshold)


def _judged(
    values: NDArray[np.float64], given: NDArray[np.float64], *, logarithmic: bool
) -> NDArray[np.bool_]:
    """(n,) bool. All but zeros where these only say that most have none, and negative ones have no logarithm."""
    if logarithmic:
        return values > 0
    mostly_zero = bool(len(given)) and float((given == 0).mean()) > HALF
    return values != 0 if mostly_zero else np.ones(len(values), dtype=np.bool_)


def _leans_right(values: NDArray[np.float64]) -> bool:
    """Whether the numbers are amounts or counts: positive, and not skewed to the left.

    Skewness is that of the middle 80 % of the positive values, from quantiles.
    """
    above = values[values > 0]
    if not len(above) or float((values < 0).mean()) > HARDLY_ANY:
        return False
    return _skewness(above) >= 0


def _skewness(values: NDArray[np.float64]) -> float:
    """From -1 to 1, of the middle 80 % (Bowley's coefficient with tenths for quarters)."""
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return float((high - 2 * middle + low) / (high - low)) if high > low else 0.0


def _scale(
    values: NDArray[np.float64], centre: float, threshold: float, *, logarithmic: bool
) -> float:
    distances = np.abs(values - centre)
    low, high = np.quantile(values, [0.1, 0.9])
    spread = max(NORMAL * float(np.median(distances)), float(high - low) / MIDDLE)
    if spread > 0:
        return spread
    tenfold = np.log(10) if logarithmic else 9 * abs(centre)
    most = 0.999 * tenfold / threshold
    apart = distances[distances > 0]
    if len(apart) < FEW:
        return float(most)
    own = NORMAL * float(np.median(apart))
    return min(own, float(most)) if most > 0 else own
