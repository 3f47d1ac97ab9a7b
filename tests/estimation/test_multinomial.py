"""Models of categories without an order: R's `nnet::multinom`, laws, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.models.family import BINOMIAL
from survey_kit.estimation.models.margins import average_effects, predicted_means
from survey_kit.estimation.models.multinomial import multinomial
from survey_kit.estimation.models.regression import regression
from survey_kit.estimation.models.term_test import wald_test
from survey_kit.estimation.statistics.mean import MEAN

ROWS = 240
DESIGN = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster")
REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference" / "open" / "data"
CATEGORIES = {
    "sex": ["female", "male"],
    "educ": ["none", "primary", "secondary", "tertiary"],
}


def people(seed: int) -> pd.DataFrame:
    """Four strata of six clusters of ten."""
    rng = np.random.default_rng(seed)
    age = rng.uniform(18, 60, ROWS)
    linear = np.column_stack([np.zeros(ROWS), 0.03 * (age - 40), -0.5 + 0.01 * age])
    lender = (linear + rng.gumbel(size=(ROWS, 3))).argmax(axis=1)
    return pd.DataFrame(
        {
            "age": age,
            "sex": rng.choice(["man", "woman"], ROWS),
            "lender": np.array(["bank", "family", "smuggler"])[lender],
            "weight": rng.uniform(0.5, 3, ROWS),
            "stratum": np.repeat(["n", "e", "s", "w"], 60),
            "cluster": np.repeat(np.arange(24), 10),
        }
    )


@pytest.fixture(scope="module")
def interviews() -> Sample:
    path = REFERENCE / "m612.csv"
    if not path.is_file():
        pytest.skip("the shared reference data are not here")
    data = pd.read_csv(path)
    for column, levels in CATEGORIES.items():
        data[column] = pd.Categorical(data[column], levels)
    return Sample(data, Design(Sampling.PROBABILITY, weight="w", stratum="country", cluster="site"))


# R 4.2.2, nnet 7.3-18, survey 4.1-1:
#   d is svydesign(id=~site, strata=~country, weights=~w, data=m612), and
#   b <- nnet::multinom(educ~debt+sex+months, m612, weights=w/mean(w), reltol=1e-15, maxit=2000)
#   linearised: vcov(svytotal(U %*% solve(H), d)) with the scores U and the information H of b
#   jackknife:  withReplicates(as.svrepdesign(d, "JKn"), function(w, data) t(coef(multinom(...))))
# fmt: off
OF_R = {
    "coefficients": [
        -0.1423627217, 0.368153243608, -0.166245736131, 0.04888681239, 0.012303073154,
        0.313124852423, -0.505951145511, 0.0278908950228, -0.991428967234, -0.0715299619163,
        0.148056245504, -0.04166215763,
    ],
    "linearised": [
        0.391001046075, 0.340135653771, 0.254848004596, 0.06095706823, 0.487810554798,
        0.383865044312, 0.287556287845, 0.0530177168265, 0.464036849201, 0.455248978085,
        0.360794000709, 0.0688888079218,
    ],
    "jackknife": [
        0.413776597565, 0.343909862843, 0.255072783403, 0.0655897096366, 0.508457136646,
        0.393446507221, 0.293015444447, 0.0564054881697, 0.490168039316, 0.473703009828,
        0.37838169685, 0.0738963744864,
    ],
    "without Libya": [
        0.0856646178082, 0.600867737001, -0.228299672694, 0.00346337499645, 0.103431431871,
        0.484529092593, -0.410607217996, 0.00228325345027, -0.98923556295, -0.209007270156,
        0.489351605594, -0.0676732443153,
    ],
    "offset": [
        0.0900796748028, 0.447609074608, -0.157364534334, -0.334281686698, 0.186622140589,
        -0.52739993984, -1.18030887112, -0.132490206514, 0.139551582389,
    ],
}
# fmt: on


@pytest.mark.shared
def test_coefficients_and_standard_errors_are_those_of_r(interviews: Sample):
    model = multinomial("educ ~ debt + sex + months", interviews)

    assert model.coefficients.value == pytest.approx(OF_R["coefficients"], abs=1e-8)
    assert model.coefficients.standard_error == pytest.approx(OF_R["linearised"], rel=1e-7)
    assert model.deviance == pytest.approx(1579.9815608, rel=1e-9)
    test = wald_test(model, "months")
    assert (test.statistic, test.p) == pytest.approx((0.968668377506, 0.420848388657), rel=1e-7)
    assert (test.numerator_df, test.denominator_df) == (3, 29)


@pytest.mark.shared
def test_replicates_domains_and_offsets_are_those_of_r(interviews: Sample):
    formula = "educ ~ debt + sex + months"
    asked = (interviews.data["country"] != "Libya").to_numpy()

    again = multinomial(formula, jackknife(interviews))
    domain = multinomial(formula, interviews, where=asked)
    # multinom(educ~debt+sex+offset(cbind(0, 0, months/10, 0)), ...)
    shifted = multinomial("educ ~ debt + sex", interviews, offsets={"secondary": "months / 10"})

    assert again.coefficients.standard_error == pytest.approx(OF_R["jackknife"], rel=1e-6)
    assert domain.coefficients.value == pytest.approx(OF_R["without Libya"], abs=1e-7)
    assert shifted.coefficients.value == pytest.approx(OF_R["offset"], abs=1e-7)


@pytest.mark.shared
def test_average_effects_are_those_of_a_delta_method_by_hand_in_r(interviews: Sample):
    model = multinomial("educ ~ debt + sex + months", interviews)

    debt, months = average_effects(model, "debt"), average_effects(model, "months")

    # effects of every row by moving it, averaged; V = G vcov(b) G' + vcov(svymean(effects))
    assert debt.value == pytest.approx(
        [-0.0583966987606, 0.054585136027, 0.028769294849, -0.0249577321155], rel=1e-6
    )
    assert debt.standard_error == pytest.approx(
        [0.0676179925733, 0.054688644190, 0.0512468169865, 0.0258179333510], rel=1e-6
    )
    assert months.value == pytest.approx(
        [-0.0057598553159, 0.00952077764616, 0.00197436076251, -0.00573528309278], rel=1e-5
    )
    assert months.standard_error == pytest.approx(
        [0.00921437475379, 0.0125251926724, 0.0109878102101, 0.00465444212631], rel=1e-5
    )


@given(seed=st.integers(0, 1000), factor=st.floats(0.01, 1000))
@settings(max_examples=3, deadline=None)
def test_two_categories_are_the_logistic_regression_whatever_the_unit_of_the_weights(
    seed: int, factor: float
):
    data = people(seed)
    data["owes"] = np.where(data["lender"] == "bank", "no", "yes")
    scaled = data.assign(weight=data["weight"] * factor)

    two = multinomial("owes ~ age * sex", Sample(scaled, DESIGN))
    logistic = regression("owes ~ age * sex", Sample(data, DESIGN), family=BINOMIAL)

    assert two.coefficients.value == pytest.approx(logistic.coefficients.value, abs=1e-6)
    assert two.coefficients.covariance == pytest.approx(
        logistic.coefficients.covariance, rel=1e-4, abs=1e-7
    )
    assert two.df == logistic.df
    assert two.deviance == pytest.approx(logistic.deviance)
    assert two.null_deviance == pytest.approx(logistic.null_deviance)


def test_the_covariance_follows_how_it_moves_with_the_weight_of_each_cluster():
    data, step = people(3), 1e-4
    moved = np.empty((24, 6))
    for cluster in range(24):
        inside = (data["cluster"] == cluster).to_numpy()
        up, down = (
            multinomial(
                "lender ~ age + sex",
                Sample(data.assign(weight=data["weight"] * np.where(inside, 1 + by, 1)), DESIGN),
            ).coefficients.value
            for by in (step, -step)
        )
        moved[cluster] = (up - down) / (2 * step)

    model = multinomial("lender ~ age + sex", Sample(data, DESIGN))

    of_stratum = moved.reshape(4, 6, 6)
    away = (of_stratum - of_stratum.mean(axis=1, keepdims=True)).reshape(24, 6)
    by_hand = 6 / 5 * away.T @ away
    scale = np.sqrt(np.outer(np.diag(by_hand), np.diag(by_hand)))
    assert model.coefficients.covariance / scale == pytest.approx(by_hand / scale, abs=1e-3)


def test_another_reference_turns_the_coefficients_and_nothing_else():
    sample = Sample(people(1), DESIGN)

    bank = multinomial("lender ~ age", sample)
    family = multinomial("lender ~ age", sample, reference="family")

    turned = np.concatenate(
        [-bank.coefficients.value[:2], np.diff(bank.coefficients.value.reshape(2, 2), axis=0)[0]]
    )
    assert family.coefficients.value == pytest.approx(turned, abs=1e-6)
    assert family.fitted == pytest.approx(bank.fitted, abs=1e-6)
    assert family.coefficients.names[0] == ("bank", "(Intercept)")


def test_predicted_means_without_other_predictors_are_the_shares_of_the_groups():
    data = people(2)
    for name in ("bank", "family", "smuggler"):
        data[name] = (data["lender"] == name).astype(float)
    sample = Sample(data, DESIGN)

    made = predicted_means(multinomial("lender ~ sex", sample), "sex")

    shares = estimate(MEAN, sample, ["bank", "family", "smuggler"], by=["sex"])
    assert made.value == pytest.approx(shares.value, rel=1e-6)
    assert made.covariance == pytest.approx(shares.covariance, abs=1e-7)
    assert made.names[1] == ("sex", "man", "family")


def test_average_effects_on_all_categories_add_up_to_nothing():
    effects = average_effects(multinomial("lender ~ age * sex", Sample(people(2), DESIGN)), "age")

    assert effects.value.sum() == pytest.approx(0, abs=1e-9)
    assert effects.covariance.sum() == pytest.approx(0, abs=1e-12)


REFUSED = {
    "no such reference": (
        {"reference": "friend"},
        (
            "outcome 'lender': it has no category 'friend'. "
            "Its categories are: bank, family, smuggler."
        ),
    ),
    "offset of no category": (
        {"offsets": {"friend": "age"}},
        (
            "outcome 'lender': it has no category 'friend'. "
            "Its categories are: bank, family, smuggler."
        ),
    ),
}


@pytest.mark.parametrize(("options", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_category_is_refused_in_words(options: dict[str, object], message: str):
    with pytest.raises(EstimationError) as caught:
        multinomial("lender ~ age", Sample(people(1), DESIGN), **options)

    assert str(caught.value) == message


def test_an_outcome_that_says_nothing_or_lacks_a_category_is_refused():
    data = people(1)
    constant, lacking = data.assign(lender="bank"), data.copy()
    kind = pd.CategoricalDtype(["bank", "family", "smuggler", "friend"])
    lacking["lender"] = lacking["lender"].astype(kind)

    with pytest.raises(EstimationError) as same:
        multinomial("lender ~ age", Sample(constant, DESIGN))
    with pytest.raises(EstimationError) as empty:
        multinomial("lender ~ age", Sample(lacking, DESIGN))

    assert str(same.value) == (
        "outcome 'lender': everybody in the model gave the same answer, so nothing can explain "
        "it. Look at its table first; check `where` and what is missing."
    )
    assert str(empty.value) == (
        "outcome 'lender': nobody gave 'friend'. "
        "Merge it with another, or take it out of the column's categories."
    )


def test_a_predictor_that_decides_between_two_categories_is_named():
    data = people(1)
    data.loc[(data["sex"] == "man") & (data["lender"] == "smuggler"), "lender"] = "bank"

    with pytest.raises(EstimationError) as caught:
        multinomial("lender ~ age + sex", Sample(data, DESIGN))

    assert str(caught.value) == (
        "model lender ~ age + sex: 'sex' decides the outcome for some, so an effect has no bounds. "
        "Merge the category in which everybody answered alike with another, or leave the "
        "predictor out."
    )
