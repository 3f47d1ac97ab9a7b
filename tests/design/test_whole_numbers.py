"""Cells of whole numbers are summed over as one number, and come back as they were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.engines import duckdb_engine
from survey_kit.design.engines.duckdb_engine import duckdb_source
from survey_kit.design.engines.whole_numbers import apart, range_of, whole_numbers
from survey_kit.design.wanted import CellSums, Wanted


@given(
    st.lists(
        st.tuples(st.integers(-200, 200), st.integers(-5, 40_000), st.integers(0, 3)), min_size=1
    )
)
def test_numbers_put_together_come_apart(rows: list[tuple[int, int, int]]) -> None:
    frame = pd.DataFrame(rows, columns=["a", "b", "c"])
    ranges = whole_numbers(frame[name] for name in frame)
    key = np.zeros(len(frame), dtype=np.int64)
    for name, lowest, span in ranges:
        key = key * span + frame[name].to_numpy() - lowest

    found = pd.DataFrame(apart(pd.Series(key), ranges))

    assert (found[["a", "b", "c"]].to_numpy() == frame.to_numpy()).all()


def test_a_missing_key_is_missing_in_every_column() -> None:
    found = apart(pd.Series([3.0, np.nan]), [("a", 10, 2), ("b", 0, 2)])
    assert found["a"].tolist()[0] == 11
    assert np.isnan(found["a"][1])
    assert np.isnan(found["b"][1])


def test_numbers_that_make_too_large_a_one_stay_apart() -> None:
    wide = pd.Series([0, 2**20], name="a")
    assert whole_numbers([wide, wide.rename("b")]) == ()
    assert whole_numbers([wide, pd.Series(["x"], name="t")]) == (range_of(wide),)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    draw = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "psu": draw.integers(0, 30, 700).astype(np.int32),
            "age": draw.integers(-1, 6, 700).astype(np.int8),
            "w": draw.uniform(0.5, 3, 700),
            "y": draw.normal(5, 2, 700),
        }
    )
    frame.to_parquet(tmp_path / "rows.parquet")
    return tmp_path / "rows.parquet"


def summed(file: Path, whole: tuple[tuple[str, int, int], ...]) -> CellSums:
    engine = duckdb_source(file, Design(Sampling.PROBABILITY, weight="w", cluster="psu")).engine
    return engine.sums(
        Wanted(
            cells=("psu", "age"), weight="w", numbers=("y",), shift=(5.0,), lean=True, whole=whole
        )
    )


@pytest.mark.parametrize("most", [duckdb_engine.MOST_PLACES, 0], ids=["places", "groups"])
def test_sums_over_one_number_are_those_over_several(
    file: Path, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duckdb_engine, "MOST_PLACES", most)
    found, wanted = summed(file, (("psu", 0, 30), ("age", -1, 7))), summed(file, ())
    place, other = (np.lexsort(each.data[["age", "psu"]].to_numpy().T) for each in (found, wanted))

    assert (found.data.to_numpy()[place] == wanted.data.to_numpy()[other]).all()
    assert found.weighed[place] == pytest.approx(wanted.weighed[other], rel=1e-12)
    assert found.first[place] == pytest.approx(wanted.first[other], abs=1e-10)


def test_rows_outside_the_range_come_back_without_a_cell(file: Path) -> None:
    found = summed(file, (("psu", 0, 30), ("age", 0, 6)))
    assert found.data.isna().all(axis=1).sum() == 1
