"""Respondent-driven samples: a tiny tree worked by hand, laws, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.proportions import shares
from survey_kit.estimation.quantile import quantile
from survey_kit.estimation.recruitment.diagnostics import (
    bottleneck,
    convergence,
    homophily,
    seeds,
)
from survey_kit.estimation.recruitment.estimators import (
    rds_ii,
    salganik_heckathorn,
    settled,
    volz_heckathorn,
)
from survey_kit.estimation.recruitment.tree import (
    Reading,
    Recruitment,
    read_coupons,
    read_recruiters,
)
from survey_kit.estimation.recruitment.tree_bootstrap import (
    percentile_interval,
    rds_shares,
    shares_by_weight,
    times_drawn,
    tree_bootstrap,
)
from survey_kit.estimation.statistics.mean import MEAN

RDS = Design(Sampling.RDS)


def women() -> pd.DataFrame:
    """Two seeds, a and f; a brought b and c, b brought d and e; f brought g."""
    return pd.DataFrame(
        {
            "id": list("abcdefg"),
            "by": [None, "a", "a", "b", "b", None, "f"],
            "seed": [1, 0, 0, 0, 0, 1, 0],
            "own": [None, 11, 12, 21, 22, None, 61],
            "first": [11, 21, 31, 41, 51, 61, 71],
            "second": [12, 22, 32, 42, 52, 62, 72],
            "knows": [4, 5, 2, 10, 4, 5, 20],
            "work": ["house", "house", "farm", "farm", "house", "farm", "farm"],
            "hours": [8.0, 10, 6, 12, 9, 7, 11],
        }
    )


def tree_of(frame: pd.DataFrame) -> Reading:
    return read_recruiters(frame, person="id", recruiter="by", degree="knows")


def sample() -> Sample:
    return Sample(women(), RDS)


TREE = tree_of(women()).tree


def test_waves_seeds_and_recruits_by_hand() -> None:
    assert TREE.wave.tolist() == [0, 1, 1, 2, 2, 0, 1]
    assert [TREE.person[row] for row in TREE.seed] == list("aaaaaff")
    assert TREE.recruits.tolist() == [2, 2, 0, 0, 0, 1, 0]
    # nobody before their recruiter: seeds, then wave by wave, as the rows go
    assert [TREE.person[row] for row in np.argsort(TREE.order)] == list("afbcgde")


def test_coupons_make_the_same_tree() -> None:
    found = read_coupons(
        women(), person="id", own="own", given=["first", "second"], degree="knows", seed="seed"
    )

    assert found.faults == ()
    assert found.tree.recruiter.tolist() == TREE.recruiter.tolist()


def test_a_date_puts_people_in_order() -> None:
    frame = women().assign(day=[1, 5, 3, 7, 6, 2, 4])

    found = read_recruiters(frame, person="id", recruiter="by", degree="knows", order="day").tree

    assert [found.person[row] for row in np.argsort(found.order)] == list("afcgbed")


def kinds(reading: Reading) -> list[tuple[str, str]]:
    return [(fault.person, fault.kind.name) for fault in reading.faults]


def test_faults_are_rows_and_say_what_they_are() -> None:
    frame = women().assign(
        id=list("abcdefa"),
        by=["e", "a", "a", "b", "b", None, "z"],
        seed=[1, 0, 0, 0, 0, 0, 0],
        knows=[4, 1, 2, 0, np.nan, 5, 20],
    )

    found = read_recruiters(frame, person="id", recruiter="by", degree="knows", seed="seed")

    assert kinds(found) == [
        ("a", "OWN_RECRUITER"),
        ("a", "RECRUITED_SEED"),
        ("b", "OWN_RECRUITER"),
        ("b", "FEW_KNOWN"),
        ("c", "OWN_RECRUITER"),
        ("d", "OWN_RECRUITER"),
        ("d", "NO_DEGREE"),
        ("e", "OWN_RECRUITER"),
        ("e", "NO_DEGREE"),
        ("f", "NO_RECRUITER"),
        ("a", "SAME_ID"),
        ("a", "NO_SUCH_RECRUITER"),
    ]
    assert found.frame.iloc[0].tolist() == [
        0,
        "a",
        "a chain of recruiters that leads back to the person",
    ]


def test_a_coupon_that_two_people_came_with_or_that_nobody_was_given_is_a_fault() -> None:
    frame = women().assign(own=[None, 11, 11, 21, 99, None, 61], second=12)

    found = read_coupons(frame, person="id", own="own", given=["first", "second"], degree="knows")

    assert ("c", "COUPON_TWICE") in kinds(found)
    assert ("e", "NO_SUCH_RECRUITER") in kinds(found)
    assert ("b", "COUPON_TWICE") in kinds(found)


def test_faults_that_matter_hinder_and_others_do_not() -> None:
    few = tree_of(women().assign(knows=1))
    bad = tree_of(women().assign(knows=[0, None, 1, 9, 9, 9, 9], by=[None, *"aabbx", "f"]))

    assert few.tree.degree.tolist() == [1] * 7
    assert [fault.person for fault in few.faults] == ["a", "b"]
    with pytest.raises(EstimationError) as caught:
        _ = bad.tree
    assert str(caught.value) == (
        "recruitment: 2 people have no degree, or one of 0 or less; 1 person has a recruiter, or a "
        "coupon, that nobody has. They are listed in `frame`: correct them, or take the sample for "
        "a snowball."
    )


@pytest.mark.parametrize(
    ("recruiter", "degree", "what"),
    [
        (None, "knows", "who recruited whom"),
        ("by", None, "how many people each knows"),
        ("by", "lost", "how many people each knows"),
    ],
)
def test_without_links_or_degrees_it_is_a_snowball(
    recruiter: str | None, degree: str | None, what: str
) -> None:
    with pytest.raises(EstimationError) as caught:
        read_recruiters(women(), person="id", recruiter=recruiter, degree=degree)

    assert str(caught.value) == (
        f"respondent-driven sample: no column says {what}. Without it this is a snowball sample: "
        "give Sampling.SNOWBALL, and describe respondents."
    )


def test_rds_ii_by_hand() -> None:
    found = shares(volz_heckathorn(sample(), TREE), "work")

    # 1/d: house 1/4 + 1/5 + 1/4, farm 1/2 + 1/10 + 1/5 + 1/20
    assert found.names == (("", "farm"), ("", "house"))
    assert found.value == pytest.approx([0.85 / 1.55, 0.70 / 1.55])
    assert found.sampling is Sampling.RDS
    work = (women()["work"] == "farm").to_numpy(dtype=float)
    assert rds_ii(work, TREE.degree) == pytest.approx(0.85 / 1.55)
    hours = estimate(MEAN, volz_heckathorn(sample(), TREE), ["hours"])
    assert hours.value[0] == pytest.approx(rds_ii(women()["hours"].to_numpy(), TREE.degree))


def test_rds_i_by_hand() -> None:
    found = salganik_heckathorn(sample(), TREE, "work")

    # house recruited b (house), c (farm), d (farm), e (house); farm recruited g (farm), so that
    # farm never recruits house: recruiting settles in farm alone
    assert found.value == pytest.approx([1, 0])

    frame = women().assign(work=["house", "house", "farm", "farm", "house", "farm", "house"])
    both = salganik_heckathorn(Sample(frame, RDS), TREE, "work")

    # C(house, farm) = 2/4, C(farm, house) = 1; harmonic mean degrees
    house, farm = 4 / (1 / 4 + 1 / 5 + 1 / 4 + 1 / 20), 3 / (1 / 2 + 1 / 10 + 1 / 5)
    assert both.value[1] == pytest.approx(farm * 1 / (house * 0.5 + farm * 1))
    assert np.isnan(both.covariance).all()


def test_recruiting_that_does_not_settle_has_no_shares() -> None:
    assert np.isnan(settled(np.array([[2.0, 1.0], [0.0, 0.0]]))).all()
    assert np.isnan(settled(np.eye(2))).all()
    assert settled(np.array([[0.0, 1.0], [1.0, 0.0]])) == pytest.approx([0.5, 0.5])


@given(factor=st.floats(0.1, 50))
@settings(max_examples=10, deadline=None)
def test_only_the_proportions_of_degrees_matter(factor: float) -> None:
    scaled = tree_of(women().assign(knows=lambda each: each["knows"] * factor)).found

    for made in (
        lambda tree: shares(volz_heckathorn(sample(), tree), "work").value,
        lambda tree: salganik_heckathorn(sample(), tree, "work").value,
        lambda tree: homophily(sample(), tree, "work")["homophily"].to_numpy(),
    ):
        assert made(scaled) == pytest.approx(made(TREE))


@given(order=st.permutations(range(7)))
@settings(max_examples=10, deadline=None)
def test_the_order_of_the_rows_is_of_no_matter(order: list[int]) -> None:
    frame = women().iloc[order].reset_index(drop=True)
    shuffled = tree_of(frame).tree
    there = Sample(frame, RDS)

    assert shares(volz_heckathorn(there, shuffled), "work").value == pytest.approx(
        shares(volz_heckathorn(sample(), TREE), "work").value
    )
    assert salganik_heckathorn(there, shuffled, "work").value == pytest.approx([1, 0])
    pd.testing.assert_frame_equal(
        homophily(there, shuffled, "work"), homophily(sample(), TREE, "work")
    )


def test_equal_degrees_are_shares_of_respondents() -> None:
    tree = tree_of(women().assign(knows=7)).tree

    found = shares(volz_heckathorn(sample(), tree), "work")

    assert found.value == pytest.approx(shares(sample(), "work").value)


def chain(people: int) -> Recruitment:
    """One seed, and everybody recruits the next."""
    frame = pd.DataFrame(
        {
            "id": [str(each) for each in range(people)],
            "by": [None, *(str(each) for each in range(people - 1))],
            "knows": 3,
        }
    )
    return tree_of(frame).tree


def test_a_chain_can_only_be_drawn_as_it_was() -> None:
    assert (times_drawn(chain(5), 20, np.random.default_rng(1)) == 1).all()


def test_a_replicate_has_as_many_of_each_wave_as_chance_gives_on_average() -> None:
    times = times_drawn(TREE, 40_000, np.random.default_rng(1))

    # two seeds drawn of two; each recruit is on average drawn as often as its recruiter
    assert times.mean(axis=1) == pytest.approx(np.ones(7), abs=0.03)
    assert (times[TREE.seeds].sum(axis=0) == 2).all()
    for recruiter in (0, 1, 5):
        recruits = np.flatnonzero(TREE.recruiter == recruiter)
        assert (times[recruits].sum(axis=0) == times[recruiter] * len(recruits)).all()


def test_the_variance_of_seeds_that_recruit_nobody_is_that_of_the_usual_bootstrap() -> None:
    frame = pd.DataFrame(
        {"id": range(40), "by": None, "knows": 5, "y": np.random.default_rng(2).normal(size=40)}
    )
    tree = tree_of(frame).tree
    drawn = tree_bootstrap(volz_heckathorn(Sample(frame, RDS), tree), tree, 4000, seed=1)

    found = estimate(MEAN, drawn, ["y"])

    # the bootstrap of a mean: (n - 1)/n times s²/n; 4,000 replicates give 1 % of a standard error
    expected = math.sqrt(frame["y"].var() * 39 / 40 / 40)
    assert found.standard_error[0] == pytest.approx(expected, rel=0.04)


def test_replicates_are_the_same_for_the_same_seed() -> None:
    weighted = volz_heckathorn(sample(), TREE)

    once, again, other = (
        shares(tree_bootstrap(weighted, TREE, 50, seed=seed), "work").covariance
        for seed in (3, 3, 4)
    )

    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


def test_everything_has_its_variance_from_the_trees() -> None:
    drawn = tree_bootstrap(volz_heckathorn(sample(), TREE), TREE, 200, seed=1)

    assert shares(drawn, "work").standard_error[0] > 0
    assert salganik_heckathorn(drawn, TREE, "work").value == pytest.approx([1, 0])
    assert quantile(drawn, ["hours"], [0.5]).value[0] == 8
    with pytest.raises(EstimationError, match="has no margin of sampling error"):
        shares(drawn, "work").interval()


def test_percentiles_hold_the_share_and_lie_between_0_and_1() -> None:
    drawn = tree_bootstrap(volz_heckathorn(sample(), TREE), TREE, 500, seed=1)

    low, high = percentile_interval(drawn, shares_by_weight(drawn, "work"))

    value = shares(drawn, "work").value
    assert (low <= value).all()
    assert (value <= high).all()
    assert (low >= 0).all()
    assert (high <= 1).all()
    table = rds_shares(sample(), TREE, "work", seed=1, replicates=500)
    assert table["modelled_low"].to_numpy() == pytest.approx(low)
    assert table["n"].tolist() == [4, 3]
    assert table["effective"].to_numpy() == pytest.approx(7 / table["design_effect"])


def test_homophily_by_hand() -> None:
    found = homophily(sample(), TREE, "work")

    # farm recruited 1 of 1 farm: wholly its own. House recruited 2 of 4 house, share 0.70/1.55
    share = 0.70 / 1.55
    assert found["links"].tolist() == [1, 4]
    assert found["own"].tolist() == [1, 0.5]
    assert found["homophily"].to_numpy() == pytest.approx([1, (0.5 - share) / (1 - share)])
    # 3 links stay; by chance (1 x 3 + 4 x 2)/5
    assert found["ratio"].to_numpy() == pytest.approx([3 / (11 / 5)] * 2)


def test_a_group_that_avoids_its_own_has_negative_homophily() -> None:
    frame = women().assign(work=["house", "farm", "farm", "house", "house", "house", "farm"])

    found = homophily(Sample(frame, RDS), TREE, "work")

    assert found["homophily"].tolist() == [-1, -1]


def test_convergence_ends_at_the_estimate() -> None:
    found = convergence(sample(), TREE, "work")

    last = found[found["recruited"] == 7]
    assert last["share"].to_numpy() == pytest.approx([0.85 / 1.55, 0.70 / 1.55])
    assert last["apart"].tolist() == [0, 0]
    # a, who works in a house, came first; f, a farm, second: 1/4 against 1/5
    assert found["share"].to_numpy()[:4] == pytest.approx([0, 1, 0.2 / 0.45, 0.25 / 0.45])


def test_a_bottleneck_shows_by_seed() -> None:
    found = bottleneck(sample(), TREE, "work")

    last = found.groupby(["seed", "name"], sort=True)["share"].last()
    assert last["f", "farm"] == 1
    assert last["a", "farm"] == pytest.approx((1 / 2 + 1 / 10) / (1 / 2 + 1 / 10 + 0.7))
    of_f = found[(found["seed"] == "f") & (found["name"] == "farm")]
    assert of_f["apart"].to_numpy()[-1] == pytest.approx(1 - 0.85 / 1.55)


def test_seeds_have_their_share_of_people_and_of_weight() -> None:
    found = seeds(TREE)

    assert found["seed"].tolist() == ["a", "f"]
    assert found["n"].tolist() == [5, 2]
    assert found["waves"].tolist() == [2, 1]
    assert found["share"].to_numpy() == pytest.approx([5 / 7, 2 / 7])
    assert found["weight"].to_numpy() == pytest.approx([1.3 / 1.55, 0.25 / 1.55])


def refusal(call) -> str:
    with pytest.raises(EstimationError) as caught:
        call()
    return str(caught.value)


def test_what_cannot_be_estimated_is_refused_word_for_word() -> None:
    weighted = volz_heckathorn(sample(), TREE)
    drawn = tree_bootstrap(weighted, TREE, 2, seed=1)

    assert refusal(lambda: volz_heckathorn(Sample(women(), Design(Sampling.SNOWBALL)), TREE)) == (
        "respondent-driven sample: the design says snowball. Give Sampling.RDS where people "
        "recruited each other with coupons that were recorded."
    )
    assert refusal(lambda: volz_heckathorn(Sample(women()[:5], RDS), TREE)) == (
        "respondent-driven sample: the tree has 7 people and the sample 5. Read the tree from the "
        "data of the sample."
    )
    assert refusal(lambda: volz_heckathorn(weighted, TREE)) == (
        "RDS-II: the sample has weights already. Give the sample as it was recruited; rake it "
        "afterwards, if at all."
    )
    assert refusal(lambda: tree_bootstrap(drawn, TREE, 9, seed=1)) == (
        "tree bootstrap: this sample already has replicates, or was calibrated. Draw from the "
        "sample as it was recruited."
    )
    assert refusal(lambda: tree_bootstrap(weighted, TREE, 1, seed=1)) == (
        "tree bootstrap: 1 replicates were asked for. Ask for some hundreds."
    )
    assert refusal(lambda: percentile_interval(weighted, lambda weights: weights)) == (
        "percentile interval: the sample has no replicates. Make them by `tree_bootstrap`."
    )
    assert refusal(lambda: percentile_interval(drawn, lambda weights: weights, level=95)) == (
        "interval: its level is 95. Give one between 0 and 1, such as 0.95."
    )
    assert refusal(
        lambda: read_recruiters(women(), person="who", recruiter="by", degree="knows")
    ) == (
        "respondent-driven sample: there is no column 'who'. The columns are: id, by, seed, own, "
        "first, second, knows, work, hours."
    )
