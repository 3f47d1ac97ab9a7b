"""Lists, files, brackets and paths: what JavaRosa 5.1 made of the same expressions.

The values are those of tests/javarosa, where JavaRosa is asked; here no Java is needed.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from survey_kit.errors import CannotEvaluate
from survey_kit.forms.read import read_questionnaire
from survey_kit.questionnaire.parser import parse
from survey_kit.responses.evaluate import offer, offered, values
from survey_kit.responses.model import ReadingReport, Responses, Rows
from survey_kit.responses.replay import calculated, calculated_together

FORM = """
questionnaire: looked
version: "1"
languages: {default: default}
choices:
  towns:
    - {code: t1, label: {default: Town 1}, columns: {district: n, people: "100"}}
    - {code: t2, label: {default: Town 2}, columns: {district: n, people: "250"}}
    - {code: t3, label: {default: Town 3}, columns: {district: s}}
  districts:
    - {code: n, label: {default: North}}
    - {code: s, label: {default: South}}
interview:
  - {name: late, type: calculate, calculation: "${total} * 2"}
  - {name: district, type: select_one districts, label: {default: d}}
  - name: town
    type: select_one towns
    label: {default: t}
    choice_filter: district = ${district}
  - {name: shop, type: select_one_from_file shops.csv, label: {default: s}}
  - {name: spot, type: geopoint, label: {default: g}}
  - repeat: person
    questions:
      - {name: name, type: text, label: {default: n}}
      - {name: age, type: integer, label: {default: a}}
      - {name: older, type: calculate, calculation: "count(../../person[age > current()/../age])"}
  - {name: total, type: calculate, calculation: "sum(${age})"}
  - {name: head, type: "select_one ${name}", label: {default: h}}
  - {name: id, type: calculate, calculation: uuid()}
  - {name: lost, type: calculate, calculation: random()}
"""
SHOPS = "name,label,price\nsoap,Soap,1\nlamp,Lamp,12\n"


@pytest.fixture
def answers(tmp_path: Path) -> Responses:
    """Two households: ages 30 and 10 in the north, 5 alone in the south."""
    (tmp_path / "looked.yaml").write_text(FORM, encoding="utf-8")
    (tmp_path / "shops.csv").write_text(SHOPS, encoding="utf-8")
    form = read_questionnaire(tmp_path / "looked.yaml")
    names = pd.Index(["one", "two"], name="interview")
    frame = pd.DataFrame(
        {
            "district": ["n", "s"],
            "town": ["t2", "t3"],
            "shop": ["lamp", None],
            "spot": ["1.5 36", None],
            "head": ["Ada", None],
            "id": ["uuid-1", "uuid-2"],
        },
        index=names,
        dtype="str",
    )
    index = pd.MultiIndex.from_tuples(
        [("one", 2), ("one", 1), ("two", 1)], names=["interview", "person"]
    )
    person = pd.DataFrame({"name": ["Ben", "Ada", ""], "age": [10.0, 30.0, 5.0]}, index=index)
    person["name"] = person["name"].replace("", None).astype("str")
    marks = [pd.DataFrame(0, part.index, part.columns, dtype="int8") for part in (frame, person)]
    return Responses(
        form,
        frame,
        marks[0],
        MappingProxyType({"person": Rows(person, marks[1])}),
        pd.DataFrame({"version": ""}, index=names),
        pd.DataFrame(),
        ReadingReport("here", "here", 2, 0),
    )


EXPECTED = {
    "instance('towns')/root/item[name = ${town}]/label": ["Town 2", "Town 3"],
    "instance('towns')/root/item[name = ${town}]/people * 2": [500.0, None],
    "count(instance('towns')/root/item[district = ${district}])": [2.0, 1.0],
    "count(instance('towns')/root/item/people)": [2.0, 2.0],
    "join(' ', instance('towns')/root/item[people > 90]/name)": ["t1 t2", "t1 t2"],
    "instance('towns')/root/item[position() = 2]/name": ["t2", "t2"],
    "instance('towns')/root/item[district = 'n'][position() = 2]/name": ["t2", "t2"],
    "instance('shops')/root/item[name = ${shop}]/price": ["12", None],
    "pulldata('shops', 'label', 'name', ${shop})": ["Lamp", None],
    "jr:choice-name(${town}, '${town}')": ["Town 2", "Town 3"],
    "jr:choice-name('t3', '${town}')": [None, "Town 3"],
    "jr:choice-name(${shop}, '${shop}')": ["Lamp", None],
    "count(${person}[age > 20])": [1.0, 0.0],
    "join(',', /data/person[age > 1]/name)": ["Ada,Ben", None],
    "/data/person[position() = 2]/name": ["Ben", None],
    "count(/data/person[1])": [0.0, 0.0],
    "sum(/data/person[name != '']/age)": [40.0, 0.0],
    "indexed-repeat(${name}, ${person}, 2)": ["Ben", None],
    "join(' ', randomize(instance('towns')/root/item/name, 42))": ["t1 t2 t3", "t1 t2 t3"],
    "${instanceID}": ["one", "two"],
    "/data/meta/instanceID": ["one", "two"],
    "${spot}": ["1.5 36.0 0.0 0.0", None],
}


@pytest.mark.parametrize("source", EXPECTED)
def test_what_is_looked_up_is_what_the_phone_finds(answers: Responses, source: str) -> None:
    found = values(parse(source, "here"), answers)

    assert found.astype(object).where(found.notna(), None).tolist() == EXPECTED[source]


def test_rows_see_the_rows_beside_them_in_their_order(answers: Responses) -> None:
    assert calculated(answers, "older").tolist() == ["1", "0", "0"]
    assert values(parse("position(..)", "here"), answers, this="age").tolist() == [2.0, 1.0, 1.0]


def test_a_question_that_comes_first_may_rest_on_one_that_comes_last(answers: Responses) -> None:
    together = calculated_together(answers)

    assert together["total"].tolist() == ["40", "5"]
    assert together["late"].tolist() == ["80", "10"]
    assert "id" not in together


def test_what_only_the_phone_knew_is_what_came_back(answers: Responses) -> None:
    assert calculated(answers, "id").tolist() == ["uuid-1", "uuid-2"]

    with pytest.raises(CannotEvaluate) as caught:
        calculated(answers, "lost")

    assert str(caught.value) == (
        "question 'lost', calculation 'random()': random() cannot be worked out after the "
        "interview: it was another number each time. "
        "Use the answer of a calculate question that holds its result."
    )


def test_each_question_says_what_it_offers_wherever_its_choices_come_from(
    answers: Responses,
) -> None:
    town, head, shop = (offer(answers, key) for key in ("town", "head", "shop"))

    assert [town.of(row) for row in (0, 1)] == [("t1", "t2"), ("t3",)]
    assert [head.of(row) for row in (0, 1)] == [("Ada", "Ben"), ()]
    assert shop.of(1) == ("soap", "lamp")


def test_choices_from_a_list_are_marked_in_its_order(answers: Responses) -> None:
    rule = answers.questionnaire.by_key["town"].question.choice_filter
    assert rule is not None

    marks = offered(rule, answers, "town")

    assert np.array_equal(marks, [[True, True, False], [False, False, True]])


@pytest.mark.parametrize(
    ("source", "expected"),
    {
        "instance('nothing')/root/item/name": "there is no list of choices and no file called "
        "'nothing'. Put the file beside the questionnaire, or check the name in instance().",
        "pulldata('shops', 'worth', 'name', 'soap')": "the table 'shops' has no column 'worth'. "
        "Check the header of the file.",
        "//age": "//age looks things up in a way that survey_kit cannot follow. "
        "Name each question and group on the way, as /data/group/question.",
        "current()": "current() stands alone, which the form refuses too. "
        "Go on from it with /.. or /root/item.",
        "count('a')": "count() takes the answers at a place, not one value. "
        "Name a question or a repeat in its brackets.",
        "${last-saved#town}": "${last-saved#town} is an answer of the interview before this one on "
        "the device. Use the answer of a calculate question that holds it.",
        "randomize(${name})": "randomize() cannot be worked out after the interview: it was "
        "another order each time. Give it a seed: randomize(..., ${number}).",
        "instance(${town})/root/item": "instance() takes the name of a list or table in quotes, "
        "not something worked out. Write instance('name')/root/item[...].",
    }.items(),
)
def test_what_leads_nowhere_is_refused(answers: Responses, source: str, expected: str) -> None:
    with pytest.raises(CannotEvaluate) as caught:
        values(parse(f"count({source})" if "random" in source else source, "here"), answers)

    assert str(caught.value).partition("': ")[2] == expected


def test_a_simulation_gets_from_chance_what_a_phone_gets(answers: Responses) -> None:
    from survey_kit.responses.evaluate import prepare

    ready = prepare(answers, chance=np.random.default_rng(7))

    drawn = values(parse("random()", "here"), ready)
    names = values(parse("uuid()", "here"), ready)

    assert drawn.between(0, 1).all()
    assert drawn.nunique() == 2
    assert names.str.fullmatch("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}").all()
