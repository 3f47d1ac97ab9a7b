"""Direct standardisation: by hand, its laws, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import WeightingError
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.weighting.standardise import standardise


def people() -> Sample:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "country": np.repeat(["x", "y"], 60),
            "age": rng.choice(["old", "young"], 120, p=[0.3, 0.7]),
            "ill": (rng.uniform(size=120) < 0.4).astype(float),
            "weight": rng.uniform(1, 3, 120),
        }
    )
    return Sample(frame, Design(Sampling.PROBABILITY, weight="weight", stratum="country"))


def test_a_group_gets_the_mean_of_its_categories_in_the_standards_shares():
    sample = people()

    made = standardise(sample, "age", {"young": 6_000, "old": 4_000}, over=["country"])
    found = estimate(MEAN, made.sample, ["ill"], by=["country"], where=made.among)

    data = sample.data
    for at, country in enumerate(["x", "y"]):
        means = [
            np.average(part["ill"], weights=part["weight"])
            for age in ("young", "old")
            for part in [data[(data["country"] == country) & (data["age"] == age)]]
        ]
        assert found.value[at] == pytest.approx(0.6 * means[0] + 0.4 * means[1])


def test_the_total_of_a_group_stays_and_what_was_made_equal_has_no_error():
    sample = people()

    made = standardise(sample, "age", {"young": 0.5, "old": 0.5}, over=["country"])

    of = made.sample.data.assign(old=(made.sample.data["age"] == "old").astype(float))
    again = Sample(of, made.sample.design, made.sample.calibration)
    share = estimate(MEAN, again, ["old"], by=["country"], where=made.among)
    assert share.value == pytest.approx([0.5, 0.5])
    assert share.standard_error == pytest.approx([0, 0], abs=1e-9)
    before = sample.data.groupby("country")["weight"].sum()
    after = made.sample.data.groupby("country")["standardised weight"].sum()
    assert after.to_numpy() == pytest.approx(before.to_numpy())


def test_rows_that_are_not_asked_about_keep_their_weights():
    sample = people()
    asked = np.arange(120) % 3 > 0

    made = standardise(sample, "age", {"young": 1, "old": 1}, where=asked)

    assert not made.among[~asked].any()
    outside = made.sample.weights[~asked]
    assert outside == pytest.approx(sample.weights[~asked])


@pytest.mark.parametrize(
    ("population", "message"),
    [
        (
            {"young": 1},
            "standard population of 'age': 'old' has no number. Name each of its categories once.",
        ),
        (
            {"young": 1, "old": 1, "elder": 1},
            (
                "standard population of 'age': 'elder' is no category of it. "
                "Name each of its categories once."
            ),
        ),
        (
            {"young": 1, "old": 0},
            (
                "standard population of 'age': it has nobody in a category that the sample has people "
                "in. Leave those rows out with `where`, or merge the category."
            ),
        ),
    ],
)
def test_a_population_that_does_not_fit_is_refused(population: dict[str, float], message: str):
    with pytest.raises(WeightingError) as caught:
        standardise(people(), "age", population)

    assert str(caught.value) == message


def test_a_group_without_a_category_is_refused():
    sample = people()
    data = sample.data.assign(
        age=np.where(sample.data["country"] == "x", "old", sample.data["age"])
    )

    with pytest.raises(WeightingError) as caught:
        standardise(Sample(data, sample.design), "age", {"young": 1, "old": 1}, over=["country"])

    assert str(caught.value) == (
        "standardisation over country x: nobody is in 'young' of 'age'. "
        "Merge categories, or groups, until each group has all of them."
    )
