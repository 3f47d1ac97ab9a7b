r"""Functions of estimates: a ratio of two means, a logarithm, a difference of shares of shares.

:math:`V(f(\hat\theta)) = J V J'` with J the derivatives of f at the estimates: the delta
method (Wolter 2007, "Introduction to Variance Estimation", chapter 6). J is found by
moving each estimate a little, in steps that leave some ten digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.statistic import Floats

STEP = 1e-3
"""An estimate is moved by this share of itself, and by half and a quarter of that."""


def function_of(
    estimate: Estimate, of: Callable[[Floats], Floats | float], names: Sequence[str] = ()
) -> Estimate:
    """A smooth function of estimates, with the covariance that follows from theirs.

    Parameters
    ----------
    of
        From the (k,) values to one number, or to (m,). Written with numpy.
    names
        What to call the m numbers.

    Returns
    -------
    Estimate
        Of the m numbers. Its bases are the smallest of those it is made of.

    Raises
    ------
    EstimationError
        If the function is not defined at the estimates.
    """
    value = np.atleast_1d(np.asarray(of(estimate.value.copy()), dtype=np.float64))
    if not np.isfinite(value).all():
        raise EstimationError(
            "function of estimates",
            "it is not defined at these estimates",
            "Look for a division by 0, a logarithm of 0, or an empty group.",
        )
    derivatives = jacobian(of, estimate.value)
    flat = estimate.contrast(derivatives, names or [str(at + 1) for at in range(len(value))])
    return replace(flat, value=value)


def jacobian(of: Callable[[Floats], Floats | float], at: Floats) -> Floats:
    """(m, k) The derivatives of a function, by central differences taken to the limit."""
    columns: list[Floats] = []
    for number, value in enumerate(at):
        step = STEP * (abs(float(value)) or 1.0)
        slopes = [_slope(of, at, number, step / 2**halving) for halving in range(3)]
        # Richardson: each pass removes the next even power of the step
        first = [(4 * slopes[i + 1] - slopes[i]) / 3 for i in range(2)]
        columns.append((16 * first[1] - first[0]) / 15)
    return np.column_stack(columns)


def _slope(of: Callable[[Floats], Floats | float], at: Floats, number: int, step: float) -> Floats:
    up, down = at.copy(), at.copy()
    up[number] += step
    down[number] -= step
    both = (np.atleast_1d(np.asarray(of(each), dtype=np.float64)) for each in (up, down))
    above, below = both
    return (above - below) / (2 * step)
