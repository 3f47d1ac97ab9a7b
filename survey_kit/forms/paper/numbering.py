"""The numbers of a paper questionnaire: Q1, Q2 for what is asked, C1 for what is worked out.

A number belongs to a question in every language, so two interviews on paper speak of the
same Q12. What the form fills in by itself has no number, except calculations on which a
condition depends: somebody must work them out on paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from survey_kit.questionnaire.expression import Answer, Expression, Node, Path, walk
from survey_kit.questionnaire.model import Question, Questionnaire
from survey_kit.questionnaire.phrases import Phrases
from survey_kit.questionnaire.question_type import Storage


@dataclass(frozen=True, eq=False)
class Numbering:
    """The numbers of one questionnaire. `asked` and `worked_out`: key -> running number."""

    questionnaire: Questionnaire
    asked: Mapping[str, int]
    worked_out: Mapping[str, int]

    def called(self, key: str, phrases: Phrases) -> str:
        """What a question is called on paper; empty where it has no number."""
        if key in self.asked:
            return phrases("question", number=self.asked[key])
        if key in self.worked_out:
            return phrases("worked_out", number=self.worked_out[key])
        return ""

    def naming(self, phrases: Phrases) -> Mapping[str, str]:
        """Key -> what it is called, of everything that has a number."""
        return {key: self.called(key, phrases) for key in (*self.asked, *self.worked_out)}

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Key -> position in the order of the interview."""
        return {item.key: position for position, item in enumerate(self.questionnaire.items)}


def number(questionnaire: Questionnaire) -> Numbering:
    """Number what is asked in order, and the calculations that steer the interview."""
    steering = _steering(questionnaire)
    asked: dict[str, int] = {}
    worked_out: dict[str, int] = {}
    for item in questionnaire.items:
        if is_printed(item.question):
            asked[item.key] = len(asked) + 1
        elif item.key in steering and item.question.calculation is not None:
            worked_out[item.key] = len(worked_out) + 1
    return Numbering(questionnaire, MappingProxyType(asked), MappingProxyType(worked_out))


def is_note(question: Question) -> bool:
    """Whether a question is only read out or shown."""
    shown = question.type.storage is Storage.NOTHING or _is_header(question)
    return question.type.asked and shown


def _is_header(question: Question) -> bool:
    """Whether a select only shows the labels over a grid (its appearance is ``label``)."""
    return question.type.takes_choices and (question.appearance or "").split()[:1] == ["label"]


def is_printed(question: Question) -> bool:
    """Whether a question is asked on paper: of people, and not filled in by the form."""
    hidden = "hidden" in (question.appearance or "").split()
    filled = question.calculation is not None and (question.read_only or not question.label)
    return (
        question.type.asked
        and question.type.storage is not Storage.NOTHING
        and not (hidden or filled or _is_header(question))
    )


def _steering(questionnaire: Questionnaire) -> frozenset[str]:
    """Keys of what a condition, a rule or a count depends on, directly or through calculations."""
    waiting = [name for tree in _conditions(questionnaire) for name in _names(tree)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        item = questionnaire.by_key.get(name)
        if item is not None and item.question.calculation is not None:
            waiting += _names(item.question.calculation.tree)
    return frozenset(found)


def _conditions(questionnaire: Questionnaire) -> Iterator[Node]:
    seen: set[int] = set()
    for item in questionnaire.items:
        question = item.question
        if not is_printed(question) and not is_note(question):
            continue
        every: tuple[Expression | None, ...] = (
            *item.gates,
            question.relevant,
            question.constraint,
            question.choice_filter,
        )
        for expression in every:
            if expression is not None and id(expression) not in seen:
                seen.add(id(expression))
                yield expression.tree
    for repeat, _, _ in questionnaire.repeats.values():
        if repeat.count is not None:
            yield repeat.count.tree


def _names(tree: Node) -> list[str]:
    names: list[str] = []
    for node in walk(tree):
        match node:
            case Answer(name):
                names.append(name)
            case Path(text, _) if "/" in text:
                names.append(text.rsplit("/", maxsplit=1)[-1])
            case _:
                pass
    return names
