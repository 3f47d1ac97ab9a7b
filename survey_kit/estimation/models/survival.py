r"""Models of how long until something happens: Cox's proportional hazards.

The coefficients maximise the weighted partial likelihood (Binder 1992, Biometrika
79:139-147), each stratum with a baseline hazard of its own. The influence of a row is the
derivative of the likelihood's slope by its weight, times the inverse of the information:
`partial_likelihood` has both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.design import Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.asked import Where, asked_rows, sample_first
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.intervals import t_tail
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.fitted import coefficients, covariance
from survey_kit.estimation.models.formula import Predictors, without_intercept
from survey_kit.estimation.models.partial_likelihood import PartialLikelihood, Ties, tied_times
from survey_kit.estimation.models.regression import offset_of
from survey_kit.estimation.shown import Shown, Table, of_model
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.testable import check_word

CALLED = re.compile(r"(?<![\w.])(strata|cluster|offset)\(")


@dataclass(frozen=True, eq=False, repr=False)
class Survival(Shown):
    """A fitted model of hazards.

    coefficients
        Logarithms of hazard ratios, with joint covariance. `df`: that of the design of the
        rows used, less the number of coefficients, plus 1.
    naive
        The inverse of the information, with weights that average 1.
    """

    sample: Sample
    predictors: Predictors
    coefficients: Estimate
    naive: Floats
    log_likelihood: float
    strata: tuple[str, ...] = ()
    offset: str | None = None

    @property
    def formula(self) -> str:
        """The right side: hazards have no outcome but their time."""
        return self.predictors.right

    @property
    def terms(self) -> dict[str, tuple[int, ...]]:
        """The coefficients of each term."""
        return without_intercept(self.predictors)

    @property
    def df(self) -> float:
        """Degrees of freedom for tests of its coefficients."""
        return self.coefficients.df

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each coefficient, with its hazard ratio and that one's interval."""
        low, high = self.coefficients.modelled.interval()
        error = self.coefficients.standard_error
        t = self.coefficients.value / np.where(error > 0, error, np.nan)
        return pd.DataFrame(
            {
                "name": [name[-1] for name in self.coefficients.names],
                "value": self.coefficients.value,
                "standard_error": error,
                "hazard_ratio": np.exp(self.coefficients.value),
                "low": np.exp(low),
                "high": np.exp(high),
                "t": t,
                "df": self.df,
                "p": t_tail(t, self.df),
            }
        )

    @property
    def sampling(self) -> Sampling:
        """How people were chosen, which decides what may be said."""
        return self.coefficients.sampling

    def shown(self) -> Table:
        """The coefficients."""
        return of_model(f"Hazards by {self.formula}", self.frame, self.coefficients)


@sample_first
def survival(
    sample: Sample,
    predictors: str,
    *,
    time: str,
    event: str,
    entry: str | None = None,
    strata: str | Sequence[str] = (),
    offset: str | None = None,
    ties: Ties = "efron",
    where: Where = None,
) -> Survival:
    """Fit Cox's model (R's `svycoxph`).

    Parameters
    ----------
    predictors
        The right side of a formula. It has no intercept: that is the baseline hazard.
    time, event
        When each row was last seen, in any unit, and 1 if it happened then, else 0. Times
        that differ by rounding alone are one time: see `tied_times`.
    entry
        From when each row was at risk. None: from the beginning.
    strata
        Columns; each combination of them has a baseline hazard of its own (R's `strata()`).
        They are not the strata that the sample was drawn in.
    offset
        An expression that is added to the logarithm of the hazard, such as ``log(exposure)``.

    Raises
    ------
    EstimationError
        If nothing ever happened, an event is neither 0 nor 1, somebody leaves before they
        enter, a predictor does not vary among those at risk or decides to whom it happens, or
        the fit does not settle.
    """
    where = asked_rows(sample, where)
    strata = (strata,) if isinstance(strata, str) else tuple(strata)
    offset = formulas.arithmetic(offset) if offset else None
    title = f"hazards by {predictors}"
    _check_called(predictors, title)
    check_word(f"{title}, ties", ties, get_args(Ties))
    named = [time, event, *([entry] if entry else [])]
    quoted = [f"`{each}`" for each in (*named, *strata)]
    asked = [predictors, *quoted, *([offset] if offset else [])]
    used = formulas.rows_used(sample, asked, where)
    x = formulas.predictors(predictors, sample, used)
    held = [at for at, name in enumerate(x.names) if name != "(Intercept)"]
    names = tuple(x.names[at] for at in held)
    if not names:
        raise EstimationError(
            title, "it has no predictors", "Use `survival_curve` for how long it takes."
        )
    numbers = sample.numbers(named)[used]
    until, since = spans(numbers[:, 0], numbers[:, 2] if entry else None, time)
    shift = offset_of(offset, sample.data.loc[used])
    task = PartialLikelihood(
        title=title,
        names=names,
        x=x.matrix[:, held] - x.matrix[:, held].mean(axis=0),
        time=until,
        event=happened(numbers[:, 1], event),
        entry=since,
        stratum=_codes(sample, used, strata),
        offset=shift - shift.mean(),
        ties=ties,
    )
    w = sample.weights[used] / sample.weights[used].mean()
    beta = task.fit(w, np.zeros(len(held)))
    log_likelihood, _, information = task.pieces(beta, w)
    naive = np.asarray(np.linalg.inv(information), dtype=np.float64)
    influences = task.influences(beta, w) @ naive / sample.weights[used].mean()
    joint = covariance(sample, used, beta, influences, lambda v: task.fit(v / v.mean(), beta))
    made = coefficients(sample, names, beta, joint=joint, used=used, influences=influences)
    return Survival(sample, x, made, naive, log_likelihood, strata, offset)


def _check_called(predictors: str, title: str) -> None:
    """Say where what R writes in the formula is given here."""
    called = CALLED.search(predictors)
    remedies = {
        "strata": "Give strata=['...'] beside the formula.",
        "offset": "Give offset='...' beside the formula.",
        "cluster": "Leave it out: the design of the sample says who belongs together.",
    }
    if called:
        raise EstimationError(
            title, f"{called[1]}() is no part of the formula", remedies[called[1]]
        )


def spans(time: Floats, entry: Floats | None, name: str) -> tuple[Floats, Floats]:
    """(m,) until when and (m,) from when each row was at risk."""
    until, since = tied_times(time, np.full(len(time), -np.inf) if entry is None else entry)
    if (since >= until).any():
        raise EstimationError(
            f"time '{name}'", "somebody leaves when they enter, or before", "Check both columns."
        )
    return until, since


def _codes(sample: Sample, used: NDArray[np.bool_], columns: Sequence[str]) -> NDArray[np.intp]:
    """(m,) The combination of the columns that each row used has."""
    if not columns:
        return np.zeros(int(used.sum()), dtype=np.intp)
    groups = sample.data.loc[used, list(columns)].groupby(list(columns), observed=True)
    return np.asarray(groups.ngroup(), dtype=np.intp)


def happened(values: Floats, event: str) -> NDArray[np.bool_]:
    """(m,) Whether it happened, of a column of 0 and 1."""
    if not np.isin(values, [0.0, 1.0]).all():
        raise EstimationError(
            f"event '{event}'", "it is neither 0 nor 1 for somebody", "Write 1 where it happened."
        )
    if not values.any():
        raise EstimationError(
            f"event '{event}'", "it never happened", "A hazard needs events: check the column."
        )
    return values == 1
