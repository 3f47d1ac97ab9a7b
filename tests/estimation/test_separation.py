"""Effects without bounds: found, named, refused; and the models that only come near them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.models.family import BINOMIAL, POISSON, Link
from survey_kit.estimation.models.regression import regression
from survey_kit.estimation.models.separation import separation_of

ROWS = 160
DESIGN = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster")


def people(seed: int = 1) -> pd.DataFrame:
    """Four strata of five clusters of eight."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "age": rng.uniform(18, 60, ROWS),
            "sex": rng.choice(["man", "woman"], ROWS),
            "school": rng.choice(["none", "primary", "secondary"], ROWS),
            "debt": rng.integers(0, 2, ROWS).astype(float),
            "trips": rng.poisson(1.5, ROWS).astype(float),
            "weight": rng.uniform(0.5, 3, ROWS),
            "stratum": np.repeat(["a", "b", "c", "d"], 40),
            "cluster": np.repeat(np.arange(20), 8),
        }
    )


def refusal(data: pd.DataFrame, formula: str, link: Link | None = None) -> str:
    with pytest.raises(EstimationError) as caught:
        regression(formula, Sample(data, DESIGN), family=BINOMIAL, link=link)
    return str(caught.value)


@pytest.mark.parametrize("link", ["logit", "probit", "cloglog"])
def test_a_category_in_which_everybody_said_yes_is_named_whatever_the_link(link: Link):
    data = people()
    data.loc[data["school"] == "primary", "debt"] = 1.0

    assert refusal(data, "debt ~ age + school + sex", link) == (
        "model debt ~ age + school + sex: 'school' decides the outcome for some, so an effect has "
        "no bounds. Merge the category in which everybody answered alike with another, or use "
        "`firth`."
    )


def test_two_predictors_that_decide_only_together_are_both_named():
    data = people()
    older = data["age"] + 20 * (data["sex"] == "man") > 45
    data["debt"] = older.astype(float)

    assert refusal(data, "debt ~ school + age + sex") == (
        "model debt ~ school + age + sex: 'age' and 'sex' together decide the outcome for "
        "everybody, so an effect has no bounds. Merge the category in which everybody answered "
        "alike with another, or use `firth`."
    )


def test_counts_are_decided_only_where_all_are_0():
    data, all_some = people(), people()
    data.loc[data["school"] == "primary", "trips"] = 0.0
    all_some.loc[all_some["school"] == "primary", "trips"] = 4.0

    with pytest.raises(EstimationError) as caught:
        regression("trips ~ school + age", Sample(data, DESIGN), family=POISSON)
    fine = regression("trips ~ school + age", Sample(all_some, DESIGN), family=POISSON)

    assert str(caught.value) == (
        "model trips ~ school + age: 'school' decides the outcome for some, so an effect has no "
        "bounds. Merge the category in which everybody answered alike with another, or leave it "
        "out."
    )
    assert np.isfinite(fine.coefficients.value).all()


def test_a_replicate_in_which_a_predictor_decides_is_told_apart_from_the_sample():
    data = people()
    data["debt"] = np.where(data["sex"] == "man", 1.0, data["debt"])
    # one cluster alone keeps the effect of sex within bounds
    data.loc[(data["cluster"] == 3) & (data["sex"] == "man"), "debt"] = 0.0
    sample = Sample(data, DESIGN)

    with pytest.raises(EstimationError) as caught:
        regression("debt ~ sex", jackknife(sample), family=BINOMIAL)

    assert np.isfinite(regression("debt ~ sex", sample, family=BINOMIAL).coefficients.value).all()
    assert str(caught.value).startswith("model debt ~ sex, replicate 4 of 20: 'sex' decides")


@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_what_a_line_divides_is_found_and_what_no_line_divides_is_not(seed: int):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(40), rng.normal(size=(40, 2))])
    terms = {"1": (0,), "a": (1,), "b": (2,)}
    yes = (x @ [0.2, 1.0, -0.5] > 0).astype(float)
    everybody = np.ones(80, dtype=bool)

    divided = separation_of(x, terms, yes, everybody[:40])
    both = separation_of(np.vstack([x, x]), terms, np.concatenate([yes, 1 - yes]), everybody)

    assert divided is not None
    assert divided.complete
    assert both is None
