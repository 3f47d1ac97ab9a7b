"""SPSS and Stata files are read as the codes of the form, and what survey_kit wrote comes back.

The law: answers written as .sav or .dta come back value by value, in every repeat, except
the order in which several choices were made; which of several codes of refusal was chosen; what
could not be read; and that a version of the form lacked a question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Absence, Responses, Rows
from survey_kit.responses.read import read_responses
from survey_kit.responses.simulate import simulate
from survey_kit.responses.writer import writers

Same = Callable[[Responses, Responses], None]
FormAt = Callable[[str], Questionnaire]
HERE = Path(__file__).parents[1]


def in_order_of_the_list(made: Responses) -> Responses:
    """Several choices, except ranked ones, in the order of their list."""
    form = made.questionnaire

    def ordered(frame: pd.DataFrame) -> pd.DataFrame:
        changed: dict[str, pd.Series] = {}
        for key in map(str, frame.columns):
            question = form.by_key[key].question
            if question.type.storage is Storage.CODES and question.type.name != "rank":
                codes = [choice.code for choice in form.choices(question)]
                cells = [in_order(text, codes) for text in frame[key].fillna("")]
                changed[key] = pd.Series(cells, index=frame.index, dtype="str")
        return frame.assign(**changed)

    repeats = {name: Rows(ordered(rows.frame), rows.absence) for name, rows in made.repeats.items()}
    return replace(made, frame=ordered(made.frame), repeats=MappingProxyType(repeats))


def in_order(text: str, codes: list[str]) -> str | None:
    return " ".join(sorted(text.split(), key=codes.index)) or None


@pytest.fixture(scope="module")
def household() -> Questionnaire:
    return read_yaml(HERE / "household.yaml")


@pytest.mark.parametrize("suffix", ["sav", "dta"])
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10_000))
def test_what_survey_kit_writes_comes_back_value_by_value(
    suffix: str, seed: int, household: Questionnaire, tmp_path: Path, the_same: Same
):
    made = simulate(household, 15, seed=seed)
    path = tmp_path / f"responses.{suffix}"
    writers()[suffix].write(made, path, "en")

    again = read_responses(path, household)

    the_same(in_order_of_the_list(again), in_order_of_the_list(made))
    assert again.report.format == suffix
    assert again.report.unmatched == {}
    pd.testing.assert_series_equal(
        again.meta["submitted"].reindex(made.frame.index), made.meta["submitted"]
    )
    assert set(again.meta["version"]) == {"3"}


@pytest.mark.client
@pytest.mark.shared
@pytest.mark.parametrize(
    ("form", "suffix"),
    [
        ("msna_2024/REACH_2024_MSNA-kobo-tool_draft_v11.xlsx", "dta"),
        ("iraq_households/form.xlsx", "sav"),
    ],
)
def test_real_forms_come_back(
    form: str, suffix: str, real_form: FormAt, tmp_path: Path, the_same: Same
):
    questionnaire = real_form(form)
    made = simulate(questionnaire, 5, seed=3)
    language = next(iter(questionnaire.languages))
    writers()[suffix].write(made, tmp_path / f"r.{suffix}", language)

    again = read_responses(tmp_path / f"r.{suffix}", questionnaire)

    the_same(in_order_of_the_list(again), in_order_of_the_list(made))


RANKED = """
questionnaire: ranked
version: "1"
title: {en: Ranked}
languages: {en: English}
choices:
  needs:
    - {code: food, label: {en: Food}}
    - {code: rent, label: {en: Rent}}
    - {code: "7", label: {en: School}}
  answers:
    - {code: "1", label: {en: "Yes"}}
    - {code: "0", label: {en: "No"}}
    - {code: "98", label: {en: Does not know}, missing: dont_know}
    - {code: "99", label: {en: Would not say}, missing: refused}
    - {code: "97", label: {en: Left}, missing: refused}
interview:
  - {name: first, type: rank needs, label: {en: In what order?}}
  - {name: some, type: select_multiple needs, label: {en: Which?}}
  - {name: agreed, type: select_one answers, label: {en: Agreed?}}
  - {name: age, type: integer, label: {en: Age}}
  - {name: words, type: text, label: {en: Words}}
"""


@pytest.fixture(scope="module")
def ranked(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    path = tmp_path_factory.mktemp("ranked") / "ranked.yaml"
    path.write_text(RANKED, encoding="utf-8")
    return read_yaml(path)


@pytest.mark.parametrize("suffix", ["sav", "dta"])
def test_ranks_and_what_is_beyond_the_list_come_back(
    suffix: str, ranked: Questionnaire, tmp_path: Path
):
    made = simulate(ranked, 4, seed=1)
    frame = made.frame.assign(
        first=pd.Series(
            ["rent food 7", "7 rent food", "rent", None], made.frame.index, dtype="str"
        ),
        some=pd.Series(["7 gold", "gold silver", "food", None], made.frame.index, dtype="str"),
        agreed=pd.Series(["1", "0", "98", "42"], made.frame.index, dtype="str"),
    )
    blank = frame.isna().astype("int8") * Absence.BLANK.value
    blank.loc[made.frame.index[2], "agreed"] = Absence.DONT_KNOW.value
    writers()[suffix].write(made.with_frame(frame, blank), tmp_path / f"r.{suffix}", "en")

    again = read_responses(tmp_path / f"r.{suffix}", ranked)

    for key in ("first", "some", "agreed"):
        assert again.frame[key].fillna("").tolist() == frame[key].fillna("").tolist()
    assert again.absence["agreed"].tolist()[2] == Absence.DONT_KNOW


def sav(path: Path, columns: dict[str, list[Any]], **about: Any) -> Path:
    pyreadstat: Any = import_module("pyreadstat")
    pyreadstat.write_sav(pd.DataFrame(columns), path, **about)
    return path


def test_values_of_others_are_codes_by_their_label_or_by_themselves(
    ranked: Questionnaire, tmp_path: Path
):
    path = sav(
        tmp_path / "theirs.sav",
        {"uuid": ["a", "b", "c", "d", "e"], "AGREED": [1.0, 2.0, 98.0, 0.0, 12.0]},
        variable_value_labels={"AGREED": {2.0: "Would not say", 98.0: "DK"}},
        missing_ranges={"AGREED": [98.0]},
    )

    again = read_responses(path, ranked)

    assert again.frame["agreed"].tolist() == ["1", "99", "98", "0", "12"]
    assert again.absence["agreed"].tolist() == [
        Absence.PRESENT,
        Absence.REFUSED,
        Absence.DONT_KNOW,
        Absence.PRESENT,
        Absence.PRESENT,
    ]


def test_a_label_that_contradicts_its_value_changes_nothing(ranked: Questionnaire, tmp_path: Path):
    path = sav(
        tmp_path / "theirs.sav",
        {"uuid": ["a", "b"], "agreed": [1.0, 0.0]},
        variable_value_labels={"agreed": {1.0: "No", 0.0: "Yes"}},
    )

    again = read_responses(path, ranked)

    assert again.frame["agreed"].tolist() == ["1", "0"]
    assert again.report.notes == (
        "values that are a code of their list and bear the label of another, the value being kept: 2",
    )


def test_a_number_that_is_declared_missing_is_no_number(ranked: Questionnaire, tmp_path: Path):
    path = sav(
        tmp_path / "theirs.sav",
        {"uuid": ["a", "b", "c"], "age": [30.0, 99.0, -7.0], "agreed": [1.0, 1.0, 1.0]},
        variable_value_labels={"age": {99.0: "Refuses"}},
        missing_ranges={"age": [99.0, {"lo": -9.0, "hi": -7.0}]},
    )

    again = read_responses(path, ranked)

    assert again.frame["age"].fillna(-1).tolist() == [30, -1, -1]
    assert again.absence["age"].tolist() == [
        Absence.PRESENT,
        Absence.UNREADABLE,
        Absence.UNREADABLE,
    ]
    assert again.unreadable["answer"].tolist() == ["Refuses", "missing -7"]


@pytest.mark.parametrize(("suffix", "named"), [("sav", "SPSS"), ("dta", "Stata")])
def test_a_damaged_file_is_refused(
    suffix: str, named: str, made: Responses, camp: Questionnaire, tmp_path: Path
):
    path = tmp_path / f"r.{suffix}"
    writers()[suffix].write(made, path, "en")
    whole = path.read_bytes()

    path.write_bytes(whole[: len(whole) // 3])
    with pytest.raises(FileProblem) as caught:
        read_responses(path, camp)
    assert str(caught.value) == f"r.{suffix}: it is damaged, or cut short. Copy or export it again."
    path.write_bytes(b"consent,age\n")
    with pytest.raises(FileProblem, match=f"its suffix says {named}, but it is no such file"):
        read_responses(path, camp)
