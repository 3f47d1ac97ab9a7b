"""A text after "other" recoded into the choice that it means, in a study and in a raw file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from survey_kit.cleaning.clean_file import clean_file
from survey_kit.cleaning.corrections import Action, apply_corrections, read_corrections
from survey_kit.cleaning.log_reading import read_logs
from survey_kit.cleaning.raw_file import open_raw
from survey_kit.errors import CorrectionError
from survey_kit.responses.model import Absence, Responses
from survey_kit.responses.read import ReadOptions, read_responses


@pytest.fixture
def people(survey, question) -> Responses:
    return survey(
        [
            question("why", "select_multiple reasons"),
            question("why_other", "text", relevant="selected(${why}, 'other')", privacy="plain"),
            question("way", "select_one ways"),
            question("way_other", "text", relevant="${way} = 'other'", privacy="plain"),
            question("boat_size", "integer", relevant="${way} = 'boat'"),
        ],
        {
            "why": ["work other", "other", "war"],
            "why_other": ["the war", "no job, and war", None],
            "way": ["other", "boat", "bus"],
            "way_other": ["a boat", None, None],
            "boat_size": [None, 12, None],
        },
        lists={"reasons": ["work", "war", "other"], "ways": ["boat", "bus", "other"]},
    )


def _log(folder: Path, *lines: str) -> Path:
    path = folder / "log.csv"
    path.write_text("interview,question,old,new,action\n" + "\n".join(lines), encoding="utf-8")
    return path


def test_the_text_goes_the_code_comes_and_what_follows_is_worked_out(
    people: Responses, tmp_path: Path
):
    log = _log(
        tmp_path,
        "i1,why_other,the war,war,recode other",
        'i2,why_other,,"work war",recode other',
        "i1,way_other,a boat,boat,recode other",
    )
    done = apply_corrections(people, read_corrections(log), source="raw")
    frame = done.responses.frame

    assert list(frame["why"]) == ["work war", "work war", "war"]
    assert frame["why_other"].isna().all()
    assert list(frame["way"]) == ["boat", "boat", "bus"]
    assert done.responses.absence.loc["i1", "why_other"] == Absence.NOT_ASKED
    assert done.responses.absence.loc["i1", "boat_size"] == Absence.BLANK  # asked, by the new code
    by_hand = done.log[done.log["action"].isin(["blank", "change"])]
    assert "the war" in set(by_hand["old_found"])
    assert set(by_hand["match"]) <= {"equal", "not stated"}


def test_an_old_text_that_is_not_there_stops_it(people: Responses, tmp_path: Path):
    log = _log(tmp_path, "i1,why_other,something else,war,recode other")
    with pytest.raises(CorrectionError) as caught:
        apply_corrections(people, read_corrections(log), source="raw")

    assert "the old value stated is not the one in the data" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "i1,why_other,,wra,recode other",
            "the list of why has no such code, or it is 'other' itself. Did you mean 'war'?",
        ),
        (
            "i1,why_other,,other,recode other",
            "the list of why has no such code, or it is 'other' itself. Write one of: work, war.",
        ),
        (
            "i1,why_other,,,recode other",
            "there is no code to recode to. Write one of the list of why.",
        ),
        (
            "i1,way_other,,boat bus,recode other",
            "it takes one code. Write one of the list of way.",
        ),
        (
            "i1,way,,boat,recode other",
            (
                "no list stands above this question, with a choice 'other' that it follows. Name the "
                "text question whose relevant is that choice, or write change."
            ),
        ),
    ],
)
def test_what_cannot_be_recoded_is_said(people: Responses, tmp_path: Path, line: str, said: str):
    with pytest.raises(CorrectionError) as caught:
        apply_corrections(people, read_corrections(_log(tmp_path, line)), source="raw")

    assert str(caught.value) == f"log.csv, line 2, {_where(line)}: {said}"


def _where(line: str) -> str:
    interview, question, *_ = line.split(",")
    return f"interview '{interview}', question '{question}'"


def test_a_raw_file_is_recoded_in_its_own_style(people: Responses, tmp_path: Path):
    raw = tmp_path / "raw.csv"
    raw.write_text(
        "id,why,why/work,why/war,why/other,why_other,way,way_other,boat_size\n"
        "i1,work other,1,0,1,the war,other,a boat,\n"
        "i2,other,0,0,1,no job,boat,,12\n",
        encoding="utf-8",
    )
    opened = open_raw(raw, people.questionnaire, ReadOptions(interview="id"))
    answers = read_responses(raw, people.questionnaire, options=ReadOptions(interview="id"))
    log = _log(
        tmp_path,
        "i1,why_other,the war,war,recode other",
        "i1,way_other,a boat,boat,recode other",
    )
    entries = read_logs([log]).entries
    assert {each.action for each in entries} == {Action.RECODE}
    cleaned = clean_file(opened, answers, entries, source="raw")

    assert not cleaned.stopped
    changes = {(edit.interview, edit.column): edit.new for edit in cleaned.edits}
    assert changes["i1", "why"] == "work war"
    assert changes["i1", "why/war"] == "1"
    assert changes["i1", "why/other"] == "0"
    assert changes["i1", "why_other"] == ""
    assert changes["i1", "way"] == "boat"
    assert not any(interview == "i2" for interview, _ in changes)
    with pytest.raises(CorrectionError) as caught:
        clean_file(open_raw(raw, None, ReadOptions(interview="id")), None, entries, source="raw")
    assert str(caught.value).splitlines()[0] == (
        "log.csv, line 2, interview 'i1', question 'why_other': what 'other' stands beside is in "
        "the form, and there is none. Name it: --questionnaire FILE."
    )
    assert pd.isna(people.frame.loc["i3", "why_other"])
