"""A sample: what it knows of its design, and what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import DesignError

DRAWN = Sampling.PROBABILITY


def households(**columns: object) -> pd.DataFrame:
    """Six households of three camps in two regions."""
    plain = {
        "region": ["north", "north", "north", "north", "south", "south"],
        "camp": ["a", "a", "b", "b", "c", "d"],
        "weight": [1.0, 1.0, 2.0, 2.0, 3.0, 1.0],
        "camps": [10, 10, 10, 10, 4, 4],
    }
    return pd.DataFrame(plain | columns, index=range(101, 107))


def refusal(data: pd.DataFrame, **design: object) -> str:
    with pytest.raises(DesignError) as caught:
        Sample(data, Design(DRAWN, **design))
    return str(caught.value)


def test_strata_and_clusters_are_numbered_from_0() -> None:
    sample = Sample(households(), Design(DRAWN, stratum="region", cluster="camp"))

    assert sample.strata.tolist() == [0, 0, 0, 0, 1, 1]
    assert sample.clusters_.tolist() == [0, 0, 1, 1, 2, 3]


def test_the_degrees_of_freedom_are_clusters_less_strata() -> None:
    sample = Sample(households(), Design(DRAWN, stratum="region", cluster="camp"))

    assert sample.degrees_of_freedom() == 2


def test_in_a_domain_only_clusters_and_strata_that_hold_some_of_it_count() -> None:
    sample = Sample(households(), Design(DRAWN, stratum="region", cluster="camp"))

    found = sample.degrees_of_freedom(np.array([True, False, True, True, False, False]))

    assert found == 1


def test_without_weights_every_row_stands_for_itself() -> None:
    assert Sample(households(), Design(DRAWN)).weights.tolist() == [1.0] * 6


def test_weights_are_implied_by_the_population() -> None:
    design = Design(DRAWN, stratum="region", cluster="camp", population="camps")

    # 2 of 10 camps in the north, 2 of 4 in the south
    assert Sample(households(), design).weights.tolist() == [5, 5, 5, 5, 2, 2]


def test_a_population_may_be_the_share_that_was_drawn() -> None:
    shares = households(camps=[0.2, 0.2, 0.2, 0.2, 0.5, 0.5])
    design = Design(DRAWN, stratum="region", cluster="camp", population="camps")

    assert Sample(shares, design).stages[0].population.tolist() == pytest.approx([10, 4])


def test_a_nested_cluster_may_share_its_name_with_another() -> None:
    data = households(camp=["a", "a", "b", "b", "a", "b"])

    sample = Sample(data, Design(DRAWN, stratum="region", cluster="camp", nested=True))

    assert sample.clusters_.tolist() == [0, 0, 1, 1, 2, 3]


def test_categories_come_in_their_own_order_with_those_nobody_has() -> None:
    levels = pd.CategoricalDtype(["never", "often", "always"])
    data = households(how=pd.Series(["often", None] * 3, index=range(101, 107)).astype(levels))

    found = Sample(data, Design(DRAWN)).levels("how")

    assert found.names == ("never", "often", "always")
    assert found.codes.tolist() == [1, -1, 1, -1, 1, -1]


def test_a_number_as_a_category_is_named_without_its_point() -> None:
    assert Sample(households(), Design(DRAWN)).levels("weight").names == ("1", "2", "3")


def test_a_column_that_is_not_there_is_guessed_at() -> None:
    assert refusal(households(), weight="wieght") == (
        "data: there is no column called 'wieght'. Did you mean 'weight'?"
    )


def test_a_column_like_none_of_the_data_is_said_to_be_absent() -> None:
    assert refusal(households(), stratum="zzz") == (
        "data: there is no column called 'zzz'. The data have 4 columns."
    )


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (0.0, "is 0"),
        (-1.0, "is negative"),
        (np.nan, "is missing"),
        (np.inf, "is infinite"),
    ],
)
def test_a_weight_that_cannot_be_is_refused_by_row(wrong: float, what: str) -> None:
    data = households(weight=[1.0, wrong, 1.0, 1.0, wrong, 1.0])

    assert refusal(data, weight="weight") == (
        f"weight 'weight': the weight {what} in rows 102 and 105. "
        "Every row needs a weight above 0; to leave rows out, ask for a domain."
    )


def test_of_many_wrong_rows_three_are_named() -> None:
    data = households(weight=0.0)

    assert "in rows 101, 102, 103 and 3 more." in refusal(data, weight="weight")


def test_weights_of_text_are_refused() -> None:
    assert refusal(households(), weight="region") == (
        "column 'region': it holds text, and this needs numbers. "
        "Ask for shares of its categories, or convert it first."
    )


def test_a_row_without_its_stratum_is_refused() -> None:
    data = households(region=["north", None, "north", "north", "south", "south"])

    assert refusal(data, stratum="region") == (
        "stratum 'region': it is missing in row 102. Every row needs its stratum."
    )


def test_a_row_without_its_cluster_is_refused() -> None:
    data = households(camp=["a", "a", None, "b", "c", "d"])

    assert refusal(data, cluster="camp") == (
        "cluster 'camp': it is missing in row 103. Every row needs its cluster."
    )


def test_a_cluster_in_two_strata_is_refused() -> None:
    data = households(camp=["a", "a", "b", "b", "a", "d"])

    assert refusal(data, stratum="region", cluster="camp") == (
        "cluster 'camp': 1 of its names are found in more than one stratum, such as that of "
        "rows 101, 102 and 105. Give every cluster a name of its own, or say nested: true if "
        "names start anew in each stratum."
    )


def test_a_population_smaller_than_the_sample_is_refused() -> None:
    data = households(camps=[10, 10, 10, 10, 1, 1])
    design = {"stratum": "region", "cluster": "camp", "population": "camps", "weight": "weight"}

    assert refusal(data, **design) == (
        "population 'camps': it is smaller than the number of clusters that were drawn, in "
        "rows 105 and 106. Give the number of clusters in the population of the stratum, not "
        "of people."
    )


def test_a_population_that_mixes_numbers_and_shares_is_refused() -> None:
    data = households(camps=[10, 10, 10, 10, 0.5, 0.5])

    assert refusal(data, stratum="region", cluster="camp", population="camps") == (
        "population 'camps': some values are above 1 and some below, so it is not clear "
        "whether they are numbers of clusters or shares drawn; below 1: rows 105 and 106. "
        "Give numbers everywhere, or shares everywhere."
    )


def test_a_population_that_varies_within_a_stratum_is_refused() -> None:
    data = households(camps=[10, 10, 10, 11, 4, 4])

    assert refusal(data, stratum="region", cluster="camp", population="camps") == (
        "population 'camps': it varies within a stratum, as in rows 101, 102, 103 and 1 more. "
        "Every row of a stratum needs the same population."
    )


def test_a_population_of_nothing_is_refused() -> None:
    data = households(camps=[10, 10, 10, 10, 0, 0])

    assert refusal(data, stratum="region", cluster="camp", population="camps") == (
        "population 'camps': it is 0 or negative in rows 105 and 106. "
        "Give the number of clusters in the population, or the share that was drawn."
    )


def test_more_populations_than_stages_are_refused() -> None:
    assert refusal(households(), cluster="camp", population=("camps", "weight")) == (
        "population: it names 2 columns for 1 stage(s) of clusters. "
        "Name one column for each stage, first stage first."
    )


def test_weights_that_not_all_stages_imply_are_asked_for() -> None:
    assert refusal(households(), cluster=("region", "camp"), population="camps") == (
        "weight: it cannot be worked out, as not every stage has a population. "
        "Name a column of weights, or a population for every stage."
    )


def test_a_sample_of_nobody_is_refused() -> None:
    assert refusal(households().iloc[:0]) == (
        "data: there are no rows. Check the file and the filter it came from."
    )
