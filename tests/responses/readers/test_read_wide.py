"""Rows of repeats that stand side by side in one row are unfolded into rows again.

The law: interviews folded as ONA, R and SurveyCTO fold them come back the same, as long as the
last row of every repeat says something: an empty one cannot be told from one that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Responses
from survey_kit.responses.read import read_responses

Same = Callable[[Responses, Responses], None]


def folded(
    made: Responses, spell: Callable[[tuple[str, ...], tuple[int, ...]], str]
) -> pd.DataFrame:
    """One row an interview; `spell` names a column after its path and its places."""
    form = made.questionnaire
    columns: dict[str, dict[str, str]] = {"_uuid": {each: each for each in made.frame.index}}
    for item in form.items:
        frame = made.repeats[item.repeats[-1]].frame if item.repeats else made.frame
        if item.key not in frame.columns:
            continue
        text = as_text(frame[item.key], item.question.type.storage).fillna("")
        for place, cell in text.items():
            where = cast("tuple[Any, ...]", place if isinstance(place, tuple) else (place,))
            name = spell((*item.path, item.question.name), where[1:])
            columns.setdefault(name, {})[str(where[0])] = cell
    return pd.DataFrame(columns, index=made.frame.index).fillna("")


def as_ona(path: tuple[str, ...], places: tuple[int, ...]) -> str:
    rest = list(places)
    steps = [
        f"{step}[{rest.pop(0)}]" if step in {"person", "job", "animal"} and rest else step
        for step in path
    ]
    return "/".join(steps)


def as_r(path: tuple[str, ...], places: tuple[int, ...]) -> str:
    return re.sub(r"[^0-9A-Za-z_.]", ".", as_ona(path, places))


def as_surveycto(path: tuple[str, ...], places: tuple[int, ...]) -> str:
    return "_".join((path[-1], *map(str, places)))


@pytest.mark.parametrize("spell", [as_ona, as_r, as_surveycto])
def test_rows_side_by_side_come_back_as_rows(
    spell: Callable[[tuple[str, ...], tuple[int, ...]], str],
    made: Responses,
    camp: Questionnaire,
    tmp_path: Path,
    the_same: Same,
):
    table = folded(made, spell)
    table.to_csv(tmp_path / "wide.csv", index=False)

    again = read_responses(tmp_path / "wide.csv", camp)

    the_same(again, made)
    assert again.report.unmatched == {}
    said = next(note for note in again.report.notes if "'animal'" in note)
    assert re.fullmatch(
        r"\d+ columns such as '\S+' hold rows of the repeat 'animal' side by side; they were read as "
        r"1 columns of as many rows",
        said,
    )


def test_a_row_of_labels_below_the_names_is_no_interview_with_rows(
    made: Responses, camp: Questionnaire, tmp_path: Path, the_same: Same
):
    table = folded(made, as_ona)
    labels = {
        str(name): next(
            (
                item.question.label["en"]
                for item in camp.items
                if str(name).endswith(item.question.name) and item.question.label
            ),
            "",
        )
        for name in table.columns
    }
    whole = pd.concat([pd.DataFrame([labels]), table])
    whole.to_csv(tmp_path / "ona.csv", index=False)

    again = read_responses(tmp_path / "ona.csv", camp)

    the_same(again, made)
    assert "the first row held labels and is no interview" in again.report.notes


def test_the_word_that_ona_writes_for_nothing_makes_no_rows(
    made: Responses, camp: Questionnaire, tmp_path: Path, the_same: Same
):
    folded(made, as_ona).replace("", "n/a").to_csv(tmp_path / "ona.csv", index=False)

    the_same(read_responses(tmp_path / "ona.csv", camp), made)


def test_choices_of_rows_side_by_side_are_joined(camp: Questionnaire, tmp_path: Path):
    (tmp_path / "ona.csv").write_text(
        "_uuid,consent,people/person[1]/name,people/person[1]/work/job[1]/pays/well,"
        "people/person[1]/work/job[1]/pays/0.75,people/person[1]/work/job[2]/pays/well\n"
        "a,yes,N,1,1,0\n"
        "b,yes,,0,0,0\n"
    )

    again = read_responses(tmp_path / "ona.csv", camp)

    assert again.repeats["job"].frame["pays"].to_dict() == {("a", 1, 1): "well 0.75"}
    assert again.repeats["person"].frame["name"].to_dict() == {("a", 1): "N"}


def test_a_count_keeps_rows_that_say_nothing(camp: Questionnaire, tmp_path: Path):
    (tmp_path / "wide.csv").write_text(
        "KEY,consent,person_count,name_1,name_2,name_3,age_1,age_2,age_3\n"
        "uuid:a,yes,3,,B,,,30,\n"
        "uuid:b,yes,0,,,,,,\n"
    )

    frame = read_responses(tmp_path / "wide.csv", camp).repeats["person"].frame

    assert list(frame.index) == [("a", 1), ("a", 2), ("a", 3)]
    assert frame["age"].fillna(-1).tolist() == [-1, 30, -1]


@pytest.mark.parametrize(
    "column",
    ["age_2", "litres_1", "age_1_1", "stranger_1", "tent[1]/age", "people/person[0]/age"],
)
def test_a_name_that_only_looks_like_a_place_stays_a_column(
    column: str, camp: Questionnaire, tmp_path: Path
):
    (tmp_path / "wide.csv").write_text(f"KEY,consent,{column}\nuuid:a,yes,3\n")

    report = read_responses(tmp_path / "wide.csv", camp).report

    assert list(report.unmatched) == [column]
    assert report.rows_elsewhere == ("person", "job", "animal")
