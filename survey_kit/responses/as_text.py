"""Answers as the text a form would hold: the one spelling that files, logs and people compare.

A frame holds 12.0 where the form held ``12``, and a timestamp where it held
``2026-11-21``. Whoever writes a submission, compares an old value of a cleaning log
with the data, or shows an answer to a reviewer goes through here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.question_type import Storage

Spelling: TypeAlias = Callable[[NDArray[Any]], list[str]]

NUMBERS = (Storage.INTEGER, Storage.DECIMAL)
MOMENTS = (Storage.DATE, Storage.DATETIME)


def as_text(series: pd.Series, storage: Storage) -> pd.Series:
    """A column of answers, as text.

    Whole numbers have no decimal point, other numbers no exponent and no more digits
    than they need; a day is ``2026-11-21`` and a moment ``2026-11-21T14:05:00``, with
    a fraction only where there is one. Reading the text again gives the same answer.

    Parameters
    ----------
    series
        (n,) answers, held as `Responses` holds those of this storage.
    storage
        How the question stores its answer.

    Returns
    -------
    (n,)
        Text (dtype ``str``) with the same index and name; NaN where the cell is empty.
    """
    if storage in NUMBERS:
        return _spelt(pd.to_numeric(series), _number)
    if storage in MOMENTS:
        moments = pd.to_datetime(series).astype("datetime64[us]")
        return _spelt(moments, _day if storage is Storage.DATE else _moment)
    return series.astype("str")


def _spelt(series: pd.Series, spell: Spelling) -> pd.Series:
    """Each distinct value is spelt once, however many rows hold it."""
    codes, distinct = pd.factorize(series)
    words = np.empty(len(distinct) + 1, dtype=object)
    words[:-1] = spell(np.asarray(distinct))
    words[-1] = np.nan
    return pd.Series(words[codes], index=series.index, name=series.name, dtype="str")


def _number(values: NDArray[Any]) -> list[str]:
    return [np.format_float_positional(value, trim="-") for value in values.astype(np.float64)]


def _day(values: NDArray[Any]) -> list[str]:
    return [str(text) for text in np.datetime_as_string(values, unit="D")]


def _moment(values: NDArray[Any]) -> list[str]:
    spelt = (str(text) for text in np.datetime_as_string(values, unit="us"))
    return [_without_empty_fraction(text) for text in spelt]


def _without_empty_fraction(text: str) -> str:
    whole, _, fraction = text.partition(".")
    if fraction == "000000":
        return whole
    return f"{whole}.{fraction.removesuffix('000')}"
