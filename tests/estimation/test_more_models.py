"""Categories in order, hazards, log-linear models: laws; and what follows from estimates.

That their numbers are R's is `test_parity.py`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.agreement import cronbach_alpha, kappa
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.imputations import combine
from survey_kit.estimation.intervals import Method
from survey_kit.estimation.models.family import BINOMIAL
from survey_kit.estimation.models.log_linear import compare, log_linear
from survey_kit.estimation.models.ordinal import Curve, ordinal
from survey_kit.estimation.models.regression import regression
from survey_kit.estimation.models.survival import survival
from survey_kit.estimation.nonlinear import function_of
from survey_kit.estimation.rao_scott import rao_scott
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.ratio import RATIO

ROWS = 240
DESIGN = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster")
TRUST = pd.CategoricalDtype(["none", "some", "full"], ordered=True)


def people(seed: int) -> pd.DataFrame:
    """Four strata of six clusters of ten."""
    rng = np.random.default_rng(seed)
    age = rng.uniform(18, 60, ROWS)
    pull = 0.04 * (age - 40) + rng.logistic(size=ROWS)
    return pd.DataFrame(
        {
            "age": age,
            "sex": rng.choice(["man", "woman"], ROWS),
            "trust": pd.Categorical.from_codes(np.digitize(pull, [-0.5, 0.8]), dtype=TRUST),
            "other": rng.choice(["none", "some", "full"], ROWS, p=[0.3, 0.4, 0.3]),
            "months": np.ceil(rng.exponential(np.exp(-0.03 * (age - 40))) * 6),
            "left": (rng.uniform(size=ROWS) < 0.7).astype(float),
            "a": rng.normal(size=ROWS),
            "weight": rng.uniform(0.5, 3, ROWS),
            "stratum": np.repeat(["n", "e", "s", "w"], 60),
            "cluster": np.repeat(np.arange(24), 10),
        }
    )


@pytest.mark.parametrize("curve", ["logit", "probit", "cloglog", "cauchit"])
def test_an_ordinal_model_solves_its_likelihood_and_its_covariance_follows_each_cluster(
    curve: Curve,
):
    data, step = people(1), 1e-4
    model = ordinal("trust ~ age + sex", Sample(data, DESIGN), curve=curve)
    moved = np.empty((24, 4))
    for cluster in range(24):
        inside = (data["cluster"] == cluster).to_numpy()
        up, down = (
            ordinal(
                "trust ~ age + sex",
                Sample(data.assign(weight=data["weight"] * np.where(inside, 1 + by, 1)), DESIGN),
                curve=curve,
            ).coefficients.value
            for by in (step, -step)
        )
        moved[cluster] = (up - down) / (2 * step)

    of_stratum = moved.reshape(4, 6, 4)
    away = (of_stratum - of_stratum.mean(axis=1, keepdims=True)).reshape(24, 4)

    by_hand = 6 / 5 * away.T @ away
    scale = np.sqrt(np.outer(np.diag(by_hand), np.diag(by_hand)))
    assert model.coefficients.covariance / scale == pytest.approx(by_hand / scale, abs=1e-3)
    assert [name[-1] for name in model.coefficients.names] == [
        "age",
        "sex[T.woman]",
        "none|some",
        "some|full",
    ]
    assert model.df == 24 - 4 - 2


def test_two_of_three_categories_merged_leave_the_logistic_regression_near():
    data = people(1).assign(any=lambda d: (d["trust"] != "none").astype(float))

    in_order = ordinal("trust ~ age", Sample(data, DESIGN))
    yes_or_no = regression("any ~ age", Sample(data, DESIGN), family=BINOMIAL)

    error = yes_or_no.coefficients.standard_error[1]
    away = abs(in_order.coefficients.value[0] - yes_or_no.coefficients.value[1])
    assert away < error
    assert in_order.coefficients.standard_error[0] < 1.2 * error


def test_without_effects_the_thresholds_are_the_shares():
    data = people(2)

    model = ordinal("trust ~ 1", Sample(data, DESIGN))

    shares = data.groupby("trust", observed=False)["weight"].sum().cumsum() / data["weight"].sum()
    assert special.expit(model.coefficients.value) == pytest.approx(shares.to_numpy()[:2])


def test_an_outcome_of_two_categories_or_with_an_empty_one_is_refused():
    data = people(1)
    with pytest.raises(EstimationError) as two:
        ordinal("sex ~ age", Sample(data, DESIGN))
    data["trust"] = data["trust"].cat.add_categories(["more"])
    with pytest.raises(EstimationError) as empty:
        ordinal("trust ~ age", Sample(data, DESIGN))

    assert str(two.value) == (
        "outcome 'sex': it has 2 categories. Use `regression` with family BINOMIAL for two."
    )
    assert str(empty.value) == (
        "outcome 'trust': nobody gave 'more'. Merge it with the category beside it."
    )


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_the_covariance_of_a_hazard_follows_how_it_moves_with_each_cluster(ties):
    data, step = people(3), 1e-4

    def fitted(frame: pd.DataFrame) -> Estimate:
        sample = Sample(frame, DESIGN)
        return survival("age + sex", sample, time="months", event="left", ties=ties).coefficients

    moved = np.empty((24, 2))
    for cluster in range(24):
        inside = (data["cluster"] == cluster).to_numpy()
        up, down = (
            fitted(data.assign(weight=data["weight"] * np.where(inside, 1 + by, 1))).value
            for by in (step, -step)
        )
        moved[cluster] = (up - down) / (2 * step)

    of_stratum = moved.reshape(4, 6, 2)
    away = (of_stratum - of_stratum.mean(axis=1, keepdims=True)).reshape(24, 2)
    by_hand = 6 / 5 * away.T @ away
    scale = np.sqrt(np.outer(np.diag(by_hand), np.diag(by_hand)))
    assert fitted(data).covariance / scale == pytest.approx(by_hand / scale, abs=1e-3)


def test_who_enters_later_is_not_at_risk_before():
    data = people(4).assign(entry=0.0)
    late = data.assign(entry=np.where(np.arange(ROWS) % 2, 0.0, 0.5))
    asked = {"time": "months", "event": "left"}

    none = survival("age", Sample(data, DESIGN), **asked)
    never = survival("age", Sample(data, DESIGN), **asked, entry="entry")
    before = survival("age", Sample(late, DESIGN), **asked, entry="entry")

    assert never.coefficients.value == pytest.approx(none.coefficients.value)
    # nothing happens before the first month, so half a month later changes nothing
    assert before.coefficients.value == pytest.approx(none.coefficients.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"left": 2.0},
            "event 'left': it is neither 0 nor 1 for somebody. Write 1 where it happened.",
        ),
        (
            {"left": 0.0},
            "event 'left': it never happened. A hazard needs events: check the column.",
        ),
        (
            {"entry": 1e6},
            "time 'months': somebody leaves when they enter, or before. Check both columns.",
        ),
    ],
)
def test_times_that_cannot_be_are_refused(change: dict[str, float], message: str):
    data = people(4).assign(**({"entry": 0.0} | change))

    with pytest.raises(EstimationError) as caught:
        survival("age", Sample(data, DESIGN), time="months", event="left", entry="entry")

    assert str(caught.value) == message


def test_two_variables_go_together_as_the_test_of_their_table_says():
    sample = Sample(people(5), DESIGN)

    found = compare(log_linear("trust + sex", sample), log_linear("trust * sex", sample))

    test = rao_scott(sample, "trust", "sex")
    assert found.delta.shape == (2, 2)
    assert found.score_p == pytest.approx(test.p, rel=0.05)
    assert found.deviance == pytest.approx(found.score, rel=0.1)


def test_a_model_of_everything_expects_what_was_observed():
    sample = Sample(people(5), DESIGN)

    everything = log_linear("trust * sex", sample)

    assert everything.expected == pytest.approx(everything.cells.value, rel=1e-6)
    assert everything.deviance == pytest.approx(0, abs=1e-6)
    with pytest.raises(EstimationError, match="no terms beyond"):
        compare(everything, everything)
    with pytest.raises(EstimationError, match="not of the same table"):
        compare(log_linear("trust + other", sample), everything)


def test_a_ratio_of_two_means_is_the_ratio():
    sample = Sample(people(6).assign(b=lambda d: d["age"] + 5), DESIGN)
    both = estimate(MEAN, sample, ["age", "b"])

    made = function_of(both, lambda v: v[0] / v[1], ["ratio"])

    ratio = estimate(RATIO, sample, ["age", "b"])
    assert made.value == pytest.approx(ratio.value)
    assert made.covariance == pytest.approx(ratio.covariance, rel=1e-9)


def test_a_function_that_is_not_defined_is_refused():
    both = estimate(MEAN, Sample(people(6), DESIGN), ["age", "a"])

    with pytest.raises(EstimationError) as caught, np.errstate(invalid="ignore"):
        function_of(both, lambda v: np.log(-v[0]))

    assert str(caught.value) == (
        "function of estimates: it is not defined at these estimates. "
        "Look for a division by 0, a logarithm of 0, or an empty group."
    )


def test_kappa_is_one_for_the_same_codes_and_near_nothing_for_chance():
    sample = Sample(people(7).assign(again=lambda d: d["trust"]), DESIGN)

    same, chance = kappa(sample, "trust", "again"), kappa(sample, "trust", "other")

    assert same.value[0] == pytest.approx(1)
    assert abs(chance.value[0]) < 3 * chance.standard_error[0]


def test_the_error_of_kappa_and_alpha_is_near_the_jackknife():
    data = people(8)
    rng = np.random.default_rng(8)
    data["other"] = np.where(rng.uniform(size=ROWS) < 0.5, data["trust"], data["other"])
    data["b"], data["c"] = data["a"] + rng.normal(size=ROWS), data["a"] + rng.normal(size=ROWS)
    plain, again = Sample(data, DESIGN), jackknife(Sample(data, DESIGN))

    pairs = [
        (kappa(each, "trust", "other"), cronbach_alpha(each, ["a", "b", "c"]))
        for each in (plain, again)
    ]

    for one, other in zip(*pairs, strict=True):
        assert one.value == pytest.approx(other.value)
        assert one.standard_error == pytest.approx(other.standard_error, rel=0.1)


def test_alpha_of_the_same_item_twice_is_one_and_one_item_is_refused():
    sample = Sample(people(8).assign(again=lambda d: d["a"]), DESIGN)

    assert cronbach_alpha(sample, ["a", "again"]).value[0] == pytest.approx(1)
    with pytest.raises(EstimationError, match="two items or more, and 1 came"):
        cronbach_alpha(sample, ["a"])


def test_imputations_that_agree_add_nothing_and_those_that_do_not_add_their_spread():
    sample = Sample(people(9), DESIGN)
    one = estimate(MEAN, sample, ["age"])
    moved = estimate(MEAN, Sample(people(9).assign(age=lambda d: d["age"] + 1), DESIGN), ["age"])

    same, apart = combine([one, one, one]), combine([one, moved])

    assert same.estimate.covariance == pytest.approx(one.covariance)
    assert same.missing[0] == 0
    assert apart.estimate.value == pytest.approx(one.value + 0.5)
    # B = 1/2 for values one apart; T = W + (1 + 1/2) B
    assert apart.estimate.covariance == pytest.approx(one.covariance + 1.5 * 0.5)
    assert apart.estimate.df < one.df
    with pytest.raises(EstimationError, match="seen between two or more"):
        combine([one])


@pytest.mark.parametrize("method", ["likelihood", "wilson"])
def test_an_interval_of_a_simple_sample_is_the_textbook_one(method: Method):
    n, yes = 400, 30
    data = pd.DataFrame({"yes": np.arange(n) < yes}).astype(float)
    sample = Sample(data, Design(Sampling.PROBABILITY))
    found = estimate(MEAN, sample, ["yes"])

    low, high = found.interval(method=method, df=np.inf)

    p, z = yes / n, stats.norm.isf(0.025)
    if method == "wilson":
        # the effective size is n - 1: the standard error divides by it
        m = n - 1
        centre = (p + z**2 / (2 * m)) / (1 + z**2 / m)
        half = z / (1 + z**2 / m) * np.sqrt(p * (1 - p) / m + z**2 / (4 * m**2))
        assert (low[0], high[0]) == pytest.approx((centre - half, centre + half))
    else:
        for q in (low[0], high[0]):
            lost = 2 * (p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q)))
            assert lost * (n - 1) == pytest.approx(z**2 * n / (n - 1))
    assert low[0] < p < high[0]
