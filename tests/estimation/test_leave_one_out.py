"""What would be said without one place: the estimate of everybody else, for every statistic."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.collect import collect
from survey_kit.design.design import Design, Sampling
from survey_kit.design.engines.frame_engine import frame_source
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.leave_one_out import (
    leave_one_out,
    leave_one_out_of_cases,
    leave_one_out_of_shares,
)
from survey_kit.estimation.left_out import LeaveOneOut
from survey_kit.estimation.proportions import shares, shares_of_cases
from survey_kit.estimation.statistic import Statistic
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.total import TOTAL

EVERY = collect("survey_kit.estimation.statistics", Statistic)
every_statistic = pytest.mark.parametrize("statistic", EVERY.values(), ids=EVERY)
PURPOSIVE = Design(Sampling.PURPOSIVE, weight="weight", cluster="site")
DRAWN = Design(Sampling.PROBABILITY, weight="weight", cluster="site")
some_seed = st.integers(0, 10_000)


def migrants(seed: int, n: int = 40) -> pd.DataFrame:
    """People of eight sites in three countries, some of whom did not answer."""
    draw = np.random.default_rng(seed)
    site = draw.integers(0, 8, n)
    frame = pd.DataFrame(draw.integers(0, 4, (n, 2)).astype(float), columns=["x", "y"])
    frame.loc[draw.random(n) < 0.1, "x"] = np.nan
    return frame.assign(
        y=frame["y"] + 1,
        weight=draw.uniform(0.5, 3, n),
        site=[f"s{each}" for each in site],
        country=np.array(["Libya", "Niger", "Sudan"])[site % 3],
        group=draw.choice(["g", "h"], n),
        answer=draw.choice(["work", "war", None], n),
        yes=draw.integers(0, 2, n),
        no=draw.integers(0, 2, n),
    )


def without(frame: pd.DataFrame, unit: str, name: str) -> pd.DataFrame:
    return frame[frame[unit] != name].reset_index(drop=True)


def equal(found: LeaveOneOut, unit: int, expected: np.ndarray) -> None:
    np.testing.assert_allclose(found.without[unit], expected, rtol=1e-9, atol=1e-12)


@every_statistic
@given(seed=some_seed)
@settings(max_examples=5, deadline=None)
def test_without_a_unit_a_statistic_is_that_of_everybody_else(
    statistic: Statistic, seed: int
) -> None:
    frame = migrants(seed).astype({"group": pd.CategoricalDtype(["g", "h"])})
    columns = ["x", "y"][: statistic.columns]

    found = leave_one_out(statistic, Sample(frame, DRAWN), columns, by=["group"])

    assert found.names == estimate(statistic, Sample(frame, DRAWN), columns, by=["group"]).names
    for number, site in enumerate(found.left_out):
        rest = estimate(
            statistic, Sample(without(frame, "site", site), DRAWN), columns, by=["group"]
        )
        equal(found, number, rest.value)


@given(seed=some_seed)
@settings(max_examples=5, deadline=None)
def test_without_a_country_shares_are_those_of_all_others(seed: int) -> None:
    frame = migrants(seed).astype({"answer": pd.CategoricalDtype(["work", "war"])})
    sample = Sample(frame, PURPOSIVE)

    one = leave_one_out_of_shares(sample, "answer", unit="country", by="group")
    several = leave_one_out_of_cases(sample, ["yes", "no"], unit="country")

    np.testing.assert_allclose(one.value, shares(sample, "answer", by="group").value)
    for number, country in enumerate(one.left_out):
        rest = Sample(without(frame, "country", country), PURPOSIVE)
        equal(one, number, shares(rest, "answer", by="group").value)
        equal(several, number, shares_of_cases(rest, ["yes", "no"]).value)


@given(seed=some_seed)
@settings(max_examples=5, deadline=None)
def test_a_cube_loses_a_cluster_as_the_rows_do(seed: int) -> None:
    frame = migrants(seed)
    source, sample = frame_source(frame, PURPOSIVE), Sample(frame, PURPOSIVE)

    cells = leave_one_out_of_shares(source.cube(["answer", "group"]), "answer", by="group")
    sums = leave_one_out(MEAN, source.cube(["group"], numbers=("x", "y")), ["y", "x"], by=["group"])

    rows = leave_one_out_of_shares(sample, "answer", by="group")
    both = leave_one_out(MEAN, sample, ["y", "x"], by=["group"])
    np.testing.assert_allclose(cells.without, rows.without, atol=1e-12)
    np.testing.assert_allclose(sums.without, both.without, rtol=1e-9)
    np.testing.assert_array_equal(sums.held, both.held)


def camps() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "site": ["a", "a", "b", "b", "c"],
            "sex": ["f", "m", "f", "m", "f"],
            "left": [1.0, 0, 1, 1, 0],
            "weight": 1.0,
        }
    )


def test_the_range_is_from_the_least_to_the_most_by_hand() -> None:
    found = leave_one_out(MEAN, Sample(camps(), PURPOSIVE), ["left"])

    # 3 of 5; without a 2 of 3, without b 1 of 3, without c 3 of 4
    assert found.without[:, 0] == pytest.approx([2 / 3, 1 / 3, 3 / 4])
    low, high = found.range
    assert (low[0], high[0]) == pytest.approx((1 / 3, 3 / 4))
    row = found.frame.iloc[0]
    assert (row["low_without"], row["high_without"]) == ("b", "c")
    assert found.unit == "site"
    assert found.sampling is Sampling.PURPOSIVE


def test_the_most_influential_come_first() -> None:
    found = leave_one_out(MEAN, Sample(camps(), PURPOSIVE), ["left"]).most_influential(2)

    assert found["without"].tolist() == ["b", "c"]
    assert found["n"].tolist() == [2, 1]
    assert found["change"].to_numpy() == pytest.approx([1 / 3 - 0.6, 0.15])


def test_a_difference_is_that_of_both_without_each_unit() -> None:
    found = leave_one_out(MEAN, Sample(camps(), PURPOSIVE), ["left"], by=["sex"])

    apart = found.difference(("f", "left"), ("m", "left"))

    # f: a 1, b 1, c 0; m: a 0, b 1
    assert apart.value[0] == pytest.approx(2 / 3 - 1 / 2)
    assert apart.without[:, 0] == pytest.approx([1 / 2 - 1, 1 / 2 - 0, 1 - 1 / 2])
    assert apart.held[:, 0].tolist() == [2, 2, 1]
    assert apart.names == (("", "f × left - m × left"),)


def test_a_unit_that_is_all_of_a_group_leaves_nothing() -> None:
    frame = camps().assign(sex=["f", "f", "m", "m", "m"])

    found = leave_one_out(MEAN, Sample(frame, PURPOSIVE), ["left"], by=["sex"])

    assert np.isnan(found.without[0, 0])
    assert found.most_influential(1)["without"].tolist() == ["a", "b"]
    assert found.range[0][0] == pytest.approx(0.5)
    assert np.isnan(found.difference(("f", "left"), ("m", "left")).without[0, 0])


def test_clusters_that_start_anew_in_every_stratum_are_told_apart() -> None:
    frame = camps().assign(
        country=["Niger", "Niger", "Niger", "Sudan", "Sudan"], site=[1, 1, 2, 1, 2]
    )
    design = Design(Sampling.PURPOSIVE, stratum="country", cluster="site", nested=True)

    found = leave_one_out(MEAN, Sample(frame, design), ["left"])

    assert found.left_out == ("Niger × 1", "Niger × 2", "Sudan × 1", "Sudan × 2")


def test_rows_without_a_unit_are_never_left_out() -> None:
    frame = camps().assign(who=pd.Series(["x", None, None, None, None]))

    found = leave_one_out(MEAN, Sample(frame, PURPOSIVE), ["left"], unit="who")

    assert found.left_out == ("x",)
    assert found.without[0, 0] == pytest.approx(2 / 4)


def test_without_clusters_what_to_leave_out_must_be_named() -> None:
    sample = Sample(camps(), Design(Sampling.PURPOSIVE))

    with pytest.raises(EstimationError) as caught:
        leave_one_out(MEAN, sample, ["left"])

    assert str(caught.value) == (
        "leave one out: the design names no clusters. Name what is to be left out: unit='site', "
        "'enumerator' or 'country'."
    )


def test_totals_of_respondents_columns_and_names_that_do_not_fit_are_refused() -> None:
    sample = Sample(camps(), PURPOSIVE)

    with pytest.raises(EstimationError, match="total: a purposive sample stands for nobody"):
        leave_one_out(TOTAL, sample, ["left"])
    with pytest.raises(EstimationError) as columns:
        leave_one_out(MEAN, sample, [])
    with pytest.raises(EstimationError) as weights:
        leave_one_out(MEAN, sample, ["left"]).contrast(np.ones(2))
    with pytest.raises(EstimationError) as name:
        leave_one_out(MEAN, sample, ["left"]).difference(("", "left"), ("x", "left"))

    assert str(columns.value) == (
        "mean: it takes 1 column(s), and 0 were given. Name as many columns as it takes, or a "
        "multiple."
    )
    assert str(weights.value) == (
        "contrast: there are 2 weights for 1 numbers. Give one weight for each number, 0 for those "
        "that play no part."
    )
    assert str(name.value) == "difference: there is no number called x × left. They are: left."
