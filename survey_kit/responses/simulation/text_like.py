r"""Texts that a regular expression of a form would match, drawn by chance.

Forms ask for coupons, telephone numbers and codes: ``^0[0-9]{10}$``, ``[A-Z]{2}\d{4}``. Read here
are letters, ``.``, classes, escapes, groups with alternatives, and quantifiers. What is
more than that is taken as it stands; the constraint itself judges every text, so that a
text that does not fit is drawn again and never kept.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

MOST_MORE = 4
"""How often at most ``*`` and ``+`` repeat a part beyond what they must."""
_ESCAPES = {
    "d": string.digits,
    "w": string.ascii_lowercase + string.digits,
    "s": " ",
    "D": string.ascii_lowercase,
    "W": "-",
    "S": string.ascii_lowercase,
}
_LIMITS = {"*": (0, MOST_MORE), "+": (1, 1 + MOST_MORE), "?": (0, 1)}


@dataclass
class _Writer:
    """Reads a pattern from left to right and writes a text as it goes."""

    pattern: str
    rng: np.random.Generator
    at: int = 0

    def alternatives(self) -> str:
        texts = [self.sequence()]
        while self._took("|"):
            texts.append(self.sequence())
        return texts[int(self.rng.integers(0, len(texts)))]

    def sequence(self) -> str:
        text = ""
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            begin = self.at
            once = self.part()
            fewest, most = self.limits()
            after = self.at
            copies = [once]
            for _ in range(most - 1):
                self.at = begin
                copies.append(self.part())
            self.at = after
            text += "".join(copies[: int(self.rng.integers(fewest, most + 1))])
        return text

    def part(self) -> str:
        sign = self.pattern[self.at]
        self.at += 1
        match sign:
            case "^" | "$":
                return ""
            case ".":
                return self._one_of(string.ascii_lowercase)
            case "(":
                self._took("?:")
                text = self.alternatives()
                self._took(")")
                return text
            case "[":
                return self._one_of(self.letters())
            case "\\" if self.at < len(self.pattern):
                self.at += 1
                escaped = self.pattern[self.at - 1]
                return self._one_of(_ESCAPES.get(escaped, escaped))
            case _:
                return sign

    def letters(self) -> str:
        end = self.pattern.find("]", self.at + 1)
        inside = self.pattern[self.at : end] if end > 0 else self.pattern[self.at :]
        self.at = end + 1 if end > 0 else len(self.pattern)
        not_these = inside.startswith("^")
        inside, found = inside.removeprefix("^"), ""
        while inside:
            if inside[0] == "\\" and len(inside) > 1:
                found += _ESCAPES.get(inside[1], inside[1])
                inside = inside[2:]
            elif len(inside) > 2 and inside[1] == "-":  # noqa: PLR2004 - as in a-z
                found += "".join(map(chr, range(ord(inside[0]), ord(inside[2]) + 1)))
                inside = inside[3:]
            else:
                found += inside[0]
                inside = inside[1:]
        if not_these:
            found = "".join(each for each in string.printable[:62] if each not in found)
        return found or " "

    def limits(self) -> tuple[int, int]:
        sign = self.pattern[self.at : self.at + 1]
        if sign in _LIMITS and sign:
            self.at += 1
            return _LIMITS[sign]
        end = self.pattern.find("}", self.at)
        if sign != "{" or end < 0:
            return 1, 1
        fewest, comma, most = self.pattern[self.at + 1 : end].partition(",")
        if not fewest.isdecimal() or not (most.isdecimal() or not most):
            return 1, 1
        self.at = end + 1
        lowest = int(fewest)
        return lowest, int(most) if most else lowest + (MOST_MORE if comma else 0)

    def _one_of(self, letters: str) -> str:
        return letters[int(self.rng.integers(0, len(letters)))]

    def _took(self, text: str) -> bool:
        if self.pattern.startswith(text, self.at):
            self.at += len(text)
            return True
        return False


def text_like(pattern: str, rng: np.random.Generator) -> str:
    """A text that the pattern would match, as far as the pattern is understood.

    >>> import numpy as np
    >>> text_like("^(ab|AB)-[0-9]{3}$", np.random.default_rng(1))[2:3]
    '-'
    """
    return _Writer(pattern, rng).alternatives()
