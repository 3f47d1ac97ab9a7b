"""Categories as predictors: those that somebody is in, and no more than a model can hold."""

from __future__ import annotations

import pandas as pd

from survey_kit.errors import EstimationError

MOST_CATEGORIES = 1_000
"""Of one predictor: each is a column of the matrix, and of an inverse."""


def check_categories(data: pd.DataFrame, right: str) -> None:
    """Refuse a predictor of so many categories that the model would never end.

    Raises
    ------
    EstimationError
        With the name of the column.
    """
    for name in data.columns:
        if pd.api.types.is_numeric_dtype(data[name]):
            continue
        found = data[name].nunique()
        if found > MOST_CATEGORIES:
            raise EstimationError(
                f"formula '{right}'",
                f"'{name}' has {found:,} categories, and each is a predictor",
                f"Put categories together, into at most {MOST_CATEGORIES:,}.",
            )


def only_met(data: pd.DataFrame, fewest: int = 2) -> pd.DataFrame:
    """The rows with the categories that somebody of them is in: others have no effect to look for.

    So does R (`drop.unused.levels`). A column of which fewer than `fewest` are left stays as it
    is: what explains nothing is refused when the model is made.
    """
    fewer = {
        name: data[name].cat.remove_unused_categories()
        for name in data.columns
        if isinstance(data[name].dtype, pd.CategoricalDtype) and data[name].nunique() >= fewest
    }
    return data.assign(**fewer) if fewer else data
