"""Trimming: bounds that hold, sums that stay, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.errors import WeightingError
from survey_kit.weighting.rake import rake
from survey_kit.weighting.trim import trim


def weighted(weights: list[float]) -> Sample:
    frame = pd.DataFrame({"weight": weights, "sex": ["f", "m"] * (len(weights) // 2)})
    return Sample(frame, Design(Sampling.PROBABILITY, weight="weight"))


def test_by_hand() -> None:
    found = trim(weighted([1.0, 1, 2, 8]), upper=5)

    # the 3 that are cut off go to the three others, 1 each
    assert list(found.sample.weights) == [2, 2, 3, 5]
    assert (found.cut, found.rounds) == (1, 1)
    assert found.moved == pytest.approx(3 / 12)


def test_sharing_out_once_may_lift_another_beyond_the_bound() -> None:
    sample = weighted([1.0, 1, 4.5, 8])

    loose = trim(sample, upper=5, strict=False)
    strict = trim(sample, upper=5)

    assert loose.sample.weights.max() == 5.5
    assert strict.sample.weights.max() <= 5
    assert strict.rounds > loose.rounds == 1


@pytest.mark.parametrize("which", ["lower", "upper"])
@given(weights=st.lists(st.floats(0.5, 50), min_size=4, max_size=30))
@settings(max_examples=40, deadline=None)
def test_a_bound_holds_and_the_sum_stays(which: str, weights: list[float]) -> None:
    weights = weights[: len(weights) // 2 * 2]
    mean = float(np.mean(weights))
    bounds = {"lower": mean / 3} if which == "lower" else {"upper": mean * 3}

    found = trim(weighted(weights), **bounds).sample.weights

    assert found.sum() == pytest.approx(sum(weights))
    assert found.min() >= bounds.get("lower", 0) * (1 - 1e-9)
    assert found.max() <= bounds.get("upper", np.inf)


def test_weights_within_the_bounds_stay_as_they_are() -> None:
    found = trim(weighted([1.0, 2, 3, 4]), lower=1, upper=4)

    assert list(found.sample.weights) == [1, 2, 3, 4]
    assert (found.cut, found.moved, found.rounds) == (0, 0, 0)


def test_bounds_that_no_weights_can_keep_are_refused() -> None:
    with pytest.raises(WeightingError) as caught:
        trim(weighted([1.0, 1, 2, 8]), upper=2.5)

    assert str(caught.value) == (
        "trimming: the mean weight, 3, is not between the bounds 0 and 2.5. Give bounds on either "
        "side of the mean; the lower one at least 0."
    )


def test_nobody_left_to_share_among_is_refused() -> None:
    with pytest.raises(WeightingError) as caught:
        trim(weighted([1.0, 9]), lower=2, upper=6)

    assert str(caught.value) == (
        "trimming: every weight is beyond a bound, so nobody is left to share out among. Give "
        "wider bounds."
    )


def test_too_few_rounds_are_said() -> None:
    with pytest.raises(WeightingError) as caught:
        trim(weighted([1.0, 1, 4.5, 8]), upper=5, rounds=1)

    assert str(caught.value) == (
        "trimming: with rounds=1 some weights are still beyond a bound. Give wider bounds, or "
        "strict=False."
    )


def test_a_raked_sample_is_not_trimmed() -> None:
    raked = rake(weighted([1.0, 1, 2, 8]), {"sex": {"f": 0.5, "m": 0.5}}).sample
    with pytest.raises(WeightingError) as caught:
        trim(raked, upper=5)

    assert str(caught.value) == (
        "trimming: the sample was calibrated, and trimmed weights would no longer fit its margins. "
        "Trim first, and rake afterwards."
    )


def test_every_replicate_is_trimmed_as_the_sample_was() -> None:
    # the jackknife leaves out one of four, and lets the others weigh 4/3: the bound goes with it
    sample = trim(jackknife(weighted([1.0, 1, 2, 8])), upper=5).sample

    assert sample.replicates is not None
    assert sample.replicates.weights(0) == pytest.approx([0, 2.5 * 4 / 3, 3.5 * 4 / 3, 5 * 4 / 3])
    assert sample.replicates.weights(3) == pytest.approx([4 / 3, 4 / 3, 8 / 3, 0])


def test_bounds_may_be_times_the_mean_or_the_median() -> None:
    weights = [1.0, 1, 2, 8]  # mean 3, median 1.5

    by_mean = trim(weighted(weights), upper=2, unit="mean").sample.weights
    by_median = trim(weighted(weights), upper=4, unit="median").sample.weights

    assert list(by_mean) == list(by_median) == list(trim(weighted(weights), upper=6).sample.weights)
