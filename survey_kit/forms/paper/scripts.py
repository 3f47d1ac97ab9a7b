"""Scripts and their fonts: in which letters a sheet is written, and what can draw them.

Fonts are declared, not shipped: the Noto fonts, free and made for every script. Where one
is not on the machine, whoever builds the paper is told, and nobody finds empty boxes in
the field.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Script:
    """A script: its name, where Unicode keeps it, and the fonts that draw it, best first.

    `plainly` is whether Word must be told to treat its letters as complex ones.
    """

    name: str
    ranges: tuple[tuple[int, int], ...]
    fonts: tuple[str, ...]
    complex: bool = True
    right_to_left: bool = False


SCRIPTS: tuple[Script, ...] = (
    Script(
        "Latin", ((0x41, 0x24F), (0x1E00, 0x1EFF)), ("Noto Sans", "Liberation Sans"), complex=False
    ),
    Script(
        "Greek", ((0x370, 0x3FF), (0x1F00, 0x1FFF)), ("Noto Sans", "DejaVu Sans"), complex=False
    ),
    Script("Cyrillic", ((0x400, 0x52F),), ("Noto Sans", "DejaVu Sans"), complex=False),
    Script("Armenian", ((0x530, 0x58F),), ("Noto Sans Armenian", "DejaVu Sans"), complex=False),
    Script("Hebrew", ((0x590, 0x5FF),), ("Noto Sans Hebrew", "DejaVu Sans"), right_to_left=True),
    Script(
        "Arabic",
        ((0x600, 0x6FF), (0x750, 0x77F), (0x870, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)),
        ("Noto Naskh Arabic", "Noto Sans Arabic", "DejaVu Sans"),
        right_to_left=True,
    ),
    Script("Syriac", ((0x700, 0x74F),), ("Noto Sans Syriac",), right_to_left=True),
    Script("Thaana", ((0x780, 0x7BF),), ("Noto Sans Thaana",), right_to_left=True),
    Script("NKo", ((0x7C0, 0x7FF),), ("Noto Sans NKo", "DejaVu Sans"), right_to_left=True),
    Script("Devanagari", ((0x900, 0x963), (0x966, 0x97F)), ("Noto Sans Devanagari",)),
    Script("Bengali", ((0x980, 0x9FF),), ("Noto Sans Bengali",)),
    Script("Gurmukhi", ((0xA00, 0xA7F),), ("Noto Sans Gurmukhi",)),
    Script("Gujarati", ((0xA80, 0xAFF),), ("Noto Sans Gujarati",)),
    Script("Oriya", ((0xB00, 0xB7F),), ("Noto Sans Oriya",)),
    Script("Tamil", ((0xB80, 0xBFF),), ("Noto Sans Tamil",)),
    Script("Telugu", ((0xC00, 0xC7F),), ("Noto Sans Telugu",)),
    Script("Kannada", ((0xC80, 0xCFF),), ("Noto Sans Kannada",)),
    Script("Malayalam", ((0xD00, 0xD7F),), ("Noto Sans Malayalam",)),
    Script("Sinhala", ((0xD80, 0xDFF),), ("Noto Sans Sinhala",)),
    Script("Thai", ((0xE00, 0xE7F),), ("Noto Sans Thai",)),
    Script("Lao", ((0xE80, 0xEFF),), ("Noto Sans Lao",)),
    Script("Tibetan", ((0xF00, 0xFFF),), ("Noto Serif Tibetan",)),
    Script(
        "Myanmar", ((0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F)), ("Noto Sans Myanmar",)
    ),
    Script("Georgian", ((0x10A0, 0x10FF),), ("Noto Sans Georgian", "DejaVu Sans"), complex=False),
    Script("Ethiopic", ((0x1200, 0x139F), (0x2D80, 0x2DDF)), ("Noto Sans Ethiopic",)),
    Script("Cherokee", ((0x13A0, 0x13FF),), ("Noto Sans Cherokee",), complex=False),
    Script("Khmer", ((0x1780, 0x17FF),), ("Noto Sans Khmer",)),
    Script("Mongolian", ((0x1800, 0x18AF),), ("Noto Sans Mongolian",)),
    Script("Tifinagh", ((0x2D30, 0x2D7F),), ("Noto Sans Tifinagh", "DejaVu Sans"), complex=False),
    Script(
        "Japanese",
        ((0x3040, 0x30FF),),
        ("Noto Sans CJK JP", "Noto Sans JP"),
        complex=False,
    ),
    Script(
        "Han",
        ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2FA1F)),
        ("Noto Sans CJK SC", "Noto Sans SC", "Noto Sans CJK JP", "Noto Sans CJK TC"),
        complex=False,
    ),
    Script("Yi", ((0xA000, 0xA4CF),), ("Noto Sans Yi",), complex=False),
    Script(
        "Hangul",
        ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7AF)),
        ("Noto Sans CJK KR", "Noto Sans KR"),
        complex=False,
    ),
    Script(
        "Hanifi Rohingya", ((0x10D00, 0x10D3F),), ("Noto Sans Hanifi Rohingya",), right_to_left=True
    ),
    Script("Adlam", ((0x1E900, 0x1E95F),), ("Noto Sans Adlam",), right_to_left=True),
    Script("Chakma", ((0x11100, 0x1114F),), ("Noto Sans Chakma",)),
)
LATIN = SCRIPTS[0]
OTHER = Script("other signs", (), ())
"""Letters of a script for which no font is declared."""

BY_NAME = {script.name: script for script in (*SCRIPTS, OTHER)}
_STARTS = sorted((start, stop, script.name) for script in SCRIPTS for start, stop in script.ranges)
_FIRSTS = [start for start, _, _ in _STARTS]


def script_of(sign: str) -> Script | None:
    """The script of a letter; None for signs that belong to none, such as digits.

    >>> script_of("ব").name, script_of("?")
    ('Bengali', None)
    """
    place = bisect_right(_FIRSTS, ord(sign)) - 1
    if place >= 0:
        _, stop, name = _STARTS[place]
        if ord(sign) <= stop and (name != "Latin" or unicodedata.category(sign)[0] == "L"):
            return BY_NAME[name]
    return OTHER if unicodedata.category(sign)[0] == "L" else None


def scripts_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Names of the scripts of some texts, the most frequent first."""
    counted: Counter[str] = Counter()
    for sign, times in Counter(sign for text in texts for sign in text).items():
        script = script_of(sign)
        if script is not None:
            counted[script.name] += times
    return tuple(name for name, _ in counted.most_common())


def fonts_for(scripts: Iterable[str]) -> tuple[str, ...]:
    """The fonts to draw with, in order: that of Latin first, then of each script."""
    wanted = [LATIN, *(BY_NAME[name] for name in scripts)]
    return tuple(dict.fromkeys(font for script in wanted for font in script.fonts[:1]))


def undrawable(scripts: Iterable[str], installed: frozenset[str]) -> tuple[str, ...]:
    """The scripts for which none of the declared fonts is installed."""
    return tuple(
        name
        for name in scripts
        if name == OTHER.name or not installed.intersection(BY_NAME[name].fonts)
    )
