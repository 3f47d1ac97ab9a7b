"""Why answers are absent, as one text for each row: ``not_in_version: name note; unreadable: age``.

Formats that hold nothing beside an empty cell lose what the form cannot tell again: that a version
of it lacked the question, that the answer could not be read, that the person took it back. One column
of text says it for the whole row; a reason that stands alone, ``withdrawn``, is that of every question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.responses.model import Absence

COLUMN = "_absence"
"""What the column is called in a CSV file."""
IN_PACKAGES = "answers__absence"
"""What it is called where names begin with a letter."""
BEYOND_THE_FORM = (Absence.NOT_IN_VERSION, Absence.UNREADABLE, Absence.WITHDRAWN)
"""What going through the form again cannot tell."""
WORDS: Mapping[str, Absence] = {each.name.lower(): each for each in Absence}


def in_words(absence: pd.DataFrame) -> pd.Series | None:
    """(n,) text, "" where the form tells by itself; None where that is so of every row."""
    why = absence.to_numpy(dtype=np.int8)
    beyond = np.isin(why, BEYOND_THE_FORM)
    if not beyond.any():
        return None
    patterns, of_row = np.unique(np.where(beyond, why, 0), axis=0, return_inverse=True)
    keys = list(map(str, absence.columns))
    words = np.array(["; ".join(_said(pattern, keys)) for pattern in patterns], dtype=object)
    return pd.Series(words[of_row.ravel()], index=absence.index, dtype="str")


def _said(pattern: NDArray[np.int8], keys: Sequence[str]) -> Iterator[str]:
    for reason in BEYOND_THE_FORM:
        here = [key for key, why in zip(keys, pattern.tolist(), strict=True) if why == reason]
        if len(here) == len(keys):
            yield reason.name.lower()
        elif here:
            yield f"{reason.name.lower()}: {' '.join(here)}"


def from_words(words: pd.Series, keys: Sequence[str]) -> tuple[pd.DataFrame, int]:
    """What a column of such texts says of some questions, and in how many rows it cannot be read.

    Returns
    -------
    DataFrame
        (n, k) int8 of `Absence`, PRESENT where nothing is said, with the index of `words`.
    """
    rows, distinct = pd.factorize(words)
    places = {key: place for place, key in enumerate(keys)}
    said = np.zeros((len(distinct) + 1, len(keys)), dtype=np.int8)
    unclear = np.zeros(len(distinct) + 1, dtype=np.bool_)
    for row, text in enumerate(map(str, distinct)):
        for part in filter(None, (each.strip() for each in text.split(";"))):
            name, _, named = part.partition(":")
            reason = WORDS.get(name.strip())
            if reason is None:
                unclear[row] = True
                continue
            meant = named.split() if named.strip() else keys
            said[row, [places[key] for key in meant if key in places]] = reason
    return (
        pd.DataFrame(said[rows], index=words.index, columns=list(keys)),
        int(unclear[rows].sum()),
    )
