"""Choice filters on paper: what can never be offered, under which answer a choice stands.

A filter is looked at with the columns of one choice known and every answer unknown (Kleene's
logic, as in skips.py). What it then certainly leaves out is not printed; what depends on one
answer alone stands under that answer; for anything else the columns are printed with each choice,
so that the sentence which names them can be followed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from survey_kit.forms.paper.skips import COLUMN, holds
from survey_kit.questionnaire.expression import (
    Answer,
    Call,
    Expression,
    Node,
    Operation,
    Path,
    Text,
    walk,
)
from survey_kit.questionnaire.model import Choice, Question, Questionnaire, Texts


def verdicts(question: Question, choices: Sequence[Choice]) -> list[bool | None]:
    """Of each choice whether it is offered: to everybody, to nobody (False), or that depends."""
    if question.choice_filter is None:
        return [True] * len(choices)
    columns = {column for choice in choices for column in choice.columns}
    found: list[bool | None] = []
    for choice in choices:
        known = {f"{COLUMN}{column}": choice.columns.get(column, "") for column in columns}
        known[f"{COLUMN}name"] = choice.code
        found.append(holds(question.choice_filter.tree, known))
    return found


def offered_to_anybody(question: Question, choices: Sequence[Choice]) -> list[Choice]:
    """The choices that a question's filter leaves in for somebody; all where it would be none."""
    told = zip(choices, verdicts(question, choices), strict=True)
    return [choice for choice, verdict in told if verdict is not False] or list(choices)


def always_offered(choice_filter: Expression | None, column: str) -> frozenset[str]:
    """The values of a column that a filter takes whatever was answered: ``or country = 'any'``."""
    parts = chain(choice_filter.tree, "or") if choice_filter is not None else []
    found: set[str] = set()
    for part in parts:
        match part:
            case Operation("=", Path(name, ()), Text(value)) if name == column:
                found.add(value)
            case _:
                pass
    return frozenset(found)


def column_and_question(choice_filter: Expression | None) -> tuple[str, str] | None:
    """The column and the question of a filter such as ``country = ${country}``; else None."""
    if choice_filter is None:
        return None
    columns: set[str] = set()
    names: set[str] = set()
    for part in chain(choice_filter.tree, "or"):
        match part:
            case (
                Operation("=", Path(column, ()), Answer(name))
                | Operation("=", Answer(name), Path(column, ()))
                | Call("selected", (Answer(name), Path(column, ())))
            ):
                columns.add(column)
                names.add(name)
            case Operation("=", Path(column, ()), Text(_)):
                columns.add(column)
            case _:
                return None
    if len(columns) != 1 or len(names) != 1 or columns == {"name"}:
        return None
    column, name = *columns, *names
    return (column, name) if re.fullmatch(r"[\w\-]+", column) else None


def columns_to_show(question: Question, whole: Questionnaire) -> Mapping[str, Mapping[str, Texts]]:
    """The columns that a filter asks about.

    Column -> value -> label of the answer that it is held against, where it is one.
    """
    choice_filter = question.choice_filter
    if choice_filter is None:
        return {}
    found: dict[str, dict[str, Texts]] = {
        node.text: {}
        for node in walk(choice_filter.tree)
        if isinstance(node, Path) and _is_column(node) and node.text != "name"
    }
    for node in walk(choice_filter.tree):
        match node:
            case (
                Operation("=" | "!=", Path(column, ()), Answer(name))
                | Operation("=" | "!=", Answer(name), Path(column, ()))
                | Call("selected", (Answer(name), Path(column, ())))
            ) if column in found and name in whole.by_key:
                labels = whole.choices(whole.by_key[name].question)
                found[column].update({choice.code: choice.label for choice in labels})
            case _:
                pass
    return found


def _is_column(path: Path) -> bool:
    return re.fullmatch(r"[\w\-]+", path.text) is not None


def chain(node: Node, operator: str) -> list[Node]:
    """The operands of a chain of one operator; the node alone where it is none."""
    parts: list[Node] = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, Operation) and current.operator == operator:
            waiting += (current.right, current.left)
        else:
            parts.append(current)
    return parts
