"""Interviews for a margin, and the margin for interviews: published numbers, laws, refusals."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from survey_kit.design.design import Sampling
from survey_kit.design.planning.effects import best_take, design_effect, icc_of
from survey_kit.design.planning.fieldwork import Fieldwork
from survey_kit.design.planning.plan import Plan, side_by_side
from survey_kit.design.planning.precision import (
    margin_of_mean,
    margin_of_share,
    sample_size_for_mean,
    sample_size_for_share,
)
from survey_kit.errors import DesignError

PLAIN = Fieldwork(Sampling.PROBABILITY)
TWO_DEVIATIONS = 2 * float(norm.cdf(2)) - 1
"""The confidence at which z is 2, as Cochran takes it."""

some_shares = st.floats(0.02, 0.98)
some_margins = st.floats(0.005, 0.2)
some_populations = st.none() | st.integers(50, 1_000_000)
some_effects = st.floats(0.5, 6)


def test_blood_groups_on_an_island_take_400_people_and_356_of_3200() -> None:
    # Cochran 1977, section 4.2 and 4.4: p about a half, within 5 points, z = 2
    unlimited = sample_size_for_share(0.5, margin=0.05, confidence=TWO_DEVIATIONS, fieldwork=PLAIN)
    island = sample_size_for_share(
        0.5,
        margin=0.05,
        confidence=TWO_DEVIATIONS,
        fieldwork=Fieldwork(Sampling.PROBABILITY, population=3200),
    )

    assert (unlimited.interviews, island.interviews) == (400, 356)


@pytest.mark.parametrize(
    ("share", "margin", "n"), [(0.5, 0.05, 385), (0.5, 0.03, 1068), (0.3, 0.05, 323)]
)
def test_the_sizes_that_every_textbook_prints(share: float, margin: float, n: int) -> None:
    assert sample_size_for_share(share, margin=margin, fieldwork=PLAIN).interviews == n


def test_a_mean_by_hand() -> None:
    # n0 = (1.96 * 20 / 2)^2 = 384.1; in 1,000 people 384.1/(1 + 0.3841) = 277.5
    assert sample_size_for_mean(20, margin=2, fieldwork=PLAIN).interviews == 385
    few = Fieldwork(Sampling.PROBABILITY, population=1000)
    assert sample_size_for_mean(20, margin=2, fieldwork=few).interviews == 278


@given(share=some_shares, margin=some_margins, population=some_populations, effect=some_effects)
@settings(max_examples=60, deadline=None)
def test_the_size_for_a_margin_is_the_fewest_interviews_that_keep_it(
    share: float, margin: float, population: int | None, effect: float
) -> None:
    fieldwork = Fieldwork(Sampling.PROBABILITY, effect=effect, population=population)

    n = sample_size_for_share(share, margin=margin, fieldwork=fieldwork).interviews

    assert _margin(n, share, fieldwork) <= margin * (1 + 1e-6)
    if n > 2:
        assert _margin(n - 1, share, fieldwork) > margin * (1 - 1e-6)


def _margin(n: int, share: float, fieldwork: Fieldwork) -> float:
    margin = margin_of_share(n, share, fieldwork=fieldwork).margin
    assert margin is not None
    return margin


@given(deviation=st.floats(0.1, 100), n=st.integers(2, 5000), effect=some_effects)
@settings(max_examples=40, deadline=None)
def test_the_margin_of_a_mean_asks_for_the_interviews_it_came_from(
    deviation: float, n: int, effect: float
) -> None:
    fieldwork = Fieldwork(Sampling.PROBABILITY, effect=effect, population=5000)

    margin = margin_of_mean(n, deviation, fieldwork=fieldwork).margin

    assert margin is not None
    if n < 5000:
        back = sample_size_for_mean(deviation, margin=margin, fieldwork=fieldwork)
        assert back.interviews == n
    else:
        assert margin == 0


@given(share=some_shares, margin=some_margins, population=st.integers(50, 100_000))
@settings(max_examples=40, deadline=None)
def test_no_population_is_asked_more_people_than_it_has(
    share: float, margin: float, population: int
) -> None:
    fieldwork = Fieldwork(Sampling.PROBABILITY, effect=4, population=population)
    plan = sample_size_for_share(share, margin=margin, fieldwork=fieldwork)
    wider = sample_size_for_share(share, margin=margin * 1.2, fieldwork=fieldwork)

    assert wider.interviews <= plan.interviews <= population


def test_clusters_and_weights_make_the_design_effect() -> None:
    effect = design_effect(take=12, icc=0.05, weight_variation=0.5)

    # by hand: 1 + 11 * 0.05, and 1 + 0.25
    assert effect.value == pytest.approx(1.55 * 1.25)
    assert icc_of(effect.clustering, 12) == pytest.approx(0.05)
    # unequal takes: 1 + ((1 + 0.36) * 12 - 1) * 0.05
    assert design_effect(take=12, icc=0.05, take_variation=0.6).value == pytest.approx(1.766)
    assert best_take(cluster_cost=4, interview_cost=1, icc=0.2) == 4


def test_the_best_take_buys_the_smallest_variance() -> None:
    def variance(take: float) -> float:
        clusters = 10_000 / (200 + 10 * take)
        return design_effect(take=take, icc=0.05).value / (clusters * take)

    best = best_take(cluster_cost=200, interview_cost=10, icc=0.05)

    assert variance(best) < min(variance(best * 0.95), variance(best * 1.05))


def test_a_plan_says_what_the_methods_section_needs() -> None:
    fieldwork = Fieldwork(
        Sampling.PROBABILITY,
        effect=design_effect(take=12, icc=0.05),
        response=0.8,
        eligible=0.9,
        population=50_000,
        domains=3,
    )

    plan = sample_size_for_share(0.5, margin=0.05, fieldwork=fieldwork)

    assert plan.sentence == (
        "589 interviews in each of 3 domains, 1,767 in all, estimate a share of 50% to within "
        "±5.0 percentage points, with 95% confidence. The design effect is taken to be 1.55 (12 "
        "interviews in a cluster, an intra-cluster correlation of 0.05): 1,767 interviews are "
        "worth 1,140 of a simple random sample. They are held in 150 clusters. Each domain is "
        "taken to be 50,000 people. If 90% of those approached are eligible and 80% of these "
        "answer, 2,457 people must be approached."
    )


def test_a_rare_answer_gets_the_interval_that_will_be_reported() -> None:
    plan = sample_size_for_share(0.02, margin=0.02, fieldwork=PLAIN)

    # R, with 3.78 of 189: qbeta at .025 is 0.005210, at .975 0.05165
    assert plan.notes[0] == (
        "Only about 4 of them would say so: there the formula is rough, and the interval to be "
        "reported (beta) would run from 0.5% to 5.2%."
    )


def test_few_clusters_widen_the_interval_and_it_is_said() -> None:
    fieldwork = Fieldwork(Sampling.PROBABILITY, effect=design_effect(take=30, icc=0))
    plan = margin_of_share(300, fieldwork=fieldwork)

    # t_9 = 2.262 over 1.960
    assert plan.clusters == 10
    assert plan.notes[0] == (
        "With 10 clusters, Student's t on 9 degrees of freedom is 15% wider than the normal that "
        "this rests on."
    )


@pytest.mark.parametrize(
    ("sampling", "kind"),
    [
        (Sampling.QUOTA, "a quota sample"),
        (Sampling.PURPOSIVE, "a purposive sample"),
        (Sampling.SNOWBALL, "a snowball sample"),
        (Sampling.RDS, "a respondent-driven sample"),
        (Sampling.OPT_IN, "an opt-in sample"),
    ],
)
def test_a_sample_that_is_no_probability_sample_is_given_no_margin_without_a_caution(
    sampling: Sampling, kind: str
) -> None:
    plan = sample_size_for_share(0.5, margin=0.05, fieldwork=Fieldwork(sampling))

    assert plan.sentence.endswith(
        f"These figures of precision assume a probability sample. This is to be {kind}, whose "
        "sampling error cannot be computed from its design: they are a guide to its size, and no "
        "margin of error may be reported from them."
    )


def test_plans_can_be_laid_side_by_side() -> None:
    plans = [sample_size_for_share(0.5, margin=d, fieldwork=PLAIN) for d in (0.03, 0.05)]

    frame = side_by_side(plans)

    assert list(frame["interviews"]) == [1068, 385]
    assert list(frame["margin"]) == [0.03, 0.05]
    assert frame["clusters"].isna().all()
    assert plans[0].frame.equals(frame.iloc[:1])
    assert "1,068 interviews" in plans[0]._repr_html_()


def _refused(call: object) -> str:
    assert callable(call)
    with pytest.raises(DesignError) as caught:
        call()
    return str(caught.value)


def plan(share: float = 0.5, margin: float = 0.05, **fieldwork: float) -> Plan:
    return sample_size_for_share(
        share,
        margin=margin,
        fieldwork=Fieldwork(Sampling.PROBABILITY, **fieldwork),  # type: ignore[arg-type]
    )


def test_what_cannot_be_planned_is_said_word_for_word() -> None:
    assert _refused(lambda: plan(share=30)) == (
        "share: 30 is not a share strictly between 0 and 1. Write 30% as 0.3."
    )
    assert _refused(lambda: plan(share=0)) == (
        "share: 0 is not a share strictly between 0 and 1. Give a share above 0 and below 1."
    )
    assert _refused(lambda: plan(margin=5)) == (
        "margin: 5 is not between 0 and 0.5. Give half the width of the interval, such as 0.05 "
        "for five percentage points."
    )
    assert _refused(lambda: plan(response=80)) == (
        "response: 80 is not a share above 0 and at most 1. Write 80% as 0.8."
    )
    assert _refused(lambda: plan(effect=0)) == (
        "design effect: 0 is not above 0. Give a number above 0."
    )
    assert _refused(lambda: Fieldwork(Sampling.CENSUS)) == (
        "sampling: a census asks everybody, so there is no sample to plan. Plan for the response "
        "you can expect, and say who did not answer."
    )
    few = Fieldwork(Sampling.PROBABILITY, population=100)
    assert _refused(lambda: margin_of_share(120, fieldwork=few)) == (
        "population: 120 interviews were asked for, and there are 100 people. Ask for at most as "
        "many, or leave the population out if it is not that of one domain."
    )
    assert _refused(lambda: design_effect(take=5, icc=-0.5)) == (
        "icc: -0.5 is not between -0.25 and 1. Give a number from -0.25 to 1."
    )
    assert _refused(lambda: design_effect(take=0.5)) == (
        "take: 0.5 is below 1. Give a number of at least 1."
    )
    assert _refused(lambda: sample_size_for_mean(float("nan"), margin=1, fieldwork=PLAIN)) == (
        "deviation: nan is not above 0. Give a number above 0."
    )
