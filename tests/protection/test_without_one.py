"""A range over sites tells nobody what one site answered: tried out by counting every possibility.

The outsider here is told what he may never have: the size of every site, the exact total, and
those of every group of sites. He lists all answers of the sites that agree with what he sees.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.estimation.leave_one_out import leave_one_out_of_cases
from survey_kit.protection.rules import Rules
from survey_kit.protection.without_one import (
    STEPS,
    Range,
    Sites,
    left_open,
    range_that_may_be_shown,
)

RULES = Rules()
FINER = Rules(smallest_cell=3, reason="small enough to list every possibility")


def sites(chosen: list[int], asked: list[int], *groupings: list[int]) -> Sites:
    """Sites where everybody weighs 1."""
    return Sites(
        np.array(chosen, dtype=np.float64),
        np.array(asked, dtype=np.float64),
        np.array(asked, dtype=np.intp),
        np.ones(len(asked)),
        [np.array(grouping, dtype=np.intp) for grouping in groupings],
    )


def ends(found: Sites, chosen: np.ndarray, step: float) -> tuple[np.ndarray, np.ndarray]:
    """(p,) each: the ends of the range for answers (p, m) of the sites, in steps."""
    asked = found.people
    left = (chosen.sum(axis=1, keepdims=True) - chosen) / (asked.sum() - asked)
    low = np.floor(left.min(axis=1) / step + 1e-9)
    high = np.ceil(left.max(axis=1) / step - 1e-9)
    return low, np.minimum(high, round(1 / step))


def possible(found: Sites, told: Range, grouping: list[int]) -> np.ndarray:
    """(p, m) All answers of the sites with these totals of groups of which this is told."""
    asked, groups = found.people, np.array(grouping)
    free = np.meshgrid(*(np.arange(size + 1) for size in asked[1:]), indexing="ij")
    others = np.column_stack([each.ravel() for each in free])
    first = int(found.chosen.sum()) - others.sum(axis=1)
    every = np.column_stack([first, others])[(first >= 0) & (first <= asked[0])]
    for group in np.unique(groups):
        inside = groups == group
        every = every[every[:, inside].sum(axis=1) == found.chosen[inside].sum()]
    low, high = ends(found, every, told.step)
    return every[(low == round(told.low / told.step)) & (high == round(told.high / told.step))]


@st.composite
def some_sites(draw: st.DrawFn) -> tuple[list[int], list[int], list[int]]:
    """Three large sites and a small one, some of them of one mind or all but; in groups."""
    asked = [draw(st.integers(60, 75)) for _ in range(3)] + [draw(st.integers(1, 10))]
    share = draw(st.sampled_from([0.0, 0.05, 0.3, 0.5, 0.95, 1.0]))
    chosen = [min(size, max(0, round(share * size) + draw(st.integers(-6, 6)))) for size in asked]
    grouping = draw(st.sampled_from([[0, 0, 0, 0], [0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 0, 1]]))
    return chosen, asked, grouping


@example(([30, 30, 24, 3], [60, 60, 60, 4], [0, 0, 0, 0]))
@given(some_sites())
@settings(max_examples=50, deadline=None)
def test_an_outsider_is_left_with_as_many_counts_of_each_site_as_a_cell_must_have(
    drawn: tuple[list[int], list[int], list[int]],
):
    chosen, asked, grouping = drawn
    found = sites(chosen, asked, grouping)

    told = range_that_may_be_shown(found, FINER)

    if told is None:
        return
    for known in ([0, 0, 0, 0], grouping):
        answers = possible(found, told, known)
        for site in range(4):
            # the total of a group of one site is known without any range
            alone = known.count(known[site]) == 1
            counts = set(answers[:, site].tolist())
            few = asked[site] < FINER.smallest_base
            enough = asked[site] + 1 if few else FINER.smallest_cell
            assert alone or len(counts) >= enough, (site, counts)


@given(some_sites())
@settings(max_examples=30, deadline=None)
def test_the_outsider_is_never_thought_to_know_less_than_he_does(
    drawn: tuple[list[int], list[int], list[int]],
):
    chosen, asked, grouping = drawn
    found = sites(chosen, asked, grouping)
    low, high = ends(found, np.array([chosen]), 0.05)
    told = Range(float(low[0]) * 0.05, float(high[0]) * 0.05, 0.05)

    thought = left_open(found, told, np.array(grouping))

    answers = possible(found, told, grouping)
    assert all(thought[site] <= len(set(answers[:, site].tolist())) for site in range(4))


def test_a_range_is_told_in_whole_steps_and_holds_every_share_without_a_site():
    draw = np.random.default_rng(4)
    place = np.repeat(np.arange(30), 20)
    frame = pd.DataFrame({"place": place, "yes": (draw.random(600) < 0.4).astype(float)})
    chosen = frame.groupby("place")["yes"].sum().astype(int).tolist()

    told = range_that_may_be_shown(sites(chosen, [20] * 30), RULES)

    sample = Sample(frame, Design(Sampling.PURPOSIVE, cluster="place"))
    low, high = leave_one_out_of_cases(sample, ["yes"]).range
    assert told == Range(0.36, 0.38, 0.02)
    assert told.low <= low[0] <= high[0] <= told.high


def test_of_two_sites_nothing_is_told():
    assert range_that_may_be_shown(sites([150, 160], [400, 400]), RULES) is None
    assert range_that_may_be_shown(sites([150, 160, 155], [400] * 3), RULES) is not None


def test_of_a_base_in_which_a_step_is_a_few_people_nothing_is_told():
    told = [range_that_may_be_shown(sites([n // 2] * 10, [n] * 10), RULES) for n in (22, 23)]

    assert told[0] is None
    assert told[1] is not None


def test_steps_are_wide_enough_for_twice_the_fewest_people():
    for people in range(12, 400, 7):
        some = [people // 2 + site % 2 for site in range(20)]
        found = range_that_may_be_shown(sites(some, [people] * 20), RULES)

        rest = 19 * people
        fitting = [step for step in STEPS if step * rest >= 2 * RULES.smallest_cell]
        assert (found.step if found else None) == (fitting[0] if fitting else None)


def test_where_almost_nobody_or_almost_everybody_said_so_nothing_is_told():
    for few in (1, 2, 3):
        rare = [few, *[0] * 19]

        assert range_that_may_be_shown(sites(rare, [30] * 20), RULES) is None
        common = [30 - each for each in rare]
        assert range_that_may_be_shown(sites(common, [30] * 20), RULES) is None


def test_equal_sites_whose_shares_fall_on_a_step_would_all_be_told_so_nothing_is():
    assert range_that_may_be_shown(sites([30] * 20, [60] * 20), RULES) is None


def test_a_site_of_three_people_is_told_nothing_about():
    ranges = [
        range_that_may_be_shown(sites([*[17] * 11, 20 - said, said], [*[40] * 12, 3]), RULES)
        for said in (0, 1, 2, 3)
    ]

    assert ranges == [Range(0.4, 0.44, 0.04)] * 4


def test_two_sites_of_a_country_with_a_known_total_can_give_each_other_away():
    chosen, asked = [96, 3, *[30] * 8], [100, 30, *[60] * 8]
    countries = [0, 0, *[1] * 8]

    assert range_that_may_be_shown(sites(chosen, asked), RULES) is not None
    assert range_that_may_be_shown(sites(chosen, asked, countries), RULES) is None


def test_heavy_people_hide_fewer_counts():
    light = sites([25] * 10, [60] * 10)
    heavy = Sites(2 * light.chosen, 2 * light.asked, light.people, 4 * light.heaviest)

    told = [range_that_may_be_shown(each, RULES) for each in (light, heavy)]

    assert [each.step for each in told if each] == [0.02, 0.04]


def test_a_site_outside_the_base_is_no_site():
    told = range_that_may_be_shown(sites([25] * 10, [60] * 10), RULES)

    assert told is not None
    assert range_that_may_be_shown(sites([25] * 10 + [0], [60] * 10 + [0]), RULES) == told
