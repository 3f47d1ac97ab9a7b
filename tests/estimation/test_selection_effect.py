"""What would overturn a difference: put into the weights, it does."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.proportions import shares
from survey_kit.estimation.selection_effect import (
    defect_correlation,
    selection_effect,
    selection_effect_against,
    selection_effects,
    tilt_that_overturns,
)

DRAWN = Design(Sampling.PROBABILITY, weight="weight", cluster="site")
PURPOSIVE = replace(DRAWN, sampling=Sampling.PURPOSIVE)
NORTH, SOUTH = ("north", "yes"), ("south", "yes")
some_seed = st.integers(0, 10_000)


def people(seed: int, n: int = 120) -> pd.DataFrame:
    """People of two regions at twelve sites, more of whom said yes in the north."""
    draw = np.random.default_rng(seed)
    region = draw.choice(["north", "south"], n)
    yes = draw.random(n) < np.where(region == "north", 0.7, 0.35)
    return pd.DataFrame(
        {
            "region": region,
            "answer": np.where(yes, "yes", "no"),
            "hours": draw.gamma(2, np.where(region == "north", 3, 2), n),
            "site": draw.integers(0, 12, n),
            "weight": draw.uniform(0.5, 3, n),
        }
    )


def answers(frame: pd.DataFrame, design: Design = DRAWN) -> Estimate:
    return shares(Sample(frame, design), "answer", by="region")


def selected(frame: pd.DataFrame, region: str, times: float, answer: str = "yes") -> pd.DataFrame:
    """The sample as it would be if in one region an answer had not been overrepresented."""
    there = (frame["region"] == region) & (frame["answer"] == answer)
    return frame.assign(weight=frame["weight"] / np.where(there, times, 1.0))


@given(seed=some_seed)
@settings(max_examples=10, deadline=None)
def test_weighed_by_the_effect_the_difference_is_nothing(seed: int) -> None:
    frame = people(seed)
    found = selection_effect(answers(frame), NORTH, SOUTH)
    assume(found.difference > 0)

    in_the_north = answers(selected(frame, "north", found.vanishes))
    in_the_south = answers(selected(frame, "south", 1 / found.vanishes))
    half = found.vanishes_in_both
    in_both = answers(selected(selected(frame, "north", half), "south", 1 / half))

    for made in (in_the_north, in_the_south, in_both):
        assert made.value[1] == pytest.approx(made.value[3], abs=1e-12)


@given(seed=some_seed)
@settings(max_examples=10, deadline=None)
def test_weighed_by_its_effect_the_interval_begins_at_nothing(seed: int) -> None:
    frame = people(seed)
    found = selection_effect(answers(frame), NORTH, SOUTH, level=0.9)
    assume(found.difference > 0)
    assume(found.interval_holds_none > 1)

    ends = []
    for region, times in (
        ("north", found.interval_holds_none),
        ("south", 1 / found.interval_holds_none),
    ):
        made = answers(selected(frame, region, times))
        low, _ = made.contrast(np.array([0, 1, 0, -1.0])).interval(0.9)
        ends.append(low[0])

    assert min(ends) == pytest.approx(0, abs=1e-10)
    assert found.interval_holds_none < found.vanishes


@given(seed=some_seed, threshold=st.floats(0.1, 0.9))
@settings(max_examples=10, deadline=None)
def test_weighed_by_the_effect_a_share_is_the_threshold(seed: int, threshold: float) -> None:
    frame = people(seed)
    found = selection_effect_against(answers(frame), NORTH, threshold)
    more = found.difference > 0

    made = answers(selected(frame, "north", found.vanishes, "yes" if more else "no"))

    assert made.value[1] == pytest.approx(threshold, abs=1e-12)
    if found.interval_holds_none > 1:
        at = selected(frame, "north", found.interval_holds_none, "yes" if more else "no")
        low, high = answers(at).interval(method="wald")
        assert (low if more else high)[1] == pytest.approx(threshold, abs=1e-10)


@given(seed=some_seed)
@settings(max_examples=10, deadline=None)
def test_weighed_by_the_tilt_both_means_are_the_same(seed: int) -> None:
    frame = people(seed)
    north = (frame["region"] == "north").to_numpy(dtype=bool)
    y, w = frame["hours"].to_numpy(), frame["weight"].to_numpy()
    centre = np.average(y[north], weights=w[north])
    deviation = np.sqrt(np.average((y[north] - centre) ** 2, weights=w[north]))

    tilt = tilt_that_overturns(Sample(frame, DRAWN), "hours", first=north, second=~north)

    tilted = w[north] * tilt ** (-(y[north] - centre) / deviation)
    wanted = np.average(y[~north], weights=w[~north])
    assert np.average(y[north], weights=tilted) == pytest.approx(wanted, rel=1e-9)


def test_the_tilt_of_yes_and_no_is_the_effect_of_selection() -> None:
    frame = people(3).assign(yes=lambda each: (each["answer"] == "yes").astype(float))
    north = (frame["region"] == "north").to_numpy(dtype=bool)
    p = answers(frame).value[1]

    tilt = tilt_that_overturns(Sample(frame, DRAWN), "yes", first=north, second=~north)

    effect = selection_effect(answers(frame), NORTH, SOUTH).vanishes
    assert tilt ** (1 / math.sqrt(p * (1 - p))) == pytest.approx(effect)


def test_a_mean_beyond_everybody_cannot_be_reached_by_selection() -> None:
    frame = pd.DataFrame({"y": [5.0, 6.0, 1.0, 2.0, 5.5]})
    sample = Sample(frame, Design(Sampling.PROBABILITY))
    first = np.array([True, True, False, False, False])

    assert tilt_that_overturns(sample, "y", first=first, second=~first) == math.inf
    assert tilt_that_overturns(sample, "y", first=~first, second=first) == 0.0
    assert tilt_that_overturns(sample, "y", first=first, second=first) == 1.0


def by_hand(sampling: Sampling = Sampling.PURPOSIVE) -> Estimate:
    """In the north 3 of 4 said yes, in the south 1 of 4, each at a site of their own."""
    frame = pd.DataFrame(
        {
            "region": ["north"] * 4 + ["south"] * 4,
            "answer": ["yes", "yes", "yes", "no", "yes", "no", "no", "no"],
        }
    )
    return shares(Sample(frame, Design(sampling)), "answer", by="region")


def test_the_effect_is_the_ratio_of_the_odds_by_hand() -> None:
    found = selection_effect(by_hand(), SOUTH, NORTH)

    # odds of 3 and of a third
    assert found.difference == pytest.approx(-0.5)
    assert found.vanishes == pytest.approx(9)
    assert found.vanishes_in_both == pytest.approx(3)
    assert selection_effect_against(by_hand(), NORTH, 0.5).vanishes == pytest.approx(3)
    assert math.isnan(selection_effect_against(by_hand(), NORTH, 0.5).vanishes_in_both)


def test_of_no_probability_sample_the_difference_is_exploratory_and_has_no_interval() -> None:
    plain = selection_effect(by_hand(), NORTH, SOUTH)
    asked = selection_effect(by_hand().modelled, NORTH, SOUTH)
    drawn = selection_effect(by_hand(Sampling.PROBABILITY), NORTH, SOUTH)

    assert (plain.tag, drawn.tag) == ("exploratory", "")
    assert math.isnan(plain.interval_holds_none)
    assert asked.interval_holds_none == drawn.interval_holds_none
    assert plain.sampling is Sampling.PURPOSIVE
    assert plain.detectable == drawn.detectable > 0


def test_the_smallest_difference_that_would_be_found() -> None:
    found = selection_effect(answers(people(1, 4000)), NORTH, SOUTH, power=0.8)
    error = answers(people(1, 4000)).contrast(np.array([0, 1, 0, -1.0])).standard_error[0]

    # t on 11 degrees of freedom (any table): 2.200985 two-sided at 5 %, 0.875530 for 80 %
    assert found.detectable == pytest.approx((2.200985 + 0.875530) * error, rel=1e-5)


def test_the_sentence_says_what_would_undo_the_difference() -> None:
    assert selection_effect(by_hand(), NORTH, SOUTH).sentence == (
        "north × yes less south × yes: +50.0 points (exploratory); it would be nothing if in one "
        "group saying so changed the chance of being in the sample 9.0-fold; such a sample, drawn by "
        "chance, finds no difference reliably."
    )
    drawn = replace(selection_effect(by_hand(), NORTH, SOUTH), detectable=0.123, tag="")
    assert replace(drawn, interval_holds_none=2).sentence == (
        "north × yes less south × yes: +50.0 points; it would be nothing if in one group saying so "
        "changed the chance of being in the sample 9.0-fold (within its interval 2.0-fold); such a "
        "sample, drawn by chance, finds 12.3 points or more 80 times of 100."
    )
    assert selection_effect(by_hand(), NORTH, NORTH).sentence == (
        "north × yes less north × yes: +0.0 points (exploratory)."
    )


def test_every_pair_of_groups_has_its_effect_answer_by_answer() -> None:
    frame = people(2).assign(region=lambda each: each["region"].replace("south", "west"))
    wider = frame.astype({"region": pd.CategoricalDtype(["north", "south", "west"])})

    found = selection_effects(answers(wider))

    # nobody is in the south
    assert found["name"].tolist() == ["no", "yes"]
    assert found["first"].tolist() == ["north", "north"]
    assert found["second"].tolist() == ["west", "west"]
    alone = selection_effect(answers(frame), NORTH, ("west", "yes"))
    assert found["vanishes"].tolist() == pytest.approx([alone.vanishes] * 2)
    assert found["detectable"].tolist() == pytest.approx([alone.detectable] * 2)


def test_where_everybody_says_so_no_selection_undoes_the_difference() -> None:
    frame = people(1)
    frame.loc[frame["region"] == "north", "answer"] = "yes"

    found = selection_effect(answers(frame), NORTH, SOUTH)

    assert found.vanishes == math.inf
    assert "no effect of selection within one group would undo the difference" in found.sentence


def test_an_interval_that_holds_nothing_already_takes_no_effect() -> None:
    found = selection_effect(by_hand(Sampling.PROBABILITY), NORTH, SOUTH, level=0.99)

    assert found.interval_holds_none == 1


@given(seed=some_seed)
@settings(max_examples=10, deadline=None)
def test_the_defect_correlation_is_that_of_any_part_of_a_population(seed: int) -> None:
    draw = np.random.default_rng(seed)
    y = draw.lognormal(size=200)
    inside = draw.random(200) < 0.1 + 0.2 * (y > 1)
    assume(0 < inside.sum() < 200)

    rho = defect_correlation(
        float(y[inside].mean() - y.mean()), deviation=float(y.std()), sampled=float(inside.mean())
    )

    assert rho == pytest.approx(np.corrcoef(inside, y)[0, 1], abs=1e-12)


def refusal(call) -> str:
    with pytest.raises(EstimationError) as caught:
        call()
    return str(caught.value)


def test_what_cannot_be_asked_is_refused_word_for_word() -> None:
    found = by_hand()
    sample = Sample(people(1), DRAWN)
    nobody = np.zeros(120, dtype=bool)

    assert refusal(lambda: selection_effect(found, NORTH, ("west", "yes"))) == (
        "selection effect: there is no number called west × yes. They begin with: north × no, north × yes, "
        "south × no, south × yes."
    )
    means = replace(found, value=found.value * 9)
    assert refusal(lambda: selection_effect(means, NORTH, SOUTH)) == (
        "selection effect of north × yes: it is no share. Give a share of some people; for means "
        "see `tilt_that_overturns`."
    )
    empty = replace(found, value=found.value * np.nan)
    assert refusal(lambda: selection_effect(empty, NORTH, SOUTH)) == (
        "selection effect of north × yes: nobody is in its group. Give a share of some people; for "
        "means see `tilt_that_overturns`."
    )
    assert refusal(lambda: selection_effect(found, NORTH, SOUTH, power=1)) == (
        "selection effect: its level is 0.95 and its power 1. Give both between 0 and 1, such as "
        "0.95 and 0.8."
    )
    assert refusal(lambda: selection_effect_against(found, NORTH, 1.0)) == (
        "threshold: it is 1. Give a share between 0 and 1, such as 0.5."
    )
    assert refusal(lambda: defect_correlation(0.1, deviation=0.5, sampled=1)) == (
        "defect correlation: the share sampled is 1 and the deviation 0.5. Give a share between 0 "
        "and 1 and a deviation above 0."
    )
    assert refusal(lambda: tilt_that_overturns(sample, "hours", first=nobody, second=~nobody)) == (
        "column 'hours': one of the groups has no answers. Compare groups that have some."
    )
