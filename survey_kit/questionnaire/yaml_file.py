"""The definition as a YAML file. The only place that knows ruamel.yaml, which reads it.

Every scalar is taken as the text that stands in the file: ``yes`` is yes, ``0.75`` is
0.75, and nothing is guessed to be a date or a number. Of YAML's other powers (anchors,
aliases, tags, several documents) none is needed, and none is taken.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.build import build_as_written, understood
from survey_kit.questionnaire.language_files import with_language_files
from survey_kit.questionnaire.model import Place
from survey_kit.questionnaire.yaml_reader import read_raw
from survey_kit.questionnaire.yaml_text import as_yaml
from survey_kit.questionnaire.yaml_tree import Entry, Listing, Mapped, Scalar, Tree
from survey_kit.questionnaire.yaml_writer import plain

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.questionnaire.model import Questionnaire

_LARGEST = 32 * 1024 * 1024
_MOST_LINES = 500_000
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}"
    for kind in ["str", "int", "float", "bool", "null", "timestamp", "merge", "value", "seq", "map"]
)


def read_yaml(path: Path) -> Questionnaire:
    """The questionnaire in a YAML file.

    Raises
    ------
    FileProblem
        If the file is missing, empty, too large or not YAML.
    DefinitionError
        If it contradicts itself; each fault names the line.
    """
    return understood(yaml_as_written(path))


def yaml_as_written(path: Path) -> Questionnaire:
    """As `read_yaml`, but what can be kept without being understood is kept.

    Raises
    ------
    FileProblem
        If the file is missing, empty, too large or not YAML.
    DefinitionError
        If it says something that no format can keep.
    """
    return build_as_written(with_language_files(read_raw(read_tree(path)), path.parent))


def read_tree(path: Path) -> Tree:
    """What stands in a YAML file: texts, lists and mappings with their lines."""
    try:
        size = path.stat().st_size
        source = path.read_bytes() if size <= _LARGEST else b""
    except OSError as error:
        raise FileProblem(
            path.name,
            f"the file cannot be read ({os.strerror(error.errno or 0)})",
            "Check its name and folder",
        ) from error
    if size > _LARGEST:
        raise FileProblem(
            path.name, "the file is larger than 32 MB", "Check its name: no such file is so large"
        )
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileProblem(
            path.name, "the file is not text in UTF-8", "Save it again as UTF-8"
        ) from error
    if max(text.count("\n"), text.count(":")) > _MOST_LINES:
        raise FileProblem(
            path.name,
            f"the file has more than {_MOST_LINES:,} lines or keys",
            "Check its name: no such file has so many",
        )
    return parse_tree(text, path.name)


@lru_cache(maxsize=8)
def parse_tree(text: str, file: str) -> Tree:
    """As `read_tree`, of a text; `file` is its name for messages.

    A tree never changes, so the same text is taken apart once.
    """
    yaml: Any = YAML(typ="safe", pure=True)
    try:
        node = yaml.compose(text)
        if node is None:
            raise FileProblem(file, "the file is empty", "Write into it what its name promises")
        return _tree(node, Place(file), set())
    except MarkedYAMLError as error:
        found: Any = error
        mark = found.problem_mark or found.context_mark
        place = Place(file, row=mark.line + 1) if mark else Place(file)
        raise FileProblem(str(place), *_why(str(found.problem))) from error
    except YAMLError as error:
        raise FileProblem(
            file, "the file holds a sign that YAML does not allow", "Remove control characters"
        ) from error
    except RecursionError as error:
        raise FileProblem(
            file, "lists and mappings are nested too deeply", "Nest them less deeply"
        ) from error


_PROBLEMS = {
    "another document": ("a second document begins here", "Remove the line with ---"),
    "'\\t'": ("a tab stands here where only spaces may", "Indent with spaces"),
    "<stream end>": ("the file ends in the middle of something", "Save or copy it again"),
    "end of stream": (
        "a quote begins in the line before and never ends",
        "Close it with the sign that it began with",
    ),
    "undefined alias": ("a text begins with *, which has a meaning of its own", "Put it in quotes"),
    "mapping values": (
        "a colon stands here where none can",
        'Check the indentation, and put a text with a colon into quotes: "..."',
    ),
    "expected ':'": ("a key without its colon", "Write  key: value"),
    "found '<scalar>'": (
        "the quotes end here, but more follows",
        'Put the whole text into quotes: "..."',
    ),
    "<block end>": (
        "this does not fit what stands above it",
        "Check the indentation, and that every line is  key: value  or begins with a hyphen",
    ),
    "',' or": ("a bracket begins and does not end where it should", "Check commas and brackets"),
    "start any token": (
        "a text begins with a sign that has a meaning of its own",
        "Put it in quotes",
    ),
    "escape": ("a backslash stands in a text in quotes", "Use single quotes, or double it"),
}
"""What the parser of YAML says -> what is wrong, and what to do."""


def _why(problem: str) -> tuple[str, str]:
    for words, said in _PROBLEMS.items():
        if words in problem:
            return said
    return (
        "this is not YAML",
        'Check the indentation, and put a text with special signs into quotes: "..."',
    )


def _tree(node: Any, file: Place, seen: set[int]) -> Tree:
    place = Place(file.file, row=node.start_mark.line + 1)
    if id(node) in seen:
        raise FileProblem(
            str(place), "an alias (*) repeats this part", "Write it out where it is needed"
        )
    seen.add(id(node))
    if str(node.tag) not in _PLAIN_TAGS:
        raise FileProblem(
            str(place), f"the tag '{node.tag}' has no meaning here", "Put the text into quotes"
        )
    if node.id == "sequence":
        return Listing(tuple(_tree(each, file, seen) for each in node.value), place)
    if node.id == "mapping":
        return Mapped(tuple(_entry(key, value, file, seen) for key, value in node.value), place)
    nothing = not node.style and node.value in ("~", "null")
    return Scalar("" if nothing else node.value, place)


def _entry(key: Any, value: Any, file: Place, seen: set[int]) -> Entry:
    place = Place(file.file, row=key.start_mark.line + 1)
    if key.id != "scalar":
        raise FileProblem(
            str(place), "a key is not a plain word", "Put a text with brackets into quotes"
        )
    return Entry(key.value, _tree(value, file, seen), place)


def write_yaml(questionnaire: Questionnaire, path: Path) -> None:
    """Write the definition, one block a question, keys always in the same order.

    The file is complete or not there at all.
    """
    text = yaml_text(questionnaire)
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_text(text, encoding="utf-8", newline="\n")
    unfinished.replace(path)


def yaml_text(questionnaire: Questionnaire) -> str:
    """The definition as YAML."""
    return as_yaml(plain(questionnaire))
