"""Codes in expressions and defaults that the list of their question does not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Negative,
    Number,
    Operation,
    Text,
    This,
    walk,
)
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.words import meant
from survey_kit.review.offers import left_out, never_offered
from survey_kit.review.possible_values import Words, number_in
from survey_kit.review.rule import Notice, Rule, Severity

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Node as Part
    from survey_kit.questionnaire.model import Question
    from survey_kit.review.reviewed import Reviewed, Written

_FEW = 9


def _unknown_codes(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        seen: set[tuple[str, str]] = set()
        for part in walk(written.expression.tree):
            found = _code_in(part)
            if found is None:
                continue
            asked, code = found
            question = reviewed.asked(asked, written)
            text = code.value if isinstance(code, Text) else f"{code.value:g}"
            if question is None or (question.name, text) in seen:
                continue
            seen.add((question.name, text))
            yield from _unknown(reviewed, written, question, code, text)


def _code_in(part: Part) -> tuple[Answer | This, Text | Number] | None:
    """The question and the code that a comparison or selected() puts together."""
    match part:
        case Operation("=" | "!=", Answer() | This() as asked, code):
            return _with_code(asked, code)
        case Operation("=" | "!=", code, Answer() | This() as asked):
            return _with_code(asked, code)
        case Call("selected" | "is-selected", (Answer() | This() as asked, code)):
            return _with_code(asked, code)
        case Operation(
            "=" | "!=", Call("selected-at", (Answer() | This() as asked, _)), Text() as code
        ):
            return asked, code
        case _:
            return None


def _with_code(asked: Answer | This, code: Part) -> tuple[Answer | This, Text | Number] | None:
    match code:
        case Text() | Number():
            return asked, code
        case Negative(Number(value)):
            return asked, Number(-value)
        case _:
            return None


def _unknown(
    reviewed: Reviewed, written: Written, question: Question, code: Text | Number, text: str
) -> Iterator[Notice]:
    codes = reviewed.codes(question)
    if not text.strip() or text == question.default:
        return
    if codes is None:
        given = reviewed.reasoner.given(question.name, written.owner)
        if question.calculation is not None and isinstance(given, Words) and not given.but:
            words = sorted(given.words - {""})
            if text not in words and isinstance(code, Text):
                yield Notice(
                    written.spot,
                    f"the calculation '{question.name}' never comes to '{text}'",
                    meant(text, words, otherwise=f"It comes to {_some(words)}"),
                )
        return
    if text.strip() in codes or text in codes:
        return
    if isinstance(code, Number) and any(number_in(each) == code.value for each in codes):
        return
    if question.type.storage is Storage.CODES and len(text.split()) > 1:
        return
    yield Notice(
        written.spot,
        f"'{text}' is no choice of '{question.name}'",
        _remedy(reviewed, question, text, codes),
    )


def _remedy(reviewed: Reviewed, question: Question, text: str, codes: tuple[str, ...]) -> str:
    """The code that differs in case alone, that has this label, that is nearest; or all of them."""
    for each in codes:
        if each.casefold() == text.strip().casefold():
            return f"Write '{each}': capitals count"
    for choice in reviewed.whole.choices(question):
        if text.strip().casefold() in (label.strip().casefold() for label in choice.label.values()):
            return f"Write '{choice.code}': '{text}' is its label"
    return meant(text, codes, otherwise=f"Its codes are {_some(codes)}")


def _some(codes: tuple[str, ...] | list[str]) -> str:
    return ", ".join(codes[:_FEW]) + (", ..." if len(codes) > _FEW else "")


def _wrong_default(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        codes, default = reviewed.codes(question), question.default or ""
        if codes is None or not default or "${" in default or "(" in default:
            continue
        said = default.split() if question.type.storage is Storage.CODES else [default]
        for code in said:
            if code not in codes:
                yield Notice(
                    located.spot.part("default"),
                    f"'{code}' is no choice of it",
                    _remedy(reviewed, question, code, codes),
                )


def _never_offered(reviewed: Reviewed) -> Iterator[Notice]:
    for located, question in reviewed.questions:
        lost = [
            choice.code
            for choice in never_offered(reviewed, located, question)
            if not left_out(reviewed, located, question, choice)
        ]
        if not lost:
            continue
        if len(lost) == len(reviewed.whole.choices(question)):
            yield Notice(located.spot.part("choice_filter"), "it never offers any choice")
        else:
            what = f"'{lost[0]}' is" if len(lost) == 1 else f"{len(lost)} choices are"
            names = "" if len(lost) == 1 else f": {_some(lost)}"
            yield Notice(
                located.spot.part("choice_filter"),
                f"{what} never offered, whatever was answered{names}",
            )


UNKNOWN_CODE = Rule(
    code="Q201",
    name="unknown-code",
    severity=Severity.ERROR,
    summary="A code in an expression that the list of its question does not have",
    why="The comparison never holds (or, with !=, always does), without a word from any phone.",
    remedy="Write the code as the list has it",
    check=_unknown_codes,
)

WRONG_DEFAULT = Rule(
    code="Q202",
    name="unknown-default",
    severity=Severity.ERROR,
    summary="A default that is no choice of its question",
    why="It is stored where nobody changes it, and no table has a row for it.",
    remedy="Write a code of the list",
    check=_wrong_default,
)

NEVER_OFFERED = Rule(
    code="Q203",
    name="never-offered",
    severity=Severity.WARNING,
    summary="Choices that a filter never offers, whatever was answered before",
    why="A place or a person that is in the list and cannot be chosen is lost from the data.",
    remedy="Compare the column of the list with the codes of the question in the filter",
    check=_never_offered,
)
