"""What a question keeps of the result of its calculation (IAnswerData.wrapData of JavaRosa).

The type of the question has a say: a whole number loses its decimals and stops at 2,147,483,647,
a day its time. A number that is whole but for a billionth is kept as whole.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.logic.value import (
    BLANK,
    MILLISECONDS_A_DAY,
    Floats,
    Kind,
    Value,
    as_texts,
    choose,
    of_texts,
)

_LARGEST_INT, _SMALLEST_INT = 2.0**31 - 1, -(2.0**31)
_NEARLY_WHOLE = 1e-9
_CODED = (Storage.CODE, Storage.CODES, Storage.LOCATION)


def as_kept(value: Value, storage: Storage) -> Value:
    """The result of a calculation as the question holds it; blank where it is not a number."""
    kept = value
    if Kind.NUMBER in value.present:
        kept = replace(value, numbers=_number(value.numbers, storage))
        nothing = (value.kinds == Kind.NUMBER) & np.isnan(value.numbers)
        kept = choose(nothing, BLANK, kept) if nothing.any() else kept
    if Kind.MOMENT in value.present and storage is Storage.DATE:
        days = np.floor(kept.moments / MILLISECONDS_A_DAY) * MILLISECONDS_A_DAY
        kept = replace(kept, moments=days)
    if storage in _CODED and Kind.MOMENT in value.present:
        kept = of_texts(as_texts(kept))
    return kept


def _number(numbers: Floats, storage: Storage) -> Floats:
    whole = np.trunc(numbers)
    if storage is Storage.INTEGER:
        return np.clip(whole, _SMALLEST_INT, _LARGEST_INT)
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(numbers - whole) < _NEARLY_WHOLE, whole, numbers)
