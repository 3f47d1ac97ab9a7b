"""Categories in order with an offset: against R, and as a coefficient that is held."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import survey_kit as sk

REFERENCE = Path(__file__).parents[2].parent / "shared" / "reference" / "open" / "data"


@pytest.mark.shared
def test_an_offset_is_that_of_svyolr_in_r():
    # R 4.2.2, survey 4.1-1: svyolr(cut(months, c(-1, 6, 12, 1000)) ~ sex + debt
    #   + offset(cost / 10000), svydesign(~site, strata = ~country, weights = ~w, nest = TRUE))
    # of the rows that have all of it; its optim stops within 1e-5 of the maximum
    path = REFERENCE / "m612.csv"
    if not path.is_file():
        pytest.skip("the shared reference data are not here")
    data = pd.read_csv(path)
    labels = ["short", "mid", "long"]
    data["time"] = pd.cut(data["months"], [-1, 6, 12, 1000], labels=labels)
    sample = sk.sample(
        data, sampling="probability", weight="w", stratum="country", cluster="site", nested=True
    )

    model = sk.ordinal(sample, "time ~ sex + debt", offset="cost / 10000")

    assert model.coefficients.value == pytest.approx(
        [0.354679647678, 1.066392160658, 1.679934098544, 6.405310802960], abs=1e-5
    )
    assert model.coefficients.standard_error == pytest.approx(
        [0.180807680302, 0.245738352097, 0.151733447964, 0.819289128224], abs=1e-5
    )


def test_what_is_known_of_a_coefficient_may_be_put_in_an_offset(surveyed: sk.Sample):
    free = sk.ordinal(surveyed, "trust ~ age + spent")
    slope = float(free.coefficients.value[1])
    held = sk.ordinal(surveyed, "trust ~ age", offset=f"spent * ({slope!r})")

    assert held.deviance == pytest.approx(free.deviance, rel=1e-9)
    assert held.coefficients.value[0] == pytest.approx(free.coefficients.value[0], rel=1e-5)
    assert held.expected(surveyed.data) == pytest.approx(free.expected(surveyed.data), abs=1e-6)
