"""Labels in the place of codes: some platforms export what the person read, not what the form stored.

ONA writes the label of the choice into the cell and into the name of its column, and joins the
labels of several choices by a space, though labels hold spaces themselves. So a joined cell is
taken apart only where the list allows one way of doing so: ``Cash to pay for health services`` is
one choice and not ``Cash`` and something unknown. A text that could be read in two ways, and a
label that two choices share, stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.questionnaire.model import Choice

MOST_WAYS = 8
"""More ways to read the beginning of a text are not followed: two are too many already."""


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of answers with codes in the place of labels.

    answers
        (n,) text; a cell that is no label of the list stands as it was.
    translated
        (n,) bool: a label, or several, stood there.
    unclear
        (n,) bool: made of labels, but in more than one way.
    """

    answers: pd.Series
    translated: NDArray[np.bool_]
    unclear: NDArray[np.bool_]


def codes_by_label(choices: Iterable[Choice]) -> tuple[Mapping[str, str], ...]:
    """Label -> code, one mapping for each language. A label of two choices is in none.

    >>> codes_by_label([Choice("w", {"en": "A  well"}), Choice("x", {"en": "Tap"})])
    ({'A well': 'w', 'Tap': 'x'},)
    """
    found: dict[str, dict[str, str | None]] = {}
    for choice in choices:
        for language, label in choice.label.items():
            words = plain(label)
            if words:
                known = found.setdefault(language, {})
                known[words] = choice.code if known.get(words, choice.code) == choice.code else None
    return tuple(
        {label: code for label, code in known.items() if code is not None}
        for known in found.values()
    )


def as_codes(
    text: str, codes: Collection[str], languages: Iterable[Mapping[str, str]], *, several: bool
) -> str:
    """One answer as codes, where it is a label of the list, or several, and no code.

    A text that could be read in two ways stays as it is, and so does one that cannot be read.
    """
    word = plain(text)
    if all(each in codes for each in (word.split() if several else [word])):
        return text
    found = {
        way
        for labels in languages
        for way in (readings(word, labels) if several else filter(None, [labels.get(word)]))
    }
    return found.pop() if len(found) == 1 else text


def plain(text: str) -> str:
    """A text with single spaces and none around it."""
    return " ".join(text.split())


def with_codes(text: pd.Series, choices: Sequence[Choice], *, several: bool) -> Coded:
    """Answers to a question with a list, labels being read as the codes of their choices.

    Codes are left alone: only where a column holds something that is no code are its cells
    compared with labels, in the language in which most of them are. Where every cell is
    a label in that language, a text that is a label and also the code of another choice counts
    as the label.

    Parameters
    ----------
    text
        (n,) as the file has it, NaN where empty.
    several
        Whether a cell may hold several choices, joined by spaces.
    """
    numbers, distinct = pd.factorize(text)
    words = [plain(str(each)) for each in distinct]
    codes = {choice.code for choice in choices}
    nothing = np.zeros(len(text), dtype=np.bool_)
    foreign = [any(w not in codes for w in (_words(word) if several else [word])) for word in words]
    if not any(foreign):
        return Coded(text, nothing, nothing)
    read = _in_one_language(words, foreign, codes_by_label(choices), several=several)
    ways = [len(each) for each in read]
    if 1 not in ways:
        unclear = np.array([*(way > 1 for way in ways), False], dtype=np.bool_)
        return Coded(text, nothing, unclear[numbers])
    labels_only = all(way == 1 for way in ways)
    taken = [way == 1 and (odd or labels_only) for way, odd in zip(ways, foreign, strict=True)]
    spelt = [
        ways_of[0] if is_label else str(cell)
        for ways_of, is_label, cell in zip(read, taken, distinct, strict=True)
    ]
    answers = pd.Series(
        np.array([*spelt, np.nan], dtype=object)[numbers], index=text.index, dtype="str"
    )
    unclear = [way > 1 and odd for way, odd in zip(ways, foreign, strict=True)]
    return Coded(
        answers,
        np.array([*taken, False], dtype=np.bool_)[numbers],
        np.array([*unclear, False], dtype=np.bool_)[numbers],
    )


def _words(text: str) -> list[str]:
    return text.split()


def _in_one_language(
    words: Sequence[str],
    foreign: Sequence[bool],
    languages: Sequence[Mapping[str, str]],
    *,
    several: bool,
) -> list[tuple[str, ...]]:
    """Of each text, every way to read it as labels, in the language that reads most of them."""
    best: list[tuple[str, ...]] = [() for _ in words]
    most = 0
    for labels in languages:
        read = [
            readings(word, labels) if several else ((labels[word],) if word in labels else ())
            for word in words
        ]
        count = sum(bool(ways) and odd for ways, odd in zip(read, foreign, strict=True))
        if count > most:
            best, most = read, count
    return best


def readings(text: str, labels: Mapping[str, str]) -> tuple[str, ...]:
    """The ways to read a text as labels joined by spaces, each as joined codes.

    >>> readings("Cash to pay for food Cash", {"Cash": "c", "Cash to pay for food": "f"})
    ('f c',)
    >>> readings("Red, Green;", {"Red": "r", "Green": "g"})
    ('r g',)
    >>> readings("Red Green", {"Red": "r", "Green": "g", "Red Green": "rg"})
    ('rg', 'r g')
    """
    spaced = re.sub(r"([;|])(?=\S)", r"\1 ", text)
    return tuple(dict.fromkeys((*_ways(text, labels), *_ways(spaced, labels))))


def _ways(text: str, labels: Mapping[str, str]) -> Iterator[str]:
    """The ways to read a text, a comma, semicolon or stroke behind a label being one between two."""
    words = text.split()
    longest = max((len(label.split()) for label in labels), default=0)
    ways: list[tuple[tuple[str, ...], ...]] = [((),)]
    for end in range(1, len(words) + 1):
        here: list[tuple[str, ...]] = []
        for start in range(max(0, end - longest), end):
            said = " ".join(words[start:end])
            codes = {labels.get(said), labels.get(said.rstrip(",;|"))} - {None}
            for code in sorted(filter(None, codes)):
                here += [(*before, code) for before in ways[start] if code not in before]
        ways.append(tuple(here[:MOST_WAYS]))
    yield from (" ".join(codes) for codes in ways[-1] if codes)
