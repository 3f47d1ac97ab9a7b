"""How near two texts are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.versions.wording import Likeness, likeness


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Yes", "Yes", Likeness.SAME),
        ("Yes", " yes. ", Likeness.SPELT),
        ("Up to date", "Up-to-date", Likeness.SPELT),
        ("Water truck", "**Water** <i>truck</i>", Likeness.SPELT),
        ("ﷲ", "اللَّه", Likeness.OTHER),
        ("Goverment", "Government", Likeness.NEAR),
        ("Recieved food", "Received food", Likeness.NEAR),
        ("Tap", "Tap (any)", Likeness.NEAR),
        ("Tap", "Tap (less than 5 minutes)", Likeness.OTHER),
        ("Yes", "No", Likeness.OTHER),
        ("Agree", "Disagree", Likeness.OTHER),
        ("Legal", "Illegal", Likeness.OTHER),
        ("Insured", "Uninsured", Likeness.OTHER),
        ("Male", "Female", Likeness.OTHER),
        ("15-19", "15-29", Likeness.OTHER),
        ("15-19", "1519", Likeness.OTHER),
        ("-5", "5", Likeness.OTHER),
        ("< 5", "> 5", Likeness.OTHER),
        ("Up to 50%", "Up to 50", Likeness.OTHER),
        ("1.5 km", "15 km", Likeness.OTHER),
        ("হ্যাঁ", "না", Likeness.OTHER),
        ("", "Yes", Likeness.OTHER),
        ("?", "!", Likeness.OTHER),
    ],
)
def test_nearness_is_told_from_words_and_numbers(old: str, new: str, expected: Likeness):
    assert likeness(old, new) is expected


@given(a=st.text(max_size=20), b=st.text(max_size=20))
def test_nearness_does_not_depend_on_which_text_comes_first(a: str, b: str):
    assert likeness(a, b) is likeness(b, a)


@given(text=st.text(max_size=20))
def test_spaces_around_a_text_are_spelling_at_most(text: str):
    assert likeness(text, f"  {text} ") in (Likeness.SAME, Likeness.SPELT)
