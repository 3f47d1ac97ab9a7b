"""What cannot be computed on: each fault against every statistic and test.

A result may be NaN only with a base of nobody, or no degrees of freedom, to say why. Anything
else is refused in words. Warnings are errors here, so numpy has nothing to say either.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicates import jackknife, with_replicates
from survey_kit.design.sample import Sample
from survey_kit.errors import DesignError, EstimationError, SurveyKitError
from survey_kit.estimation.agreement import cronbach_alpha, kappa
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.goodness_of_fit import goodness_of_fit
from survey_kit.estimation.log_rank import log_rank
from survey_kit.estimation.nonlinear import function_of
from survey_kit.estimation.pairwise import pairwise
from survey_kit.estimation.proportions import shares, shares_of_cases
from survey_kit.estimation.quantile import quantile
from survey_kit.estimation.rank_test import rank_test
from survey_kit.estimation.rao_scott import rao_scott, rao_scott_multiple
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.ratio import RATIO
from survey_kit.estimation.statistics.total import TOTAL
from survey_kit.estimation.t_test import t_test
from survey_kit.estimation.variances import variances

N = 96
RNG = np.random.default_rng(5)
GOOD = pd.DataFrame(
    {
        "s": np.repeat([0, 1], N // 2),
        "c": np.repeat(np.arange(16), 6),
        "w": RNG.uniform(1, 3, N),
        "y": RNG.normal(5, 2, N),
        "x": RNG.uniform(1, 2, N),
        "e": RNG.integers(0, 2, N) * 1.0,
        "g": RNG.choice(["a", "b", "c"], N),
        "h": RNG.choice(["p", "q"], N),
        "o": RNG.integers(0, 2, N) * 1.0,
        "fpc": 8,
    }
)
DESIGN = Design(Sampling.PROBABILITY, weight="w", stratum="s", cluster="c")
EVERYBODY = Design(Sampling.PROBABILITY, weight="w", stratum="s", cluster="c", population="fpc")
NONE = pd.Series([None] * N, dtype=object)
MISSING = GOOD.assign(y=np.nan, x=np.nan, e=np.nan, o=np.nan, g=NONE, h=NONE)
CONSTANT = GOOD.assign(y=3.0, x=1.0, e=1.0, o=1.0, g="a", h="p")
MANY = GOOD.assign(g=[f"g{row % 24}" for row in range(N)], h=[f"h{row % 5}" for row in range(N)])

FAULTY: dict[str, tuple[Sample, np.ndarray | None]] = {
    "a domain nobody is in": (Sample(GOOD, DESIGN), np.zeros(N, dtype=bool)),
    "a domain of one row": (Sample(GOOD, DESIGN), np.arange(N) == 3),
    "a domain of one cluster": (Sample(GOOD, DESIGN), np.arange(N) < 6),
    "all missing": (Sample(MISSING, DESIGN), None),
    "constant": (Sample(CONSTANT, DESIGN), None),
    "many categories": (Sample(MANY, DESIGN), None),
    "everybody there is": (Sample(GOOD, EVERYBODY), None),
    "replicates of nobody": (jackknife(Sample(GOOD, DESIGN)), np.zeros(N, dtype=bool)),
    "replicates of a constant": (jackknife(Sample(CONSTANT, DESIGN)), None),
    "text": (Sample(GOOD.assign(y="five", x="one", e="yes", o="no"), DESIGN), None),
    "infinite": (Sample(GOOD.assign(y=np.inf, x=np.inf, o=np.inf), DESIGN), None),
}
ASKED: dict[str, Callable[[Sample, Any], Any]] = {
    "mean": lambda s, w: estimate(MEAN, s, ["y"], where=w),
    "mean by": lambda s, w: estimate(MEAN, s, ["y"], by=["g"], where=w).frame,
    "total": lambda s, w: estimate(TOTAL, s, ["y"], where=w),
    "ratio": lambda s, w: estimate(RATIO, s, ["y", "x"], where=w),
    "shares": lambda s, w: shares(s, "g", by="h", where=w),
    "cases": lambda s, w: shares_of_cases(s, ["o"], by="g", where=w),
    "quantile": lambda s, w: quantile(s, ["y"], [0.1, 0.5], where=w),
    "quantile by": lambda s, w: quantile(s, ["y"], [0.5], by=["g"], where=w, interval="beta"),
    "score": lambda s, w: quantile(s, ["y"], [0.5], where=w, interval="score"),
    "variances": lambda s, w: variances(s, ["y", "x"], where=w),
    "F": lambda s, w: rao_scott(s, "g", "h", where=w),
    "chi-squared": lambda s, w: rao_scott(s, "g", "h", where=w, version="chi-squared"),
    "saddlepoint": lambda s, w: rao_scott(s, "g", "h", where=w, version="saddlepoint"),
    "Wald": lambda s, w: rao_scott(s, "g", "h", where=w, version="Wald"),
    "adjusted Wald": lambda s, w: rao_scott(s, "g", "h", where=w, version="adjusted Wald"),
    "several answers": lambda s, w: rao_scott_multiple(s, ["o"], "g", where=w),
    "fit": lambda s, w: goodness_of_fit(s, "g", dict.fromkeys(s.levels("g").names, 1.0), where=w),
    "t": lambda s, w: t_test(s, "y", by="h", where=w),
    "t of one": lambda s, w: t_test(s, "y", where=w),
    "ranks of two": lambda s, w: rank_test(s, "y", "h", where=w),
    "ranks": lambda s, w: rank_test(s, "y", "g", where=w),
    "median": lambda s, w: rank_test(s, "y", "h", scores="median", where=w),
    "log rank": lambda s, w: log_rank(s, "x", "e", "g", where=w),
    "kappa": lambda s, w: kappa(s, "g", "h", where=w),
    "alpha": lambda s, w: cronbach_alpha(s, ["y", "x"], where=w),
    "pairs": lambda s, w: pairwise(shares(s, "h", by="g", where=w)),
    "function": lambda s, w: function_of(
        estimate(MEAN, s, ["y", "x"], where=w), lambda v: v[0] / v[1]
    ),
    "intervals": lambda s, w: [
        estimate(MEAN, s, ["o"], where=w).interval(method=method)
        for method in ("wald", "beta", "logit", "xlogit", "asin", "wilson", "likelihood")
    ],
}
TESTS = {"t", "t of one", "ranks of two", "ranks", "median", "log rank", "fit"}


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("fault", FAULTY)
def test_every_fault_is_answered_or_refused_in_words(fault: str, asked: str) -> None:
    sample, where = FAULTY[fault]

    try:
        found = ASKED[asked](sample, where)
    except SurveyKitError:
        return

    if asked in TESTS:
        assert 0 <= found.p <= 1
    if hasattr(found, "numerator_df") and np.isnan(found.p):
        assert found.numerator_df == 0
    if hasattr(found, "n") and hasattr(found, "value"):
        assert not np.isnan(found.value[found.n > 1]).any()


@pytest.mark.parametrize("asked", sorted(TESTS))
def test_a_constant_is_never_significant(asked: str) -> None:
    frame = GOOD.assign(y=3.0, x=1.0)

    try:
        found = ASKED[asked](Sample(frame, DESIGN), None)
    except EstimationError:
        return

    assert asked in {"fit", "log rank"}
    assert found.p > 0.0001


def refused(frame: pd.DataFrame, design: Design = DESIGN) -> str:
    with pytest.raises(DesignError) as caught:
        Sample(frame, design)
    return str(caught.value)


@pytest.mark.parametrize(
    ("weight", "what"),
    [(np.nan, "missing"), (np.inf, "infinite"), (0.0, "0"), (-1.0, "negative")],
)
def test_a_weight_that_cannot_be_is_refused_word_for_word(weight: float, what: str) -> None:
    assert refused(GOOD.assign(w=GOOD["w"].where(GOOD.index != 7, weight))) == (
        f"weight 'w': the weight is {what} in row 7. "
        "Every row needs a weight above 0; to leave rows out, ask for a domain."
    )


def test_designs_that_contradict_the_data_are_refused_word_for_word() -> None:
    assert refused(GOOD.assign(fpc=7), EVERYBODY) == (
        "population 'fpc': it is smaller than the number of clusters that were drawn, in "
        "rows 0, 1, 2 and 93 more. "
        "Give the number of clusters in the population of the stratum, not of people."
    )
    assert refused(GOOD.assign(c=GOOD["c"].replace(15, 0))) == (
        "cluster 'c': 1 of its names are found in more than one stratum, such as that of rows "
        "0, 1, 2 and 9 more. Give every cluster a name of its own, or say nested: true if "
        "names start anew in each stratum."
    )
    with pytest.raises(SurveyKitError) as lonely:
        estimate(MEAN, Sample(GOOD[GOOD["c"] < 9], DESIGN), ["y"])
    assert str(lonely.value) == (
        "s 1: only one cluster was drawn, so its variance cannot be estimated. "
        "Merge the stratum with the one it most resembles."
    )


def said(asked: str, sample: Sample, where: np.ndarray | None = None) -> str:
    with pytest.raises(SurveyKitError) as caught:
        ASKED[asked](sample, where)
    return str(caught.value)


def test_what_there_is_nothing_to_test_with_is_said_word_for_word() -> None:
    one, sample = np.arange(N) < 6, Sample(GOOD, DESIGN)
    varied = Sample(GOOD.assign(y=3.0), DESIGN)

    assert said("t", sample, one) == (
        "t test of 'y' by 'h': the clusters that hold any of these rows leave no degrees of "
        "freedom. Ask about more clusters, or report the numbers without a test."
    )
    assert said("t", varied) == (
        "t test of 'y' by 'h': the answers do not vary between clusters, so there is no error to "
        "set it against. Look at the column: a constant, or everybody there is, needs no test."
    )
    assert said("t of one", Sample(MISSING, DESIGN)) == (
        "t test of 'y': nobody asked about has an answer. Check the column."
    )
    assert said("fit", Sample(CONSTANT, DESIGN)) == (
        "goodness of fit of 'g': it has 1 category, and nothing to compare. "
        "Give a column of two categories or more."
    )
    assert said("quantile by", Sample(MISSING, DESIGN)) == (
        "quantile: nobody is in any group of g. Check the column of the groups."
    )
    assert said("ranks", Sample(MANY, DESIGN)) == (
        "rank test of 'y' by 'g': there are more groups than the clusters can tell apart. "
        "Put groups together, or leave some out with `where`."
    )


def test_infinite_numbers_and_text_are_refused_word_for_word() -> None:
    frame = GOOD.assign(y=GOOD["y"].where(GOOD.index != 4, np.inf))

    assert said("mean", Sample(frame, DESIGN)) == (
        "column 'y': it is infinite in row 4. "
        "Write what is not known as missing; look for a division by 0."
    )
    assert said("mean", Sample(GOOD.assign(y="five"), DESIGN)) == (
        "column 'y': it holds text, and this needs numbers. "
        "Ask for shares of its categories, or convert it first."
    )


def test_ten_thousand_categories_are_shares_or_are_refused_but_never_a_hung_machine() -> None:
    size = 10_000
    frame = pd.DataFrame({"g": np.arange(size), "h": np.arange(size) % 5, "y": 1.0})
    sample = Sample(frame, Design(Sampling.PROBABILITY))

    assert said("F", sample) == (
        "test of 'g' by 'h': 10,000 by 5 categories make too many cells for their covariance. "
        "Put categories together: at most 3,000 cells can be tested."
    )
    assert said("shares", sample) == (
        "covariance: that of 50,000 numbers would not fit into memory. "
        "Put categories or groups together, or ask for fewer: at most 12,000."
    )


def test_replicate_weights_that_do_not_match_are_refused_word_for_word() -> None:
    frame = GOOD.assign(r1=1.0, r2=2.0, r3=np.nan)
    sample = Sample(frame, DESIGN)
    made = jackknife(sample)

    with pytest.raises(DesignError) as missing:
        with_replicates(sample, ["r1", "r3"], "bootstrap")
    with pytest.raises(DesignError) as rscales:
        with_replicates(sample, ["r1", "r2"], "JKn", rscales=[1.0, 1.0, 1.0])
    with pytest.raises(DesignError) as others:
        Sample(frame.iloc[:-1], DESIGN, replicates=made.replicates)

    assert str(missing.value) == (
        "replicates: there are none, or a weight is missing, negative or infinite. "
        "Name the columns of replicate weights; every row needs one of 0 or more in each."
    )
    assert str(rscales.value) == (
        "rscales: there are 3 for 2 replicates. Give one number, or one for each replicate."
    )
    assert str(others.value) == (
        "replicates: they are of 96 rows, and the data have 95. "
        "Make them of these data, and ask for domains instead of leaving rows out."
    )
