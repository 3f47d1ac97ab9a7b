"""Rules of a study: an expression that must hold, about one question, judged where it has an answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_kit.cleaning.checks.rule_broken import RULE_BROKEN
from survey_kit.cleaning.run_checks import run_checks
from survey_kit.errors import FileProblem, StudyError
from survey_kit.questionnaire.model import Missing, Repeat

ROUTE = ["Q13", "Q41", *(f"Q{n}" for n in range(47, 55))]
PLACES = ["Q56", "Q59", "Q62", "Q65", "Q98", "Q102", "Q106", "Q110", "Q114"]


def _found(responses, tmp_path: Path, text: str):
    (tmp_path / "rules.csv").write_text(text)
    return RULE_BROKEN.find(responses, {"file": tmp_path / "rules.csv"})


@pytest.fixture
def household(survey, question, choice):
    nodes = [
        question("age", "integer"),
        question("years", "integer"),
        question("nationality", "select_one c"),
        question("country", "select_one c"),
        Repeat("member", (question("old", "integer"), question("schooling", "integer"))),
    ]
    answers = {
        "age": [30, 20, None, 40],
        "years": [10, 25, 3, None],
        "nationality": ["a", "b", "rf", "rf"],
        "country": ["a", "a", "rf", "b"],
    }
    rows = {
        ("i1", 1): {"old": 10, "schooling": 12},
        ("i1", 2): {"old": 20, "schooling": 12},
        ("i2", 1): {"old": 5, "schooling": 6},
        ("i2", 2): {"schooling": 6},
    }
    lists = {"c": [choice("a"), choice("b"), choice("rf", missing=Missing.REFUSED)]}
    return survey(nodes, answers, lists=lists, repeats={"member": rows})


def test_a_rule_that_does_not_hold_is_one_finding_at_its_first_question(household, tmp_path):
    found = _found(
        household, tmp_path, "name,check,what,suggestion\nr,${years} <= ${age},Too long,Ask\n"
    )

    assert found[["interview", "question", "answer", "what", "suggestion"]].to_numpy().tolist() == [
        ["i2", "years", "25", "Too long", "Ask"],
        ["i3", "years", "3", "Too long", "Ask"],
    ]


def test_the_questions_say_where_a_rule_is_judged(household, tmp_path):
    text = 'name,check,questions\nr,${years} <= ${age},"age, years"\n'

    found = _found(household, tmp_path, text)

    assert list(zip(found["interview"], found["question"], strict=True)) == [
        ("i2", "age"),
        ("i4", "age"),
    ]
    assert found["what"].iloc[0] == "the rule r does not hold: ${years} <= ${age}"


def test_a_refusal_is_no_answer_to_judge(household, tmp_path):
    found = _found(household, tmp_path, "name,check\nr,${nationality} != ${country}\n")

    assert list(found["interview"]) == ["i1"]


def test_rows_of_a_repeat_are_judged_one_by_one(household, tmp_path):
    found = _found(household, tmp_path, "name,check\nr,${old} >= ${schooling}\n")

    assert list(zip(found["interview"], found["row"], strict=True)) == [("i1", "1"), ("i2", "1")]


def test_every_fault_of_the_file_is_named_with_its_row(household, tmp_path):
    text = (
        "name,check,sugestion\n"
        "r,${yeers} <= ${age},\n"
        "r2,${years} <= (,\n"
        ",${age} > 1,\n"
        "r3,${age} > 1,\n"
        "r3,1 = 2,\n"
        "r3,${age} > 2,\n"
    )

    with pytest.raises(StudyError) as caught:
        _found(household, tmp_path, text)

    lines = str(caught.value).splitlines()
    assert lines[0] == (
        "rules.csv, column sugestion: there is no such column. Did you mean 'suggestion'?"
    )
    assert lines[1] == (
        "rules.csv, row 2: there is no question called 'yeers'. Did you mean 'years'?"
    )
    assert lines[2].startswith("rules.csv, row 3: ")
    assert lines[3:] == [
        "rules.csv, row 4: the column name is empty. Fill it, or take out the row.",
        "rules.csv, row 6: the rule names no question. Name in questions what it is about.",
        "rules.csv, row 7: an earlier rule is called 'r3'. Give it another name.",
    ]


def test_a_rule_that_needs_the_device_is_refused(household, tmp_path):
    with pytest.raises(StudyError) as caught:
        _found(household, tmp_path, "name,check\nr,${age} > random()\n")

    assert str(caught.value).startswith("rules.csv, row 2: ")


def test_r_in_a_cell_is_text_and_refused(household, tmp_path):
    with pytest.raises(StudyError) as caught:
        _found(household, tmp_path, "name,check\nr,\"system('touch here'); age == 1\"\n")

    assert str(caught.value).startswith("rules.csv, row 2: ")
    assert not (tmp_path / "here").exists()


def test_a_file_without_the_columns_is_refused(household, tmp_path):
    with pytest.raises(FileProblem) as caught:
        _found(household, tmp_path, "check_id,check_to_perform\nr,age > 1\n")

    assert str(caught.value) == (
        "rules.csv: there are no columns name and check in it. Begin with a row of these columns: "
        "name, check, questions, what, suggestion."
    )


def test_the_file_is_named_in_the_study_and_without_it_nothing_runs(household, tmp_path):
    pd.DataFrame({"name": ["r"], "check": ["${years} <= ${age}"]}).to_excel(
        tmp_path / "rules.xlsx", sheet_name="rules", index=False
    )

    stated = run_checks(household, {"rule_broken": {"file": "rules.xlsx"}}, folder=tmp_path)
    without = run_checks(household, {})

    assert (stated.findings["check"] == "rule_broken").sum() == 2
    assert stated.summary.set_index("check").loc["rule_broken", "note"] == "1 rules"
    row = without.summary.set_index("check").loc["rule_broken"]
    assert (row["ran"], row["note"]) == (
        False,
        "no rules are stated; name a .csv or .xlsx file in the setting file",
    )


def test_the_rules_of_the_mixed_migration_centre_rewritten_find_what_theirs_say(
    survey, question, root
):
    random = np.random.default_rng(3)
    names = [*ROUTE, "Q31", "Q92", *PLACES]
    codes = ["", "BD", "MY", "TH", "ID", "MM", "IN"]
    table = pd.DataFrame({name: random.choice(codes, 300) for name in names})
    answers = {name: [code or None for code in table[name]] for name in names}
    nodes = [question(name, "select_one c") for name in names]

    found = RULE_BROKEN.find(
        survey(nodes, answers, lists={"c": codes[1:]}), {"file": root / "docs" / "rules_4mi.csv"}
    )

    route = [{code for code in row if code} for row in table[ROUTE].to_numpy()]
    expected = {
        ("Q31", i) for i in table.index[(table["Q13"] == table["Q31"]) & (table["Q31"] != "")]
    }
    home = (table["Q92"] == table["Q31"]) | (table["Q92"] == table["Q41"])
    expected |= {("Q92", i) for i in table.index[home & (table["Q92"] != "")]}
    for place in PLACES:
        expected |= {
            (place, i) for i, code in enumerate(table[place]) if code and code not in route[i]
        }
    got = {(q, int(i[1:]) - 1) for q, i in zip(found["question"], found["interview"], strict=True)}
    assert got == expected
    assert len(found) == len(expected) > 100
