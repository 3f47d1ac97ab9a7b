"""The intraclass correlation by enumerator: R's analysis of variance is the judge."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.cleaning.enumerator_variance import (
    Grouping,
    adjusted,
    intraclass,
    normal_scores,
    permuted,
    rare_p,
)

# R 4.2, seed 1: e <- rep(1:6, times=c(4,7,5,9,3,8)), s <- rep(1:3, length.out=36), and the
# answers are 10 + c(0,1.5,-1,2,0,-2)[e] + c(0,3,-3)[s] + rnorm(36), to two decimals.
ENUMERATOR = np.repeat(np.arange(6), [4, 7, 5, 9, 3, 8])
SITE = np.arange(36) % 3
Y = np.array(
    [
        9.37,
        13.18,
        6.16,
        11.6,
        14.83,
        7.68,
        11.99,
        15.24,
        9.08,
        11.19,
        16.01,
        6.39,
        8.38,
        9.79,
        7.12,
        8.96,
        14.98,
        9.94,
        12.82,
        15.59,
        9.92,
        12.78,
        15.07,
        7.01,
        12.62,
        12.94,
        6.84,
        8.53,
        10.52,
        5.42,
        9.36,
        10.9,
        5.39,
        7.95,
        9.62,
        4.59,
    ],
    dtype=float,
)
NOWHERE = np.zeros(36, dtype=np.int64)


def test_without_places_it_is_the_analysis_of_variance_of_r():
    found = intraclass(Y[:, None], Grouping(ENUMERATOR, NOWHERE))

    # anova(lm(y ~ factor(e))), n0 = (N - sum(n^2)/N)/(k-1), limits from qf(c(.975, .025), 5, 30)
    assert found.f == pytest.approx([3.52477085767])
    assert found.p == pytest.approx([0.01263398667])
    assert found.size == pytest.approx(5.84444444444)
    assert found.icc == pytest.approx([0.30167354603])
    assert found.low == pytest.approx([0.02739996158])
    assert found.high == pytest.approx([0.78186483238])


def test_within_places_it_is_what_enumerators_add_to_them():
    found = intraclass(Y[:, None], Grouping(ENUMERATOR, SITE))

    # anova(lm(y ~ factor(s)), lm(y ~ factor(s) + factor(e))); n0 = sum(diag(Z'MZ)) / 5
    assert found.between == 5
    assert found.within == 28
    assert found.f == pytest.approx([24.64156837])
    assert found.p == pytest.approx([1.878097191e-09])
    assert found.size == pytest.approx(5.8)
    assert found.icc == pytest.approx([0.8029996253])


def test_enumerators_who_each_have_a_place_of_their_own_cannot_be_told_from_it():
    assert intraclass(Y[:, None], Grouping(ENUMERATOR, ENUMERATOR)) is None


def test_what_enumerators_decide_wholly_is_not_judged():
    columns = np.column_stack([ENUMERATOR.astype(float), Y])

    found = intraclass(columns, Grouping(ENUMERATOR, NOWHERE))

    assert np.isnan(found.icc[0])
    assert not np.isnan(found.icc[1])


@given(shift=st.floats(-1e3, 1e3), scale=st.floats(0.01, 1e3), seed=st.integers(0, 999))
def test_units_and_the_order_of_interviews_do_not_matter(shift, scale, seed):
    order = np.random.default_rng(seed).permutation(36)

    plain = intraclass(Y[:, None], Grouping(ENUMERATOR, SITE))
    other = intraclass(
        (shift + scale * Y)[order][:, None], Grouping(ENUMERATOR[order], SITE[order])
    )

    assert other.icc == pytest.approx(plain.icc, rel=1e-6)
    assert other.low <= other.icc <= other.high


def test_the_interval_covers_the_truth_as_often_as_it_says():
    random = np.random.default_rng(7)
    enumerator = np.repeat(np.arange(12), 10)
    effects = random.normal(scale=np.sqrt(0.2), size=(12, 2000))
    columns = effects[enumerator] + random.normal(scale=np.sqrt(0.8), size=(120, 2000))

    found = intraclass(columns, Grouping(enumerator, np.zeros(120, dtype=np.int64)))

    covered = ((found.low <= 0.2) & (found.high >= 0.2)).mean()
    assert covered == pytest.approx(0.95, abs=0.015)


@given(places=st.integers(1, 6), enumerators=st.integers(1, 30), seed=st.integers(0, 1000))
def test_the_inverse_is_one_whichever_of_enumerators_and_places_are_fewer(
    places, enumerators, seed
):
    random = np.random.default_rng(seed)
    number = 3 * enumerators
    who = np.unique(random.integers(enumerators, size=number), return_inverse=True)[1]
    where = np.unique(random.integers(places, size=number), return_inverse=True)[1]
    grouping = Grouping(who, where)

    inverse, rank = grouping.inverse

    inner = grouping.inner
    assert inner @ inverse @ inner == pytest.approx(inner, abs=1e-9)
    assert rank == np.linalg.matrix_rank(inner)
    assert grouping.trace == pytest.approx(np.trace(inner), abs=1e-9)


@pytest.mark.parametrize(
    ("sizes", "places"),
    [([15] * 20, 4), ([4, 4, 4, 8, 10, 20, 30, 40, 80, 100], 3), ([6] * 50, 25)],
)
def test_a_rare_choice_is_as_surprising_as_if_it_were_drawn_again_and_again(sizes, places):
    enumerator = np.repeat(np.arange(len(sizes)), sizes)
    site = (enumerator * 7 + np.arange(len(enumerator)) % 3) % places
    grouping = Grouping(enumerator, site)
    random = np.random.default_rng(5)
    chosen = (random.random(len(site)) < np.where(enumerator == 2, 0.3, 0.04)) * 1.0

    assert rare_p(chosen, grouping) == pytest.approx(_drawn_p(chosen, grouping, random), rel=0.3)


def _drawn_p(chosen, grouping, random, draws=20_000):
    """The share of permutations of the answers within places with as large a sum of squares."""
    met = grouping.together.astype(np.int64)
    in_place = np.bincount(grouping.site, weights=chosen)
    drawn = sum(
        random.multivariate_hypergeometric(met[:, s], int(in_place[s]), size=draws)
        for s in range(met.shape[1])
    )
    expected = met @ (in_place / met.sum(axis=0))
    apart = np.vstack([np.bincount(grouping.enumerator, weights=chosen), drawn]) - expected
    squares = (apart @ grouping.inverse[0] * apart).sum(axis=1)
    return float((squares[1:] >= squares[0] - 1e-9).mean())


def test_one_enumerator_who_met_all_who_chose_it_is_beyond_chance():
    enumerator = np.repeat(np.arange(20), 15)

    assert rare_p((enumerator == 3) * 1.0, Grouping(enumerator, np.arange(300) % 4)) < 1e-8


def test_the_mean_and_the_variance_are_those_of_all_permutations():
    enumerator = np.array([0, 0, 1, 2, 2, 0, 1, 1, 2])
    grouping = Grouping(enumerator, np.array([0] * 5 + [1] * 4))
    share = np.array([2 / 5, 1 / 4])
    first = [np.isin(np.arange(5), pair) for pair in itertools.combinations(range(5), 2)]
    every = [
        np.concatenate([one, np.arange(4) == other]) - share[grouping.site]
        for one in first
        for other in range(4)
    ]
    apart = np.array([np.bincount(enumerator, weights=chosen) for chosen in every])
    squares = (apart @ grouping.inverse[0] * apart).sum(axis=1)

    mean, _, variance = permuted(share, grouping.by_place)

    assert mean == pytest.approx(squares.mean())
    assert variance == pytest.approx(squares.var())


def test_normal_scores_do_not_mind_an_absurd_number():
    scores = normal_scores(np.array([3.0, 1, 2, 1e9]))

    assert scores == pytest.approx(normal_scores(np.array([3.0, 1, 2, 4])))
    assert scores.sum() == pytest.approx(0)


def test_false_alarms_are_adjusted_as_r_does_and_gaps_stay():
    # What p.adjust of R 4.2 gives by "BH" of 0.01, 0.02, 0.03 and 0.5.
    found = adjusted(np.array([0.01, np.nan, 0.02, 0.03, 0.5]))

    assert found[[0, 2, 3, 4]] == pytest.approx([0.04, 0.04, 0.04, 0.5])
    assert np.isnan(found[1])
