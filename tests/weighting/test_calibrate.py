"""Calibration to totals of categories and of numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from survey_kit.design.design import Design, Sampling
from survey_kit.design.sample import Sample
from survey_kit.errors import WeightingError
from survey_kit.estimation.estimate import estimate
from survey_kit.estimation.statistics.total import TOTAL
from survey_kit.weighting.calibrate import Distance, calibrate, poststratify
from survey_kit.weighting.rake import rake

SEX = {"sex": {"f": 44.0, "m": 66.0}}
BOTH = {**SEX, "place": {"camp": 33.0, "town": 77.0}}
CHILDREN = {"children": 190.0}


def people(**columns: object) -> Sample:
    plain = {
        "sex": ["f", "f", "m", "m", "m", "f", "m", "m"],
        "place": ["camp", "town", "camp", "town", "camp", "camp", "town", "town"],
        "children": [3.0, 1.0, 2.0, 0.0, 4.0, 2.0, 1.0, 3.0],
        "weight": [10.0, 15.0, 10.0, 10.0, 12.0, 10.0, 12.0, 15.0],
    }
    return Sample(pd.DataFrame(plain | columns), Design(Sampling.PROBABILITY, weight="weight"))


def refusal(*arguments: object, sample: Sample | None = None, **options: object) -> str:
    with pytest.raises(WeightingError) as caught:
        calibrate(sample or people(), *arguments, **options)  # type: ignore[arg-type]
    return str(caught.value)


@pytest.mark.parametrize(
    ("distance", "bounds"),
    [
        ("linear", None),
        ("linear", (0.5, 1.8)),
        ("raking", None),
        ("raking", (0.5, 1.8)),
        ("entropy", None),
        ("entropy", (0.5, 1.8)),
        ("logit", (0.4, 2.0)),
    ],
)
def test_calibrated_weights_fit_margins_and_totals(
    distance: Distance, bounds: tuple[float, float] | None
) -> None:
    sample = people()

    found = calibrate(sample, SEX, CHILDREN, distance=distance, bounds=bounds).sample

    assert found.weights @ found.data["children"] == pytest.approx(190)
    assert found.weights[found.data["sex"] == "f"].sum() == pytest.approx(44)
    assert found.weights.sum() == pytest.approx(110)
    if bounds:
        factor = found.weights / sample.weights
        assert bounds[0] - 1e-9 <= factor.min()
        assert factor.max() <= bounds[1] + 1e-9


def test_calibration_by_raking_is_raking() -> None:
    by_newton = calibrate(people(), BOTH, distance="raking").sample.weights

    assert by_newton == pytest.approx(rake(people(), BOTH).sample.weights)


def test_one_margin_is_poststratification_whatever_the_distance() -> None:
    expected = poststratify(people(), SEX).sample.weights

    assert calibrate(people(), SEX).sample.weights == pytest.approx(expected)
    assert calibrate(people(), SEX, distance="raking").sample.weights == pytest.approx(expected)


def test_a_total_that_was_calibrated_to_has_no_error() -> None:
    sample = calibrate(people(), SEX, CHILDREN).sample

    found = estimate(TOTAL, sample, ["children"])

    assert found.value[0] == pytest.approx(190)
    assert found.standard_error[0] == pytest.approx(0, abs=1e-6)


def test_weights_that_already_fit_are_left_alone() -> None:
    sample = people()
    now = {sex: float(sample.weights[sample.data["sex"] == sex].sum()) for sex in ("f", "m")}

    assert calibrate(sample, {"sex": now}).sample.weights == pytest.approx(sample.weights)


def test_a_weight_that_would_be_negative_is_refused() -> None:
    assert refusal(SEX, {"children": 30.0}) == (
        "calibration: 3 weights would be 0 or negative. "
        "Ask for distance='raking', or for bounds=(0.3, 3)."
    )


def test_bounds_that_are_too_tight_are_told_with_the_nearest_that_are_not() -> None:
    said = refusal(SEX, {"children": 260.0}, distance="logit", bounds=(0.9, 1.2))

    assert said == (
        "calibration: no weights within the bounds 0.9 and 1.2 fit all totals. The nearest bounds "
        "that can be kept are about 0.717 and 1.565: give bounds=(0.717, 1.565), merge "
        "categories, or leave a total out."
    )
    found = calibrate(people(), SEX, {"children": 260.0}, distance="logit", bounds=(0.717, 1.565))
    assert found.report.gap <= 1e-10


def test_bounds_of_the_weight_itself_are_told_with_the_nearest_that_are_not_too_tight() -> None:
    said = refusal(SEX, {"children": 260.0}, bounds=(10.0, 15.0), bounds_on="weight")

    low, high = (float(n) for n in said.split("bounds=(")[1].split(")")[0].split(", "))
    found = calibrate(
        people(), SEX, {"children": 260.0}, bounds=(low, high), bounds_on="weight"
    ).sample.weights
    assert low - 1e-9 <= found.min() < 10
    assert 15 < found.max() <= high + 1e-9


def test_totals_that_nobody_could_reach_are_named() -> None:
    # 44 women with at most 3 children each, and 66 men with at most 4, have at most 396
    assert refusal(SEX, {"children": 1000.0}, distance="logit", bounds=(0.5, 2.0)) == (
        "calibration: no weights above 0 fit all totals: the total of 'children' should be 1,000, "
        "and with these people the nearest it can come to is 396. The totals contradict each "
        "other, or the sample: correct them, merge categories, or leave one out."
    )


def test_bounds_the_wrong_way_round_are_refused() -> None:
    assert refusal(SEX, bounds=(15.0, 10.0), bounds_on="weight") == (
        "calibration: the lower bound 15 is not below the upper one 10. Give the lower one first."
    )


def test_totals_alone_are_enough() -> None:
    sample = people(everybody=1.0)

    found = calibrate(sample, {}, {"everybody": 110.0, **CHILDREN}).sample

    assert found.weights.sum() == pytest.approx(110)
    assert found.weights @ found.data["children"] == pytest.approx(190)
    assert found.weights == pytest.approx(
        calibrate(people(all="1"), {"all": {"1": 110.0}}, CHILDREN).sample.weights
    )


def test_nothing_to_fit_is_refused() -> None:
    assert refusal({}) == (
        "margins: there are none. Give at least one variable with its categories."
    )


def test_weights_in_one_household_change_by_the_same_factor() -> None:
    data = people(home=["a", "a", "b", "b", "c", "c", "d", "d"]).data
    sample = Sample(data, Design(Sampling.PROBABILITY, weight="weight", cluster="home"))

    found = calibrate(sample, SEX, CHILDREN, together="home").sample

    factor = found.weights / sample.weights
    assert factor[::2].tolist() == pytest.approx(factor[1::2].tolist())
    assert found.weights @ found.data["children"] == pytest.approx(190)
    assert estimate(TOTAL, found, ["children"]).standard_error[0] == pytest.approx(0, abs=1e-6)


def test_bounds_on_one_side_of_1_are_refused() -> None:
    assert refusal(SEX, bounds=(1.2, 2.0)) == (
        "calibration: the bounds 1.2 and 2 leave out 1. Give one on either side."
    )


def test_a_logit_without_bounds_is_refused() -> None:
    assert refusal(SEX, distance="logit") == (
        "calibration: distance 'logit' needs bounds. Give bounds=(0.3, 3)."
    )


def test_a_row_without_the_number_is_named() -> None:
    sample = people(children=[3.0, np.nan, 2.0, 0.0, 4.0, 2.0, 1.0, 3.0])

    assert refusal(SEX, CHILDREN, sample=sample) == (
        "total of 'children': the column is missing in row 1. Fill it in, or leave the total out."
    )


def test_poststratifying_to_two_margins_is_refused() -> None:
    with pytest.raises(WeightingError) as caught:
        poststratify(people(), BOTH)

    assert str(caught.value) == (
        "poststratification: it takes one margin, and 2 were given. "
        "Cross them into one variable, or rake."
    )
