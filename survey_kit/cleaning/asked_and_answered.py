"""Of each interview how many questions were asked, and what became of them: rates of *asked*.

A long form of which little was asked is no form of which little was answered. Rows of repeats
count, each of their questions as one.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from survey_kit.responses.model import Absence, Responses

COUNTED = {
    "answered": Absence.PRESENT,
    "blank": Absence.BLANK,
    "refused": Absence.REFUSED,
    "dont_know": Absence.DONT_KNOW,
}


def asked_and_answered(responses: Responses) -> pd.DataFrame:
    """(n, 5) int64 by interview: "asked", and of these "answered", "blank", "refused", "dont_know".

    What the form fills in, notes, and what the version of the form did not have are not counted;
    what could not be read is not either.
    """
    asked = {item.key for item in responses.questionnaire.items if item.question.type.asked}
    index = responses.frame.index
    counts = pd.DataFrame(0, index=index, columns=["asked", *COUNTED], dtype=np.int64)
    tables = [
        (responses.absence, None),
        *((rows.absence, 0) for rows in responses.repeats.values()),
    ]
    for absence, level in tables:
        cells = absence[[key for key in absence.columns if key in asked]].to_numpy()
        for name, kind in COUNTED.items():
            found = pd.Series((cells == kind).sum(axis=1), index=absence.index)
            if level is not None:
                found = found.groupby(level=level).sum().reindex(index, fill_value=0)
            counts[name] += found.to_numpy(dtype=np.int64)
    counts["asked"] = counts[list(COUNTED)].sum(axis=1)
    return counts
