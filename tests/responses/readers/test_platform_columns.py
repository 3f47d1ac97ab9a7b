"""Columns that platforms add are known by themselves; what nobody knows waits for the study."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from survey_kit.errors import ResponsesError
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.match_report import match_report
from survey_kit.responses.matching import METADATA_LEFT_OUT
from survey_kit.responses.read import ReadOptions, read_responses

FORM = """
questionnaire: farm
version: "3"
title: {en: Farm}
languages: {en: English}
interview:
  - {name: age, type: integer, label: {en: Age}}
  - {name: gps, type: geopoint, label: {en: Where}}
  - repeat: plot
    label: {en: Plot}
    count: ${age} mod 3
    questions: [{name: size, type: decimal, label: {en: Size}}]
"""


@pytest.fixture(scope="module")
def farm(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    path = tmp_path_factory.mktemp("farm") / "farm.yaml"
    path.write_text(FORM, encoding="utf-8")
    return read_yaml(path)


def read_csv(text: str, form: Questionnaire, folder: Path):
    (folder / "e.csv").write_text(text, encoding="utf-8")
    return read_responses(folder / "e.csv", form)


def test_a_form_that_was_imported_names_several_versions_and_its_own_holds(
    farm: Questionnaire, tmp_path: Path
):
    read = read_csv(
        "_uuid,age,_version_,_version__001,__version__\na,1,old,older,3\nb,2,,x,\nc,3,,,\n",
        farm,
        tmp_path,
    )

    assert read.meta["version"].fillna("").tolist() == ["3", "x", ""]
    assert not read.report.unmatched
    assert (
        "interviews that name several versions of the form, that of '__version__', else the first, "
        "being taken: 1"
    ) in read.report.notes


def test_the_parts_of_a_position_are_known_as_surveycto_names_them_for_stata(
    farm: Questionnaire, tmp_path: Path
):
    read = read_csv(
        "key,age,gpslatitude,gpsLongitude,gpsaltitude,gpsaccuracy,simid,duration\na,1,1.5,2.5,0,4,,9\n",
        farm,
        tmp_path,
    )

    assert read.frame["gps"].tolist() == ["1.5 2.5 0 4"]
    assert set(read.report.unmatched.values()) == {METADATA_LEFT_OUT}


def test_a_question_called_like_a_part_of_a_position_is_that_question(tmp_path: Path):
    (tmp_path / "farm.yaml").write_text(
        FORM + "  - {name: gpslatitude, type: decimal, label: {en: Typed in}}\n", encoding="utf-8"
    )
    form = read_yaml(tmp_path / "farm.yaml")

    read = read_csv("key,age,GPSlatitude,gpslongitude\na,1,1.5,2.5\n", form, tmp_path)

    assert read.frame["gpslatitude"].tolist() == [1.5]
    assert read.frame["gps"].tolist() == ["2.5"]


def test_how_many_rows_a_repeat_has_is_no_column_to_decide_on(farm: Questionnaire, tmp_path: Path):
    table = read_csv("_uuid,age,plot_count,size_1,size_2\na,5,2,1,2\n", farm, tmp_path)
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "a.xml").write_text(
        '<data id="farm" version="3"><age>5</age><plot_count>2</plot_count><plot><size>1</size></plot>'
        "<plot><size>2</size></plot><meta><instanceID>uuid:a</instanceID></meta></data>"
    )
    raw = read_responses(tmp_path / "s", farm)

    assert not match_report(table).columns["to_decide"].any()
    assert not match_report(raw).columns["to_decide"].any()
    for read in (table, raw):
        assert read.repeats["plot"].frame["size"].tolist() == [1, 2]


def _json(frame: pd.DataFrame, path: Path) -> None:
    path.write_text(json.dumps(frame.to_dict("records")), encoding="utf-8")


def _xml(frame: pd.DataFrame, path: Path) -> None:
    path.mkdir()
    for row in frame.to_dict("records"):
        nodes = "".join(f"<{k}>{v}</{k}>" for k, v in row.items() if k != "_uuid")
        (path / f"{row['_uuid']}.xml").write_text(
            f'<data id="farm">{nodes}<meta><instanceID>{row["_uuid"]}</instanceID></meta></data>'
        )


WRITTEN: dict[str, Callable[[pd.DataFrame, Path], object]] = {
    "e.csv": lambda frame, path: frame.to_csv(path, index=False),
    "e.xlsx": lambda frame, path: frame.to_excel(path, index=False),
    "e.json": _json,
    "e.sav": lambda frame, path: pyreadstat.write_sav(frame.rename(columns={"_uuid": "key"}), path),
    "e.dta": lambda frame, path: frame.to_stata(path, write_index=False),
    "e.parquet": lambda frame, path: frame.to_parquet(path),
    "e": _xml,
}


@pytest.mark.parametrize("shape", list(WRITTEN))
def test_an_unknown_column_is_not_carried_on_whatever_the_shape(
    shape: str, farm: Questionnaire, tmp_path: Path
):
    frame = pd.DataFrame({"_uuid": ["a", "b"], "age": [1, 2], "secret": ["Amina", "Omar"]})
    WRITTEN[shape](frame, tmp_path / shape)

    read = read_responses(tmp_path / shape, farm)

    undecided = match_report(read).columns
    assert undecided.loc[undecided["to_decide"], "column"].tolist() == ["secret"]
    assert "secret" not in {*read.frame.columns, *read.meta.columns}
    options = ReadOptions(ignore=("secret",))
    decided = match_report(read_responses(tmp_path / shape, farm, options=options))
    assert not decided.columns["to_decide"].any()


def test_a_node_of_xml_is_a_question_where_the_study_says_so(farm: Questionnaire, tmp_path: Path):
    (tmp_path / "s").mkdir()
    for name, nodes in {
        "a": "<years>5</years><plot><area>1</area></plot>",
        "b": "<age>6</age><plot><size>2</size></plot>",
    }.items():
        (tmp_path / "s" / f"{name}.xml").write_text(
            f'<data id="farm">{nodes}<meta><instanceID>uuid:{name}</instanceID></meta></data>'
        )
    options = ReadOptions(columns={"years": "age", "plot/area": "size"})

    read = read_responses(tmp_path / "s", farm, options=options)

    assert read.frame["age"].tolist() == [5, 6]
    assert read.repeats["plot"].frame["size"].tolist() == [1, 2]
    assert not read.report.unmatched
    with pytest.raises(ResponsesError, match="the question 'agee', which does not exist"):
        read_responses(tmp_path / "s", farm, options=ReadOptions(columns={"years": "agee"}))
