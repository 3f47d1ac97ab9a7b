"""Interviews in the hands of JavaRosa, and what it made of them in the shape that ours has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from survey_kit.questionnaire.in_row import InRow
from survey_kit.questionnaire.question_type import Storage
from survey_kit.rehearsal.seen import CONSTRAINT, JAVAROSA, NOT_OFFERED, UNREADABLE, Seen

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from survey_kit.forms.javarosa import JavaForm, JavaRosa, Node
    from survey_kit.questionnaire.model import Item, Questionnaire
    from survey_kit.rehearsal.told import Answers

META = "meta"
"""The group into which a form puts what it says of itself, an audit among it."""
_STEP = re.compile(r"/([^/\[]+)(?:\[(\d+)\])?")
_CLOCK = re.compile(r"\b(today|now)\(")


def folders_of(definition: Path) -> tuple[Path, ...]:
    """Where the files of a form lie: beside it, in media, and in <definition>-media."""
    folder = definition.parent
    return tuple(
        each
        for each in (folder, folder / "media", folder / f"{definition.stem}-media")
        if each.is_dir()
    )


@dataclass(frozen=True)
class Paths:
    """How questions of a definition and paths of its XForm belong together."""

    questionnaire: Questionnaire
    root: str

    @cached_property
    def _items(self) -> Mapping[tuple[str, ...], Item]:
        return {(*item.path, item.question.name): item for item in self.questionnaire.items}

    def path(self, place: InRow) -> str:
        """/data/roster[2]/age of a question in a row."""
        item = self.questionnaire.by_key[place.key]
        rows = iter(place.rows)
        steps: list[str] = []
        around = list(item.repeats)
        for step in item.path:
            if around and step == around[0]:
                around.pop(0)
                steps.append(f"{step}[{next(rows)}]")
            else:
                steps.append(step)
        return "/".join(("", self.root, *steps, item.question.name))

    def place(self, path: str) -> tuple[Item | None, tuple[int, ...]]:
        """The question at a path, None where it is none of the definition, and its rows."""
        steps = _STEP.findall(path)[1:]
        names = tuple(name for name, _ in steps)
        item = self._items.get(names[1:] if names[:1] == (META,) else names)
        return item, tuple(int(row) for _, row in steps if row)


@dataclass(frozen=True)
class Loaded:
    """A questionnaire in a Java process, loaded once for each moment where the form looks at it."""

    javarosa: JavaRosa
    questionnaire: Questionnaire
    xml: str
    folders: tuple[Path, ...]

    @cached_property
    def _forms(self) -> dict[str, JavaForm]:
        return {}

    def at(self, moment: datetime) -> JavaForm:
        """The form at a moment."""
        key = f"{moment:%Y-%m-%dT%H:%M:%S}" if _CLOCK.search(self.xml) else ""
        if key not in self._forms:
            self._forms[key] = self.javarosa.load(
                self.xml, self.folders, moment=moment if key else None
            )
        return self._forms[key]


def seen_by_javarosa(
    loaded: Loaded, answers: Sequence[Answers], moments: Sequence[datetime]
) -> Iterator[Seen]:
    """What JavaRosa makes of each interview, told in the order of the form."""
    order = {item.key: number for number, item in enumerate(loaded.questionnaire.items)}
    for one, moment in zip(answers, moments, strict=True):
        form = loaded.at(moment)
        paths = Paths(loaded.questionnaire, form.root)
        places = sorted(one, key=lambda place: (place.rows, order[place.key]))
        spelt = [(paths.path(place), _spelt(one[place])) for place in places]
        (reported,) = form.interviews([spelt], moment=moment)
        unread = [
            place
            for place, verdict in zip(places, reported.verdicts, strict=True)
            if verdict != "ok"
        ]
        yield seen(reported.nodes, paths, unread)


def _spelt(answer: str) -> str:
    return " ".join(answer.split()) if "\n" in answer or "  " in answer else answer


def seen(nodes: Sequence[Node], paths: Paths, unreadable: Sequence[InRow] = ()) -> Seen:
    """What the nodes of an interview say, by question and row.

    A question that stands in a row of which nothing is shown was not asked.
    """
    asked: dict[InRow, bool] = {}
    values: dict[InRow, str] = {}
    refused = dict.fromkeys(unreadable, UNREADABLE)
    missing: list[InRow] = []
    holds: dict[InRow, bool] = {}
    offered: dict[InRow, tuple[str, ...]] = {}
    for node in nodes:
        if node.kind not in ("question", "data"):
            continue
        item, rows = paths.place(node.path)
        if item is None:
            continue
        place = InRow(item.key, rows)
        asked[place] = node.relevant
        if not node.relevant:
            continue
        values[place] = node.value
        if node.constraint is not None:
            holds[place] = node.constraint
            if not node.constraint:
                refused[place] = CONSTRAINT
        _note_choices(node, item, place, offered, refused)
        if node.required and not node.value and node.kind == "question":
            missing.append(place)
    return Seen(JAVAROSA, asked, values, refused, tuple(missing), holds, offered)


def _note_choices(
    node: Node,
    item: Item,
    place: InRow,
    offered: dict[InRow, tuple[str, ...]],
    refused: dict[InRow, str],
) -> None:
    if node.choices is None:
        return
    if item.question.choice_filter is not None:
        offered[place] = tuple(node.choices)
    several = item.question.type.storage is Storage.CODES
    chosen = node.value.split() if several else [node.value]
    if node.value and not set(chosen) <= set(node.choices):
        refused[place] = NOT_OFFERED
