"""What is proven impossible is impossible: a search over every answer never finds a way.

The conditions are drawn at random; the answers that are tried are all that matter to the codes
and numbers in them, blanks included. What each condition is worth for them is worked out by the
engine that JavaRosa judges (`responses.evaluate`), not by the reasoner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.questionnaire.model import Choice, ChoiceList, Question, Questionnaire
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import question_types
from survey_kit.responses.evaluate import truth
from survey_kit.review.possible import Reasoner
from survey_kit.review.possible_values import Numbers, Span, Words
from survey_kit.review.reviewed import Reviewed
from survey_kit.review.worlds import ANYTHING

TYPES = question_types()
CODES = ("x", "y", "1")


def codes(*names):
    return ChoiceList("codes", tuple(Choice(name) for name in names))


FORM = Questionnaire(
    name="q",
    version="1",
    title={},
    languages={"en": "English"},
    nodes=(
        Question("one", TYPES["select_one"], choices="codes"),
        Question("many", TYPES["select_multiple"], choices="codes"),
        Question("number", TYPES["integer"]),
        Question("share", TYPES["decimal"]),
        Question("text", TYPES["text"]),
        Question("day", TYPES["date"]),
        Question("last", TYPES["text"]),
    ),
    lists={"codes": codes(*CODES)},
)
TRIED = {
    "one": ("", *CODES),
    "many": ("", "x", "y", "1", "x y", "y 1", "x y 1"),
    "number": ("", -1.0, 0.0, 1.0, 2.0, 3.0, 4.0),
    "share": ("", 0.5, 1.0, 1.5, 2.0, 2.5),
    "text": ("", "x", "1", "2", "other"),
    "day": ("", "2024-01-01", "2024-01-02", "2024-01-03"),
}


@dataclass(frozen=True)
class Answers:
    questionnaire: Questionnaire
    frame: pd.DataFrame
    repeats: dict


def answers(names):
    """Every combination of the answers that are tried to some questions."""
    rows = list(product(*(TRIED[name] for name in names)))
    frame = pd.DataFrame(rows, columns=list(names))
    for name in TRIED:
        column = frame[name] if name in names else pd.Series([""] * len(frame))
        frame[name] = (
            pd.to_numeric(column).astype("float64")
            if name in ("number", "share")
            else column.replace("", None).astype("str")
        )
    return Answers(FORM, frame, {})


OPERATORS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
COMPARED = st.one_of(
    st.builds(
        "${{{0}}} {1} {2}".format,
        st.sampled_from(["one", "text", "many"]),
        st.sampled_from(["=", "!="]),
        st.sampled_from(["'x'", "'y'", "'1'", "1", "2", "''", "'z'"]),
    ),
    st.builds(
        "${{{0}}} {1} {2}".format,
        st.sampled_from(["number", "share", "one", "text"]),
        OPERATORS,
        st.sampled_from(["0", "1", "2", "1.5", "-1", "'1'", "'2'"]),
    ),
    st.builds(
        "{2} {1} ${{{0}}}".format,
        st.sampled_from(["number", "share"]),
        OPERATORS,
        st.sampled_from(["0", "2", "3"]),
    ),
    st.builds(
        "selected(${{{0}}}, {1})".format,
        st.sampled_from(["many", "one", "text"]),
        st.sampled_from(["'x'", "'y'", "'1'", "'z'"]),
    ),
    st.builds(
        "count-selected(${{many}}) {0} {1}".format,
        OPERATORS,
        st.sampled_from(["0", "1", "2", "3"]),
    ),
    st.sampled_from(["selected('x y', ${one})", "selected('1', ${text})"]),
    st.builds("selected-at(${{many}}, 0) {0} 'x'".format, st.sampled_from(["=", "!="])),
    st.builds(
        "${{day}} {0} {1}".format,
        OPERATORS,
        st.sampled_from(["date('2024-01-02')", "'2024-01-02'", "''"]),
    ),
    st.builds("${{number}} + 1 {0} {1}".format, OPERATORS, st.sampled_from(["1", "2", "3"])),
    st.builds("string-length(${{text}}) {0} {1}".format, OPERATORS, st.sampled_from(["0", "1"])),
    st.builds("${{number}} {0} ${{share}}".format, OPERATORS),
    st.sampled_from(["${one}", "${number}", "${many}", "${text}", "true()", "false()", "1", "''"]),
)
CONDITIONS = st.recursive(
    COMPARED,
    lambda inner: st.one_of(
        st.builds("({0}) and ({1})".format, inner, inner),
        st.builds("({0}) or ({1})".format, inner, inner),
        st.builds("not({0})".format, inner),
        st.builds("if({0}, {1}, {2})".format, inner, inner, inner),
        st.builds("({0}) = true()".format, st.just("selected(${many}, 'x')")),
    ),
    max_leaves=5,
)


@settings(max_examples=400, deadline=None)
@given(source=CONDITIONS, holding=st.booleans())
def test_what_is_proven_impossible_is_never_found(source, holding):
    expression = parse(source, "here")
    names = [name for name in TRIED if name in expression.answers]
    reviewed = Reviewed(FORM)

    worlds = Reasoner(reviewed).narrowed(
        ANYTHING, expression.tree, reviewed.by_name["last"], holding=holding
    )

    if len(names) <= 4 and not worlds:
        outcome = truth(expression, answers(names))
        assert not (outcome if holding else ~outcome).any()


@settings(max_examples=150, deadline=None)
@given(gates=st.lists(COMPARED, min_size=2, max_size=4))
def test_a_question_said_to_be_out_of_reach_is_reached_by_nobody(gates):
    """Each of three questions waits for the one before; the last must be reached by somebody."""
    relevant = [parse(gate, "here") for gate in gates]
    names = [name for name in TRIED if any(name in each.answers for each in relevant)]
    first = FORM.nodes[:-1]
    chained = [
        Question(f"step{at}", TYPES["select_one"], choices="codes", relevant=each)
        for at, each in enumerate(relevant)
    ]
    linked = [
        replace(each, relevant=parse(f"({each.relevant.source}) and ${{step{at}}} = 'x'", "here"))
        if each.relevant
        else each
        for at, each in enumerate(chained[1:])
    ]
    form = replace(FORM, nodes=(*first, chained[0], *linked))
    reviewed = Reviewed(form)

    reached = Reasoner(reviewed).reach(reviewed.by_name[f"step{len(gates) - 1}"])

    if not reached and len(names) <= 4:
        frame = answers(names)
        every = [truth(each, frame) for each in relevant]
        assert not pd.DataFrame(every).all().any()


@pytest.mark.parametrize(
    ("source", "possible"),
    [
        ("${one} = 'x' and ${one} = 'y'", False),
        ("${one} = 'x' or ${one} = 'y'", True),
        ("${one} != 'x' and ${one} != 'y' and ${one} != '1'", True),
        ("${one} != 'x' and ${one} != 'y' and ${one} != '1' and ${one} != ''", False),
        ("not(${one} = 'x') and selected(${one}, 'x')", False),
        ("${number} > 3 and ${number} < 4", False),
        ("${share} > 3 and ${share} < 4", True),
        ("${number} >= 18 and not(${number} > 17)", False),
        ("not(${number} >= 18) and not(${number} < 18)", True),
        ("${number} = 'many'", False),
        ("selected(${many}, 'x') and count-selected(${many}) = 0", False),
        (
            "selected(${many}, 'x') and selected(${many}, 'y') and count-selected(${many}) < 2",
            False,
        ),
        ("count-selected(${many}) > 3", False),
        ("count-selected(${many}) > 2 and not(selected(${many}, 'x'))", False),
        ("${many} = 'x' and selected(${many}, 'y')", False),
        ("${day} > date('2024-01-02') and ${day} < date('2024-01-03')", False),
        ("${day} > date('2024-01-02') and ${day} <= date('2024-01-03')", True),
        ("${number} + 1 > 5 and ${number} + 1 < 4", False),
        ("string-length(${text}) < 0", False),
        ("${text} = 'a' and (${text} = 'b' or ${text} = 'c')", False),
        ("${text} = 'a' and (${text} = 'b' or ${share} = 1)", True),
        ("regex(${text}, 'a') and not(regex(${text}, 'a'))", True),
        ("${one} = ''", True),
        ("if(${one} = 'x', ${one} = 'y', ${one} = 'x')", False),
        ("if(${one} = 'x', ${number} = 1, ${one} = 'y')", True),
        (" or ".join(["${one} = 'z'"] * 1_000), False),
    ],
)
def test_what_can_be_proven(source, possible):
    reviewed = Reviewed(FORM)

    worlds = Reasoner(reviewed).narrowed(
        ANYTHING, parse(source, "here").tree, reviewed.by_name["last"]
    )

    assert bool(worlds) is possible


SPANS = st.builds(
    lambda low, size, low_open, high_open: Span(low, low_open, low + size, high_open),
    st.integers(-3, 3),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
)
NUMBERS = st.builds(
    lambda spans, blank: Numbers(tuple(spans), blank=blank),
    st.lists(SPANS.filter(lambda span: not span.empty), min_size=1, max_size=1),
    st.booleans(),
)


def holds_number(values, number):
    return any(
        (span.low < number or (span.low == number and not span.low_open))
        and (number < span.high or (number == span.high and not span.high_open))
        for span in values.spans
    )


@given(
    one=NUMBERS, two=NUMBERS, three=NUMBERS, number=st.integers(-8, 16).map(lambda each: each / 2)
)
def test_joining_and_meeting_numbers_is_exact(one, two, three, number):
    left = one.join(two)

    both, either = left.meet(three), left.join(three)

    inside = holds_number(one, number) or holds_number(two, number), holds_number(three, number)
    assert holds_number(both, number) is all(inside)
    assert holds_number(either, number) is any(inside)


WORDS = st.builds(Words, st.frozensets(st.sampled_from(["", "a", "b", "c"])), st.booleans())


@given(one=WORDS, other=WORDS, word=st.sampled_from(["", "a", "b", "c", "d"]))
def test_joining_and_meeting_words_is_exact(one, other, word):
    def inside(values):
        return (word in values.words) is not values.but

    assert inside(one.meet(other)) is (inside(one) and inside(other))
    assert inside(one.join(other)) is (inside(one) or inside(other))
