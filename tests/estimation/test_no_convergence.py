"""A fit that does not settle says so in words, and gives no number: every iterative one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.errors import SurveyKitError
from survey_kit.estimation.models.family import BINOMIAL
from survey_kit.estimation.models.firth import firth
from survey_kit.estimation.models.log_linear import log_linear
from survey_kit.estimation.models.multinomial import multinomial
from survey_kit.estimation.models.ordinal import ordinal
from survey_kit.estimation.models.regression import regression
from survey_kit.estimation.models.survival import survival
from survey_kit.weighting.calibrate import calibrate
from survey_kit.weighting.rake import rake

DESIGN = Design(Sampling.PROBABILITY, weight="weight", cluster="cluster")
TRUST = ["none", "some", "full"]


def people() -> Sample:
    """Ten clusters of six, nobody decided by anything."""
    rng = np.random.default_rng(5)
    n = 60
    data = pd.DataFrame(
        {
            "cluster": np.arange(n) // 6,
            "weight": rng.uniform(1, 3, n),
            "x": rng.normal(size=n),
            "sex": rng.choice(["f", "m"], n),
            "region": rng.choice(["n", "s"], n),
            "debt": (rng.random(n) < 0.4).astype(float),
            "trust": pd.Categorical(rng.choice(TRUST, n), categories=TRUST, ordered=True),
            "days": rng.integers(1, 40, n).astype(float),
        }
    )
    return Sample(data, DESIGN)


CATEGORIES = "Use fewer predictors, or merge categories in which everybody answered alike."
FITS: dict[str, tuple[Callable[[Sample], object], str]] = {
    "reweighted": (
        lambda s: regression("debt ~ x", s, family=BINOMIAL),
        f"model debt ~ x: the fit did not settle in 1 steps. {CATEGORIES}",
    ),
    "reweighted, a table": (
        lambda s: log_linear("sex + region", s),
        f"model sex + region: the fit did not settle in 1 steps. {CATEGORIES}",
    ),
    "penalised_likelihood": (
        lambda s: firth("debt ~ x", s),
        f"model debt ~ x: the fit did not settle in 1 steps. {CATEGORIES}",
    ),
    "ordinal": (
        lambda s: ordinal("trust ~ x", s),
        f"model trust ~ x: the fit did not settle in 1 steps. {CATEGORIES}",
    ),
    "multinomial": (
        lambda s: multinomial("trust ~ x", s),
        f"model trust ~ x: the fit did not settle in 1 steps. {CATEGORIES}",
    ),
    "partial_likelihood": (
        lambda s: survival("x", s, time="days", event="debt"),
        (
            "hazards by x: the fit did not settle in 1 steps. "
            "Use fewer predictors, or merge categories in which it never happened."
        ),
    ),
}


@pytest.mark.parametrize("name", FITS)
def test_a_model_that_does_not_settle_has_no_numbers(name: str, monkeypatch):
    fit, message = FITS[name]
    module = name.partition(",")[0]
    monkeypatch.setattr(f"survey_kit.estimation.models.{module}.MOST_STEPS", 1)

    with pytest.raises(SurveyKitError) as caught:
        fit(people())

    assert str(caught.value) == message


def test_a_replicate_that_does_not_settle_is_named():
    data = people().data
    # without the first cluster nobody of the south is left in debt
    data["debt"] *= (data["region"] == "n") | (data["cluster"] == 0)

    repeated = jackknife(Sample(data, DESIGN))

    with pytest.raises(SurveyKitError) as caught:
        regression("debt ~ region", repeated, family=BINOMIAL)

    assert str(caught.value).startswith("model debt ~ region, replicate 1 of 10: ")


MARGINS = {"sex": {"f": 70.0, "m": 50.0}, "region": {"n": 40.0, "s": 80.0}}
MORE = "though there are weights that fit. Ask for distance='raking', or for more iterations."
WEIGHTINGS: dict[str, tuple[Callable[[Sample], object], str]] = {
    "rake": (
        lambda s: rake(s, MARGINS, iterations=1),
        (
            "raking: after 1 rounds the margin 'sex' is still 0.024 of a category away from its "
            "target. The margins can be met, if only by weights of nearly 0 for some people: allow "
            "more iterations, merge small categories, or leave a margin out."
        ),
    ),
    "raking": (
        lambda s: calibrate(s, MARGINS, distance="raking", iterations=1),
        f"calibration: after 1 rounds a total is still 0.075 of itself away, {MORE}",
    ),
    "entropy": (
        lambda s: calibrate(s, MARGINS, distance="entropy", iterations=1),
        f"calibration: after 1 rounds a total is still 0.17 of itself away, {MORE}",
    ),
    "logit": (
        lambda s: calibrate(s, MARGINS, distance="logit", bounds=(0.2, 4), iterations=1),
        (
            "calibration: after 1 rounds a total is still 0.077 of itself away, though there are "
            "weights that fit. Allow more iterations, or give wider bounds."
        ),
    ),
    "linear, with bounds that nothing keeps": (
        lambda s: calibrate(s, MARGINS, bounds=(0.8, 1.1)),
        (
            "calibration: no weights within the bounds 0.8 and 1.1 fit all totals. The nearest bounds "
            "that can be kept are about 0.343 and 1.329: give bounds=(0.343, 1.329), merge "
            "categories, or leave a total out."
        ),
    ),
}


@pytest.mark.parametrize("name", WEIGHTINGS)
def test_weights_that_do_not_settle_are_not_given_half_done(name: str):
    weighting, message = WEIGHTINGS[name]

    with pytest.raises(SurveyKitError) as caught:
        weighting(people())

    assert str(caught.value) == message
