"""Entries whose id another program spelt, and new values that the form itself would refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.corrections import BREAKS, apply_corrections, read_corrections
from survey_kit.cleaning.whose_entry import (
    of_other_data,
    remedy_for,
    spelt_otherwise,
    with_known_ids,
)
from survey_kit.errors import CorrectionError
from survey_kit.questionnaire.model import Place


def _entry(interview: str, line: int, file: str = "log.csv") -> Correction:
    place = Place(file, row=line)
    return Correction(interview, "q", "", "1", Action.CHANGE, "", "", "", place)


def _log(folder: Path, *lines: str) -> Path:
    path = folder / "log.csv"
    path.write_text("interview,question,old,new,action\n" + "\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("known", "written", "meant"),
    [
        (["100095", "7"], "100095.0", "100095"),
        (["ab-12"], "AB-12", "ab-12"),
        (["uuid:ab"], "ab", "uuid:ab"),
        (["1.0", "1"], "1.00", "1.00"),
        (["1.0", "1"], "1.0", "1.0"),
        (["12"], "13", "13"),
        (["007"], "7.0", "007"),
        (["007", "7"], "7.0", "7.0"),
        (["007", "07"], "7", "7"),
        (["001"], "1", "001"),
        (["ab-12"], " ab-12\u200b", "ab-12"),
        (["ab-12"], "ab-1", "ab-1"),
    ],
)
def test_an_id_is_known_again_where_one_interview_can_be_meant(
    tmp_path: Path, known: list[str], written: str, meant: str
):
    entries = read_corrections(_log(tmp_path, f"{written},q,,1,change"))

    assert [each.interview for each in with_known_ids(entries, known)] == [meant]


def test_a_log_with_ids_as_decimal_numbers_is_applied(survey, question, tmp_path: Path):
    responses = survey([question("q", "integer")], {"q": [1, 2]}, interviews=["100", "101"])
    done = apply_corrections(
        responses, read_corrections(_log(tmp_path, "101.0,q,2,3,change")), source="raw"
    )

    assert done.responses.frame["q"].tolist() == [1, 3]
    with pytest.raises(CorrectionError):
        apply_corrections(
            responses, read_corrections(_log(tmp_path, "102.0,q,2,3,change")), source="raw"
        )


def test_a_new_value_that_the_form_refuses_is_applied_and_said(survey, question, tmp_path: Path):
    responses = survey(
        [question("days", "integer", constraint=". < 8"), question("free", "integer")],
        {"days": [6, 3], "free": [1, 2]},
    )
    log = _log(tmp_path, "i1,days,6,450,change", "i2,days,3,4,change", "i1,free,1,999,change")
    done = apply_corrections(responses, read_corrections(log), source="raw")

    assert done.responses.frame["days"].tolist() == [450, 4]
    assert done.log["note"].tolist() == [BREAKS, "", ""]


def test_ids_that_were_known_again_are_said():
    before = [_entry("7", 2), _entry("8", 3), _entry("009", 4)]

    notes = spelt_otherwise(before, with_known_ids(before, ["007", "008", "009"]))

    assert notes == [
        (
            "2 entries spell the id of the interview otherwise than the data (log.csv, line 2: 7 for "
            "007); no other interview can be meant"
        )
    ]


def test_an_id_that_was_cut_short_is_named_and_not_completed():
    ids = ("1a80239e-a815", "1a80239f-0000", "fcc6b9e8-c72a")

    assert remedy_for("1a80239e", ids) == "If it was cut short, write the whole id: 1a80239e-a815"
    for unclear in ("1a80239", "fcc6b", "x"):
        assert remedy_for(unclear, ids) == (
            "Correct the id, or take the line out if it belongs to another round"
        )


def test_a_log_of_other_data_is_told_by_file_in_one_sentence():
    entries = [_entry("x", 2), _entry("y", 3), _entry("a", 2, "own.csv"), _entry("z", 3, "own.csv")]

    assert [str(fault) for fault in of_other_data(entries, {"a"})] == [
        (
            "log.csv: none of the 2 interviews that it names is in the data. It seems to be the log of "
            "other data: check which log and which raw file belong together. If they do, their ids "
            "stand in another column: name it with --interview."
        )
    ]
    assert of_other_data(entries[:1], {"a"}) == ()
