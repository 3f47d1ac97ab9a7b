"""The nearest known word to one that nobody knows: the "Did you mean?" of messages."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """A remedy: the nearest known word, or what to do otherwise.

    >>> did_you_mean("durations", ["duration", "night"])
    "Did you mean 'duration'?"
    """
    words = list(known)
    close = get_close_matches(word, words, n=1)
    if close:
        return f"Did you mean {close[0]!r}?"
    return otherwise or f"Write one of: {', '.join(words)}"
