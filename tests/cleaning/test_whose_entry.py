"""Entries whose id another program spelt, and new values that the form itself would refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.cleaning.corrections import BREAKS, apply_corrections, read_corrections
from survey_kit.cleaning.whose_entry import with_known_ids
from survey_kit.errors import CorrectionError


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
        (["007"], "7.0", "7.0"),
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
