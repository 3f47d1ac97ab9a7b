"""Chances of every two clusters: R's numbers, what must hold of them, what is refused.

R 4.2.2, survey 4.1-1:
z <- data.frame(s=c(1,1,1,2,2,2), p=c(.2,.5,.3,.8,.45,.6), y=c(3,7,4,11,5,9), x=c(1,3,1,4,2,2))
J <- outer(z$p, z$p); J[outer(z$s, z$s, "==")] <- .9 * J[outer(z$s, z$s, "==")]; diag(J) <- z$p
d <- svydesign(id=~1, strata=~s, fpc=~p, data=z, pps="overton" | HR() | ppsmat(J), variance=)
vcov(svytotal(~y+x, d)); SE(svymean(~y, d)); SE(svyratio(~y, ~x, d))
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Lonely, Pairs, Sampling, Unequal
from survey_kit.design.sample import Sample
from survey_kit.errors import DesignError, EstimationError, LonelyUnit
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.proportions import shares
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.ratio import RATIO
from survey_kit.estimation.statistics.total import TOTAL

FRAME = pd.DataFrame(
    {
        "s": [1, 1, 1, 2, 2, 2],
        "p": [0.2, 0.5, 0.3, 0.8, 0.45, 0.6],
        "y": [3.0, 7.0, 4.0, 11.0, 5.0, 9.0],
        "x": [1.0, 3.0, 1.0, 4.0, 2.0, 2.0],
        "half": ["a", "b", "b", "a", "b", "b"],
    }
)
DESIGN = Design(Sampling.PROBABILITY, stratum="s", population="p", unequal=Unequal.OVERTON)


def joint() -> np.ndarray:
    p, s = FRAME["p"].to_numpy(), FRAME["s"].to_numpy()
    found = np.outer(p, p) * np.where(s[:, None] == s[None, :], 0.9, 1.0)
    np.fill_diagonal(found, p)
    return found


def drawn(how: Unequal, pairs: Pairs = Pairs.HORVITZ_THOMPSON) -> Sample:
    known = joint() if how is Unequal.JOINT else None
    return Sample(FRAME, replace(DESIGN, unequal=how, pairs=pairs), joint=known)


HT, YG = Pairs.HORVITZ_THOMPSON, Pairs.YATES_GRUNDY
FROM_R = [
    (Unequal.OVERTON, HT, [1.32484568, -4.3580247, 1.71604938], 0.760841446, 0.243339337),
    (Unequal.HARTLEY_RAO, HT, [3.78549383, -2.89583333, 2.37654321], 0.755722453, 0.242402707),
    (Unequal.JOINT, HT, [348.744599, 111.295267, 39.3374486], 0.777108127, 0.219696203),
    (Unequal.OVERTON, YG, [6.63189622, 0.186149691, 4.26774691], 0.74417493, 0.246691771),
    (Unequal.HARTLEY_RAO, YG, [7.32352752, 0.133616255, 4.07767490], 0.744576507, 0.244651324),
    (Unequal.JOINT, YG, [3.09687929, -0.153635117, 1.68998628], 0.453679337, 0.163139978),
]


@pytest.mark.parametrize(("how", "pairs", "totals", "of_mean", "of_ratio"), FROM_R)
def test_variances_from_pairs_are_those_of_r(
    how: Unequal, pairs: Pairs, totals: list[float], of_mean: float, of_ratio: float
):
    sample = drawn(how, pairs)

    found = estimate(TOTAL, sample, ["y", "x"])

    assert found.covariance[np.triu_indices(2)] == pytest.approx(totals, rel=1e-6)
    assert estimate(MEAN, sample, ["y"]).standard_error == pytest.approx([of_mean], rel=1e-6)
    assert estimate(RATIO, sample, ["y", "x"]).standard_error == pytest.approx([of_ratio], rel=1e-6)
    assert found.df == 4


@pytest.mark.parametrize(
    ("how", "error"),
    [(Unequal.OVERTON, 13.7542362), (Unequal.HARTLEY_RAO, 13.6508490), (Unequal.JOINT, 17.3731736)],
)
def test_a_domain_counts_for_nothing_in_the_clusters_that_hold_none_of_it(
    how: Unequal, error: float
):
    """R: SE(svytotal(~y, subset(d, half == "b")))."""
    found = estimate(TOTAL, drawn(how), ["y"], where=(FRAME["half"] == "b").to_numpy())

    assert found.standard_error == pytest.approx([error], rel=1e-6)


def test_shares_and_means_of_a_yes_or_no_have_the_same_covariance():
    sample = drawn(Unequal.HARTLEY_RAO)
    coded = Sample(FRAME.assign(b=(FRAME["half"] == "b") * 1.0), sample.design)

    found = shares(sample, "half")

    assert found.standard_error[1] == pytest.approx(estimate(MEAN, coded, ["b"]).standard_error[0])


def test_the_order_of_the_rows_is_of_no_matter_if_the_joint_chances_follow():
    order = np.array([4, 0, 5, 2, 1, 3])
    design = replace(DESIGN, unequal=Unequal.JOINT)

    moved = Sample(FRAME.iloc[order], design, joint=joint()[np.ix_(order, order)])

    one, other = (estimate(TOTAL, each, ["y"]) for each in (drawn(Unequal.JOINT), moved))
    assert one.variance == pytest.approx(other.variance)


@settings(max_examples=20)
@given(st.lists(st.floats(0.05, 0.95), min_size=3, max_size=12), st.integers(0, 10_000))
def test_overton_s_yates_and_grundy_is_near_brewer_s_where_chances_are_even(
    y: list[float], seed: int
):
    chance = 0.4 + np.random.default_rng(seed).uniform(0, 1e-9, len(y))
    frame = pd.DataFrame({"y": y, "p": chance})
    near = Design(Sampling.PROBABILITY, population="p", unequal=Unequal.OVERTON, pairs=YG)

    pairs = estimate(TOTAL, Sample(frame, near), ["y"]).variance
    single = estimate(TOTAL, Sample(frame, replace(near, unequal=Unequal.BREWER)), ["y"]).variance

    assert pairs == pytest.approx(single, rel=1e-6, abs=1e-6)


def test_hartley_and_rao_s_default_is_the_mean_chance_of_those_drawn():
    design = replace(DESIGN, unequal=Unequal.HARTLEY_RAO)
    means = FRAME.groupby("s")["p"].transform("mean")

    given_ = Sample(FRAME.assign(q=means), replace(design, squared_chances="q"))

    one, other = (estimate(TOTAL, each, ["y"]) for each in (Sample(FRAME, design), given_))
    assert one.variance == pytest.approx(other.variance)


def refused(**changes: object) -> str:
    matrix = changes.pop("matrix", None)
    frame = changes.pop("frame", FRAME)
    design = replace(DESIGN, **changes)  # pyright: ignore[reportArgumentType]
    with pytest.raises((DesignError, LonelyUnit, EstimationError)) as caught:
        estimate(TOTAL, Sample(frame, design, joint=matrix), ["y"])  # pyright: ignore[reportArgumentType]
    return str(caught.value)


def test_joint_chances_that_cannot_be_are_refused_word_for_word():
    known = joint()
    uneven, other, none = known.copy(), known.copy(), known.copy()
    uneven[0, 1] *= 1.1
    other[0, 0] = 0.25
    none[0, 1] = none[1, 0] = 0

    assert refused(unequal=Unequal.JOINT) == (
        "unequal chances: the design says that joint chances are known, and none were given. "
        "Give the matrix of them to Sample as joint=, or use Overton's approximation."
    )
    assert refused(unequal=Unequal.JOINT, matrix=known[:5, :5]) == (
        "joint chances: they are 5 x 5, and 6 clusters were drawn. "
        "Give a row and a column for each cluster, in the order of the data."
    )
    assert refused(unequal=Unequal.JOINT, matrix=none) == (
        "joint chances: one is missing, 0, negative or above 1. "
        "Every two clusters that were drawn together had a chance to be."
    )
    assert refused(unequal=Unequal.JOINT, matrix=uneven) == (
        "joint chances: that of two clusters differs with their order. Give a symmetric matrix."
    )
    assert refused(unequal=Unequal.JOINT, matrix=other) == (
        "joint chances: their diagonal is not the chance of each cluster. "
        "Give the clusters in the order in which the data name them first."
    )


def test_a_lonely_cluster_and_a_wrong_sum_of_squares_are_refused_word_for_word():
    alone = FRAME.assign(s=[1, 1, 1, 2, 2, 3])

    assert refused(frame=alone) == (
        "s 3: only one cluster was drawn, so its variance cannot be estimated. "
        "Merge the stratum with the one it most resembles."
    )
    assert refused(
        unequal=Unequal.HARTLEY_RAO, squared_chances="q", frame=FRAME.assign(q=2.0)
    ).startswith("squared chances 'q': it is missing, or not between 0 and 1, in rows 0, 1, 2 and")
    kept = replace(DESIGN, lonely=Lonely.REMOVE, pairs=YG)
    assert estimate(TOTAL, Sample(alone, kept), ["y"]).variance[0] > 0


def test_a_negative_sum_over_pairs_is_no_variance():
    alone = FRAME.assign(s=[1, 1, 1, 2, 2, 3])

    said = refused(frame=alone, lonely=Lonely.REMOVE)

    assert said == (
        "variance: the sum over pairs (horvitz-thompson) came out negative. "
        "Say pairs: yates-grundy, or unequal: brewer, which cannot."
    )


def test_pairs_are_for_one_stage():
    frame = FRAME.assign(unit=range(6), q=0.5)
    design = replace(DESIGN, cluster=("p", "unit"), population=("p", "q"), nested=True)

    with pytest.raises(DesignError) as caught:
        Sample(frame, design)

    assert str(caught.value) == (
        "unequal chances: chances of pairs are for one stage, and 2 have a population. "
        "Use the method of Brewer, or name the population of the first stage only."
    )
