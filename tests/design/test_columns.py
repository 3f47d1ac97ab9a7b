"""A survey of hundreds of columns is weighed and asked without a warning of pandas."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import survey_kit as sk
from survey_kit.design.columns import with_column

ASKED = {
    "rake": lambda s: sk.rake(s, {"sex": {"f": 0.6, "m": 0.4}}).sample,
    "trim": lambda s: sk.trim(s, upper=1.5).sample,
    "alpha": lambda s: sk.cronbach_alpha(s, ["x", "w"]),
    "log-linear": lambda s: sk.log_linear(s, "sex + place"),
}


def wide(n: int = 40) -> pd.DataFrame:
    draw = np.random.default_rng(2)
    parts = [pd.DataFrame({f"q{at}": draw.choice(["a", "b"], n)}) for at in range(130)]
    own = {"sex": ["f", "m"] * (n // 2), "place": draw.choice(["p", "r"], n)}
    numbers = {"w": draw.uniform(0.5, 2, n), "x": draw.normal(size=n)}
    return pd.concat([*parts, pd.DataFrame(own | numbers)], axis=1)


@pytest.mark.parametrize("name", ASKED)
def test_a_file_of_many_columns_is_asked_without_a_warning(name):
    sample = sk.sample(wide(), sampling="probability", weight="w")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ASKED[name](sample)


def test_a_column_beside_many_is_that_beside_few():
    frame = wide().set_index(pd.Index([7] * 40))
    for data in (frame, frame[["sex", "w"]], frame.assign(new=0.0)):
        made = with_column(data, "new", np.arange(40.0))
        pd.testing.assert_frame_equal(made, data.assign(new=np.arange(40.0)))
