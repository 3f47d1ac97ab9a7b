"""Labels as people write them: a little Markdown, a little HTML, and answers from before.

What a phone would show in bold is bold on paper; other tags and colours go. ``${name}``
becomes a blank with the question that it comes from.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from survey_kit.forms.paper.sheet import Run, Words
from survey_kit.questionnaire.words import REFERENCE

_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/h[1-6])\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_BOLD = re.compile(
    r"<\s*(?:b|strong)\b[^<>]*>(.*?)<\s*/\s*(?:b|strong)\s*>", re.IGNORECASE | re.DOTALL
)
_ITALIC = re.compile(r"<\s*(?:i|em)\b[^<>]*>(.*?)<\s*/\s*(?:i|em)\s*>", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\((https?://[^\s()]+)\)")
_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_STYLE = re.compile(r"\x01|\x02|(?<!\\)\*\*|(?<![\\\w])__(?=\S)|(?<=\S)__(?!\w)")
_SLANT = re.compile(
    r"\x03|\x04|(?<![\\*\w])\*(?=[^\s*])|(?<=[^\s*\\])\*(?![*\w])"
    r"|(?<![\\\w_])_(?=[^\s_])|(?<=[^\s_\\])_(?![\w_])"
)
_MARK = re.compile(f"(?:{_STYLE.pattern})|(?:{_SLANT.pattern})")
_ESCAPED = re.compile(r"\\([#*_<>\\`$])")
_CONTROL = re.compile(r"[\x00\x05-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"[ \t\r\xa0]+")
_BLANK_LINES = re.compile(r"\s*\n\s*(?:\n\s*)*")
BLANK = "______"


def words(label: str, answer_to: Callable[[str], str]) -> Words:
    """A label as words. `answer_to` says in words where an answer ``${name}`` comes from.

    >>> [run.text for run in words("How **old** is ${name}?", lambda name: "answer to Q1")]
    ['How ', 'old', ' is ______\\xa0[answer to Q1]?']
    """
    text = _CONTROL.sub("", label.replace("\x01", "").replace("\x02", ""))
    text = _BREAK.sub("\n", _LINK.sub(r"\1 (\2)", text))
    text = _BOLD.sub("\x01\\1\x02", text)
    text = _ITALIC.sub("\x03\\1\x04", text)
    text = html.unescape(_TAG.sub("", _HEADING.sub("", text)))
    text = _BLANK_LINES.sub("\n", _SPACES.sub(" ", text)).strip()
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(f"{BLANK}\xa0[{answer_to(found[1])}]")
        return f"\x05{len(kept) - 1}\x06"

    return _styled(REFERENCE.sub(keep, text), kept)


def _styled(text: str, kept: list[str]) -> Words:
    pieces: list[tuple[str, str]] = []
    start = 0
    for mark in _MARK.finditer(text):
        pieces += [("text", text[start : mark.start()]), ("mark", mark[0])]
        start = mark.end()
    pieces.append(("text", text[start:]))
    runs: list[Run] = []
    bold = italic = False
    for kind, piece in _paired(pieces):
        if kind == "mark":
            if piece in ("\x01", "\x02", "**", "__"):
                bold = not bold
            else:
                italic = not italic
        elif piece:
            shown = _ESCAPED.sub(r"\1", piece)
            for number, answer in enumerate(kept):
                shown = shown.replace(f"\x05{number}\x06", answer)
            runs.append(Run(shown, bold, italic))
    return _together(runs)


def _paired(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pieces with a mark that has no partner as the text that it then is."""
    kinds = {"\x01": "b", "\x02": "b", "\x03": "i", "\x04": "i"}
    by_kind: dict[str, list[int]] = {}
    for position, (kind, piece) in enumerate(pieces):
        if kind == "mark":
            by_kind.setdefault(kinds.get(piece, piece), []).append(position)
    alone = {places[-1] for places in by_kind.values() if len(places) % 2}
    return [
        ("text", "" if piece < " " else piece) if position in alone else (kind, piece)
        for position, (kind, piece) in enumerate(pieces)
    ]


def _together(runs: list[Run]) -> Words:
    merged: list[Run] = []
    for run in runs:
        last = merged[-1] if merged else None
        if last is not None and (last.bold, last.italic) == (run.bold, run.italic):
            merged[-1] = Run(last.text + run.text, run.bold, run.italic)
        else:
            merged.append(run)
    return tuple(merged)
