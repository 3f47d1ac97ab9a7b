"""Expressions on answers: places, repeats, the moment of the interview, and every refusal.

What single values are worth is in `tests/javarosa/`, where JavaRosa is the judge.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.errors import CannotEvaluate
from survey_kit.questionnaire.model import (
    Choice,
    ChoiceList,
    Group,
    Question,
    Questionnaire,
    Repeat,
)
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import question_types
from survey_kit.responses.evaluate import offered, prepare, truth, values
from survey_kit.responses.model import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPES = question_types()


@dataclass(frozen=True)
class Answers:
    questionnaire: Questionnaire
    frame: pd.DataFrame
    repeats: Mapping[str, Rows]


def question(name: str, kind: str, **more: object) -> Question:
    return Question(name, TYPES[kind], **more)  # type: ignore[arg-type]


FORM = Questionnaire(
    name="water",
    version="7",
    title={},
    languages={"en": "English"},
    nodes=(
        question("today", "today"),
        question("age", "integer"),
        question("town", "select_one", choices="towns"),
        question("uses", "select_multiple", choices="uses"),
        question("adult", "calculate", calculation=parse("${age} > 17", "here")),
        question("next_year", "calculate", calculation=parse("${age} + 1", "here")),
        question("size", "calculate", calculation=parse("if(${age} > 9, 'old', 1)", "here")),
        Repeat(
            "source",
            (
                question("litres", "decimal"),
                Group(
                    "carried",
                    (
                        question("by", "text"),
                        Repeat("trip", (question("minutes", "integer"),)),
                    ),
                ),
            ),
        ),
    ),
    lists={
        "towns": ChoiceList(
            "towns",
            (
                Choice("n", {"en": "North"}, columns={"region": "up", "big": "1"}),
                Choice("s", {"en": "South"}, columns={"region": "down"}),
            ),
        ),
        "uses": ChoiceList("uses", (Choice("drink"), Choice("wash"))),
    },
)
FRAME = pd.DataFrame(
    {
        "today": pd.to_datetime(["2024-02-01", "2024-03-01", "2024-04-01"]),
        "age": [17.0, 40.0, np.nan],
        "town": pd.array(["n", "s", None], dtype="str"),
        "uses": pd.array(["drink wash", "wash", None], dtype="str"),
        "adult": pd.array(["0", "1", None], dtype="str"),
        "next_year": pd.array(["18", "41", None], dtype="str"),
        "size": pd.array(["old", "old", "1"], dtype="str"),
    },
    index=pd.Index(["a", "b", "c"], name="interview"),
)
SOURCES = pd.DataFrame(
    {"litres": [1.0, 2.5, np.nan], "by": pd.array(["me", "you", "me"], dtype="str")},
    index=pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("c", 1)], names=["interview", "source"]),
)
TRIPS = pd.DataFrame(
    {"minutes": [10.0, 20.0, 30.0]},
    index=pd.MultiIndex.from_tuples(
        [("a", 1, 1), ("a", 1, 2), ("c", 1, 1)], names=["interview", "source", "trip"]
    ),
)
ANSWERS = Answers(
    FORM,
    FRAME,
    MappingProxyType({"source": Rows(SOURCES, SOURCES), "trip": Rows(TRIPS, TRIPS)}),
)
NAN = None

OF_INTERVIEWS: dict[str, list[object]] = {
    "${age} + 1": [18.0, 41.0, NAN],
    "${age} > 17": ["0", "1", "0"],
    "${age} != 17": ["0", "1", "1"],
    "${town}": ["n", "s", NAN],
    "concat(${town}, '-', ${age})": ["n-17", "s-40", "-"],
    "${adult}": ["0", "1", NAN],
    "if(${adult}, 'yes', 'no')": ["no", "yes", "no"],
    "${adult} = true()": ["0", "1", "0"],
    "${next_year} = '18.0'": ["1", "0", "0"],
    "${next_year} + 1": [19.0, 42.0, NAN],
    "${size} = '1.0'": ["0", "0", "1"],
    "today()": ["2024-02-01T00:00:00.000", "2024-03-01T00:00:00.000", "2024-04-01T00:00:00.000"],
    "${today} < date('2024-03-01')": ["1", "0", "0"],
    "format-date(${today}, '%e %b %Y')": ["1 Feb 2024", "1 Mar 2024", "1 Apr 2024"],
    "jr:choice-name(${town}, '${town}')": ["North", "South", NAN],
    "version()": ["7", "7", "7"],
    "sum(${litres})": [3.5, 0.0, 0.0],
    "count(${source})": [2.0, 0.0, 1.0],
    "count(${litres})": [2.0, 0.0, 1.0],
    "count-non-empty(${litres})": [2.0, 0.0, 0.0],
    "max(${litres})": [2.5, NAN, NAN],
    "min(${litres})": [1.0, NAN, NAN],
    "sum(${minutes})": [30.0, 0.0, 30.0],
    "count(${trip})": [2.0, 0.0, 1.0],
    "join('+', ${litres})": ["1+2.5", NAN, NAN],
    "concat(${by})": ["meyou", NAN, "me"],
    "indexed-repeat(${litres}, ${source}, 2)": [2.5, NAN, NAN],
    "indexed-repeat(${minutes}, ${source}, 1, ${trip}, 2)": [20.0, NAN, NAN],
    "position(..)": [1.0, 1.0, 1.0],
    "/data/age": [17.0, 40.0, NAN],
    "sum(/data/source/litres)": [3.5, 0.0, 0.0],
    "true()": ["1", "1", "1"],
    "1 + 1": [2.0, 2.0, 2.0],
    "''": [NAN, NAN, NAN],
}
OF_SOURCES: dict[str, list[object]] = {
    "${litres} + ${age}": [18.0, 19.5, NAN],
    "position(..)": [1.0, 2.0, 1.0],
    "sum(${litres})": [1.0, 2.5, 0.0],
    "sum(${minutes})": [30.0, 0.0, 30.0],
    "count(${trip})": [2.0, 0.0, 1.0],
    "count(${source})": [1.0, 1.0, 1.0],
    "indexed-repeat(${litres}, ${source}, position(..) - 1)": [1.0, 1.0, NAN],
    "indexed-repeat(${minutes}, ${trip}, 1)": [10.0, NAN, 30.0],
    "${town} = 'n'": ["1", "1", "0"],
}
OF_TRIPS: dict[str, list[object]] = {
    "${minutes} + ${litres} + ${age}": [28.0, 38.0, NAN],
    "position(..)": [1.0, 2.0, 1.0],
    "position(../..)": [1.0, 1.0, 1.0],
    "position(../../..)": [1.0, 1.0, 1.0],
    "count(${trip})": [2.0, 2.0, 1.0],
    "sum(${minutes})": [10.0, 20.0, 30.0],
    "../../by": ["me", "me", "me"],
    "../minutes * 2": [20.0, 40.0, 60.0],
}


def as_list(series: pd.Series) -> list[object]:
    return [None if pd.isna(each) else each for each in series]


@pytest.mark.parametrize("source", OF_INTERVIEWS)
def test_an_expression_is_worked_out_for_each_interview(source: str) -> None:
    assert as_list(values(parse(source, "here"), ANSWERS)) == OF_INTERVIEWS[source]


@pytest.mark.parametrize("source", OF_SOURCES)
def test_inside_a_repeat_an_expression_is_worked_out_for_each_row(source: str) -> None:
    found = values(parse(source, "here"), ANSWERS, repeat="source")

    assert as_list(found) == OF_SOURCES[source]
    assert found.index.equals(SOURCES.index)


@pytest.mark.parametrize("source", OF_TRIPS)
def test_inside_a_repeat_of_a_repeat_too(source: str) -> None:
    assert as_list(values(parse(source, "here"), ANSWERS, this="minutes")) == OF_TRIPS[source]


def test_a_full_stop_is_the_answer_to_the_question_itself() -> None:
    assert truth(parse(". >= 18", "here"), ANSWERS, this="age").tolist() == [False, True, False]


def test_a_question_without_a_column_counts_as_blank() -> None:
    answers = replace(ANSWERS, frame=FRAME.drop(columns="age"), repeats=MappingProxyType({}))

    assert truth(parse("${age} = ''", "here"), answers).all()
    assert as_list(values(parse("sum(${litres})", "here"), answers)) == [0.0, 0.0, 0.0]


def test_a_column_that_is_no_question_can_be_asked_about() -> None:
    answers = replace(ANSWERS, frame=FRAME.assign(weight=[0.5, 1.5, 1.0]))

    assert truth(parse("${weight} > 1", "here"), answers).tolist() == [False, True, False]


def test_no_interviews_give_no_rows() -> None:
    answers = replace(
        ANSWERS,
        frame=FRAME.iloc[:0],
        repeats=MappingProxyType({"source": Rows(SOURCES.iloc[:0], SOURCES.iloc[:0])}),
    )

    for source in OF_INTERVIEWS:
        assert len(truth(parse(source, "here"), answers)) == 0
    for source in OF_SOURCES:
        assert len(truth(parse(source, "here"), answers, repeat="source")) == 0


def test_a_choice_filter_says_which_choices_each_row_is_offered() -> None:
    filtering = parse("region = if(${age} > 17, 'up', 'down') or big = '1' and name = 'n'", "here")

    assert offered(filtering, ANSWERS, "town").tolist() == [
        [True, True],
        [True, False],
        [True, True],
    ]


def test_what_is_prepared_once_gives_the_same() -> None:
    prepared = prepare(ANSWERS)

    for source, expected in OF_INTERVIEWS.items():
        assert as_list(values(parse(source, "here"), prepared)) == expected


def test_a_path_that_leads_nowhere_is_blank_to_a_phone_and_a_fault_in_an_analysis() -> None:
    nowhere = parse("if(none = '', 1, 2)", "here")

    assert as_list(values(nowhere, ANSWERS, this="age")) == [1.0] * len(ANSWERS.frame)
    with pytest.raises(CannotEvaluate, match="none leads to no question"):
        values(nowhere, ANSWERS)


@pytest.mark.parametrize(
    "source",
    [
        *OF_INTERVIEWS,
        "normalize-space(concat(${town}, if(${town} != '' and ${town} != ${age}, ', ', ''), ${age}))",
        "selected(translate(concat(${town}, ${age}), 'a', ${town}), concat(${age}, 'x'))",
        "string-length(concat(${town}, ${age})) + 1",
    ],
)
def test_where_nobody_was_interviewed_nothing_is_worked_out(source: str) -> None:
    rows = {
        name: Rows(each.iloc[:0], each.iloc[:0])
        for name, each in (("source", SOURCES), ("trip", TRIPS))
    }
    nobody = Answers(FORM, FRAME.iloc[:0], MappingProxyType(rows))

    assert len(values(parse(source, "here"), nobody)) == 0


def test_a_text_that_is_doubled_again_and_again_is_refused_before_it_fills_the_memory() -> None:
    kilobytes = f"'{'x' * 1000}'"
    long_enough = parse(f"concat({', '.join([kilobytes] * 1000)})", "here")
    too_long = parse(f"concat({', '.join([kilobytes] * 1001)})", "here")

    assert len(values(long_enough, ANSWERS).iloc[0]) == 1_000_000
    with pytest.raises(CannotEvaluate) as caught:
        values(too_long, ANSWERS)
    assert str(caught.value) == (
        "concat() or join(): the text becomes longer than 1,000,000 letters, which no phone could "
        "hold. Put fewer texts together, or check whether a text is put together with itself."
    )


REFUSED = {
    "pulldata('a', 'b', 'c', 'd')": "expression 'pulldata('a', 'b', 'c', 'd')': the file 'a.csv' "
    "does not stand beside the questionnaire. Put it into the same folder, or into media/.",
    "random() > 0": "expression 'random() > 0': random() cannot be worked out after the "
    "interview: it was another number each time. "
    "Use the answer of a calculate question that holds its result.",
    "intersects(${town})": "intersects(): it is given a text that is no geotrace, at which Collect "
    "stops. Give it the answer to a geotrace.",
    "instance('l')/root/item[name = ${age}]/label": "expression 'instance('l')/root/item[name = "
    "${age}]/label': there is no list of choices and no file called 'l'. "
    "Put the file beside the questionnaire, or check the name in instance().",
    "${agee} = 1": "expression '${agee} = 1': there is no question called 'agee'. "
    "Did you mean 'age'?",
    "../nowhere": "expression '../nowhere': ../nowhere leads to no question. "
    "Write ${name} instead.",
    ". = 1": "expression '. = 1': '.' means the answer to the question itself, and there is none "
    "here. Write ${name} instead.",
    "${litres} > 1": "expression '${litres} > 1': 'litres' was answered several times in one "
    "interview. Say which answer you mean with indexed-repeat(), or use sum(), max() or count().",
    "${age} | ${town}": "expression '${age} | ${town}': | joins locations, which the form "
    "refuses too. Use or instead.",
    "regex(${town}, '(n)\\1')": "the pattern '(n)\\1': \\1 refers back to a bracket, "
    "so it cannot be matched here. "
    "Write it with letters, sets, brackets, |, *, +, ? and {m,n} only.",
    "format-date(${today}, '%W')": "format-date(): %W is the number of a week, which depends on "
    "the language of the phone. Use %Y-%m-%d, and count weeks afterwards.",
    "format-date(${today}, '%Q')": "format-date(): %Q is not a part of a date that a form can "
    "write. Use one of %% %Y %y %m %n %b %d %e %H %h %M %S %3 %a.",
    "indexed-repeat(${age}, ${source}, 1)": "expression 'indexed-repeat(${age}, ${source}, 1)': "
    "the first part of indexed-repeat() is not a question of a repeat. "
    "Name a question inside the repeat.",
}


@pytest.mark.parametrize("source", REFUSED)
def test_what_cannot_be_worked_out_is_refused_with_a_remedy(source: str) -> None:
    with pytest.raises(CannotEvaluate) as caught:
        values(parse(source, "here"), ANSWERS)

    assert str(caught.value) == REFUSED[source]


def test_today_is_refused_where_nothing_tells_when_the_interview_was() -> None:
    answers = replace(ANSWERS, frame=FRAME.drop(columns="today"))

    with pytest.raises(CannotEvaluate) as caught:
        truth(parse("today() > date('2024-01-01')", "here"), answers, this="age")

    assert str(caught.value) == (
        "question 'age', expression 'today() > date('2024-01-01')': today() was the moment of the "
        "interview, and nothing tells when it was. "
        "Add a question of type today or start to the form."
    )


texts = st.sampled_from(["", "drink", "wash", "drink wash", "wash drink"])


@given(answers=st.lists(texts, min_size=1, max_size=12), choice=st.sampled_from(["drink", "wash"]))
def test_selected_is_membership_and_count_selected_is_its_number(
    answers: list[str], choice: str
) -> None:
    frame = pd.DataFrame({"uses": pd.array([each or None for each in answers], dtype="str")})
    asked = Answers(FORM, frame, MappingProxyType({}))

    chosen = truth(parse(f"selected(${{uses}}, '{choice}')", "here"), asked)
    number = values(parse("count-selected(${uses})", "here"), asked)

    assert chosen.tolist() == [choice in each.split() for each in answers]
    assert number.tolist() == [len(each.split()) for each in answers]


numbers = st.one_of(st.just(np.nan), st.integers(-9, 9).map(float))


@given(ages=st.lists(numbers, min_size=1, max_size=12), limit=st.integers(-9, 9))
def test_not_is_the_opposite_and_the_order_of_rows_does_not_matter(
    ages: list[float], limit: int
) -> None:
    condition = f"${{age}} < {limit} or ${{age}} = '' and ${{age}} != {limit}"
    asked = Answers(FORM, pd.DataFrame({"age": ages}), MappingProxyType({}))
    turned = Answers(FORM, pd.DataFrame({"age": ages[::-1]}), MappingProxyType({}))

    holds = truth(parse(condition, "here"), asked)

    assert (holds != truth(parse(f"not({condition})", "here"), asked)).all()
    assert (holds == truth(parse(condition, "here"), turned)[::-1]).all()


def test_a_long_chain_is_worked_out_without_running_out_of_stack() -> None:
    source = " or ".join(f"${{age}} = {number}" for number in range(3_000))

    assert truth(parse(source, "here"), ANSWERS).tolist() == [True, True, False]


def test_a_hundred_thousand_interviews_take_moments() -> None:
    many = 100_000
    draw = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "age": draw.integers(0, 90, many).astype(float),
            "uses": pd.array(draw.choice(["drink", "wash", "drink wash"], many), dtype="str"),
            "town": pd.array(draw.choice(["n", "s"], many), dtype="str"),
        }
    )
    asked = prepare(Answers(FORM, frame, MappingProxyType({})))
    condition = parse("selected(${uses}, 'wash') and ${age} >= 18 or ${town} = 's'", "here")
    begin = time.perf_counter()

    for _ in range(100):
        truth(condition, asked)

    assert time.perf_counter() - begin < 10
