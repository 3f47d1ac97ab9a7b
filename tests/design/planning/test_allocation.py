"""Allocation: Cochran's cities, laws of every rule, and what is refused."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.planning.allocation import (
    EQUAL,
    PROPORTIONAL,
    SQUARE_ROOT,
    Rule,
    allocate,
    compromise,
    neyman,
    power,
)
from survey_kit.errors import DesignError

CITIES = {"large": 16, "small": 48}
DEVIATIONS = {"large": 53_843**0.5, "small": 5_581**0.5}
"""Cochran 1977, chapter 5: inhabitants of 64 cities in 1930, thousands."""

RULES = {
    "proportional": PROPORTIONAL,
    "equal": EQUAL,
    "square root": SQUARE_ROOT,
    "neyman": neyman({"a": 1.0, "b": 5.0, "c": 0.2}),
    "power": power(0.3, {"a": 1.0, "b": 5.0, "c": 0.2}),
    "compromise": compromise(),
}
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def test_cochrans_cities_get_12_and_12_of_24_by_neyman_and_6_and_18_in_proportion() -> None:
    assert allocate(24, CITIES, neyman(DEVIATIONS)).counts == {"large": 12, "small": 12}
    assert allocate(24, CITIES, PROPORTIONAL).counts == {"large": 6, "small": 18}
    assert allocate(24, CITIES, EQUAL).counts == {"large": 12, "small": 12}


@every_rule
@given(
    people=st.lists(st.integers(1, 3000), min_size=3, max_size=3),
    minimum=st.integers(0, 20),
    part=st.floats(0, 1),
)
@settings(max_examples=50, deadline=None)
def test_counts_add_up_and_keep_their_limits(
    rule: Rule, people: list[int], minimum: int, part: float
) -> None:
    population = dict(zip("abc", people, strict=True))
    lowest = sum(min(minimum, n) for n in people)
    total = max(1, lowest + int(part * (sum(people) - lowest)))

    found = allocate(total, population, rule, minimum=minimum)

    assert found.interviews == total
    for name, count in found.counts.items():
        assert min(minimum, population[name]) <= count <= population[name]
    everybody = sum(found.weights[name] * found.counts[name] for name in found.weights)
    asked = sum(population[name] for name in found.weights)
    assert everybody == pytest.approx(asked)
    assert found.design_effect >= 1 - 1e-9


@given(
    people=st.lists(st.integers(4, 40), min_size=3, max_size=3),
    spread=st.lists(st.floats(0.2, 9), min_size=3, max_size=3),
    total=st.integers(6, 12),
)
@settings(max_examples=40, deadline=None)
def test_no_other_allocation_within_the_limits_is_much_better_than_neymans(
    people: list[int], spread: list[float], total: int
) -> None:
    population = dict(zip("abc", people, strict=True))
    deviations = dict(zip("abc", spread, strict=True))

    found = allocate(total, population, neyman(deviations)).variance_of_mean(deviations)

    best = min(
        _variance(people, spread, counts)
        for counts in product(range(2, 11), repeat=3)
        if sum(counts) == total and all(n <= N for n, N in zip(counts, people, strict=True))
    )
    # what rounding to whole people costs at most here
    assert best <= found * (1 + 1e-9) <= best * 1.25 + 1e-9


def _variance(people: list[int], spread: list[float], counts: tuple[int, ...]) -> float:
    whole = sum(people)
    return sum(
        (N / whole) ** 2 * (1 - n / N) * s**2 / n
        for N, s, n in zip(people, spread, counts, strict=True)
    )


@given(impact=st.floats(0, 100))
@settings(max_examples=30, deadline=None)
def test_a_compromise_lies_between_equal_and_proportional(impact: float) -> None:
    population = {"a": 100_000, "b": 20_000, "c": 5_000}

    found = allocate(1000, population, compromise(impact)).counts

    assert allocate(1000, population, EQUAL).counts["a"] <= found["a"]
    assert found["a"] <= allocate(1000, population, PROPORTIONAL).counts["a"]


def test_powers_run_from_equal_to_neyman() -> None:
    population = {"a": 9000, "b": 900, "c": 100}
    spread = {"a": 1.0, "b": 2.0, "c": 3.0}

    assert allocate(60, population, power(0)).counts == allocate(60, population, EQUAL).counts
    assert allocate(60, population, power(0.5)).counts == (
        allocate(60, population, SQUARE_ROOT).counts
    )
    assert allocate(60, population, power(1, spread)).counts == (
        allocate(60, population, neyman(spread)).counts
    )


def test_dear_interviews_are_fewer() -> None:
    population = {"town": 1000, "hills": 1000}
    same = {"town": 1.0, "hills": 1.0}

    # in proportion to 1/sqrt(c): 1 to a half
    found = allocate(90, population, neyman(same, costs={"town": 1.0, "hills": 4.0}))

    assert found.counts == {"town": 60, "hills": 30}


def test_an_allocation_says_what_the_methods_section_needs() -> None:
    population = {"north": 50_000, "south": 9_000, "camps": 60, "isle": 20}
    found = allocate(600, population, PROPORTIONAL, minimum=30)

    assert found.counts == {"north": 466, "south": 84, "camps": 30, "isle": 20}
    assert found.sentence == (
        "600 interviews are shared out among 4 strata, proportional to population. 2 strata are "
        "given the minimum: 'camps' and 'isle'. Everybody is asked in 'isle'. For estimates of "
        "everybody the unequal weights cost a design effect of 1.09."
    )
    assert list(found.frame.columns) == [
        "stratum",
        "population",
        "interviews",
        "share drawn",
        "weight",
    ]
    assert list(found.frame["weight"].round(2)) == [107.3, 107.14, 2.0, 1.0]


def _refused(call: object) -> str:
    assert callable(call)
    with pytest.raises(DesignError) as caught:
        call()
    return str(caught.value)


def test_what_cannot_be_shared_out_is_said_word_for_word() -> None:
    assert _refused(lambda: allocate(65, CITIES)) == (
        "allocation: 65 interviews were asked for, and the strata hold 64 people. Ask for at most "
        "as many."
    )
    assert _refused(lambda: allocate(24, CITIES, minimum=15)) == (
        "allocation: the minima add up to 30, and there are 24 interviews. Lower the minima, merge "
        "strata, or ask more people."
    )
    assert _refused(lambda: allocate(24, {"large": 16, "small": 0})) == (
        "stratum 'small': its population, 0, is not a whole number above 0. Give the number of "
        "people in it, or leave the stratum out."
    )
    assert _refused(lambda: allocate(24, CITIES, neyman({"large": 1.0, "smal": 2.0}))) == (
        "optimal for the deviations within strata (Neyman): there is no stratum called 'smal'. Did "
        "you mean 'small'?"
    )
    assert _refused(lambda: allocate(24, CITIES, neyman({"large": 1.0}))) == (
        "optimal for the deviations within strata (Neyman): there is no number for 'small'. Give "
        "one for every stratum."
    )
    assert _refused(lambda: allocate(24, CITIES, neyman({"large": 1.0, "small": 0}))) == (
        "optimal for the deviations within strata (Neyman), stratum 'small': 0 is not above 0. "
        "Give a number above 0."
    )
    assert _refused(lambda: allocate(24, {})) == (
        "strata: there are none. Give the number of people in each stratum."
    )
    assert _refused(lambda: power(2)) == (
        "exponent: 2 is not between 0 and 1. Give a number from 0 to 1."
    )
