"""A sheet: what a paper questionnaire says, before anybody decides how it looks.

Rows in the order of the interview. Each holds words in one language, with its number,
instructions and answer box; Word and PDF are drawn from the same value, so they cannot
differ in what they ask.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from survey_kit.questionnaire.direction import right_to_left


@dataclass(frozen=True)
class Run:
    """Words in one style. A line break is a ``\\n`` in the text."""

    text: str
    bold: bool = False
    italic: bool = False


Words: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True)
class Tick:
    """A choice with its box: label, code, its number in the list, and where to go on."""

    label: Words
    code: str
    number: int
    arrow: str = ""


@dataclass(frozen=True)
class TickGroup:
    """Choices that stand together: those of one country, or those not to be read aloud.

    `in_line` where they stand behind their heading, on one line; `apart` where they are
    not read aloud.
    """

    ticks: tuple[Tick, ...]
    heading: str = ""
    in_line: bool = False
    apart: bool = False


@dataclass(frozen=True)
class Ticks:
    """Choices to tick: one (round boxes), several (square ones), or in order (a box for a number)."""

    groups: tuple[TickGroup, ...]
    kind: str
    columns: int = 1
    instruction: str = ""

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """All of them, in order."""
        return tuple(tick for group in self.groups for tick in group.ticks)


@dataclass(frozen=True)
class Signs:
    """A box for each digit or letter: groups of boxes with what stands below and between."""

    groups: tuple[tuple[int, str], ...]
    between: str = ""


@dataclass(frozen=True)
class Lines:
    """Lines to write on, with what stands before the first."""

    number: int = 1
    before: str = ""


@dataclass(frozen=True)
class Fields:
    """Named lines: latitude, longitude, altitude, accuracy."""

    names: tuple[str, ...]
    before: str = ""


@dataclass(frozen=True)
class Scale:
    """Values in a row, of which one is circled."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class FromList:
    """The number of a choice in a list at the end of the sheet."""

    list: str
    digits: int
    several: bool
    instruction: str


@dataclass(frozen=True)
class NoBox:
    """Nothing to fill in."""


Box: TypeAlias = Ticks | Signs | Lines | Fields | Scale | FromList | NoBox


@dataclass(frozen=True)
class Heading:
    """The title of a section or of a part of it."""

    text: Words
    level: int = 1


@dataclass(frozen=True)
class Bar:
    """An instruction across the page: who is asked what follows."""

    text: str


@dataclass(frozen=True)
class Note:
    """Something that is read aloud or shown, and not answered."""

    text: Words
    hint: Words = ()
    number: str = ""


@dataclass(frozen=True)
class Ask:
    """One question. `below` where its answers take the width of the page."""

    number: str
    name: str
    text: Words
    box: Box
    hint: Words = ()
    rules: tuple[str, ...] = ()
    below: bool = False


@dataclass(frozen=True)
class Matrix:
    """Questions with the same answers: a row for each, a column for each answer."""

    columns: tuple[Tick, ...]
    asks: tuple[Ask, ...]
    instruction: str


@dataclass(frozen=True)
class Roster:
    """Questions asked of several things: a row for each question, a column for each thing."""

    title: Words
    entries: tuple[str, ...]
    rows: tuple[Bar | Note | Ask | Heading, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Declaration:
    """What the enumerator signs with initials, below the consent."""

    text: str
    initials: str


Row: TypeAlias = Heading | Bar | Note | Ask | Matrix | Roster | Declaration


@dataclass(frozen=True)
class Annex:
    """A long list, printed once at the end: number, label and code of each choice."""

    title: str
    groups: tuple[TickGroup, ...]
    columns: int


@dataclass(frozen=True)
class Sheet:
    """The whole paper questionnaire in one language.

    `consent` is everything up to the consent, on a page of its own; empty where the form
    asks for none. `marks` stand on every page: drafts, notices. `instructions` is the language
    of the toolkit's own words, which are those of every plain text here.
    """

    title: Words
    name: str
    version: str
    language: str
    right_to_left: bool
    marks: tuple[str, ...]
    header: tuple[str, ...]
    how_to: str
    consent: tuple[Row, ...]
    rows: tuple[Row, ...]
    annexes: tuple[Annex, ...]
    end: str
    page: str
    identity: str
    scripts: tuple[str, ...] = field(default=())
    instructions: str = "en"

    @property
    def turned(self) -> bool:
        """Whether the toolkit's words run against the page: English on one in Rohingya."""
        return self.right_to_left and not right_to_left(self.instructions)


def text_of(words: Words) -> str:
    """The words without their style."""
    return "".join(run.text for run in words)
