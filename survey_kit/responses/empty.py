"""A column without an answer, of the dtype that answers to its question have."""

from __future__ import annotations

import numpy as np
import pandas as pd

from survey_kit.questionnaire.model import Item
from survey_kit.responses.from_text import from_text


def empty_answers(item: Item, index: pd.Index) -> pd.Series:
    """(n,) NaN, or NaT for days and moments."""
    nothing = pd.Series(np.nan, index=index, dtype="str")
    return from_text(nothing, item.question.type.storage).answers.set_axis(index)
