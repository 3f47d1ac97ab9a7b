"""Regression models: laws, a saturated model worked out by hand, and what is refused.

That their numbers are R's is `test_parity.py`: every `svyglm`, `regTermTest`,
`svypredmeans` and `psrsq` case of the reference.
"""

from __future__ import annotations

from typing import Any

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
from survey_kit.estimation.models.explained import pseudo_r_squared
from survey_kit.estimation.models.family import (
    BINOMIAL,
    GAMMA,
    GAUSSIAN,
    INVERSE_GAUSSIAN,
    POISSON,
    Family,
    Link,
)
from survey_kit.estimation.models.margins import average_effects, predicted_means
from survey_kit.estimation.models.regression import Regression, regression
from survey_kit.estimation.models.term_test import deviance_test, wald_test, working_wald_test
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.weighting.rake import rake

ROWS = 160
families = pytest.mark.parametrize(
    "family", [GAUSSIAN, BINOMIAL, POISSON, GAMMA], ids=lambda f: f.name
)
OUTCOMES = {"gaussian": "income", "binomial": "debt", "poisson": "trips", "gamma": "cost"}
DESIGN = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster")


def people(seed: int) -> pd.DataFrame:
    """Four strata of five clusters of eight, with an outcome for every family."""
    rng = np.random.default_rng(seed)
    age = rng.uniform(18, 60, ROWS)
    sex = rng.choice(["man", "woman"], ROWS)
    pull = 0.02 * (age - 40) + 0.5 * (sex == "woman")
    return pd.DataFrame(
        {
            "age": age,
            "sex": sex,
            "school": rng.choice(["none", "primary", "secondary"], ROWS),
            "income": 10 + pull + rng.normal(0, 2, ROWS),
            "debt": (rng.uniform(size=ROWS) < 1 / (1 + np.exp(-pull))).astype(float),
            "trips": rng.poisson(np.exp(pull)).astype(float),
            "cost": rng.gamma(3, 1 / (1 + 0.3 * (sex == "woman"))) + 0.1,
            "weight": rng.uniform(0.5, 3, ROWS),
            "stratum": np.repeat(["a", "b", "c", "d"], 40),
            "cluster": np.repeat(np.arange(20), 8),
        }
    )


def fitted(data: pd.DataFrame, family: Family, right: str = "age + sex") -> Regression:
    return regression(f"{OUTCOMES[family.name]} ~ {right}", Sample(data, DESIGN), family=family)


def same(a: Regression, b: Regression, close: float) -> None:
    assert b.coefficients.value == pytest.approx(a.coefficients.value, rel=close, abs=close)
    scale = np.abs(a.coefficients.covariance).max()
    assert b.coefficients.covariance / scale == pytest.approx(
        a.coefficients.covariance / scale, abs=100 * close
    )


@families
@given(seed=st.integers(0, 10_000), factor=st.floats(0.01, 1000))
@settings(max_examples=3, deadline=None)
def test_only_the_proportions_of_weights_matter(family: Family, seed: int, factor: float):
    data = people(seed)

    scaled = fitted(data.assign(weight=data["weight"] * factor), family)

    same(fitted(data, family), scaled, 1e-9)


@families
@given(seed=st.integers(0, 10_000))
@settings(max_examples=3, deadline=None)
def test_a_row_may_be_split_in_two_halves_and_stand_anywhere(family: Family, seed: int):
    data = people(seed)
    halves = pd.concat([data, data.iloc[:1]]).reset_index(drop=True)
    halves.loc[[0, ROWS], "weight"] /= 2

    split = fitted(halves.sample(frac=1, random_state=seed), family)

    same(fitted(data, family), split, 1e-5)


@families
def test_the_covariance_follows_how_a_coefficient_moves_with_the_weight_of_each_cluster(
    family: Family,
):
    data, step = people(12), 1e-4
    moved = np.empty((20, 3))
    for cluster in range(20):
        inside = (data["cluster"] == cluster).to_numpy()
        up, down = (
            fitted(data.assign(weight=data["weight"] * np.where(inside, 1 + by, 1)), family)
            for by in (step, -step)
        )
        moved[cluster] = (up.coefficients.value - down.coefficients.value) / (2 * step)

    model = fitted(data, family)

    of_stratum = moved.reshape(4, 5, 3)
    away = (of_stratum - of_stratum.mean(axis=1, keepdims=True)).reshape(20, 3)
    by_hand = 5 / 4 * away.T @ away
    scale = np.sqrt(np.outer(np.diag(by_hand), np.diag(by_hand)))
    assert model.coefficients.covariance / scale == pytest.approx(by_hand / scale, abs=2e-3)


@families
def test_a_domain_is_the_model_of_its_rows_alone_where_it_is_whole_strata(family: Family):
    data = people(3)
    inside = data["stratum"].isin(["a", "b"]).to_numpy()
    formula = f"{OUTCOMES[family.name]} ~ age + sex"

    domain = regression(formula, Sample(data, DESIGN), family=family, where=inside)
    alone = regression(formula, Sample(data[inside], DESIGN), family=family)

    same(alone, domain, 1e-9)
    assert domain.df == alone.df == 10 - 2 + 1 - 3
    assert domain.deviance == pytest.approx(alone.deviance)


@families
def test_the_jackknife_is_near_the_linearised_covariance(family: Family):
    sample = Sample(people(5), DESIGN)
    formula = f"{OUTCOMES[family.name]} ~ sex"

    linearised = regression(formula, sample, family=family)
    again = regression(formula, jackknife(sample), family=family)

    errors = linearised.coefficients.standard_error
    assert again.coefficients.standard_error == pytest.approx(errors, rel=0.15)
    assert again.coefficients.value == pytest.approx(linearised.coefficients.value)


def test_an_empty_model_is_the_mean_with_its_standard_error():
    sample = Sample(people(1), DESIGN)

    model = regression("income ~ 1", sample)

    mean = estimate(MEAN, sample, ["income"])
    assert model.coefficients.value == pytest.approx(mean.value)
    assert model.coefficients.covariance == pytest.approx(mean.covariance)
    assert model.deviance == pytest.approx(model.null_deviance)


def test_a_raked_sample_keeps_what_it_was_raked_to():
    sample = Sample(people(1).assign(one=1.0), DESIGN)
    raked = rake(sample, {"sex": {"man": 0.4, "woman": 0.6}}).sample

    share = regression("I((sex == 'woman') * 1.0) ~ 1", raked)

    assert share.coefficients.value[0] == pytest.approx(0.6)
    assert share.coefficients.standard_error[0] == pytest.approx(0, abs=1e-9)


def test_predicted_means_of_a_model_with_one_category_are_the_means_of_its_groups():
    sample = Sample(people(2), DESIGN)
    model = regression("debt ~ school", sample, family=BINOMIAL)

    made = predicted_means(model, "school")

    means = estimate(MEAN, sample, ["debt"], by=["school"])
    assert made.value == pytest.approx(means.value, rel=1e-6)
    assert made.covariance == pytest.approx(means.covariance, rel=1e-4)
    assert [name[-1] for name in made.names] == ["none", "primary", "secondary"]


def test_average_effects_of_a_linear_model_are_its_coefficients():
    model = regression("income ~ age + sex", Sample(people(2), DESIGN))

    slope, woman = average_effects(model, "age"), average_effects(model, "sex")

    assert slope.value == pytest.approx(model.coefficients.value[[1]], rel=1e-8)
    assert slope.standard_error == pytest.approx(model.coefficients.standard_error[[1]], rel=1e-6)
    assert woman.value == pytest.approx(model.coefficients.value[[2]])
    assert woman.names == (("sex", "woman - man"),)


def test_the_average_slope_of_a_share_is_what_moving_everybody_by_a_little_does():
    sample = Sample(people(7), DESIGN)
    model = regression("debt ~ age + I(age ** 2) + sex", sample, family=BINOMIAL)

    slope = average_effects(model, "age")

    beta, step = model.coefficients.value, 1e-3
    x = model.predictors
    shares = [
        1 / (1 + np.exp(-(x.of(sample.data.assign(age=sample.data["age"] + by)) @ beta)))
        for by in (step, -step)
    ]
    by_hand = np.average((shares[0] - shares[1]) / (2 * step), weights=sample.weights)
    assert slope.value[0] == pytest.approx(by_hand, rel=1e-5)
    assert slope.standard_error[0] > 0


def test_a_number_of_only_0_and_1_has_the_effect_of_a_category():
    data = people(4).assign(woman=lambda d: (d["sex"] == "woman").astype(float))
    number = regression("debt ~ woman + age", Sample(data, DESIGN), family=BINOMIAL)
    category = regression("debt ~ sex + age", Sample(data, DESIGN), family=BINOMIAL)

    one, other = average_effects(number, "woman"), average_effects(category, "sex")

    assert one.value == pytest.approx(other.value)
    assert one.standard_error == pytest.approx(other.standard_error)
    assert one.names == (("woman", "1 - 0"),)


def test_one_coefficient_is_tested_as_its_t_squared():
    model = fitted(people(6), BINOMIAL)

    test = wald_test(model, "sex")

    assert test.statistic == pytest.approx(model.t[2] ** 2)
    assert test.p == pytest.approx(model.p[2])
    assert (test.numerator_df, test.denominator_df) == (1, 20 - 4 + 1 - 3)


def test_an_interaction_is_found_in_either_order_and_written_out():
    model = fitted(people(6), GAUSSIAN, "age * sex")

    either = [wald_test(model, term) for term in ("sex:age", "age:sex")]

    assert either[0].statistic == either[1].statistic > 0
    assert wald_test(model, "age * sex").numerator_df == 3


def test_the_deviance_and_the_working_wald_test_agree_with_wald_where_an_effect_is_strong():
    data = people(6)
    data["income"] += 3 * (data["school"] == "secondary")
    model = fitted(data, GAUSSIAN, "age + school")

    tests = [each(model, "school") for each in (wald_test, deviance_test, working_wald_test)]

    assert all(test.p < 0.001 for test in tests)
    assert len(tests[1].eigenvalues) == 2
    assert tests[1].statistic == pytest.approx(tests[2].statistic, rel=1e-6)


def test_what_a_model_explains_lies_between_nothing_and_all():
    empty = pseudo_r_squared(fitted(people(6), BINOMIAL, "1"))
    some = pseudo_r_squared(fitted(people(6), BINOMIAL, "age + sex"))

    assert empty.cox_snell == pytest.approx(0, abs=1e-12)
    assert 0 < some.cox_snell < some.nagelkerke < 1


def test_rows_that_lack_an_answer_leave_the_model_and_stay_in_the_sample():
    data = people(8)
    data.loc[:30, "age"] = np.nan

    model = fitted(data, GAUSSIAN)

    assert model.coefficients.n[0] == ROWS - 31
    assert model.df == (20 - 3) - 4 + 1 - 3
    assert len(model.sample) == ROWS


def test_a_column_whose_name_is_no_word_stands_in_backticks():
    data = people(8).rename(columns={"age": "q/age", "debt": "drivers/debt"})

    model = regression("`drivers/debt` ~ `q/age` + sex", Sample(data, DESIGN), family=BINOMIAL)

    assert model.predictors.names == ("(Intercept)", "q/age", "sex[T.woman]")


def test_an_offset_is_a_predictor_with_a_coefficient_of_one():
    data = people(9)
    plain = regression("I(income - age) ~ sex", Sample(data, DESIGN))

    with_offset = regression("income ~ sex", Sample(data, DESIGN), offset="age")

    assert with_offset.coefficients.value == pytest.approx(plain.coefficients.value)
    assert with_offset.coefficients.covariance == pytest.approx(plain.coefficients.covariance)


def test_the_frame_has_a_line_for_every_coefficient():
    frame = fitted(people(1), BINOMIAL).frame

    assert list(frame.columns) == [
        "name", "value", "standard_error", "low", "high", "t", "df", "p",
    ]  # fmt: skip
    assert list(frame["name"]) == ["(Intercept)", "age", "sex[T.woman]"]


REFUSED = {
    "no tilde": (
        ("income", GAUSSIAN),
        (
            "formula 'income': it does not say what is explained by what. "
            "Write for instance: debt ~ sex + age."
        ),
    ),
    "no column": (
        ("income ~ agee", GAUSSIAN),
        "formula 'agee': there is no column 'agee'. Check how it is spelt.",
    ),
    "not a formula": (
        ("income ~ age +* sex", GAUSSIAN),
        (
            "formula 'age +* sex': it cannot be read. "
            "Write terms with + : and *, and whatever is computed in I(...)."
        ),
    ),
    "text": (
        ("school ~ age", GAUSSIAN),
        (
            "outcome 'school': it has 3 categories and is no number. "
            "Use family='binomial' for two categories, `ordinal` for categories in order."
        ),
    ),
    "negative counts": (
        ("I(income - 100) ~ age", POISSON),
        (
            "outcome 'I(income - 100)': the family poisson takes numbers not below 0, and there are "
            "others. Choose another family, or leave those rows out with `where`."
        ),
    ),
    "twice the same": (
        ("income ~ age + I(2 * age)", GAUSSIAN),
        (
            "formula 'age + I(2 * age)': 'I(2 * age)' follows from what stands before it among those "
            "who answered. Leave it out, or merge categories that nobody is in."
        ),
    ),
    "infinite": (
        ("income ~ log(age - age)", GAUSSIAN),
        (
            "formula 'log(age - age)': 'log(age - age)' is not a finite number for everybody. "
            "Leave out the rows for which it is not defined, with `where`."
        ),
    ),
}


@pytest.mark.parametrize(("asked", "message"), REFUSED.values(), ids=REFUSED)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_what_makes_no_model_is_refused_in_words(asked: tuple[str, Family], message: str):
    with pytest.raises(EstimationError) as caught:
        regression(asked[0], Sample(people(1), DESIGN), family=asked[1])

    assert str(caught.value) == message


def test_a_predictor_that_decides_the_outcome_is_refused():
    data = people(1)
    data["debt"] = (data["sex"] == "woman").astype(float)

    with pytest.raises(EstimationError) as caught:
        fitted(data, BINOMIAL, "sex")

    assert str(caught.value) == (
        "model debt ~ sex: 'sex' decides the outcome for everybody, so an effect has no bounds. "
        "Merge the category in which everybody answered alike with another, or use `firth`."
    )


def test_a_constant_outcome_is_refused_for_shares():
    with pytest.raises(EstimationError) as caught:
        fitted(people(1).assign(debt=1.0), BINOMIAL, "sex")

    assert str(caught.value) == (
        "model debt ~ sex: everybody has the same outcome, so nothing can explain it. "
        "Look at its table first; check `where` and what is missing."
    )


def test_an_unknown_term_is_refused_with_those_that_there_are():
    with pytest.raises(EstimationError) as caught:
        wald_test(fitted(people(1), GAUSSIAN), "school")

    assert str(caught.value) == (
        "term 'school': the model income ~ age + sex has no such term. Its terms are: age, sex."
    )


def test_a_family_refuses_a_link_that_it_cannot_have():
    with pytest.raises(EstimationError) as caught:
        regression("income ~ age", Sample(people(1), DESIGN), link="logit")

    assert str(caught.value) == (
        "family gaussian: it has no link 'logit'. Choose one of: identity, log, inverse."
    )


def test_pseudo_r_squared_is_refused_for_a_mean():
    with pytest.raises(EstimationError, match="it is for shares and counts"):
        pseudo_r_squared(fitted(people(1), GAUSSIAN))


def test_a_column_in_backticks_may_stand_in_several_terms():
    data = people(8).rename(columns={"sex": "q/sex", "school": "q/school"})
    formula = "income ~ `q/sex` * `q/school`"

    model = regression(formula, Sample(data, DESIGN))

    plain = regression("income ~ sex * school", Sample(people(8), DESIGN))
    assert model.coefficients.value == pytest.approx(plain.coefficients.value)
    assert deviance_test(model, "q/sex:q/school").statistic == pytest.approx(
        deviance_test(plain, "sex:school").statistic
    )


def test_a_formula_computes_and_does_nothing_else():
    with pytest.raises(EstimationError) as caught:
        regression("income ~ age + poly(__import__('os').getpid(), 2)", Sample(people(1), DESIGN))

    assert str(caught.value).startswith(
        "formula 'age + poly(__import__('os').getpid(), 2)': '__import__"
    )


def test_arithmetic_needs_no_i_on_the_left_or_in_an_offset():
    data = people(9)

    less = regression("income - age ~ sex", Sample(data, DESIGN))
    shifted = regression("income ~ sex", Sample(data, DESIGN), offset="age / 2 + age / 2")
    more = regression("income > 10 ~ age", Sample(data, DESIGN), family=BINOMIAL)
    made = data.assign(rich=(data["income"] > 10).astype(float))
    rich = regression("rich ~ age", Sample(made, DESIGN), family=BINOMIAL)

    assert shifted.coefficients.value == pytest.approx(less.coefficients.value)
    assert more.coefficients.value == pytest.approx(rich.coefficients.value)


@pytest.mark.parametrize("link", ["log", "inverse", "identity", "inverse squared"])
def test_the_inverse_gaussian_takes_its_links_and_means_above_0(link: Link):
    model = regression("cost ~ sex", Sample(people(2), DESIGN), family=INVERSE_GAUSSIAN, link=link)

    means = estimate(MEAN, Sample(people(2), DESIGN), ["cost"], by=["sex"])
    found = predicted_means(model, "sex")
    assert found.value == pytest.approx(means.value, rel=1e-5)
    assert found.covariance == pytest.approx(means.covariance, rel=1e-3, abs=1e-8)


NOBODY = {
    "a domain of nobody": (
        {"where": np.zeros(ROWS, dtype=bool)},
        (
            "model: nobody asked about has an answer to everything that the formula needs. "
            "Look at which of its columns are empty, and at `where`."
        ),
    ),
    "a domain of another size": (
        {"where": np.ones(3, dtype=bool)},
        (
            "where: it is not one true or false for each of 160 rows. "
            "Compare a column of the data, such as frame['age'] > 17."
        ),
    ),
}


@pytest.mark.parametrize(("options", "message"), NOBODY.values(), ids=NOBODY)
def test_a_domain_that_holds_nobody_is_refused_in_words(options: dict[str, Any], message: str):
    with pytest.raises(EstimationError) as caught:
        regression("income ~ age", Sample(people(1), DESIGN), **options)

    assert str(caught.value) == message


def test_a_predictor_that_is_missing_for_everybody_is_told():
    with pytest.raises(EstimationError) as missing:
        regression("income ~ age", Sample(people(1).assign(age=np.nan), DESIGN))

    assert str(missing.value) == (
        "model: nobody asked about has an answer to everything that the formula needs. "
        "Look at which of its columns are empty, and at `where`."
    )


def test_a_category_that_nobody_is_in_is_no_predictor():
    data = people(1)
    words = data["school"].astype(str)
    offered = ["never", "none", "primary", "secondary", "higher"]
    found = regression(
        "income ~ school + age", Sample(data.assign(school=pd.Categorical(words, offered)), DESIGN)
    )
    met = pd.Categorical(words, [each for each in offered if each in set(words)])
    expected = regression("income ~ school + age", Sample(data.assign(school=met), DESIGN))

    assert found.coefficients.names == expected.coefficients.names
    np.testing.assert_allclose(found.coefficients.value, expected.coefficients.value)
    np.testing.assert_allclose(
        average_effects(found, "school").covariance, average_effects(expected, "school").covariance
    )


def test_a_category_that_is_everybodys_is_refused_as_a_predictor():
    data = people(1)
    data["school"] = pd.Categorical(["none"] * len(data), ["none", "higher"])
    with pytest.raises(EstimationError) as one:
        regression("income ~ school", Sample(data, DESIGN))

    assert str(one.value) == (
        "formula 'school': 'school[T.higher]' follows from what stands before it among those who "
        "answered. Leave it out, or merge categories that nobody is in."
    )
