"""What a questionnaire may say, and hardly means: remarks, where a contradiction is a fault.

A form with remarks is read, built and run like any other; forms of others are full of them.
But a code that no list has makes a question that nobody is ever asked, without a word, and
the one who wrote the form should hear of it before the first interview.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import get_close_matches
from typing import TYPE_CHECKING

from survey_kit.errors import Fault
from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Number,
    Operation,
    Path,
    Text,
    This,
    walk,
)
from survey_kit.questionnaire.faults import Faults
from survey_kit.questionnaire.model import Place, Question, nothing
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.words import is_name, meant
from survey_kit.questionnaire.yaml_keys import CHOICE, QUESTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.expression import Node as Part
    from survey_kit.questionnaire.model import Choice, Questionnaire, Texts

_NOWHERE = Place("questionnaire")
_NEAR = 0.8
_COLUMNS = tuple(
    sorted({*QUESTION, "label", "repeat_count"} - {"extra", "name", "type", "default"})
)


def remarks(questionnaire: Questionnaire) -> tuple[Fault, ...]:
    """Each with its place and what to do about it, in the order of the interview.

    - a code in an expression that the list of its question does not have
    - a name in an expression that leads nowhere, for want of ``${ }``
    - a pattern that cannot be read
    - a column that is nearly one that means something
    - a question without a text, and a language in which texts are missing
    """
    return _Reader(questionnaire).all()


class _Reader:
    def __init__(self, questionnaire: Questionnaire) -> None:
        self._whole = questionnaire
        self._found = Faults()
        self._codes: dict[str, tuple[str, ...]] = {}
        for item in questionnaire.items:
            question = item.question
            if question.choices and question.choices in questionnaire.lists:
                codes = questionnaire.lists[question.choices].codes
                self._codes[question.name] = (*self._codes.get(question.name, ()), *codes)

    def all(self) -> tuple[Fault, ...]:
        self._columns()
        for place, thing, expression, this in self._expressions():
            for part in walk(expression.tree):
                self._code(part, place, thing, this)
                self._pattern(part, place, thing)
            if not thing.endswith("choice_filter"):
                self._names(expression, place, thing)
        self._texts()
        return self._found.all

    def _expressions(self) -> Iterator[tuple[Place, str, Expression, str]]:
        """Place, thing, expression, and the question that a full stop in it means."""
        seen: set[int] = set()
        for item in self._whole.items:
            question = item.question
            place, thing = question.source or _NOWHERE, f"question '{question.name}'"
            for gate in item.gates:
                if id(gate) not in seen:
                    seen.add(id(gate))
                    yield place, f"{thing}, the group around it", gate, ""
            for key in ("relevant", "constraint", "required", "calculation", "choice_filter"):
                expression: Expression | None = getattr(question, key)
                if expression is not None:
                    yield place, f"{thing}, {key}", expression, question.name
        for each in self._whole.derived:
            place, thing = each.source or _NOWHERE, f"derived variable '{each.name}'"
            if each.base is not None:
                yield place, f"{thing}, base", each.base, ""
            for case in each.cases:
                yield place, f"{thing}, case '{case.code}'", case.when, ""

    def _code(self, part: Part, place: Place, thing: str, this: str) -> None:
        match part:
            case Operation("=" | "!=", Answer() | This() as asked, Text() | Number() as code):
                pass
            case Operation("=" | "!=", Text() | Number() as code, Answer() | This() as asked):
                pass
            case Call("selected", (Answer() | This() as asked, Text() | Number() as code)):
                pass
            case _:
                return
        name = asked.name if isinstance(asked, Answer) else this
        text = code.value if isinstance(code, Text) else f"{code.value:g}"
        codes = self._codes.get(name)
        if codes is None or not text or text in codes:
            return
        if isinstance(code, Number) and any(_number(each) == code.value for each in codes):
            return
        known = ", ".join(codes[:9]) + (", ..." if len(codes) > 9 else "")  # noqa: PLR2004
        self._found.add(
            place,
            thing,
            f"'{text}' is no choice of '{name}'",
            meant(text, codes, otherwise=f"Its codes are {known}"),
        )

    def _pattern(self, part: Part, place: Place, thing: str) -> None:
        match part:
            case Call("regex", (_, Text(pattern))):
                try:
                    re.compile(pattern)
                except re.error:
                    self._found.add(
                        place, thing, "the pattern of regex() cannot be read", "Check its brackets"
                    )
            case _:
                pass

    def _names(self, expression: Expression, place: Place, thing: str) -> None:
        inside = {
            id(each)
            for part in walk(expression.tree)
            if isinstance(part, Path)
            for within in part.inside
            for each in walk(within)
        }
        for part in walk(expression.tree):
            if isinstance(part, Path) and is_name(part.text) and id(part) not in inside:
                remedy = (
                    f"Write ${{{part.text}}} for the answer to it, or '{part.text}' for the word"
                )
                if part is expression.tree:
                    remedy = "Write yes or no, or an expression"
                self._found.add(place, thing, f"'{part.text}' leads to nothing", remedy)

    def _columns(self) -> None:
        """Columns of another name, once each, where they first hold anything."""
        seen: set[str] = set()
        for item in self._whole.items:
            question = item.question
            for column in question.extra:
                self._column(column, _COLUMNS, question.source, "", seen)
        for choices in self._whole.lists.values():
            for choice in choices.choices:
                thing = f"list '{choices.name}', choice '{choice.code}'"
                for column in choice.columns:
                    self._column(column, CHOICE, choice.source, thing, seen)

    def _column(
        self,
        column: str,
        known: tuple[str, ...],
        place: Place | None,
        thing: str,
        seen: set[str],
    ) -> None:
        word = column.partition(":")[0].strip().casefold().replace(" ", "_")
        near = get_close_matches(word, known, n=1, cutoff=_NEAR)
        if near and word not in known and column not in seen:
            seen.add(column)
            self._found.add(
                place or _NOWHERE,
                thing,
                f"nothing is done with the column '{column}'",
                f"Did you mean '{near[0]}'?",
            )

    def _texts(self) -> None:
        """One remark a question without a text, and one a language that lacks some."""
        lacking: Counter[str] = Counter()
        first: dict[str, Place] = {}
        for place, thing, texts in self._spoken():
            if not texts:
                self._found.add(place, thing, "it has no text", "Give it a label")
                continue
            for code in self._whole.languages:
                if code not in texts:
                    lacking[code] += 1
                    first.setdefault(code, place)
        for code, number in lacking.items():
            name = self._whole.languages[code]
            self._found.add(
                first[code],
                f"language '{code}'",
                f"{number} {'label is' if number == 1 else 'labels are'} not in {name}, from here on",
                "Translate what people are to read in it",
            )

    def _spoken(self) -> Iterator[tuple[Place, str, Texts]]:
        """Everything that is read out: its label, or that which stands for one."""
        for item in self._whole.items:
            question = item.question
            shown = question.type.asked and not _is_filled_in(question)
            if shown and question.type.storage is not Storage.FILE:
                texts = question.label or question.hint or _media(question)
                yield question.source or _NOWHERE, f"question '{question.name}'", texts
        for choices in self._whole.lists.values():
            for choice in choices.choices:
                thing = f"list '{choices.name}', choice '{choice.code}'"
                yield choice.source or _NOWHERE, thing, choice.label or _media(choice)


def _is_filled_in(question: Question) -> bool:
    return question.calculation is not None or "hidden" in (question.appearance or "")


def _media(thing: Question | Choice) -> Texts:
    return next(iter(thing.media.values()), nothing())


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
