"""The whole life of a real household survey that nobody here wrote: 632 interviews, 347 columns."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from survey_kit.study.life import live
from survey_kit.study.settings import read_study

pytestmark = [pytest.mark.shared, pytest.mark.client]

STUDY = Path(__file__).parent / "iraq_households"


@pytest.fixture(scope="module")
def out(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a run leaves."""
    assert (shared / "data" / "iraq_households").is_dir()
    folder = tmp_path_factory.mktemp("iraq") / "results"
    live(read_study(STUDY), folder)
    return folder


@pytest.fixture(scope="module")
def steps(out: Path) -> dict[str, dict[str, object]]:
    """The steps of the manifest by their names."""
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    return {step["step"]: step for step in manifest["steps"]}


def test_the_study_file_is_short():
    lines = (STUDY / "study.yaml").read_text(encoding="utf-8").splitlines()

    assert len(lines) <= 45


def test_every_file_is_there(out: Path):
    made = {path.name for path in out.iterdir()}

    assert made >= {
        "forms",
        "manifest.json",
        "quality.xlsx",
        "responses.dta",
        "responses.parquet",
        "responses.sav",
        "tables.xlsx",
    }


def test_interviews_are_counted_through_every_step(steps: dict[str, dict[str, object]]):
    assert steps["responses"]["rows_in"] == 632
    for name in ("responses", "checks", "corrections", "who counts"):
        step = steps[name]
        taken = step.get("taken_away", {})
        assert isinstance(taken, dict)
        assert step["rows_in"] == step["rows_out"] + sum(taken.values()), name  # type: ignore[operator]
    assert steps["corrections"]["taken_away"] == {"removed by the log": 6}


def test_every_column_of_the_file_is_accounted_for(
    shared: Path, steps: dict[str, dict[str, object]]
):
    with (shared / "data/iraq_households/raw_data.csv").open(encoding="utf-8-sig") as file:
        width = len(next(csv.reader(file)))

    columns = steps["responses"]["columns"]
    assert isinstance(columns, dict)
    assert steps["responses"]["columns_in"] == width == 347
    assert sum(columns.values()) == width


def test_the_manifest_says_how_far_the_names_were_from_the_forms_own(
    steps: dict[str, dict[str, object]],
):
    """R put dots for 187 slashes, an X before six underscores and left a mark of a BOM."""
    assert steps["responses"]["matched_by"] == {
        "exact": 152,
        "exact but for separators and marks": 195,
    }


def test_the_clean_answers_are_the_raw_ones_with_the_log_and_nothing_else(shared: Path, out: Path):
    """Worked out again without the toolkit: what the log says, cell by cell, in plain pandas."""
    folder = shared / "data" / "iraq_households"
    raw = pd.read_csv(folder / "raw_data.csv", dtype=str, keep_default_na=False)
    log = pd.read_csv(folder / "cleaning_log_sample.csv", dtype=str, keep_default_na=False)
    gone = log.loc[log["change_type"] == "remove_survey", "X_uuid"]
    clean = raw[~raw["X_uuid"].isin(gone)].set_index("X_uuid")
    for _, row in log.iterrows():
        where = (row["X_uuid"], row["questions"])
        if row["change_type"] == "change_response" and row["questions"] != "water_sources.borehole":
            clean.loc[where] = row["new_value"]
        elif row["change_type"] == "change_response":
            clean.loc[where[0], "water_sources"] += " borehole"
            clean.loc[where] = "TRUE"
        elif row["change_type"] == "blank_response":
            clean.loc[where] = ""

    frame = pd.read_parquet(out / "responses.parquet")

    ours: dict[str, list[str]] = {}
    theirs: dict[str, list[str]] = {}
    for key in [key for key in clean.columns if key in frame.columns]:
        if frame[key].dtype.kind == "f":
            numbers = pd.to_numeric(clean[key].replace("", None)).astype("float64")
            ours[key], theirs[key] = texts(frame[key]), texts(numbers)
        elif key == "return_date":
            days = pd.to_datetime(clean[key].replace("", None))
            ours[key], theirs[key] = texts(frame[key].dt.date), texts(days.dt.date)
        elif frame[key].dtype.kind != "M" and key != "pay_water_charges_when":  # a foreign code
            ours[key], theirs[key] = texts(frame[key]), clean[key].tolist()
    chosen = frame["water_sources"].fillna("").str.split()
    for column in [c for c in clean.columns if c.startswith("water_sources.")]:
        code = column.removeprefix("water_sources.")
        ours[column] = ["TRUE" if code in codes else "FALSE" for codes in chosen]
        theirs[column] = clean[column].replace("", "FALSE").tolist()
    assert len(ours) > 130
    # the lines leave in the order of their pseudonyms, so the two are compared as sets of lines
    assert sorted(zip(*ours.values(), strict=True)) == sorted(zip(*theirs.values(), strict=True))


def texts(cells: pd.Series) -> list[str]:
    return ["" if pd.isna(cell) else str(cell) for cell in cells]


def test_questions_without_a_column_are_named(steps: dict[str, dict[str, object]]):
    unseen = steps["responses"]["questions_without_column"]

    assert isinstance(unseen, list)
    assert "gps_point_interview" in unseen


def test_the_log_of_the_field_team_is_applied_with_its_old_values_verified(shared: Path, out: Path):
    with (shared / "data/iraq_households/cleaning_log_sample.csv").open(encoding="utf-8-sig") as f:
        entries = list(csv.DictReader(f))
    book = openpyxl.load_workbook(out / "quality.xlsx", read_only=True)
    rows = list(book["Corrections"].iter_rows(values_only=True))
    book.close()
    header = next(row for row in rows if row and row[0] and "interview" in row)
    told = [dict(zip(header, row, strict=True)) for row in rows[rows.index(header) + 1 :]]

    by_hand = [row for row in told if row["action"] in {"change", "blank", "remove", "no action"}]

    assert len(by_hand) == len(entries) == 25
    assert all(row["match"] for row in by_hand if row["action"] == "change")


def test_choice_codes_with_dots_are_kept_whole(out: Path):
    frame = pd.read_parquet(out / "responses.parquet")

    assert "0.75" in set(frame["pump_horsepower"].dropna())


def test_no_identifier_is_in_a_file_that_leaves(out: Path):
    frame = pd.read_parquet(out / "responses.parquet")
    labelled, meta = pyreadstat.read_sav(str(out / "responses.sav"))

    for name in ("deviceid", "shelter_occupation_other", "gps_point_interview_note"):
        assert name not in frame.columns
        assert name not in labelled.columns
    assert len(labelled) == len(frame) == 626
    assert meta.variable_value_labels


def test_the_book_holds_the_displacement_banner_and_no_small_count(out: Path):
    book = openpyxl.load_workbook(out / "tables.xlsx", read_only=True)
    rows = list(book["Data"].iter_rows(values_only=True))
    book.close()
    header = next(row for row in rows if row and "table" in row and "n" in row)
    data = pd.DataFrame(rows[rows.index(header) + 1 :], columns=list(header))

    assert data["group"].astype(str).str.contains("displaced").any()
    counts = pd.to_numeric(data["n"], errors="coerce").dropna()
    assert len(counts) > 0
    assert not counts.between(1, 4).any()
