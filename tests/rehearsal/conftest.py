"""Small forms to rehearse: a household that is sound, and one with every fault planted in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml

HOUSEHOLD = """\
questionnaire: household
version: "3"
languages: {en: English}
choices:
  yes_no:
    - {code: "yes", label: {en: "Yes"}}
    - {code: "no", label: {en: "No"}}
  towns:
    - {code: a, label: {en: Aford}, region: north}
    - {code: b, label: {en: Bford}, region: south}
  regions:
    - {code: north, label: {en: North}}
    - {code: south, label: {en: South}}
  works:
    - {code: farm, label: {en: Farming}}
    - {code: trade, label: {en: Trade}}
    - {code: none, label: {en: None}}
interview:
  - {name: today, type: today}
  - {name: consent, type: select_one yes_no, label: {en: Do you agree?}, required: true}
  - group: home
    label: {en: Home}
    relevant: ${consent} = 'yes'
    questions:
      - {name: region, type: select_one regions, label: {en: Which region?}, required: true}
      - {name: town, type: select_one towns, label: {en: Which town?}, choice_filter: "region = ${region}", required: true}
      - {name: moved, type: date, label: {en: When did you move in?}, constraint: ". <= today()"}
      - {name: size, type: integer, label: {en: How many people?}, constraint: ". > 0 and . < 5", required: true}
      - repeat: person
        label: {en: Person}
        count: ${size}
        questions:
          - {name: age, type: integer, label: {en: Age?}, constraint: ". >= 0 and . < 110", required: true}
          - {name: work, type: select_multiple works, label: {en: What work?}, relevant: "${age} >= 15", constraint: "not(selected(., 'none') and count-selected(.) > 1)"}
      - {name: adults, type: calculate, calculation: "count-selected(join(' ', ${work}))"}
      - {name: oldest, type: calculate, calculation: "max(${age})"}
      - {name: old, type: text, label: {en: Tell me of old times}, relevant: "${oldest} > 90"}
analysis:
  derived:
    - name: household_type
      label: {en: Type}
      base: ${consent} = 'yes'
      cases:
        - {code: single, label: {en: One}, when: "${size} = 1"}
        - {code: several, label: {en: More}, when: "true()"}
tests:
  - name: a refusal ends the interview
    answers: {consent: "no"}
    asked: [consent]
    not_asked: [region, age, old]
    ends: true
  - name: two people, one of them old
    answers: {today: "2026-11-21", consent: "yes", region: north, town: a, size: "2", "age[1]": "8", "age[2]": "95", "work[2]": farm trade}
    asked: ["work[2]", work, old]
    not_asked: ["work[1]"]
    values: {oldest: "95", household_type: several, "age[2]": "95"}
    ends: true
  - name: what cannot be
    answers: {today: "2026-11-21", consent: "yes", region: north, town: b, moved: "2027-01-01", size: "1", "age[1]": "30", work: none farm}
    refused: [town, moved, "work[1]"]
    ends: false
"""

FAULTY = """\
questionnaire: faulty
version: "1"
languages: {en: English}
choices:
  yes_no:
    - {code: "yes", label: {en: "Yes"}}
    - {code: "no", label: {en: "No"}}
  districts:
    - {code: d1, label: {en: One}, of: east}
    - {code: d2, label: {en: Two}, of: west}
interview:
  - {name: consent, type: select_one yes_no, label: {en: Do you agree?}, required: true}
  - {name: seven, type: integer, label: {en: A number}, required: true}
  - {name: luck, type: text, label: {en: Only of seven hundred}, relevant: "${seven} = 700 and ${consent} = 'yes'"}
  - {name: dead, type: text, label: {en: Nobody is asked}, relevant: "${consent} = 'maybe'"}
  - {name: district, type: select_one districts, label: {en: District}, choice_filter: "of = 'north'", relevant: "${consent} = 'no'"}
  - {name: never, type: integer, label: {en: Impossible}, constraint: ". > 5 and . < 3"}
  - {name: wall, type: integer, label: {en: Impossible and required}, required: true, constraint: ". > 5 and . < 3", relevant: "${consent} = 'yes'"}
  - {name: after, type: text, label: {en: After the wall}, relevant: "${consent} = 'yes'"}
"""


@pytest.fixture
def definition(tmp_path: Path) -> Callable[[str], Questionnaire]:
    """A questionnaire from YAML."""

    def read(text: str) -> Questionnaire:
        path = tmp_path / "form.yaml"
        path.write_text(text, encoding="utf-8")
        return read_yaml(path)

    return read


@pytest.fixture
def household(definition: Callable[[str], Questionnaire]) -> Questionnaire:
    """A sound form with a cascade, a counted repeat, calculations and tests."""
    return definition(HOUSEHOLD)


@pytest.fixture
def faulty(definition: Callable[[str], Questionnaire]) -> Questionnaire:
    """A form with a dead question, an empty list, impossible constraints, an unreachable end."""
    return definition(FAULTY)
