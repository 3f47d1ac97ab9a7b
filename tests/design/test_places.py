"""Rows added to the places of their cells make the sums that grouping them makes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.engines import duckdb_engine
from survey_kit.design.engines.duckdb_engine import DuckDB, duckdb_source
from survey_kit.design.engines.frame_engine import frame_source
from survey_kit.design.engines.places import Axis, apart, fitting, places
from survey_kit.design.source import Source
from survey_kit.design.wanted import CellSums, Wanted
from survey_kit.estimation.models.family import BINOMIAL
from survey_kit.estimation.models.regression_source import regression_of

DESIGN = Design(Sampling.PROBABILITY, weight="w", stratum="region", cluster="psu")
WANTED = Wanted(
    cells=("psu", "age"),
    weight="w",
    numbers=("y", "z"),
    shift=(5.0, 0.0),
    pairs=((0, 0), (0, 1), (1, 1)),
    highest=True,
)
OF_ROWS = ("people", "weighed", "squares", "lowest", "highest")
OF_NUMBERS = ("first", "second")


def people(n: int = 900) -> pd.DataFrame:
    draw = np.random.default_rng(4)
    psu = draw.integers(0, 30, n)
    age = pd.array(draw.integers(-1, 6, n), dtype="Int8")
    age[draw.random(n) < 0.1] = pd.NA
    y = draw.normal(5, 2, n)
    y[draw.random(n) < 0.1] = np.nan
    return pd.DataFrame(
        {
            "psu": psu.astype(np.int32),
            "region": (psu // 10).astype(np.int8),
            "age": age,
            "sex": draw.integers(1, 3, n),
            "w": draw.uniform(0.5, 3, n),
            "y": y,
            "z": draw.integers(0, 4, n),
            "debt": draw.integers(0, 2, n).astype(np.int8),
        }
    )


def in_parquet(frame: pd.DataFrame, folder: Path, parts: int = 100) -> Source:
    frame.to_parquet(folder / "rows.parquet", row_group_size=parts)
    return duckdb_source(folder / "rows.parquet", DESIGN, threads=1)


def in_order(found: CellSums, wanted: Wanted = WANTED) -> pd.DataFrame:
    """Cells and the sums that were wanted, sorted by cell."""
    frame = found.data.astype(float).assign(answered=found.answered)
    for name in OF_ROWS:
        frame[name] = getattr(found, name)
    more = {"plain": wanted.plain, "squared": wanted.squared, "spread": wanted.squared}
    for name in (*OF_NUMBERS, *(name for name, asked in more.items() if asked)):
        for place, column in enumerate(getattr(found, name).T):
            # nobody reads the sums of numbers that some rows lack
            frame[f"{name} {place}"] = np.where(found.answered, column, 0)
    return frame.sort_values([*found.data.columns, "answered"], ignore_index=True)


@settings(max_examples=30)
@given(
    st.lists(
        st.builds(Axis, st.text(), st.integers(-200, 200), st.integers(1, 9), st.booleans()),
        unique_by=lambda axis: axis.column,
        max_size=4,
    )
)
def test_every_place_is_another_combination(axes: list[Axis]) -> None:
    every = pd.DataFrame(apart(np.arange(places(axes)), axes), index=range(places(axes)))

    assert not every.duplicated().any() or not axes
    for axis in axes:
        numbers = every[axis.column].dropna()
        assert set(numbers) == set(range(axis.lowest, axis.last))
        assert every[axis.column].isna().any() == axis.gaps


def test_places_are_no_more_than_rows_can_fill() -> None:
    known = {"a": Axis("a", 0, 1000), "b": Axis("b", 0, 1000)}

    assert fitting(("a", "b"), known, rows=10**6, tables=1, most=10**7) is not None
    assert fitting(("a", "b"), known, rows=10**5, tables=1, most=10**7) is None
    assert fitting(("a", "b"), known, rows=10**6, tables=11, most=10**7) is None
    assert fitting(("a", "c"), known, rows=10**6, tables=1, most=10**7) is None


def test_what_columns_hold_is_known_from_the_statistics_of_the_file(tmp_path: Path) -> None:
    engine = in_parquet(people(), tmp_path).engine

    assert isinstance(engine, DuckDB)
    assert engine.counted == 900
    assert engine.whole["psu"] == Axis("psu", 0, 30)
    assert engine.whole["age"] == Axis("age", -1, 7, gaps=True)
    assert {"w", "y"}.isdisjoint(engine.whole)


def test_a_file_without_statistics_is_summed_by_groups(tmp_path: Path) -> None:
    frame = people()
    frame.to_parquet(tmp_path / "rows.parquet", write_statistics=False)
    engine = duckdb_source(tmp_path / "rows.parquet", DESIGN).engine

    assert isinstance(engine, DuckDB)
    assert engine.whole == {}
    expected = in_order(in_parquet(frame, tmp_path).engine.sums(WANTED))
    found = in_order(engine.sums(WANTED))
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, rtol=1e-12)


@pytest.mark.parametrize("more", [{}, {"plain": True, "squared": True, "pairs": ()}])
def test_sums_in_places_are_those_of_groups(
    more: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = replace(WANTED, **more)
    placed = in_parquet(people(), tmp_path).engine.sums(wanted)
    monkeypatch.setattr(duckdb_engine, "MOST_PLACES", 0)
    grouped = in_parquet(people(), tmp_path).engine.sums(wanted)
    own = frame_source(people(), DESIGN).engine.sums(wanted)

    for other in (grouped, own):
        pd.testing.assert_frame_equal(
            in_order(placed, wanted), in_order(other, wanted), check_dtype=False, rtol=1e-12
        )


def test_names_of_many_digits_have_places_too(tmp_path: Path) -> None:
    long = people().assign(psu=lambda held: held["psu"].astype(np.int64) + 5_000_000_000_000)
    placed = in_parquet(long, tmp_path).engine.sums(WANTED)
    expected = frame_source(long, DESIGN).engine.sums(WANTED)

    engine = in_parquet(long, tmp_path).engine
    assert isinstance(engine, DuckDB)
    assert "psu" in engine.whole
    pd.testing.assert_frame_equal(
        in_order(placed), in_order(expected), check_dtype=False, rtol=1e-12
    )


def test_a_missing_weight_is_a_lowest_weight_of_nothing(tmp_path: Path) -> None:
    frame = people()
    frame.loc[5, "w"] = np.nan
    found = in_parquet(frame, tmp_path).engine.sums(WANTED)

    assert (found.lowest == 0).sum() == 1
    assert np.isfinite(found.weighed).all()


def test_a_table_of_cells_by_clusters_has_every_row_once(tmp_path: Path) -> None:
    frame = people()
    wanted = Wanted(cells=("age", "sex"), weight="w", numbers=("y",), shift=(0.0,))
    crossed = in_parquet(frame, tmp_path).engine.crossed(wanted, ("psu",))

    assert crossed is not None
    held = frame["y"].notna()
    assert crossed.weighed.sum() == pytest.approx(frame["w"].sum())
    assert crossed.first[0].sum() == pytest.approx((frame["w"] * frame["y"])[held].sum())
    assert crossed.answered.sum() == pytest.approx(frame["w"][held].sum())
    of_psu = frame.groupby("psu")["w"].sum()
    assert crossed.weighed.sum(axis=1) == pytest.approx(of_psu[crossed.rows["psu"]].to_numpy())
    of_cell = pd.Series(crossed.sums.weighed).groupby(crossed.column).sum()
    assert crossed.weighed.sum(axis=0)[of_cell.index] == pytest.approx(of_cell.to_numpy())


@pytest.mark.parametrize("where", [None, {"age": ["1", "2", "4"]}, {"region": ["0", "2"]}])
def test_a_model_scored_from_one_table_is_that_of_two_readings(
    where: dict[str, list[str]] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = in_parquet(people(), tmp_path)
    formula = "debt ~ C(age) + sex + z"
    once = regression_of(formula, source, family=BINOMIAL, where=where)
    monkeypatch.setattr(DuckDB, "crossed", lambda *_: None)
    twice = regression_of(formula, source, family=BINOMIAL, where=where)

    assert once.df == twice.df
    np.testing.assert_allclose(once.coefficients.value, twice.coefficients.value, rtol=1e-12)
    np.testing.assert_allclose(
        once.coefficients.covariance, twice.coefficients.covariance, rtol=1e-10, atol=1e-14
    )
