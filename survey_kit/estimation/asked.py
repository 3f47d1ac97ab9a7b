"""Who is asked about, and of which columns: the ways in which `where` and names may be given.

where=frame["age"] > 17        one true or false for each row
where="adult"                  a column of the data that is true or false
where={"sex": ["f"]}           categories, by column
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.cube import Cube
from survey_kit.design.drawn import Drawn
from survey_kit.design.sample import Sample
from survey_kit.errors import EstimationError

Where: TypeAlias = "str | NDArray[np.bool_] | pd.Series | Mapping[str, Sequence[str]] | None"


def columns_named(columns: str | Sequence[str] | None) -> tuple[str, ...]:
    """One column or several; a single name is one column, and no letters.

    >>> columns_named("age"), columns_named(["age", "sex"]), columns_named(None)
    (('age',), ('age', 'sex'), ())
    """
    if columns is None:
        return ()
    return (columns,) if isinstance(columns, str) else tuple(columns)


def asked_rows(sample: Drawn, where: Where) -> NDArray[np.bool_] | None:
    """(n,) bool: who is asked about; None for everybody.

    A series is put in the order of the data by its index, as pandas does.

    Raises
    ------
    DesignError, EstimationError
        If there is no such column, or it is not true or false for every row.
    """
    if where is None:
        return None
    if isinstance(where, Mapping):
        if isinstance(sample, Cube):
            from survey_kit.design.source import asked

            return asked(sample, where)
        there = np.ones(len(sample), dtype=np.bool_)
        for column, categories in where.items():
            levels = sample.levels(column)
            wanted = [number for number, name in enumerate(levels.names) if name in categories]
            there &= np.isin(levels.codes, wanted)
        return there
    if isinstance(where, str):
        values = sample.numbers([where])[:, 0]
        if not np.isin(values, (0, 1)).all():
            raise EstimationError(
                f"where '{where}'",
                "the column holds something other than true and false",
                "Give a column that is true, or 1, for those who are asked about.",
            )
        return values == 1
    marked = _in_order(sample, where) if isinstance(where, pd.Series) else np.asarray(where)
    if marked.dtype != np.bool_ or marked.shape != (len(sample),):
        raise EstimationError(
            "where",
            f"it is not one true or false for each of {len(sample)} rows",
            "Compare a column of the data, such as frame['age'] > 17.",
        )
    return np.asarray(marked, dtype=np.bool_)


def _in_order(sample: Drawn, where: pd.Series) -> NDArray[np.generic]:
    """The series in the order of the data, and as true and false if nothing is missing."""
    if isinstance(sample, Sample):
        index = sample.data.index
        known = index.is_unique and where.index.is_unique
        if not where.index.equals(index) and known and not index.difference(where.index).size:
            where = where.loc[index]
    plain = pd.api.types.is_bool_dtype(where.dtype) and not where.isna().any()
    return where.to_numpy(dtype=np.bool_) if plain else where.to_numpy()
