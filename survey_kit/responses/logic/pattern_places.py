"""Patterns that look around, matched by sets of places.

A part of a pattern leads from places in the text to places further on. Whole sets of places go
through a part at once, as the bits of one integer, so no way is tried twice; what looks ahead
asks from which places a part leads anywhere, going through the text backwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from survey_kit.errors import CannotEvaluate
from survey_kit.responses.logic.letters import Letters
from survey_kit.responses.logic.pattern_tree import (
    Again,
    Edge,
    Either,
    Look,
    One,
    Part,
    Row,
)

MOST_STEPS = 400_000
"""How many sets of places may go through a part before a text counts as too long."""
_LETTERS_A_STEP = 2_000
"""A set of more places than this counts as several."""


def matches_by_places(tree: Part, text: str, pattern: str) -> bool:
    """Whether the whole of a text matches.

    Raises
    ------
    CannotEvaluate
        If the text is too long for the pattern.
    """
    end = 1 << len(text)
    return bool(_Through(text, pattern).ends(tree, 1) & end)


@dataclass
class _Through:
    """One text. A set of places is an integer whose bit i is the place before letter i."""

    text: str
    pattern: str
    _places: dict[Letters, int] = field(default_factory=dict[Letters, int])
    _steps: int = 0

    @property
    def every(self) -> int:
        return (1 << (len(self.text) + 1)) - 1

    def ends(self, part: Part, starts: int) -> int:
        """The places to which a part leads from any of some places."""
        self._count()
        match part:
            case One(letters):
                return (starts & self._before(letters)) << 1
            case Edge(kind):
                return starts & self._edges(kind)
            case Row(parts):
                for each in parts:
                    starts = self.ends(each, starts) if starts else 0
                return starts
            case Either(parts):
                return self._either([self.ends(each, starts) for each in parts])
            case Again():
                return self._again(part, starts, forwards=True)
            case Look():
                return starts & self._looks(part)

    def starts(self, part: Part, ends: int) -> int:
        """The places from which a part leads to any of some places."""
        self._count()
        match part:
            case One(letters):
                return (ends >> 1) & self._before(letters)
            case Edge(kind):
                return ends & self._edges(kind)
            case Row(parts):
                for each in reversed(parts):
                    ends = self.starts(each, ends) if ends else 0
                return ends
            case Either(parts):
                return self._either([self.starts(each, ends) for each in parts])
            case Again():
                return self._again(part, ends, forwards=False)
            case Look():
                return ends & self._looks(part)

    def _count(self) -> None:
        self._steps += 1 + len(self.text) // _LETTERS_A_STEP
        if self._steps > MOST_STEPS:
            raise CannotEvaluate(
                f"the pattern '{self.pattern}'",
                f"matching a text of {len(self.text)} letters takes too long",
                "Write it without looking ahead or behind",
            )

    @staticmethod
    def _either(sets: list[int]) -> int:
        found = 0
        for each in sets:
            found |= each
        return found

    def _again(self, again: Again, places: int, *, forwards: bool) -> int:
        through = self.ends if forwards else self.starts
        for _ in range(again.fewest):
            before, places = places, through(again.part, places)
            if places in (0, before):
                break
        found = fresh = places
        times = None if again.most is None else again.most - again.fewest
        while fresh and (times is None or times > 0):
            fresh = through(again.part, fresh) & ~found
            found |= fresh
            times = None if times is None else times - 1
        return found

    def _looks(self, look: Look) -> int:
        there = (
            self.starts(look.part, self.every) if look.ahead else self.ends(look.part, self.every)
        )
        return there if look.wanted else self.every & ~there

    def _before(self, letters: Letters) -> int:
        """The places before a letter of a set."""
        if letters not in self._places:
            found = 0
            for place, letter in enumerate(self.text):
                if letter in letters:
                    found |= 1 << place
            self._places[letters] = found
        return self._places[letters]

    def _edges(self, kind: str) -> int:
        length = len(self.text)
        match kind:
            case "start":
                return 1
            case "end":
                return 1 << length
            case "last line":
                return 1 << length | (1 << (length - 1) if self.text.endswith("\n") else 0)
            case "line start":
                lines = (1 << (place + 1) for place, each in enumerate(self.text) if each == "\n")
                return (1 | self._either(list(lines))) & ~(1 << length if length else 0)
            case "line end":
                lines = (1 << place for place, each in enumerate(self.text) if each == "\n")
                return 1 << length | self._either(list(lines))
            case _:
                words = self._either(
                    [
                        1 << place
                        for place in range(length + 1)
                        if _in_word(self.text[place - 1 : place])
                        != _in_word(self.text[place : place + 1])
                    ]
                )
                return words if kind == "word" else self.every & ~words


def _in_word(letter: str) -> bool:
    return letter == "_" or letter.isalnum()
