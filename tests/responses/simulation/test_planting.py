"""Planted faults are where the ledger says, and nowhere else."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from survey_kit.errors import StudyError
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Absence, Responses
from survey_kit.responses.read import read_responses
from survey_kit.responses.replay import absence, constraint_violations, required_blank
from survey_kit.responses.simulate import read_calibration, simulate
from survey_kit.responses.simulation.planting import (
    Planted,
    plant,
    planted_faults,
    write_ledger,
)
from survey_kit.responses.simulation.template import template
from survey_kit.responses.submissions import write_submissions

FORM = """
questionnaire: market
version: "2"
title: {en: Market}
languages: {en: English}
choices:
  yes_no: [{code: "yes", label: {en: "Yes"}}, {code: "no", label: {en: "No"}}]
  money: [{code: kip, label: {en: Kip}}, {code: baht, label: {en: Baht}}]
  who: [{code: e1, label: {en: One}}, {code: e2, label: {en: Two}}]
interview:
  - {name: start, type: start}
  - {name: end, type: end}
  - {name: enumerator, type: select_one who, label: {en: Who}, required: true}
  - {name: age, type: integer, label: {en: Age}, required: true, constraint: . >= 18 and . <= 90}
  - {name: sells, type: select_one yes_no, label: {en: Sells?}, required: true}
  - {name: price, type: integer, label: {en: Price}, required: true, constraint: . > 0 and . < 100}
  - {name: money, type: select_one money, label: {en: Money}, required: true}
  - {name: cents, type: calculate, calculation: "${price} * 100"}
  - {name: stall, type: text, label: {en: Stall}, relevant: "${sells} = 'yes'", required: true}
  - {name: safe, type: select_one yes_no, label: {en: Safe?}, required: true}
  - {name: clean, type: select_one yes_no, label: {en: Clean?}, required: true}
  - repeat: child
    label: {en: Child}
    questions:
      - {name: school, type: select_one yes_no, label: {en: School?}, required: true}
"""


def planted(faults: str, folder: Path, n: int = 120) -> tuple[Responses, Planted]:
    """Interviews before and after planting."""
    form, calibration = folder / "market.yaml", folder / "calibration.yaml"
    form.write_text(FORM, encoding="utf-8")
    calibration.write_text(f"simulation: market\nfaults:\n{faults}", encoding="utf-8")
    questionnaire = read_yaml(form)
    said = read_calibration(calibration, questionnaire)
    clean = simulate(questionnaire, n, seed=4, calibration=said)
    return clean, plant(clean, said.faults, seed=4, fieldwork=said.fieldwork)


ORDERS = {
    "duplicates": "{fault: duplicates, number: 3}",
    "near_copies": "{fault: near_copies, number: 2}",
    "rushing": "{fault: rushing, number: 4, question: enumerator, values: [e1], minutes: 5}",
    "at_night": "{fault: at_night, number: 2}",
    "straight_lining": "{fault: straight_lining, share: 0.05}",
    "skip_violations": "{fault: skip_violations, number: 3, question: stall, values: [blue]}",
    "outliers": "{fault: outliers, number: 3, question: price, times: 1000, questions: [cents]}",
    "wrong_codes": "{fault: wrong_codes, number: 3, question: money}",
    "unlisted_codes": "{fault: unlisted_codes, number: 1, question: money, values: [euro]}",
    "stand_ins": "{fault: stand_ins, number: 2, question: age, values: ['99']}",
    "constraints_violated": "{fault: constraints_violated, number: 2, question: age, values: ['17']}",
    "telephone_numbers": "{fault: telephone_numbers, number: 1, question: stall, values: [+1 555 0100]}",
    "listed_others": "{fault: listed_others, number: 1, question: stall, values: [kip]}",
    "required_blanks": "{fault: required_blanks, number: 2, question: safe}",
    "older_versions": "{fault: older_versions, number: 5, values: ['1'], questions: [clean]}",
}
every_fault = pytest.mark.parametrize("fault", sorted(planted_faults()))


@every_fault
def test_what_is_planted_is_what_the_ledger_says(fault: str, tmp_path: Path):
    clean, made = planted(f"  - {ORDERS[fault]}\n", tmp_path)

    assert made.ledger
    changed = {line.interview for line in made.ledger}
    index = [each for each in clean.frame.index if each not in changed]
    pd.testing.assert_frame_equal(made.responses.frame.loc[index], clean.frame.loc[index])
    for line in made.ledger:
        if line.question:
            storage = clean.questionnaire.by_key[line.question].question.type.storage
            cells = as_text(made.responses.frame[line.question], storage).fillna("")
            assert line.before != line.planted
            assert cells[line.interview] == line.planted


@every_fault
def test_the_same_seed_plants_the_same(fault: str, tmp_path: Path):
    first = planted(f"  - {ORDERS[fault]}\n", tmp_path)[1]
    second = planted(f"  - {ORDERS[fault]}\n", tmp_path)[1]

    assert first.ledger == second.ledger
    pd.testing.assert_frame_equal(first.responses.frame, second.responses.frame)


def test_faults_show_where_their_checks_look(tmp_path: Path):
    orders = "".join(f"  - {order}\n" for order in ORDERS.values())

    made = planted(orders, tmp_path, n=300)[1]

    frame = made.responses.frame
    lines = {
        kind: [x for x in made.ledger if x.kind == kind] for kind in {x.kind for x in made.ledger}
    }
    assert constraint_violations(made.responses)["age"].sum() >= 2
    assert required_blank(made.responses)["safe"].sum() == 2
    assert len(made.responses) == 303
    for line in lines["outlier"]:
        assert float(frame.loc[line.interview, "cents"]) == frame.loc[line.interview, "price"] * 100
    for line in lines["too short"]:
        taken = frame.loc[line.interview, "end"] - frame.loc[line.interview, "start"]
        assert taken <= pd.Timedelta(minutes=6)
    for line in lines["at night"]:
        assert frame.loc[line.interview, "start"].hour < 4
    skipped = absence(made.responses)["stall"]
    for line in lines["skip violated"]:
        assert frame.loc[line.interview, "sells"] == "no"
        assert skipped[line.interview] == Absence.PRESENT
    for line in lines["older version"]:
        assert made.responses.absence.loc[line.interview, "clean"] == Absence.NOT_IN_VERSION
        assert made.responses.meta.loc[line.interview, "version"] == "1"
    used = [line.interview for line in made.ledger if line.kind != "duplicate"]
    assert len(set(used)) == len(
        {(x.interview, x.kind) for x in made.ledger if x.kind != "duplicate"}
    )


def test_what_was_planted_survives_the_way_through_xml(tmp_path: Path):
    made = planted(f"  - {ORDERS['older_versions']}\n  - {ORDERS['duplicates']}\n", tmp_path)[1]

    write_submissions(made.responses, tmp_path / "market.zip")
    again = read_responses(tmp_path / "market.zip", made.responses.questionnaire)

    absence_then = made.responses.absence.sort_index()
    pd.testing.assert_frame_equal(again.absence.sort_index(), absence_then, check_index_type=False)


def test_the_ledger_is_a_table_with_a_line_for_each_blemish(tmp_path: Path):
    made = planted(f"  - {ORDERS['stand_ins']}\n", tmp_path)[1]

    write_ledger(tmp_path / "ledger.csv", made.ledger)

    with (tmp_path / "ledger.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["planted"] for line in lines] == ["99", "99"]
    assert {line["check"] for line in lines} == {"stand_in"}


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (
            "{fault: outlier, number: 1, question: price}",
            "faults: there is no fault called 'outlier'. Did you mean 'outliers'?",
        ),
        ("{fault: outliers, number: 1}", "faults, outliers: it needs 'question'. Add question."),
        (
            "{fault: duplicates, question: age, number: 1}",
            "faults, duplicates: it has no use for 'question'. It takes fault, number, share and when.",
        ),
        (
            "{fault: duplicates}",
            "faults, duplicates: it does not say how many, or says it twice. Write number: 3.",
        ),
        (
            "{fault: required_blanks, number: 1, question: school}",
            "faults, required_blanks: 'school' stands in the repeat 'child'. Name a question outside",
        ),
        (
            "{fault: required_blanks, number: some, question: age}",
            "faults, required_blanks, number: 'some' is no number of 0 or more. Write one.",
        ),
    ],
)
def test_an_order_that_cannot_be_understood_says_why(order: str, said: str, tmp_path: Path):
    with pytest.raises(StudyError) as caught:
        planted(f"  - {order}\n", tmp_path)

    assert said in str(caught.value)


def test_too_many_faults_for_too_few_interviews_are_refused(tmp_path: Path):
    with pytest.raises(StudyError) as caught:
        planted("  - {fault: duplicates, number: 40}\n", tmp_path, n=10)

    assert str(caught.value) == (
        "calibration.yaml, line 3, duplicates: 10 interviews are able to take it, and 40 are "
        "wanted. Simulate more interviews, order fewer faults, or widen when."
    )


def test_a_calibration_to_start_from_is_one_that_can_be_read(tmp_path: Path):
    form, start = tmp_path / "market.yaml", tmp_path / "start.yaml"
    form.write_text(FORM, encoding="utf-8")
    questionnaire = read_yaml(form)

    start.write_text(template(questionnaire), encoding="utf-8")

    said = read_calibration(start, questionnaire)
    assert set(said.questions) == {"enumerator", "sells", "money", "safe", "clean", "school"}
    assert set(said.repeats) == {"child"}
    assert len(simulate(questionnaire, 20, seed=1, calibration=said)) == 20
