r"""How far a number is from the others, measured so that no number can hide itself.

With m the median and MAD the median of :math:`|x_i - m|`, the score of a value is

.. math:: z_i = \frac{x_i - m}{1.4826 \, \mathrm{MAD}}

where 1.4826 makes the MAD of normal data their standard deviation (Iglewicz and Hoaglin,
How to Detect and Handle Outliers, 1993, who flag \|z\| > 3.5). Mean and standard
deviation are pulled by the very values that are looked for; half of all answers would
have to be absurd before median and MAD are.

Amounts and counts are skewed, so where no answer is negative the scores are those of
log x; zeros then mean "none", and are neither counted nor flagged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NORMAL = 1.4826
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

    Where more than half of the answers are the same the MAD is 0. The spread is then
    that of the answers that differ, but never more than makes ten times (or a tenth of)
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
    logarithmic = not bool((values[given] < 0).any())
    judged = given & (values > 0) if logarithmic else given
    n = int(judged.sum())
    score = np.full(len(values), np.nan)
    if n < least:
        return Spread(score, np.zeros(len(values), dtype=bool), np.nan, n, 0.0, False, threshold)
    shown = np.log(values[judged]) if logarithmic else values[judged]
    centre = float(np.median(shown))
    scale = _scale(np.abs(shown - centre), centre, threshold, logarithmic=logarithmic)
    score[judged] = (shown - centre) / scale if scale > 0 else 0.0
    far = np.nan_to_num(np.abs(score)) > threshold
    median = float(np.median(values[judged]))
    return Spread(score, far, median, n, scale, logarithmic, threshold)


def _scale(
    distances: NDArray[np.float64], centre: float, threshold: float, *, logarithmic: bool
) -> float:
    mad = float(np.median(distances))
    if mad > 0:
        return NORMAL * mad
    tenfold = np.log(10) if logarithmic else 9 * abs(centre)
    most = 0.999 * tenfold / threshold
    apart = distances[distances > 0]
    if len(apart) < FEW:
        return float(most)
    own = NORMAL * float(np.median(apart))
    return min(own, float(most)) if most > 0 else own
