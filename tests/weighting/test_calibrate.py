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
    [("linear", None), ("linear", (0.5, 1.8)), ("raking", None), ("logit", (0.4, 2.0))],
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


def test_totals_that_cannot_be_reached_are_refused() -> None:
    assert refusal(SEX, {"children": 1000.0}, distance="logit", bounds=(0.5, 2.0)).startswith(
        "calibration: after 200 rounds a total is still "
    )


def test_bounds_on_one_side_of_1_are_refused() -> None:
    assert refusal(SEX, bounds=(1.2, 2.0)) == (
        "calibration: the bounds 1.2 and 2 leave out 1. Give one on either side."
    )


def test_a_logit_without_bounds_is_refused() -> None:
    assert refusal(SEX, distance="logit") == (
        "calibration: distance 'logit' needs bounds. Give bounds=(0.3, 3)."
    )


def test_raking_with_bounds_is_refused() -> None:
    assert refusal(SEX, distance="raking", bounds=(0.5, 2.0)) == (
        "calibration: distance 'raking' takes no bounds. Ask for 'logit'."
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
