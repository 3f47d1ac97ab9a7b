r"""The spread of a population: variances and covariances of columns of numbers.

:math:`\frac{n}{n-1} \sum w (x - \bar x)(y - \bar y) / W`, with n the rows of the base, as R's
`svyvar`. The statistic itself is without the factor, which depends on how many rows there
are and not on their weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from survey_kit.design.sample import Sample
from survey_kit.estimation.asked import Where, asked_rows, columns_named
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.statistics.covariance import COVARIANCE


def variances(
    sample: Sample,
    columns: str | Sequence[str],
    *,
    by: str | Sequence[str] | None = None,
    where: Where = None,
) -> Estimate:
    """Variances of the columns and covariances of every two, and how well they are known.

    Returns
    -------
    Estimate
        Of columns x columns numbers for each group, "x/y" row by row. NaN where fewer than
        two rows answered.

    Raises
    ------
    DesignError, EstimationError, LonelyUnit
        As `estimate`.
    """
    columns, asked = columns_named(columns), asked_rows(sample, where)
    pairs = [name for first in columns for second in columns for name in (first, second)]
    found = estimate(COVARIANCE, sample, pairs, by=columns_named(by), where=asked)
    several = found.n > 1
    factor = np.where(several, found.n / np.where(several, found.n - 1, 1), np.nan)
    return replace(
        found,
        value=found.value * factor,
        covariance=found.covariance * np.outer(factor, factor),
        simple=found.simple * factor**2,
    )
