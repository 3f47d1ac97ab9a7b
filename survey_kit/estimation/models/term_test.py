r"""Does a term of a model explain anything? By its coefficients, or by the deviance.

Wald: :math:`F = \hat\beta' V^{-1} \hat\beta / q`. By the deviance: what the model loses
without the term is a sum of :math:`\lambda_i Z_i^2`, with the eigenvalues of
:math:`V_0^{-1} V` (Lumley and Scott 2014, Australian and New Zealand Journal of Statistics
56:1-14); V is the covariance of the term's coefficients, V_0 what it would be of as many
people drawn at random.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from scipy import special

from survey_kit.design.design import Sampling
from survey_kit.errors import EstimationError
from survey_kit.estimation.chi_squared_sum import saddlepoint, satterthwaite
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.models import formula as formulas
from survey_kit.estimation.models.regression import Regression, deviance_of
from survey_kit.estimation.shown import Shown, Table, of_frame, said_of_tests
from survey_kit.estimation.statistic import Floats


@dataclass(frozen=True, eq=False, repr=False)
class TermTest(Shown):
    """A test of a term.

    statistic
        F of the Wald test, or the difference in deviance.
    numerator_df, denominator_df
        How many coefficients it tests, and what the design leaves to tell them by.
    eigenvalues
        Of :math:`V_0^{-1} V`; none for the Wald test. All near 1: the design is as good
        as a simple random sample here.
    formula, coefficients
        Of the model.
    """

    term: str
    statistic: float
    numerator_df: int
    denominator_df: float
    p: float
    eigenvalues: Floats
    formula: str
    coefficients: Estimate

    @property
    def sampling(self) -> Sampling:
        """How people were chosen, which decides what may be said."""
        return self.coefficients.sampling

    @property
    def frame(self) -> pd.DataFrame:
        """One row: the term, its statistic, degrees of freedom and p."""
        return pd.DataFrame(
            {
                "term": [self.term],
                "difference in deviance" if len(self.eigenvalues) else "F": self.statistic,
                "df": self.numerator_df,
                "denominator_df": self.denominator_df,
                "p": self.p,
            }
        )

    def shown(self) -> Table:
        """Statistic, degrees of freedom and p."""
        under = [
            f"n = {int(self.coefficients.n.max(initial=0)):,}; {self.formula}",
            self.coefficients.design,
            *said_of_tests(self.sampling),
        ]
        return of_frame(self.frame, under=under)


class Termed(Protocol):
    """Any model whose coefficients belong to terms: all of those here."""

    @property
    def formula(self) -> str: ...

    @property
    def terms(self) -> dict[str, tuple[int, ...]]: ...

    @property
    def coefficients(self) -> Estimate: ...

    @property
    def df(self) -> float: ...


def wald_test(
    model: Termed, term: str, *, df: float | None = None, null: Sequence[float] | None = None
) -> TermTest:
    """Test a term, or several joined by +, by its coefficients (R's `regTermTest`).

    Parameters
    ----------
    df
        Degrees of freedom of the denominator; infinite for chi-squared. None: the model's.
    null
        What the coefficients are tested against; None for 0.

    Raises
    ------
    EstimationError
        If the model has no such term, or `null` is not of as many numbers.
    """
    at = columns_of_term(model, term)
    beta = model.coefficients.value[at]
    if null is not None:
        if len(null) != len(at):
            raise EstimationError(
                f"term '{term}'",
                f"it has {len(at)} coefficients, and `null` holds {len(null)}",
                "Give one number for each coefficient.",
            )
        beta = beta - np.asarray(null, dtype=np.float64)
    joint = model.coefficients.covariance[np.ix_(at, at)]
    freedom = model.df if df is None else df
    statistic = float(beta @ np.linalg.solve(joint, beta)) / len(at)
    if np.isinf(freedom):
        p = float(special.chdtrc(len(at), statistic * len(at)))
    else:
        p = float(special.fdtrc(len(at), freedom, statistic)) if freedom > 0 else np.nan
    return TermTest(
        term, statistic, len(at), freedom, p, np.empty(0), model.formula, model.coefficients
    )


def deviance_test(model: Regression, term: str, *, df: float | None = None) -> TermTest:
    """Test a term by what the model loses without it (Rao and Scott's likelihood ratio).

    Both models rest on the rows of the larger one.

    Raises
    ------
    EstimationError
        If the model has no such term, or nothing else.
    """
    if model.method == "Firth":
        raise EstimationError(
            f"term '{term}'",
            "the model was fitted with a penalty, so what it loses is no difference in deviance",
            "Use `wald_test`.",
        )
    at = columns_of_term(model, term)
    kept = [column for column in range(len(model.coefficients.value)) if column not in at]
    lost = deviance_of(model, kept) - model.deviance
    joint = model.coefficients.covariance[np.ix_(at, at)]
    values = np.linalg.eigvals(np.linalg.solve(model.naive[np.ix_(at, at)], joint))
    weights = np.sort(np.real(values))[::-1].astype(np.float64)
    freedom = model.df if df is None else df
    p = _tail(lost, weights, freedom)
    return TermTest(term, lost, len(at), freedom, p, weights, model.formula, model.coefficients)


def working_wald_test(model: Regression, term: str, *, df: float | None = None) -> TermTest:
    """As `deviance_test`, with b' V_0^-1 b in place of the deviance: no second fit."""
    at = columns_of_term(model, term)
    beta = model.coefficients.value[at]
    naive = model.naive[np.ix_(at, at)]
    joint = model.coefficients.covariance[np.ix_(at, at)]
    weights = np.sort(np.real(np.linalg.eigvals(np.linalg.solve(naive, joint))))[::-1]
    statistic = float(beta @ np.linalg.solve(naive, beta))
    freedom = model.df if df is None else df
    found = weights.astype(np.float64)
    p = _tail(statistic, found, freedom)
    return TermTest(term, statistic, len(at), freedom, p, found, model.formula, model.coefficients)


def _tail(statistic: float, weights: Floats, df: float) -> float:
    found = saddlepoint(statistic, weights, df)
    if not np.isnan(found):
        return found
    known, scale, freedom = satterthwaite(statistic, weights)
    if np.isinf(df):
        return known
    return float(special.fdtrc(freedom, df, statistic / (freedom * scale)))


def columns_of_term(model: Termed, term: str) -> list[int]:
    """The columns of a term, or of several joined by +; ``b:a`` is ``a:b``."""
    known = {canonical(name): columns for name, columns in model.terms.items()}
    found: list[int] = []
    for each in parts(term):
        if canonical(each) not in known:
            raise EstimationError(
                f"term '{each}'",
                f"the model {model.formula} has no such term",
                f"Its terms are: {', '.join(name for name in known if name != '1')}.",
            )
        found.extend(known[canonical(each)])
    if not found:
        raise EstimationError(
            f"term '{term}'",
            "everybody in the model is in one category of it, so it has no coefficient",
            "Leave it out.",
        )
    return sorted(found)


def parts(term: str) -> list[str]:
    """Terms joined by +, a * b among them."""
    _, right = formulas.sides(f"y ~ {term}")
    names: list[str] = []
    for each in right.split("+"):
        factors = [factor.strip() for factor in each.split("*")]
        if len(factors) == 1:
            names.append(each.strip())
            continue
        names.extend(
            ":".join(factor for at, factor in enumerate(factors) if chosen >> at & 1)
            for chosen in range(1, 2 ** len(factors))
        )
    return names


def canonical(term: str) -> str:
    """The factors of an interaction in one order."""
    return ":".join(sorted(factor.strip() for factor in term.split(":")))
