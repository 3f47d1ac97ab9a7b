"""A model fitted to patterns, and scored cluster by cluster, is the model fitted to rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Lonely, Pairs, Sampling, Unequal
from survey_kit.design.engines.duckdb_engine import duckdb_source
from survey_kit.design.engines.frame_engine import frame_source
from survey_kit.design.sample import Sample
from survey_kit.design.source import Source
from survey_kit.errors import EstimationError, SurveyKitError
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.from_source import means_of
from survey_kit.estimation.models import regression_scores, regression_source, reweighted
from survey_kit.estimation.models.family import BINOMIAL, GAUSSIAN, POISSON, Family
from survey_kit.estimation.models.regression import regression
from survey_kit.estimation.models.regression_source import regression_of
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.weighting.rake import rake
from survey_kit.weighting.rake_source import rake_of

WEIGHED = Design(Sampling.PROBABILITY, weight="weight")
DESIGNS = {
    "rows": replace(WEIGHED, stratum="stratum"),
    "clusters": replace(WEIGHED, stratum="stratum", cluster="cluster"),
    "clusters of a population": replace(
        WEIGHED, stratum="stratum", cluster="cluster", population="clusters"
    ),
    "clusters without weights": Design(Sampling.PROBABILITY, cluster="cluster"),
    "lonely": replace(WEIGHED, stratum="loner", cluster="cluster", lonely=Lonely.AVERAGE),
}
MODELS = {
    "main effects": ("debt ~ sex + age + C(rooms)", BINOMIAL),
    "interaction": ("debt ~ sex * age + place + rooms", BINOMIAL),
    "a number": ("trips ~ sex + rooms + I(rooms**2) + place", GAUSSIAN),
    "counts": ("trips ~ age + place", POISSON),
    "no predictors": ("trips ~ 1", GAUSSIAN),
}
every_design = pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)


def people(n: int = 400) -> pd.DataFrame:
    draw = np.random.default_rng(8)
    cluster = draw.integers(0, 20, n)
    age = draw.choice(["young", "middle", "old"], n).astype(object)
    age[draw.random(n) < 0.05] = None
    return pd.DataFrame(
        {
            "sex": draw.choice(["f", "m"], n),
            "age": age,
            "place": draw.choice(["camp", "it's a town", "village", "city"], n),
            "rooms": draw.integers(1, 5, n),
            "debt": (draw.random(n) < 0.3 + 0.02 * cluster).astype(int),
            "trips": draw.integers(0, 6, n),
            "weight": draw.uniform(0.5, 3, n),
            "cluster": cluster,
            "stratum": cluster // 10,
            "loner": np.where(cluster == 0, 9, cluster // 10),
            "clusters": 60,
        }
    )


def in_memory(frame: pd.DataFrame, design: Design, _: Path) -> Source:
    return frame_source(frame, design)


def in_parquet(frame: pd.DataFrame, design: Design, folder: Path) -> Source:
    frame.to_parquet(folder / "rows.parquet")
    return duckdb_source(folder / "rows.parquet", design, threads=1)


every_engine = pytest.mark.parametrize("made", [in_memory, in_parquet], ids=["numpy", "duckdb"])


def same(found, expected) -> None:
    assert found.coefficients.names == expected.coefficients.names
    assert found.df == expected.df
    for part in ("value", "covariance", "n", "weighted", "effective", "simple"):
        # covariances rest on working weights, of which the last step's are a step behind
        np.testing.assert_allclose(
            getattr(found.coefficients, part),
            getattr(expected.coefficients, part),
            rtol=1e-6 if part in {"covariance", "simple"} else 1e-9,
            atol=1e-9,
            err_msg=part,
        )
    np.testing.assert_allclose(found.naive, expected.naive, rtol=1e-6, atol=1e-9)
    for part in ("deviance", "null_deviance", "dispersion"):
        assert getattr(found, part) == pytest.approx(getattr(expected, part), rel=1e-9)
    np.testing.assert_allclose(found.frame["p"], expected.frame["p"], rtol=1e-6, atol=1e-12)


@every_engine
@every_design
@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_a_model_of_patterns_is_that_of_rows(
    model: tuple[str, Family], design: Design, made, tmp_path: Path, monkeypatch
) -> None:
    formula, family = model
    # R stops before the last digits, and where depends on where it began
    monkeypatch.setattr(reweighted, "CLOSE", 1e-14)
    frame = people()

    found = regression_of(formula, made(frame, design, tmp_path), family=family)

    same(found, regression(formula, Sample(frame, design), family=family))


@every_engine
def test_some_people_and_an_offset(made, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(reweighted, "CLOSE", 1e-14)
    frame, design = people(), DESIGNS["clusters"]
    men = (frame["sex"] == "m").to_numpy(dtype=bool)

    found = regression_of(
        "trips ~ age",
        made(frame, design, tmp_path),
        family=POISSON,
        offset="np.log(rooms)",
        where={"sex": ["m"]},
    )

    same(
        found,
        regression(
            "trips ~ age", Sample(frame, design), family=POISSON, offset="np.log(rooms)", where=men
        ),
    )


@every_engine
def test_a_raked_source(made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reweighted, "CLOSE", 1e-14)
    frame, design = people(), DESIGNS["clusters"]
    margins = {"sex": {"f": 0.5, "m": 0.5}}

    found = regression_of(
        "debt ~ age + place",
        rake_of(made(frame, design, tmp_path), margins).source,
        family=BINOMIAL,
    )

    raked = rake(Sample(frame, design), margins).sample
    same(found, regression("debt ~ age + place", raked, family=BINOMIAL))


def test_many_categories_are_summed_in_parts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(reweighted, "CLOSE", 1e-14)
    monkeypatch.setattr(regression_scores, "CELLS", 4)
    frame, design = people(), DESIGNS["clusters"]

    found = regression_of(
        "debt ~ sex * place + age", in_parquet(frame, design, tmp_path), family=BINOMIAL
    )

    same(found, regression("debt ~ sex * place + age", Sample(frame, design), family=BINOMIAL))


def test_as_many_patterns_as_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regression_source, "MOST_PATTERNS", 10)

    with pytest.raises(EstimationError) as caught:
        regression_of("debt ~ place + rooms", frame_source(people(), WEIGHED), family=BINOMIAL)

    assert str(caught.value) == (
        "model debt ~ place + rooms: outcome and predictors have 32 different combinations. "
        "Cut numbers into classes, or make a Sample of the rows."
    )


@every_engine
def test_what_is_wrong_with_rows_or_formula_is_said_as_of_rows(made, tmp_path: Path) -> None:
    frame = people()
    frame.loc[3, "weight"] = 0.0
    for data, formula in ((frame, "debt ~ sex"), (people(), "debt ~ sx")):
        with pytest.raises(SurveyKitError) as of_rows:
            regression(formula, Sample(data, WEIGHED), family=BINOMIAL)
        with pytest.raises(SurveyKitError) as of_source:
            regression_of(formula, made(data, WEIGHED, tmp_path), family=BINOMIAL)

        assert str(of_source.value) == str(of_rows.value)


def test_weights_that_follow_from_a_population_are_not_known_by_pattern() -> None:
    design = Design(Sampling.PROBABILITY, population="clusters")

    with pytest.raises(EstimationError) as caught:
        regression_of("debt ~ sex", frame_source(people().assign(clusters=900), design))

    assert str(caught.value) == (
        "model: the weights follow from the population, and are not known by pattern. "
        "Add a column of weights to the data, and name it in the design."
    )


@pytest.mark.parametrize("pairs", list(Pairs))
@pytest.mark.parametrize("unequal", [Unequal.BREWER, Unequal.OVERTON, Unequal.HARTLEY_RAO])
def test_chances_of_pairs_count_in_sums_and_models_as_they_do_in_rows(
    unequal: Unequal, pairs: Pairs
) -> None:
    data = people()
    draw = np.random.default_rng(2)
    chance, squared = draw.uniform(0.1, 0.6, 20), np.array([0.2, 0.3])
    data = data.assign(
        chance=chance[data["cluster"]], squared=squared[data["stratum"]], trips=data["trips"] + 1.0
    )
    design = replace(DESIGNS["clusters"], population="chance", unequal=unequal, pairs=pairs)
    if unequal is Unequal.HARTLEY_RAO:
        design = replace(design, squared_chances="squared")
    sample, source = Sample(data, design), frame_source(data, design)

    rows, sums = estimate(MEAN, sample, ["trips"]), means_of(source, ["trips"])
    assert sums.covariance == pytest.approx(rows.covariance, rel=1e-9)
    model = "trips ~ sex + C(rooms)"
    rows, sums = (
        regression(model, sample).coefficients,
        regression_of(model, source).coefficients,
    )
    assert sums.covariance == pytest.approx(rows.covariance, rel=1e-9, abs=1e-14)


def test_squared_chances_that_are_missing_are_named_by_row_though_the_rows_are_elsewhere() -> None:
    data = people().assign(chance=0.3, squared=0.2)
    data.loc[7, "squared"] = np.nan
    design = replace(
        DESIGNS["clusters"],
        population="chance",
        unequal=Unequal.HARTLEY_RAO,
        squared_chances="squared",
    )
    with pytest.raises(SurveyKitError) as refused:
        means_of(frame_source(data, design), ["trips"])
    with pytest.raises(SurveyKitError) as of_rows:
        Sample(data, design)
    assert str(refused.value) == str(of_rows.value)
    assert "it is missing, or not between 0 and 1, in" in str(refused.value)


@pytest.mark.parametrize(
    "right", ["poly(years, 2) + sex", "ns(years, df=3)", "bs(years, df=5)", "scale(years) + sex"]
)
def test_a_curve_goes_by_the_spread_of_the_rows_and_not_of_the_patterns(right):
    frame = people()
    draw = np.random.default_rng(3)
    frame["years"] = np.where(draw.random(400) < 0.3, 30, draw.integers(21, 60, 400))
    design, where = DESIGNS["clusters"], {"place": ["camp", "city", "village"]}
    inside = frame["place"].isin(where["place"]).to_numpy()
    expected = regression(f"trips ~ {right}", Sample(frame, design), where=inside)
    found = regression_of(f"trips ~ {right}", frame_source(frame, design), where=where)
    assert found.coefficients.names == expected.coefficients.names
    for part in ("value", "covariance"):
        np.testing.assert_allclose(
            getattr(found.coefficients, part),
            getattr(expected.coefficients, part),
            rtol=1e-6,
            atol=1e-12,
        )


def test_a_number_across_all_rows_is_refused_where_rows_stay():
    with pytest.raises(EstimationError) as refusal:
        regression_of(
            "trips ~ I(rooms - np.mean(rooms))", frame_source(people(), DESIGNS["clusters"])
        )
    assert str(refusal.value) == (
        "formula 'I(rooms - np.mean(rooms))': a number of it is worked out across all rows, and "
        "these stay where they are. Write that number itself, or make a column."
    )


def test_a_curve_of_more_rows_than_can_be_looked_at_is_refused(monkeypatch):
    monkeypatch.setattr(regression_source, "MOST_LEARNED", 300)
    with pytest.raises(EstimationError) as refusal:
        regression_of("trips ~ poly(rooms, 2)", frame_source(people(), DESIGNS["clusters"]))
    assert str(refusal.value) == (
        "formula 'poly(rooms, 2)': its curve goes by the spread of 400 rows, more than the 300 "
        "that are looked at. Make its columns beforehand, or cut the number into classes."
    )
