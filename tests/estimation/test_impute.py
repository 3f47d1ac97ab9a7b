"""Imputation that knows the design: laws, a recovered mean, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.impute import impute
from survey_kit.estimation.statistics.mean import MEAN

ROWS = 360
DESIGN = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster")


def people(seed: int) -> pd.DataFrame:
    """Three strata of six clusters of twenty that differ in income, and in who answers."""
    rng = np.random.default_rng(seed)
    stratum = np.repeat(np.arange(3), 120)
    cluster = np.repeat(np.arange(18), 20)
    age = rng.normal(size=ROWS)
    pull = rng.normal(0, 0.5, 18)[cluster]
    income = 10 + 2 * stratum + age + pull + rng.normal(size=ROWS)
    return pd.DataFrame(
        {
            "age": age,
            "income": income,
            "debt": (rng.logistic(size=ROWS) < age + pull).astype(float),
            "school": pd.Categorical(
                np.array(["none", "some", "much"])[
                    np.digitize(age + rng.normal(size=ROWS), [-0.5, 0.8])
                ],
                ["none", "some", "much"],
            ),
            "stratum": stratum,
            "cluster": cluster,
            "weight": np.array([1.0, 3.0, 9.0])[stratum],
            "chance": 1 / (1 + np.exp(-(-1 + age + 0.8 * (stratum - 1)))),
        }
    )


def without(data: pd.DataFrame, columns: list[str], seed: int) -> pd.DataFrame:
    """The same with answers missing at random, the likelier the older and in later strata."""
    rng = np.random.default_rng(seed)
    made = data.copy()
    for column in columns:
        made.loc[rng.uniform(size=ROWS) < data["chance"], column] = np.nan
    return made


def test_where_nothing_is_missing_it_is_the_plain_estimate():
    sample = Sample(people(1), DESIGN)
    plain = estimate(MEAN, sample, ["income"], by=["school"])

    several = impute(sample, {"income": "age"}, times=3, seed=1)
    found = several.combine(lambda each: estimate(MEAN, each, ["income"], by=["school"]))

    assert several.missing == {"income": 0}
    assert found.estimate.value == pytest.approx(plain.value)
    assert found.estimate.covariance == pytest.approx(plain.covariance)
    assert found.estimate.own_df == pytest.approx(np.full(3, plain.df))
    assert (found.missing == 0).all()


def test_the_mean_that_missing_answers_bias_is_recovered_within_its_interval():
    met, left_out, filled = 0, [], []
    for seed in range(12):
        data = people(seed)
        truth = estimate(MEAN, Sample(data, DESIGN), ["income"]).value[0]
        sample = Sample(without(data, ["income"], seed), DESIGN)

        several = impute(sample, {"income": "age"}, times=8, seed=seed)
        found = several.combine(lambda each: estimate(MEAN, each, ["income"])).estimate

        low, high = found.interval()
        met += bool(low[0] < truth < high[0])
        filled.append(found.value[0] - truth)
        left_out.append(estimate(MEAN, sample, ["income"]).value[0] - truth)
    assert met == 12
    assert abs(np.mean(left_out)) > 0.4
    assert abs(np.mean(filled)) < 0.12


def test_every_kind_of_variable_is_filled_with_answers_that_people_gave():
    data = people(2)
    sample = Sample(without(data, ["income", "debt", "school"], 2), DESIGN)
    asked = {
        "income": "age + debt + school",
        "debt": "age + income + school",
        "school": "age + income + debt",
    }

    several = impute(sample, asked, times=2, seed=7, cycles=2)

    for each in several.samples:
        assert each.data[list(asked)].notna().all(axis=None)
        assert each.data["school"].dtype == data["school"].dtype
        assert set(each.data["debt"]) <= {0.0, 1.0}
        assert set(each.data["income"]) <= set(sample.data["income"].dropna())
        known = sample.data["income"].notna()
        assert (each.data.loc[known, "income"] == sample.data.loc[known, "income"]).all()
        # debt and school go with age, so what is filled in does too
        gap = sample.data["debt"].isna()
        assert each.data.loc[gap, ["debt", "age"]].corr().iloc[0, 1] > 0.1


def test_a_seed_makes_the_same_imputations_and_another_makes_others():
    sample = Sample(without(people(3), ["income"], 3), DESIGN)

    one, again, other = (
        impute(sample, {"income": "age"}, times=2, seed=seed) for seed in (1, 1, 2)
    )

    assert one.samples[1].data["income"].equals(again.samples[1].data["income"])
    assert not one.samples[0].data["income"].equals(one.samples[1].data["income"])
    assert not one.samples[0].data["income"].equals(other.samples[0].data["income"])


def test_strata_and_clusters_are_predictors_without_being_named():
    data = people(4)
    data["income"] = 100.0 * data["stratum"] + 10 * data["cluster"] + data["age"]
    data.loc[::3, "income"] = np.nan
    full = 100.0 * data["stratum"] + 10 * data["cluster"]

    several = impute(Sample(data, DESIGN), {"income": "1"}, times=2, seed=1)

    away = several.samples[0].data["income"] - full
    assert np.abs(away[::3]).max() < 12


def test_rows_that_were_not_asked_stay_missing_and_lend_nothing():
    data = people(5)
    asked = (data["stratum"] > 0).to_numpy()
    data.loc[~asked, "income"] = -1000.0
    data.loc[asked & (np.arange(ROWS) % 4 == 0), "income"] = np.nan
    data.loc[0, "income"] = np.nan

    several = impute(Sample(data, DESIGN), {"income": "age"}, times=2, seed=1, where=asked)

    made = several.samples[0].data["income"]
    assert np.isnan(made[0])
    assert made[asked].min() > 0
    assert several.missing == {"income": 60}


REFUSED = {
    "too few times": (
        {"income": "age"},
        1,
        (
            "imputation: it is to be done 1 times in 10 cycles. "
            "Ask for two or more times, best twenty, and one cycle or more."
        ),
    ),
    "no column": (
        {"salary": "age"},
        5,
        "imputing 'salary': there is no such column. Check its name.",
    ),
    "its own predictor": (
        {"income": "age + income"},
        5,
        "imputing 'income': it stands among its own predictors. Leave it out there.",
    ),
    "a predictor that is missing": (
        {"income": "debt"},
        5,
        (
            "imputing 'income': its predictor 'debt' is missing for 9 people. "
            "Name predictors for that one too, or leave it out."
        ),
    ),
    "nobody answered": (
        {"empty": "age"},
        5,
        (
            "imputing 'empty': 0 people answered, which is too few to learn from. "
            "Impute only what 10 or more answered."
        ),
    ),
}


@pytest.mark.parametrize(("asked", "times", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_imputed_is_refused_in_words(
    asked: dict[str, str], times: int, message: str
):
    data = people(1).assign(empty=np.nan)
    data.loc[:8, "debt"] = np.nan

    with pytest.raises(EstimationError) as caught:
        impute(Sample(data, DESIGN), asked, times=times, seed=1)

    assert str(caught.value) == message
