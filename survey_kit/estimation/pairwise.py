r"""Which groups differ from which: every pair, with the joint covariance of both.

For groups a and b of one row, :math:`t = (\hat\theta_a - \hat\theta_b) / s`, with
:math:`s^2 = v_{aa} + v_{bb} - 2 v_{ab}`, referred to Student's t with the degrees of
freedom of the design (clusters less strata). The covariance matters: groups interviewed
at the same places are not independent. p-values are adjusted over the pairs of one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.design import Sampling
from survey_kit.design.stage import Integers
from survey_kit.errors import EstimationError
from survey_kit.estimation.adjust import Adjustment, adjusted
from survey_kit.estimation.asked import columns_named
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.intervals import t_tail
from survey_kit.estimation.shown import Shown, Table, of_frame
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.tested import under_a_test

PAIR = 2

MOST_PAIRS = 100_000
"""Differences that are found at once, of all rows; 450 groups in one row."""

NAMED = 6
"""Groups whose base is told one by one."""

COLUMNS = ["name", "first", "second", "difference", "standard_error", "t", "df", "p", "adjusted"]

_CALLED: dict[Adjustment, str] = {
    "holm": "Holm, over the pairs of a row",
    "bonferroni": "Bonferroni, over the pairs of a row",
    "hochberg": "Hochberg, over the pairs of a row",
    "hommel": "Hommel, over the pairs of a row",
    "benjamini-hochberg": "Benjamini and Hochberg, over the pairs of a row",
    "benjamini-yekutieli": "Benjamini and Yekutieli, over the pairs of a row",
    "none": "nothing",
}


@dataclass(frozen=True, eq=False, repr=False)
class Pairwise(Shown):
    """Differences between groups, for every row of a table.

    groups, codes
        Names of the g groups and of the c rows.
    difference, standard_error
        (c, g, g). The row's number in the first group less that in the second.
    p, adjusted
        (c, g, g). Before and after the adjustment; NaN on the diagonal, and where there
        is no variance to test with.
    df
        Degrees of freedom of t: the design's, or (g, g) where each pair was given its own.
    sampling
        How people were chosen, which decides what may be said.
    adjust
        How p was adjusted for there being many pairs in a row.
    n
        (g,) People of each group, unweighted: the most who answered any row.
    design
        One line that says how they were drawn; see `design_line`.
    """

    groups: tuple[str, ...]
    codes: tuple[str, ...]
    difference: Floats
    standard_error: Floats
    p: Floats
    adjusted: Floats
    df: float | Floats
    sampling: Sampling
    adjust: Adjustment = "holm"
    n: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.intp))
    design: str = ""

    @property
    def t(self) -> Floats:
        """(c, g, g) The difference over its standard error."""
        return self.difference / self.standard_error

    @property
    def frame(self) -> pd.DataFrame:
        """One row for each pair of groups in each row of the table: difference, error, t, p."""
        first, second = np.triu_indices(len(self.groups), 1)
        t, df = self.t, np.broadcast_to(self.df, self.p.shape[1:])
        found: list[dict[str, object]] = []
        for row, code in enumerate(self.codes):
            for a, b in zip(first, second, strict=True):
                pair = (row, a, b)
                found.append(
                    {
                        "name": code,
                        "first": self.groups[a],
                        "second": self.groups[b],
                        "difference": self.difference[pair],
                        "standard_error": self.standard_error[pair],
                        "t": t[pair],
                        "df": df[a, b],
                        "p": self.p[pair],
                        "adjusted": self.adjusted[pair],
                    }
                )
        return pd.DataFrame(found, columns=COLUMNS)

    def shown(self) -> Table:
        """Every pair."""
        base = [f"n = {self._bases()}; p adjusted by {_CALLED[self.adjust]}"]
        under = under_a_test(base, self.design, self.sampling)
        title = "Differences between groups, t tests: first less second"
        return of_frame(self.frame, title=title, under=under)

    def _bases(self) -> str:
        if len(self.n) > NAMED:
            return f"{self.n.min():,} to {self.n.max():,} in a group"
        return ", ".join(f"{n:,} ({group})" for n, group in zip(self.n, self.groups, strict=True))

    def higher(self, level: float = 0.95) -> NDArray[np.bool_]:
        """(c, g, g) bool. Whether the first group is higher than the second, beyond chance."""
        return (self.difference > 0) & (self.adjusted < 1 - level)


def pairwise(
    estimate: Estimate,
    groups: Sequence[str] | None = None,
    *,
    adjust: Adjustment = "holm",
    compared: NDArray[np.bool_] | None = None,
    df: Floats | None = None,
) -> Pairwise:
    """Compare every pair of groups, row by row.

    Parameters
    ----------
    estimate
        By one column of groups, such as `shares(..., by=...)` returns.
    groups
        The groups to compare; None for all.
    adjust
        How the p-values of one row are adjusted for there being many pairs.
    compared
        (g, g) or (c, g, g) bool, symmetric. The pairs to compare; None for all. The others have
        p NaN, and are not counted among the pairs.
    df
        (g, g) Degrees of freedom of each pair; None for those of the design.

    Raises
    ------
    EstimationError
        If a group is not in the estimate, or there are fewer than two, or one is named twice; if there are more pairs than
        `MOST_PAIRS`.
    """
    known = tuple(dict.fromkeys(" × ".join(name[:-1]) for name in estimate.names))
    codes = tuple(dict.fromkeys(name[-1] for name in estimate.names))
    if len(known) * len(codes) != len(estimate.names):
        raise EstimationError(
            "pairwise",
            "the numbers do not form groups of the same rows",
            "Estimate by one column of groups.",
        )
    wanted = known if groups is None else columns_named(groups)
    if len(set(wanted)) < max(len(wanted), PAIR):
        raise EstimationError(
            "pairwise",
            f"it compares groups, and {_count(wanted)}",
            "Estimate by a column of groups, and name two of them or more, each once.",
        )
    _check_pairs(len(wanted), len(codes))
    for group in wanted:
        if group not in known:
            raise EstimationError(
                "pairwise",
                f"there is no group '{group}'",
                f"The groups are: {', '.join(known)}.",
            )
    place = [known.index(group) for group in wanted]
    size, rows = len(known), len(codes)
    value = estimate.value.reshape(size, rows)[place].T
    joint = estimate.covariance.reshape(size, rows, size, rows)[place][:, :, place]
    covariance = np.einsum("arbr->rab", joint)
    variance = np.einsum("raa->ra", covariance)
    difference = value[:, :, None] - value[:, None, :]
    spread = variance[:, :, None] + variance[:, None, :] - 2 * covariance
    # a difference of nothing but rounding has no variance to be tested with
    size = np.abs(value)[:, :, None] + np.abs(value)[:, None, :]
    negligible = ROUNDING * (variance[:, :, None] + variance[:, None, :]) + (ROUNDING * size) ** 2
    testable = spread > negligible
    if compared is not None:
        testable &= compared
    error = np.sqrt(np.where(testable, spread, np.nan))
    freedom = estimate.df if df is None else df
    p = t_tail(difference / error, freedom)
    upper = np.triu_indices(len(wanted), 1)
    both = np.full(p.shape, np.nan)
    if len(upper[0]):
        mended = adjusted(p[:, upper[0], upper[1]], adjust)
        both[:, upper[0], upper[1]] = mended
        both[:, upper[1], upper[0]] = mended
    n = estimate.n.reshape(len(known), rows)[place].max(axis=1, initial=0)
    return Pairwise(
        wanted,
        codes,
        difference,
        error,
        p,
        both,
        freedom,
        estimate.sampling,
        adjust=adjust,
        n=n,
        design=estimate.design,
    )


def _count(groups: Sequence[str]) -> str:
    twice = [group for group in groups if groups.count(group) > 1]
    if twice:
        return f"'{twice[0]}' is named twice"
    return "there is 1" if groups and any(groups) else "there are none"


def _check_pairs(groups: int, rows: int) -> None:
    pairs = groups * (groups - 1) // 2 * rows
    if pairs > MOST_PAIRS:
        raise EstimationError(
            "pairwise",
            f"{groups:,} groups in {rows:,} row{'' if rows == 1 else 's'} make {pairs:,} pairs",
            'Name the groups to compare: pairwise(estimate, ["...", "..."]); or put groups '
            f"together. At most {MOST_PAIRS:,} pairs are compared at once.",
        )


ROUNDING = 1e-12
"""Below this share of the separate variances, or of the numbers, what is left is rounding."""
