"""Raking of rows that stay where they are gives the weights that raking of rows gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Lonely, Sampling
from survey_kit.design.engines.duckdb_engine import duckdb_source
from survey_kit.design.engines.frame_engine import frame_source
from survey_kit.design.sample import Sample
from survey_kit.design.source import Source
from survey_kit.errors import SurveyKitError, WeightingError
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.from_source import means_of, shares_of
from survey_kit.estimation.proportions import shares
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.weighting.rake import rake
from survey_kit.weighting.rake_source import rake_of, write_weights

MARGINS = {
    "sex": {"1": 0.45, "2": 0.55},
    "place": {"camp": 200.0, "it's a town": 300.0, "village": 500.0},
    "young": {"True": 30.0, "False": 70.0},
}
WEIGHED = Design(Sampling.PROBABILITY, weight="weight")
DESIGNS = {
    "rows": WEIGHED,
    "rows in strata": replace(WEIGHED, stratum="stratum"),
    "clusters": replace(WEIGHED, stratum="stratum", cluster="cluster"),
    "rows, lonely": replace(WEIGHED, stratum="hermit", lonely=Lonely.ADJUST),
    "rows, averaged": replace(WEIGHED, stratum="hermit", lonely=Lonely.AVERAGE),
}


def people(n: int = 240) -> pd.DataFrame:
    draw = np.random.default_rng(4)
    cluster = draw.integers(0, 12, n)
    return pd.DataFrame(
        {
            "sex": draw.integers(1, 3, n),
            "place": draw.choice(["camp", "it's a town", "village"], n),
            "young": draw.random(n) < 0.4,
            "answer": draw.choice(["work", "family"], n),
            "income": draw.lognormal(5, 1, n),
            "weight": draw.uniform(0.5, 3, n),
            "cluster": cluster,
            "stratum": cluster // 6,
            "hermit": np.where(np.arange(n) == 0, 9, cluster // 6),
        }
    )


def in_memory(frame: pd.DataFrame, design: Design, _: Path) -> Source:
    return frame_source(frame, design)


def in_parquet(frame: pd.DataFrame, design: Design, folder: Path) -> Source:
    frame.to_parquet(folder / "rows.parquet")
    return duckdb_source(folder / "rows.parquet", design, threads=1)


every_engine = pytest.mark.parametrize("made", [in_memory, in_parquet], ids=["numpy", "duckdb"])


def same(found: Estimate, expected: Estimate) -> None:
    for part in ("value", "covariance", "own_df", "n", "weighted", "effective", "simple"):
        np.testing.assert_allclose(
            getattr(found, part), getattr(expected, part), rtol=1e-8, atol=1e-14, err_msg=part
        )


@every_engine
@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_estimates_of_a_raked_source_are_those_of_the_raked_rows(
    design: Design, made, tmp_path: Path
) -> None:
    frame = people()

    found = rake_of(made(frame, design, tmp_path), MARGINS)

    expected = rake(Sample(frame, design), MARGINS)
    same(
        shares_of(found.source, "answer", by="stratum"),
        shares(expected.sample, "answer", by="stratum"),
    )
    same(shares_of(found.source, "sex"), shares(expected.sample, "sex"))
    same(
        means_of(found.source, ["income"], by=["answer"]),
        estimate(MEAN, expected.sample, ["income"], by=["answer"]),
    )


@every_engine
def test_its_report_is_that_of_the_rows(made, tmp_path: Path) -> None:
    frame = people()

    found = rake_of(made(frame, WEIGHED, tmp_path), MARGINS).report

    expected = rake(Sample(frame, WEIGHED), MARGINS).report
    pd.testing.assert_frame_equal(found.margins, expected.margins)
    for part in ("n", "total", "effective_size", "design_effect", "variation", "iterations"):
        assert getattr(found, part) == pytest.approx(getattr(expected, part), rel=1e-9)
    assert (found.smallest, found.largest) == pytest.approx((expected.smallest, expected.largest))


@every_engine
def test_weights_are_written_beside_the_rows_in_their_order(made, tmp_path: Path) -> None:
    frame = people()
    raked = rake_of(made(frame, WEIGHED, tmp_path), MARGINS).source

    write_weights(raked, tmp_path / "raked.parquet")
    write_weights(raked, tmp_path / "alone.parquet", weight="w", columns=())

    expected = rake(Sample(frame, WEIGHED), MARGINS).sample.weights
    found = pd.read_parquet(tmp_path / "raked.parquet")
    np.testing.assert_allclose(found["raked weight"], expected, rtol=1e-9)
    assert found["income"].tolist() == frame["income"].tolist()
    alone = pd.read_parquet(tmp_path / "alone.parquet")
    np.testing.assert_allclose(alone["w"], expected, rtol=1e-9)
    assert list(alone.columns) == ["w"]


@every_engine
@pytest.mark.parametrize(
    "margins",
    [
        {"sex": {"1": 0.5, "2": 0.4}},
        {"sex": {"1": 1.0}},
        {"place": {"camp": 0.2, "it's a town": 0.3, "village": 0.4, "city": 0.1}},
        {"holes": {"a": 0.5, "b": 0.5}},
    ],
    ids=["do not add up", "one lacks", "nobody", "missing"],
)
def test_margins_that_do_not_fit_are_refused_as_for_rows(margins, made, tmp_path: Path) -> None:
    frame = people().assign(holes=["a", "b", None] * 80)

    with pytest.raises(SurveyKitError) as of_rows:
        rake(Sample(frame, WEIGHED), margins)
    with pytest.raises(SurveyKitError) as of_source:
        rake_of(made(frame, WEIGHED, tmp_path), margins)

    assert str(of_source.value) == str(of_rows.value)


def test_a_source_is_raked_once() -> None:
    raked = rake_of(frame_source(people(), WEIGHED), MARGINS).source

    with pytest.raises(WeightingError) as caught:
        rake_of(raked, MARGINS)

    assert str(caught.value) == (
        "weights: this sample was already calibrated. "
        "Start from the sample before that, and give all margins at once."
    )


def test_weights_that_follow_from_a_population_are_not_raked() -> None:
    design = Design(Sampling.PROBABILITY, population="people")

    with pytest.raises(WeightingError) as caught:
        rake_of(frame_source(people().assign(people=900), design), MARGINS)

    assert str(caught.value) == (
        "weights: they follow from the population, and raking needs a column of them. "
        "Add a column of weights to the data, and name it in the design."
    )


def test_a_column_is_not_written_over(tmp_path: Path) -> None:
    raked = rake_of(frame_source(people(), WEIGHED), MARGINS).source

    with pytest.raises(WeightingError) as caught:
        write_weights(raked, tmp_path / "raked.parquet", weight="weight")

    assert str(caught.value) == (
        "weight 'weight': the data already have a column of that name. "
        "Give another name: weight='...'."
    )
