"""Estimates: worked by hand, held to R, or refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Lonely, LonelyDomain, Sampling
from survey_kit.design.engines.frame_engine import frame_source
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError, LonelyUnit
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.from_source import totals_of
from survey_kit.estimation.statistics.count import COUNT
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.ratio import RATIO
from survey_kit.estimation.statistics.total import TOTAL

DRAWN = Sampling.PROBABILITY


def water() -> pd.DataFrame:
    """Litres of water a day in six households of four camps."""
    return pd.DataFrame(
        {
            "region": ["north", "north", "north", "south", "south", "south"],
            "camp": ["a", "a", "b", "c", "c", "d"],
            "litres": [10.0, 20.0, 40.0, 15.0, 25.0, 60.0],
            "people": [2.0, 4.0, 5.0, 3.0, 5.0, 6.0],
            "tap": [1.0, 0.0, 1.0, 0.0, 0.0, 1.0],
            "weight": [1.0, 1.0, 2.0, 3.0, 3.0, 2.0],
            "camps": [4, 4, 4, 2, 2, 2],
        }
    )


def by_camp() -> Sample:
    return Sample(water(), Design(DRAWN, weight="weight", stratum="region", cluster="camp"))


def test_a_total_by_hand() -> None:
    found = estimate(TOTAL, by_camp(), ["litres"])

    # camps add to 30, 80, 120 and 120; with two camps a stratum v = (difference)² each
    assert found.value[0] == pytest.approx(350)
    assert found.variance[0] == pytest.approx((80 - 30) ** 2 + 0)
    assert found.df == 2


def test_a_finite_population_shrinks_the_variance_by_what_was_drawn() -> None:
    design = Design(DRAWN, weight="weight", stratum="region", cluster="camp", population="camps")

    found = estimate(TOTAL, Sample(water(), design), ["litres"])

    # north: 2 of 4 camps, half of 2500; south: both of its camps
    assert found.variance[0] == pytest.approx(1250)


def test_a_ratio_by_hand() -> None:
    found = estimate(RATIO, by_camp(), ["litres", "people"])

    # 350 litres for 6 + 10 + 24 + 12 = 52 people
    assert found.value[0] == pytest.approx(350 / 52)
    assert found.names == (("", "litres/people"),)


def test_groups_share_one_covariance() -> None:
    found = estimate(TOTAL, by_camp(), ["litres"], by=["tap"])

    # tap: camps 10, 80 | 0, 120; no tap: 20, 0 | 120, 0: products of differences
    assert found.names == (("0", "litres"), ("1", "litres"))
    assert found.covariance[0, 1] == pytest.approx((20 - 0) * (10 - 80) + (120 - 0) * (0 - 120))


def test_several_columns_share_one_covariance_too() -> None:
    found = estimate(TOTAL, by_camp(), ["litres", "people"])

    # litres differ by 50 and 0 between camps, people by 4 and 12
    assert found.covariance[0, 1] == pytest.approx(50 * 4 + 0 * 12)


def test_two_columns_of_groups_make_every_combination() -> None:
    found = estimate(MEAN, by_camp(), ["litres"], by=["region", "tap"])

    assert found.names == (
        ("north", "0", "litres"),
        ("north", "1", "litres"),
        ("south", "0", "litres"),
        ("south", "1", "litres"),
    )
    assert found.n.tolist() == [1, 2, 2, 1]


def test_a_missing_value_leaves_the_base() -> None:
    data = water().assign(litres=[10.0, np.nan, 40.0, 15.0, 25.0, 60.0])

    found = estimate(MEAN, Sample(data, by_camp().design), ["litres"])

    assert found.n[0] == 5
    assert found.weighted[0] == pytest.approx(11)
    assert found.value[0] == pytest.approx(330 / 11)


def test_degrees_of_freedom_of_a_group_are_the_designs_and_its_own_is_kept() -> None:
    found = estimate(MEAN, by_camp(), ["litres"], by=["region"])

    assert found.df == 2
    assert found.own_df.tolist() == [1, 1]


def test_degrees_of_freedom_of_rows_asked_about_are_their_own() -> None:
    north = (water()["region"] == "north").to_numpy(dtype=bool)

    assert estimate(MEAN, by_camp(), ["litres"], where=north).df == 1


def test_an_interval_reaches_out_by_students_t() -> None:
    low, high = estimate(TOTAL, by_camp(), ["litres"]).interval(0.95)

    # t with 2 degrees of freedom: 4.302653 (any table), standard error 50
    assert (low[0], high[0]) == pytest.approx((350 - 4.302653 * 50, 350 + 4.302653 * 50), rel=1e-6)


def test_an_interval_may_be_normal() -> None:
    low, _ = estimate(TOTAL, by_camp(), ["litres"]).interval(df=np.inf)

    assert low[0] == pytest.approx(350 - 1.959964 * 50, rel=1e-6)


def test_a_contrast_takes_the_covariance_into_account() -> None:
    found = estimate(TOTAL, by_camp(), ["litres"], by=["tap"])

    less = found.contrast(np.array([1.0, -1.0]), ["no tap less tap"])

    v = found.covariance
    assert less.names == (("", "no tap less tap"),)
    assert less.value[0] == pytest.approx(found.value[0] - found.value[1])
    assert less.variance[0] == pytest.approx(v[0, 0] + v[1, 1] - 2 * v[0, 1])
    assert less.n[0] == 3


def test_a_contrast_with_an_empty_group_is_empty_but_others_are_not() -> None:
    groups = pd.CategoricalDtype(["north", "east", "south"])
    sample = Sample(water().assign(where=water()["region"].astype(groups)), by_camp().design)
    found = estimate(MEAN, sample, ["litres"], by=["where"])

    both = found.contrast(np.array([[1.0, -1.0, 0.0], [1.0, 0.0, -1.0]]))

    assert np.isnan(both.value).tolist() == [True, False]
    assert np.isnan(both.standard_error).tolist() == [True, False]


def test_the_design_effect_of_rows_alike_is_that_of_chance() -> None:
    data = pd.DataFrame({"litres": [1.0, 2.0, 4.0, 9.0], "weight": [3.0] * 4})

    found = estimate(MEAN, Sample(data, Design(DRAWN, weight="weight")), ["litres"])

    assert found.design_effect()[0] == pytest.approx(1)
    # 4 of 12 drawn leaves two thirds of the variance, which this design did not know of
    assert found.design_effect("without replacement")[0] == pytest.approx(1.5)


def test_a_design_effect_without_replacement_needs_a_population() -> None:
    data = pd.DataFrame({"litres": [1.0, 2.0, 4.0, 9.0]})

    found = estimate(MEAN, Sample(data, Design(DRAWN)), ["litres"])

    assert np.isnan(found.design_effect("without replacement")[0])


def test_the_frame_is_tidy() -> None:
    frame = estimate(MEAN, by_camp(), ["litres"], by=["region"]).frame

    assert frame.columns.tolist() == [
        "group",
        "name",
        "value",
        "standard_error",
        "low",
        "high",
        "n",
        "weighted",
        "effective",
        "df",
    ]
    assert frame["group"].tolist() == ["north", "south"]


def test_the_sampling_travels_with_the_result() -> None:
    sample = Sample(water(), Design(Sampling.SNOWBALL))

    assert estimate(MEAN, sample, ["litres"]).sampling is Sampling.SNOWBALL


OTHERS = [each for each in Sampling if each not in {DRAWN, Sampling.CENSUS}]


@pytest.mark.parametrize("sampling", OTHERS)
def test_of_no_probability_sample_there_are_no_totals(sampling: Sampling) -> None:
    sample = Sample(water(), Design(sampling))

    for statistic in (TOTAL, COUNT):
        with pytest.raises(EstimationError, match="has no totals of a population"):
            estimate(statistic, sample, ["litres"])
    with pytest.raises(EstimationError, match="has no totals of a population"):
        totals_of(frame_source(water(), Design(sampling)), ["litres"])


@pytest.mark.parametrize("sampling", OTHERS)
def test_of_no_probability_sample_there_is_an_interval_only_where_it_was_asked_for(
    sampling: Sampling,
) -> None:
    found = estimate(MEAN, Sample(water(), Design(sampling, cluster="camp")), ["litres"])
    plain = estimate(MEAN, Sample(water(), Design(DRAWN, cluster="camp")), ["litres"])

    with pytest.raises(EstimationError, match="has no margin of sampling error"):
        found.interval()

    assert list(found.frame) == ["group", "name", "value", "n", "weighted", "effective", "df"]
    assert found.interval_label == ""
    assert found.modelled.interval() == plain.interval()
    assert found.modelled.contrast(np.array([2.0])).asked
    assert list(found.modelled.frame)[3:6] == [
        "modelled_standard_error",
        "modelled_low",
        "modelled_high",
    ]
    assert found.modelled.interval_label.startswith("modelled interval, assuming that")


def test_a_census_has_totals_and_no_interval() -> None:
    found = estimate(TOTAL, Sample(water(), Design(Sampling.CENSUS)), ["litres"])

    assert found.value[0] == 170
    assert "low" not in found.frame
    with pytest.raises(EstimationError, match="a census has no sampling error"):
        found.interval()
    assert found.modelled.interval_label.startswith("modelled interval, assuming that")


def test_a_probability_sample_needs_no_model() -> None:
    found = estimate(MEAN, by_camp(), ["litres"])

    assert found.modelled is found
    assert found.interval_label == "95% CI (design-based)"


def lonely(policy: Lonely, domains: LonelyDomain = LonelyDomain.CENTRED) -> Sample:
    """Two strata of two rows, and one of a single row."""
    data = pd.DataFrame(
        {
            "region": ["north", "south", "south", "west", "west"],
            "litres": [10.0, 20.0, 30.0, 40.0, 60.0],
        }
    )
    return Sample(data, Design(DRAWN, stratum="region", lonely=policy, lonely_domain=domains))


def test_a_stratum_with_one_cluster_says_which_and_what_to_do() -> None:
    with pytest.raises(LonelyUnit) as caught:
        estimate(TOTAL, lonely(Lonely.FAIL), ["litres"])

    assert str(caught.value) == (
        "region north: only one cluster was drawn, so its variance cannot be estimated. "
        "Merge the stratum with the one it most resembles."
    )


def test_a_stratum_with_one_cluster_may_be_outside_what_is_asked() -> None:
    sample = lonely(Lonely.FAIL)

    found = estimate(
        TOTAL, sample, ["litres"], where=(sample.data["region"] != "north").to_numpy(dtype=bool)
    )

    # 2 x ((5)² + (5)²) + 2 x (10² + 10²)
    assert found.variance[0] == pytest.approx(500)


@pytest.mark.parametrize(
    ("policy", "variance"),
    [
        (Lonely.REMOVE, 500),
        (Lonely.CERTAINTY, 500),
        (Lonely.ADJUST, 500 + 10**2),
        (Lonely.AVERAGE, 500 * 3 / 2),
    ],
)
def test_other_ways_with_a_stratum_of_one_cluster(policy: Lonely, variance: float) -> None:
    found = estimate(TOTAL, lonely(policy), ["litres"])

    assert found.variance[0] == pytest.approx(variance)


def test_a_stratum_that_is_one_cluster_in_the_population_too_is_known() -> None:
    data = lonely(Lonely.FAIL).data.assign(drawn=[1, 4, 4, 4, 4])
    design = Design(DRAWN, stratum="region", population="drawn")

    found = estimate(TOTAL, Sample(data, design), ["litres"])

    # weights 1 and 2; half of 500 x 4
    assert found.variance[0] == pytest.approx(1000)


def test_a_second_stage_with_one_unit_says_so() -> None:
    data = water().assign(household=range(6), of_camp=[4, 4, 4, 5, 5, 5])
    design = Design(
        DRAWN,
        weight="weight",
        stratum="region",
        cluster=("camp", "household"),
        population=("camps", "of_camp"),
    )

    with pytest.raises(LonelyUnit) as caught:
        estimate(TOTAL, Sample(data, design), ["litres"])

    assert str(caught.value) == (
        "camp b: only one unit was drawn at stage 2, so its variance cannot be estimated. "
        "Leave out the population of that stage, or merge the cluster with one like it."
    )


def test_a_domain_that_met_one_of_many_clusters_may_count_as_lonely() -> None:
    sample = lonely(Lonely.ADJUST, LonelyDomain.AS_LONELY)

    found = estimate(TOTAL, sample, ["litres"], where=np.array([0, 1, 0, 1, 1], dtype=bool))

    # south: its one row of two is not centred, 2 x 20²; west: 2 x (10² + 10²)
    assert found.variance[0] == pytest.approx(2 * 20**2 + 400)


def refusal(found: Estimate, **options: object) -> str:
    with pytest.raises(EstimationError) as caught:
        found.interval(**options)
    return str(caught.value)


def test_a_level_out_of_bounds_is_refused() -> None:
    assert refusal(estimate(MEAN, by_camp(), ["litres"]), level=95) == (
        "interval: its level is 95. Give one between 0 and 1, such as 0.95."
    )


def test_an_interval_for_shares_of_what_is_none_is_refused() -> None:
    assert refusal(estimate(MEAN, by_camp(), ["litres"]), method="beta") == (
        "interval 'beta': it is for shares, and some of these numbers are not between 0 and 1. "
        "Ask for method='wald'."
    )


def test_the_wrong_number_of_columns_is_refused() -> None:
    with pytest.raises(EstimationError) as caught:
        estimate(RATIO, by_camp(), ["litres"])

    assert str(caught.value) == (
        "ratio: it takes 2 column(s), and 1 were given. "
        "Name as many columns as it takes, or a multiple."
    )


def test_a_mask_of_another_length_is_refused() -> None:
    with pytest.raises(EstimationError) as caught:
        estimate(MEAN, by_camp(), ["litres"], where=np.array([True]))

    assert str(caught.value) == (
        "where: it must say yes or no of each of the 6 rows. "
        "Give an array of that many True and False."
    )


def test_contrast_weights_of_another_number_are_refused() -> None:
    with pytest.raises(EstimationError) as caught:
        estimate(MEAN, by_camp(), ["litres"]).contrast(np.array([1.0, -1.0]))

    assert str(caught.value) == (
        "contrast: there are 2 weights for 1 numbers. "
        "Give one weight for each number, 0 for those that play no part."
    )
