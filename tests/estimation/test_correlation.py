"""Correlations, and groups that overlap: R's numbers, what must hold, what is refused.

R 4.2.2, survey 4.1-1: v <- svyvar(~a+b+k, svydesign(id=~c, strata=~s, weights=~w, data=z));
svycontrast of v by name, list(ab=quote(ab/sqrt(aa*bb)), ...)
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.correlation import correlations
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.overlapping import overlapping_means
from survey_kit.estimation.pairwise import pairwise
from survey_kit.estimation.statistics.mean import MEAN

FRAME = pd.DataFrame(
    {
        "s": np.repeat([1, 2], 6),
        "c": np.repeat(np.arange(6), 2),
        "w": np.tile([1, 2.5, 1.7], 4),
        "a": [5, 3, 8, 3, 9, 4, 4, 7, 2, 8, 8, 1],
        "b": [2, 1, 5, 3, 5, 2, 1, 4, 2, 4, 6, 1],
        "k": [1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1],
        "h": list("ppqpqqpqppqq"),
    }
)
DESIGN = Design(Sampling.PROBABILITY, weight="w", stratum="s", cluster="c")
SAMPLE = Sample(FRAME, DESIGN)


def test_correlations_and_their_covariance_are_those_of_r() -> None:
    found = correlations(SAMPLE, ["a", "b", "k"])

    assert found.pairs == (("a", "b"), ("a", "k"), ("b", "k"))
    expected = [0.902630636759, -0.262962192028, -0.308505530350]
    assert found.estimate.value == pytest.approx(expected, rel=1e-9)
    covariance = [0.000471189258, -0.00738769299, -0.0068050028, 0.158856219, 0.13834595]
    upper = found.estimate.covariance[np.triu_indices(3)]
    assert upper[:5] == pytest.approx(covariance, rel=1e-7)
    assert found.df == 4


def test_an_interval_stays_between_minus_one_and_one_and_agrees_with_the_test() -> None:
    found = correlations(SAMPLE, ["a", "b", "k"])

    assert (found.low > -1).all()
    assert (found.high < 1).all()
    without = (found.low <= 0) & (found.high >= 0)
    assert (without == (found.p >= 0.05)).all()


def test_a_column_goes_together_with_itself_and_units_are_of_no_matter() -> None:
    frame = FRAME.assign(twice=FRAME["a"] * 2 + 1, back=-3 * FRAME["b"])

    found = correlations(Sample(frame, DESIGN), ["a", "twice", "b", "back"])

    r = dict(zip(found.pairs, found.estimate.value, strict=True))
    assert r["a", "twice"] == pytest.approx(1)
    assert r["b", "back"] == pytest.approx(-1)
    assert r["a", "back"] == pytest.approx(-r["a", "b"])


def test_what_has_no_correlation_is_refused_word_for_word() -> None:
    with pytest.raises(EstimationError) as one:
        correlations(SAMPLE, ["a"])
    with pytest.raises(EstimationError) as still:
        correlations(Sample(FRAME.assign(b=2.0), DESIGN), ["a", "b"])
    with pytest.raises(EstimationError) as alone:
        correlations(SAMPLE, ["a", "b"], where=(FRAME["c"] == 0).to_numpy())

    assert str(one.value) == (
        "correlation: it takes two columns or more, and 1 came. Name the columns."
    )
    assert str(still.value) == (
        "correlation with 'b': it does not vary, or fewer than two rows have an answer to all "
        "columns. Leave the column out."
    )
    assert str(alone.value) == (
        "correlation: the clusters that hold any of these rows leave no degrees of freedom. "
        "Ask about more clusters, or report the numbers without a test."
    )


def test_groups_that_do_not_overlap_are_those_of_by() -> None:
    groups = {name: (FRAME["h"] == name).to_numpy() for name in ("p", "q")}

    found = overlapping_means(SAMPLE, ["a", "b"], groups)

    usual = estimate(MEAN, SAMPLE, ["a", "b"], by=["h"])
    assert found.value == pytest.approx(usual.value)
    assert found.covariance == pytest.approx(usual.covariance)
    assert found.names == usual.names


def test_a_part_is_compared_with_the_whole_by_the_people_that_are_in_both() -> None:
    part = (FRAME["h"] == "p").to_numpy()
    groups = {"part": part, "rest": ~part, "all": np.ones(len(FRAME), dtype=bool)}
    y, w = FRAME["a"].to_numpy(dtype=float), FRAME["w"].to_numpy()

    found = pairwise(overlapping_means(SAMPLE, ["a"], groups), adjust="none")

    # all = share part + (1 - share) rest
    rest = w[~part].sum() / w.sum()
    assert found.difference[0, 0, 2] == pytest.approx(found.difference[0, 0, 1] * rest)
    # by hand: the influence of a row on the mean of the part less that of all
    mean, whole = np.average(y[part], weights=w[part]), np.average(y, weights=w)
    z = part * (y - mean) / w[part].sum() - (y - whole) / w.sum()
    of_clusters = np.bincount(FRAME["c"], w * z).reshape(2, 3)
    away = of_clusters - of_clusters.mean(axis=1, keepdims=True)
    assert found.standard_error[0, 0, 2] == pytest.approx(np.sqrt(1.5 * (away**2).sum()))
    same = pairwise(overlapping_means(SAMPLE, ["a"], {"one": part, "two": part}))
    assert np.isnan(same.p[0, 0, 1])


def test_a_group_that_nobody_is_in_is_refused_word_for_word() -> None:
    with pytest.raises(EstimationError) as caught:
        overlapping_means(SAMPLE, ["a"], {"none": np.zeros(12, dtype=bool)})

    assert str(caught.value) == (
        "group 'none': nobody asked about is in it, or has an answer to all columns. "
        "Leave the group out."
    )
