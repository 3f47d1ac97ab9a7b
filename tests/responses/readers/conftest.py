"""A form with repeats within repeats, interviews made with it, and what it means to be the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from survey_kit.forms.xlsform import read_xlsform
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Responses
from survey_kit.responses.simulate import simulate

FORM = """
questionnaire: camp
version: "7"
title: {en: "Camp: round 1"}
languages: {en: English}
choices:
  yes_no: [{code: "yes", label: {en: "Yes"}}, {code: "no", label: {en: "No"}}]
  water:
    - {code: well, label: {en: Well}}
    - {code: "0.75", label: {en: Three quarters}}
    - {code: "001", label: {en: Prefers not to say}, missing: refused}
interview:
  - {name: start, type: start}
  - {name: consent, type: select_one yes_no, label: {en: Consent}, required: true}
  - group: home
    relevant: ${consent} = 'yes'
    questions:
      - {name: tent, type: geopoint, label: {en: Where}}
      - {name: water, type: select_multiple water, label: {en: Water}}
      - {name: litres, type: decimal, label: {en: Litres}, constraint: . >= 0 and . < 50}
  - group: people
    relevant: ${consent} = 'yes'
    questions:
      - repeat: person
        label: {en: Person}
        questions:
          - {name: name, type: text, label: {en: Name}, required: true}
          - {name: age, type: integer, label: {en: Age}, required: true, constraint: . >= 0 and . < 100}
          - group: work
            questions:
              - {name: works, type: select_one yes_no, label: {en: Works}, relevant: "${age} > 10"}
              - repeat: job
                label: {en: Job}
                questions:
                  - {name: pays, type: select_multiple water, label: {en: Pays}}
                  - {name: since, type: date, label: {en: Since}, required: true, constraint: ". < date('2026-01-01')"}
                  - {name: at, type: geopoint, label: {en: Place}}
      - repeat: animal
        label: {en: Animal}
        questions:
          - {name: kind, type: select_one water, label: {en: Kind}, required: true}
"""


@pytest.fixture(scope="session")
def camp(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    """The form."""
    path = tmp_path_factory.mktemp("camp") / "camp.yaml"
    path.write_text(FORM, encoding="utf-8")
    return read_yaml(path)


@pytest.fixture(scope="session")
def real_form(shared: Path) -> Callable[[str], Questionnaire]:
    """A form by its place in the shared data, read once however many tests ask for it."""
    return cache(lambda name: read_xlsform(shared / "data" / name))


@pytest.fixture(scope="session")
def made(camp: Questionnaire) -> Responses:
    """Twelve interviews."""
    return simulate(camp, 12, seed=4)


@pytest.fixture(scope="session")
def the_same() -> Callable[[Responses, Responses], None]:
    """Holds answers, reasons and rows against each other, cell by cell."""
    return _the_same


def _the_same(again: Responses, made: Responses) -> None:
    order = made.frame.index
    pd.testing.assert_frame_equal(again.frame.loc[order], made.frame, check_index_type=False)
    pd.testing.assert_frame_equal(again.absence.loc[order], made.absence, check_index_type=False)
    assert list(again.repeats) == list(made.repeats)
    for name, rows in made.repeats.items():
        read, index = again.repeats[name], rows.frame.index
        assert len(read.frame) == len(index)
        pd.testing.assert_frame_equal(read.frame.reindex(index), rows.frame)
        pd.testing.assert_frame_equal(read.absence.reindex(index), rows.absence)
    assert again.report.rows_elsewhere == ()
    assert again.report.orphans is None or again.report.orphans.empty
