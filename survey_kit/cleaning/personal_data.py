r"""What in a text looks as if it could reach, locate or name a person.

Digits are first brought to one script: ``০১৭১`` and ``٠١٧١`` are telephone numbers as
much as ``0171``. A long run of digits is a telephone or document number unless it is
written as an amount: in groups of three (``5,000,000``) or ending in three zeros with
no + or 0 before it. Real expenditures of hundreds of millions of Lebanese pounds look
exactly like telephone numbers otherwise.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

EMAIL = r"[^\s@]+@[^\s@]+\.[^\s@]+"
WEB = r"(?:https?://|www\.)\S+"
COORDINATES = r"-?\d{1,2}\.\d{4,}\s*[,; ]\s*-?\d{1,3}\.\d{4,}"
DOCUMENT = r"\b(?:[A-Za-z]{1,2}[ -]?\d{6,9}|\d{3}-\d{2}[A-Za-z]\d{4,6})\b"
RUN = re.compile(r"\+?\d(?:[\s().\-–/]{0,2}\d)+")
AMOUNT = re.compile(r"[1-9]\d{0,2}(?:([,.\s])\d{3})(?:\1\d{3})*|[1-9]\d*000")
ISO_DAY = re.compile(r"(?:19|20)\d\d-\d\d?-\d\d?|\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d")

PATTERNS = (
    ("an e-mail address", EMAIL),
    ("a web address", WEB),
    ("coordinates", COORDINATES),
    ("a document number", DOCUMENT),
)
LONG_RUN = "a telephone or other long number"


@cache
def western_digits() -> dict[int, str]:
    """Every decimal digit of every script -> 0 to 9."""
    return {
        point: str(unicodedata.decimal(chr(point)))
        for point in range(0x80, sys.maxunicode + 1)
        if unicodedata.category(chr(point)) == "Nd"
    }


def kinds_of_personal_data(answers: pd.Series[Any], digits: int = 7) -> pd.Series[Any]:
    """What each text seems to hold, in words; "" where nothing.

    Parameters
    ----------
    answers
        (n,) text. NaN counts as nothing.
    digits
        How many digits make a run long.

    Returns
    -------
    (n,)
        Text: "an e-mail address", or several joined by " and ".
    """
    codes, distinct = pd.factorize(answers)
    texts = pd.Series(distinct, dtype="str").str.translate(western_digits())
    kinds = np.full(len(texts) + 1, "", dtype=object)
    suspect = texts.str.contains(r"@|www\.|://|\d.*\d.*\d.*\d.*\d", regex=True).to_numpy(dtype=bool)
    for position in np.flatnonzero(suspect):
        kinds[position] = " and ".join(_kinds(str(texts.iloc[position]), digits))
    return pd.Series(kinds[codes], index=answers.index, dtype="str")


def _kinds(answer: str, digits: int) -> list[str]:
    found = [kind for kind, pattern in PATTERNS if re.search(pattern, answer)]
    if found:
        return found
    return [LONG_RUN] if any(_is_long(run.group(), digits) for run in RUN.finditer(answer)) else []


def _is_long(run: str, digits: int) -> bool:
    if sum(character.isdigit() for character in run) < digits:
        return False
    return not (AMOUNT.fullmatch(run) or ISO_DAY.fullmatch(run))
