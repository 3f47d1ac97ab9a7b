"""What is said of two conditions holds for everybody who could answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.model import Choice, ChoiceList, Question, Questionnaire
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import question_types
from survey_kit.responses.evaluate import truth
from survey_kit.responses.model import Rows
from survey_kit.versions.condition import Names, Relation, relation

TYPES = question_types()
FORM = Questionnaire(
    name="f",
    version="1",
    title={},
    languages={"en": "English"},
    nodes=(
        Question("age", TYPES["integer"]),
        Question("one", TYPES["select_one"], choices="xy"),
        Question("many", TYPES["select_multiple"], choices="xy"),
    ),
    lists={"xy": ChoiceList("xy", (Choice("x"), Choice("y")))},
)
CELLS = list(
    product([np.nan, 0, 1, 2, 3], [np.nan, "x", "y"], [np.nan, "x", "y", "x y"])
)  # everybody who could answer
NAMES = Names(one_code=frozenset({"one"}))

ATOMS = [
    *(f"${{age}} {sign} {number}" for sign in ("<", "<=", ">", ">=", "=", "!=") for number in (1, 2)),
    *(f"{number} {sign} ${{age}}" for sign in ("<", ">=") for number in (1, 2)),
    "${one} = 'x'", "'x' = ${one}", "${one} != 'x'", "not(${one} = 'x')", "selected(${one}, 'x')",
    "selected(${many}, 'x')", "selected(${many}, 'y')", "not(selected(${many}, 'x'))",
    "true()", "false()", "${one} != ''", "string-length(${one}) > 0",
]  # fmt: skip
CONDITIONS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.builds(
        lambda a, b, joint, brackets: f"({a}) {joint} ({b})" if brackets else f"{a} {joint} {b}",
        inner,
        inner,
        st.sampled_from(["and", "or"]),
        st.booleans(),
    ),
    max_leaves=4,
)


@dataclass(frozen=True, eq=False)
class Everybody:
    """Every combination of answers, blank ones among them."""

    frame: pd.DataFrame
    questionnaire: Questionnaire = FORM
    repeats: Mapping[str, Rows] = field(default_factory=dict)


EVERYBODY = Everybody(
    pd.DataFrame(CELLS, columns=["age", "one", "many"]).astype(
        {"age": "float64", "one": "str", "many": "str"}
    )
)


def read(text: str) -> Expression:
    return parse(text, "here")


def stands(old: str, new: str) -> Relation:
    return relation((read(old),), (read(new),), NAMES, NAMES)


@given(old=CONDITIONS, new=CONDITIONS)
@settings(max_examples=100, deadline=None)
def test_what_is_said_of_two_conditions_holds_for_everybody(old: str, new: str):
    before, after = (truth(read(text), EVERYBODY) for text in (old, new))

    match stands(old, new):
        case Relation.SAME:
            assert (before == after).all()
        case Relation.NARROWER:
            assert not (after & ~before).any()
        case Relation.WIDER:
            assert not (before & ~after).any()
        case Relation.OTHER:
            pass


@given(text=CONDITIONS)
@settings(max_examples=50, deadline=None)
def test_every_condition_is_the_same_as_itself(text: str):
    assert stands(text, f" ( {text} )  ") is Relation.SAME


@given(old=CONDITIONS, new=CONDITIONS)
@settings(max_examples=50, deadline=None)
def test_narrower_one_way_is_wider_the_other(old: str, new: str):
    mirror = {Relation.NARROWER: Relation.WIDER, Relation.WIDER: Relation.NARROWER}
    there = stands(old, new)

    assert stands(new, old) is mirror.get(there, there)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("${one} = 'x' and ${age} > 1", '${age}>1 and ("x" = ${one})', Relation.SAME),
        ("selected(${one}, 'x')", "${one} = 'x'", Relation.SAME),
        ("selected(${many}, 'x')", "${many} = 'x'", Relation.OTHER),
        ("not(${one} = 'x')", "${one} != 'x'", Relation.SAME),
        ("${one} = 'x'", "${one} = 'x' or ${one} = 'y'", Relation.WIDER),
        ("${one} = 'x'", "${one} = 'x' and ${age} > 5", Relation.NARROWER),
        ("${age} >= 18", "${age} >= 16", Relation.WIDER),
        ("${age} >= 18", "${age} > 18", Relation.NARROWER),
        ("${age} > 0 and ${age} < 9", "${age} > 1 and ${age} < 8", Relation.NARROWER),
        ("${age} > 0 and ${age} < 9", "${age} > 1 and ${age} < 10", Relation.OTHER),
        ("${one} = 'x'", "true()", Relation.WIDER),
        ("${one} = 'x'", "${one} = 'y'", Relation.OTHER),
    ],
)
def test_how_a_new_condition_stands_to_the_old_one(old: str, new: str, expected: Relation):
    assert stands(old, new) is expected


def test_no_condition_holds_always():
    assert relation((None,), (read("true()"),), NAMES, NAMES) is Relation.SAME
    assert relation((), (read("${age} > 1"),), NAMES, NAMES) is Relation.NARROWER
    assert relation((read("${age} > 1"),), (None,), NAMES, NAMES) is Relation.WIDER


def test_a_question_renamed_is_the_same_question():
    old = Names(renamed={"sex": "gender"})

    found = relation((read("${sex} = 'x'"),), (read("${gender} = 'x'"),), old, Names())

    assert found is Relation.SAME


def test_a_thousand_parts_are_compared_without_exhausting_the_stack():
    long = " or ".join(f"${{age}} = {number}" for number in range(3000))

    assert stands(long, f"{long} or ${{age}} = -1") is Relation.WIDER
