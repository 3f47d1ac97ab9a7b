"""What the answer to one question may still be, once something is known about it.

Three shapes are enough: words (some, or all but some), numbers (stretches of the line, and
blank), and several codes of a list (those that must be among them, those that cannot be, and
how many). Each shape can be narrowed by a comparison, in the way of the field's own engine: a
blank is no number, is not less than anything, and is not equal to anything but ''.

Narrowing never loses a possible answer. Where a shape cannot say what follows, it stays.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TypeAlias

_NUMBER = re.compile(r"\s*-?(\d+(\.\d*)?|\.\d+)\s*")

Constant: TypeAlias = str | float
OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def number_in(text: str) -> float:
    """The number that a text is, or NaN.

    >>> number_in("3"), number_in(" -0.5 "), number_in("3 km")
    (3.0, -0.5, nan)
    """
    return float(text) if _NUMBER.fullmatch(text) else math.nan


def holds(left: Constant, operator: str, right: Constant) -> bool:  # noqa: PLR0911 - one for each
    """Whether a comparison of two values holds, as JavaRosa works it out.

    >>> holds("", "!=", "a"), holds("", "<", 3.0), holds("01", "=", 1.0), holds("01", "=", "1")
    (True, False, True, False)
    """
    if operator in ("=", "!=") and isinstance(left, str) and isinstance(right, str):
        return (left == right) is (operator == "=")
    a = number_in(left) if isinstance(left, str) else left
    b = number_in(right) if isinstance(right, str) else right
    match operator:
        case "=":
            return a == b
        case "!=":
            return a != b
        case "<":
            return a < b
        case "<=":
            return a <= b
        case ">":
            return a > b
        case _:
            return a >= b


@dataclass(frozen=True)
class Words:
    """Some texts, or (`but`) every text except some. A blank is the text ''."""

    words: frozenset[str]
    but: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing is left."""
        return not self.but and not self.words

    @property
    def blank(self) -> bool:
        """Whether it may be blank."""
        return ("" in self.words) is not self.but

    def compared(self, operator: str, constant: Constant, *, holding: bool) -> Words:
        """Those for which a comparison holds, or does not hold."""
        if not self.but:
            return Words(
                frozenset(w for w in self.words if holds(w, operator, constant) is holding)
            )
        operator, holding = ("=", not holding) if operator == "!=" else (operator, holding)
        if operator == "=" and isinstance(constant, str):
            one = frozenset({constant})
            return (Words(one - self.words)) if holding else Words(self.words | one, but=True)
        return Words(self.words | {""}, but=True) if holding else self

    def chosen(self, code: str, *, holding: bool) -> Words:
        """Those that hold a code, or do not hold it, as ``selected()`` reads them."""
        if not self.but:
            return Words(frozenset(w for w in self.words if (code in w.split()) is holding))
        return Words(self.words | {""}, but=True) if holding and code else self

    def true(self, *, holding: bool) -> Words:
        """Those that count as true by themselves: all but the blank."""
        return self.compared("!=", "", holding=holding)

    def meet(self, other: Words) -> Words:
        """What is in both."""
        match self.but, other.but:
            case False, False:
                return Words(self.words & other.words)
            case False, True:
                return Words(self.words - other.words)
            case True, False:
                return Words(other.words - self.words)
            case _:
                return Words(self.words | other.words, but=True)

    def join(self, other: Words) -> Words:
        """What is in either: exactly."""
        match self.but, other.but:
            case False, False:
                return Words(self.words | other.words)
            case False, True:
                return Words(other.words - self.words, but=True)
            case True, False:
                return Words(self.words - other.words, but=True)
            case _:
                return Words(self.words & other.words, but=True)


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of numbers, its ends taken in or left out (`open`)."""

    low: float = -math.inf
    low_open: bool = False
    high: float = math.inf
    high_open: bool = False

    @property
    def empty(self) -> bool:
        """Whether no number lies in it."""
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def meet(self, other: Span) -> Span:
        """What lies in both."""
        low, low_open = max((self.low, self.low_open), (other.low, other.low_open))
        high, high_open = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Span(low, low_open, high, not high_open)

    def whole(self) -> Span:
        """As far as whole numbers lie in it."""
        low, high = self.low, self.high
        if math.isfinite(low):
            low = math.floor(low) + 1.0 if self.low_open else float(math.ceil(low))
        if math.isfinite(high):
            high = math.ceil(high) - 1.0 if self.high_open else float(math.floor(high))
        return Span(low, False, high, False)


EVERY = Span()


def _spans(operator: str, at: float) -> tuple[Span, ...]:
    match operator:
        case "=":
            return (Span(at, False, at, False),)
        case "!=":
            return (Span(high=at, high_open=True), Span(low=at, low_open=True))
        case "<":
            return (Span(high=at, high_open=True),)
        case "<=":
            return (Span(high=at),)
        case ">":
            return (Span(low=at, low_open=True),)
        case _:
            return (Span(low=at),)


@dataclass(frozen=True)
class Numbers:
    """Stretches of numbers, and perhaps a blank. `whole` where only whole numbers can be given.

    `formal` marks what the form worked out by arithmetic, whose blank is not '' but no number.
    """

    spans: tuple[Span, ...] = (EVERY,)
    blank: bool = True
    whole: bool = False
    formal: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing is left."""
        return not self.blank and not self.spans

    def compared(self, operator: str, constant: Constant, *, holding: bool) -> Numbers:
        """Those for which a comparison holds, or does not hold."""
        if isinstance(constant, str):
            return self._with_text(operator, constant, holding=holding)
        blank = self.blank and (operator == "!=") is holding
        if operator not in ("=", "!="):
            blank = self.blank and not holding
        return replace(
            self._within(_spans(operator if holding else OPPOSITE[operator], constant)),
            blank=blank,
        )

    def _with_text(self, operator: str, text: str, *, holding: bool) -> Numbers:
        if text == "" and operator in ("=", "!="):
            if self.formal:
                return self
            wanted_blank = (operator == "=") is holding
            return replace(self, spans=()) if wanted_blank else replace(self, blank=False)
        at = number_in(text)
        if not math.isnan(at):
            plain = f"{at:.0f}" if at == int(at) else repr(at)
            if text == plain:
                return self.compared(operator, at, holding=holding)
            return self
        never = operator != "!="
        return self if never is not holding else replace(self, spans=(), blank=False)

    def _within(self, others: tuple[Span, ...]) -> Numbers:
        met = [mine.meet(other) for mine in self.spans for other in others]
        if self.whole:
            met = [each.whole() for each in met]
        return replace(self, spans=_tidy([each for each in met if not each.empty]))

    def true(self, *, holding: bool) -> Numbers:
        """Those that count as true by themselves: neither 0 nor blank."""
        found = self._within(_spans("!=" if holding else "=", 0.0))
        return replace(found, blank=self.blank and not holding)

    def meet(self, other: Numbers) -> Numbers:
        """What is in both."""
        return replace(self._within(other.spans), blank=self.blank and other.blank)

    def join(self, other: Numbers) -> Numbers:
        """What is in either: exactly."""
        return replace(
            self,
            spans=_tidy([*self.spans, *other.spans]),
            blank=self.blank or other.blank,
        )


def _tidy(spans: list[Span]) -> tuple[Span, ...]:
    """The same numbers with stretches that touch made one."""
    found: list[Span] = []
    for each in sorted(spans, key=lambda span: (span.low, span.low_open)):
        last = found[-1] if found else None
        if last is not None and (
            each.low < last.high
            or (each.low == last.high and not (each.low_open and last.high_open))
        ):
            high, shut = max((last.high, not last.high_open), (each.high, not each.high_open))
            found[-1] = Span(last.low, last.low_open, high, not shut)
        else:
            found.append(each)
    return tuple(found)


@dataclass(frozen=True)
class Several:
    """Codes of a list, several at once; none at all is a blank. `codes` None: any code."""

    codes: frozenset[str] | None
    must: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    fewest: float = 0
    most: float = math.inf

    @property
    def empty(self) -> bool:
        """Whether nothing is left."""
        if self.must & self.never or self.fewest > self.most or len(self.must) > self.most:
            return True
        if self.codes is None:
            return False
        return not self.must <= self.codes or len(self.codes - self.never) < self.fewest

    @property
    def blank(self) -> bool:
        """Whether none at all may be chosen."""
        return not self.must and self.fewest <= 0

    def compared(self, operator: str, constant: Constant, *, holding: bool) -> Several:
        """Those for which a comparison with the codes joined by spaces holds, or does not."""
        if operator in ("=", "!="):
            alike = (operator == "=") is holding
            if constant == "":
                return self.counted("=" if alike else ">", 0)
            if not alike:
                return self
            if isinstance(constant, str):
                words = frozenset(constant.split())
                return replace(
                    self, must=self.must | words, fewest=max(self.fewest, len(words))
                ).counted("<=", len(words))
            return self.counted(">", 0)
        return self.counted(">", 0) if holding else self

    def counted(self, operator: str, count: float, *, holding: bool = True) -> Several:
        """Those of which so many are chosen."""
        operator = operator if holding else OPPOSITE[operator]
        if operator == "!=":
            if count == self.fewest:
                return replace(self, fewest=self.fewest + 1)
            return replace(self, most=self.most - 1) if count == self.most else self
        (span,) = _spans(operator, count)
        span = span.whole()
        return replace(self, fewest=max(self.fewest, span.low), most=min(self.most, span.high))

    def chosen(self, code: str, *, holding: bool) -> Several:
        """Those among which a code is, or is not."""
        if holding:
            return replace(self, must=self.must | {code})
        return replace(self, never=self.never | {code})

    def true(self, *, holding: bool) -> Several:
        """Those that count as true by themselves: anything chosen."""
        return self.counted(">" if holding else "=", 0)

    def meet(self, other: Several) -> Several:
        """What is in both."""
        codes = self.codes
        if other.codes is not None:
            codes = other.codes if codes is None else codes & other.codes
        return Several(
            codes,
            self.must | other.must,
            self.never | other.never,
            max(self.fewest, other.fewest),
            min(self.most, other.most),
        )


Values: TypeAlias = Words | Numbers | Several


def met(one: Values, other: Values) -> Values:
    """What is in both; the first, where the two are of different shapes."""
    match one, other:
        case (Words(), Words()):
            return one.meet(other)
        case (Numbers(), Numbers()):
            return one.meet(other)
        case (Several(), Several()):
            return one.meet(other)
        case _:
            return one


def joined(one: Values, other: Values) -> Values | None:
    """What is in either, where that can be said exactly; else None."""
    match one, other:
        case (Words(), Words()):
            return one.join(other)
        case (Numbers(), Numbers()):
            return one.join(other)
        case _:
            return one if one == other else None
