"""Shares from cells are the shares one would get row by row, and their intervals hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Lonely, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate, estimate
from survey_kit.estimation.proportions import shares, shares_of_cases
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.weighting.rake import rake

N = 60
DESIGNS = {
    "rows": Design(Sampling.PROBABILITY, weight="weight"),
    "clusters": Design(Sampling.PROBABILITY, weight="weight", stratum="stratum", cluster="cluster"),
    "two stages": Design(
        Sampling.PROBABILITY,
        weight="weight",
        stratum="stratum",
        cluster=("cluster", "row"),
        population=("clusters", "rows"),
    ),
    "lonely": Design(
        Sampling.PROBABILITY,
        weight="weight",
        stratum="loner",
        cluster="cluster",
        lonely=Lonely.AVERAGE,
    ),
}
every_design = pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)


def people(seed: int = 1) -> pd.DataFrame:
    """Sixty people of ten clusters in two strata, with answers and holes in them."""
    draw = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(10), 6)
    answer = draw.choice(["work", "family", "safety"], N).astype(object)
    answer[draw.random(N) < 0.1] = None
    options = (draw.random((N, 3)) < 0.4).astype(float)
    options[draw.random(N) < 0.1] = np.nan
    return pd.DataFrame(options, columns=["a", "b", "c"]).assign(
        answer=answer,
        group=draw.choice(["x", "y"], N),
        sex=draw.choice(["f", "m"], N),
        weight=draw.uniform(0.5, 3, N),
        cluster=cluster,
        stratum=cluster // 5,
        loner=np.where(cluster == 0, 0, 1 + cluster // 5),
        row=range(N),
        clusters=40,
        rows=90,
    )


def with_indicators(sample: Sample, codes: tuple[str, ...]) -> Sample:
    data = sample.data.copy()
    for code in codes:
        data[f"is {code}"] = (data["answer"] == code).astype(float).where(data["answer"].notna())
    return Sample(data, sample.design, sample.calibration)


def same(found: Estimate, expected: Estimate) -> None:
    assert found.value == pytest.approx(expected.value)
    scale = np.abs(expected.covariance).max()
    assert found.covariance / scale == pytest.approx(expected.covariance / scale, abs=1e-10)
    assert found.n.tolist() == expected.n.tolist()
    for one, other in (
        (found.weighted, expected.weighted),
        (found.effective, expected.effective),
        (found.simple, expected.simple),
        (found.own_df, expected.own_df),
    ):
        assert one == pytest.approx(other)
    assert found.df == expected.df


@every_design
@pytest.mark.parametrize("raked", [False, True])
@pytest.mark.parametrize("by", [None, "group"])
def test_shares_by_cells_are_means_of_indicators(
    design: Design, raked: bool, by: str | None
) -> None:
    sample = Sample(people(), design)
    if raked:
        sample = rake(sample, {"sex": {"f": 0.4, "m": 0.6}, "group": {"x": 0.3, "y": 0.7}}).sample
    codes = sample.levels("answer").names
    where = sample.data["weight"].to_numpy() > 0.7

    found = shares(sample, "answer", by=by, where=where)

    means = estimate(
        MEAN,
        with_indicators(sample, codes),
        [f"is {code}" for code in codes],
        by=[by] if by else None,
        where=where,
    )
    same(found, means)


@every_design
@pytest.mark.parametrize("raked", [False, True])
def test_shares_of_cases_are_means_of_options(design: Design, raked: bool) -> None:
    sample = Sample(people(), design)
    if raked:
        sample = rake(sample, {"sex": {"f": 0.4, "m": 0.6}}).sample

    found = shares_of_cases(sample, ["a", "b", "c"], by="group")

    same(found, estimate(MEAN, sample, ["a", "b", "c"], by=["group"]))


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_shares_of_one_choice_add_to_one_without_error(seed: int) -> None:
    found = shares(Sample(people(seed), DESIGNS["clusters"]), "answer", by="group")

    groups = np.kron(np.eye(2), np.ones(3))
    added = found.contrast(groups)

    assert added.value == pytest.approx([1, 1])
    assert added.variance == pytest.approx([0, 0], abs=1e-15)


def test_names_are_group_and_code_and_counts_are_people() -> None:
    sample = Sample(people(), DESIGNS["clusters"])

    found = shares(sample, "answer", by="group")

    assert found.names[0] == ("x", "family")
    assert found.names[-1] == ("y", "work")
    data = sample.data
    assert found.count[0] == ((data["group"] == "x") & (data["answer"] == "family")).sum()
    assert found.n[0] == ((data["group"] == "x") & data["answer"].notna()).sum()


def test_a_group_that_nobody_is_in_has_no_shares() -> None:
    groups = pd.CategoricalDtype(["x", "nobody", "y"])

    found = shares(
        Sample(people().astype({"group": groups}), DESIGNS["rows"]), "answer", by="group"
    )

    assert found.n.tolist()[3:6] == [0, 0, 0]
    assert np.isnan(found.value[3:6]).all()
    assert np.isnan(found.interval(method="beta")[0][3:6]).all()
    assert not np.isnan(found.value[[0, 6]]).any()


@every_design
@given(seed=st.integers(0, 10_000), holes=st.floats(0, 0.6))
@settings(max_examples=20, deadline=None)
def test_people_of_no_group_are_in_none_and_keep_their_clusters(
    design: Design, seed: int, holes: float
) -> None:
    data = people(seed)
    nowhere = np.random.default_rng(seed).random(N) < holes
    holed = data.assign(group=data["group"].astype(object).mask(nowhere))
    named = data.assign(group=data["group"].astype(object).mask(nowhere, "zz"))

    missing = shares(Sample(holed, design), "answer", by="group")
    third = shares(Sample(named, design), "answer", by="group")

    k = len(missing.names)
    assert missing.names == third.names[:k]
    assert missing.value == pytest.approx(third.value[:k], nan_ok=True)
    assert missing.covariance == pytest.approx(third.covariance[:k, :k], nan_ok=True)
    assert missing.df == third.df
    assert missing.own_df.tolist() == third.own_df[:k].tolist()


def test_an_answer_that_nobody_gave_has_a_share_of_nothing() -> None:
    answers = pd.CategoricalDtype(["family", "safety", "work", "war"])
    sample = Sample(people().astype({"answer": answers}), DESIGNS["clusters"])

    found = shares(sample, "answer")
    low, high = found.interval(method="beta")

    assert found.value[3] == 0
    assert found.standard_error[3] == 0
    assert low[3] == 0
    assert 0 < high[3] < 0.2


def test_an_answer_that_everybody_gave_is_the_mirror_of_one_that_nobody_gave() -> None:
    data = people().assign(yes=1.0, no=0.0)

    found = shares_of_cases(Sample(data, DESIGNS["clusters"]), ["yes", "no"])
    low, high = found.interval(method="beta")

    assert high[0] == 1
    assert low[0] == pytest.approx(1 - high[1])


@pytest.mark.parametrize("method", ["beta", "logit", "asin"])
def test_intervals_for_shares_stay_between_0_and_1_and_hold_the_share(method: str) -> None:
    found = shares(Sample(people(), DESIGNS["clusters"]), "answer", by="group")

    low, high = found.interval(0.99, method)  # type: ignore[arg-type]

    assert ((low >= 0) & (low < found.value) & (found.value < high) & (high <= 1)).all()


def test_an_option_that_is_more_than_yes_or_no_is_refused() -> None:
    with pytest.raises(EstimationError) as caught:
        shares_of_cases(Sample(people().assign(a=2.0), DESIGNS["rows"]), ["a", "b"])

    assert str(caught.value) == (
        "column 'a': it holds something other than 0 and 1. "
        "Give one column of 0 and 1 for each option."
    )
