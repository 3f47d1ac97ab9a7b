"""How near two texts are: the same, spelt otherwise, nearly the same, or another text.

A question that is worded otherwise may be answered otherwise, and a choice that is worded
otherwise may be another choice. How many letters changed says little about that ("legal" and
"illegal", "15 to 19" and "15 to 29"), so nearness is told from words: letters may differ only
inside a long word, never at its beginning, never in a number.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from functools import lru_cache

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_IN_BRACKETS = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]")
_MINUS = re.compile(r"(?<![\w])[-−–](?=\d)")
SHORTEST = 5
"""Letters that a word has at least, if one letter in it may be a slip."""
LONG = 9
"""Letters from which two may be."""


class Likeness(Enum):
    """How near two texts are."""

    SAME = "the same"
    SPELT = "the same but for capitals, spaces, punctuation and marks"
    NEAR = "the same but for a slip of a letter, or an explanation in brackets"
    OTHER = "another text"


def likeness(old: str, new: str) -> Likeness:
    """How near a new text is to the old one.

    >>> likeness("Water truck", "water  truck.").name
    'SPELT'
    >>> likeness("Goverment office", "Government office").name
    'NEAR'
    >>> likeness("Legal", "Illegal").name, likeness("15-19", "15-29").name
    ('OTHER', 'OTHER')
    """
    if old == new:
        return Likeness.SAME
    if " ".join(old.split()) == " ".join(new.split()):
        return Likeness.SPELT
    plain_old, plain_new = plain(old), plain(new)
    joined = plain_old.replace(" ", "")
    if plain_old == plain_new and joined:
        return Likeness.SPELT
    if joined and joined == plain_new.replace(" ", "") and not _numbers(joined):
        return Likeness.SPELT
    if _slips(plain_old.split(), plain_new.split()) or _explains(old, new):
        return Likeness.NEAR
    return Likeness.OTHER


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """A text without marks, capitals and punctuation. Signs of arithmetic and money stay.

    >>> plain("**Yes**, always!"), plain("-5 °C")
    ('yes always', '−5 °c')
    """
    text = unicodedata.normalize("NFKC", _TAG.sub(" ", text)).casefold()
    text = _MINUS.sub("\N{MINUS SIGN}", text)
    kept = (
        " " if unicodedata.category(each)[0] in "PZC" and each not in "%‰" else each
        for each in text
    )
    kept = (" " if each in "`~" else each for each in kept)
    return " ".join("".join(kept).split())


def _numbers(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def _slips(old: list[str], new: list[str]) -> bool:
    """Whether all words are the same but for one in which a letter slipped."""
    if len(old) != len(new):
        return False
    differing = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    return len(differing) == 1 and _one_slip(*differing[0])


def _one_slip(old: str, new: str) -> bool:
    shorter = min(len(old), len(new))
    if shorter < SHORTEST or old[0] != new[0] or _numbers(old + new):
        return False
    return _distance(old, new, most=2 if shorter >= LONG else 1)


def _distance(old: str, new: str, *, most: int) -> bool:
    """Whether at most so many letters are put in, left out, changed or swapped with the next."""
    if abs(len(old) - len(new)) > most:
        return False
    before: list[int] = []
    row = list(range(len(new) + 1))
    for i, a in enumerate(old, 1):
        two_before, before, row = before, row, [i]
        for j, b in enumerate(new, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == new[j - 2] and old[i - 2] == b:
                best = min(best, two_before[j - 2] + 1)
            row.append(best)
    return row[-1] <= most


def _explains(old: str, new: str) -> bool:
    """Whether only words in brackets came or went, without a number in them."""
    brackets = [*_IN_BRACKETS.findall(old), *_IN_BRACKETS.findall(new)]
    if not brackets or any(_numbers(each) for each in brackets):
        return False
    outside = plain(_IN_BRACKETS.sub(" ", old)), plain(_IN_BRACKETS.sub(" ", new))
    return outside[0] == outside[1] and bool(outside[0])
