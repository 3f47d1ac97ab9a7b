"""What stands in the type column: a type by one of its many names, and whence its choices.

XLSForm has collected several spellings for most types in its life. They are resolved
here, once, and everything after knows one name. Where phones would notice the difference
between two spellings, the one that was written is kept beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from survey_kit.questionnaire.question_type import (
    QuestionType,
    question_types,
    types_elsewhere,
)
from survey_kit.questionnaire.type_aliases import ALIASES, SAME_TO_PHONES, SELECTS
from survey_kit.questionnaire.words import meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from survey_kit.questionnaire.model import Question

FILE_SUFFIXES = (".csv", ".geojson", ".xml")
"""What the files end in that choices may come from."""
_OR_OTHER = ("or_other", "or other", "or specify other", "specify_other")
_REPEAT = re.compile(r"\$\{([^{}]+)\}")


@dataclass(frozen=True)
class TypeName:
    """A type of question, and where its choices come from.

    `choices` is a list of the form, `file` a file beside it, `external_list` a list of the
    sheet external_choices, `choices_from` a question in a repeat. `spelling` is the text as
    it was written, unless writing it the usual way makes the same form.
    """

    type: QuestionType
    choices: str | None = None
    file: str | None = None
    external_list: str | None = None
    choices_from: str | None = None
    or_other: bool = False
    spelling: str | None = None

    @property
    def text(self) -> str:
        """What is written in the type column."""
        return self.spelling or self.usual

    @property
    def usual(self) -> str:
        """The usual spelling.

        >>> type_named("select one yes_no or other").usual
        'select_one yes_no or_other'
        """
        name = self.type.name
        if self.file is not None:
            return f"{name}_from_file {self.file}"
        if self.external_list is not None:
            return f"select_one_external {self.external_list}"
        source = f"${{{self.choices_from}}}" if self.choices_from else self.choices or ""
        return " ".join(
            each for each in (name, source, "or_other" if self.or_other else "") if each
        )


@dataclass(frozen=True)
class NoSuchType:
    """Why a text names no type, and what to write instead."""

    what: str
    remedy: str


def type_text(question: Question) -> str:
    """What is written in the type column of a question."""
    return TypeName(
        question.type,
        question.choices,
        question.file,
        question.external_list,
        question.choices_from,
        question.or_other,
        question.spelling,
    ).text


@cache
def type_named(text: str) -> TypeName | NoSuchType:
    """The type that a text such as ``select one yes_no`` names.

    >>> type_named("select one yes_no").choices
    'yes_no'
    >>> type_named("interger").remedy
    "Did you mean 'integer'?"
    """
    known = question_types()
    words = text.split()
    if not words:
        return NoSuchType("it has no type", "Say what is asked, for instance integer or text")
    foreign = _elsewhere(words)
    if foreign is not None:
        return _spelt(TypeName(foreign), text)
    for spelt, rest in _splits(words):
        name = _canonical(spelt, known)
        if name is None:
            continue
        found = _with_rest(name, known, rest)
        return found if isinstance(found, NoSuchType) else _spelt(found, text)
    return NoSuchType(
        f"there is no type called '{words[0]}'",
        meant(words[0], (*known, *ALIASES), otherwise=f"The types are {', '.join(known)}"),
    )


def _elsewhere(words: list[str]) -> QuestionType | None:
    """The type of another platform that the words name."""
    whole = " ".join(words).casefold()
    for name, kind in types_elsewhere().items():
        spoken = name.replace("_", " ")
        if whole in (name, spoken) or (kind.followed and words[0].casefold() == name):
            return kind
    return None


def _splits(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    """What may be the name of the type, longest first, and what follows it."""
    for length in range(len(words), 0, -1):
        yield " ".join(words[:length]), words[length:]


def _canonical(spelt: str, known: Mapping[str, QuestionType]) -> str | None:
    if spelt in ALIASES:
        return ALIASES[spelt]
    folded = spelt.casefold()
    spaced = folded.replace("_", " ")
    if spaced in ALIASES:
        return ALIASES[spaced]
    for name in known:
        if name.casefold() in (folded, spaced.replace(" ", "_")):
            return name
    return None


def _with_rest(
    name: str, known: Mapping[str, QuestionType], rest: list[str]
) -> TypeName | NoSuchType:
    select = SELECTS.get(name)
    if select is not None:
        return _select(name, known[select], rest)
    kind = known[name]
    if rest and name != "osm":
        return NoSuchType(
            f"the type '{name}' takes no list, but '{' '.join(rest)}' follows it",
            "Remove what follows the type",
        )
    return TypeName(kind)


def _select(name: str, kind: QuestionType, rest: list[str]) -> TypeName | NoSuchType:
    other = " ".join(rest[1:]).casefold() in _OR_OTHER
    if not rest:
        return NoSuchType(
            f"the type '{name}' needs the name of a list",
            f"Write it after the type, for instance: {name} yes_no",
        )
    if len(rest) > 1 and not other:
        return NoSuchType(
            f"the name of a list has no spaces, but '{' '.join(rest)}' follows the type",
            "Write the name of one list",
        )
    if name.endswith("_from_file") and not rest[0].endswith(FILE_SUFFIXES):
        return NoSuchType(
            f"the type '{name}' needs a file, but '{rest[0]}' follows it",
            f"Name a file that ends in {', '.join(FILE_SUFFIXES)}",
        )
    return replace(_whence(name, kind, rest[0]), or_other=other)


def _whence(name: str, kind: QuestionType, source: str) -> TypeName:
    if name.endswith("_from_file"):
        return TypeName(kind, file=source)
    if name == "select_one_external":
        return TypeName(kind, external_list=source)
    repeat = _REPEAT.fullmatch(source)
    if repeat is not None:
        return TypeName(kind, choices_from=repeat[1])
    return TypeName(kind, choices=source)


def _spelt(found: TypeName, text: str) -> TypeName:
    """With the spelling, unless the usual one means the same to every phone."""
    if found.usual == text:
        return found
    for written, usual in SAME_TO_PHONES.items():
        if text == written or text.startswith(f"{written} "):
            same = f"{usual}{text[len(written) :]}"
            return found if same == found.usual else replace(found, spelling=text)
    return replace(found, spelling=text)
