"""How far a hidden count could be from the truth: small networks that can be checked by hand."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from survey_kit.protection.room import Arc, Network


def square(a: int, b: int, c: int, d: int) -> tuple[Network, list[int]]:
    """A table of two rows and two columns, all four counts hidden, all sums known."""
    network = Network()
    places = [("r0", "c0", a), ("r0", "c1", b), ("r1", "c0", c), ("r1", "c1", d)]
    return network, [network.add(Arc(row, column, n, 0, 1000)) for row, column, n in places]


def test_a_count_alone_in_its_row_cannot_move():
    network = Network()
    alone = network.add(Arc("r0", "c0", 3, 0, 100))

    assert network.room(alone, 5) == (0, 0)


def test_a_hidden_square_moves_by_its_smallest_counts():
    network, (a, b, *_) = square(3, 9, 7, 2)

    # up: b and c give way, min(9, 7); down: a and d, min(3, 2)
    assert network.room(a, 50) == (2, 7)
    assert network.room(b, 50) == (7, 2)


def test_bounds_of_the_markers_limit_the_room():
    network = Network()
    few = network.add(Arc("r0", "c0", 2, 0, 4))
    network.add(Arc("r0", "c1", 6, 5, 1000))
    network.add(Arc("r1", "c0", 50, 5, 1000))
    network.add(Arc("r1", "c1", 50, 5, 1000))

    # two up to the marker's four, but the complement beside it can lose one only
    assert network.room(few, 10) == (2, 1)


@given(st.tuples(*[st.integers(0, 6)] * 6))
def test_room_is_what_trying_all_tables_finds(counts):
    """Two rows by three columns, everything hidden: all tables with the same sums, by force."""
    network = Network()
    numbers = [
        network.add(Arc(f"r{place // 3}", f"c{place % 3}", n, 0, 99))
        for place, n in enumerate(counts)
    ]
    rows = [sum(counts[:3]), sum(counts[3:])]
    columns = [counts[j] + counts[j + 3] for j in range(3)]
    possible: list[set[int]] = [set() for _ in counts]
    for first in product(*[range(columns[j] + 1) for j in range(3)]):
        second = [columns[j] - first[j] for j in range(3)]
        if sum(first) == rows[0]:
            for place, n in enumerate((*first, *second)):
                possible[place].add(n)

    rooms = [network.room(number, 99) for number in numbers]

    for n, (down, up), values in zip(counts, rooms, possible, strict=True):
        assert (n - down, n + up) == (min(values), max(values))
