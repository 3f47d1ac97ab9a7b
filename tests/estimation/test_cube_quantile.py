"""Quantiles of rows that stay where they are have the digits of those in memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Lonely, Sampling
from survey_kit.design.engines.duckdb_engine import duckdb_source
from survey_kit.design.engines.frame_engine import frame_source
from survey_kit.design.sample import Sample
from survey_kit.design.source import Source
from survey_kit.errors import DesignError, EstimationError, LonelyUnit
from survey_kit.estimation.quantile import QuantileInterval, Quantiles, quantile
from survey_kit.estimation.quantile_rules import Rule
from survey_kit.estimation.quantile_source import BY_VALUE, quantiles_of
from survey_kit.weighting.rake import rake
from survey_kit.weighting.rake_source import rake_of

WEIGHED = Design(Sampling.PROBABILITY, weight="weight")
DESIGNS = {
    "rows": replace(WEIGHED, stratum="stratum"),
    "rows of a population": Design(Sampling.PROBABILITY, stratum="stratum", population="people"),
    "clusters": replace(WEIGHED, stratum="stratum", cluster="cluster"),
    "a lonely cluster": replace(WEIGHED, stratum="loner", cluster="cluster", lonely=Lonely.ADJUST),
}
every_design = pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)


def people(seed: int = 1, n: int = 80) -> pd.DataFrame:
    """People of twelve clusters; ages are shared by several, incomes by nobody."""
    draw = np.random.default_rng(seed)
    cluster = np.sort(np.arange(n) % 12)
    income = draw.lognormal(5, 1, n)
    income[draw.random(n) < 0.1] = np.nan
    age = draw.integers(15, 30, n).astype(float)
    age[draw.random(n) < 0.1] = np.nan
    return pd.DataFrame(
        {
            "income": income,
            "age": age,
            "sex": draw.choice(["f", "m"], n),
            "place": draw.choice([1, 2, 3], n),
            "weight": draw.uniform(0.5, 3, n),
            "cluster": cluster,
            "stratum": cluster // 6,
            "loner": np.where(cluster == 0, 9, cluster // 6),
            "people": 400,
        }
    )


def in_memory(frame: pd.DataFrame, design: Design, _: Path) -> Source:
    return frame_source(frame, design)


def in_parquet(frame: pd.DataFrame, design: Design, folder: Path) -> Source:
    frame.to_parquet(folder / "rows.parquet")
    return duckdb_source(folder / "rows.parquet", design, threads=1)


every_engine = pytest.mark.parametrize("made", [in_memory, in_parquet], ids=["numpy", "duckdb"])


def same(found: Quantiles, expected: Quantiles) -> None:
    assert found.names == expected.names
    for part in ("at", "value", "low", "high", "standard_error", "share", "correlation", "df"):
        np.testing.assert_allclose(
            getattr(found, part), getattr(expected, part), rtol=1e-9, atol=1e-9, err_msg=part
        )
    np.testing.assert_array_equal(found.n, expected.n)
    np.testing.assert_allclose(found.weighted, expected.weighted, rtol=1e-12)


@every_engine
@every_design
def test_quantiles_from_two_readings_are_those_of_rows(
    design: Design, made, tmp_path: Path
) -> None:
    frame = people()
    source, sample = made(frame, design, tmp_path), Sample(frame, design)
    men = (frame["sex"] == "m").to_numpy(dtype=bool)

    same(quantiles_of(source, ["income"]), quantile(sample, ["income"]))
    same(
        quantiles_of(source, ["age", "income"], [0.5], by=["place"], where={"sex": ["m"]}),
        quantile(sample, ["age", "income"], [0.5], by=["place"], where=men),
    )


@pytest.mark.parametrize("interval", ["mean", "xlogit", "asin", "beta", "score"])
def test_every_interval_of_a_quantile(interval: QuantileInterval, tmp_path: Path) -> None:
    frame, design = people(), DESIGNS["clusters"]

    found = quantiles_of(
        in_parquet(frame, design, tmp_path), ["age"], [0.3, 0.6], interval=interval, level=0.9
    )

    same(found, quantile(Sample(frame, design), ["age"], [0.3, 0.6], interval=interval, level=0.9))


@pytest.mark.parametrize("rule", get_args(Rule))
def test_every_rule_where_nobody_shares_a_value(rule: Rule) -> None:
    frame, design = people(), DESIGNS["clusters"]

    found = quantiles_of(frame_source(frame, design), ["income"], rule=rule, df=30)

    same(found, quantile(Sample(frame, design), ["income"], rule=rule, df=30))


@pytest.mark.parametrize("rule", sorted(BY_VALUE))
def test_rules_that_need_only_sums_where_values_are_shared(rule: Rule) -> None:
    frame, design = people(), DESIGNS["clusters"]

    found = quantiles_of(frame_source(frame, design), ["age"], by=["sex"], rule=rule)

    same(found, quantile(Sample(frame, design), ["age"], by=["sex"], rule=rule))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 9999), n=st.integers(40, 90), design=st.sampled_from(list(DESIGNS)))
@example(seed=538, n=43, design="rows")
def test_the_quantiles_of_any_sample(seed: int, n: int, design: str) -> None:
    frame = people(seed, n)
    source, sample = frame_source(frame, DESIGNS[design]), Sample(frame, DESIGNS[design])

    same(quantiles_of(source, ["age"], by=["sex"]), quantile(sample, ["age"], by=["sex"]))


@every_engine
def test_quantiles_of_raked_weights(made, tmp_path: Path) -> None:
    frame, design = people(), DESIGNS["clusters"]
    margins = {"sex": {"f": 0.5, "m": 0.5}, "place": {"1": 0.2, "2": 0.3, "3": 0.5}}

    found = quantiles_of(rake_of(made(frame, design, tmp_path), margins).source, ["income"])

    same(found, quantile(rake(Sample(frame, design), margins).sample, ["income"]))


def test_a_rule_that_needs_each_persons_weight_is_refused() -> None:
    with pytest.raises(EstimationError) as caught:
        quantiles_of(frame_source(people(), WEIGHED), ["age"], rule="hf7")

    assert str(caught.value) == (
        "quantile by the rule 'hf7': it depends on what each of those who gave the same answer "
        "weighs, and on their order. Take 'math', 'school' or 'hf3', or make a Sample of the rows."
    )


@every_engine
def test_what_is_wrong_is_said_as_of_rows(made, tmp_path: Path) -> None:
    frame = people()
    frame.loc[3, "weight"] = 0.0
    lonely = replace(DESIGNS["a lonely cluster"], lonely=Lonely.FAIL)
    for data, design, kind in ((frame, WEIGHED, DesignError), (people(), lonely, LonelyUnit)):
        with pytest.raises(kind) as of_rows:
            quantile(Sample(data, design), ["age"])
        with pytest.raises(kind) as of_source:
            quantiles_of(made(data, design, tmp_path), ["age"])

        assert str(of_source.value) == str(of_rows.value)


def test_there_are_no_replicates_to_take_the_scatter_of() -> None:
    with pytest.raises(EstimationError) as caught:
        quantiles_of(frame_source(people(), WEIGHED), ["age"], interval="replicates")

    assert str(caught.value) == (
        "quantile: the sample has no replicates, or those of a jackknife, which do not fit a "
        "quantile. Ask for interval='mean', or use bootstrap or balanced replicates."
    )
