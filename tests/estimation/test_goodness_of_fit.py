"""Sums of weighted chi-squares, the tests that use them, and the spread of a population."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.chi_squared_sum import saddlepoint, satterthwaite
from survey_kit.estimation.goodness_of_fit import goodness_of_fit
from survey_kit.estimation.rao_scott import rao_scott
from survey_kit.estimation.variances import variances


def simple(n: int = 200) -> Sample:
    """A simple random sample: every design effect is 1, but for n/(n - 1)."""
    random = np.random.default_rng(11)
    frame = pd.DataFrame(
        {
            "water": random.choice(["pipe", "river", "well"], n, p=[0.5, 0.2, 0.3]),
            "sex": random.choice(["f", "m"], n),
            "litres": random.lognormal(3, 0.5, n),
            "people": random.poisson(5, n).astype(float),
        }
    )
    return Sample(frame, Design(Sampling.PROBABILITY))


@pytest.mark.parametrize("x", [0.5, 2.0, 9.0, 25.0])
def test_with_equal_weights_the_tail_is_nearly_that_of_a_chi_squared(x: float) -> None:
    weights = np.full(4, 2.0)

    assert satterthwaite(2 * x, weights)[0] == pytest.approx(special.chdtrc(4, x))
    assert saddlepoint(2 * x, weights) == pytest.approx(special.chdtrc(4, x), rel=0.02)


@pytest.mark.parametrize("x", [0.5, 2.0, 9.0, 25.0])
def test_with_few_degrees_of_freedom_the_tail_is_nearly_that_of_f(x: float) -> None:
    found = saddlepoint(2 * x, np.full(4, 2.0), 30)

    assert found == pytest.approx(special.fdtrc(4, 30, x / 4), rel=0.03)


def test_the_tail_is_that_of_draws() -> None:
    weights = np.array([3.0, 1.0, 0.2])
    draws = np.random.default_rng(3).standard_normal((400_000, 3)) ** 2 @ weights

    for x in (2.0, 8.0, 15.0):
        # the standard error of the share of draws is at most 0.0008
        assert saddlepoint(x, weights) == pytest.approx((draws > x).mean(), rel=0.05, abs=0.002)


def test_at_the_mean_the_tail_is_satterthwaites() -> None:
    weights = np.array([2.0, 0.7, 0.3])

    assert saddlepoint(3.0, weights) == satterthwaite(3.0, weights)[0]


def test_of_a_simple_random_sample_the_test_of_shares_is_pearsons() -> None:
    sample = simple()
    given = {"pipe": 0.4, "river": 0.3, "well": 0.3}
    counts = sample.data["water"].value_counts().sort_index().to_numpy()
    expected = 200 * np.array([0.4, 0.3, 0.3])

    found = goodness_of_fit(sample, "water", given)

    assert found.statistic == pytest.approx(((counts - expected) ** 2 / expected).sum())
    assert found.statistic > 5
    assert found.p < 0.1


def test_the_unit_of_the_weights_leaves_the_p_value_of_shares_as_it_is() -> None:
    sample = simple()
    heavy = Sample(sample.data.assign(w=7.0), Design(Sampling.PROBABILITY, weight="w"))
    given = {"pipe": 5, "river": 2, "well": 3}

    once, again = (goodness_of_fit(each, "water", given) for each in (sample, heavy))

    assert again.p == pytest.approx(once.p)
    assert again.scale == pytest.approx(7 * once.scale)


def test_shares_of_other_categories_are_refused() -> None:
    with pytest.raises(EstimationError) as caught:
        goodness_of_fit(simple(), "water", {"pipe": 0.5, "river": 0.5})

    assert str(caught.value) == (
        "goodness of fit of 'water': 'well' is not in both the column and the shares. Give one "
        "share for every category of the column."
    )


def test_a_share_of_nothing_is_refused() -> None:
    with pytest.raises(EstimationError) as caught:
        goodness_of_fit(simple(), "water", {"pipe": 0.5, "river": 0.5, "well": 0})

    assert str(caught.value) == (
        "goodness of fit of 'water': a share is 0 or negative, or missing. Leave out the "
        "category, with `where`, or give it a share above 0."
    )


def test_the_saddlepoint_p_value_of_a_table_is_close_to_that_of_f() -> None:
    f, saddle = (
        rao_scott(simple(), "water", "sex", version=version) for version in ("F", "saddlepoint")
    )

    assert saddle.p == pytest.approx(f.p, rel=0.05)


def test_a_variance_of_equal_weights_is_the_usual_one() -> None:
    sample = simple()
    columns = ["litres", "people"]

    found = variances(sample, columns)

    assert found.value.reshape(2, 2) == pytest.approx(sample.data[columns].cov().to_numpy())
    assert found.names[1] == ("", "litres/people")


def test_of_one_person_there_is_no_variance() -> None:
    sample = simple(30)
    first = np.arange(30) == 0

    assert np.isnan(variances(sample, ["litres"], where=first).value[0])
