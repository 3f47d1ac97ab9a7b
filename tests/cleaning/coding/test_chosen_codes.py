"""What coders write in a cell: codes, labels in any language, numbers of Excel, several of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.cleaning.coding.chosen import chosen
from survey_kit.cleaning.coding.frame import Code, CodeFrame

FRAME = CodeFrame(
    "why",
    (
        Code("cost", {"en": "Cost of going", "bn": "খরচ", "ar": "التكلفة"}),
        Code("sea", {"en": "Dangers, at sea", "ar": "مخاطر البحر"}, since=2),
        Code("police", {"en": "Police / detention"}, since=2),
        Code("01", {"en": "Family"}),
        Code("12", {"en": "Land"}),
        Code("fees", {"en": "Fees"}, until=2, replaced_by=("cost",)),
        Code("toll", {"en": "Other"}),
        Code("rest", {"en": "Other"}),
        Code("old", {"en": "Family"}, until=2, replaced_by=("01",)),
    ),
    ("en", "bn", "ar"),
)


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("cost", ("cost",)),
        (" Cost of Going. ", ("cost",)),
        ("COST", ("cost",)),
        ("খরচ", ("cost",)),
        ("\u200fالتكلفة", ("cost",)),
        ("cost - Cost of going", ("cost",)),
        ("cost: cost of going", ("cost",)),
        ("Cost of going (cost)", ("cost",)),
        ("Dangers, at sea", ("sea",)),
        ("Dangers, at sea; Police / detention", ("sea", "police")),
        ("sea, police", ("sea", "police")),
        ("sea/police", ("sea", "police")),
        ("sea police", ("sea", "police")),
        ("sea\npolice", ("sea", "police")),
        ("التكلفة، مخاطر البحر", ("cost", "sea")),
        ("Cost of going, sea", ("cost", "sea")),
        ("1", ("01",)),
        ("1.0", ("01",)),
        ("001", ("01",)),
        ("12.0", ("12",)),
        ("12,0", ("12",)),
        ("١٢", ("12",)),
        ("1; 12", ("01", "12")),
        ("fees", ("fees",)),
        ("Family", ("01",)),
        ("sea;;sea", ("sea",)),
        ("", ()),
    ],
)
def test_a_cell_that_can_mean_one_thing_means_it(cell, codes):
    found = chosen(cell, FRAME)

    assert (found.codes, found.faults) == (codes, ())


@pytest.mark.parametrize(
    ("cell", "codes", "fault"),
    [
        (
            "Other",
            (),
            ("what stands there means more than one code", "Write the code: toll or rest"),
        ),
        ("dangrs at sea", (), ("a code that the frame does not have", "Did you mean 'sea'?")),
        ("cots", (), ("a code that the frame does not have", "Did you mean 'cost'?")),
        (
            "3",
            (),
            (
                "a code that the frame does not have",
                "Write one of: cost, sea, police, 01, 12, toll, rest",
            ),
        ),
        (
            "sea; polise",
            ("sea",),
            ("a code that the frame does not have", "Did you mean 'police'?"),
        ),
        (
            "1.5",
            (),
            (
                "a code that the frame does not have",
                "Write one of: cost, sea, police, 01, 12, toll, rest",
            ),
        ),
    ],
)
def test_what_means_nothing_or_two_things_is_named_and_not_guessed_at(cell, codes, fault):
    found = chosen(cell, FRAME)

    assert (found.codes, found.faults) == (codes, (fault,))


def test_a_number_that_two_codes_are_is_ambiguous_unless_it_is_one_of_them():
    frame = CodeFrame("n", (Code("1", {"en": "One"}), Code("01", {"en": "Zero one"})))

    assert chosen("1", frame).codes == ("1",)
    assert chosen("1.0", frame).faults == (
        ("what stands there means more than one code", "Write the code: 1 or 01"),
    )


@given(
    codes=st.lists(st.sampled_from(["cost", "sea", "police", "01", "12"]), max_size=4, unique=True),
    separator=st.sampled_from([";", "; ", ",", " , ", "\n", " ", "/", "|", "، "]),
)
def test_several_codes_are_the_same_whatever_stands_between_them(codes, separator):
    assert chosen(separator.join(codes), FRAME).codes == tuple(codes)


@given(cell=st.text(max_size=30))
def test_no_cell_breaks_it_and_no_fault_repeats_what_was_written(cell):
    found = chosen(cell, FRAME)

    assert set(found.codes) <= set(FRAME.by_code)
    assert all("\n" not in what + remedy for what, remedy in found.faults)
