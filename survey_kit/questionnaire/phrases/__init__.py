"""The toolkit's own words, in a language: one file a language, each a table of phrases.

A sentence made from an expression, and every word that paper prints around the questions,
is a row of such a table; the questions themselves come from the questionnaire. English is
complete. A table that no speaker of the language has checked is marked ``draft``, and
whatever is printed from it says so. A row that a table lacks is said in English.

A new language: drop a file here with one `Phrases`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from survey_kit.collect import collect

ENGLISH = "en"
_SUBTAG = re.compile(r"[-_ (]")


@dataclass(frozen=True)
class Phrases:
    """The words of one language: key -> phrase, with ``{holes}`` for what goes in.

    `name` is the language's code, `also` what a form may call the language instead.
    """

    name: str
    rows: Mapping[str, str] = field(repr=False)
    also: tuple[str, ...] = ()
    draft: bool = True

    def __call__(self, key: str, /, **holes: object) -> str:
        """The phrase of a key with its holes filled; the English one where there is none."""
        row = self.rows.get(key)
        return (row if row is not None else _english().rows[key]).format(**holes)


@cache
def phrases_in(language: str | None, name: str = "") -> Phrases:
    """The phrases of a language by its code, or by what a form calls it; else the English ones.

    >>> phrases_in("en-GB").name, phrases_in("default").name, phrases_in("Arabic").name
    ('en', 'en', 'ar')
    """
    known = all_phrases()
    words = [word for word in (language or "", name) if word]
    for word in words:
        folded = word.casefold().strip()
        for code in (folded, _SUBTAG.split(folded)[0]):
            if code in known:
                return known[code]
        for each in known.values():
            if folded in each.also or _SUBTAG.split(folded)[0] in each.also:
                return each
    return known[ENGLISH]


def all_phrases() -> Mapping[str, Phrases]:
    """Every table by the code of its language."""
    return MappingProxyType(collect("survey_kit.questionnaire.phrases", Phrases))


@cache
def _english() -> Phrases:
    return all_phrases()[ENGLISH]
