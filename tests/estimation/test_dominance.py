"""General dominance: R over all subsets, laws, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicate_making import bootstrap
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.models.dominance import dominance
from survey_kit.estimation.models.explained import pseudo_r_squared
from survey_kit.estimation.models.family import BINOMIAL
from survey_kit.estimation.models.regression import regression

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference" / "open" / "data"
ROWS = 160
DESIGN = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster")


def people(seed: int) -> pd.DataFrame:
    """Four strata of five clusters of eight."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, ROWS))
    return pd.DataFrame(
        {
            "a": a,
            "b": a + b,
            "school": rng.choice(["none", "primary", "secondary"], ROWS),
            "noise": rng.normal(size=ROWS),
            "income": a + rng.normal(size=ROWS),
            "debt": (rng.logistic(size=ROWS) < a).astype(float),
            "weight": rng.uniform(0.5, 3, ROWS),
            "stratum": np.repeat(["a", "b", "c", "d"], 40),
            "cluster": np.repeat(np.arange(20), 8),
        }
    )


# R 4.2.2, survey 4.1-1: for every subset glm(..., weights=w/mean(w)), 1 - deviance/null.deviance,
# Shapley's weights; withReplicates(as.svrepdesign(d, 'JKn', compress=FALSE), ...)
@pytest.mark.shared
def test_importance_and_its_error_are_those_of_r():
    path = REFERENCE / "m612.csv"
    if not path.is_file():
        pytest.skip("the shared reference data are not here")
    design = Design(Sampling.PROBABILITY, weight="w", stratum="country", cluster="site")
    sample = Sample(pd.read_csv(path), design)

    share = dominance("debt ~ sex + educ + months", sample, family=BINOMIAL)
    mean = dominance("months ~ sex + educ + debt", sample)

    assert share.importance.value == pytest.approx(
        [0.00660098685381, 0.00589319104967, 0.0740312624445], rel=1e-7
    )
    assert share.importance.standard_error == pytest.approx(
        [0.00812942989965, 0.00776115067215, 0.0231174415146], rel=1e-6
    )
    assert mean.importance.value == pytest.approx(
        [0.00306961142979, 0.00615558326358, 0.0960720789754], rel=1e-9
    )
    assert mean.importance.standard_error == pytest.approx(
        [0.00321437660779, 0.00711559980473, 0.0296532794222], rel=1e-9
    )
    assert mean.importance.df == 32


@given(seed=st.integers(0, 1000))
@settings(max_examples=3, deadline=None)
def test_importance_adds_up_whatever_the_order_and_is_the_mean_over_sizes(seed: int):
    sample = Sample(people(seed), DESIGN)

    one = dominance("income ~ a + school + b", sample)
    other = dominance("income ~ b + a + school", sample)

    model = regression("income ~ a + school + b", sample)
    assert one.importance.value.sum() == pytest.approx(one.explained)
    assert one.explained == pytest.approx(1 - model.deviance / model.null_deviance)
    assert one.conditional.mean(axis=1) == pytest.approx(one.importance.value)
    assert other.importance.value == pytest.approx(one.importance.value[[2, 0, 1]])
    assert other.importance.standard_error == pytest.approx(
        one.importance.standard_error[[2, 0, 1]]
    )
    assert one.models == 8


def test_nagelkerke_of_all_is_the_pseudo_r_squared_of_the_model():
    sample = Sample(people(1), DESIGN)

    found = dominance("debt ~ a + noise", sample, family=BINOMIAL, measure="nagelkerke")

    model = regression("debt ~ a + noise", sample, family=BINOMIAL)
    assert found.explained == pytest.approx(pseudo_r_squared(model).nagelkerke)


def test_a_predictor_of_nothing_is_last_and_the_cause_dominates_its_shadow():
    found = dominance("income ~ noise + b + a", Sample(people(3), DESIGN))

    assert list(found.frame["name"]) == ["a", "b", "noise"]
    assert found.completely[2, 0]
    assert found.completely[2, 1]
    assert not found.completely[0].any()
    assert found.frame["low"].iloc[2] < 0.02


def test_replicates_that_are_there_are_used_and_agree_with_the_jackknife():
    sample = Sample(people(5), DESIGN)

    jackknifed = dominance("income ~ a + b", sample)
    resampled = dominance("income ~ a + b", bootstrap(sample, 200, seed=1))

    errors = jackknifed.importance.standard_error
    assert resampled.importance.standard_error == pytest.approx(errors, rel=0.35)
    assert not np.allclose(resampled.importance.standard_error, errors, rtol=1e-6)


MANY = " + ".join(f"x{number}" for number in range(13))
REFUSED = {
    "too many": (
        f"income ~ {MANY}",
        (
            f"dominance in income ~ {MANY}: 13 predictors are 8,192 models for every replicate. "
            "Give at most 12; put together what belongs together."
        ),
    ),
    "one": (
        "income ~ a",
        (
            "dominance in income ~ a: it has 1 predictor(s), and importance is shared among "
            "several. Give two or more."
        ),
    ),
    "interaction": (
        "income ~ a * noise",
        (
            "dominance in income ~ a * noise: 'a:noise' is an interaction, which belongs to two "
            "predictors at once. Give main effects only, or make a column of the combinations."
        ),
    ),
}


@pytest.mark.parametrize(("formula", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_divided_is_refused_in_words(formula: str, message: str):
    rng = np.random.default_rng(1)
    more = {f"x{number}": rng.normal(size=ROWS) for number in range(13)}

    with pytest.raises(EstimationError) as caught:
        dominance(formula, Sample(people(1).assign(**more), DESIGN))

    assert str(caught.value) == message


def test_an_outcome_that_is_always_the_same_has_nothing_to_divide():
    with pytest.raises(EstimationError) as caught:
        dominance("income ~ a + b", Sample(people(1).assign(income=3.0), DESIGN))

    assert str(caught.value) == (
        "model income ~ a + b: everybody has the same outcome, so nothing can explain it. "
        "Look at its table first; check `where` and what is missing."
    )
