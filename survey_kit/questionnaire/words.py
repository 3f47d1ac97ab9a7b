"""Words that are nearly right: what a name may look like, and which one was meant."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = re.compile(r"[^\W\d][\w.\-]*")
REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?([^{}]*?)\s*\}")
"""``${name}`` inside a text or an expression; the group is the name."""


def is_name(text: str) -> bool:
    """Whether XML takes a text as the name of an element, without a prefix.

    >>> is_name("age"), is_name("2nd_age"), is_name("my age")
    (True, False, False)
    """
    return _NAME.fullmatch(text) is not None


def meant(word: str, known: Iterable[str], *, otherwise: str) -> str:
    """The remedy for an unknown word: the nearest known one, or what else to do.

    >>> meant("agee", ["age", "sex"], otherwise="Add it")
    "Did you mean 'age'?"
    """
    known = list(dict.fromkeys(known))
    folded = {each.casefold(): each for each in known}
    near = get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return f"Did you mean '{folded[near[0]]}'?" if near else otherwise


def listed(words: Iterable[str]) -> str:
    """Words as one phrase.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    every = list(words)
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} and {every[-1]}"
