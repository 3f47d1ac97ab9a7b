"""The files that a form needs beside itself: tables, maps, pictures, sounds.

A form names them, a phone downloads them, and an engine that works out its expressions
has to read some of them. They stand in the folder of the definition, in its sub-folder
``media``, or in ``<definition>-media``, as ODK's own programs name it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import Call, Text, walk
from survey_kit.questionnaire.model import Place, Question, Repeat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.model import Node, Questionnaire, Texts

_NOWHERE = Place("questionnaire")


class AttachmentKind(Enum):
    """What is in a file."""

    TABLE = "table"
    """Comma-separated values, one row a choice or thing."""
    MAP = "map"
    """GeoJSON: places as choices."""
    XML = "xml"
    """An instance as XForms has it."""
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"


_BY_SUFFIX = {
    ".csv": AttachmentKind.TABLE,
    ".geojson": AttachmentKind.MAP,
    ".xml": AttachmentKind.XML,
}
_BY_MEDIUM = {
    "image": AttachmentKind.IMAGE,
    "big-image": AttachmentKind.IMAGE,
    "audio": AttachmentKind.AUDIO,
    "video": AttachmentKind.VIDEO,
}


@dataclass(frozen=True)
class Attachment:
    """A file by its name, what is in it, and the first place that needs it."""

    name: str
    kind: AttachmentKind
    needed_by: Place


def attachments(questionnaire: Questionnaire) -> tuple[Attachment, ...]:
    """Every file that a form needs, each once, in the order of the interview.

    A name that is only known during the interview (``${name}.png``) is left out.
    """
    found: dict[str, Attachment] = {}
    for each in (*_of_nodes(questionnaire.nodes), *_of_choices(questionnaire)):
        if each.name and "${" not in each.name:
            found.setdefault(each.name, each)
    return tuple(found.values())


def find_attachment(name: str, definition: Path) -> Path | None:
    """Where a file of that name stands beside a definition, or None where it is missing.

    A name that leads out of these folders is not looked for.
    """
    if not name or "/" in name or "\\" in name or name in {".", ".."}:
        return None
    folder = definition.parent
    for place in (folder, folder / "media", folder / f"{definition.stem}-media"):
        if (place / name).is_file():
            return place / name
    return None


def _of_nodes(nodes: tuple[Node, ...]) -> Iterator[Attachment]:
    for node in nodes:
        place = node.source or _NOWHERE
        if isinstance(node, Question):
            yield from _of_question(node, place)
            continue
        for expression in (node.relevant, node.count if isinstance(node, Repeat) else None):
            yield from _looked_into(expression, place)
        yield from _of_nodes(node.nodes)


def _of_question(node: Question, place: Place) -> Iterator[Attachment]:
    if node.file is not None:
        suffix = f".{node.file.rpartition('.')[2]}"
        yield Attachment(node.file, _BY_SUFFIX.get(suffix, AttachmentKind.TABLE), place)
    if node.external_list is not None:
        yield Attachment("itemsets.csv", AttachmentKind.TABLE, place)
    match node.type.name:
        case "csv-external":
            yield Attachment(f"{node.name}.csv", AttachmentKind.TABLE, place)
        case "xml-external":
            yield Attachment(f"{node.name}.xml", AttachmentKind.XML, place)
        case "image" if node.default and "(" not in node.default:
            shown = node.default.removeprefix("jr://images/")
            yield Attachment(shown, AttachmentKind.IMAGE, place)
        case _:
            pass
    yield from _of_media(node.media, place)
    for expression in (
        node.relevant,
        node.constraint,
        node.required,
        node.calculation,
        node.choice_filter,
    ):
        yield from _looked_into(expression, place)


def _of_choices(questionnaire: Questionnaire) -> Iterator[Attachment]:
    for each in questionnaire.lists.values():
        for choice in each.choices:
            yield from _of_media(choice.media, choice.source or _NOWHERE)


def _of_media(media: Mapping[str, Texts], place: Place) -> Iterator[Attachment]:
    for kind, files in media.items():
        for name in files.values():
            yield Attachment(name, _BY_MEDIUM.get(kind, AttachmentKind.IMAGE), place)


def _looked_into(expression: Expression | None, place: Place) -> Iterator[Attachment]:
    """The tables that ``pulldata('name', ...)`` reaches for."""
    if expression is None or "pulldata" not in expression.source:
        return
    for node in walk(expression.tree):
        match node:
            case Call("pulldata", (Text(table), *_)) if table:
                name = table if table.endswith(".csv") else f"{table}.csv"
                yield Attachment(name, AttachmentKind.TABLE, place)
            case _:
                pass
