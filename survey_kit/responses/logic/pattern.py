"""Regular expressions of forms, matched without the danger of matching for ever.

A pattern such as ``(a+)+b`` makes a backtracking matcher try 2^n ways; a form may bring any
pattern, and answers come from anywhere. So a pattern becomes an automaton (Thompson 1968)
whose states are worked out as they are met: a text of n letters takes n steps.

What no automaton can do (looking ahead or behind, referring back to a bracket) and what is
rare in forms (word boundaries, possessive quantifiers, sets within sets) is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from survey_kit.errors import CannotEvaluate
from survey_kit.responses.logic.letters import ANY_BUT_LINE_END, CLASSES, Letters, category

MOST_STATES = 20_000
"""A pattern that needs more, such as ``(x{1000}){1000}``, is refused."""
_MOST_REMEMBERED = 50_000

_START, _END = "^", "$"
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b", "0": "\0"}

Edge: TypeAlias = "str | Letters | None"
"""An anchor, the letters that lead on, or None for a step that needs no letter."""


@dataclass
class _Automaton:
    """States by number; `edges[s]` leads on from s."""

    edges: list[list[tuple[Edge, int]]] = field(default_factory=list[list[tuple[Edge, int]]])

    def state(self) -> int:
        if len(self.edges) >= MOST_STATES:
            raise ValueError("it is too large")
        self.edges.append([])
        return len(self.edges) - 1

    def link(self, start: int, edge: Edge, end: int) -> None:
        self.edges[start].append((edge, end))

    def closure(self, states: frozenset[int], anchors: str) -> frozenset[int]:
        """All states reached without a letter, where these anchors hold."""
        found, waiting = set(states), list(states)
        while waiting:
            for edge, end in self.edges[waiting.pop()]:
                open_now = edge is None or (isinstance(edge, str) and edge in anchors)
                if open_now and end not in found:
                    found.add(end)
                    waiting.append(end)
        return frozenset(found)

    def after(self, states: frozenset[int], letter: str) -> frozenset[int]:
        reached = {
            end
            for state in states
            for edge, end in self.edges[state]
            if isinstance(edge, Letters) and letter in edge
        }
        return self.closure(frozenset(reached), "")


Fragment: TypeAlias = tuple[int, int]
"""The first and the last state of a part of the automaton."""


class _Reader:
    """Reads a pattern as Java's java.util.regex.Pattern does, where it is regular."""

    def __init__(self, pattern: str) -> None:
        self.automaton = _Automaton()
        self._pattern = pattern
        self._at = 0
        self._depth = 0

    def read(self) -> Fragment:
        whole = self._alternatives()
        if self._at < len(self._pattern):
            raise ValueError("it closes a bracket that it never opened")
        return whole

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _next(self) -> str:
        if self._at >= len(self._pattern):
            raise ValueError("it ends too early")
        self._at += 1
        return self._pattern[self._at - 1]

    def _took(self, text: str) -> bool:
        if self._pattern.startswith(text, self._at):
            self._at += len(text)
            return True
        return False

    def _alternatives(self) -> Fragment:
        self._depth += 1
        if self._depth > 100:  # noqa: PLR2004 - deeper than any hand writes
            raise ValueError("it is too deeply nested")
        first, last = self._sequence()
        while self._took("|"):
            other_first, other_last = self._sequence()
            split, end = self.automaton.state(), self.automaton.state()
            self.automaton.link(split, None, first)
            self.automaton.link(split, None, other_first)
            self.automaton.link(last, None, end)
            self.automaton.link(other_last, None, end)
            first, last = split, end
        self._depth -= 1
        return first, last

    def _sequence(self) -> Fragment:
        first = last = self.automaton.state()
        while self._peek() and self._peek() not in "|)":
            begin = self._at
            next_first, next_last = self._repeated(begin)
            self.automaton.link(last, None, next_first)
            last = next_last
        return first, last

    def _repeated(self, begin: int) -> Fragment:
        """One part with its quantifier; it is read again for each further copy it needs."""
        part = self._part()
        limits = self._quantifier()
        if limits is None:
            return part
        end_of_quantifier = self._at
        fewest, most = limits
        first = last = self.automaton.state()
        for number in range(max(1, fewest, most or 0)):
            if number:
                self._at = begin
                part = self._part()
            if most == 0:
                break
            joint = self.automaton.state()
            self.automaton.link(last, None, part[0])
            self.automaton.link(part[1], None, joint)
            if number >= fewest:
                self.automaton.link(last, None, joint)
            last = joint
        if most is None:
            self.automaton.link(part[1], None, part[0])
        self._at = end_of_quantifier
        if self._quantifier() is not None:
            raise ValueError("it repeats a repetition")
        return first, last

    def _quantifier(self) -> tuple[int, int | None] | None:
        limits: tuple[int, int | None] | None = None
        if self._took("*"):
            limits = (0, None)
        elif self._took("+"):
            limits = (1, None)
        elif self._took("?"):
            limits = (0, 1)
        elif self._took("{"):
            text = ""
            while (letter := self._next()) != "}":
                text += letter
            fewest, comma, most = text.partition(",")
            if not fewest.isdecimal() or (most and not most.isdecimal()):
                raise ValueError(f"{{{text}}} is no number of times")
            limits = (int(fewest), int(most) if most else None if comma else int(fewest))
            if max(limits[0], limits[1] or 0) > MOST_STATES:
                raise ValueError("it is too large")
        if limits is not None and not self._took("?") and self._peek() == "+":
            raise ValueError("it holds a possessive quantifier")
        return limits

    def _part(self) -> Fragment:
        letter = self._next()
        if letter == "(":
            return self._bracket()
        if letter in (_START, _END):
            return self._edge(letter)
        if letter == "[":
            return self._edge(self._set())
        if letter == ".":
            return self._edge(ANY_BUT_LINE_END)
        if letter in "*+?{":
            raise ValueError(f"there is nothing for {letter} to repeat")
        return self._edge(self._escape() if letter == "\\" else Letters.of(letter))

    def _edge(self, edge: Edge) -> Fragment:
        first, last = self.automaton.state(), self.automaton.state()
        self.automaton.link(first, edge, last)
        return first, last

    def _bracket(self) -> Fragment:
        if self._took("?") and not self._took(":"):
            named = self._took("<") and self._peek() not in ("=", "!")
            if not named:
                raise ValueError("it looks ahead or behind, or sets a flag")
            while self._next() != ">":
                continue
        inner = self._alternatives()
        if not self._took(")"):
            raise ValueError("it opens a bracket that it never closes")
        return inner

    def _set(self) -> Letters:
        outside = self._took("^")
        found = Letters()
        while (letter := self._next()) != "]":
            if letter == "[" or (letter == "&" and self._peek() == "&"):
                raise ValueError("it holds a set within a set")
            low = self._escape() if letter == "\\" else Letters.of(letter)
            if self._peek() == "-" and self._pattern[self._at + 1 : self._at + 2] not in ("]", ""):
                self._at += 1
                upper = self._next()
                high = self._escape() if upper == "\\" else Letters.of(upper)
                low = Letters.between(low, high)
            found = found.joined(low)
        return found.inverse() if outside else found

    def _escape(self) -> Letters:
        letter = self._next()
        if letter in CLASSES:
            return CLASSES[letter]
        if letter in "pP":
            name = self._next()
            if name == "{":
                name = ""
                while (part := self._next()) != "}":
                    name += part
            found = category(name)
            return found.inverse() if letter == "P" else found
        if letter in "ux":
            length = 4 if letter == "u" else 2
            digits = "".join(self._next() for _ in range(length))
            return Letters.of(chr(int(digits, 16)))
        if letter in _CONTROLS:
            return Letters.of(_CONTROLS[letter])
        if letter.isalnum():
            raise ValueError(f"\\{letter} is not known here")
        return Letters.of(letter)


@lru_cache(maxsize=256)
def matcher(pattern: str) -> Callable[[str], bool]:
    r"""Whether the whole of a text matches, as ``regex(., pattern)`` asks.

    Raises
    ------
    CannotEvaluate
        If the pattern cannot be matched in a time that grows with the length of the text.

    >>> matcher("[A-Z]{2}[0-9]+")("IQ17"), matcher("(a+)+b")("a" * 5_000)
    (True, False)
    """
    reader = _Reader(pattern)
    try:
        first, last = reader.read()
    except ValueError as fault:
        raise CannotEvaluate(
            f"the pattern '{pattern}'",
            f"{fault}, so it cannot be matched here",
            "Write it with letters, sets, brackets, |, *, +, ? and {m,n} only",
        ) from fault
    automaton = reader.automaton
    begin = automaton.closure(frozenset([first]), _START)
    remembered: dict[tuple[frozenset[int], str], frozenset[int]] = {}

    def matches(text: str) -> bool:
        states = begin
        for letter in text:
            following = remembered.get((states, letter))
            if following is None:
                if len(remembered) > _MOST_REMEMBERED:
                    remembered.clear()
                following = remembered[states, letter] = automaton.after(states, letter)
            states = following
            if not states:
                return False
        return last in automaton.closure(states, _END if text else _START + _END)

    return matches
