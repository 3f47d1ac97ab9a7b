"""Which languages are written from right to left."""

from __future__ import annotations

import unicodedata

_SCRIPTS = frozenset(
    {"arab", "aran", "hebr", "rohg", "thaa", "syrc", "nkoo", "adlm", "mand", "samr", "mend", "yezi"}
)
"""Scripts, by their ISO 15924 codes."""
_LANGUAGES = frozenset(
    {
        "ar", "fa", "prs", "ps", "ur", "ug", "sd", "ckb", "azb", "bal", "brh", "glk", "lrc", "mzn",
        "skr", "pnb", "khw", "bqi", "sdh", "haz", "he", "yi", "dv", "syr", "arc", "nqo", "arz",
        "apc", "acm", "ary", "ajp", "aeb", "apd", "ars",
    }
)  # fmt: skip
"""Languages that are written from right to left where no script is named."""


def only_left_to_right(text: str) -> bool:
    """Whether a text has letters that run from left to right, and no others.

    >>> only_left_to_right("WhatsApp"), only_left_to_right("WhatsApp هو"), only_left_to_right("18")
    (True, False, False)
    """
    kinds = {unicodedata.bidirectional(sign) for sign in text}
    return "L" in kinds and not kinds & {"R", "AL"}


def right_to_left(code: str, text: str = "") -> bool:
    """Whether a language is written from right to left: by its texts, or else by its code.

    >>> right_to_left("ar"), right_to_left("fa-AF"), right_to_left("rhg-Rohg"), right_to_left("rhg")
    (True, True, True, False)
    >>> right_to_left("rhg", "𐴀𐴝𐴏"), right_to_left("ur-Latn"), right_to_left("ar", "Salam")
    (True, False, False)
    """
    if text:
        kinds = [unicodedata.bidirectional(sign) for sign in text]
        right, left = sum(kind in ("R", "AL") for kind in kinds), kinds.count("L")
        if right or left:
            return right > left
    language, *rest = code.casefold().replace("_", "-").split("-")
    scripts = [part for part in rest if len(part) == len("Arab") and part.isalpha()]
    return scripts[0] in _SCRIPTS if scripts else language in _LANGUAGES
