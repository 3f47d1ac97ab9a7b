"""What a coder wrote in a cell, as codes of the frame: codes, their labels in any language, several of them.

People type, paste and translate: ``Cost``, ``COST``, ``cost - Cost of going``, ``1.0`` for the code 1 and
``1`` for the code 01, ``cost; danger``. Whatever can mean one thing only is taken for it. What could mean two
is not guessed at, and what means nothing is named; neither is repeated, since it may be an answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from survey_kit.cleaning.coding.frame import CodeFrame, plain_words

SEPARATORS = (r"[\n\r;|؛；]+", r"[,،、，/+&]+")
"""What stands between several codes or labels, the surer ones first; then blanks, where all are codes."""
NUMBER = re.compile(r"0*(\d+)(?:[.,]0+)?")
LABELLED = re.compile(r"\s*(?:[:=\-–—]|\))\s*|\s*\(\s*")
"""What stands between a code and its label."""
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹০১২৩৪৫৬৭৮৯", "0123456789" * 3)


@dataclass(frozen=True)
class Chosen:
    """The codes that a cell means, and what is wrong with the rest of it, each with its remedy."""

    codes: tuple[str, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()


def chosen(cell: str, frame: CodeFrame) -> Chosen:
    """The codes of a cell, as they stand in the frame in any of its versions."""
    parts = _parts(cell.strip(), frame, 0)
    codes = tuple(dict.fromkeys(code for part in parts for code in part.codes))
    faults = tuple(dict.fromkeys(fault for part in parts for fault in part.faults))
    return Chosen(codes, faults)


def _parts(text: str, frame: CodeFrame, at: int) -> list[Chosen]:
    """What a text means as a whole, or else its parts."""
    if not text:
        return []
    meant = _meant(text, frame)
    if meant is not None:
        return [meant]
    for level, separator in enumerate(SEPARATORS[at:], start=at):
        pieces = [each.strip() for each in re.split(separator, text) if each.strip()]
        if len(pieces) > 1:
            return [part for each in pieces for part in _parts(each, frame, level + 1)]
    codes = [_of_code(word, frame) for word in text.split()]
    return [Chosen(tuple(codes))] if all(codes) else [_unknown(frame, text)]


def _meant(text: str, frame: CodeFrame) -> Chosen | None:
    """The one code that a text is, or is the label of; None if it is neither."""
    if code := _of_code(text, frame):
        return Chosen((code,))
    candidates = frame.known_as.get(plain_words(text), ())
    if not candidates and (number := NUMBER.fullmatch(text.translate(DIGITS))):
        candidates = frame.numbered.get(int(number[1]), ())
    if not candidates:
        return _with_its_label(text, frame)
    current = [code for code in candidates if frame.by_code[code].until is None]
    meant = current or list(candidates)
    if len(meant) == 1:
        return Chosen((meant[0],))
    remedy = f"Write the code: {' or '.join(meant)}"
    return Chosen(faults=(("what stands there means more than one code", remedy),))


def _of_code(text: str, frame: CodeFrame) -> str:
    return text if text in frame.by_code else ""


def _with_its_label(text: str, frame: CodeFrame) -> Chosen | None:
    """The code of ``cost - Cost of going`` or ``Cost of going (cost)``; None where they do not fit."""
    for mark in LABELLED.finditer(text):
        sides = [text[: mark.start()].strip(), text[mark.end() :].strip().rstrip(")").strip()]
        for code, label in (sides, sides[::-1]):
            if code in frame.by_code and code in frame.known_as.get(plain_words(label), ()):
                return Chosen((code,))
    return None


def _unknown(frame: CodeFrame, text: str) -> Chosen:
    """What nothing in the frame means, with the code of the nearest code or label."""
    current = [each.code for each in frame.current]
    words = {plain_words(word): each.code for each in frame.current for word in each.label.values()}
    words |= {code: code for code in current}
    near = get_close_matches(plain_words(text), words, n=1)
    remedy = f"Did you mean {words[near[0]]!r}?" if near else f"Write one of: {', '.join(current)}"
    return Chosen(faults=(("a code that the frame does not have", remedy),))
