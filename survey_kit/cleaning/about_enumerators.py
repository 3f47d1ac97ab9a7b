"""Findings about an enumerator rather than about an interview: how they are worded, and found again.

They have no interview, and what is said begins with the code: "enumerator E07: ...". A code
is not a verdict: enumerators differ because the places and people do, too.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from survey_kit.cleaning.check import Finding

ASK = "Look at some of these interviews together with the enumerator"


def about_enumerator(
    code: str, words: str, *, question: str = "", suggestion: str = ASK
) -> Finding:
    """A finding about an enumerator's interviews taken together."""
    return Finding("", question, "", f"enumerator {code}: {words}", suggestion)


def enumerator_told(what: pd.Series[str], codes: Iterable[str]) -> pd.Series[str]:
    """(f,) text. Which enumerator each finding is about, "" where it is about none of the codes.

    >>> enumerator_told(pd.Series(["enumerator E07: 9 interviews", "text"], dtype="str"), ["E07"]).tolist()
    ['E07', '']
    """
    found = pd.Series("", index=what.index, dtype="str")
    for code in sorted(codes, key=len):
        found = found.mask(what.str.startswith(f"enumerator {code}: "), code)
    return found
