"""Where to look first: of interviews and of enumerators, a number to sort by and nothing more.

    score = weighted findings x (1 + 0.5 x (different checks - 1))

after the Mixed Migration Centre's cleaning kit: that several unlike checks point to one interview says
more than that one check points to it often. Of one check and one interview at most `MOST` findings
count, so that a module with one wrong skip does not drown the rest. An enumerator with more
interviews has more findings too: beside the score stands the share of interviews, with its limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

MOST = 3
WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "back_check": 2,
        "duplicate_interview": 2,
        "duration": 2,
        "duration_from_audit": 2,
        "near_copy": 2,
        "overlapping": 2,
        "soft_duplicate": 2,
        "free_text_personal": 0.5,
        "other_specify": 0.5,
        "outlier": 0.5,
        "old_version": 0.5,
    }
)
"""Check -> weight of a finding; 1 where it is not named. Findings about the interview as a whole weigh more."""
SCORES = ("findings", "checks", "weighted", "score")


def scores(
    findings: pd.DataFrame, whose: pd.Series[Any], *, weights: Mapping[str, float] = WEIGHTS
) -> pd.DataFrame:
    """The score of each interview, or of each enumerator.

    Parameters
    ----------
    findings
        As in `Checked`.
    whose
        (f,) text, to whom each finding belongs: the interview, or its enumerator; "" or NaN to nobody.
    weights
        Check -> weight.

    Returns
    -------
    (k, 4)
        Indexed by interview or enumerator, the highest score first: how many findings, from how many
        different checks, weighted, and the score.
    """
    owner = whose.astype("str").fillna("").to_numpy(dtype=object)
    table = pd.DataFrame(
        {
            "owner": owner,
            "interview": findings["interview"].to_numpy(dtype=object),
            "check": findings["check"].to_numpy(dtype=object),
        }
    )
    table = table[table["owner"] != ""]
    counted = table.groupby(["owner", "check", "interview"], sort=False).size().clip(upper=MOST)
    weight = counted.index.get_level_values("check").map(lambda name: weights.get(str(name), 1.0))
    weighted = (counted * weight.to_numpy(dtype=np.float64)).groupby(level="owner").sum()
    found = pd.DataFrame(
        {
            "findings": table.groupby("owner").size(),
            "checks": table.groupby("owner")["check"].nunique(),
            "weighted": weighted,
        }
    )
    score = found["weighted"] * (1 + 0.5 * (found["checks"] - 1))
    return found.assign(score=score).sort_values("score", ascending=False, kind="stable")
