"""What two checks of time say of one interview is one finding, with the words of both."""

from __future__ import annotations

import pandas as pd
import pytest

from survey_kit.cleaning.one_fact import said_once
from survey_kit.cleaning.run_checks import run_checks


def _rows(*rows):
    return pd.DataFrame(rows, columns=["interview", "what"], dtype="str")


@pytest.fixture
def hurried(survey, question):
    """40 interviews of 40 minutes with 12 answers; i1 took 9 minutes, i2 too, but answered little."""
    names = [f"q{n}" for n in range(12)]
    ends = ["2026-11-21 10:09"] * 2 + ["2026-11-21 10:40"] * 38
    answers = {name: [str(n) for n in range(40)] for name in names}
    return survey(
        [question("start", "start"), question("end", "end"), *map(question, names)],
        {"start": ["2026-11-21 10:00"] * 40, "end": ends, **answers},
    )


def test_a_short_interview_is_told_once_with_the_seconds_of_each_answer(hurried):
    checked = run_checks(hurried, {"speeding": {"share": 0.5}})

    of = checked.findings.set_index(["check", "interview"])["what"]
    assert of[("duration", "i1")] == (
        "9 minutes from start to end, fewer than 15; 45.0 seconds an answer; 200.0 is usual"
    )
    assert "speeding" not in checked.findings["check"].to_list()
    notes = checked.summary.set_index("check")["note"]
    assert notes["speeding"].endswith("; 2 more are told by another check of the same time")


def test_without_the_other_check_each_keeps_its_own(hurried):
    checked = run_checks(hurried, {"speeding": {"share": 0.5}, "duration": False})

    assert checked.findings["check"].value_counts()["speeding"] == 2


def test_times_to_the_other_side_and_other_interviews_are_other_facts():
    tables = {
        "duration": _rows(("a", "9 minutes, fewer than 15"), ("b", "300 minutes, more than 240")),
        "duration_from_audit": _rows(
            ("a", "260 minutes on the screen, more than 240"),
            ("b", "250 minutes on the screen, more than 240"),
            ("b", "answers changed after the form was finalised: 3"),
        ),
        "speeding": _rows(("a", "2 seconds an answer"), ("c", "3 seconds an answer")),
    }

    kept, left = said_once(tables)

    assert kept["duration"]["what"].tolist() == ["9 minutes, fewer than 15; 2 seconds an answer"]
    assert kept["duration_from_audit"]["what"].tolist() == [
        "260 minutes on the screen, more than 240",
        "250 minutes on the screen, more than 240; 300 minutes, more than 240",
        "answers changed after the form was finalised: 3",
    ]
    assert kept["speeding"]["interview"].tolist() == ["c"]
    assert left == {"duration": 1, "speeding": 1}
