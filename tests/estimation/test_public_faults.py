"""What cannot be estimated, asked through the public names: each refusal, word for word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey_kit as sk
from survey_kit.errors import SurveyKitError

NOBODY = np.zeros(240, dtype=bool)
DESIGN: dict[str, Any] = {
    "sampling": "probability",
    "weight": "w",
    "stratum": "region",
    "cluster": "village",
}
MANY = [f"c{number:05d}" for number in range(10_000)]
DAYS = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(240) % 7, "D")
OLDER = [["low", "some", "high"][(age > 30) + (age > 45)] for age in range(100)]


def _many(**columns: Any) -> sk.Sample:
    frame = pd.DataFrame({"n": np.arange(10_000.0), "half": ["a", "b"] * 5_000, **columns})
    return sk.sample(frame, sampling="probability")


FAULTS: dict[str, tuple[Callable[[pd.DataFrame], Any], str]] = {
    "log-linear of nobody": (
        lambda f: sk.log_linear(sk.sample(f, **DESIGN), "why * sex", where=NOBODY),
        (
            "model why * sex: nobody asked about has an answer to all of its variables. Look at "
            "which of the columns are empty, and at `where`."
        ),
    ),
    "log-linear of nothing": (
        lambda f: sk.log_linear(sk.sample(f.assign(why=None), **DESIGN), "why + sex"),
        "model why + sex: 'why' has no categories. Leave it out, or check the column.",
    ),
    "kappa of nobody": (
        lambda f: sk.kappa(sk.sample(f, **DESIGN), "why", "again", where=NOBODY),
        (
            "kappa of 'why' and 'again': nobody asked about has an answer to both. Check the "
            "columns, and `where`."
        ),
    ),
    "alpha of nobody": (
        lambda f: sk.cronbach_alpha(sk.sample(f, **DESIGN), ["age", "spent"], where=NOBODY),
        ("alpha: nobody asked about has an answer to every item. Check the items, and `where`."),
    ),
    "mean of a date": (
        lambda f: sk.estimate(sk.sample(f.assign(age=DAYS), **DESIGN), "mean", "age"),
        "column 'age': it holds dates, and this needs numbers. Make it days since a date first.",
    ),
    "mean of categories": (
        lambda f: sk.estimate(sk.sample(f, **DESIGN), "mean", "trust"),
        (
            "column 'trust': it holds categories, and this needs numbers. Ask for shares of its "
            "categories, or convert it first."
        ),
    ),
    "model by a date": (
        lambda f: sk.regression(sk.sample(f.assign(age=DAYS), **DESIGN), "spent ~ age + sex"),
        (
            "formula 'age + sex': 'age' holds dates, and a formula computes with numbers. Make it "
            "days since a date first, or C(...) for categories."
        ),
    ),
    "model of a date": (
        lambda f: sk.regression(sk.sample(f.assign(spent=DAYS), **DESIGN), "spent ~ age"),
        "outcome 'spent': it holds dates, and this needs numbers. Make it days since a date first.",
    ),
    "groups of nothing": (
        lambda f: sk.estimate(sk.sample(f.assign(sex=None), **DESIGN), "mean", "age", by="sex"),
        "column 'sex': it has no categories, as nobody has an answer. Check the column.",
    ),
    "a term of one category": (
        lambda f: sk.deviance_test(
            sk.regression(sk.sample(f.assign(sex="f"), **DESIGN), "age ~ spent + sex"), "sex"
        ),
        (
            "term 'sex': everybody in the model is in one category of it, so it has no "
            "coefficient. Leave it out."
        ),
    ),
    "categories in order that age decides": (
        lambda f: sk.ordinal(
            sk.sample(
                f.assign(
                    trust=pd.Categorical([OLDER[age] for age in f["age"]], ["low", "some", "high"])
                ),
                **DESIGN,
            ),
            "trust ~ age",
        ),
        (
            "model trust ~ age: 'age' decides the outcome for everybody, so an effect has no "
            "bounds. Merge the category in which everybody answered alike with another, or leave "
            "the predictor out."
        ),
    ),
    "imputing from the infinite": (
        lambda f: sk.impute(
            sk.sample(f.assign(age=f["age"].where(f["age"] != 20, np.inf)), **DESIGN),
            {"gap": "age"},
            times=2,
            seed=1,
        ),
        (
            "imputing 'gap': 'age' is infinite for somebody. Write what is not known as missing; "
            "look for a division by 0."
        ),
    ),
    "10,000 categories of two codings": (
        lambda _: sk.kappa(_many(code=MANY, other=MANY[::-1]), "code", "other"),
        (
            "kappa of 'code' and 'other': they have 10,000 categories, more than the 100 it takes. "
            "Put categories together in both."
        ),
    ),
    "10,000 categories of an outcome": (
        lambda _: sk.multinomial(_many(code=MANY), "code ~ n"),
        (
            "outcome 'code': it has 10,000 categories, and each but one has effects of its own. "
            "Put categories together, into at most 100; or model a number."
        ),
    ),
    "10,000 categories of a predictor": (
        lambda _: sk.regression(_many(code=MANY), "n ~ code"),
        (
            "formula 'code': 'code' has 10,000 categories, and each is a predictor. Put "
            "categories together, into at most 1,000."
        ),
    ),
    "10,000 categories of a table": (
        lambda _: sk.log_linear(_many(code=MANY), "code * half"),
        (
            "model code * half: 10,000 by 2 categories make too many cells for their covariance. "
            "Put categories together: at most 3,000 cells can be modelled."
        ),
    ),
    "10,000 categories of shares by two": (
        lambda _: sk.estimate(_many(code=MANY), "shares", "code", by="half"),
        (
            "covariance: that of 20,000 numbers would not fit into memory. Put categories or "
            "groups together, or ask for fewer: at most 12,000."
        ),
    ),
}


NO_SUCH_WORD: dict[str, tuple[Callable[[sk.Sample], Any], str]] = {
    "curve": (
        lambda s: sk.survival_curve(s, time="months", event="left", curve="x"),
        "survival curve: there is no 'x'. Choose one of: Kaplan-Meier, Nelson-Aalen.",
    ),
    "ties": (
        lambda s: sk.survival(s, "age", time="months", event="left", ties="x"),
        "hazards by age, ties: there is no 'x'. Choose one of: efron, breslow.",
    ),
    "order": (
        lambda s: sk.ordinal(s, "trust ~ age", curve="x"),
        (
            "model trust ~ age, curve: there is no 'x'. Choose one of: logit, probit, cloglog, "
            "cauchit."
        ),
    ),
    "measure": (
        lambda s: sk.dominance(s, "age ~ sex + why", measure="x"),
        (
            "dominance in age ~ sex + why, measure: there is no 'x'. Choose one of: deviance, "
            "cox-snell, nagelkerke."
        ),
    ),
    "interval of a quantile": (
        lambda s: sk.quantile(s, "age", interval="x"),
        (
            "quantile, interval: there is no 'x'. Choose one of: mean, xlogit, asin, beta, score, "
            "replicates."
        ),
    ),
    "unit": (
        lambda s: sk.trim(s, upper=2, unit="x"),
        "trimming, unit: there is no 'x'. Choose one of: weight, mean, median.",
    ),
    "distance": (
        lambda s: sk.calibrate(s, {"sex": {"f": 1, "m": 1}}, distance="x"),
        "calibration: there is no 'x'. Choose one of: linear, raking, logit, entropy.",
    ),
    "design effect": (
        lambda s: sk.estimate(s, "mean", "age").design_effect("x"),
        ("design effect: there is no 'x'. Choose one of: with replacement, without replacement."),
    ),
    "level": (
        lambda s: sk.correlations(s, ["age", "spent"], level=95),
        "interval: its level is 95. Give one between 0 and 1, such as 0.95.",
    ),
    "replicates": (
        lambda s: sk.with_replicates(s, np.ones((240, 2)), "bootstrap"),
        (
            "replicates: the weights themselves were given. Put them in columns of the data, and "
            "name the columns."
        ),
    ),
}


@pytest.mark.parametrize("name", NO_SUCH_WORD)
def test_a_word_that_there_is_not_is_answered_with_those_there_are(name: str, surveyed: sk.Sample):
    ask, said = NO_SUCH_WORD[name]
    with pytest.raises(SurveyKitError) as refused:
        ask(surveyed)

    assert str(refused.value) == said


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_said_with_what_to_do(name: str, people: pd.DataFrame):
    ask, said = FAULTS[name]
    with pytest.raises(SurveyKitError) as refused:
        ask(people)

    assert str(refused.value) == said


def test_effects_of_a_table_with_an_empty_cell_have_no_bounds_and_its_cells_are_shown(
    people: pd.DataFrame,
):
    nobody = people.assign(why=people["why"].where(people["sex"] == "f", "a"))
    model = sk.log_linear(sk.sample(nobody, **DESIGN), "why * sex")

    assert "effects have no bounds; these are its cells" in repr(model)
    assert list(model.frame) == ["cell", "observed", "expected", "n"]
    with pytest.raises(SurveyKitError) as refused:
        _ = model.coefficients
    assert str(refused.value) == (
        "model why * sex: a cell is empty in it, so effects have no bounds. Leave out the term "
        "that crosses its variables, or put categories together."
    )
    assert sk.log_linear(sk.sample(nobody, **DESIGN), "why + sex").bounded


def test_two_answers_among_many_clusters_are_worth_no_more_than_two():
    # three people in three clusters, one of whom did not answer; nobody of two said so, of whom
    # at most 84 % would (1 - 0.025 ** (1 / 2))
    answers = ["a", "a", None] + ["a", "b"] * 20
    frame = pd.DataFrame({"of": ["few"] * 3 + ["many"] * 40, "why": answers, "v": range(43)})
    found = sk.estimate(
        sk.sample(frame, sampling="probability", cluster="v"), "shares", "why", by="of"
    )

    assert found.n[1] == 2
    assert found.interval()[1][1] == pytest.approx(1 - 0.025**0.5)


def test_a_share_fitted_as_0_or_1_is_no_division_by_0(people: pd.DataFrame):
    decided = people.assign(boat=(people["age"] > 40).astype(int))
    model = sk.firth(sk.sample(decided, **DESIGN), "boat ~ age")

    assert np.isfinite(model.dispersion)
    assert model.frame["p"].iloc[1] < 0.05
