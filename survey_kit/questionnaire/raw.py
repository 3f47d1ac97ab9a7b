"""A definition as its author wrote it: texts and places, nothing understood yet.

Every reader (YAML, XLSForm) fills these in; `build` alone decides what they mean and
what is wrong with them. So a fault is found once, whatever it was written in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from survey_kit.errors import Fault
from survey_kit.questionnaire.model import Place, Texts

Cells = Mapping[str, str]


class Kind(Enum):
    """What a node of the interview is."""

    QUESTION = "question"
    GROUP = "group"
    REPEAT = "repeat"


@dataclass(frozen=True)
class RawNode:
    """A question, or a group or repeat with its nodes.

    `texts` holds what is said in several languages: label, hint, constraint_message,
    required_message. `cells` holds all else that has a meaning, by its YAML key: type,
    relevant, constraint, required, calculation, choice_filter, default, read_only,
    appearance, parameters, privacy, count, loop. `extra` holds what has none.
    """

    kind: Kind
    name: str
    place: Place
    texts: Mapping[str, Texts] = field(default_factory=dict[str, Texts])
    cells: Cells = field(default_factory=dict[str, str])
    media: Mapping[str, Texts] = field(default_factory=dict[str, Texts])
    extra: Cells = field(default_factory=dict[str, str])
    nodes: tuple[RawNode, ...] = ()


@dataclass(frozen=True)
class RawChoice:
    """One choice of a list."""

    code: str
    place: Place
    label: Texts = field(default_factory=dict[str, str])
    missing: str = ""
    media: Mapping[str, Texts] = field(default_factory=dict[str, Texts])
    columns: Cells = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class RawList:
    """A list of choices and where it begins."""

    name: str
    place: Place
    choices: tuple[RawChoice, ...]


@dataclass(frozen=True)
class RawCase:
    """One value of a derived variable."""

    code: str
    label: Texts
    when: str
    place: Place


@dataclass(frozen=True)
class RawDerived:
    """A variable made from answers."""

    name: str
    place: Place
    label: Texts = field(default_factory=dict[str, str])
    base: str = ""
    privacy: str = ""
    cases: tuple[RawCase, ...] = ()


@dataclass(frozen=True)
class RawTest:
    """A test of the form."""

    name: str
    place: Place
    answers: Cells = field(default_factory=dict[str, str])
    asked: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    values: Cells = field(default_factory=dict[str, str])
    refused: tuple[str, ...] = ()
    ends: str = ""


@dataclass(frozen=True)
class RawTranslation:
    """A translation that stands apart from its question, or the status of one that does not.

    `spot` is the stable place of the text (questionnaire/spoken.py); `text` is empty where
    the translation stands beside the question. `source` is the text it was made from.
    """

    language: str
    spot: str
    place: Place
    text: str = ""
    status: str = ""
    source: str = ""
    by: str = ""
    on: str = ""
    comment: str = ""


@dataclass(frozen=True)
class RawQuestionnaire:
    """A whole definition. `faults`, `doubts` and `only_elsewhere` are those its reader found."""

    name: str
    place: Place
    version: str = ""
    title: Texts = field(default_factory=dict[str, str])
    languages: Cells = field(default_factory=dict[str, str])
    nodes: tuple[RawNode, ...] = ()
    lists: tuple[RawList, ...] = ()
    weight_margins: tuple[tuple[str, Place], ...] = ()
    derived: tuple[RawDerived, ...] = ()
    tests: tuple[RawTest, ...] = ()
    settings: Cells = field(default_factory=dict[str, str])
    sheets: Mapping[str, tuple[tuple[str, ...], ...]] = field(
        default_factory=dict[str, tuple[tuple[str, ...], ...]]
    )
    translations: tuple[RawTranslation, ...] = ()
    language_files: Mapping[str, tuple[str, Place]] = field(
        default_factory=dict[str, tuple[str, Place]]
    )
    faults: tuple[Fault, ...] = ()
    doubts: tuple[Fault, ...] = ()
    only_elsewhere: tuple[Fault, ...] = ()
