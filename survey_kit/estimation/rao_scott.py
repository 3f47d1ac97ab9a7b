r"""Do the columns of a table differ? Pearson's test, corrected for the design.

Pearson's statistic of a table of weighted shares is a sum of squares with the wrong
distribution: under the design its terms have weights :math:`\delta_i`, the generalised
design effects, the eigenvalues of

.. math:: \Delta = (C' D^{-1} C / n)^{-1}\, C' D^{-1} V D^{-1} C

with V the covariance of the cell shares, D their diagonal matrix and C the contrasts of
interaction, free of the main effects (Rao and Scott 1984, "On chi-squared tests for
multiway contingency tables with cell proportions estimated from survey data", Annals of
Statistics 12:46-60).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Literal, TypeAlias, get_args

import numpy as np
from scipy import special

from survey_kit.design.collapsed import collapsed
from survey_kit.design.described import design_line
from survey_kit.design.drawn import Drawn
from survey_kit.design.stage import Integers
from survey_kit.errors import EstimationError
from survey_kit.estimation import domains
from survey_kit.estimation.asked import Where, asked_rows
from survey_kit.estimation.cells import OneChoice, covariance
from survey_kit.estimation.chi_squared_sum import saddlepoint
from survey_kit.estimation.proportions import shares_of_cases
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.testable import check_word
from survey_kit.estimation.tested import Tested

MOST_CELLS = 3_000
"""Beyond, the covariance of the cells would take minutes and gigabytes."""

SEVERAL = 2
"""The fewest groups, or categories, that can differ from each other."""

NAMED = 3
"""Options that are named above a test of many; of the others it says how many they are."""

Version: TypeAlias = Literal["F", "chi-squared", "saddlepoint", "Wald", "adjusted Wald"]


@dataclass(frozen=True, repr=False)
class RaoScott(Tested):
    """A test of association.

    `denominator_df` is infinite for the chi-squared version. `p` is NaN, and the numerator
    has no degrees of freedom, where there is nothing to compare: fewer than two rows or
    columns that anybody is in, or clusters that leave no degrees of freedom.
    """

    name: str
    statistic: float
    numerator_df: float
    denominator_df: float
    p: float

    @property
    def title(self) -> str:
        return self.name

    @property
    def lines(self) -> tuple[str, ...]:
        if not np.isnan(self.p):
            return ()
        return (
            (
                "Nothing to compare: fewer than two rows or columns have anybody in them, or the "
                "clusters leave no degrees of freedom."
            ),
        )

    @property
    def numbers(self) -> dict[str, float]:
        return {
            "statistic": self.statistic,
            "df": self.numerator_df,
            "denominator_df": self.denominator_df,
            "p": self.p,
        }


def rao_scott(
    sample: Drawn,
    row: str,
    column: str,
    *,
    where: Where = None,
    version: Version = "F",
    df: float | None = None,
) -> RaoScott:
    """Whether two columns of categories are associated.

    Parameters
    ----------
    row, column
        Columns of categories. Rows missing either leave the base; categories that nobody
        chose leave the table.
    where
        Of whom: (n,) bool, the name of a column of true and false, or categories by column.
    version
        "F" refers X²/tr Δ to F with tr(Δ)²/tr(Δ²) and that times the design's degrees of
        freedom (second order, Thomas and Rao 1987). "chi-squared" refers X² / mean δ to
        (r-1)(c-1) degrees of freedom (first order). "saddlepoint" refers X² itself to the
        sum of chi-squares weighted by the δ, over one of the design's (see
        `chi_squared_sum`): the best of them far out in the tail. The Wald tests are those of R's
        `svychisq`; with few clusters they reject far too often.
    df
        Degrees of freedom to take in place of the design's; infinite where the covariance is
        as good as known.

    Returns
    -------
    RaoScott
        With p NaN and no degrees of freedom where there is nothing to compare, or the clusters
        that hold any of these rows leave none.

    Raises
    ------
    EstimationError
        If there is no such version; if there are too many cells, or, for the Wald tests, more than the clusters tell apart.
    """
    check_word(f"test of '{row}' by '{column}', version", version, get_args(Version))
    where, design = asked_rows(sample, where), design_line(sample)
    sample, where = collapsed(sample, (column, row), where)
    grid = domains.grid(sample, (), where)
    rows, columns = sample.levels(row), sample.levels(column)
    inside = (grid.code >= 0) & (rows.codes >= 0) & (columns.codes >= 0)
    several_rows, r = _present(rows.codes[inside])
    several_columns, c = _present(columns.codes[inside])
    told = partial(
        replace,
        compared=f"'{row}' by '{column}'",
        n=int(sample.people[inside].sum()),
        design=design,
        sampling=sample.design.sampling,
    )
    freedom = grid.df if df is None else df
    shape = (several_rows, several_columns)
    if min(shape) < SEVERAL or not freedom > 0:
        return told(_nothing_to_compare(version))
    if shape[0] * shape[1] > MOST_CELLS:
        raise EstimationError(
            f"test of '{row}' by '{column}'",
            f"{shape[0]:,} by {shape[1]:,} categories make too many cells for their covariance",
            f"Put categories together: at most {MOST_CELLS:,} cells can be tested.",
        )
    cell = np.full(len(sample), -1, dtype=np.intp)
    cell[inside] = r * shape[1] + c
    table = OneChoice(cell, 1, shape[0] * shape[1])
    chosen, base = table.sums(np.zeros(len(sample), dtype=np.intp), 1, sample.weights)
    p = chosen[0, 0] / base[0, 0]
    if version in {"Wald", "adjusted Wald"}:
        of_totals = covariance(sample, table, np.zeros((1, len(p))), base[0])
        return told(_wald(p.reshape(shape), of_totals, freedom, version))
    of_shares = covariance(sample, table, p[None, :], base[0])
    n = int(sample.people[inside].sum())
    return told(_pearson(p, shape, of_shares, n=n, df=freedom, version=version))


def rao_scott_multiple(
    sample: Drawn,
    columns: Sequence[str],
    by: str,
    *,
    where: Where = None,
) -> RaoScott:
    r"""Whether any of several options is chosen more often in one group than in another.

    The sum over options j of Pearson's statistics for option x group,

    .. math:: X^2 = n \sum_j \sum_g \pi_g \frac{(p_{gj} - p_j)^2}{p_j (1 - p_j)}

    referred to F after Rao and Scott's second-order correction, with the joint covariance
    of all :math:`p_{gj}` under the design, so that options chosen together are not counted
    twice (Thomas and Decady 2004, "Testing for association using multiple response survey
    data", International Journal of Testing 4:43-59; Bilder and Loughin 2007).

    Parameters
    ----------
    columns
        One column of 0 and 1 for each option.
    by
        The column of the groups.

    Raises
    ------
    EstimationError
        If no option was named, or there are too many groups and options.
    """
    if not columns:
        raise EstimationError(
            f"test of several answers by '{by}'", "no option was named", "Name one column or more."
        )
    where = asked_rows(sample, where)
    estimate = shares_of_cases(sample, columns, by=by, where=where)
    k = len(columns)
    known = estimate.weighted > 0
    share = estimate.value[known].reshape(-1, k)
    n = int(estimate.n[known].reshape(-1, k)[:, 0].sum())
    told = partial(
        replace,
        compared=f"{_named(columns)} by '{by}'",
        n=n,
        design=estimate.design,
        sampling=estimate.sampling,
    )
    if len(share) < SEVERAL:
        return told(_nothing_to_compare("F"))
    weight = estimate.weighted[known].reshape(-1, k)[:, 0]
    pi = weight / weight.sum()
    pooled = pi @ share
    kept = (pooled > 0) & (pooled < 1)
    if not kept.any():
        return told(_nothing_to_compare("F"))
    pooled, share = pooled[kept], share[:, kept]
    flat = np.flatnonzero(known)[np.tile(kept, len(pi))]
    joint = estimate.covariance[np.ix_(flat, flat)]
    groups = len(pi)
    away = _kron(np.eye(groups) - np.tile(pi, (groups, 1)), np.eye(int(kept.sum())))
    scale = np.sqrt(n * np.repeat(pi, len(pooled)) / np.tile(pooled * (1 - pooled), groups))
    half = scale[:, None] * away
    statistic = float(((half @ share.ravel()) ** 2).sum())
    return told(_satterthwaite(statistic, half @ joint @ half.T, estimate.df))


def _named(columns: Sequence[str]) -> str:
    more = f" and {len(columns) - NAMED} more" if len(columns) > NAMED else ""
    return ", ".join(f"'{column}'" for column in columns[:NAMED]) + more


def _present(codes: Integers) -> tuple[int, Integers]:
    """How many categories anybody is in, and those of the rows, numbered among them."""
    present = np.bincount(codes) > 0
    return int(present.sum()), (np.cumsum(present) - 1)[codes]


def _pearson(
    p: Floats, shape: tuple[int, int], of_shares: Floats, *, n: int, df: float, version: str
) -> RaoScott:
    table = p.reshape(shape)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)).ravel()
    statistic = float(n * ((p - expected) ** 2 / expected).sum())
    contrasts = _interaction(*shape)
    inverse = np.where(p > 0, 1 / np.where(p > 0, p, 1), 0)
    scaled: Floats = contrasts * inverse[:, None]
    effects = _solve(contrasts.T @ scaled / n, scaled.T @ of_shares @ scaled)
    if version == "F":
        return _satterthwaite(statistic, effects, df)
    if not float(np.trace(effects)) > 0:
        return _nothing_to_compare(version)
    freedom = len(effects)
    if version == "saddlepoint":
        weights = np.asarray(np.linalg.eigvals(effects).real, dtype=np.float64)
        denominator = float(weights.sum() ** 2 / (weights**2).sum()) * df
        tail = saddlepoint(statistic, weights, denominator)
        return RaoScott("Rao-Scott saddlepoint", statistic, float(freedom), denominator, tail)
    mean = float(np.trace(effects)) / freedom
    p_value = float(special.chdtrc(freedom, statistic / mean))
    return RaoScott("Rao-Scott chi-squared", statistic, float(freedom), np.inf, p_value)


def _satterthwaite(statistic: float, effects: Floats, df: float) -> RaoScott:
    """X²/tr Δ on F with tr(Δ)²/tr(Δ²) and df times as many degrees of freedom."""
    trace = float(np.trace(effects))
    if trace <= 0:
        return _nothing_to_compare("F")
    numerator = trace**2 / float((effects * effects.T).sum())
    denominator = numerator * df
    f = statistic / trace
    p_value = float(special.fdtrc(numerator, denominator, f)) if df > 0 else np.nan
    return RaoScott("Rao-Scott F", f, numerator, denominator, p_value)


def _wald(table: Floats, of_totals: Floats, df: float, version: str) -> RaoScott:
    r"""Wald's test that :math:`N_{ij} - N_{i+} N_{+j} / N` is 0, but for a row and a column.

    `of_totals` is the covariance of the :math:`N_{ij}`, all divided by N.
    """
    rows, columns = table.shape
    of_row, of_column = table.sum(axis=1), table.sum(axis=0)
    expected = np.outer(of_row, of_column)
    gap = table - expected
    in_row = _kron(np.eye(rows), np.ones((1, columns)))
    in_column = _kron(np.ones((1, rows)), np.eye(columns))
    slope = np.eye(table.size) + expected.ravel()[:, None]
    slope -= _kron(np.eye(rows), of_column[:, None]) @ in_row
    slope -= _kron(of_row[:, None], np.eye(columns)) @ in_column
    used = np.arange(table.size).reshape(table.shape)[1:, 1:].ravel()
    spread = (slope @ of_totals @ slope.T)[np.ix_(used, used)]
    y = gap.ravel()[used]
    freedom = len(used)
    if np.linalg.matrix_rank(spread) < freedom or (version != "Wald" and freedom > df):
        raise EstimationError(
            "Wald test",
            "the table has more cells than the clusters can tell apart",
            "Use the Rao-Scott F, or merge categories.",
        )
    statistic = float(y @ _solve(spread, y))
    denominator = df if version == "Wald" else df - freedom + 1
    factor = 1 / freedom if version == "Wald" else denominator / (freedom * df)
    p_value = float(special.fdtrc(freedom, denominator, statistic * factor))
    return RaoScott(version, statistic * factor, float(freedom), denominator, p_value)


def _nothing_to_compare(version: str) -> RaoScott:
    name = "Rao-Scott F" if version == "F" else version
    return RaoScott(name, np.nan, 0.0, np.nan, np.nan)


@lru_cache(maxsize=256)
def _interaction(rows: int, columns: int) -> Floats:
    """(cells, (rows-1)(columns-1)) Contrasts of interaction, free of the main effects."""

    def differences(size: int) -> Floats:
        return np.vstack([np.eye(size - 1), -np.ones(size - 1)])

    return _kron(differences(rows), differences(columns))


def _kron(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.kron(a, b), dtype=np.float64)


def _solve(a: Floats, b: Floats) -> Floats:
    try:
        return np.asarray(np.linalg.solve(a, b), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise EstimationError(
            "test of independence",
            "some answers cannot occur together with some groups, so their covariance has no inverse",
            "Leave out the answers or groups that nobody has, or put them together with others",
        ) from error
