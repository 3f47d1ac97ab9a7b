"""Average effects of every kind of model, against a delta method by hand in R, and laws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.models.family import BINOMIAL, GAMMA, POISSON
from survey_kit.estimation.models.margins import average_effects, predicted_means
from survey_kit.estimation.models.ordinal import ordinal
from survey_kit.estimation.models.regression import regression

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference" / "open" / "data"
CATEGORIES = {
    "sex": ["female", "male"],
    "educ": ["none", "primary", "secondary", "tertiary"],
    "trust": ["low", "mid", "high"],
}
ROWS = 120
DESIGN = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster")


@pytest.fixture(scope="module")
def interviews() -> Sample:
    path = REFERENCE / "m612.csv"
    if not path.is_file():
        pytest.skip("the shared reference data are not here")
    data = pd.read_csv(path)
    for column, levels in CATEGORIES.items():
        data[column] = pd.Categorical(data[column], levels)
    return Sample(data, Design(Sampling.PROBABILITY, weight="w", stratum="country", cluster="site"))


def people(seed: int) -> pd.DataFrame:
    """Three strata of five clusters of eight, in which nothing goes with anything."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "age": rng.uniform(18, 60, ROWS),
            "sex": rng.choice(["man", "woman"], ROWS),
            "school": rng.choice([1, 2, 3], ROWS),
            "debt": rng.integers(0, 2, ROWS).astype(float),
            "weight": rng.uniform(0.5, 3, ROWS),
            "stratum": np.repeat(["a", "b", "c"], 40),
            "cluster": np.repeat(np.arange(15), 8),
        }
    )


# R 4.2.2, survey 4.1-1. For each model e is what moving the predictor does to each row's mean,
# G the derivative of its weighted mean by the coefficients (central differences), and
# V is G vcov(model) G' + vcov(svymean(~e, d)).
@pytest.mark.shared
def test_effects_on_a_share_with_interactions_are_those_by_hand(interviews: Sample):
    # svyglm(debt~sex*months+educ, d, family=quasibinomial())
    model = regression("debt ~ sex * months + educ", interviews, family=BINOMIAL)

    found = average_effects(model, ["sex", "months", "educ"])

    assert found.names[0] == ("sex", "male - female")
    assert found.names[1] == ("months", "slope")
    assert found.names[4] == ("educ", "tertiary - none")
    assert found.value[[0, 1, 4]] == pytest.approx(
        [0.0772207066133, 0.0567459452241, -0.0123934914699], rel=1e-6
    )
    assert found.standard_error[[0, 1, 4]] == pytest.approx(
        [0.0485542416556, 0.00736803480892, 0.0927324600679], rel=1e-5
    )


@pytest.mark.shared
def test_effects_on_counts_and_costs_are_those_by_hand(interviews: Sample):
    # svyglm(months~debt+inc_1*sex, d, family=quasipoisson()), debt from 0 to 1
    counts = regression("months ~ debt + inc_1 * sex", interviews, family=POISSON)
    # svyglm(cost~debt+months, d, family=Gamma(link='log')), the slope along months
    costs = regression("cost ~ debt + months", interviews, family=GAMMA, link="log")

    debt, months = average_effects(counts, "debt"), average_effects(costs, "months")

    assert debt.value == pytest.approx([1.57583184702], rel=1e-7)
    assert debt.standard_error == pytest.approx([0.289942254728], rel=1e-6)
    assert months.value == pytest.approx([109.754538432], rel=1e-6)
    assert months.standard_error == pytest.approx([44.3001195849], rel=1e-5)


@pytest.mark.shared
def test_effects_on_categories_in_order_are_those_by_hand(interviews: Sample):
    # svyolr(trust~debt+months+sex, d), which is good to three or four digits
    model = ordinal("trust ~ debt + months + sex", interviews)

    debt, months = average_effects(model, "debt"), average_effects(model, "months")

    assert [name[-1] for name in debt.names] == ["low", "mid", "high"]
    assert debt.value == pytest.approx(
        [-0.0436649684535, 0.00219821466434, 0.0414667537892], rel=1e-3
    )
    assert debt.standard_error == pytest.approx(
        [0.0425420011944, 0.00633252137208, 0.0442784903915], rel=1e-3
    )
    assert months.value == pytest.approx(
        [0.00389170441974, -0.000287192862675, -0.00360451155707], rel=1e-3
    )
    assert months.standard_error == pytest.approx(
        [0.00951320493662, 0.000688910571629, 0.00906987098236], rel=1e-3
    )


def test_several_effects_at_once_are_each_alone_where_nothing_is_missing():
    model = regression("debt ~ age * sex", Sample(people(1), DESIGN), family=BINOMIAL)

    both = average_effects(model, ["sex", "age"])

    for at, column in enumerate(("sex", "age")):
        alone = average_effects(model, column)
        assert both.value[at] == pytest.approx(alone.value[0])
        assert both.standard_error[at] == pytest.approx(alone.standard_error[0])


def test_a_number_that_the_formula_takes_as_codes_has_the_effects_of_codes():
    data = people(2)
    words = data.assign(school=data["school"].map({1: "1", 2: "2", 3: "3"}))
    number = regression("debt ~ C(school) + age", Sample(data, DESIGN), family=BINOMIAL)
    category = regression("debt ~ school + age", Sample(words, DESIGN), family=BINOMIAL)

    one, other = average_effects(number, "school"), average_effects(category, "school")

    assert one.names == other.names
    assert one.value == pytest.approx(other.value)
    assert one.covariance == pytest.approx(other.covariance)


def test_the_slope_along_a_curve_is_that_of_the_curve_however_it_is_written():
    sample = Sample(people(3), DESIGN)

    square = regression("debt ~ age + I(age ** 2)", sample, family=BINOMIAL)
    orthogonal = regression("debt ~ poly(age, 2)", sample, family=BINOMIAL)

    one, other = average_effects(square, "age"), average_effects(orthogonal, "age")
    assert one.value == pytest.approx(other.value, rel=1e-6)
    assert one.standard_error == pytest.approx(other.standard_error, rel=1e-4)


def test_effects_of_what_a_spline_does_reach_beyond_its_ends():
    sample = Sample(people(3), DESIGN)

    for curve in ("ns(age, df=3)", "bs(age, df=4)"):
        found = average_effects(regression(f"debt ~ {curve}", sample, family=BINOMIAL), "age")
        assert np.isfinite(found.value).all()
        assert (found.standard_error > 0).all()


def test_the_effect_of_what_decides_a_stratum_is_no_matter_of_the_design():
    model = regression("debt ~ stratum + age", Sample(people(4), DESIGN), family=BINOMIAL)

    means, effects = predicted_means(model, "stratum"), average_effects(model, "stratum")

    assert effects.value == pytest.approx(means.value[1:] - means.value[0])


def test_what_has_no_effect_in_the_model_is_refused_in_words():
    model = regression("debt ~ age", Sample(people(1), DESIGN), family=BINOMIAL)

    with pytest.raises(EstimationError) as absent:
        average_effects(model, "sex")
    with pytest.raises(EstimationError) as number:
        predicted_means(model, "age")

    assert str(absent.value) == (
        "effect of 'sex': the model debt ~ age does not have it. Add it to the formula."
    )
    assert str(number.value) == (
        "predicted means by 'age': it is a number and has no categories. "
        "Use `average_effects` for its slope, or make it a category."
    )
