"""SurveyCTO's functions, replayed as its reference says; the household and its numbers are made up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from survey_kit.errors import CannotEvaluate
from survey_kit.forms.read import read_questionnaire
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.parser import parse
from survey_kit.responses.evaluate import values
from survey_kit.responses.logic.columns import Columns
from survey_kit.responses.model import Rows
from survey_kit.responses.replay import asked_in_repeat, begin, calculated_together
from survey_kit.responses.simulation.scope import Unfinished

FORM = """
questionnaire: household
languages: {en: English}
choices:
  sexes: [{code: f, label: {en: Woman}}, {code: m, label: {en: Man}}]
interview:
  - {name: limit, type: integer, label: {en: Limit}}
  - {name: hidden, type: text, label: {en: Hidden}, relevant: "${limit} > 100"}
  - repeat: member
    questions:
      - {name: nickname, type: text, label: {en: Name}}
      - {name: age, type: integer, label: {en: Age}}
      - {name: sex, type: select_one sexes, label: {en: Sex}}
      - group: inner
        questions:
          - {name: other, type: text, label: {en: Not the first}, relevant: index() > 1}
"""


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Columns:
    path: Path = tmp_path_factory.mktemp("form") / "household.yaml"
    path.write_text(FORM, encoding="utf-8")
    whole: Questionnaire = read_questionnaire(path)
    interviews = pd.Index(["a", "b"], name="interview")
    frame = pd.DataFrame(
        {"limit": [18.0, 60.0], "hidden": pd.Series([None, None], dtype="str", index=interviews)},
        index=interviews,
    )
    index = pd.MultiIndex.from_tuples(
        [("a", 1), ("a", 2), ("a", 3), ("b", 1)], names=["interview", "member"]
    )
    rows = pd.DataFrame(
        {
            "nickname": pd.Series(["Amu", "Bo", "Cy", "Di"], index=index, dtype="str"),
            "age": [40.0, 17.0, None, 50.0],
            "sex": pd.Series(["f", "m", None, "f"], index=index, dtype="str"),
            "other": pd.Series(["x", None, None, None], index=index, dtype="str"),
        },
        index=index,
    )
    replay = begin(Unfinished(whole, frame, {"member": Rows(rows, rows)}))
    return replay.whole.columns


OUTSIDE = {
    "count-if(${member}, ${age} >= ${limit})": [1.0, 0.0],
    "count-if(${member}, ${sex} = 'f')": [1.0, 1.0],
    "count-if(${member}, index() > 1)": [2.0, 0.0],
    "sum-if(${age}, ${sex} = 'f')": [40.0, 50.0],
    "sum-if(${age}, true())": [57.0, 50.0],
    "sum-if(${age}, false())": [0.0, 0.0],
    "join-if(', ', ${nickname}, ${age} > 10)": ["Amu, Bo", "Di"],
    "empty(${hidden})": ["1", "1"],
    "empty(${limit})": ["0", "0"],
    "relevant(${hidden})": ["0", "0"],
    "relevant(${limit})": ["1", "1"],
    "coalesce(${hidden}, '', ${limit}, 'z')": [18.0, 60.0],
    "concat('a', linebreak(), upper('b'), lower('C'))": ["a\nBc", "a\nBc"],
    "selected(${limit}, 18)": ["1", "0"],
}


@pytest.mark.parametrize("source", OUTSIDE)
def test_a_function_of_surveycto_gives_what_its_reference_says(answered: Columns, source: str):
    found = values(parse(source, "here"), answered)

    assert found.tolist() == OUTSIDE[source]


INSIDE = {
    "index()": [1.0, 2.0, 3.0, 1.0],
    "choice-label(${sex}, ${sex})": ["Woman", "Man", None, "Woman"],
    "if(empty(${age}), 'unknown', 'known')": ["known", "known", "unknown", "known"],
}


@pytest.mark.parametrize("source", INSIDE)
def test_and_in_each_row_of_a_repeat(answered: Columns, source: str):
    found = values(parse(source, "here"), answered, repeat="member")

    assert [None if pd.isna(each) else each for each in found] == INSIDE[source]


def test_index_is_that_of_the_repeat_even_within_a_group(answered: Columns):
    asked = asked_in_repeat(answered, "member")

    assert asked["other"].tolist() == [False, True, True, False]


REFUSED = {
    "index()": "expression 'index()': index() is the number of a row, and no repeat is around it. "
    "Write it inside a repeat, and not in brackets.",
    "count-if(${limit}, true())": "expression 'count-if(${limit}, true())': it looks at the rows "
    "of a repeat, and this stands in none. Name a repeat, or its question.",
    "count-if(3, true())": "expression 'count-if(3, true())': it looks at the rows of a repeat, "
    "and none is named. Name a repeat, or its question.",
    "join-if(${limit}, ${nickname}, true())": "expression 'join-if(${limit}, ${nickname}, "
    "true())': the separator of join-if() is not the same for everybody. Write it in quotes.",
    "choice-label('x', 'f')": "expression 'choice-label('x', 'f')': the first part of "
    "choice-label() is no question. Write choice-label(${x}, ${x}).",
    "relevant(1)": "expression 'relevant(1)': relevant() takes a question. Name it as ${name}.",
    "duration()": "expression 'duration()': duration() cannot be worked out after the interview: "
    "SurveyCTO noted it on the device. Use the answer of a calculate question that holds its "
    "result.",
    "item-at(' ', 'a b', 0)": "expression 'item-at(' ', 'a b', 0)': item-at() cannot be worked out "
    "after the interview: SurveyCTO's reference leaves open what it gives. Use the answer of a "
    "calculate question that holds its result.",
}


@pytest.mark.parametrize("source", REFUSED)
def test_what_it_leaves_open_is_refused_with_the_reason(answered: Columns, source: str):
    with pytest.raises(CannotEvaluate) as caught:
        values(parse(source, "here"), answered)

    assert str(caught.value) == REFUSED[source]


@pytest.mark.parametrize("source", ["substr(${nickname}, 0, 1)", "selected-at(${nickname}, 0)"])
def test_a_repeat_without_rows_gives_none(answered: Columns, source: str):
    nobody = Rows(
        answered.repeats["member"].frame.iloc[:0], answered.repeats["member"].absence.iloc[:0]
    )
    empty = Unfinished(answered.questionnaire, answered.frame, {"member": nobody})

    assert values(parse(source, "here"), empty, repeat="member").empty


def test_what_somebody_wrote_over_a_calculation_is_the_answer_for_those_that_rest_on_it(
    tmp_path: Path,
):
    """SurveyCTO's calculation of a question that is shown is what stands there at first."""
    path = tmp_path / "first.yaml"
    path.write_text(
        "questionnaire: first\nlanguages: {en: English}\ninterview:\n"
        "  - {name: age, type: integer, label: {en: Age}, calculation: 2 + 2}\n"
        "  - {name: double, type: calculate, calculation: '${age} * 2'}\n",
        encoding="utf-8",
    )
    frame = pd.DataFrame({"age": [5.0], "double": pd.Series(["10"], dtype="str")})

    form = read_questionnaire(path)

    found = calculated_together(Unfinished(form, frame, {}))
    untouched = calculated_together(Unfinished(form, frame.assign(age=float("nan")), {}))

    assert (found["age"].tolist(), found["double"].tolist()) == ([5.0], ["10"])
    assert (untouched["age"].tolist(), untouched["double"].tolist()) == ([4.0], ["8"])
