"""Tests of a form that name rows of a repeat and say whether the interview ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.errors import DefinitionError
from survey_kit.forms.xlsform import read_xlsform
from survey_kit.forms.xlsform_writer import write_xlsform
from survey_kit.questionnaire.in_row import InRow, in_row
from survey_kit.questionnaire.yaml_file import read_yaml, write_yaml

FORM = """\
questionnaire: household
version: "1"
interview:
  - name: size
    type: integer
    label: How many?
  - repeat: person
    label: Person
    questions:
      - name: age
        type: integer
        label: Age
      - repeat: trip
        label: Trip
        questions:
          - name: days
            type: integer
            label: Days
tests:
  - name: two people
    answers: {size: "2", "age[2]": "34", "days[2][1]": "5"}
    asked: ["age[2]", days]
    values: {"age[2]": "34"}
    refused: ["days[2][1]"]
    ends: false
  - name: nobody
    answers: {size: "0"}
    ends: true
"""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("age", InRow("age", ())),
        ("age[2]", InRow("age", (2,))),
        ("person/trip/days[2][10]", InRow("person/trip/days", (2, 10))),
        ("age[0]", InRow("age[0]", ())),
        ("age[2]x", InRow("age[2]x", ())),
    ],
)
def test_a_question_is_named_with_its_rows(text: str, meant: InRow):
    assert in_row(text) == meant
    assert str(meant) == text


def test_rows_and_ends_survive_both_formats(tmp_path: Path):
    path = tmp_path / "a.yaml"
    path.write_text(FORM)
    whole = read_yaml(path)

    write_yaml(whole, tmp_path / "b.yaml")
    write_xlsform(whole, tmp_path / "b.xlsx")

    assert [test.ends for test in whole.tests] == [False, True]
    assert read_yaml(tmp_path / "b.yaml").tests == whole.tests
    assert read_xlsform(tmp_path / "b.xlsx").tests == whole.tests


def test_what_a_test_says_wrongly_is_said_with_its_place(tmp_path: Path):
    path = tmp_path / "a.yaml"
    wrong = FORM.replace('asked: ["age[2]", days]', 'asked: ["days[2]", "size[1]", "agee[1]"]')
    path.write_text(wrong.replace("ends: true", "ends: perhaps"))

    with pytest.raises(DefinitionError) as caught:
        read_yaml(path)

    assert sorted(str(fault) for fault in caught.value.faults) == [
        (
            "a.yaml, line 20, test 'two people', asked: 'days[2]' names 1 rows, and the question stands "
            "in 2 repeats. Write days[1][1]."
        ),
        (
            "a.yaml, line 20, test 'two people', asked: 'size[1]' names 1 rows, and the question stands "
            "in no repeats. Write size."
        ),
        (
            "a.yaml, line 20, test 'two people', asked: there is no question called 'agee'. Did you "
            "mean 'age'?"
        ),
        "a.yaml, line 26, test 'nobody', ends: it says 'perhaps'. Write true or false.",
    ]
