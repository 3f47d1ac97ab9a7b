"""Regular expressions of forms, matched without the danger of matching for ever.

A pattern such as ``(a+)+b`` makes a backtracking matcher try 2^n ways; a form may bring any
pattern, and answers come from anywhere. So a pattern becomes an automaton (Thompson 1968)
whose states are worked out as they are met: a text of n letters takes n steps. A pattern that
looks around is matched by sets of places instead (`pattern_places.py`), which try no way twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from survey_kit.errors import CannotEvaluate
from survey_kit.responses.logic.letters import Letters
from survey_kit.responses.logic.pattern_places import matches_by_places
from survey_kit.responses.logic.pattern_tree import (
    Again,
    Edge,
    Either,
    Look,
    One,
    Part,
    Row,
    looks_around,
    read,
)

_MOST_REMEMBERED = 50_000

Step: TypeAlias = "str | Letters | None"
"""An edge, the letters that lead on, or None for a step that needs no letter."""
Fragment: TypeAlias = tuple[int, int]
"""The first and the last state of a part of the automaton."""


@dataclass
class _Automaton:
    """States by number; `steps[s]` leads on from s."""

    steps: list[list[tuple[Step, int]]] = field(default_factory=list[list[tuple[Step, int]]])

    def build(self, part: Part) -> Fragment:
        """The states of a part."""
        match part:
            case One(letters):
                return self._step(letters)
            case Edge(kind):
                return self._step(kind)
            case Row(parts):
                first = last = self._state()
                for each in parts:
                    begin, end = self.build(each)
                    self._link(last, None, begin)
                    last = end
                return first, last
            case Either(parts):
                first, last = self._state(), self._state()
                for each in parts:
                    begin, end = self.build(each)
                    self._link(first, None, begin)
                    self._link(end, None, last)
                return first, last
            case Again():
                return self._again(part)
            case Look():
                raise AssertionError("what looks around is matched by places")

    def _again(self, again: Again) -> Fragment:
        first = last = self._state()
        if again.most == 0:
            return first, last
        begin = end = first
        for number in range(max(1, again.fewest, again.most or 0)):
            begin, end = self.build(again.part)
            joint = self._state()
            self._link(last, None, begin)
            self._link(end, None, joint)
            if number >= again.fewest:
                self._link(last, None, joint)
            last = joint
        if again.most is None:
            self._link(end, None, begin)
        return first, last

    def _state(self) -> int:
        self.steps.append([])
        return len(self.steps) - 1

    def _link(self, start: int, step: Step, end: int) -> None:
        self.steps[start].append((step, end))

    def _step(self, step: Step) -> Fragment:
        first, last = self._state(), self._state()
        self._link(first, step, last)
        return first, last

    def closure(self, states: frozenset[int], edges: frozenset[str]) -> frozenset[int]:
        """All states reached without a letter, where these edges are."""
        found, waiting = set(states), list(states)
        while waiting:
            for step, end in self.steps[waiting.pop()]:
                open_now = step is None or (isinstance(step, str) and step in edges)
                if open_now and end not in found:
                    found.add(end)
                    waiting.append(end)
        return frozenset(found)

    def after(self, states: frozenset[int], letter: str) -> frozenset[int]:
        reached = {
            end
            for state in states
            for step, end in self.steps[state]
            if isinstance(step, Letters) and letter in step
        }
        return self.closure(frozenset(reached), _NOWHERE)


_NOWHERE: frozenset[str] = frozenset()
_START, _END = frozenset({"start"}), frozenset({"end", "last line"})


@lru_cache(maxsize=256)
def matcher(pattern: str) -> Callable[[str], bool]:
    r"""Whether the whole of a text matches, as ``regex(., pattern)`` asks.

    Raises
    ------
    CannotEvaluate
        If the pattern cannot be matched in a time that grows with the length of the text.

    >>> matcher("[A-Z]{2}[0-9]+")("IQ17"), matcher("(a+)+b")("a" * 5_000)
    (True, False)
    >>> matcher(r"(?!0)\d+")("12"), matcher(r"(?!0)\d+")("012")
    (True, False)
    """
    try:
        tree = read(pattern)
    except ValueError as fault:
        raise CannotEvaluate(
            f"the pattern '{pattern}'",
            f"{fault}, so it cannot be matched here",
            "Write it with letters, sets, brackets, |, *, +, ? and {m,n} only",
        ) from fault
    if looks_around(tree):
        return lambda text: matches_by_places(tree, text, pattern)
    automaton = _Automaton()
    first, last = automaton.build(tree)
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
        return last in automaton.closure(states, _END if text else _START | _END)

    return matches
