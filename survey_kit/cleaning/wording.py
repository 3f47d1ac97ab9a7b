"""When two wordings are the same: without case, accents' composition, marks and extra spaces."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=65536)
def normalised(words: str) -> str:
    """A wording with nothing left in it that a reader would overlook.

    Compatibility forms are unified (NFKC), case is folded, and what is neither letter,
    combining mark nor digit becomes one space; scripts without case or spaces stay as
    they are.

    >>> normalised("  Radio/TV. ")
    'radio tv'
    """
    folded = unicodedata.normalize("NFKC", words).casefold()
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in folded)
    return " ".join("".join(kept).split())
