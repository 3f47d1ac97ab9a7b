"""Phase 2 calibrated to phase 1: R's numbers, and what is held."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey_kit as sk
from survey_kit.design.two_phase import TwoPhase
from survey_kit.errors import WeightingError

I = np.arange(120)  # noqa: E741
K = 7 * I % 10
FRAME = pd.DataFrame(
    {
        "x": (37 * I % 101) / 10,
        "g": np.where(I % 2 == 0, "f", "m"),
        "z": np.where(K < 5, "no", np.where(K < 8, "maybe", "yes")),
        "st": np.where(I % 3 == 0, "n", "s"),
        "Nst": np.where(I % 3 == 0, 400, 2000),
        "N": 2400,
        "everybody": 1,
    }
)
FRAME["y"] = 2 + 0.3 * FRAME["x"] + 1.5 * (FRAME["z"] == "yes") + 53 * I % 97 / 20
FRAME["sub"] = FRAME["z"].map({"no": 4, "maybe": 7, "yes": 12}) > 11 * I % 13

STRATIFIED = {"sampling": "probability", "stratum": "st", "population": "Nst"}
SIMPLE = {"sampling": "probability", "population": "N"}


def drawn(first: dict[str, str], method: str = "approx", subset: str = "sub") -> TwoPhase:
    return sk.two_phase(
        FRAME.assign(y=FRAME["y"].where(FRAME["sub"])),
        first=first,
        second={"sampling": "probability", "stratum": "z"},
        subset=subset,
        method=method,
    )


FROM_R: list[tuple[dict[str, str], str, str, list[float]]] = [
    (
        STRATIFIED,
        "approx",
        "linear",
        [
            5.8598568044,
            0.20173602851,
            14025.292161,
            682.2011447,
            4.3356434317,
            0.31197533338,
            0.37659335387,
            0.062405993395,
        ],
    ),
    (
        STRATIFIED,
        "approx",
        "raking",
        [
            5.8598908297,
            0.20173405521,
            14025.37377,
            682.12589206,
            4.3353526105,
            0.31201660881,
            0.37650228093,
            0.06238937334,
        ],
    ),
    (
        SIMPLE,
        "full",
        "linear",
        [
            5.8928094119,
            0.19628090777,
            14142.742588,
            498.93403389,
            4.1272489041,
            0.35770261848,
            0.3735381038,
            0.066399687679,
        ],
    ),
]
"""D <- twophase(id=list(~1,~1), strata=list(~st,~z), fpc=list(~Nst,NULL), subset=~sub, data=d,
method="approx"); D <- calibrate(D, phase=2, formula=~x+g, calfun="linear");
m <- svymean(~y, D); t <- svytotal(~y, D); f <- svyglm(y~x, D);
c(coef(m), SE(m), coef(t), SE(t), coef(f), SE(f)), and so on. survey 4.1-1."""


@pytest.mark.parametrize(("first", "method", "distance", "from_r"), FROM_R)
def test_estimates_of_a_calibrated_phase_2_are_those_of_r(
    first: dict[str, str], method: str, distance: Any, from_r: list[float]
):
    made = sk.calibrate_phase_two(drawn(first, method), ["g"], totals=["x"], distance=distance)

    mean, total = (sk.estimate(made.sample, what, "y") for what in ("mean", "total"))
    line = sk.regression(made.sample, "y ~ x").coefficients
    found = [
        *(*mean.value, *mean.standard_error, *total.value, *total.standard_error),
        *(*line.value, *line.standard_error),
    ]
    assert found == pytest.approx(from_r, rel=1e-7)


def test_what_is_calibrated_to_is_known_as_well_as_if_all_were_interviewed():
    made = sk.calibrate_phase_two(drawn(SIMPLE), ["g"], totals=["x"]).sample

    found = sk.estimate(made, "total", "x")
    everybody = sk.estimate(sk.sample(FRAME, **SIMPLE), "total", "x")

    assert found.value == pytest.approx(everybody.value)
    assert found.standard_error == pytest.approx(everybody.standard_error, rel=0.1)
    assert found.standard_error[0] < sk.estimate(drawn(SIMPLE), "total", "x").standard_error[0]


def test_a_total_alone_holds_the_number_of_people_too():
    made = sk.calibrate_phase_two(drawn(SIMPLE), totals=["x"])

    # 2,400 people, of whom 120 were screened
    assert made.sample.weights.sum() == pytest.approx(2400)
    assert "calibrated" in sk.estimate(made.sample, "mean", "y").design


@pytest.mark.parametrize(
    ("margins", "totals", "said"),
    [
        (
            [],
            [],
            (
                "two-phase calibration: no column was named. Name columns that are known of everybody "
                "screened: margins, or totals of numbers."
            ),
        ),
        (
            [],
            ["y"],
            (
                "two-phase calibration, column 'y': it is missing for 61 of those who were screened. "
                "Name columns that phase 1 asked everybody, or give those who did not answer a "
                "category of their own."
            ),
        ),
    ],
)
def test_what_cannot_be_calibrated_to_says_why(margins: list[str], totals: list[str], said: str):
    with pytest.raises(WeightingError) as caught:
        sk.calibrate_phase_two(drawn(SIMPLE), margins, totals=totals)

    assert str(caught.value) == said


def test_a_second_calibration_is_refused():
    once = sk.calibrate_phase_two(drawn(SIMPLE), ["g"]).sample
    assert isinstance(once, TwoPhase)

    with pytest.raises(WeightingError) as caught:
        sk.calibrate_phase_two(once, ["st"])

    assert str(caught.value) == (
        "two-phase calibration: phase 2 was calibrated before, and a second calibration would "
        "undo the first. Start from the sample before that, and name all columns at once."
    )
