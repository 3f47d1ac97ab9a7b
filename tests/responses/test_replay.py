"""The replay: who was asked, why a cell is empty, and what does not fit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.errors import ExpressionError
from survey_kit.questionnaire.model import (
    Choice,
    ChoiceList,
    Group,
    Missing,
    Node,
    Question,
    Questionnaire,
    Repeat,
)
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import question_types
from survey_kit.responses.model import Absence, Rows
from survey_kit.responses.replay import (
    absence,
    absence_in_repeat,
    asked,
    asked_in_repeat,
    begin,
    calculated,
    constraint_violations,
    constraint_violations_in_repeat,
    not_replayed,
    required_blank,
    required_blank_in_repeat,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES = question_types()
LOGIC = ("relevant", "constraint", "required", "calculation")


@dataclass(frozen=True)
class Answers:
    questionnaire: Questionnaire
    frame: pd.DataFrame
    repeats: Mapping[str, Rows] = field(default_factory=dict)


def question(name: str, kind: str = "text", choices: str | None = None, **logic: str) -> Question:
    parsed = {what: parse(logic[what], "here") for what in LOGIC if what in logic}
    return Question(name, TYPES[kind], choices=choices, **parsed)


def form(*nodes: Node) -> Questionnaire:
    codes = (
        Choice("a"),
        Choice("b"),
        Choice("no", missing=Missing.REFUSED),
        Choice("dk", missing=Missing.DONT_KNOW),
    )
    return Questionnaire(
        "form", "1", {}, {"en": "English"}, nodes, lists={"codes": ChoiceList("codes", codes)}
    )


def texts(*answers: str) -> pd.Series:
    return pd.Series([each or None for each in answers], dtype="str")


CASCADE = form(
    question("consent"),
    Group(
        "body",
        (
            question("left", relevant="${age} > 17"),
            Group("inner", (question("why"),), relevant=parse("${left} = 'yes'", "here")),
            question("age", "integer"),
        ),
        relevant=parse("${consent} = 'yes'", "here"),
    ),
    question("thanks", relevant="${why} = ''"),
)


def test_a_gate_closes_everything_behind_it_and_its_answers_count_as_blank() -> None:
    answers = Answers(
        CASCADE,
        pd.DataFrame(
            {
                "consent": texts("yes", "no", "yes", "yes"),
                "left": texts("yes", "yes", "no", ""),
                "why": texts("war", "war", "war", ""),
                "age": [30.0, 30.0, 30.0, 12.0],
                "thanks": texts("", "", "", ""),
            }
        ),
    )

    found = asked(answers)

    assert found.to_dict("list") == {
        "consent": [True, True, True, True],
        "left": [True, False, True, False],
        "why": [True, False, False, False],
        "age": [True, False, True, True],
        "thanks": [False, True, True, True],
    }


def test_a_column_that_is_no_question_was_there_for_everybody() -> None:
    frame = pd.DataFrame({"consent": texts("no"), "weight": [1.0]})

    assert asked(Answers(CASCADE, frame))["weight"].tolist() == [True]


def test_an_answer_that_should_not_have_been_given_is_present() -> None:
    frame = pd.DataFrame({"consent": texts("no", "no", "yes"), "age": [30.0, np.nan, np.nan]})

    found = absence(Answers(CASCADE, frame))

    assert found["age"].tolist() == [Absence.PRESENT, Absence.NOT_ASKED, Absence.BLANK]
    assert found["age"].dtype == np.int8


def test_codes_that_say_so_are_refusals_unless_something_else_was_chosen_too() -> None:
    answers = Answers(
        form(
            question("one", "select_one", "codes"),
            question("many", "select_multiple", "codes"),
        ),
        pd.DataFrame({"one": texts("a", "no", "dk", ""), "many": texts("a no", "no", "dk", "zz")}),
    )

    found = absence(answers)

    assert found["one"].tolist() == [
        Absence.PRESENT,
        Absence.REFUSED,
        Absence.DONT_KNOW,
        Absence.BLANK,
    ]
    assert found["many"].tolist() == [
        Absence.PRESENT,
        Absence.REFUSED,
        Absence.DONT_KNOW,
        Absence.PRESENT,
    ]


def test_a_question_whose_node_the_phone_did_not_send_was_not_asked() -> None:
    frame = pd.DataFrame({"consent": texts("", "")})
    nodes = pd.DataFrame({"consent": [True, False]})

    found = absence(Answers(CASCADE, frame), present_nodes=nodes)

    assert found["consent"].tolist() == [Absence.BLANK, Absence.NOT_ASKED]


ROSTER = form(
    question("n", "integer"),
    Repeat(
        "person",
        (
            question("age", "integer", required="true()", constraint=". < 100 and . >= ${n}"),
            question("work", relevant="${age} > 15"),
            Group(
                "deep",
                (
                    Repeat(
                        "job",
                        (question("pay", "integer", relevant="${work} = 'yes'"),),
                        relevant=parse("${age} > 17", "here"),
                    ),
                ),
            ),
        ),
        relevant=parse("${n} > 0", "here"),
    ),
    question("total", "calculate", calculation="count(${person}) + sum(${age})"),
    question("adults", relevant="count(${work}) > 1"),
)


def roster() -> Answers:
    people = pd.DataFrame(
        {"age": [30.0, 10.0, 120.0, np.nan], "work": texts("yes", "yes", "no", "").to_numpy()},
        index=pd.MultiIndex.from_tuples(
            [("i", 1), ("i", 2), ("j", 1), ("k", 1)], names=["interview", "person"]
        ),
    )
    jobs = pd.DataFrame(
        {"pay": [5.0, np.nan, 7.0]},
        index=pd.MultiIndex.from_tuples(
            [("i", 1, 1), ("i", 2, 1), ("j", 1, 1)], names=["interview", "person", "job"]
        ),
    )
    frame = pd.DataFrame(
        {"n": [2.0, 1.0, 0.0], "total": texts("", "", ""), "adults": texts("", "", "")}
    ).set_axis(pd.Index(["i", "j", "k"], name="interview"))
    repeats = {"person": Rows(people, people), "job": Rows(jobs, jobs)}
    return Answers(ROSTER, frame, MappingProxyType(repeats))


def test_the_rows_of_a_repeat_are_replayed_one_by_one() -> None:
    people = asked_in_repeat(roster(), "person")
    jobs = asked_in_repeat(roster(), "job")

    assert people.to_dict("list") == {
        "age": [True, True, True, False],
        "work": [True, False, True, False],
    }
    assert jobs["pay"].tolist() == [True, False, False]
    assert asked(roster())["adults"].tolist() == [False, False, False]


def test_the_cells_of_a_repeat_know_why_they_are_empty() -> None:
    found = absence_in_repeat(roster(), "person")

    assert found["age"].tolist() == [Absence.PRESENT] * 3 + [Absence.NOT_ASKED]
    assert absence_in_repeat(roster(), "job")["pay"].tolist() == [
        Absence.PRESENT,
        Absence.NOT_ASKED,
        Absence.PRESENT,
    ]


def test_a_calculation_counts_what_was_asked_and_writes_it_as_a_form_does() -> None:
    assert calculated(roster(), "total").tolist() == ["42", "121", "0"]


def test_a_calculation_is_blank_where_its_question_is_not_relevant() -> None:
    answers = Answers(
        form(
            question("age", "integer"),
            question("twice", "calculate", calculation="${age} * 2.25", relevant="${age} > 2"),
            question("old", "calculate", calculation="${age} > 2"),
        ),
        pd.DataFrame({"age": [1.0, 3.0, np.nan]}),
    )

    assert calculated(answers, "twice").fillna("").tolist() == ["", "6.75", ""]
    assert calculated(answers, "old").tolist() == ["0", "1", "0"]


def test_a_question_without_a_calculation_has_nothing_to_work_out() -> None:
    with pytest.raises(ExpressionError) as caught:
        calculated(roster(), "n")

    assert str(caught.value) == ("question 'n': it has no calculation. Ask for the answer instead.")


def test_a_constraint_is_checked_where_there_is_an_answer_that_was_asked_for() -> None:
    found = constraint_violations_in_repeat(roster(), "person")

    assert found.to_dict("list") == {"age": [False, False, True, False]}
    assert constraint_violations(roster()).shape == (3, 0)


def test_required_and_blank_counts_only_where_it_was_asked() -> None:
    people = roster().repeats["person"].frame.assign(age=[np.nan, 10.0, 120.0, np.nan])
    answers = replace(roster(), repeats=MappingProxyType({"person": Rows(people, people)}))

    found = required_blank_in_repeat(answers, "person")

    assert found.to_dict("list") == {"age": [True, False, False, False]}
    assert required_blank(answers).shape == (3, 0)


def test_a_relevant_that_cannot_be_worked_out_counts_as_held_and_is_named() -> None:
    answers = Answers(
        form(
            question("id"),
            question("known", relevant="pulldata('a', 'b', 'c', ${id}) = 'yes'"),
            question("next", relevant="${known} = 'x'", constraint="random() > 0"),
        ),
        pd.DataFrame({"id": texts("1", "2"), "known": texts("x", ""), "next": texts("", "")}),
    )

    assert asked(answers).to_dict("list") == {
        "id": [True, True],
        "known": [True, False],
        "next": [True, False],
    }
    assert constraint_violations(answers).columns.tolist() == []
    assert [str(fault) for fault in not_replayed(answers)] == [
        (
            "question 'known', relevant 'pulldata('a', 'b', 'c', ${id}) = 'yes'': the file 'a.csv' "
            "does not stand beside the questionnaire. Put it into the same folder, or into media/."
        ),
        (
            "question 'next', constraint 'random() > 0': random() cannot be worked out after the "
            "interview: it was another number each time. "
            "Use the answer of a calculate question that holds its result."
        ),
    ]


def test_a_circle_of_relevants_is_named() -> None:
    answers = Answers(
        form(question("a", relevant="${b} = ''"), question("b", relevant="${a} = ''")),
        pd.DataFrame({"a": texts("x", ""), "b": texts("", "y")}),
    )

    (fault,) = not_replayed(answers)

    assert str(fault) == (
        "'a': whether it is asked depends, in a circle, on whether it is asked. "
        "Take the circle out of the relevants of 'a' and 'b'."
    )
    assert asked(answers).to_dict("list") == {"a": [True, False], "b": [False, True]}


def test_a_long_chain_of_questions_is_replayed_without_running_out_of_stack() -> None:
    length = 3_000
    first = question("q0")
    rest = (question(f"q{k}", relevant=f"${{q{k - 1}}} = 'x'") for k in range(1, length))
    frame = pd.DataFrame({f"q{k}": texts("x", "") for k in range(length)})

    replay = begin(Answers(form(first, *rest), frame))

    assert replay.question(f"q{length - 1}").tolist() == [True, False]


def test_a_simulator_may_fill_in_answers_while_it_asks() -> None:
    frame = pd.DataFrame({"consent": texts("yes", "no")})
    replay = begin(Answers(CASCADE, frame))

    first = replay.question("age")
    frame["age"] = np.where(first, 40.0, np.nan)

    assert replay.question("left").tolist() == [True, False]


yes_no = st.sampled_from(["yes", "no", ""])
interviews = st.lists(
    st.tuples(yes_no, yes_no, yes_no, st.sampled_from([np.nan, 12.0, 40.0]), yes_no),
    min_size=1,
    max_size=8,
)


@given(told=interviews)
def test_taking_out_what_was_not_asked_changes_nothing(
    told: list[tuple[str, str, str, float, str]],
) -> None:
    columns = list(zip(*told, strict=True))
    frame = pd.DataFrame(
        {
            "consent": texts(*columns[0]),
            "left": texts(*columns[1]),
            "why": texts(*columns[2]),
            "age": np.array(columns[3]),
            "thanks": texts(*columns[4]),
        }
    )
    found = asked(Answers(CASCADE, frame))

    again = asked(Answers(CASCADE, frame.where(found)))

    pd.testing.assert_frame_equal(found, again)


@given(told=interviews)
def test_every_cell_is_either_answered_or_knows_why_not(
    told: list[tuple[str, str, str, float, str]],
) -> None:
    columns = list(zip(*told, strict=True))
    frame = pd.DataFrame({"consent": texts(*columns[0]), "left": texts(*columns[1])})

    found = absence(Answers(CASCADE, frame))

    assert ((found == Absence.PRESENT) == frame.notna()).all(axis=None)
    assert found.index.equals(frame.index)
    assert found.columns.equals(frame.columns)
