"""Rank tests: against those of equal weights, and what does not change them."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.rank_test import RankScores, rank_test
from survey_kit.estimation.statistic import Floats

every_score = pytest.mark.parametrize("scores", get_args(RankScores))


def simple(n: int = 300, shift: float = 0.0) -> Sample:
    """A simple random sample of equal weights; the shift is that of group b."""
    random = np.random.default_rng(4)
    group = np.array(["a", "b", "c"])[np.arange(n) % 3]
    frame = pd.DataFrame(
        {
            "group": group,
            "two": np.where(group == "b", "b", "other"),
            "litres": random.lognormal(2, 0.7, n) + shift * (group == "b"),
            "weight": 1.0,
        }
    )
    return Sample(frame, Design(Sampling.PROBABILITY, weight="weight"))


def of_group(sample: Sample, name: str) -> Floats:
    return sample.data.loc[sample.data["group"] == name, "litres"].to_numpy()


def test_of_equal_weights_it_is_nearly_wilcoxons() -> None:
    from scipy import stats

    sample = simple(shift=1.0)
    b = sample.data["two"] == "b"

    found = rank_test(sample, "litres", "two")

    usual = stats.mannwhitneyu(sample.data.loc[b, "litres"], sample.data.loc[~b, "litres"])
    assert found.p == pytest.approx(usual.pvalue, rel=0.15)
    assert found.difference < 0
    assert found.denominator_df == 298


def test_of_equal_weights_it_is_nearly_kruskal_and_walliss() -> None:
    from scipy import stats

    sample = simple(shift=1.5)

    found = rank_test(sample, "litres", "group")

    usual = stats.kruskal(*(of_group(sample, name) for name in "abc"))
    assert found.statistic == pytest.approx(usual.statistic, rel=0.15)
    assert (found.numerator_df, found.denominator_df) == (2, 297)


@every_score
def test_only_the_order_counts(scores: RankScores) -> None:
    sample = simple(shift=1.0)
    logged = Sample(sample.data.assign(litres=np.log(sample.data["litres"])), sample.design)

    assert rank_test(logged, "litres", "group", scores=scores) == rank_test(
        sample, "litres", "group", scores=scores
    )


@every_score
def test_the_unit_of_the_weights_is_of_no_matter(scores: RankScores) -> None:
    sample = simple()
    heavy = Sample(sample.data.assign(weight=8.0), sample.design)

    once, again = (rank_test(each, "litres", "two", scores=scores) for each in (sample, heavy))

    assert again.p == pytest.approx(once.p)


def test_if_everybody_answered_the_same_there_is_nothing_to_rank() -> None:
    frame = pd.DataFrame({"litres": [1.0, 1, 1, 1], "two": ["a", "b", "a", "b"]})

    with pytest.raises(EstimationError) as caught:
        rank_test(Sample(frame, Design(Sampling.PROBABILITY)), "litres", "two")

    assert str(caught.value) == (
        "rank test of 'litres' by 'two': the answers do not vary between clusters, so there is "
        "no error to set it against. Look at the column: a constant, or everybody there is, "
        "needs no test."
    )


def test_rows_without_an_answer_leave_the_base() -> None:
    sample = simple()
    holes = sample.data.assign(litres=sample.data["litres"].where(sample.data.index % 7 > 0))
    kept = np.asarray(sample.data.index % 7 > 0)

    assert rank_test(Sample(holes, sample.design), "litres", "two") == rank_test(
        sample, "litres", "two", where=kept
    )


def test_one_group_is_refused() -> None:
    sample = simple()
    with pytest.raises(EstimationError) as caught:
        rank_test(sample, "litres", "two", where=(sample.data["two"] == "b").to_numpy())

    assert str(caught.value) == (
        "rank test of 'litres' by 'two': it compares groups, and there is 1. Give a column with "
        "two groups or more."
    )


def test_more_groups_than_clusters_are_refused() -> None:
    frame = pd.DataFrame(
        {"litres": np.arange(12.0), "camp": np.arange(12) % 3, "group": np.arange(12) % 6}
    )
    sample = Sample(frame, Design(Sampling.PROBABILITY, cluster="camp"))
    with pytest.raises(EstimationError) as caught:
        rank_test(sample, "litres", "group")

    assert str(caught.value) == (
        "rank test of 'litres' by 'group': there are more groups than the clusters can tell "
        "apart. Put groups together, or leave some out with `where`."
    )
