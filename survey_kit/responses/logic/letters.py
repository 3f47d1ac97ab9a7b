"""Sets of letters in a pattern: ranges, Java's classes such as \\d, and categories of Unicode."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Letters:
    """Letters within ranges, or of categories of Unicode ("L", "Lu"), or anything but those."""

    ranges: tuple[tuple[str, str], ...] = ()
    categories: tuple[str, ...] = ()
    others: tuple[Letters, ...] = ()
    outside: bool = False

    @classmethod
    def of(cls, letter: str) -> Letters:
        """One letter."""
        return cls(((letter, letter),))

    @classmethod
    def between(cls, low: Letters, high: Letters) -> Letters:
        """All letters from one to another."""
        if len(low.ranges) != 1 or len(high.ranges) != 1 or low.ranges[0][0] > high.ranges[0][0]:
            raise ValueError("a range in it goes backwards")
        return cls(((low.ranges[0][0], high.ranges[0][0]),))

    def joined(self, other: Letters) -> Letters:
        """The letters of either."""
        if self.outside:
            return Letters(others=(self, other))
        if other.outside:
            return Letters(self.ranges, self.categories, (*self.others, other))
        return Letters(
            (*self.ranges, *other.ranges),
            (*self.categories, *other.categories),
            (*self.others, *other.others),
        )

    def also(self, other: Letters) -> Letters:
        """The letters that are in both."""
        return self.inverse().joined(other.inverse()).inverse()

    def inverse(self) -> Letters:
        """Every other letter."""
        return Letters(self.ranges, self.categories, self.others, not self.outside)

    def __contains__(self, letter: str) -> bool:
        inside = (
            any(low <= letter <= high for low, high in self.ranges)
            or (bool(self.categories) and unicodedata.category(letter).startswith(self.categories))
            or any(letter in other for other in self.others)
        )
        return inside != self.outside


_DIGITS = Letters((("0", "9"),))
_WORD = Letters((("a", "z"), ("A", "Z"), ("0", "9"), ("_", "_")))
_ACROSS = Letters(
    (
        ("\t", "\t"),
        (" ", " "),
        ("\xa0", "\xa0"),
        ("\u1680", "\u1680"),
        ("\u180e", "\u180e"),
        ("\u2000", "\u200a"),
        ("\u202f", "\u202f"),
        ("\u205f", "\u205f"),
        ("\u3000", "\u3000"),
    )
)
_DOWN = Letters((("\n", "\r"), ("\x85", "\x85"), ("\u2028", "\u2029")))
_SPACE = Letters(((" ", " "), ("\t", "\r")))

ANY_BUT_LINE_END = Letters(
    (("\n", "\n"), ("\r", "\r"), ("\x85", "\x85"), ("\u2028", "\u2029"))
).inverse()
"""What a full stop matches."""

CLASSES: Mapping[str, Letters] = MappingProxyType(
    {
        "d": _DIGITS,
        "D": _DIGITS.inverse(),
        "w": _WORD,
        "W": _WORD.inverse(),
        "s": _SPACE,
        "S": _SPACE.inverse(),
        "h": _ACROSS,
        "H": _ACROSS.inverse(),
        "v": _DOWN,
        "V": _DOWN.inverse(),
    }
)
"""The letter after a backslash -> the letters it stands for, ASCII only as in Java."""

_POSIX: Mapping[str, Letters] = MappingProxyType(
    {
        "Lower": Letters((("a", "z"),)),
        "Upper": Letters((("A", "Z"),)),
        "Alpha": Letters((("a", "z"), ("A", "Z"))),
        "Digit": _DIGITS,
        "Alnum": Letters((("a", "z"), ("A", "Z"), ("0", "9"))),
        "Punct": Letters((("!", "/"), (":", "@"), ("[", "`"), ("{", "~"))),
        "Space": _SPACE,
        "ASCII": Letters((("\x00", "\x7f"),)),
        "XDigit": Letters((("0", "9"), ("a", "f"), ("A", "F"))),
        "Blank": Letters(((" ", " "), ("\t", "\t"))),
        "Cntrl": Letters((("\x00", "\x1f"), ("\x7f", "\x7f"))),
        "Graph": Letters((("!", "~"),)),
        "Print": Letters(((" ", "~"),)),
    }
)
_CATEGORIES = frozenset(
    [
        "L",
        "M",
        "N",
        "P",
        "S",
        "Z",
        "C",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "Mn",
        "Mc",
        "Me",
        "Nd",
        "Nl",
        "No",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "Zs",
        "Zl",
        "Zp",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ]
)


def category(name: str) -> Letters:
    """The letters of \\p{name}.

    Raises
    ------
    ValueError
        If there is no such class.
    """
    plain = name.removeprefix("Is")
    if plain in _POSIX:
        return _POSIX[plain]
    if plain in _CATEGORIES:
        return Letters(categories=(plain,))
    raise ValueError(f"there is no class of letters called {name}")
