"""Quantiles: worked by hand, laws that every rule obeys, held to R, or refused."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.quantile import QuantileInterval, quantile
from survey_kit.estimation.quantile_rules import Rule, weighted_quantiles
from survey_kit.estimation.statistics.mean import MEAN

RULES: tuple[Rule, ...] = get_args(Rule)
every_rule = pytest.mark.parametrize("rule", RULES)
every_scale_free_rule = pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule != "shahvaish"]
)
every_interval = pytest.mark.parametrize(
    "interval", [each for each in get_args(QuantileInterval) if each != "replicates"]
)
some_answers = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(1, 20)), min_size=2, max_size=25
)
some_shares = st.floats(0, 1)


def in_order(answers: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    pairs = np.array(sorted(answers), dtype=float)
    return pairs[:, 0], pairs[:, 1]


def at(p: float) -> np.ndarray:
    return np.array([p])


def camps(n: int = 120) -> Sample:
    """Incomes in 24 camps of 4 regions, from a fixed seed; some did not say."""
    random = np.random.default_rng(5)
    camp = np.arange(n) % 24
    income = np.round(random.lognormal(6, 0.8, n) * (1 + camp / 40), 2)
    income[::17] = np.nan
    frame = pd.DataFrame(
        {
            "region": camp // 6,
            "camp": camp,
            "sex": np.where(random.random(n) < 0.5, "f", "m"),
            "income": income,
            "weight": random.uniform(1, 4, n),
        }
    )
    return Sample(
        frame, Design(Sampling.PROBABILITY, weight="weight", stratum="region", cluster="camp")
    )


# quantile(c(1, 2, 4, 8, 16), .3, type = 1 to 9) of R 4.2.2
HYNDMAN_AND_FAN = {
    "hf1": 2,
    "hf2": 2,
    "hf4": 1.5,
    "hf5": 2,
    "hf6": 1.8,
    "hf7": 2.4,
    "hf8": 1.9333333333333331,
    "hf9": 1.95,
}


@pytest.mark.parametrize("rule", HYNDMAN_AND_FAN)
def test_with_equal_weights_the_rules_are_those_of_hyndman_and_fan(rule: Rule) -> None:
    found = weighted_quantiles(np.array([1.0, 2, 4, 8, 16]), np.ones(5), at(0.3), rule)

    assert found[0] == pytest.approx(HYNDMAN_AND_FAN[rule])


def test_the_median_of_an_even_number_is_between_two_in_school_and_the_lower_one_in_maths() -> None:
    values, weights = np.array([1.0, 2, 4, 8]), np.array([2.0, 1, 1, 2])

    assert weighted_quantiles(values, weights, at(0.5), "math")[0] == 2
    assert weighted_quantiles(values, weights, at(0.5), "school")[0] == 3


def test_a_step_that_ends_at_the_share_but_for_rounding_ends_there() -> None:
    # ten times 0.1 adds up to a little less than 1
    found = weighted_quantiles(np.arange(10.0), np.full(10, 0.1), at(0.3), "math")

    assert found[0] == 2


@every_rule
@settings(max_examples=25)
@given(answers=some_answers, p=some_shares)
def test_a_quantile_lies_between_the_smallest_and_the_largest(
    rule: Rule, answers: list[tuple[int, int]], p: float
) -> None:
    values, weights = in_order(answers)

    found = weighted_quantiles(values, weights, at(p), rule)[0]

    assert values[0] - 1e-9 <= found <= values[-1] + 1e-9


@every_scale_free_rule
@settings(max_examples=25)
@given(answers=some_answers, p=some_shares, q=some_shares)
def test_a_larger_share_has_no_smaller_quantile(
    rule: Rule, answers: list[tuple[int, int]], p: float, q: float
) -> None:
    values, weights = in_order(answers)

    low, high = weighted_quantiles(values, weights, np.array(sorted([p, q])), rule)

    assert low <= high + 1e-9


@every_scale_free_rule
@settings(max_examples=25)
@given(answers=some_answers, p=some_shares, scale=st.floats(0.01, 100))
def test_the_unit_of_the_weights_is_of_no_matter(
    rule: Rule, answers: list[tuple[int, int]], p: float, scale: float
) -> None:
    values, weights = in_order(answers)

    once = weighted_quantiles(values, weights, at(p), rule)
    scaled = weighted_quantiles(values, weights * scale, at(p), rule)

    assert scaled == pytest.approx(once, abs=1e-6)


@pytest.mark.parametrize("rule", ["math", "school", "hf1", "hf2", "hf3"])
@settings(max_examples=25)
@given(answers=some_answers, p=some_shares)
def test_a_row_may_be_split_in_two_of_half_its_weight(
    rule: Rule, answers: list[tuple[int, int]], p: float
) -> None:
    values, weights = in_order(answers)

    whole = weighted_quantiles(values, weights, at(p), rule)
    halves = weighted_quantiles(np.repeat(values, 2), np.repeat(weights / 2, 2), at(p), rule)

    assert halves[0] == whole[0]


@every_rule
def test_nobody_has_no_quantile_and_one_person_has_their_own(rule: Rule) -> None:
    assert np.isnan(weighted_quantiles(np.empty(0), np.empty(0), at(0.5), rule)[0])
    assert weighted_quantiles(np.array([3.0]), np.array([2.0]), at(0.1), rule)[0] == 3


@every_rule
def test_who_weighs_nothing_is_not_there(rule: Rule) -> None:
    values, weights = np.array([1.0, 5, 7, 9]), np.array([1.0, 0, 2, 3])

    found = weighted_quantiles(values, weights, at(0.4), rule)

    kept = weights > 0
    assert found == weighted_quantiles(values[kept], weights[kept], at(0.4), rule)


def test_the_interval_is_that_of_the_share_looked_up() -> None:
    sample = camps()
    found = quantile(sample, ["income"], [0.5])

    below = np.where(
        np.isnan(sample.data["income"]), np.nan, sample.data["income"] <= found.value[0]
    )
    share = estimate(
        MEAN, Sample(sample.data.assign(below=below.astype(float)), sample.design), ["below"]
    )
    low, high = share.interval()
    answered = sample.data.dropna(subset="income").sort_values("income")
    values, weights = answered["income"].to_numpy(), answered["weight"].to_numpy()
    assert found.low[0] == weighted_quantiles(values, weights, low, "math")[0]
    assert found.high[0] == weighted_quantiles(values, weights, high, "math")[0]
    # 20 degrees of freedom: 24 camps in 4 regions
    assert found.standard_error[0] == pytest.approx(
        (found.high[0] - found.low[0]) / (2 * 2.0859634472658364)
    )


@every_interval
def test_a_group_has_the_quantiles_of_its_own_rows(interval: QuantileInterval) -> None:
    sample = camps()
    women = (sample.data["sex"] == "f").to_numpy()

    groups = quantile(sample, ["income"], [0.25, 0.5], by=["sex"], interval=interval)
    alone = quantile(sample, ["income"], [0.25, 0.5], where=women, interval=interval)

    assert groups.names[:2] == (("f", "income"), ("f", "income"))
    for name in ("value", "low", "high", "standard_error", "n", "share", "df"):
        assert getattr(groups, name)[:2] == pytest.approx(getattr(alone, name)), name


@every_interval
def test_the_interval_holds_the_estimate(interval: QuantileInterval) -> None:
    found = quantile(camps(), ["income"], [0.25, 0.5, 0.75], interval=interval)

    assert (found.low <= found.value).all()
    assert (found.value <= found.high).all()


@every_scale_free_rule
def test_where_everybody_was_asked_there_is_no_doubt(rule: Rule) -> None:
    frame = pd.DataFrame({"litres": [1.0, 2, 4, 8], "households": 4})
    sample = Sample(frame, Design(Sampling.CENSUS, population="households"))

    found = quantile(sample, ["litres"], [0.3, 0.5], rule=rule)

    assert list(found.low) == list(found.high) == list(found.value)
    assert list(found.standard_error) == [0, 0]


def test_an_end_beyond_what_was_answered_is_none() -> None:
    found = quantile(camps(), ["income"], [0.001])

    assert np.isnan(found.low[0])
    assert np.isnan(found.standard_error[0])


def test_a_group_nobody_is_in_has_no_quantiles() -> None:
    sample = camps()
    kinds = pd.CategoricalDtype(["f", "m", "x"])
    data = sample.data.assign(sex=sample.data["sex"].astype(kinds))

    found = quantile(Sample(data, sample.design), ["income"], [0.5], by=["sex"])

    assert np.isnan(found.value[2])
    assert found.n[2] == 0
    assert list(found.frame["group"]) == ["f", "m", "x"]


def test_medians_of_groups_interviewed_at_the_same_places_vary_together() -> None:
    found = quantile(camps(), ["income"], [0.5], by=["sex"])

    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(found.standard_error)
    assert 0 < abs(found.correlation[0, 1]) < 1


def test_a_share_above_one_is_refused() -> None:
    with pytest.raises(EstimationError) as caught:
        quantile(camps(), ["income"], [50])

    assert str(caught.value) == "quantile: the share 50 was asked for. Give shares from 0 to 1."


def test_no_column_is_refused() -> None:
    with pytest.raises(EstimationError) as caught:
        quantile(camps(), [])

    assert str(caught.value) == (
        "quantile: no column was named, or no share. Name columns of numbers, and shares such "
        "as 0.5."
    )
