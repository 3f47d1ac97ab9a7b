"""A code frame: which codes the answers to an open question may get, and how that changed.

A frame keeps every code it ever had. A code that was given up says in which version, and
what takes its place: one code (it was merged, or renamed) or several (it was split, and
each answer that had it is to be looked at again). So what was coded with an older version
can be carried into the new one, and what cannot is named.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from survey_kit.questionnaire.model import Missing


def plain_words(text: str) -> str:
    """A text without case, marks that are not seen, doubled blanks, and quotes or stops around it.

    >>> plain_words("  “Cost  of going”. ") == plain_words("cost of going")
    True
    """
    letters = unicodedata.normalize("NFKC", text)
    seen = "".join(each for each in letters if unicodedata.category(each) != "Cf")
    return " ".join(seen.casefold().split()).strip(" .,;:!?\"'“”‘’«»·")


@dataclass(frozen=True)
class Code:
    """One code.

    label
        By language.
    parent
        The code above it in the hierarchy; "" for one at the top.
    definition, include, exclude, example
        For the coder. An example is made up, never somebody's answer.
    missing
        What the code means where it is no answer: "prefers not to say", "does not know".
    since, until
        The first version of the frame that has it, and the first that does not; None: still.
    replaced_by
        What took its place.
    """

    code: str
    label: Mapping[str, str]
    parent: str = ""
    definition: str = ""
    include: str = ""
    exclude: str = ""
    example: str = ""
    missing: Missing | None = None
    since: int = 1
    until: int | None = None
    replaced_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Carried:
    """Codes of an older version in words of the newest.

    codes
        In the order of the frame.
    again
        Codes that were split, or given up with nothing in their place: somebody has to look.
    """

    codes: tuple[str, ...]
    again: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeFrame:
    """The codes of one open question, in the order of their file."""

    name: str
    codes: tuple[Code, ...]
    languages: tuple[str, ...] = ("default",)

    @cached_property
    def by_code(self) -> Mapping[str, Code]:
        """Every code there ever was."""
        return MappingProxyType({each.code: each for each in self.codes})

    @cached_property
    def known_as(self) -> Mapping[str, tuple[str, ...]]:
        """A code or a label in any language, as `plain_words` has it -> the codes that it may mean."""
        found: dict[str, dict[str, None]] = {}
        for each in self.codes:
            for words in (each.code, *each.label.values()):
                found.setdefault(plain_words(words), {})[each.code] = None
        return MappingProxyType({words: tuple(codes) for words, codes in found.items()})

    @cached_property
    def numbered(self) -> Mapping[int, tuple[str, ...]]:
        """A number -> the codes that are that number: 1 and 01."""
        found: dict[int, tuple[str, ...]] = {}
        for each in self.codes:
            if each.code.isascii() and each.code.isdigit():
                number = int(each.code)
                found[number] = (*found.get(number, ()), each.code)
        return MappingProxyType(found)

    @cached_property
    def version(self) -> int:
        """The newest version that anything in the frame speaks of."""
        return max([1, *(each.until or each.since for each in self.codes)])

    @cached_property
    def current(self) -> tuple[Code, ...]:
        """The codes of the newest version."""
        return tuple(each for each in self.codes if each.until is None)

    def path(self, code: str) -> tuple[str, ...]:
        """The codes above a code, from the top, and the code itself."""
        found = [code]
        while parent := self.by_code[found[0]].parent:
            found.insert(0, parent)
        return tuple(found)

    def label(self, code: str, language: str | None = None) -> str:
        """The label of a code, in the first language that has one where `language` does not."""
        label = self.by_code[code].label
        return label.get(language or "") or next(iter(label.values()), code)

    def in_order(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Codes once each, in the order of the frame."""
        wanted = set(codes)
        return tuple(each.code for each in self.codes if each.code in wanted)

    def carried(self, codes: Iterable[str]) -> Carried:
        """Codes of any version in the newest: merges are followed, splits are named.

        >>> from survey_kit.cleaning.coding.frame import Code, CodeFrame
        >>> old = Code("fees", {"en": "Fees"}, until=2, replaced_by=("cost",))
        >>> frame = CodeFrame("f", (Code("cost", {"en": "Cost"}), old))
        >>> frame.carried(["fees"]).codes
        ('cost',)
        """
        kept: set[str] = set()
        again: list[str] = []
        for first in codes:
            code = self.by_code[first]
            while code.until is not None and len(code.replaced_by) == 1:
                code = self.by_code[code.replaced_by[0]]
            if code.until is None:
                kept.add(code.code)
            else:
                again.append(first)
        return Carried(self.in_order(kept), tuple(again))
