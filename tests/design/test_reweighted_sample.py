"""A sample with other weights: what it shares with the one it came from, and what is checked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling, Unequal
from survey_kit.design.sample import Sample
from survey_kit.errors import DesignError
from survey_kit.weighting.rake import rake

DATA = pd.DataFrame(
    {
        "w": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        "place": ["a", "a", "a", "b", "b", "b"],
        "village": [1, 1, 2, 3, 4, 4],
        "sex": ["f", "m", "f", "m", "f", "m"],
    }
)
DESIGN = Design(Sampling.PROBABILITY, weight="w", stratum="place", cluster="village")
NEW = np.array([2.0, 2.0, 2.0, 3.0, 3.0, 3.0])


def test_it_is_the_sample_that_checking_everything_anew_would_make() -> None:
    sample = Sample(DATA, DESIGN)
    _ = sample.weights, sample.squared_weights, sample.levels("sex"), sample.calibrated_clusters
    made = sample.reweighted(NEW, "new")
    anew = Sample(DATA.assign(new=NEW), made.design)
    pd.testing.assert_frame_equal(made.data, anew.data)
    assert made.weights.tolist() == anew.weights.tolist() == NEW.tolist()
    assert made.squared_weights.tolist() == anew.squared_weights.tolist()
    assert made.element_spread.tolist() == anew.element_spread.tolist()
    assert made.strata.tolist() == anew.strata.tolist()
    assert made.stages[0].cluster.tolist() == anew.stages[0].cluster.tolist()
    assert made.levels("sex").names == anew.levels("sex").names
    assert sample.weights.tolist() == DATA["w"].tolist()


def test_categories_of_a_weight_are_those_of_the_new_one() -> None:
    sample = Sample(DATA, DESIGN)
    assert len(sample.levels("w").names) == 6
    assert sample.reweighted(NEW, "w").levels("w").names == ("2", "3")


def test_a_new_weight_below_0_is_refused() -> None:
    with pytest.raises(DesignError) as refused:
        Sample(DATA, DESIGN).reweighted(np.array([1.0, 1, 1, 1, 1, -1]), "new")
    assert str(refused.value) == (
        "weight 'new': the weight is negative in row 5. "
        "Every row needs a weight above 0; to leave rows out, ask for a domain."
    )


def test_a_weight_that_is_the_stratum_too_makes_other_strata() -> None:
    design = Design(Sampling.PROBABILITY, weight="w", stratum="w")
    assert len(Sample(DATA, design).reweighted(NEW, "w").stages[0].population) == 2


def test_a_sample_with_known_chances_of_pairs_is_raked_and_keeps_them() -> None:
    data = DATA.assign(chance=[0.5] * 6)
    design = Design(Sampling.PROBABILITY, population="chance", unequal=Unequal.JOINT, weight="w")
    joint = np.full((6, 6), 0.2)
    np.fill_diagonal(joint, 0.5)
    sample = Sample(data, design, joint=joint)
    made = rake(sample, {"sex": {"f": 0.6, "m": 0.4}}).sample
    assert made.joint is joint
    assert made.stages[0].pairs is sample.stages[0].pairs


def test_a_cluster_in_two_strata_is_found_where_all_others_lie_in_one() -> None:
    with pytest.raises(DesignError) as refused:
        Sample(DATA.assign(village=[1, 1, 2, 2, 3, 3]), DESIGN)
    assert str(refused.value) == (
        "cluster 'village': 1 of its names are found in more than one stratum, such as that of "
        "rows 2 and 3. Give every cluster a name of its own, or say nested: true if names start "
        "anew in each stratum."
    )
