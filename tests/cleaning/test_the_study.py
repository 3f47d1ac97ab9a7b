"""The shipped study: every planted blemish is found, where it stands, and little else is.

`blemishes.csv` was written when the interviews were simulated; the checks never see it.
"""

from __future__ import annotations

import pandas as pd
import pytest

from survey_kit.cleaning.corrections import apply_corrections, read_corrections, verify_log
from survey_kit.cleaning.run_checks import run_checks
from survey_kit.forms.read import read_questionnaire
from survey_kit.responses.read import read_responses

STUDY = "community_perceptions"
CHECKS = {"overlapping": {"pause": 5}}
"""Simulated interviews of an enumerator follow each other after 8 minutes."""


@pytest.fixture(scope="module")
def responses(root):
    form = read_questionnaire(root / "instruments" / STUDY / "questionnaire.yaml")
    return read_responses(root / "data" / STUDY / "submissions.zip", form)


@pytest.fixture(scope="module")
def checked(responses):
    return run_checks(responses, CHECKS)


@pytest.fixture(scope="module")
def blemishes(root):
    path = root / "data" / STUDY / "blemishes.csv"
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    return table[table["check"] != ""]


def test_every_planted_blemish_is_found_by_its_check_at_its_question(checked, blemishes):
    found = set(
        checked.findings[["interview", "check", "question"]].itertuples(index=False, name=None)
    )
    planted = set(blemishes[["interview", "check", "found_at"]].itertuples(index=False, name=None))

    assert len(planted) > 40
    assert planted - found == set()


def test_the_reviewer_is_not_sent_after_much_else(checked, blemishes):
    planted = set(blemishes["interview"])

    besides = checked.findings[~checked.findings["interview"].isin(planted)]

    assert len(besides) <= 0.02 * 612
    assert len(besides) < len(planted)


def test_no_text_that_was_planted_can_be_read_in_the_findings(checked, blemishes):
    texts = blemishes.loc[
        blemishes["check"].isin(["free_text_personal", "other_specify"]), "planted"
    ]

    shown = " ".join(checked.findings["answer"])

    assert len(texts) > 5
    assert not [text for text in texts if len(text) > 6 and text in shown]


@pytest.mark.client
def test_the_shipped_corrections_apply_and_leave_nothing_but_blanks_that_the_log_explains(
    root, responses
):
    log = read_corrections(root / "data" / STUDY / "corrections.csv")

    done = apply_corrections(responses, log, source="submissions.zip")

    assert len(done.responses) + len(done.removed) == len(responses) == 612
    assert verify_log(done.log, source="submissions.zip") is None
    assert set(done.log["match"]) <= {"", "equal", "equal after normalising"}
    kept = {c.interview for c in log if c.action.value == "no action"}
    left_out = {"outlier": False, "old_version": False}
    after = run_checks(done.responses, CHECKS | left_out).findings
    mended = {c.interview for c in log} - kept
    again = after[after["interview"].isin(mended)]
    assert set(again["check"]) <= {"required_blank"}
    explained = done.log[(done.log["new"] == "")][["interview", "question"]]
    places = set(explained.itertuples(index=False, name=None))
    assert set(again[["interview", "question"]].itertuples(index=False, name=None)) <= places
