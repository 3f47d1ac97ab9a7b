"""Laws of every method of selection. A new file in the folder is tested by being there.

For a list of four all that chance can do is gone through, with the chance of each: so chances
of inclusion and unbiasedness hold exactly here, not only about.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, permutations
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from survey_kit.collect import collect
from survey_kit.design.planning.chance import Stream
from survey_kit.design.planning.inclusion import inclusion_chances
from survey_kit.design.planning.method import SelectionMethod

Floats = NDArray[np.float64]
EVERY = collect("survey_kit.design.planning.methods", SelectionMethod)
WITHOUT = {name: method for name, method in EVERY.items() if not method.replacement}

every_method = pytest.mark.parametrize("method", EVERY.values(), ids=EVERY)
every_method_without_replacement = pytest.mark.parametrize("method", WITHOUT.values(), ids=WITHOUT)
some_sizes = st.lists(st.integers(1, 9), min_size=4, max_size=4)


class Path:
    """Chance that takes one way through all that can happen, and says how likely it was."""

    def __init__(self, chances: Floats, turns: list[int]) -> None:
        self.chances, self.turns = chances, turns
        self.options: list[int] = []
        self.probability = 1.0

    def _turn(self, probabilities: list[float]) -> int:
        place = len(self.options)
        self.options.append(len(probabilities))
        if place == len(self.turns):
            self.turns.append(0)
        self.probability *= probabilities[self.turns[place]]
        return self.turns[place]

    def choice(self, scores: Floats) -> int:
        possible = np.flatnonzero(scores > 0)
        shares = scores[possible] / scores.sum()
        return int(possible[self._turn(shares.tolist())])

    def numbers(self, count: int) -> Floats:
        if count == len(self.chances):
            orders = list(permutations(range(count)))
            return np.array(orders[self._turn([1 / len(orders)] * len(orders))]) / count
        points = self._points()
        lengths = np.diff(points).tolist()
        middles = (points[1:] + points[:-1]) / 2
        return np.array([middles[self._turn(lengths)] for _ in range(count)])

    def _points(self) -> Floats:
        """Where the outcome can change: at sums of chances, and at parts of their whole."""
        sums = [
            sum(some)
            for k in range(len(self.chances))
            for some in combinations(self.chances.tolist(), k)
        ]
        parts = np.cumsum(self.chances) / self.chances.sum()
        return np.unique(np.round([0.0, 1.0, *(each % 1 for each in sums), *parts], 12))


def outcomes(method: SelectionMethod, chances: Floats, n: int) -> dict[tuple[int, ...], float]:
    """Sample -> its chance."""
    found: dict[tuple[int, ...], float] = defaultdict(float)
    turns: list[int] = []
    while True:
        path = Path(chances, turns)
        sample = tuple(method.draw(chances, n, path).tolist())
        if path.probability > 0:
            found[sample] += path.probability
        while turns and turns[-1] + 1 == path.options[len(turns) - 1]:
            turns.pop()
        if not turns:
            return dict(found)
        turns[-1] += 1


def chances_of(method: SelectionMethod, sizes: list[int], n: int) -> Floats | None:
    """None if a unit would be certain."""
    of = np.array(sizes if method.by_size else [1] * len(sizes), dtype=float)
    if method.replacement:
        return n * of / of.sum()
    found = inclusion_chances(of, n)
    return None if found.certain.any() else found.chances


@every_method
@given(sizes=some_sizes, values=st.lists(st.integers(-9, 9), min_size=4, max_size=4))
@settings(max_examples=12, deadline=None)
def test_over_all_samples_chances_are_kept_and_totals_are_right_on_average(
    method: SelectionMethod, sizes: list[int], values: list[int]
) -> None:
    chances = chances_of(method, sizes, 2)
    if chances is None:
        return

    found = outcomes(method, chances, 2)

    assert sum(found.values()) == pytest.approx(1)
    assert {len(sample) for sample in found} == {2}
    times = np.zeros(4)
    mean = 0.0
    for sample, probability in found.items():
        np.add.at(times, list(sample), probability)
        mean += probability * sum(values[unit] / chances[unit] for unit in sample)
    assert times == pytest.approx(chances, abs=1e-9)
    assert mean == pytest.approx(sum(values), abs=1e-7)
    if not method.replacement:
        assert all(len(set(sample)) == 2 for sample in found)


@every_method
def test_chances_are_kept_by_seeds(method: SelectionMethod) -> None:
    chances = chances_of(method, [1, 2, 3, 4, 5, 6, 3], 3)
    assert chances is not None
    runs = 1500
    times = np.zeros(7)

    for seed in range(runs):
        np.add.at(times, method.draw(chances, 3, Stream(seed, "1", "")), 1)

    # a binomial's standard error, at most 0.013; with replacement somewhat less than Poisson's
    error = np.sqrt(chances * (1.0 if method.replacement else 1 - chances) / runs)
    assert (np.abs(times / runs - chances) < 4 * error).all()


@every_method_without_replacement
@pytest.mark.parametrize("n", [1, 7, 60])
def test_many_or_few_are_drawn_once_each_in_the_order_of_the_list(
    method: SelectionMethod, n: int
) -> None:
    sizes = np.linspace(1, 2, 90).round(3).tolist()
    chances = chances_of(method, sizes, n)
    assert chances is not None

    drawn = method.draw(chances, n, Stream(3, "1", ""))

    assert len(drawn) == n
    assert (np.diff(drawn) > 0).all()


@given(sizes=some_sizes)
@settings(max_examples=12, deadline=None)
def test_sampford_gives_every_set_the_chance_that_sampford_wrote(sizes: list[int]) -> None:
    for n in (1, 2, 3):
        chances = chances_of(EVERY["pps sampford"], sizes, n)
        if chances is None:
            continue
        odds = chances / (1 - chances)
        written = {
            some: prod(odds[list(some)]) * (n - chances[list(some)].sum())
            for some in combinations(range(4), n)
        }

        found = outcomes(EVERY["pps sampford"], chances, n)

        whole = sum(written.values())
        assert found == pytest.approx({some: one / whole for some, one in written.items()})


@given(sizes=some_sizes)
@settings(max_examples=12, deadline=None)
def test_of_pairs_brewer_and_sampford_draw_the_same(sizes: list[int]) -> None:
    chances = chances_of(EVERY["pps brewer"], sizes, 2)
    if chances is None:
        return

    brewer = outcomes(EVERY["pps brewer"], chances, 2)

    # Brewer and Hanif 1983: for n = 2 the methods of Brewer, Durbin and Sampford are one
    assert brewer == pytest.approx(outcomes(EVERY["pps sampford"], chances, 2))


def test_simple_random_sampling_gives_every_set_the_same_chance() -> None:
    chances = np.full(4, 0.5)

    found = outcomes(EVERY["simple"], chances, 2)

    assert found == pytest.approx(dict.fromkeys(combinations(range(4), 2), 1 / 6))


def test_a_pps_start_is_read_off_by_hand() -> None:
    # sizes 10, 20, 30, 40: of 2 the interval is 50; a start at 0.5 of it means 25 and 75
    chances = inclusion_chances(np.array([10.0, 20, 30, 40]), 2).chances

    class Half:
        def numbers(self, count: int) -> Floats:
            return np.full(count, 0.5)

        def choice(self, scores: Floats) -> int:
            raise NotImplementedError

    assert EVERY["pps systematic"].draw(chances, 2, Half()).tolist() == [1, 3]


@given(
    sizes=st.lists(st.floats(0.01, 1e6), min_size=1, max_size=40),
    part=st.floats(0, 1),
)
@settings(max_examples=100, deadline=None)
def test_chances_of_inclusion_add_to_n_and_none_exceeds_1(sizes: list[float], part: float) -> None:
    n = 1 + int(part * (len(sizes) - 1))

    found = inclusion_chances(np.array(sizes), n)

    assert found.chances.sum() == pytest.approx(n)
    assert (found.chances > 0).all()
    assert (found.chances[~found.certain] < 1).all()
    assert (found.chances[found.certain] == 1).all()
    open_ = ~found.certain
    if open_.sum() > 1:
        ratio = found.chances[open_] / np.array(sizes)[open_]
        assert ratio == pytest.approx(ratio[0])


def test_numbers_of_chance_stay_the_same_for_good() -> None:
    # written down when they were first drawn: another number here breaks every old record
    assert Stream(2026, "1", "north").numbers(3).tolist() == pytest.approx(GOLDEN, abs=0)


GOLDEN = [0.7191490618624363, 0.3742690998655127, 0.3768449671870695]


def test_numbers_of_chance_are_spread_evenly_and_places_do_not_share_them() -> None:
    one, other = Stream(1, "1", "a").numbers(20_000), Stream(1, "1", "b").numbers(20_000)

    counts = np.histogram(one, bins=20, range=(0, 1))[0]
    assert ((counts - 1000) ** 2 / 1000).sum() < 50  # chi-squared of 19, p below 0.0002
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.03
    assert (one >= 0).all()
    assert (one < 1).all()
