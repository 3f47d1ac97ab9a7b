"""Samples in two phases: what they are made of, and what is wrong between designs and data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey_kit as sk
from survey_kit.design.design import Sampling
from survey_kit.design.two_phase import TwoPhase
from survey_kit.design.two_phase_design import chosen
from survey_kit.errors import DesignError

FRAME = pd.DataFrame(
    {
        "w": 10.0,
        "age": ["old", "old", "young", "young", "young", "young", "old", "old"],
        "place": ["a", "a", "a", "b", "b", "c", "c", "c"],
        "home": [1, 1, 2, 3, 3, 4, 4, 5],
        "seen": [1, 0, 1, 1, 0, 1, 1, 0],
        "litres": [4.0, None, 2.0, 3.0, None, 5.0, 1.0, None],
        "chance": 0.5,
    },
    index=list("klmnopqr"),
)


def drawn(
    frame: Any = FRAME,
    first: dict[str, Any] | sk.Design | None = None,
    second: dict[str, Any] | None = None,
    subset: str = "seen",
    method: str = "approx",
) -> TwoPhase:
    return sk.two_phase(
        frame,
        first={"sampling": "probability", "weight": "w"} if first is None else first,
        second={"sampling": "probability", "stratum": "age", **(second or {})},
        subset=subset,
        method=method,
    )


def test_an_interview_weighs_what_it_weighs_in_both_phases():
    sample = drawn()

    assert list(sample.data.index) == list("kmnpq")
    assert sample.weights.tolist() == [
        20.0,
        pytest.approx(40 / 3),
        *[pytest.approx(40 / 3)] * 2,
        20,
    ]
    assert sample.weights.sum() == pytest.approx(80)
    assert sample.degrees_of_freedom() == 3


def test_stages_of_phase_2_are_counted_in_phase_1():
    whole = FRAME.assign(seen=[1, 1, 0, 0, 0, 1, 1, 0])
    sample = drawn(whole, second={"stratum": None, "cluster": ["place", "home"]})

    # 2 of 3 places, 1 of 2 homes in each
    assert sample.second.weights == pytest.approx(3 / 2 * 2)
    assert len(sample.second.stages) == 2


def test_a_design_and_its_words_are_the_same():
    given, said = (
        drawn(first=first) for first in (sk.Design(Sampling.PROBABILITY, weight="w"), None)
    )

    assert given.weights.tolist() == said.weights.tolist()
    assert given.design == said.design


@pytest.mark.client
def test_a_frame_of_polars_is_as_good():
    import polars as pl

    of_polars = drawn(pl.from_pandas(FRAME.reset_index(drop=True)))

    assert of_polars.weights.tolist() == drawn().weights.tolist()


def test_weights_of_phase_2_may_be_given():
    sample = drawn(second={"weight": "w"})

    assert sample.weights.tolist() == [100.0] * 5
    assert "weights: w; variance" in sample.design.line  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        ("probability", "probability", "probability"),
        ("census", "probability", "probability"),
        ("probability", "census", "probability"),
        ("census", "census", "census"),
        ("opt-in", "probability", "opt-in"),
        ("probability", "purposive", "purposive"),
        ("quota", "snowball", "quota"),
    ],
)
def test_people_are_chosen_by_chance_only_if_both_phases_did(first: str, second: str, both: str):
    assert chosen(Sampling(first), Sampling(second)) is Sampling(both)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"first": {"weight": "w"}},
            (
                "two-phase, first: it does not say how people were chosen. Give a Design, or its "
                "parts, such as {'sampling': 'probability', 'stratum': 'age'}."
            ),
        ),
        (
            {"subset": "asked"},
            "data: there is no column called 'asked'. The data have 7 columns.",
        ),
        (
            {"subset": "place"},
            (
                "subset 'place': it is missing, or something other than true and false, for some who "
                "were screened. Give a column that is true, or 1, for those who were interviewed."
            ),
        ),
        (
            {"frame": FRAME.assign(seen=0)},
            "subset 'seen': nobody was interviewed. Check which value means an interview.",
        ),
        (
            {"method": "exact"},
            "two-phase method: there is no 'exact'. Write one of: approx, simple, full.",
        ),
        (
            {"frame": FRAME.assign(age=["old"] * 7 + ["child"])},
            (
                "two-phase, second, age child: nobody of this stratum was interviewed, so nobody "
                "stands for it. Merge it with the stratum it most resembles, or leave it out of phase "
                "1 and say so."
            ),
        ),
        (
            {"frame": FRAME.assign(age=[None, *["old"] * 7])},
            "stratum 'age': it is missing in row k. Every row needs its stratum.",
        ),
        (
            {"first": {"sampling": "probability", "population": "chance", "unequal": "brewer"}},
            (
                "two-phase, first: unequal chances without replacement are not known of two phases. "
                "Leave out `unequal` and `population`, and give the weights: clusters then count as "
                "drawn with replacement."
            ),
        ),
        (
            {"second": {"lonely_domain": "as lonely"}},
            (
                "two-phase, second: a domain that met a single cluster cannot be treated as lonely in "
                "two phases. Leave out `lonely_domain`."
            ),
        ),
        (
            {"second": {"weight": "w"}, "method": "full"},
            (
                "two-phase, second: the full variance needs the chances of phase 2, and a column of "
                "weights was given. Leave out `weight`: the chances are counted. Or ask for the method "
                "approx."
            ),
        ),
        (
            {"second": {"stratum": None, "cluster": "home"}},
            (
                "two-phase, second, cluster 'home': others of the same cluster were interviewed, and "
                "rows l and o not, so the weight of a cluster would not count them. Name what was drawn "
                "within it as a further cluster, or give `weight`."
            ),
        ),
        (
            {
                "frame": FRAME.assign(w=0.5),
                "first": {"sampling": "probability", "weight": "w", "cluster": "place"},
            },
            (
                "two-phase, first, weight 'w': it is below 1 in rows k, m, n and 2 more, and phase 2 "
                "was drawn within the clusters of phase 1: the variance then needs 1 over the chance "
                "of each. Give weights that were not rescaled, or ask for the method full."
            ),
        ),
    ],
)
def test_what_does_not_fit_says_where_and_what_to_do(asked: dict[str, Any], said: str):
    with pytest.raises(DesignError) as caught:
        drawn(**asked)

    assert str(caught.value) == said


def test_populations_of_phase_2_may_be_given():
    screened = FRAME.groupby("age")["age"].transform("size")
    given = drawn(FRAME.assign(screened=screened), second={"population": "screened"})

    assert given.weights.tolist() == drawn().weights.tolist()
    assert sk.estimate(given, "mean", "litres").covariance == pytest.approx(
        sk.estimate(drawn(), "mean", "litres").covariance
    )


def test_answers_that_are_missing_are_imputed_within_strata_of_phase_2():
    rows = np.arange(160)
    frame = pd.DataFrame(
        {
            "age": np.where(rows % 2 == 0, "old", "young"),
            "seen": (rows % 3 > 0) * 1,
            "litres": np.where(rows % 7 == 0, np.nan, 10.0 * (rows % 2) + rows % 5),
            "w": 1.0,
        }
    )
    made = sk.impute(drawn(frame), {"litres": "1"}, times=3, seed=1)

    every = [sk.estimate(each, "mean", "litres", by="age") for each in made.samples]

    assert all(isinstance(each, TwoPhase) for each in made.samples)
    assert sk.combine(every).estimate.value == pytest.approx([2, 12], abs=0.6)


def test_a_repr_is_one_line_and_holds_no_answers():
    assert repr(drawn()) == (
        "Sample: Two phases; phase 1, probability sample of 8; weights: w; phase 2, probability "
        "sample of 5; rows drawn by themselves in 2 strata (age); variance: approx, on 3 "
        "degrees of freedom of phase 2"
    )


def test_kept_shares_are_those_of_the_last_units_screened():
    sample = drawn(first={"sampling": "probability", "weight": "w", "cluster": ["place", "home"]})

    # homes with an old person: 1, 4 and 5, of which 1 and 4 are left; with a young one: 2, 3 and 4
    assert sample.kept == pytest.approx(np.array([2 / 3, 1, 1, 1, 2 / 3]))
