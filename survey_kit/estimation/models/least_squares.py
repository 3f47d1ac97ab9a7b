r"""Weighted least squares: by cross-products where they keep their digits, else by SVD.

The cross-product X'WX of m rows has k x k numbers, so that solving by it takes one pass over
the rows; but its condition is the square of that of X. It is used where, its columns brought
to length 1, the condition leaves ten digits or more, and the solution is then corrected by the
residuals of the rows. Where it does not, numpy's `lstsq` decides.
"""

from __future__ import annotations

import numpy as np

from survey_kit.estimation.statistic import Floats

WELL_CONDITIONED = 1e-6
"""The lowest eigenvalue of the scaled cross-product to the highest: a condition of X of 1,000."""


def least_squares(x: Floats, y: Floats, weights: Floats) -> Floats:
    """(k,) b with the lowest sum of w (y - x b)².

    Parameters
    ----------
    x, y, weights
        (m, k), (m,) and (m,) 0 or more, all finite.
    """
    with np.errstate(all="ignore"):
        weighted = x * weights[:, None]
        cross = x.T @ weighted
    size = np.sqrt(np.diag(cross))
    inverse = _inverse(cross, size)
    if inverse is not None:
        found = np.zeros(x.shape[1])
        for _ in range(2):
            moments = weighted.T @ (y - x @ found) / size
            found = found + (inverse @ moments) / size
        return found
    root = np.sqrt(weights)
    return np.asarray(np.linalg.lstsq(x * root[:, None], y * root)[0], dtype=np.float64)


def independent(x: Floats) -> bool:
    """Whether no column of (m, k) x is a sum of the others, seen from cross-products alone.

    False where they cannot tell: the singular values of x have to.
    """
    with np.errstate(all="ignore"):
        cross = x.T @ x
    return bool(len(x)) and _inverse(cross, np.sqrt(np.diag(cross))) is not None


def _inverse(cross: Floats, size: Floats) -> Floats | None:
    """(k, k) The inverse of a cross-product of columns of length 1; None if few digits are left.

    The condition by sums of columns is never below that by eigenvalues and costs a fraction of
    it, so that these are asked only where it does not settle the question.

    Parameters
    ----------
    cross, size
        (k, k) X'WX, and (k,) the roots of its diagonal.
    """
    if not ((size > 0) & np.isfinite(size)).all():
        return None
    scaled = cross / np.outer(size, size)
    try:
        inverse = np.asarray(np.linalg.inv(scaled), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None
    if np.linalg.norm(scaled, 1) * np.linalg.norm(inverse, 1) * WELL_CONDITIONED < 1:
        return inverse
    values = np.linalg.eigvalsh(scaled)
    return inverse if values[0] > WELL_CONDITIONED * values[-1] else None
