"""Who is asked about, and of which columns: the ways in which `where` and names may be given.

where="adult"                            a column of the data that is true or false, or 1 or 0
where="age > 17 and sex == 'f'"          a condition: see `condition`
where=frame["age"] > 17                  one true or false for each row
where={"sex": ["f"], "region": "north"}  categories, by column

All who estimate or test take the same. Whoever has no answer there is not asked about, as R's
`subset` and a filter of SPSS have it. The rows that are not asked about stay in the sample
and weigh 0: that their cluster holds nobody asked about is knowledge too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.condition import flags_of, met
from survey_kit.design.cube import Cube
from survey_kit.design.drawn import Drawn
from survey_kit.design.faults import check_column, check_once
from survey_kit.design.sample import Sample
from survey_kit.design.source import Source, asked
from survey_kit.errors import EstimationError

Flags: TypeAlias = NDArray[np.bool_]
Where: TypeAlias = (
    "str | Flags | pd.Series | Sequence[bool] | Mapping[str, str | Sequence[str]] | None"
)
P = ParamSpec("P")
T = TypeVar("T")


def columns_named(columns: str | Sequence[str] | None) -> tuple[str, ...]:
    """One column or several; a single name is one column, and no letters.

    >>> columns_named("age"), columns_named(["age", "sex"]), columns_named(None)
    (('age',), ('age', 'sex'), ())
    """
    if columns is None:
        return ()
    return (columns,) if isinstance(columns, str) else tuple(columns)


def check_sample(given: object, *, rows: bool = False) -> None:
    """Refuse what is no sample, in the words of whoever took a frame or a result for one.

    Parameters
    ----------
    rows
        Whether the rows themselves are needed, and not only sums of them.
    """
    if isinstance(given, Sample) or (isinstance(given, Cube) and not rows):
        return
    what, remedy = (
        f"a {type(given).__name__} does not say how people were chosen",
        "Make a sample of it first: sk.sample(frame, sampling=..., weight=...).",
    )
    if isinstance(getattr(given, "sample", None), Sample):
        what, remedy = (
            f"a {type(given).__name__} was given, which is what came of it",
            "Give the sample that is in it: its `.sample`.",
        )
    elif isinstance(given, Source | Cube):
        what, remedy = (
            "it is of files or of sums, and this needs rows in memory",
            "Read the columns that it needs into memory: source.sample(['...']).",
        )
    raise EstimationError("sample", what, remedy)


def sample_first(function: Callable[P, T]) -> Callable[P, T]:
    """A function of a sample and something else, which may be given in either order.

    Models are written ``of(sample, "outcome ~ predictors")`` as everything else here; whoever is
    used to R puts the formula first.
    """

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        given: Any = args
        if len(given) > 1 and isinstance(given[1], Sample | Cube):
            given = (given[1], given[0], *given[2:])
        if given:
            check_sample(given[0])
        return function(*given, **kwargs)

    return called


def asked_rows(sample: Drawn, where: Where) -> Flags | None:
    """(n,) bool: who is asked about; None for everybody.

    A series is put in the order of the data by its index, as pandas does.

    Raises
    ------
    DesignError, EstimationError
        If there is no such column or category, or it is not true or false of every row.
    """
    check_sample(sample)
    if where is None:
        return None
    if isinstance(where, Mapping):
        return _of_categories(sample, where)
    if isinstance(where, str):
        return _of_words(sample, where)
    marked = where
    if not isinstance(where, np.ndarray) or where.dtype != np.bool_:
        series = _in_order(sample, where) if isinstance(where, pd.Series) else pd.Series(where)
        flags = flags_of(series)
        marked = None if flags is None else flags[0]
    if not isinstance(marked, np.ndarray) or marked.shape != (len(sample),):
        raise EstimationError(
            "where",
            f"it is not one true or false for each of {len(sample)} rows",
            "Compare a column of the data, such as frame['age'] > 17.",
        )
    return np.asarray(marked, dtype=np.bool_)


def categories_named(where: Mapping[str, str | Sequence[str]]) -> dict[str, list[str]]:
    """The names of the categories of each column; a single one is one, and a number its name.

    >>> categories_named({"sex": "f", "school": [1, 2.0]})
    {'sex': ['f'], 'school': ['1', '2']}
    """
    several: dict[str, Any] = {
        column: names if np.iterable(names) and not isinstance(names, str) else [names]
        for column, names in where.items()
    }
    return {
        column: [f"{each:g}" if isinstance(each, float) else str(each) for each in names]
        for column, names in several.items()
    }


def _of_categories(sample: Drawn, where: Mapping[str, str | Sequence[str]]) -> Flags:
    """Those in one of the categories of every column."""
    found: Any = asked(sample, categories_named(where))  # pyright: ignore[reportArgumentType]
    return np.ones(len(sample), dtype=np.bool_) if found is None else found


def _of_words(sample: Drawn, where: str) -> Flags:
    """A column that is true or false, or a condition."""
    condition = where not in sample.data.columns and not where.strip().isidentifier()
    if condition and isinstance(sample, Sample):
        return met(where, sample)
    check_column(sample.data, where)
    check_once(sample.data, where)
    flags = flags_of(sample.data[where])
    if flags is None:
        raise EstimationError(
            f"where '{where}'",
            "the column holds something other than true and false",
            "Give a column that is true, or 1, for those who are asked about.",
        )
    return flags[0]


def _in_order(sample: Drawn, where: pd.Series) -> pd.Series:
    """The series in the order of the data."""
    if isinstance(sample, Sample):
        index = sample.data.index
        known = index.is_unique and where.index.is_unique
        if not where.index.equals(index) and known and not index.difference(where.index).size:
            return where.loc[index]
    return where
