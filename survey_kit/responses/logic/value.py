"""A value of each row, as an expression sees it: text, number, truth or moment.

In the field's engine a blank answer is the empty text, even of a question for a number, while
a calculation that fails is *not a number*; the two compare differently. So a `Value` knows of
every row what kind of thing it is.

Texts are kept as codes into a short list of words. Whatever is asked of a text is then worked
out once for each different text, not once for each interview.

All arrays have n rows, or one row that stands for all (a constant).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from survey_kit.responses.logic.writing import (
    day_as_text,
    number_as_text,
    text_as_number,
)

Truths: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.int64]
Words: TypeAlias = NDArray[np.object_]

Scalar = TypeVar("Scalar", bound=np.generic)

MILLISECONDS_A_DAY = 86_400_000.0
TINY = 1e-12
"""Two numbers nearer than this are equal, as in JavaRosa (XPathEqExpr)."""


class Kind(IntEnum):
    """What a row of a `Value` is."""

    TEXT = 0
    NUMBER = 1
    TRUTH = 2
    MOMENT = 3


@dataclass(frozen=True, eq=False)
class Texts:
    """Texts by code: row i holds ``words[codes[i]]``. A word may stand there twice."""

    codes: Codes
    words: Words

    @cached_property
    def chosen(self) -> Mapping[str, Codes]:
        """Choice -> which words hold it, a word being choices joined by single spaces."""
        found: dict[str, list[int]] = {}
        for position, word in enumerate(self.words):
            for choice in set(str(word).split(" ")):
                found.setdefault(choice, []).append(position)
        return {choice: np.array(where, dtype=np.int64) for choice, where in found.items()}

    def where(self, words: Truths) -> Truths:
        """The rows whose word is true in `words`."""
        return words[self.codes]

    def take(self, rows: Codes) -> Texts:
        """The texts of these rows."""
        return self if len(self.codes) == 1 else Texts(self.codes[rows], self.words)


@dataclass(frozen=True, eq=False)
class Value:
    """A value of each row.

    kinds
        (n,) or (1,) int8 of `Kind`.
    texts, numbers, truths, moments
        The rows of that kind; others hold anything. Moments are milliseconds since 1970 in
        the local time of the interview.
    """

    kinds: NDArray[np.int8]
    texts: Texts = field(default_factory=lambda: EMPTY)
    numbers: Floats = field(default_factory=lambda: np.zeros(1))
    truths: Truths = field(default_factory=lambda: np.zeros(1, dtype=np.bool_))
    moments: Floats = field(default_factory=lambda: np.zeros(1))

    @cached_property
    def present(self) -> frozenset[Kind]:
        """The kinds that at least one row has; text where there are no rows."""
        return frozenset(Kind(kind) for kind in np.unique(self.kinds)) or frozenset({Kind.TEXT})

    def take(self, rows: Codes) -> Value:
        """The values of these rows, in this order."""

        return Value(
            _taken(self.kinds, rows),
            self.texts.take(rows),
            _taken(self.numbers, rows),
            _taken(self.truths, rows),
            _taken(self.moments, rows),
        )


def _taken(array: NDArray[Scalar], rows: Codes) -> NDArray[Scalar]:
    return array if len(array) == 1 else array[rows]


EMPTY = Texts(np.zeros(1, dtype=np.int64), np.array([""], dtype=object))


def _only(kind: Kind) -> NDArray[np.int8]:
    return np.array([kind], dtype=np.int8)


def of_numbers(numbers: Floats) -> Value:
    """Numbers; NaN is *not a number*, which is not the same as blank."""
    return Value(_only(Kind.NUMBER), numbers=numbers)


def of_truths(truths: Truths) -> Value:
    """True or false."""
    return Value(_only(Kind.TRUTH), truths=truths)


def of_texts(texts: Texts) -> Value:
    """Texts."""
    return Value(_only(Kind.TEXT), texts=texts)


def of_text(word: str) -> Value:
    """The same text in every row."""
    return of_texts(constant(word))


def of_number(number: float) -> Value:
    """The same number in every row."""
    return of_numbers(np.array([number]))


def of_moments(moments: Floats) -> Value:
    """Moments in milliseconds since 1970; blank where NaN."""
    return where_blank(Value(_only(Kind.MOMENT), moments=moments), np.isnan(moments))


def constant(word: str) -> Texts:
    """The same text in every row."""
    return Texts(np.zeros(1, dtype=np.int64), np.array([word], dtype=object))


def from_words(words: Sequence[str]) -> Texts:
    """One text for each row."""
    return Texts(np.arange(len(words)), np.array(list(words), dtype=object))


def where_blank(value: Value, blank: Truths) -> Value:
    """The value, blank in these rows."""
    return choose(blank, BLANK, value) if blank.any() else value


def choose(condition: Truths, one: Value, other: Value) -> Value:
    """In each row the one value where the condition holds, else the other."""
    present = one.present | other.present
    return Value(
        np.where(condition, one.kinds, other.kinds),
        _choose_texts(condition, one.texts, other.texts) if Kind.TEXT in present else EMPTY,
        np.where(condition, one.numbers, other.numbers),
        np.where(condition, one.truths, other.truths),
        np.where(condition, one.moments, other.moments),
    )


def _choose_texts(condition: Truths, one: Texts, other: Texts) -> Texts:
    words = np.concatenate([one.words, other.words])
    return Texts(np.where(condition, one.codes, other.codes + len(one.words)), words)


BLANK = of_text("")
"""No answer: the empty text."""


def is_blank(value: Value) -> Truths:
    """Where the value is the empty text."""
    empty = value.texts.where(value.texts.words == "")
    return (value.kinds == Kind.TEXT) & empty


def as_numbers(value: Value) -> Floats:
    """(n,) or (1,) float: each row as a number (XPathFuncExpr.toNumeric); a moment is its day."""
    return _by_kind(
        value,
        {
            Kind.TEXT: lambda: _each_word(value.texts, text_as_number)[value.texts.codes],
            Kind.NUMBER: lambda: value.numbers,
            Kind.TRUTH: lambda: value.truths.astype(np.float64),
            Kind.MOMENT: lambda: np.floor(value.moments / MILLISECONDS_A_DAY),
        },
    )


def as_truths(value: Value) -> Truths:
    """(n,) or (1,) bool: each row as a truth; a text is true unless it is empty."""
    numbers = value.numbers
    return _by_kind(
        value,
        {
            Kind.TEXT: lambda: value.texts.where(value.texts.words != ""),
            Kind.NUMBER: lambda: (np.abs(numbers) > TINY) & ~np.isnan(numbers),
            Kind.TRUTH: lambda: value.truths,
            Kind.MOMENT: lambda: np.ones(1, dtype=np.bool_),
        },
    )


def as_texts(value: Value) -> Texts:
    """Each row as a text; a moment as its day, a number without needless decimals."""
    found = EMPTY
    for kind in sorted(value.present):
        match kind:
            case Kind.TEXT:
                texts = value.texts
            case Kind.NUMBER:
                texts = written(value.numbers, number_as_text)
            case Kind.TRUTH:
                words = np.array(["false", "true"], dtype=object)
                texts = Texts(value.truths.astype(np.int64), words)
            case Kind.MOMENT:
                texts = written(value.moments, day_as_text)
        if len(value.present) == 1:
            return texts
        found = _choose_texts(value.kinds == kind, texts, found)
    return found


def written(numbers: Floats, write: Callable[[float], str]) -> Texts:
    """Numbers as texts, each different one written once."""
    different, codes = np.unique(numbers, return_inverse=True)
    words = [write(float(each)) for each in different] or [""]
    return Texts(codes.reshape(-1), np.array(words, dtype=object))


def _each_word(texts: Texts, read: Callable[[str], float]) -> Floats:
    return np.array([read(str(word)) for word in texts.words], dtype=np.float64)


def _by_kind(value: Value, read: Mapping[Kind, Callable[[], NDArray[Scalar]]]) -> NDArray[Scalar]:
    kinds = sorted(value.present)
    found = read[kinds[0]]()
    for kind in kinds[1:]:
        found = np.where(value.kinds == kind, read[kind](), found)
    return found


def over_texts(work: Callable[..., str], *texts: Texts) -> Texts:
    """A text function, called once for each different combination of its arguments."""
    codes, combinations = _combinations(texts)
    return Texts(codes, np.array([work(*each) for each in combinations], dtype=object))


def whether(work: Callable[..., bool], *texts: Texts) -> Truths:
    """A question about texts, asked once for each different combination of them."""
    codes, combinations = _combinations(texts)
    return np.array([work(*each) for each in combinations], dtype=np.bool_)[codes]


def measured(work: Callable[..., float], *texts: Texts) -> Floats:
    """A number taken from texts, once for each different combination of them."""
    codes, combinations = _combinations(texts)
    return np.array([work(*each) for each in combinations], dtype=np.float64)[codes]


def _combinations(texts: Sequence[Texts]) -> tuple[Codes, list[tuple[str, ...]]]:
    """The different combinations of the words of each row, and which of them a row has."""
    nothing = next((each for each in texts if not len(each.words)), None)
    if nothing is not None:
        return nothing.codes, []
    varying = [each for each in texts if len(each.words) > 1]
    if len(varying) <= 1:
        codes = varying[0].codes if varying else texts[0].codes
        length = len(varying[0].words) if varying else 1
        columns = [
            [str(word) for word in each.words]
            if len(each.words) > 1
            else [str(each.words[0])] * length
            for each in texts
        ]
        return codes, list(zip(*columns, strict=True))
    shape = [len(each.words) for each in varying]
    together = np.ravel_multi_index(np.broadcast_arrays(*(each.codes for each in varying)), shape)
    different, codes = np.unique(together, return_inverse=True)
    places = dict(zip(map(id, varying), np.unravel_index(different, shape), strict=True))
    columns = [
        [str(word) for word in each.words[places[id(each)]]]
        if id(each) in places
        else [str(each.words[0])] * len(different)
        for each in texts
    ]
    return codes.reshape(-1), list(zip(*columns, strict=True))
