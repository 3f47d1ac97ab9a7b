"""Rounds: what is settled stays settled, what is new is marked, and no answer is kept."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.cleaning.check import COLUMNS
from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.rounds import (
    decisions,
    nothing_yet,
    read_record,
    this_round,
    write_record,
)
from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Place


def _findings(*rows):
    full = [(c, i, "", q, a, w, "") for c, i, q, a, w in rows]
    return pd.DataFrame(full, columns=list(COLUMNS), dtype="str")


def _decided(*rows):
    place = Place("log.csv")
    return decisions(
        Correction(i, q, "", "", Action(action), "", "", "", place) for i, q, action in rows
    )


NOTHING = _decided()
FIRST = _findings(
    ("outlier", "i1", "age", "99", "far"),
    ("outlier", "i2", "age", "98", "far"),
    ("stand_in", "i2", "age", "98", "code"),
    ("duration", "i3", "end", "2026-01-01", "5 minutes"),
)


def _states(found):
    return found.findings["state"].tolist()


def test_in_the_first_round_everything_is_new_and_in_the_second_known():
    first = this_round(FIRST, nothing_yet(), NOTHING, name="1")
    second = this_round(FIRST, first.record, NOTHING, name="2")

    assert _states(first) == ["new"] * 4
    assert _states(second) == ["known"] * 4
    assert set(second.record["first"]) == {"1"}
    assert set(second.record["last"]) == {"2"}


def test_a_decision_settles_the_cell_for_all_checks_and_a_removal_the_interview():
    first = this_round(FIRST, nothing_yet(), NOTHING, name="1")
    decided = _decided(("i2", "age", "no action"), ("i3", "", "remove"))

    second = this_round(FIRST, first.record, decided, name="2")

    assert _states(second) == ["known", "settled", "settled", "settled"]
    assert second.to_review["interview"].tolist() == ["i1"]
    assert second.counts == {"new": 0, "known": 1, "settled": 3, "changed": 0}


def test_what_was_decided_without_any_record_is_settled_too():
    found = this_round(FIRST, nothing_yet(), _decided(("i1", "age", "change")), name="1")

    assert _states(found) == ["settled", "new", "new", "new"]


def test_an_answer_that_changed_after_it_was_settled_comes_back_until_it_is_decided_again():
    decided = _decided(("i1", "age", "no action"))
    first = this_round(FIRST, nothing_yet(), decided, name="1")
    other = FIRST.assign(answer=["97", "98", "98", "2026-01-01"])

    second = this_round(other, first.record, decided, name="2")
    third = this_round(other, second.record, decided, name="3")
    again = this_round(
        other, third.record, _decided(("i1", "age", "no action"), ("i1", "age", "blank")), name="4"
    )

    assert [_states(each)[0] for each in (first, second, third, again)] == [
        "settled",
        "changed",
        "known",
        "settled",
    ]
    assert second.to_review["interview"].iloc[0] == "i1"


def test_the_findings_behind_a_line_are_settled_and_known_like_the_others():
    first = this_round(FIRST.iloc[:1], nothing_yet(), NOTHING, name="1", summed=FIRST.iloc[1:])
    decided = _decided(("i2", "age", "no action"))
    second = this_round(FIRST.iloc[:1], first.record, decided, name="2", summed=FIRST.iloc[1:])

    assert second.findings["state"].tolist() == ["known"]
    assert second.summed["state"].tolist() == ["settled", "settled", "known"]
    assert second.counts == {"new": 0, "known": 1, "settled": 0, "changed": 0}


def test_a_decision_about_one_choice_settles_its_question():
    findings = _findings(("skip_violated", "i1", "sources", "well", "x"))

    found = this_round(
        findings, nothing_yet(), _decided(("i1", "sources/well", "change")), name="1"
    )

    assert _states(found) == ["settled"]


def test_what_is_said_of_an_enumerator_is_known_again_when_its_figures_move():
    first = _findings(
        ("heaping", "", "age", "", "enumerator 1: 30 of 40 numbers (75%)"),
        ("heaping", "", "age", "", "enumerator 2: 30 of 40 numbers (75%)"),
    )
    later = _findings(
        ("heaping", "", "age", "", "enumerator 2: 44 of 51 numbers (86.2%)"),
        ("heaping", "", "age", "", "enumerator 3: 44 of 51 numbers (86.2%)"),
    )

    record = this_round(first, nothing_yet(), NOTHING, name="1").record
    found = this_round(later, record, NOTHING, name="2")

    assert _states(found) == ["known", "new"]
    assert len(found.gone) == 1


def test_what_is_gone_is_remembered_and_known_when_it_comes_back():
    first = this_round(FIRST, nothing_yet(), NOTHING, name="1")
    without = this_round(FIRST.iloc[1:], first.record, NOTHING, name="2")
    back = this_round(FIRST, without.record, NOTHING, name="3")

    assert without.gone["interview"].tolist() == ["i1"]
    assert _states(back) == ["known"] * 4


def test_the_record_holds_no_answer_and_is_read_back_as_it_was_written(tmp_path):
    findings = _findings(("unreadable", "i1", "name", "Aye Aye Khin", 'no, "this"\n, cannot'))
    found = this_round(findings, nothing_yet(), NOTHING, name="1", key=b"secret")

    write_record(found.record, tmp_path / "rounds.csv")

    assert "Khin" not in (tmp_path / "rounds.csv").read_text()
    pd.testing.assert_frame_equal(read_record(tmp_path / "rounds.csv"), found.record)
    assert _states(this_round(findings, found.record, NOTHING, name="2", key=b"secret")) == [
        "known"
    ]
    assert _states(this_round(findings, found.record, NOTHING, name="2", key=b"other")) == [
        "changed"
    ]


def test_no_record_yet_is_an_empty_one_and_another_file_is_refused(tmp_path):
    path = tmp_path / "rounds.csv"

    assert read_record(path).empty
    for text in (
        "",
        "a,b\n1,2\n",
        ",".join([*nothing_yet().columns]) + "\n" + "x,i,,q,,1,ab,many,1,1\n",
    ):
        path.write_text(text)
        with pytest.raises(FileProblem) as caught:
            read_record(path)
        assert (
            str(caught.value) == "rounds.csv: it is no record of rounds. Restore it, or delete it."
        )


CELLS = st.tuples(
    st.sampled_from(["a", "b"]),
    st.sampled_from(["i1", "i2", ""]),
    st.sampled_from("qr"),
    st.sampled_from(["1", "2"]),
    st.just("w"),
)


@settings(max_examples=10)
@given(first=st.lists(CELLS, max_size=8), second=st.lists(CELLS, max_size=8))
def test_a_round_loses_nothing_and_the_same_round_again_changes_nothing(first, second):
    one = this_round(_findings(*first), nothing_yet(), NOTHING, name="1")
    two = this_round(_findings(*second), one.record, NOTHING, name="2")
    again = this_round(_findings(*second), two.record, NOTHING, name="2")

    assert len(two.findings) == len(second)
    assert len(two.record) == len(second) + len(two.gone)
    assert set(_states(again)) <= {"known"}
    pd.testing.assert_frame_equal(again.record, two.record)
