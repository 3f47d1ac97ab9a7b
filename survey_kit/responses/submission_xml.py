"""Raw submissions, as phones send them: one XML document an interview, nested like the form.

An absent node was not asked; an empty one was asked and left blank. That difference is
why the raw XML is kept for ever and why answers are best read from it.

A document comes from a phone that may be anybody's, so it is parsed event by event: a
DOCTYPE is refused where it begins (no entities, no outside files), depth and size are
bounded, and no tree is ever built.

Most documents are plain: UTF-8, no entities, no attributes below the outermost node. Once the parser
has found such a one well-formed it is cut at every "<", and what stands between two of them, a
node with its answer, was mostly met before in another interview.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias
from xml.parsers import expat

from survey_kit.errors import Fault
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.metadata import METADATA, Carried
from survey_kit.responses.submission_tree import (
    FormNodeSlot,
    Leaf,
    declare,
    form_tree,
    keys_of,
    unknown_node,
)

DEEPEST = 60
LARGEST = 64 * 2**20
CARRIED = frozenset({Carried.INTERVIEW, Carried.MOMENT, Carried.TEXT})
TOO_DEEP = f"its nodes are nested more than {DEEPEST} deep"
MOST_REMEMBERED = 20_000
PLAIN = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml\s(?:[^>]*?encoding\s*=\s*["']utf-8["']|(?![^>]*encoding))[^>]*>)?\s*<[^?!\x00]""",
    re.IGNORECASE,
)
"""How a document begins that is UTF-8."""
UNUSUAL = (b"&", b"\r", b"<!")
"""What only a parser can read: entities, ends of lines to be made one, sections and comments."""
TAG = re.compile(r"([^\s\"'=/>?]+)\s*/?>")
NOTHING_DECLARED: Mapping[str, str] = MappingProxyType({})
AGAIN = "Fetch it again from the server, or take it out"

Row: TypeAlias = list[str | None]


@dataclass
class RepeatRows:
    """The rows of one repeat: for each the number of its interview, its place, its answers."""

    interviews: list[int] = field(default_factory=list[int])
    places: list[tuple[int, ...]] = field(default_factory=list[tuple[int, ...]])
    rows: list[Row] = field(default_factory=list[Row])


@dataclass(frozen=True)
class About:
    """What a submission says of itself."""

    form: str
    version: str | None
    metadata: Mapping[str, str]


class _Refused(Exception):
    """Stops the parser; the message says why."""


class _Unusual(Exception):
    """The document has to be parsed node by node."""


class Submissions:
    """Reads submissions one after the other and keeps their answers by question.

    `rows` and `repeats` hold, for each question, None where the node is absent and the
    text, possibly empty, where it is there. `keys` names the questions in order. `unknown`
    counts nodes that the form does not have, `left_out` metadata that is not carried on, and
    `doubled` nodes that came twice in one submission. `declared` are nodes that a person gave to
    a question: path -> key.
    """

    def __init__(
        self, questionnaire: Questionnaire, declared: Mapping[str, str] = NOTHING_DECLARED
    ) -> None:
        self.keys: dict[str, list[str]] = {"": keys_of(questionnaire, None)}
        self.rows: list[Row] = []
        self.repeats: dict[str, RepeatRows] = {}
        for name in questionnaire.repeats:
            self.keys[name] = keys_of(questionnaire, name)
            self.repeats[name] = RepeatRows()
        self.about: list[About] = []
        self.unknown: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.doubled: Counter[str] = Counter()
        self._root = form_tree(questionnaire, self.keys)
        for path, key in declared.items():
            if key in questionnaire.by_key:
                declare(self._root, path, questionnaire.by_key[key], self.keys)
        # The same text is held once, however many interviews hold it.
        self.memory: dict[str, str] = {}

    def add(self, document: bytes, where: str) -> Fault | None:
        """Read one submission; what is wrong with it, if it cannot be read."""
        what = ""
        if len(document) > LARGEST:
            what = f"it is larger than {LARGEST // 2**20} MB"
        else:
            try:
                reading = self._read(document)
            except expat.ExpatError as error:
                what = f"it is not well-formed XML (line {error.lineno})"
            except _Refused as refusal:
                what = str(refusal)
            else:
                self.rows.append(reading.row)
                self.about.append(reading.about())
                self.unknown.update(reading.unknown)
                self.left_out.update(reading.left_out)
                self.doubled.update(reading.doubled)
        return Fault(where, what, AGAIN) if what else None

    def _read(self, document: bytes) -> _Reading:
        """One submission; nothing stays of one that is refused."""
        plain = PLAIN.match(document) and not any(sign in document for sign in UNUSUAL)
        for read in (_Reading.cut, _Reading.parse) if plain else (_Reading.parse,):
            reading = _Reading(self)
            try:
                read(reading, document)
            except _Unusual:
                self.forget_rows()
            except (expat.ExpatError, _Refused):
                self.forget_rows()
                raise
            else:
                return reading
        raise AssertionError

    def begin_row(self, repeat: str, places: tuple[int, ...]) -> Row:
        """A new row of a repeat."""
        rows = self.repeats[repeat]
        row: Row = [None] * len(self.keys[repeat])
        rows.interviews.append(len(self.rows))
        rows.places.append(places)
        rows.rows.append(row)
        return row

    def forget_rows(self) -> None:
        """Drop the repeat rows of a submission that turned out to be unreadable."""
        number = len(self.rows)
        for rows in self.repeats.values():
            while rows.interviews and rows.interviews[-1] == number:
                rows.interviews.pop()
                rows.places.pop()
                rows.rows.pop()

    @property
    def root(self) -> FormNodeSlot:
        """The form's own outermost node."""
        return self._root


class _Reading:
    """One submission while it is being parsed."""

    def __init__(self, into: Submissions) -> None:
        self._into = into
        self.row: Row = [None] * len(into.keys[""])
        self.unknown: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.doubled: Counter[str] = Counter()
        self._metadata: dict[str, str] = {}
        self._attributes: dict[str, str] = {}
        self._nodes: list[FormNodeSlot] = []
        self._innermost: FormNodeSlot | None = None  # the last to begin that the form does not have
        self._rows: list[Row] = [self.row]
        self._places: list[tuple[int, ...]] = [()]
        self._counts: list[Counter[str]] = [Counter()]
        self._text: list[str] = []

    def parse(self, document: bytes) -> None:
        """Go through a document event by event; the two functions within run for every node of it."""
        nodes, rows, text = self._nodes, self._rows, self._text
        push, pop, forget = nodes.append, nodes.pop, text.clear
        remember, doubled = self._into.memory.setdefault, self.doubled

        def start(tag: str, attributes: dict[str, str]) -> None:
            forget()
            if not nodes:
                return self._begin(attributes)
            above = nodes[-1].children
            node = above[tag] if tag in above else unknown_node(nodes[-1], tag)
            if len(nodes) > DEEPEST:
                raise _Refused(TOO_DEEP)
            push(node)
            if not node.known:
                self._innermost = node
            return self._begin_row(node.repeat) if node.repeat else None

        def end(_: str) -> None:
            node = pop()
            slot = node.slot
            if slot < 0:
                return self._leave(node)
            value = text[0] if len(text) == 1 else "".join(text)
            row = rows[-1]
            if row[slot] is None:
                row[slot] = remember(value, value)
            else:
                doubled[node.path] += 1
            return None

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text.append
        parser.StartDoctypeDeclHandler = _doctype
        parser.Parse(document, True)

    def cut(self, document: bytes) -> None:
        """Go through a plain document piece by piece, once it is known to be well-formed.

        Raises
        ------
        _Unusual
            If it is not as plain as it looked: attributes, instructions, an answer around a node.
        """
        self._check(document)
        pieces = iter(document.decode().removeprefix("\ufeff").split("<"))
        _skip_first_node(pieces)
        nodes = self._nodes
        known, row = nodes[-1], self.row
        for piece in pieces:
            leaf = known.leaves.get(piece)
            if leaf is None:
                below = known.groups.get(piece)
                if below is not None:
                    nodes.append(below)
                    known = below
                    continue
                if known.is_group and piece[0] == "/":
                    nodes.pop()
                    known = nodes[-1]
                    continue
                leaf = self._leaf(known, piece)
            if leaf is None:
                self._other(known, piece)
                if not nodes:
                    return
                known, row = nodes[-1], self._rows[-1]
                continue
            slot, text, ends = leaf
            if ends and next(pieces)[0] != "/":
                raise _Unusual
            if row[slot] is None:
                row[slot] = text
            else:
                self.doubled[known.children[_tag(piece)].path] += 1

    def _check(self, document: bytes) -> None:
        """Refuse what is not well-formed, and take what the outermost node says."""
        parser = expat.ParserCreate()

        def start(_: str, attributes: dict[str, str]) -> None:
            parser.StartElementHandler = None
            self._begin(attributes)

        parser.StartElementHandler = start
        parser.StartDoctypeDeclHandler = _doctype
        parser.Parse(document, True)

    def _leaf(self, above: FormNodeSlot, piece: str) -> Leaf | None:
        """An answer that was not met before; None where the piece is none."""
        if piece[0] == "/":
            return None
        node = above.children.get(_tag(piece))
        if node is None or node.slot < 0:
            return None
        before, _, text = piece.partition(">")
        closed = before.endswith("/")
        text = "" if closed else text
        leaf = (node.slot, self._into.memory.setdefault(text, text), not closed)
        if len(above.leaves) < MOST_REMEMBERED:
            above.leaves[piece] = leaf
        return leaf

    def _other(self, above: FormNodeSlot, piece: str) -> None:
        """The beginning or end of a node that holds no answer."""
        if piece[0] == "/":
            self._leave(self._nodes.pop())
            self._text.append(piece.partition(">")[2])
            return
        before, _, text = piece.partition(">")
        tag = _tag(piece)
        node = above.children[tag] if tag in above.children else unknown_node(above, tag)
        if len(self._nodes) > DEEPEST:
            raise _Refused(TOO_DEEP)
        self._text[:] = ["" if before.endswith("/") else text]
        self._nodes.append(node)
        if not node.known:
            self._innermost = node
        if node.repeat:
            self._begin_row(node.repeat)
        elif node.is_group and not before.endswith("/") and len(above.groups) < MOST_REMEMBERED:
            above.groups[piece] = node
        if before.endswith("/"):
            self._leave(self._nodes.pop())
            self._text.append(text)

    def about(self) -> About:
        attributes = {name.casefold(): value for name, value in self._attributes.items()}
        metadata = dict(self._metadata)
        for name in ("instanceid", "submissiondate"):
            if attributes.get(name):
                metadata.setdefault(name, attributes[name])
        version = attributes.get("version") or None
        return About(attributes.get("id", ""), version, metadata)

    def _begin(self, attributes: dict[str, str]) -> None:
        self._attributes = attributes
        if attributes.get("encrypted") == "yes":
            raise _Refused("it is encrypted; decrypt it first with: survey-kit decrypt")
        self._nodes.append(self._into.root)

    def _begin_row(self, repeat: str) -> None:
        self._counts[-1][repeat] += 1
        places = (*self._places[-1], self._counts[-1][repeat])
        self._rows.append(self._into.begin_row(repeat, places))
        self._places.append(places)
        self._counts.append(Counter())

    def _leave(self, node: FormNodeSlot) -> None:
        """The end of a node that holds no answer."""
        if node.repeat:
            self._rows.pop()
            self._places.pop()
            self._counts.pop()
        elif node.metadata:
            if METADATA[node.metadata][1] in CARRIED:
                self._metadata.setdefault(node.metadata, "".join(self._text).strip())
            else:
                self.left_out[node.path] += 1
        elif not node.known and node is self._innermost:
            self.unknown[node.path] += 1


def _doctype(*_: object) -> None:
    raise _Refused("it has a DOCTYPE, which no form writes and which can reach other files")


def _tag(piece: str) -> str:
    """The name of a node, which has no attributes."""
    found = TAG.match(piece)
    if found is None:
        raise _Unusual
    return found[1]


def _skip_first_node(pieces: Iterator[str]) -> None:
    """Go on to behind the beginning of the outermost node."""
    for piece in pieces:
        if piece.strip() and piece[0] != "?":
            if piece.count(">") != 1 or piece[: piece.index(">")].endswith("/"):
                raise _Unusual
            return
