"""Where each question, group and repeat of a questionnaire stands, by path and by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from survey_kit.questionnaire.model import (
    Expression,
    Group,
    Item,
    Node,
    Question,
    Questionnaire,
    Repeat,
)

Path: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """What a reference points at: a question, a repeat, a column of the frame, or a group."""

    item: Item | None = None
    repeat: str | None = None
    column: str | None = None
    path: Path = ()


@dataclass(frozen=True)
class Enclosure:
    """A group or repeat, where it stands, the repeats it stands in (itself among them)."""

    node: Group | Repeat
    path: Path
    repeats: Path

    @property
    def relevant(self) -> Expression | None:
        """When it is shown."""
        return self.node.relevant


@dataclass(frozen=True)
class Places:
    """The places of a questionnaire. `columns` are those of a frame beyond its questions."""

    questionnaire: Questionnaire
    columns: tuple[str, ...] = ()

    @cached_property
    def enclosures(self) -> Mapping[Path, Enclosure]:
        """Path -> the group or repeat there, outer ones first."""
        return {each.path: each for each in _enclosures(self.questionnaire.nodes, (), ())}

    @cached_property
    def items(self) -> Mapping[Path, Item]:
        """Path, with its own name last -> question."""
        return {(*item.path, item.question.name): item for item in self.questionnaire.items}

    @cached_property
    def _by_name(self) -> Mapping[str, list[Path]]:
        found: dict[str, list[Path]] = {}
        for path in (*self.items, *self.enclosures):
            found.setdefault(path[-1], []).append(path)
        return found

    def path_of_repeat(self, name: str) -> Path:
        """Where a repeat stands."""
        found = (
            path
            for path, enclosure in self.enclosures.items()
            if isinstance(enclosure.node, Repeat) and enclosure.node.name == name
        )
        return next(found, ())

    def at(self, path: Path) -> Target | None:
        """What stands at a path; the form itself at the empty one."""
        if not path:
            return Target()
        if path in self.items:
            return Target(item=self.items[path])
        enclosure = self.enclosures.get(path)
        if enclosure is None:
            return None
        repeat = enclosure.node.name if isinstance(enclosure.node, Repeat) else None
        return Target(repeat=repeat, path=path)

    def is_repeat(self, path: Path) -> bool:
        """Whether a repeat stands at a path."""
        enclosure = self.enclosures.get(path)
        return enclosure is not None and isinstance(enclosure.node, Repeat)

    def path_named(self, name: str, here: Path) -> Path | None:
        """Where ``${name}`` stands, the nearest where several have the name."""
        item = self.questionnaire.by_key.get(name)
        if item is not None:
            return (*item.path, item.question.name)
        paths = self._by_name.get(name, [])
        return max(paths, key=lambda path: _shared(path, here)) if paths else None

    def named(self, name: str, here: Path) -> Target | None:
        """What ``${name}`` means, the nearest where several have the name."""
        item = self.questionnaire.by_key.get(name)
        if item is not None:
            return Target(item=item)
        paths = self._by_name.get(name, [])
        if paths:
            return self.at(max(paths, key=lambda path: _shared(path, here)))
        return Target(column=name) if name in self.columns else None


def _shared(one: Path, other: Path) -> int:
    pairs = zip(one, other, strict=False)
    return next(
        (number for number, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other))
    )


def _enclosures(nodes: tuple[Node, ...], path: Path, repeats: Path) -> Iterator[Enclosure]:
    for node in nodes:
        if isinstance(node, Question):
            continue
        here = (*path, node.name)
        inside = (*repeats, node.name) if isinstance(node, Repeat) else repeats
        yield Enclosure(node, here, inside)
        yield from _enclosures(node.nodes, here, inside)
