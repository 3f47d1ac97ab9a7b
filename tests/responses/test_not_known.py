"""Where the form's logic cannot be replayed: an empty cell is then not known why, never made up."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from survey_kit.forms.read import read_as_far_as_understood
from survey_kit.responses.model import Absence
from survey_kit.responses.read import read_responses
from survey_kit.responses.replay import (
    absence,
    not_known,
    not_replayed,
    required_blank,
)

FORM = """
questionnaire: unclear
languages: {en: English}
interview:
  - {name: age, type: integer, label: {en: Age}}
  - {name: called, type: text, label: {en: Called}, relevant: phone-call-duration() > 5}
  - {name: why, type: text, label: {en: Why}, relevant: "${called} = 'yes'"}
  - group: gated
    relevant: frobnicate(${age})
    questions:
      - {name: one, type: text, label: {en: One}, required: "true"}
      - {name: two, type: text, label: {en: Two}, relevant: "${age} > 17", required: "true"}
  - repeat: member
    relevant: frobnicate(${age})
    questions:
      - {name: nickname, type: text, label: {en: Name}}
"""
ANSWERS = pd.DataFrame(
    {
        "age": ["30", "30", "9", "9"],
        "called": ["yes", "", "", "no"],
        "why": ["because", "", "", ""],
        "one": ["x", "", "", "x"],
        "two": ["", "", "", ""],
    }
)
NOT_KNOWN, BLANK, NOT_ASKED = Absence.NOT_KNOWN, Absence.BLANK, Absence.NOT_ASKED


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("unclear")
    (path / "form.yaml").write_text(FORM, encoding="utf-8")
    ANSWERS.to_csv(path / "answers.csv", index=False)
    return path


@pytest.fixture(scope="module")
def responses(folder: Path):
    return read_responses(folder / "answers.csv", read_as_far_as_understood(folder / "form.yaml"))


def test_an_empty_cell_is_not_known_why_unless_an_answer_shows_that_it_was_asked(responses):
    why = absence(responses)

    assert why["called"].tolist() == [Absence.PRESENT, NOT_KNOWN, NOT_KNOWN, Absence.PRESENT]
    assert why["one"].tolist() == [Absence.PRESENT, NOT_KNOWN, NOT_KNOWN, Absence.PRESENT]


def test_what_can_be_told_is_told(responses):
    why = absence(responses)

    assert why["why"].tolist() == [Absence.PRESENT, NOT_ASKED, NOT_ASKED, NOT_ASKED]
    assert why["two"].tolist() == [BLANK, NOT_KNOWN, NOT_ASKED, NOT_ASKED]


def test_what_is_read_says_so_too(responses):
    assert responses.absence["called"].tolist() == absence(responses)["called"].tolist()


def test_only_questions_that_are_not_known_have_a_column(responses):
    assert list(not_known(responses).columns) == ["called", "one", "two"]


def test_nothing_is_called_required_and_blank_that_may_not_have_been_asked(responses):
    assert required_blank(responses)["one"].tolist() == [False, False, False, False]
    assert required_blank(responses)["two"].tolist() == [True, False, False, False]


def test_what_could_not_be_replayed_is_named_with_the_reason(responses):
    said = [str(fault) for fault in not_replayed(responses)]

    assert said[0].startswith(
        "question 'called', relevant 'phone-call-duration() > 5': phone-call-duration() cannot be "
        "worked out after the interview: SurveyCTO noted it on the device."
    )
    assert said[1].startswith(
        "group 'gated', relevant 'frobnicate(${age})': it cannot be read: there is no function "
        "'frobnicate'"
    )


def test_the_xml_of_an_interview_tells_what_the_form_does_not(responses):
    sent = pd.DataFrame({"called": [True, True, False, True]}, index=responses.frame.index)

    why = absence(responses, present_nodes=sent)

    assert why["called"].tolist() == [Absence.PRESENT, BLANK, NOT_ASKED, Absence.PRESENT]
