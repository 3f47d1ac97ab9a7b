"""A column put beside those that there are, whether they are few or many."""

from __future__ import annotations

from typing import Any

import pandas as pd

from survey_kit.design.stage import Floats, Integers

MANY = 50
"""Columns of as many kinds are what pandas warns of when one is put in among them."""


def with_column(
    data: pd.DataFrame, name: str, values: Floats | Integers | pd.Series[Any]
) -> pd.DataFrame:
    """The data with (n,) values in a column of that name; what had the name gives way."""
    if name in data.columns or data.shape[1] < MANY:
        return data.assign(**{name: values})
    return pd.concat([data, pd.DataFrame({name: values}, index=data.index)], axis=1)
