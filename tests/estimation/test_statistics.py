"""Laws that every statistic obeys. A new file in the folder is tested by being there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from survey_kit.collect import collect
from survey_kit.design.design import Design, Lonely, Sampling
from survey_kit.design.engines.duckdb_engine import duckdb_source
from survey_kit.design.engines.frame_engine import frame_source
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.design.source import Source
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.from_source import estimate_of
from survey_kit.estimation.statistic import Statistic
from survey_kit.weighting.rake import rake

ROWS = 12
LETTERS = ["x", "y"]
EVERY = collect("survey_kit.estimation.statistics", Statistic)

every_statistic = pytest.mark.parametrize("statistic", EVERY.values(), ids=EVERY)
some_values = st.lists(
    st.lists(st.integers(1, 50).map(float), min_size=2, max_size=2), min_size=ROWS, max_size=ROWS
).map(np.array)
some_weights = st.lists(st.floats(0.2, 20), min_size=ROWS, max_size=ROWS).map(np.array)


def sampled(
    data: NDArray[np.float64], weights: NDArray[np.float64], **columns: object
) -> tuple[Sample, list[str]]:
    """Two strata of three clusters of two rows, and the names of the data's columns."""
    frame = pd.DataFrame(data, columns=LETTERS).assign(
        weight=weights,
        stratum=np.repeat(["a", "b"], 6),
        cluster=np.repeat([1, 2, 3, 4, 5, 6], 2),
        group=np.tile(["g", "h", "g"], 4),
        **columns,
    )
    design = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster")
    return Sample(frame, design), LETTERS


def same(a: Estimate, b: Estimate) -> None:
    assert b.value == pytest.approx(a.value, rel=1e-9, abs=1e-12)
    scale = np.abs(a.covariance).max() + 1e-18 * max(np.abs(a.value).max() ** 2, 1)
    assert b.covariance / scale == pytest.approx(a.covariance / scale, abs=1e-9)


def test_the_folder_holds_statistics() -> None:
    assert set(EVERY) >= {"mean", "total", "ratio", "proportion", "count"}


@every_statistic
@given(data=some_values, weights=some_weights)
@settings(max_examples=15, deadline=None)
def test_influence_is_the_derivative_of_value(
    statistic: Statistic, data: NDArray[np.float64], weights: NDArray[np.float64]
) -> None:
    columns = data[:, : statistic.columns]
    step = 1e-5

    found = statistic.influence(columns, weights)

    for row in range(ROWS):
        nudge = np.zeros(ROWS)
        nudge[row] = step
        slope = statistic.value(columns, weights + nudge) - statistic.value(
            columns, weights - nudge
        )
        assert found[row] == pytest.approx(slope / (2 * step), rel=1e-4, abs=1e-6)


@every_statistic
@given(data=some_values, weights=some_weights, factor=st.floats(0.01, 1000))
@settings(max_examples=15, deadline=None)
def test_the_scale_of_the_weights_scales_totals_and_nothing_else(
    statistic: Statistic, data: NDArray[np.float64], weights: NDArray[np.float64], factor: float
) -> None:
    columns = LETTERS[: statistic.columns]
    once = estimate(statistic, sampled(data, weights)[0], columns)

    again = estimate(statistic, sampled(data, weights * factor)[0], columns)

    whole = factor if statistic.total else 1.0
    assert again.value == pytest.approx(once.value * whole, rel=1e-9)
    assert again.standard_error == pytest.approx(once.standard_error * whole, rel=1e-6, abs=1e-7)


@every_statistic
@given(data=some_values, weights=some_weights, order=st.permutations(range(ROWS)))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_rows_does_not_matter(
    statistic: Statistic,
    data: NDArray[np.float64],
    weights: NDArray[np.float64],
    order: list[int],
) -> None:
    sample, letters = sampled(data, weights)
    shuffled = Sample(sample.data.iloc[order], sample.design)

    found = [
        estimate(statistic, each, letters[: statistic.columns], by=["group"])
        for each in (sample, shuffled)
    ]

    same(*found)


@every_statistic
@given(data=some_values, weights=some_weights, row=st.integers(0, ROWS - 1))
@settings(max_examples=15, deadline=None)
def test_a_row_may_be_split_into_two_of_half_its_weight(
    statistic: Statistic, data: NDArray[np.float64], weights: NDArray[np.float64], row: int
) -> None:
    sample, letters = sampled(data, weights)
    halved = sample.data.copy()
    halved.loc[row, "weight"] /= 2
    split = pd.concat([halved, halved.loc[[row]]], ignore_index=True)

    found = [
        estimate(statistic, each, letters[: statistic.columns], by=["group"])
        for each in (sample, Sample(split, sample.design))
    ]

    same(*found)


@every_statistic
@given(data=some_values, weights=some_weights)
@settings(max_examples=15, deadline=None)
def test_a_group_that_nobody_is_in_is_empty_and_changes_nothing(
    statistic: Statistic, data: NDArray[np.float64], weights: NDArray[np.float64]
) -> None:
    sample, letters = sampled(data, weights)
    columns = letters[: statistic.columns]
    groups = pd.CategoricalDtype(["g", "nobody", "h"])
    wider = Sample(sample.data.astype({"group": groups}), sample.design)

    before = estimate(statistic, sample, columns, by=["group"])
    after = estimate(statistic, wider, columns, by=["group"])

    assert [name[0] for name in after.names] == ["g", "nobody", "h"]
    assert after.n[1] == 0
    assert after.weighted[1] == 0
    assert after.effective[1] == 0
    assert np.isnan(after.value[1])
    assert np.isnan(after.standard_error[1])
    assert np.isnan(after.interval()[0][1])
    assert after.value[[0, 2]] == pytest.approx(before.value)
    assert after.covariance[np.ix_([0, 2], [0, 2])] == pytest.approx(before.covariance)


@every_statistic
@given(data=some_values, weights=some_weights)
@settings(max_examples=15, deadline=None)
def test_a_group_is_the_same_asked_for_alone_or_among_others(
    statistic: Statistic, data: NDArray[np.float64], weights: NDArray[np.float64]
) -> None:
    sample, letters = sampled(data, weights)
    columns = letters[: statistic.columns]

    among = estimate(statistic, sample, columns, by=["group"])
    alone = estimate(
        statistic, sample, columns, where=(sample.data["group"] == "h").to_numpy(dtype=bool)
    )

    assert among.value[1] == pytest.approx(alone.value[0])
    assert among.standard_error[1] == pytest.approx(alone.standard_error[0])
    assert among.own_df[1] == alone.df


@every_statistic
@given(data=some_values, weights=some_weights)
@settings(max_examples=15, deadline=None)
def test_a_stratum_that_was_wholly_drawn_adds_no_variance(
    statistic: Statistic, data: NDArray[np.float64], weights: NDArray[np.float64]
) -> None:
    sample, letters = sampled(data, weights, clusters=3)
    wholly = Sample(
        sample.data,
        Design(
            Sampling.PROBABILITY,
            weight="weight",
            stratum="stratum",
            cluster="cluster",
            population="clusters",
            lonely=Lonely.FAIL,
        ),
    )

    found = estimate(statistic, wholly, letters[: statistic.columns])

    assert found.standard_error[0] == 0


@every_statistic
@given(data=some_values, weights=some_weights)
@settings(max_examples=15, deadline=None)
def test_influences_weigh_up_to_the_total_or_to_nothing(
    statistic: Statistic, data: NDArray[np.float64], weights: NDArray[np.float64]
) -> None:
    columns = data[:, : statistic.columns]

    # Euler: what grows with the weights is the sum of what each adds, what does not is of degree 0
    added = weights @ statistic.influence(columns, weights)

    value = statistic.value(columns, weights)
    expected = value if statistic.total else 0.0
    assert added == pytest.approx(expected, rel=1e-9, abs=1e-9 * max(abs(value), 1))


@every_statistic
@given(data=some_values, weights=some_weights)
@settings(max_examples=15, deadline=None)
def test_whole_strata_are_a_sample_of_their_own(
    statistic: Statistic, data: NDArray[np.float64], weights: NDArray[np.float64]
) -> None:
    sample, letters = sampled(data, weights)
    columns = letters[: statistic.columns]
    first = (sample.data["stratum"] == "a").to_numpy(dtype=bool)
    subset = Sample(sample.data[first].reset_index(drop=True), sample.design)

    domain = estimate(statistic, sample, columns, by=["group"], where=first)
    alone = estimate(statistic, subset, columns, by=["group"])

    same(domain, alone)
    assert (domain.df, domain.names) == (alone.df, alone.names)
    assert domain.own_df.tolist() == alone.own_df.tolist()


@every_statistic
@given(data=some_values, weights=some_weights)
@settings(max_examples=15, deadline=None)
def test_a_stratum_that_holds_none_of_the_domain_changes_nothing(
    statistic: Statistic, data: NDArray[np.float64], weights: NDArray[np.float64]
) -> None:
    sample, letters = sampled(data, weights)
    columns = letters[: statistic.columns]
    others = sample.data.iloc[:4].assign(stratum="c", cluster=[7, 7, 8, 8])
    whole = pd.concat([sample.data, others], ignore_index=True)
    inside = np.arange(len(whole)) < ROWS
    never = whole.astype({"stratum": pd.CategoricalDtype(["a", "b", "c", "nobody"])})

    before = estimate(statistic, sample, columns, by=["group"])
    after = estimate(statistic, Sample(whole, sample.design), columns, by=["group"], where=inside)
    empty = estimate(statistic, Sample(never, sample.design), columns, by=["group"], where=inside)

    same(before, after)
    same(before, empty)
    assert before.df == after.df == empty.df


@every_statistic
@given(seed=st.integers(0, 1000))
@settings(max_examples=8, deadline=None)
def test_the_jackknife_is_near_the_linearised_variance(statistic: Statistic, seed: int) -> None:
    draw = np.random.default_rng(seed)
    frame = pd.DataFrame(draw.uniform(1, 10, (240, 2)), columns=LETTERS).assign(
        weight=draw.uniform(0.5, 2, 240),
        stratum=np.repeat(["a", "b"], 120),
        cluster=np.repeat(np.arange(60), 4),
    )
    design = Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster")
    sample = Sample(frame, design)
    columns = LETTERS[: statistic.columns]

    replicated = estimate(statistic, jackknife(sample), columns)

    linearised = estimate(statistic, sample, columns)
    assert replicated.value == pytest.approx(linearised.value)
    assert replicated.standard_error == pytest.approx(linearised.standard_error, rel=0.05)


one_column = pytest.mark.parametrize(
    "statistic",
    [each for each in EVERY.values() if each.columns == 1],
    ids=[each.name for each in EVERY.values() if each.columns == 1],
)


@one_column
@given(weights=some_weights, share=st.floats(0.2, 0.8))
@settings(max_examples=15, deadline=None)
def test_what_was_calibrated_to_is_hit_and_has_no_error(
    statistic: Statistic, weights: NDArray[np.float64], share: float
) -> None:
    sample, _ = sampled(np.ones((ROWS, 2)), weights)
    frame = sample.data.assign(
        in_g=(sample.data["group"] == "g").astype(float), half=np.tile(["p", "p", "q", "q"], 3)
    )
    margins = {"group": {"g": share, "h": 1 - share}, "half": {"p": 0.5, "q": 0.5}}

    found = estimate(statistic, rake(Sample(frame, sample.design), margins).sample, ["in_g"])

    assert found.value[0] == pytest.approx(share * (ROWS if statistic.total else 1), rel=1e-8)
    assert found.standard_error[0] == pytest.approx(0, abs=1e-4 * (ROWS if statistic.total else 1))


def from_rows(frame: pd.DataFrame, design: Design, _: Path) -> Source:
    return frame_source(frame, design)


def from_parquet(frame: pd.DataFrame, design: Design, folder: Path) -> Source:
    frame.to_parquet(folder / "rows.parquet")
    return duckdb_source(folder / "rows.parquet", design, threads=1)


@every_statistic
@pytest.mark.parametrize("made", [from_rows, from_parquet], ids=["numpy", "duckdb"])
@pytest.mark.parametrize("clusters", [True, False], ids=["clusters", "elements"])
def test_every_engine_comes_to_the_numbers_of_the_rows(
    statistic: Statistic,
    made: Callable[[pd.DataFrame, Design, Path], Source],
    clusters: bool,
    tmp_path: Path,
) -> None:
    draw = np.random.default_rng(7)
    sample, letters = sampled(draw.integers(1, 9, (ROWS, 2)), draw.uniform(0.5, 3, ROWS))
    design = sample.design if clusters else replace(sample.design, cluster=None)
    columns = letters[: statistic.columns]

    found = estimate_of(statistic, made(sample.data, design, tmp_path), columns, by=["group"])

    same(estimate(statistic, Sample(sample.data, design), columns, by=["group"]), found)
