"""A real household survey that nobody here wrote: the findings make sense, the real log applies.

Iraq 2021, 632 interviews through R (`../shared/data/README.md`), with 25 lines of the field
team's cleaning log.
"""

from __future__ import annotations

import pytest

from survey_kit.cleaning.corrections import apply_corrections, read_corrections, verify_log
from survey_kit.cleaning.run_checks import run_checks
from survey_kit.forms.read import read_questionnaire
from survey_kit.responses.model import Absence
from survey_kit.responses.read import ReadOptions, read_responses

pytestmark = [pytest.mark.shared, pytest.mark.client]

COLUMNS = {
    "X.U.FEFF.reported_date": "when",
    "X_uuid": "interview",
    "enumerator_num": "ignore",
    "questions": "question",
    "issue": "why",
    "old_value": "old",
    "Comments.for.Field.Officer": "why",
    "Field.Officer.s.response": "why",
    "change_type": "action",
    "new_value": "new",
    "reason": "why",
}


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "data" / "iraq_households"


@pytest.fixture(scope="module")
def households(folder):
    form = read_questionnaire(folder / "form.xlsx")
    return read_responses(folder / "raw_data.csv", form, options=ReadOptions(interview="X_uuid"))


@pytest.fixture(scope="module")
def findings(households):
    return run_checks(households, {}).findings


@pytest.fixture(scope="module")
def log(folder):
    return read_corrections(folder / "cleaning_log_sample.csv", columns=COLUMNS)


def _of(findings, check):
    return findings[findings["check"] == check]


def test_two_questions_hold_values_from_outside_their_lists(findings):
    foreign = _of(findings, "not_in_list")

    assert set(foreign["question"]) == {"neighbourhood", "pay_water_charges_when"}


def test_the_findings_are_as_many_as_a_person_reads_before_lunch(findings):
    assert len(findings) < 320
    assert len(_of(findings, "enumerator_effect")) == 11
    assert len(_of(findings, "overlapping")) < 60


def test_the_form_was_followed_so_no_skip_is_violated(findings):
    assert _of(findings, "skip_violated").empty
    assert _of(findings, "constraint_violated").empty


def test_what_the_field_team_corrected_as_absurd_is_among_the_outliers(findings, log):
    far = set(
        _of(findings, "outlier")[["interview", "question"]].itertuples(index=False, name=None)
    )

    absurd = {(c.interview, c.question) for c in log if c.old in ("70000", "24", "10") and c.new}
    assert len(absurd) == 4
    assert len(absurd & far) >= 2
    assert len(far) < 0.15 * 632


def test_the_real_log_applies_with_every_old_value_verified(households, log):
    done = apply_corrections(households, log, source="raw_data.csv")

    written = done.log.iloc[: len(log)]
    assert dict(written["match"].value_counts()) == {"equal": 17, "": 6, "not stated": 2}
    assert dict(written["effect"].value_counts()) == {
        "changed": 11,
        "nothing changed": 8,
        "interview removed": 6,
    }
    assert len(done.responses) + len(done.removed) == 632
    assert verify_log(done.log, source="raw_data.csv") is None


def test_a_borehole_that_was_added_makes_the_form_ask_about_its_water(households, log):
    done = apply_corrections(households, log, source="raw_data.csv")

    boreholes = [c.interview for c in log if c.question == "water_sources.borehole"]
    chosen = done.responses.frame.loc[boreholes, "water_sources"]
    assert all("borehole" in answer.split() for answer in chosen)
    owed = done.log[done.log["action"] == "cascade"]
    assert set(owed["interview"]) == set(boreholes)
    assert set(owed["question"]) == {
        "days_available_borehole",
        "hours_available_borehole",
        "satisfaction_borehole",
        "spend_borehole",
        "tank_store_borehole",
    }
    assert set(owed["effect"]) == {"nothing changed"}
    absence = done.responses.absence.loc[boreholes, "spend_borehole"]
    assert set(absence) == {Absence.BLANK}
