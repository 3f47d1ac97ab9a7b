"""What the form works out by itself, written as its question holds answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.logic.writing import number_as_text
from survey_kit.responses.simulation.scope import as_text, only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey_kit.questionnaire.model import Item
    from survey_kit.responses.simulation.scope import Column, Scope


def worked_out(item: Item, scope: Scope, relevant: NDArray[np.bool_]) -> Column:
    """(m,) The calculation of a question where it is relevant, else empty."""
    calculation = item.question.calculation
    if calculation is None:
        raise TypeError(f"question {item.key!r} has no calculation")
    values = scope.works_out(calculation, this=item.key)
    match item.question.type.storage:
        case Storage.INTEGER | Storage.DECIMAL:
            numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64)
            return np.where(relevant, numbers, np.nan)
        case Storage.DATE | Storage.DATETIME:
            moments = pd.to_datetime(values, errors="coerce", format="ISO8601").to_numpy()
            moments = moments.astype("datetime64[us]")
            return np.where(relevant, moments, np.datetime64("NaT", "us"))
        case _:
            words = _words(values)
            return as_text(only(words, relevant & (words != "")))


def _words(values: pd.Series) -> NDArray[np.object_]:
    """(m,) texts; "" where empty."""
    if values.dtype.kind != "f":
        return values.fillna("").to_numpy(dtype=object)
    different, inverse = np.unique(values.to_numpy(dtype=np.float64), return_inverse=True)
    words = ["" if np.isnan(each) else number_as_text(float(each)) for each in different]
    return np.array(words, dtype=object)[inverse.reshape(-1)]
