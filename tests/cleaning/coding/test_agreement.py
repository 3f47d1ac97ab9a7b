"""How far coders agree: published worked examples, and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.cleaning.coding.agreement import (
    agreement,
    alpha,
    cohen_kappa,
    interval,
    jaccard,
    masi,
    nominal,
)
from survey_kit.errors import CodingError

# Krippendorff's example of four observers and twelve units, with empty cells (Hayes and
# Krippendorff 2007, Communication Methods and Measures 1:77-89; "Computing Krippendorff's
# Alpha-Reliability" 2011, section C): alpha is .743 nominal, .849 interval.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3),
    (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None),
)
UNITS = [[value for value in unit if value is not None] for unit in zip(*OBSERVERS, strict=True)]


def test_alpha_of_the_published_example():
    assert round(alpha(UNITS, nominal).value, 3) == 0.743
    assert round(alpha(UNITS, interval).value, 3) == 0.849
    assert alpha(UNITS, nominal).units == 11
    assert alpha(UNITS, nominal).pairs == 40


def test_kappa_of_a_worked_example():
    # 0.7 agree, 0.5 by chance
    assert cohen_kappa(np.array([[20, 5], [10, 15]])) == pytest.approx(0.4)


def test_distances_between_sets_of_codes():
    a, b = frozenset("ab"), frozenset("abcd")

    assert jaccard(a, b) == 0.5
    assert masi(a, b) == pytest.approx(1 - 0.5 * 2 / 3)  # one inside the other
    assert masi(a, frozenset("bc")) == pytest.approx(1 - (1 / 3) / 3)  # overlap
    assert masi(a, frozenset("cd")) == 1
    assert masi(a, a) == 0
    assert masi(frozenset(), frozenset()) == 0
    assert masi(frozenset(), a) == 1


def test_an_interval_holds_the_value_and_narrows_with_more_answers():
    few, many = (alpha(UNITS * times, nominal, draws=400) for times in (2, 40))

    for found in (few, many):
        assert found.low < found.value < found.high
    assert many.high - many.low < (few.high - few.low) / 2


def test_the_interval_covers_the_agreement_that_there_is():
    # two coders, five codes at equal chance; the second copies the first with chance 0.7 and
    # otherwise chooses at random, so alpha is 0.7 but for the sample
    random = np.random.default_rng(8)
    inside = 0
    for number in range(60):
        first = random.integers(0, 5, 120)
        second = np.where(random.random(120) < 0.7, first, random.integers(0, 5, 120))
        pairs = [list(pair) for pair in zip(first.tolist(), second.tolist(), strict=True)]
        found = alpha(pairs, nominal, draws=200, seed=number)
        inside += found.low <= 0.7 <= found.high
    assert 50 <= inside <= 60


CODINGS = st.lists(
    st.lists(st.frozensets(st.sampled_from("abc")), min_size=2, max_size=3),
    min_size=2,
    max_size=12,
)


@given(CODINGS)
def test_alpha_does_not_hang_on_the_order_of_units_or_coders(values):
    turned = [list(reversed(unit)) for unit in reversed(values)]

    np.testing.assert_allclose(
        alpha(values, masi).value, alpha(turned, masi).value, rtol=1e-9, atol=1e-12, equal_nan=True
    )


@given(CODINGS)
def test_coders_who_always_agree_have_an_alpha_of_one(values):
    same = [[unit[0]] * len(unit) for unit in values]
    found = alpha(same, masi).value

    assert np.isnan(found) if len({unit[0] for unit in same}) == 1 else found == 1


@given(CODINGS)
def test_units_with_one_value_change_nothing(values):
    more = [*values, [frozenset("x")], []]

    np.testing.assert_allclose(
        alpha(values, masi).value, alpha(more, masi).value, rtol=1e-9, atol=1e-12, equal_nan=True
    )


def test_kappa_and_alpha_by_code_count_what_two_coders_did():
    chosen = {
        "anna": {f"u{n}": ("a",) if n < 30 else ("b",) for n in range(50)},
        "ben": {f"u{n}": ("a",) if n < 20 or 30 <= n < 35 else ("b",) for n in range(50)},
    }
    found = agreement(chosen, ["a", "b", "c"], draws=0)
    by_hand = cohen_kappa(np.array([[15, 5], [10, 20]]))

    assert list(found.codes["code"]) == ["a", "b"]
    assert list(found.codes["used"]) == [55, 45]
    assert list(found.codes["agree"]) == [0.7, 0.7]
    np.testing.assert_allclose(found.codes["kappa"], by_hand)
    assert found.same == 0.7
    assert found.shared == 0.7
    assert len(found.disagreements) == 15
    assert found.disagreements["u20"] == {"anna": ("a",), "ben": ("b",)}


def test_agreement_needs_an_answer_that_two_people_coded():
    with pytest.raises(CodingError) as caught:
        agreement({"anna": {"u1": ("a",)}, "ben": {"u2": ("a",)}}, ["a"])

    assert str(caught.value) == (
        "agreement: no answer was coded by two people. Have a share of them coded twice."
    )
