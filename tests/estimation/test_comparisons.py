"""Tests of tables and of pairs: against textbooks, against each other, against chance."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.adjust import Adjustment, adjusted
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.pairwise import pairwise
from survey_kit.estimation.proportions import shares
from survey_kit.estimation.rao_scott import rao_scott, rao_scott_multiple
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.t_test import t_test

DRAWN = Sampling.PROBABILITY


def people(n: int = 240, seed: int = 3) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "why": draw.choice(["work", "family", "safety"], n),
            "group": draw.choice(["x", "y", "z"], n),
            "sex": draw.choice(["f", "m"], n),
            "income": draw.normal(100, 10, n),
            "site": np.arange(n) % 24,
            "weight": draw.uniform(0.5, 2, n),
            "a": draw.integers(0, 2, n).astype(float),
            "b": draw.integers(0, 2, n).astype(float),
        }
    )


def clustered(data: pd.DataFrame) -> Sample:
    return Sample(data, Design(DRAWN, weight="weight", cluster="site"))


def test_without_design_the_first_order_statistic_is_pearsons() -> None:
    data = people()

    found = rao_scott(Sample(data, Design(DRAWN)), "why", "group", version="chi-squared")

    table = pd.crosstab(data["why"], data["group"])
    assert found.statistic == pytest.approx(stats.chi2_contingency(table, correction=False)[0])
    assert found.numerator_df == 4


@pytest.mark.parametrize("version", ["F", "chi-squared", "saddlepoint", "Wald", "adjusted Wald"])
def test_a_test_says_how_people_were_chosen_also_where_there_is_nothing_to_compare(version) -> None:
    chosen = Sample(people(), Design(Sampling.PURPOSIVE))
    nobody = np.zeros(len(chosen), dtype=bool)

    found = [
        rao_scott(chosen, "why", "group", version=version),
        rao_scott(chosen, "why", "group", version=version, where=nobody),
        rao_scott_multiple(chosen, ["a", "b"], "group"),
        rao_scott_multiple(chosen, ["a", "b"], "group", where=nobody),
    ]

    assert [each.sampling for each in found] == [Sampling.PURPOSIVE] * 4


def test_without_design_the_p_value_is_near_pearsons() -> None:
    data = people(4000)

    found = rao_scott(Sample(data, Design(DRAWN)), "why", "group")

    table = pd.crosstab(data["why"], data["group"])
    assert found.p == pytest.approx(stats.chi2_contingency(table, correction=False)[1], abs=0.01)


def test_doubling_every_interview_at_its_site_proves_nothing() -> None:
    data = people()
    twice = pd.concat([data, data], ignore_index=True)

    once, again = (rao_scott(clustered(each), "why", "group") for each in (data, twice))

    assert again.p == pytest.approx(once.p)


def test_rows_and_columns_may_change_places() -> None:
    sample = clustered(people())

    for version in ("F", "chi-squared", "Wald", "adjusted Wald"):
        one, other = (
            rao_scott(sample, *names, version=version)
            for names in (("why", "group"), ("group", "why"))
        )
        assert one.p == pytest.approx(other.p)


def test_a_table_of_one_row_has_nothing_to_compare() -> None:
    found = rao_scott(clustered(people().assign(why="work")), "why", "group")

    assert np.isnan(found.p)
    assert found.numerator_df == 0


def test_a_category_that_nobody_has_changes_nothing() -> None:
    data = people()
    wider = data.astype({"why": pd.CategoricalDtype(["family", "war", "safety", "work"])})

    one, other = (rao_scott(clustered(each), "why", "group") for each in (data, wider))

    assert other == one


def test_more_cells_than_clusters_are_no_matter_for_wald() -> None:
    data = people().assign(site=lambda d: d["site"] % 3)

    with pytest.raises(EstimationError) as caught:
        rao_scott(clustered(data), "why", "group", version="Wald")

    assert str(caught.value) == (
        "Wald test: the table has more cells than the clusters can tell apart. "
        "Use the Rao-Scott F, or merge categories."
    )


def test_the_test_of_several_options_is_pearsons_for_one() -> None:
    data = people().assign(answer=lambda d: d["a"].map({0.0: "no", 1.0: "yes"}))
    sample = Sample(data, Design(DRAWN))

    several = rao_scott_multiple(sample, ["a"], "group")
    one = rao_scott(sample, "answer", "group")

    # the same X²; the corrections are taken at other estimates of the null, alike in the limit
    assert several.statistic * several.numerator_df == pytest.approx(
        one.statistic * one.numerator_df, rel=0.05
    )
    assert several.p == pytest.approx(one.p, abs=0.02)


def test_an_option_counted_twice_proves_nothing_more() -> None:
    data = people().assign(again=lambda d: d["a"])

    once = rao_scott_multiple(clustered(data), ["a"], "group")
    twice = rao_scott_multiple(clustered(data), ["a", "again"], "group")

    assert twice.p == pytest.approx(once.p)


def test_options_that_all_or_none_chose_are_left_out() -> None:
    data = people().assign(all=1.0, none=0.0)

    plain = rao_scott_multiple(clustered(data), ["a", "b"], "group")
    more = rao_scott_multiple(clustered(data), ["all", "a", "none", "b"], "group")

    assert more.p == pytest.approx(plain.p)
    assert more.numerator_df == pytest.approx(plain.numerator_df)


def test_the_test_of_several_options_keeps_its_level() -> None:
    # 200 samples of 24 sites without any difference: 5 % of false alarms, s.e. 1.5 points
    alarms = [
        rao_scott_multiple(clustered(people(seed=seed)), ["a", "b"], "group").p < 0.05
        for seed in range(200)
    ]

    assert 0.01 < np.mean(alarms) < 0.1


def test_a_difference_between_two_groups_is_their_contrast() -> None:
    sample = clustered(people())
    found = estimate(MEAN, sample, ["income"], by=["group"])

    pairs = pairwise(found)

    contrast = found.contrast(np.array([1.0, 0.0, -1.0]))
    assert pairs.difference[0, 0, 2] == pytest.approx(contrast.value[0])
    assert pairs.standard_error[0, 0, 2] == pytest.approx(contrast.standard_error[0])
    t = contrast.value[0] / contrast.standard_error[0]
    assert pairs.p[0, 0, 2] == pytest.approx(2 * stats.t.sf(abs(t), found.df))


def test_pairs_are_compared_row_by_row() -> None:
    found = shares(clustered(people()), "why", by="group")

    pairs = pairwise(found)

    assert pairs.codes == ("family", "safety", "work")
    assert pairs.groups == ("x", "y", "z")
    assert pairs.p.shape == (3, 3, 3)
    assert np.isnan(pairs.p[:, range(3), range(3)]).all()
    assert pairs.difference[1, 0, 1] == pytest.approx(found.value[1] - found.value[4])
    for row in range(3):
        raw = pairs.p[row][np.triu_indices(3, 1)]
        expected = adjusted(raw[None, :], "holm")[0]
        assert pairs.adjusted[row][np.triu_indices(3, 1)] == pytest.approx(expected)


def test_only_the_groups_asked_for_are_compared() -> None:
    found = shares(clustered(people()), "why", by="group")

    pairs = pairwise(found, ["z", "x"])

    assert pairs.groups == ("z", "x")
    assert pairs.adjusted[0, 0, 1] == pytest.approx(pairs.p[0, 0, 1])
    assert pairs.difference[0, 0, 1] == pytest.approx(found.value[6] - found.value[0])


def test_higher_is_one_sided_in_what_it_says() -> None:
    data = people().assign(income=lambda d: d["income"] + 30 * (d["group"] == "y"))

    higher = pairwise(estimate(MEAN, clustered(data), ["income"], by=["group"])).higher()

    assert higher[0].tolist() == [
        [False, False, False],
        [True, False, True],
        [False, False, False],
    ]


def test_an_empty_group_is_compared_with_none() -> None:
    data = people().astype({"group": pd.CategoricalDtype(["x", "nobody", "y", "z"])})

    pairs = pairwise(shares(clustered(data), "why", by="group"))
    without = pairwise(shares(clustered(people()), "why", by="group"))

    assert np.isnan(pairs.p[:, 1]).all()
    assert pairs.adjusted[:, 0, 2] == pytest.approx(without.adjusted[:, 0, 1])


@given(seed=st.integers(0, 10_000), size=st.sampled_from([1e-3, 1.0, 1e6]))
def test_groups_that_all_say_the_same_differ_in_nothing(seed: int, size: float) -> None:
    data = people(seed=seed).assign(same=size)

    pairs = pairwise(estimate(MEAN, clustered(data), ["same"], by=["group"]))

    assert np.isnan(pairs.p).all()
    assert not pairs.higher().any()


def test_a_group_that_is_not_there_is_refused() -> None:
    with pytest.raises(EstimationError) as caught:
        pairwise(shares(clustered(people()), "why", by="group"), ["x", "q"])

    assert str(caught.value) == ("pairwise: there is no group 'q'. The groups are: x, y, z.")


RAW = [
    0.002953104799769154,
    0.19530267463684178,
    0.5039934335938752,
    0.09805905287778004,
    0.004684230515536833,
    0.40816559117765916,
]


# R 4.2.2, p.adjust(RAW, method)
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (
            "holm",
            [0.0177186288, 0.5859080239, 0.8163311824, 0.3922362115, 0.0234211526, 0.8163311824],
        ),
        ("bonferroni", [0.0177186288, 1, 1, 0.5883543173, 0.0281053831, 1]),
        (
            "benjamini-hochberg",
            [0.0140526915, 0.2929540120, 0.5039934336, 0.1961181058, 0.0140526915, 0.4897987094],
        ),
        (
            "hommel",
            [0.0147655240, 0.5039934336, 0.5039934336, 0.3906053493, 0.0234211526, 0.5039934336],
        ),
        ("none", RAW),
    ],
)
def test_adjustments_are_those_of_r(how: Adjustment, expected: list[float]) -> None:
    assert adjusted(np.array([RAW, RAW[::-1]]), how).tolist() == [
        pytest.approx(expected, abs=1e-9),
        pytest.approx(expected[::-1], abs=1e-9),
    ]


# R 4.2.2, p.adjust(c(.012, .04, .001, .3, .021, .0499, .7), method)
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("hochberg", [0.072, 0.1497, 0.007, 0.6, 0.105, 0.1497, 0.7]),
        ("benjamini-yekutieli", [0.1089, 0.181137, 0.01815, 0.9075, 0.12705, 0.181137, 1]),
        ("hommel", [0.063, 0.12, 0.007, 0.6, 0.084, 0.1497, 0.7]),
    ],
)
def test_step_up_adjustments_are_those_of_r(how: Adjustment, expected: list[float]) -> None:
    found = adjusted(np.array([[0.012, 0.04, 0.001, 0.3, 0.021, 0.0499, 0.7]]), how)

    assert found[0] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("how", get_args(Adjustment))
def test_what_is_no_test_does_not_count_among_them(how: Adjustment) -> None:
    p = np.array([[0.01, np.nan, 0.04, 0.03]])

    found = adjusted(p, how)

    assert np.isnan(found[0, 1])
    assert found[0, [0, 2, 3]] == pytest.approx(adjusted(p[:, [0, 2, 3]], how)[0])


def test_a_t_test_of_two_groups_is_the_difference_of_their_means() -> None:
    sample = clustered(people())

    found = t_test(sample, "income", by="sex")

    means = estimate(MEAN, sample, ["income"], by=["sex"])
    assert found.difference == pytest.approx(means.value[1] - means.value[0])
    assert found.df == means.df - 1
    assert found.low < found.difference < found.high
    assert (found.p < 0.05) == (found.low > 0 or found.high < 0)


def test_a_t_test_of_one_sample_is_against_a_number() -> None:
    found = t_test(clustered(people()), "income", against=100)

    mean = estimate(MEAN, clustered(people()), ["income"])
    assert found.difference == pytest.approx(mean.value[0] - 100)
    assert found.low < found.difference < found.high


def test_a_t_test_of_three_groups_is_refused() -> None:
    with pytest.raises(EstimationError) as caught:
        t_test(clustered(people()), "income", by="group")

    assert str(caught.value) == (
        "t test of 'income' by 'group': it compares two groups, and there are 3. "
        "Keep two of them with `where`, or compare every pair with `pairwise`."
    )
