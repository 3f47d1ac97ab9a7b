"""Hazards and survival curves: R's numbers, laws, and what is refused.

R: d <- data.frame(...) as `people`; s <- svydesign(~cluster, strata=~stratum, weights=~weight, d)
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.models import partial_likelihood
from survey_kit.estimation.models.survival import survival
from survey_kit.estimation.models.survival_curve import Curve, survival_curve

DESIGN = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster")
AT = [15.0, 20.0, 30.0]


def people() -> pd.DataFrame:
    """Two strata of five clusters of four; `months` has times that only rounding parts."""
    i = np.arange(40)
    entry = (i * 3 % 10) / 10
    months = entry + 1 + (i * 29 % 17) / 10.0
    return pd.DataFrame(
        {
            "cluster": i // 4,
            "stratum": i // 20,
            "weight": 1 + (i * 7 % 5) / 2,
            "x": (i * 37 % 11) / 5,
            "z": (i * 13 % 7) / 3 - 1,
            "site": np.where(i * 5 % 3 == 0, "a", "b"),
            "entry": entry,
            "months": months,
            "days": np.round(months * 10),
            "left": (i * 11 % 3 != 0).astype(float),
        }
    )


def sample(**changes: object) -> Sample:
    return Sample(people().assign(**changes), DESIGN)


def test_each_stratum_has_a_baseline_of_its_own_and_an_offset_moves_hazards():
    model = survival("x", sample(), time="months", event="left", strata="site", offset="z/2")

    # svycoxph(Surv(months, left) ~ x + strata(site) + offset(z/2), design=s)
    assert model.coefficients.value == pytest.approx([0.1082528559], rel=1e-8)
    assert model.coefficients.standard_error == pytest.approx([0.2863532052], rel=1e-8)
    assert model.df == 8


@pytest.mark.parametrize(
    ("ties", "value", "error"),
    [
        # svycoxph(Surv(entry, months, left) ~ x + z, design=s, method=ties). With timefix=FALSE
        # the first coefficient of Efron is 0.0437: times that rounding parts are one.
        ("efron", [0.0342808294, 0.3500027056], [0.2272341636, 0.2247313219]),
        ("breslow", [0.06673680995, 0.34633828609], [0.2022333355, 0.1848740886]),
    ],
)
def test_times_that_only_rounding_parts_are_one_time(ties, value, error):
    model = survival("x + z", sample(), time="months", event="left", entry="entry", ties=ties)

    assert model.coefficients.value == pytest.approx(value, rel=1e-8)
    assert model.coefficients.standard_error == pytest.approx(error, rel=1e-8)


def test_strata_fitted_together_add_their_likelihoods():
    data = people()
    both = survival("x", Sample(data, DESIGN), time="days", event="left", strata=["site"])
    parts = [
        partial_likelihood.PartialLikelihood(
            title="one site",
            names=("x",),
            x=one[["x"]].to_numpy() - data["x"].mean(),
            time=one["days"].to_numpy(),
            event=one["left"].to_numpy() == 1,
            entry=np.full(len(one), -np.inf),
            stratum=np.zeros(len(one), dtype=np.intp),
            offset=np.zeros(len(one)),
            ties="efron",
        ).pieces(both.coefficients.value, one["weight"].to_numpy() / data["weight"].mean())
        for _, one in data.groupby("site")
    ]

    assert sum(part[0] for part in parts) == pytest.approx(both.log_likelihood)
    assert sum(part[1] for part in parts) == pytest.approx([0.0], abs=1e-6)
    assert np.linalg.inv(sum(part[2] for part in parts)) == pytest.approx(both.naive)


@pytest.mark.parametrize(
    ("curve", "value", "error"),
    [
        # svykm(Surv(days, left) ~ 1, s)
        ("Kaplan-Meier", [0.86542548277, 0.86542548277, 0.07625067871], None),
        # svykm(Surv(days, left) ~ 1, s, se=TRUE); sqrt(varlog)
        (
            "Nelson-Aalen",
            [0.8684066368, 0.8684066368, 0.1371252578],
            [0.05697430228, 0.05697430228, 0.38339936111],
        ),
    ],
)
def test_a_survival_curve_is_that_of_r(curve: Curve, value, error):
    made = survival_curve(sample(), time="days", event="left", at=AT, curve=curve)

    assert made.value == pytest.approx(value, rel=1e-9)
    if error:
        assert made.logarithm.standard_error == pytest.approx(error, rel=1e-9)
        low, high = made.interval(df=np.inf)
        # R's confint of it at 15, 20 and 30
        assert low == pytest.approx([0.77665209816, 0.77665209816, 0.06467960056], rel=1e-9)
        assert high == pytest.approx([0.9710011581, 0.9710011581, 0.2907150966], rel=1e-9)


def test_the_median_is_where_half_are_left_and_its_bounds_where_those_of_the_curve_are():
    made = survival_curve(sample(), time="days", event="left", curve="Nelson-Aalen")

    # quantile(svykm(Surv(days, left) ~ 1, s, se=TRUE), c(.75, .5), ci=TRUE)
    quarter, half = (made.quantile(share, df=np.inf).iloc[0] for share in (0.75, 0.5))
    assert (quarter["time"], quarter["low"], quarter["high"]) == (24, 23, 25)
    assert (half["time"], half["low"], half["high"]) == (26, 25, 27)
    assert made.quantile(0.01)["time"][0] == np.inf


@pytest.mark.parametrize("curve", ["Kaplan-Meier", "Nelson-Aalen"])
def test_the_error_of_a_curve_follows_how_it_moves_with_the_weight_of_each_cluster(curve: Curve):
    data, step = people(), 1e-5

    def logarithm(frame: pd.DataFrame):
        made = survival_curve(
            Sample(frame, DESIGN),
            time="days",
            event="left",
            entry="entry",
            by="site",
            at=[21.0, 26.0],
            curve=curve,
        )
        return made.logarithm

    moved = np.empty((10, 4))
    for cluster in range(10):
        inside = (data["cluster"] == cluster).to_numpy()
        up, down = (
            logarithm(data.assign(weight=data["weight"] * np.where(inside, 1 + by, 1))).value
            for by in (step, -step)
        )
        moved[cluster] = (up - down) / (2 * step)
    of_stratum = moved.reshape(2, 5, 4)
    away = (of_stratum - of_stratum.mean(axis=1, keepdims=True)).reshape(10, 4)
    assert logarithm(data).covariance == pytest.approx(5 / 4 * away.T @ away, rel=1e-6)


def test_the_jackknife_of_a_curve_is_near_its_linearised_error_and_groups_keep_their_names():
    linear = sample()
    repeated = jackknife(linear)
    asked = {"time": "days", "event": "left", "at": [24.0], "by": "site"}

    one, other = (survival_curve(each, **asked) for each in (linear, repeated))

    assert other.value == pytest.approx(one.value)
    assert other.standard_error == pytest.approx(one.standard_error, rel=0.25)
    assert list(one.frame["group"]) == ["a", "b"]
    assert list(one.quantile(0.5)["group"]) == ["a", "b"]


def test_when_nobody_is_left_the_share_is_0_and_has_no_error():
    made = survival_curve(sample(left=1.0), time="days", event="left")

    assert made.value[-1] == 0
    assert np.isnan(made.standard_error[-1])
    assert np.isfinite(made.standard_error[:-1]).all()
    assert (np.diff(made.at_risk[0]) < 0).all()


def test_a_curve_of_no_probability_sample_has_no_interval_until_one_is_asked_for():
    design = Design(Sampling.SNOWBALL, weight="weight", cluster="cluster")

    made = survival_curve(Sample(people(), design), time="days", event="left", at=[24])

    assert list(made.frame) == ["time", "at_risk", "value"]
    assert list(made.quantile(0.5)) == ["share", "time"]
    assert "modelled_low" in made.modelled.frame


REFUSED = [
    (
        {"predictors": "x + strata(site)"},
        {},
        (
            "hazards by x + strata(site): strata() is no part of the formula. "
            "Give strata=['...'] beside the formula."
        ),
    ),
    (
        {"predictors": "x + offset(z)"},
        {},
        (
            "hazards by x + offset(z): offset() is no part of the formula. "
            "Give offset='...' beside the formula."
        ),
    ),
    (
        {"predictors": "x + cluster(site)"},
        {},
        (
            "hazards by x + cluster(site): cluster() is no part of the formula. "
            "Leave it out: the design of the sample says who belongs together."
        ),
    ),
    (
        {"predictors": "1"},
        {},
        "hazards by 1: it has no predictors. Use `survival_curve` for how long it takes.",
    ),
    (
        {"predictors": "x + site", "strata": "site"},
        {},
        (
            "hazards by x + site: 'site[T.b]' does not vary, or follows from what stands before it, "
            "among those at risk whenever it happened. Leave it out."
        ),
    ),
    (
        {"predictors": "never"},
        {"never": np.where(people()["left"] == 1, 0.0, np.arange(40) % 2)},
        (
            "hazards by never: the effect of 'never' grows without end: it decides to whom it "
            "happened. Leave it out, or merge categories in which it never happened."
        ),
    ),
]


@pytest.mark.parametrize(("asked", "changes", "message"), REFUSED)
def test_a_hazard_that_cannot_be_fitted_is_refused_in_words(asked, changes, message):
    with pytest.raises(EstimationError) as caught:
        survival(sample=sample(**changes), time="days", event="left", **asked)

    assert str(caught.value) == message


def test_a_replicate_in_which_it_never_happened_is_named():
    data = people()
    data["left"] *= data["cluster"] == 0
    linear = Sample(data, DESIGN)

    with pytest.raises(EstimationError) as caught:
        survival("x", jackknife(linear), time="days", event="left")

    assert str(caught.value) == (
        "hazards by x, replicate 1 of 10: it never happened to anybody whose weight is not 0. "
        "A hazard needs events: check the column and the weights."
    )


def test_a_curve_at_too_many_times_asks_which(monkeypatch):
    monkeypatch.setattr("survey_kit.estimation.models.survival_curve.MOST_TIMES", 5)

    with pytest.raises(EstimationError) as caught:
        survival_curve(sample(), time="days", event="left")

    assert str(caught.value) == (
        "survival curve: it happened at 10 times, more than the 5 that are taken. "
        "Say at which times the curve is wanted, with `at`."
    )


def test_a_share_left_that_is_none_is_refused():
    with pytest.raises(EstimationError) as caught:
        survival_curve(sample(), time="days", event="left").quantile(1.5)

    assert str(caught.value) == ("survival curve: the share left is 1.5. Give one between 0 and 1.")
