"""From the influences of the rows to coefficients with a covariance that knows the design."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

from survey_kit.design.described import design_line
from survey_kit.design.drawn import Drawn
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation import domains
from survey_kit.estimation.elements import covariance_of_influences
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.replicated import replicated
from survey_kit.estimation.statistic import Floats


def covariance(
    sample: Sample,
    used: NDArray[np.bool_],
    value: Floats,
    influences: Floats,
    refit: Callable[[Floats], Floats],
) -> Floats:
    """(k, k) The covariance of k coefficients.

    Parameters
    ----------
    influences
        (m, k). What each row used contributes to a coefficient, for a weight of 1.
    refit
        From the (m,) weights of a replicate to its k coefficients.

    Raises
    ------
    EstimationError
        Where a replicate cannot be fitted: which, and why.
    """
    if sample.replicates is not None:
        replicates = sample.replicates
        number = count(1)

        def again(weights: Floats) -> Floats:
            at = next(number)
            try:
                return refit(weights[used])
            except EstimationError as error:
                fault = error.faults[0]
                where = f"{fault.where}, replicate {at} of {len(replicates)}"
                raise EstimationError(where, fault.what, fault.remedy) from error

        return replicates.covariance(replicated(replicates, again), value)
    rows = np.flatnonzero(used)
    return covariance_of_influences(sample, [rows] * len(value), list(influences.T))


def coefficients(
    sample: Drawn,
    names: Sequence[str],
    value: Floats,
    *,
    joint: Floats,
    used: NDArray[np.bool_],
    influences: Floats,
    taken: int | None = None,
    design_df: float | None = None,
) -> Estimate:
    """Coefficients as an estimate: degrees of freedom of the design, less those they take.

    Where a design has fewer clusters than that, nothing can be tested: t and its interval
    are then NaN.

    Parameters
    ----------
    taken
        Degrees of freedom that are taken off; None for one less than the coefficients.
    design_df
        Those of the design; None for those of the rows used.
    """
    k = len(value)
    rows = np.flatnonzero(used)
    of_design = sample.degrees_of_freedom(used) if design_df is None else design_df
    df = of_design - (k - 1 if taken is None else taken)
    base = domains.bases(sample, [rows])
    w = sample.weights[rows]
    away = influences - (w @ influences) / w.sum()
    simple = (w @ away**2) * w.sum() / max(float(base.n[0]) - 1, 1)
    return Estimate(
        names=tuple(("", name) for name in names),
        value=value,
        covariance=joint,
        df=df,
        own_df=np.full(k, df),
        n=np.repeat(base.n, k),
        count=np.repeat(base.n, k),
        weighted=np.repeat(base.weighted, k),
        effective=np.repeat(base.effective, k),
        simple=simple,
        sampling=sample.design.sampling,
        design=design_line(sample),
    )
