"""Balanced halves and the bootstrap: what they must give, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling, Unequal
from survey_kit.design.replicate_making import balanced_halves, bootstrap
from survey_kit.design.sample import Sample
from survey_kit.errors import DesignError, LonelyUnit
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.total import TOTAL

DESIGN = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster")


def pairs(strata: int, per_stratum: int = 2) -> Sample:
    rng = np.random.default_rng(strata)
    n = strata * per_stratum * 4
    frame = pd.DataFrame(
        {
            "y": rng.normal(10, 3, n),
            "weight": rng.uniform(1, 4, n),
            "stratum": np.repeat(np.arange(strata), per_stratum * 4),
            "cluster": np.repeat(np.arange(strata * per_stratum), 4),
        }
    )
    return Sample(frame, DESIGN)


@pytest.mark.parametrize("strata", [1, 3, 8, 15, 16])
@pytest.mark.parametrize("rho", [0.0, 0.3, 0.5])
def test_the_error_of_a_total_from_balanced_halves_is_the_linearised_one(strata: int, rho: float):
    sample = pairs(strata)

    halves = estimate(TOTAL, balanced_halves(sample, rho=rho), ["y"])

    linearised = estimate(TOTAL, sample, ["y"])
    assert halves.value == pytest.approx(linearised.value)
    assert halves.standard_error == pytest.approx(linearised.standard_error)


def test_every_half_keeps_one_cluster_of_each_stratum_and_doubles_it():
    replicates = balanced_halves(pairs(5)).replicates

    assert replicates is not None
    assert set(np.unique(replicates.factors)) == {0.0, 2.0}
    assert (replicates.factors.reshape(5, 2, -1).sum(axis=1) == 2).all()
    assert replicates.kind == "BRR"


def test_the_bootstrap_is_near_the_linearised_error_and_the_same_for_a_seed():
    sample = pairs(6, per_stratum=5)

    one, again, other = (estimate(MEAN, bootstrap(sample, 800, seed=s), ["y"]) for s in (1, 1, 2))

    linearised = estimate(MEAN, sample, ["y"]).standard_error
    assert one.standard_error == pytest.approx(linearised, rel=0.1)
    assert one.standard_error == pytest.approx(again.standard_error)
    assert one.standard_error != pytest.approx(other.standard_error, rel=1e-9)


def test_what_halves_and_the_bootstrap_cannot_be_made_of_is_refused():
    with pytest.raises(DesignError) as three:
        balanced_halves(pairs(2, per_stratum=3))
    with pytest.raises(DesignError, match="rho: it is 1"):
        balanced_halves(pairs(2), rho=1)
    with pytest.raises(LonelyUnit, match="only one cluster was drawn"):
        bootstrap(pairs(2, per_stratum=1), 100, seed=1)
    with pytest.raises(DesignError, match="already has replicates"):
        bootstrap(balanced_halves(pairs(2)), 100, seed=1)

    assert str(three.value) == (
        "stratum 0: 3 clusters were drawn, and halves take two. "
        "Pair the clusters into strata of two, or use the bootstrap."
    )


def unequal(chance: list[float]) -> Sample:
    frame = pd.DataFrame({"y": [3.0, 5.0, 8.0, 2.0], "chance": chance})
    return Sample(frame, Design(Sampling.PROBABILITY, population="chance", unequal=Unequal.BREWER))


def test_with_unequal_chances_a_row_stands_for_one_over_its_chance():
    sample = unequal([0.5, 0.25, 0.8, 0.2])

    total = estimate(TOTAL, sample, ["y"])

    z = np.array([3 / 0.5, 5 / 0.25, 8 / 0.8, 2 / 0.2])
    left = 1 - np.array([0.5, 0.25, 0.8, 0.2])
    assert total.value[0] == pytest.approx(z.sum())
    assert total.variance[0] == pytest.approx(4 / 3 * (left * (z - z.mean()) ** 2).sum())


def test_equal_chances_are_a_share_drawn():
    shared = Design(Sampling.PROBABILITY, population="chance")

    uneven = unequal([0.4] * 4)
    even = Sample(uneven.data, shared)

    for statistic in (TOTAL, MEAN):
        one, other = (estimate(statistic, each, ["y"]) for each in (uneven, even))
        assert one.value == pytest.approx(other.value)
        assert one.covariance == pytest.approx(other.covariance)


def test_a_chance_above_one_is_refused():
    with pytest.raises(DesignError) as caught:
        unequal([0.5, 2.0, 3.0, 4.0])

    assert "population" in str(caught.value)
