"""Questions become variables: codes, bases, and what never becomes one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey_kit.errors import StudyError
from survey_kit.questionnaire.model import Privacy
from survey_kit.responses.model import Absence
from survey_kit.tables.variables import Kind, analysis_frame, chosen_codes, left_out


def test_a_question_of_one_choice_is_a_column_of_codes(responses):
    frame, variables = analysis_frame(responses)

    assert variables["gender"].kind is Kind.ONE
    assert variables["gender"].codes == ("w", "m", "o")
    assert variables["gender"].labels["w"] == "Woman"
    pd.testing.assert_series_equal(frame["gender"], responses.frame["gender"])


def test_who_was_not_asked_or_did_not_know_is_not_in_the_base(responses):
    frame, variables = analysis_frame(responses)
    present = responses.absence["war"] == Absence.PRESENT

    assert (frame["war"].notna() == present).all()
    assert "dk" not in variables["war"].codes
    assert variables["war"].left == {"did not know": int((responses.frame["war"] == "dk").sum())}
    assert variables["war"].base_text == (
        "Asked if “Why did you leave?” includes War. Left out: who did not know."
    )


def test_a_question_of_several_choices_is_a_column_of_0_and_1_for_each(responses):
    frame, variables = analysis_frame(responses)
    chose_war = responses.frame["why"].str.split().map(lambda codes: "war" in codes)
    refused = responses.absence["why"] == Absence.REFUSED

    assert variables["why"].columns == ("why/work", "why/war", "why/love", "why/rare")
    assert frame["why/war"].isna().equals(refused)
    assert (frame["why/war"][~refused] == chose_war[~refused]).all()


def test_a_code_that_opens_another_code_is_not_taken_for_it():
    answers = pd.Series(["cash_more", "cash", "none cash_more", np.nan], dtype="str")

    chosen = chosen_codes(answers, ["cash", "cash_more", "none"])

    assert chosen.tolist() == [
        [False, True, False],
        [True, False, False],
        [False, True, True],
        [False, False, False],
    ]


def test_an_answer_that_is_not_in_the_list_leaves_the_base_and_is_counted(responses):
    frame = responses.frame.copy()
    frame.iloc[0, frame.columns.get_loc("region")] = "nowhere"

    found, variables = analysis_frame(responses.with_frame(frame, responses.absence))

    assert found["region"].isna().sum() == 1
    assert variables["region"].left == {"answer not in the list": 1}


def test_a_derived_variable_takes_the_first_case_that_holds(responses):
    frame, variables = analysis_frame(responses)

    expected = np.where(responses.frame["age"] < 40, "young", "old")
    assert (frame["adult"].to_numpy() == expected).all()
    assert variables["adult"].question_text == (
        "Worked out from answers. Under 40: Age is less than 40; 40 and older: Age is at least 40."
    )


def test_a_base_that_holds_for_everyone_is_not_repeated_under_every_table(responses):
    _, variables = analysis_frame(responses)

    assert variables["gender"].base_text == "Everyone interviewed."


def test_nothing_is_left_out_silently(responses):
    frame, variables = analysis_frame(responses)

    reasons = left_out(responses)

    assert dict(reasons) == {
        "name": "an identifier, which never leaves",
        "note": "answers of the type text are not summed up",
        "where": "asked in a repeat, which tables do not cover yet",
        "initial": "made from an identifier, and not classed otherwise",
    }
    questions = {item.key for item in responses.questionnaire.items}
    derived = {each.name for each in responses.questionnaire.derived}
    assert set(variables) | set(reasons) == questions | derived
    assert not {"name", "initial"} & set(frame.columns)


def test_a_question_that_nobody_classed_is_sensitive(responses):
    _, variables = analysis_frame(responses)

    assert variables["why"].privacy is Privacy.SENSITIVE


def test_the_class_that_a_study_states_stands_above_the_questionnaire(responses):
    frame, _ = analysis_frame(responses, overrides={"region": Privacy.IDENTIFIER})

    assert "region" not in frame.columns


def test_a_class_for_an_unknown_question_is_refused(responses):
    with pytest.raises(StudyError) as caught:
        analysis_frame(responses, overrides={"regoin": Privacy.IDENTIFIER})

    assert str(caught.value) == (
        "protection, classes: there is no question called 'regoin'. Did you mean 'region'?"
    )
