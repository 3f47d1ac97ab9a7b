"""In which encoding a text file is, found out without ever changing a letter on a guess.

A mark at its beginning says it, and so does a file that is UTF-8 throughout. Any other file could be
read in twenty ways, all of which give letters. So the form is asked: where words of its labels stand
in the file in one of these ways and in no other, that is the way. Where none do, Windows Latin is
taken only if every letter beyond ASCII stands among plain letters, as in French or Spanish; a word
made of nothing else is Arabic, Cyrillic or Chinese, and then the file is refused until its study
names the encoding.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, TypeAlias

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Group, Node, Question, Questionnaire, Repeat

Opened: TypeAlias = Callable[[], IO[bytes]]
"""Opens a file, or an entry of a zip, at its beginning."""

BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
LATIN = "cp1252"
CANDIDATES: Mapping[str, tuple[str, str]] = {
    LATIN: ("Windows Latin", "LATIN"),
    "cp1250": ("Windows Central European", "LATIN"),
    "cp1254": ("Windows Turkish", "LATIN"),
    "cp1257": ("Windows Baltic", "LATIN"),
    "cp1258": ("Windows Vietnamese", "LATIN"),
    "mac_roman": ("Macintosh Latin", "LATIN"),
    "cp1251": ("Windows Cyrillic", "CYRILLIC"),
    "koi8_r": ("KOI8-R", "CYRILLIC"),
    "cp1253": ("Windows Greek", "GREEK"),
    "cp1255": ("Windows Hebrew", "HEBREW"),
    "cp1256": ("Windows Arabic", "ARABIC"),
    "iso8859_6": ("ISO Arabic", "ARABIC"),
    "cp874": ("Windows Thai", "THAI"),
    "gb18030": ("Chinese", "CJK"),
    "big5": ("Chinese, traditional", "CJK"),
    "cp932": ("Japanese", "CJK"),
    "cp949": ("Korean", "HANGUL"),
}
"""Encoding -> what it is called, and the script that most of its letters are of."""
NAME_IT = "Save it again as UTF-8, or name its encoding in study.yaml:  responses: encoding"
CHUNK = 2**22
MOST_CELL_BYTES = 2**24
"""Of one row of a text file."""
MOSTLY = 0.3
"""Latin letters and separators in UTF-16: so many of its bytes in one place are zeros."""
OF_ONE_SCRIPT = 0.9
MOST_WORDS = 50_000
"""Different words beyond ASCII that are looked at; a survey's file has fewer."""
_WORD = re.compile(rb"[A-Za-z0-9_\x80-\xff]{0,40}[\x80-\xff][\x40-\x7e\x80-\xff]{0,40}")
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = bytes(range(0x80, 0x100))
_NOT_WESTERN = re.compile(
    r"(?<![^\W\d_])[^\W\d_a-zA-Z]{2,}(?![^\W\d_])|[^\W\d_][¢£¤¥¦¨¬¯±²³µ¶¸¹¼½¾]+[^\W\d_]"
)
"""A word of nothing but letters beyond ASCII, and a sign within a word."""
READ_AS_LATIN = (
    "it is not UTF-8; it was read as Windows Latin (cp1252), since its letters beyond ASCII stand among "
    "plain ones. If they look wrong, name its encoding under  responses: encoding"
)


@dataclass
class _Seen:
    """What stands beyond ASCII in a file that is not UTF-8."""

    line: int
    """The first line that is not UTF-8, from 1."""
    words: set[bytes] = field(default_factory=set[bytes])
    high: int = 0
    in_utf8: int = 0


def encoding_of(
    opened: Opened, name: str, *, named: str = "", form: Questionnaire | None = None
) -> tuple[str, list[str]]:
    """The encoding of a file, and what is to be said of it.

    Parameters
    ----------
    name
        Of the file, in messages.
    named
        The encoding that a person says it is in; "" where nobody does.
    form
        The questionnaire, whose words are looked for in the file.

    Raises
    ------
    FileProblem
        If it is not in the encoding that was named, mixes two, or could be in several that would
        give different letters.
    """
    with opened() as file:
        start = file.read(4096)
    marked = next((encoding for mark, encoding in BOMS if start.startswith(mark)), "")
    if named:
        return _as_named(opened, name, named, marked)
    if marked:
        return marked, []
    if encoding := without_mark(start):
        return encoding, [f"it has no byte order mark; it was read as {encoding.upper()}"]
    _refuse_nothing(opened, name)
    line = _first_line_not(opened, "utf-8")
    if not line:
        return "utf-8", []
    seen = _seen(opened, name, line)
    if seen.in_utf8 * 2 >= seen.high:
        raise FileProblem(
            f"{name}, line {line}",
            f"it is UTF-8 but for {seen.high - seen.in_utf8} bytes: two encodings are mixed in it, or "
            "it is damaged",
            NAME_IT,
        )
    return _by_its_words(opened, name, seen, form)


def without_mark(start: bytes) -> str:
    """The kind of UTF-16 that text without a byte order mark is in, by where its zeros stand.

    >>> without_mark("age,sex".encode("utf-16-le")), without_mark(b"age,sex")
    ('utf-16-le', '')
    """
    half = len(start) // 2
    if not half or b"\0" not in start:
        return ""
    even, odd = start[0 : 2 * half : 2].count(0), start[1 : 2 * half : 2].count(0)
    if min(even, odd) or max(even, odd) < MOSTLY * half:
        return ""
    return "utf-16-le" if odd else "utf-16-be"


def known_encoding(name: str) -> bool:
    """Whether there is a text encoding of this name."""
    try:
        found = codecs.lookup(name)
        found.incrementaldecoder("strict").decode(b"")
    except (LookupError, TypeError, AttributeError, ValueError):
        return False
    return isinstance("".encode(found.name) if found.name != "undefined" else "", bytes)


def _as_named(opened: Opened, name: str, named: str, marked: str) -> tuple[str, list[str]]:
    if not known_encoding(named):
        raise FileProblem(
            name,
            f"there is no encoding called '{named}'",
            "Name one that Python knows, such as cp1256 or utf-8, under  responses: encoding",
        )
    encoding = codecs.lookup(named).name
    if marked and encoding.replace("_", "-") == marked.removesuffix("-sig"):
        encoding = marked
    line = _first_line_not(opened, encoding)
    if line:
        raise FileProblem(
            f"{name}, line {line}",
            f"it is not in the encoding that is named for it, {named}",
            "Name another under  responses: encoding, or leave it out",
        )
    return encoding, [f"it was read as {encoding}, as the study says"]


def _refuse_nothing(opened: Opened, name: str) -> None:
    """Refuse bytes of nothing: no text holds them, and other programs end a text there."""
    lines = 0
    with opened() as file:
        while chunk := file.read(CHUNK):
            if (place := chunk.find(b"\0")) >= 0:
                line = lines + chunk[:place].count(b"\n") + 1
                raise FileProblem(
                    f"{name}, line {line}",
                    "a byte of nothing (NUL) stands in it, which no text holds",
                    "Export it again, or take the byte out with an editor",
                )
            lines += chunk.count(b"\n")


def _first_line_not(opened: Opened, encoding: str) -> int:
    """The first line that cannot be decoded, from 1; 0 where all can."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    with opened() as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return lines + bytes(error.object[: error.start]).count(b"\n") + 1
            if not chunk:
                return 0
            lines += chunk.count(b"\n")


def _seen(opened: Opened, name: str, line: int) -> _Seen:
    """What stands beyond ASCII, line by line; a line that no row may be as long as is not gone through."""
    seen = _Seen(line)
    with opened() as file:
        rest, since = b"", 0
        while chunk := file.read(CHUNK):
            ends = chunk.rfind(b"\n")
            since = since + len(chunk) if ends < 0 else len(chunk) - ends
            if since > MOST_CELL_BYTES:
                raise FileProblem(
                    name,
                    f"a row of it is longer than {MOST_CELL_BYTES // 2**20} MB",
                    "Export it again as CSV in UTF-8",
                )
            whole = rest + chunk
            cut = whole.rfind(b"\n") + 1 or len(whole)
            part, rest = whole[:cut], whole[cut:]
            _note(part, seen)
        _note(rest, seen)
    return seen


def _note(part: bytes, seen: _Seen) -> None:
    seen.high += len(part) - len(part.translate(None, _HIGH))
    seen.in_utf8 += len(part) - len(_UTF8.sub(b"", part))
    for word in _WORD.finditer(part):
        if len(seen.words) >= MOST_WORDS:
            return
        seen.words.add(word.group())


def _by_its_words(
    opened: Opened, name: str, seen: _Seen, form: Questionnaire | None
) -> tuple[str, list[str]]:
    known = words_of(form) if form is not None else frozenset[str]()
    found = {encoding: _hits(seen.words, encoding, known) for encoding in CANDIDATES}
    most = max(found.values())
    if most:
        best = [encoding for encoding, hits in found.items() if hits == most]
        alike = {_whole(seen.words, encoding) for encoding in best} - {None}
        chosen = next((each for each in best if not _first_line_not(opened, each)), "")
        if len(alike) == 1 and chosen:
            said = (
                f"{CANDIDATES[chosen][0]} ({chosen}), in which {most} words of the form stand in it"
            )
            return chosen, [f"it is not UTF-8; it was read as {said}"]
    beyond = frozenset(letter for word in known for letter in word if not _in_latin(letter))
    own = frozenset(letter for letter in beyond if unicodedata.name(letter, "").startswith("LATIN"))
    western = _whole(seen.words, LATIN)
    if western is not None and not own and not _NOT_WESTERN.search(western):
        return LATIN, [READ_AS_LATIN]
    could = [
        f"{encoding} ({CANDIDATES[encoding][0]})"
        for encoding in CANDIDATES
        if encoding != LATIN and _of_its_script(seen.words, encoding, own)
    ]
    what = f"could be {', '.join(could)}" if could else "is in no encoding that is known here"
    raise FileProblem(f"{name}, line {seen.line}", f"it is not UTF-8, and {what}", NAME_IT)


def _in_latin(letter: str) -> bool:
    try:
        return bool(letter.encode(LATIN))
    except UnicodeEncodeError:
        return False


def _hits(words: set[bytes], encoding: str, known: frozenset[str]) -> int:
    """How many different words of the form stand among the words of a file, read in one way."""
    if not known:
        return 0
    whole = _whole(words, encoding)
    if whole is None:
        return 0
    return len({word.casefold() for word in re.findall(r"\w+", whole)} & known)


def _whole(words: set[bytes], encoding: str) -> str | None:
    """The words of a file in one encoding, a line each; None where it has no such bytes."""
    try:
        return "\n".join(word.decode(encoding) for word in sorted(words))
    except UnicodeDecodeError:
        return None


def _of_its_script(words: set[bytes], encoding: str, own: frozenset[str]) -> bool:
    """Whether a file, read in this way, holds letters of one script, or those of the form's own."""
    whole = _whole(words, encoding)
    if whole is None:
        return False
    if CANDIDATES[encoding][1] == "LATIN":
        return bool(own & set(whole.casefold()))
    letters = [letter for letter in whole if letter.isalpha() and not letter.isascii()]
    of_it = [unicodedata.name(letter, "").startswith(CANDIDATES[encoding][1]) for letter in letters]
    return bool(letters) and sum(of_it) >= OF_ONE_SCRIPT * len(letters)


def words_of(form: Questionnaire) -> frozenset[str]:
    """The words of a form's labels, hints and codes that hold a letter beyond ASCII."""
    texts = chain(
        form.title.values(),
        _said(form.nodes),
        (
            text
            for each in form.lists.values()
            for choice in each.choices
            for text in (choice.code, *choice.label.values())
        ),
    )
    found = {word.casefold() for text in texts for word in re.findall(r"\w+", text)}
    return frozenset(word for word in found if not word.isascii() and len(word.encode()) > 2)  # noqa: PLR2004 - more than one letter


def _said(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        yield from (node.name, *node.label.values())
        match node:
            case Question():
                yield from node.hint.values()
            case Group() | Repeat():
                yield from _said(node.nodes)
