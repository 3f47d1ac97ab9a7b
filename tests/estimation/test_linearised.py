"""The variance between clusters is its formula, written out as loops."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.estimation.linearised import calibration_moments, linearised_variance
from survey_kit.weighting.rake import rake


def drawn(seed: int) -> Sample:
    """Two stages: camps of 12 or 20 in two regions, households of 9 in every camp."""
    draw = np.random.default_rng(seed)
    region = np.repeat([0, 0, 0, 1, 1], 4)
    data = pd.DataFrame(
        {
            "region": region,
            "camp": np.repeat(range(5), 4),
            "household": np.tile([1, 1, 2, 3], 5),
            "camps": np.where(region == 0, 12, 20),
            "households": 9,
            "weight": draw.uniform(1, 5, 20),
            "sex": draw.permutation(["f", "m"] * 10),
        }
    )
    return Sample(
        data,
        Design(
            Sampling.PROBABILITY,
            weight="weight",
            stratum="region",
            cluster=("camp", "household"),
            population=("camps", "households"),
        ),
    )


def between(totals: list[NDArray[np.float64]], population: int) -> NDArray[np.float64]:
    n = len(totals)
    mean = sum(totals) / n
    spread = sum(np.outer(total - mean, total - mean) for total in totals)
    return (1 - n / population) * n / (n - 1) * spread


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_the_variance_of_two_stages_is_that_of_both_added_up(seed: int) -> None:
    sample = drawn(seed)
    data, x = sample.data, np.random.default_rng(seed).normal(size=(20, 3))

    found = linearised_variance(x, sample)

    expected = np.zeros((3, 3))
    for _, region in data.groupby("region"):
        camps = [camp.index for _, camp in region.groupby("camp")]
        size = int(region["camps"].iloc[0])
        expected += between([x[rows].sum(axis=0) for rows in camps], size)
        for rows in camps:
            households = data.loc[rows].groupby("household").groups.values()
            inside = between([x[list(each)].sum(axis=0) for each in households], 9)
            expected += len(camps) / size * inside
    assert found == pytest.approx(expected)


def test_contributions_that_margins_explain_have_no_variance() -> None:
    raked = rake(drawn(1), {"sex": {"f": 0.5, "m": 0.5}}).sample
    influence = np.where(raked.data["sex"] == "f", 2.0, -7.0)[:, None]

    found = linearised_variance(
        influence * raked.weights[:, None],
        raked,
        moments=calibration_moments(influence, raked),
    )

    assert found[0, 0] == pytest.approx(0, abs=1e-12)
