r"""How far a number is from the others, measured so that no number can hide itself.

With m the median and MAD the median of :math:`|x_i - m|`, the score of a value is

.. math:: z_i = \frac{x_i - m}{s}, \quad
          s = \max\left(1.4826 \, \mathrm{MAD}, \; \frac{q_{90} - q_{10}}{2.5631}\right)

where both constants make the spread of normal data their standard deviation. With the
first alone this is Iglewicz and Hoaglin (How to Detect and Handle Outliers, 1993), who
flag \|z\| > 3.5; answers of people pile up on round numbers, which makes the MAD small,
so the middle 80 % may widen it. Mean and standard deviation are pulled by the very values
that are looked for; a tenth of all answers would have to be absurd before this spread is.

Amounts and counts are skewed to the right, so where no answer is negative and the middle
of the answers does not lean to the left, the scores are those of log x. Zeros then mean
"none", and are neither counted nor flagged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NORMAL = 1.4826
MIDDLE = 2.5631
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
    given = np.isfinite(values)
    logarithmic = _leans_right(values[given])
    judged = given & (values > 0) if logarithmic else given
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


def _leans_right(values: NDArray[np.float64]) -> bool:
    """Whether amounts are to be judged by their logarithm: positive, and not skewed to the left.

    Skewness is that of the middle 80 % of the positive values, from quantiles.
    """
    if not len(values) or (values < 0).any() or not (values > 0).any():
        return False
    low, middle, high = np.quantile(values[values > 0], [0.1, 0.5, 0.9])
    return bool(high - middle >= middle - low)


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
