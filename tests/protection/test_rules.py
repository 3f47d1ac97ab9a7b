"""Thresholds may be raised freely, and lowered only with a reason."""

from __future__ import annotations

import pytest

from survey_kit.errors import ProtectionError
from survey_kit.protection.rules import Rules


def test_a_lower_threshold_without_a_reason_is_refused():
    with pytest.raises(ProtectionError) as caught:
        Rules(smallest_cell=3)

    assert str(caught.value) == (
        "protection, smallest_cell: 3 is below the default of 5, and no reason is given. "
        "Add  reason:  saying who decided and why, or write 5 or more."
    )


def test_a_lower_threshold_with_a_reason_says_so_on_the_method_page():
    rules = Rules(smallest_base=5, smallest_cell=3, reason="public figures of a census.")

    assert rules.in_words().endswith(
        "Thresholds below the default, because: public figures of a census."
    )


def test_thresholds_may_be_raised_without_a_reason():
    assert Rules(smallest_base=50, smallest_cell=20).smallest_cell == 20


def test_a_column_that_may_be_shown_needs_cells_that_may_be():
    with pytest.raises(ProtectionError) as caught:
        Rules(smallest_cell=12)

    assert str(caught.value) == (
        "protection, smallest_base: it is smaller than smallest_cell, so a column could be "
        "shown that no cell of may be. Write 12 or more."
    )


def test_a_threshold_below_one_is_refused():
    with pytest.raises(ProtectionError) as caught:
        Rules(smallest_base=0, reason="none")

    assert str(caught.value) == (
        "protection, smallest_base: a threshold is a number of people from 1. Write 10, or more."
    )
