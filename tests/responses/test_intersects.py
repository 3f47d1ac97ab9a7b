"""Lines that cross themselves, as Collect judges them (GeometryTest.kt has the same cases)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.responses.logic.geo_functions import crosses_itself

CASES = [
    ([], False),
    ([(0, 0)], False),
    ([(0, 0), (1, 0)], False),
    ([(0, 0), (1, 1), (2, 0)], False),
    ([(0, 0), (1, 1), (2, 0), (0, 0)], False),
    ([(1, 1), (1, 3), (2, 3), (2, 2), (0, 2)], True),
    ([(1, 1), (1, 3), (2, 3), (2, 2), (0, 2), (1, 1)], True),
    ([(1, 1), (1, 2), (3, 3), (0, 3)], False),
    ([(0, 0), (1, 1), (2, 0), (-1, 0)], True),
    ([(0, 0), (0, 1), (0, 0.5)], True),
    ([(0, 0), (0, 1), (0, -1)], True),
    ([(0, 0), (0, 1), (0, 0)], True),
    ([(0, 0), (0, 1), (0, 2), (1, 2), (0, 1)], True),
    ([(0, 0), (10, 10), (0, 10)], False),
    ([(0, 0), (1, 0), (1, 0), (2, 0)], False),
    ([(0, 0), (2, 0), (1, 0), (0, 0)], True),
]


@pytest.mark.parametrize(("places", "crosses"), CASES)
def test_a_line_crosses_itself_where_collect_says_so(places, crosses):
    assert crosses_itself(places) is crosses


places_of = st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), max_size=7)


@given(places=places_of)
def test_it_does_so_from_either_end_and_at_any_scale(places):
    found = crosses_itself(places)

    assert crosses_itself(places[::-1]) is found
    assert crosses_itself([(4 * x, 4 * y) for x, y in places]) is found
    assert crosses_itself([(y, x) for x, y in places]) is found
