"""Firth's penalised likelihood: against R by hand, laws, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.intervals import t_quantile
from survey_kit.estimation.models.family import BINOMIAL
from survey_kit.estimation.models.firth import firth
from survey_kit.estimation.models.margins import predicted_means
from survey_kit.estimation.models.profile import likelihood_interval
from survey_kit.estimation.models.regression import regression
from survey_kit.estimation.models.term_test import deviance_test, wald_test

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference" / "open" / "data"
ROWS = 160
DESIGN = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster")


def people(seed: int = 1) -> pd.DataFrame:
    """Four strata of five clusters of eight; everybody with primary school owes."""
    rng = np.random.default_rng(seed)
    school = rng.choice(["none", "primary", "secondary"], ROWS)
    return pd.DataFrame(
        {
            "age": rng.uniform(18, 60, ROWS),
            "school": school,
            "debt": np.where(school == "primary", 1.0, rng.integers(0, 2, ROWS)),
            "weight": rng.uniform(0.5, 3, ROWS),
            "stratum": np.repeat(["a", "b", "c", "d"], 40),
            "cluster": np.repeat(np.arange(20), 8),
        }
    )


# R 4.2.2, survey 4.1-1, sep <- debt == 1 | educ == 'tertiary', weights w/mean(w). Own Newton of
# the penalised score after optim(BFGS) of the penalised likelihood; jackknife by
# withReplicates(as.svrepdesign(d, 'JKn'), ...); linearised by svytotal of the derivatives of the
# coefficients by each weight, had by moving each weight by 1e-4 of itself and fitting again.
# fmt: off
OF_R = {
    "coefficients": [
        -2.40043798139, 0.348096694163, 0.284438207622, 5.68458352647, 0.263341756403,
        0.432853460388,
    ],
    "linearised": [
        0.368504127611, 0.335458534886, 0.390299750972, 0.224692580889, 0.0443919029793,
        0.220871976982,
    ],
    "jackknife": [
        0.377357233154, 0.339434761773, 0.401069153473, 0.229762248291, 0.0468323978689,
        0.226470556331,
    ],
}
# fmt: on


@pytest.mark.shared
def test_coefficients_and_standard_errors_are_those_by_hand_in_r():
    path = REFERENCE / "m612.csv"
    if not path.is_file():
        pytest.skip("the shared reference data are not here")
    data = pd.read_csv(path)
    data["sep"] = ((data["debt"] == 1) | (data["educ"] == "tertiary")).astype(float)
    design = Design(Sampling.PROBABILITY, weight="w", stratum="country", cluster="site")
    sample = Sample(data, design)

    model = firth("sep ~ educ + months + sex", sample)
    again = firth("sep ~ educ + months + sex", jackknife(sample))

    assert model.coefficients.value == pytest.approx(OF_R["coefficients"], abs=1e-9)
    assert np.sqrt(np.diag(model.of_design)) == pytest.approx(OF_R["linearised"], rel=1e-7)
    assert np.sqrt(np.diag(again.of_design)) == pytest.approx(OF_R["jackknife"], rel=1e-8)


def test_two_groups_have_the_log_odds_with_half_a_person_more_on_each_side():
    # Heinze and Schemper 2002, section 2: for one 0/1 predictor, as if 1/2 were added to each cell
    data = pd.DataFrame(
        {
            "sex": ["man"] * 10 + ["woman"] * 8,
            "debt": [1.0] * 4 + [0.0] * 6 + [1.0] * 8,
        }
    )

    model = firth("debt ~ sex", Sample(data, Design(Sampling.PROBABILITY)))

    odds = np.log([4.5 / 6.5, 8.5 / 0.5])
    assert model.coefficients.value == pytest.approx([odds[0], odds[1] - odds[0]])


def test_the_unit_of_the_weights_is_no_matter_and_a_domain_is_its_rows():
    data = people()
    inside = data["stratum"].isin(["a", "b"]).to_numpy()

    model = firth("debt ~ school + age", Sample(data, DESIGN))
    scaled = firth("debt ~ school + age", Sample(data.assign(weight=data["weight"] * 70), DESIGN))
    domain = firth("debt ~ school", Sample(data, DESIGN), where=inside)
    alone = firth("debt ~ school", Sample(data[inside], DESIGN))

    assert scaled.coefficients.value == pytest.approx(model.coefficients.value)
    assert scaled.coefficients.covariance == pytest.approx(model.coefficients.covariance)
    assert domain.coefficients.value == pytest.approx(alone.coefficients.value)
    assert domain.coefficients.covariance == pytest.approx(alone.coefficients.covariance)


def test_among_many_the_penalty_does_not_matter():
    data = pd.concat([people(seed) for seed in range(12)], ignore_index=True)
    data["debt"] = np.random.default_rng(1).integers(0, 2, len(data)).astype(float)

    penalised = firth("debt ~ school + age", Sample(data, DESIGN))
    plain = regression("debt ~ school + age", Sample(data, DESIGN), family=BINOMIAL)

    error = plain.coefficients.standard_error
    assert np.abs(penalised.coefficients.value - plain.coefficients.value).max() < 0.1 * error.max()
    assert np.sqrt(np.diag(penalised.of_design)) == pytest.approx(error, rel=0.02)


def test_what_decides_the_outcome_has_no_error_below_that_of_the_likelihood():
    model = firth(Sample(people(), DESIGN), "debt ~ school + age")
    frame = model.frame.set_index("name")
    of_design = dict(zip(frame.index, np.sqrt(np.diag(model.of_design)), strict=True))
    likelihood = dict(zip(frame.index, np.sqrt(np.diag(model.naive)), strict=True))

    decided, other = "school[T.primary]", "age"
    assert likelihood[decided] > 2 * of_design[decided]
    assert frame.loc[decided, "standard_error"] == pytest.approx(likelihood[decided])
    expected = max(of_design[other], likelihood[other])
    assert frame.loc[other, "standard_error"] == pytest.approx(expected)
    # nothing stops it on the side to which it is decided
    low, value, high = frame.loc[decided, ["low", "value", "high"]]
    assert abs(high - value) + abs(value - low) > 2 * 1.96 * likelihood[decided]
    assert "standard error" not in repr(model)
    assert "low, high, p: penalised likelihood, widened by the design effect; 95% CI" in repr(model)


def test_its_interval_is_where_the_best_penalised_likelihood_has_lost_enough():
    model = firth(Sample(people(), DESIGN), "debt ~ school + age")
    low, high = model.interval(0.9)
    best = model.task.likelihood(model.coefficients.value, model.weights)
    wanted = model.inflation * t_quantile(0.9, np.full(len(low), model.df)) ** 2

    for column, end in ((1, low[1]), (1, high[1]), (len(low) - 1, high[-1])):
        others = [at for at in range(len(low)) if at != column]

        def lost(rest: np.ndarray, at: int = column, free: list[int] = others, to=end) -> float:
            beta = np.empty(len(low))
            beta[at], beta[free] = to, rest
            return -model.task.likelihood(beta, model.weights)

        found = optimize.minimize(lost, model.coefficients.value[others], method="BFGS")
        assert 2 * (best + found.fun) == pytest.approx(wanted[column], rel=1e-5)
    np.testing.assert_array_equal(likelihood_interval(model, 0.9)[0], low)


def test_terms_and_means_follow_and_a_difference_in_deviance_is_refused():
    model = firth("debt ~ school + age", Sample(people(), DESIGN))

    assert wald_test(model, "school").p < 0.01
    assert 0.9 < predicted_means(model, "school").value[1] < 1
    with pytest.raises(EstimationError) as caught:
        deviance_test(model, "school")
    assert str(caught.value) == (
        "term 'school': the model was fitted with a penalty, so what it loses is no difference in "
        "deviance. Use `wald_test`."
    )


def test_a_constant_outcome_says_nothing_even_with_a_penalty():
    with pytest.raises(EstimationError) as caught:
        firth("debt ~ age", Sample(people().assign(debt=1.0), DESIGN))

    assert str(caught.value) == (
        "model debt ~ age: everybody has the same outcome, so nothing can explain it. "
        "Look at its table first; check `where` and what is missing."
    )
