"""Audit logs held against limits, and what is said where there is none."""

from __future__ import annotations

import pytest

from survey_kit.cleaning.checks.duration_from_audit import DURATION_FROM_AUDIT
from survey_kit.cleaning.run_checks import run_checks
from survey_kit.errors import StudyError

MINUTE = 60_000
HEADER = "event,node,start,end,old-value,new-value\n"


@pytest.fixture
def responses(survey, question):
    names = ["uuid:a", "b", "c", "d"]
    return survey(
        [question("consent"), question("last")],
        {"consent": ["x"] * 4, "last": ["x"] * 4},
        interviews=names,
    )


@pytest.fixture
def folder(tmp_path):
    times = {
        "a": [("consent", 0, 10), ("last", 10, 40)],
        "b": [("consent", 0, 2), ("last", 2, 9)],
        "c": [("consent", 0, 100), ("last", 200, 300), ("consent", 301, 302)],
    }
    for interview, visits in times.items():
        (tmp_path / "logs" / interview).mkdir(parents=True)
        lines = [f"question,/d/{q},{s * MINUTE},{e * MINUTE},," for q, s, e in visits]
        if interview == "c":
            lines.insert(2, f"form finalize,,{300 * MINUTE},,,")
            lines[3] += ""
            lines[3] = lines[3][:-1] + "no,yes"
        (tmp_path / "logs" / interview / "audit.csv").write_text(HEADER + "\n".join(lines))
    return tmp_path


def test_without_logs_it_says_what_to_name(responses):
    reach = DURATION_FROM_AUDIT.reach(responses, DURATION_FROM_AUDIT.settings)

    assert not reach.runs
    assert reach.note == (
        "no audit logs are stated; name their folder, zip or table in the setting audits"
    )


def test_what_the_logs_say_is_held_against_the_limits(responses, folder):
    settings = {"audits": "logs", "between": ["consent to last: 5 - 45"], "longest": 120}

    checked = run_checks(responses, {"duration_from_audit": settings}, folder=folder)

    found = checked.findings[checked.findings["check"] == "duration_from_audit"]
    assert list(zip(found["interview"], found["what"], strict=True)) == [
        ("b", "9 minutes with a question on the screen, fewer than 15"),
        ("c", "201 minutes with a question on the screen, more than 120"),
        ("c", "300.0 minutes from consent to last; 5 to 45 are expected"),
        (
            "c",
            (
                "the form lay still: 100 minutes between consent and last; 100 minutes at consent; "
                "100 minutes at last"
            ),
        ),
        ("c", "answers changed after the form was finalised: 1"),
    ]
    note = checked.summary.set_index("check").loc["duration_from_audit", "note"]
    assert note == "audit logs of 3 interviews; 1 interviews have none"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            "consent until last",
            (
                "'consent until last' does not say from which question to which, and in what time. "
                "Write: consent to last_question: 10 - 60."
            ),
        ),
        (
            "consent to lst: 1 - 2",
            "there is no question called 'lst'. Did you mean 'last'?",
        ),
    ],
)
def test_a_part_that_cannot_be_timed_is_refused(responses, folder, written, message):
    settings = {"audits": "logs", "between": [written]}

    with pytest.raises(StudyError) as caught:
        run_checks(responses, {"duration_from_audit": settings}, folder=folder)

    assert str(caught.value) == f"checks: duration_from_audit: between: {message}"
