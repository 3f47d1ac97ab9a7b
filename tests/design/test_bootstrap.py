"""Bootstraps and successive differences: what they are near, or exactly, and what is refused."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.design.bootstrap_factors import Way
from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicate_making import balanced_halves, bootstrap
from survey_kit.design.sample import Sample
from survey_kit.design.successive import successive_differences
from survey_kit.errors import DesignError, LonelyUnit
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.total import TOTAL

P = Sampling.PROBABILITY
MANY = 3000


def drawn(sizes: tuple[int, ...], population: int, units: int = 4, of_units: int = 10) -> Sample:
    """Strata of so many clusters of `population`, each with so many units of `of_units`."""
    rng = np.random.default_rng(7)
    clusters = sum(sizes)
    cluster = np.repeat(np.arange(clusters), units)
    frame = pd.DataFrame(
        {
            "s": np.repeat(np.arange(len(sizes)), [size * units for size in sizes]),
            "c": cluster,
            "u": np.arange(clusters * units),
            "N": population,
            "M": of_units,
            "y": rng.normal(50, 5, clusters)[cluster] + rng.normal(0, 12, clusters * units),
        }
    )
    design = Design(P, stratum="s", cluster=("c", "u"), population=("N", "M"))
    return Sample(frame, design)


def first_stage(sample: Sample, population: str | None = "N") -> Sample:
    frame = sample.data.assign(w=sample.weights)
    return Sample(frame, Design(P, weight="w", stratum="s", cluster="c", population=population))


@pytest.mark.parametrize("way", get_args(Way))
@pytest.mark.parametrize("population", ["N", None])
def test_every_way_is_near_the_linearised_error_of_one_stage(way: Way, population: str | None):
    sample = first_stage(drawn((6, 6, 6), 12), population)

    found = estimate(TOTAL, bootstrap(sample, MANY, seed=1, way=way), ["y"])

    expected = estimate(TOTAL, sample, ["y"])
    assert found.value == pytest.approx(expected.value)
    # the scatter of a standard error from 3,000 replicates is 1.3 %; Canty and Davison's
    # is too small by some (n - 1) / (N - 1), as its population is made of the sample
    assert found.standard_error == pytest.approx(expected.standard_error, rel=0.06)


def test_preston_counts_the_later_stage_and_rao_and_wu_do_not():
    sample = drawn((5, 6), 12)

    two = estimate(MEAN, bootstrap(sample, MANY, seed=2, way="preston"), ["y"]).standard_error
    one = estimate(MEAN, bootstrap(sample, MANY, seed=2), ["y"]).standard_error

    assert two == pytest.approx(estimate(MEAN, sample, ["y"]).standard_error, rel=0.06)
    expected = estimate(MEAN, first_stage(sample), ["y"]).standard_error
    assert one == pytest.approx(expected, rel=0.06)


@pytest.mark.parametrize("way", get_args(Way))
def test_a_population_that_was_drawn_whole_has_no_error(way: Way):
    sample = first_stage(Sample(*whole()))

    found = estimate(TOTAL, bootstrap(sample, 50, seed=1, way=way), ["y"])

    assert found.standard_error == pytest.approx([0], abs=1e-6)


def whole() -> tuple[pd.DataFrame, Design]:
    sample = drawn((4, 5), 5)
    frame = sample.data.assign(N=np.where(sample.data["s"] == 0, 4, 5))
    return frame, sample.design


def test_a_seed_gives_the_same_replicates_in_every_way():
    sample = drawn((5, 6), 12)

    for way in get_args(Way):
        one, same, other = (bootstrap(sample, 20, seed=s, way=way).replicates for s in (3, 3, 4))
        assert one is not None
        assert same is not None
        assert other is not None
        assert (one.factors == same.factors).all()
        assert (one.factors != other.factors).any()


@given(st.integers(0, 1000), st.sampled_from([(2,), (3, 2), (9, 4, 2), (20,)]))
def test_successive_differences_of_a_total_are_half_the_squared_differences_of_neighbours(
    seed: int, sizes: tuple[int, ...]
):
    rng = np.random.default_rng(seed)
    n = sum(sizes)
    frame = pd.DataFrame(
        {"y": rng.normal(5, 2, n), "s": np.repeat(np.arange(len(sizes)), sizes), "N": 40}
    )
    sample = Sample(frame, Design(P, stratum="s", population="N"))

    found = estimate(TOTAL, successive_differences(sample, 32), ["y"])

    expected = 0.0
    for stratum, size in enumerate(sizes):
        z = 40 / size * frame.loc[frame["s"] == stratum, "y"].to_numpy()
        expected += (1 - size / 40) / 2 * ((z - np.roll(z, -1)) ** 2).sum()
    assert found.variance == pytest.approx([expected])


def test_what_the_order_of_a_list_explains_is_no_error():
    trend = pd.DataFrame({"y": np.arange(60.0) + np.random.default_rng(1).normal(0, 1, 60)})
    ordered = Sample(trend, Design(P))
    shuffled = Sample(trend.sample(frac=1, random_state=2), Design(P))

    small, usual = (
        estimate(MEAN, successive_differences(each), ["y"]).standard_error[0]
        for each in (ordered, shuffled)
    )

    assert small < usual / 3
    assert usual == pytest.approx(estimate(MEAN, shuffled, ["y"]).standard_error[0], rel=0.25)


def test_more_clusters_than_rows_of_the_matrix_are_still_near():
    frame = pd.DataFrame({"y": np.random.default_rng(3).normal(10, 2, 700)})
    sample = Sample(frame, Design(P))

    found = estimate(MEAN, successive_differences(sample, 128), ["y"]).standard_error

    assert found == pytest.approx(estimate(MEAN, sample, ["y"]).standard_error, rel=0.2)


def test_what_successive_differences_cannot_be_made_of_is_refused_word_for_word():
    sample = first_stage(drawn((4, 4), 12))
    alone = first_stage(drawn((4, 1), 12))

    with pytest.raises(DesignError) as number:
        successive_differences(sample, 80)
    with pytest.raises(LonelyUnit) as lonely:
        successive_differences(alone)
    with pytest.raises(DesignError, match="already has replicates"):
        successive_differences(balanced_halves(first_stage(drawn((2, 2), 12))))

    assert str(number.value) == (
        "successive differences: 80 replicates. Ask for a power of 2, such as 64, 128 or 256."
    )
    assert str(lonely.value) == (
        "s 1: only one cluster was drawn, so it has no neighbour. "
        "Merge the stratum with the one it most resembles."
    )
