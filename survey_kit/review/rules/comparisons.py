"""Comparisons of the wrong kind: text with number, several answers with one, days with text."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import Answer, Call, Number, Operation, Text, This, walk
from survey_kit.questionnaire.question_type import Storage
from survey_kit.review.possible_values import MIRRORED, number_in
from survey_kit.review.rule import Notice, Rule, Severity, Spot
from survey_kit.review.trees import day_number

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Node as Part
    from survey_kit.questionnaire.model import Question
    from survey_kit.review.reviewed import Reviewed, Written

_NUMBERS = (Storage.INTEGER, Storage.DECIMAL)
_DAYS = (Storage.DATE, Storage.DATETIME)


def _comparisons(reviewed: Reviewed) -> Iterator[tuple[Written, Question, str, Part, Part]]:
    """Each comparison of an answer with something else, the answer to the left."""
    for written in reviewed.written:
        for part in walk(written.expression.tree):
            if not isinstance(part, Operation) or part.operator not in MIRRORED:
                continue
            for asked, operator, other in (
                (part.left, part.operator, part.right),
                (part.right, MIRRORED[part.operator], part.left),
            ):
                question = reviewed.asked(asked, written)
                if question is not None:
                    yield written, question, operator, asked, other


def _number_with_text(reviewed: Reviewed) -> Iterator[Notice]:
    for written, question, _, _, other in _comparisons(reviewed):
        if (
            question.type.storage in _NUMBERS
            and isinstance(other, Text)
            and other.value
            and math.isnan(number_in(other.value))
        ):
            yield Notice(
                written.spot,
                f"'{question.name}' is a number, and is compared with '{other.value}'",
                "Compare it with a number, or with '' to see whether it was answered",
            )


def _text_in_order(reviewed: Reviewed) -> Iterator[Notice]:
    for written, question, operator, _, other in _comparisons(reviewed):
        if operator in ("=", "!=") or not isinstance(other, Text | Number):
            continue
        if question.calculation is not None or question.type.storage in (*_NUMBERS, *_DAYS):
            continue
        codes = reviewed.codes(question)
        if question.type.storage is Storage.CODES:
            yield Notice(
                written.spot,
                f"'{question.name}' holds several codes, and is compared by size",
                f"Compare count-selected(${{{question.name}}})",
            )
        elif codes is not None and all(math.isnan(number_in(code)) for code in codes):
            yield Notice(
                written.spot,
                f"'{question.name}' is no number, so this never holds",
                "Compare it with its codes, by = or selected()",
            )
        elif question.type.name == "text":
            yield Notice(
                written.spot,
                f"'{question.name}' is a text, and is compared by size",
                f"Make '{question.name}' an integer or a decimal",
            )


def _several_with_one(reviewed: Reviewed) -> Iterator[Notice]:
    for written, question, operator, asked, other in _comparisons(reviewed):
        if question.type.storage is not Storage.CODES or operator not in ("=", "!="):
            continue
        if isinstance(asked, This) or not isinstance(other, Text | Number):
            continue
        code = other.value if isinstance(other, Text) else f"{other.value:g}"
        if code and len(str(code).split()) == 1:
            yield Notice(
                written.spot,
                f"'{question.name}' may hold several codes, and is compared with one by "
                f"'{operator}'",
                f"Write selected(${{{question.name}}}, '{code}'), unless it must be the only one",
            )


def _day_with_text(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        for part in walk(written.expression.tree):
            if not isinstance(part, Operation) or part.operator not in ("<", "<=", ">", ">="):
                continue
            for day, other in ((part.left, part.right), (part.right, part.left)):
                if isinstance(other, Text) and other.value and _is_day(reviewed, day, written):
                    yield Notice(
                        written.spot,
                        f"a day is compared by size with the text '{other.value}', which never "
                        "holds in Collect",
                        f"Write date('{other.value}')"
                        if day_number(other.value) is not None
                        else "Write date('2026-01-31') for a fixed day",
                    )


def _is_day(reviewed: Reviewed, part: Part, written: Written) -> bool:
    match part:
        case Call("today" | "now" | "date" | "date-time"):
            return True
        case _:
            question = reviewed.asked(part, written)
            return question is not None and question.type.storage in _DAYS


def _plus_on_text(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        for part in walk(written.expression.tree):
            if not isinstance(part, Operation) or part.operator not in (
                "+",
                "-",
                "*",
                "div",
                "mod",
            ):
                continue
            for side in (part.left, part.right):
                what = _no_number(reviewed, side, written)
                if what:
                    remedy = "To join texts, write concat()" if part.operator == "+" else ""
                    yield Notice(
                        written.spot, f"{what}, and '{part.operator}' works on numbers", remedy
                    )


def _no_number(reviewed: Reviewed, part: Part, written: Written) -> str:
    if isinstance(part, Text):
        return f"'{part.value}' is a text" if math.isnan(number_in(part.value)) else ""
    question = reviewed.asked(part, written)
    if question is None or question.calculation is not None:
        return ""
    codes = reviewed.codes(question)
    if question.type.storage is Storage.CODES:
        return f"'{question.name}' holds several codes"
    if codes and all(math.isnan(number_in(code)) for code in codes):
        return f"'{question.name}' holds a code that is no number"
    return ""


def _selected_number(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        for part in walk(written.expression.tree):
            match part:
                case Call("selected" | "is-selected", (_, Number(value))):
                    yield Notice(
                        written.spot,
                        f"selected() is given the number {value:g}",
                        f"Put the code in quotes: '{value:g}'",
                    )
                case _:
                    pass


def _selected_on_one(reviewed: Reviewed) -> Iterator[Notice]:
    """One notice for the form: where it is a habit, it is one everywhere."""
    found = [written for written in reviewed.written if _selects_in_one(reviewed, written)]
    if found:
        times = "once" if len(found) == 1 else f"in {len(found)} expressions, first here"
        yield Notice(
            Spot(found[0].spot.place, found[0].spot.thing),
            f"selected() is used on questions with one answer, {times}",
        )


def _selects_in_one(reviewed: Reviewed, written: Written) -> bool:
    for part in walk(written.expression.tree):
        match part:
            case Call("selected", (Answer() | This() as asked, Text())):
                question = reviewed.asked(asked, written)
                if question is not None and question.type.name == "select_one":
                    return True
            case _:
                pass
    return False


NUMBER_WITH_TEXT = Rule(
    code="Q301",
    name="number-with-text",
    severity=Severity.ERROR,
    summary="A number compared with a text that is none",
    why="It is never equal, and with != always different.",
    remedy="Compare it with a number",
    check=_number_with_text,
)

SEVERAL_WITH_ONE = Rule(
    code="Q302",
    name="several-with-one",
    severity=Severity.WARNING,
    summary="A select_multiple compared with one code by = or !=",
    why="It holds only for those who chose this and nothing else.",
    remedy="Write selected()",
    check=_several_with_one,
)

DAY_WITH_TEXT = Rule(
    code="Q303",
    name="day-with-text",
    severity=Severity.ERROR,
    summary="A day compared by size with a quoted text",
    why="In Collect that never holds, in Enketo it does (docs/decisions/0006).",
    remedy="Write date('2026-01-31')",
    check=_day_with_text,
)

PLUS_ON_TEXT = Rule(
    code="Q304",
    name="arithmetic-on-text",
    severity=Severity.ERROR,
    summary="Arithmetic on what is no number",
    why="It comes to 'not a number': blank in Collect, NaN in Enketo.",
    remedy="Do arithmetic with numbers alone",
    check=_plus_on_text,
)

TEXT_IN_ORDER = Rule(
    code="Q316",
    name="text-by-size",
    severity=Severity.WARNING,
    summary="A text or code compared by size",
    why="Phones make a number of it first; a text that is none is neither smaller nor larger.",
    remedy="Compare numbers",
    check=_text_in_order,
)

SELECTED_NUMBER = Rule(
    code="Q317",
    name="selected-with-number",
    severity=Severity.ERROR,
    summary="selected() with a code that is not in quotes",
    why="Collect refuses a number there and stops with an error message.",
    remedy="Put the code in quotes",
    check=_selected_number,
)

SELECTED_ON_ONE = Rule(
    code="Q318",
    name="selected-on-select-one",
    severity=Severity.NOTE,
    summary="selected() on a question with one answer",
    why="It works. It only makes a reader think that several may be chosen.",
    remedy="Write ${question} = 'code'",
    check=_selected_on_one,
)
