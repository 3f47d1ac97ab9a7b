"""Targets by cell: read from codes or labels, counted, and told where something does not fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from survey_kit.cleaning.quota import progress, read_targets
from survey_kit.cleaning.run_checks import run_checks
from survey_kit.errors import StudyError
from survey_kit.forms.read import read_questionnaire
from survey_kit.questionnaire.model import Case, Derived
from survey_kit.questionnaire.parser import parse
from survey_kit.responses.read import ReadOptions, read_responses


@pytest.fixture(name="people")
def _people(survey, question, choice):
    def make(country, gender):
        return survey(
            [question("country", "select_one countries"), question("gender", "select_one genders")],
            {"country": country, "gender": gender},
            lists={
                "countries": [
                    choice("bd", {"en": "Bangladesh", "bn": "বাংলাদেশ"}),
                    choice("my", "Malaysia"),
                ],
                "genders": [choice("f", "Woman"), choice("m", "Man")],
            },
        )

    return make


def _file(tmp_path, text):
    path = tmp_path / "targets.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_codes_and_labels_in_any_language_are_the_same_cell_and_blank_is_anybody(people, tmp_path):
    responses = people(["bd", "bd", "my", "bd"], ["f", "f", "m", "m"])
    path = _file(tmp_path, "country,gender,target\nবাংলাদেশ, WOMAN ,1\nbd,m,3\nMalaysia,,2\n")
    targets = read_targets(path, responses.questionnaire)

    table = progress(responses, targets, np.ones(4, dtype=bool))

    assert table.to_numpy().tolist() == [
        ["bd", "f", 1, 2, 0, 1],
        ["bd", "m", 3, 1, 2, 0],
        ["my", "", 2, 1, 1, 0],
    ]


def _found(responses, path, **settings):
    checked = run_checks(
        responses, {"quota": {"targets": path.name, **settings}}, folder=path.parent
    )
    findings = checked.findings[checked.findings["check"] == "quota"]
    return findings, checked.summary.set_index("check").loc["quota", "note"]


def test_over_quota_unknown_cells_and_a_misspelt_target_are_findings(people, tmp_path):
    responses = people(["bd", "bd", "my", None], ["f", "f", "m", "m"])
    path = _file(tmp_path, "team,Country,gender,target\na,bd,f,1\nb,Malaysi,m,3\n")

    findings, note = _found(responses, path)

    assert findings[["interview", "question", "answer", "what"]].to_numpy().tolist() == [
        [
            "",
            "country",
            "",
            "the file of targets has 'Malaysi', which is no code and no label of country",
        ],
        [
            "",
            "country",
            "",
            "cell country bd, gender f: 1 more than the 1 wanted; 2 interviews in all",
        ],
        ["i3", "country", "my", "no target has this cell of country, gender"],
    ]
    assert (
        note
        == "2 cells by country, gender; targets from the column target; 2 of 4 done; columns left aside: team"
    )


def test_only_interviews_that_count_are_counted_and_an_allowance_is_given(people, tmp_path):
    responses = people(["bd"] * 4, ["f", "f", "f", "m"])
    path = _file(tmp_path, "country,n\nbd,2\n")

    strict, note = _found(responses, path, complete="${gender} = 'f'")
    lenient, _ = _found(responses, path, complete="${gender} = 'f'", allowance=0.5)

    assert strict["what"].tolist() == [
        "cell country bd: 1 more than the 2 wanted; 3 interviews in all"
    ]
    assert lenient.empty
    assert (
        note
        == "1 cells by country; targets from the column n; 3 of 2 done; 1 interviews do not count"
    )


@pytest.mark.parametrize(
    ("text", "settings", "message"),
    [
        (
            "land,target\nbd,1\n",
            {},
            "targets.csv: no column is a question or a derived variable. Name them in the setting columns: ['column of the file = question'].",
        ),
        (
            "country,a,b\nbd,1,2\n",
            {},
            "targets.csv: no column is called target. Name the column in the setting target.",
        ),
        (
            "country,target\nbd,x\n",
            {},
            "targets.csv, row 2: the target is no whole number. Write how many are wanted.",
        ),
        (
            "country,target\nbd,1\nBangladesh,2\n",
            {},
            "targets.csv, row 3: this cell has a target already. Add the two up, or name the column that tells them apart in columns.",
        ),
        (
            "country,target\nbd,1\n",
            {"columns": ["land = country"]},
            "targets.csv: there is no column 'land'. Write one of: country, target.",
        ),
        (
            "land,target\nbd,1\n",
            {"columns": ["land"]},
            "checks: quota: columns: 'land' does not say which question it is. Write: ['column of the file = question'].",
        ),
        (
            "land,target\nbd,1\n",
            {"columns": ["land = contry"]},
            "targets.csv, column 'land': there is no question 'contry'. Did you mean 'country'?",
        ),
        (
            "country,target\nbd,1\n",
            {"target": "targte"},
            "targets.csv: there is no column 'targte'. Did you mean 'target'?",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_what_to_do(
    people, tmp_path, text, settings, message
):
    responses = people(["bd"], ["f"])

    with pytest.raises(StudyError) as caught:
        _found(responses, _file(tmp_path, text), **settings)

    assert str(caught.value) == message


def test_without_a_file_the_check_says_so(people):
    summary = run_checks(people(["bd"], ["f"]), {}).summary.set_index("check")

    assert summary.loc["quota", "note"] == "no file of targets; name it in the setting targets"


def test_a_derived_variable_makes_cells_too(people, tmp_path):
    plain = people(["bd", "my", "my"], ["f", "f", "m"])
    derived = Derived(
        "group",
        {"en": "Group"},
        (
            Case(
                "women_my",
                {"en": "Women in Malaysia"},
                parse("${country} = 'my' and ${gender} = 'f'", "x"),
            ),
            Case("rest", {"en": "Everybody else"}, parse("true()", "x")),
        ),
        base=parse("${gender} = 'f'", "x"),
    )
    form = replace(plain.questionnaire, derived=(derived,))
    targets = read_targets(_file(tmp_path, "group,target\nwomen in Malaysia,1\nrest,1\n"), form)

    table = progress(replace(plain, questionnaire=form), targets, np.ones(3, dtype=bool))

    assert table["group"].tolist() == ["women_my", "rest"]
    assert table["done"].tolist() == [1, 1]


@pytest.mark.shared
def test_the_sample_frame_of_a_real_survey_is_read_as_it_is(shared):
    folder = shared / "data" / "iraq_households"
    form = read_questionnaire(folder / "form.xlsx")
    households = read_responses(
        folder / "raw_data.csv", form, options=ReadOptions(interview="X_uuid")
    )

    targets = read_targets(folder / "sample_frame.csv", form)
    table = progress(households, targets, np.ones(len(households), dtype=bool))

    raw = pd.read_csv(folder / "raw_data.csv", dtype="str")["neighbourhood"].value_counts()
    assert targets.column == "Total.no.of.HH"
    assert len(table) == 42
    assert table["target"].sum() == 578
    assert dict(zip(table["neighbourhood"], table["done"], strict=True)) == dict(raw)
    assert (table["over"] > 0).sum() == 14
