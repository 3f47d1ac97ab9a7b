"""Replicates of a cube are those of its rows, raked or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_kit.design import cluster_replicates
from survey_kit.design.cluster_replicates import with_cluster_replicates
from survey_kit.design.cube import Cube
from survey_kit.design.design import Design, Sampling
from survey_kit.design.engines.duckdb_engine import duckdb_source
from survey_kit.design.engines.frame_engine import frame_source
from survey_kit.design.replicate_making import balanced_halves, bootstrap
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.errors import DesignError, EstimationError, SurveyKitError, WeightingError
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.moments import estimate_of_sums
from survey_kit.estimation.proportions import shares
from survey_kit.estimation.rao_scott import rao_scott
from survey_kit.estimation.replicated_source import replicated_of
from survey_kit.estimation.statistics.covariance import COVARIANCE
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.ratio import RATIO
from survey_kit.estimation.statistics.total import TOTAL
from survey_kit.weighting.rake import rake
from survey_kit.weighting.rake_cube import rake_cube

WEIGHED = Design(Sampling.PROBABILITY, weight="weight", cluster="cluster")
DRAWN = replace(WEIGHED, stratum="stratum")
MADE: dict[str, tuple[Design, Callable[[Sample], Sample]]] = {
    "JK1": (WEIGHED, jackknife),
    "JKn": (DRAWN, jackknife),
    "JKn of a population": (replace(DRAWN, population="clusters"), jackknife),
    "BRR": (replace(WEIGHED, stratum="pair"), balanced_halves),
    "Fay": (replace(WEIGHED, stratum="pair"), lambda s: balanced_halves(s, rho=0.3)),
    "bootstrap": (DRAWN, lambda s: bootstrap(s, 40, seed=2, centre="estimate")),
}
every_kind = pytest.mark.parametrize(("design", "make"), MADE.values(), ids=MADE)
MARGINS = {"sex": {"f": 0.55, "m": 0.45}, "place": {"1": 0.2, "2": 0.3, "3": 0.5}}


def people(n: int = 240) -> pd.DataFrame:
    """People of sixteen clusters, sorted by stratum and cluster, with holes in the answers."""
    draw = np.random.default_rng(4)
    cluster = np.sort(draw.permutation(np.arange(n) % 16))
    answer = draw.choice(["work", "family", "safety"], n).astype(object)
    answer[draw.random(n) < 0.1] = None
    income = draw.lognormal(5, 1, n)
    income[draw.random(n) < 0.1] = np.nan
    return pd.DataFrame(
        {
            "answer": answer,
            "sex": draw.choice(["f", "m"], n),
            "place": draw.choice([1, 2, 3], n),
            "income": income,
            "days": draw.integers(1, 30, n),
            "weight": draw.uniform(0.5, 3, n),
            "cluster": cluster,
            "pair": cluster // 2,
            "stratum": cluster // 8,
            "clusters": 30,
        }
    )


def cube_of(frame: pd.DataFrame, design: Design) -> Cube:
    """In an order that nobody sorted."""
    mixed = frame.sample(frac=1, random_state=1)
    cells = ["answer", "sex", "place"]
    return frame_source(mixed, design).cube(cells, numbers=["income", "days"])


def same(found: Estimate, expected: Estimate) -> None:
    assert found.names == expected.names
    assert found.df == expected.df
    for part in ("value", "covariance", "own_df", "n", "weighted", "effective", "simple"):
        np.testing.assert_allclose(
            getattr(found, part), getattr(expected, part), rtol=1e-9, atol=1e-9, err_msg=part
        )


@every_kind
def test_replicates_of_sums_are_those_of_rows(
    design: Design, make: Callable[[Sample], Sample]
) -> None:
    frame = people()
    sample = make(Sample(frame, design))
    cube = with_cluster_replicates(cube_of(frame, design), make)
    answered = frame[["income", "days"]].notna().all(axis=1).to_numpy(dtype=bool)

    same(shares(cube, "answer", by="sex"), shares(sample, "answer", by="sex"))
    assert rao_scott(cube, "answer", "sex").p == pytest.approx(
        rao_scott(sample, "answer", "sex").p, rel=1e-9
    )
    columns = ["income", "days"]
    for statistic in (MEAN, TOTAL, RATIO):
        same(
            estimate_of_sums(statistic, cube, columns, by=["sex"]),
            estimate(statistic, sample, columns, by=["sex"]),
        )
    same(
        estimate_of_sums(MEAN, cube, columns),
        estimate(MEAN, sample, columns),
    )
    assert answered.sum() == estimate_of_sums(MEAN, cube, columns).n[0]


@every_kind
@pytest.mark.parametrize("at_once", [cluster_replicates.AT_ONCE, 60])
def test_every_replicate_is_raked(
    design: Design, make: Callable[[Sample], Sample], at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = people()
    monkeypatch.setattr(cluster_replicates, "AT_ONCE", at_once)
    sample = rake(make(Sample(frame, design)), MARGINS).sample

    found = rake_cube(with_cluster_replicates(cube_of(frame, design), make), MARGINS)

    assert found.gap <= 1e-10
    for column in ("income", "days"):
        whole = frame_source(frame, design).cube(["answer", *MARGINS], numbers=[column])
        one = rake_cube(with_cluster_replicates(whole, make), MARGINS).cube
        same(estimate_of_sums(MEAN, one, [column]), estimate(MEAN, sample, [column]))
        same(
            estimate_of_sums(TOTAL, one, [column], by=["sex"]),
            estimate(TOTAL, sample, [column], by=["sex"]),
        )
    same(shares(found.cube, "answer"), shares(sample, "answer"))
    same(shares(found.cube, "sex", by="place"), shares(sample, "sex", by="place"))


def test_a_raked_cube_without_replicates_is_linearised() -> None:
    frame = people()

    found = rake_cube(cube_of(frame, DRAWN), MARGINS)

    expected = rake(Sample(frame, DRAWN), MARGINS)
    assert found.iterations == expected.report.iterations
    same(shares(found.cube, "answer"), shares(expected.sample, "answer"))


def test_a_statistic_that_needs_more_than_sums() -> None:
    frame = people()
    cube = frame_source(frame, DRAWN).cube(["days", "place"])

    found = estimate(COVARIANCE, with_cluster_replicates(cube, jackknife), ["days", "place"])

    same(found, estimate(COVARIANCE, jackknife(Sample(frame, DRAWN)), ["days", "place"]))


def test_the_same_seed_gives_the_same_whoever_summed(tmp_path: Path) -> None:
    frame = people()
    frame.to_parquet(tmp_path / "rows.parquet")
    make = MADE["bootstrap"][1]
    sources = (frame_source(frame, DRAWN), duckdb_source(tmp_path / "rows.parquet", DRAWN))

    numpy, duckdb = (
        shares(with_cluster_replicates(source.cube(["answer"]), make), "answer")
        for source in sources
    )

    same(duckdb, numpy)


def refused(call: Callable[[], object], kind: type[SurveyKitError]) -> str:
    with pytest.raises(kind) as caught:
        call()
    return str(caught.value)


def test_what_has_no_clusters_has_no_factors_for_them() -> None:
    cube = frame_source(people(), Design(Sampling.PROBABILITY, weight="weight")).cube(["sex"])

    assert refused(lambda: with_cluster_replicates(cube, jackknife), DesignError) == (
        "replicates: every row was drawn by itself, so that each would need a factor of its own. "
        "Make a Sample of the rows, or use the linearised variance."
    )


def test_replicates_are_made_once_and_before_raking() -> None:
    cube = with_cluster_replicates(cube_of(people(), DRAWN), jackknife)
    said = (
        "replicates: this cube already has them, or was raked. "
        "Make the replicates of the cube as it was drawn, and rake it afterwards."
    )

    assert refused(lambda: with_cluster_replicates(cube, jackknife), DesignError) == said
    assert refused(lambda: with_cluster_replicates(cube, lambda s: s), DesignError) == said
    raked = rake_cube(cube, MARGINS).cube
    assert refused(lambda: rake_cube(raked, MARGINS), WeightingError) == (
        "weights: this sample was already calibrated. "
        "Start from the sample before that, and give all margins at once."
    )


def test_a_function_that_makes_none_is_refused() -> None:
    cube = cube_of(people(), DRAWN)

    assert refused(lambda: with_cluster_replicates(cube, lambda s: s), DesignError) == (
        "replicates: none were made. Give a function such as bootstrap, in a lambda."
    )


def test_a_replicate_in_which_nobody_of_a_category_is_left_is_named() -> None:
    frame = people()
    frame["place"] = np.where(frame["cluster"] == 3, 3, frame["place"] % 2 + 1)
    make = MADE["JKn"][1]

    said = refused(
        lambda: rake_cube(with_cluster_replicates(cube_of(frame, DRAWN), make), MARGINS),
        WeightingError,
    )

    assert said == refused(lambda: rake(make(Sample(frame, DRAWN)), MARGINS), WeightingError)
    assert said.startswith("replicate 4 of 16, margin 'place', category '3': nobody in it is left")


def test_raking_of_a_replicate_that_does_not_converge_is_refused() -> None:
    cube = with_cluster_replicates(cube_of(people(), DRAWN), jackknife)

    with pytest.raises(WeightingError):
        rake_cube(cube, MARGINS, iterations=1)


def test_weights_that_follow_from_a_population_need_a_column() -> None:
    design = Design(
        Sampling.PROBABILITY, stratum="stratum", cluster="cluster", population="clusters"
    )

    assert refused(lambda: rake_cube(cube_of(people(), design), MARGINS), WeightingError) == (
        "weights: they follow from the population, and raking needs a column of them. "
        "Add a column of weights to the data, and name it in the design."
    )


@every_kind
@pytest.mark.parametrize("whole", [True, False], ids=["all answered", "some did not"])
def test_estimates_of_a_source_raked_in_every_replicate(
    design: Design, make: Callable[[Sample], Sample], whole: bool, tmp_path: Path
) -> None:
    frame = people()
    if whole:
        frame["income"] = frame["income"].fillna(10.0)
    frame.sample(frac=1, random_state=1).to_parquet(tmp_path / "rows.parquet")
    source = duckdb_source(tmp_path / "rows.parquet", design, threads=1)
    sample = rake(make(Sample(frame, design)), MARGINS).sample
    men = (frame["sex"] == "m").to_numpy(dtype=bool)

    same(
        replicated_of(MEAN, source, ["income", "days"], make, margins=MARGINS),
        estimate(MEAN, sample, ["income", "days"]),
    )
    same(
        replicated_of(
            RATIO,
            source,
            ["income", "days"],
            make,
            margins=MARGINS,
            by=["answer"],
            where={"sex": ["m"]},
        ),
        estimate(RATIO, sample, ["income", "days"], by=["answer"], where=men),
    )


@pytest.mark.parametrize("name", ["JKn", "JK1", "bootstrap"])
@pytest.mark.parametrize("whole", [True, False], ids=["all answered", "some did not"])
def test_codes_are_summed_in_tables_of_clusters_and_come_to_the_same(
    name: str, whole: bool, tmp_path: Path
) -> None:
    design, make = MADE[name]
    frame = people().assign(answer=lambda held: held["answer"].map({"work": 1, "family": 2}))
    frame["answer"] = frame["answer"].astype("Int8")
    frame["sex"] = (frame["sex"] == "m").astype(np.int8)
    if whole:
        frame["income"] = frame["income"].fillna(10.0)
    frame.sample(frac=1, random_state=1).to_parquet(tmp_path / "rows.parquet")
    source = duckdb_source(tmp_path / "rows.parquet", design, threads=1)
    margins = {"sex": {"0": 0.55, "1": 0.45}, "place": MARGINS["place"]}
    sample = rake(make(Sample(frame, design)), margins).sample
    numbers = source.wanted(["sex", "place"], numbers=["income"])

    assert source.engine.crossed(numbers, ["cluster"]) is not None
    same(
        replicated_of(MEAN, source, ["income", "days"], make, margins=margins),
        estimate(MEAN, sample, ["income", "days"]),
    )
    men = frame["sex"].to_numpy() == 1
    same(
        replicated_of(
            MEAN, source, ["income"], make, margins=margins, by=["answer"], where={"sex": ["1"]}
        ),
        estimate(MEAN, sample, ["income"], by=["answer"], where=men),
    )


@every_kind
def test_estimates_of_a_source_from_replicates(
    design: Design, make: Callable[[Sample], Sample]
) -> None:
    frame = people()

    found = replicated_of(TOTAL, frame_source(frame, design), ["days"], make, by=["sex"])

    same(found, estimate(TOTAL, make(Sample(frame, design)), ["days"], by=["sex"]))


def test_numbers_that_start_anew_in_every_stratum() -> None:
    frame = people().assign(number=lambda held: held["cluster"] % 8)
    design = replace(DRAWN, cluster="number", nested=True)

    found = replicated_of(MEAN, frame_source(frame, design), ["days"], jackknife, margins=MARGINS)

    expected = rake(jackknife(Sample(frame, design)), MARGINS).sample
    same(found, estimate(MEAN, expected, ["days"]))


def test_a_statistic_that_is_no_sum_over_a_sum_is_refused() -> None:
    source = frame_source(people(), DRAWN)

    said = refused(
        lambda: replicated_of(COVARIANCE, source, ["days", "income"], jackknife), EstimationError
    )

    assert said == (
        "covariance: it is no sum over a sum, and needs the rows under every replicate. "
        "Make a Sample of the rows, with replicates."
    )
