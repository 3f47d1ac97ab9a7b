"""The functions of an expression that work on texts and on several choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import contains
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from survey_kit.errors import CannotEvaluate
from survey_kit.responses.logic.pattern import matcher
from survey_kit.responses.logic.value import (
    Texts,
    Value,
    as_numbers,
    as_texts,
    constant,
    measured,
    of_numbers,
    of_texts,
    of_truths,
    over_texts,
    whether,
    written,
)

Arguments: TypeAlias = Sequence[Value]
Body: TypeAlias = Callable[[Arguments], Value]

LONGEST = 1_000_000
"""Letters of a text that is put together; a form can double a text again and again."""
_JAVA_SPACES = "".join(map(chr, range(33)))


def selected(arguments: Arguments) -> Value:
    """Whether a choice is among several, joined by spaces (XPathFuncExpr.multiSelected)."""
    answers, choices = as_texts(arguments[0]), as_texts(arguments[1])
    if len(choices.words) == 1:
        choice = str(choices.words[0]).strip(_JAVA_SPACES)
        if choice and " " not in choice:
            holding = np.zeros(len(answers.words), dtype=np.bool_)
            holding[answers.chosen.get(choice, [])] = True
            return of_truths(answers.where(holding))
    return of_truths(whether(_selected, answers, choices))


def _selected(answer: str, choice: str) -> bool:
    return f" {choice.strip(_JAVA_SPACES)} " in f" {answer} "


def _chosen(answer: str) -> list[str]:
    return [choice for choice in answer.split(" ") if choice]


def _selected_at(arguments: Arguments) -> Value:
    def pick(answer: str, position: str) -> str:
        chosen, place = _chosen(answer), int(position)
        return chosen[place] if 0 <= place < len(chosen) else ""

    return of_texts(over_texts(pick, as_texts(arguments[0]), _whole_numbers(arguments[1])))


def _whole_numbers(value: Value) -> Texts:
    """Each row as the text of a whole number; what is no number is 0, as in Java's intValue."""
    numbers, limit = as_numbers(value), 2.0**31
    clipped = np.clip(np.nan_to_num(numbers, nan=0.0), -limit, limit - 1)
    return written(clipped, lambda number: str(int(number))) if len(clipped) else constant("0")


def _substr(arguments: Arguments) -> Value:
    def cut(text: str, *ends: str) -> str:
        units = text.encode("utf-16-le")
        length = len(units) // 2
        start, end = int(ends[0]), int(ends[1]) if len(ends) > 1 else length
        start, end = (place + length if place < 0 else place for place in (start, end))
        start, end = (min(max(0, place), length) for place in (start, end))
        part = units[2 * start : 2 * end].decode("utf-16-le", errors="surrogatepass")
        return part.encode(errors="replace").decode()

    ends = [_whole_numbers(each) for each in arguments[1:]]
    return of_texts(over_texts(cut, as_texts(arguments[0]), *ends))


def _before(text: str, part: str) -> str:
    return text.split(part, maxsplit=1)[0] if part and part in text else ""


def _after(text: str, part: str) -> str:
    if not part:
        return text
    return text.split(part, maxsplit=1)[1] if part in text else ""


def _translate(text: str, old: str, new: str) -> str:
    table: dict[int, str | None] = {}
    for place, character in enumerate(old):
        table.setdefault(ord(character), new[place] if place < len(new) else None)
    return text.translate(table)


def _normalize_space(text: str) -> str:
    return " ".join(part for part in text.translate(_SPACES).split(" ") if part)


_SPACES = {ord(each): " " for each in "\t\n\x0b\f\r"}


def joined(separator: Texts, texts: Sequence[Texts]) -> Value:
    """Texts one after the other with a separator between them."""

    def join(between: str, *parts: str) -> str:
        if sum(map(len, parts)) + len(between) * len(parts) > LONGEST:
            raise CannotEvaluate(
                "concat() or join()",
                f"the text becomes longer than {LONGEST:,} letters, which no phone could hold",
                "Put fewer texts together, or check whether a text is put together with itself",
            )
        return between.join(parts)

    return of_texts(over_texts(join, separator, *texts))


def _join(arguments: Arguments) -> Value:
    first, *rest = [as_texts(each) for each in arguments]
    return joined(first, rest)


def _concat(arguments: Arguments) -> Value:
    return joined(constant(""), [as_texts(each) for each in arguments])


def _matches(text: str, pattern: str) -> bool:
    return matcher(pattern)(text)


def _count(answer: str) -> int:
    return len(_chosen(answer))


def _says_true(text: str) -> bool:
    return text.lower() == "true" or text == "1"


def _text(work: Callable[..., str]) -> Body:
    return lambda arguments: of_texts(over_texts(work, *map(as_texts, arguments)))


def _truth(work: Callable[..., bool]) -> Body:
    return lambda arguments: of_truths(whether(work, *map(as_texts, arguments)))


def _number(work: Callable[..., float]) -> Body:
    return lambda arguments: of_numbers(measured(work, *map(as_texts, arguments)))


def _length(text: str) -> int:
    """Letters as Java counts them: those beyond U+FFFF, such as Hanifi Rohingya, twice."""
    return len(text.encode("utf-16-le")) // 2


TEXT_FUNCTIONS: Mapping[str, Body] = MappingProxyType(
    {
        "selected": selected,
        "is-selected": selected,
        "count-selected": _number(_count),
        "selected-at": _selected_at,
        "string": lambda arguments: of_texts(as_texts(arguments[0])),
        "concat": _concat,
        "join": _join,
        "contains": _truth(contains),
        "starts-with": _truth(str.startswith),
        "ends-with": _truth(str.endswith),
        "substr": _substr,
        "substring-before": _text(_before),
        "substring-after": _text(_after),
        "translate": _text(_translate),
        "normalize-space": _text(_normalize_space),
        "string-length": _number(_length),
        "boolean-from-string": _truth(_says_true),
        "regex": _truth(_matches),
    }
)
