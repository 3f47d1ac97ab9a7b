"""Intervals from the likelihood, and effects of log-linear models: laws and refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.models.family import BINOMIAL, POISSON
from survey_kit.estimation.models.firth import firth
from survey_kit.estimation.models.log_linear import log_linear
from survey_kit.estimation.models.profile import likelihood_interval, where_deviance_rises
from survey_kit.estimation.models.regression import regression
from survey_kit.estimation.nonlinear import function_of
from survey_kit.estimation.proportions import shares

DESIGN = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster")


def people(design: Design = DESIGN) -> Sample:
    """Two strata of six clusters of ten."""
    rng = np.random.default_rng(11)
    i = np.arange(120)
    x = rng.normal(size=120)
    data = pd.DataFrame(
        {
            "cluster": i // 10,
            "stratum": i // 60,
            "weight": rng.uniform(0.5, 2, 120),
            "x": x,
            "sex": rng.choice(["f", "m"], 120),
            "vote": rng.choice(["a", "b"], 120),
            "income": 2 + x + rng.normal(size=120),
            "debt": (rng.random(120) < 0.2).astype(float),
        }
    )
    return Sample(data, design)


def test_of_a_linear_model_the_interval_is_that_of_wald():
    model = regression("income ~ x + sex", people())

    for level, df in ((0.95, None), (0.8, np.inf)):
        low, high = likelihood_interval(model, level, df=df)
        wald = model.coefficients.interval(level, df=df)
        assert low == pytest.approx(wald[0], rel=1e-6)
        assert high == pytest.approx(wald[1], rel=1e-6)


@pytest.mark.parametrize("family", [BINOMIAL, POISSON])
def test_with_a_coefficient_held_at_its_bound_the_deviance_has_risen_as_it_may(family):
    sample = people()
    model = regression("debt ~ x + sex", sample, family=family)
    low, high = likelihood_interval(model, df=np.inf)

    rise = 1.959964**2 * model.coefficients.variance[1] / model.naive[1, 1]
    for bound in (low[1], high[1]):
        held = regression("debt ~ sex", sample, family=family, offset=f"{float(bound)!r} * x")
        assert held.deviance - model.deviance == pytest.approx(rise, rel=1e-5)
    # a rare outcome: further to the side where it is likelier for nobody
    assert model.coefficients.value[0] - low[0] > high[0] - model.coefficients.value[0]


def test_a_bound_that_the_deviance_never_reaches_is_infinite():
    model = regression("debt ~ 1", people(), family=BINOMIAL)

    low, high = where_deviance_rises(model, np.array([1e9]))

    assert (low[0], high[0]) == (-np.inf, np.inf)


def test_a_penalised_model_has_no_deviance_and_a_level_that_is_none_is_refused():
    sample = people()
    model = firth("debt ~ x", sample)
    with pytest.raises(EstimationError) as penalised:
        where_deviance_rises(model, np.ones(2))
    with pytest.raises(EstimationError) as level:
        likelihood_interval(regression("income ~ x", sample), 95)

    assert str(penalised.value) == (
        "model debt ~ x: a penalised likelihood has no deviance to compare. "
        "Use the intervals of its coefficients."
    )
    assert str(level.value) == "interval: its level is 95. Give one between 0 and 1, such as 0.95."


def test_two_columns_on_the_left_are_refused_in_words():
    with pytest.raises(EstimationError) as caught:
        regression("cbind(debt, x) ~ sex", people())

    assert str(caught.value) == (
        "formula 'cbind(debt, x) ~ sex': it explains two columns at once, and a row is one "
        "answer here. Explain one column of 0 and 1, with a row for each answer."
    )


def test_the_last_effect_of_a_full_table_is_a_quarter_of_its_log_odds_ratio():
    sample = people()
    data = sample.data.assign(cell=sample.data["sex"] + sample.data["vote"])

    made = log_linear("sex * vote", sample).coefficients

    cells = shares(Sample(data, DESIGN), "cell")
    odds = function_of(cells, lambda p: np.array([np.log(p) @ [1, -1, -1, 1]]) / 4)
    assert [name[-1] for name in made.names] == ["sex[f]", "vote[a]", "sex[f]:vote[a]"]
    assert made.value[2] == pytest.approx(odds.value[0], rel=1e-6)
    assert made.standard_error[2] == pytest.approx(odds.standard_error[0], rel=1e-5)


def test_where_variables_stand_alone_an_effect_is_half_the_logarithm_of_their_odds():
    sample = people()

    made = log_linear("sex + vote", sample).coefficients

    share = shares(sample, "sex")
    half = function_of(share, lambda p: np.array([np.log(p[0] / p[1]) / 2]))
    assert made.value[0] == pytest.approx(half.value[0], rel=1e-6)
    assert made.standard_error[0] == pytest.approx(half.standard_error[0], rel=1e-5)
