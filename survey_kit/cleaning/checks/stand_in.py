"""A number that looks like a code for "does not know": 99, 888, 9999."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd

from survey_kit.cleaning.cells import Cells, every_question
from survey_kit.cleaning.check import Check, Settings, number, together
from survey_kit.cleaning.checks.outlier import STAND_INS, is_number, stands_in
from survey_kit.responses.model import Responses

APART = 0.1
"""A code lies beyond the others by this share of their range: 99 after 80, not 99 after 92 of percentages."""


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    return together(_looks_like_code(c, settings) for c in every_question(responses, is_number))


def _looks_like_code(cells: Cells, settings: Settings) -> pd.DataFrame:
    values = cells.answers.to_numpy(dtype=np.float64)
    codes = stands_in(values, settings)
    others = values[~codes & np.isfinite(values)]
    if not codes.any() or len(others) < number(settings, "least"):
        return cells.marked(np.zeros(len(values), dtype=np.bool_), "")
    tail = number(settings, "tail")
    low, high = np.quantile(others, [tail, 1 - tail])
    apart = APART * (high - low)
    below = (values < low - apart) | ((values < 0) & (low >= 0))
    mark = codes & (below | (values > high + apart))
    return cells.marked(
        mark,
        f"a number often written for no answer, and outside {low:g} to {high:g}, where "
        f"{1 - 2 * tail:.0%} of the other answers are",
        "Blank it if it stands for no answer",
    )


STAND_IN = Check(
    name="stand_in",
    title="A number that may stand for no answer",
    why=(
        "Numbers such as 99 or 999 (`ignore`) are written where somebody did not know. They are "
        "listed where they lie clearly beyond all but the share `tail` of the other answers on "
        "that side: an age of 99, but not 99 among amounts of money; and -88 wherever the others are not "
        "negative. Needs `least` other answers."
    ),
    find=_find,
    settings=MappingProxyType({"ignore": STAND_INS, "tail": 0.01, "least": 10}),
)
