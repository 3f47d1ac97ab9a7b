"""The numbers of a paper questionnaire: Q1 for what is asked, N1 for what is read, C1 reckoned.

A number belongs to a question in every language, so two interviews on paper speak of the
same Q12. Numbers rise in the order of the paper, which is that of the interview but for a
roster inside a roster. What the form fills in by itself has no number, except calculations on which a
condition depends: somebody must work them out on paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from types import MappingProxyType

from survey_kit.questionnaire.expression import Answer, Expression, Node, Path, walk
from survey_kit.questionnaire.model import Item, Question, Questionnaire
from survey_kit.questionnaire.phrases import Phrases
from survey_kit.questionnaire.question_type import Storage


@dataclass(frozen=True, eq=False)
class Numbering:
    """The numbers of one questionnaire. `asked`, `worked_out`, `notes`: key -> running number."""

    questionnaire: Questionnaire
    asked: Mapping[str, int]
    worked_out: Mapping[str, int]
    notes: Mapping[str, int]

    def called(self, key: str, phrases: Phrases) -> str:
        """What a question is called on paper; empty where it has no number."""
        if key in self.asked:
            return phrases("question", number=self.asked[key])
        if key in self.worked_out:
            return phrases("worked_out", number=self.worked_out[key])
        if key in self.notes:
            return phrases("note", number=self.notes[key])
        return ""

    def naming(self, phrases: Phrases) -> Mapping[str, str]:
        """Key -> what it is called, of everything that has a number and an answer."""
        return {key: self.called(key, phrases) for key in (*self.asked, *self.worked_out)}

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every item in the order of the paper."""
        return tuple(on_paper(self.questionnaire.items))

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Key -> position in the order of the paper."""
        return {item.key: position for position, item in enumerate(self.items)}


def number(questionnaire: Questionnaire) -> Numbering:
    """Number in order what is asked, what is read, and the calculations that steer the interview."""
    steering = _steering(questionnaire)
    asked: dict[str, int] = {}
    worked_out: dict[str, int] = {}
    notes: dict[str, int] = {}
    for item in on_paper(questionnaire.items):
        if is_printed(item.question):
            asked[item.key] = len(asked) + 1
        elif item.key in steering and item.question.calculation is not None:
            worked_out[item.key] = len(worked_out) + 1
        elif is_note(item.question) and (item.question.label or item.question.hint):
            notes[item.key] = len(notes) + 1
    return Numbering(
        questionnaire,
        MappingProxyType(asked),
        MappingProxyType(worked_out),
        MappingProxyType(notes),
    )


def on_paper(items: Sequence[Item], depth: int = 0) -> Iterator[Item]:
    """Items in the order of the paper: a roster inside a roster stands after it.

    `depth` is how many rosters stand around all of them.
    """
    inner: list[Item] = []
    for repeats, together in groupby(items, key=lambda item: item.repeats[: depth + 1]):
        if len(repeats) == depth:
            yield from together
        elif depth == 0:
            yield from on_paper(tuple(together), 1)
        else:
            inner += together
    for _, together in groupby(inner, key=lambda item: item.repeats[depth]):
        yield from on_paper(tuple(together), depth + 1)


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
            for tree in (item.question.calculation, item.question.relevant, *item.gates):
                waiting += _names(tree.tree) if tree is not None else []
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
