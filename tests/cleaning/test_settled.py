"""Decisions about enumerators, questions and quotas: known again, and held until the evidence grows."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from survey_kit.cleaning.check import COLUMNS
from survey_kit.cleaning.rounds import (
    BEFORE,
    EARLIER,
    decisions,
    nothing_yet,
    read_record,
    this_round,
    write_record,
)
from survey_kit.cleaning.settled import Settled, has_grown, settled_in, substance

HEAPING = "enumerator 7: {} of {} numbers in 'age' end in 0 or 5 ({}; 36% of 523 from others)"
NOBODY = decisions(())


def _findings(*what, check="heaping", question="age"):
    rows = [(check, "", "", question, "", each, "") for each in what]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def _kept(what, comment="she asked farmers", who="AN"):
    return Settled("heaping", "age", what, "no action", comment, who)


def _states(found):
    return found.findings["state"].tolist()


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("enumerator 7: 30 of 40 numbers (75%)", "enumerator 7: 44 of 51 numbers (86.2%)"),
        ("437 of 632 interviews (69%): blank", "1,801 of 2400 interviews (75%): blank"),
        (
            "cell sex 1: 3 more than the 40 wanted; 43 interviews in all",
            "cell sex 1: 9 more than the 40 wanted; 49 interviews in all",
        ),
        (
            "answers depend on who asked, most of all the choice 'a': intraclass correlation 0.65 (95 %",
            "answers depend on who asked, most of all the choice 'b': intraclass correlation 0.60 (95 %",
        ),
    ],
)
def test_a_finding_is_known_by_what_it_says_and_not_by_its_figures(then, now):
    assert substance(then) == substance(now.replace("1,801", "1801"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("enumerator 7: 30 of 40 numbers", "enumerator 8: 30 of 40 numbers"),
        ("cell sex 1: 3 more than the 40 wanted", "cell sex 2: 3 more than the 40 wanted"),
        (
            "enumerator 7: 12.3 hours of interviews on 2026-11-20; more than 12",
            "enumerator 7: 12.3 hours of interviews on 2026-11-21; more than 12",
        ),
        ("437 of 632 interviews (69%): blank", "437 of 632 interviews (69%): not in the list"),
        (
            "enumerator 7: 9 of 20 don't know (45%)",
            "enumerator 7: 9 of 20 refusals (45%)",
        ),
    ],
)
def test_another_enumerator_cell_day_or_fault_is_another_finding(one, other):
    assert substance(one) != substance(other)


@pytest.mark.parametrize(
    ("then", "now", "grown"),
    [
        ("enumerator 7: 30 of 40 (75%)", "enumerator 7: 44 of 60 (73%)", False),
        ("enumerator 7: 30 of 40 (75%)", "enumerator 7: 43 of 50 (86%)", True),
        ("enumerator 7: 30 of 40 (75%)", "enumerator 7: 30 of 80 (38%)", True),
        ("enumerator 7: 2 of 400 (0.5%)", "enumerator 7: 5 of 450 (1.1%)", True),
        ("enumerator 7: 2 of 400 (0.5%)", "enumerator 7: 3 of 450 (0.7%)", False),
        ("enumerator 7: it fell by 30%, from 40", "enumerator 7: it fell by 39%, from 40", False),
        ("enumerator 7: it fell by 30%, from 40", "enumerator 7: it fell by 40%, from 40", True),
        ("correlation 0.40 (95 %)", "correlation 0.59 (95 %)", False),
        ("correlation 0.40 (95 %)", "correlation 0.60 (95 %)", True),
        ("correlation 0.40 (95 %)", "correlation 0.10 (95 %)", False),
        ("the choice 'r5': 0.40", "the choice 'r2': 0.41", False),
        ("no figure", "no figure", False),
        ("no figure", "9 of 10", True),
        ("cell sex 1: 3 more", "cell sex 1: 5 more", True),
    ],
)
def test_evidence_grows_by_ten_points_by_doubling_or_by_half(then, now, grown):
    assert has_grown(then, now) is grown


@settings(max_examples=30)
@given(of=st.integers(1, 500), share=st.floats(0, 1), more=st.integers(0, 499))
def test_the_same_share_of_fewer_than_twice_as_many_is_no_more_evidence(of, share, more):
    counted = round(share * of)
    words = "enumerator 1: {} of {} numbers"

    assert not has_grown(words.format(counted, of), words.format(counted, of))
    assert has_grown(words.format(counted, of), words.format(counted, of + more)) == (more >= of)


def test_what_was_settled_about_an_enumerator_stays_settled_with_its_comment_and_comes_back():
    first = this_round(_findings(HEAPING.format(30, 40, "75%")), nothing_yet(), NOBODY, name="1")
    decided = [_kept(HEAPING.format(30, 40, "75%"))]
    second = this_round(
        _findings(HEAPING.format(33, 45, "73%")), first.record, NOBODY, name="2", settled=decided
    )
    alone = this_round(_findings(HEAPING.format(35, 48, "73%")), second.record, NOBODY, name="3")
    grown = this_round(_findings(HEAPING.format(60, 80, "75%")), alone.record, NOBODY, name="4")
    again = this_round(
        _findings(HEAPING.format(61, 82, "74%")),
        grown.record,
        NOBODY,
        name="5",
        settled=[*decided, _kept(HEAPING.format(60, 80, "75%"), "trained again", "BO")],
    )

    assert [_states(each)[0] for each in (first, second, alone, grown, again)] == [
        "new",
        "settled",
        "settled",
        "changed",
        "settled",
    ]
    assert alone.findings[EARLIER].iloc[0] == "no action, AN, 2: she asked farmers"
    assert grown.findings[EARLIER].iloc[0] == (
        "no action, AN, 2: she asked farmers (it said then: "
        "enumerator 7: 30 of 40 numbers in 'age' end in 0 or 5 (75%; 36% of 523 from others))"
    )
    assert again.findings[EARLIER].iloc[0] == "no action, BO, 5: trained again"
    assert grown.to_review.index.tolist() == [0]


def test_what_was_settled_and_went_away_is_settled_when_it_is_back(tmp_path):
    what = "437 of 632 interviews (69%): asked and required, but blank"
    kept = [Settled("required_blank", "age", what, "no action", "the form was mended", "AN")]
    found = _findings(what, check="required_blank")
    first = this_round(found, nothing_yet(), NOBODY, name="1", settled=kept)
    gone = this_round(found.iloc[:0], first.record, NOBODY, name="2")
    write_record(gone.record, tmp_path / "rounds.csv")

    back = this_round(found, read_record(tmp_path / "rounds.csv"), NOBODY, name="3")

    assert _states(first) == _states(back) == ["settled"]
    assert back.record[["comment", "who", "when"]].to_numpy().tolist() == [
        ["the form was mended", "AN", "1"]
    ]


def test_a_record_of_before_is_read_and_its_findings_are_known(tmp_path):
    found = _findings("enumerator 7: 9 of 20 numbers (45%)")
    first = this_round(found, nothing_yet(), NOBODY, name="1")
    first.record[list(BEFORE)].to_csv(tmp_path / "rounds.csv", index=False)

    second = this_round(found, read_record(tmp_path / "rounds.csv"), NOBODY, name="2")

    assert _states(second) == ["known"]


def test_a_decision_in_the_log_says_who_made_it_and_why():
    findings = pd.DataFrame(
        [("outlier", "i1", "", "age", "99", "far", "")], columns=list(COLUMNS), dtype="str"
    )
    log = pd.DataFrame(
        [("i1", "", "age", "no action", "asked her", "AN", "2026-11-20")],
        columns=["interview", "row", "question", "action", "why", "who", "when"],
    )

    found = this_round(findings, nothing_yet(), log, name="1")

    assert found.findings[EARLIER].tolist() == ["no action, AN, 2026-11-20: asked her"]


def test_reviewed_workbooks_and_sheets_saved_as_csv_say_what_was_settled(tmp_path):
    header = ["check", "interview", "question", "what", "decision", "new value", "comment"]
    rows = [
        ["heaping", None, "age", HEAPING.format(30, 40, "75%"), "No action", None, "farmers"],
        ["heaping", None, "age", HEAPING.format(9, 20, "45%"), None, None, "not yet"],
        ["outlier", "i1", "age", "far", "no action", None, "asked"],
    ]
    book = Workbook()
    book.active.title = "Findings"
    for row in (["notice"], [*header, "reviewer"], *([*row, "AN"] for row in rows)):
        book.active.append(row)
    book.save(tmp_path / "one.xlsx")
    (tmp_path / "two.csv").write_text(
        ",".join(header) + "\nquota,,sex,cell f: 3 more than the 40 wanted,no action,,\n"
    )
    (tmp_path / "three.csv").write_text("uuid,question,old,new\n1,2,3,4\n")
    (tmp_path / "~$one.xlsx").write_text("open")
    (tmp_path / "notes.docx").write_text("words")

    found = settled_in([tmp_path])

    assert found == (
        Settled("heaping", "age", HEAPING.format(30, 40, "75%"), "no action", "farmers", "AN"),
        Settled("quota", "sex", "cell f: 3 more than the 40 wanted", "no action", "", ""),
    )
