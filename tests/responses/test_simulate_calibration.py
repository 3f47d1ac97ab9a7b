"""A calibration file: what it may say, and what is said of one that says something else."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from survey_kit.errors import FileProblem, StudyError
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.simulate import read_calibration

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.questionnaire.model import Questionnaire

FORM = """
questionnaire: small
version: "1"
title: {en: Small}
languages: {en: English}
choices:
  fruits:
    - {code: apple, label: {en: Apple}}
    - {code: pear, label: {en: Pear}}
    - {code: refused, label: {en: Will not say}, missing: refused}
interview:
  - {name: today, type: today}
  - {name: place, type: select_one fruits, label: {en: Place}}
  - {name: likes, type: select_multiple fruits, label: {en: Likes}}
  - {name: age, type: integer, label: {en: Age}}
  - {name: born, type: date, label: {en: Born}}
  - {name: story, type: text, label: {en: Story}}
  - {name: twice, type: calculate, calculation: "${age} * 2"}
  - repeat: member
    label: {en: Member}
    questions:
      - {name: weight, type: decimal, label: {en: Weight}}
  - repeat: counted
    label: {en: Counted}
    count: ${age}
    questions:
      - {name: height, type: decimal, label: {en: Height}}
"""


@pytest.fixture
def small(tmp_path: Path) -> Questionnaire:
    path = tmp_path / "small.yaml"
    path.write_text(FORM, encoding="utf-8")
    return read_yaml(path)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "simulation.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_everything_it_may_say_is_read(small: Questionnaire, tmp_path: Path):
    path = written(
        tmp_path,
        """
simulation: small
fieldwork: {first_day: 2026-03-02, last_day: 2026-03-20, days_off: [friday], place: place, site_effect: 0.4, a_day: 6}
missing: {refused: 0.02}
repeats:
  member: {mean: 4, spread: 2, lowest: 1}
answers:
  likes:
    shares: {apple: 0.6, pear: 0.2}
    together: 0.5
    cases:
      - {when: "${age} > 30", odds: {apple: 2}}
  age: {median: 30, factor: 1.4, lowest: 18, step: 1}
  born: {before: today, median: 9000}
  story: {texts: [one, two], answered: 0.4}
""",
    )

    read = read_calibration(path, small)

    assert read.fieldwork.first_day == date(2026, 3, 2)
    assert read.fieldwork.days_off == (4,)
    assert (read.fieldwork.place, read.fieldwork.site_effect, read.fieldwork.a_day) == (
        "place",
        0.4,
        6,
    )
    assert read.missing == {"refused": 0.02, "dont_know": 0.01}
    assert read.repeats["member"].likely.mean == 4
    likes = read.questions["likes"]
    assert likes.likely.shares == {"apple": 0.6, "pear": 0.2}
    assert likes.likely.together == 0.5
    assert str(likes.cases[0].when) == "${age} > 30"
    assert likes.cases[0].likely.odds == {"apple": 2}
    assert read.questions["born"].likely.before == "today"
    assert read.questions["story"].likely.texts == ("one", "two")


FAULTS = {
    "simulation: other": "simulation.yaml, line 1, simulation: this is for 'other', and the "
    "questionnaire is 'small'. Write simulation: small, or choose the other file.",
    "simulation: small\nanswer: {}": "simulation.yaml, line 2: there is no key 'answer'. "
    "Did you mean 'answers'?",
    "simulation: small\nanswers: {agee: {mean: 1}}": "simulation.yaml, line 2, answers: there is "
    "no question called 'agee'. Did you mean 'age'?",
    "simulation: small\nanswers: {age: {maen: 1}}": "simulation.yaml, line 2, answers, age: there "
    "is no key 'maen'. Did you mean 'mean'?",
    "simulation: small\nanswers: {age: {mean: old}}": "simulation.yaml, line 2, answers, age, "
    "mean: 'old' is not a number. Write a number.",
    "simulation: small\nanswers: {age: {median: 0}}": "simulation.yaml, line 2, answers, age, "
    "median: it is not above 0. Raise it.",
    "simulation: small\nanswers: {age: {shares: {few: 1}}}": "simulation.yaml, line 2, answers, "
    "age, shares: 'few' is not a whole number. Write number: weight.",
    "simulation: small\nanswers: {likes: {shares: {aple: 0.5}}}": "simulation.yaml, line 2, "
    "answers, likes, shares: there is no choice called 'aple'. Did you mean 'apple'?",
    "simulation: small\nanswers: {likes: {shares: {apple: 35}}}": "simulation.yaml, line 2, "
    "answers, likes, shares: the share of 'apple' is above 1. Write 0.35 for 35 %.",
    "simulation: small\nanswers: {likes: {cases: [{shares: {apple: 1}}]}}": "simulation.yaml, "
    "line 2, answers, likes, case: it does not say when it holds. Add when.",
    "simulation: small\nanswers: {likes: {cases: [{when: '${agee} > 3'}]}}": "simulation.yaml, "
    "line 2, answers, likes, case: there is no question called 'agee'. Did you mean 'age'?",
    "simulation: small\nanswers: {twice: {texts: [a]}}": "simulation.yaml, line 2, answers, "
    "twice: the form fills this in by itself. Remove it.",
    "simulation: small\nanswers: {born: {before: tody}}": "simulation.yaml, line 2, answers, "
    "born: there is no question called 'tody'. Did you mean 'today'?",
    "simulation: small\nrepeats: {membr: {mean: 2}}": "simulation.yaml, line 2, repeats: there is "
    "no repeat called 'membr'. Did you mean 'member'?",
    "simulation: small\nrepeats: {counted: {mean: 2}}": "simulation.yaml, line 2, repeats, "
    "counted: the form says by itself how many there are. Remove it.",
    "simulation: small\nmissing: {refusd: 0.1}": "simulation.yaml, line 2, missing: there is no "
    "kind of missing answer called 'refusd'. Did you mean 'refused'?",
    "simulation: small\nfieldwork: {first_day: monday}": "simulation.yaml, line 2, fieldwork: "
    "'monday' is not a day. Write it as 2026-08-31.",
    "simulation: small\nfieldwork: {days_off: [fryday]}": "simulation.yaml, line 2, fieldwork, "
    "days_off: there is no day called 'fryday'. Did you mean 'friday'?",
    "simulation: small\nfieldwork: {enumerator: who}": "simulation.yaml, line 2, fieldwork: there "
    "is no question called 'who'. There are today, place, likes, age, born, story, twice, weight "
    "and height.",
    "simulation: small\nfieldwork: {first_day: 2026-03-02, last_day: 2026-03-01}": "simulation."
    "yaml, line 2, fieldwork: last_day is before first_day. Exchange the two.",
}


@pytest.mark.parametrize("text", list(FAULTS))
def test_a_fault_says_where_it_is_and_what_to_do(small: Questionnaire, tmp_path: Path, text: str):
    with pytest.raises(StudyError) as caught:
        read_calibration(written(tmp_path, text), small)

    assert str(caught.value) == FAULTS[text]


def test_all_faults_are_told_at_once(small: Questionnaire, tmp_path: Path):
    text = "simulation: smal\nanswers:\n  agee: {}\n  likes: {shares: {aple: 1}}\n"

    with pytest.raises(StudyError) as caught:
        read_calibration(written(tmp_path, text), small)

    assert len(caught.value.faults) == 3


def test_a_file_that_is_not_there_is_named(small: Questionnaire, tmp_path: Path):
    with pytest.raises(FileProblem) as caught:
        read_calibration(tmp_path / "simulation.yaml", small)

    assert str(caught.value).startswith("simulation.yaml: the file cannot be read")
