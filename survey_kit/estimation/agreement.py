r"""Agreement: of two codings with each other (kappa), of the items of a scale (alpha).

.. math:: \kappa = \frac{\sum_c p_{cc} - \sum_c p_{c\cdot} p_{\cdot c}}
          {1 - \sum_c p_{c\cdot} p_{\cdot c}}, \qquad
          \alpha = \frac{K}{K - 1}\Big(1 - \frac{\sum_k s_k^2}{s_T^2}\Big)

Cohen 1960, Educational and Psychological Measurement 20:37-46; Cronbach 1951, Psychometrika
16:297-334. Both are smooth functions of shares or variances, so their standard errors follow
from the joint covariance of those under the design.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from survey_kit.design.columns import with_column
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.asked import Where, asked_rows, columns_named
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.nonlinear import function_of
from survey_kit.estimation.statistic import Floats
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.variances import variances

TWO = 2
MOST_CATEGORIES = 100
"""Of two codings: each is two shares of a joint covariance."""


def kappa(sample: Sample, first: str, second: str, *, where: Where = None) -> Estimate:
    """Cohen's kappa of two columns of categories: 1 is full agreement, 0 that of chance.

    A row that lacks either leaves the base. A category that only one of the two uses
    counts: they never agree on it.

    Raises
    ------
    EstimationError
        If they have no category in common; or if all that is said is one category, so that
        chance alone makes them agree.
    """
    where = asked_rows(sample, where)
    one, other = sample.levels(first), sample.levels(second)
    categories = list(dict.fromkeys([*one.names, *other.names]))
    at = f"kappa of '{first}' and '{second}'"
    if len(categories) > MOST_CATEGORIES:
        raise EstimationError(
            at,
            f"they have {len(categories):,} categories, more than the {MOST_CATEGORIES} it takes",
            "Put categories together in both.",
        )
    if len(categories) == len(one.names) + len(other.names):
        raise EstimationError(
            at,
            "they have no category in common, so they can never agree",
            "Give the same category the same name in both.",
        )
    a = np.array([categories.index(name) for name in one.names] + [-1])[one.codes]
    b = np.array([categories.index(name) for name in other.names] + [-1])[other.codes]
    known = (a >= 0) & (b >= 0)
    columns: dict[str, Floats] = {}
    for number in range(len(categories)):
        for letter, held in (("a", a == number), ("b", b == number)):
            columns[f"{letter}{number}"] = np.where(known, held.astype(float), np.nan)
    columns["both"] = np.where(known, (a == b).astype(float), np.nan)
    wide = pd.concat([sample.data, pd.DataFrame(columns, index=sample.data.index)], axis=1)
    made = replace(sample, data=wide)
    shares = estimate(MEAN, made, list(columns), where=where)

    if not shares.n[0]:
        raise EstimationError(
            at, "nobody asked about has an answer to both", "Check the columns, and `where`."
        )

    def chance_corrected(p: Floats) -> float:
        expected = float(p[0:-1:2] @ p[1:-1:2])
        return float((p[-1] - expected) / (1 - expected)) if expected < 1 else np.nan

    if np.isnan(chance_corrected(shares.value)):
        raise EstimationError(
            at,
            "both say one category of everybody, so they cannot but agree",
            "Kappa is not defined here: report the share of agreement.",
        )
    return function_of(shares, chance_corrected, ["kappa"])


def cronbach_alpha(sample: Sample, items: str | Sequence[str], *, where: Where = None) -> Estimate:
    """Cronbach's alpha of the items of a scale. A row that lacks any of them leaves the base.

    Raises
    ------
    EstimationError
        If there are fewer than two items, or their sum does not vary.
    """
    items, where = columns_named(items), asked_rows(sample, where)
    if len(items) < TWO:
        raise EstimationError(
            "alpha", f"it takes two items or more, and {len(items)} came", "Name the items."
        )
    total = sample.numbers(items).sum(axis=1)
    names = [*items, "sum of items"]
    held = np.isfinite(total) if where is None else where & np.isfinite(total)
    made = replace(sample, data=with_column(sample.data, "sum of items", total))
    every = variances(made, names, where=held)
    if not every.n[0]:
        raise EstimationError(
            "alpha",
            "nobody asked about has an answer to every item",
            "Check the items, and `where`.",
        )
    diagonal = np.arange(len(names)) * (len(names) + 1)
    own = every.contrast(np.eye(len(every.value))[diagonal])
    if not own.value[-1] > 0:
        raise EstimationError(
            "alpha", "the sum of the items does not vary", "Leave out rows without answers."
        )
    k = len(items)
    return function_of(own, lambda v: k / (k - 1) * (1 - v[:-1].sum() / v[-1]), ["alpha"])
