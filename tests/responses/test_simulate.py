"""Simulated respondents keep every rule of their questionnaire, whatever it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey_kit.errors import DefinitionError, UsageError
from survey_kit.forms.read import read_questionnaire
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.evaluate import offered
from survey_kit.responses.model import Absence
from survey_kit.responses.replay import (
    absence,
    absence_in_repeat,
    constraint_violations,
    constraint_violations_in_repeat,
    required_blank,
    required_blank_in_repeat,
)
from survey_kit.responses.simulate import Calibration, simulate
from survey_kit.responses.simulation.calibration import Case, Fieldwork, Likely, Plan
from survey_kit.responses.submissions import write_submissions

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Item, Questionnaire
    from survey_kit.responses.model import Responses

HEAD = """
questionnaire: small
version: "1"
title: {en: Small}
languages: {en: English}
choices:
  yes_no: [{code: "yes", label: {en: "Yes"}}, {code: "no", label: {en: "No"}}]
  fruits:
    - {code: none, label: {en: None}, country: any}
    - {code: apple, label: {en: Apple}, country: north}
    - {code: pear, label: {en: Pear}, country: north}
    - {code: mango, label: {en: Mango}, country: south}
    - {code: fig, label: {en: Fig}, country: south}
    - {code: refused, label: {en: Will not say}, missing: refused, country: any}
  countries: [{code: north, label: {en: North}}, {code: south, label: {en: South}}]
interview:
"""
METADATA = """
  - {name: start, type: start}
  - {name: end, type: end}
  - {name: today, type: today}
"""
SKIPS = """
  - {name: consent, type: select_one yes_no, label: {en: Agree?}, required: true}
  - group: person
    relevant: ${consent} = 'yes'
    questions:
      - {name: age, type: integer, label: {en: Age}, required: true, constraint: . >= 18 and . <= 99}
      - {name: older, type: select_one yes_no, label: {en: Older?}, relevant: "${age} > 60"}
      - name: eats
        type: select_multiple fruits
        label: {en: Eats}
        required: true
        constraint: not(selected(., 'none') and count-selected(.) > 1) and count-selected(.) <= 3
      - name: best
        type: select_one fruits
        label: {en: Best}
        relevant: not(selected(${eats}, 'none') or selected(${eats}, 'refused'))
        choice_filter: selected(${eats}, name)
        required: true
      - {name: points, type: calculate, calculation: "count-selected(${eats}) * 2"}
"""
CASCADE = """
  - {name: country, type: select_one countries, label: {en: Country}, required: true}
  - name: fruit
    type: select_one fruits
    label: {en: Fruit}
    choice_filter: country = ${country}
    required: true
  - name: ranked
    type: rank fruits
    label: {en: Rank}
    choice_filter: country = ${country}
  - name: second
    type: select_one fruits
    label: {en: Second}
    choice_filter: country = ${country} and name != ${fruit}
"""
NUMBERS = """
  - {name: household, type: integer, label: {en: Household}, required: true, constraint: . > 0 and . < 12}
  - name: children
    type: integer
    label: {en: Children}
    required: true
    constraint: . >= 0 and . < ${household}
  - {name: exact, type: integer, label: {en: Exact}, required: true, constraint: . = 4711}
  - {name: below, type: integer, label: {en: Below zero}, required: true, constraint: . < -5}
  - {name: share, type: decimal, label: {en: Share}, constraint: . >= 0.25 and . <= 0.75}
  - {name: coupon, type: text, label: {en: Coupon}, required: true, constraint: "regex(., '[0-9]{6}')"}
  - {name: scale, type: range, label: {en: Scale}, parameters: "start=2 end=10 step=2"}
  - {name: where, type: geopoint, label: {en: Where}, required: true}
  - {name: at, type: time, label: {en: When}}
  - {name: photo, type: image, label: {en: Photo}}
  - {name: ok, type: acknowledge, label: {en: Fine}, required: true}
"""
DATES = f"""{METADATA}
  - {{name: arrived, type: date, label: {{en: Arrived}}, required: true, constraint: ". <= ${{today}}"}}
  - name: left
    type: date
    label: {{en: Left}}
    required: true
    appearance: month-year
    constraint: . <= ${{arrived}} and . >= date('2015-01-01')
  - {{name: due, type: date, label: {{en: Due}}, required: true, constraint: ". > ${{today}}"}}
  - {{name: seen, type: dateTime, label: {{en: Seen}}}}
"""
REPEATS = """
  - {name: members, type: integer, label: {en: Members}, required: true, constraint: . >= 0 and . <= 4}
  - repeat: member
    label: {en: Member}
    count: ${members}
    questions:
      - {name: age, type: integer, label: {en: Age}, required: true, constraint: . >= 0 and . < 100}
      - {name: school, type: select_one yes_no, label: {en: School?}, relevant: "${age} < 18"}
      - group: grown
        relevant: ${age} >= 18
        questions:
          - repeat: job
            label: {en: Job}
            questions:
              - {name: hours, type: integer, label: {en: Hours}, required: true, constraint: . <= 80}
              - {name: long, type: calculate, calculation: "if(${hours} > 40, 'yes', 'no')"}
  - {name: likes, type: select_multiple fruits, label: {en: Likes}, constraint: "not(selected(., 'none') and count-selected(.) > 1)"}
  - group: each_liked
    relevant: count-selected(${likes}) > 0 and not(selected(${likes}, 'none') or selected(${likes}, 'refused'))
    questions:
      - repeat: liked
        label: {en: Liked}
        count: count-selected(${likes})
        questions:
          - {name: which, type: calculate, calculation: "selected-at(${likes}, position(..) - 1)"}
          - {name: often, type: select_one yes_no, label: {en: Often?}, required: true}
"""
FORMS = {
    "skips": SKIPS,
    "a cascade": CASCADE,
    "numbers and texts": NUMBERS,
    "dates": DATES,
    "repeats": REPEATS,
}
every_form = pytest.mark.parametrize("form", list(FORMS))


class Forms(dict[str, "Questionnaire"]):
    """The small questionnaires by name; hypothesis shows one word for all of them."""

    def __repr__(self) -> str:
        return "forms"


def questionnaire_of(body: str, folder: Path) -> Questionnaire:
    path = folder / "small.yaml"
    path.write_text(HEAD + body, encoding="utf-8")
    return read_yaml(path)


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Forms:
    folder = tmp_path_factory.mktemp("forms")
    return Forms((name, questionnaire_of(body, folder)) for name, body in FORMS.items())


def frames(responses: Responses) -> dict[str, pd.DataFrame]:
    repeats = {name: rows.frame for name, rows in responses.repeats.items()}
    return {"interviews": responses.frame, **repeats}


def faults(responses: Responses) -> list[str]:
    """Everything in the interviews that their form would not have let pass."""
    found = {
        "asked or skipped wrongly": absence(responses) != responses.absence,
        "a constraint is violated": constraint_violations(responses),
        "required and blank": required_blank(responses),
    }
    for name, rows in responses.repeats.items():
        found[f"asked or skipped wrongly in {name}"] = (
            absence_in_repeat(responses, name) != rows.absence
        )
        found[f"a constraint is violated in {name}"] = constraint_violations_in_repeat(
            responses, name
        )
        found[f"required and blank in {name}"] = required_blank_in_repeat(responses, name)
    for item in responses.questionnaire.items:
        if item.question.type.storage in (Storage.CODE, Storage.CODES):
            found[f"{item.key} holds what was not offered"] = not_offered(responses, item)
    return [what for what, where in found.items() if where.to_numpy(dtype=bool).any()]


def not_offered(responses: Responses, item: Item) -> pd.DataFrame:
    """(rows, choices + 1) bool: choices that were made and not offered; last, codes of no list."""
    frame = responses.repeats[item.repeats[-1]].frame if item.repeats else responses.frame
    codes = [choice.code for choice in responses.questionnaire.choices(item.question)]
    chosen = frame[item.key].fillna("").map(lambda text: set(str(text).split()))
    made = pd.DataFrame({code: [code in each for each in chosen] for code in codes}, dtype=bool)
    made["no list"] = [not each <= set(codes) for each in chosen]
    if item.question.choice_filter is not None and len(frame):
        made[codes] &= ~offered(item.question.choice_filter, responses, item.key)
    else:
        made[codes] = False
    return made


@every_form
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32), n=st.integers(0, 60))
def test_nothing_breaks_a_rule_of_the_form(forms: Forms, form: str, seed: int, n: int):
    responses = simulate(forms[form], n, seed=seed)

    assert len(responses) == n
    assert faults(responses) == []


@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    shares=st.dictionaries(
        st.sampled_from(["none", "apple", "pear", "mango", "fig", "refused"]), st.floats(0, 1)
    ),
    mean=st.floats(-50, 200),
)
@example(seed=0, shares={"apple": 5e-324}, mean=0.0)
def test_an_odd_calibration_makes_odd_interviews_but_none_that_the_form_refuses(
    forms: Forms, seed: int, shares: dict[str, float], mean: float
):
    calibration = Calibration(
        questions={
            "eats": Plan(Likely(shares=shares, together=1.5, site=2.0)),
            "best": Plan(Likely(shares=shares)),
            "age": Plan(Likely(mean=mean, spread=3.0)),
        }
    )

    responses = simulate(forms["skips"], 40, seed=seed, calibration=calibration)

    assert faults(responses) == []


@every_form
def test_the_same_seed_gives_the_same_bytes(forms: Forms, form: str, tmp_path: Path):
    write_submissions(simulate(forms[form], 25, seed=7), tmp_path / "one.zip")
    write_submissions(simulate(forms[form], 25, seed=7), tmp_path / "two.zip")
    write_submissions(simulate(forms[form], 25, seed=8), tmp_path / "three.zip")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert (tmp_path / "one.zip").read_bytes() != (tmp_path / "three.zip").read_bytes()


def test_shares_come_out_as_they_were_asked_for(tmp_path: Path):
    questionnaire = questionnaire_of(
        """
  - {name: country, type: select_one countries, label: {en: Country}, required: true}
  - name: eats
    type: select_multiple fruits
    label: {en: Eats}
    required: true
    constraint: not(selected(., 'none') and count-selected(.) > 1)
""",
        tmp_path,
    )
    asked_for = {"none": 0.2, "apple": 0.5, "pear": 0.3, "mango": 0.4, "fig": 0.1, "refused": 0.05}
    calibration = Calibration(
        questions={
            "country": Plan(Likely(shares={"north": 3, "south": 1})),
            "eats": Plan(Likely(shares=asked_for)),
        }
    )

    eats = simulate(questionnaire, 20_000, seed=1, calibration=calibration).frame

    # Four standard errors of a share at n = 20,000 are at most 0.014.
    assert (eats["country"] == "north").mean() == pytest.approx(0.75, abs=0.014)
    chosen = eats["eats"].str.split()
    for code, share in asked_for.items():
        found = chosen.map(lambda codes, code=code: code in codes).mean()
        assert found == pytest.approx(share, abs=0.016), code
    assert (eats["eats"] == "none").mean() == pytest.approx(0.2, abs=0.014)


def test_a_case_makes_an_association(forms: Forms):
    calibration = Calibration(
        questions={
            "consent": Plan(Likely(shares={"yes": 1})),
            "age": Plan(Likely(mean=50, spread=15)),
            "eats": Plan(
                Likely(shares={"apple": 0.5, "fig": 0.3}),
                (
                    Case(parse("${age} >= 50", "test"), Likely(shares={"apple": 0.9})),
                    Case(parse("${age} < 50", "test"), Likely(odds={"fig": 4.0})),
                ),
            ),
        }
    )

    frame = simulate(forms["skips"], 10_000, seed=3, calibration=calibration).frame

    old = frame["age"] >= 50
    apple, fig = (frame["eats"].str.contains(code) for code in ("apple", "fig"))
    assert apple[old].mean() == pytest.approx(0.9, abs=0.02)
    assert apple[~old].mean() == pytest.approx(0.5, abs=0.04)
    assert fig[~old].mean() - fig[old].mean() > 0.25


def test_people_of_one_place_are_alike(tmp_path: Path):
    codes = ", ".join(f"{{code: p{number}, label: {{en: P{number}}}}}" for number in range(40))
    body = """
  - {name: place, type: select_one places, label: {en: Place}, required: true}
  - {name: agrees, type: select_one yes_no, label: {en: Agrees}, required: true}
"""
    path = tmp_path / "places.yaml"
    head = HEAD.replace("choices:\n", f"choices:\n  places: [{codes}]\n")
    path.write_text(head + body, encoding="utf-8")
    questionnaire = read_yaml(path)

    def spread(site_effect: float) -> float:
        fieldwork = Fieldwork(place="place", site_effect=site_effect)
        frame = simulate(
            questionnaire, 8000, seed=5, calibration=Calibration(fieldwork=fieldwork)
        ).frame
        return float((frame["agrees"] == "yes").groupby(frame["place"]).mean().std())

    # By chance alone, shares of 200 people spread by √(0.25 / 200) = 0.035.
    assert spread(0.0) < 0.05
    assert spread(0.5) > 0.10


def test_numbers_and_days_follow_their_calibration(tmp_path: Path):
    questionnaire = questionnaire_of(
        f"""{METADATA}
  - {{name: height, type: decimal, label: {{en: Height}}, required: true}}
  - {{name: cost, type: integer, label: {{en: Cost}}, required: true}}
  - {{name: dice, type: integer, label: {{en: Dice}}, required: true}}
  - {{name: arrived, type: date, label: {{en: Arrived}}, required: true}}
  - {{name: left, type: date, label: {{en: Left}}, required: true}}
  - {{name: coupon, type: text, label: {{en: Coupon}}, required: true}}
""",
        tmp_path,
    )
    calibration = Calibration(
        questions={
            "height": Plan(Likely(mean=165, spread=10, lowest=140)),
            "cost": Plan(Likely(median=2000, factor=2, step=50)),
            "dice": Plan(Likely(shares={"1": 1, "6": 3})),
            "arrived": Plan(Likely(median=100, factor=2)),
            "left": Plan(Likely(before="arrived", median=30, factor=1.5)),
            "coupon": Plan(Likely(pattern="AB-##?")),
        }
    )

    frame = simulate(questionnaire, 5000, seed=2, calibration=calibration).frame

    assert frame["height"].mean() == pytest.approx(165, abs=1)
    assert frame["height"].std() == pytest.approx(10, abs=1)
    assert frame["height"].min() >= 140
    assert frame["cost"].median() == pytest.approx(2000, rel=0.06)
    assert (frame["cost"] % 50 == 0).all()
    assert frame["dice"].value_counts(normalize=True)[6.0] == pytest.approx(0.75, abs=0.03)
    assert set(frame["dice"]) == {1.0, 6.0}
    days = (frame["today"] - frame["arrived"]).dt.days
    assert days.median() == pytest.approx(100, rel=0.06)
    assert (frame["arrived"] - frame["left"]).dt.days.median() == pytest.approx(30, abs=2)
    assert frame["coupon"].str.fullmatch(r"AB-\d\d[A-Z]").all()


def test_whoever_may_leave_a_question_out_sometimes_does(tmp_path: Path):
    questionnaire = questionnaire_of(
        """
  - {name: must, type: select_one yes_no, label: {en: Must}, required: true}
  - {name: may, type: select_one yes_no, label: {en: May}}
  - {name: words, type: text, label: {en: Words}}
""",
        tmp_path,
    )
    calibration = Calibration(questions={"may": Plan(Likely(answered=0.6))})

    responses = simulate(questionnaire, 5000, seed=1, calibration=calibration)

    answered = responses.frame.notna().mean()
    assert answered["must"] == 1
    assert answered["may"] == pytest.approx(0.6, abs=0.03)
    assert answered["words"] == pytest.approx(0.3, abs=0.03)
    assert set(np.unique(responses.absence["may"])) == {Absence.PRESENT, Absence.BLANK}


def test_rows_of_a_repeat_come_in_the_number_that_is_likely(tmp_path: Path):
    questionnaire = questionnaire_of(
        """
  - repeat: member
    label: {en: Member}
    questions:
      - {name: age, type: integer, label: {en: Age}, required: true, constraint: . >= 0 and . < 100}
""",
        tmp_path,
    )
    plan = Plan(Likely(mean=5, spread=1, lowest=3))

    responses = simulate(
        questionnaire, 2000, seed=1, calibration=Calibration(repeats={"member": plan})
    )

    rows = responses.repeats["member"].frame
    counts = rows.groupby(level=0).size()
    assert counts.mean() == pytest.approx(5, abs=0.1)
    assert counts.min() == 3
    assert rows.index.names == ["interview", "member"]
    first = responses.frame.index[0]
    assert list(rows.loc[first].index) == list(range(1, counts[first] + 1))
    assert list(dict.fromkeys(rows.index.get_level_values(0))) == list(responses.frame.index)


def test_enumerators_work_by_day_and_do_one_interview_at_a_time(tmp_path: Path):
    questionnaire = questionnaire_of(
        f"""{METADATA}
  - {{name: who, type: select_one countries, label: {{en: Enumerator}}, required: true}}
  - {{name: age, type: integer, label: {{en: Age}}, required: true}}
""",
        tmp_path,
    )
    fieldwork = Fieldwork(
        first_day=date(2026, 3, 2),
        last_day=date(2026, 3, 20),
        days_off=(5, 6),
        enumerator="who",
        a_day=5,
        minutes=30,
    )

    frame = simulate(
        questionnaire, 90, seed=4, calibration=Calibration(fieldwork=fieldwork)
    ).frame.sort_values(["who", "start"])

    same = frame["who"] == frame["who"].shift()
    assert (frame["start"] >= frame["end"].shift())[same].all()
    assert (frame["start"] < frame["end"]).all()
    assert frame["start"].dt.hour.min() >= 8
    assert frame["end"].dt.hour.max() <= 20
    assert (frame["today"].dt.day_of_week < 5).all()
    assert frame["today"].between("2026-03-02", "2026-03-20").all()
    assert (frame["today"] == frame["start"].dt.normalize()).all()


def test_more_interviews_than_days_begin_earlier(tmp_path: Path):
    questionnaire = questionnaire_of(
        f"""{METADATA}
  - {{name: who, type: select_one countries, label: {{en: Enumerator}}, required: true}}
""",
        tmp_path,
    )
    fieldwork = Fieldwork(
        first_day=date(2026, 3, 2), last_day=date(2026, 3, 6), enumerator="who", a_day=4
    )

    frame = simulate(questionnaire, 500, seed=4, calibration=Calibration(fieldwork=fieldwork)).frame

    assert frame["today"].min() < pd.Timestamp("2026-03-02")
    assert frame["today"].max() <= pd.Timestamp("2026-03-06")
    assert frame.groupby(["who", "today"]).size().max() <= 5
    assert frame["end"].dt.hour.max() <= 20


def test_interviews_stand_in_the_order_in_which_they_took_place(forms: Forms):
    responses = simulate(forms["dates"], 50, seed=1)

    assert responses.frame["start"].is_monotonic_increasing
    assert (responses.meta["submitted"] > responses.frame["end"]).all()
    assert set(responses.meta["version"]) == {"1"}
    assert responses.frame.index.is_unique
    assert responses.frame.index.str.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").all()


def test_a_question_that_nothing_can_answer_is_named(tmp_path: Path):
    questionnaire = questionnaire_of(
        "  - {name: age, type: integer, label: {en: Age}, required: true, constraint: . > 18 and . < 10}",
        tmp_path,
    )

    with pytest.raises(DefinitionError) as caught:
        simulate(questionnaire, 5, seed=1)

    assert str(caught.value) == (
        "small.yaml, line 17, question 'age': no answer that the form takes was found in 60 "
        "tries. Check its constraint and choice_filter against each other, or say in the "
        "simulation file what its answers are like."
    )


def test_a_question_that_nothing_can_answer_is_left_blank_where_it_may_be(tmp_path: Path):
    questionnaire = questionnaire_of(
        "  - {name: age, type: integer, label: {en: Age}, constraint: . > 18 and . < 10}", tmp_path
    )

    responses = simulate(questionnaire, 5, seed=1)

    assert responses.frame["age"].isna().all()
    assert faults(responses) == []


def test_a_calculation_may_look_ahead(tmp_path: Path):
    questionnaire = questionnaire_of(
        """
  - {name: twice, type: calculate, calculation: "${later} * 2"}
  - {name: later, type: integer, label: {en: Later}, required: true, constraint: . > 0 and . < 9}
""",
        tmp_path,
    )

    frame = simulate(questionnaire, 20, seed=1).frame

    assert (frame["twice"].astype(float) == frame["later"] * 2).all()


def test_frames_hold_answers_as_responses_do(forms: Forms):
    for questionnaire in forms.values():
        for name, frame in frames(simulate(questionnaire, 30, seed=1)).items():
            for key in frame:
                storage = questionnaire.by_key[str(key)].question.type.storage
                kind = frame[key].dtype.kind
                if storage in (Storage.INTEGER, Storage.DECIMAL):
                    assert kind == "f", (name, key)
                elif storage in (Storage.DATE, Storage.DATETIME):
                    assert kind == "M", (name, key)
                else:
                    assert frame[key].dtype == "str", (name, key)


def test_fewer_than_no_interviews_cannot_be_made(forms: Forms):
    with pytest.raises(UsageError) as caught:
        simulate(forms["skips"], -1, seed=1)

    assert str(caught.value) == "simulate: -1 interviews cannot be made. Ask for 0 or more."


def test_without_a_calibration_refusing_is_as_likely_as_any_other_choice(tmp_path: Path):
    questionnaire = questionnaire_of(
        "\n  - {name: fruit, type: select_one fruits, label: {en: Fruit}, required: true}", tmp_path
    )
    nothing = replace(Calibration(), questions=MappingProxyType({}))

    plain = simulate(questionnaire, 6000, seed=9).frame["fruit"]
    usual = simulate(questionnaire, 6000, seed=9, calibration=nothing).frame["fruit"]

    # Five standard errors of a share of one sixth at n = 6,000 are 0.024.
    assert (plain == "refused").mean() == pytest.approx(1 / 6, abs=0.024)
    assert (usual == "refused").mean() == pytest.approx(0.01, abs=0.007)


@pytest.mark.shared
def test_a_form_that_nobody_here_wrote_is_answered_too(shared: Path):
    questionnaire = read_questionnaire(shared / "data" / "iraq_households" / "form.xlsx")

    responses = simulate(questionnaire, 40, seed=1)

    assert len(responses) == 40
    assert faults(responses) == []


def _rosters(tmp_path: Path, count: str, levels: int) -> Questionnaire:
    lines = ["questionnaire: rosters", 'version: "1"', "languages: {en: English}", "interview:"]
    for level in range(levels):
        lines += [
            f"{'    ' * level}  - repeat: r{level}",
            f"{'    ' * level}    label: {{en: Row}}",
            *([f"{'    ' * level}    count: '{count}'"] if count else []),
            f"{'    ' * level}    questions:",
        ]
    lines.append(f"{'    ' * levels}  - {{name: q, type: integer, label: {{en: Q}}}}")
    path = tmp_path / "rosters.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_questionnaire(path)


@pytest.mark.parametrize(
    ("count", "levels", "repeat", "rows"), [("301", 1, "r0", "300"), ("60", 9, "r1", "3,000")]
)
def test_rows_that_nobody_meant_are_refused(
    tmp_path: Path, count: str, levels: int, repeat: str, rows: str
):
    with pytest.raises(DefinitionError) as caught:
        simulate(_rosters(tmp_path, count, levels), 5, seed=1)

    assert str(caught.value).startswith(f"rosters.yaml, line {4 * int(repeat[1]) + 5}, ")
    assert str(caught.value).partition(f"repeat '{repeat}': ")[2] == (
        f"it would have more than {rows} rows. Give the question that says how many a constraint, "
        "or say in the simulation file what its answers are like."
    )


def test_repeats_in_one_another_without_a_number_of_rows_stay_small(tmp_path: Path):
    responses = simulate(_rosters(tmp_path, "", 24), 5, seed=2)

    rows = [each.frame.groupby(level=0).size().max() for each in responses.repeats.values()]
    assert 1_000 < max(rows) <= 3_000
