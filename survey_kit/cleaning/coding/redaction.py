"""Takes out of a text what could reach or locate a person, before a coder or a translator sees it.

What is found is what `personal_data` finds: addresses, coordinates, document numbers and
long runs of digits, in the digits of any script. Names are not found: who codes answers is
told so, and reports them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from survey_kit.cleaning.personal_data import (
    AMOUNT,
    COORDINATES,
    DOCUMENT,
    EMAIL,
    ISO_DAY,
    RUN,
    WEB,
    western_digits,
)

STAND_INS = (
    (WEB, "[ADDRESS]"),
    (EMAIL, "[ADDRESS]"),
    (COORDINATES, "[PLACE]"),
    (DOCUMENT, "[DOCUMENT]"),
)
NUMBER = "[NUMBER]"
DIGITS = 7
"""So many digits make a run long."""


@dataclass(frozen=True)
class Redacted:
    """A text with stand-ins, and how many there are."""

    text: str
    found: int


def redacted(text: str) -> Redacted:
    """The text with every find replaced by what kind of thing it is.

    >>> redacted("call 01711 234567 or x@y.org, it costs 5,000,000").text
    'call [NUMBER] or [ADDRESS] it costs 5,000,000'
    """
    plain = text.translate(western_digits())
    spans: list[tuple[int, int, str]] = []
    for pattern, stand_in in STAND_INS:
        spans += [(*each.span(), stand_in) for each in re.finditer(pattern, plain)]
    spans += [
        (*each.span(), NUMBER)
        for each in RUN.finditer(plain)
        if sum(map(str.isdigit, each.group())) >= DIGITS
        and not AMOUNT.fullmatch(each.group())
        and not ISO_DAY.fullmatch(each.group())
    ]
    parts: list[str] = []
    at = found = 0
    for start, end, stand_in in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < at:
            continue
        parts += [text[at:start], stand_in]
        at, found = end, found + 1
    return Redacted("".join((*parts, text[at:])), found)
