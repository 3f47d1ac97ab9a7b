"""Rows read from a source are the sample that they were; what cannot be read says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Pairs, Sampling, Unequal
from survey_kit.design.engines.duckdb_engine import duckdb_source
from survey_kit.design.engines.frame_engine import frame_source
from survey_kit.design.sample import Sample
from survey_kit.design.source import Source
from survey_kit.errors import DesignError, SurveyKitError
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.from_source import means_of, shares_of, totals_of
from survey_kit.estimation.rank_test import rank_test
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.total import TOTAL
from survey_kit.weighting.rake import rake
from survey_kit.weighting.rake_source import rake_of

DESIGN = Design(Sampling.PROBABILITY, weight="w", stratum="s", cluster="c")
TWO_STAGES = Design(
    Sampling.PROBABILITY, weight="w", stratum="s", cluster=("c", "d"), population=("N", "M")
)
PPS = Design(Sampling.PROBABILITY, stratum="s", cluster="c", population="p")
MARGINS = {"y": {"0": 0.3, "1": 0.3, "2": 0.4}, "g": {"a": 0.6, "b": 0.4}}


def people(n: int = 80) -> pd.DataFrame:
    draw = np.random.default_rng(2)
    cluster = np.arange(n) // 10
    z = draw.normal(3, 1, n)
    z[7] = np.nan
    return pd.DataFrame(
        {
            "w": draw.uniform(1, 3, n),
            "s": cluster // 4,
            "c": cluster,
            "d": np.arange(n),
            "N": np.where(cluster < 4, 20, 30),
            "M": 15 + cluster,
            "p": 0.2 + 0.05 * cluster,
            "y": np.arange(n) % 3,
            "g": draw.choice(["a", "b"], n),
            "z": z,
        }
    )


def in_memory(frame: pd.DataFrame, design: Design, _: Path) -> Source:
    return frame_source(frame, design)


def in_parquet(frame: pd.DataFrame, design: Design, folder: Path) -> Source:
    frame.to_parquet(folder / "rows.parquet")
    return duckdb_source(folder / "rows.parquet", design, threads=1)


def in_csv(frame: pd.DataFrame, design: Design, folder: Path) -> Source:
    frame.to_csv(folder / "rows.csv", index=False)
    return duckdb_source(folder / "rows.csv", design, threads=1)


every_engine = pytest.mark.parametrize(
    "made", [in_memory, in_parquet, in_csv], ids=["numpy", "parquet", "csv"]
)


def same(found: Estimate, expected: Estimate) -> None:
    assert (found.names, found.df) == (expected.names, expected.df)
    np.testing.assert_allclose(found.value, expected.value, rtol=1e-9)
    np.testing.assert_allclose(found.covariance, expected.covariance, rtol=1e-9)


@every_engine
def test_what_needs_rows_has_their_digits_through_a_source(made, tmp_path: Path) -> None:
    read = made(people(), DESIGN, tmp_path).sample(["z", "g"])

    assert set(read.data.columns) == {"w", "s", "c", "z", "g"}
    found, expected = (rank_test(each, "z", "g") for each in (read, Sample(people(), DESIGN)))
    assert found.p == pytest.approx(expected.p, rel=1e-12)


@every_engine
def test_raked_rows_remember_their_margins_through_a_source(made, tmp_path: Path) -> None:
    raked = rake_of(made(people(), DESIGN, tmp_path), MARGINS).source

    same(
        estimate(MEAN, raked.sample(["z"]), ["z"]),
        estimate(MEAN, rake(Sample(people(), DESIGN), MARGINS).sample, ["z"]),
    )


def test_categories_keep_the_order_they_were_given(tmp_path: Path) -> None:
    source = replace(in_parquet(people(), DESIGN, tmp_path), categories={"g": ["b", "a", "none"]})
    assert source.sample(["g"]).levels("g").names == ("b", "a", "none")


def test_more_rows_than_memory_should_hold_are_not_read() -> None:
    with pytest.raises(DesignError) as caught:
        frame_source(people(), DESIGN).sample(["z"], most=300)

    assert str(caught.value) == (
        "data: 80 rows of 4 columns are more than the 300 numbers that are read into memory. "
        "Ask for what is computed from sums, for fewer columns, or give a larger most=."
    )


@every_engine
def test_two_stages_with_their_populations_have_the_digits_of_rows(made, tmp_path: Path) -> None:
    source, sample = made(people(), TWO_STAGES, tmp_path), Sample(people(), TWO_STAGES)

    same(means_of(source, ["z"], by=["g"]), estimate(MEAN, sample, ["z"], by=["g"]))
    same(totals_of(source, ["z"]), estimate(TOTAL, sample, ["z"]))


@pytest.mark.parametrize("made", [in_memory, in_parquet], ids=["numpy", "parquet"])
@pytest.mark.parametrize("pairs", list(Pairs))
@pytest.mark.parametrize("unequal", [Unequal.BREWER, Unequal.OVERTON, Unequal.HARTLEY_RAO])
def test_clusters_of_unequal_chances_have_the_digits_of_rows(
    unequal: Unequal, pairs: Pairs, made, tmp_path: Path
) -> None:
    design = replace(PPS, unequal=unequal, pairs=pairs)
    source, sample = made(people(), design, tmp_path), Sample(people(), design)

    same(means_of(source, ["z"], by=["g"]), estimate(MEAN, sample, ["z"], by=["g"]))


def test_joint_chances_go_with_rows_and_not_with_sums(tmp_path: Path) -> None:
    design = replace(PPS, unequal=Unequal.JOINT, pairs=Pairs.YATES_GRUNDY)
    p = people().groupby("c")["p"].first().to_numpy()
    joint = 0.9 * np.outer(p, p)
    np.fill_diagonal(joint, p)
    source = in_parquet(people(), design, tmp_path)

    same(
        estimate(TOTAL, source.sample(["z"], joint=joint), ["z"]),
        estimate(TOTAL, Sample(people(), design, joint=joint), ["z"]),
    )
    with pytest.raises(DesignError) as caught:
        means_of(source, ["z"])
    assert str(caught.value) == (
        "joint chances: they go by the order in which rows name the clusters, and sums have none. "
        "Read the columns into memory: source.sample(['...'], joint=...)."
    )


def test_rows_of_unequal_chances_are_pointed_to_memory(tmp_path: Path) -> None:
    design = Design(Sampling.PROBABILITY, population="p", unequal=Unequal.BREWER)
    source = in_parquet(people(), design, tmp_path)

    with pytest.raises(DesignError) as caught:
        means_of(source, ["z"])
    assert str(caught.value) == (
        "unequal chances: of rows that were drawn one by one each has its own, so they cannot be "
        "summed. Read the rows into memory: source.sample(['...'])."
    )
    same(
        estimate(MEAN, source.sample(["z"]), ["z"]), estimate(MEAN, Sample(people(), design), ["z"])
    )


def _with(column: str, row: int, value: object) -> pd.DataFrame:
    frame = people()
    frame[column] = frame[column].astype(object)
    frame.loc[row, column] = value
    return frame.convert_dtypes()


WEIGHTS = "Every row needs a weight above 0; to leave rows out, ask for a domain."
FAULTS = {
    "no weight": (_with("w", 3, None), f"weight 'w': the weight is missing in row 3. {WEIGHTS}"),
    "negative": (_with("w", 3, -1.0), f"weight 'w': the weight is negative in row 3. {WEIGHTS}"),
    "no cluster": (
        _with("c", 3, None),
        "cluster 'c': it is missing in row 3. Every row needs its cluster.",
    ),
    "two strata": (
        _with("s", 3, 1),
        (
            "cluster 'c': 1 of its names are found in more than one stratum, such as that of rows 0, "
            "1, 2 and 7 more. Give every cluster a name of its own, or say nested: true if names start "
            "anew in each stratum."
        ),
    ),
    "no such column": (
        people().drop(columns="w"),
        "data: there is no column called 'w'. The data have 9 columns.",
    ),
    "nobody": (
        people().iloc[:0],
        "data: there are no rows. Check the file and the filter it came from.",
    ),
}


@pytest.mark.parametrize("made", [in_parquet, in_csv], ids=["parquet", "csv"])
@pytest.mark.parametrize(("frame", "said"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_with_a_file_is_said_in_words(
    frame: pd.DataFrame, said: str, made, tmp_path: Path
) -> None:
    with pytest.raises(SurveyKitError) as caught:
        shares_of(made(frame, DESIGN, tmp_path), "y")
    assert str(caught.value) == said


def long_csv(folder: Path, column: str, value: str) -> Path:
    """More rows than DuckDB looks at before it says what a column holds; the last is another."""
    frame = pd.concat([people()] * 300, ignore_index=True).astype({column: object})
    frame.loc[len(frame) - 1, column] = value
    frame.to_csv(folder / "rows.csv", index=False)
    return folder / "rows.csv"


@pytest.mark.client
@pytest.mark.parametrize(("column", "kind"), [("y", "whole number"), ("z", "number")])
def test_a_late_word_among_numbers_is_named_by_its_line_and_not_told(
    column: str, kind: str, tmp_path: Path
) -> None:
    source = duckdb_source(long_csv(tmp_path, column, "other"), DESIGN)

    with pytest.raises(SurveyKitError) as caught:
        shares_of(source, column)
    assert str(caught.value) == (
        f"rows.csv, line 24001, column '{column}': a value is no {kind} as those before it. "
        f"Correct it, or read the column as text: text=['{column}']."
    )


@pytest.mark.client
def test_a_column_of_codes_and_words_can_be_read_as_text(tmp_path: Path) -> None:
    path = long_csv(tmp_path, "y", "other")
    found = shares_of(duckdb_source(path, DESIGN, text=["y"]), "y")
    assert [name for _, name in found.names] == ["0", "1", "2", "other"]


def test_a_file_that_is_none_of_its_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.parquet").write_text("no Parquet")
    with pytest.raises(SurveyKitError) as caught:
        duckdb_source(tmp_path / "rows.parquet", DESIGN)
    assert str(caught.value) == (
        "rows.parquet: it cannot be read as what its suffix says. Check the path and the export."
    )
