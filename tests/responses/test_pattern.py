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


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+b", "(a|aa)+b", "(a*)*b", "(.*a){20}b", "(?=a)(a+)+b", "((?=(a+)+)a)+b", r"(\ba*)+b"],
)
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
        ("(?i)stra.e", "STRAßE"),
        ("(?i:a)b", "Ab"),
        ("a(?i)b(?-i)c", "aBc"),
        (r"\Qa.b(\Ec", "a.b(c"),
        ("[a-z&&[^aeiou]]+", "xyz"),
        ("[a-c[x-z]]+", "az"),
        ("(?s)a.b", "a\nb"),
        (r"a\Rb", "a\r\nb"),
        (r"\x{1F600}", "\U0001f600"),
        (r"\0101", "A"),
        (r"(?!0)\d{3}", "123"),
        (r"(?=.*\d)(?=.*[a-z]).{4,}", "ab12"),
        (r".*(?<=x)y", "axy"),
        (r".*(?<!x)y", "ay"),
        (r"\bone\b.*\btwo\b", "one and two"),
    ],
)
def test_a_pattern_of_java_is_understood(pattern: str, text: str) -> None:
    assert matcher(pattern)(text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(?i)a", "b"),
        ("a(?i)b(?-i)c", "aBC"),
        ("[a-z&&[^aeiou]]+", "xaz"),
        (r"(?!0)\d{3}", "012"),
        (r"(?=.*\d)(?=.*[a-z]).{4,}", "abcd"),
        (r".*(?<=x)y", "ay"),
        (r".*(?<!x)y", "xy"),
        (r".*\btwo\b.*", "twofold"),
        (r".*\Bfold", "two fold"),
    ],
)
def test_a_pattern_of_java_does_not_match_more(pattern: str, text: str) -> None:
    assert not matcher(pattern)(text)


around = st.sampled_from(["(?=", "(?!", "(?<=", "(?<!"])
looking = st.lists(
    st.one_of(
        st.builds(lambda part, times: part + times, parts, st.sampled_from(["", "?", "{2}"])),
        st.builds(lambda look, part: f"{look}{part})", around, parts),
        st.sampled_from([r"\b", r"\B", "(a|b)*", "(?:a1)+"]),
    ),
    max_size=5,
).map("".join)


@given(pattern=looking, text=st.text(st.sampled_from("ab1 -"), min_size=1, max_size=6))
def test_a_pattern_that_looks_around_matches_what_python_says(pattern: str, text: str) -> None:
    assert matcher(pattern)(text) == (re.fullmatch(pattern, text, re.ASCII) is not None)


def test_a_text_too_long_for_a_pattern_that_looks_around_is_refused() -> None:
    with pytest.raises(CannotEvaluate) as caught:
        matcher("(?=a)((ab?)*c?)*((ab?)*c?)*d")("abc" * 40_000 + "x")

    assert str(caught.value) == (
        "the pattern '(?=a)((ab?)*c?)*((ab?)*c?)*d': matching a text of 120001 letters takes too "
        "long. Write it without looking ahead or behind."
    )


def test_brackets_within_brackets_cost_no_more_than_they_are_long() -> None:
    assert matcher("(" * 90 + "a" + ")?" * 90)("a")


REFUSED = {
    "(?u)a": "it sets the flag u",
    "(?>a)b": "it holds an atomic bracket",
    r"(a)\1": "\\1 refers back to a bracket",
    r"a\G": "\\G is not known here",
    "a++": "it holds a possessive quantifier",
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


@pytest.mark.parametrize("letter", ["a", "-", ".", "_"])
def test_a_hyphen_behind_a_class_is_a_hyphen(letter: str) -> None:
    assert matcher(r"[\w-.]")(letter)
    assert matcher(r"[\p{Alnum}-._]")(letter)
    assert not matcher(r"[\w-.]")("+")
