"""What stands in a YAML file, before it means anything: texts and their lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from survey_kit.questionnaire.model import Place


@dataclass(frozen=True)
class Scalar:
    """A text; empty where nothing was written."""

    text: str
    place: Place


@dataclass(frozen=True)
class Listing:
    """Things one after the other."""

    elements: tuple[Tree, ...]
    place: Place


@dataclass(frozen=True)
class Entry:
    """A key of a mapping and what belongs to it."""

    key: str
    value: Tree
    place: Place


@dataclass(frozen=True)
class Mapped:
    """Keys and what belongs to them, in order; a key may stand there twice."""

    entries: tuple[Entry, ...]
    place: Place


Tree: TypeAlias = Scalar | Listing | Mapped
