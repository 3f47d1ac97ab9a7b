"""Words by which a choice or a question is known for what it is, in several languages: data.

`words.csv` holds a kind, a language and a word in each row; a star stands for any letters.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("words.csv")
_SIGNS = re.compile(r"[\W_]+")
_TAGS = re.compile(r"<[^>]*>|[*#]")


@cache
def words_of(kind: str) -> re.Pattern[str]:
    """Finds any word of a kind in a text that `plain` has made ready.

    Raises
    ------
    KeyError
        If there is no such kind: a fault of the program.
    """
    with _FILE.open(encoding="utf-8", newline="") as file:
        found = [row["word"] for row in csv.DictReader(file) if row["kind"] == kind]
    if not found:
        raise KeyError(kind)
    patterns = [re.escape(plain(word.replace("*", "§"))) for word in found]
    either = "|".join(sorted(patterns, key=len, reverse=True)).replace("§", r"\w*")
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")


def plain(text: str) -> str:
    """A text in small letters, its words parted by single spaces.

    >>> plain("Prefer_not-to say!")
    'prefer not to say'
    """
    kept = text.replace("§", "QQSTARQQ")
    return _SIGNS.sub(" ", _TAGS.sub(" ", kept).casefold()).strip().replace("qqstarqq", "§")


def is_named(code: str, labels: Iterable[str], words: re.Pattern[str]) -> bool:
    """Whether a code, or the beginning of a label, is one of the words.

    >>> is_named("none", [], words_of("none of these")), is_named("x", ["None"], words_of("none of these"))
    (True, True)
    """
    if words.fullmatch(plain(code)):
        return True
    return any(_is_label(label, words) for label in labels)


def _is_label(label: str, words: re.Pattern[str]) -> bool:
    """Only the whole of a label, or what stands before a bracket, comma, slash or colon."""
    head = re.split(r"[(,:/;–—]|\s-\s", label, maxsplit=1)[0]
    return words.fullmatch(plain(head)) is not None
