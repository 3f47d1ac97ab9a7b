"""Which choices a filter can offer at all: its columns put in, the rest left to proof."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Negative,
    Operation,
    Path,
    Text,
    walk,
)
from survey_kit.review.possible_values import Constant, holds
from survey_kit.review.trees import constant, flat
from survey_kit.review.worlds import ANYTHING

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Node as Part
    from survey_kit.questionnaire.model import Choice, Question
    from survey_kit.review.reviewed import Located, Reviewed

MOST_KINDS = 4_000
"""Choices that differ in what a filter looks at; of longer lists nothing is said."""


def never_offered(reviewed: Reviewed, located: Located, question: Question) -> tuple[Choice, ...]:
    """The choices of a question that its filter lets nobody choose, proven so."""
    choices = reviewed.whole.choices(question)
    if question.choice_filter is None:
        return ()
    tree = question.choice_filter.tree
    columns = sorted({part.text for part in walk(tree) if isinstance(part, Path)})
    if not columns or any(part.inside for part in walk(tree) if isinstance(part, Path)):
        return ()
    worlds = reviewed.reasoner.reach(located)
    kinds = {tuple(_cell(choice, column) for column in columns) for choice in choices}
    if len(kinds) > MOST_KINDS or not worlds:
        return ()
    lost = {
        kind
        for kind in kinds
        if not reviewed.reasoner.narrowed(
            worlds, with_columns(tree, dict(zip(columns, kind, strict=True))), located
        )
    }
    return tuple(
        choice for choice in choices if tuple(_cell(choice, column) for column in columns) in lost
    )


def left_out(reviewed: Reviewed, located: Located, question: Question, choice: Choice) -> bool:
    """Whether the filter means to leave a choice out: it names it, or needs no answer to say no."""
    if question.choice_filter is None:
        return False
    tree = question.choice_filter.tree
    held = {choice.code, *choice.columns.values()}
    if any(holds(cell, "=", value) for cell in held for value in _unwanted(tree)):
        return True
    cells = {part.text: _cell(choice, part.text) for part in walk(tree) if isinstance(part, Path)}
    return any(
        not any(isinstance(each, Answer) for each in walk(part))
        and not reviewed.reasoner.narrowed(ANYTHING, with_columns(part, cells), located)
        for part in flat(tree, "and")
    )


def _unwanted(tree: Part) -> Iterator[Constant]:
    """What a filter says is not to be: the constants after != and within not()."""
    for part in walk(tree):
        match part:
            case Operation("!=", left, right):
                within = [left, right]
            case Call("not", (inner,)):
                within = list(walk(inner))
            case _:
                continue
        for each in within:
            value = constant(each)
            if value is not None and value != "":
                yield value


def _cell(choice: Choice, column: str) -> str:
    return choice.code if column == "name" else choice.columns.get(column, "")


def with_columns(tree: Part, cells: dict[str, str]) -> Part:
    """A filter as it stands for one choice: its columns replaced by what is in them."""
    match tree:
        case Path(text, ()) if text in cells:
            return Text(cells[text])
        case Operation(operator):
            first, *others = (with_columns(each, cells) for each in _chained(tree))
            for each in others:
                first = Operation(operator, first, each)
            return first
        case Negative(operand):
            return Negative(with_columns(operand, cells))
        case Call(function, arguments):
            return Call(function, tuple(with_columns(each, cells) for each in arguments))
        case _:
            return tree


def _chained(tree: Operation) -> list[Part]:
    """The operands of a chain of one operator to the left, however long."""
    found: list[Part] = []
    current: Part = tree
    while isinstance(current, Operation) and current.operator == tree.operator:
        found.append(current.right)
        current = current.left
    return [current, *reversed(found)]
