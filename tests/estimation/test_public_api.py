"""Every public function that estimates or tests: asked in the same ways, by the same words.

`ASKED` has a call of each; that none is missing is a test, so that the next one cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey_kit as sk
from survey_kit.errors import EstimationError


def _first(numbers: Any) -> float:
    return float(np.ravel(np.asarray(numbers, dtype=np.float64))[0])


POPULATION = {"a": 1.0, "b": 1.0, "c": 1.0}
ASKED: dict[str, Callable[[Any, Any], float]] = {
    "estimate": lambda s, of: _first(sk.estimate(s, "mean", "age", where=of).value),
    "quantile": lambda s, of: _first(sk.quantile(s, "age", where=of).value),
    "variances": lambda s, of: _first(sk.variances(s, "age", where=of).value),
    "rao_scott": lambda s, of: sk.rao_scott(s, "why", "sex", where=of).statistic,
    "rao_scott_multiple": lambda s, of: (
        sk.rao_scott_multiple(s, ["boat", "bus"], "sex", where=of).statistic
    ),
    "goodness_of_fit": lambda s, of: sk.goodness_of_fit(s, "why", POPULATION, where=of).statistic,
    "t_test": lambda s, of: sk.t_test(s, "age", by="sex", where=of).statistic,
    "rank_test": lambda s, of: sk.rank_test(s, "age", "sex", where=of).statistic,
    "log_rank": lambda s, of: sk.log_rank(s, "months", "left", "sex", where=of).statistic,
    "correlations": lambda s, of: _first(sk.correlations(s, ["age", "spent"], where=of).p),
    "overlapping_means": lambda s, of: _first(
        sk.overlapping_means(s, "age", {"women": "sex == 'f'", "all": None}, where=of).value
    ),
    "kappa": lambda s, of: _first(sk.kappa(s, "why", "again", where=of).value),
    "cronbach_alpha": lambda s, of: _first(
        sk.cronbach_alpha(s, ["age", "spent", "income"], where=of).value
    ),
    "leave_one_out": lambda s, of: _first(sk.leave_one_out(s, "mean", "age", where=of).value),
    "leave_one_out_of_shares": lambda s, of: _first(
        sk.leave_one_out_of_shares(s, "why", where=of).value
    ),
    "leave_one_out_of_cases": lambda s, of: _first(
        sk.leave_one_out_of_cases(s, ["boat", "bus"], where=of).value
    ),
    "regression": lambda s, of: _first(sk.regression(s, "age ~ why", where=of).deviance),
    "firth": lambda s, of: _first(sk.firth(s, "boat ~ age", where=of).deviance),
    "separation": lambda s, of: float(sk.separation(s, "boat ~ age", where=of).n),
    "ordinal": lambda s, of: _first(sk.ordinal(s, "trust ~ age", where=of).deviance),
    "multinomial": lambda s, of: _first(sk.multinomial(s, "why ~ age", where=of).deviance),
    "survival": lambda s, of: (
        sk.survival(s, "age", time="months", event="left", where=of).log_likelihood
    ),
    "survival_curve": lambda s, of: _first(
        sk.survival_curve(s, time="months", event="left", at=[12], where=of).value
    ),
    "log_linear": lambda s, of: _first(sk.log_linear(s, "why + sex", where=of).deviance),
    "dominance": lambda s, of: _first(sk.dominance(s, "age ~ why + sex", where=of).explained),
    "impute": lambda s, of: float(
        sk.impute(s, {"gap": "age"}, times=2, seed=1, where=of).missing["gap"]
    ),
    "standardise": lambda s, of: _first(
        sk.standardise(s, "why", POPULATION, over="sex", where=of).sample.weights
    ),
}


def test_every_function_that_takes_where_is_asked_here():
    taking = {
        name
        for name in sk.PLACES
        if callable(found := getattr(sk, name))
        and not isinstance(found, type)
        and "where" in signature(found).parameters
    }

    assert taking == set(ASKED)


@pytest.mark.parametrize("name", sorted(ASKED))
def test_where_is_taken_in_the_same_ways_everywhere(name: str, surveyed: sk.Sample):
    ask = ASKED[name]
    adult = surveyed.data["adult"]
    plain = ask(surveyed, adult.fillna(value=False).to_numpy(dtype=bool))

    assert plain != pytest.approx(ask(surveyed, None), rel=1e-9)
    assert ask(surveyed, "adult") == plain
    assert ask(surveyed, adult) == plain
    assert ask(surveyed, adult.astype(object)) == plain
    assert ask(surveyed, adult.sample(frac=1, random_state=1)) == plain
    assert ask(surveyed, {"adult": "True"}) == plain
    assert ask(surveyed, "adult and age < 100") == plain
    with pytest.raises(EstimationError) as refused:
        ask(surveyed, np.ones(3, dtype=bool))
    assert str(refused.value) == (
        "where: it is not one true or false for each of 240 rows. Compare a column of the data, "
        "such as frame['age'] > 17."
    )


@pytest.mark.parametrize("name", sorted(ASKED))
def test_a_frame_is_no_sample_and_everybody_says_what_to_do(name: str, people: pd.DataFrame):
    with pytest.raises(EstimationError) as refused:
        ASKED[name](people, None)

    assert str(refused.value) == (
        "sample: a DataFrame does not say how people were chosen. Make a sample of it first: "
        "sk.sample(frame, sampling=..., weight=...)."
    )


def test_a_result_that_holds_a_sample_is_not_the_sample(surveyed: sk.Sample):
    raked = sk.rake(surveyed, {"sex": {"f": 0.5, "m": 0.5}})

    with pytest.raises(EstimationError) as refused:
        sk.estimate(raked, "mean", "age")

    assert str(refused.value) == (
        "sample: a Raked was given, which is what came of it. Give the sample that is in it: "
        "its `.sample`."
    )


def test_models_take_the_sample_first_as_everything_else_or_second_as_in_r(surveyed: sk.Sample):
    for of, said in (
        (sk.regression, "age ~ why"),
        (sk.firth, "boat ~ age"),
        (sk.ordinal, "trust ~ age"),
        (sk.multinomial, "why ~ age"),
        (sk.log_linear, "why + sex"),
    ):
        assert of(surveyed, said).deviance == of(said, surveyed).deviance
