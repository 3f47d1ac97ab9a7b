"""What a constraint leaves open is found from the constraint, so that even narrow ones are met."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from survey_kit.errors import DefinitionError
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.replay import constraint_violations
from survey_kit.responses.simulate import simulate

if TYPE_CHECKING:
    import pandas as pd

    from survey_kit.responses.model import Responses

HEAD = """
questionnaire: small
version: "1"
title: {en: Small}
languages: {en: English}
choices:
  yes_no: [{code: "yes", label: {en: "Yes"}}, {code: "no", label: {en: "No"}}]
  regions: [{code: north, label: {en: North}}, {code: south, label: {en: South}}]
  towns:
    - {code: bo, label: {en: Bo}, region: north}
    - {code: ka, label: {en: Ka}, region: north}
  many: [MANY]
interview:
""".replace("MANY", ", ".join(f"{{code: c{n}, label: {{en: C{n}}}}}" for n in range(30)))


def simulated(body: str, folder: Path, n: int = 60, seed: int = 1) -> Responses:
    path = folder / "small.yaml"
    path.write_text(HEAD + body, encoding="utf-8")
    return simulate(read_yaml(path), n, seed=seed)


def answers(constraint: str, kind: str, folder: Path) -> pd.Series:
    """What 60 people answer to a required question with a constraint, after one of 40 to 50."""
    body = f"""
  - {{name: other, type: integer, label: {{en: O}}, required: true, constraint: ". >= 40 and . <= 50"}}
  - {{name: day, type: date, label: {{en: D}}, required: true, constraint: ". <= today()"}}
  - {{name: q, type: {kind}, label: {{en: Q}}, required: true, constraint: "{constraint}"}}
  - {{name: today, type: today}}
"""
    responses = simulated(body, folder)
    assert not constraint_violations(responses).to_numpy().any()
    return responses.frame["q"]


@pytest.mark.parametrize(
    ("constraint", "kind"),
    [
        (". = 123456", "integer"),
        (". > 8999999 and . < 9000003", "integer"),
        (". = ${other} * 3 + 1", "integer"),
        (". + ${other} = 10000", "integer"),
        ("(. >= 5000 and . <= 5002) or . = -77", "integer"),
        ("not(. < 77777) and not(. > 77778)", "integer"),
        ("if(${other} > 45, . = 900001, . = 900002)", "integer"),
        (". > 0.111 and . < 0.112", "decimal"),
        (". * 100 >= 555500 and . div 100 <= 55.56", "decimal"),
        ("regex(., '^(080|070)[0-9]{8}$')", "text"),
        ("regex(., '^[1-9][0-9]{8}$')", "integer"),
        ("string-length(.) = 13", "text"),
        ("string-length(.) >= 150 and string-length(.) <= 152", "text"),
        (". = 'blue' or . = 'green'", "text"),
        ("number(.) >= 7000 and number(.) <= 7005", "text"),
        (". >= date('1931-05-01') and . < date('1931-05-04')", "date"),
        (". > ${day} and . <= today()", "date"),
        ("count-selected(.) = 17", "select_multiple many"),
        (
            "selected(., 'c3') and selected(., 'c9') and count-selected(.) = 2",
            "select_multiple many",
        ),
        (". = 'c17'", "select_one many"),
    ],
)
def test_narrow_constraints_are_met(constraint: str, kind: str, tmp_path: Path):
    assert answers(constraint, kind, tmp_path).notna().all()


def test_a_person_in_a_dead_end_is_replaced_by_one_who_gets_through(tmp_path: Path):
    body = """
  - {name: region, type: select_one regions, label: {en: Region}, required: true}
  - name: town
    type: select_one towns
    label: {en: Town}
    required: true
    choice_filter: region = ${region}
  - repeat: child
    label: {en: Child}
    questions:
      - {name: age, type: integer, label: {en: Age}, required: true, constraint: . >= 0 and . < 18}
"""

    responses = simulated(body, tmp_path, n=200)

    assert set(responses.frame["region"]) == {"north"}
    assert set(responses.frame["town"]) == {"bo", "ka"}
    owners = responses.repeats["child"].frame.index.get_level_values(0)
    assert set(owners) <= set(responses.frame.index)
    assert len(responses.frame.index.unique()) == 200


def test_a_form_that_nobody_gets_through_names_the_question_at_which_they_stop(tmp_path: Path):
    body = """
  - {name: never, type: integer, label: {en: N}, required: true, constraint: ". > 5 and . < 4"}
"""

    with pytest.raises(DefinitionError) as caught:
        simulated(body, tmp_path)

    assert str(caught.value) == (
        "small.yaml, line 15, question 'never': no answer that the form takes was found in 60 "
        "tries. Check its constraint and choice_filter against each other, or say in the "
        "simulation file what its answers are like."
    )


def test_a_number_that_says_how_many_rows_there_are_stays_small(tmp_path: Path):
    body = """
  - {name: members, type: integer, label: {en: Members}, required: true}
  - {name: twice, type: calculate, calculation: "${members} * 2"}
  - repeat: member
    label: {en: Member}
    count: ${twice}
    questions:
      - {name: age, type: integer, label: {en: Age}}
"""

    responses = simulated(body, tmp_path, n=300)

    assert responses.frame["members"].between(0, 6).all()
    rows = responses.repeats["member"].frame
    assert len(rows) == 2 * responses.frame["members"].sum()


def test_what_refers_to_a_later_answer_holds_once_all_is_answered(tmp_path: Path):
    body = """
  - {name: early, type: integer, label: {en: E}, relevant: "${late} = 'yes'", required: true}
  - {name: late, type: select_one yes_no, label: {en: L}, required: true}
"""

    frame = simulated(body, tmp_path, n=100).frame

    assert frame["early"].notna().eq(frame["late"] == "yes").all()


def test_a_form_that_asks_the_clock_gets_one_answer_throughout(tmp_path: Path):
    body = """
  - {name: start, type: start}
  - {name: hour, type: calculate, calculation: "format-date-time(now(), '%H')"}
  - {name: begun, type: calculate, calculation: "format-date-time(${start}, '%H:%M')"}
  - {name: phone, type: deviceid}
"""

    frame = simulated(body, tmp_path).frame

    assert frame["hour"].notna().all()
    assert (frame["begun"] == frame["start"].dt.strftime("%H:%M")).all()
    assert all(re.fullmatch(r"simulated:\d+", phone) for phone in frame["phone"])


def test_places_lines_and_areas_are_spelt_as_phones_spell_them(tmp_path: Path):
    body = "".join(
        f"  - {{name: {kind}, type: {kind}, label: {{en: P}}, required: true}}\n"
        for kind in ("geopoint", "geotrace", "geoshape", "image")
    )

    frame = simulated(body, tmp_path).frame

    point = r"-?\d+\.\d{5} -?\d+\.\d{5} 0 \d+"
    assert frame["geopoint"].str.fullmatch(point).all()
    assert frame["geotrace"].str.fullmatch(rf"{point}(;{point})+").all()
    shapes = frame["geoshape"].str.split(";")
    assert all(len(shape) > 3 and shape[0] == shape[-1] for shape in shapes)
    assert frame["image"].str.fullmatch(r"simulated-image-\d+\.jpg").all()
