"""Replicate weights: supplied, made by leaving clusters out, raked, or refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey_kit.collect import collect
from survey_kit.design.design import Design, Lonely, Sampling
from survey_kit.design.replicates import jackknife, with_replicates
from survey_kit.design.sample import Sample
from survey_kit.errors import DesignError, EstimationError, LonelyUnit, WeightingError
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.proportions import shares, shares_of_cases
from survey_kit.estimation.quantile import quantile
from survey_kit.estimation.rao_scott import rao_scott
from survey_kit.estimation.statistic import Statistic
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.total import TOTAL
from survey_kit.estimation.t_test import t_test
from survey_kit.weighting.calibrate import poststratify
from survey_kit.weighting.rake import rake

DRAWN = Sampling.PROBABILITY
EVERY = collect("survey_kit.estimation.statistics", Statistic)


def camps(n: int = 360, **design: Any) -> Sample:
    """People of 36 camps in 3 regions, from a fixed seed."""
    random = np.random.default_rng(8)
    camp = np.arange(n) % 36
    frame = pd.DataFrame(
        {
            "region": camp // 12,
            "camp": camp,
            "camps": 40,
            "sex": np.where(random.random(n) < 0.6, "f", "m"),
            "water": random.choice(["pipe", "river", "well"], n),
            "litres": random.lognormal(3, 0.4, n) + camp / 3,
            "people": random.poisson(5, n) + 1.0,
            "tap": (random.random(n) < 0.3).astype(float),
            "weight": random.uniform(1, 3, n),
        }
    )
    given = {"weight": "weight", "stratum": "region", "cluster": "camp"} | design
    return Sample(frame, Design(DRAWN, **given))


@pytest.mark.parametrize("population", [None, "camps"])
@pytest.mark.parametrize("stratum", [None, "region"])
def test_a_jackknifed_total_has_its_linearised_variance(
    stratum: str | None, population: str | None
) -> None:
    sample = camps(stratum=stratum, population=population)

    found = estimate(TOTAL, jackknife(sample), ["litres", "tap"])

    plain = estimate(TOTAL, sample, ["litres", "tap"])
    assert found.value == pytest.approx(plain.value)
    assert found.covariance == pytest.approx(plain.covariance)
    assert found.df == plain.df == (33 if stratum else 35)


@pytest.mark.parametrize("statistic", EVERY.values(), ids=EVERY)
def test_any_statistic_varies_under_a_jackknife_nearly_as_linearised(statistic: Statistic) -> None:
    columns = ["litres", "people"][: statistic.columns]

    found = estimate(statistic, jackknife(camps()), columns, by=["sex"])

    plain = estimate(statistic, camps(), columns, by=["sex"])
    assert found.standard_error == pytest.approx(plain.standard_error, rel=0.1, abs=1e-9)


def test_a_mean_by_hand() -> None:
    frame = pd.DataFrame({"litres": [1.0, 2, 6], "a": [0.0, 1.5, 1.5], "b": [1.5, 0.0, 1.5]})
    sample = with_replicates(Sample(frame, Design(DRAWN)), ["a", "b"], "other", scale=0.5)

    found = estimate(MEAN, sample, ["litres"])

    # the replicates have the means 4 and 3.5
    assert found.value[0] == 3
    assert found.variance[0] == pytest.approx(0.5 * 2 * 0.25**2)
    assert found.df == 1


def test_about_the_estimate_the_variance_is_larger() -> None:
    sample = camps()

    about_mean = estimate(MEAN, jackknife(sample), ["litres"])
    about_itself = estimate(MEAN, jackknife(sample, centre="estimate"), ["litres"])

    assert about_itself.variance[0] >= about_mean.variance[0]


def test_factors_to_a_weight_are_the_same_as_the_weights_themselves() -> None:
    sample = camps()
    replicates = jackknife(sample).replicates
    assert replicates is not None
    weights = np.column_stack([replicates.weights(number) for number in range(len(replicates))])
    names = [f"r{number}" for number in range(weights.shape[1])]
    found = []
    for values, combined in ((weights, True), (replicates.factors[replicates.row], False)):
        data = sample.data.assign(**dict(zip(names, values.T, strict=True)))
        given = with_replicates(
            Sample(data, sample.design),
            names,
            "JKn",
            rscales=list(replicates.rscales),
            combined=combined,
        )
        found.append(estimate(MEAN, given, ["litres"]))

    plain = estimate(MEAN, jackknife(sample), ["litres"])
    assert [each.variance[0] for each in found] == pytest.approx([plain.variance[0]] * 2)
    assert [each.df for each in found] == [33, 33]


KINDS = {"BRR": 1 / 4, "Fay": 1 / (4 * 0.49), "bootstrap": 1 / 3, "JK1": 3 / 4, "ACS": 1, "JK2": 1}


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_decides_the_scale(kind: Any) -> None:
    data = pd.DataFrame(np.ones((3, 4)), columns=list("abcd"))

    sample = with_replicates(Sample(data, Design(DRAWN)), list("abcd"), kind, rho=0.3)

    assert sample.replicates is not None
    assert sample.replicates.scale == pytest.approx(KINDS[kind])


def test_shares_are_means_of_indicators_under_replicates_too() -> None:
    sample = jackknife(camps())
    data = sample.data
    options = {name: (data["water"] == name).astype(float) for name in ("pipe", "river", "well")}
    wider = jackknife(Sample(data.assign(**options), sample.design))

    means = estimate(MEAN, wider, list(options), by=["sex"])

    for found in (
        shares(sample, "water", by="sex"),
        shares_of_cases(wider, list(options), by="sex"),
    ):
        assert found.value == pytest.approx(means.value)
        assert found.covariance == pytest.approx(means.covariance)
        assert found.own_df == pytest.approx(means.own_df)


def test_tests_come_out_nearly_as_linearised() -> None:
    plain, replicated = camps(), jackknife(camps())

    assert rao_scott(replicated, "water", "sex").p == pytest.approx(
        rao_scott(plain, "water", "sex").p, rel=0.1
    )
    assert t_test(replicated, "litres", by="sex").p == pytest.approx(
        t_test(plain, "litres", by="sex").p, rel=0.1
    )


def test_raking_rakes_every_replicate() -> None:
    margins = {"sex": {"f": 400.0, "m": 300.0}, "water": {"pipe": 350, "river": 200, "well": 150}}

    raked = rake(jackknife(camps()), margins).sample

    assert shares(raked, "sex").value == pytest.approx([4 / 7, 3 / 7])
    assert shares(raked, "sex").standard_error == pytest.approx([0, 0], abs=1e-9)
    linearised = estimate(MEAN, rake(camps(), margins).sample, ["litres"])
    assert estimate(MEAN, raked, ["litres"]).standard_error == pytest.approx(
        linearised.standard_error, rel=0.1
    )


def test_raking_a_second_time_is_refused_as_without_replicates() -> None:
    margins = {"sex": {"f": 0.5, "m": 0.5}}
    raked = rake(jackknife(camps()), margins).sample

    with pytest.raises(WeightingError) as caught:
        rake(raked, margins)

    assert str(caught.value) == (
        "weights: this sample was already calibrated. Start from the sample before that, and give "
        "all margins at once."
    )


def test_poststratifying_does_the_same_to_every_replicate() -> None:
    sample = poststratify(jackknife(camps()), {"sex": {"f": 400, "m": 300}}).sample

    replicates = sample.replicates
    assert replicates is not None
    women = (sample.data["sex"] == "f").to_numpy()
    for number in range(len(replicates)):
        assert replicates.weights(number)[women].sum() == pytest.approx(400)


def test_a_quantile_scatters_over_bootstrap_replicates() -> None:
    random = np.random.default_rng(2)
    sample = camps()
    clusters = random.multinomial(36, np.full(36, 1 / 36), size=200)
    names = [f"b{number}" for number in range(200)]
    factors = clusters[:, sample.data["camp"].to_numpy()]
    data = pd.concat(
        [sample.data, pd.DataFrame(factors.T.astype(float), columns=names)],
        axis=1,
    )
    given = with_replicates(Sample(data, sample.design), names, "bootstrap", combined=False)

    found = quantile(given, ["litres"], [0.5], interval="replicates")

    woodruff = quantile(sample, ["litres"], [0.5])
    assert found.value[0] == woodruff.value[0]
    # another design (no strata) and 200 draws: near, not the same
    assert found.standard_error[0] == pytest.approx(woodruff.standard_error[0], rel=0.6)
    assert found.low[0] < found.value[0] < found.high[0]


def test_a_quantile_of_a_jackknife_is_refused_with_its_own_interval() -> None:
    with pytest.raises(EstimationError) as caught:
        quantile(jackknife(camps()), ["litres"], interval="replicates")

    assert str(caught.value) == (
        "quantile: the sample has no replicates, or those of a jackknife, which do not fit a "
        "quantile. Ask for interval='mean', or use bootstrap or balanced replicates."
    )


def test_a_group_that_lives_in_one_cluster_has_no_jackknifed_variance() -> None:
    sample = jackknife(camps())

    found = estimate(MEAN, sample, ["litres"], by=["camp"])

    assert np.isfinite(found.value).all()
    assert np.isnan(found.standard_error).all()


def test_a_lonely_cluster_cannot_be_left_out() -> None:
    frame = pd.DataFrame({"region": ["north", "south", "south"], "litres": [1.0, 2, 3]})
    design = Design(DRAWN, stratum="region")
    with pytest.raises(LonelyUnit) as caught:
        jackknife(Sample(frame, design))

    assert str(caught.value) == (
        "region north: only one cluster was drawn, so it cannot be left out. Merge the stratum "
        "with the one it most resembles."
    )
    removed = Sample(frame, Design(DRAWN, stratum="region", lonely=Lonely.REMOVE))
    # 2 and 3 litres: (3 - 2)² between two clusters
    assert estimate(TOTAL, jackknife(removed), ["litres"]).variance[0] == pytest.approx(1)


REFUSED = {
    "replicates: there are none, or a weight is missing, negative or infinite. Name the columns "
    "of replicate weights; every row needs one of 0 or more in each.": {"columns": ["bad"]},
    "replicates: there is one, and one does not scatter. Name the columns of all of them.": {
        "columns": ["a"]
    },
    "replicates 'boot': there is no such kind. Write how they were made: one of JK1, JKn, JK2, "
    "BRR, Fay, bootstrap, ACS, successive-difference, other.": {"kind": "boot"},
    "rscales: there are 3 for 2 replicates. Give one number, or one for each replicate.": {
        "rscales": [1, 1, 1]
    },
    "rscales: the replicates of a stratified jackknife do not tell what they count for. Give one "
    "for each replicate: (n - 1)/n of the stratum it leaves a cluster out of.": {"kind": "JKn"},
    "rho: it is not given, or not from 0 to 1. Give Fay's, such as 0.5.": {"kind": "Fay"},
}


@pytest.mark.parametrize("message", REFUSED)
def test_replicate_weights_that_do_not_do_are_refused(message: str) -> None:
    data = pd.DataFrame({"a": [1.0, 0], "b": [0.0, 1], "bad": [1.0, -1]})
    given: dict[str, Any] = {"columns": ["a", "b"], "kind": "other"} | REFUSED[message]

    with pytest.raises(DesignError) as caught:
        with_replicates(Sample(data, Design(DRAWN)), **given)

    assert str(caught.value) == message


def test_replicates_of_other_rows_are_refused() -> None:
    sample = jackknife(camps())
    with pytest.raises(DesignError) as caught:
        Sample(sample.data.iloc[:10], sample.design, replicates=sample.replicates)

    assert str(caught.value) == (
        "replicates: they are of 360 rows, and the data have 10. Make them of these data, and ask "
        "for domains instead of leaving rows out."
    )


def test_a_jackknife_of_a_raked_sample_is_refused() -> None:
    raked = rake(camps(), {"sex": {"f": 0.5, "m": 0.5}}).sample
    with pytest.raises(DesignError) as caught:
        jackknife(raked)

    assert str(caught.value) == (
        "jackknife: this sample already has replicates, or was calibrated. Make the replicates of "
        "the sample as it was drawn, and rake it afterwards."
    )


def test_a_jackknife_that_would_not_fit_into_memory_is_refused() -> None:
    with pytest.raises(DesignError) as caught:
        jackknife(Sample(pd.DataFrame({"litres": np.ones(10_001)}), Design(DRAWN)))

    assert str(caught.value) == (
        "jackknife: it would take 10,001 replicates of as many clusters. Use the linearised "
        "variance; a jackknife is for at most 10,000."
    )
