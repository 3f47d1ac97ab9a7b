"""What is computed from sums over cells is what is computed from rows, whoever summed them."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Lonely, LonelyDomain, Sampling
from survey_kit.design.engines.duckdb_engine import duckdb_source
from survey_kit.design.engines.frame_engine import frame_source
from survey_kit.design.sample import Sample
from survey_kit.design.source import Source
from survey_kit.errors import DesignError, EstimationError, LonelyUnit
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.from_source import (
    estimate_of,
    goodness_of_fit_of,
    means_of,
    rao_scott_multiple_of,
    rao_scott_of,
    ratios_of,
    shares_of,
    shares_of_cases_of,
    totals_of,
)
from survey_kit.estimation.goodness_of_fit import goodness_of_fit
from survey_kit.estimation.proportions import shares, shares_of_cases
from survey_kit.estimation.rao_scott import rao_scott, rao_scott_multiple
from survey_kit.estimation.statistics.count import COUNT
from survey_kit.estimation.statistics.covariance import COVARIANCE
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.proportion import PROPORTION
from survey_kit.estimation.statistics.ratio import RATIO
from survey_kit.estimation.statistics.total import TOTAL

PROBABILITY = Design(Sampling.PROBABILITY)
WEIGHED = replace(PROBABILITY, weight="weight")
ADJUSTED = replace(WEIGHED, lonely=Lonely.ADJUST)
DESIGNS = {
    "rows": WEIGHED,
    "rows, no weights": PROBABILITY,
    "rows in strata": replace(WEIGHED, stratum="stratum"),
    "rows of a population": replace(PROBABILITY, stratum="stratum", population="people"),
    "rows, a lonely one removed": replace(WEIGHED, stratum="hermit", lonely=Lonely.REMOVE),
    "rows, a lonely one adjusted": replace(ADJUSTED, stratum="hermit"),
    "rows, lonely ones averaged": replace(
        WEIGHED, stratum="hermit", lonely=Lonely.AVERAGE, lonely_domain=LonelyDomain.AS_LONELY
    ),
    "rows, a domain alone": replace(
        ADJUSTED, stratum="hermit", lonely_domain=LonelyDomain.AS_LONELY
    ),
    "clusters": replace(WEIGHED, stratum="stratum", cluster="cluster"),
    "clusters in one stratum": replace(WEIGHED, cluster="cluster"),
    "clusters of a population": replace(
        PROBABILITY, stratum="stratum", cluster=("cluster", "row"), population=("clusters", "rows")
    ),
    "clusters within clusters": replace(WEIGHED, stratum="stratum", cluster=("cluster", "room")),
    "names that start anew": replace(WEIGHED, stratum="stratum", cluster="number", nested=True),
    "a lonely cluster": replace(WEIGHED, stratum="loner", cluster="cluster", lonely=Lonely.AVERAGE),
    "a domain in one cluster": replace(
        ADJUSTED, stratum="loner", cluster="cluster", lonely_domain=LonelyDomain.AS_LONELY
    ),
}
every_design = pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
OPTIONS = ["a", "b", "c"]


def people(seed: int = 1, n: int = 72) -> pd.DataFrame:
    """People of twelve clusters in two strata, with answers and holes in them."""
    draw = np.random.default_rng(seed)
    cluster = np.sort(draw.permutation(np.arange(n) % 12))
    answer = draw.choice(["work", "family", "it's safety"], n).astype(object)
    answer[draw.random(n) < 0.1] = None
    options = (draw.random((n, 3)) < 0.4).astype(float)
    options[draw.random(n) < 0.1] = np.nan
    income = draw.lognormal(5, 1, n)
    income[draw.random(n) < 0.1] = np.nan
    return pd.DataFrame(options, columns=OPTIONS).assign(
        answer=answer,
        group=draw.choice(["x", "y"], n),
        sex=draw.choice([1, 2], n),
        age=draw.integers(15, 18, n).astype(float),
        income=income,
        days=draw.integers(1, 30, n),
        weight=draw.uniform(0.5, 3, n),
        cluster=cluster,
        number=cluster % 6,
        room=cluster * 2 + draw.integers(0, 2, n),
        stratum=cluster // 6,
        loner=np.where(cluster == 0, 0, 1 + cluster // 6),
        hermit=np.where(np.arange(n) == 0, 0, 1 + cluster // 6),
        row=range(n),
        clusters=40,
        rows=90,
        people=500,
    )


def in_memory(frame: pd.DataFrame, design: Design, _: Path) -> Source:
    return frame_source(frame, design)


def in_parquet(frame: pd.DataFrame, design: Design, folder: Path) -> Source:
    frame.to_parquet(folder / "rows.parquet")
    return duckdb_source(folder / "rows.parquet", design, threads=1)


def in_csv(frame: pd.DataFrame, design: Design, folder: Path) -> Source:
    frame.to_csv(folder / "rows.csv", index=False)
    return duckdb_source(folder / "rows.csv", design)


every_engine = pytest.mark.parametrize("made", [in_memory, in_parquet], ids=["numpy", "duckdb"])


def same(found: Estimate, expected: Estimate) -> None:
    """All that an estimate holds, to nine digits."""
    assert found.names == expected.names
    assert (found.df, found.sampling) == (expected.df, expected.sampling)
    size = np.nanmax(np.abs(expected.covariance), initial=0)
    for part in ("value", "own_df", "n", "count", "weighted", "effective", "simple"):
        np.testing.assert_allclose(
            getattr(found, part), getattr(expected, part), rtol=1e-9, atol=1e-12, err_msg=part
        )
    np.testing.assert_allclose(
        found.covariance, expected.covariance, rtol=1e-9, atol=1e-9 * max(size, 1e-12)
    )


@every_engine
@every_design
def test_the_cube_of_a_sample_equals_its_rows(design: Design, made, tmp_path: Path) -> None:
    frame = people()
    source, sample = made(frame, design, tmp_path), Sample(frame, design)
    men = (frame["sex"] == 1).to_numpy(dtype=bool)

    same(shares_of(source, "answer"), shares(sample, "answer"))
    same(shares_of(source, "answer", by="group"), shares(sample, "answer", by="group"))
    same(
        shares_of(source, "answer", by="group", where={"sex": ["1"]}),
        shares(sample, "answer", by="group", where=men),
    )
    same(
        shares_of_cases_of(source, OPTIONS, by="group"),
        shares_of_cases(sample, OPTIONS, by="group"),
    )
    same(means_of(source, ["income"]), estimate(MEAN, sample, ["income"]))
    same(
        means_of(source, ["income", "days"], by=["group", "answer"], where={"sex": ["1"]}),
        estimate(MEAN, sample, ["income", "days"], by=["group", "answer"], where=men),
    )
    same(
        totals_of(source, ["income", "days"], by=["group"]),
        estimate(TOTAL, sample, ["income", "days"], by=["group"]),
    )
    same(
        ratios_of(source, ["income", "days", "days", "age"], by=["group"]),
        estimate(RATIO, sample, ["income", "days", "days", "age"], by=["group"]),
    )


@every_engine
@every_design
def test_a_statistic_that_needs_more_than_sums_has_a_cell_for_every_value(
    design: Design, made, tmp_path: Path
) -> None:
    frame = people()
    source, sample = made(frame, design, tmp_path), Sample(frame, design)

    same(
        estimate_of(COVARIANCE, source, ["age", "a"], by=["group"]),
        estimate(COVARIANCE, sample, ["age", "a"], by=["group"]),
    )
    same(estimate_of(PROPORTION, source, ["a"]), estimate(PROPORTION, sample, ["a"]))
    same(estimate_of(COUNT, source, OPTIONS), estimate(COUNT, sample, OPTIONS))


@every_engine
@every_design
def test_tests_of_the_cube_equal_those_of_rows(design: Design, made, tmp_path: Path) -> None:
    frame = people()
    source, sample = made(frame, design, tmp_path), Sample(frame, design)
    given_shares = {"work": 0.4, "family": 0.3, "it's safety": 0.3}

    found = rao_scott_of(source, "answer", "group")
    several = rao_scott_multiple_of(source, OPTIONS, "group")
    fit = goodness_of_fit_of(source, "answer", given_shares)

    expected = rao_scott(sample, "answer", "group")
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-9)
    assert found.p == pytest.approx(expected.p, rel=1e-9)
    assert several.p == pytest.approx(rao_scott_multiple(sample, OPTIONS, "group").p, rel=1e-8)
    assert fit.p == pytest.approx(goodness_of_fit(sample, "answer", given_shares).p, rel=1e-9)


@settings(max_examples=6, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    n=st.integers(30, 90),
    design=st.sampled_from(list(DESIGNS)),
    scale=st.floats(1e-3, 1e6),
)
def test_the_cube_of_any_sample_equals_its_rows(
    seed: int, n: int, design: str, scale: float
) -> None:
    frame = people(seed, n)
    frame["weight"] *= scale
    source, sample = frame_source(frame, DESIGNS[design]), Sample(frame, DESIGNS[design])

    same(shares_of(source, "answer", by="group"), shares(sample, "answer", by="group"))
    same(
        means_of(source, ["income"], by=["group"]), estimate(MEAN, sample, ["income"], by=["group"])
    )


def test_numbers_far_from_0_keep_their_digits(tmp_path: Path) -> None:
    frame = people().assign(income=lambda held: 1e9 + held["income"])
    design = DESIGNS["rows in strata"]

    found = means_of(in_parquet(frame, design, tmp_path), ["income"], by=["group"])

    same(found, estimate(MEAN, Sample(frame, design), ["income"], by=["group"]))


def test_a_lonely_stratum_is_refused_from_a_cube_as_from_rows() -> None:
    frame = people()
    alone = replace(WEIGHED, stratum="hermit")

    for found in (
        lambda: shares_of(frame_source(frame, alone), "answer"),
        lambda: means_of(frame_source(frame, alone), ["days"]),
        lambda: estimate_of(PROPORTION, frame_source(frame, alone), ["days"]),
    ):
        with pytest.raises(LonelyUnit) as caught:
            found()

        assert str(caught.value) == (
            "hermit 0: only one cluster was drawn, so its variance cannot be estimated. "
            "Merge the stratum with the one it most resembles."
        )


def test_csv_and_parquet_hold_the_same(tmp_path: Path) -> None:
    frame, design = people(), DESIGNS["clusters"]

    found = shares_of(in_csv(frame, design, tmp_path), "answer", by="group")

    same(found, shares(Sample(frame, design), "answer", by="group"))


def test_several_files_are_one_sample(tmp_path: Path) -> None:
    frame, design = people(), DESIGNS["clusters"]
    frame.iloc[:30].to_parquet(tmp_path / "round 1.parquet")
    frame.iloc[30:].to_parquet(tmp_path / "round 2.parquet")

    found = shares_of(duckdb_source(tmp_path / "*.parquet", design), "answer")

    same(found, shares(Sample(frame, design), "answer"))


@pytest.mark.parametrize(
    "library", ["pyarrow", "duckdb", pytest.param("polars", marks=pytest.mark.client)]
)
def test_frames_of_other_libraries_are_taken_as_they_are(library: str) -> None:
    other: Any = import_module(library)
    frame, design = people(), DESIGNS["clusters"]
    theirs = {
        "pyarrow": lambda: other.Table.from_pandas(frame),
        "duckdb": lambda: other.from_df(frame),
        "polars": lambda: other.from_pandas(frame),
    }[library]()

    found = means_of(frame_source(theirs, design), ["income"], by=["answer"])

    same(found, estimate(MEAN, Sample(frame, design), ["income"], by=["answer"]))


@every_engine
def test_categories_come_in_the_order_given_also_those_nobody_has(made, tmp_path: Path) -> None:
    frame, design = people(), DESIGNS["clusters"]
    order = ["work", "it's safety", "family", "other"]
    source = replace(made(frame, design, tmp_path), categories={"answer": order})
    ordered = frame.assign(answer=pd.Categorical(frame["answer"], order))

    found = shares_of(source, "answer", by="group")

    assert [name[-1] for name in found.names[:4]] == order
    same(found, shares(Sample(ordered, design), "answer", by="group"))


FAULTS = {
    "no weight": ("weight", [3], np.nan),
    "weight 0": ("weight", [3, 9], 0.0),
    "negative": ("weight", [3, 9, 11, 30, 31], -1.0),
    "infinite": ("weight", [70], np.inf),
    "no stratum": ("stratum", [5], np.nan),
    "no cluster": ("cluster", [5, 6], np.nan),
    "two strata": ("stratum", [5], 1),
    "no room": ("room", [7], np.nan),
    "population varies": ("clusters", [5], 41),
    "too small a population": ("clusters", list(range(72)), 3),
    "shares and numbers": ("clusters", [5], 0.5),
}


@every_engine
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_with_the_rows_is_said_as_by_a_sample(fault, made, tmp_path: Path) -> None:
    column, rows, value = fault
    frame = people()
    frame[column] = frame[column].astype(float)
    frame.loc[rows, column] = value
    design = replace(WEIGHED, stratum="stratum", cluster=("cluster", "room"), population="clusters")

    with pytest.raises(DesignError) as of_rows:
        Sample(frame, design)
    with pytest.raises(DesignError) as of_cells:
        shares_of(made(frame, design, tmp_path), "answer")

    assert str(of_cells.value) == str(of_rows.value)


def test_a_category_that_is_asked_about_must_be_there() -> None:
    with pytest.raises(DesignError) as caught:
        shares_of(frame_source(people(), WEIGHED), "sex", where={"answer": ["wark"]})

    assert str(caught.value) == ("where 'answer': it has no category 'wark'. Did you mean 'work'?")


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(DesignError) as caught:
        shares_of(frame_source(people(), WEIGHED), "anser")

    assert str(caught.value) == ("data: there is no column called 'anser'. Did you mean 'answer'?")


def test_a_list_of_categories_that_lacks_one_is_refused() -> None:
    source = frame_source(people(), WEIGHED, categories={"answer": ["work", "family"]})

    with pytest.raises(DesignError) as caught:
        shares_of(source, "answer")

    assert str(caught.value) == (
        "categories of 'answer': the data have 1 that the list lacks. "
        "Give all of them, in their order."
    )


def test_sums_of_other_numbers_are_refused() -> None:
    from survey_kit.estimation.moments import estimate_of_sums

    cube = frame_source(people(), WEIGHED).cube(["group"], numbers=["days"])

    with pytest.raises(EstimationError) as caught:
        estimate_of_sums(MEAN, cube, ["income"])

    assert str(caught.value) == (
        "mean: it cannot be had from the sums that were made. "
        "Make a cube in which its columns are cells, or sum just these numbers."
    )
