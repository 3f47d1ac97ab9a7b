"""Which answers a gate waits for: alternatives, calculations traced back, and what cannot be."""

from __future__ import annotations

import pytest

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.parser import parse
from survey_kit.rehearsal.wish import Wish
from survey_kit.rehearsal.wishes import Wishing


def wished(questionnaire: Questionnaire, expression: str) -> list[dict[str, tuple[Wish, ...]]]:
    return [dict(each) for each in Wishing(questionnaire).of(parse(expression, "here").tree)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("${consent} = 'yes'", [{"consent": (Wish("is", "yes"),)}]),
        ("'yes' = ${consent}", [{"consent": (Wish("is", "yes"),)}]),
        ("not(${consent} = 'yes')", [{"consent": (Wish("not", "yes"),)}]),
        ("${consent} = 'maybe'", []),
        ("1 = 2", []),
        ("selected(${work}, 'farm')", [{"work": (Wish("has", "farm"),)}]),
        ("not(selected(${work}, 'farm'))", [{"work": (Wish("lacks", "farm"),)}]),
        (
            "selected('north south', ${region})",
            [{"region": (Wish("is", "north"),)}, {"region": (Wish("is", "south"),)}],
        ),
        ("${size} > 3", [{"size": (Wish("least", "4"),)}]),
        ("${size} > 3 and ${size} < 9", [{"size": (Wish("least", "4"), Wish("most", "8"))}]),
        ("${size} > 9 and ${size} < 3", []),
        ("${size} = 4 and ${size} = 5", []),
        ("count-selected(${work}) >= 2", [{"work": (Wish("many", "2"),)}]),
        ("${old} != ''", [{"old": (Wish("some"),)}]),
        ("string-length(${old}) > 4", [{}]),
        (
            "if(${consent} = 'yes', 'a', 'b') = 'b'",
            [{"consent": (Wish("not", "yes"),)}],
        ),
    ],
)
def test_an_expression_is_read_for_the_answers_it_waits_for(
    household: Questionnaire, expression: str, expected: list[dict[str, tuple[Wish, ...]]]
):
    assert wished(household, expression) == expected


def test_many_alternatives_leave_room_for_chance(household: Questionnaire):
    long = " or ".join(f"${{size}} = {number}" for number in range(40))

    found = wished(household, long)

    assert len(found) == 16
    assert found[-1] == {}


def test_a_question_waits_for_its_gates_and_theirs(household: Questionnaire):
    (found,) = Wishing(household).to_ask(household.by_key["work"])

    assert found == {
        "size": (Wish("least", "1"),),
        "consent": (Wish("is", "yes"),),
        "age": (Wish("least", "15"),),
    }
