"""Spark sums rows by the same SQL text as DuckDB, and comes to the same digits as numpy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Lonely, Sampling
from survey_kit.design.engines.spark_engine import ANSI, spark_source
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.errors import DesignError
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.from_source import means_of, rao_scott_of, shares_of
from survey_kit.estimation.models.regression import regression
from survey_kit.estimation.models.regression_source import regression_of
from survey_kit.estimation.proportions import shares
from survey_kit.estimation.quantile import quantile
from survey_kit.estimation.quantile_source import quantiles_of
from survey_kit.estimation.rao_scott import rao_scott
from survey_kit.estimation.replicated_source import replicated_of
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.weighting.rake import rake
from survey_kit.weighting.rake_source import rake_of, write_weights

pytestmark = [pytest.mark.client, pytest.mark.filterwarnings("default")]

WEIGHED = Design(Sampling.PROBABILITY, weight="weight")
DESIGNS = {
    "rows": replace(WEIGHED, stratum="stratum"),
    "clusters": replace(WEIGHED, stratum="stratum", cluster="cluster"),
    "lonely": replace(WEIGHED, stratum="loner", cluster="cluster", lonely=Lonely.ADJUST),
}


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    pyspark: Any = import_module("pyspark.sql")
    made = (
        pyspark.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    made.sparkContext.setLogLevel("ERROR")
    yield made
    made.stop()


def people(n: int = 90) -> pd.DataFrame:
    draw = np.random.default_rng(3)
    cluster = draw.integers(0, 12, n)
    answer = draw.choice(["work", "it's safety", "family"], n).astype(object)
    answer[draw.random(n) < 0.1] = None
    income = draw.lognormal(5, 1, n)
    income[draw.random(n) < 0.1] = np.nan
    return pd.DataFrame(
        {
            "answer": answer,
            "group": draw.choice(["x", "y"], n),
            "the sex": draw.integers(1, 3, n),
            "income": income,
            "weight": draw.uniform(0.5, 3, n),
            "cluster": cluster,
            "stratum": cluster // 6,
            "loner": np.where(cluster == 0, 0, 1 + cluster // 6),
        }
    )


def table(session: Any, frame: pd.DataFrame, folder: Path) -> str:
    frame.to_parquet(folder / "rows.parquet")
    session.read.parquet(str(folder / "rows.parquet")).createOrReplaceTempView("people")
    return "people"


def same(found: Estimate, expected: Estimate) -> None:
    assert found.names == expected.names
    for part in ("value", "covariance", "own_df", "n", "weighted", "effective", "simple"):
        np.testing.assert_allclose(
            getattr(found, part), getattr(expected, part), rtol=1e-9, atol=1e-12, err_msg=part
        )


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_spark_comes_to_the_same_digits(session: Any, design: Design, tmp_path: Path) -> None:
    frame = people()
    source = spark_source(session, table(session, frame, tmp_path), design)
    sample = Sample(frame, design)

    same(shares_of(source, "answer", by="group"), shares(sample, "answer", by="group"))
    same(
        means_of(source, ["income"], by=["the sex"]),
        estimate(MEAN, sample, ["income"], by=["the sex"]),
    )
    found = rao_scott_of(source, "answer", "the sex")
    assert found.p == pytest.approx(rao_scott(sample, "answer", "the sex").p, rel=1e-9)


def test_spark_rakes_and_writes_weights(session: Any, tmp_path: Path) -> None:
    frame, design = people(), DESIGNS["clusters"]
    margins = {"the sex": {"1": 0.4, "2": 0.6}, "group": {"x": 0.7, "y": 0.3}}
    source = spark_source(session, table(session, frame, tmp_path), design)

    raked = rake_of(source, margins).source
    write_weights(raked, tmp_path / "raked.parquet", columns=["cluster"])

    expected = rake(Sample(frame, design), margins).sample
    same(shares_of(raked, "answer"), shares(expected, "answer"))
    written = pd.read_parquet(tmp_path / "raked.parquet")["raked weight"]
    np.testing.assert_allclose(sorted(written), sorted(expected.weights), rtol=1e-9)


def test_spark_scores_a_model(session: Any, tmp_path: Path) -> None:
    frame, design = people(), DESIGNS["clusters"]
    source = spark_source(session, table(session, frame, tmp_path), design)

    found = regression_of("income ~ answer + group", source)

    expected = regression("income ~ answer + group", Sample(frame, design))
    np.testing.assert_allclose(
        found.coefficients.value, expected.coefficients.value, rtol=1e-9, atol=1e-9
    )
    np.testing.assert_allclose(
        found.coefficients.covariance, expected.coefficients.covariance, rtol=1e-8, atol=1e-8
    )


def test_spark_finds_quantiles(session: Any, tmp_path: Path) -> None:
    frame, design = people(), DESIGNS["clusters"]
    source = spark_source(session, table(session, frame, tmp_path), design)

    found = quantiles_of(source, ["income"], [0.25, 0.5], by=["group"])

    expected = quantile(Sample(frame, design), ["income"], [0.25, 0.5], by=["group"])
    for part in ("value", "low", "high", "standard_error", "df"):
        np.testing.assert_allclose(getattr(found, part), getattr(expected, part), rtol=1e-9)


def test_spark_sums_for_replicates_that_are_raked(session: Any, tmp_path: Path) -> None:
    frame, design = people().sort_values(["stratum", "cluster"]), DESIGNS["clusters"]
    margins = {"the sex": {"1": 0.4, "2": 0.6}, "group": {"x": 0.7, "y": 0.3}}
    source = spark_source(session, table(session, frame, tmp_path), design)

    found = replicated_of(MEAN, source, ["income"], jackknife, margins=margins, by=["group"])

    raked = rake(jackknife(Sample(frame, design)), margins).sample
    same(found, estimate(MEAN, raked, ["income"], by=["group"]))


def test_spark_speaks_afterwards_as_it_did_before(session: Any, tmp_path: Path) -> None:
    before = {name: session.conf.get(name) for name in ANSI}

    shares_of(spark_source(session, table(session, people(), tmp_path), WEIGHED), "answer")

    assert {name: session.conf.get(name) for name in ANSI} == before


def test_rows_at_fault_are_named_on_spark_too(session: Any, tmp_path: Path) -> None:
    frame = people()
    frame.loc[[3, 9], "weight"] = -1.0
    source = spark_source(session, table(session, frame, tmp_path), WEIGHED)

    with pytest.raises(DesignError) as caught:
        shares_of(source, "answer")

    assert str(caught.value) == (
        "weight 'weight': the weight is negative in rows 3 and 9. "
        "Every row needs a weight above 0; to leave rows out, ask for a domain."
    )
