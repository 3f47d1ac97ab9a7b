"""Laws of cleaning: nothing without a log, what a log says with one, and no edit without notice."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_kit.cleaning.clean_file import Cleaned, clean_file
from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.raw_file import RawFile, open_raw
from survey_kit.cleaning.raw_writing import write_cleaned
from survey_kit.cleaning.verify_clean import Found, Proof, Weight, verify_clean
from survey_kit.questionnaire.model import Place, Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Responses
from survey_kit.responses.read import read_responses
from survey_kit.responses.simulate import simulate
from survey_kit.responses.writer import path_of_repeat, writers

FORM = """
questionnaire: wells
version: "1"
title: {en: Wells}
languages: {en: English}
choices:
  yes_no: [{code: "yes", label: {en: Yes}}, {code: "no", label: {en: No}}]
  sources:
    - {code: well, label: {en: A well}}
    - {code: river, label: {en: A river}}
    - {code: "0.75", label: {en: Three quarters}}
  areas: [{code: "001", label: {en: First}}, {code: "1e5", label: {en: Second}}]
interview:
  - {name: area, type: select_one areas, label: {en: Where}}
  - {name: age, type: integer, label: {en: Age}, constraint: ". >= 18 and . <= 90"}
  - {name: since, type: date, label: {en: Since when}}
  - {name: has_water, type: select_one yes_no, label: {en: Water}}
  - group: water
    label: {en: Water}
    relevant: "${has_water} = 'yes'"
    questions:
      - {name: sources, type: select_multiple sources, label: {en: From where}}
      - {name: depth, type: decimal, relevant: "selected(${sources}, 'well')", label: {en: Deep}}
  - {name: twice, type: calculate, calculation: "${age} * 2"}
  - {name: remark, type: text, label: {en: Anything else}}
  - repeat: person
    label: {en: Person}
    count: "2"
    questions:
      - {name: years, type: integer, label: {en: Years}}
      - {name: works, type: select_one yes_no, label: {en: Works}}
      - {name: hours, type: integer, relevant: "${works} = 'yes'", label: {en: Hours}}
"""
SHAPES = MappingProxyType({"csv": "raw.csv", "kobo-xlsx": "raw.xlsx", "central": "raw.zip"})
NEW = MappingProxyType(
    {
        "area": ("001", "1e5"),
        "age": ("18", "47"),
        "since": ("2026-01-31",),
        "has_water": ("yes", "no"),
        "water/sources": ("well", "river 0.75", "well river"),
        "sources/well": ("0", "1"),
        "sources/0.75": ("TRUE", "FALSE"),
        "remark": ("=cmd|' /C calc'!A0", 'says "no", twice', "two\nlines", "NA indeed"),
        "works": ("yes", "no"),
        "years": ("5",),
    }
)
IN_REPEAT = frozenset({"works", "years"})


class Case(NamedTuple):
    raw: RawFile
    responses: Responses
    form: Questionnaire
    folder: Path


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    path = tmp_path_factory.mktemp("form") / "form.yaml"
    path.write_text(FORM, encoding="utf-8")
    return read_yaml(path)


@pytest.fixture(scope="module", params=SHAPES)
def case(
    request: pytest.FixtureRequest, form: Questionnaire, tmp_path_factory: pytest.TempPathFactory
) -> Case:
    """Interviews in one shape of export."""
    folder = tmp_path_factory.mktemp(request.param)
    path = folder / SHAPES[request.param]
    writers()[request.param].write(simulate(form, 5, seed=3), path, "en")
    return Case(open_raw(path, form), read_responses(path, form), form, folder)


def entry(
    interview: str, question: str, new: str = "", *, old: str = "", row: str = "", **more: Action
) -> Correction:
    action = more.get("action", Action.CHANGE)
    return Correction(
        interview, question, old, new, action, "", "", "", Place("log.csv", row=2), row
    )


def random_log(case: Case, seed: int) -> list[Correction]:
    """Entries for different cells, a removal and an answer that is kept."""
    chance = random.Random(seed)  # noqa: S311 - to be the same each time
    interviews = list(case.raw.interviews)
    found: list[Correction] = []
    for question in chance.sample(sorted(NEW), k=chance.randint(1, 5)):
        who = chance.choice(interviews)
        row = chance.choice("12") if question in IN_REPEAT else ""
        blank = "/" not in question and chance.random() < 0.2
        new = "" if blank else chance.choice(NEW[question])
        action = Action.BLANK if blank else Action.CHANGE
        found.append(entry(who, question, new, row=row, action=action))
    if chance.random() < 0.5:
        found.append(entry(chance.choice(interviews), "", action=Action.REMOVE))
    return [*found, entry(interviews[0], "age", action=Action.KEEP)]


def cleaned_by(case: Case, log: list[Correction]) -> tuple[Cleaned, Path]:
    cleaned = clean_file(case.raw, case.responses, log, source="raw")
    out = case.folder / f"out{case.raw.path.suffix}"
    write_cleaned(cleaned, out)
    return cleaned, out


def proved(case: Case, cleaned: Cleaned, out: Path) -> Proof:
    return verify_clean(cleaned, open_raw(out, case.form))


def texts(frame: pd.DataFrame, form: Questionnaire) -> pd.DataFrame:
    columns = {
        key: as_text(frame[key], form.by_key[str(key)].question.type.storage) for key in frame
    }
    return pd.DataFrame(columns).fillna("")


def contents(path: Path, form: Questionnaire) -> list[bytes]:
    """Every byte of a file and of the rows of repeats beside it."""
    paths = [path, *(path_of_repeat(path, name) for name in form.repeats)]
    return [each.read_bytes() for each in paths if each.is_file()]


def test_an_empty_log_changes_no_byte(case: Case):
    cleaned, out = cleaned_by(case, [])

    if case.raw.shape == "zip":
        before, after = open_raw(case.raw.path, case.form), open_raw(out, case.form)
        for one, other in zip(before.sheets, after.sheets, strict=True):
            pd.testing.assert_frame_equal(one.cells, other.cells)
    else:
        assert contents(out, case.form) == contents(case.raw.path, case.form)
    assert not cleaned.edits


@settings(
    max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000))
def test_a_file_cleaned_by_a_log_is_proved_and_holds_the_corrected_answers(case: Case, seed: int):
    cleaned, out = cleaned_by(case, random_log(case, seed))

    assert cleaned.stopped == ()
    proof = proved(case, cleaned, out)
    assert proof.differences == ()
    assert proof.changed + proof.followed == len(cleaned.edits)
    again = read_responses(out, case.form)
    assert cleaned.corrected is not None
    expected = cleaned.corrected.responses
    pd.testing.assert_frame_equal(
        texts(again.frame, case.form), texts(expected.frame, case.form), check_index_type=False
    )
    for name, rows in expected.repeats.items():
        pd.testing.assert_frame_equal(
            texts(again.repeats[name].frame, case.form), texts(rows.frame, case.form)
        )


@pytest.mark.parametrize("seed", range(2))
def test_an_edit_in_the_cleaned_file_is_found_whatever_cell_it_is(case: Case, seed: int):
    chance = random.Random(seed)  # noqa: S311 - to be the same each time
    cleaned, out = cleaned_by(case, random_log(case, seed))
    opened = open_raw(out, case.form)
    number = chance.randrange(len(opened.sheets))
    sheet = opened.sheets[number]
    names = [use.column for use in sheet.uses if use.key in case.form.by_key and not use.code]
    column = sheet.header.index(chance.choice(names))
    row = chance.randrange(len(sheet.cells))
    old = sheet.text(row, column)
    cells = {column: sheet.cells[column].mask(sheet.cells.index == row, f"{old}7 or so")}
    edited = replace(sheet, cells=_with(sheet.cells, cells))
    sheets = (*opened.sheets[:number], edited, *opened.sheets[number + 1 :])
    tampered = RawFile(out, opened.shape, sheets, opened.interviews, form=case.form)

    proof = verify_clean(cleaned, tampered)

    assert not proof.proved
    assert [d.column for d in proof.of(Weight.DIFFERENCE)] == [sheet.header[column]]


def _with(frame: pd.DataFrame, cells: dict[int, pd.Series]) -> pd.DataFrame:
    return pd.DataFrame({name: cells.get(int(name), frame[name]) for name in frame})


def test_an_interview_taken_out_or_put_back_is_found(case: Case):
    first, second = case.raw.interviews[:2]
    without, out = cleaned_by(case, [entry(first, "", action=Action.REMOVE)])

    put_back = verify_clean(without, case.raw)
    nothing = clean_file(case.raw, case.responses, [], source="raw")
    taken_out = verify_clean(nothing, open_raw(out, case.form))

    assert [(d.found, d.interview) for d in put_back.differences if not d.place][:1] == [
        (Found.STILL_THERE, first)
    ]
    assert (Found.REMOVED_NOT_IN_LOG, first) in {
        (d.found, d.interview) for d in taken_out.differences
    }
    assert second not in {d.interview for d in taken_out.differences}
