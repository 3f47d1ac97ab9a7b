"""Straight lines: in batteries that the form shows, where few others draw the same."""

from __future__ import annotations

import numpy as np
import pytest

from survey_kit.cleaning.batteries import batteries
from survey_kit.cleaning.checks.straight_lining import STRAIGHT_LINING
from survey_kit.questionnaire.model import Group, Repeat

CODES = ["1", "2", "3", "4", "5"]


def _battery(question, name, size, group=None):
    items = tuple(question(f"{name}{n}", "select_one scale") for n in range(size))
    return Group(group, items) if group else items


def _answers(seed, people, size, name):
    table = np.random.default_rng(seed).choice(CODES, (people, size))
    return {f"{name}{n}": list(table[:, n]) for n in range(size)}


def test_batteries_are_questions_that_follow_one_another_with_one_list(survey, question):
    nodes = [
        question("before", "select_one scale"),
        Group(
            "table",
            (
                *_battery(question, "a", 3),
                question("hint", "note"),
                *_battery(question, "b", 2),
                question("else", "select_one yn"),
                *_battery(question, "c", 2),
            ),
        ),
        Repeat("source", _battery(question, "d", 5)),
    ]
    form = survey(nodes, {}, lists={"scale": CODES, "yn": ["y", "n"]}).questionnaire

    found = batteries(form, 5)

    assert [(each.keys, each.repeat) for each in found] == [
        (("a0", "a1", "a2", "b0", "b1"), ""),
        (("d0", "d1", "d2", "d3", "d4"), "source"),
    ]


def test_one_answer_down_a_list_is_found_where_few_draw_that_line(survey, question):
    answers = _answers(1, 200, 6, "a")
    for column in answers.values():
        column[7] = "5"
    responses = survey(_battery(question, "a", 6), answers, lists={"scale": CODES})

    found = STRAIGHT_LINING.find(responses, STRAIGHT_LINING.settings)

    assert found[["interview", "question", "what"]].to_numpy().tolist() == [
        [
            "i8",
            "a0",
            (
                "the same answer to all 6 questions of the list that begins here, as 0.5% of those "
                "asked gave"
            ),
        ]
    ]


def test_a_line_that_many_draw_is_ordinary_unless_several_come_together(survey, question):
    lines = {
        name: [[("1" if straight else str(1 + (p + n) % 5)) for p, straight in enumerate(chosen)]
               for n in range(5)]
        for name, chosen in {
            "a": [p % 20 == 0 for p in range(200)],
            "b": [p % 20 == 1 or p == 0 for p in range(200)],
        }.items()
    }  # fmt: skip
    answers = {f"{name}{n}": columns[n] for name, columns in lines.items() for n in range(5)}
    nodes = [*_battery(question, "a", 5), question("x"), *_battery(question, "b", 5)]

    found = STRAIGHT_LINING.find(
        survey(nodes, answers, lists={"scale": CODES}), STRAIGHT_LINING.settings
    )

    assert list(zip(found["interview"], found["question"], strict=True)) == [
        ("i1", "a0"),
        ("i1", "b0"),
    ]


@pytest.mark.parametrize(
    ("size", "people", "note"),
    [
        (4, 50, "no 5 questions follow one another with the same list of choices"),
        (5, 20, "no battery was answered by 30 people"),
    ],
)
def test_it_says_why_nothing_was_looked_at(survey, question, size, people, note):
    responses = survey(
        _battery(question, "a", size), _answers(2, people, size, "a"), lists={"scale": CODES}
    )

    reach = STRAIGHT_LINING.reach(responses, STRAIGHT_LINING.settings)

    assert (reach.runs, reach.note) == (False, note)
