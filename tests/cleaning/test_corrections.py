"""Corrections: verified, applied, followed through the form, logged; and nothing else changes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_kit.cleaning.correction_log import LOG
from survey_kit.cleaning.corrections import (
    Action,
    Correction,
    apply_corrections,
    verify_log,
)
from survey_kit.errors import CorrectionError
from survey_kit.questionnaire.model import Place, Repeat
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Absence


def correct(interview, question="", old="", new="", action=Action.CHANGE, *, line=2, row=""):
    place = Place("log.csv", row=line)
    return Correction(interview, question, old, new, action, "why", "AN", "", place, row)


@pytest.fixture
def household(survey, question):
    """Three interviews: a filter, what hangs on it, several choices, a number, a day, a roster."""
    nodes = [
        question("enumerator"),
        question("works", "select_one yn", privacy="plain"),
        question("job", "select_one jobs", relevant="${works} = 'yes'"),
        question("pay", "integer", relevant="${job} = 'paid'", required="true()"),
        question("water", "select_multiple sources"),
        question("since", "date"),
        question("members", "integer"),
        question("twice", "calculate", calculation="${members} * 2", privacy="plain"),
        Repeat("roster", (question("age", "integer"),)),
    ]
    answers = {
        "works": ["yes", "yes", "no"],
        "job": ["paid", "own", None],
        "pay": [100, None, None],
        "water": ["tap well", "tap", None],
        "since": ["2020-01-02", None, None],
        "members": [4, 3, 2],
        "twice": ["8", "6", "4"],
    }
    lists = {"yn": ["yes", "no"], "jobs": ["paid", "own"], "sources": ["tap", "well", "river"]}
    roster = {("i1", 1): {"age": 40}, ("i1", 2): {"age": 7}, ("i3", 1): {"age": 60}}
    return survey(nodes, answers, lists=lists, repeats={"roster": roster})


def differences(before, after):
    """(interview, row, question) of every cell that differs among the interviews that stayed."""
    kept = before.only(before.frame.index.isin(after.frame.index))
    pairs = [(kept.frame, after.frame)]
    pairs += [(kept.repeats[name].frame, after.repeats[name].frame) for name in kept.repeats]
    found = set()
    for one, other in pairs:
        same = (one == other) | (one.isna() & other.isna())
        places = [index if isinstance(index, tuple) else (index,) for index in one.index]
        for at, column in zip(*np.nonzero(~same.to_numpy()), strict=True):
            interview, *row = places[at]
            found.add((interview, "/".join(map(str, row)), one.columns[column]))
    return found


def test_a_change_is_applied_logged_and_touches_nothing_else(household):
    done = apply_corrections(household, [correct("i1", "members", "4", "5")], source="raw")

    assert done.responses.frame.loc["i1", "members"] == 5
    assert list(done.log.columns) == list(LOG)
    row = done.log.iloc[0]
    assert (row.old_found, row.old_stated, row.new) == ("4", "4", "5")
    assert (row.match, row.effect, row.place) == ("equal", "changed", "log.csv, line 2")


def test_a_calculation_that_rests_on_a_corrected_answer_is_worked_out_again(household):
    done = apply_corrections(household, [correct("i1", "members", "4", "5")], source="raw")

    row = done.log.iloc[1]
    assert (row.question, row.action, row.old_found, row.new) == (
        "twice",
        "recalculated",
        "8",
        "10",
    )
    assert list(done.responses.frame["twice"]) == ["10", "6", "4"]


def test_answers_that_are_no_longer_asked_are_blanked_all_the_way_down(household):
    done = apply_corrections(household, [correct("i1", "works", "yes", "no")], source="raw")

    cascade = done.log[done.log["action"] == "cascade"]
    assert list(cascade["question"]) == ["job", "pay"]
    assert list(cascade["old_found"]) == ["paid", "100"]
    assert set(cascade["why"]) == {"the form no longer asks this after the correction of works"}
    assert done.responses.frame.loc["i1", ["job", "pay"]].isna().all()
    assert list(done.responses.absence.loc["i1", ["job", "pay"]]) == [Absence.NOT_ASKED] * 2


def test_a_question_that_is_now_asked_is_blank_and_no_longer_not_asked(household):
    absence = household.absence.copy()
    absence.loc["i2", "pay"] = Absence.NOT_ASKED
    responses = household.with_frame(household.frame, absence)

    done = apply_corrections(responses, [correct("i2", "job", "own", "paid")], source="raw")

    assert done.responses.absence.loc["i2", "pay"] == Absence.BLANK
    row = done.log.iloc[1]
    assert (row.question, row.action, row.effect) == ("pay", "cascade", "nothing changed")
    assert row.why == "the form asks this after the correction of job"
    assert row.note == "blank: it was not asked in the interview"


def test_an_old_fault_of_the_skips_is_no_consequence_of_a_correction(household):
    frame = household.frame.copy()
    frame.loc["i3", "pay"] = 50.0
    responses = household.with_frame(frame, household.absence)

    done = apply_corrections(responses, [correct("i3", "members", "2", "9")], source="raw")

    assert done.responses.frame.loc["i3", "pay"] == 50
    assert "cascade" not in set(done.log["action"])


def test_a_single_choice_acts_on_the_joined_codes(household):
    log = [
        correct("i2", "water.well", "0", "1"),
        correct("i1", "water/tap", "TRUE", "FALSE", line=3),
        correct("i3", "water/river", "", "1", line=4),
    ]

    done = apply_corrections(household, log, source="raw")

    assert list(done.responses.frame["water"]) == ["well", "tap well", "river"]
    assert list(done.log["question"]) == ["water"] * 3
    assert list(done.log["choice"]) == ["well", "tap", "river"]
    assert list(done.log["match"]) == ["equal", "equal after normalising", "equal"]


@pytest.mark.parametrize(
    ("key", "stated", "match"),
    [
        ("members", "4", "equal"),
        ("members", "4.0", "equal after normalising"),
        ("works", "YES", "equal after normalising"),
        ("water", "well tap", "equal after normalising"),
        ("since", "2020-01-02", "equal"),
        ("since", "2 Jan 2020", "equal after normalising"),
        ("members", "", "not stated"),
    ],
)
def test_an_old_value_matches_in_classes(household, key, stated, match):
    done = apply_corrections(
        household, [correct("i1", key, stated, "", Action.BLANK)], source="raw"
    )

    assert done.log["match"].iloc[0] == match
    assert pd.isna(done.responses.frame.loc["i1", key])


def test_every_conflict_is_named_at_once_without_an_answer_and_nothing_is_applied(household):
    before = household.frame.copy()
    log = [
        correct("i1", "members", "4", "5"),
        correct("i1", "pay", "777", "888", line=3),
        correct("i2", "works", "no", "yes", line=4),
        correct("i2", "works", "nope", "no", line=5),
    ]

    with pytest.raises(CorrectionError) as caught:
        apply_corrections(household, log, source="raw")

    remedy = "Look at the interview again, and write its present value as the old one."
    assert str(caught.value).splitlines() == [
        (
            "log.csv, line 3, interview 'i1', question 'pay': the old value stated is not the one in "
            f"the data. {remedy}"
        ),
        (
            "log.csv, line 5, interview 'i2', question 'works': the old value stated is not the one "
            f"in the data. {remedy}"
        ),
    ]
    pd.testing.assert_frame_equal(household.frame, before)


@pytest.mark.parametrize(
    ("correction", "message"),
    [
        (
            correct("i9", "members", "4", "5"),
            (
                "log.csv, line 2, interview 'i9', question 'members': there is no such interview. "
                "Correct the id, or take the line out if it belongs to another round."
            ),
        ),
        (
            correct("i1", "membres", "4", "5"),
            (
                "log.csv, line 2, interview 'i1', question 'membres': there is no question called "
                "'membres'. Did you mean 'members'?"
            ),
        ),
        (
            correct("i1", "members", "4", "four"),
            (
                "log.csv, line 2, interview 'i1', question 'members': the new value cannot be read: "
                "the question takes a whole number. Write it as the form would."
            ),
        ),
        (
            correct("i1", "works", "yes", "perhaps"),
            (
                "log.csv, line 2, interview 'i1', question 'works': the new value is not in the list "
                "of the question. Write one of: no, yes."
            ),
        ),
        (
            correct("i1", "members", "4", ""),
            (
                "log.csv, line 2, interview 'i1', question 'members': there is no new value. "
                "Write one, or the action blank."
            ),
        ),
        (
            correct("i1", "members", "4", "5", Action.BLANK),
            (
                "log.csv, line 2, interview 'i1', question 'members': an answer that is blanked has "
                "a new value. Write change, or no new value."
            ),
        ),
        (
            correct("i1", "twice", "8", "9"),
            (
                "log.csv, line 2, interview 'i1', question 'twice': the form calculates this. "
                "Correct the answers from which it is calculated."
            ),
        ),
        (
            correct("i1", "age", "40", "41"),
            (
                "log.csv, line 2, interview 'i1', question 'age': this question stands in the repeat "
                "'roster'. Write in the column row which of its rows is meant: 1, 2, ..."
            ),
        ),
        (
            correct("i1", "age", "40", "41", row="3"),
            (
                "log.csv, line 2, interview 'i1', question 'age': the interview has no row '3' of the "
                "repeat 'roster'. Correct the column row."
            ),
        ),
        (
            correct("i1", "members", "4", "5", row="1"),
            (
                "log.csv, line 2, interview 'i1', question 'members': this question stands in no "
                "repeat. Leave the column row empty."
            ),
        ),
        (
            correct("i1", "", "4", "5"),
            (
                "log.csv, line 2, interview 'i1': no question is named. Name the question, or write "
                "remove."
            ),
        ),
    ],
)
def test_what_cannot_be_applied_is_refused_with_its_place(household, correction, message):
    with pytest.raises(CorrectionError) as caught:
        apply_corrections(household, [correction], source="raw")

    assert str(caught.value) == message


def test_a_row_of_a_repeat_is_corrected_by_its_position(household):
    done = apply_corrections(household, [correct("i1", "age", "7", "17", row="2")], source="raw")

    ages = done.responses.repeats["roster"].frame["age"]
    assert list(ages) == [40, 17, 60]
    assert done.log["row"].iloc[0] == "2"


def test_an_interview_may_be_changed_and_removed_and_counts_add_up(household):
    log = [
        correct("i1", "members", "4", "5"),
        correct("i1", action=Action.REMOVE, line=3),
        correct("i1", action=Action.REMOVE, line=4),
    ]

    done = apply_corrections(household, log, source="raw")

    assert done.removed == ("i1",)
    assert len(household) == len(done.responses) + len(done.removed)
    assert list(done.responses.repeats["roster"].frame.index) == [("i3", 1)]
    assert list(done.log["effect"]) == ["nothing changed", "interview removed", "nothing changed"]
    assert done.log["note"].iloc[0] == "the interview is removed"


def test_an_answer_that_is_kept_is_logged_and_conflicts_with_nothing(household):
    log = [
        correct("i1", "members", "4", action=Action.KEEP),
        correct("i2", "members", "8", action=Action.KEEP, line=3),
    ]

    done = apply_corrections(household, log, source="raw")

    assert list(done.log["match"]) == ["equal", "differs"]
    assert differences(household, done.responses) == set()


def test_what_could_not_be_read_is_corrected_by_what_stood_in_the_file(survey, question):
    responses = survey(
        [question("age", "integer")], {"age": [None]}, unreadable=[("i1", "", "age", "about 30")]
    )

    done = apply_corrections(responses, [correct("i1", "age", "about 30", "30")], source="raw")

    assert done.responses.frame.loc["i1", "age"] == 30
    assert done.responses.absence.loc["i1", "age"] == Absence.PRESENT
    assert done.responses.unreadable.empty


def test_an_answer_to_what_the_form_does_not_ask_is_noted(household):
    done = apply_corrections(household, [correct("i3", "job", "", "own")], source="raw")

    assert done.log["note"].iloc[0] == "the form does not ask this"


def test_applied_twice_a_log_finds_everything_as_corrected_and_changes_nothing(household):
    log = [correct("i1", "members", "4", "5"), correct("i2", "water/well", "0", "1", line=3)]
    once = apply_corrections(household, log, source="raw").responses

    twice = apply_corrections(once, log, source="once")

    assert list(twice.log["match"]) == ["already as corrected"] * 2
    assert differences(once, twice.responses) == set()


def test_later_corrections_see_what_earlier_ones_left(household):
    log = [correct("i1", "members", "4", "5"), correct("i1", "members", "5", "6", line=3)]

    done = apply_corrections(household, log, source="raw")

    assert done.responses.frame.loc["i1", "members"] == 6
    assert list(done.log["old_found"])[:2] == ["4", "5"]


CELLS = {
    "works": ["yes", "no"],
    "job": ["paid", "own"],
    "pay": ["1", "250", "9999"],
    "water": ["tap", "river tap", "well tap river"],
    "since": ["2021-05-06", "1999-12-31"],
    "members": ["1", "12"],
}
LOGS = st.lists(
    st.tuples(st.sampled_from(["i1", "i2", "i3"]), st.sampled_from(sorted(CELLS))).flatmap(
        lambda place: st.tuples(
            st.just(place[0]), st.just(place[1]), st.sampled_from(["", *CELLS[place[1]]])
        )
    ),
    max_size=6,
    unique_by=lambda entry: entry[:2],
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(entries=LOGS)
def test_cells_differ_exactly_where_the_log_says_they_changed(household, entries):
    log = [
        correct(interview, key, _stated(household, interview, key), new, _action(new), line=line)
        for line, (interview, key, new) in enumerate(entries, start=2)
    ]

    done = apply_corrections(household, log, source="raw")
    again = apply_corrections(household, log, source="raw")

    changed = done.log[done.log["effect"] == "changed"]
    cells = changed.groupby(["interview", "row", "question"], sort=False)
    net = {place for place, rows in cells if rows["old_found"].iloc[0] != rows["new"].iloc[-1]}
    assert differences(household, done.responses) == net
    pd.testing.assert_frame_equal(done.responses.frame, again.responses.frame)
    pd.testing.assert_frame_equal(done.responses.absence, again.responses.absence)
    pd.testing.assert_frame_equal(done.log, again.log)
    assert verify_log(done.log, source="raw") is None
    empty = done.responses.frame.isna().to_numpy()
    full = done.responses.absence.to_numpy() == Absence.PRESENT
    assert (empty != full).all()


def _stated(responses, interview, key):
    item = responses.questionnaire.by_key[key]
    return (
        as_text(responses.frame.loc[[interview], key], item.question.type.storage)
        .fillna("")
        .iloc[0]
    )


def _action(new):
    return Action.CHANGE if new else Action.BLANK


def test_no_corrections_change_nothing(household):
    done = apply_corrections(household, [], source="raw")

    assert done.log.empty
    assert differences(household, done.responses) == set()
    assert verify_log(done.log) is None


@pytest.fixture
def log(household):
    entries = [
        correct("i1", "works", "yes", "no"),
        correct("i2", "members", "3", "4", line=3),
        correct("i3", action=Action.REMOVE, line=4),
    ]
    return apply_corrections(household, entries, source="raw").log


def test_a_log_proves_itself_also_after_a_trip_through_a_file(log, tmp_path):
    log.to_csv(tmp_path / "log.csv", index=False)
    read = pd.read_csv(tmp_path / "log.csv", dtype="str", keep_default_na=False)

    assert verify_log(read, source="raw") is None


def test_a_log_of_other_data_is_broken_at_its_first_row(log):
    assert verify_log(log, source="other") == 1


@pytest.mark.parametrize("column", [column for column in LOG if column != "hash"])
def test_no_cell_of_a_log_can_be_edited(log, column):
    edited = log.copy()
    edited.loc[1, column] = "edited"

    assert verify_log(edited, source="raw") == 2


def test_no_row_can_be_left_out_or_moved(log):
    assert verify_log(log.drop(index=1), source="raw") == 2
    assert verify_log(log.iloc[[1, 0, 2, 3]], source="raw") == 1


def test_the_seal_is_the_last_hash(household):
    done = apply_corrections(household, [correct("i1", "members", "4", "5")], source="raw")

    assert done.seal == done.log["hash"].iloc[-1]


@pytest.fixture
def sources(survey, question):
    """Trust in each source that was chosen: the rows of the repeat follow the choices."""
    nodes = [
        question("sources", "select_multiple sources"),
        Repeat(
            "trust",
            (
                question(
                    "source", "calculate", calculation="selected-at(${sources}, position(..) - 1)"
                ),
                question("level", "integer"),
            ),
        ),
    ]
    rows = {
        ("i1", 1): {"source": "friends", "level": 3},
        ("i1", 2): {"source": "other", "level": 1},
        ("i1", 3): {"source": "radio", "level": 2},
    }
    lists = {"sources": ["friends", "internet", "other", "radio"]}
    answers = {"sources": ["friends other radio"]}
    return survey(nodes, answers, lists=lists, repeats={"trust": rows})


def test_a_choice_that_replaces_another_takes_its_place_so_that_rows_stay_true(sources):
    log = [correct("i1", "sources", "radio friends other", "friends internet radio")]

    done = apply_corrections(sources, log, source="raw")

    assert done.responses.frame.loc["i1", "sources"] == "friends internet radio"
    rows = done.responses.repeats["trust"].frame
    assert list(rows["source"]) == ["friends", "internet", "radio"]
    assert list(rows["level"]) == [3, 1, 2]


def test_results_never_move_from_one_row_of_a_repeat_to_another(sources):
    done = apply_corrections(sources, [correct("i1", "sources", "", "friends radio")], source="raw")

    assert list(done.responses.repeats["trust"].frame["source"]) == ["friends", "other", "radio"]
    left = done.log[done.log["action"] == "recalculated"]
    assert set(left["row"]) == {"2", "3"}
    assert set(left["effect"]) == {"nothing changed"}
    assert set(left["note"]) == {
        "left as it was: results would change places among the rows of the repeat"
    }


def test_a_log_may_call_choices_by_their_labels(survey, question, choice):
    """As the reviewers of kits that export labels see them."""
    sources = [choice("t", "Tap"), choice("w", "Well"), choice("wd", "Well in the desert")]
    responses = survey(
        [question("main", "select_one sources"), question("all", "select_multiple sources")],
        {"main": ["t", "w"], "all": ["t w", "wd"]},
        lists={"sources": sources},
    )

    done = apply_corrections(
        responses,
        [
            correct("i1", "main", old="Tap", new="Well in the desert"),
            correct("i1", "all", old="Well Tap", new="Well in the desert Tap"),
            correct("i2", "all/Tap", old="0", new="1"),
        ],
        source="raw",
    )

    assert done.responses.frame["main"].tolist() == ["wd", "w"]
    assert done.responses.frame["all"].tolist() == ["t wd", "wd t"]
    assert done.log["match"].tolist() == ["equal after normalising"] * 2 + ["equal"]


def test_a_code_with_a_space_in_it_is_one_code_where_one_is_chosen(survey, question):
    nodes = [question("street", "select_one streets"), question("seen", "select_multiple streets")]
    answers = {"street": ["lane"], "seen": ["lane"]}
    responses = survey(nodes, answers, lists={"streets": ["lane", "foot paths"]})

    done = apply_corrections(
        responses, [correct("i1", "street", "lane", "foot paths")], source="raw"
    )

    assert done.responses.frame.loc["i1", "street"] == "foot paths"
    with pytest.raises(CorrectionError, match="the new value is not in the list"):
        apply_corrections(responses, [correct("i1", "seen", "lane", "foot paths")], source="raw")
