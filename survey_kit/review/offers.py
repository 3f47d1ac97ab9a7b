"""Which choices a filter can offer at all: its columns put in, the rest left to proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.questionnaire.expression import Call, Negative, Operation, Path, Text, walk

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
