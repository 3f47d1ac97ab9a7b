"""A form: what a questionnaire becomes for those who ask it, fill it in, or read its answers.

A kind of form is a function from a questionnaire and languages to files in memory, and what
had to be left out with the reason. Nobody writes to a disk here: `build` does, when all
forms are made, so none is left half-written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from survey_kit.collect import collect
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.words import as_file_name


@dataclass(frozen=True)
class MadeFile:
    """A file in memory, and what its reader should know."""

    name: str
    content: bytes
    what: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotMade:
    """A file that could not be made, and why, with what to do."""

    name: str
    why: str


Outcome: TypeAlias = MadeFile | NotMade


@dataclass(frozen=True)
class Form:
    """A kind of form: its name on the command line, its place in the order, and its maker."""

    name: str
    place: int
    what: str
    make: Callable[[Questionnaire, tuple[str, ...]], Iterator[Outcome]]


def forms() -> dict[str, Form]:
    """Every kind of form by its name, in the order in which they are made."""
    found = collect("survey_kit.forms.kinds", Form)
    return dict(sorted(found.items(), key=lambda pair: pair[1].place))


def file_stem(questionnaire: Questionnaire, language: str) -> str:
    """The name of a file in one language: ``name_bn``; without a language, ``name``."""
    if language == "default":
        return as_file_name(questionnaire.name)
    safe = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in language)
    return f"{as_file_name(questionnaire.name)}_{safe}"
