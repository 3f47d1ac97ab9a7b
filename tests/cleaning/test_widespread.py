"""What a check says of very many interviews is told in one line; what it says of few is not."""

from __future__ import annotations

import pytest

from survey_kit.cleaning import widespread
from survey_kit.cleaning.about_enumerators import about_enumerator
from survey_kit.cleaning.check import as_findings
from survey_kit.cleaning.run_checks import run_checks
from survey_kit.cleaning.settled import substance
from survey_kit.cleaning.widespread import summed_up

NIGHTS = ["2026-11-21 03:10", "2026-11-21 02:10"]


@pytest.fixture
def nightly(survey, question):
    """100 interviews: 40 begun at night, of which each has a telephone number in a text."""
    starts = [NIGHTS[n % 2] if n < 40 else "2026-11-21 10:00" for n in range(100)]
    texts = ["0171 2345678" if n < 40 else "fine" for n in range(100)]
    return survey([question("start", "start"), question("q")], {"start": starts, "q": texts})


def _of(table, check):
    return table[table["check"] == check]


def test_more_than_a_third_is_one_line_with_the_share_and_the_rows_are_kept(nightly):
    checked = run_checks(nightly, {})

    line = _of(checked.findings, "night").iloc[0]
    assert len(_of(checked.findings, "night")) == 1
    assert (line["interview"], line["question"]) == ("", "start")
    assert line["what"].startswith(
        "40 of 100 interviews (40%): such as “the start of the interview"
    )
    assert line["suggestion"] == (
        "So many are a matter of the form, the file or a setting: look there first; Look at the "
        "clock of the device, or ask. Each stands on the sheet Findings summed up"
    )
    assert len(_of(checked.summed, "night")) == 40
    summary = checked.summary.set_index("check").loc["night"]
    assert (summary["findings"], summary["interviews"]) == (1, 40)
    assert summary["note"] == "40 findings are told in a line for each kind"


def test_the_setting_lists_each_and_any_check_has_it(nightly):
    checked = run_checks(nightly, {"night": {"widespread": 1}})

    assert len(_of(checked.findings, "night")) == 40
    assert _of(checked.summed, "night").empty


def test_what_needs_a_decision_in_each_interview_is_never_summed_up(nightly):
    assert len(_of(run_checks(nightly, {}).findings, "free_text_personal")) == 40


def test_only_as_many_kinds_are_summed_up_as_leave_a_third(survey, question):
    starts = ["2026-11-21 03:10"] * 25 + ["2026-11-21 10:00"] * 75
    ends = [None] * 60 + ["2026-11-21 03:50"] * 30 + [None] * 10
    responses = survey(
        [question("start", "start"), question("end", "end")], {"start": starts, "end": ends}
    )

    found = _of(run_checks(responses, {}).findings, "night")

    assert sorted(found["question"].value_counts().to_dict().items()) == [("end", 1), ("start", 25)]


def test_what_few_interviews_have_is_listed_however_large_their_share(survey, question):
    responses = survey([question("start", "start")], {"start": ["2026-11-21 03:10"] * 20})

    assert len(run_checks(responses, {}).findings) == 20


def test_nothing_is_lost_between_what_is_listed_and_what_is_summed_up(nightly):
    every = run_checks(nightly, {"night": {"widespread": 1}}).findings
    rows = _of(every, "night").drop(columns="check")

    listed, summed = summed_up("night", rows, 100, 1 / 3)

    assert (listed["interview"] != "").sum() + len(summed) == len(rows)


def test_more_interviews_than_anybody_looks_up_are_a_line_however_small_their_share(
    nightly, monkeypatch
):
    rows = _of(run_checks(nightly, {"night": {"widespread": 1}}).findings, "night")
    monkeypatch.setattr(widespread, "MOST", 30)

    listed, summed = summed_up("night", rows.drop(columns="check"), 4_000, 1 / 3)

    assert listed["what"].iloc[0].startswith("40 of 4000 interviews (1%): such as “the start")
    assert listed["suggestion"].iloc[0].startswith("So many cannot be looked up one by one")
    assert len(summed) == 40


def test_lines_about_very_many_enumerators_are_one_line_with_an_example():
    lines = [about_enumerator(f"e{n}", f"{n} days with more than 12 hours") for n in range(120)]
    few = [about_enumerator("e1", "9 interviews on 2026-11-21; more than 8")] * 19

    listed, summed = summed_up("productivity", as_findings([*lines, *few]), 4_000, 1 / 3)
    enough, nothing = summed_up("productivity", as_findings(lines[:100]), 4_000, 1 / 3)

    assert listed["what"].iloc[0] == ("120 enumerators: such as “60 days with more than 12 hours”")
    assert (len(listed), len(summed)) == (20, 120)
    assert substance(listed["what"].iloc[0]) == substance(
        "130 enumerators: such as “64 days with more than 12 hours”"
    )
    assert (len(enough), len(nothing)) == (100, 0)
