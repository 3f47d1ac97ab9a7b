"""Patterns: the automaton against the matcher of Python, and the faults word for word."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.errors import CannotEvaluate
from survey_kit.responses.logic.pattern import matcher

letters = st.sampled_from("ab1 -")
parts = st.sampled_from(["a", "b", "1", ".", "[ab]", "[^a]", "[a-b1]", r"\d", r"\s", r"\w", r"\-"])
quantifiers = st.sampled_from(
    ["", "*", "+", "?", "{2}", "{1,2}", "{0,1}", "{1,}", "{0}", "{2,}", "*?", "+?"]
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    together = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda part, times: f"({part}){times}", inner, quantifiers),
        st.builds(lambda part, times: f"(?:{part}){times}", inner, quantifiers),
        together.map("".join),
        together.map("|".join).map(lambda either: f"({either})"),
    )


patterns = st.recursive(
    st.builds(lambda part, times: part + times, parts, quantifiers), grown, max_leaves=6
)


@given(pattern=patterns, text=st.text(letters, max_size=8))
def test_a_pattern_matches_what_python_says_it_matches(pattern: str, text: str) -> None:
    assert matcher(pattern)(text) == (re.fullmatch(pattern, text, re.ASCII) is not None)


@pytest.mark.parametrize("pattern", ["(a+)+b", "(a|aa)+b", "(a*)*b", "(.*a){20}b"])
def test_no_pattern_takes_longer_than_its_text_is_long(pattern: str) -> None:
    begin = time.perf_counter()

    assert not matcher(pattern)("a" * 3_000)

    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^[A-Z]{2}[0-9]{4}$", "KT0419"),
        (r"\p{L}+", "বাংলা".replace("\u09be", "").replace("\u0982", "")),
        (r"\p{Lu}\p{Ll}*", "Émile"),
        (r"\P{L}+", "123"),
        (r"[\p{Alpha} ]+", "a b"),
        (r"A\u0042\x43", "ABC"),
        (r"(?<code>\d)x", "1x"),
        ("[a\\]]", "]"),
        ("[-a]+", "a-"),
        ("[a-]+", "a-"),
        ("", ""),
        ("a|", ""),
    ],
)
def test_a_pattern_of_java_is_understood(pattern: str, text: str) -> None:
    assert matcher(pattern)(text)


def test_brackets_within_brackets_cost_no_more_than_they_are_long() -> None:
    assert matcher("(" * 90 + "a" + ")?" * 90)("a")


REFUSED = {
    "(?=a)b": "it looks ahead or behind, or sets a flag",
    "(?i)a": "it looks ahead or behind, or sets a flag",
    r"(a)\1": "\\1 is not known here",
    r"\bword": "\\b is not known here",
    "a++": "it holds a possessive quantifier",
    "[a-z&&[^b]]": "it holds a set within a set",
    "(a": "it opens a bracket that it never closes",
    "a)": "it closes a bracket that it never opened",
    "*a": "there is nothing for * to repeat",
    "a{2": "it ends too early",
    "a{x}": "{x} is no number of times",
    "[z-a]": "a range in it goes backwards",
    r"\p{Nonsense}": "there is no class of letters called Nonsense",
    "((a{100}){100}){100}": "it is too large",
}


@pytest.mark.parametrize("pattern", REFUSED)
def test_a_pattern_that_is_not_regular_is_refused(pattern: str) -> None:
    with pytest.raises(CannotEvaluate) as caught:
        matcher(pattern)

    assert str(caught.value) == (
        f"the pattern '{pattern}': {REFUSED[pattern]}, so it cannot be matched here. "
        "Write it with letters, sets, brackets, |, *, +, ? and {m,n} only."
    )
