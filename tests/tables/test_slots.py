"""Rare answers join each other before anything has to be hidden."""

from __future__ import annotations

from types import MappingProxyType

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.replicate_making import bootstrap
from survey_kit.design.sample import Sample
from survey_kit.estimation.proportions import shares
from survey_kit.protection.rules import Rules
from survey_kit.questionnaire.model import Privacy
from survey_kit.tables.slots import (
    NO_ANSWER,
    Slot,
    column_slots,
    put_together_note,
    recoded,
    row_slots,
)
from survey_kit.tables.variable import Kind, Variable

CODES = ("a", "b", "c", "d")
VARIABLE = Variable(
    "v",
    Kind.ONE,
    "V",
    "V?",
    "Everyone.",
    CODES,
    MappingProxyType({code: code.upper() for code in CODES}),
    ("v",),
    Privacy.PLAIN,
)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # nothing is rare
        ((50, 40, 30, 20), ["A", "B", "C", "D"]),
        # two that are rare join each other
        ((50, 40, 3, 4), ["A", "B", "C; D"]),
        # one that is rare joins the next smallest
        ((50, 40, 30, 3), ["A", "B", "C; D"]),
        # two that are still too few together take a third
        ((50, 40, 1, 1), ["A", "B; C; D"]),
        # an answer of nobody is not rare
        ((50, 40, 30, 0), ["A", "B", "C", "D"]),
        # where nothing would be left to compare they stay apart, and are hidden
        ((97, 3, 0, 0), ["A", "B", "C", "D"]),
    ],
)
def test_which_rows_are_put_together(counts, expected):
    slots = row_slots(VARIABLE, dict(zip(CODES, counts, strict=True)), Rules(), banner=False)

    assert [slot.label for slot in slots] == expected


def test_columns_of_nobody_are_left_out_and_those_without_an_answer_have_one():
    counts = {"a": 50, "b": 40, "c": 0, "d": 12, NO_ANSWER: 15}

    slots = column_slots(VARIABLE, counts, Rules())

    assert [slot.label for slot in slots] == ["A", "B", "D", "Not asked or no answer"]


@given(st.lists(st.integers(0, 60), min_size=4, max_size=4))
def test_nobody_is_lost_and_nobody_is_counted_twice(counts):
    slots = row_slots(VARIABLE, dict(zip(CODES, counts, strict=True)), Rules(), banner=True)

    assert sorted(code for slot in slots for code in slot.codes) == list(CODES)


def test_a_note_says_what_was_put_together():
    slots = row_slots(VARIABLE, {"a": 50, "b": 40, "c": 3, "d": 4}, Rules(), banner=False)

    assert put_together_note(VARIABLE, slots) == (
        "V: put together because too few people gave some of these answers: C; D."
    )


def test_a_sample_whose_answers_are_put_together_keeps_its_replicates():
    plain = Sample(
        pd.DataFrame({"v": list("abcdaabd") * 3, "place": [n // 4 for n in range(24)]}),
        Design(Sampling.PROBABILITY, cluster="place"),
    )
    sample = bootstrap(plain, 20, seed=1)

    together = recoded(
        sample, {"few": ("v", (Slot("A", ("a",)), Slot("B; C; D", ("b", "c", "d"))))}
    )

    assert together.replicates is sample.replicates
    found = shares(together, "few")
    assert (
        found.standard_error[0]
        == shares(sample, "v").standard_error[0]
        != shares(plain, "v").standard_error[0]
    )
