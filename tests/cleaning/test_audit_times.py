"""Audit logs: read from a folder, a zip or one table; times by question, between two, pauses."""

from __future__ import annotations

from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.cleaning.audit_logs import EVENTS, Audits, read_audits
from survey_kit.cleaning.audit_times import (
    changed_after_end,
    minutes_between,
    minutes_in_all,
    minutes_open,
    pauses,
    seconds_by_question,
    stays,
    times_reopened,
)
from survey_kit.errors import FileProblem

HEADER = "event,node,start,end,old-value,new-value\n"
LOG = (
    HEADER
    + """form start,,0,,,
question,/d/consent,0,60000,,yes
question,/d/roster[1]/age,60000,90000,,
question,/d/roster[2]/age,90000,180000,,
form exit,,180000,,,
form resume,,3780000,,,
question,/d/last,3780000,3840000,,
end screen,,3840000,3841000,,
form finalize,,3841000,,,
question,/d/roster[1]/age,3842000,3843000,31,32
"""
)


@pytest.fixture
def logs(tmp_path):
    (tmp_path / "media" / "one").mkdir(parents=True)
    (tmp_path / "media" / "one" / "audit.csv").write_text(LOG)
    (tmp_path / "media" / "two").mkdir()
    (tmp_path / "media" / "two" / "audit.csv").write_text(HEADER)
    (tmp_path / "media" / "answers.csv").write_text("age\n31\n")
    return tmp_path / "media"


def test_times_of_a_log(logs):
    audits = read_audits(logs)

    assert audits.interviews == ("one", "two")
    assert dict(minutes_in_all(audits)) == {"one": 241 / 60, "two": 0.0}
    assert dict(minutes_open(audits)) == {"one": 241 / 60, "two": 0.0}
    assert dict(seconds_by_question(audits).loc["one"]) == {"consent": 60, "age": 121, "last": 60}
    assert minutes_between(audits, "age", "last").loc["one"] == 63
    assert times_reopened(audits).loc["one"] == 1
    assert changed_after_end(audits).loc["one"] == 1
    assert pauses(audits, longer_than=30).to_dict("records") == [
        {"interview": "one", "after": "age", "before": "last", "minutes": 60.0}
    ]
    assert stays(audits, longer_than=1.2).to_dict("records") == [
        {"interview": "one", "question": "age", "minutes": 1.5}
    ]


def test_a_question_that_no_log_has_makes_no_time(logs):
    between = minutes_between(read_audits(logs), "consent", "lst")

    assert list(between.isna()) == [True, True]


def test_a_zip_a_folder_and_one_table_say_the_same(logs, tmp_path):
    with ZipFile(tmp_path / "logs.zip", "w") as archive:
        for file in logs.rglob("*.csv"):
            archive.write(file, file.relative_to(tmp_path))
    rows = [line.split(",") for line in LOG.splitlines()]
    own = ["instance ID", *["uuid:one"] * (len(rows) - 1)]
    lines = (",".join([each, *row]) for each, row in zip(own, rows, strict=True))
    (tmp_path / "all.csv").write_text("\n".join(lines))

    folder, zipped, table = (
        read_audits(p) for p in (logs, tmp_path / "logs.zip", tmp_path / "all.csv")
    )

    pd.testing.assert_frame_equal(folder.events, zipped.events)
    pd.testing.assert_frame_equal(folder.events, table.events)


def test_answers_in_a_log_are_not_kept(logs):
    audits = read_audits(logs)

    assert tuple(audits.events.columns) == EVENTS
    assert "yes" not in audits.events.to_csv()


def test_a_screen_of_several_questions_counts_once_when_its_minutes_are_counted_once(tmp_path):
    screen = "".join(f"question,/d/q{n},0,120000,,\n" for n in range(5))
    (tmp_path / "audit.csv").write_text(HEADER + screen)

    audits = read_audits(tmp_path)

    assert list(minutes_in_all(audits)) == [10]
    assert list(minutes_open(audits)) == [2]
    assert len(stays(audits, longer_than=1)) == 1


def test_a_folder_without_a_log_is_refused(tmp_path):
    (tmp_path / "logs").mkdir()

    with pytest.raises(FileProblem) as caught:
        read_audits(tmp_path / "logs")

    assert str(caught.value) == (
        "logs: there is no audit log in it. Name a folder or zip with a file audit.csv for each "
        "interview, or a table with the columns instance ID, event, node, start and end."
    )


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileProblem) as caught:
        read_audits(tmp_path / "logs.zip")

    assert str(caught.value) == "logs.zip: there is no such file or folder. Check the name."


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 100)), min_size=1, max_size=20))
def test_minutes_counted_once_are_those_of_a_clock(visits):
    starts = np.array([start for start, _ in visits])
    ends = starts + [length for _, length in visits]
    frame = pd.DataFrame({"start": starts * 60_000.0, "end": ends * 60_000.0})
    events = frame.assign(interview="i", event="question", node="/q", question="q", changed=False)

    audits = Audits(events[list(EVENTS)], ("i",))

    clock = {m for start, end in zip(starts, ends, strict=True) for m in range(start, end)}
    assert minutes_open(audits)["i"] == pytest.approx(len(clock))
    assert minutes_open(audits)["i"] <= minutes_in_all(audits)["i"] + 1e-9


@pytest.mark.shared
def test_the_times_of_92_real_logs_are_those_that_cleaningtools_gives(shared):
    folder = shared / "data" / "iraq_audits"
    expected = pd.read_csv(folder / "test_add_duration_audits_sum_all.csv", index_col="X_uuid")

    audits = read_audits(folder / "audit_for_tests_92.zip")

    minutes = minutes_in_all(audits)
    assert sorted(minutes.index) == sorted(expected.index)
    got = minutes.reindex(expected.index)
    assert list((got * 60_000).round()) == list(expected["duration_audit_sum_all_ms"])
    assert list(got.round(1)) == list(expected["duration_audit_sum_all_minutes"])
    assert minutes_between(audits, "consent", "no_such_question").isna().all()
