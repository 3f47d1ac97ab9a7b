"""Power: R's numbers, laws, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Sampling
from survey_kit.design.planning.comparison import Means, Overlap, Shares
from survey_kit.design.planning.effects import design_effect
from survey_kit.design.planning.fieldwork import Fieldwork
from survey_kit.design.planning.power import (
    Sides,
    margin_of_difference,
    power_of_difference,
    sample_size_for_difference,
    sample_size_for_margin_of_difference,
    smallest_difference,
)
from survey_kit.errors import DesignError

PLAIN = Fieldwork(Sampling.PROBABILITY)

some_shares = st.floats(0.05, 0.95)
some_overlaps = st.none() | st.builds(Overlap, people=st.floats(0, 1), correlation=st.just(0.1))


def found(comparison: Shares | Means, n: int, sides: Sides = "two-sided") -> float:
    power = power_of_difference(comparison, n, fieldwork=PLAIN, sides=sides).power
    assert power is not None
    return power


def test_shares_agree_with_r() -> None:
    # R: power.prop.test(p1=.50, p2=.75, power=.90)$n = 76.70693
    plan = sample_size_for_difference(Shares(0.5, 0.75), power=0.9, fieldwork=PLAIN)
    assert plan.groups == (77, 77)
    # R: power.prop.test(n=200, p1=.30, p2=.40)$power
    assert found(Shares(0.3, 0.4), 200) == pytest.approx(0.5546278698, abs=1e-9)
    # R: power.prop.test(p1=.1, p2=.15, power=.8, sig.level=.1, alternative="one.sided")$n = 393.54
    one_sided = sample_size_for_difference(
        Shares(0.1, 0.15), confidence=0.9, sides="one-sided", fieldwork=PLAIN
    )
    assert one_sided.groups == (394, 394)
    # R: power.prop.test(n=50, p1=.5, power=.9)$p2 = 0.8026, to the tolerance of its uniroot
    smallest = smallest_difference(Shares(0.5, 0.6), 50, power=0.9, fieldwork=PLAIN)
    assert smallest.difference == pytest.approx(0.3026, abs=1e-4)


def test_means_agree_with_r() -> None:
    # R: power.t.test(delta=1, sd=1, power=.9)$n = 22.02110
    assert _size(Means(1, 1), 0.9) == 23
    # R: power.t.test(delta=.5, sd=2, power=.8)$n = 252.1281; one.sided 198.5217
    assert _size(Means(0.5, 2), 0.8) == 253
    assert _size(Means(0.5, 2), 0.8, "one-sided") == 199
    # R: power.t.test(n=20, delta=1, sd=1)$power
    assert found(Means(1, 1), 20) == pytest.approx(0.8689528017, abs=1e-9)
    # R: power.t.test(n=20, sd=1, power=.9)$delta = 1.05197
    smallest = smallest_difference(Means(0, 1), 20, power=0.9, fieldwork=PLAIN)
    assert smallest.difference == pytest.approx(1.05197, abs=1e-4)
    # R: power.t.test(power=.9, delta=1, type="paired")$n = 12.58547, where sd is that of the
    # differences: 1 if each round has 1 and they correlate at a half
    assert _size(Means(1, 1, overlap=Overlap(1, 0.5)), 0.9) == 13


def _size(comparison: Shares | Means, power: float, sides: Sides = "two-sided") -> int:
    plan = sample_size_for_difference(comparison, power=power, fieldwork=PLAIN, sides=sides)
    return plan.groups[0]


@given(first=some_shares, second=some_shares, ratio=st.floats(0.3, 3), n=st.integers(5, 5000))
@settings(max_examples=60, deadline=None)
def test_power_rises_with_interviews(first: float, second: float, ratio: float, n: int) -> None:
    if abs(first - second) < 0.01:
        return
    for comparison in (Shares(first, second, ratio), Means(first - second, 0.5, ratio)):
        assert found(comparison, n) <= found(comparison, n + 7) + 1e-12


@given(first=some_shares, second=some_shares, power=st.floats(0.3, 0.99), overlap=some_overlaps)
@settings(max_examples=60, deadline=None)
def test_the_size_for_a_power_is_the_fewest_interviews_that_reach_it(
    first: float, second: float, power: float, overlap: Overlap | None
) -> None:
    if abs(first - second) < 0.01 or (overlap and abs(first - second) > 0.5):
        return
    for comparison in (
        Shares(first, second, overlap=overlap),
        Means(first - second, 0.4, overlap=overlap),
    ):
        n = _size(comparison, power)

        assert found(comparison, n) >= power - 1e-9
        if n > 2:
            assert found(comparison, n - 1) < power


@given(first=some_shares, n=st.integers(30, 3000), overlap=some_overlaps)
@settings(max_examples=60, deadline=None)
def test_the_smallest_difference_is_found_with_just_that_power(
    first: float, n: int, overlap: Overlap | None
) -> None:
    for side in (0.01, -0.01):
        shares = Shares(first, first + side, overlap=overlap)
        try:
            smallest = smallest_difference(shares, n, fieldwork=PLAIN)
        except DesignError as refused:
            assert "they are too few" in str(refused)  # noqa: PT017 - near 0 and 1 there is none
            continue
        assert smallest.difference is not None
        second = first + np.sign(side) * smallest.difference
        assert found(Shares(first, float(second), overlap=overlap), n) == pytest.approx(0.8)


def test_people_asked_twice_make_a_change_easier_to_find() -> None:
    sizes = [_size(Shares(0.3, 0.35, overlap=Overlap(people, 0.6)), 0.8) for people in (0, 0.5, 1)]

    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == _size(Shares(0.3, 0.35), 0.8)
    # by hand: (1.96 + 0.84)^2 p q 2 (1 - 0.5 * 0.6) / 0.05^2 is about 964
    assert sizes[1] == pytest.approx(964, abs=5)


def test_simulated_rounds_vary_as_the_plan_says() -> None:
    comparison = Shares(0.3, 0.42, overlap=Overlap(0.5, 0.5))
    plan = sample_size_for_difference(comparison, fieldwork=PLAIN)
    n, rng = plan.groups[0], np.random.default_rng(8)
    both, runs = round(n * 0.5), 4000
    joint = 0.3 * 0.42 + 0.5 * np.sqrt(0.3 * 0.7 * 0.42 * 0.58)
    cells = rng.multinomial(both, [joint, 0.3 - joint, 0.42 - joint, 0.28 + joint], size=runs)
    first = (cells[:, 0] + cells[:, 1] + rng.binomial(n - both, 0.3, runs)) / n
    second = (cells[:, 0] + cells[:, 2] + rng.binomial(n - both, 0.42, runs)) / n

    pooled = (first + second) / 2
    z = (second - first) / np.sqrt(pooled * (1 - pooled) * 2 * (1 - 0.25) / n)

    # 4,000 runs: a standard error of 0.006
    assert (z > 1.96).mean() == pytest.approx(0.8, abs=0.03)


def test_a_difference_is_estimated_to_within_a_margin() -> None:
    plan = sample_size_for_margin_of_difference(Shares(0.3, 0.4), margin=0.05, fieldwork=PLAIN)

    # 1.95996² (0.21 + 0.24)/0.05² = 691.5
    assert plan.groups == (692, 692)
    assert plan.sentence == (
        "692 interviews in each of 2 groups, 1,384 in all, estimate the difference of shares of "
        "30% and 40% to within ±5.0 percentage points, with 95% confidence."
    )
    rounds = Means(0, 20, overlap=Overlap(0.5, 0.6))
    # 1.95996² 400 (2 - 0.6)/3² = 239.03
    sized = sample_size_for_margin_of_difference(rounds, margin=3, fieldwork=PLAIN)
    assert sized.groups == (240, 240)
    back = margin_of_difference(rounds, 240, fieldwork=PLAIN).margin
    assert back == pytest.approx(3 * (239.03 / 240) ** 0.5, rel=1e-4)


def test_a_design_effect_multiplies_the_interviews() -> None:
    clustered = Fieldwork(
        Sampling.PROBABILITY, effect=design_effect(take=10, icc=0.1), response=0.5
    )
    plan = sample_size_for_difference(Shares(0.5, 0.75), power=0.9, fieldwork=clustered)

    # 76.70693 * 1.9 = 145.7
    assert plan.groups == (146, 146)
    assert (plan.interviews, plan.approached, plan.clusters) == (292, 584, 30)
    assert plan.sentence == (
        "146 interviews in each of 2 groups, 292 in all, tell shares of 50% and 75% apart with a "
        "power of 90% (two-sided test at the 5% level). The design effect is taken to be 1.90 (10 "
        "interviews in a cluster, an intra-cluster correlation of 0.1): 292 interviews are worth "
        "154 of a simple random sample. They are held in 30 clusters. If 50% of those approached "
        "answer, 584 people must be approached. With 15 clusters, Student's t on 14 degrees of "
        "freedom is 9% wider than the normal that this rests on."
    )


def test_rounds_say_who_is_asked_twice() -> None:
    # R: pt(qt(.975, nu), nu, ncp=3/se, lower=FALSE) with nu = 478.4, se = 20*sqrt(2*(1-.28)/300)
    plan = power_of_difference(Means(3, 20, overlap=Overlap(0.4, 0.7)), 300, fieldwork=PLAIN)

    assert plan.sentence == (
        "300 interviews in each of 2 rounds, 600 in all, find a difference of 3 between two means "
        "with a power of 57.96% (two-sided test at the 5% level). The standard deviation between "
        "people is taken to be 20. 40% of the people are asked in both rounds, and their two "
        "answers are taken to correlate at 0.7."
    )


def _refused(call: object) -> str:
    assert callable(call)
    with pytest.raises(DesignError) as caught:
        call()
    return str(caught.value)


def test_what_cannot_be_told_apart_is_said_word_for_word() -> None:
    assert _refused(lambda: found(Shares(0.3, 0.3), 100)) == (
        "difference: there is none between the two, so there is nothing to find. Give the "
        "smallest difference that would matter."
    )
    assert _refused(lambda: _size(Means(1e-9, 1), 0.8)) == (
        "difference: it is so small that no sample would find it. Give the smallest difference "
        "that would matter."
    )
    assert _refused(lambda: Shares(0.1, 0.6, overlap=Overlap(1, 0.9))) == (
        "correlation: 0.9 is not between -0.4082 and 0.2722. Give a number from -0.4082 to 0.2722."
    )
    assert _refused(lambda: Shares(0.1, 0.6, ratio=2, overlap=Overlap())) == (
        "ratio: 2 interviews in one round for one in the other are not provided for. Give rounds "
        "of the same size, or groups without overlap."
    )
    assert _refused(lambda: smallest_difference(Shares(0.9, 0.95), 15, fieldwork=PLAIN)) == (
        "interviews: they are too few: no share above 90% would be told apart from it with a "
        "power of 80%. Ask more people, or accept less power."
    )
    heavy = Fieldwork(Sampling.PROBABILITY, effect=4)
    assert _refused(lambda: power_of_difference(Shares(0.5, 0.7), 6, fieldwork=heavy)) == (
        "interviews: 6 with a design effect of 4 are worth fewer than 2 people. Ask more people, "
        "or more clusters with fewer people in each."
    )
