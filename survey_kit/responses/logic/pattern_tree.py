"""A regular expression of a form as a tree, read as java.util.regex.Pattern reads it.

What no matcher can promise to answer in bounded time (referring back to a bracket) and what is
rare in forms (possessive quantifiers, atomic brackets) is refused by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from survey_kit.responses.logic.letters import ANY_BUT_LINE_END, CLASSES, Letters, category

MOST_PARTS = 20_000
"""A pattern that needs more, such as ``(x{1000}){1000}``, is refused."""
_DEEPEST = 100
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}
_EDGES = {"b": "word", "B": "no word", "A": "start", "z": "end", "Z": "last line"}
_ANYTHING = Letters().inverse()
_LATIN = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class One:
    """One letter of a set."""

    letters: Letters


@dataclass(frozen=True)
class Edge:
    """A place between letters: start, end, last line, word, no word, line start, line end."""

    kind: str


@dataclass(frozen=True)
class Row:
    """Parts one after the other."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Either:
    """One of several parts."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Again:
    """A part several times; `most` is None where there is no limit."""

    part: Part
    fewest: int
    most: int | None


@dataclass(frozen=True)
class Look:
    """What must (or, unless `wanted`, must not) come next, or have come before."""

    part: Part
    ahead: bool
    wanted: bool


Part: TypeAlias = One | Edge | Row | Either | Again | Look


def read(pattern: str) -> Part:
    """The tree of a pattern.

    Raises
    ------
    ValueError
        If it is no pattern, or one that cannot be matched in bounded time: why.
    """
    return _Reader(pattern).read()


class _Reader:
    """Reads from left to right. `_flags` are those of the bracket that is being read."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._depth = 0
        self._flags: frozenset[str] = frozenset()

    def read(self) -> Part:
        whole, size = self._alternatives()
        if self._at < len(self._pattern):
            raise ValueError("it closes a bracket that it never opened")
        if size > MOST_PARTS:
            raise ValueError("it is too large")
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

    def _alternatives(self) -> tuple[Part, int]:
        """What ``|`` separates, up to the end of the bracket: (part, how large it is)."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError("it is too deeply nested")
        flags = self._flags
        found = [self._sequence()]
        while self._took("|"):
            found.append(self._sequence())
        self._flags = flags
        self._depth -= 1
        if len(found) == 1:
            return found[0]
        return Either(tuple(part for part, _ in found)), sum(size for _, size in found) + 2

    def _sequence(self) -> tuple[Part, int]:
        parts: list[Part] = []
        whole = 1
        while self._peek() and self._peek() not in "|)":
            if self._took(r"\Q"):
                quoted, _, rest = self._pattern[self._at :].partition(r"\E")
                self._at = len(self._pattern) - len(rest)
                parts.extend(One(self._cased(Letters.of(each))) for each in quoted)
                whole += len(quoted)
                continue
            part, size = self._part()
            limits = self._quantifier()
            if limits is not None:
                fewest, most = limits
                size *= max(1, fewest, most or 0)
                part = Again(part, fewest, most)
                if self._peek() in ("*", "+", "?", "{") and self._peek():
                    raise ValueError("it repeats a repetition")
            whole += size
            if whole > MOST_PARTS:
                raise ValueError("it is too large")
            parts.append(part)
        return (parts[0] if len(parts) == 1 else Row(tuple(parts))), whole

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
            if max(limits[0], limits[1] or 0) > MOST_PARTS:
                raise ValueError("it is too large")
        if limits is not None and not self._took("?") and self._peek() == "+":
            raise ValueError("it holds a possessive quantifier")
        return limits

    def _part(self) -> tuple[Part, int]:  # noqa: PLR0911 - one return for each kind of part
        letter = self._next()
        match letter:
            case "(":
                return self._bracket()
            case "^":
                return Edge("line start" if "m" in self._flags else "start"), 2
            case "$":
                return Edge("line end" if "m" in self._flags else "last line"), 2
            case "[":
                return One(self._set()), 2
            case ".":
                return One(_ANYTHING if "s" in self._flags else ANY_BUT_LINE_END), 2
            case "*" | "+" | "?" | "{":
                raise ValueError(f"there is nothing for {letter} to repeat")
            case "\\" if self._peek() in _EDGES and self._peek():
                return Edge(_EDGES[self._next()]), 2
            case "\\" if self._took("R"):
                line = Row((One(Letters.of("\r")), One(Letters.of("\n"))))
                return Either((line, One(_LINE_END))), 4
            case "\\":
                return One(self._escape()), 2
            case _:
                return One(self._cased(Letters.of(letter))), 2

    def _bracket(self) -> tuple[Part, int]:
        outer = self._flags
        look: tuple[bool, bool] | None = None
        if self._took("?"):
            mark = next((each for each in _LOOKS if self._took(each)), None)
            look = _LOOKS[mark] if mark is not None else None
            if mark is None and not self._opened():
                return Row(()), 1
        inner, size = self._alternatives()
        if not self._took(")"):
            raise ValueError("it opens a bracket that it never closes")
        self._flags = outer
        return (Look(inner, *look) if look is not None else inner), size

    def _opened(self) -> bool:
        """What stands behind ``(?``; whether a bracket opens, and not flags for what comes."""
        if self._took(":"):
            return True
        if self._took("<"):
            while self._next() != ">":
                continue
            return True
        if self._took(">"):
            raise ValueError("it holds an atomic bracket")
        on, found = True, set(self._flags)
        while (letter := self._next()) not in ":)":
            if letter == "-":
                on = False
            elif letter in "ism":
                (found.add if on else found.discard)(letter)
            else:
                raise ValueError(f"it sets the flag {letter}")
        self._flags = frozenset(found)
        return letter == ":"

    def _cased(self, letters: Letters) -> Letters:
        """The letters, in both cases where the flag i is set."""
        if "i" not in self._flags:
            return letters
        both = [each for each in _LATIN if each in letters or each.upper() in letters]
        ranges = tuple((each, each) for low in both for each in (low, low.upper()))
        return letters.joined(Letters(ranges))

    def _set(self) -> Letters:
        """A set in square brackets, whose opening has been read."""
        outside = self._took("^")
        found = Letters()
        every: Letters | None = None
        while (letter := self._next()) != "]":
            if letter == "[":
                found = found.joined(self._set())
                continue
            if letter == "&" and self._took("&"):
                every = found if every is None else every.also(found)
                found = Letters()
                continue
            of_many = letter == "\\" and (self._peek() in CLASSES or self._peek() in tuple("pP"))
            low = self._in_set(letter)
            # behind a class such as \w a hyphen is a hyphen: [\w-.] (java.util.regex)
            if (
                not of_many
                and self._peek() == "-"
                and self._pattern[self._at + 1 : self._at + 2]
                not in (
                    "]",
                    "[",
                    "",
                )
            ):
                self._at += 1
                low = Letters.between(low, self._in_set(self._next()))
            found = found.joined(self._cased(low))
        found = found if every is None else every.also(found)
        return found.inverse() if outside else found

    def _in_set(self, letter: str) -> Letters:
        return self._escape() if letter == "\\" else Letters.of(letter)

    def _escape(self) -> Letters:
        letter = self._next()
        if letter in CLASSES:
            return CLASSES[letter]
        if letter in "pP":
            found = self._cased(category(self._name_of_category()))
            return found.inverse() if letter == "P" else found
        if letter in "ux0":
            number = self._octal() if letter == "0" else self._hexadecimal(letter)
            return self._cased(Letters.of(chr(number)))
        if letter in _CONTROLS:
            return Letters.of(_CONTROLS[letter])
        if letter.isdecimal():
            raise ValueError(f"\\{letter} refers back to a bracket")
        if letter.isalpha() and letter.isascii():
            raise ValueError(f"\\{letter} is not known here")
        return self._cased(Letters.of(letter))

    def _name_of_category(self) -> str:
        name = self._next()
        if name == "{":
            name = ""
            while (part := self._next()) != "}":
                name += part
        return name

    def _octal(self) -> int:
        digits = ""
        while len(digits) < 3 and self._peek() in tuple("01234567"):  # noqa: PLR2004 - \0377
            digits += self._next()
        if not digits:
            raise ValueError("\\0 is not followed by a number")
        return int(digits, 8)

    def _hexadecimal(self, kind: str) -> int:
        if kind == "x" and self._took("{"):
            digits = ""
            while (letter := self._next()) != "}":
                digits += letter
        else:
            digits = "".join(self._next() for _ in range(4 if kind == "u" else 2))
        try:
            number = int(digits, 16)
        except ValueError as fault:
            raise ValueError(f"\\{kind}{digits} is no letter") from fault
        if number > 0x10FFFF:  # noqa: PLR2004 - the last letter of Unicode
            raise ValueError(f"\\{kind}{digits} is no letter")
        return number


_LOOKS = {"=": (True, True), "!": (True, False), "<=": (False, True), "<!": (False, False)}
"""What stands behind ``(?``: (looks ahead, what is there is wanted)."""
_LINE_END = Letters((("\n", "\r"), ("\x85", "\x85"), ("\u2028", "\u2029")))


def looks_around(part: Part) -> bool:
    """Whether a pattern asks about letters that it does not take."""
    waiting = [part]
    while waiting:
        match waiting.pop():
            case Look():
                return True
            case Edge(kind) if kind not in ("start", "end", "last line"):
                return True
            case Row(parts) | Either(parts):
                waiting.extend(parts)
            case Again(inner, _, _):
                waiting.append(inner)
            case _:
                pass
    return False
