"""Recordings of the questions, for respondents who would rather listen than read.

A definition names its recordings once, by a pattern among its settings::

    settings: {recordings: "{question}.{language}.m4a"}

Every question that is read aloud then has a slot in every language. A recording that lies
beside the definition is played by the form; a slot without a recording is counted, and
leaves no trace in the form. A question or group that is not for the respondent's ears says
so in its extra columns: ``read_aloud: "no"``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from survey_kit.errors import DefinitionError
from survey_kit.questionnaire.model import Group, Question, Repeat
from survey_kit.questionnaire.question_type import Storage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from survey_kit.questionnaire.model import Node, Questionnaire

SETTING = "recordings"
READ_ALOUD = "read_aloud"
_FOLDERS = (".", "media", "{stem}-media")
_SOUND = re.compile(r"\.(?:m4a|mp3|wav|ogg|amr|3gpp|aac)$")
_PATTERN = re.compile(r"(?:[\w.\- ]|\{question\}|\{language\})+\.(?:m4a|mp3|wav|ogg|amr|3gpp|aac)")


@dataclass(frozen=True)
class Slot:
    """A question's recording in one language, and whether there is one."""

    key: str
    language: str
    file: str
    recorded: bool


def slots(questionnaire: Questionnaire) -> tuple[Slot, ...]:
    """Every recording that there is or should be, by question, then by language."""
    pattern = _pattern(questionnaire)
    if pattern is None:
        return ()
    wanted = _read_aloud(questionnaire)
    return tuple(
        Slot(
            item.key,
            code,
            present.get(code) or _file(pattern, item.key, code),
            code in present,
        )
        for item in questionnaire.items
        if (*item.path, item.question.name) in wanted
        for present in (item.question.media.get("audio", {}),)
        for code in questionnaire.languages
    )


def with_recordings(questionnaire: Questionnaire, definition: Path) -> Questionnaire:
    """The questionnaire with the recordings that lie beside its definition, and no others.

    Raises
    ------
    DefinitionError
        If the pattern of their names cannot be one.
    """
    pattern = _pattern(questionnaire)
    if pattern is None:
        return questionnaire
    there: set[str] = set()
    for folder in _FOLDERS:
        path = definition.parent / folder.format(stem=definition.stem)
        if path.is_dir():
            there.update(each.name for each in path.iterdir())
    found = {
        (*item.path, item.question.name): {
            code: file
            for code in questionnaire.languages
            if (file := _file(pattern, item.key, code)) in there
        }
        for item in questionnaire.items
    }
    wanted = _read_aloud(questionnaire)
    recorded = {path: files for path, files in found.items() if files and path in wanted}
    if not recorded:
        return questionnaire
    return replace(
        questionnaire,
        nodes=tuple(_with_files(node, (), recorded) for node in questionnaire.nodes),
    )


def _with_files(
    node: Node, path: tuple[str, ...], recorded: Mapping[tuple[str, ...], Mapping[str, str]]
) -> Node:
    here = (*path, node.name)
    if isinstance(node, Group | Repeat):
        return replace(node, nodes=tuple(_with_files(each, here, recorded) for each in node.nodes))
    if here not in recorded:
        return node
    audio = {**recorded[here], **node.media.get("audio", {})}
    return replace(node, media={**node.media, "audio": audio})


def _pattern(questionnaire: Questionnaire) -> str | None:
    pattern = questionnaire.settings.get(SETTING, "")
    if "{" not in pattern and not _SOUND.search(pattern):
        return None  # a setting of somebody else's
    if not _PATTERN.fullmatch(pattern) or "{question}" not in pattern:
        raise DefinitionError(
            str(questionnaire.source or questionnaire.name),
            f"recordings cannot be called '{pattern}'",
            "Write for instance {question}.{language}.m4a",
        )
    return pattern


def _file(pattern: str, key: str, code: str) -> str:
    name = key.replace("/", "-")
    return pattern.replace("{question}", name).replace("{language}", code)


def _read_aloud(questionnaire: Questionnaire) -> frozenset[tuple[str, ...]]:
    """The paths of the questions that somebody reads to the respondent."""
    return frozenset(_heard(questionnaire.nodes, ()))


def _heard(nodes: tuple[Node, ...], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for node in nodes:
        if node.extra.get(READ_ALOUD, "").casefold() in ("no", "false"):
            continue
        if isinstance(node, Question):
            silent = node.type.storage is Storage.NOTHING and node.type.name != "note"
            if node.label and not node.read_only and not node.calculation and not silent:
                yield (*path, node.name)
        else:
            yield from _heard(node.nodes, (*path, node.name))
