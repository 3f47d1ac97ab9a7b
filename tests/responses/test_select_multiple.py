"""Joined codes and the columns of single choices are made one, and quarrels are reported."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.responses.select_multiple import reconcile

CODES = ("piped", "well", "0.75")


def text(*cells: str | None) -> pd.Series:
    return pd.Series(cells, dtype="str")


def test_the_joined_codes_are_kept_in_the_order_of_choosing():
    made = reconcile(text("well piped"), {"piped": text("1"), "well": text("1")}, order=CODES)

    assert made.answers.tolist() == ["well piped"]
    assert not made.disagrees.any()


def test_without_joined_codes_they_are_built_in_the_order_of_the_list():
    children = {"0.75": text("TRUE", "0", ""), "piped": text("True", "0", "")}

    made = reconcile(None, children, order=CODES)

    assert made.answers[0] == "piped 0.75"
    assert made.answers[1:].isna().all()


def test_a_contradiction_is_reported_and_changes_nothing():
    parent = text("piped", "piped well", "piped", None)
    children = {"piped": text("1", "1", "0", "1"), "well": text("1", "0", "0", "0")}

    made = reconcile(parent, children, order=CODES)

    assert made.disagrees.tolist() == [True, True, True, True]
    assert made.answers[:3].tolist() == ["piped", "piped well", "piped"]
    assert made.children[:2].tolist() == ["piped well", "piped"]


def test_noughts_beside_an_empty_cell_and_empty_cells_beside_codes_say_nothing():
    parent = text(None, "piped")
    children = {"piped": text("0", ""), "well": text("0", "")}

    assert not reconcile(parent, children, order=CODES).disagrees.any()


def test_a_choice_may_be_marked_by_its_own_code_or_label():
    made = reconcile(
        None,
        {"piped": text("Piped into the house", ""), "well": text("", "well")},
        order=CODES,
        labels={"piped": ["Piped into the house"]},
    )

    assert made.answers.tolist() == ["piped", "well"]


def test_a_mark_that_is_neither_yes_nor_no_is_counted():
    made = reconcile(text("piped"), {"piped": text("perhaps")}, order=CODES)

    assert made.unread == 1
    assert not made.disagrees.any()


@given(st.lists(st.lists(st.sampled_from(CODES), unique=True), min_size=1))
def test_single_choices_made_from_joined_codes_agree_with_them(answers: list[list[str]]):
    parent = text(*(" ".join(codes) or None for codes in answers))
    children = {code: text(*("1" if code in codes else "0" for codes in answers)) for code in CODES}

    whole, built = reconcile(parent, children, order=CODES), reconcile(None, children, order=CODES)

    assert not whole.disagrees.any()
    assert [set(str(cell).split()) for cell in built.answers.fillna("")] == list(map(set, answers))
    assert np.array_equal(built.answers.isna(), parent.isna())
