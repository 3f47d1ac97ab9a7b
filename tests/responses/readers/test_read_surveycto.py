"""SurveyCTO's two exports, wide and long, come back the same, with a column for each choice."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Responses
from survey_kit.responses.read import read_responses
from survey_kit.responses.simulate import simulate

FORM = """
questionnaire: plots
version: "2611201405"
languages: {en: English}
choices:
  crops:
    - {code: "1", label: {en: Maize}}
    - {code: "2", label: {en: Beans}}
    - {code: "12", label: {en: Both}}
    - {code: "-77", label: {en: Other}}
    - {code: "-88", label: {en: Does not know}, missing: dont_know}
interview:
  - {name: starttime, type: start}
  - {name: crop, type: select_multiple crops, label: {en: Crops}, required: true}
  - repeat: plot
    label: {en: Plot}
    questions:
      - {name: size, type: decimal, label: {en: Size}, required: true, constraint: ". > 0 and . < 9"}
      - {name: grown, type: select_multiple crops, label: {en: Grown}, required: true}
      - {name: best, type: select_one crops, label: {en: Best}, required: true}
      - repeat: sale
        label: {en: Sale}
        questions:
          - {name: sold, type: select_multiple crops, label: {en: Sold}, required: true}
"""
Same = Callable[[Responses, Responses], None]


@pytest.fixture(scope="module")
def plots(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    path = tmp_path_factory.mktemp("plots") / "plots.yaml"
    path.write_text(FORM, encoding="utf-8")
    return read_yaml(path)


@pytest.fixture(scope="module")
def sown(plots: Questionnaire) -> Responses:
    return simulate(plots, 8, seed=3)


def _columns(made: Responses, repeat: str | None) -> pd.DataFrame:
    """The answers of one table as SurveyCTO spells them, 1 and 0 for each choice beside them."""
    form = made.questionnaire
    frame = made.frame if repeat is None else made.repeats[repeat].frame
    columns: dict[str, pd.Series] = {}
    for name in frame.columns:
        question = form.by_key[str(name)].question
        text = as_text(frame[name], question.type.storage).fillna("")
        if question.type.storage is Storage.DATETIME:
            text = frame[name].dt.strftime("%b %d, %Y %I:%M:%S %p").fillna("")
        columns[str(name)] = text
        if question.type.storage is Storage.CODES:
            for choice in form.choices(question):
                chosen = [str(int(choice.code in cell.split())) if cell else "" for cell in text]
                code = choice.code.replace("-", "_")
                columns[f"{name}_{code}"] = pd.Series(chosen, index=text.index)
    return pd.DataFrame(columns, index=frame.index)


def _about(made: Responses) -> pd.DataFrame:
    keys = "uuid:" + made.frame.index.astype("str")
    return pd.DataFrame(
        {
            "SubmissionDate": "Nov 20, 2026 1:23:45 PM",
            "formdef_version": made.questionnaire.version,
            "instanceID": keys,
            "KEY": keys,
        },
        index=made.frame.index,
    )


def _wide(made: Responses, path: Path) -> None:
    side_by_side: dict[str, dict[str, str]] = {}
    for name in made.repeats:
        for column, cells in _columns(made, name).items():
            for place, cell in cells.items():
                interview, *places = cast("tuple[Any, ...]", place)
                spelt = "_".join((str(column), *map(str, places)))
                side_by_side.setdefault(spelt, {})[str(interview)] = str(cell)
    rows = pd.DataFrame(side_by_side, index=made.frame.index).fillna("")
    whole = pd.concat([_columns(made, None), rows, _about(made)], axis=1)
    whole.to_csv(path / "plots_WIDE.csv", index=False)


def _long(made: Responses, path: Path) -> None:
    sets = {f"SET-OF-{name}": _about(made)["KEY"] + f"/{name}" for name in ("plot",)}
    top = pd.concat([_columns(made, None), pd.DataFrame(sets), _about(made)], axis=1)
    top.to_csv(path / "plots.csv", index=False)
    for name in made.repeats:
        table = _columns(made, name)
        parents = [_key(*place[:-1]) for place in table.index]
        table["PARENT_KEY"] = parents
        table["KEY"] = [_key(*place) for place in table.index]
        table[f"SET-OF-{name}"] = [f"{parent}/{name}" for parent in parents]
        table.to_csv(path / f"plots-{name}.csv", index=False)


def _key(interview: str, *places: int) -> str:
    names = ("plot", "sale")
    return "/".join(
        (f"uuid:{interview}", *(f"{n}[{p}]" for n, p in zip(names, places, strict=False)))
    )


@pytest.mark.parametrize("write", [_wide, _long])
def test_what_surveycto_exports_comes_back(
    write: Callable[[Responses, Path], None],
    sown: Responses,
    plots: Questionnaire,
    tmp_path: Path,
    the_same: Same,
):
    write(sown, tmp_path)
    only = tmp_path / "plots_WIDE.csv"

    again = read_responses(only if only.exists() else tmp_path, plots)

    the_same(again, sown)
    assert set(again.report.unmatched.values()) <= {"metadata, not carried on"}
    assert again.report.disagreements is not None
    assert again.report.disagreements.empty
    assert set(again.meta["version"]) == {plots.version}
    assert set(again.meta["submitted"]) == {pd.Timestamp("2026-11-20 13:23:45")}


def test_choices_of_rows_make_up_the_joined_column_where_that_is_missing(
    sown: Responses, plots: Questionnaire, tmp_path: Path
):
    _wide(sown, tmp_path)
    file = tmp_path / "plots_WIDE.csv"
    table = pd.read_csv(file, dtype="str", keep_default_na=False)
    joined = [name for name in table if re.fullmatch(r"(grown_\d+|sold_\d+_\d+)", str(name))]
    table.drop(columns=joined).to_csv(file, index=False)

    again = read_responses(file, plots).repeats["plot"].frame["grown"]

    told = sown.repeats["plot"].frame["grown"]
    assert [set(cell.split()) for cell in again] == [set(cell.split()) for cell in told]


def test_a_choice_that_contradicts_the_joined_codes_of_its_row_is_told(
    plots: Questionnaire, tmp_path: Path
):
    (tmp_path / "w.csv").write_text(
        "KEY,crop,size_1,size_2,grown_1,grown_2,grown_1_1,grown_1_2,grown__77_1,grown__77_2\n"
        "uuid:a,1,1,2,1 -77,2,1,1,1,0\n"
    )

    told = read_responses(tmp_path / "w.csv", plots).report.disagreements

    assert told is not None
    assert told[["interview", "row", "question"]].to_numpy().tolist() == [["a", "2", "grown"]]
