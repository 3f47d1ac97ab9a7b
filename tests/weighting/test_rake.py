"""Raking: fits what it is given, remembers it, and refuses what does not fit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import WeightingError
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.estimation.statistics.total import TOTAL
from survey_kit.weighting.kish import design_effect_of_weights, effective_size
from survey_kit.weighting.rake import rake

MARGINS = {"sex": {"f": 0.5, "m": 0.5}, "place": {"camp": 0.3, "town": 0.7}}


def people(**columns: object) -> Sample:
    plain = {
        "sex": ["f", "f", "m", "m", "m", "f", "m", "m"],
        "place": ["camp", "town", "camp", "town", "camp", "camp", "town", "town"],
        "weight": [1.0, 2.0, 1.0, 1.0, 3.0, 1.0, 1.0, 2.0],
        "income": [3.0, 5.0, 2.0, 8.0, 1.0, 4.0, 7.0, 6.0],
    }
    return Sample(pd.DataFrame(plain | columns), Design(Sampling.PROBABILITY, weight="weight"))


def refusal(margins: Mapping[str, Mapping[str, float]], **columns: object) -> str:
    with pytest.raises(WeightingError) as caught:
        rake(people(**columns), margins)
    return str(caught.value)


def test_raked_weights_fit_every_margin_and_add_to_the_number_of_people() -> None:
    raked = rake(people(), MARGINS)

    weights, data = raked.sample.weights, raked.sample.data
    assert weights.sum() == pytest.approx(8)
    for variable, margin in MARGINS.items():
        for category, share in margin.items():
            assert weights[data[variable] == category].sum() == pytest.approx(8 * share)


def test_totals_are_what_the_weights_add_up_to() -> None:
    totals = {"sex": {"f": 400, "m": 600}, "place": {"camp": 250, "town": 750}}

    assert rake(people(), totals).sample.weights.sum() == pytest.approx(1000)


def test_percentages_and_shares_are_the_same_thing() -> None:
    percent = {v: {c: 100 * s for c, s in margin.items()} for v, margin in MARGINS.items()}

    assert rake(people(), percent).sample.weights == pytest.approx(
        rake(people(), MARGINS).sample.weights
    )


def test_shares_take_their_size_from_the_totals_of_another_margin() -> None:
    mixed = {"sex": {"f": 0.5, "m": 0.5}, "place": {"camp": 300, "town": 700}}

    assert rake(people(), mixed).sample.weights.sum() == pytest.approx(1000)


def test_raking_one_margin_is_a_rule_of_three() -> None:
    raked = rake(people(), {"sex": {"f": 400, "m": 800}}).sample.weights

    # women weigh 4 in the sample, men 8: each counts 100 times
    assert raked == pytest.approx(people().weights * 100)


@given(st.lists(st.floats(0.2, 5), min_size=8, max_size=8), st.floats(0.01, 1000))
@settings(max_examples=25, deadline=None)
def test_only_the_proportions_of_the_first_weights_matter(
    weights: list[float], factor: float
) -> None:
    once = rake(people(weight=weights), MARGINS).sample.weights

    again = rake(people(weight=[w * factor for w in weights]), MARGINS).sample.weights

    assert again == pytest.approx(once, rel=1e-7)


@given(st.lists(st.floats(0.2, 5), min_size=8, max_size=8))
@settings(max_examples=25, deadline=None)
def test_raking_keeps_the_odds_within_a_table(weights: list[float]) -> None:
    before, sample = people(weight=weights), rake(people(weight=weights), MARGINS).sample

    def odds(of: Sample) -> float:
        cells = [
            of.weights[(of.data.sex == s) & (of.data.place == p)].sum()
            for s in "fm"
            for p in ("camp", "town")
        ]
        return cells[0] * cells[3] / (cells[1] * cells[2])

    assert odds(sample) == pytest.approx(odds(before), rel=1e-6)


def test_a_margin_of_a_raked_sample_is_known_without_error() -> None:
    sample = rake(people(), MARGINS).sample
    data = sample.data.assign(town=(sample.data.place == "town").astype(float))

    found = estimate(MEAN, Sample(data, sample.design, sample.calibration), ["town"])

    assert found.value[0] == pytest.approx(0.7)
    assert found.standard_error[0] == pytest.approx(0, abs=1e-9)


def test_what_the_margins_explain_no_longer_varies() -> None:
    sample = people()
    raked = rake(sample, MARGINS).sample
    plain = Sample(raked.data, raked.design)

    calibrated, fixed = (estimate(TOTAL, s, ["income"]).variance[0] for s in (raked, plain))

    assert calibrated < fixed


def test_the_report_tells_before_after_and_cost() -> None:
    raked = rake(people(), MARGINS)

    report = raked.report
    assert report.margins.columns.tolist() == [
        "variable",
        "category",
        "n",
        "before",
        "after",
        "target",
    ]
    assert report.margins["n"].tolist() == [3, 5, 4, 4]
    assert report.margins["before"].tolist() == pytest.approx([4 / 12, 8 / 12, 0.5, 0.5])
    assert report.margins["after"].tolist() == pytest.approx([0.5, 0.5, 0.3, 0.7])
    assert report.effective_size == pytest.approx(effective_size(raked.sample.weights))
    assert report.design_effect * report.effective_size == pytest.approx(report.n)
    assert report.largest == pytest.approx(raked.sample.weights.max())
    assert report.gap <= 1e-10


def test_the_first_weights_stay_in_the_data() -> None:
    raked = rake(people(), MARGINS).sample

    assert raked.data["weight"].tolist() == people().weights.tolist()
    assert raked.design.weight == "raked weight"


def test_kish_by_hand() -> None:
    weights = np.array([1.0, 1.0, 2.0])

    # (1 + 1 + 2)² / (1 + 1 + 4) = 16/6, and 3 x 6 / 16
    assert effective_size(weights) == pytest.approx(16 / 6)
    assert design_effect_of_weights(weights) == pytest.approx(18 / 16)


def test_a_category_that_nobody_has_is_named() -> None:
    margins = {"place": {"camp": 0.3, "town": 0.5, "village": 0.2}}

    assert refusal(margins) == (
        "margin 'place', category 'village': nobody in the sample has it. "
        "Merge it with the category most like it, in data and margin."
    )


def test_a_category_that_the_margin_lacks_is_named() -> None:
    assert refusal({"place": {"town": 1.0}}) == (
        "margin 'place', category 'camp': 4 in the sample have it, but the margin lacks it. "
        "Add it to the margin, or merge it with another category in the data."
    )


def test_totals_that_disagree_are_told_with_both_sums() -> None:
    margins = {"sex": {"f": 400, "m": 600}, "place": {"camp": 250, "town": 700}}

    assert refusal(margins) == (
        "margins: the totals of 'sex' add to 1,000 and those of 'place' to 950. "
        "They describe the same people, so make them agree."
    )


def test_shares_that_do_not_add_to_one_are_told() -> None:
    assert refusal({"sex": {"f": 0.5, "m": 0.4}}) == (
        "margin 'sex': its shares add to 0.9, not to 1. Check them."
    )


def test_a_row_without_its_category_is_told() -> None:
    assert refusal(MARGINS, sex=["f", None, "m", "m", "m", "f", "m", "m"]) == (
        "margin 'sex': its variable is missing in row 1. "
        "Fill it in, or give it a category of its own in data and margin."
    )


def test_a_figure_of_0_for_people_who_are_there_is_told() -> None:
    assert refusal({"place": {"camp": 0.0, "town": 1.0}}) == (
        "margin 'place', category 'camp': its figure is 0, yet 4 in the sample have it. "
        "Correct the figure, or leave those rows out of the sample."
    )


def test_a_negative_figure_is_told() -> None:
    assert "margin 'sex', category 'f': its figure is not a number of 0 or more." in refusal(
        {"sex": {"f": -0.5, "m": 1.0}}
    )


def test_all_faults_are_told_at_once() -> None:
    margins = {"sex": {"f": 0.5, "x": 0.5}, "place": {"camp": 0.3, "town": 0.6}}

    with pytest.raises(WeightingError) as caught:
        rake(people(), margins)

    assert len(caught.value.faults) == 3


def test_margins_that_contradict_each_other_give_no_half_raked_weights() -> None:
    # all women are in the camp and all of the camp are women, so the shares must be equal
    split = {"place": ["camp", "camp", "town", "town", "town", "camp", "town", "town"]}

    said = refusal(MARGINS, **split)

    assert said.startswith(
        "raking: after 1000 rounds the margin 'sex' is still 0.4 of a category away from its "
        "target. The margins may contradict each other where cells are empty: with these people, '"
    )
    assert said.endswith(" %. Merge it with another category, or leave a margin out.")


def test_a_margin_of_no_variable_is_refused() -> None:
    assert refusal({}) == (
        "margins: there are none. Give at least one variable with its categories."
    )


def test_a_second_raking_is_refused() -> None:
    raked = rake(people(), MARGINS).sample

    with pytest.raises(WeightingError) as caught:
        rake(raked, MARGINS, weight="again")

    assert str(caught.value) == (
        "weights: this sample was already calibrated. "
        "Start from the sample before that, and give all margins at once."
    )


def test_a_column_of_the_data_is_not_overwritten() -> None:
    with pytest.raises(WeightingError) as caught:
        rake(people(), MARGINS, weight="income")

    assert str(caught.value) == (
        "weight 'income': the data already have a column of that name. "
        "Give another name: weight='...'."
    )
