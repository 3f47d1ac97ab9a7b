"""Tables of many rows are computed from their sums, and come to the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from survey_kit.design import collapsed
from survey_kit.design.collapsed import Collapsed
from survey_kit.design.design import Design, Lonely, LonelyDomain, Sampling
from survey_kit.design.replicate_making import bootstrap
from survey_kit.design.replicates import jackknife
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import Estimate
from survey_kit.estimation.proportions import shares
from survey_kit.estimation.rao_scott import Version, rao_scott
from survey_kit.weighting.calibrate import calibrate, poststratify
from survey_kit.weighting.rake import rake

WEIGHED = Design(Sampling.PROBABILITY, weight="weight")
DESIGNS = {
    "rows": WEIGHED,
    "rows in strata": replace(WEIGHED, stratum="stratum"),
    "rows of a population": Design(Sampling.PROBABILITY, stratum="stratum", population="people"),
    "clusters": replace(WEIGHED, stratum="stratum", cluster="cluster"),
    "clusters of a population": replace(
        WEIGHED, stratum="stratum", cluster="cluster", population="clusters"
    ),
    "a lonely cluster": replace(
        WEIGHED,
        stratum="loner",
        cluster="cluster",
        lonely=Lonely.ADJUST,
        lonely_domain=LonelyDomain.AS_LONELY,
    ),
}
PLACES = {"camp": 0.2, "town": 0.5, "village": 0.3}
every_design = pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)


def people(n: int = 3000) -> pd.DataFrame:
    draw = np.random.default_rng(2)
    answer = draw.choice(["a", "b", "c"], n).astype(object)
    answer[draw.random(n) < 0.1] = None
    group = draw.choice([1.0, 2.0, np.nan], n, p=[0.6, 0.3, 0.1])
    cluster = draw.integers(0, 12, n)
    return pd.DataFrame(
        {
            "answer": answer,
            "group": group,
            "sex": draw.choice(["f", "m"], n),
            "place": draw.choice(["camp", "town", "village"], n),
            "age": draw.integers(18, 70, n),
            "weight": draw.uniform(0.5, 3, n),
            "cluster": cluster,
            "stratum": cluster // 6,
            "loner": np.where(cluster == 0, 9, cluster // 6),
            "people": 9000,
            "clusters": 40,
        }
    )


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if these were many rows."""
    monkeypatch.setattr(collapsed, "FEWEST_ROWS", 100)
    return


def same(found: Estimate, expected: Estimate) -> None:
    assert found.names == expected.names
    assert (found.df, found.sampling) == (expected.df, expected.sampling)
    for part in (
        "value",
        "covariance",
        "own_df",
        "n",
        "count",
        "weighted",
        "effective",
        "simple",
    ):
        np.testing.assert_allclose(
            getattr(found, part), getattr(expected, part), rtol=1e-9, atol=1e-15, err_msg=part
        )


def collapsed_or_not(sample: Sample, monkeypatch: pytest.MonkeyPatch, compute):
    """What is computed from sums, and what from rows."""
    monkeypatch.setattr(collapsed, "FEWEST_ROWS", 100)
    of_sums = compute(sample)
    monkeypatch.setattr(collapsed, "FEWEST_ROWS", 10**9)
    return of_sums, compute(sample)


@every_design
def test_shares_and_tests_from_sums_are_those_of_rows(
    design: Design, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = people()
    sample, men = Sample(frame, design), (frame["sex"] == "m").to_numpy(dtype=bool)
    versions: tuple[Version, ...] = ("F", "chi-squared", "Wald")

    for by in (None, "group"):
        for where in (None, men):
            same(
                *collapsed_or_not(
                    sample,
                    monkeypatch,
                    lambda s, by=by, where=where: shares(s, "answer", by=by, where=where),
                )
            )
    for version in versions:
        for where in (None, men):
            found, expected = collapsed_or_not(
                sample,
                monkeypatch,
                lambda s, version=version, where=where: rao_scott(
                    s, "answer", "group", version=version, where=where
                ),
            )
            assert found.statistic == pytest.approx(expected.statistic, rel=1e-9)
            assert found.p == pytest.approx(expected.p, rel=1e-9)


@pytest.mark.usefixtures("few")
def test_many_rows_are_summed_once_for_shares_and_test() -> None:
    sample = Sample(people(), DESIGNS["clusters"])

    first, _ = collapsed.collapsed(sample, ("group", "answer"), None)
    again, _ = collapsed.collapsed(sample, ("answer", "group"), None)
    other, _ = collapsed.collapsed(sample, ("group", "sex"), None)

    assert isinstance(first, Collapsed)
    assert again is first
    assert other is not first


def raked(sample: Sample) -> Sample:
    return rake(sample, {"sex": {"f": 0.5, "m": 0.5}, "place": PLACES}).sample


def calibrated(sample: Sample) -> Sample:
    heads = {"camp": 900.0, "town": 2500.0, "village": 1600.0}
    return calibrate(sample, {"place": heads}, {"age": 220_000.0}).sample


MADE = {
    "raked clusters": lambda: raked(Sample(people(), DESIGNS["clusters"])),
    "raked clusters of a population": lambda: raked(
        Sample(people().assign(weight=1.5), DESIGNS["clusters of a population"])
    ),
    "raked, a lonely cluster": lambda: raked(Sample(people(), DESIGNS["a lonely cluster"])),
    "raked rows": lambda: raked(Sample(people(), WEIGHED)),
    "raked rows in strata": lambda: raked(Sample(people(), DESIGNS["rows in strata"])),
    "calibrated to a number": lambda: calibrated(Sample(people(), DESIGNS["clusters"])),
    "calibrated rows": lambda: calibrated(Sample(people(), DESIGNS["rows in strata"])),
    "post-stratified": lambda: (
        poststratify(Sample(people(), DESIGNS["clusters"]), {"place": PLACES}).sample
    ),
    "a jackknife": lambda: jackknife(Sample(people(), DESIGNS["clusters"])),
    "a bootstrap": lambda: bootstrap(Sample(people(), DESIGNS["clusters"]), 30, seed=3),
}


@pytest.mark.parametrize("made", MADE.values(), ids=MADE)
def test_raked_weights_and_replicates_are_summed_too(made, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = made()
    men = (sample.data["sex"] == "m").to_numpy(dtype=bool)

    for by, where in ((None, None), ("group", None), ("place", men)):
        monkeypatch.setattr(collapsed, "FEWEST_ROWS", 100)
        columns = ("answer",) if by is None else (by, "answer")
        assert isinstance(collapsed.collapsed(sample, columns, where)[0], Collapsed)
        same(
            *collapsed_or_not(
                sample,
                monkeypatch,
                lambda s, by=by, where=where: shares(s, "answer", by=by, where=where),
            )
        )
    found, expected = collapsed_or_not(
        sample, monkeypatch, lambda s: rao_scott(s, "answer", "group", where=men)
    )
    assert found.p == pytest.approx(expected.p, rel=1e-9)


@pytest.mark.usefixtures("few")
def test_what_needs_its_rows_keeps_them() -> None:
    frame = people()
    by_stages = replace(
        WEIGHED, cluster=("cluster", "row"), population=("clusters", "people"), stratum="stratum"
    )
    staged = Sample(frame.assign(row=range(len(frame))), by_stages)
    of_rows = raked(jackknife(Sample(frame, DESIGNS["clusters"])))
    lonely = raked(Sample(frame, replace(WEIGHED, lonely_domain=LonelyDomain.AS_LONELY)))

    for kept in (of_rows, staged, lonely, Sample(frame[:90], DESIGNS["clusters"])):
        assert collapsed.collapsed(kept, ("group", "answer"), None) == (kept, None)


@pytest.mark.usefixtures("few")
def test_a_where_that_does_not_fit_is_refused_as_ever() -> None:
    with pytest.raises(EstimationError) as caught:
        shares(Sample(people(), WEIGHED), "answer", where=np.array([True]))

    assert str(caught.value) == (
        "where: it must say yes or no of each of the 3000 rows. "
        "Give an array of that many True and False."
    )
