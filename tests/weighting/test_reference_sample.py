"""Volunteers beside a reference sample: whom they come to stand for, and how surely."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError, WeightingError
from survey_kit.estimation.doubly_robust import doubly_robust
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.models.family import BINOMIAL, POISSON
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.weighting.reference_sample import How, match


def population(size: int = 20_000) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    age = rng.uniform(0, 4, size)
    sex = rng.choice(["f", "m"], size)
    income = 2 + age + (sex == "m") + rng.normal(size=size)
    return pd.DataFrame(
        {"age": age, "sex": sex, "income": income, "poor": (income < 4).astype(float)}
    )


def both(seed: int = 1) -> tuple[Sample, Sample]:
    """Young women volunteer: 800 or so. 500 of the population at random are the reference."""
    rng, people = np.random.default_rng(seed), population()
    linear = -3 - 0.6 * people["age"] + 0.8 * (people["sex"] == "f")
    came = rng.random(len(people)) < 1 / (1 + np.exp(-linear))
    drawn = people.iloc[rng.choice(len(people), 500, replace=False)].assign(d=len(people) / 500)
    return (
        Sample(people[came].reset_index(drop=True), Design(Sampling.OPT_IN)),
        Sample(drawn.reset_index(drop=True), Design(Sampling.PROBABILITY, weight="d")),
    )


@pytest.mark.parametrize("how", ["propensity", "calibration"])
def test_one_category_gives_everybody_the_number_they_stand_for(how: How) -> None:
    volunteers, reference = both()

    found = match(volunteers, reference, ["sex"], how=how, replicates=2, seed=1).sample

    for sex in ("f", "m"):
        people = reference.weights[reference.data["sex"] == sex].sum()
        assert found.weights[found.data["sex"] == sex].sum() == pytest.approx(people)


def test_the_equations_hold() -> None:
    volunteers, reference = both()
    columns = ["age", "sex"]

    by_propensity = match(volunteers, reference, columns, replicates=2, seed=1)
    calibrated = match(volunteers, reference, columns, how="calibration", replicates=2, seed=1)

    x, z, d = calibrated.x_sample, calibrated.x_reference, reference.weights
    assert calibrated.sample.weights @ x == pytest.approx(d @ z)
    theta = np.linalg.lstsq(x, -np.log(1 / by_propensity.propensity - 1))[0]
    assert d @ (z / (1 + np.exp(-z @ theta))[:, None]) == pytest.approx(x.sum(axis=0))


@pytest.mark.parametrize("how", ["propensity", "calibration"])
def test_matching_takes_the_bias_away_and_keeps_an_honest_error(how: How) -> None:
    volunteers, reference = both()
    truth = population()["income"].mean()

    found = match(volunteers, reference, ["age", "sex"], how=how, replicates=60, seed=2)
    matched = estimate(MEAN, found.sample, ["income"])
    robust = doubly_robust(found, "income")

    assert abs(estimate(MEAN, volunteers, ["income"]).value[0] - truth) > 0.4
    for each in (matched, robust):
        assert abs(each.value[0] - truth) < 3 * each.standard_error[0] < 0.5


def test_an_answer_that_x_explains_wholly_is_that_of_the_reference_sample() -> None:
    volunteers, reference = both()
    data = volunteers.data.assign(score=3 + 2 * volunteers.data["age"])
    expected = np.average(3 + 2 * reference.data["age"], weights=reference.weights)

    # matched by both, so the model of the answer is right whatever the propensities are
    found = match(Sample(data, volunteers.design), reference, ["age", "sex"], replicates=5, seed=1)

    assert doubly_robust(found, "score").value[0] == pytest.approx(expected)


def test_calibrated_volunteers_need_no_linear_model_of_the_answer() -> None:
    found = match(*both(), ["age", "sex"], how="calibration", replicates=5, seed=1)

    robust, plain = doubly_robust(found, "income"), estimate(MEAN, found.sample, ["income"])

    assert robust.value[0] == pytest.approx(plain.value[0])
    assert robust.standard_error[0] == pytest.approx(plain.standard_error[0])


def test_a_share_takes_a_logistic_model() -> None:
    found = match(*both(), ["age", "sex"], replicates=40, seed=1)

    share = doubly_robust(found, "poor", family=BINOMIAL)

    truth = population()["poor"].mean()
    assert abs(share.value[0] - truth) < 3 * share.standard_error[0] < 0.2


def test_the_same_seed_gives_the_same_error() -> None:
    errors = [
        doubly_robust(match(*both(), ["sex"], replicates=5, seed=seed), "income").variance[0]
        for seed in (1, 1, 2)
    ]

    assert errors[0] == errors[1] != errors[2]


def refusal(volunteers: Sample, reference: Sample, columns: list[str]) -> str:
    with pytest.raises(WeightingError) as caught:
        match(volunteers, reference, columns, replicates=2, seed=1)
    return str(caught.value)


def test_a_category_that_only_one_of_them_has_is_named() -> None:
    volunteers, reference = both()
    camps = volunteers.data.assign(place=["camp"] + ["town"] * (len(volunteers) - 1))
    towns = reference.data.assign(place=["town"] * 499 + ["village"])

    said = refusal(Sample(camps, volunteers.design), Sample(towns, reference.design), ["place"])

    remedy = "Merge it with the category most like it, in both samples."
    assert said.splitlines() == [
        f"column 'place', category 'camp': nobody in the reference sample has it. {remedy}",
        f"column 'place', category 'village': nobody in the volunteers has it. {remedy}",
    ]


def test_a_reference_sample_of_fewer_people_than_volunteers_is_refused() -> None:
    volunteers, reference = both()
    plain = Sample(reference.data, Design(Sampling.PROBABILITY))

    assert refusal(volunteers, plain, ["sex"]) == (
        f"reference sample: its weights add to 500, and there are {len(volunteers):,} volunteers. "
        "Give weights that add to the number of people in the population."
    )


def test_replicates_that_are_there_already_are_refused() -> None:
    volunteers, reference = both()

    assert refusal(volunteers, jackknife(reference), ["sex"]) == (
        "reference sample: it has replicates already. Give it as it was drawn: both are drawn anew."
    )


def test_an_answer_that_is_missing_is_refused() -> None:
    volunteers, reference = both()
    data = volunteers.data.assign(income=[np.nan] + [1.0] * (len(volunteers) - 1))
    found = match(Sample(data, volunteers.design), reference, ["sex"], replicates=2, seed=1)

    with pytest.raises(EstimationError) as caught:
        doubly_robust(found, "income")
    assert str(caught.value) == (
        "column 'income': 1 volunteers have no answer. Match those who answered: leave the others "
        "out of the sample beforehand."
    )


def test_a_family_without_a_mean_of_that_kind_is_refused() -> None:
    found = match(*both(), ["sex"], replicates=2, seed=1)

    with pytest.raises(EstimationError, match="Take GAUSSIAN or BINOMIAL"):
        doubly_robust(found, "income", family=POISSON)
